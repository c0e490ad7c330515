"""Models under the names that they have on the Hugging Face hub, in the cache that its client keeps, before there is a
jar to ask; superweight.checkpoint.HubCache reads the cache alike, and a test holds the two together.

    python3 environment/hub.py Qwen/Qwen3-0.6B    prints the folder, or why there is none (exit code 2)
"""
import json
import os
import re
import sys
from pathlib import Path


class Absent(Exception):
    """The model is not in the cache as a whole; the message says what to do."""


def is_name(model):
    """Whether this could be a model's name on the hub."""
    return bool(re.fullmatch(r"\w[\w.-]*/\w[\w.-]*", model, re.ASCII)
                and not re.search(r"--|\.\.|\.gguf$|\.safetensors$", model))


def cache(environment, home):
    """The cache as the client finds it; a variable that is blank counts as absent."""
    def variable(name, otherwise):
        return environment.get(name, "") if environment.get(name, "").strip() else otherwise

    def expanded(path):
        absolute = re.sub("^~(?=/|$)", lambda tilde: str(home), path)
        return re.sub(r"\$(?:(\w+)|\{([^}]*)\})", lambda mention: environment.get(mention[1] or mention[2], mention[0]),
                      absolute, flags=re.ASCII)

    own = variable("HF_HOME", variable("XDG_CACHE_HOME", f"{home}/.cache") + "/huggingface")
    return Path(expanded(variable("HF_HUB_CACHE", variable("HUGGINGFACE_HUB_CACHE", expanded(own) + "/hub"))))


def snapshot(name, folder):
    """The folder of a model's newest downloaded version."""
    repository = folder / f"models--{name.replace('/', '--')}"
    if not repository.is_dir():
        raise Absent(f"there is no model file or folder at {name}, and no model of that name in the hub's cache, "
                     f"{folder}; hf download {name} fetches it")
    reference = repository / "refs/main"
    if not reference.is_file():
        raise incomplete(repository, name, "refs/main")
    commit = reference.read_text(encoding="ascii", errors="replace").strip()
    if not re.fullmatch("[0-9a-f]+", commit):
        raise Absent(f'in {reference}, the commit should be a hexadecimal number, but is "{commit}"')
    folder = repository / "snapshots" / commit
    if not folder.is_dir():
        raise incomplete(repository, name, f"snapshots/{commit}")
    weights = ["model.safetensors", "model.safetensors.index.json"]
    ggufs = sorted(file for file in folder.glob("*.gguf") if file.exists())
    if ggufs and not any((folder / file).exists() for file in weights):
        raise Absent(f"the hub's cache has the model {name} in GGUF alone, and no safetensors folder; "
                     f"a .gguf file is given by its path, such as {ggufs[0]}")
    shards = [] if (folder / weights[0]).exists() else listed(folder / weights[1])
    for alternatives in (["config.json"], ["tokenizer.json"], weights, *([shard] for shard in shards)):
        if not any((folder / file).exists() for file in alternatives):
            raise incomplete(folder, name, " and ".join(alternatives))
    return folder


def listed(index):
    """The files that an index of shards lists; none where it is malformed, which the jar refuses in its own words."""
    try:
        names = set(json.loads(index.read_bytes())["weight_map"].values())
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return []
    plain = re.compile(r"[^/\\:\x00-\x1f\x7f-\x9f]*\.safetensors")
    return sorted(names) if all(isinstance(name, str) and plain.fullmatch(name) for name in names) else []


def incomplete(where, name, lacking):
    return Absent(f"the model {name} is not in the hub's cache as a whole, since {where} lacks {lacking}; "
                  f"hf download {name} fetches what is missing")


def here(name):
    """The folder of a model that this user has downloaded."""
    if not is_name(name):
        raise Absent(f"there is no model {name}; give smollm2-135m, the path of a model or its name on the hub")
    return snapshot(name, cache(os.environ, os.path.expanduser("~")))


if __name__ == "__main__":
    try:
        print(here(sys.argv[1]))
    except Absent as reason:
        print(f"reproduce.sh: {reason}", file=sys.stderr)
        sys.exit(2)
