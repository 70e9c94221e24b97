// SPDX-License-Identifier: MIT
#include "car.h"

#include <math.h>

#define PROFILE 8
#define TYRE_STEPS 22

/*
 * The body's outline from the low front over the bonnet to the low rear, then
 * the cabin: where its glass starts (x) on the belt line and on the roof.
 */
struct car_shape {
	double profile[PROFILE][2];
	double cabin_front, cabin_rear, roof_front, roof_rear;
	double belt, roof, half_width, roof_half_width;
	double axle_front, axle_rear, wheel;
	double pillar; /* x between the front and the rear side window */
};

static const struct car_shape shapes[] = {
	{ /* hatchback */
	  { { 1.88, 0.24 },
	    { 1.98, 0.48 },
	    { 1.92, 0.72 },
	    { 1.0, 0.93 },
	    { -1.7, 0.98 },
	    { -1.95, 0.85 },
	    { -1.98, 0.5 },
	    { -1.88, 0.26 } },
	  1.05,
	  -1.85,
	  0.3,
	  -1.4,
	  0.95,
	  1.48,
	  0.86,
	  0.66,
	  1.22,
	  -1.24,
	  0.31,
	  -0.3 },
	{ /* saloon */
	  { { 2.2, 0.22 },
	    { 2.3, 0.46 },
	    { 2.22, 0.68 },
	    { 1.1, 0.9 },
	    { -1.5, 0.96 },
	    { -2.2, 0.92 },
	    { -2.28, 0.5 },
	    { -2.16, 0.24 } },
	  1.15,
	  -1.75,
	  0.35,
	  -1.0,
	  0.92,
	  1.43,
	  0.89,
	  0.66,
	  1.38,
	  -1.35,
	  0.32,
	  -0.3 },
	{ /* estate */
	  { { 2.2, 0.24 },
	    { 2.3, 0.48 },
	    { 2.22, 0.7 },
	    { 1.1, 0.92 },
	    { -2.0, 0.98 },
	    { -2.24, 0.9 },
	    { -2.3, 0.5 },
	    { -2.18, 0.26 } },
	  1.15,
	  -2.15,
	  0.35,
	  -1.75,
	  0.94,
	  1.48,
	  0.9,
	  0.68,
	  1.38,
	  -1.38,
	  0.33,
	  -0.3 },
	{ /* off-roader */
	  { { 2.1, 0.36 },
	    { 2.2, 0.6 },
	    { 2.14, 0.9 },
	    { 1.1, 1.06 },
	    { -1.95, 1.1 },
	    { -2.15, 1.0 },
	    { -2.2, 0.62 },
	    { -2.1, 0.38 } },
	  1.1,
	  -2.05,
	  0.5,
	  -1.8,
	  1.06,
	  1.7,
	  0.95,
	  0.76,
	  1.34,
	  -1.34,
	  0.38,
	  -0.3 },
	{ /* van */
	  { { 2.2, 0.3 },
	    { 2.32, 0.56 },
	    { 2.24, 0.86 },
	    { 1.6, 1.1 },
	    { -2.1, 1.15 },
	    { -2.28, 1.0 },
	    { -2.3, 0.6 },
	    { -2.24, 0.32 } },
	  1.7,
	  -2.22,
	  0.95,
	  -2.1,
	  1.1,
	  1.96,
	  0.97,
	  0.84,
	  1.5,
	  -1.4,
	  0.34,
	  0.1 },
};

static const uint32_t bodies[] = { 0xf1f1ee, 0xc3c7cb, 0x7d838a, 0x2a2d31, 0xb5272a,
				   0x1f4f9a, 0x254c3b, 0x8c6f4e, 0xd9b13b, 0x3f7fb5,
				   0x6b1f2e, 0xe0e3e6, 0xd96a2b, 0x56636f };

/* A car on the way to the canvas. */
struct draft {
	struct view *view;
	const struct car *car;
	const struct car_shape *shape;
	struct pose pose;
	struct vec3 eye; /* the camera, in local space */
};

void car_random(struct car *c, struct prng *r)
{
	static const int picks[] = { 0, 0, 0, 1, 1, 2, 3, 3, 4 };

	c->shape = &shapes[picks[prng_int(r, 0, 8)]];
	c->body = rgb_hex(bodies[prng_int(r, 0, 13)]);
	c->wheels = rgb_hex(prng_chance(r, 0.7) ? 0xb6babf : 0x4a4d52);
	c->taxi = c->shape == &shapes[1] && prng_chance(r, 0.25);
	if (c->taxi)
		c->body = rgb_hex(0xf0c22e);
	c->braking = prng_chance(r, 0.3);
}

double car_length(const struct car *c)
{
	return c->shape->profile[1][0] - c->shape->profile[6][0];
}

static struct vec3 face_normal(const struct vec3 *p)
{
	struct vec3 a = { p[1].x - p[0].x, p[1].y - p[0].y, p[1].z - p[0].z };
	struct vec3 b = { p[2].x - p[0].x, p[2].y - p[0].y, p[2].z - p[0].z };

	return vec3_unit((struct vec3) { a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z,
					 a.x * b.y - a.y * b.x });
}

/*
 * Draws a face of a convex solid that holds the local point (0, 0.7, 0)
 * unless it looks away from the camera. Shadows are cast by all of them.
 */
static bool draw_face(const struct draft *d, const struct vec3 *local, int n, struct rgb colour)
{
	struct vec3 world[POLYGON_MAX];
	struct vec3 normal = face_normal(local);
	struct vec3 to_eye = { d->eye.x - local[0].x, d->eye.y - local[0].y,
			       d->eye.z - local[0].z };
	struct vec3 out = { local[0].x, local[0].y - 0.7, local[0].z };

	if (vec3_dot(normal, out) < 0)
		normal = (struct vec3) { -normal.x, -normal.y, -normal.z };
	if (vec3_dot(normal, to_eye) <= 0 && !d->view->canvas->shadow_mode)
		return false;
	for (int i = 0; i < n; i++)
		world[i] = pose_point(&d->pose, local[i]);
	view_face(d->view, world, n, colour, pose_direction(&d->pose, normal));
	return true;
}

/* A point of a quad: s along its first edge, t towards its opposite one. */
static struct vec3 on_quad(const struct vec3 *q, double s, double t)
{
	return vec3_mix(vec3_mix(q[0], q[1], s), vec3_mix(q[3], q[2], s), t);
}

/* A detail of a face: it has the face's light and is drawn just above it. */
static void draw_patch(const struct draft *d, const struct vec3 *quad, double s0, double s1,
		       double t0, double t1, const struct paint *paint)
{
	const double s[] = { s0, s1, s1, s0 }, t[] = { t0, t0, t1, t1 };
	struct vec3 world[4];

	for (int i = 0; i < 4; i++)
		world[i] = pose_point(&d->pose, on_quad(quad, s[i], t[i]));
	view_face_painted(d->view, world, 4, paint);
}

static struct paint lit(const struct draft *d, struct rgb colour)
{
	return light_paint(&d->view->light, colour, (struct vec3) { 0, 0, 0 }, d->pose.z);
}

/* Glass mirrors the sky, lighter at its top. */
static struct paint glass(const struct draft *d)
{
	const struct light *l = &d->view->light;
	struct rgb dark = rgb_mix(rgb_hex(0x14181d), l->zenith, 0.12);
	struct rgb bright = rgb_mix(dark, l->skyline, 0.42);

	return paint_fade(light_haze(l, bright, d->pose.z), light_haze(l, dark, d->pose.z));
}

static int wheel_outline(const struct draft *d, double x, double z, double radius,
			 struct vec3 *world)
{
	for (int i = 0; i < TYRE_STEPS; i++) {
		double a = i * (2 * PI / TYRE_STEPS);
		struct vec3 p = { x + radius * cosine(a), d->shape->wheel + radius * sine(a), z };

		world[i] = pose_point(&d->pose, p);
	}
	return TYRE_STEPS;
}

static void draw_disc(const struct draft *d, double x, double z, double radius, struct rgb colour)
{
	struct vec3 world[TYRE_STEPS];
	int n = wheel_outline(d, x, z, radius, world);
	struct paint paint = lit(d, colour);

	view_face_painted(d->view, world, n, &paint);
}

/* The tread between the two sides of a tyre, seen from ahead or behind. */
static void draw_tread(const struct draft *d, double x, double z)
{
	double inner = z > 0 ? z - 0.2 : z + 0.2;
	double r = d->shape->wheel;
	const struct vec3 quad[] = {
		{ x, 0, z }, { x, 0, inner }, { x, 2 * r, inner }, { x, 2 * r, z }
	};
	struct paint paint = lit(d, rgb_hex(0x131315));

	draw_disc(d, x, inner, r, rgb_hex(0x131315));
	draw_disc(d, x, z, r, rgb_hex(0x131315));
	draw_patch(d, quad, 0, 1, 0, 1, &paint);
}

static void draw_treads(const struct draft *d)
{
	const struct car_shape *s = d->shape;
	double z = s->half_width - 0.02;

	draw_tread(d, s->axle_front, z);
	draw_tread(d, s->axle_front, -z);
	draw_tread(d, s->axle_rear, z);
	draw_tread(d, s->axle_rear, -z);
}

static void draw_wheel(const struct draft *d, double x, double z)
{
	const struct car_shape *s = d->shape;
	struct paint dark = lit(d, rgb_hex(0x2a2b2e));

	draw_disc(d, x, z, s->wheel + 0.06, rgb_hex(0x0f1012));
	draw_disc(d, x, z, s->wheel, rgb_hex(0x1d1d20));
	draw_disc(d, x, z, s->wheel * 0.66, d->car->wheels);
	for (int i = 0; i < 5; i++) {
		double a = i * (2 * PI / 5) + x, r = s->wheel * 0.5;
		const double spread = 0.36;
		const struct vec3 gap[] = {
			{ x + 0.3 * r * cosine(a), s->wheel + 0.3 * r * sine(a), z },
			{ x + r * cosine(a - spread), s->wheel + r * sine(a - spread), z },
			{ x + r * cosine(a + spread), s->wheel + r * sine(a + spread), z },
		};
		struct vec3 world[3];

		for (int k = 0; k < 3; k++)
			world[k] = pose_point(&d->pose, gap[k]);
		view_face_painted(d->view, world, 3, &dark);
	}
}

static void draw_side_lines(const struct draft *d, double z)
{
	const struct car_shape *s = d->shape;
	struct rgb seam = rgb_scale(d->car->body, 0.55);
	const double doors[] = { s->cabin_front - 0.12, s->pillar, s->cabin_rear + 0.75 };
	double sill = s->profile[0][1] + 0.06;

	for (int i = 0; i < 3; i++) {
		struct vec3 high = { doors[i], s->belt - 0.02, z };
		struct vec3 low = { doors[i], sill, z };
		struct vec3 handle[] = { { doors[i] - 0.1, s->belt - 0.13, z },
					 { doors[i] - 0.27, s->belt - 0.13, z } };

		view_line(d->view, pose_point(&d->pose, high), pose_point(&d->pose, low), 0.012,
			  seam);
		if (i == 2)
			break;
		/* The handle sits at the rear edge of its door. */
		handle[0].x = doors[i + 1] + 0.08;
		handle[1].x = doors[i + 1] + 0.24;
		view_line(d->view, pose_point(&d->pose, handle[0]), pose_point(&d->pose, handle[1]),
			  0.03, seam);
	}
}

static void draw_side(const struct draft *d, double z)
{
	const struct car_shape *s = d->shape;
	struct vec3 side[PROFILE], sill[4];
	struct paint dark = lit(d, rgb_hex(0x1c1d1f));
	struct paint fold = lit(d, rgb_mix(d->car->body, rgb_hex(0xffffff), 0.25));

	for (int i = 0; i < PROFILE; i++)
		side[i] = (struct vec3) { s->profile[i][0], s->profile[i][1], z };
	if (!draw_face(d, side, PROFILE, rgb_scale(d->car->body, 0.92)))
		return;
	sill[0] = (struct vec3) { s->profile[0][0] - 0.02, s->profile[0][1], z };
	sill[1] = (struct vec3) { s->profile[7][0] + 0.02, s->profile[7][1], z };
	sill[2] = sill[1];
	sill[3] = sill[0];
	sill[2].y += 0.09;
	sill[3].y += 0.09;
	draw_patch(d, sill, 0, 1, 0, 1, &dark);
	sill[0] = (struct vec3) { s->profile[1][0] - 0.1, s->belt - 0.22, z };
	sill[1] = (struct vec3) { s->profile[6][0] + 0.06, s->belt - 0.16, z };
	sill[2] = sill[1];
	sill[3] = sill[0];
	sill[2].y += 0.03;
	sill[3].y += 0.025;
	draw_patch(d, sill, 0, 1, 0, 1, &fold);
	draw_side_lines(d, z);
	draw_wheel(d, s->axle_front, z * 1.005);
	draw_wheel(d, s->axle_rear, z * 1.005);
}

/* The strip of body between two neighbouring points of the profile. */
static void profile_strip(const struct draft *d, int i, struct vec3 *quad)
{
	const double(*p)[2] = d->shape->profile;
	double w = d->shape->half_width;

	quad[0] = (struct vec3) { p[i][0], p[i][1], -w };
	quad[1] = (struct vec3) { p[i][0], p[i][1], w };
	quad[2] = (struct vec3) { p[i + 1][0], p[i + 1][1], w };
	quad[3] = (struct vec3) { p[i + 1][0], p[i + 1][1], -w };
}

static void draw_lamp_glow(const struct draft *d, const struct vec3 *quad, double s, double t,
			   struct rgb light)
{
	struct vec3 p = pose_point(&d->pose, on_quad(quad, s, t));

	if (!d->view->canvas->shadow_mode)
		view_glow(d->view, p, 0.75, light);
}

static void draw_front(const struct draft *d)
{
	struct vec3 low[4], high[4];
	bool lamps = d->view->light.lamps;
	struct paint grille = lit(d, rgb_hex(0x17181a));
	struct paint chrome = lit(d, rgb_hex(0xb9bec4));
	struct paint plate = lit(d, rgb_hex(0xf3f3ea));
	struct paint lamp = paint_flat(rgb_hex(lamps ? 0xfff6d8 : 0xe9eef2));

	profile_strip(d, 0, low);
	profile_strip(d, 1, high);
	if (draw_face(d, low, 4, rgb_scale(d->car->body, 0.85))) {
		draw_patch(d, low, 0.12, 0.88, 0.05, 0.7, &grille);
		draw_patch(d, low, 0.36, 0.64, 0.55, 1.0, &plate);
	}
	if (!draw_face(d, high, 4, d->car->body))
		return;
	draw_patch(d, high, 0.28, 0.72, 0.15, 0.85, &grille);
	draw_patch(d, high, 0.47, 0.53, 0.35, 0.7, &chrome);
	if (!lamps)
		lamp = lit(d, rgb_hex(0xe9eef2));
	draw_patch(d, high, 0.04, 0.25, 0.3, 0.9, &grille);
	draw_patch(d, high, 0.75, 0.96, 0.3, 0.9, &grille);
	draw_patch(d, high, 0.06, 0.23, 0.4, 0.85, &lamp);
	draw_patch(d, high, 0.77, 0.94, 0.4, 0.85, &lamp);
	if (!lamps)
		return;
	draw_lamp_glow(d, high, 0.14, 0.6, (struct rgb) { 0.7f, 0.65f, 0.5f });
	draw_lamp_glow(d, high, 0.86, 0.6, (struct rgb) { 0.7f, 0.65f, 0.5f });
}

static void draw_rear(const struct draft *d)
{
	struct vec3 high[4], low[4];
	bool on = d->view->light.lamps || d->car->braking;
	struct paint seam = lit(d, rgb_scale(d->car->body, 0.6));
	struct paint dark = lit(d, rgb_hex(0x1c1d1f));
	struct paint plate = lit(d, rgb_hex(0xf3e9b0));
	struct paint lamp = on ? paint_flat(rgb_hex(0xff3a2c)) : lit(d, rgb_hex(0xb3201c));

	/* From the profile's order the upper edge comes first. */
	profile_strip(d, 5, high);
	profile_strip(d, 6, low);
	if (draw_face(d, low, 4, rgb_scale(d->car->body, 0.85)))
		draw_patch(d, low, 0.08, 0.92, 0.4, 1.0, &dark);
	if (!draw_face(d, high, 4, d->car->body))
		return;
	draw_patch(d, high, 0.0, 1.0, 0.78, 0.82, &seam);
	draw_patch(d, high, 0.36, 0.64, 0.3, 0.62, &plate);
	draw_patch(d, high, 0.02, 0.2, 0.08, 0.5, &lamp);
	draw_patch(d, high, 0.8, 0.98, 0.08, 0.5, &lamp);
	if (!on)
		return;
	draw_lamp_glow(d, high, 0.1, 0.3, (struct rgb) { 0.4f, 0.06f, 0.04f });
	draw_lamp_glow(d, high, 0.9, 0.3, (struct rgb) { 0.4f, 0.06f, 0.04f });
}

static void draw_body(const struct draft *d)
{
	double w = d->shape->half_width;
	struct vec3 quad[4];

	/* Bonnet, deck and tail; the ends are drawn with their details. */
	for (int i = 2; i < 5; i++) {
		profile_strip(d, i, quad);
		draw_face(d, quad, 4, d->car->body);
	}
	draw_front(d);
	draw_rear(d);
	draw_side(d, w);
	draw_side(d, -w);
}

static void cabin_corners(const struct draft *d, struct vec3 *belt, struct vec3 *roof)
{
	const struct car_shape *s = d->shape;
	double w = s->half_width - 0.03, rw = s->roof_half_width;

	/* Front right, front left, rear left, rear right. */
	belt[0] = (struct vec3) { s->cabin_front, s->belt, -w };
	belt[1] = (struct vec3) { s->cabin_front, s->belt, w };
	belt[2] = (struct vec3) { s->cabin_rear, s->belt, w };
	belt[3] = (struct vec3) { s->cabin_rear, s->belt, -w };
	roof[0] = (struct vec3) { s->roof_front, s->roof, -rw };
	roof[1] = (struct vec3) { s->roof_front, s->roof, rw };
	roof[2] = (struct vec3) { s->roof_rear, s->roof, rw };
	roof[3] = (struct vec3) { s->roof_rear, s->roof, -rw };
}

static void draw_side_windows(const struct draft *d, const struct vec3 *quad, bool from_front)
{
	const struct car_shape *s = d->shape;
	double split = (s->cabin_front - s->pillar) / (s->cabin_front - s->cabin_rear);
	struct paint pane = glass(d);

	if (!from_front)
		split = 1 - split;
	draw_patch(d, quad, 0.05, split - 0.015, 0.1, 0.86, &pane);
	draw_patch(d, quad, split + 0.015, 0.95, 0.1, 0.86, &pane);
}

static void draw_cabin(const struct draft *d)
{
	struct vec3 belt[4], roof[4];
	struct paint pane = glass(d);

	cabin_corners(d, belt, roof);
	for (int i = 0; i < 4; i++) {
		int k = (i + 1) % 4;
		const struct vec3 quad[] = { belt[i], belt[k], roof[k], roof[i] };

		if (!draw_face(d, quad, 4, d->car->body))
			continue;
		if (i == 1 || i == 3)
			draw_side_windows(d, quad, i == 1);
		else
			draw_patch(d, quad, 0.06, 0.94, 0.08, 0.88, &pane);
	}
	draw_face(d, roof, 4, d->car->body);
}

/* Those that the body hides, in part, are drawn before it. */
static void draw_mirrors(const struct draft *d, bool near)
{
	const struct car_shape *s = d->shape;

	for (int side = -1; side <= 1; side += 2) {
		struct vec3 p = { s->cabin_front - 0.25, s->belt + 0.08,
				  side * (s->half_width - 0.01) };
		struct ball mirror[2] = { { pose_point(&d->pose, p), 0.06 } };

		if (near != (d->eye.z * side > -s->half_width))
			continue;
		p.z += side * 0.08;
		mirror[1] = (struct ball) { pose_point(&d->pose, p), 0.055 };
		view_hull(d->view, mirror, 2, rgb_scale(d->car->body, 0.9));
	}
}

static void draw_taxi_sign(const struct draft *d)
{
	struct vec3 p = { -0.2, d->shape->roof + 0.08, -0.16 };
	struct ball sign[2] = { { pose_point(&d->pose, p), 0.08 } };

	p.z = 0.16;
	sign[1] = (struct ball) { pose_point(&d->pose, p), 0.08 };
	view_hull(d->view, sign, 2, rgb_hex(0xfaf4dc));
}

void car_draw(struct view *v, const struct car *c, const struct pose *pose)
{
	struct draft d = { .view = v, .car = c, .shape = c->shape, .pose = *pose };
	double dx = -pose->x, dz = -pose->z;

	d.eye = (struct vec3) { dx * pose->cosine + dz * pose->sine, v->camera.height,
				-dx * pose->sine + dz * pose->cosine };
	draw_mirrors(&d, false);
	draw_treads(&d);
	draw_body(&d);
	draw_cabin(&d);
	draw_mirrors(&d, true);
	if (c->taxi)
		draw_taxi_sign(&d);
}
