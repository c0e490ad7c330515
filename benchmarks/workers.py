"""The processes that hold a model, ours and the others', two of which are compared at a time."""
from contextlib import contextmanager
from dataclasses import dataclass

from commands import MODEL, java, others_environment, python
from machine import HOME
from sides import Failed, Worker


def ours(options):
    return Worker("ours", java("Worker", "smollm2-135m", options.threads))


def transformers(options):
    command = python("transformers_worker.py", MODEL, options.threads)
    return Worker("transformers", command, others_environment(options.wait))


def llama_cpp(options):
    venv = HOME / "build/benchmarks/llama-cpp"
    if not (venv / "key").exists():
        raise Failed("llama.cpp could not be compiled; build/logs/llama-cpp.log says why")
    interpreter = venv / "bin/python"
    command = python("llama_cpp_worker.py", MODEL, options.threads, interpreter=interpreter)
    return Worker("llama.cpp", command, others_environment(options.wait))


@contextmanager
def pair(start_other, options):
    """Yields our worker and another, each with the model loaded."""
    with ours(options) as our_worker, start_other(options) as other_worker:
        yield Pair(our_worker, other_worker)


@dataclass(frozen=True)
class Pair:
    ours: Worker
    other: Worker

    def compare(self, comparison, our_question, other_question):
        """In every round each side is asked its question and answers with a time and values."""
        questions = [(self.ours, our_question), (self.other, other_question)]
        workers = [self.ours, self.other]
        sides = {worker.name: lambda w=worker, q=asked: w.round(**q) for worker, asked in questions}
        return {
            **comparison.measure(sides),
            "versions": {worker.name: worker.versions for worker in workers},
            "load_seconds": {worker.name: round(worker.load_seconds, 2) for worker in workers},
        }
