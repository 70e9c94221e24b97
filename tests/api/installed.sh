#!/bin/sh
# SPDX-License-Identifier: MIT
# installed.sh BUILD-FOLDER SOURCE-FOLDER CC SCENE: installs into an empty folder, then builds the examples with nothing
# but what lies there and pkg-config, and runs them on the bundled model and a picture that the program SCENE draws.
set -eu
build=$1 source=$2 cc=$3 scene=$4
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

meson install -C "$build" --no-rebuild --quiet --destdir "$root"
pc=$(find "$root" -name edge.pc)
[ -n "$pc" ] || { echo "edge.pc is not installed"; exit 1; }
for file in udev/rules.d/70-edge-accel.rules sysusers.d/edge.conf modprobe.d/edge_accel.conf; do
	[ -n "$(find "$root" -path "*/lib/$file")" ] || { echo "$file is not installed"; exit 1; }
done
# The .pc file speaks of the final place; the system root puts the folder in front.
PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$root
LD_LIBRARY_PATH=$(dirname "$(find "$root" -name libedge.so)")
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR LD_LIBRARY_PATH

for example in "$source"/examples/*.c; do
	# shellcheck disable=SC2046 # flags
	$cc -std=c11 -Wall -Wextra -Werror "$example" $(pkg-config --cflags --libs edge) \
		-o "$root/$(basename "$example" .c)"
done

model=$source/share/models/street.onnx
[ "$("$root/async" "$model" 5 | grep -c '^frame [0-4]: first value [-0-9]')" = 5 ] || { echo "async: not five frames"; exit 1; }
"$scene" --seed 900001 --size 640x480 --out "$root" >/dev/null
picture=$(ls "$root"/*.png)
"$root/detect" "$model" "$picture" | tee "$root/found"
grep -qE '^(person|bicycle|car) +0\.[0-9]+ +\([0-9]+, ' "$root/found" || { echo "detect: found nothing"; exit 1; }
! "$root/detect" "$picture" "$picture" 2>"$root/message" || { echo "detect: took a picture for a model"; exit 1; }
grep -q "$picture" "$root/message" || { echo "detect: the message does not name the file"; exit 1; }
