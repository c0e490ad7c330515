"""Whether transformers and we agree on a folder that `./superweight quantize` wrote: the token ids of
some prompts, and after each of them the probability of every token of the vocabulary. Makes the
folder, compares, removes it.

    quantized_folder.py [OPTION OF QUANTIZE ...]        by default --bits 4 --block 128
"""
import json
import sys
import tempfile
from pathlib import Path

import torch

import commands
from hugging_face import load_model, load_tokenizer
from rounds import Agreement, absolute
from sides import Failed, run

PROMPTS = [
    "Summer is hot. Winter is",
    "Apple Inc. is a worldwide tech company.",
    "The capital of France is",
    "In 1969, for the first time,",
    "def largest(numbers):\n    return",
    "<|im_start|>user\nHow many legs has a spider?<|im_end|>\n<|im_start|>assistant\n",
]
SAME_PROBABILITIES = Agreement("probability of a token", absolute, 2e-4)


def main(*quantize):
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch, "quantized")
        options = quantize or ("--bits", "4", "--block", "128")
        run(commands.superweight("quantize", *options, "--output", folder))
        model, tokenizer = load_model(folder, threads=2), load_tokenizer(folder)
        largest = max(compared(folder, model, tokenizer, prompt) for prompt in PROMPTS)
        print(
            f"quantize {' '.join(options)}: the probabilities of all {model.config.vocab_size} tokens"
            f" after {len(PROMPTS)} prompts differ by at most {largest:.1e}"
        )


def compared(folder, model, tokenizer, prompt):
    """The largest difference of two probabilities of a token."""
    ids = tokenizer(prompt, return_tensors="pt").input_ids  # [1, T]
    with torch.inference_mode():
        theirs = model(ids, use_cache=False, logits_to_keep=1).logits[0, -1].softmax(-1)  # [vocab]
    top = model.config.vocab_size
    found = json.loads(
        run(
            commands.superweight(
                "next", "--json", "--model", folder, "--prompt", prompt, "--top", top
            )
        ).output
    )
    if found["ids"] != ids[0].tolist():
        raise Failed(f"{prompt!r} has ids {found['ids']} here and {ids[0].tolist()} there")
    ours = sorted(found["top"], key=lambda token: token["id"])
    return SAME_PROBABILITIES.largest([token["probability"] for token in ours], theirs.tolist())


if __name__ == "__main__":
    main(*sys.argv[1:])
