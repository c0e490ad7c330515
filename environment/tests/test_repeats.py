"""What counts as the same number on another number of threads."""
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

from repeats import alike, cells_alike

CHANGES = ["task", "items", "gained", "lost", "points", "95 % interval", "Cohen's h", "McNemar's p, Holm"]
CHANGE = ["piqa", "4", "0", "2", "-50.0", "[-75.0, 0.0]", "-1.05", "0.50"]


class RepeatsTest(unittest.TestCase):
    def test_one_unit_of_the_last_printed_digit_is_alike(self):
        self.assertTrue(cells_alike("19.92 [18.40, 21.50]", "19.93 [18.39, 21.50]", Decimal(0)))
        self.assertFalse(cells_alike("19.92", "19.94", Decimal(0)))
        self.assertTrue(cells_alike("1,751", "1,752", Decimal(0)))
        self.assertTrue(cells_alike("0.00083", "0.0008", Decimal(0)))

    def test_one_item_of_an_accuracy_is_alike_and_two_are_not(self):
        self.assertTrue(cells_alike("50.0", "75.0", Decimal(25)))
        self.assertFalse(cells_alike("25.0", "75.0", Decimal(25)))

    def differences(self, headers, row, other_row, name="06-changes.md"):
        with tempfile.TemporaryDirectory() as folder:
            tables = [Path(folder, side, name) for side in ("here", "there")]
            for table, cells in zip(tables, (row, other_row)):
                table.parent.mkdir()
                write_table(table, headers, cells)
                write_table(table.with_name("06-tasks.md"), ["task", "items"], ["piqa", "4"])
            return [each.split(":")[0] for each in alike(*tables)]

    def test_where_one_item_differs_what_follows_from_it_may(self):
        flipped = ["piqa", "4", "1", "2", "-25.0", "[-75.0, 50.0]", "-0.52", "1.0"]
        self.assertEqual([], self.differences(CHANGES, CHANGE, flipped))

    def test_two_items_may_not(self):
        self.assertEqual(["gained"], self.differences(CHANGES, CHANGE, [*CHANGE[:2], "2", *CHANGE[3:]]))
        self.assertEqual(["points"], self.differences(CHANGES, CHANGE, [*CHANGE[:4], "0.0", *CHANGE[5:]]))

    def test_two_changes_that_cancel_in_points_are_seen_in_the_numbers_of_items(self):
        self.assertEqual([], self.differences(CHANGES, CHANGE, [*CHANGE[:2], "1", "3", *CHANGE[4:7], "0.63"]))

    def test_what_follows_from_the_same_items_is_the_same(self):
        for column, found in ((5, "[-75.0, 25.0]"), (6, "-1.08"), (7, "0.53")):
            self.assertEqual([CHANGES[column]],
                             self.differences(CHANGES, CHANGE, [*CHANGE[:column], found, *CHANGE[column + 1:]]))

    def test_an_average_moves_by_an_item_of_the_smallest_task_at_most(self):
        headers, row = ["condition", "tasks", "average, %"], ["original", "2", "50.0 \u00b1 17.7"]
        self.assertEqual([], self.differences(headers, row, ["original", "2", "62.5 \u00b1 20.1"]))
        self.assertEqual(["average, %"], self.differences(headers, row, ["original", "2", "80.0 \u00b1 17.7"]))

    def test_in_a_table_that_is_not_about_items_no_item_counts(self):
        headers, row = ["condition", "stopwords, %", "p, Holm"], ["original", "50.0", "0.50"]
        self.assertEqual(["stopwords, %"], self.differences(headers, row, ["original", "50.2", "0.50"], "04-mass.md"))
        self.assertEqual(["p, Holm"], self.differences(headers, row, ["original", "50.1", "0.53"], "04-mass.md"))

    def test_other_words_are_not(self):
        self.assertFalse(cells_alike("layer 11", "layer 11, pruned", Decimal(0)))
        self.assertFalse(cells_alike("1.0", "–", Decimal(0)))


def write_table(file, *lines):
    rule = ["---"] * len(lines[0])
    file.write_text("\n".join(f"| {' | '.join(cells)} |" for cells in (lines[0], rule, *lines[1:])), encoding="utf-8")


if __name__ == "__main__":
    unittest.main()
