#!/bin/sh
# SPDX-License-Identifier: MIT
# The ONNX suite as a test among others: skipped where there is none. usage: suite.sh CHECK-ONNX
suite=${SUITE:-${DATA:-../shared/data}/suites/onnx-node-v1.12.0.tar.xz}
[ -e "$suite" ] || exit 77
exec "$1" "$suite"
