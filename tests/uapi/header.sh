#!/bin/sh
# SPDX-License-Identifier: MIT
# header.sh SOURCE-FOLDER CC CXX CLANG: the header of the ioctls stands alone, in strict C11 and in C++; it has
# no padding, no pointers and no types whose size depends on the machine; and layout.c, which says what everything in it
# is, holds for words of 32 and of 64 bits and leaves nothing out. CXX and CLANG may be empty: then the test says that it
# has skipped what needs them.
set -eu
source=$1 cc=$2 cxx=$3 clang=$4
header=$source/uapi/drm/edge_accel.h layout=$source/tests/uapi/layout.c
strict="-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I$source/uapi"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Others' headers may have padding.
others=$(pkg-config --cflags libdrm | sed 's/-I */-isystem /g')
# The kernel's own headers are those of this machine; what they say of words follows from the compiler.
arch=$($cc -print-multiarch 2>/dev/null || true)

echo '#include <drm/edge_accel.h>' >"$folder/alone.c"
$cc -std=c11 $strict -Wpadded $others "$folder/alone.c"
$cc -std=c11 $strict $others "$layout"
if [ -n "$cxx" ]; then
	$cxx -std=c++11 $strict $others -x c++ "$folder/alone.c"
	$cxx -std=c++11 $strict $others -x c++ "$layout"
fi
if [ -n "$clang" ]; then
	for target in i386-linux-gnu arm-linux-gnueabihf aarch64-linux-gnu riscv64-linux-gnu; do
		$clang --target=$target -std=c11 $strict -Wpadded $others ${arch:+-isystem /usr/include/$arch} "$layout"
	done
fi

# Without comments, and with lines that go on put together.
$cc -fpreprocessed -dD -E -P -x c "$header" >"$folder/code"
bad=$(awk '/^};/ { inside = 0 }
	inside && !/^[ \t]+(__[us](8|16|32|64)|struct drm_edge_[a-z_]+) [a-z0-9_]+(\[[0-9]+\])?;$/
	/^struct .*{/ { inside = 1 }' "$folder/code")
[ -z "$bad" ] || { echo "not of a fixed size: $bad"; exit 1; }

missing=0
for name in $(sed -n 's/^#define \(DRM_[A-Z0-9_]*\)[ (].*/\1/p; s/^ *\(DRM_[A-Z0-9_]*\) = .*/\1/p; s/^struct \([a-z_]*\) {.*/\1/p' "$folder/code"); do
	grep -q "[(]$name, " "$layout" || { echo "$name: not in layout.c"; missing=1; }
done
[ $missing = 0 ]
[ -n "$cxx" ] || { echo "no C++ compiler"; exit 77; }
[ -n "$clang" ] || { echo "no clang"; exit 77; }
