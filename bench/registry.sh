#!/usr/bin/env bash
# Pull, push and publish against a registry on loopback: Athanor against skopeo, buildah and Jib.
set -euo pipefail
name=registry
source "$(dirname "$0")/lib.sh"
source "$bench/image.sh"
need skopeo umoci tar docker-registry
[ -e "$kept/base/index.json" ] || need debootstrap
[ -e "$kept/base/index.json" ] || need_root debootstrap

# What is pushed as a whole goes to a registry of its own, so that this can be emptied. The third address is that of the
# proxy which counts what comes by.
emptied=127.0.0.1:$((port + 1))
counted=127.0.0.1:$((port + 2))

without() { echo "$name: without the rows of $1: $2" >&2; }
ours_in() { athanor -C "$work/$1" --cache-dir "$work/$1.cache" "${@:2}"; }

# skopeo remembers where it saw a blob. That goes when the registry is emptied: it would ask in vain for what is no
# longer there. As root it keeps this in /var/lib, unless it takes itself for an ordinary user.
skopeo_push() {
  _CONTAINERS_ROOTLESS_UID=65534 XDG_DATA_HOME=$work/skopeo skopeo copy --quiet --dest-tls-verify=false "oci:$1" "docker://$2"
}
empty_registry() {
  rm -rf "$work/emptied/docker" "$work/skopeo"
  sync
}

# All layers of an image in a registry.
forget_pulled() {
  rm -rf "$work/cache" "$work/ws/athanor-out" "$work/pulled"
  sync
}
pull_ours() { athanor -C "$work/ws" --cache-dir "$work/cache" "${PULL:-fetch}" //:base; }
pull_theirs() { skopeo copy --quiet --src-tls-verify=false "docker://$(<"$work/base")" "oci:$work/pulled:latest"; }

# The Debian image, from Athanor's store and from a layout.
make_debian() {
  mkdir -p "$work/debian"
  cp -r "$kept/base" "$work/debian/files"
  : >"$work/debian/WORKSPACE"
  cat >"$work/debian/BUILD" <<BUILD
oci_import_image(name = "layout", src = "files")
oci_build_image(name = "image", base = ":layout", repository = "$emptied/ours", tag = "latest")
BUILD
  seconds ours_in debian build //:image >/dev/null
}
debian_ours() { ours_in debian publish //:image; }
debian_theirs() { skopeo_push "$work/debian/athanor-out/image:latest" "$emptied/theirs:latest"; }

tools() { peer_layer && peer_config_and_push; }

buildah_here() { buildah --root "$work/buildah" --runroot "$work/buildah.run" --storage-driver overlay "$@"; }
with_buildah() {
  command -v buildah >/dev/null || { without buildah "it is missing"; return 1; }
  [ "$(id -u)" = 0 ] || { without buildah "they need root"; return 1; }
}
# The storage is mounted on itself.
end_buildah() { umount "$work/buildah/overlay" 2>/dev/null || :; }
buildah_theirs() {
  buildah_here build --quiet --layers --tls-verify=false --tag "$registry/buildah" --file "$work/Containerfile" "$work/ws" &&
    buildah_here push --quiet --tls-verify=false "$registry/buildah" "docker://$registry/buildah:latest"
}

# Jib is a library: fetched once from Maven Central, together with what it needs.
with_jib() {
  if [ ! -d "$kept/jib" ]; then
    command -v mvn >/dev/null || { without Jib "Maven, which fetches it, is missing"; return 1; }
    mvn --batch-mode --no-transfer-progress -f "$bench/jib.xml" -Dmaven.repo.local="$kept/m2" \
      org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime \
      -DoutputDirectory="$kept/jib.$$" >"$kept/jib.log" 2>&1 || { without Jib "it cannot be fetched, see $kept/jib.log"; return 1; }
    mv "$kept/jib.$$" "$kept/jib"
  fi
  mkdir -p "$work/classes"
  "$JAVA_HOME/bin/javac" -cp "$kept/jib/*" -d "$work/classes" "$bench/Jib.java" || { without Jib "Jib.java does not compile"; return 1; }
}
jib_theirs() {
  "$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$work/classes:$kept/jib/*" JibBuild \
    "$(<"$work/base")" "$work/ws/app" "$registry/jib:latest" "$work/jib"
}

# One app with a changed file against all of them: apps WHAT BAR-OF-TOOLS
apps() {
  [ -z "$buildah" ] || compare "one file of $1 changed, pushed; buildah" 0.5 change_one_file ours buildah_theirs
  [ -z "$jib" ] || compare "the same; Jib" 0.5 change_one_file ours jib_theirs
  compare "the same; \`tar\`, umoci and skopeo" "$2" change_one_file ours tools
}

# Images that share five layers of 2 MB and have 10 KB each for themselves: make_many FOLDER REGISTRY
many=${IMAGES:-100}
make_many() {
  local i
  mkdir -p "$work/$1"
  : >"$work/$1/WORKSPACE"
  (set +o pipefail
    tar -C "$kept/rootfs" --sort=name -cf - usr | head -c 10000000 | split -b 2000000 -a 1 -d - "$work/$1/shared"
    tar -C "$kept/rootfs" --sort=name -cf - var usr | head -c $((many * 10000)) | split -b 10000 -a 3 -d - "$work/$1/own")
  cat >"$work/$1/BUILD" <<BUILD
[oci_layer(name = "layer%d" % i, files = {"shared%d" % i: "/shared/%d" % i}) for i in range(5)]

[
    oci_build_image(
        name = "image%d" % i,
        base = "scratch",
        layers = [":layer%d" % n for n in range(5)],
        files = {"own" + ("00%d" % i)[-3:]: "/own"},
        repository = "$2/ours%d" % i,
        tag = "latest",
    )
    for i in range($many)
]
BUILD
  seconds ours_in "$1" build //... >/dev/null
}
many_ours() { ours_in many publish //...; }
many_theirs() {
  local i
  for ((i = 0; i < many; i++)); do
    skopeo_push "$work/many/athanor-out/image$i:latest" "$emptied/theirs$i:latest" || return
  done
}
export -f skopeo_push
many_theirs_at_once() {
  seq 0 $((many - 1)) | work=$work xargs -P 4 -I @ \
    bash -c "skopeo_push '$work/many/athanor-out/image@:latest' '$emptied/theirs@:latest'"
}

# nginx in front of the registry writes down the length of each request, head and body.
start_counting() {
  cat >"$work/nginx.conf" <<CONF
daemon off;
master_process off;
pid $work/nginx.pid;
error_log $work/nginx.log;
events {}
http {
  log_format lengths '\$request_length \$request_method \$status';
  access_log $work/requests lengths;
  client_body_temp_path $work/nginx.body;
  proxy_temp_path $work/nginx.proxy;
  fastcgi_temp_path $work/nginx.fastcgi;
  uwsgi_temp_path $work/nginx.uwsgi;
  scgi_temp_path $work/nginx.scgi;
  client_max_body_size 0;
  server {
    listen $counted;
    location / {
      proxy_pass http://$emptied;
      proxy_set_header Host \$http_host;
      proxy_http_version 1.1;
      proxy_request_buffering off;
      proxy_buffering off;
    }
  }
}
CONF
  nginx -c "$work/nginx.conf" -e "$work/nginx.log" 2>/dev/null &
  servers+=($!)
  await_server "$counted"
}
# Prints how many requests a command sends, and how many bytes with them.
count() {
  : >"$work/requests"
  "$@" >"$work/output" 2>&1 || { echo "failed: $*" >&2; cat "$work/output" >&2; return 1; }
  # A request is written down after its answer was sent.
  sleep 0.5
  awk '{ bytes += $1 } END { print NR, bytes + 0 }' "$work/requests"
}
# What Athanor sends, and the peer, and how many requests are few enough: count_row WHAT BAR "N BYTES" "N BYTES"
count_row() {
  row "$(awk -v what="$1" -v bar="$2" -v o="$3" -v t="$4" 'BEGIN {
    split(o, a, " "); split(t, b, " ")
    printf "%s | %d | %d | %.2f | %.2f | %s", what, a[1], b[1], a[2] / 1e6, b[2] / 1e6,
      bar == "-" ? "" : sprintf("≤ %d requests: %s", bar, a[1] <= bar ? "met" : "**missed**") }')"
}
counted_ours() { ours_in counted publish //...; }
counted_theirs() {
  local i
  for ((i = 0; i < many; i++)); do
    skopeo_push "$work/counted/athanor-out/image$i:latest" "$counted/theirs$i:latest" || return
  done
}
counts() {
  local first_ours second_ours first_theirs second_theirs
  start_counting
  make_many counted "$counted"
  empty_registry
  first_ours=$(count counted_ours)
  second_ours=$(count counted_ours)
  empty_registry
  first_theirs=$(count counted_theirs)
  second_theirs=$(count counted_theirs)
  line
  line "| what | requests, Athanor | skopeo | MB sent, Athanor | skopeo | bar |"
  line "|---|---|---|---|---|---|"
  count_row "$many images with 5 layers in common, pushed to an empty registry" - "$first_ours" "$first_theirs"
  count_row "the same once more, nothing new" "$many" "$second_ours" "$second_theirs"
}

begin_work
trap 'end_buildah; end_work' EXIT
make_base
start_registry
serve_registry "$emptied" "$work/emptied"
echo "$registry/base@$(<"$work/digest")" >"$work/base"
printf 'FROM %s\nCOPY app /app\nENTRYPOINT ["/bin/sh"]\n' "$(<"$work/base")" >"$work/Containerfile"
tools=(skopeo umoci docker-registry)
buildah=; with_buildah && { buildah=yes; tools+=(buildah); }
jib=; with_jib && jib=yes

section "${tools[@]}"
line "All registries are on loopback. Pull: \`athanor ${PULL:-fetch} //:base\`, \`skopeo copy docker://… oci:…\`. Push: \`athanor publish //:image\` of an imported layout, \`skopeo copy oci:… docker://…\` of the same image. Apps: \`athanor publish //:image\`; \`buildah build --layers\` with \`COPY app /app\` and \`buildah push\`, storage kept; a process with jib-core ${jib:+$(basename "$kept"/jib/jib-core-*.jar .jar | sed 's/.*-//') }from start to end (\`java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC\`, no class archive of its own), its caches kept; \`tar\`, \`umoci raw add-layer\`, \`umoci config\` and \`skopeo copy\`. The base is pinned by digest, and pulled before the clock starts. Many images: \`athanor publish //...\`, one \`skopeo copy\` for each image in a loop or by \`xargs -P 4\`; all are built before the clock starts."
line
compare_head "peer"
make_app 100 10240
compare "all 5 layers of a Debian into an empty cache; skopeo" 1 forget_pulled pull_ours pull_theirs
make_debian
compare "the Debian to an empty registry; skopeo" 1 empty_registry debian_ours debian_theirs
seconds debian_ours >/dev/null; seconds debian_theirs >/dev/null
compare "the Debian, nothing new; skopeo" 1 nothing debian_ours debian_theirs
apps "a 1 MB app (100 files)" 1
make_app 4000 51200
apps "a 200 MB app (4,000 files)" 0.2
make_many many "$emptied"
compare "$many images with 5 layers in common to an empty registry; skopeo in a loop" - empty_registry many_ours many_theirs
compare "the same; four skopeos at a time" - empty_registry many_ours many_theirs_at_once
empty_registry; seconds many_ours >/dev/null; seconds many_theirs >/dev/null
compare "the same, nothing new; four skopeos at a time" - nothing many_ours many_theirs_at_once
if command -v nginx >/dev/null; then counts; else without "requests" "nginx is missing"; fi
publish_section "$name"
