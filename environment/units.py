"""What is finished and what is not: a unit is one notebook run on one model, one text, at one size.

A unit writes into a staging folder. When it is complete, a READY file there says so, and only then do its files
move to where readers look for them; a run that was killed in between is completed by the next one. A unit counts as
finished while the key it was made under (model, code, notebook, ...) and every file it made are unchanged.

Until it is complete, a unit's journal keeps what it has measured, for the next run under the same key to go on with.
"""
import hashlib
import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Unit:
    notebook: Path
    model: str
    text: str
    size: str

    @property
    def name(self):
        return self.notebook.stem

    @property
    def path(self):
        return Path(self.model, self.text, self.size, self.name)


class Results:
    """The tree in which results appear: the checkout, or another folder for trials."""

    def __init__(self, root):
        self.root = Path(root)
        self.units = self.root / "build/units"
        self.staging = self.root / "build/staging"
        self.journals = self.root / "build/journal"

    def state(self, unit):
        """What is known of the last complete run, as it was written then; empty where there was none."""
        return read_state(self.state_file(unit))

    def state_file(self, unit):
        return self.units / unit.path.with_name(unit.name + ".json")

    def staging_folder(self, unit):
        return self.staging / flat(unit)

    def journal_folder(self, unit, key):
        """Where a run keeps what it has measured; of another key's nothing can be used."""
        digest = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()
        return self.journals / flat(unit) / digest

    def kept_seconds(self, unit, key):
        """How long it took to measure what interrupted runs have left in the journal."""
        return sum(seconds_of(step) for step in self.journal_folder(unit, key).glob("[0-9a-f]*"))

    def standing(self, unit, key):
        """`finished`, `not run`, or `out of date: ` and what has changed since."""
        state = self.state(unit)
        if not state:
            return "not run"
        changed = [part for part in key if state["key"].get(part) != key[part]]
        if not changed and not self.has_outputs(state):
            changed = ["results"]
        return "out of date: " + ", ".join(changed) + " changed" if changed else "finished"

    def has_outputs(self, state):
        return all(sha256_or_none(self.root / path) == digest for path, digest in state["outputs"].items())

    def begin(self, unit, key):
        """Returns a new, empty staging folder; what was measured under another key is out of date and goes away."""
        journal = self.journal_folder(unit, key)
        for other in journal.parent.iterdir() if journal.parent.is_dir() else []:
            if other != journal:
                shutil.rmtree(other)
        folder = self.staging_folder(unit)
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "out").mkdir(parents=True)
        return folder

    def publish(self, unit, key, seconds):
        """Makes what stands in the unit's staging folder its results, as a whole."""
        folder = self.staging_folder(unit)
        outputs = {}
        for file in sorted(path for path in (folder / "out").rglob("*") if path.is_file()):
            path = file.relative_to(folder / "out")
            if not belongs_to(unit, path):
                raise ValueError(f"the notebook wrote {path}, outside the folders of its model and text")
            outputs[path.as_posix()] = sha256(file)
            sync(file)
        state = {"key": key, "outputs": outputs, "seconds": round(seconds, 1)}
        state_file = self.state_file(unit).relative_to(self.root).as_posix()
        # All that needs room on the disk comes before READY; after it files only move.
        for path in [*outputs, state_file]:
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        write_json(folder / "STATE", state)
        write_json(folder / "READY", {"state_file": state_file, "state": state})
        self.roll_forward(folder)

    def recover(self):
        """Completes each publication that was cut off, and drops what never became complete."""
        for folder in self.staging.iterdir() if self.staging.is_dir() else []:
            if (folder / "READY").exists():
                self.roll_forward(folder)
            else:
                shutil.rmtree(folder)

    def roll_forward(self, folder):
        """Can be cut off and repeated at any point: each step leaves what the ones after it need."""
        ready = read_json(folder / "READY")
        state, state_file = ready["state"], self.root / ready["state_file"]
        for path in state["outputs"]:
            staged, target = folder / "out" / path, self.root / path
            if staged.exists():
                os.replace(staged, target)
        for path in read_state(state_file).get("outputs", {}):
            if path not in state["outputs"]:
                (self.root / path).unlink(missing_ok=True)
        if (folder / "STATE").exists():
            os.replace(folder / "STATE", state_file)
        shutil.rmtree(self.journals / folder.name, ignore_errors=True)
        (folder / "READY").unlink()
        shutil.rmtree(folder)


def flat(unit):
    """The name of a unit's folder among others; the journal's is the same as that of what is staged."""
    return "--".join(unit.path.parts)


def seconds_of(step):
    """What a journal's file says of how long its step took, in its first line; 0 where it is none of ours."""
    try:
        with open(step, "rb") as file:
            return float(file.readline(100).split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0


def belongs_to(unit, path):
    return path.parts[0] in ("paper-tables", "figures", "notebooks") and path.parts[1:3] == (unit.model, unit.text)


class Fingerprints:
    """SHA-256 of files; that of a large one is kept by path, size and time of change."""

    LARGE = 1 << 20

    def __init__(self, file, reading=lambda file, done, size: None):
        """`reading` is told how far the reading of a large file is."""
        self.file, self.reading = file, reading
        self.known = read_json(file)

    def of(self, *paths):
        """One digest of files, and of all files in folders, with their names."""
        digest = hashlib.sha256()
        for path in paths:
            for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
                if file.is_file():
                    digest.update(f"{file.relative_to(path.parent).as_posix()} {self.of_file(file)}\n".encode())
        return digest.hexdigest()

    def of_file(self, file):
        status = file.stat()
        if status.st_size < self.LARGE:
            return sha256(file)
        stamp = f"{status.st_size} {status.st_mtime_ns}"
        if self.known.get(str(file), [""])[0] != stamp:
            self.known[str(file)] = [stamp, sha256(file, lambda done: self.reading(file, done, status.st_size))]
            with suppress(OSError):  # without room on the disk it is read again the next time
                write_json(self.file, self.known)
        return self.known[str(file)][1]


def sha256(file, reading=lambda done: None):
    digest = hashlib.sha256()
    with open(file, "rb") as stream:
        while block := stream.read(1 << 20):
            reading(stream.tell() - len(block))
            digest.update(block)
    return digest.hexdigest()


def sha256_or_none(file):
    return sha256(file) if file.is_file() else None


def read_state(file):
    state = read_json(file)
    whole = isinstance(state.get("key"), dict) and isinstance(state.get("outputs"), dict)
    return state if whole else {}


def read_json(file):
    """The object in a file of ours; empty where the file is missing or damaged, which means: to be made anew."""
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(file, content):
    file = Path(file)
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(file.name + ".new")
    scratch.write_text(json.dumps(content, indent=1), encoding="utf-8")
    sync(scratch)
    os.replace(scratch, file)


def sync(file):
    with open(file, "rb") as stream:
        os.fsync(stream.fileno())
