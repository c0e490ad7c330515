"""What counts as the same number on another number of threads."""
import unittest
from decimal import Decimal

from repeats import cells_alike


class RepeatsTest(unittest.TestCase):
    def test_one_unit_of_the_last_printed_digit_is_alike(self):
        self.assertTrue(cells_alike("19.92 [18.40, 21.50]", "19.93 [18.39, 21.50]", Decimal(0)))
        self.assertFalse(cells_alike("19.92", "19.94", Decimal(0)))
        self.assertTrue(cells_alike("1,751", "1,752", Decimal(0)))
        self.assertTrue(cells_alike("0.00083", "0.0008", Decimal(0)))

    def test_one_item_of_an_accuracy_is_alike_and_two_are_not(self):
        self.assertTrue(cells_alike("50.0", "75.0", Decimal(25)))
        self.assertFalse(cells_alike("25.0", "75.0", Decimal(25)))

    def test_other_words_are_not(self):
        self.assertFalse(cells_alike("layer 11", "layer 11, pruned", Decimal(0)))
        self.assertFalse(cells_alike("1.0", "–", Decimal(0)))


if __name__ == "__main__":
    unittest.main()
