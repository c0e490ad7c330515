"""Tests of what decides whether a benchmark counts, and of the tables."""
import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy
from safetensors.numpy import load_file

sys.path.insert(0, str(Path(__file__).parents[1]))
import checkpoint
import llama7b
import options
import tables
from rounds import Agreement, Comparison, absolute, ratios, relative
from sides import Failed, InvalidInput, Round, Worker, run

COMPARISON = Comparison("some work", 3, Agreement("loss, relative", relative, 1e-4), {"ratio": 2})


def side(*rounds):
    """A side whose rounds take so long and all find 2.5."""
    left = iter(rounds)
    return lambda: Round(next(left), [2.5])


class RoundsTest(unittest.TestCase):
    def test_the_first_round_is_not_counted_and_ratios_are_taken_pair_by_pair(self):
        with contextlib.redirect_stdout(io.StringIO()):
            result = COMPARISON.measure({"ours": side(9, 1, 2, 4), "b": side(9, 3, 4, 20)})
        self.assertEqual({"ours": [1, 2, 4], "b": [3, 4, 20]}, result["seconds"])
        self.assertEqual({"minimum": 2, "median": 3, "maximum": 5}, result["ratios"]["b"])

    def test_sides_take_turns(self):
        order = []

        def named(name):
            return lambda: order.append(name) or Round(1, [1])

        with contextlib.redirect_stdout(io.StringIO()):
            COMPARISON.measure({"a": named("a"), "b": named("b")})
        self.assertEqual(list("abababab"), order)

    def test_sides_that_computed_different_things_fail(self):
        for ours, others in [([2.5], [2.501]), ([2.5], [2.5, 2.5]), ([2.5], [float("nan")])]:
            with self.subTest(others=others), self.assertRaises(Failed):
                COMPARISON.agreement.largest(ours, others)

    def test_the_largest_difference_is_told(self):
        agreement = Agreement("score", absolute, 1e-3)
        self.assertAlmostEqual(5e-4, agreement.largest([1, -7], [1.0001, -7.0005]))

    def test_a_ratio_needs_both_sides(self):
        with self.assertRaises(ValueError):
            ratios([1, 2], [1])


class SidesTest(unittest.TestCase):
    def test_a_worker_answers_and_ends_with_its_owner(self):
        echo = (
            "import json, sys; print(json.dumps({'version': '1'}), flush=True)\n"
            "for line in sys.stdin:\n"
            "    asked = json.loads(line)\n"
            "    print(json.dumps({'seconds': 0.5, 'values': asked['given']}), flush=True)"
        )
        with Worker("echo", [sys.executable, "-c", echo]) as worker:
            self.assertEqual({"version": "1"}, worker.versions)
            self.assertEqual(Round(0.5, [1, 2]), worker.round("anything", given=[1, 2]))
        self.assertIsNotNone(worker.process.returncode)

    def test_a_worker_that_dies_is_reported_with_its_last_words(self):
        with self.assertRaisesRegex(Failed, "exit code 3\nno such model"):
            die = "import sys; print('no such model', file=sys.stderr); sys.exit(3)"
            Worker("w", [sys.executable, "-c", die])

    def test_a_fault_is_the_inputs(self):
        refuse = "print('{}'); input(); print('{\"fault\": \"There are 3 items.\"}')"
        with Worker("w", [sys.executable, "-u", "-c", refuse]) as worker:
            with self.assertRaisesRegex(InvalidInput, "There are 3 items."):
                worker.ask("items")

    def test_a_command_is_told_with_its_peak_memory(self):
        small = run([sys.executable, "-c", "print('done')"])
        large = run([sys.executable, "-c", "print(len(bytes(range(256)) * 2**20))"])
        self.assertEqual("done\n", small.output)
        self.assertGreater(large.peak_bytes, 2**28)
        self.assertLess(small.peak_bytes, 2**28)

    def test_a_command_that_fails_fails_the_benchmark(self):
        with self.assertRaisesRegex(Failed, "exit code 2"):
            run([sys.executable, "-c", "import sys; sys.exit(2)"])


class CheckpointTest(unittest.TestCase):
    def test_llama_7b_has_its_published_number_of_weights(self):
        tensors = [shape for shard in llama7b.Shape().shards() for shape in shard.values()]
        self.assertEqual(6_738_415_616, sum(int(numpy.prod(shape)) for shape in tensors))
        self.assertEqual((2, 3968, 7003), llama7b.Shape().planted)

    def test_the_room_that_is_asked_for_is_about_what_is_needed(self):
        self.assertAlmostEqual(1, checkpoint.size(32, 4096) / (2 * 6_738_415_616), delta=0.01)

    def test_the_same_seed_makes_the_same_files_and_the_weight_stands_in_its_place(self):
        shape = llama7b.Shape(layers=4, hidden=128)
        with tempfile.TemporaryDirectory() as folder:
            facts = [llama7b.make(Path(folder, name), shape) for name in ("a", "b")]
            self.assertEqual(facts[0], facts[1])
            for file in Path(folder, "a").iterdir():
                self.assertEqual(file.read_bytes(), Path(folder, "b", file.name).read_bytes())
            index = json.loads(Path(folder, "a", "model.safetensors.index.json").read_text())
            name = "model.layers.2.mlp.down_proj.weight"
            tensors = load_file(Path(folder, "a", index["weight_map"][name]))
            self.assertEqual(llama7b.PLANTED, tensors[name][shape.planted[1:]])

    def test_only_the_planted_weight_may_be_found(self):
        def found(*places):
            weights = [dict(zip(("layer", "row", "column"), place)) for place in places]
            return json.dumps({"superWeights": weights})

        checkpoint.require_found(found((2, 3, 4)), "2:3:4")
        for places in ([], [(2, 3, 5)], [(2, 3, 4), (1, 1, 1)]):
            with self.subTest(places=places), self.assertRaises(Failed):
                checkpoint.require_found(found(*places), "2:3:4")

    def test_a_full_disk_is_refused_before_anything_is_made(self):
        usage = mock.Mock(free=10**9)
        with mock.patch("shutil.disk_usage", return_value=usage), self.assertRaises(InvalidInput):
            with checkpoint.made(32, 4096):
                self.fail("it was made")


class OptionsTest(unittest.TestCase):
    def test_faults_are_one_sentence_and_exit_code_2(self):
        faults = [["nothing"], ["--rounds", "0"], ["--threads", "two"], ["--hidden", "100"],
                  ["arc_easy"]]
        with mock.patch.dict(os.environ, {"SUPERWEIGHT_DATA": ""}):
            for arguments in faults:
                said = io.StringIO()
                with self.subTest(arguments), contextlib.redirect_stderr(said):
                    with self.assertRaises(SystemExit) as exit:
                        options.parse(arguments)
                    self.assertEqual(2, exit.exception.code)
                    self.assertEqual(1, len(said.getvalue().splitlines()))


class TablesTest(unittest.TestCase):
    RESULT = {
        "round": "some work", "goal": {"ratio": 2}, "threads": 2, "others_wait": "default",
        "date": "2026-01-01 00:00 UTC",
        "seconds": {"ours": [1, 2, 4], "b": [3, 4, 20]}, "commit": "abc",
        "ratios": {"b": {"minimum": 2, "median": 3, "maximum": 5}},
        "agreement": {"of": "loss", "largest_difference": 1.23e-6, "allowed": 1e-4},
        "machine": {"cpu": "C", "cores": 2, "memory_gib": 8, "os": "Linux"},
        "machine_load": {"load_before": 0.1, "others_share": 0.01, "busy": False},
    }

    def test_a_row_tells_medians_ratios_and_whether_the_goal_was_reached(self):
        row = tables.tables({"perplexity": self.RESULT})[2]
        self.assertEqual("| perplexity | some work | b | 2.00 | 4.00 | 3.00 | 2.00 to 5.00 |"
                         " at least 2: reached | 3 | 1.2e-06 (1e-04) |", row)
        missed = {**self.RESULT, "goal": {"ratio": 3.5}}
        self.assertIn("**missed**", tables.tables({"perplexity": missed})[2])

    def test_a_busy_machine_is_told(self):
        load = {"load_before": 3, "others_share": 0.4, "busy": True}
        last = tables.tables({"perplexity": {**self.RESULT, "machine_load": load}})[-1]
        self.assertIn("**the machine was busy**: load 3 before; others took 40 %", last)

    def test_only_what_stands_between_the_comments_is_written(self):
        document = f"before\n{tables.BEGIN}\nold\n{tables.END}\nafter\n"
        filled = tables.filled(document, {})
        self.assertEqual(document.replace("old", "Nothing was measured yet."), filled)
        self.assertEqual(filled, tables.filled(filled, {}))
        with self.assertRaises(ValueError):
            tables.filled("no place", {})


if __name__ == "__main__":
    unittest.main()
