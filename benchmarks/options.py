"""The command line of benchmarks/run.sh. Needs nothing but Python, so that what is asked for is
looked at before minutes go into set-up."""
import argparse
import os
import sys
from pathlib import Path

RESULTS = Path(__file__).parent / "results"

ZERO_SHOT = ["arc_easy", "hellaswag"]
USUAL = ["perplexity", "sweep", *ZERO_SHOT, "start", "memory", "cost"]  # where none is named
NAMED = ["llama_cpp", "streaming"]  # must be named, for what they need
TABLES = "tables"

DESCRIPTION = f"""\
Measures this project beside Hugging Face transformers on this machine. Results go to
benchmarks/results and into the tables of benchmarks/README.md.

names:
  {' '.join(USUAL)}
                 all of these where none is given; {' and '.join(ZERO_SHOT)} need
                 SUPERWEIGHT_DATA, a folder with the zero-shot tasks' files
  llama_cpp      perplexity beside llama.cpp, which is compiled first
  streaming      makes a 13.5 GB checkpoint, searches it layer by layer and deletes it
  tables         only writes the tables anew
"""

NUMBERS = {
    "--threads": (2, "threads that every side computes with (default: 2)"),
    "--rounds": (None, "rounds that are counted (default: each benchmark has its own)"),
    "--windows": (None, "windows of text in a round (default: each benchmark has its own)"),
    "--items": (None, "items of a zero-shot task in a round (default: each task has its own)"),
    "--layers": (32, "layers of the checkpoint for streaming (default: 32, as in Llama-7B)"),
    "--hidden": (4096, "its width, a multiple of 128 (default: 4096, as in Llama-7B)"),
}


class Parser(argparse.ArgumentParser):
    def error(self, message):
        print(f"benchmarks/run.sh: {message}; see benchmarks/run.sh --help", file=sys.stderr)
        sys.exit(2)


def positive(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number from 1 on, found {text!r}")
    return int(text)


def parse(arguments):
    parser = Parser(
        prog="benchmarks/run.sh",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("names", nargs="*", metavar="name")
    for name, (default, meaning) in NUMBERS.items():
        parser.add_argument(name, type=positive, default=default, metavar="N", help=meaning)
    parser.add_argument(
        "--wait", choices=["default", "passive"], default="default",
        help="how the others' threads wait: by default they spin for a while before they sleep",
    )
    parser.add_argument(
        "--out", type=Path, default=RESULTS, metavar="DIR",
        help="where results go instead, to try things out: the tables stay as they are",
    )
    asked = parser.parse_args(arguments)
    asked.data = os.environ.get("SUPERWEIGHT_DATA", "")
    for name in asked.names:
        if name not in [*USUAL, *NAMED, TABLES]:
            parser.error(f"there is no benchmark {name}")
        if name in ZERO_SHOT and not asked.data:
            parser.error(f"{name} needs SUPERWEIGHT_DATA, a folder with the zero-shot tasks' files")
    if asked.hidden % 128:
        parser.error(f"--hidden: expected a multiple of 128, found {asked.hidden}")
    return asked


if __name__ == "__main__":
    parse(sys.argv[1:])
