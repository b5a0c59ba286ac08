#!/usr/bin/env bash
# What it costs to verify actions, in times of what it costs to run them: `athanor verify` against the build that made the
# results, which nothing else offers a measure for.
set -euo pipefail
name=verify
source "$(dirname "$0")/lib.sh"
pairs=${PAIRS:-5}

# A workspace with actions whose command is given, each after the other where it is a chain.
#   workspace COUNT COMMAND [chain]
workspace() {
  rm -rf "$work/ws" "$work/cache"
  mkdir -p "$work/ws"
  : >"$work/ws/WORKSPACE"
  local i
  for ((i = 1; i <= $1; i++)); do
    printf 'genrule(name = "a%d", srcs = [%s], outs = ["a%d.txt"], cmd = """%s""")\n' \
      "$i" "$([ "${3:-}" = chain ] && [ "$i" -gt 1 ] && echo "\"a$((i - 1)).txt\"")" "$i" "$2"
  done >"$work/ws/BUILD"
}
build() { athanor -C "$work/ws" --cache-dir "$work/cache" build //...; }
verify() {
  athanor -C "$work/ws" --cache-dir "$work/cache" verify --again //... || [ $? = 5 ]
}
# Both begin without results, or with all of them.
cold() { rm -rf "$work/cache" "$work/ws/athanor-out"; }
built() { build >"$work/output" 2>&1; }
cold_build() { cold; build; }

busy='i=0; while [ $$i -lt 400000 ]; do i=$$((i+1)); done;'

begin_work
section
line "\`athanor verify\` of eight actions that compute for about half a second each, without what the build takes, against the build itself. A bar is one run more than factors matter."
line
line "| what | verify s, median (min–max) | build s, median (min–max) | ratio | bar |"
line "|---|---|---|---|---|"
workspace 8 "$busy echo hello > \$@"
compare "deterministic" 1 built verify cold_build
workspace 8 "$busy uname -n > \$@"
compare "one factor matters, and shows" 2 built verify cold_build
workspace 8 "$busy (uname -n; id -u; date -u) > \$@"
compare "three factors matter, and show" 4 built verify cold_build
workspace 8 "$busy test \$\$LANG = C.UTF-8 || test \$\$TZ = UTC || echo b > \$@; touch \$@"
compare "two factors matter together, and do not show" 3 built verify cold_build
workspace 8 "$busy uname -n | sha256sum > \$@"
compare "one factor matters, and does not show" 2 built verify cold_build
workspace 8 "find /usr/lib /usr/share -newer /etc/hostname | wc -l > /dev/null; echo hello > \$@"
compare "deterministic, and looks at every file of the system" - built verify cold_build
workspace 6 "$busy cat \$(SRCS) /dev/null | wc -l > \$@" chain
cold_verify() { cold; verify; }
compare "deterministic, one after the other: build and verify together against the build alone" 1.3 nothing cold_verify cold_build
publish_section "$name"
