#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes conv1x1.h from a register program that the RTL of NVDLA has run: make-conv1x1.py FOLDER >conv1x1.h.

FOLDER has the program, run.txt in check-golden's language, its data, and out.bin, which is what the RTL wrote."""
import os
import sys

FOLDER = sys.argv[1]


def array(name, path):
    data = open(os.path.join(FOLDER, path), "rb").read()
    rows = [", ".join("0x%02x" % byte for byte in data[i:i + 12]) for i in range(0, len(data), 12)]
    print("static const uint8_t %s[] = {\n\t%s,\n};\n" % (name, ",\n\t".join(rows)))


print("/* SPDX-License-Identifier: MIT */")
print("/* Made by make-conv1x1.py: a convolution of 1x1 and what NVDLA's RTL makes of it. */")
print("#ifndef EMU_CONV1X1_H\n#define EMU_CONV1X1_H\n\n#include <stdint.h>\n")
writes = []
for line in open(os.path.join(FOLDER, "run.txt")):
    words = line.split("#")[0].split()
    if words[:1] == ["w"]:
        writes.append("{ 0x%05x, 0x%08x }" % (int(words[1], 0), int(words[2], 0)))
    elif words[:1] == ["load"]:
        array({"in.bin": "conv_input", "wt.bin": "conv_weights"}[words[2]], words[2])
        print("#define %s 0x%08xu\n" % ({"in.bin": "CONV_INPUT", "wt.bin": "CONV_WEIGHTS"}[words[2]], int(words[1], 0)))
    elif words[:1] == ["check"]:
        array("conv_output", words[2])
        print("#define CONV_OUTPUT 0x%08xu\n" % int(words[1], 0))
    elif words[:1] == ["wait"]:
        print("#define CONV_STATUS 0x%xu\n" % int(words[1], 0))
print("/* Offset and value. */\nstatic const uint32_t conv_program[][2] = {")
for i in range(0, len(writes), 3):
    print("\t" + ", ".join(writes[i:i + 3]) + ",")
print("};\n\n#endif")
