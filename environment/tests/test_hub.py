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
INDEX = '{"weight_map": {"a": "b-2.safetensors", "b": "b-1.safetensors", "c": "b-2.safetensors"}}'
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
        weights = self.snapshot / "model.safetensors"
        index = self.snapshot / "model.safetensors.index.json"
        damages = {"nothing": lambda: shutil.rmtree(self.repository),
                   "GGUF alone": lambda: (index.unlink(), (self.snapshot / "b.gguf").write_bytes(b"GGUF"),
                                          (self.snapshot / "a.gguf").write_bytes(b"GGUF")),
                   "no blob": (self.repository / "blobs/tokenizer.json").unlink,
                   "no shard": lambda: (weights.unlink(), index.write_text(INDEX, encoding="ascii")),
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

    def test_a_model_whose_shards_are_all_there_is_found_and_what_the_index_says_otherwise_is_left_to_the_jar(self):
        (self.snapshot / "model.safetensors").unlink()
        for index in (INDEX, "{", "[]", '{"weight_map": [1]}', '{"weight_map": {"a": "../b-3.safetensors"}}',
                      '{"weight_map": {"a": {}}}', "[" * 100_000, "\xff"):
            (self.snapshot / "model.safetensors.index.json").write_text(index, encoding="latin-1")
            for shard in ("b-1.safetensors", "b-2.safetensors"):
                (self.snapshot / shard).write_bytes(b"")
            self.assertEqual(self.snapshot, hub.snapshot(NAME, self.folder))
        (self.snapshot / "model.safetensors.index.json").write_text(INDEX, encoding="ascii")
        for shard in ("b-2.safetensors", "b-1.safetensors"):
            (self.snapshot / shard).unlink()
            with self.assertRaisesRegex(hub.Absent, f"lacks {shard}; hf download {NAME} fetches what is missing"):
                hub.snapshot(NAME, self.folder)

    def test_the_cache_is_where_the_client_keeps_it(self):
        for variables, expected in (({}, "/u/.cache/huggingface/hub"), ({"HF_HUB_CACHE": "/hub"}, "/hub"),
                                    ({"HF_HOME": "~/hf", "XDG_CACHE_HOME": "/c"}, "/u/hf/hub"),
                                    ({"XDG_CACHE_HOME": "/c", "HF_HOME": " "}, "/c/huggingface/hub"),
                                    ({"HUGGINGFACE_HUB_CACHE": "~", "HF_HOME": "/h"}, "/u"),
                                    ({"HUGGINGFACE_HUB_CACHE": "/old", "HF_HUB_CACHE": "/new"}, "/new"),
                                    ({"HF_HOME": "${A}/$B/$A_$C", "A": "/a", "B": "$D", "D": "d"}, "/a/d/$A_$C/hub"),
                                    ({"XDG_CACHE_HOME": "~/$A", "A": "b"}, "/u/b/huggingface/hub")):
            self.assertEqual(Path(expected), hub.cache(variables, "/u"))
