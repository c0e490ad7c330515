"""Runs units on a kernel of their own, and publishes what came of each as a whole."""
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time

import nbformat

from execution import KERNEL, InvalidInput, NotebookFailed, Progress, execute
from page import html_page
from run_notebooks import cost
from wording import clock, failed


class Interrupted(Exception):
    """A signal ended the run; the message says which."""


class Runner:
    def __init__(self, home, results, material):
        self.home, self.results, self.material = home, results, material
        self.logs = results.root / "build/logs"
        self.commit = commit(home)

    def bring_all_up_to_date(self, keys, force):
        """Returns the exit code for all units; `keys` holds them in their order."""
        try:
            return max([self.bring_up_to_date(unit, key, force) for unit, key in keys.items()], default=0)
        except (KeyboardInterrupt, Interrupted) as interruption:
            print(f"Interrupted{interruption}: finished notebooks stay, and the unfinished one goes on with what it has "
                  "measured when this is run again.", file=sys.stderr)
            return 130

    def bring_up_to_date(self, unit, key, force):
        """Returns the exit code that this unit asks for."""
        standing = self.results.standing(unit, key)
        if standing == "finished" and not force:
            print(f"      {unit.name}: finished before, nothing to do")
            return 0
        seconds, _ = cost(unit, self.results, self.material.times())
        kept = self.results.kept_seconds(unit, key)
        print(f"      {unit.name}: {standing}, runs now" + (f", about {clock(seconds)} min" if seconds else "")
              + (f"; {clock(kept)} min of it were measured before" if kept else ""), flush=True)
        began = time.monotonic() - kept
        notebook = nbformat.read(unit.notebook, as_version=4)
        self.failed_copy(unit).unlink(missing_ok=True)
        folder = self.results.begin(unit, key)
        try:
            asyncio.run(self.execute(unit, notebook, folder, self.results.journal_folder(unit, key),
                                     Progress(unit.name, seconds, folder / "progress", began)))
            self.add_notebook(unit, notebook, folder / "out/notebooks" / unit.model / unit.text)
            self.results.publish(unit, key, time.monotonic() - began)
        except InvalidInput as fault:
            print(f"{unit.name}: {fault}", file=sys.stderr)
            return 2
        except (NotebookFailed, ValueError, OSError) as failure:
            self.report(unit, notebook, failure)
            return 1
        finally:
            # Only what is whole and not yet in place is worth keeping.
            if folder.exists() and not (folder / "READY").exists():
                shutil.rmtree(folder)
        print(f"      {unit.name}: finished in {clock(time.monotonic() - began)} min")
        return 0

    async def execute(self, unit, notebook, folder, journal, progress):
        task, loop, received = asyncio.current_task(), asyncio.get_running_loop(), []

        def interrupt(name):
            received.append(name)
            if len(received) == 1:  # a second cancellation would cut off the clearing up
                task.cancel()

        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            # Whoever starts a run under nohup wants it to go on when the terminal is gone.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                loop.add_signal_handler(number, interrupt, number.name)
        self.logs.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, **self.material.environment(), "SUPERWEIGHT_OUT": str(folder / "out"),
                       "SUPERWEIGHT_PROGRESS": str(folder / "progress"), "SUPERWEIGHT_JOURNAL": str(journal),
                       "SUPERWEIGHT_COMMIT": self.commit}
        environment.setdefault("SUPERWEIGHT_COMMAND", " ".join(sys.argv))
        try:
            await execute(notebook, self.home, environment, self.material.threads,
                          self.logs / f"{unit.name}.kernel.log", progress)
        except asyncio.CancelledError as cancelled:
            raise Interrupted(f" by {received[0]}" if received else "") from cancelled

    def add_notebook(self, unit, notebook, folder):
        folder.mkdir(parents=True, exist_ok=True)
        tidy(notebook)
        nbformat.write(notebook, folder / f"{unit.name}.ipynb")
        (folder / f"{unit.name}.html").write_text(html_page(notebook, unit.name), encoding="utf-8")

    def failed_copy(self, unit):
        return self.logs / f"{unit.name}.failed.ipynb"

    def report(self, unit, notebook, failure):
        print(failed(unit.name, failure, self.results.root), file=sys.stderr, flush=True)
        copy = self.failed_copy(unit)
        tidy(notebook)
        try:
            nbformat.write(notebook, copy)
            print(f"The notebook as far as it came: {copy}", file=sys.stderr, flush=True)
        except OSError:
            copy.unlink(missing_ok=True)  # the disk is full, which has been said


def tidy(notebook):
    """Leaves out what differs from run to run or machine to machine without being a result."""
    notebook.metadata["kernelspec"] = {"name": KERNEL, "display_name": "Java (superweight)", "language": "java"}
    notebook.metadata["language_info"] = {"name": "java", "file_extension": ".jshell", "mimetype": "text/x-java-source"}
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)


def commit(home):
    """The commit of the code; results that a run itself leaves in the tree do not make it dirty."""
    def git(*words):
        return subprocess.run(["git", "-C", str(home), *words], capture_output=True, text=True, check=True).stdout
    try:
        sources = [".", ":(exclude)figures", ":(exclude,glob)paper-tables/*/**", ":(exclude,glob)notebooks/*/**"]
        dirty = git("status", "--porcelain", "--", *sources)
        return git("rev-parse", "HEAD").strip() + ("-dirty" if dirty else "")
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
