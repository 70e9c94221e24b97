/* SPDX-License-Identifier: MIT */
/* Written by make-resize.py with OpenCV 4.6.0. */
static const struct {
	int from[2], to[2];
	uint32_t rgb, grey;
} resized[] = {
	{ { 7, 5 }, { 11, 9 }, 0x9c9ddece, 0x32e57652 },
	{ { 16, 12 }, { 8, 6 }, 0x2008da2c, 0x93aff4be },
	{ { 13, 9 }, { 5, 4 }, 0xc69c86e7, 0x217af320 },
	{ { 1, 1 }, { 4, 4 }, 0x41319e28, 0x5265c5ab },
	{ { 1, 40 }, { 9, 7 }, 0xbb27ec9f, 0x53cb1e31 },
	{ { 40, 1 }, { 7, 9 }, 0x0f0202c7, 0x2bc98c9f },
	{ { 640, 480 }, { 416, 416 }, 0x88ae80e8, 0x448f0b75 },
	{ { 416, 416 }, { 416, 416 }, 0x2cca93a6, 0xc270f6cf },
	{ { 97, 211 }, { 320, 240 }, 0x06fcc981, 0x767bd2a6 },
	{ { 500, 333 }, { 64, 48 }, 0x1d57d0dc, 0xde1f5ef2 },
	{ { 2, 2 }, { 300, 200 }, 0xcaf9cb7f, 0xe1a5484d },
	{ { 301, 299 }, { 299, 301 }, 0x41412c2a, 0x409928cb },
};

/* 7 x 5 pixels as 3 x 2. */
static const uint8_t small[] = {
	26, 70, 105, 161, 129, 139, 206, 55, 147, 145, 94, 70, 140, 67, 24, 138, 48, 126,
};
