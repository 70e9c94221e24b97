/* SPDX-License-Identifier: MIT */
/*
 * Solid things in metres, drawn on the canvas: projected, lit and hazed.
 */
#ifndef SCENE_VIEW_H
#define SCENE_VIEW_H

#include "canvas.h"
#include "light.h"

struct view {
	struct canvas *canvas;
	struct camera camera;
	struct light light;
};

struct ball {
	struct vec3 centre;
	double radius;
};

/* A flat convex face of 3 to POLYGON_MAX corners; drawn from either side. */
void view_face(struct view *v, const struct vec3 *corners, int n, struct rgb colour,
	       struct vec3 normal);

/* The same with a paint that is final: it is neither lit nor hazed. */
void view_face_painted(struct view *v, const struct vec3 *corners, int n,
		       const struct paint *paint);

/*
 * The hull of 1 to 8 balls, shaded as something round. Nothing is drawn when
 * one of them is behind the camera.
 */
void view_hull(struct view *v, const struct ball *balls, int n, struct rgb colour);

/* One ball, in one tone. */
void view_disc(struct view *v, const struct ball *ball, struct rgb colour);

void view_line(struct view *v, struct vec3 a, struct vec3 b, double width, struct rgb colour);

/* Light at a point, to be added; the radius is in metres. */
void view_glow(struct view *v, struct vec3 p, double radius, struct rgb light);

#endif
