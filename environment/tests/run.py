"""Runs the tests of the notebook runner and the scripts, then sums up all parts of test.sh in one line."""
import re
import signal
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

import repeats


INTERRUPTIONS = 6


def main(home, java_outcome, trial):
    parts = {"library": library(home / "target/surefire-reports", java_outcome),
             "notebooks": notebooks(home, trial), "runner and scripts": runner_and_scripts(home),
             "interruptions": interruptions(home), "repeats": repeats.main(home, trial)}
    print()
    for name, counts in parts.items():
        print(f"{name}: {summary(counts)}")
    needing_data(home)
    total = sum(parts.values(), Counter())
    print(summary(total))
    return 1 if total["failed"] else 0


def summary(counts):
    return f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"


def library(reports, outcome):
    counts = Counter(result for _, result in cases(reports))
    if outcome != 0 and not counts["failed"]:
        counts["failed"] = 1  # it did not come as far as its tests, or a check other than a test failed
    return counts


def cases(reports):
    """Each test case that Maven reports, with its result."""
    for report in sorted(reports.glob("TEST-*.xml")):
        for case in ElementTree.parse(report).iter("testcase"):
            children = {child.tag for child in case}
            result = "failed" if children & {"failure", "error"} else "skipped" if "skipped" in children else "passed"
            yield case.get("name"), result


def needing_data(home):
    """Says of the tests tagged `data` how many there are and what became of them; none may skip where data is."""
    tagged = set()
    for source in (home / "src/test").rglob("*.java"):
        tagged.update(re.findall(r'@Tag\("data"\)[^{;]*?\s(\w+)\(', source.read_text(encoding="utf-8")))
    counts = Counter(result for name, result in cases(home / "target/surefire-reports")
                     if re.match(r"\w+", name)[0] in tagged)
    print(f"of these, tests that need evaluation data (SUPERWEIGHT_DATA): {summary(counts)}")


def notebooks(home, trial):
    names = [notebook.stem for notebook in (home / "notebooks").glob("*.ipynb")]
    finished = {state.stem for state in (trial / "build/units").rglob("*.json")}
    return Counter("passed" if name in finished else "failed" for name in names)


def runner_and_scripts(home):
    sys.path.insert(0, str(home / "environment"))
    result = unittest.TextTestRunner(verbosity=1).run(unittest.defaultTestLoader.discover(str(Path(__file__).parent)))
    failed, skipped = len(result.failures) + len(result.errors), len(result.skipped)
    return Counter(passed=result.testsRun - failed - skipped, failed=failed, skipped=skipped)


def interruptions(home):
    """The short version; environment/tests/interruptions.py says how to have the long one."""
    command = [sys.executable, str(home / "environment/tests/interruptions.py"), "--tries", str(INTERRUPTIONS)]
    last = ""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            for last in program.stdout:
                print(last, end="", flush=True)
        except KeyboardInterrupt:
            program.terminate()
            raise
    counts = re.fullmatch(r"interruptions: (\d+) passed, (\d+) failed, (\d+) skipped\n", last)
    if not counts:
        return Counter(failed=1)  # it did not come to its end
    return Counter(dict(zip(("passed", "failed", "skipped"), map(int, counts.groups()))))


if __name__ == "__main__":
    # The one exception at which unittest stops; what the tests had started ends with this process.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])))
    except KeyboardInterrupt:
        sys.exit(143)
