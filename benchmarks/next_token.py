"""What `./superweight next --json` does, with transformers: loads the model and its tokenizer and
prints the likeliest next tokens of a prompt as JSON. A whole process, for the benchmark `start`.

    next_token.py MODEL THREADS PROMPT TOP
"""
import json
import sys

import torch

from hugging_face import load_model, load_tokenizer


def main(file, threads, prompt, top):
    model, tokenizer = load_model(file, int(threads)), load_tokenizer(file)
    ids = tokenizer(prompt, return_tensors="pt").input_ids  # [1, T]
    with torch.inference_mode():
        logits = model(ids, use_cache=False, logits_to_keep=1).logits[0, -1]  # [vocab]
    best = logits.softmax(-1).topk(int(top))
    print(
        json.dumps(
            {
                "ids": ids[0].tolist(),
                "top": [
                    {"id": id, "token": tokenizer.decode([id]), "probability": probability}
                    for id, probability in zip(best.indices.tolist(), best.values.tolist())
                ],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
