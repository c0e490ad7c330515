"""Runs one notebook in a fresh kernel, saying how far it is."""
import asyncio
import re
import shutil
import sys
import time
from contextlib import suppress

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from wording import clock

KERNEL = "superweight-java"
START_SECONDS = 300

# JShell accepts a method whose body names something unknown, in the hope that it comes later, and says so nowhere.
GUARD = """
var jshell = kernel().getJShell();
var unresolved = jshell.snippets()
    .filter(snippet -> jshell.status(snippet).name().startsWith("RECOVERABLE"))
    .map(snippet -> snippet.source().strip().lines().findFirst().orElse("") + "  needs  "
        + jshell.unresolvedDependencies((jdk.jshell.DeclarationSnippet) snippet).toList())
    .toList();
if (!unresolved.isEmpty()) throw new IllegalStateException("declared, but never resolved: " + unresolved);
"""


class NotebookFailed(Exception):
    """A cell failed, or the kernel died; the message is what to show of it."""


class InvalidInput(NotebookFailed):
    """What the notebook was given is at fault: the model, the text; the message is the library's own sentence."""


async def execute(notebook, folder, environment, threads, kernel_log, progress):
    """Runs all code cells in the given folder and fills in their outputs, also of those before a failing one."""
    manager = AsyncKernelManager(kernel_name=KERNEL)
    if threads:
        manager.kernel_spec.argv.insert(1, f"-Dai.djl.pytorch.num_threads={threads}")
    client = NotebookClient(notebook, km=manager, timeout=None, coalesce_streams=True, record_timing=False)
    client.reset_execution_trackers()
    ticking = asyncio.create_task(progress.tick())
    try:
        with open(kernel_log, "wb") as log:
            # Open files that this process was handed go on to the kernel: one of them is the lock (env.sh).
            await client.async_start_new_kernel(cwd=folder, env=environment, stdout=log, stderr=log, close_fds=False)
        client.kc = manager.client()
        client.kc.start_channels()
        client.kc.allow_stdin = False
        await client.kc.wait_for_ready(timeout=START_SECONDS)
        code_cells = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
        for number, (index, cell) in enumerate(code_cells, 1):
            progress.cell(number, len(code_cells))
            await run_cell(client, cell, index)
        await run_guard(client, notebook)
    except RuntimeError as death:  # of which DeadKernelError is one; a kernel that never answers raises it bare
        if await manager.is_alive():
            if isinstance(death, DeadKernelError):
                raise asyncio.CancelledError from death  # nbclient takes a cancellation for a dead kernel
            raise NotebookFailed(str(death)) from death
        last_words = kernel_log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
        raise NotebookFailed("\n".join(["the Java kernel died", *last_words])) from death
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        progress.clear()
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)


async def run_guard(client, notebook):
    """The guard must be a cell of the notebook while it runs, and is none of it afterwards."""
    guard = nbformat.v4.new_code_cell(GUARD)
    notebook.cells.append(guard)
    try:
        await run_cell(client, guard, len(notebook.cells) - 1)
    finally:
        notebook.cells.pop()


async def run_cell(client, cell, index):
    try:
        await client.async_execute_cell(cell, index)
    except CellExecutionError as error:
        lines = re.sub(r"\x1b\[[0-9;]*m", "", f"{error.ename}: {error.evalue}").strip().splitlines()
        where = (cell.source.strip().splitlines() or [""])[0]
        place = "after the last cell" if cell.source == GUARD else f"in the cell that begins with: {where}"
        _, refused, sentence = " ".join(lines).partition("superweight.InvalidInputException")
        if refused:
            raise InvalidInput(sentence.lstrip(" ,:")) from error
        raise NotebookFailed("\n".join([place, *lines[:8]])) from error


class Progress:
    """One line that is written over on a terminal; elsewhere a line now and then."""

    QUIET_SECONDS = 15

    def __init__(self, label, expected_seconds, file, began, stream=sys.stdout):
        """`began` is earlier than now by as much time as went into what an interrupted run has measured."""
        self.label, self.expected, self.file, self.stream = label, expected_seconds, file, stream
        self.began = began
        self.cells = "starting Java"

    def cell(self, number, count):
        self.cells = f"cell {number}/{count}"

    async def tick(self):
        terminal = self.stream.isatty()
        last_line = time.monotonic()
        while True:
            await asyncio.sleep(0.5)
            if terminal:
                self.stream.write("\r\x1b[K" + self.line()[:shutil.get_terminal_size().columns - 1])
                self.stream.flush()
            elif time.monotonic() - last_line >= self.QUIET_SECONDS:
                last_line = time.monotonic()
                print(self.line(), file=self.stream, flush=True)

    def line(self):
        fraction, description = self.read()
        passed = time.monotonic() - self.began
        left = self.left(fraction, passed)
        parts = [f"      {self.label}", self.cells]
        if description:
            parts.append(f"{fraction:4.0%} {description}")
        parts.append(f"{clock(passed)} passed" + (f", about {clock(left)} left" if left > 0 else ""))
        return "  ".join(parts)

    def left(self, fraction, passed):
        """Trusts the expectation at first, then more and more what this run has shown."""
        if self.expected:
            return (1 - fraction) * ((1 - fraction) * self.expected + passed) if fraction else self.expected - passed
        return passed * (1 - fraction) / fraction if fraction > 0.02 else 0

    def read(self):
        """The fraction of the notebook that is done, and what is being measured, as the Java side last wrote it."""
        try:
            fraction, description = self.file.read_text(encoding="utf-8").strip().split("\t", 1)
            return min(max(float(fraction), 0.0), 1.0), description[:60]
        except (OSError, ValueError):
            return 0.0, ""

    def clear(self):
        if self.stream.isatty():
            self.stream.write("\r\x1b[K")
            self.stream.flush()
