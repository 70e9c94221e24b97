// SPDX-License-Identifier: MIT
#include "view.h"

#include <math.h>

/* Nearer than this, round things would fill the picture. */
static const double nearest = 0.8;

void view_face_painted(struct view *v, const struct vec3 *corners, int n, const struct paint *paint)
{
	struct vec2 p[POLYGON_MAX + 1];
	int used = camera_polygon(&v->camera, corners, n, p);

	if (used >= 3)
		canvas_fill(v->canvas, p, used, paint);
}

void view_face(struct view *v, const struct vec3 *corners, int n, struct rgb colour,
	       struct vec3 normal)
{
	double distance = 0;
	struct paint paint;

	for (int i = 0; i < n; i++)
		distance += corners[i].z / n;
	paint = light_paint(&v->light, colour, normal, distance);
	view_face_painted(v, corners, n, &paint);
}

static struct circle view_circle(const struct view *v, const struct ball *ball)
{
	struct vec2 p = camera_project(&v->camera, ball->centre);

	return (struct circle) { p.x, p.y,
				 ball->radius * camera_scale(&v->camera, ball->centre.z) };
}

/* Where on the image a round thing catches the sun. */
static struct vec2 lit_side(const struct light *l)
{
	double n = sqrt(l->sun.x * l->sun.x + l->sun.y * l->sun.y);

	return (struct vec2) { l->sun.x / n, -l->sun.y / n };
}

/* Turned by `facing` (0 to 1) to the sun. */
static struct paint turned_paint(const struct view *v, struct rgb colour, double facing,
				 double distance)
{
	const struct vec3 *sun = &v->light.sun;
	struct vec3 normal = { sun->x * facing, sun->y * facing, sun->z * facing };

	return light_paint(&v->light, colour, normal, distance);
}

void view_hull(struct view *v, const struct ball *balls, int n, struct rgb colour)
{
	/* Three tones from the shaded rim to the lit core do for roundness. */
	static const struct {
		double size, shift, facing, tone;
	} layers[] = { { 1, 0, 0.3, 0.88 }, { 0.84, 0.1, 0.5, 0.95 }, { 0.6, 0.22, 0.72, 1 } };
	struct vec2 lit = lit_side(&v->light);
	struct circle whole[8], core[8];
	double distance = 0;
	struct paint paint;

	for (int i = 0; i < n; i++) {
		if (balls[i].centre.z < nearest)
			return;
		whole[i] = view_circle(v, &balls[i]);
		distance += balls[i].centre.z / n;
	}
	for (int layer = 0; layer < 3; layer++) {
		for (int i = 0; i < n; i++) {
			double shift = layers[layer].shift * whole[i].r;

			core[i] = (struct circle) { whole[i].x + lit.x * shift,
						    whole[i].y + lit.y * shift,
						    whole[i].r * layers[layer].size };
		}
		paint = turned_paint(v, rgb_scale(colour, layers[layer].tone), layers[layer].facing,
				     distance);
		canvas_hull(v->canvas, core, n, &paint);
		if (v->canvas->shadow_mode)
			return;
	}
}

void view_disc(struct view *v, const struct ball *ball, struct rgb colour)
{
	struct circle circle = view_circle(v, ball);
	struct paint paint = turned_paint(v, colour, 0.6, ball->centre.z);

	if (ball->centre.z >= nearest)
		canvas_hull(v->canvas, &circle, 1, &paint);
}

void view_line(struct view *v, struct vec3 a, struct vec3 b, double width, struct rgb colour)
{
	const struct ball balls[] = { { a, width / 2 }, { b, width / 2 } };
	const struct circle ends[] = { view_circle(v, &balls[0]), view_circle(v, &balls[1]) };
	struct paint paint = turned_paint(v, colour, 0.7, (a.z + b.z) / 2);

	if (a.z >= nearest && b.z >= nearest)
		canvas_hull(v->canvas, ends, 2, &paint);
}

void view_glow(struct view *v, struct vec3 p, double radius, struct rgb light)
{
	if (p.z < nearest)
		return;
	canvas_glow(v->canvas, camera_project(&v->camera, p),
		    radius * camera_scale(&v->camera, p.z), light);
}
