// SPDX-License-Identifier: MIT
#include "finish.h"

#include <stddef.h>

/* A kernel (w, 1 - 2w, w) along a line of pixels. */
static void blur_line(struct rgb *p, int n, size_t step, float w)
{
	struct rgb before = p[0];

	for (int i = 0; i < n; i++, p += step) {
		struct rgb here = *p;
		struct rgb after = i + 1 < n ? p[step] : here;

		p->r = here.r + w * (before.r + after.r - 2 * here.r);
		p->g = here.g + w * (before.g + after.g - 2 * here.g);
		p->b = here.b + w * (before.b + after.b - 2 * here.b);
		before = here;
	}
}

static void blur(struct canvas *c, float w)
{
	size_t pitch = (size_t)c->width;

	for (int y = 0; y < c->height; y++)
		blur_line(canvas_row(c, y), c->width, 1, w);
	for (int x = 0; x < c->width; x++)
		blur_line(c->pixels + x, c->height, pitch, w);
}

static uint8_t to_byte(double v)
{
	return (uint8_t)(clamp(v, 0, 1) * 255 + 0.5);
}

void finish_photograph(struct canvas *c, struct prng *r, struct edge_image *image)
{
	float softness = (float)prng_range(r, 0, 0.16);
	double noise = prng_range(r, 0.002, 0.022);
	double vignette = prng_range(r, 0, 0.22);
	double exposure = prng_range(r, 0.92, 1.1);
	double warmth = prng_range(r, -0.03, 0.03);

	blur(c, softness);
	for (int y = 0; y < c->height; y++) {
		const struct rgb *row = canvas_row(c, y);
		uint8_t *out = image->data + (size_t)y * (size_t)image->stride;
		double dy = 2.0 * y / c->height - 1;

		for (int x = 0; x < c->width; x++, out += 3) {
			double dx = 2.0 * x / c->width - 1;
			double gain = exposure * (1 - vignette * (dx * dx + dy * dy) / 2);
			double grain[3];

			/* The sum of two uniform draws is bell-shaped enough. */
			for (int i = 0; i < 3; i++) {
				grain[i] = prng_unit(r);
				grain[i] = noise * (grain[i] + prng_unit(r) - 1);
			}
			out[0] = to_byte((double)row[x].r * gain * (1 + warmth) + grain[0]);
			out[1] = to_byte((double)row[x].g * gain + grain[1]);
			out[2] = to_byte((double)row[x].b * gain * (1 - warmth) + grain[2]);
		}
	}
}
