#!/usr/bin/env bash
# The same with a step that runs in the container: Athanor against umoci unpack, runc and umoci repack.
set -euo pipefail
name=step
source "$(dirname "$0")/lib.sh"
source "$bench/image.sh"
need skopeo umoci runc tar docker-registry python3
need_root "umoci unpack"
[ -e "$kept/base/index.json" ] || need debootstrap
command="cat /app/0/* | sha256sum > /etc/app.sum"

theirs() {
  peer_layer
  rm -rf "$work/peer/bundle"
  umoci unpack --image "$work/peer/image:latest" "$work/peer/bundle"
  python3 - "$work/peer/bundle/config.json" "$command" <<'PY'
import json, sys
path, command = sys.argv[1:]
config = json.load(open(path))
config["process"]["args"] = ["/bin/sh", "-c", command]
config["process"]["terminal"] = False
json.dump(config, open(path, "w"))
PY
  runc run --bundle "$work/peer/bundle" "athanor-bench-$$" </dev/null
  umoci repack --image "$work/peer/image:latest" "$work/peer/bundle"
  peer_config_and_push
}

begin_work
make_base
start_registry
section skopeo umoci runc docker-registry
line "Athanor: \`athanor publish //:image\` with \`commands = [\"$command\"]\`. The peers: \`tar\`, \`umoci raw add-layer\`, \`umoci unpack\`, \`runc run\`, \`umoci repack\`, \`umoci config\`, \`skopeo copy\`; the base is pulled before the clock starts."
line
compare_head "tools"
make_app 100 10240 "commands = [\"$command\"],"
compare "one file of a 1 MB app changed, one step, pushed" 0.25 change_one_file ours theirs
make_app 4000 51200 "commands = [\"$command\"],"
compare "one file of a 200 MB app changed, one step, pushed" 0.25 change_one_file ours theirs
publish_section "$name"
