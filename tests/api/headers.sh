#!/bin/sh
# SPDX-License-Identifier: MIT
# headers.sh INCLUDE-FOLDER CC CXX: each public header stands alone, in strict C11 and in C++. CXX may be empty: then the
# test says that it has skipped half of itself.
set -eu
include=$1 cc=$2 cxx=$3

for header in "$include"/edge/*.h; do
	name=edge/${header##*/}
	printf '#include "%s"\n#include "%s"\nint main(void) { return 0; }\n' "$name" "$name" |
		$cc -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$include" -fsyntax-only -x c -
	[ -z "$cxx" ] || printf '#include "%s"\nint main() { return 0; }\n' "$name" |
		$cxx -std=c++11 -Wall -Wextra -Wpedantic -Werror -I"$include" -fsyntax-only -x c++ -
	grep -q "\"$name\"" "$include/edge/edge.h" || [ "$name" = edge/edge.h ] || {
		echo "$name: edge/edge.h does not include it"
		exit 1
	}
done
[ -n "$cxx" ] || { echo "no C++ compiler"; exit 77; }
