"""Writes src/test/resources/golden/llama/: tiny random models as Hugging Face transformers saves them, each with
expected.json, what transformers and its tokenizers make of some texts: token ids, and the probabilities at every
position as id:probability in units of 1e-5, without those below 1e-4.

    python3 -m venv build/golden && build/golden/bin/pip install -r src/test/golden/requirements-transformers.txt
    build/golden/bin/python src/test/golden/make_llama_folders.py

The output is the same on every run.
"""

import json
import shutil
from pathlib import Path

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, MistralConfig
from transformers import MistralForCausalLM

TARGET = Path(__file__).parents[1] / "resources" / "golden" / "llama"
TEXTS = ["the hand of the man", " and then 12 more\nwords.", "a", "théâtre — 漢字"]
LONG_TEXT = "the man and the hand, " * 5
SMALL = {"hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4}
LETTERS = [chr(code) for code in range(ord("a"), ord("z") + 1)]


def byte_level_tokenizer():
    """Byte-level BPE as in Llama 3: a text is begun by the post-processor, which comes after ByteLevel."""
    special = ["<|begin|>", "<|end|>"]
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    merges = [("t", "h"), ("a", "n"), ("th", "e"), ("Ġ", "the"), ("an", "d"), ("Ġ", "h")]
    vocabulary = {token: id for id, token in enumerate(letters + [a + b for a, b in merges])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=True))
    digits = Regex(r"\p{N}{1,3}| ?\p{L}+| ?[^\s\p{L}\p{N}]+|\s+")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(digits, "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in special])
    begin = tokenizer.token_to_id(special[0])
    tokenizer.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=False),
        processors.TemplateProcessing(single="<|begin|> $A", special_tokens=[("<|begin|>", begin)])])
    # A length that some published files carry; it is for training and must not cut what is measured.
    tokenizer.enable_truncation(8)
    return tokenizer, {"bos_token": "<|begin|>", "eos_token": "<|end|>"}


def plain_tokenizer():
    """Byte-level BPE as in SmolLM: nothing begins a text, though there is a token that could."""
    tokenizer, names = byte_level_tokenizer()
    tokenizer.no_truncation()
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return tokenizer, {name: {"__type": "AddedToken", "content": token, "lstrip": False, "normalized": False,
                              "rstrip": False, "single_word": False} for name, token in names.items()}


def sentencepiece_tokenizer(newer):
    """BPE over letters with bytes to fall back on, as in Llama 1 and 2 (older) and in Mistral 0.3 (newer)."""
    special = ["<unk>", "<s>", "</s>"]
    merges = [("t", "h"), ("▁", "th"), ("▁th", "e"), ("a", "n"), ("an", "d"), ("▁", "and"), ("▁", "h"), ("▁", "▁")]
    tokens = special + [f"<0x{byte:02X}>" for byte in range(256)] + ["▁", *LETTERS, *"0123456789.,é"]
    tokens += [a + b for a, b in merges]
    tokenizer = Tokenizer(models.BPE(vocab={token: id for id, token in enumerate(tokens)}, merges=merges,
                                     unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if newer:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="first", split=False)
    else:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)])
    return tokenizer, {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "add_bos_token": True}


def sharpen(model):
    """Random weights about as large as trained ones, so that probabilities are far from equal."""
    for name, weight in sorted(model.named_parameters()):
        with torch.no_grad():
            if weight.dim() == 1:
                weight.normal_(1, 0.2)
            elif name.endswith(("embed_tokens.weight", "lm_head.weight")):
                weight.normal_(0, 3)
            else:
                weight.normal_(0, 4 / weight.shape[1] ** 0.5)


def write(name, family, config, tokenizer, names, dtype, rewrite=lambda config: config, shard=None, long=False):
    folder = TARGET / name
    folder.mkdir(parents=True)
    torch.manual_seed(20241107)
    model = family(config(vocab_size=tokenizer.get_vocab_size(), attn_implementation="eager"))
    sharpen(model)
    model = model.to(dtype)
    model.save_pretrained(folder, **({"max_shard_size": shard} if shard else {}))
    (folder / "generation_config.json").unlink(missing_ok=True)
    for file in folder.iterdir():
        file.chmod(0o644)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    dump(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", **names})
    config_file = folder / "config.json"
    dump(config_file, rewrite(json.loads(config_file.read_text(encoding="utf-8"))))
    expect(folder, [LONG_TEXT] if long else TEXTS)


def expect(folder, texts):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
    reference = AutoTokenizer.from_pretrained(folder)
    expected = []
    for text in texts:
        ids = reference(text)["input_ids"]
        with torch.no_grad():
            probabilities = model(torch.tensor([ids])).logits[0].softmax(-1)
        assert len(ids) == 1 or probabilities.max(-1).values.mean() > 0.4
        rows = [[(id, round(1e5 * p)) for id, p in enumerate(row)] for row in probabilities.tolist()]
        lines = [" ".join(f"{id}:{p}" for id, p in row if p >= 10) for row in rows]
        plain_ids = reference(text, add_special_tokens=False)["input_ids"]
        expected.append({"text": text, "ids": joined(ids), "plain_ids": joined(plain_ids),
                         "decoded": reference.decode(ids), "probabilities": lines})
    dump(folder / "expected.json", {"bos": reference.bos_token_id, "eos": reference.eos_token_id, "texts": expected})


def joined(ids):
    return " ".join(map(str, ids))


def dump(file, content):
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def older_style(config):
    """As transformers wrote it before version 5."""
    rope = config.pop("rope_parameters")
    scaling = {key: value for key, value in rope.items() if key != "rope_theta"}
    dtype = config.pop("dtype")
    return {**config, "rope_theta": rope["rope_theta"], "torch_dtype": dtype,
            "rope_scaling": None if scaling["rope_type"] == "default" else scaling}


def llama(**fields):
    return lambda **more: LlamaConfig(**{**SMALL, **fields, **more})


def main():
    shutil.rmtree(TARGET, ignore_errors=True)
    llama3 = {"rope_type": "llama3", "rope_theta": 50000.0, "factor": 8.0, "low_freq_factor": 1.0,
              "high_freq_factor": 4.0, "original_max_position_embeddings": 16}
    write("gqa-untied-f32", LlamaForCausalLM,
          llama(num_key_value_heads=2, head_dim=6, rms_norm_eps=1e-5, max_position_embeddings=64,
                rope_parameters={"rope_type": "default", "rope_theta": 10000.0}),
          *plain_tokenizer(), torch.float32, rewrite=older_style)
    write("tied-bf16-sharded", LlamaForCausalLM, llama(num_key_value_heads=1, tie_word_embeddings=True),
          *sentencepiece_tokenizer(newer=False), torch.bfloat16, shard="4KB")
    write("llama3-f16", LlamaForCausalLM,
          llama(num_key_value_heads=2, num_attention_heads=2, tie_word_embeddings=True, rope_parameters=llama3,
                max_position_embeddings=256),
          *byte_level_tokenizer(), torch.float16, rewrite=older_style, long=True)
    write("linear-f16", LlamaForCausalLM,
          llama(num_hidden_layers=1, tie_word_embeddings=True,
                rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}),
          *byte_level_tokenizer(), torch.float16, long=True)
    write("mistral-bf16", MistralForCausalLM,
          lambda **more: MistralConfig(**{**SMALL, "num_key_value_heads": 2, "sliding_window": None, **more}),
          *sentencepiece_tokenizer(newer=True), torch.bfloat16)


if __name__ == "__main__":
    main()
