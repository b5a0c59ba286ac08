#!/usr/bin/env bash
# Writes startup.classes anew: what the JVM loads in the commands by which the launcher is trained. To be run, and the
# result committed, when start-up has become slower; a test says when that is. The list is kept, not made in each build,
# since two runs do not load the very same classes, and then two builds would not make the same bytes.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
rm -f "$root/cli/target/built"
"$root/athanor" version
# Numbers of classes serve class loaders of one's own; resolved constants bring nothing without linking ahead of time.
sed -e '/^#/d' -e '/^@cp/d' -e 's/ id: .*//' "$root/cli/target/all.classes" | LC_ALL=C sort -u >"$root/dist/startup.classes"
