// SPDX-License-Identifier: MIT
#include "geometry.h"

#include <math.h>

static const double near_plane = 0.4;

double sine(double angle)
{
	double turns = angle / (2 * PI);
	double a, a2;

	a = (turns - floor(turns + 0.5)) * (2 * PI);
	if (a > PI / 2)
		a = PI - a;
	else if (a < -PI / 2)
		a = -PI - a;
	a2 = a * a;
	return a * (1 + a2 * (-1.0 / 6 +
			      a2 * (1.0 / 120 +
				    a2 * (-1.0 / 5040 + a2 * (1.0 / 362880 - a2 / 39916800)))));
}

double cosine(double angle)
{
	return sine(angle + PI / 2);
}

double clamp(double v, double lo, double hi)
{
	return v < lo ? lo : v > hi ? hi : v;
}

double mix(double a, double b, double t)
{
	return a + (b - a) * t;
}

struct vec3 vec3_mix(struct vec3 a, struct vec3 b, double t)
{
	return (struct vec3) { mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.z, b.z, t) };
}

double vec3_dot(struct vec3 a, struct vec3 b)
{
	return a.x * b.x + a.y * b.y + a.z * b.z;
}

struct vec3 vec3_unit(struct vec3 a)
{
	double n = sqrt(vec3_dot(a, a));

	return (struct vec3) { a.x / n, a.y / n, a.z / n };
}

struct pose pose_at(double x, double z, double heading)
{
	return (struct pose) { x, z, cosine(heading), sine(heading) };
}

struct vec3 pose_direction(const struct pose *p, struct vec3 v)
{
	return (struct vec3) { v.x * p->cosine - v.z * p->sine, v.y,
			       v.x * p->sine + v.z * p->cosine };
}

struct vec3 pose_point(const struct pose *p, struct vec3 local)
{
	struct vec3 v = pose_direction(p, local);

	v.x += p->x;
	v.z += p->z;
	return v;
}

double camera_scale(const struct camera *c, double z)
{
	return c->focal / (z < near_plane ? near_plane : z);
}

static struct vec3 camera_flatten(const struct camera *c, struct vec3 p)
{
	double t;

	if (!c->flatten)
		return p;
	t = p.y / c->sun.y;
	return (struct vec3) { p.x - c->sun.x * t, 0, p.z - c->sun.z * t };
}

static struct vec2 camera_image(const struct camera *c, struct vec3 p)
{
	double s = camera_scale(c, p.z);

	return (struct vec2) { c->centre + p.x * s, c->horizon + (c->height - p.y) * s };
}

struct vec2 camera_project(const struct camera *c, struct vec3 p)
{
	return camera_image(c, camera_flatten(c, p));
}

int camera_polygon(const struct camera *c, const struct vec3 *in, int n, struct vec2 *out)
{
	struct vec3 a = camera_flatten(c, in[n - 1]);
	int used = 0;

	for (int i = 0; i < n; i++) {
		struct vec3 b = camera_flatten(c, in[i]);

		if ((a.z < near_plane) != (b.z < near_plane)) {
			double t = (near_plane - a.z) / (b.z - a.z);

			out[used++] = camera_image(c, vec3_mix(a, b, t));
		}
		if (b.z >= near_plane)
			out[used++] = camera_image(c, b);
		a = b;
	}
	return used;
}
