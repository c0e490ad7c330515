#!/usr/bin/env bash
# Remakes the lock files beside it from the .in files. Needs uv on the PATH and the network; it is for whoever
# changes a version.
set -euo pipefail
cd "$(dirname "$0")"

lock() {
  local name=$1
  shift
  {
    echo "# Every package with its hashes, for all systems and Python 3.11 or later."
    echo "# Not to be edited: change $name.in and run benchmarks/lock.sh."
    uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --python-version 3.11 "$@" "$name.in"
  } > "$name.lock.new"
  mv "$name.lock.new" "$name.lock"
}

lock requirements
lock requirements-llama-cpp-tools
lock requirements-llama-cpp --no-deps
