"""Interrupts ./reproduce.sh at random moments, in all the ways in which a run can end early, and looks at what is left.

  build/venv/bin/python environment/tests/interruptions.py [--tries N] [--first I] [--seed S] [--notebook NAME]

It works on a scratch copy of the checkout: real set-up (from full caches), real kernel, real model. After each
interruption no file of results may be half written, what was finished must still be, no process of the run may live on,
and the next run must complete. Linux only; disks are filled where a file system may be mounted (as root, or where users
may have name spaces of their own).
"""
import argparse
import functools
import itertools
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import disk
from trial import Trial
from wording import clock

HOME = Path(__file__).resolve().parent.parent.parent
RUNNER, SET_UP, KERNEL = "run_notebooks.py", "environment/setup.sh", "org.dflib.jjava"
FULL_SAID = re.compile("disk that holds .* is full|free disk space")
CLEAR_LINE = "\x1b[K"
ENDS_WITHIN_SECONDS = 40  # what is told to end, and what nobody tells that the others are gone
WAS_ENDING_SECONDS = 5  # who ends well so soon after a signal was ending anyway; who takes longer has ignored it
ATTEMPTS = 5  # an interruption that came too late is none and is tried again, so often


@dataclass(frozen=True)
class Way:
    """How a run is interrupted: `act` says whether it hit anything; and the exit codes that are right then."""
    name: str
    act: object
    codes: tuple


def kill_one(part):
    def act(run, disk):
        numbers = run.processes_of(part)
        if numbers:
            os.kill(min(numbers), signal.SIGKILL)  # a script's subshells bear its name too
        return bool(numbers)
    return act


def hit(act):
    """An act that always hits, as long as the script runs."""
    def hitting(run, disk):
        act(run, disk)
        return True
    return hitting


KILLED = (-signal.SIGKILL,)
GROUP = Way("SIGKILL to the process group", hit(lambda run, disk: os.killpg(run.script.pid, signal.SIGKILL)), KILLED)
SCRIPT = Way("SIGKILL to the script", hit(lambda run, disk: os.kill(run.script.pid, signal.SIGKILL)), KILLED)
SET_UP_ONLY = Way("SIGKILL to setup.sh", kill_one(SET_UP), (137,))
RUNNER_ONLY = Way("SIGKILL to the runner", kill_one(RUNNER), (1,))
KERNEL_ONLY = Way("SIGKILL to the kernel", kill_one(KERNEL), (1,))
CTRL_C = Way("Ctrl-C", hit(lambda run, disk: run.press_ctrl_c()), (130,))
INT = Way("SIGINT to the script", hit(lambda run, disk: os.kill(run.script.pid, signal.SIGINT)), (130,))
TERM = Way("SIGTERM to the script", hit(lambda run, disk: os.kill(run.script.pid, signal.SIGTERM)), (143,))
FULL = Way("full disk", hit(lambda run, disk: disk.fill(random.randrange(64))), (1, 3))

# The first six are the short version; the list is gone through as often as it takes.
TRIES = [
    ("set-up", SCRIPT), ("notebook", CTRL_C), ("publication", GROUP), ("notebook", GROUP), ("notebook", INT),
    ("notebook", FULL),
    ("set-up", FULL), ("set-up", GROUP), ("set-up", CTRL_C), ("notebook", RUNNER_ONLY), ("notebook", KERNEL_ONLY),
    ("notebook", SCRIPT), ("publication", SCRIPT), ("publication", RUNNER_ONLY), ("publication", FULL), ("start", INT),
    ("start", GROUP), ("set-up", TERM), ("notebook", TERM), ("set-up", SET_UP_ONLY), ("publication", CTRL_C),
    ("publication", TERM), ("set-up", INT), ("start", FULL), ("start", CTRL_C), ("unpacking", GROUP),
    ("unpacking", KERNEL_ONLY), ("unpacking", FULL),
]


class Broken(Exception):
    """What must not be; the message says what was found."""


class TooLate(Exception):
    """There was nothing left to interrupt; the message says what was found."""


class Tries:
    def __init__(self, trial, filling, notebook, seconds):
        self.trial, self.disk, self.notebook = trial, filling, notebook
        self.seconds = seconds  # how long set-up and the notebook take here
        self.names = ("90-bystander", notebook)
        self.made = 0

    def once(self, phase, way, missed):
        """Returns what happened; raises Broken, or TooLate, which happened `missed` times before."""
        trial = self.trial
        self.made += 1
        trial.make_out_of_date(self.notebook, self.made)
        if phase == "set-up":
            trial.forget_set_up()
        if phase == "unpacking":
            trial.forget_unpacked_engine()
        old, before = trial.listed_outputs(), trial.committed()
        run = trial.start(*self.names)
        try:
            moment = self.await_moment(run, phase, missed)
            was_hit = run.script.poll() is None and way.act(run, self.disk)
            code, end = self.await_end(run, way, was_hit)
        finally:
            run.close()
        found = self.look(old, before)
        if self.disk:
            self.disk.make_room()
        self.complete(before)
        if code == 0 or not was_hit:
            raise TooLate(f"{moment}, {end}, {found}")
        return f"{moment}, {end}, {found}"

    def await_moment(self, run, phase, missed):
        if phase == "publication":
            # Writing the notebook and its page takes longer than moving everything into place.
            moments = [("out/notebooks", 0.5), ("STATE.new", 0.002), ("READY", 0)]
            # The last two are over in a millisecond; whoever missed that takes the one that cannot be missed.
            sign, longest = random.choice(moments) if not missed else ("out/notebooks", 0.1)
            began = self.until(run, lambda: self.is_staged(sign))
            delay = random.uniform(0, longest)
        elif phase == "unpacking":
            began = self.until(run, self.trial.is_unpacking)
            delay = random.uniform(0, 2)
        elif phase == "notebook":
            began = self.until(run, lambda: self.trial.staged(self.notebook))
            delay = random.uniform(0, 0.8 * self.seconds["notebook"])  # later it would often be over
        else:
            began, delay = 0, random.uniform(0, self.seconds[phase])
        time.sleep(delay)
        return f"{delay:.3f} s into the {phase}" + (f" (at {began:.1f} s)" if began else "")

    def until(self, run, condition):
        while not condition():
            if run.script.poll() is not None:
                return time.monotonic() - run.began  # too fast to be caught: an interruption that comes too late
            time.sleep(0.0005)
        return time.monotonic() - run.began

    def is_staged(self, name):
        staged = self.trial.staged(self.notebook)
        return staged and (staged / name).exists()

    def await_end(self, run, way, was_hit):
        # A full disk stops nobody who has nothing to write.
        patience = 120 if way is FULL else ENDS_WITHIN_SECONDS
        acted = time.monotonic()
        try:
            code = run.wait(patience)
        except Exception as late:
            raise Broken(f"the script was still running after {patience} s: {run.processes()}") from late
        ended = time.monotonic()
        while run.processes():
            if time.monotonic() > ended + ENDS_WITHIN_SECONDS:
                raise Broken(f"still running after {ENDS_WITHIN_SECONDS} s: {run.processes()}")
            time.sleep(0.1)
        lasted = time.monotonic() - ended
        if code == 0 and was_hit and way is not FULL and ended - acted > WAS_ENDING_SECONDS:
            raise Broken(f"it went on for {ended - acted:.1f} s and ended as if nothing had happened")
        if code not in (*way.codes, 0):
            raise Broken(f"exit code {code}, expected {way.codes}:\n{run.output}")
        if "Traceback" in run.output or "\tat " in run.output:
            raise Broken(f"a stack trace:\n{run.output}")
        if way is FULL and code != 0:
            said = [line for line in re.split(r"[\r\n]+", run.output) if FULL_SAID.search(line)]
            if len(said) != 1:
                raise Broken(f"the full disk was said {len(said)} times:\n{run.output}")
            return code, f"exit code {code}, saying '{said[0].removeprefix(CLEAR_LINE).strip()}'"
        return code, f"exit code {code}" + (f", what it had started ended {lasted:.1f} s later" if lasted > 0.2 else "")

    def look(self, old, before):
        """Every file is the old or the new one, whole; what was finished is finished."""
        trial = self.trial
        if trial.committed() != before:
            raise Broken("the results of the checkout changed")
        found, stated, pending = trial.results(trial.small), trial.listed_outputs(), trial.cut_off_publications()
        for path in {*found, *stated}:
            allowed = {stated.get(path), pending.get(path, stated.get(path))}
            if pending:
                allowed.add(old.get(path))
            if found.get(path) not in allowed:
                raise Broken(f"{path} is neither the old nor the new one ({found.get(path)}, not of {allowed})")
        if trial.listed("90-bystander") != "finished":
            raise Broken(f"what was finished is now: {trial.listed('90-bystander')}")
        return "publication to be completed" if pending else "old results" if stated == old else "new results"

    def complete(self, before):
        code, output = self.trial.complete(*self.names)
        trial = self.trial
        if code != 0:
            raise Broken(f"the next run ended with exit code {code}:\n{output}")
        if [trial.listed(name) for name in self.names] != ["finished", "finished"]:
            raise Broken(f"after the next run: {[trial.listed(name) for name in self.names]}")
        if trial.results(trial.small) != trial.listed_outputs() or trial.committed() != before:
            raise Broken("after the next run the results are not those that its units list")
        if trial.staged(self.notebook):
            raise Broken("after the next run something is still staged")
        if trial.kept(self.notebook):
            raise Broken("after the next run the journal still keeps what was measured")
        self.seconds["notebook"] = trial.seconds(self.notebook)

    def update_on_a_full_disk(self, _):
        """A table in a Markdown file is renewed as a whole or not at all."""
        readme = self.trial.home / "README.md"
        whole = readme.read_text(encoding="utf-8")
        outdated = whole.replace("not run |", "never run |")
        readme.write_text(outdated, encoding="utf-8")
        self.disk.fill(0)
        code, said = self.trial.superweight("verdicts", "--update", "README.md")
        self.disk.make_room()
        if code != 1 or len(said.splitlines()) != 1 or "No space left on device" not in said:
            raise Broken(f"exit code {code}: {said}")
        if readme.read_text(encoding="utf-8") != outdated or list(self.trial.home.glob(".README*")):
            raise Broken("README.md changed, or something was left beside it")
        if self.trial.superweight("verdicts", "--update", "README.md") != (0, ""):
            raise Broken("with room on the disk the update failed")
        if readme.read_text(encoding="utf-8") != whole:
            raise Broken("the updated README.md is not as it was")
        return f"refused: {said.strip()}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tries", type=int, default=6)
    parser.add_argument("--first", type=int, default=1, help="where in the list of tries to begin")
    parser.add_argument("--seed", type=int, default=20241111)
    parser.add_argument("--notebook", default="91-victim", help="91-victim, a short one of this test, or one of ours")
    options = parser.parse_args()
    can_fill = disk.enter()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    random.seed(options.seed)
    folder = Path(tempfile.mkdtemp(prefix="interruptions-"))
    try:
        filling = disk.Disk(folder) if can_fill else None
        counts = attempt(Trial(HOME, folder), filling, options)
    finally:
        if can_fill:
            os.chdir("/")
            disk.leave(folder)
        shutil.rmtree(folder, ignore_errors=True)
    print("interruptions: {passed} passed, {failed} failed, {skipped} skipped".format(**counts))
    return 1 if counts["failed"] else 0


def attempt(trial, filling, options):
    print(f"Interrupting ./reproduce.sh {options.tries} times, seed {options.seed}; first one whole run.", flush=True)
    began = time.monotonic()
    trial.make_out_of_date(options.notebook, 0)
    code, output = trial.complete("90-bystander", options.notebook)
    if code != 0:
        raise SystemExit(f"the first run, which nobody interrupted, ended with exit code {code}:\n{output}")
    whole = time.monotonic() - began
    tries = Tries(trial, filling, options.notebook,
                  {"start": 2, "set-up": 0.6 * whole, "notebook": trial.seconds(options.notebook)})
    plan = [(f"{phase}, {way.name}", way is FULL, functools.partial(tries.once, phase, way))
            for phase, way in itertools.islice(
                itertools.cycle(TRIES), options.first - 1, options.first - 1 + options.tries)]
    plan.append(("superweight verdicts --update, full disk", True, tries.update_on_a_full_disk))
    counts = dict(passed=0, failed=0, skipped=0)
    first = time.monotonic()
    for number, (name, fills, attempt_it) in enumerate(plan, 1):
        outcome, found = outcome_of(attempt_it, not fills or filling, filling)
        counts[outcome] += 1
        left = (time.monotonic() - first) / number * (len(plan) - number)
        print(f"{number}/{len(plan)}  {name}: {found}" + (f"; about {clock(left)} left" if left else ""), flush=True)
        if filling:
            filling.make_room()
    return counts


def outcome_of(attempt_it, possible, filling):
    if not possible:
        return "skipped", "skipped, for no file system may be mounted here; run this as root"
    for missed in range(ATTEMPTS):
        try:
            return "passed", attempt_it(missed)
        except TooLate as late:
            print(f"      too late, so once more: {late}", flush=True)
            if filling:
                filling.make_room()
        except Broken as broken:
            return "failed", f"BROKEN: {broken}"
    return "failed", f"BROKEN: too late {ATTEMPTS} times, so nothing was interrupted"


if __name__ == "__main__":
    sys.exit(main())
