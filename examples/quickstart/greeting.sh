#!/bin/sh
echo "$GREETING"
echo "I am process $$ on $(read -r name < /proc/sys/kernel/hostname && echo "$name"), and this is all there is:"
cd / && echo *
