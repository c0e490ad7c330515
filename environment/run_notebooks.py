"""Runs the notebooks that are not finished, each as a whole or not at all. reproduce.sh and test.sh call this.

Exit codes: 0 all are finished, 1 a notebook failed, 2 the arguments are at fault, 130 interrupted.
"""
import argparse
import csv
import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import caller
import hub
from units import Fingerprints, Results, Unit
from wording import clock, failed

EMBEDDED = "smollm2-135m"
EMBEDDED_WEIGHTS, EMBEDDED_BYTES = 134_515_008, 98_000_000


class BadArgument(Exception):
    """What the user gave is at fault; the message says what."""


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
    caller.end_with(options.caller)
    try:
        fingerprints = Fingerprints(home / "build/fingerprints.json", Reading())
        keys = {unit: material.key(unit, home, fingerprints) for unit in units}
        if options.list:
            return show(units, keys, results, material.times())
        results.recover()
        from runner import Runner  # needs the packages of the set-up, which looking and listing do without
        return Runner(home, results, material).bring_all_up_to_date(keys, options.force)
    except OSError as failure:
        print(failed("reproduce.sh", failure, results.root), file=sys.stderr)
        return 1


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
    parser.add_argument("--caller", type=int)  # the process number of the script that this one must not outlive
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
    """What the notebooks are run on; `asked` is the model as the library is to be asked for it."""
    model_path: Path
    asked: str
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
        asked, file = EMBEDDED if embedded else str(path), path.name
        if not path.exists() and not embedded:
            asked, file = options.model, Path(options.model).name
            path = downloaded(options.model)
        if not path.exists() and not options.list:
            raise BadArgument(f"the model {EMBEDDED} has not been set up")
        if file in (own.name, EMBEDDED) and not embedded:
            raise BadArgument(f"{options.model} bears the name of the embedded model, and results are filed by name; "
                              "rename it")
        data = os.path.abspath(options.data) if options.data else ""
        if data and not Path(data, "wiki.test.raw").is_file():
            raise BadArgument(f"the data folder {data} does not exist or holds no file wiki.test.raw")
        if options.threads is not None and options.threads < 1:
            raise BadArgument(f"--threads needs a whole number from 1 on, not {options.threads}")
        return Material(path, asked, file.removesuffix(".gguf"), data,
                        "wikitext2" if data else "bundled", options.size, options.threads)

    def key(self, unit, home, fingerprints):
        """What a unit's results depend on, part by part; the number of threads is none of it."""
        cells = [(cell["cell_type"], "".join(cell["source"])) for cell in read_notebook(unit.notebook)["cells"]]
        environment = home / "environment"
        # Before set-up the embedded model is not there to be looked at; the packages say which it will be.
        model = {"model": fingerprints.of(self.model_path)} if self.model_path.exists() else {}
        return {
            **model,
            "text": fingerprints.of(*self.texts()) if self.data else self.text,
            "tasks": fingerprints.of(*sorted(Path(self.data).glob("*.jsonl"))) if self.data else "none",
            "code": fingerprints.of(home / "src/main", home / "pom.xml"),
            "notebook": hashlib.sha256(repr(cells).encode()).hexdigest(),
            "sizes": hashlib.sha256(repr(sizes(unit, home)).encode()).hexdigest(),
            "claims": fingerprints.of(*(home / "paper-tables" / name for name in (
                "claims.csv", "super-weights.csv", "contradictions.csv", "printed"))),
            "packages": fingerprints.of(*(environment / name for name in (
                "requirements.lock", "jvm.args", "kernel.json.template"))),
        }

    def texts(self):
        """The data folder's texts; C4, where it is there, under the name that its data set gives it."""
        return [Path(self.data, "wiki.test.raw"), *sorted(Path(self.data, "en").glob("c4-validation.*.json.gz"))]

    def times(self):
        """About how many times the embedded model's weights the model has, by the size of its files."""
        if self.model == EMBEDDED:
            return 1
        files = list(self.model_path.glob("*.safetensors")) if self.model_path.is_dir() else [self.model_path]
        bytes_per_weight = 2 if self.model_path.is_dir() else EMBEDDED_BYTES / EMBEDDED_WEIGHTS
        return max(1, sum(file.stat().st_size for file in files) / bytes_per_weight / EMBEDDED_WEIGHTS)

    def environment(self):
        return {"SUPERWEIGHT_MODEL": self.asked, "SUPERWEIGHT_DATA": self.data, "SUPERWEIGHT_SIZE": self.size,
                "SUPERWEIGHT_THREADS": str(self.threads or "")}


def downloaded(name):
    try:
        return hub.here(name)
    except hub.Absent as reason:
        raise BadArgument(reason) from None


def show(units, keys, results, times):
    width = max([len(unit.name) for unit in units], default=0)
    whole = left = 0
    for unit in units:
        seconds, source = cost(unit, results, times)
        price = f"about {clock(seconds)} min ({source})" if seconds else "cost not known"
        kept = results.kept_seconds(unit, keys[unit])
        standing = results.standing(unit, keys[unit])
        whole += seconds or 0
        left += 0 if standing == "finished" else max(0, (seconds or 0) - kept)
        print(f"{unit.name:{width}}  {unit.model}  {unit.text}  {unit.size}  {price}  "
              f"{standing}" + (f", {clock(kept)} min of it measured" if kept else ""))
    if len(units) > 1:
        print(f"{'all of these':{width}}  about {clock(whole)} min, about {clock(left)} of it not yet done")
    return 0


def cost(unit, results, times):
    """Seconds that a run takes, and how that is known; a model of `times` the embedded one's weights takes as many times
    as long."""
    measured = results.state(unit).get("seconds")
    if measured:
        return measured, "measured here"
    stated = read_notebook(unit.notebook)["metadata"].get("superweight", {}).get("cost_seconds", {}).get(unit.size)
    if times == 1 or not stated:
        return stated, "as its authors measured"
    return stated * times, f"estimated: {times:.0f} times the weights of {EMBEDDED}"


def sizes(unit, home):
    """What the unit takes of each thing at its size; other notebooks' rows and other sizes are nothing to it."""
    with open(home / "notebooks/sizes.csv", encoding="utf-8", newline="") as file:
        return [(row.get("name"), row.get(unit.size)) for row in csv.DictReader(file)
                if row.get("notebook") == unit.name]


def read_notebook(file):
    return json.loads(file.read_text(encoding="utf-8"))


class Reading:
    """Says how far the first reading of a large file is, where that takes longer than a few seconds."""

    QUIET_SECONDS = 5

    def __init__(self):
        self.began = self.said = time.monotonic()

    def __call__(self, file, done, size):
        now = time.monotonic()
        if done == 0:
            self.began = self.said = now
        elif now - self.said >= self.QUIET_SECONDS:
            self.said = now
            left = (now - self.began) * (size - done) / done
            print(f"      Reading {file.name} to know it again: {done / size:.0%}, about {clock(left)} left",
                  file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], Path(__file__).resolve().parent.parent))
