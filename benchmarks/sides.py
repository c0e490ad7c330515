"""The sides of a comparison: processes that are kept and asked for one round at a time, and
commands that are run anew each time."""
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

LAST_WORDS = 12  # lines that are shown of what a process said that ended in failure


class InvalidInput(Exception):
    """What was asked for is at fault; the message is one sentence."""


class Failed(Exception):
    """A benchmark did not run through, or its sides disagree; the message says what happened."""


@dataclass(frozen=True)
class Round:
    seconds: float
    values: list[float]  # what was measured: both sides must find the same


class Worker:
    """A process that holds a model and answers requests, one JSON document per line each way."""

    def __init__(self, name, command, environment=None):
        self.name = name
        began = time.monotonic()
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command,
            env=environment,
            text=True,
            encoding="utf-8",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
        )
        try:
            self.versions = self.read()
        except BaseException:
            self.close()
            raise
        self.load_seconds = time.monotonic() - began

    def ask(self, wanted, **question):
        try:
            print(json.dumps({"ask": wanted, **question}), file=self.process.stdin, flush=True)
        except BrokenPipeError:
            raise self.ended() from None
        return self.read()

    def round(self, wanted, **question):
        answer = self.ask(wanted, **question)
        return Round(answer["seconds"], answer["values"])

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise self.ended()
        answer = json.loads(line)
        if "fault" in answer:
            raise InvalidInput(answer["fault"])
        return answer

    def ended(self):
        return ended(self.name, self.process.wait(), self.said)

    def close(self):
        self.process.kill()  # it holds nothing that could be lost
        self.process.communicate()
        self.said.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


@dataclass(frozen=True)
class Run:
    """A command that was run: its output, and what the system says of it."""

    output: str
    seconds: float
    peak_bytes: int  # the largest resident memory, VmHWM
    read_bytes: int  # fetched from the disk, not from the page cache; `read_bytes` of /proc/PID/io


def run(command, environment=None):
    """Runs a command to its end.

    The numbers are those with which the kernel hands an ended process to its parent: the counters
    of /proc/PID at their last value. A child's peak is never told lower than its parent's so far,
    so whoever calls this must stay small.
    """
    began = time.monotonic()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command,
            env=environment,
            text=True,
            encoding="utf-8",
            stdout=subprocess.PIPE,
            stderr=said,
        )
        try:
            with process.stdout as pipe:
                output = pipe.read()
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        seconds = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise ended(Path(command[0]).name, process.returncode, said)
    peak_unit = 1 if sys.platform == "darwin" else 1024
    return Run(output, seconds, usage.ru_maxrss * peak_unit, usage.ru_inblock * 512)


def ended(name, code, said):
    """What to raise when a process ended in failure, with its last words."""
    said.seek(0)
    words = said.read().decode("utf-8", errors="replace").strip().splitlines()[-LAST_WORDS:]
    return Failed("\n".join([f"{name} ended with exit code {code}", *words]))
