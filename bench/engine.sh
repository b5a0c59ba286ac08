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

ours() { (cd "$work/w$count" && athanor --cache-dir "$work/cache" build --jobs 2 //:all); }
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
disk_cache=yes
ours >/dev/null 2>&1
bazel_build >/dev/null 2>&1
compare "1000 actions from the cache, against Bazel's disk cache" 0.2 forget_builds ours bazel_build
publish_section "$name"
