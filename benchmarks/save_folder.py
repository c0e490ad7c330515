"""Writes the model of a GGUF file as a folder, as transformers saves it in float32, so that the
benchmark `start` can be fair: transformers loads its own format much faster than GGUF.

    save_folder.py MODEL FOLDER
"""
import sys
from pathlib import Path

from transformers import AutoModelForCausalLM

from hugging_face import load_model, load_tokenizer


def main(file, folder):
    if Path(folder, "tokenizer.json").exists():  # written last
        return
    model = load_model(file, threads=1)
    # As long as the config says that the weights came from GGUF, nothing can be saved.
    del model.config.quantization_config
    plain = AutoModelForCausalLM.from_config(model.config)
    plain.load_state_dict(model.state_dict())
    plain.save_pretrained(folder)
    load_tokenizer(file).save_pretrained(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
