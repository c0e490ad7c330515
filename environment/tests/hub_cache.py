"""A model in a cache as the hub's client lays it out: the files of its snapshot are links to blobs."""
from pathlib import Path

COMMIT = "0123456789abcdef0123456789abcdef01234567"
FILES = ["config.json", "tokenizer.json", "model.safetensors"]


def make_snapshot(cache, name, source=None):
    """The snapshot's folder; its files are those of `source`, or hold nothing but their names."""
    repository = Path(cache, "models--" + name.replace("/", "--"))
    snapshot = repository / "snapshots" / COMMIT
    for folder in (snapshot, repository / "blobs", repository / "refs"):
        folder.mkdir(parents=True)
    (repository / "refs/main").write_text(COMMIT, encoding="ascii")
    for file in FILES:
        (repository / "blobs" / file).write_bytes(Path(source, file).read_bytes() if source else file.encode())
        (snapshot / file).symlink_to(Path("../../blobs", file))
    return snapshot
