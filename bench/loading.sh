#!/usr/bin/env bash
# The build language: many packages, one large one, and a long loop; time, and memory for each target.
set -euo pipefail
name=loading
source "$(dirname "$0")/lib.sh"
times=${TIMES:-6}

# A package of TARGETS targets, half of them genrules and half filegroups, each with one or two dependencies.
#   package DIRECTORY TARGETS [LABEL-TO-DEPEND-ON]
package() {
  mkdir -p "$1"
  awk -v n="$2" -v other="${3:-}" 'BEGIN {
    for (i = 0; i < n; i += 2) {
      last = i ? "\":g" 2 * int(i / 4) "\"" : other ? "\"" other "\"" : ""
      printf "genrule(\n    name = \"g%d\",\n    srcs = [%s],\n    outs = [\"g%d.txt\"],\n    cmd = \"cat $(SRCS) > $@\",\n)\n\n", i, last, i
      printf "filegroup(\n    name = \"f%d\",\n    srcs = [\":g%d\"%s],\n    tags = [\"bench\"],\n)\n\n", i, i, last ? ", " last : ""
    }
  }' >"$1/BUILD"
}
# WHAT WORKSPACE PATTERN
load() {
  local first others targets bytes
  read -r first others targets bytes < <("$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -cp "$(<"$root/cli/target/classpath")" "$bench/Loading.java" "$2" "$3" "$times")
  row "$1 | $targets | $first | $others | $(awk -v s="$others" -v n="$targets" 'BEGIN { printf "%.0f", s / n * 1e6 }') | $bytes"
}

begin_work
mkdir "$work/many" "$work/one" "$work/loop"
touch "$work/many/WORKSPACE" "$work/one/WORKSPACE" "$work/loop/WORKSPACE"
for ((i = 0; i < 1000; i++)); do
  package "$work/many/p$((i / 50))/q$i" 20 "${before:-}"
  before=//p$((i / 50))/q$i:g0
  ((i % 50)) || before=
done
package "$work/one/p" 5000

section
line "Loading and analysis in one JVM, from nothing each time: the first time without any warm-up, then the median of $((times - 1)) more. Bytes are what stays on the heap after a collection, graph and analysed targets."
line
line "| what | targets | first s | then s | µs a target | bytes a target |"
line "|---|---|---|---|---|---|"
load "1,000 packages × 20 targets" "$work/many" //...
load "one package of 5,000 targets" "$work/one" //...
load "one package of those 1,000, and what it needs" "$work/many" //p3/q180:all

# A loop that does what loops in .bzl files do, as a whole process, beside Python running the same text.
cat >"$work/loop/loop.bzl" <<'BZL'
def work():
    total = 0
    for i in range(2000000):
        if i % 3 == 0:
            total += i
    return total
BZL
printf 'load("//:loop.bzl", "work")\n\nfilegroup(name = "n%%d" %% work())\n' >"$work/loop/BUILD"
cp "$work/loop/loop.bzl" "$work/loop.py"
echo 'print(work())' >>"$work/loop.py"
starlark() { athanor -C "$work/loop" --cache-dir "$work/cache" build //...; }
python() { python3 "$work/loop.py"; }
# Or nothing is loaded: the build before is known.
forget_loop() { rm -rf "$work/cache"; }
if command -v python3 >/dev/null; then
  line
  compare_head "python3"
  compare "a loop of 2,000,000 iterations in a .bzl file, whole process" - forget_loop starlark python
else
  echo "$name: the loop is skipped, python3 is missing" >&2
fi
publish_section "$name"
