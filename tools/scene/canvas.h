/* SPDX-License-Identifier: MIT */
/*
 * A picture of floating-point pixels with anti-aliased shapes.
 *
 * Beside its colour each pixel remembers its owner: the number of the object that last covered
 * a fair part of it (three tenths, so that a spoke of a pixel's width counts). The visible box of
 * an object is where its number is left when the picture is done. Owner 0 is the street.
 *
 * In shadow mode shapes are collected in a mask instead, which
 * canvas_cast_shadows() then lays over the picture.
 */
#ifndef SCENE_CANVAS_H
#define SCENE_CANVAS_H

#include "geometry.h"

#include <stdint.h>

#define CANVAS_OWNERS 128

/* Display-referred, 0 to 1; kept unclamped until the picture is written. */
struct rgb {
	float r, g, b;
};

/* Runs from top to bottom over the height of the shape it fills. */
struct paint {
	struct rgb top, bottom;
	float alpha;
};

struct circle {
	double x, y, r;
};

/* Extent of everything painted, clipped by nothing; empty if x1 < x0. */
struct extent {
	double x0, y0, x1, y1;
};

struct canvas {
	int width, height;
	struct rgb *pixels;
	uint8_t *owners;
	float *mask;
	float *cover; /* scratch of a fill, all zero between fills */
	bool shadow_mode;
	int owner; /* of the shapes that follow, below CANVAS_OWNERS */
	struct extent extents[CANVAS_OWNERS];
};

/* Width and height in 1..16384. NULL without memory. */
struct canvas *canvas_create(int width, int height);
void canvas_destroy(struct canvas *c);

struct rgb *canvas_row(struct canvas *c, int y);

struct rgb rgb_hex(uint32_t rrggbb);
struct rgb rgb_mix(struct rgb a, struct rgb b, double t);
struct rgb rgb_scale(struct rgb a, double s);
struct rgb rgb_multiply(struct rgb a, struct rgb b);

struct paint paint_flat(struct rgb colour);
struct paint paint_fade(struct rgb top, struct rgb bottom);
struct paint paint_glaze(struct rgb colour, double alpha);

/* Any simple polygon of n >= 3 corners, of either orientation. */
void canvas_fill(struct canvas *c, const struct vec2 *corners, int n, const struct paint *paint);

/* The convex hull of 1 to 8 circles. */
void canvas_hull(struct canvas *c, const struct circle *circles, int n, const struct paint *paint);

/* A stroke with round ends. */
void canvas_line(struct canvas *c, struct vec2 a, struct vec2 b, double width,
		 const struct paint *paint);

void canvas_ellipse(struct canvas *c, struct vec2 centre, double rx, double ry,
		    const struct paint *paint);

/* Adds light that falls off to nothing at the radius; owns no pixel. */
void canvas_glow(struct canvas *c, struct vec2 centre, double radius, struct rgb light);

/* Softens the mask, darkens the picture by up to `strength` and clears it. */
void canvas_cast_shadows(struct canvas *c, double strength, struct rgb tint);

#endif
