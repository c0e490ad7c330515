# Sourced by the scripts of this project, which have set home to the checkout: the surroundings of Java, pip and
# Jupyter, and what the scripts share. For bash 3.2, which macOS has.

# Everything that these tools would keep in the user's home goes into the checkout.
export DJL_CACHE_DIR="$home/build/djl" DJL_OFFLINE=true OPT_OUT_TRACKING=true
# Threads that wait for one another sleep instead of spinning: twice as fast on a busy machine, for 2 to 15 per cent more
# time on an idle one.
export OMP_WAIT_POLICY=PASSIVE
# Large arrays lie in huge pages where Linux leaves that to the program: weights are read from its cache twice as fast.
export GLIBC_TUNABLES=${GLIBC_TUNABLES:+$GLIBC_TUNABLES:}glibc.malloc.hugetlb=1
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

# Runs a command so that a signal to this script alone ends both, at once: for a command in the foreground bash would
# first wait.
attended() {
  local status=0
  "$@" < /dev/null &
  child=$!
  wait "$child" || status=$?
  child=
  return $status
}

# log_step LABEL SECONDS LOG COMMAND...: runs a command with its output in a log, saying how long it has been at it.
log_step() {
  local label=$1 seconds=$2 log=$3 status=0
  shift 3
  mkdir -p "$(dirname "$log")"
  echo "      $label (about $seconds s without the download)"
  # A process group of its own, so that whatever the command starts can be ended with it.
  set -m
  (
    set +m
    watch_step "$label" "$seconds" &
    "$@" > "$log" 2>&1 || status=$?
    kill $! 2>/dev/null || true
    exit $status
  ) < /dev/null &
  child=$!
  set +m
  wait "$child" || status=$?
  child=
  end_line
  if [ $status -eq 0 ]; then return; fi
  if disk_full || grep -qs 'No space left on device' "$log"; then
    echo "$label: the disk that holds $home is full; make room and start again, then this step is done afresh." >&2
  else
    tail -n 15 "$log" >&2
    echo "$label: failed with exit code $status; the whole log is $log. The next run starts this step afresh." >&2
  fi
  return 1
}

# Runs beside a step, in its process group: on a terminal one line with the time, elsewhere a line now and then. If the
# script is killed outright, or the one that it works for, the step ends too: nobody would use what it makes.
watch_step() {
  local label=$1 seconds=$2 began=$SECONDS passed
  # The last sleep outlives the step, and must keep neither a pipe nor the lock open.
  while sleep 1 > /dev/null 2>&1 9>&-; do
    if ! alive $$; then kill -TERM 0; fi
    if [ -z "${own_lock:-}" ] && ! alive "$PPID"; then kill -TERM $$; fi
    passed=$((SECONDS - began))
    if [ -t 1 ]; then
      printf '\r      %d s passed of about %d ' $passed "$seconds"
    elif [ $((passed % 15)) -eq 0 ]; then
      echo "      $label: $passed s passed of about $seconds"
    fi
  done
}

end_line() { if [ -t 1 ]; then printf '\r\033[K'; fi; }

# Whether a process works: one that has ended stays listed until its parent asks for its exit code.
alive() { kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"; }

# What did not fit may be larger than what is left.
disk_full() { [ "$(df -Pk "$home" | awk 'NR == 2 { print int($4 / 1024) }')" -lt 16 ]; }

# What a signal does: the script ends, but first what it started. All of a step, where that is what runs.
stopped() {
  trap '' INT TERM HUP
  if [ -n "${child:-}" ]; then
    kill -TERM -- "-$child" 2>/dev/null || kill -TERM "$child" 2>/dev/null || true
    wait "$child" 2>/dev/null || true
    end_line
  fi
  exit "$1"
}

# One run at a time ------------------------------------------------------------------------------------------------

# A symbolic link is made in one step together with what it says, so a lock without an owner cannot be seen.
lock=$home/build/lock

# The owner is a process and, where the system tells it, when that began: process numbers are used again.
lock_owner() { echo "$1.$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20)"; }

take_lock() {
  local owner tries=0
  mkdir -p "$home/build"
  if [ -n "${SUPERWEIGHT_LOCK:-}" ] && [ "$SUPERWEIGHT_LOCK" = "$(readlink "$lock")" ]; then
    return # the script that called this one holds it
  fi
  until ln -s "$(lock_owner $$)" "$lock" 2>/dev/null; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ]; then
      echo "The lock $lock cannot be made: $(ln -s "$(lock_owner $$)" "$lock" 2>&1)" >&2
      exit 1
    fi
    owner=$(readlink "$lock") || continue
    if alive "${owner%%.*}" && [ "$owner" = "$(lock_owner "${owner%%.*}")" ]; then
      echo "Another run (process ${owner%%.*}) is working in $home; wait for it to end, then try again." >&2
      exit 1
    fi
    # Its owner is gone. Renaming lets only one of several that notice this take the lock away.
    mv "$lock" "$lock.$$" 2>/dev/null && rm -f "$lock.$$"
  done
  export SUPERWEIGHT_LOCK
  SUPERWEIGHT_LOCK=$(lock_owner $$)
  own_lock=$SUPERWEIGHT_LOCK
  # Everything that a run starts inherits this open file. It is locked until the last of them has ended, so a run after
  # one that was killed outright does not work in the same folders with what that one left behind.
  exec 9>> "$home/build/processes"
  "$(base_python)" "$home/environment/leftovers.py" 9
}

at_exit() {
  if [ -n "${own_lock:-}" ] && [ "$own_lock" = "$(readlink "$lock")" ]; then rm -f "$lock"; fi
}

trap at_exit EXIT
trap 'stopped 129' HUP
trap 'stopped 130' INT
trap 'stopped 143' TERM
