#!/usr/bin/env bash
# All tests: the library's, every notebook at a small size, the runner's, the scripts'. Sets up what it needs.
# With SUPERWEIGHT_DATA (a folder with wiki.test.raw) the tests that need evaluation data run too.
set -euo pipefail
home=$(cd "$(dirname "$0")" && pwd -P)

if [ $# -gt 0 ]; then
  echo 'test.sh: takes no arguments; SUPERWEIGHT_DATA=DIR gives it evaluation data' >&2
  exit 2
fi
if [ -z "${SUPERWEIGHT_DATA:-}" ]; then
  unset SUPERWEIGHT_DATA
elif [ ! -f "$SUPERWEIGHT_DATA/wiki.test.raw" ]; then
  echo "test.sh: SUPERWEIGHT_DATA is $SUPERWEIGHT_DATA, which does not exist or holds no file wiki.test.raw" >&2
  exit 2
else
  SUPERWEIGHT_DATA=$(cd "$SUPERWEIGHT_DATA" && pwd)
fi

. "$home/environment/env.sh"
cd "$home"
trial=$home/build/test-run

step() { echo "[$1/3] $(elapsed)  $2"; }

environment/check.sh
take_lock
attended environment/setup.sh
rm -rf "$trial"
mkdir -p "$trial"

step 1 'The library'
JAVA_HOME=$(jdk_home)
export JAVA_HOME
java_outcome=0
rm -rf target/surefire-reports
attended ./mvnw --batch-mode --no-transfer-progress verify || java_outcome=$?

step 2 'The notebooks, at a small size, on the bundled text'
export SUPERWEIGHT_COMMAND=./test.sh
attended "$venv_python" environment/run_notebooks.py --caller $$ --size small --force --out "$trial" || true
unset SUPERWEIGHT_COMMAND

step 3 'The notebook runner and the scripts'
attended "$venv_python" environment/tests/run.py "$home" "$java_outcome" "$trial"
