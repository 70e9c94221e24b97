/* SPDX-License-Identifier: MIT */
/*
 * The light of a scene: time of day, weather and what they do to a colour.
 */
#ifndef SCENE_LIGHT_H
#define SCENE_LIGHT_H

#include "canvas.h"
#include "prng.h"

struct light {
	struct vec3 sun; /* unit vector towards the sun */
	struct rgb direct; /* of the sun */
	struct rgb ambient; /* of the sky, from all sides */
	struct rgb zenith; /* sky at the top of the picture */
	struct rgb skyline; /* sky at the horizon; distance fades to it */
	double haze; /* metres at which half of a colour is left */
	double shadow; /* strength of cast shadows, 0 to 1 */
	bool lamps; /* windows and lamps are lit */
};

void light_random(struct light *l, struct prng *r);

/* A surface of this colour that faces along the unit vector `normal`. */
struct rgb light_shade(const struct light *l, struct rgb colour, struct vec3 normal);

/* A colour seen through `distance` metres of air. */
struct rgb light_haze(const struct light *l, struct rgb colour, double distance);

/* Both of the above. */
struct paint light_paint(const struct light *l, struct rgb colour, struct vec3 normal,
			 double distance);

#endif
