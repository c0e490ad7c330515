"""Names on the hub, as the scripts and the command line take them: both read the cache alike."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import hub
from hub_cache import COMMIT, FILES, make_snapshot

HOME = Path(__file__).resolve().parents[2]
TINY = HOME / "src/test/resources/golden/llama/qwen3-bf16"
NAME = "Org/tiny-0.6B"


class HubTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="with space ")).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        self.snapshot = make_snapshot(self.folder, NAME, TINY)
        self.repository = self.snapshot.parents[1]

    def run_command(self, *command, **variables):
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, timeout=120,
                              env={**os.environ, "HF_HUB_CACHE": str(self.folder), **variables})

    def test_the_command_line_opens_a_model_by_its_name(self):
        done = self.run_command(HOME / "superweight", "describe", "--model", NAME)
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertTrue(done.stdout.startswith(f"{NAME}: 2 layers, hidden size 8"), done.stdout)

    def test_both_refuse_what_is_not_there_in_the_same_sentence_with_the_command_that_fetches_it(self):
        damages = {"nothing": lambda: shutil.rmtree(self.repository),
                   "no blob": (self.repository / "blobs/tokenizer.json").unlink,
                   "no commit": lambda: (self.repository / "refs/main").write_text("../x", encoding="ascii")}
        for what, damage in reversed(damages.items()):
            damage()
            done = self.run_command(HOME / "superweight", "describe", "--model", NAME)
            self.assertEqual((2, ""), (done.returncode, done.stdout), what)
            (sentence,) = done.stderr.splitlines()
            looked = self.run_command(HOME / "reproduce.sh", "--list", "--model", NAME)
            self.assertEqual((2, ""), (looked.returncode, looked.stdout), what)
            (reason,) = looked.stderr.splitlines()
            self.assertEqual(sentence.removeprefix("superweight: ").casefold(),
                             reason.removeprefix("reproduce.sh: ").casefold() + ".")
            (self.repository / "refs").mkdir(parents=True, exist_ok=True)
            (self.repository / "refs/main").write_text(COMMIT, encoding="ascii")

    def test_the_notebooks_are_listed_under_the_last_part_of_the_name(self):
        done = self.run_command(HOME / "reproduce.sh", "--list", "--model", NAME, SUPERWEIGHT_DATA="")
        self.assertEqual((0, ""), (done.returncode, done.stderr))
        self.assertEqual("tiny-0.6B", done.stdout.splitlines()[0].split()[1])

    def test_whatever_is_missing_is_named(self):
        for file in FILES:
            (self.snapshot / file).rename(self.folder / file)
            with self.assertRaisesRegex(hub.Absent, f"lacks {file}.*; hf download {NAME} fetches what is missing"):
                hub.snapshot(NAME, self.folder)
            (self.folder / file).rename(self.snapshot / file)
        self.assertEqual(self.snapshot, hub.snapshot(NAME, self.folder))

    def test_the_cache_is_where_the_client_keeps_it(self):
        for variables, expected in (({}, "/u/.cache/huggingface/hub"), ({"HF_HUB_CACHE": "/hub"}, "/hub"),
                                    ({"HF_HOME": "~/hf", "XDG_CACHE_HOME": "/c"}, "/u/hf/hub"),
                                    ({"XDG_CACHE_HOME": "/c", "HF_HOME": " "}, "/c/huggingface/hub"),
                                    ({"HUGGINGFACE_HUB_CACHE": "~", "HF_HOME": "/h"}, "/u"),
                                    ({"HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"}, "/new"),
                                    ({"HF_HOME": "${A}/$B/$A_$C", "A": "/a", "B": "$D", "D": "d"}, "/a/d/$A_$C/hub"),
                                    ({"XDG_CACHE_HOME": "~/$A", "A": "b"}, "/u/b/huggingface/hub")):
            self.assertEqual(Path(expected), hub.cache(variables, "/u"))
