#!/usr/bin/env bash
# Looks the machine over and names everything that is missing at once. Exit code 3 if something is.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd -P)
. "$home/environment/env.sh"

missing=()
packages=() # Debian's names of what would help

lacks() { missing+=("$1"); if [ -n "${2:-}" ]; then packages+=("$2"); fi; }

check_system() {
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64' | 'Linux aarch64')
      # libtorch is built against glibc.
      getconf GNU_LIBC_VERSION >/dev/null 2>&1 || lacks 'a Linux with glibc 2.28 or later' ;;
    'Darwin arm64') ;;
    *) lacks "Linux on x86-64 or ARM, or macOS on ARM (this is $(uname -s) on $(uname -m)); no libtorch is published for others" ;;
  esac
  case $home in
    *:*) lacks "a folder without a colon in its path, since Java's class path cannot hold one (this is $home)" ;;
  esac
}

check_java() {
  local jdk='' version=0 package=default-jdk-headless
  # The default JDK of this release is older than 17.
  grep -qs jammy /etc/os-release && package=openjdk-17-jdk-headless
  if [ -n "${JAVA_HOME:-}" ] && [ ! -x "$JAVA_HOME/bin/java" ]; then
    lacks "a JDK where JAVA_HOME points (there is no $JAVA_HOME/bin/java); correct or unset JAVA_HOME"
    return
  fi
  if command -v "$java" >/dev/null; then jdk=$(jdk_home) || true; fi
  if [ -n "$jdk" ]; then
    version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.specification\.version = //p') || true
    version=${version#1.}
  fi
  if [ -z "$jdk" ]; then
    lacks 'a JDK, version 17 or later (no java that runs was found)' "$package"
  elif [ "$version" -lt 17 ]; then
    lacks "a JDK, version 17 or later ($jdk is version $version)" "$package"
  elif [ ! -x "$jdk/bin/javac" ]; then
    lacks "the compiler javac ($jdk is a runtime only; a JDK is needed)" "$package"
  fi
}

check_python() {
  local python
  python=$(base_python)
  if [ -z "$python" ]; then
    lacks 'Python 3.10 to 3.14 (set PYTHON to it where it has another name than python3)' python3-venv
  elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    lacks "Python's modules venv and ensurepip ($python lacks them)" python3-venv
  fi
}

check_disk() {
  local needed=2500 free
  # What is already there need not fit a second time.
  if [ -e "$home/target/lib" ]; then needed=1000; fi
  free=$(df -Pk "$home" | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free" -ge "$needed" ] || lacks "$needed MB of free disk space in $home (there are $free MB)"
}

check_fonts() {
  if [ "$(uname -s)" = Linux ] && ! fc-list 2>/dev/null | grep -qiE '\.(ttf|otf|ttc|pfb)'; then
    lacks 'a font for the charts (fc-list finds none)' 'fontconfig fonts-dejavu-core'
  fi
}

check_system
check_java
check_python
check_disk
check_fonts

if [ ${#missing[@]} -gt 0 ]; then
  echo 'This machine lacks:' >&2
  printf '  - %s\n' "${missing[@]}" >&2
  if [ ${#packages[@]} -gt 0 ]; then
    echo "On Debian and Ubuntu this installs it: sudo apt-get install -y ${packages[*]}" >&2
  fi
  exit 3
fi
