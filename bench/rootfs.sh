#!/usr/bin/env bash
# Root filesystems and layers: Athanor against umoci, from images on disk and with no cache but what the line says.
set -euo pipefail
name=rootfs
source "$(dirname "$0")/lib.sh"
source "$bench/image.sh"
need skopeo umoci tar
need_root "umoci unpack"
[ -e "$kept/base/index.json" ] || need debootstrap

cache() { athanor --cache-dir "$work/cache" "$@"; }

forget() { rm -rf "$work/cache" "$work/our-bundle" "$work/their-bundle"; sync; }
unpack_ours() { cache image unpack "$kept/base:latest" "$work/our-bundle"; }
unpack_theirs() { umoci unpack --image "$kept/base:latest" "$work/their-bundle"; }

# The same file of both bundles, another one each time.
change_both() {
  local files
  mapfile -t files < <(cd "$work/their-bundle/rootfs" && find usr/share -type f | sort)
  changes=$((changes + 1))
  local file=${files[changes * 37 % ${#files[@]}]}
  printf 'change %d at %s' "$changes" "$EPOCHREALTIME" | tee "$work/our-bundle/rootfs/$file" >"$work/their-bundle/rootfs/$file"
  rm -rf "$work/image"
  cp -al "$kept/base" "$work/image"
}
repack_ours() { cache image repack "$work/our-bundle" "$work/layer.tar.gz"; }
repack_theirs() { umoci repack --image "$work/image:changed" "$work/their-bundle"; }

# A workspace whose layer is 200 MB of files, or the same as a tar.
make_layers() {
  make_files 4000 51200
  tar -C "$work/ws" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/ws/app.tar" app
  cat >"$work/ws/BUILD" <<'BUILD'
files(name = "app", sources = glob(["app/**"]))
oci_layer(name = "files", packages = [":app"])
oci_layer(name = "tar", tars = ["app.tar"])
BUILD
}
fresh_image() { rm -rf "$work/cache" "$work/image"; cp -al "$kept/base" "$work/image"; sync; }
tar_ours() { cache -C "$work/ws" build //:tar; }
tar_theirs() { umoci raw add-layer --image "$work/image:latest" "$work/ws/app.tar"; }
files_ours() { cache -C "$work/ws" build //:files; }
files_theirs() {
  tar -C "$work/ws" --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -cf "$work/layer.tar" app
  umoci raw add-layer --image "$work/image:latest" "$work/layer.tar"
}

# The least heap, in MB, that a command gets by with, in a process of its own.
least_heap() {
  local mb classpath
  read -r classpath <"$root/cli/target/classpath"
  for mb in 8 12 16 20 24 28 32 40 48 64 96 128 192 256 512; do
    rm -rf "$work/cache" "$work/our-bundle"
    if "$JAVA_HOME/bin/java" -XX:+UseSerialGC -Xmx"$mb"m -XX:TieredStopAtLevel=1 --enable-native-access=ALL-UNNAMED \
      -cp "$classpath" dev.athanor.cli.Main --cache-dir "$work/cache" "$@" >"$work/output" 2>&1; then
      echo "$mb"
      return
    fi
  done
  echo "failed: $*" >&2
  cat "$work/output" >&2
  return 1
}
# An image with one layer of COUNT files of BYTES bytes, as files and in a layout.
make_sized() {
  rm -rf "$work/sized"
  mkdir -p "$work/sized/app"
  local i
  for ((i = 0; i < $1; i++)); do head -c "$2" /dev/urandom >"$work/sized/app/$i"; done
  : >"$work/sized/WORKSPACE"
  cat >"$work/sized/BUILD" <<'BUILD'
files(name = "app", sources = glob(["app/*"]))
oci_build_image(name = "image", base = "scratch", packages = [":app"])
BUILD
}
heap_row() {
  local small=$2 large=$3
  row "$(awk -v what="$1" -v s="$small" -v l="$large" 'BEGIN {
    printf "%s | %d MB | %d MB | %.2f | ≤ 1: %s", what, l, s, l / s, l <= s ? "met" : "**missed**" }')"
}
heap() {
  make_sized 64 1000000
  local build_small unpack_small build_large unpack_large
  commands least_heap
  build_small=$(least_heap -C "$work/sized" build //:image)
  unpack_small=$(least_heap image unpack "$work/sized/athanor-out/image" "$work/our-bundle")
  make_sized 64 16000000
  build_large=$(least_heap -C "$work/sized" build //:image)
  unpack_large=$(least_heap image unpack "$work/sized/athanor-out/image" "$work/our-bundle")
  line
  line "| least heap (\`-Xmx\`) for a layer of 64 files | of 1 GB | of 64 MB | ratio | bar |"
  line "|---|---|---|---|---|"
  heap_row "building the image" "$build_small" "$build_large"
  heap_row "unpacking it" "$unpack_small" "$unpack_large"
}

begin_work
make_base
section skopeo umoci
compare_head umoci
compare "unpack of a Debian of 5 layers" 0.5 forget unpack_ours unpack_theirs
forget; unpack_ours >/dev/null; unpack_theirs
compare "repack of it with one file changed" 0.1 change_both repack_ours repack_theirs
make_layers
compare "a tar of 200 MB as a layer" 0.5 fresh_image tar_ours tar_theirs
compare "4,000 files of 200 MB as a layer (umoci: after \`tar\`)" 0.5 fresh_image files_ours files_theirs
heap
publish_section "$name"
