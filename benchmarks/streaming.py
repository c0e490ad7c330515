"""Searches a checkpoint of Llama-7B's shape layer by layer: how fast beside the disk, in how much
memory. Makes the checkpoint, 13.5 GB, and deletes it."""
import checkpoint
import disk
from commands import superweight
from sides import run

GIB = 2**30
PEAK = 2 * GIB  # and the two largest tensors: the most memory that a search may take
SPEED = 0.5  # of the disk's: the least at which a search may read


ROUNDS = 3


def measure(options):
    early = ["--layers", f"0..{min(8, options.layers) - 1}"]
    kinds = [(cold, []), (warm, []), (cold, early)]
    with checkpoint.made(options.layers, options.hidden) as (folder, facts):
        print(f"  {facts['bytes'] / 1e9:.2f} GB made in {facts['made_in_seconds']} s", flush=True)
        searches = [
            [kind(folder, facts["planted"], layers, options.threads) for kind, layers in kinds]
            for _ in range(options.rounds or ROUNDS)
        ]
    bounds = {
        "peak_gib": round((PEAK + facts["two_largest_tensors_bytes"]) / GIB, 2),
        "share_of_disk": SPEED,
    }
    return {"checkpoint": facts, "bounds": bounds, "rounds": searches}


def cold(folder, planted, layers, threads):
    """A search that finds nothing in the page cache. The disk is measured right before it, since
    the host of a virtual machine may have the files in a cache of its own, which stays."""
    files = sorted(folder.glob("*.safetensors"))
    speed = disk.read_speed(files)
    disk.forget(files)
    found = search(folder, planted, layers, threads)
    share = found["read_bytes"] / found["seconds"] / speed["bytes_per_second"]
    print(
        f"  that is {share:.2f} times the {speed['bytes_per_second'] / 1e6:.0f} MB/s of the disk",
        flush=True,
    )
    return {"cache": "cold", **found, "disk": speed, "share_of_disk": round(share, 3)}


def warm(folder, planted, layers, threads):
    return {"cache": "warm", **search(folder, planted, layers, threads)}


def search(folder, planted, layers, threads):
    """One search, whose finding is checked."""
    command = superweight("find", "--stream", "--json", *layers, "--model", folder)
    done = run([*command, "--threads", str(threads)])
    checkpoint.require_found(done.output, planted)
    words = " ".join(["./superweight find --stream", *layers])
    print(
        f"  {words}: {done.seconds:.1f} s, {done.read_bytes / 1e9:.2f} GB from the disk,"
        f" at most {done.peak_bytes / GIB:.2f} GiB",
        flush=True,
    )
    return {
        "command": words,
        "seconds": round(done.seconds, 3),
        "read_bytes": done.read_bytes,
        "peak_gib": round(done.peak_bytes / GIB, 3),
    }
