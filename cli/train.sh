#!/usr/bin/env bash
# Records a start-up cache: runs a few commands over a workspace of its own and lets the JVM keep the classes that
# were loaded and linked. usage: train.sh JAVA_HOME TARGET
set -euo pipefail
java_home=$1
target=$2
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/examples/quickstart" "$work/workspace"
run() {
  "$java_home/bin/java" "$@" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dathanor.interactive=false \
    -cp "$(<"$target/classpath")" dev.athanor.cli.Main -C "$work/workspace" --cache-dir "$work/cache" build //...
}
run
run -XX:AOTCacheOutput="$target/athanor.aot"
