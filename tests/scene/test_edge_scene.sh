#!/bin/sh
# SPDX-License-Identifier: MIT
# The program: the same numbers give the same files, wrong options are refused.
set -eu
scene=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$scene" --seed 7 --count 2 --size 160x120 --out "$folder/a"
"$scene" --seed 7 --count 2 --size 160x120 --out "$folder/b"
for file in scene-000007.png scene-000008.png annotations.json; do
	cmp "$folder/a/$file" "$folder/b/$file"
done

refused() {
	status=0
	"$scene" "$@" >/dev/null 2>&1 || status=$?
	if [ "$status" != 2 ]; then
		echo "not refused: $*" >&2
		exit 1
	fi
}
refused --size 10x10
refused --size 160
refused --size 160x120x3
refused --count 0
refused --seed -1
refused --seed 1z
refused picture

if "$scene" --out "$folder/no/such" 2>/dev/null; then
	echo "wrote into a folder that cannot be made" >&2
	exit 1
fi
