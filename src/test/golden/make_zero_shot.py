"""Writes src/test/resources/golden/zero-shot.json: what Hugging Face transformers makes of some items of every
zero-shot task, in float32 on the embedded model. Prompts are built here as lm-evaluation-harness builds them.

    python3 -m venv build/golden && build/golden/bin/pip install -r src/test/golden/zero-shot-requirements.txt
    build/golden/bin/python src/test/golden/make_zero_shot.py DATA [ITEMS]

DATA is the folder with the tasks' files, ITEMS the number of items per task (default: 5), taken evenly from all.
The file holds token ids and no text.
"""

import json
import re
import sys
from pathlib import Path

import tokenizers
import torch
import transformers
from tokenizers.pre_tokenizers import Digits, Sequence

HOME = Path(__file__).parents[3]
MODEL = HOME / "build/models/smollm2-135m.gguf"
TARGET = HOME / "src/test/resources/golden/zero-shot.json"


def last_word(row):
    return [(row["context"], " " + row["continuation"])]


def question(row):
    return [(row["query"].removesuffix("\n") + "\nAnswer:", " " + choice) for choice in row["choices"]]


def partial(row):
    return [(context, " " + row["continuation"]) for context in row["context_options"]]


def cleaned(text):
    return re.sub(r"\[.*?\]", "", text.strip().replace(" [title]", ". ")).replace("  ", " ")


def ending(row):
    context = cleaned(f"{row['activity_label']}: {row['ctx_a']} {row['ctx_b'].capitalize()}")
    return [(context, " " + cleaned(choice)) for choice in row["endings"]]


TASKS = {"lambada_openai": last_word, "arc_easy": question, "arc_challenge": question, "piqa": question,
         "winogrande": partial, "hellaswag": ending}


def load():
    model = transformers.AutoModelForCausalLM.from_pretrained(MODEL.parent, gguf_file=MODEL.name, dtype=torch.float32)
    tokenizer = transformers.AutoTokenizer.from_pretrained(MODEL.parent, gguf_file=MODEL.name).backend_tokenizer
    # The file names a pre-tokenizer that sets every digit apart; transformers overlooks that name.
    tokenizer.pre_tokenizer = Sequence([Digits(individual_digits=True), tokenizer.pre_tokenizer])
    return model.eval(), tokenizer


def encode(tokenizer, text):
    return tokenizer.encode(text, add_special_tokens=False).ids


@torch.no_grad()
def score(model, tokenizer, context, continuation):
    space = len(context) - len(context.rstrip())
    if space:
        context, continuation = context[:-space], context[-space:] + continuation
    ids = encode(tokenizer, context + continuation)
    scored = len(ids) - len(encode(tokenizer, context))
    log_probabilities = model(torch.tensor([ids[:-1]])).logits[0, -scored:].log_softmax(-1)
    targets = torch.tensor(ids[-scored:])
    return {
        "ids": ids,
        "scored": scored,
        "logLikelihood": round(log_probabilities.gather(1, targets[:, None]).double().sum().item(), 6),
        "greedy": bool((log_probabilities.argmax(-1) == targets).all()),
    }


def main(data, count):
    model, tokenizer = load()
    items = []
    for task, prompts in TASKS.items():
        (file,) = Path(data).glob("hellaswag*.jsonl" if task == "hellaswag" else f"{task}.jsonl")
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]
        for i in range(count):
            index = i * len(rows) // count
            scores = [score(model, tokenizer, *prompt) for prompt in prompts(rows[index])]
            items.append({"task": task, "row": index, "continuations": scores})
        print(task, flush=True)
    versions = {package.__name__: package.__version__ for package in (transformers, torch, tokenizers)}
    lines = ",\n".join("  " + json.dumps(item) for item in items)
    TARGET.write_text(f'{{\n "reference": {json.dumps(versions)},\n "items": [\n{lines}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5)
