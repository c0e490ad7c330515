"""llama.cpp's side of the benchmark `llama_cpp`: like transformers_worker.py, for perplexity only.
It multiplies the file's 4-bit weights by activations rounded to 8 bits, which is not the arithmetic
that the others do.

    llama_cpp_worker.py MODEL THREADS
"""
import json
import sys
import time

import llama_cpp
import numpy

LONGEST = 1024  # tokens of a window
ROWS = 128  # of logits that are turned into losses at once, so that they stay in the cache


def main(file, threads):
    model = llama_cpp.Llama(
        file,
        n_ctx=LONGEST,
        n_batch=LONGEST,
        n_threads=int(threads),
        n_threads_batch=int(threads),
        logits_all=True,
        verbose=False,
    )
    reply(
        {"llama-cpp-python": llama_cpp.__version__, "numpy": numpy.__version__, "threads": threads}
    )
    for line in sys.stdin:
        request = json.loads(line)
        began = time.perf_counter()
        values = [window_nll(model, ids) for ids in request["windows"]]
        reply({"seconds": time.perf_counter() - began, "values": values})


def reply(document):
    print(json.dumps(document), flush=True)


def window_nll(model, ids):
    model.reset()
    model.eval(ids)
    scores = model.scores[: len(ids) - 1]  # [T - 1, vocab]
    targets = numpy.asarray(ids[1:])
    return float(
        numpy.mean(
            numpy.concatenate(
                [
                    losses(scores[row : row + ROWS], targets[row : row + ROWS])
                    for row in range(0, len(targets), ROWS)
                ]
            )
        )
    )


def losses(logits, targets):
    """Cross-entropies: logits [rows, vocab] and targets [rows] to [rows]."""
    largest = logits.max(axis=1)
    normaliser = largest + numpy.log(numpy.exp(logits - largest[:, None]).sum(axis=1))
    return normaliser - logits[numpy.arange(len(targets)), targets]


if __name__ == "__main__":
    main(*sys.argv[1:])
