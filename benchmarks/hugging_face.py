"""The reference as every benchmark runs it: Hugging Face transformers in float32, with scaled
dot-product attention, on the files that this project runs too."""
import os
from pathlib import Path

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")  # read when it is imported

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer
from transformers.utils import logging

logging.disable_progress_bar()


def load_model(path, threads):
    torch.set_num_threads(threads)
    return AutoModelForCausalLM.from_pretrained(
        **source(path), dtype=torch.float32, attn_implementation="sdpa"
    ).eval()


def load_tokenizer(path):
    return AutoTokenizer.from_pretrained(**source(path))


def source(path):
    """A folder as transformers saves one, or a GGUF file."""
    path = Path(path)
    if path.is_dir():
        return {"pretrained_model_name_or_path": path}
    return {"pretrained_model_name_or_path": path.parent, "gguf_file": path.name}
