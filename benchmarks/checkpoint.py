"""Checkpoints of Llama's shape that are there for one benchmark only; llama7b.py makes them."""
import json
import shutil
from contextlib import contextmanager

from commands import python
from machine import HOME
from sides import Failed, InvalidInput, run

FOLDER = HOME / "build/benchmarks/checkpoint"
ROOM = 2**29  # that must be left when it is made


@contextmanager
def made(layers, hidden):
    """Yields a checkpoint's folder and what is known of it; whatever happens then, it is deleted.

    One that a killed run left behind goes first.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    needed, free = size(layers, hidden) + ROOM, shutil.disk_usage(HOME).free
    if free < needed:
        raise InvalidInput(
            f"the checkpoint needs {needed / 1e9:.1f} GB of free disk, but there are only"
            f" {free / 1e9:.1f} GB; --layers and --hidden make a smaller one"
        )
    # In a process of its own: its memory must not count in what is measured afterwards.
    maker = python("llama7b.py", FOLDER, "--layers", layers, "--hidden", hidden)
    try:
        done = run(maker)
        yield FOLDER, {**json.loads(done.output), "made_in_seconds": round(done.seconds, 1)}
    finally:
        shutil.rmtree(FOLDER, ignore_errors=True)


def size(layers, hidden):
    """Bytes, nearly: two matrices for the vocabulary; in a layer four square ones and three that
    are 8/3 as wide."""
    return 2 * hidden * (2 * 32_000 + 12 * layers * hidden)


def require_found(output, planted):
    """Fails unless a search found the planted super weight and nothing else."""
    places = [[weight[key] for key in ("layer", "row", "column")]
              for weight in json.loads(output)["superWeights"]]
    found = [":".join(map(str, place)) for place in places]
    if found != [planted]:
        raise Failed(f"{planted} was planted, but {' '.join(found) or 'no super weight'} was found")
