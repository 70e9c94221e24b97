#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes quant.h: quantised operators worked out with Python's integers of any size and numpy's
f32, from Documentation/quantisation.md.  Run in this directory."""
from fractions import Fraction
import math
import numpy as np

f32 = np.float32
rng = np.random.default_rng(11)
lines = ["/* SPDX-License-Identifier: MIT */", "/* Made by make-quant.py. */", ""]


def clamp(value, low, high):
    return max(low, min(high, value))


def rne(x):
    """To nearest, ties to even, into int32."""
    return int(clamp(round(Fraction(float(x))), -2**31, 2**31 - 1))


def half_away(x):
    return int(math.copysign(math.floor(abs(x) + Fraction(1, 2)), x))


def fixed_of(real):
    """The 31-bit multiplier and shift of an exact real."""
    shift = 0
    while real >= 1:
        real /= 2
        shift += 1
    while real < Fraction(1, 2):
        real *= 2
        shift -= 1
    m = half_away(real * 2**31)
    if m == 2**31:
        m, shift = 2**30, shift + 1
    if shift < -31:
        m, shift = 0, 0
    elif shift > 30:
        m, shift = 2**31 - 1, 30
    return m, shift


def wrap(x):
    return (x + 2**31) % 2**32 - 2**31


def times_fixed(value, multiplier):
    m, shift = multiplier
    high = (wrap(value << max(shift, 0)) * m + 2**30) >> 31
    return half_away(Fraction(high, 2 ** max(-shift, 0)))


def multiply(rule, value, a, b, c):
    if rule == "FLOAT":
        return rne(f32(value) * (f32(a) * f32(b) / f32(c)))
    return times_fixed(value, fixed_of(Fraction(float(np.float64(a) * np.float64(b) / np.float64(c)))))


def emit(name, kind, values):
    text = ", ".join(repr(float(v)) + "f" if kind == "float" else str(int(v)) for v in np.ravel(values))
    text = text.replace("-2147483648", "INT32_MIN")
    lines.append(f"static const {kind} {name}[] = {{ {text} }};")


def multipliers():
    rows = []
    values = [0, 1, -1, 2, -3, 127, 1000, -1001, 16777217, -16777219, 123456789, -2**31, 2**31 - 1]
    for a, b, c in [(1, 1, 1), (.5, 1, 1), (.25, .5, .125), (1, .007843138, .09), (.02, .003, .05),
                    (1e-6, 1e-5, .7), (3, 5, .25), (1e-20, 1e-20, 1), (1e12, 1e6, 1e-3), (.1, .1, .3)]:
        for rule in ("FLOAT", "FIXED"):
            for v in values + [int(x) for x in rng.integers(-2**31, 2**31, 3)] + [int(x) for x in rng.integers(-5000, 5000, 5)]:
                rows.append(f"\t{{ EDGE_ROUND_{rule}, {f32(a)!r}f, {f32(b)!r}f, {f32(c)!r}f, {v}, "
                            f"{multiply(rule, v, f32(a), f32(b), f32(c))} }},")
    text = "\n".join(rows).replace("np.float32(", "").replace(")f", "f").replace("-2147483648", "INT32_MIN")
    lines.append("static const struct multiplier_case multiplier_cases[] = {\n" + text + "\n};")


def conv(name, rule, type_, zx, zws, zy, sy, low, high):
    """2 channels of 4x4, 3 filters of 3x3, padding 1."""
    kind = {"u8": "uint8_t", "i8": "int8_t"}[type_]
    ends = (0, 255) if type_ == "u8" else (-128, 127)
    x = rng.integers(ends[0], ends[1] + 1, (2, 4, 4))
    w = rng.integers(-127, 128, (3, 2, 3, 3))
    bias = rng.integers(-9000, 9000, 3)
    sx, sw = f32(.031), np.array([.004, .01, .0007], f32)
    padded = np.full((2, 6, 6), zx)
    padded[:, 1:5, 1:5] = x
    y = np.empty((3, 4, 4), int)
    for m in range(3):
        for i in range(4):
            for j in range(4):
                s = int(bias[m]) + int(((padded[:, i:i + 3, j:j + 3] - zx) * (w[m] - zws[m])).sum())
                y[m, i, j] = clamp(clamp(multiply(rule, s, sx, sw[m], f32(sy)) + zy, *ends), low, high)
    emit(name + "_x", kind, x)
    emit(name + "_w", "int8_t", w)
    emit(name + "_bias", "int32_t", bias)
    emit(name + "_y", kind, y)


def binary(name, rule, func, scales, zeros):
    a, b = rng.integers(0, 256, 60), rng.integers(0, 256, 60)
    sa, sb, sy = (f32(s) for s in scales)
    za, zb, zy = zeros
    y = []
    for p, q in zip((a - za).tolist(), (b - zb).tolist()):
        if func == "mul":
            v = multiply(rule, p * q, sa, sb, sy)
        elif rule == "FLOAT":
            left, right = f32(p) * (sa / sy), f32(q) * (sb / sy)
            v = rne(left + right if func == "add" else left - right)
        else:
            twice = 2 * max(float(sa), float(sb))
            left = times_fixed(p << 20, fixed_of(Fraction(float(sa) / twice)))
            right = times_fixed(q << 20, fixed_of(Fraction(float(sb) / twice)))
            v = times_fixed(left + right if func == "add" else left - right,
                            fixed_of(Fraction(twice / (2**20 * float(sy)))))
        y.append(clamp(v + zy, 0, 255))
    for suffix, values in (("a", a), ("b", b), ("y", y)):
        emit(f"{name}_{suffix}", "uint8_t", values)


def average(name, rule, sx, zx, sy, zy):
    x = rng.integers(0, 256, (2, 3, 3))
    y = []
    for c in range(2):
        for i in range(2):
            for j in range(2):
                part = x[c, i:i + 2, j:j + 2]
                s = int((part - zx).sum())
                if rule == "FLOAT":
                    v = rne(f32(s) * (f32(sx) / f32(sy) / f32(4))) + zy
                elif (sx, zx) == (sy, zy):
                    v = half_away(Fraction(int(part.sum()), 4))
                else:
                    v = times_fixed(s, fixed_of(Fraction(float(f32(sx)) / (float(f32(sy)) * 4)))) + zy
                y.append(clamp(v, 0, 255))
    emit(name + "_x", "uint8_t", x)
    emit(name + "_y", "uint8_t", y)


multipliers()
conv("conv_float", "FLOAT", "u8", 121, (0, 0, 0), 7, .05, 0, 255)
conv("conv_fixed", "FIXED", "i8", -5, (0, 0, 0), -7, .05, -128, 127)
conv("conv_zeros", "FIXED", "u8", 255, (-128, 127, 3), 0, .4, 0, 255)
# Relu6 at .05 a step: 7 to 7 + 120.
conv("conv_relu6", "FLOAT", "u8", 0, (0, 0, 0), 7, .05, 7, 127)
for rule in ("FLOAT", "FIXED"):
    for func in ("add", "sub", "mul"):
        binary(f"{func}_{rule.lower()}", rule, func, (.04, .007, .05), (128, 3, 100))
average("average_float", "FLOAT", .03, 9, .02, 120)
average("average_fixed", "FIXED", .03, 9, .02, 120)
average("average_same", "FIXED", .03, 9, .03, 9)
open("quant.h", "w").write("\n".join(lines) + "\n")
