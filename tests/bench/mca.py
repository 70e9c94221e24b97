#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""What share of a processor's VNNI peak the inner loops of qgemm reach in llvm-mca's model of it.

The loops are taken from the built kernels by objdump. The peak is that of independent products of the same
width, in the same model. The loops for AVX2 are a control of what a model is worth: `make bench-kernels` measures
these on a processor.
"""
import argparse
import collections
import os
import re
import subprocess
import sys

HEADING = """From models of processors (llvm-mca %s), in registers and L1: nothing here was measured.
The peak is the model's too: multiply-adds a cycle of independent products alone. "As loads" is the share where what
reads a vector, or a number for all of it, is a load and no more. Models of AMD's processors have the latter occupy
a unit of arithmetic as well, which on Zen 3 `make bench-kernels` disproves for the control, avx2; that of
icelake-server has both do so at 512 bits.
"""

# Of an instruction set: what multiplies, how many multiply-adds that is, and the same alone, which waits for nothing
# but the sum in a register of its own. Models are those in which LLVM describes the instruction.
Products = collections.namedtuple("Products", "isa name adds alone tiles models")
PRODUCTS = (
    Products("avx512vnni", "vpdpbusd", 64, "vpdpbusd %zmm{0}, %zmm{0}, %zmm{0}",
             ("12x2", "8x2", "4x2", "1x2"), ("icelake-server", "sapphirerapids", "znver4")),
    Products("avxvnni", "vpdpbusd", 32, "{{vex}} vpdpbusd %ymm{0}, %ymm{0}, %ymm{0}",
             ("6x2", "4x2", "1x2"), ("alderlake",)),
    Products("avx2", "vpmaddwd", 16, "vpmaddwd %ymm{0}, %ymm{0}, %ymm15\nvpaddd %ymm15, %ymm{0}, %ymm{0}",
             ("6x2", "4x2", "1x2"), ("znver3",)),
)
# More than these processors have in flight: two a cycle, done after five.
INDEPENDENT = 16
ITERATIONS = 1000
MCA = "llvm-mca-19"
# What is replaced by vmovntdqa, which is a load and no more in every model.
READS = re.compile(r"^v(pbroadcastd|movdq[au]\d*)(?= .*\),)")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="folder of the build")
    return parser.parse_args()


def inner_loop(library, function, name):
    """The instructions of the shortest loop that has some called name."""
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", "--disassemble=" + function, library],
                          check=True, capture_output=True, text=True).stdout
    lines = re.findall(r"^ +([0-9a-f]+):\t(.+?) *(?:#.*)?$", text, re.M)
    index = {int(address, 16): i for i, (address, _) in enumerate(lines)}
    loops = []
    for i, (_, jump) in enumerate(lines):
        target = re.match(r"j\w+ +([0-9a-f]+) <", jump)
        start = index.get(int(target[1], 16), i + 1) if target else i + 1
        body = [instruction for _, instruction in lines[start:i]]
        if start <= i and any(name in instruction for instruction in body):
            loops.append(body + [jump.split()[0] + " 0"])
    if not loops:
        sys.exit("%s: %s has no loop with %s" % (library, function, name))
    return min(loops, key=len)


def simulate(model, instructions):
    """Cycles an iteration, and what llvm-mca says of them."""
    done = subprocess.run([MCA, "-mtriple=x86_64", "-mcpu=" + model, "-iterations=%d" % ITERATIONS,
                           "-bottleneck-analysis", "-instruction-info=0", "-resource-pressure=0"],
                          input="\n".join(instructions) + "\n", capture_output=True, text=True)
    cycles = re.search(r"^Total Cycles: +(\d+)", done.stdout, re.M)
    if done.returncode or not cycles:
        sys.exit("%s -mcpu=%s: %s" % (MCA, model, done.stderr.strip()))
    return int(cycles[1]) / ITERATIONS, done.stdout


def bottleneck(report):
    """The kind that holds up most cycles, and of resources those that do so in more than half of these."""
    shares = re.findall(r"^ +(?:- )?(\w[\w ]*?):? +\[ +([\d.]+)% \]", report, re.M)
    shares = {name: float(share) for name, share in shares}
    kind = max(("Resource Pressure", "Register Dependencies", "Memory Dependencies"), key=lambda k: shares.get(k, 0))
    if not shares.get(kind):
        return "  none"
    ports = [name for name, share in shares.items() if " " not in name and share > shares[kind] / 2]
    return "%3.0f %% %s" % (shares[kind], " ".join(ports) if kind == "Resource Pressure" else kind.lower())


def main():
    arguments = parse_arguments()
    version = subprocess.run([MCA, "--version"], check=True, capture_output=True, text=True).stdout
    print(HEADING % re.search(r"version ([\d.]+)", version)[1])
    row = "%-16s %-15s %12s %7s %11s %7s %6s %9s  %s"
    print(row % ("loop", "model", "instructions", "cycles", "adds/cycle", "peak", "share", "as loads",
                 "bottleneck, of all cycles"))
    for products in PRODUCTS:
        library = os.path.join(arguments.build, "libedge/backend/cpu/kernels/libkernels-%s.a" % products.isa)
        if not os.path.exists(library):
            sys.exit("there is no %s: this takes a build for x86" % library)
        loops = {tile: inner_loop(library, "qgemm_" + tile, products.name) for tile in products.tiles}
        alone = [products.alone.format(i) for i in range(INDEPENDENT)]
        for model in products.models:
            peak = INDEPENDENT * products.adds / simulate(model, alone)[0]
            for tile, loop in loops.items():
                cycles, report = simulate(model, loop)
                loads = simulate(model, [READS.sub("vmovntdqa", each) for each in loop])[0]
                adds = sum(products.name in each for each in loop) * products.adds
                print(row % ("%s %s" % (products.isa, tile), model, len(loop), "%.1f" % cycles,
                             "%.0f" % (adds / cycles), "%.0f" % peak, "%.0f %%" % (100 * adds / cycles / peak),
                             "%.0f %%" % (100 * adds / loads / peak), bottleneck(report)))


if __name__ == "__main__":
    main()
