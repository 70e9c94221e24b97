#!/bin/sh
# SPDX-License-Identifier: MIT
# spdx.sh SOURCE-FOLDER: every text file that git tracks there names its licence in its first three lines.
set -eu
cd "$1"
files=$(git ls-files 2>/dev/null) || { echo "no git checkout"; exit 77; }
[ "$(echo "$files" | wc -l)" -gt 400 ] || { echo "found hardly any files"; exit 1; }

# Texts of licences, and what fuzzers are shown.
others=":!LICENSES :!tests/fuzz/corpus :!tests/fuzz/regressions"

# The first match of each file, as FILE:LINE:TEXT; -I leaves out what is no text.
git grep -In --max-count=1 'SPDX-License-Identifier: ' -- $others |
	awk -F: '$2 > 3 { print $1 ": the licence is in line " $2; late = 1 } END { exit late }'
git grep -IL 'SPDX-License-Identifier: ' -- $others | awk '{ print $0 ": no licence"; bad = 1 } END { exit bad }'
