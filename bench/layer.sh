#!/usr/bin/env bash
# One file of an app changed, built on a base and pushed: Athanor against skopeo, tar and umoci.
set -euo pipefail
name=layer
source "$(dirname "$0")/lib.sh"
source "$bench/image.sh"
need skopeo umoci tar docker-registry
[ -e "$kept/base/index.json" ] || need debootstrap
[ -e "$kept/base/index.json" ] || need_root debootstrap

theirs() { peer_layer && peer_config_and_push; }

begin_work
make_base
start_registry
section skopeo umoci docker-registry
line "Athanor: \`athanor publish //:image\`. The peers: \`tar\`, \`umoci raw add-layer\`, \`umoci config\`, \`skopeo copy\`; the base is pulled before the clock starts."
line
compare_head "tools"
make_app 100 10240
compare "one file of a 1 MB app (100 files) changed, pushed" 1 change_one_file ours theirs
make_app 4000 51200
compare "one file of a 200 MB app (4,000 files) changed, pushed" 0.2 change_one_file ours theirs
publish_section "$name"
