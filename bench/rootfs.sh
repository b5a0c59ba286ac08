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
publish_section "$name"
