"""The processes that hold a model, ours and the others', two of which are compared at a time."""
from contextlib import contextmanager
from dataclasses import dataclass

from commands import MODEL, OTHERS_ENVIRONMENT, java, python
from machine import HOME
from sides import Failed, Worker


def ours(threads):
    return Worker("ours", java("Worker", "smollm2-135m", threads))


def transformers(threads):
    command = python("transformers_worker.py", MODEL, threads)
    return Worker("transformers", command, OTHERS_ENVIRONMENT)


def llama_cpp(threads):
    venv = HOME / "build/benchmarks/llama-cpp"
    if not (venv / "key").exists():
        raise Failed("llama.cpp could not be compiled; build/logs/llama-cpp.log says why")
    command = python("llama_cpp_worker.py", MODEL, threads, interpreter=venv / "bin/python")
    return Worker("llama.cpp", command, OTHERS_ENVIRONMENT)


@contextmanager
def pair(start_other, threads):
    """Yields our worker and another, each with the model loaded."""
    with ours(threads) as our_worker, start_other(threads) as other_worker:
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
