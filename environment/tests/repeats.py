"""Runs the notebooks at a small size twice more and compares their tables with those of the first run.

With as many threads again every table is the same, file for file. With another number of threads sums are taken in
another order: a printed number may then differ by one unit of its last digit, and an accuracy by one item. What follows
from the items of a whole table, such as a test's p-value, is compared where none of them differs.
"""
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")

# Columns of tables about items, by their headers: numbers of items, percent of the items, and what follows from all.
COUNTS = re.compile(r"^(items )?(gained|lost)$")
SHARES = re.compile(r"^(?!guessing).*%$|^points")
FOLLOWS = re.compile(r"\bp, Holm$|Cohen's h|interval")


def main(home, first):
    """Counts the tables that are as they should be; says of every other what differs."""
    (home / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home / "build", prefix="repeats-") as folder:
        counts = compare(first, run(home, Path(folder, "again")), same)
        other = "1" if (os.cpu_count() or 1) > 1 else "2"
        counts += compare(first, run(home, Path(folder, "threads"), "--threads", other), alike)
        data = os.environ.get("SUPERWEIGHT_DATA")
        if data:  # the zero-shot tasks come with it
            asked = ["--data", data, "06-zero-shot"]
            counts += compare(run(home, Path(folder, "tasks"), *asked),
                              run(home, Path(folder, "tasks-threads"), "--threads", other, *asked), alike)
    return counts


def run(home, out, *arguments):
    command = [sys.executable, str(home / "environment/run_notebooks.py"), "--size", "small", "--force", "--out",
               str(out), *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout)
    return out


def compare(first, second, differences):
    """Every table of the first folder against that of the second."""
    counts = Counter()
    tables = sorted(first.glob("paper-tables/*/*/*.md"))
    for table in tables:
        name = table.relative_to(first)
        found = differences(table, second / name) if (second / name).exists() else ["is missing"]
        for difference in found:
            print(f"{second.name}: {name}: {difference}")
        counts["failed" if found else "passed"] += 1
    if not tables:
        counts["failed"] += 1  # nothing was compared
    return counts


def same(first, second):
    """Of the table and of its exact values."""
    return [f"{ending} differs" for ending in (".md", ".csv")
            if first.with_suffix(ending).read_bytes() != second.with_suffix(ending).read_bytes()]


def alike(first, second):
    ours, others = rows(first), rows(second)
    if [len(row) for row in ours] != [len(row) for row in others]:
        return ["has other rows or columns"]
    smallest = fewest_items(first)
    cells = [(header, cell, other, one_item(header, ours[0], row, smallest))
             for row, other_row in zip(ours[1:], others[1:])
             for header, cell, other in zip(ours[0], row, other_row)]
    flipped = any(cell != other and (item or COUNTS.search(header)) for header, cell, other, item in cells)
    return [f"{header}: {cell} here, {other} there"
            for header, cell, other, item in cells
            if not cells_alike(cell, other, item) and not (flipped and FOLLOWS.search(header))]


def rows(table):
    """Its header and its rows, without the line between them."""
    lines = [line for line in table.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    del lines[1:2]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


def fewest_items(table):
    """Of the tasks in all tables of a table's notebook; none where these are not about items."""
    counts = [int(row[found[0].index("items")].replace(",", ""))
              for each in table.parent.glob(table.name.split("-")[0] + "-*.md")
              for found in [rows(each)] if found and "items" in found[0] for row in found[1:]]
    return min(counts, default=None)


def one_item(header, headers, row, smallest):
    """What one item more or less changes in percent; nothing in a column of something else.

    A number of items may differ by one as every whole number may. An average over tasks, in each of which one item may
    differ, changes no more than the task of the fewest items does.
    """
    items = row[headers.index("items")].replace(",", "") if "items" in headers else smallest
    if not items or not (set(headers) & {"items", "tasks"}) or FOLLOWS.search(header):
        return Decimal(0)
    return Decimal(100) / Decimal(items) if SHARES.search(header) else Decimal(0)


def cells_alike(cell, other, item=Decimal(0)):
    """Equal but for the last digits of the numbers in it, or for one item."""
    numbers, other_numbers = NUMBER.findall(cell), NUMBER.findall(other)
    if NUMBER.sub("#", cell) != NUMBER.sub("#", other) or len(numbers) != len(other_numbers):
        return False
    return all(abs(value(a) - value(b)) <= max(unit(a), unit(b), item + unit(a) if item else 0)
               for a, b in zip(numbers, other_numbers))


def value(number):
    return Decimal(number.replace(",", ""))


def unit(number):
    """One in the last printed place."""
    return Decimal(1).scaleb(value(number).as_tuple().exponent)


if __name__ == "__main__":
    outcome = main(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"repeats: {outcome['passed']} passed, {outcome['failed']} failed, 0 skipped")
    sys.exit(1 if outcome["failed"] else 0)
