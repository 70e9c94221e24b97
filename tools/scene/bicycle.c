// SPDX-License-Identifier: MIT
#include "bicycle.h"

#define RIM_STEPS 28
#define SPOKES 9

static const double wheel_radius = 0.34;
static const double crank = 0.165;

static const struct vec3 rear_axle = { -0.5, 0.34, 0 };
static const struct vec3 front_axle = { 0.56, 0.34, 0 };
static const struct vec3 pedals = { -0.04, 0.3, 0 };
static const struct vec3 seat_cluster = { -0.2, 0.77, 0 };
static const struct vec3 saddle = { -0.23, 0.92, 0 };
static const struct vec3 head_high = { 0.38, 0.84, 0 };
static const struct vec3 head_low = { 0.42, 0.68, 0 };
static const struct vec3 stem = { 0.37, 0.99, 0 };

static const uint32_t frames[] = { 0xc8342c, 0x1d5fa8, 0x1c1d20, 0xe6e4de,
				   0x2f8f6b, 0xe9a820, 0x7a4aa0, 0x3aa7c4 };

void bicycle_random(struct bicycle *b, struct prng *r)
{
	b->frame = rgb_hex(frames[prng_int(r, 0, 7)]);
	b->trim = rgb_hex(prng_chance(r, 0.5) ? 0xb9bdc1 : 0x2a2b2e);
	b->tyre = rgb_hex(prng_chance(r, 0.85) ? 0x1b1b1d : 0x6b4a2f);
	b->step_through = prng_chance(r, 0.35);
	b->mudguards = prng_chance(r, 0.5);
	b->basket = prng_chance(r, 0.3);
	b->size = prng_range(r, 0.95, 1.08);
	b->pedal = prng_range(r, 0, 2 * PI);
}

static struct vec3 sized(const struct bicycle *b, struct vec3 p, double z)
{
	return (struct vec3) { p.x * b->size, p.y * b->size, z * b->size };
}

static struct vec3 pedal_place(const struct bicycle *b, int side)
{
	double a = b->pedal + side * PI;
	struct vec3 p = { pedals.x + crank * cosine(a), pedals.y + crank * sine(a), 0 };

	return sized(b, p, side ? -0.13 : 0.13);
}

void bicycle_mount(const struct bicycle *b, struct person *rider)
{
	struct vec3 hips = sized(b, saddle, 0);
	struct vec3 grip = sized(b, stem, 0);
	struct vec3 feet[2], hands[2];

	/* A child's legs would not reach the pedals. */
	if (rider->height < 1.55)
		rider->height = 1.62;
	hips.y += 0.08;
	for (int i = 0; i < 2; i++) {
		feet[i] = pedal_place(b, i);
		feet[i].x -= 0.08;
		feet[i].y += 0.05;
		hands[i] = grip;
		hands[i].x -= 0.04;
		hands[i].y += 0.03;
		hands[i].z = i ? -0.25 : 0.25;
	}
	person_sit(rider, hips, feet, hands);
}

struct ride {
	struct view *view;
	const struct bicycle *bicycle;
	const struct pose *pose;
};

static void draw_tube(const struct ride *d, struct vec3 a, double az, struct vec3 b, double bz,
		      double width, struct rgb colour)
{
	const struct bicycle *k = d->bicycle;

	view_line(d->view, pose_point(d->pose, sized(k, a, az)),
		  pose_point(d->pose, sized(k, b, bz)), width, colour);
}

static struct vec3 around(struct vec3 axle, double radius, double angle)
{
	return (struct vec3) { axle.x + radius * cosine(angle), axle.y + radius * sine(angle), 0 };
}

static void draw_arc(const struct ride *d, struct vec3 axle, double radius, double from, double to,
		     double width, struct rgb colour)
{
	for (int i = 0; i < RIM_STEPS; i++) {
		double a = mix(from, to, (double)i / RIM_STEPS);
		double b = mix(from, to, (double)(i + 1) / RIM_STEPS);

		draw_tube(d, around(axle, radius, a), 0, around(axle, radius, b), 0, width, colour);
	}
}

static void draw_wheel(const struct ride *d, struct vec3 axle)
{
	const struct bicycle *b = d->bicycle;

	for (int i = 0; i < SPOKES; i++) {
		double a = b->pedal + i * (PI / SPOKES);

		draw_tube(d, around(axle, wheel_radius - 0.05, a), 0,
			  around(axle, wheel_radius - 0.05, a + PI), 0, 0.006, rgb_hex(0x9a9da1));
	}
	draw_arc(d, axle, wheel_radius - 0.045, 0, 2 * PI, 0.02, rgb_hex(0xa9adb1));
	draw_arc(d, axle, wheel_radius - 0.02, 0, 2 * PI, 0.042, b->tyre);
	draw_tube(d, axle, -0.04, axle, 0.04, 0.04, b->trim);
}

static void draw_frame(const struct ride *d)
{
	const struct bicycle *b = d->bicycle;
	struct rgb c = b->frame;

	for (int side = -1; side <= 1; side += 2) {
		draw_tube(d, pedals, 0.02 * side, rear_axle, 0.05 * side, 0.022, c);
		draw_tube(d, seat_cluster, 0.01 * side, rear_axle, 0.05 * side, 0.02, c);
		draw_tube(d, head_low, 0.02 * side, front_axle, 0.045 * side, 0.024, c);
	}
	if (b->step_through) {
		struct vec3 low = vec3_mix(pedals, seat_cluster, 0.35);

		draw_tube(d, low, 0, head_high, 0, 0.036, c);
	} else {
		draw_tube(d, seat_cluster, 0, head_high, 0, 0.034, c);
	}
	draw_tube(d, pedals, 0, head_low, 0, 0.04, c);
	draw_tube(d, pedals, 0, seat_cluster, 0, 0.034, c);
	draw_tube(d, head_low, 0, head_high, 0, 0.042, c);
}

static void draw_drive(const struct ride *d)
{
	const struct bicycle *b = d->bicycle;
	struct rgb dark = rgb_hex(0x2b2c2f);
	struct vec3 high = pedals, low = pedals, rear_high = rear_axle;
	struct vec3 rear_low = rear_axle;

	high.y += 0.09;
	low.y -= 0.09;
	rear_high.y += 0.04;
	rear_low.y -= 0.04;
	draw_tube(d, high, -0.04, rear_high, -0.04, 0.012, dark);
	draw_tube(d, low, -0.04, rear_low, -0.04, 0.012, dark);
	draw_arc(d, pedals, 0.085, 0, 2 * PI, 0.018, b->trim);
	for (int i = 0; i < 2; i++) {
		struct vec3 p = pedal_place(b, i);

		p.x /= b->size;
		p.y /= b->size;
		draw_tube(d, pedals, i ? -0.07 : 0.07, p, i ? -0.08 : 0.08, 0.022, b->trim);
		draw_tube(d, p, i ? -0.08 : 0.08, p, i ? -0.17 : 0.17, 0.03, dark);
	}
}

static void draw_bars(const struct ride *d)
{
	const struct bicycle *b = d->bicycle;
	struct rgb dark = rgb_hex(0x232325);
	struct vec3 nose = saddle, tail = saddle, grip = stem;

	nose.x += 0.13;
	tail.x -= 0.11;
	tail.y += 0.015;
	grip.x -= 0.06;
	grip.y += 0.02;
	draw_tube(d, seat_cluster, 0, saddle, 0, 0.026, b->trim);
	draw_tube(d, nose, 0, tail, 0, 0.05, dark);
	draw_tube(d, saddle, -0.05, tail, 0.05, 0.05, dark);
	draw_tube(d, head_high, 0, stem, 0, 0.03, b->trim);
	for (int side = -1; side <= 1; side += 2) {
		draw_tube(d, stem, 0, stem, 0.2 * side, 0.024, b->trim);
		draw_tube(d, stem, 0.2 * side, grip, 0.29 * side, 0.034, dark);
	}
}

static void draw_extras(const struct ride *d)
{
	const struct bicycle *b = d->bicycle;

	if (b->mudguards) {
		draw_arc(d, rear_axle, wheel_radius + 0.03, 0.4, 3.0, 0.03, b->frame);
		draw_arc(d, front_axle, wheel_radius + 0.03, 0.5, 2.6, 0.03, b->frame);
	}
	if (b->basket) {
		static const struct vec3 corners[] = {
			{ 0.48, 0.98, 0 }, { 0.78, 0.98, 0 }, { 0.73, 0.76, 0 }, { 0.51, 0.76, 0 }
		};
		struct ball balls[8];

		for (int i = 0; i < 8; i++)
			balls[i] = (struct ball) { pose_point(d->pose, sized(b, corners[i / 2],
									     i % 2 ? 0.15 : -0.15)),
						   0.015 };
		view_hull(d->view, balls, 8, rgb_hex(0x8a6b45));
	}
}

static void draw_lights(const struct ride *d)
{
	struct view *v = d->view;
	struct vec3 front = { 0.46, 0.88, 0 }, rear = { -0.28, 0.72, 0 };

	draw_tube(d, front, 0, front, 0.001, 0.06, rgb_hex(0xf4f1de));
	draw_tube(d, rear, 0, rear, 0.001, 0.05, rgb_hex(0xd02a22));
	if (!v->light.lamps || v->canvas->shadow_mode)
		return;
	view_glow(v, pose_point(d->pose, sized(d->bicycle, front, 0)), 0.4,
		  (struct rgb) { 0.5f, 0.48f, 0.4f });
}

void bicycle_draw(struct view *v, const struct bicycle *b, const struct pose *pose)
{
	struct ride d = { v, b, pose };

	draw_wheel(&d, rear_axle);
	draw_wheel(&d, front_axle);
	draw_extras(&d);
	draw_drive(&d);
	draw_frame(&d);
	draw_bars(&d);
	draw_lights(&d);
}
