"""Searches a checkpoint of Llama-7B's shape layer by layer: how fast beside the disk, in how much
memory. Makes the checkpoint, 13.5 GB, and deletes it."""
import checkpoint
import disk
from commands import superweight
from sides import run

GIB = 2**30
PEAK = 2 * GIB  # and the two largest tensors: the most memory that a search may take
SPEED = 0.5  # of the disk's: the least at which a search may read


def measure(options):
    with checkpoint.made(options.layers, options.hidden) as (folder, facts):
        files = sorted(folder.glob("*.safetensors"))
        print(f"  {facts['bytes'] / 1e9:.2f} GB made in {facts['made_in_seconds']} s", flush=True)
        speed = disk.read_speed(files)
        print(f"  the disk reads {speed['bytes_per_second'] / 1e6:.0f} MB/s", flush=True)

        def search(*layers):
            command = superweight("find", "--stream", "--json", *layers, "--model", folder)
            done = run([*command, "--threads", str(options.threads)])
            checkpoint.require_found(done.output, facts["planted"])
            return told(done, " ".join(["./superweight find --stream", *layers]), speed)

        disk.forget(files)
        cold, warm = search(), search()
        disk.forget(files)
        early = search("--layers", f"0..{min(8, options.layers) - 1}")
    return {
        "checkpoint": facts,
        "disk": speed,
        "bounds": {
            "peak_gib": round((PEAK + facts["two_largest_tensors_bytes"]) / GIB, 2),
            "share_of_disk": SPEED,
        },
        "searches": [
            {"cache": "cold", **cold},
            {"cache": "warm", **warm},
            {"cache": "cold", **early},
        ],
    }


def told(done, command, speed):
    """One search as the result holds it."""
    share = done.read_bytes / done.seconds / speed["bytes_per_second"]
    print(
        f"  {command}: {done.seconds:.1f} s, {done.read_bytes / 1e9:.2f} GB read from the disk, at"
        f" {share:.2f} times its speed; at most {done.peak_bytes / GIB:.2f} GiB",
        flush=True,
    )
    return {
        "command": command,
        "seconds": round(done.seconds, 2),
        "read_bytes": done.read_bytes,
        "share_of_disk": round(share, 3),
        "peak_gib": round(done.peak_bytes / GIB, 3),
    }
