#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes the pictures that test_image.c reads, and prints the pixels it expects.

PNG files are put together chunk by chunk here, and the JPEG file is written by OpenCV, so that
neither comes from the code under test.  Run in this directory."""
import struct
import zlib

import cv2
import numpy as np


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(name, width, height, depth, colour, rows, extra=b"", interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    with open(name, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra +
                   chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def u16(*values):
    return struct.pack(">%dH" % len(values), *values)


# Red opaque, green half transparent; blue transparent, grey 0x8080 opaque.
png("rgba16.png", 2, 2, 16, 6,
    b"\0" + u16(65535, 0, 0, 65535, 0, 65535, 0, 32768) +
    b"\0" + u16(0, 0, 65535, 0, 0x8080, 0x8080, 0x8080, 65535))
# Four colours, the third transparent, two bits a pixel.
png("palette2.png", 5, 1, 2, 3, b"\0" + bytes([0b00011011, 0b01000000]),
    chunk(b"PLTE", bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30])) +
    chunk(b"tRNS", bytes([255, 255, 0])))
# One bit a pixel.
png("grey1.png", 9, 2, 1, 0, b"\0" + bytes([0b10101010, 0b10000000]) + b"\0" + bytes([0, 0]))
# Grey with alpha.
png("grey_alpha8.png", 2, 1, 8, 4, b"\0" + bytes([100, 255, 100, 128]))
# A picture of 3 x 3 in the seven passes of Adam7: pixel (x, y) is 10 * y + x, grey.
passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
          (0, 1, 1, 2)]
rows = b""
for x0, y0, dx, dy in passes:
    for y in range(y0, 3, dy):
        row = bytes(10 * y + x for x in range(x0, 3, dx))
        rows += b"\0" + row if row else b""
png("adam7.png", 3, 3, 8, 0, rows, interlace=1)

# Smooth, so that the coding error is small: expected values follow from the formula.
y, x = np.mgrid[0:24, 0:32]
picture = np.stack([x * 8, y * 10, np.full_like(x, 100)], axis=2).astype(np.uint8)
cv2.imwrite("smooth.jpg", picture[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])
