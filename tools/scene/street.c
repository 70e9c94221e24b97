// SPDX-License-Identifier: MIT
#include "street.h"

#include <math.h>

/* The stretch of road that is drawn. */
static const double road_begin = -60, road_end = 260;
static const double kerb = 0.12;

static void aim_along(struct street *s, struct camera *c, struct prng *r)
{
	double heading = PI / 2 + prng_range(r, -0.22, 0.22);
	double side = prng_range(r, -0.9, 0.9) * (s->road_half + 1);

	s->axis = pose_at(side, 0, heading);
	s->both_sides = true;
	c->height = prng_range(r, 1.5, 2.8);
}

static void aim_across(struct street *s, struct camera *c, struct prng *r)
{
	double heading = prng_range(r, -0.35, 0.35);
	double distance = s->road_half + prng_range(r, 3.0, 7.0);

	s->axis = pose_at(0, distance, heading);
	s->both_sides = false;
	c->height = prng_range(r, 1.5, 2.4);
}

void street_random(struct street *s, struct camera *c, int width, int height, struct prng *r)
{
	static const uint32_t asphalts[] = { 0x6d6f73, 0x5c5e63, 0x7b7a78 };
	static const uint32_t slabs[] = { 0xb9b4ab, 0xa9a7a4, 0xc4b8a4, 0xa99a8e };

	s->road_half = prng_range(r, 3.4, 4.6);
	s->pavement = prng_range(r, 3.0, 5.0);
	s->asphalt = rgb_hex(asphalts[prng_int(r, 0, 2)]);
	s->slabs = rgb_hex(slabs[prng_int(r, 0, 3)]);
	s->verge = prng_chance(r, 0.35);
	s->has_crossing = prng_chance(r, 0.45);
	s->crossing = prng_range(r, 7, 16);
	if (prng_chance(r, 0.62)) {
		aim_along(s, c, r);
	} else {
		aim_across(s, c, r);
		s->crossing = prng_range(r, -5, 5);
	}
	c->focal = width * prng_range(r, 0.78, 1.15);
	c->centre = width * prng_range(r, 0.4, 0.6);
	c->horizon = height * prng_range(r, 0.36, 0.5);
	c->flatten = false;
}

struct vec3 street_point(const struct street *s, double along, double left, double up)
{
	return pose_point(&s->axis, (struct vec3) { along, up, left });
}

/* A rectangle on the ground. */
static void draw_strip(struct view *v, const struct street *s, double along0, double along1,
		       double left0, double left1, struct rgb colour, double alpha)
{
	const struct vec3 corners[] = { street_point(s, along0, left0, 0),
					street_point(s, along1, left0, 0),
					street_point(s, along1, left1, 0),
					street_point(s, along0, left1, 0) };
	const struct vec3 up = { 0, 1, 0 };
	struct rgb lit = light_shade(&v->light, colour, up);
	struct paint paint = paint_glaze(lit, alpha);

	view_face_painted(v, corners, 4, &paint);
}

static void draw_markings(struct view *v, const struct street *s)
{
	const struct rgb white = rgb_hex(0xf0eee6);
	double edge = s->road_half;

	for (double u = road_begin; u < road_end; u += 6)
		draw_strip(v, s, u, u + 3, -0.07, 0.07, white, 0.8);
	if (!s->has_crossing)
		return;
	draw_strip(v, s, s->crossing - 0.6, s->crossing + 3.6, -edge, edge, s->asphalt, 1);
	for (double w = -edge + 0.4; w < edge - 0.4; w += 1.0)
		draw_strip(v, s, s->crossing, s->crossing + 3, w, w + 0.5, white, 0.88);
}

/* Joints between the slabs of a pavement, while they can be told apart. */
static void draw_joints(struct view *v, const struct street *s, double inner, double outer)
{
	const struct rgb dark = rgb_scale(s->slabs, 0.78);

	for (double u = -12; u < 36; u += 1.2)
		draw_strip(v, s, u, u + 0.03, inner, outer, dark, 0.6);
	for (int i = 1; i < 4; i++) {
		double w = mix(inner, outer, i / 4.0);

		draw_strip(v, s, road_begin, 60, w, w + 0.03, dark, 0.5);
	}
}

static void draw_pavement(struct view *v, const struct street *s, double side)
{
	double edge = side * s->road_half;
	double inner = edge + side * 0.25;
	double outer = edge + side * s->pavement;
	const struct rgb grass = rgb_hex(0x6f9150);

	draw_strip(v, s, road_begin, road_end, inner, outer, s->slabs, 1);
	draw_joints(v, s, inner, outer);
	if (s->verge)
		draw_strip(v, s, road_begin, road_end, inner, inner + side * 1.1, grass, 1);
	draw_strip(v, s, road_begin, road_end, edge, inner, rgb_scale(s->slabs, 1.12), 1);
	draw_strip(v, s, road_begin, road_end, edge - side * kerb, edge,
		   rgb_scale(s->asphalt, 0.62), 1);
}

static double lattice_noise(double x, double y, uint32_t salt)
{
	double fx = floor(x), fy = floor(y);
	int ix = (int)fx, iy = (int)fy;
	double tx = x - fx, ty = y - fy;

	tx = tx * tx * (3 - 2 * tx);
	ty = ty * ty * (3 - 2 * ty);
	return mix(mix(prng_hash(ix, iy, salt), prng_hash(ix + 1, iy, salt), tx),
		   mix(prng_hash(ix, iy + 1, salt), prng_hash(ix + 1, iy + 1, salt), tx), ty);
}

/* Wear and grain, in world coordinates so that they lie on the ground. */
static void texture_ground(struct view *v, uint32_t salt)
{
	const struct camera *c = &v->camera;
	struct canvas *k = v->canvas;

	for (int y = (int)clamp(c->horizon + 2, 0, k->height); y < k->height; y++) {
		double z = c->focal * c->height / (y + 0.5 - c->horizon);
		/* Grain that is finer than a pixel averages out. */
		double footprint = z * z / (c->focal * c->height);
		double fine = clamp(0.06 / footprint, 0, 1) * 0.14;
		struct rgb *row = canvas_row(k, y);

		for (int x = 0; x < k->width; x++) {
			double wx = (x + 0.5 - c->centre) * z / c->focal;
			double wear = lattice_noise(wx * 0.7, z * 0.7, salt);
			double grain = lattice_noise(wx * 22, z * 22, salt + 1);
			double gain = 1 + (wear - 0.5) * 0.14 + (grain - 0.5) * fine;

			row[x] = rgb_scale(row[x], gain);
			row[x] = light_haze(&v->light, row[x], z * 0.8);
		}
	}
}

static double cloud_cover(double x, double y, uint32_t salt)
{
	double sum = 0, gain = 0.5;

	for (uint32_t octave = 0; octave < 4; octave++) {
		sum += gain * lattice_noise(x, y, salt + octave);
		x *= 2.1;
		y *= 2.1;
		gain *= 0.5;
	}
	return sum;
}

static void draw_sky(struct view *v, struct prng *r)
{
	const struct light *l = &v->light;
	struct canvas *k = v->canvas;
	double horizon = clamp(v->camera.horizon + 2, 1, k->height);
	double open = prng_range(r, 0.4, 0.62);
	uint32_t salt = prng_next(r);
	struct rgb cloud = light_shade(l, rgb_hex(0xffffff), (struct vec3) { 0, 0.6, 0 });

	cloud = rgb_mix(cloud, l->skyline, 0.35);
	for (int y = 0; y < (int)horizon; y++) {
		double t = y / horizon;
		struct rgb base = rgb_mix(l->zenith, l->skyline, t * t * 0.6 + t * 0.4);
		/* Clouds crowd together towards the horizon. */
		double depth = 1.15 - t;
		struct rgb *row = canvas_row(k, y);

		for (int x = 0; x < k->width; x++) {
			double across = ((double)x / k->width - 0.5) / depth;
			double cover = cloud_cover(across * 3 + 40, 2.2 / depth + 7, salt);

			cover = clamp((cover - open) * 5, 0, 1);
			row[x] = rgb_mix(base, cloud, cover * 0.75 * clamp(depth * 2, 0, 1));
		}
	}
}

static void draw_sun(struct view *v)
{
	const struct light *l = &v->light;
	const struct camera *c = &v->camera;
	struct vec2 at;

	if (l->sun.z < 0.2 || l->direct.r < 0.2f)
		return;
	at.x = c->centre + c->focal * l->sun.x / l->sun.z;
	at.y = c->horizon - c->focal * l->sun.y / l->sun.z;
	canvas_glow(v->canvas, at, c->focal * 0.5, rgb_scale(l->direct, 0.5));
	canvas_glow(v->canvas, at, c->focal * 0.07, (struct rgb) { 1.0f, 0.95f, 0.8f });
}

/* Roofs and woods far away, little more than haze. */
static void draw_skyline(struct view *v, struct prng *r)
{
	struct canvas *k = v->canvas;
	double base = v->camera.horizon + 3;
	double unit = v->camera.focal / 300;

	for (int layer = 0; layer < 2; layer++) {
		struct rgb tone = rgb_mix(v->light.skyline,
					  light_shade(&v->light, rgb_hex(0x6f7f86), v->light.sun),
					  0.3 + 0.25 * layer);
		struct paint paint = paint_flat(tone);
		double x = -10;

		while (x < k->width) {
			double w = unit * prng_range(r, 9, 34);
			double h = unit * prng_range(r, 8, 44) / (1 + layer * 0.7);
			struct vec2 box[] = {
				{ x, base }, { x, base - h }, { x + w, base - h }, { x + w, base }
			};

			canvas_fill(k, box, 4, &paint);
			x += w;
		}
	}
}

void street_draw_ground(struct view *v, const struct street *s, struct prng *r)
{
	struct canvas *k = v->canvas;
	const struct rgb earth =
		light_shade(&v->light, rgb_hex(0xa5a196), (struct vec3) { 0, 1, 0 });
	struct paint paint = paint_flat(earth);
	struct vec2 below[] = { { 0, v->camera.horizon },
				{ k->width, v->camera.horizon },
				{ k->width, k->height },
				{ 0, k->height } };

	draw_sky(v, r);
	draw_sun(v);
	draw_skyline(v, r);
	canvas_fill(k, below, 4, &paint);
	draw_strip(v, s, road_begin, road_end, -s->road_half, s->road_half, s->asphalt, 1);
	draw_markings(v, s);
	draw_pavement(v, s, 1);
	draw_pavement(v, s, -1);
	texture_ground(v, prng_next(r));
}
