"""Writes src/test/resources/golden/gguf-blocks.json: random blocks of every GGUF type that the
Java reader decodes, and the float32 numbers that the gguf package makes of them, bit by bit.

    python3 -m venv build/golden && build/golden/bin/pip install -r src/test/golden/requirements.txt
    build/golden/bin/python src/test/golden/make_gguf_blocks.py

The output is the same on every run.
"""

import json
from pathlib import Path

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType, quants

TYPES = ["F32", "F16", "BF16", "Q4_0", "Q4_1", "Q8_0"]
ELEMENTS = 1024
# float16 fields (scale, minimum) at the start of a block.
FIELDS = {"Q4_0": 1, "Q4_1": 2, "Q8_0": 1}
# Zeros of both signs, smallest and largest subnormals, smallest normals, one, largest numbers.
SPECIAL = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x3C00, 0xBC00, 0x7BFF, 0xFBFF]


def random_blocks(name, random):
    elements, size = GGML_QUANT_SIZES[GGMLQuantizationType[name]]
    count = ELEMENTS // elements
    blocks = random.integers(0, 256, (count, size), dtype=np.uint8)
    if name in FIELDS:
        halves = random.integers(0, 1 << 16, (count, FIELDS[name]), dtype=np.uint16)
        halves[halves & 0x7C00 == 0x7C00] &= 0xBFFF  # no infinities and NaNs: their bits are not the format's matter
        halves[: len(SPECIAL), 0] = SPECIAL
        halves[-len(SPECIAL) :, -1] = SPECIAL
        blocks[:, : 2 * FIELDS[name]] = halves.view(np.uint8)
    elif name == "F16":
        blocks[: len(SPECIAL)] = np.array(SPECIAL, np.uint16).view(np.uint8).reshape(-1, 2)
    return blocks


def main():
    random = np.random.default_rng(20241107)
    golden = {}
    for name in TYPES:
        blocks = random_blocks(name, random)
        values = quants.dequantize(blocks.reshape(-1), GGMLQuantizationType[name]).astype(np.float32).reshape(-1)
        kept = ~np.isnan(values)
        if name in FIELDS:
            assert kept.all() and np.isfinite(values).all()
        bits = [f"{b:08x}" if k else "nan" for b, k in zip(values.view(np.uint32).tolist(), kept.tolist())]
        golden[name] = {"bytes": blocks.tobytes().hex(), "floatBits": " ".join(bits)}
    target = Path(__file__).parents[1] / "resources" / "golden" / "gguf-blocks.json"
    target.write_text(json.dumps(golden, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
