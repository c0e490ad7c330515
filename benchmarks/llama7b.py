"""Makes a checkpoint of Llama-7B's shape: random float16 weights in shards, config, index and
tokenizer as Hugging Face has them, and one super weight, planted where the paper found Llama-7B's
(table 2: layer 2, down_proj[3968, 7003]). No weights of Llama are in it and no text comes out of
it: it is there to be read and searched. The same on every run.

    llama7b.py FOLDER [--layers N] [--hidden N]
"""
import argparse
import json
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil, sqrt
from pathlib import Path

import numpy
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

HOME = Path(__file__).parents[1]
SEED = 20241107
VOCABULARY = 32_000
HEAD = 128
LAYERS_PER_SHARD = 2
THREADS = 2  # each holds a shard or two in memory, 0.8 GB

# Much more than a trained super weight, which is about 1: there the input makes up for it, which is
# in the hundreds and here about 1.
PLANTED = 1000


@dataclass(frozen=True)
class Shape:
    layers: int = 32
    hidden: int = 4096

    @property
    def intermediate(self):
        """Two thirds of four times the width, rounded up to a multiple of 256, as in Llama."""
        return 256 * ceil(8 * self.hidden / 3 / 256)

    @property
    def planted(self):
        """Layer, row and column; what a smaller model has in place of the paper's."""
        return min(2, ceil(0.8 * self.layers) - 1), 3968 % self.hidden, 7003 % self.intermediate

    def shards(self):
        """Names and shapes of the tensors, shard by shard."""
        yield {
            "model.embed_tokens.weight": (VOCABULARY, self.hidden),
            "model.norm.weight": (self.hidden,),
            "lm_head.weight": (VOCABULARY, self.hidden),
        }
        for first in range(0, self.layers, LAYERS_PER_SHARD):
            layers = range(first, min(first + LAYERS_PER_SHARD, self.layers))
            yield {
                f"model.layers.{layer}.{name}": shape
                for layer in layers
                for name, shape in self.layer().items()
            }

    def layer(self):
        square, wide = (self.hidden, self.hidden), (self.intermediate, self.hidden)
        return {
            "input_layernorm.weight": (self.hidden,),
            "post_attention_layernorm.weight": (self.hidden,),
            **{f"self_attn.{name}_proj.weight": square for name in "qkvo"},
            "mlp.gate_proj.weight": wide,
            "mlp.up_proj.weight": wide,
            "mlp.down_proj.weight": wide[::-1],
        }

    def spread(self, name, shape):
        """Standard deviation of a tensor's numbers. What is added to the residual stream is made
        small by the number of additions, so the stream stays about as large as the embedding."""
        if name.endswith("embed_tokens.weight"):
            return 1
        added = name.endswith(("o_proj.weight", "down_proj.weight"))
        return (1 / sqrt(2 * self.layers) if added else 1) / sqrt(shape[-1])


def make(folder, shape):
    """Returns what is to be known of the checkpoint afterwards."""
    folder.mkdir(parents=True)
    shards = list(shape.shards())
    names = [
        f"model-{number:05d}-of-{len(shards):05d}.safetensors"
        for number in range(1, len(shards) + 1)
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        written = [
            pool.submit(write_shard, folder / file, tensors, number, shape)
            for number, (file, tensors) in enumerate(zip(names, shards, strict=True))
        ]
    for shard in written:
        shard.result()  # raises what its thread raised
    sizes = {
        name: 2 * int(numpy.prod(dimensions))
        for shard in shards
        for name, dimensions in shard.items()
    }
    shard_of = {name: file for file, shard in zip(names, shards, strict=True) for name in shard}
    index = {"metadata": {"total_size": sum(sizes.values())}, "weight_map": shard_of}
    dump(folder / "model.safetensors.index.json", index)
    dump(folder / "config.json", config(shape))
    tokenizer().save(str(folder / "tokenizer.json"))
    return {
        "layers": shape.layers,
        "hidden": shape.hidden,
        "intermediate": shape.intermediate,
        "parameters": sum(sizes.values()) // 2,
        "bytes": sum(sizes.values()),
        "two_largest_tensors_bytes": sum(sorted(sizes.values())[-2:]),
        "planted": ":".join(map(str, shape.planted)),
    }


def write_shard(file, tensors, number, shape):
    random = numpy.random.Generator(numpy.random.SFC64([SEED, number]))
    arrays = {
        name: weights(name, dimensions, random, shape) for name, dimensions in tensors.items()
    }
    layer, row, column = shape.planted
    planted = arrays.get(f"model.layers.{layer}.mlp.down_proj.weight")
    if planted is not None:
        planted[row, column] = PLANTED
    save_file(arrays, file, metadata={"format": "pt"})
    with open(file, "rb") as written:
        os.fsync(written.fileno())


def weights(name, dimensions, random, shape):
    if len(dimensions) == 1:
        return numpy.ones(dimensions, numpy.float16)
    normal = random.standard_normal(dimensions, numpy.float32)
    return numpy.multiply(normal, shape.spread(name, dimensions), out=normal).astype(numpy.float16)


def config(shape):
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_act": "silu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.intermediate,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.hidden // HEAD,
        "num_key_value_heads": shape.hidden // HEAD,
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 2048,
        "rms_norm_eps": 1e-6,
        "rope_theta": 10000.0,
        "tie_word_embeddings": False,
        "torch_dtype": "float16",
        "bos_token_id": 1,
        "eos_token_id": 2,
    }


def tokenizer():
    """Byte-level BPE that begins a text with <s>, learned from the text that ships with the
    project, so that a prompt has about as many tokens as it would have in Llama."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.train(
        [str(HOME / "src/main/resources/superweight/texts/evaluation.txt")],
        trainers.BpeTrainer(
            vocab_size=VOCABULARY,
            special_tokens=["<unk>", "<s>", "</s>"],
            show_progress=False,
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        ),
    )
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A", special_tokens=[("<s>", 1)]
    )
    return made


def dump(file, content):
    file.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--layers", type=int, default=Shape.layers)
    parser.add_argument("--hidden", type=int, default=Shape.hidden)
    asked = parser.parse_args()
    print(json.dumps(make(asked.folder, Shape(asked.layers, asked.hidden))))
