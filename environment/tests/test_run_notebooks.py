"""The runner as a whole, on notebooks that need the kernel but no model."""
import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import nbformat
import run_notebooks
from checkout import WRITES_A_TABLE, make_checkout, write_notebook, write_sizes
from hub_cache import make_snapshot
from units import seconds_of

MEASURES = """
import superweight.*;
import superweight.checkpoint.*;
import superweight.measure.*;
import superweight.model.*;
import superweight.report.*;
import tech.tablesaw.api.*;

var run = Run.fromEnvironment("06-measures");
var model = CausalLM.load(Checkpoints.open(run.model()));
var ids = model.tokenizer().encode(EvaluationText.fromDataFolder(run.data()).text());
var perplexities = DoubleColumn.create("perplexity");
for (int window = 0; window < 10; window++) {
    perplexities.append(Perplexity.measure(model, Perplexity.windows(ids, 512).subList(window, window + 1),
            Condition.ORIGINAL, run.part(window / 10.0, (window + 1) / 10.0)).value());
}
run.write("06-measures", ResultTable.of(Table.create("windows").addColumns(perplexities)));
"""

NOTEBOOKS = {
    "01-good": ["int x = 1;", WRITES_A_TABLE],
    "02-unresolved": ["int f() { return notThere(); }"],
    "03-throws": ["int before = 41; before + 1", 'throw new IllegalStateException("no such tensor");'],
    "04-dies": ["Runtime.getRuntime().halt(7);"],
    "05-slow": [WRITES_A_TABLE, "while (true) Thread.sleep(100);"],
    "06-measures": [MEASURES],  # the real model, on ten windows of half a second each
}


class RunNotebooksTest(unittest.TestCase):
    def setUp(self):
        # With a space, since a checkout's path may hold one.
        self.home = Path(tempfile.mkdtemp(prefix="with space "))
        self.addCleanup(shutil.rmtree, self.home)
        make_checkout(self.home, NOTEBOOKS)

    def run_with(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_notebooks.main([str(argument) for argument in arguments], self.home)
        return code, out.getvalue(), err.getvalue()

    def results(self):
        folders = ("notebooks/smollm2-135m", "paper-tables/smollm2-135m")
        return sorted(file.name for folder in folders for file in (self.home / folder).rglob("*") if file.is_file())

    def test_a_run_publishes_once_and_again_only_after_a_change(self):
        code, _, err = self.run_with("01-good")
        self.assertEqual((0, ""), (code, err))
        self.assertEqual(["01-good.html", "01-good.ipynb", "trial.csv"], self.results())
        executed = nbformat.read(self.home / "notebooks/smollm2-135m/bundled/01-good.ipynb", as_version=4)
        nbformat.validate(executed)
        self.assertEqual(3, len(executed.cells))
        self.assertEqual("42", executed.cells[-1].outputs[0].data["text/plain"])
        self.assertTrue(all("execution" not in cell.metadata for cell in executed.cells))
        page = (self.home / "notebooks/smollm2-135m/bundled/01-good.html").read_text(encoding="utf-8")
        self.assertNotIn("http", page.replace("http-equiv", ""))
        self.assertIn("answer", page)

        code, out, _ = self.run_with("01-good")
        self.assertEqual(0, code)
        self.assertIn("01-good: finished before", out)
        write_notebook(self.home, "01-good", ["int x = 2;", WRITES_A_TABLE])
        _, out, _ = self.run_with("--list", "01")
        self.assertIn("out of date: notebook changed", out)
        self.assertIn("measured here", out)

    def test_a_model_may_be_a_folder_whose_files_all_count(self):
        folder = self.home / "models/tiny-hf"
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}", encoding="utf-8")
        options = run_notebooks.parse(["--model", f"{folder}/"])
        material = run_notebooks.Material.of(options, self.home)
        self.assertEqual("tiny-hf", material.model)
        self.assertEqual(str(folder), material.environment()["SUPERWEIGHT_MODEL"])
        unit = run_notebooks.Unit(self.home / "notebooks/01-good.ipynb", "tiny-hf", "bundled", "small")
        fingerprints = run_notebooks.Fingerprints(self.home / "build/fingerprints.json")
        before = material.key(unit, self.home, fingerprints)
        (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
        changed = {part for part, value in material.key(unit, self.home, fingerprints).items() if value != before[part]}
        self.assertEqual({"model"}, changed)

    def test_failing_notebooks_publish_nothing_and_the_others_still_run(self):
        code, _, err = self.run_with("01", "02", "03", "04")
        self.assertEqual(1, code)
        self.assertEqual(["01-good.html", "01-good.ipynb", "trial.csv"], self.results())
        self.assertIn("int f() { return notThere(); }  needs  [method notThere()]", err)
        self.assertIn("no such tensor", err)
        self.assertIn("04-dies failed: the Java kernel died", err)
        self.assertLess(len(err.splitlines()), 20)
        kept = nbformat.read(self.home / "build/logs/03-throws.failed.ipynb", as_version=4)
        self.assertEqual("42", kept.cells[1].outputs[0].data["text/plain"])
        self.assertEqual("error", kept.cells[2].outputs[0].output_type)
        self.assertEqual([], list((self.home / "build/staging").iterdir()))

    def start_slow(self, prefix=(), until=None):
        """Starts the notebook that never ends; returns its runner once a cell computes."""
        until = until or self.home / "build/staging/smollm2-135m--bundled--default--05-slow/out/paper-tables"
        return self.start("05", until.exists, prefix)

    def start(self, name, until, prefix=()):
        """Starts a notebook, its runner in a process of its own; returns that when `until` holds."""
        code = ("import sys, pathlib, run_notebooks\n"
                f"sys.exit(run_notebooks.main(sys.argv[1:], pathlib.Path({str(self.home)!r})))")
        environment = {**os.environ, "PYTHONPATH": str(Path(run_notebooks.__file__).parent)}
        process = subprocess.Popen([*prefix, sys.executable, "-c", code, name, "--caller", str(os.getpid())],
                                   env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   start_new_session=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        wait_until(until)
        return process

    def test_interrupted_it_publishes_nothing_and_leaves_no_kernel(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            process = self.start_slow()
            kernels = kernels_of(process.pid)
            self.assertEqual(1, len(kernels))
            process.send_signal(number)
            _, err = process.communicate(timeout=30)
            self.assertEqual(130, process.returncode, err)
            self.assertEqual(1, len(err.strip().splitlines()), err)
            self.assertEqual([], self.results())
            self.assertEqual([], list((self.home / "build/staging").iterdir()))
            self.assertEqual([], [kernel for kernel in kernels if works(kernel)])

    def test_killed_outright_it_takes_its_kernel_along(self):
        process = self.start_slow()
        kernels = kernels_of(process.pid)
        self.assertEqual(1, len(kernels))
        process.kill()
        wait_until(lambda: not any(works(kernel) for kernel in kernels))
        self.assertEqual([], self.results())

    def test_killed_while_it_measures_it_goes_on_there(self):
        code, _, err = self.run_with("--out", self.home / "build/uninterrupted", "06")
        self.assertEqual((0, ""), (code, err))
        journal = self.home / "build/journal"

        def steps():
            return list(journal.glob("*--06-measures/*/[0-9a-f]*"))

        process = self.start("06", lambda: len(steps()) >= 3)
        kernels = kernels_of(process.pid)
        process.kill()
        wait_until(lambda: not any(works(kernel) for kernel in kernels))
        kept = sum(seconds_of(step) for step in steps())
        self.assertIn(len(steps()), range(3, 10))
        self.assertEqual([], self.results())
        self.assertIn("min of it measured", self.run_with("--list", "06")[1])

        code, out, err = self.run_with("06")
        self.assertEqual((0, ""), (code, err))
        self.assertIn("min of it were measured before", out)
        tables = "paper-tables/smollm2-135m/bundled/06-measures"
        for ending in (".csv", ".md"):
            self.assertEqual((self.home / f"build/uninterrupted/{tables}{ending}").read_bytes(),
                             (self.home / f"{tables}{ending}").read_bytes())
        time = json.loads((self.home / f"{tables}.provenance.json").read_text(encoding="utf-8"))["time"]
        self.assertAlmostEqual(kept, time["keptSeconds"], places=2)
        self.assertEqual([], list(journal.iterdir()))

    def test_a_kernel_that_dies_before_it_answers_is_a_failure_in_a_few_words(self):
        process = self.start_slow(until=self.home / "build/logs/05-slow.kernel.log")
        kernels = []
        wait_until(lambda: kernels.extend(kernels_of(process.pid)) or kernels)
        os.kill(kernels[0], signal.SIGKILL)
        _, err = process.communicate(timeout=60)
        self.assertEqual(1, process.returncode, err)
        self.assertIn("05-slow failed: the Java kernel died", err)
        self.assertNotIn("Traceback", err)
        self.assertEqual([], list((self.home / "build/staging").iterdir()))

    def test_it_ends_with_the_script_that_called_it(self):
        # The script: a shell that passes its own number and goes on to wait.
        script = self.start_slow(prefix=("sh", "-c", '"$@" --caller $$; exit', "sh"))
        runner, = children(script.pid)
        kernels = kernels_of(runner)
        self.assertEqual(1, len(kernels))
        script.kill()
        wait_until(lambda: not any(works(process) for process in (runner, *kernels)))
        self.assertEqual([], self.results())
        self.assertEqual([], list((self.home / "build/staging").iterdir()))

    def test_a_run_under_nohup_outlives_its_terminal(self):
        process = self.start_slow(prefix=("nohup",))
        process.send_signal(signal.SIGHUP)
        time.sleep(1)
        self.assertIsNone(process.poll())
        process.send_signal(signal.SIGTERM)
        self.assertEqual(130, process.wait(30))

    def test_results_can_go_to_another_folder(self):
        elsewhere = self.home / "build/elsewhere"
        code, _, _ = self.run_with("--out", elsewhere, "--size", "small", "01")
        self.assertEqual(0, code)
        self.assertEqual([], self.results())
        self.assertTrue((elsewhere / "paper-tables/smollm2-135m/bundled/trial.csv").exists())
        state = json.loads((elsewhere / "build/units/smollm2-135m/bundled/small/01-good.json").read_text())
        self.assertEqual({"model", "text", "tasks", "code", "notebook", "sizes", "claims", "packages"}, set(state["key"]))

    def test_a_model_may_be_a_name_on_the_hub_under_whose_last_part_results_are_filed(self):
        cache = self.home / "cache"
        snapshot = make_snapshot(cache, "Org/tiny-0.6B")
        with mock.patch.dict(os.environ, HF_HUB_CACHE=str(cache)):
            material = run_notebooks.Material.of(run_notebooks.parse(["--model", "Org/tiny-0.6B"]), self.home)
        self.assertEqual(("tiny-0.6B", snapshot), (material.model, material.model_path))
        self.assertEqual("Org/tiny-0.6B", material.environment()["SUPERWEIGHT_MODEL"])

    def test_what_is_asked_for_wrongly_is_refused_in_one_sentence(self):
        for arguments, expected in ((["09"], "no notebook 09; there are: 01-good"),
                                    (["--model", "nowhere.gguf"], "no model nowhere.gguf"),
                                    (["--model", "nobody/no-model"], "hf download nobody/no-model"),
                                    (["--data", "nowhere"], "holds no file wiki.test.raw"),
                                    (["--threads", "0"], "--threads"), (["--bogus"], "--bogus")):
            code, out, err = self.run_with(*arguments)
            self.assertEqual((2, ""), (code, out))
            self.assertEqual(1, len(err.splitlines()), err)
            self.assertIn(expected, err)

    def test_list_runs_nothing_and_each_part_of_the_key_counts(self):
        self.run_with("01")
        model = self.home / "build/models/smollm2-135m.gguf"
        for part, file in (("code", "src/main/java/A.java"), ("code", "pom.xml"), ("claims", "paper-tables/claims.csv"),
                           ("packages", "environment/requirements.lock"), ("model", model)):
            file = self.home / file
            before = file.read_text()
            file.write_text("changed")
            self.assertIn(f"out of date: {part} changed", self.run_with("--list", "01")[1])
            file.write_text(before)
            self.assertTrue(self.run_with("--list", "01")[1].strip().endswith("finished"))

    def test_list_ends_with_what_all_take_and_what_is_left_of_it(self):
        last = self.run_with("--list")[1].splitlines()[-1]
        self.assertRegex(last, r"^all of these +about \d+:\d\d min, about \d+:\d\d of it not yet done$")
        self.run_with("01")
        self.assertNotIn("all of these", self.run_with("--list", "01")[1])

    def test_of_the_sizes_only_the_units_own_count(self):
        self.run_with("01")
        write_sizes(self.home, {"01-good": 2, "02-unresolved": 1})
        self.assertIn("out of date: sizes changed", self.run_with("--list", "01")[1])
        write_sizes(self.home, {"01-good": 1, "02-unresolved": 2})
        self.assertTrue(self.run_with("--list", "01")[1].strip().endswith("finished"))

    def test_a_notebook_is_chosen_by_name_number_or_path(self):
        for name in ("03-throws", "03", "notebooks/03-throws.ipynb", "03-throws.ipynb"):
            self.assertEqual(["03-throws"], [notebook.stem for notebook in run_notebooks.choose([name], self.home)])
        self.assertEqual(sorted(NOTEBOOKS), [notebook.stem for notebook in run_notebooks.choose([], self.home)])


def wait_until(condition):
    limit = time.monotonic() + 60
    while not condition():
        if time.monotonic() > limit:
            raise AssertionError("waited for a minute in vain")
        time.sleep(0.05)


def works(process):
    """Whether there is such a process; one that has ended may stay listed until somebody asks for its exit code."""
    return read(process, "stat").rpartition(b")")[2].split()[:1] not in ([], [b"Z"])


def kernels_of(runner):
    """The kernels that a runner has started; it starts other programs too, for a moment each."""
    return [process for process in children(runner) if b"jjava" in read(process, "cmdline")]


def children(parent):
    return [int(folder.name) for folder in Path("/proc").glob("[0-9]*")
            if read(folder.name, "stat").rpartition(b")")[2].split()[1:2] == [str(parent).encode()]]


def read(process, name):
    """What the system says of a process; nothing of one that has ended."""
    try:
        return Path(f"/proc/{process}/{name}").read_bytes()
    except OSError:
        return b""
