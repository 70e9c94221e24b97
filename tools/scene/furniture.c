// SPDX-License-Identifier: MIT
#include "furniture.h"

#define CLUSTERS 16
#define LEAVES 260

static const uint32_t leaves[] = { 0x4f7d3a, 0x5c8a3c, 0x3f6b3a, 0x7d8f3c,
				   0xb98a35, 0x6a8f52, 0xd59bb0 };

void furniture_random(struct furniture *f, enum furniture_kind kind, struct prng *r)
{
	f->kind = kind;
	f->seed = prng_next(r);
	f->colour = rgb_hex(0x3c4147);
	switch (kind) {
	case FURNITURE_TREE:
		f->height = prng_range(r, 4.2, 7.0);
		f->colour = rgb_hex(leaves[prng_int(r, 0, 6)]);
		break;
	case FURNITURE_LAMP:
		f->height = prng_range(r, 4.5, 6.0);
		break;
	case FURNITURE_SIGN:
		f->height = prng_range(r, 2.3, 2.7);
		f->colour = rgb_hex(prng_chance(r, 0.5) ? 0x1f5fb0 : 0xc02a2a);
		break;
	case FURNITURE_BIN:
		f->height = prng_range(r, 0.85, 1.05);
		f->colour = rgb_hex(prng_chance(r, 0.5) ? 0x2e5b45 : 0x4a4d52);
		break;
	default:
		f->height = prng_range(r, 0.7, 0.95);
		break;
	}
}

static struct ball ball_at(const struct pose *pose, double x, double y, double z, double radius)
{
	return (struct ball) { pose_point(pose, (struct vec3) { x, y, z }), radius };
}

static void draw_post(struct view *v, const struct pose *pose, double low, double high,
		      double r_low, double r_high, struct rgb colour)
{
	const struct ball post[] = { ball_at(pose, 0, low, 0, r_low),
				     ball_at(pose, 0, high, 0, r_high) };

	view_hull(v, post, 2, colour);
}

static struct ball random_in_crown(const struct pose *pose, double middle, double spread,
				   double radius, struct prng *r)
{
	double x, y, z;

	do {
		x = prng_range(r, -1, 1);
		y = prng_range(r, -1, 1);
		z = prng_range(r, -1, 1);
	} while (x * x + y * y + z * z > 1);
	return ball_at(pose, x * spread, middle + y * spread * 0.85, z * spread, radius);
}

static void draw_tree(struct view *v, const struct furniture *f, const struct pose *pose)
{
	double spread = f->height * 0.24;
	double middle = f->height - spread;
	struct prng r;

	prng_seed(&r, f->seed);
	draw_post(v, pose, 0, middle, 0.15, 0.08, rgb_hex(0x5d4a38));
	for (int i = 0; i < CLUSTERS; i++) {
		struct ball b = random_in_crown(pose, middle, spread * 0.8, spread * 0.55, &r);

		view_hull(v, &b, 1, rgb_scale(f->colour, 0.8));
	}
	for (int i = 0; i < LEAVES; i++) {
		double radius = spread * prng_range(&r, 0.05, 0.13);
		struct ball b = random_in_crown(pose, middle, spread * 1.15, radius, &r);
		/* Brighter the nearer to the top of the crown. */
		double rise = (b.centre.y - middle) / spread;
		double gain = 0.88 + 0.2 * rise + prng_range(&r, -0.1, 0.12);

		view_disc(v, &b, rgb_scale(f->colour, gain));
	}
}

static void draw_lamp(struct view *v, const struct furniture *f, const struct pose *pose)
{
	struct ball arm[] = { ball_at(pose, 0, f->height, 0, 0.04),
			      ball_at(pose, 1.0, f->height + 0.2, 0, 0.04) };
	struct ball head[] = { ball_at(pose, 0.9, f->height + 0.17, 0, 0.09),
			       ball_at(pose, 1.4, f->height + 0.22, 0, 0.07) };

	draw_post(v, pose, 0, f->height, 0.08, 0.05, f->colour);
	view_hull(v, arm, 2, f->colour);
	view_hull(v, head, 2, f->colour);
	if (v->light.lamps && !v->canvas->shadow_mode)
		view_glow(v, head[1].centre, 1.9, (struct rgb) { 0.75f, 0.6f, 0.35f });
}

static void draw_sign(struct view *v, const struct furniture *f, const struct pose *pose)
{
	/* Faces along the road, whatever way that is. */
	struct ball plate = ball_at(pose, 0, f->height, 0, 0.3);

	draw_post(v, pose, 0, f->height, 0.035, 0.035, rgb_hex(0x8c9196));
	view_disc(v, &plate, rgb_hex(0xf2f2ee));
	plate.radius = 0.26;
	view_disc(v, &plate, f->colour);
	plate.radius = 0.1;
	view_disc(v, &plate, rgb_hex(0xf2f2ee));
}

static void draw_bin(struct view *v, const struct furniture *f, const struct pose *pose)
{
	draw_post(v, pose, 0.2, f->height - 0.1, 0.17, 0.2, f->colour);
	draw_post(v, pose, f->height - 0.12, f->height - 0.06, 0.21, 0.21,
		  rgb_scale(f->colour, 0.7));
}

static void draw_bollard(struct view *v, const struct furniture *f, const struct pose *pose)
{
	draw_post(v, pose, 0, f->height, 0.08, 0.07, f->colour);
	draw_post(v, pose, f->height * 0.8, f->height * 0.88, 0.075, 0.075, rgb_hex(0xe8e6e0));
}

void furniture_draw(struct view *v, const struct furniture *f, const struct pose *pose)
{
	static void (*const draw[FURNITURE_KINDS])(struct view *, const struct furniture *,
						   const struct pose *) = {
		[FURNITURE_TREE] = draw_tree,	    [FURNITURE_LAMP] = draw_lamp,
		[FURNITURE_SIGN] = draw_sign,	    [FURNITURE_BIN] = draw_bin,
		[FURNITURE_BOLLARD] = draw_bollard,
	};

	draw[f->kind](v, f, pose);
}
