#!/bin/sh
# SPDX-License-Identifier: MIT
# version.sh SOURCE-FOLDER VERSION: library, tools and module have one.
set -eu
cd "$1"
module=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
[ "$module" = "$2" ] || { echo "dkms.conf says $module, meson.build $2"; exit 1; }
