#!/usr/bin/env bash
# Records start-up caches: runs commands over a workspace of its own and lets the JVM keep the classes that were loaded
# and linked. usage: train.sh JAVA_HOME TARGET
#
# There are two, one on top of the other. What a build with nothing to do needs is linked when the JVM starts, whether
# it is used or not; everything else is loaded when it is used. A third has everything linked, and is for `publish`.
set -euo pipefail
java_home=$1
target=$2
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
# One of other jars would be worse than none.
rm -f "$target/publish.jsa"
registry=
cache=
trap '[ -z "$registry" ] || kill "$registry"; [ -z "$cache" ] || kill "$cache"; rm -rf "$work"' EXIT

"$java_home/bin/java" "$root/cli/TrainingRegistry.java" >"$work/port" &
registry=$!
for _ in {1..100}; do
  [ -s "$work/port" ] && break
  sleep 0.1
done
cp -r "$root/examples/quickstart" "$work/workspace"
cat >>"$work/workspace/BUILD" <<BUILD

files(
    name = "scripts",
    sources = glob(["*.sh"]),
)

genrule(
    name = "made",
    srcs = [":scripts"],
    outs = ["made.txt"],
    cmd = "cat \$(SRCS) > \$@",
)

test(
    name = "tested",
    cmd = "true",
)

oci_build_image(
    name = "trained",
    base = ":hello",
    commands = ["echo trained > /trained"],
    packages = [":scripts"],
    repository = "127.0.0.1:$(<"$work/port")/trained",
)

oci_pull_image(
    name = "pulled",
    repository = "127.0.0.1:$(<"$work/port")/trained",
    tag = "latest",
)
BUILD

run() {
  local main=$1
  shift
  "$java_home/bin/java" "${flags[@]}" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dathanor.interactive=false \
    -cp "$(<"$target/classpath")" "dev.athanor.cli.$main" "$@"
}
args=(-C "$work/workspace" --cache-dir "$work/cache")
null=(build "${args[@]}" //:hello --next-- build "${args[@]}" //:made --next-- version)

flags=()
run Training "${null[@]}"
# Files that were touched a moment ago are looked at again in the next build.
sleep 0.2
run Training "${null[@]}"
flags=(-XX:DumpLoadedClassList="$work/classes")
run Training "${null[@]}"
flags=(-Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile="$work/classes" -XX:SharedArchiveFile="$target/start.jsa")
run Training

# Publishing is what reaches most code: it loads, analyses, finds some results in the cache, builds others, and talks to
# a registry.
change() {
  echo "echo trained" >>"$work/workspace/greeting.sh"
}
all=(build "${args[@]}" //:made --next-- test "${args[@]}" //:tested --next-- build "${args[@]}" //:hello)
# Once more, the registry has it.
publish=(publish "${args[@]}" //:trained --next-- publish "${args[@]}" //:trained)
# What a remote cache is asked for is there once, and once not.
"$java_home/bin/java" -XX:+UseSerialGC -cp "$(<"$target/classpath")" dev.athanor.cli.Main serve --cache-dir "$work/served" \
  --grpc-port=0 --http-port=0 >"$work/addresses" &
cache=$!
for _ in {1..100}; do
  [ -s "$work/addresses" ] && break
  sleep 0.1
done
shared=(build -C "$work/workspace" --remote-cache="$(head -n 1 "$work/addresses")" //:hello //:made)
remote=("${shared[@]}" --cache-dir "$work/first" --remote-upload --next-- "${shared[@]}" --cache-dir "$work/second")
fetch=(lock "${args[@]}" --next-- fetch -C "$work/workspace" --cache-dir "$work/fetched" //:pulled)
everything=("${publish[@]}" --next-- "${fetch[@]}" --next-- "${remote[@]}" --next-- "${all[@]}")
change
flags=(-XX:SharedArchiveFile="$target/start.jsa" -XX:ArchiveClassesAtExit="$target/all.jsa")
# Where no sandbox works, or the port is taken away, what a plain build leaves is much better than nothing.
run Training "${everything[@]}" || { run Training "${all[@]}"; exit; }

# All of it linked at the start, for commands that are sure to use much of it.
change
rm -r "$work/fetched" "$work/first" "$work/second"
flags=(-XX:DumpLoadedClassList="$target/all.classes")
run Training "${everything[@]}"
flags=(-Xshare:dump -XX:+AOTClassLinking -XX:SharedClassListFile="$target/all.classes" -XX:SharedArchiveFile="$target/publish.jsa")
run Training
