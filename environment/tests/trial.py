"""A scratch copy of the checkout in which ./reproduce.sh is run for real, and what is looked at there."""
import fcntl
import os
import pty
import re
import shutil
import signal
import subprocess
import termios
import threading
import time
from pathlib import Path

import nbformat
from units import read_json, read_state, sha256

RESULTS = ("notebooks", "paper-tables", "figures")
RUN_MARK = "SUPERWEIGHT_TRIAL_RUN"

# The real kernel, library and model, on a few tokens.
VICTIM = ["""
import superweight.*;
import superweight.checkpoint.*;
import superweight.measure.*;
import superweight.model.*;
import superweight.report.*;
import tech.tablesaw.api.*;

var run = Run.fromEnvironment("91-victim");
var checkpoint = Checkpoints.open(run.model());
var model = CausalLM.load(checkpoint);
run.usesModel(Sha256.of(checkpoint.path()));
""", """
var ids = model.tokenizer().encode(EvaluationText.fromDataFolder(run.data()).text());
var windows = Perplexity.windows(ids, 64).stream().limit(4).toList();
var perplexity = IntStream.range(0, 4).mapToDouble(i -> Perplexity.measure(
        model, windows.subList(i, i + 1), Condition.ORIGINAL, run.part(i / 4.0, (i + 1) / 4.0)).value()).sum();
run.write("91-victim", ResultTable.of(Table.create("t").addColumns(DoubleColumn.create("sum", perplexity))));
var figure = new DotFigure("Trial", "sum of perplexities", List.of(DotFigure.Point.of("original", perplexity)));
run.write("91-victim", figure, "4 windows")
"""]
BYSTANDER = ["""
var folder = Path.of(System.getenv("SUPERWEIGHT_OUT"), "paper-tables", "smollm2-135m", "bundled");
Files.createDirectories(folder);
Files.writeString(folder.resolve("90-bystander.csv"), "answer\\n42\\n");
"""]


class Run:
    """A ./reproduce.sh that is under way, on a terminal of its own."""

    def __init__(self, trial, number, arguments):
        self.trial, self.mark = trial, f"{RUN_MARK}={os.getpid()}.{number}"
        self.output, self.began = "", time.monotonic()
        self.terminal, screen = pty.openpty()
        environment = {**os.environ, "SUPERWEIGHT_SIZE": "small", "SUPERWEIGHT_DATA": "", "TERM": "xterm"}
        environment.update([self.mark.split("=")])
        environment.pop("SUPERWEIGHT_LOCK", None)
        self.script = subprocess.Popen(["./reproduce.sh", *arguments], cwd=trial.home, env=environment, stdin=screen,
                                       stdout=screen, stderr=screen, start_new_session=True, preexec_fn=self.sit_down)
        os.close(screen)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    @staticmethod
    def sit_down():
        """In the new process: makes its terminal the one whose Ctrl-C it gets, and heeds that."""
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    def read(self):
        while True:
            try:
                block = os.read(self.terminal, 4096)
            except OSError:
                return  # all that wrote to the terminal have ended
            self.output += block.decode(errors="replace")

    def wait(self, seconds):
        code = self.script.wait(seconds)
        self.reader.join(5)
        return code

    def press_ctrl_c(self):
        os.write(self.terminal, b"\x03")

    def processes(self):
        """The command lines of all that this run started and that still works, by process number."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                pass  # it has ended meanwhile
        return found

    def processes_of(self, part):
        """The numbers of the processes whose command line holds this."""
        return [number for number, line in self.processes().items() if part in line]

    def close(self):
        for number in self.processes():
            try:
                os.kill(number, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.script.wait()
        self.reader.join(5)
        os.close(self.terminal)


class Trial:
    """The scratch checkout."""

    def __init__(self, source, folder):
        self.home = Path(folder, "check out")  # a path may hold a space
        self.small = self.home / "build/small"
        self.runs = 0
        shutil.copytree(source, self.home, symlinks=True,
                        ignore=lambda at, names: {"build", "target", ".git"} if Path(at) == source else {"__pycache__"})
        for name in ("git init -q", "git add -A", "git -c user.name=trial -c user.email=trial commit -qm trial"):
            subprocess.run(name.split(), cwd=self.home, check=True)
        self.write_notebook("90-bystander", BYSTANDER)

    def write_notebook(self, name, cells):
        notebook = nbformat.v4.new_notebook()
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.home / f"notebooks/{name}.ipynb")

    def make_out_of_date(self, name, number):
        """Makes the notebook another one, so that its results are no longer current."""
        if name == "91-victim":
            self.write_notebook(name, [f"// try {number}", *VICTIM])
        else:
            file = self.home / f"notebooks/{name}.ipynb"
            notebook = nbformat.read(file, as_version=4)
            first = next(cell for cell in notebook.cells if cell.cell_type == "code")
            first.source = re.sub(r"\n// try \d+$", "", first.source) + f"\n// try {number}"
            nbformat.write(notebook, file)

    def start(self, *arguments):
        self.runs += 1
        return Run(self, self.runs, arguments)

    def complete(self, *arguments):
        """Runs to the end; returns the exit code and what was said."""
        run = self.start(*arguments)
        try:
            return run.wait(600), run.output
        finally:
            run.close()

    def listed(self, name):
        """What --list says of a notebook."""
        done = subprocess.run(["./reproduce.sh", "--list", name], cwd=self.home, capture_output=True, text=True,
                              env={**os.environ, "SUPERWEIGHT_SIZE": "small", "SUPERWEIGHT_DATA": ""}, timeout=60)
        return done.stdout.strip().split(")  ")[-1] if done.returncode == 0 else done.stderr

    def superweight(self, *arguments):
        """Exit code and stderr of the command line tool."""
        environment = {name: value for name, value in os.environ.items() if name != "SUPERWEIGHT_LOCK"}
        done = subprocess.run(["./superweight", *arguments], cwd=self.home, capture_output=True, text=True,
                              env=environment, timeout=120)
        return done.returncode, done.stderr

    def seconds(self, name):
        """How long the notebook took in its last complete run."""
        return next(read_state(state)["seconds"] for state in (self.small / "build/units").rglob(f"{name}.json"))

    def forget_set_up(self):
        shutil.rmtree(self.home / "target", ignore_errors=True)
        shutil.rmtree(self.home / "build/venv", ignore_errors=True)

    def forget_unpacked_engine(self):
        shutil.rmtree(self.home / "build/djl", ignore_errors=True)

    def is_unpacking(self):
        return (self.home / "build/djl/pytorch").exists()

    # What lies there ---------------------------------------------------------------------------------------------

    def results(self, root):
        """The hash of every file in the folders of results."""
        return {file.relative_to(root).as_posix(): sha256(file)
                for kind in RESULTS for file in (root / kind).rglob("*") if file.is_file()}

    def committed(self):
        """The checkout's own results, which a run at a small size must leave alone."""
        return {path: digest for path, digest in self.results(self.home).items()
                if not re.fullmatch(r"notebooks/[^/]*", path)}

    def listed_outputs(self):
        """What the states of the finished units say lies there, as path and hash."""
        outputs = {}
        for state in (self.small / "build/units").rglob("*.json"):
            outputs.update(read_state(state).get("outputs", {}))
        return outputs

    def cut_off_publications(self):
        """The outputs of publications that the next run has to complete."""
        outputs = {}
        for ready in (self.small / "build/staging").glob("*/READY"):
            outputs.update(read_json(ready)["state"]["outputs"])
        return outputs

    def kept(self, name):
        """What was measured by runs of the notebook that were interrupted."""
        return list((self.small / "build/journal").glob(f"*--{name}/*/*"))

    def staged(self, name):
        return next((self.small / "build/staging").glob(f"*--{name}"), None)
