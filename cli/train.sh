#!/usr/bin/env bash
# Records a start-up cache: runs a command over a workspace of its own and lets the JVM keep the classes that were
# loaded and linked. usage: train.sh JAVA_HOME TARGET
set -euo pipefail
java_home=$1
target=$2
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
registry=
trap '[ -z "$registry" ] || kill "$registry"; rm -rf "$work"' EXIT

# Publishing is what reaches most code: it loads, analyses, finds some results in the cache, builds others, and talks to
# a registry.
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

oci_build_image(
    name = "trained",
    base = ":hello",
    commands = ["echo trained > /trained"],
    packages = [":scripts"],
    repository = "127.0.0.1:$(<"$work/port")/trained",
)
BUILD

run() {
  "$java_home/bin/java" "${flags[@]}" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dathanor.interactive=false \
    -cp "$(<"$target/classpath")" dev.athanor.cli.Main -C "$work/workspace" --cache-dir "$work/cache" "$@"
}
flags=()
run build //:hello
echo "echo trained" >>"$work/workspace/greeting.sh"
# Without what the JVM learned about hot methods: it would compile all of them anew in each process, which costs more
# than a short process can win by it.
flags=(-XX:AOTCacheOutput="$target/athanor.aot" -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining)
# Where no sandbox works, or the port is taken away, the cache that a plain build leaves is much better than none.
run publish //:trained || run build //...
