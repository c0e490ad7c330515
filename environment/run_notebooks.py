"""Runs the notebooks that are not finished, each as a whole or not at all. reproduce.sh and test.sh call this.

Exit codes: 0 all are finished, 1 a notebook failed, 2 the arguments are at fault, 130 interrupted.
"""
import argparse
import asyncio
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from execution import KERNEL, InvalidInput, NotebookFailed, Progress, clock, execute
from page import html_page
from units import Fingerprints, Results, Unit

EMBEDDED = "smollm2-135m"


class BadArgument(Exception):
    """What the user gave is at fault; the message says what."""


class Interrupted(Exception):
    """A signal ended the run; the message says which."""


def main(arguments, home):
    try:
        options = parse(arguments)
        material = Material.of(options, home)
        results = Results(options.out.absolute() if options.out else home)
        units = [Unit(notebook, material.model, material.text, material.size)
                 for notebook in choose(options.names, home)]
    except BadArgument as fault:
        print(f"reproduce.sh: {fault}", file=sys.stderr)
        return 2
    fingerprints = Fingerprints(home / "build/fingerprints.json")
    keys = {unit: material.key(unit, home, fingerprints) for unit in units}
    if options.list:
        return show(units, keys, results)
    results.recover()
    runner = Runner(home, results, material)
    try:
        outcomes = [runner.bring_up_to_date(unit, keys[unit], options.force) for unit in units]
    except (KeyboardInterrupt, Interrupted) as interruption:
        print(f"Interrupted{interruption}: nothing of the unfinished notebook was kept, finished ones stay.",
              file=sys.stderr)
        return 130
    return max(outcomes, default=0)


def parse(arguments):
    parser = Parser(prog="run_notebooks.py", allow_abbrev=False)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--force", action="store_true")
    parser.add_argument("--model", default=EMBEDDED)
    parser.add_argument("--data", default="")
    parser.add_argument("--size", default="default", choices=["small", "default", "full"])
    parser.add_argument("--threads", type=int)
    parser.add_argument("--out", type=Path)
    return parser.parse_args(arguments)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise BadArgument(message)


def choose(names, home):
    """The notebooks of the given names (02-prune, 02, or a path), in their order; all where none is given."""
    known = {notebook.stem: notebook for notebook in sorted((home / "notebooks").glob("*.ipynb"))}
    chosen = set()
    for name in names:
        stem = Path(name).name.removesuffix(".ipynb")
        matches = [known_stem for known_stem in known if stem in (known_stem, known_stem.split("-")[0])]
        if not matches:
            raise BadArgument(f"there is no notebook {name}; there are: {', '.join(known)}")
        chosen.update(matches)
    return [known[stem] for stem in known if not names or stem in chosen]


@dataclass(frozen=True)
class Material:
    """What the notebooks are run on."""
    model_path: Path
    model: str
    data: str
    text: str
    size: str
    threads: int | None

    @staticmethod
    def of(options, home):
        embedded = options.model == EMBEDDED
        own = home / f"build/models/{EMBEDDED}.gguf"
        path = own if embedded else Path(os.path.abspath(options.model))
        if not path.exists():
            raise BadArgument(f"there is no model {options.model}; give {EMBEDDED} or the path of a model")
        if path.name == own.name and not embedded:
            raise BadArgument(f"{options.model} bears the name of the embedded model, and results are filed by name; "
                              "rename it")
        data = os.path.abspath(options.data) if options.data else ""
        if data and not Path(data, "wiki.test.raw").is_file():
            raise BadArgument(f"the data folder {data} does not exist or holds no file wiki.test.raw")
        if options.threads is not None and options.threads < 1:
            raise BadArgument(f"--threads needs a whole number from 1 on, not {options.threads}")
        return Material(path, EMBEDDED if embedded else path.name.removesuffix(".gguf"), data,
                        "wikitext2" if data else "bundled", options.size, options.threads)

    def key(self, unit, home, fingerprints):
        """What a unit's results depend on, part by part; the number of threads is none of it."""
        cells = [(cell.cell_type, cell.source) for cell in nbformat.read(unit.notebook, as_version=4).cells]
        environment = home / "environment"
        return {
            "model": fingerprints.of(self.model_path),
            "text": fingerprints.of(Path(self.data, "wiki.test.raw")) if self.data else self.text,
            "code": fingerprints.of(home / "src/main", home / "pom.xml"),
            "notebook": hashlib.sha256(repr(cells).encode()).hexdigest(),
            "claims": fingerprints.of(home / "paper-tables/claims.csv", home / "paper-tables/super-weights.csv"),
            "packages": fingerprints.of(*(environment / name for name in (
                "requirements.lock", "jvm.args", "kernel.json.template"))),
        }

    def environment(self):
        return {"SUPERWEIGHT_MODEL": EMBEDDED if self.model == EMBEDDED else str(self.model_path),
                "SUPERWEIGHT_DATA": self.data, "SUPERWEIGHT_SIZE": self.size,
                "SUPERWEIGHT_THREADS": str(self.threads or "")}


def show(units, keys, results):
    width = max([len(unit.name) for unit in units], default=0)
    for unit in units:
        seconds, source = cost(unit, results)
        price = f"about {clock(seconds)} min ({source})" if seconds else "cost not known"
        print(f"{unit.name:{width}}  {unit.model}  {unit.text}  {unit.size}  {price}  "
              f"{results.standing(unit, keys[unit])}")
    return 0


def cost(unit, results):
    """Seconds that a run takes, and how that is known."""
    measured = results.state(unit).get("seconds")
    if measured:
        return measured, "measured here"
    stated = nbformat.read(unit.notebook, as_version=4).metadata.get("superweight", {}).get("cost_seconds", {})
    return stated.get(unit.size), "as its authors measured"


class Runner:
    def __init__(self, home, results, material):
        self.home, self.results, self.material = home, results, material
        self.logs = results.root / "build/logs"
        self.commit = commit(home)

    def bring_up_to_date(self, unit, key, force):
        """Returns the exit code that this unit asks for."""
        standing = self.results.standing(unit, key)
        if standing == "finished" and not force:
            print(f"      {unit.name}: finished before, nothing to do")
            return 0
        seconds, _ = cost(unit, self.results)
        print(f"      {unit.name}: {standing}, runs now" + (f", about {clock(seconds)} min" if seconds else ""),
              flush=True)
        began = time.monotonic()
        notebook = nbformat.read(unit.notebook, as_version=4)
        self.failed_copy(unit).unlink(missing_ok=True)
        folder = self.results.begin(unit)
        try:
            asyncio.run(self.execute(unit, notebook, folder, seconds))
            self.add_notebook(unit, notebook, folder / "out/notebooks" / unit.model / unit.text)
            self.results.publish(unit, key, time.monotonic() - began)
        except InvalidInput as fault:
            print(f"{unit.name}: {fault}", file=sys.stderr)
            return 2
        except (NotebookFailed, ValueError) as failure:
            self.report(unit, notebook, failure)
            return 1
        finally:
            # Only what is whole and not yet in place is worth keeping.
            if folder.exists() and not (folder / "READY").exists():
                shutil.rmtree(folder)
        print(f"      {unit.name}: finished in {clock(time.monotonic() - began)} min")
        return 0

    async def execute(self, unit, notebook, folder, seconds):
        task, loop, received = asyncio.current_task(), asyncio.get_running_loop(), []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, lambda name=number.name: (received.append(name), task.cancel()))
        self.logs.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, **self.material.environment(), "SUPERWEIGHT_OUT": str(folder / "out"),
                       "SUPERWEIGHT_PROGRESS": str(folder / "progress"), "SUPERWEIGHT_COMMIT": self.commit}
        environment.setdefault("SUPERWEIGHT_COMMAND", " ".join(sys.argv))
        try:
            await execute(notebook, self.home, environment, self.material.threads,
                          self.logs / f"{unit.name}.kernel.log", Progress(unit.name, seconds, folder / "progress"))
        except asyncio.CancelledError as cancelled:
            raise Interrupted(f" by {', '.join(received)}") from cancelled

    def add_notebook(self, unit, notebook, folder):
        folder.mkdir(parents=True, exist_ok=True)
        tidy(notebook)
        nbformat.write(notebook, folder / f"{unit.name}.ipynb")
        (folder / f"{unit.name}.html").write_text(html_page(notebook, unit.name), encoding="utf-8")

    def failed_copy(self, unit):
        return self.logs / f"{unit.name}.failed.ipynb"

    def report(self, unit, notebook, failure):
        copy = self.failed_copy(unit)
        tidy(notebook)
        nbformat.write(notebook, copy)
        print(f"{unit.name} failed: {failure}\nThe notebook as far as it came: {copy}", file=sys.stderr, flush=True)


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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent.parent))
