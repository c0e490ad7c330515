"""What `./superweight quantize` writes, read by the reference package of its format."""
import json
import resource
import shutil
import signal
import struct
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from safetensors import deserialize

HOME = Path(__file__).resolve().parents[2]
BLOCK = 128
MOST = 64 << 20  # bytes of a file; the weights take more
DOWN_PROJ = "model.layers.11.mlp.down_proj.weight"
Q_PROJ = "model.layers.3.self_attn.q_proj.weight"


class Quantize(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.scratch.name, "quantized")
        cls.command = [HOME / "superweight", "quantize", "--bits", "4", "--block", str(BLOCK), "--clip", "sigma=4",
                       "--hold-out", "11:507:1229", "--output", cls.folder]
        cls.done = subprocess.run(cls.command, capture_output=True, text=True)
        cls.config = json.loads((cls.folder / "config.json").read_text())
        cls.report = json.loads((cls.folder / "quantization-report.json").read_text())
        cls.tensors = dict(deserialize((cls.folder / "model.safetensors").read_bytes()))

    @classmethod
    def tearDownClass(cls):
        cls.tensors.clear()
        cls.scratch.cleanup()

    def values(self, name):
        return [value for value, in struct.iter_unpack("<f", self.tensors[name]["data"])]

    def test_the_command_says_where_the_model_is(self):
        self.assertEqual(0, self.done.returncode, self.done.stderr)
        self.assertEqual(f"{self.folder} is written: --model {self.folder} runs it, and so does Hugging Face"
                         " transformers", self.done.stdout.splitlines()[-1])

    def test_every_tensor_has_its_hugging_face_name_and_shape(self):
        hidden, layers = self.config["hidden_size"], self.config["num_hidden_layers"]
        self.assertEqual(9 * layers + 2, len(self.tensors))  # the output projection is the embedding
        self.assertEqual([self.config["vocab_size"], hidden], self.tensors["model.embed_tokens.weight"]["shape"])
        self.assertEqual([hidden, self.config["intermediate_size"]], self.tensors[DOWN_PROJ]["shape"])
        self.assertEqual({"F32"}, {tensor["dtype"] for tensor in self.tensors.values()})

    def test_a_block_has_sixteen_levels_at_most(self):
        weights = self.values(Q_PROJ)
        for start in range(0, len(weights), BLOCK):
            self.assertLessEqual(len(set(weights[start:start + BLOCK])), 16)

    def test_the_weight_that_is_held_out_is_what_it_was_while_its_neighbours_were_clipped(self):
        (held_out,) = self.report["heldOut"]
        place = held_out["row"] * self.config["intermediate_size"] + held_out["column"]
        self.assertEqual(struct.pack("<f", held_out["original"]), struct.pack("<f", self.values(DOWN_PROJ)[place]))
        self.assertAlmostEqual(5.8757, held_out["original"], places=4)
        self.assertLess(held_out["quantized"], held_out["original"] - 1)

    def test_a_folder_that_is_there_is_not_written_to(self):
        before = {file.name: file.stat().st_mtime_ns for file in self.folder.iterdir()}
        again = subprocess.run(self.command, capture_output=True, text=True)
        self.assertEqual(2, again.returncode)
        self.assertEqual(1, len(again.stderr.splitlines()), again.stderr)
        self.assertEqual(before, {file.name: file.stat().st_mtime_ns for file in self.folder.iterdir()})
        self.assertEqual([self.folder], list(Path(self.scratch.name).iterdir()))


class StoppedTest(unittest.TestCase):
    """What ends it before its end leaves nothing behind, hidden or not."""

    def setUp(self):
        self.scratch = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.scratch)
        self.command = [HOME / "superweight", "quantize", "--bits", "4", "--block", str(BLOCK), "--hold-out", "none",
                        "--output", self.scratch / "quantized"]

    def stop(self, number):
        with subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            until = time.monotonic() + 300
            while not any(file.stat().st_size > 1 << 20 for file in self.scratch.rglob("*.safetensors")):
                self.assertIsNone(process.poll(), "it ended before it could be stopped")
                self.assertLess(time.monotonic(), until)
                time.sleep(0.01)
            process.send_signal(number)
            process.communicate()
        self.assertEqual(128 + number, process.returncode)
        self.assertEqual([], list(self.scratch.iterdir()))

    def test_by_the_user(self):
        self.stop(signal.SIGINT)

    def test_by_the_system(self):
        self.stop(signal.SIGTERM)

    def test_by_a_file_that_cannot_grow(self):
        done = subprocess.run(self.command, capture_output=True, text=True,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (MOST, MOST)))
        self.assertEqual((1, ""), (done.returncode, done.stdout))
        self.assertEqual(f"superweight: The run failed: could not write {self.scratch / 'quantized'}: File too large\n",
                         done.stderr)
        self.assertEqual([], list(self.scratch.iterdir()))
