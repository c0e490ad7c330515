"""The most memory that a command has resident at once (VmHWM), beside the bound set for it."""
from commands import superweight
from sides import run

GIB = 2**30
COMMANDS = [
    (["perplexity", "--dataset", "bundled", "--windows", 2, "--window", 2048], 2.0),
    (["find"], 1.5),
]


def measure(options):
    return {"commands": [peak(command, bound, options.threads) for command, bound in COMMANDS]}


def peak(command, bound, threads):
    done = run(superweight(*command, "--threads", threads))
    words = " ".join(map(str, command))
    print(f"  {words}: {done.peak_bytes / GIB:.2f} GiB", flush=True)
    return {
        "command": f"./superweight {words}",
        "bound_gib": bound,
        "peak_gib": round(done.peak_bytes / GIB, 3),
        "seconds": round(done.seconds, 2),
    }
