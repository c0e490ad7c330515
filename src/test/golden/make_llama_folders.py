"""Writes src/test/resources/golden/llama/: tiny random models as Hugging Face transformers saves them, some as GGUF
files too, each with expected.json, what transformers and its tokenizers make of some texts: token ids, and the
probabilities at every position as id:probability in units of 1e-5, without those below 1e-4.

    python3 -m venv build/golden && build/golden/bin/pip install -r src/test/golden/requirements-transformers.txt
    build/golden/bin/python src/test/golden/make_llama_folders.py

The output is the same on every run.
"""

import json
import shutil
from pathlib import Path

import gguf
import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers import trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM, MistralConfig
from transformers import MistralForCausalLM, Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX

TARGET = Path(__file__).parents[1] / "resources" / "golden" / "llama"
TEXTS = ["the hand of the man", " and then 12 more\nwords.", "a", "théâtre — 漢字"]
# Upper-case contractions, digits one by one, Chinese, an accent that is a letter of its own, blanks in odd places.
MIXED_TEXTS = ["IT'S what they'Ll say: 2048 - 7 = 2041.", "超级权重只有一个, and it's 1 of 7000万。\r\n\n  完  了!  ",
               "the\u0301a\u0302tre — e\u0301t\u00e9 ´", "\tif (x<|im_end|>) {\n        return 天气;  }"]
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


def qwen_tokenizer():
    """Byte-level BPE that splits as Qwen 2 and 3 do: nothing begins a text, and there is no token that could."""
    tokenizer = Tokenizer(models.BPE(fuse_unk=False, byte_fallback=False))
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(PRETOKENIZE_REGEX), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(MIXED_TEXTS + [LONG_TEXT], trainers.BpeTrainer(
        vocab_size=300, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ("<|endoftext|>", "<|im_end|>")])
    return tokenizer, {"tokenizer_class": "Qwen2Tokenizer", "bos_token": None, "eos_token": "<|im_end|>",
                       "pad_token": "<|endoftext|>", "unk_token": None, "add_bos_token": False}


def sharpen(model):
    """Random weights about as large as trained ones, so that probabilities are far from equal."""
    for name, weight in sorted(model.named_parameters()):
        with torch.no_grad():
            if name.endswith(".bias"):
                weight.normal_(0, 1)
            elif weight.dim() == 1:
                weight.normal_(1, 0.2)
            elif name.endswith(("embed_tokens.weight", "lm_head.weight")):
                weight.normal_(0, 3)
            else:
                weight.normal_(0, 4 / weight.shape[1] ** 0.5)


def write(name, family, config, tokenizer, names, dtype, rewrite=lambda config: config, shard=None, texts=TEXTS):
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
    expect(folder, texts)


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


def write_gguf(name, architecture):
    """The model and its tokenizer in the file that llama.cpp would make of the folder: rows of q and k as they are."""
    folder = TARGET / name
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="auto")
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    config = model.config
    writer = gguf.GGUFWriter(folder / "model.gguf", gguf.MODEL_ARCH_NAMES[architecture])
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    if architecture == gguf.MODEL_ARCH.QWEN3:
        writer.add_key_length(config.head_dim)
        writer.add_value_length(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    tokens = sorted({**tokenizer["model"]["vocab"], **special}.items(), key=lambda item: item[1])
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([token for token, _ in tokens])
    writer.add_token_types([gguf.TokenType.CONTROL if token in special else gguf.TokenType.NORMAL
                            for token, _ in tokens])
    writer.add_token_merges([" ".join(merge) for merge in tokenizer["model"]["merges"]])
    writer.add_eos_token_id(special["<|im_end|>"])
    writer.add_pad_token_id(special["<|endoftext|>"])
    writer.add_add_bos_token(False)
    names = gguf.get_tensor_name_map(architecture, config.num_hidden_layers)
    for key, weight in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        if weight.dtype == torch.bfloat16 and weight.dim() > 1:
            raw = weight.view(torch.int16).numpy().view("uint8")
            writer.add_tensor(names.get_name(key, (".weight", ".bias")), raw, raw_dtype=gguf.GGMLQuantizationType.BF16)
        else:
            writer.add_tensor(names.get_name(key, (".weight", ".bias")), weight.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


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
          *byte_level_tokenizer(), torch.float16, rewrite=older_style, texts=[LONG_TEXT])
    write("linear-f16", LlamaForCausalLM,
          llama(num_hidden_layers=1, tie_word_embeddings=True,
                rope_parameters={"rope_type": "linear", "rope_theta": 10000.0, "factor": 4.0}),
          *byte_level_tokenizer(), torch.float16, texts=[LONG_TEXT])
    write("mistral-bf16", MistralForCausalLM,
          lambda **more: MistralConfig(**{**SMALL, "num_key_value_heads": 2, "sliding_window": None, **more}),
          *sentencepiece_tokenizer(newer=True), torch.bfloat16)
    write("qwen3-bf16", Qwen3ForCausalLM,
          lambda **more: Qwen3Config(**{**SMALL, "num_key_value_heads": 2, "head_dim": 6, "tie_word_embeddings": True,
                                        "rope_parameters": {"rope_type": "default", "rope_theta": 1e6},
                                        "max_position_embeddings": 128, **more}),
          *qwen_tokenizer(), torch.bfloat16, texts=MIXED_TEXTS)
    write_gguf("qwen3-bf16", gguf.MODEL_ARCH.QWEN3)
    write("qwen2-f32", Qwen2ForCausalLM,
          lambda **more: Qwen2Config(**{**SMALL, "num_key_value_heads": 1, "max_position_embeddings": 128,
                                        "rope_parameters": {"rope_type": "default", "rope_theta": 1e4}, **more}),
          *qwen_tokenizer(), torch.float32, rewrite=older_style, texts=MIXED_TEXTS)
    write_gguf("qwen2-f32", gguf.MODEL_ARCH.QWEN2)


if __name__ == "__main__":
    main()
