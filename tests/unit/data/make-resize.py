#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes resize.h: what OpenCV makes of pictures that test_preprocess.c builds by the same formula.
Run in this directory."""
import zlib

import cv2
import numpy as np

SIZES = [((7, 5), (11, 9)), ((16, 12), (8, 6)), ((13, 9), (5, 4)), ((1, 1), (4, 4)),
         ((1, 40), (9, 7)), ((40, 1), (7, 9)), ((640, 480), (416, 416)), ((416, 416), (416, 416)),
         ((97, 211), (320, 240)), ((500, 333), (64, 48)), ((2, 2), (300, 200)),
         ((301, 299), (299, 301))]


def noise(width, height):
    """A linear congruential generator, the top byte of each state."""
    state = width * 65536 + height
    values = np.empty(width * height * 3, np.uint8)
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) & 0xffffffff
        values[i] = state >> 24
    return values.reshape(height, width, 3)


def main():
    with open("resize.h", "w") as out:
        out.write("/* SPDX-License-Identifier: MIT */\n")
        out.write("/* Written by make-resize.py with OpenCV %s. */\n" % cv2.__version__)
        out.write("static const struct {\n\tint from[2], to[2];\n\tuint32_t rgb, grey;\n}"
                  " resized[] = {\n")
        for source, target in SIZES:
            picture = noise(*source)
            grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
            out.write("\t{ { %d, %d }, { %d, %d }, 0x%08x, 0x%08x },\n" % (
                *source, *target, zlib.crc32(cv2.resize(picture, target).tobytes()),
                zlib.crc32(cv2.resize(grey, target).tobytes())))
        out.write("};\n")
        small = cv2.resize(noise(7, 5), (3, 2))
        out.write("\n/* 7 x 5 pixels as 3 x 2. */\nstatic const uint8_t small[] = {\n")
        out.write("\t%s,\n" % ", ".join(map(str, small.ravel())))
        out.write("};\n")


main()
