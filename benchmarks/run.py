"""Runs benchmarks one after the other and writes down what each gave; run.sh sets up first."""
import json
import signal
import sys

import comparisons
import cost
import machine
import memory
import options
import streaming
import tables
from sides import Failed, InvalidInput

BENCHMARKS = {
    "perplexity": comparisons.perplexity,
    "sweep": comparisons.sweep,
    "arc_easy": comparisons.arc_easy,
    "hellaswag": comparisons.hellaswag,
    "start": comparisons.start,
    "llama_cpp": comparisons.llama_cpp,
    "memory": memory.measure,
    "cost": cost.measure,
    "streaming": streaming.measure,
}


def main(asked):
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGHUP, stop)
    load = machine.load()
    codes = [attempt(name, asked, load) for name in chosen(asked)]
    if asked.out == options.RESULTS:
        tables.update()
    return max(codes, default=0)


def stop(number, _):
    """What a benchmark made for itself is removed on the way out."""
    sys.exit(128 + number)


def chosen(asked):
    if asked.names:
        return [name for name in asked.names if name in BENCHMARKS]
    if asked.data:
        return options.USUAL
    left_out = " and ".join(options.ZERO_SHOT)
    print(f"{left_out} are left out: SUPERWEIGHT_DATA names no folder with their files.")
    return [name for name in options.USUAL if name not in options.ZERO_SHOT]


def attempt(name, asked, load):
    """Runs one benchmark and returns an exit code; where it fails, an earlier result stays."""
    print(f"{name}:", flush=True)
    made = {
        "benchmark": name,
        "date": machine.now(),
        "commit": machine.commit(),
        "machine": machine.here(),
        "threads": asked.threads,
        "others_wait": asked.wait,
    }
    try:
        with machine.watch_others(load) as others:
            result = BENCHMARKS[name](asked)
    except (InvalidInput, Failed) as problem:
        print(f"{name}: {problem}", file=sys.stderr)
        return 2 if isinstance(problem, InvalidInput) else 1
    result = {**made, "machine_load": others, **result}
    asked.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, indent=1) + "\n"
    (asked.out / f"{name}.json").write_text(text, encoding="utf-8")
    print("\n".join(tables.summary(name, result)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(options.parse(sys.argv[1:])))
