# What the benchmarks of images share: a base image in a registry, an app of many files, and the two ways to put one on
# the other. Sourced, not run.

port=${PORT:-5917}
registry=127.0.0.1:$port
suite=bookworm
mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}

# Debian's smallest system as an OCI layout of five layers, made once.
make_base() {
  [ -e "$kept/base/index.json" ] && return
  local fresh=$kept/base.$$ system=$kept/rootfs.$$ part
  echo "making the base image, once" >&2
  [ -d "$kept/rootfs" ] || { debootstrap --variant=minbase "$suite" "$system" "$mirror" >"$kept/debootstrap.log"
    mv "$system" "$kept/rootfs"; }
  umoci init --layout "$fresh"
  umoci new --image "$fresh:latest"
  base_layer . --exclude=./usr --exclude=./var --exclude=./dev/*
  base_layer usr/lib
  base_layer usr/share
  base_layer usr --exclude=usr/lib --exclude=usr/share
  base_layer var --exclude=var/cache/apt/*
  umoci config --image "$fresh:latest" --config.cmd /bin/sh
  umoci gc --layout "$fresh"
  mv "$fresh" "$kept/base"
}
base_layer() {
  local from=$1
  shift
  tar -C "$kept/rootfs" --sort=name --mtime=@0 --numeric-owner --xattrs "$@" -cf "$kept/layer.tar" "$from"
  umoci raw add-layer --image "$fresh:latest" "$kept/layer.tar"
  rm "$kept/layer.tar"
}

# A registry without anything in it, for this run: serve_registry ADDRESS FOLDER
serve_registry() {
  cat >"$2.yml" <<YML
version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage: { filesystem: { rootdirectory: $2 } }
http: { addr: $1 }
YML
  docker-registry serve "$2.yml" >"$2.log" 2>&1 &
  servers+=($!)
  await_server "$1"
}
await_server() {
  local i
  for i in {1..100}; do
    (: </dev/tcp/"${1%:*}"/"${1#*:}") 2>/dev/null && return
    sleep 0.1
  done
  echo "error: nothing listens on $1" >&2
  return 1
}
start_registry() {
  serve_registry "$registry" "$work/registry"
  skopeo copy --quiet --dest-tls-verify=false --digestfile "$work/digest" \
    "oci:$kept/base:latest" "docker://$registry/base:latest"
}

# Files for an app, cut out of a real system, in a new workspace: make_files COUNT BYTES
make_files() {
  local count=$1 size=$2 i=0 part
  rm -rf "$work/ws" "$work/cache" "$work/peer"
  mkdir -p "$work/ws/app" "$work/cache" "$work/peer"
  (set +o pipefail
    { tar -C "$kept/rootfs" --sort=name -cf - usr; tar -C "$kept/rootfs" --sort=name -cf - var usr; } | head -c $((count * size)) |
      split -b "$size" -a 5 -d - "$work/ws/app/part")
  for part in "$work/ws/app"/*; do
    mkdir -p "$work/ws/app/$((i % 20))"
    mv "$part" "$work/ws/app/$((i++ % 20))/"
  done
  : >"$work/ws/WORKSPACE"
}

# An app of such files and the workspace around it: make_app COUNT BYTES [ATTRIBUTE...]
make_app() {
  make_files "$1" "$2"
  shift 2
  cat >"$work/ws/BUILD" <<BUILD
oci_pull_image(
    name = "base",
    repository = "$registry/base",
    sha = "$(sed 's/^sha256://' "$work/digest")",
)

files(
    name = "app",
    sources = glob(["app/**"]),
)

oci_build_image(
    name = "image",
    base = ":base",
    packages = [":app"],
    entrypoint = ["/bin/sh"],
    repository = "$registry/ours",
    tag = "latest",
    $*
)
BUILD
  # The original plugin's pull is a cached step: its layout is there before the clock starts.
  skopeo copy --quiet --src-tls-verify=false "docker://$registry/base:latest" "oci:$work/peer/base:latest"
  # Athanor's is there after the run that warms up.
}

# Changes one file, another one each time.
changes=0
change_one_file() {
  changes=$((changes + 1))
  local files=("$work/ws/app"/*/*)
  printf 'change %d at %s' "$changes" "$EPOCHREALTIME" | dd of="${files[changes * 37 % ${#files[@]}]}" conv=notrunc status=none
  sync
}

ours() { athanor -C "$work/ws" --cache-dir "$work/cache" publish //:image; }

# The calls of the original plugin. Its sandboxes get the layout by hard links.
peer_layer() {
  rm -rf "$work/peer/image"
  cp -al "$work/peer/base" "$work/peer/image"
  tar -C "$work/ws" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/peer/layer.tar" app
  umoci raw add-layer --image "$work/peer/image:latest" "$work/peer/layer.tar"
}
peer_config_and_push() {
  umoci config --image "$work/peer/image:latest" --config.entrypoint /bin/sh
  skopeo copy --quiet --dest-tls-verify=false "oci:$work/peer/image:latest" "docker://$registry/theirs:latest"
}
