#!/usr/bin/env bash
# What the sandbox costs: one trivial process in it, beside bubblewrap and Bazel's linux-sandbox; small commands; inputs.
set -euo pipefail
name=sandbox
source "$(dirname "$0")/lib.sh"
need bwrap bazel
rounds=${ROUNDS:-200}

linux_sandbox=
for place in /usr/share/bazel/linux-sandbox /usr/libexec/*/bazel/linux-sandbox; do
  [ ! -x "$place" ] || linux_sandbox=$place
done
[ -n "$linux_sandbox" ] || { echo "$name: skipped, Bazel's linux-sandbox is missing" >&2; exit 0; }

begin_work
chmod 755 "$work"
mkdir -m 777 "$work/root" "$work/classes"
# What an ordinary user can read too.
classpath=$work/classes
IFS=: read -ra jars <"$root/cli/target/classpath"
for jar in "${jars[@]}"; do cp "$jar" "$work/classes/"; classpath+=:$work/classes/$(basename "$jar"); done
"$JAVA_HOME/bin/javac" -d "$work/classes" -cp "$classpath" "$bench/Spawning.java" "$bench/Actions.java"
chmod -R a+rX "$work"

bwrap=(bwrap=/usr/bin/bwrap --unshare-all --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib
  --symlink usr/lib64 /lib64 --proc /proc --dev /dev --tmpfs /tmp --hostname athanor /bin/true ';')
bazel_sandbox=("linux-sandbox=$linux_sandbox" -W "$work/root" -w "$work/root" -N -H -- /bin/true ';')
java=("$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$classpath")

# Runs the JVM with OPTIONS, up to --, in FOLDER, and leaves a line for each way in $work/times.
#   spawning FOLDER PARALLELISM OPTIONS... --
spawning() {
  local folder=$1 parallelism=$2
  shift 2
  local wrapper=()
  if [ "${1:-}" = user ]; then wrapper=(setpriv --reuid=12345 --regid=12345 --clear-groups); shift; fi
  "${wrapper[@]}" "${java[@]}" "$@" dev.athanor.sandbox.Spawning "$work/root/$folder" "$rounds" "$parallelism" \
    "${bwrap[@]}" "${bazel_sandbox[@]}" >"$work/times"
}
# The median of a way, in microseconds.
median() { awk -v way="$1" '$1 == way { print $2 }' "$work/times"; }
# Adds a row for a way and its bars, if any: at most BAR times a plain spawn, a third of the others.
#   spawn_row WHAT [BAR [THIRD]]
spawn_row() {
  row "$(awk -v what="$1" -v bar="${2:-}" -v third="${3:-}" -v jail="$(median jail)" -v plain="$(median posix_spawn)" \
    -v bwrap="$(median bwrap)" -v bazel="$(median linux-sandbox)" '
    function ratio(a, b, limit,   r) {
      r = a / b
      return sprintf("%.2f%s", r, limit == "" ? "" : r <= limit ? ", bar " limit ": met" : ", bar " limit ": **missed**")
    }
    BEGIN { printf "%s | %d | %d | %d | %d | %s | %s | %s", what, jail, plain, bwrap, bazel, ratio(jail, plain, bar),
      ratio(jail, bwrap, third), ratio(jail, bazel, third) }')"
}

section bwrap bazel
line "A run of \`/bin/true\` in all namespaces, with its own /proc and without network, from one JVM; medians of $rounds rounds of four in"
line "turn, in microseconds. bubblewrap and \`linux-sandbox\` are started by the same \`posix_spawn\` as the plain process."
line
line "| what | jail | plain | bwrap | linux-sandbox | jail / plain | jail / bwrap | jail / linux-sandbox |"
line "|---|---|---|---|---|---|---|---|"
commands spawning
spawning one 1
spawn_row "one at a time" 2 0.334
spawning two 2
spawn_row "two at a time, each"
spawning heap 1 -Xms4g -Xmx4g -XX:+AlwaysPreTouch
spawn_row "one at a time, 4 GiB of heap touched" 2 0.334
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
  spawning user 1 user
  spawn_row "as an ordinary user" 2 0.334
fi

# Small commands.
mkdir "$work/w"
: >"$work/w/WORKSPACE"
for ((i = 0; i < 1000; i++)); do
  echo "file $i" >"$work/w/f$i.txt"
  printf 'genrule(name = "g%s", srcs = ["f%s.txt"], outs = ["o%s.txt"], cmd = "cat $< > $@")\n' "$i" "$i" "$i"
done >"$work/w/BUILD"
bazel_in() { (cd "$work/w" && bazel --output_user_root="$work/bazel" "$@"); }
stop_bazel() { bazel_in shutdown >/dev/null 2>&1 || true; end_work; }
trap stop_bazel EXIT
bazel_build() { bazel_in build --jobs=2 --spawn_strategy=linux-sandbox --symlink_prefix=/ --noshow_progress --show_result=0 //:all; }
forget_bazel() { bazel_in clean >/dev/null 2>&1; }
forget_all() { forget_bazel; rm -rf "$work/cache" "$work/w/athanor-out"; }
athanor_build() { (cd "$work/w" && athanor build --cache-dir "$work/cache" --jobs 2 //:all); }
bazel_build >/dev/null 2>&1
"${java[@]}" Actions "$work/actions" >"$work/figures"
for ((i = 0; i < 3; i++)); do forget_bazel; seconds bazel_build; done | summary >"$work/theirs.summary"
mine=$(awk '$1 == "small" { print $2 }' "$work/figures" | tail -n 3 | summary)
theirs=$(cat "$work/theirs.summary")

line
line "1,000 commands that copy a small file with \`cat\`, two at a time."
line
compare_head "Bazel, warm server, \`linux-sandbox\`"
row "$(awk -v o="$mine" -v t="$theirs" 'BEGIN {
  split(o, a, " "); split(t, b, " "); r = a[1] / b[1]
  printf "inputs, jail, outputs and store, warm process | %.3f (%.3f–%.3f) | %.3f (%.3f–%.3f) | %.2f | ≤ 0.333: %s",
    a[1], a[2], a[3], b[1], b[2], b[3], r, r <= 0.3334 ? "met" : "**missed**" }')"
pairs=${PAIRS:-3}
compare "\`athanor build\` as a new process, with an empty cache" 0.333 forget_all athanor_build bazel_build

line
line "Laying out the inputs of one command, milliseconds."
line
line "| inputs | the first time | then, median | bar |"
line "|---|---|---|---|"
awk '$1 == "wide" { print $2, $3; for (i = 5; i <= NF; i++) print $2, $i }' "$work/figures" >"$work/wide"
for count in 10 1000 10000; do
  first=$(awk -v n="$count" '$1 == n { print $2; exit }' "$work/wide")
  then=$(awk -v n="$count" '$1 == n { if (seen++) print $2 }' "$work/wide" | summary | cut -d ' ' -f 1)
  row "$(awk -v n="$count" -v a="$first" -v b="$then" 'BEGIN {
    printf "%d | %.1f | %.1f | %s", n, a, b, n == 10000 ? (b < 50 ? "< 50: met" : "< 50: **missed**") : "" }')"
done
publish_section "$name"
