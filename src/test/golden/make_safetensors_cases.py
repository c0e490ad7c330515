"""Writes src/test/resources/golden/safetensors-cases.json: right and wrong safetensors files of a few bytes, and whether
the reference reader accepts each.

    python3 -m venv build/golden && build/golden/bin/pip install -r src/test/golden/requirements-transformers.txt
    build/golden/bin/python src/test/golden/make_safetensors_cases.py

The output is the same on every run.
"""

import json
import struct
import tempfile
from pathlib import Path

from safetensors import safe_open

TARGET = Path(__file__).parents[1] / "resources" / "golden" / "safetensors-cases.json"


def entry(dtype="F32", shape="[2]", begin=0, end=8, more=""):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":[{begin},{end}]{more}}}'


def file(header, data=8, length=None):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + bytes(data)


A, B = '"a":' + entry(), '"b":' + entry(begin=8, end=16)
CASES = {
    "one tensor": file("{" + A + "}"),
    "two tensors": file("{" + A + "," + B + "}", 16),
    "two tensors listed backwards": file("{" + B + "," + A + "}", 16),
    "no tensors": file("{}", 0),
    "metadata": file('{"__metadata__":{"format":"pt"},' + A + "}"),
    "empty metadata": file('{"__metadata__":{},' + A + "}"),
    "duplicate tensor": file("{" + A + "," + A + "}"),
    "duplicate metadata": file('{"__metadata__":{},"__metadata__":{},' + A + "}"),
    "metadata of numbers": file('{"__metadata__":{"step":1},' + A + "}"),
    "metadata a list": file('{"__metadata__":[],' + A + "}"),
    "leading white space": file(" \n\t{" + A + "}"),
    "trailing white space": file("{" + A + "} \t\r\n "),
    "trailing zero bytes": file(("{" + A + "}").encode() + b"\0\0"),
    "trailing object": file("{" + A + "}{}"),
    "byte order mark": file(b"\xef\xbb\xbf" + ("{" + A + "}").encode()),
    "not UTF-8": file(b'{"\xff":' + entry().encode() + b"}"),
    "header a list": file("[]", 0),
    "header a string": file('""', 0),
    "header cut off": file("{" + A, 8),
    "unquoted name": file("{a:" + entry() + "}"),
    "single quotes": file("{'a':" + entry() + "}"),
    "comment": file("{/* */" + A + "}"),
    "trailing comma": file("{" + A + ",}"),
    "semicolon": file("{" + A + ";" + B + "}", 16),
    "hole before": file('{"a":' + entry(begin=8, end=16) + "}", 16),
    "hole between": file("{" + A + ',"b":' + entry(begin=12, end=20) + "}", 20),
    "overlap": file("{" + A + ',"b":' + entry(begin=4, end=12) + "}", 12),
    "same range twice": file("{" + A + ',"b":' + entry() + "}"),
    "bytes after the last tensor": file("{" + A + "}", 9),
    "data cut short": file("{" + A + "}", 7),
    "no data": file("{" + A + "}", 0),
    "negative offset": file('{"a":' + entry(begin=-8, end=0) + "}"),
    "begin after end": file('{"a":' + entry(begin=8, end=0) + "}"),
    "negative dimension": file('{"a":' + entry(shape="[-2]") + "}"),
    "two negative dimensions": file('{"a":' + entry(shape="[-1,-2]") + "}"),
    "dimension 2.0": file('{"a":' + entry(shape="[2.0]") + "}"),
    "dimension as string": file('{"a":' + entry(shape='["2"]') + "}"),
    "dimension 02": file('{"a":' + entry(shape="[02]") + "}"),
    "dimension 2e0": file('{"a":' + entry(shape="[2e0]") + "}"),
    "dimension 2^64": file('{"a":' + entry(shape="[18446744073709551616]") + "}"),
    "offset 8.0": file('{"a":' + entry(end="8.0") + "}"),
    "one offset": file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}'),
    "three offsets": file('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,8]}}'),
    "no shape": file('{"a":{"dtype":"F32","data_offsets":[0,8]}}'),
    "no dtype": file('{"a":{"shape":[2],"data_offsets":[0,8]}}'),
    "no offsets": file('{"a":{"dtype":"F32","shape":[2]}}'),
    "shape null": file('{"a":' + entry(shape="null") + "}"),
    "tensor a list": file('{"a":[]}', 0),
    "tensor null": file('{"a":null}', 0),
    "unknown dtype": file('{"a":' + entry(dtype="F33") + "}"),
    "dtype in lower case": file('{"a":' + entry(dtype="f32") + "}"),
    "half of the bytes": file('{"a":' + entry(shape="[4]") + "}"),
    "extra field": file('{"a":' + entry(more=',"scale":1') + "}"),
    "duplicate field": file('{"a":' + entry(more=',"dtype":"F32"') + "}"),
    "zero in a name": file('{"a\\u0000":' + entry() + "}"),
    "escape in a name": file('{"a\\u001b[2J":' + entry() + "}"),
    "raw control character in a name": file(b'{"a\x01":' + entry().encode() + b"}"),
    "half a character in a name": file('{"\\ud800":' + entry() + "}"),
    "empty name": file('{"":' + entry() + "}"),
    "scalar": file('{"a":' + entry(shape="[]", end=4) + "}", 4),
    "empty tensor": file('{"a":' + entry(shape="[0]", end=0) + "}", 0),
    "empty tensor where the next begins": file('{"z":' + entry(shape="[0]", end=0) + "," + A + "}"),
    "empty tensor in the middle of another": file('{"z":' + entry(shape="[0]", begin=4, end=4) + "," + A + "}"),
    "shape that overflows to the right size": file('{"a":' + entry(shape="[4294967298,4294967296,1]") + "}"),
    "shape that overflows to zero": file('{"a":' + entry(shape="[4294967296,4294967296]", end=0) + "}", 0),
    "bytes that overflow": file('{"a":' + entry(shape="[4611686018427387906]") + "}"),
    "16-bit numbers": file('{"a":' + entry(dtype="BF16", shape="[2,2]") + "}"),
    "64-bit integers": file('{"a":' + entry(dtype="I64", shape="[1]") + "}"),
    "8-bit floats": file('{"a":' + entry(dtype="F8_E4M3", shape="[8]") + "}"),
    "empty file": b"",
    "seven bytes": bytes(7),
    "header of length 0": file("", 0),
    "header of length 1": file("{", 0),
    "header longer than the file": file("{" + A + "}", length=1000),
    "header of length 2^62": file("{" + A + "}", length=1 << 62),
    "header of length 2^63": file("{" + A + "}", length=1 << 63),
    "header of length 2^64 - 1": file("{" + A + "}", length=(1 << 64) - 1),
    "nested deeply": file("[" * 1000, 0),
    "nested deeply in an entry": file('{"a":' + "[" * 1000 + "}", 0),
}


def accepts(content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "case.safetensors")
        path.write_bytes(content)
        try:
            with safe_open(path, "np"):
                return True
        except Exception:
            return False


def main():
    cases = [{"name": name, "bytes": content.hex(), "accepted": accepts(content)} for name, content in CASES.items()]
    TARGET.write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
