#!/usr/bin/env bash
# Many small actions, beside Bazel (its server warm) and ninja: all of them cold, all of them from the cache, none of them.
# Athanor is a new process each time, and runs each command in a jail.
set -euo pipefail
name=engine
source "$(dirname "$0")/lib.sh"
need bazel ninja

# Writes COUNT rules that copy a file each, for all three.
workspace() {
  local folder=$1 count=$2 i
  mkdir -p "$folder"
  : >"$folder/WORKSPACE"
  printf 'rule copy\n  command = cat $in > $out\n' >"$folder/build.ninja"
  for ((i = 0; i < count; i++)); do
    echo "file $i" >"$folder/f$i.txt"
    printf 'genrule(name = "g%s", srcs = ["f%s.txt"], outs = ["o%s.txt"], cmd = "cat $< > $@")\n' "$i" "$i" "$i"
  done >"$folder/BUILD"
  for ((i = 0; i < count; i++)); do printf 'build n%s.txt: copy f%s.txt\n' "$i" "$i"; done >>"$folder/build.ninja"
}

ours() { (cd "$work/w$count" && athanor build --cache-dir "$work/cache" --jobs 2 //:all); }
bazel_build() {
  (cd "$work/w$count" && bazel --output_user_root="$work/bazel" build --jobs=2 --spawn_strategy="$strategy" \
    --symlink_prefix=/ ${disk_cache:+--disk_cache="$work/disk"} --noshow_progress --show_result=0 //:all)
}
ninja_build() { ninja -C "$work/w$count" -j 2 --quiet; }

forget() {
  rm -rf "$work/cache" "$work/w$count/athanor-out"
  rm -f "$work/w$count"/n*.txt "$work/w$count/.ninja_log"
  (cd "$work/w$count" && bazel --output_user_root="$work/bazel" clean >/dev/null 2>&1)
}
forget_builds() {
  rm -rf "$work/cache/workspaces" "$work/w$count/athanor-out"
  (cd "$work/w$count" && bazel --output_user_root="$work/bazel" clean >/dev/null 2>&1)
}
stop_bazel() {
  local folder
  for folder in "$work"/w*; do (cd "$folder" && bazel --output_user_root="$work/bazel" shutdown >/dev/null 2>&1 || true); done
  end_work
}

begin_work
trap stop_bazel EXIT
strategy=local
disk_cache=
null_pairs=${PAIRS:-15}
cold_pairs=${PAIRS:-3}

section bazel ninja
line "Genrules that copy one small file each, two jobs. Athanor: a new process, commands in a jail of namespaces. Bazel: a"
line "warm server, commands unsandboxed. ninja: no cache, no jail."
line
compare_head peer
for count in 1000 5000; do
  workspace "$work/w$count" "$count"
  ours >/dev/null 2>&1
  pairs=$null_pairs
  compare "null build of $count actions, against Bazel" 0.5 nothing ours bazel_build
done
small() { count=1000; ours; }
large() { count=5000; ours; }
compare "null build of 5,000 actions, against one of 1,000" 1.3 nothing large small
count=1000
ninja_build >/dev/null 2>&1
compare "null build of 1000 actions, against ninja" - nothing ours ninja_build
pairs=$cold_pairs
compare "1000 actions cold, against Bazel" 0.5 forget ours bazel_build
compare "1000 actions cold, against ninja" 2 forget ours ninja_build
strategy=linux-sandbox
compare "1000 actions cold, against Bazel in its own sandbox" 0.33 forget ours bazel_build
strategy=local
forget
ours >/dev/null 2>&1
disk_cache=yes
bazel_build >/dev/null 2>&1
compare "1000 actions from the cache, against Bazel's disk cache" 0.2 forget_builds ours bazel_build
disk_cache=

# One command that reads many files, one of which has changed.
mkdir "$work/wmany"
touch "$work/wmany/WORKSPACE"
for ((i = 0; i < 5000; i++)); do echo "file $i" >"$work/wmany/f$i.txt"; done
echo 'genrule(name = "all_of_them", srcs = glob(["f*.txt"]), outs = ["o.txt"], cmd = "cat f*.txt > $@")' \
  >"$work/wmany/BUILD"
count=many
change() { echo "$RANDOM" >"$work/wmany/f$((RANDOM % 5000)).txt"; }
compare "one of 5,000 inputs of an action changed, against Bazel" 0.5 change ours bazel_build
strategy=linux-sandbox
compare "the same, against Bazel in its own sandbox" - change ours bazel_build
strategy=local

# Packages of 1,000 targets, each of which writes a file without any process.
written() {
  local folder=$1 packages=$2 p
  mkdir -p "$folder"
  touch "$folder/WORKSPACE"
  cat >"$folder/write.bzl" <<'BZL'
def _impl(ctx):
    out = ctx.actions.declare_file(ctx.label.name + ".txt")
    ctx.actions.write(out, ctx.label.name)
    return [DefaultInfo(files = depset([out]))]

write = rule(implementation = _impl)
BZL
  for ((p = 0; p < packages; p++)); do
    mkdir -p "$folder/p$p"
    printf 'load("//:write.bzl", "write")\n[write(name = "t%%d" %% i) for i in range(1000)]\n' >"$folder/p$p/BUILD"
  done
}
written "$work/w10k" 10
written "$work/w100k" 100
everything() { athanor build -C "$work/$1" --cache-dir "$work/cache$1" //...; }
many() { everything w100k; }
fewer() { everything w10k; }
for folder in w10k w100k; do
  everything $folder >/dev/null 2>&1
  # Files that were touched a moment ago are looked at again in the next build.
  sleep 0.5
  everything $folder >/dev/null 2>&1
done
pairs=$null_pairs
compare "null build of 100,000 actions, against one of 10,000" 3 nothing many fewer

# Memory, in KB.
peak() {
  /usr/bin/time -f %M -o "$work/peak" "$@" >/dev/null 2>&1
  cat "$work/peak"
}
launcher() { peak "$root/athanor" -C "$work/w$count" --cache-dir "$work/cache" build --jobs 2 //:all; }
bazel_peak() {
  local pid
  pid=$(cd "$work/w$count" && bazel --output_user_root="$work/bazel" info server_pid 2>/dev/null)
  sed -n 's/^VmHWM:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status"
}
line
line "| memory | Athanor | Bazel's server | ratio | bar |"
line "|---|---|---|---|---|"
for count in 1000 5000; do
  forget
  mine=$(launcher)
  bazel_build >/dev/null 2>&1
  theirs=$(bazel_peak)
  row "$(awk -v n="$count" -v a="$mine" -v b="$theirs" 'BEGIN {
    printf "peak of %d actions cold, MB | %.0f | %.0f | %.2f | ≤ 0.4: %s", n, a / 1000, b / 1000, a / b,
      a / b <= 0.4 ? "met" : "**missed**"
  }')"
done
retained() {
  "$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$(<"$root/cli/target/classpath")" \
    "$bench/Retained.java" "$work/w100k" "$work/retained" | tail -n 1
}
read -r actions bytes < <(retained)
row "heap that a null build of $actions actions retains, bytes an action | $bytes | | | ≤ 300: $(
  ((bytes <= 300)) && echo met || echo '**missed**')"
publish_section "$name"
