#!/usr/bin/env bash
# Results and blobs from a remote cache, `athanor serve`: many small ones over a slow line beside Bazel, one large one
# beside a plain copy, and what a cache costs a build that does not need it.
set -euo pipefail
name=remote
source "$(dirname "$0")/lib.sh"
need bazel nginx curl openssl

count=2000
latency=5
size=1G
class_path="$(<"$root/cli/target/classpath"):$(echo "$root"/engine/remote/target/athanor-remote-*-tests.jar)"
java() { "$JAVA_HOME/bin/java" -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -cp "$class_path" "$@"; }

workspace() {
  local i
  mkdir -p "$work/w"
  : >"$work/w/WORKSPACE"
  for ((i = 0; i < count; i++)); do
    echo "file $i" >"$work/w/f$i.txt"
    printf 'genrule(name = "g%s", srcs = ["f%s.txt"], outs = ["o%s.txt"], cmd = "cat $< > $@")\n' "$i" "$i" "$i"
  done >"$work/w/BUILD"
}

# A server and a slow line to it; sets `near` and `far`.
serve() {
  athanor serve --cache-dir "$work/served" --grpc-port=0 --http-port=0 >"$work/addresses" &
  servers+=($!)
  wait_for "$work/addresses" 2
  near=$(sed -n '1s/.*://p' "$work/addresses")
  java "$bench/Delay.java" "$near" "$latency" >"$work/line" &
  servers+=($!)
  wait_for "$work/line" 1
  far=$(<"$work/line")
}
wait_for() {
  local i
  for ((i = 0; i < 300; i++)); do
    [ "$(wc -l <"$1")" -lt "$2" ] || return 0
    sleep 0.1
  done
  echo "$name: a server did not start" >&2
  return 1
}

ours() { athanor -C "$work/w" build --cache-dir "$work/cache" --remote-cache "grpc://127.0.0.1:$far" //:all; }
bazel_in() {
  (cd "$work/w" && bazel --output_user_root="$work/bazel" "$1" --remote_cache="grpc://127.0.0.1:$far" \
    --remote_max_connections=0 --jobs="${jobs:-200}" --symlink_prefix=/ --noshow_progress --show_result=0 "${@:2}" //:all)
}
theirs() { bazel_in build; }
forget() {
  rm -rf "$work/cache" "$work/w/athanor-out"
  (cd "$work/w" && bazel --output_user_root="$work/bazel" clean >/dev/null 2>&1)
}
stop_bazel() {
  (cd "$work/w" && bazel --output_user_root="$work/bazel" shutdown >/dev/null 2>&1 || true)
  kill "$(cat "$work/nginx.pid" 2>/dev/null)" 2>/dev/null || true
  end_work
}

# Rates of hits; the bar is for a ratio of them.
rate() {
  local what=$1 bar=$2 i
  : >"$work/ours"; : >"$work/theirs"
  for ((i = 0; i <= pairs; i++)); do
    forget; seconds ours >"$work/one"; [ "$i" = 0 ] || cat "$work/one" >>"$work/ours"
    forget; seconds "$3" >"$work/one"; [ "$i" = 0 ] || cat "$work/one" >>"$work/theirs"
  done
  row "$(awk -v what="$what" -v bar="$bar" -v n="$count" -v o="$(summary <"$work/ours")" -v t="$(summary <"$work/theirs")" '
    BEGIN { split(o, a, " "); split(t, b, " ")
      printf "%s | %.0f (%.2f s) | %.0f (%.2f s) | %.1f | %.1f %s", what, n / a[1], a[1], n / b[1], b[1], b[1] / a[1],
        n / a[1] / 51, bar == "-" ? "" : sprintf("(≥ %s: %s)", bar, n / a[1] / 51 >= bar ? "met" : "**missed**") }')"
}

start_nginx() {
  mkdir -p "$work/dav" "$work/dav.tmp"
  chmod 777 "$work" "$work/dav" "$work/dav.tmp"
  nginx_port=$((20000 + RANDOM % 20000))
  cat >"$work/nginx.conf" <<CONF
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
  access_log off;
  client_body_temp_path $work/dav.tmp;
  client_max_body_size 0;
  server {
    listen 127.0.0.1:$nginx_port;
    root $work/dav;
    location / { dav_methods PUT; create_full_put_path on; }
  }
}
CONF
  nginx -e "$work/nginx.err" -c "$work/nginx.conf"
}
# Seconds for a file to get there, and back, and to be digested then.
copy() {
  local up down digested
  up=$(curl -sf -o /dev/null -w '%{time_total}' -T "$work/large" "http://127.0.0.1:$nginx_port/large")
  down=$(curl -sf -o "$work/back" -w '%{time_total}' "http://127.0.0.1:$nginx_port/large")
  digested=$(seconds openssl dgst -sha256 "$work/back")
  rm -rf "$work/back" "$work"/dav/*
  echo "$up $down $(awk -v a="$down" -v b="$digested" 'BEGIN { print a + b }')"
}
transfer() {
  rm -rf "$work/stores" "$work"/served/cas/*/*
  mkdir "$work/stores"
  java -XX:TieredStopAtLevel=1 -Djdk.httpclient.bufsize=131072 "$bench/Transfer.java" "$1" "$work/large" "$work/stores"
  rm -rf "$work/stores" "$work"/served/cas/*/*
}
large() {
  local url=$1 what=$2 i
  : >"$work/both"
  for ((i = 0; i < pairs; i++)); do echo "$(transfer "$url") $(copy)" >>"$work/both"; done
  large_row "upload of $size, $what" 1 3 1.3
  large_row "download of $size, $what" 2 4 1.3
  large_row "the same, against curl and then openssl dgst" 2 5 -
}
# Compares two columns.
large_row() {
  row "$(awk -v what="$1" -v bar="$4" -v o="$(awk -v c="$2" '{ print $c }' "$work/both" | summary)" \
    -v t="$(awk -v c="$3" '{ print $c }' "$work/both" | summary)" 'BEGIN {
      split(o, a, " "); split(t, b, " "); ratio = a[1] / b[1]
      printf "%s | %.3f (%.3f–%.3f) | %.3f (%.3f–%.3f) | %.2f | %s", what, a[1], a[2], a[3], b[1], b[2], b[3], ratio,
        bar == "-" ? "" : sprintf("≤ %s: %s", bar, ratio <= bar ? "met" : "**missed**") }')"
}

null_with() { athanor -C "$work/w" build --cache-dir "$work/cache" --remote-cache "grpc://127.0.0.1:$far" //:all; }
null_without() { athanor -C "$work/w" build --cache-dir "$work/cache" //:all; }

begin_work
trap stop_bazel EXIT
workspace
serve

section bazel nginx curl
line "$count genrules, all of whose results are in \`athanor serve\` on the other end of a line with $latency ms of latency. Each build"
line "begins with empty caches; Athanor as a new process, Bazel with its server warm. Both bring all outputs."
line
line "| what | Athanor, hits/s | Bazel, hits/s | Athanor / Bazel | Athanor / 51 hits/s |"
line "|---|---|---|---|---|"
commands ours theirs bazel_in
near_far=$far
far=$near
forget
athanor -C "$work/w" build --cache-dir "$work/cache" --remote-cache "grpc://127.0.0.1:$near" --remote-upload //:all >/dev/null 2>&1
theirs >/dev/null 2>&1
far=$near_far
rate "against Bazel with 200 jobs" 10 theirs
jobs=8
rate "against Bazel with 8 jobs" - theirs
jobs=200

line
line "One blob of $size of noise over loopback, from store to store, against \`curl\` to and from nginx. Every byte is digested once"
line "on the way; a plain copy digests none."
line
commands transfer copy
compare_head "curl and nginx s"
start_nginx
head -c "$size" /dev/urandom >"$work/large"
large "grpc://127.0.0.1:$near" "gRPC"
large "http://127.0.0.1:$(sed -n '2s/.*://p' "$work/addresses")" "HTTP"

line
line "What a remote cache costs a build with nothing to do."
line
compare_head "without s"
forget
null_with >/dev/null 2>&1
compare "null build of $count actions with a remote cache, against one without" 1.1 nothing null_with null_without
publish_section remote
