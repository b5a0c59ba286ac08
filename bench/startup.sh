#!/usr/bin/env bash
# Whole processes that have nothing to do: `athanor version`, and a build that is up to date.
set -euo pipefail
name=startup
source "$(dirname "$0")/lib.sh"
pairs=${PAIRS:-21}

version() { athanor version; }
null_build() { athanor -C "$work/quickstart" --cache-dir "$work/cache" build //...; }
# Of the distribution, which Maven leaves.
unpacked() { "$root/dist/target/unpacked/athanor/bin/athanor" "$@"; }
unpacked_version() { unpacked version; }
unpacked_null_build() { unpacked -C "$work/quickstart" --cache-dir "$work/cache" build //...; }
bare_jvm() { "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$work" Hello; }

begin_work
cp -r "$root/examples/quickstart" "$work/quickstart"
printf 'class Hello { public static void main(String[] args) { System.out.println("hello"); } }\n' >"$work/Hello.java"
"$JAVA_HOME/bin/javac" -d "$work" "$work/Hello.java"

section
line "The peer is the least that a JVM can do: a class that prints one word, with the JDK's own class archive."
line
compare_head "\`java Hello\`"
compare "\`athanor version\` (wanted: 0.1 s)" - nothing version bare_jvm
compare "null build of examples/quickstart (wanted: 0.2 s)" - nothing null_build bare_jvm
if archive=$(ls "$root"/dist/target/athanor-*.tar.gz 2>/dev/null); then
  rm -rf "$root/dist/target/unpacked"
  mkdir "$root/dist/target/unpacked"
  tar -xf "$archive" -C "$root/dist/target/unpacked"
  compare "\`athanor version\` of the distribution" - nothing unpacked_version bare_jvm
  compare "null build by the distribution" - nothing unpacked_null_build bare_jvm
fi
publish_section "$name"
