// SPDX-License-Identifier: MIT
#include "light.h"

struct weather {
	uint32_t direct, ambient, zenith, skyline;
	double elevation_lo, elevation_hi; /* of the sun, radians */
	double haze, shadow;
	bool lamps;
};

static const struct weather weathers[] = {
	/* clear noon */
	{ 0x8c8470, 0xa0a5ab, 0x3f7fc4, 0xc9dfee, 0.7, 1.1, 160, 0.55, false },
	/* hazy morning */
	{ 0x96805a, 0x979a9f, 0x6f9cc9, 0xf0dfc4, 0.4, 0.7, 90, 0.5, false },
	/* overcast */
	{ 0x26282b, 0xb4b8bc, 0x9fabb5, 0xd6dbde, 0.9, 1.2, 110, 0.25, false },
	/* late afternoon */
	{ 0xa87a46, 0x85868f, 0x5279ab, 0xf4c98d, 0.32, 0.5, 130, 0.55, false },
	/* dusk */
	{ 0x46303a, 0x6a6c84, 0x263257, 0xe08a63, 0.3, 0.45, 90, 0.3, true },
	/* blue hour */
	{ 0x10141c, 0x525c7a, 0x16234a, 0x7588ab, 0.8, 1.0, 80, 0.2, true },
};

void light_random(struct light *l, struct prng *r)
{
	/* Nearly half of all scenes get one of the first two. */
	static const int picks[] = { 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 5 };
	int pick = picks[prng_int(r, 0, 10)];
	const struct weather *w = &weathers[pick];
	double elevation = prng_range(r, w->elevation_lo, w->elevation_hi);
	double bearing = prng_range(r, 0, 2 * PI);

	l->sun = (struct vec3) { cosine(elevation) * cosine(bearing), sine(elevation),
				 cosine(elevation) * sine(bearing) };
	l->direct = rgb_hex(w->direct);
	l->ambient = rgb_hex(w->ambient);
	l->zenith = rgb_hex(w->zenith);
	l->skyline = rgb_hex(w->skyline);
	l->haze = w->haze * prng_range(r, 0.8, 1.4);
	l->shadow = w->shadow * prng_range(r, 0.85, 1.1);
	l->lamps = w->lamps;
}

struct rgb light_shade(const struct light *l, struct rgb colour, struct vec3 normal)
{
	double facing = vec3_dot(l->sun, normal);
	/* The sky lights what looks up more than what looks down. */
	double open = 0.9 + 0.15 * normal.y;
	struct rgb light = rgb_scale(l->ambient, open);
	double d = facing > 0 ? facing : 0;

	light.r += l->direct.r * (float)d;
	light.g += l->direct.g * (float)d;
	light.b += l->direct.b * (float)d;
	return rgb_multiply(rgb_scale(light, 1.15), colour);
}

struct rgb light_haze(const struct light *l, struct rgb colour, double distance)
{
	double d = distance > 0 ? distance : 0;

	return rgb_mix(colour, l->skyline, d / (d + l->haze));
}

struct paint light_paint(const struct light *l, struct rgb colour, struct vec3 normal,
			 double distance)
{
	return paint_flat(light_haze(l, light_shade(l, colour, normal), distance));
}
