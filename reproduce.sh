#!/usr/bin/env bash
# The main job: from a machine with a JDK and Python to executed notebooks, tables, figures and verdicts.
set -euo pipefail
caller=$PWD
home=$(cd "$(dirname "$0")" && pwd -P)

usage() {
  cat <<'TEXT'
Reruns the experiments of "The Super Weight in Large Language Models": sets up what it needs, runs the notebooks
that are not finished, and ends with the claims of the paper beside what this machine found.

  ./reproduce.sh [options] [notebook...]

  notebook        only these, as 02-prune, 02, or notebooks/02-prune.ipynb; all where none is given
  --model M       smollm2-135m (the default, comes with the set-up), the path of a model: a .gguf file, or a
                  folder as Hugging Face transformers saves one, or the name of one that the command
                  hf download has fetched, such as Qwen/Qwen3-0.6B
  --data DIR      evaluate on WikiText-2: a folder with wiki.test.raw (or set SUPERWEIGHT_DATA);
                  without it the text written for this project is used
  --full          the paper's whole protocol, where a notebook has one, instead of the shorter default
  --threads N     how many threads compute; the default is the engine's own choice
  --force         run again what is finished
  --list          show each notebook with its state and cost, and run none
  --help          show this

With SUPERWEIGHT_SIZE=small the notebooks take seconds and their numbers mean nothing: that tries out the whole way, and
what comes of it goes to build/small, away from the results.

Exit codes: 0 done, 1 a run failed, 2 a fault in what was asked for, 3 this machine lacks something,
130 and 143 stopped.
TEXT
}

refuse() {
  echo "reproduce.sh: $1" >&2
  exit 2
}

command_line=./reproduce.sh # for provenance: with the names, not the places, of the user's files
model=smollm2-135m
data=${SUPERWEIGHT_DATA:-}
size=${SUPERWEIGHT_SIZE:-default}
threads=
list=
force=
name_on_hub=
names=()

while [ $# -gt 0 ]; do
  command_line="$command_line $(basename -- "$1")"
  case $1 in
    --model | --data | --threads)
      [ -n "${2:-}" ] || refuse "$1 needs a value; see ./reproduce.sh --help"
      case $1 in
        --model) model=$2 ;;
        --data) data=$2 ;;
        --threads) threads=$2 ;;
      esac
      if [ -e "$2" ]; then
        command_line="$command_line $(basename -- "$2")"
      else
        command_line="$command_line $2" # a number, or a model's name on the hub
      fi
      shift ;;
    --full) size=full ;;
    --force) force=--force ;;
    --list) list=--list ;;
    --help | -h) usage; exit 0 ;;
    -*) refuse "there is no option $1; see ./reproduce.sh --help" ;;
    *) names+=("$1") ;;
  esac
  shift
done

# What is asked for is looked at before minutes go into set-up; the paths given are the caller's.
cd "$caller"
if [ "$model" != smollm2-135m ]; then
  if [ -d "$model" ]; then
    model=$(cd "$model" && pwd)
  elif [ -e "$model" ]; then
    model=$(cd "$(dirname "$model")" && pwd)/$(basename "$model")
  else
    name_on_hub=$model
  fi
fi
if [ -n "$data" ]; then
  [ -f "$data/wiki.test.raw" ] || refuse "the data folder $data does not exist or holds no file wiki.test.raw"
  data=$(cd "$data" && pwd)
fi
case $size in
  small | default | full) ;;
  *) refuse "SUPERWEIGHT_SIZE is small, default or full, not $size" ;;
esac
case $threads in
  *[!0-9]* | 0*) refuse "--threads needs a whole number from 1 on, not $threads" ;;
esac
cd "$home"
known=$(ls notebooks 2>/dev/null | sed -n 's/\.ipynb$//p' | tr '\n' ' ') || true
for name in ${names[@]+"${names[@]}"}; do
  stem=$(basename "$name" .ipynb)
  case " $known" in
    *" $stem "* | *" $stem-"*) ;;
    *) refuse "there is no notebook $name; there are: ${known% }" ;;
  esac
done

. "$home/environment/env.sh"
if [ -n "$name_on_hub" ]; then
  python=$(base_python)
  if [ -z "$python" ]; then environment/check.sh; fi
  "$python" environment/hub.py "$name_on_hub" > /dev/null || exit 2
fi
export SUPERWEIGHT_COMMAND=$command_line
results=$home
if [ "$size" = small ]; then results=$home/build/small; fi
runner=(environment/run_notebooks.py --model "$model" --data "$data" --size "$size" --out "$results"
  ${threads:+--threads "$threads"} ${force:+$force} ${names[@]+"${names[@]}"})

if [ -n "$list" ]; then
  # Needs no package, so any Python will do and nothing is set up for it.
  python=$(base_python)
  if [ -z "$python" ]; then environment/check.sh; fi
  exec "$python" "${runner[@]}" --list
fi

step() { echo "[$1/4] $(elapsed)  $2"; }

step 1 'Looking this machine over'
environment/check.sh
take_lock

step 2 'Setting up: Python packages, embedded model, jar, notebook kernel'
attended environment/setup.sh
if [ "$model" != smollm2-135m ]; then
  # What cannot be run is refused here, not by each notebook in turn.
  attended ./superweight describe --model "$model" > /dev/null
fi

text=bundled
if [ -n "$data" ]; then text=wikitext2; fi
name=$(basename "$model" .gguf)
step 3 "Running the notebooks on $name and the text $text"
if [ "$size" = small ]; then
  echo '      At a small size, to see that everything runs: the numbers mean nothing.'
fi
if [ -z "$data" ]; then
  echo '      The text is the one written for this project; --data DIR gives WikiText-2 (a folder with wiki.test.raw).'
fi
outcome=0
attended "$venv_python" "${runner[@]}" --caller $$ || outcome=$?
if [ $outcome -ge 128 ]; then
  echo 'The notebook runner was ended from outside: finished notebooks stay so, run this again for the others.' >&2
  exit 1
fi
[ $outcome -le 1 ] || exit $outcome

step 4 'The claims, the paper and this run'
if [ $outcome -eq 0 ] && [ "$size" = small ]; then
  echo '      No table: of a run at a small size nothing follows.'
elif [ $outcome -eq 0 ]; then
  attended ./superweight verdicts --headlines --model "$name" --text "$text" || outcome=1
  echo "All of the claims: ./superweight verdicts --model $name --text $text"
else
  # What lies in paper-tables then is somebody else's run.
  echo '      No table: not all notebooks ran through.' >&2
fi

place=${results#"$home"} # nothing, or /build/small
place=${place#/}${place:+/}
echo
if [ $outcome -eq 0 ]; then
  echo "Executed notebooks and their pages (.html): ${place}notebooks/$name/$text/"
  echo "Tables with their provenance:               ${place}paper-tables/$name/$text/"
  echo "Figures with their data:                    ${place}figures/$name/$text/"
  echo "Done in $(elapsed) min."
else
  echo "Ended after $(elapsed) min, but not everything ran through; what failed is said above." >&2
fi
exit $outcome
