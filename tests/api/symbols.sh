#!/bin/sh
# SPDX-License-Identifier: MIT
# symbols.sh LIBRARY INCLUDE-FOLDER: the library exports the functions that its headers declare, and nothing else.
set -eu
library=$1 include=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

nm -D --defined-only --format=posix "$library" | sed 's/@.*//; s/ .*//' | grep -vx EDGE_0 | sort -u >"$folder/exported"
# A declaration may go over several lines; the function's name stands before the first parenthesis.
cat "$include"/edge/*.h | grep -v '^#' | tr '\n' ' ' | grep -o 'EDGE_API [^;(]*(' |
	grep -o 'edge_[a-z0-9_]*($' | tr -d '(' | sort -u >"$folder/declared"

[ "$(wc -l <"$folder/declared")" -gt 40 ] || { echo "found hardly any declarations"; exit 1; }
diff "$folder/declared" "$folder/exported" || {
	echo "< declared in the headers but not exported, > exported but not declared"
	exit 1
}
