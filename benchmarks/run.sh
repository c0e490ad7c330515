#!/usr/bin/env bash
# Measures this project beside Hugging Face transformers on this machine; README.md has the tables. Sets up what it
# needs, about 6 GB of disk on Linux x86-64, most of them CUDA libraries that torch brings along.
set -euo pipefail
caller=$PWD
home=$(cd "$(dirname "$0")/.." && pwd -P)
. "$home/environment/env.sh"
venv=$home/build/benchmarks/venv
llama_cpp=$home/build/benchmarks/llama-cpp
classes=$home/build/benchmarks/classes

main() {
  local python
  python=$(base_python)
  if [ -z "$python" ]; then "$home/environment/check.sh"; fi
  case " $* " in *' --help '* | *' -h '*) exec "$python" "$home/benchmarks/options.py" --help ;; esac
  "$python" "$home/benchmarks/options.py" "$@"
  if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "The benchmarks need Python 3.11 or later, but $python is older; set PYTHON to one that is." >&2
    exit 3
  fi
  cd "$home"
  environment/check.sh
  take_lock
  attended environment/setup.sh
  ready "$venv" '' || make_venv
  case " $* " in *' llama_cpp '*) ready "$llama_cpp" -llama-cpp || make_llama_cpp || true ;; esac
  compile_java
  cd "$caller"
  attended env SUPERWEIGHT_JAVA="$java" "$venv/bin/python" "$home/benchmarks/run.py" "$@"
}

# A Python environment holds absolute paths and belongs to one Python.
key() { echo "$(sha256 < "benchmarks/requirements$2.lock") $1 $("$(base_python)" -V)"; }

ready() { [ "$(cat "$1/key" 2>/dev/null)" = "$(key "$1" "$2")" ]; }

make_venv() {
  rm -rf "$venv"
  log_step 'Python environment' 5 build/logs/benchmarks-venv.log "$(base_python)" -m venv "$venv"
  log_step 'torch and transformers' 90 build/logs/benchmarks-packages.log \
    install "$venv" '' --only-binary :all:
  key "$venv" '' > "$venv/key"
}

# What compiles it is installed first and used as it is, so that the locks hold for that too. Where it cannot be
# compiled, the other benchmarks run all the same.
make_llama_cpp() {
  rm -rf "$llama_cpp"
  log_step 'Python environment' 5 build/logs/llama-cpp-venv.log "$(base_python)" -m venv "$llama_cpp" &&
    log_step 'Tools that compile llama.cpp' 10 build/logs/llama-cpp-tools.log \
      install "$llama_cpp" -llama-cpp-tools --only-binary :all: &&
    log_step 'llama.cpp, compiled' 600 build/logs/llama-cpp.log compile_llama_cpp &&
    key "$llama_cpp" -llama-cpp > "$llama_cpp/key"
}

# For this processor, without the parts that look at pictures.
compile_llama_cpp() {
  PATH=$llama_cpp/bin:$PATH CMAKE_ARGS=-DLLAVA_BUILD=OFF CMAKE_BUILD_PARALLEL_LEVEL=${JOBS:-2} \
    install "$llama_cpp" -llama-cpp --no-build-isolation
}

# install VENV SUFFIX OPTION...: what requirementsSUFFIX.lock lists, and nothing else.
install() {
  local python=$1/bin/python lock=benchmarks/requirements$2.lock
  shift 2
  "$python" -m pip install --quiet --require-hashes --no-deps --disable-pip-version-check --requirement "$lock" "$@"
}

compile_java() {
  rm -rf "$classes"
  "$(jdk_home)/bin/javac" --release 17 -Xlint:all,-processing,-classfile -Werror -d "$classes" \
    -cp 'target/superweight.jar:target/lib/*' benchmarks/java/superweight/benchmarks/*.java
}

main "$@"
