# Sourced by the scripts of this project, which have set home to the checkout: the surroundings of Java, pip and
# Jupyter, and what the scripts share. For bash 3.2, which macOS has.

# Everything that these tools would keep in the user's home goes into the checkout.
export DJL_CACHE_DIR="$home/build/djl" DJL_OFFLINE=true OPT_OUT_TRACKING=true
# Threads that wait for one another sleep instead of spinning: twice as fast on a busy machine, for 2 to 15 per cent more
# time on an idle one.
export OMP_WAIT_POLICY=PASSIVE
export JUPYTER_CONFIG_DIR="$home/build/jupyter/config" JUPYTER_DATA_DIR="$home/build/jupyter/data"
export JUPYTER_RUNTIME_DIR="$home/build/jupyter/runtime" IPYTHONDIR="$home/build/jupyter/ipython"
# A user's own settings for these would send packages or imports past the project's Python environment.
export PIP_USER=0 PYTHONNOUSERSITE=1
# What Python says appears when it says it, also in a log.
export PYTHONUNBUFFERED=1
unset PYTHONPATH PYTHONHOME PIP_TARGET PIP_PREFIX

# Java reads its arguments in the locale's encoding, and a prompt may hold any character. A locale that a user names
# need not be installed; this one always is. macOS is UTF-8 throughout.
if [ "$(uname -s)" != Darwin ]; then export LC_ALL=C.UTF-8; fi

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
venv_python=$home/build/venv/bin/python

# Prints the home of the JDK in use, nothing where there is none.
jdk_home() { "$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'; }

# Prints the Python to build with: PYTHON where it is set, else the first that the lock file covers.
base_python() {
  local candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python3.10; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 15))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
}

sha256() { if command -v sha256sum >/dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

# Steps ----------------------------------------------------------------------------------------------------------

elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

# log_step LABEL EXPECTED LOG COMMAND...: runs a command with its output in a log; on a terminal the time runs along.
log_step() {
  local label=$1 expected=$2 log=$3 began=$SECONDS status=0
  shift 3
  mkdir -p "$(dirname "$log")"
  echo "      $label ($expected)"
  if [ -t 1 ]; then
    while sleep 1 && kill -0 $$ 2>/dev/null; do printf '\r      %d s ' $((SECONDS - began)); done &
    ticker=$!
  fi
  "$@" > "$log" 2>&1 < /dev/null || status=$?
  stop_ticker
  if [ $status -ne 0 ]; then
    tail -n 15 "$log" >&2
    echo "$label: failed with exit code $status; the whole log is $log. The next run starts this step afresh." >&2
    return 1
  fi
}

stop_ticker() {
  if [ -n "${ticker:-}" ]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r\033[K'
    ticker=
  fi
}

# One run at a time ------------------------------------------------------------------------------------------------

# A symbolic link is made in one step together with what it says, so a lock without an owner cannot be seen.
lock=$home/build/lock

# The owner is a process and, where the system tells it, when that began: process numbers are used again.
lock_owner() { echo "$1.$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20)"; }

take_lock() {
  local owner
  mkdir -p "$home/build"
  if [ -n "${SUPERWEIGHT_LOCK:-}" ] && [ "$SUPERWEIGHT_LOCK" = "$(readlink "$lock")" ]; then
    return # the script that called this one holds it
  fi
  until ln -s "$(lock_owner $$)" "$lock" 2>/dev/null; do
    owner=$(readlink "$lock") || continue
    if kill -0 "${owner%%.*}" 2>/dev/null && [ "$owner" = "$(lock_owner "${owner%%.*}")" ]; then
      echo "Another run (process ${owner%%.*}) is working in $home; wait for it to end, then try again." >&2
      exit 1
    fi
    # Its owner is gone. Renaming lets only one of several that notice this take the lock away.
    mv "$lock" "$lock.$$" 2>/dev/null && rm -f "$lock.$$"
  done
  export SUPERWEIGHT_LOCK
  SUPERWEIGHT_LOCK=$(lock_owner $$)
  own_lock=$SUPERWEIGHT_LOCK
}

at_exit() {
  stop_ticker
  if [ -n "${own_lock:-}" ] && [ "$own_lock" = "$(readlink "$lock")" ]; then rm -f "$lock"; fi
}

trap at_exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
