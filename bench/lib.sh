# What the benchmarks share: pairs of timed runs, medians, the machine, and sections of RESULTS.md. Sourced, not run.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$bench")
results=$bench/RESULTS.md

# Data that is dear to make, such as the base image, is kept here between runs.
kept=${ATHANOR_BENCH_DIR:-/var/tmp/athanor-bench}

# How many pairs of runs, unless a benchmark is told otherwise.
pairs=${PAIRS:-7}

# A folder for this run alone, on the file system of what is kept; gone afterwards, as are the servers that were started.
work=
servers=()
begin_work() {
  mkdir -p "$kept"
  work=$(mktemp -d "$kept/run.XXXXXX")
  trap end_work EXIT
}
end_work() {
  local pid
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}

# Ends the benchmark with success when a program that it compares with is missing.
need() {
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || { echo "$name: skipped, $program is missing" >&2; exit 0; }
  done
}
need_root() {
  [ "$(id -u)" = 0 ] || { echo "$name: skipped, $1 needs root" >&2; exit 0; }
}

# Runs a command and prints the seconds that it took. Its output is shown only when it fails.
seconds() {
  local from=$EPOCHREALTIME to
  "$@" >"$work/output" 2>&1 || { echo "failed: $*" >&2; cat "$work/output" >&2; return 1; }
  to=$EPOCHREALTIME
  echo $((${to/[.,]/} - ${from/[.,]/})) | awk '{ printf "%.4f\n", $1 / 1e6 }'
}

# The middle, least and largest of the numbers on standard input, in one line.
summary() {
  sort -g | awk '{ v[NR] = $1 } END { m = NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2; print m, v[1], v[NR] }'
}

# Runs OURS and THEIRS in alternation, PREPARE untimed before each, after one run of each to warm up, and adds a row:
#   compare WHAT BAR PREPARE OURS THEIRS
# BAR is the largest ratio of medians that is good enough, or - for none.
compare() {
  local what=$1 bar=$2 prepare=$3 ours=$4 theirs=$5 i
  commands "$ours" "$theirs"
  : >"$work/ours"; : >"$work/theirs"
  "$prepare"; seconds "$ours" >/dev/null
  "$prepare"; seconds "$theirs" >/dev/null
  for ((i = 0; i < pairs; i++)); do
    "$prepare"; seconds "$ours" >>"$work/ours"
    "$prepare"; seconds "$theirs" >>"$work/theirs"
  done
  local o t
  o=$(summary <"$work/ours"); t=$(summary <"$work/theirs")
  row "$(awk -v what="$what" -v bar="$bar" -v o="$o" -v t="$t" 'BEGIN {
    split(o, a, " "); split(t, b, " "); ratio = a[1] / b[1]
    printf "%s | %.3f (%.3f–%.3f) | %.3f (%.3f–%.3f) | %.2f | %s", what, a[1], a[2], a[3], b[1], b[2], b[3], ratio,
      bar == "-" ? "" : sprintf("≤ %s: %s", bar, ratio <= bar ? "met" : "**missed**")
  }')"
}
compare_head() {
  line "| what | Athanor s, median (min–max) | $1 | ratio | bar |"
  line "|---|---|---|---|---|"
}
nothing() { :; }

# A section of RESULTS.md is written into a file of its own, and put in its place at the end. What stands in RESULTS.md
# outside the marks is written by people and stays.
line() { printf '%s\n' "$*" | tee -a "$work/section"; }
row() { line "| $* |"; }

# Notes what the functions of these names run, for the end of the section.
commands() {
  local command
  for command in "$@"; do
    grep -qx "$command () *" "$work/commands" || declare -f "$command" >>"$work/commands"
  done
}

section() {
  : >"$work/section"
  : >"$work/commands"
  line "_$(date -u +%Y-%m-%d), $(machine); $(versions "$@")._"
  line
}
machine() {
  printf '%s cores of %s, Linux %s, %s GB of memory, %s, load %s at the start' "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(uname -r)" \
    "$(awk '/^MemTotal/ { printf "%.0f", $2 / 1e6 }' /proc/meminfo)" \
    "$(stat -f -c %T "$kept")" "$(cut -d ' ' -f 1 /proc/loadavg)"
}
versions() {
  local program
  printf 'JDK %s' "$(sed -n 's/^JAVA_RUNTIME_VERSION="\(.*\)"/\1/p' "$JAVA_HOME/release")"
  printf ', Athanor %s' "$(git -C "$root" describe --always --dirty --exclude='*' 2>/dev/null || echo '?')"
  for program in "$@"; do
    case $program in
      docker-registry) printf ', docker-registry %s' "$(docker-registry --version | awk '{ print $3 }')" ;;
      nginx) printf ', nginx %s' "$(nginx -v 2>&1 | sed 's/.*nginx.//')" ;;
      curl) printf ', %s' "$(curl --version | head -n 1 | cut -d ' ' -f 1,2)" ;;
      *) printf ', %s' "$("$program" --version 2>&1 | head -n 1)" ;;
    esac
  done
}

publish_section() {
  local id=$1
  if [ -s "$work/commands" ]; then
    line
    line "<details><summary>Command lines: <code>bench/run $id</code></summary>"
    line
    line '```sh'
    # declare -f leaves blanks behind names of functions.
    line "$(sed 's/ *$//' "$work/commands")"
    line '```'
    line
    line "</details>"
  fi
  touch "$results"
  grep -qF "<!-- begin $id -->" "$results" || printf '\n<!-- begin %s -->\n<!-- end %s -->\n' "$id" "$id" >>"$results"
  awk -v id="$id" -v file="$work/section" '
    $0 == "<!-- end " id " -->" { skip = 0 }
    !skip { print }
    $0 == "<!-- begin " id " -->" { skip = 1; print ""; while ((getline text < file) > 0) print text; print "" }
  ' "$results" >"$work/results"
  cat "$work/results" >"$results"
}

athanor() { "$root/athanor" "$@"; }

# The launcher builds what has changed; nobody should measure that.
source "$root/.jdk.sh"
JAVA_HOME=$(find_jdk25)
export JAVA_HOME
athanor version >/dev/null
