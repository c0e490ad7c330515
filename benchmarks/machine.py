"""What a result was made on: the machine, the commit, and what else the machine had to do."""
import datetime
import os
import platform
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import psutil

HOME = Path(__file__).parents[1]

# Of the time of all cores: where other processes take more meanwhile, the machine is busy. The load before does not
# decide: one benchmark after another would find that of the last.
BUSY_SHARE = 0.05


def here():
    return {
        "cpu": cpu(),
        "cores": psutil.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "os": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
    }


def cpu():
    """The processor's name; Linux and macOS tell it, each in its own way."""
    if platform.system() == "Darwin":
        return output("sysctl", "-n", "machdep.cpu.brand_string")
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def commit():
    """The commit that is checked out, and whether the files differ from it."""
    results = [":!benchmarks/results", ":!benchmarks/README.md"]
    try:
        changed = output("git", "status", "--porcelain", "--", ".", *results)
        head = output("git", "rev-parse", "--short=10", "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return head + (" with changes" if changed else "")


def output(*command):
    done = subprocess.run(command, cwd=HOME, text=True, stdout=subprocess.PIPE, check=True)
    return done.stdout.strip()


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC")


def load():
    """How many processes wanted a core, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


@contextmanager
def watch_others(load_before):
    """Yields a dictionary that says in the end whether others kept the machine busy meanwhile."""
    told = {}
    began, busy, own = time.monotonic(), busy_seconds(), own_seconds()
    yield told
    cores_time = (time.monotonic() - began) * psutil.cpu_count()
    others = (busy_seconds() - busy) - (own_seconds() - own)
    share = round(max(0, others / cores_time), 3)
    told["load_before"] = load_before
    told["others_share"] = share
    told["busy"] = share > BUSY_SHARE


def busy_seconds():
    """Of all cores since the machine started; time that its host kept for itself counts."""
    times = psutil.cpu_times()._asdict()
    idle = ("idle", "iowait", "guest", "guest_nice")  # a guest's time is part of user's
    return sum(seconds for name, seconds in times.items() if name not in idle)


def own_seconds():
    """Of this process and all that it started, whether they have ended or not."""
    me = psutil.Process()
    return sum(sum(each.cpu_times()[:4]) for each in [me, *me.children(recursive=True)])
