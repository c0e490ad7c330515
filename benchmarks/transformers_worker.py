"""Transformers' side of the benchmarks: loads the model once, then does what it is asked, one JSON
document per line each way, until its input ends. Ours is java/superweight/benchmarks/Worker.java.

    transformers_worker.py MODEL THREADS
"""
import json
import platform
import sys
import time

import torch
import transformers
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence

from hugging_face import load_model


def main(file, threads):
    model = load_model(file, int(threads))
    answers = {"perplexity": perplexity, "sweep": sweep, "choices": choices}
    reply(versions())
    with torch.inference_mode():
        for line in sys.stdin:
            request = json.loads(line)
            began = time.perf_counter()
            values = answers[request["ask"]](model, request)
            reply({"seconds": time.perf_counter() - began, "values": values})


def reply(document):
    print(json.dumps(document), flush=True)


def versions():
    return {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "threads": str(torch.get_num_threads()),
        "instructions": torch.backends.cpu.get_cpu_capability(),
    }


def perplexity(model, request):
    """The mean negative log-likelihood of each window, one window after the other."""
    return [window_nll(model, torch.tensor(ids)) for ids in request["windows"]]


def window_nll(model, ids):
    logits = model(ids[None], use_cache=False).logits  # [1, T, vocab]
    return cross_entropy(logits[0, :-1], ids[1:]).item()


def sweep(model, request):
    """The mean over windows for each factor, with the one weight edited in place between passes."""
    layer, row, column = map(int, request["at"].split(":"))
    weight = model.model.layers[layer].mlp.down_proj.weight  # [hidden, intermediate]
    original = weight[row, column].item()
    means = []
    for factor in request["factors"]:
        weight[row, column] = original * factor
        losses = perplexity(model, request)
        means.append(sum(losses) / len(losses))
    weight[row, column] = original
    return means


def choices(model, request):
    """The log-likelihood of every choice; the choices of one item are one batch."""
    return [score for item in request["items"] for score in item_scores(model, item)]


def item_scores(model, item):
    """As lm-evaluation-harness scores a causal model: padded at the right, which no token before it
    sees, and so without a mask. Only what is scored goes through the output projection."""
    read = [torch.tensor(choice["ids"][:-1]) for choice in item]
    hidden = model.model(pad_sequence(read, batch_first=True), use_cache=False).last_hidden_state
    scored = torch.cat(
        [
            hidden[i, len(ids) - choice["scored"] : len(ids)]
            for i, (ids, choice) in enumerate(zip(read, item))
        ]
    )  # [targets, hidden]
    targets = torch.tensor([id for choice in item for id in choice["ids"][-choice["scored"] :]])
    losses = cross_entropy(model.lm_head(scored), targets, reduction="none")  # [targets]
    return [-part.sum().item() for part in losses.split([choice["scored"] for choice in item])]


if __name__ == "__main__":
    main(*sys.argv[1:])
