"""How our time grows: with tokens, with conditions, and with the size of the model."""
import json
import statistics
import subprocess
from functools import partial

import checkpoint
import workers
from commands import java, superweight
from comparisons import SUPER_WEIGHT
from sides import run

WINDOW = 512
WINDOWS = [1, 2, 3, 4, 5, 6, 7, 8]
CONDITIONS = [1, 2, 4, 8, 16, 32]
CONDITION_WINDOWS = 2
SHAPES = [(8, 512), (8, 1024), (16, 1024), (16, 1536), (16, 2048)]  # layers, hidden: 0.1 to 1.9 GB


def measure(options):
    rounds = options.rounds or 3
    with workers.ours(options) as ours:
        windows = ours.ask("windows", window=WINDOW, count=max(WINDOWS))["windows"]
        curves = [
            against_tokens(ours, windows, rounds),
            against_conditions(ours, windows[:CONDITION_WINDOWS], rounds),
        ]
        versions = {"ours": ours.versions}
    curves.append(against_bytes(options.threads, rounds))
    draw(curves, options.out)
    return {"versions": versions, "curves": curves}


def against_tokens(ours, windows, rounds):
    def perplexity(count):
        return ours.round("perplexity", windows=windows[:count])

    return {
        "name": "cost-tokens",
        "title": f"Perplexity of 1 to {max(WINDOWS)} windows of {WINDOW} tokens",
        "x_axis": "tokens",
        "y_axis": "seconds",
        "lines": {
            "measured": [point(n * WINDOW, partial(perplexity, n), rounds) for n in WINDOWS]
        },
    }


def against_conditions(ours, windows, rounds):
    def sweep(count):
        factors = [step / max(CONDITIONS) for step in range(count)]
        return ours.round("sweep", windows=windows, at=SUPER_WEIGHT, factors=factors)

    together = [point(n, partial(sweep, n), rounds) for n in CONDITIONS]
    alone = together[0]["y"]
    return {
        "name": "cost-conditions",
        "title": f"Perplexity of {len(windows)} windows of {WINDOW} tokens, one weight scaled",
        "x_axis": "conditions",
        "y_axis": "seconds",
        "lines": {
            "all conditions together": together,
            "as many runs of one": [{"x": n, "y": round(n * alone, 4)} for n in CONDITIONS],
        },
    }


def against_bytes(threads, rounds):
    ways = {"find": [], "find --stream": ["--stream"]}
    lines = {name: [] for name in ways}
    for layers, hidden in SHAPES:
        with checkpoint.made(layers, hidden) as (folder, facts):
            for name, way in ways.items():
                command = superweight("find", *way, "--json", "--model", folder)
                measurement = partial(
                    search, [*command, "--threads", str(threads)], facts["planted"]
                )
                lines[name].append(point(round(facts["bytes"] / 1e6), measurement, rounds))
    return {
        "name": "cost-bytes",
        "title": "Finding the super weight of a random Llama, start and loading included",
        "x_axis": "megabytes of float16 weights",
        "y_axis": "seconds",
        "lines": lines,
    }


def search(command, planted):
    done = run(command)
    checkpoint.require_found(done.output, planted)
    return done


def point(x, measurement, rounds):
    """The median of some rounds, after one that is not counted."""
    measurement()
    seconds = [round(measurement().seconds, 4) for _ in range(rounds)]
    print(f"  {x}: {statistics.median(seconds):.2f} s", flush=True)
    return {"x": x, "y": statistics.median(seconds), "seconds": seconds}


def draw(curves, folder):
    """As SVG and PNG in the one style of this project's figures, with the CSV beside them."""
    folder.mkdir(parents=True, exist_ok=True)
    command = java("CostFigures", folder)
    subprocess.run(command, input=json.dumps(curves), text=True, encoding="utf-8", check=True)
