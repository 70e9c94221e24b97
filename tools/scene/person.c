// SPDX-License-Identifier: MIT
#include "person.h"

#include <math.h>

/* Lengths as shares of the height. */
static const double thigh = 0.245, shin = 0.235, foot = 0.09;
static const double upper_arm = 0.165, forearm = 0.15, spine = 0.30;
static const double shoulder_half = 0.082, hip_half = 0.045;
static const double head_radius = 0.066, neck_to_head = 0.105;

static const uint32_t skins[] = { 0xf3cfb3, 0xe6b48f, 0xc98d63, 0x9a633c, 0x6b4226, 0xf0c4a0 };
static const uint32_t hairs[] = { 0x1d1712, 0x3a2616, 0x6b4526, 0xb98a4b, 0x8d8b88, 0x8a3d1d };
static const uint32_t tops[] = { 0xd6453d, 0x2f6db5, 0xf2f0ea, 0x2a2d33, 0xe3b53c, 0x3b8c5a,
				 0x7c4a8e, 0xe07b39, 0x8fa7bb, 0xc46a86, 0x4e5b46, 0x1f3b63 };
static const uint32_t bottoms[] = { 0x2b3a55, 0x3f5b86, 0x1f2125, 0x6e6a62,
				    0xa89773, 0x4a3a2d, 0x5c6472 };
static const uint32_t shoe_colours[] = { 0x1a1a1c, 0xe9e7e2, 0x5a3a24, 0xb23a32 };

#define PICK(r, list) rgb_hex((list)[prng_int((r), 0, sizeof(list) / sizeof(*(list)) - 1)])

static struct vec3 swing(struct vec3 from, double length, double angle)
{
	return (struct vec3) { from.x + length * sine(angle), from.y - length * cosine(angle),
			       from.z };
}

/* Angles from hanging straight down, forward positive; left, right. */
struct posture {
	double lean;
	double leg[2], knee[2];
	double arm[2], elbow[2];
};

static void posture_walk(struct posture *q, struct prng *r, double stride)
{
	double phase = prng_range(r, 0, 2 * PI);

	for (int i = 0; i < 2; i++) {
		double s = sine(phase + i * PI);
		double c = cosine(phase + i * PI);

		q->leg[i] = stride * s + 0.05;
		/* The leg that swings forward is the one that bends. */
		q->knee[i] = stride * (0.25 + (c > 0 ? 1.5 * c : 0));
		q->arm[i] = -stride * 0.9 * s;
		q->elbow[i] = 0.15 + stride * 0.5 * (1 - s);
	}
	q->lean = 0.1 * stride;
}

static void posture_run(struct posture *q, struct prng *r)
{
	posture_walk(q, r, 0.8);
	q->lean = 0.2;
	q->elbow[0] = 1.5;
	q->elbow[1] = 1.5;
}

static void posture_stand(struct posture *q, struct prng *r)
{
	for (int i = 0; i < 2; i++) {
		q->leg[i] = prng_range(r, -0.06, 0.1);
		q->knee[i] = prng_range(r, 0, 0.12);
		q->arm[i] = prng_range(r, -0.15, 0.15);
		q->elbow[i] = prng_range(r, 0.1, 0.4);
	}
	q->lean = prng_range(r, -0.03, 0.05);
	if (prng_chance(r, 0.45)) {
		/* Looks at a telephone. */
		q->arm[1] = 0.45;
		q->elbow[1] = 1.9;
	}
}

/* The trunk above the hips, leaning by an angle. */
static void place_trunk(struct person *p, double lean)
{
	struct vec3 *j = p->joints;
	double h = p->height;

	j[JOINT_NECK] = swing(j[JOINT_HIPS], -h * spine, -lean);
	j[JOINT_HEAD] = swing(j[JOINT_NECK], -h * neck_to_head, -lean * 0.5);
	for (int i = 0; i < 2; i++) {
		double side = i ? -1 : 1;

		j[JOINT_SHOULDER + i] = vec3_mix(j[JOINT_NECK], j[JOINT_HIPS], 0.08);
		j[JOINT_SHOULDER + i].z = side * h * shoulder_half * p->girth;
		j[JOINT_HIP + i] = j[JOINT_HIPS];
		j[JOINT_HIP + i].z = side * h * hip_half * p->girth;
	}
}

static void place_limbs(struct person *p, const struct posture *q)
{
	struct vec3 *j = p->joints;
	double h = p->height, lowest = 1e9;

	j[JOINT_HIPS] = (struct vec3) { 0, 0, 0 };
	place_trunk(p, q->lean);
	for (int i = 0; i < 2; i++) {
		double side = i ? -1 : 1;
		double low = q->leg[i] - q->knee[i];

		j[JOINT_ELBOW + i] = swing(j[JOINT_SHOULDER + i], h * upper_arm, q->arm[i]);
		j[JOINT_ELBOW + i].z += side * h * 0.035;
		j[JOINT_HAND + i] = swing(j[JOINT_ELBOW + i], h * forearm, q->arm[i] + q->elbow[i]);
		j[JOINT_KNEE + i] = swing(j[JOINT_HIP + i], h * thigh, q->leg[i]);
		j[JOINT_FOOT + i] = swing(j[JOINT_KNEE + i], h * shin, low);
		j[JOINT_TOE + i] = swing(j[JOINT_FOOT + i], h * foot, low * 0.8 + PI / 2 - 0.25);
		lowest = fmin(lowest, j[JOINT_TOE + i].y);
		lowest = fmin(lowest, j[JOINT_FOOT + i].y);
	}
	for (int i = 0; i < JOINT_COUNT; i++)
		j[i].y += h * 0.02 - lowest;
}

static void random_clothes(struct person *p, struct prng *r)
{
	static const enum person_garment garments[] = { GARMENT_SHIRT,	GARMENT_SHIRT,
							GARMENT_SHIRT,	GARMENT_JACKET,
							GARMENT_JACKET, GARMENT_COAT,
							GARMENT_DRESS };
	static const enum person_hair styles[] = { HAIR_SHORT, HAIR_SHORT, HAIR_LONG,
						   HAIR_LONG,  HAIR_BALD,  HAIR_CAP };

	p->skin = PICK(r, skins);
	p->hair = PICK(r, hairs);
	p->top = PICK(r, tops);
	p->bottom = PICK(r, bottoms);
	p->shoes = PICK(r, shoe_colours);
	p->bag_colour = PICK(r, tops);
	p->garment = garments[prng_int(r, 0, 6)];
	p->hair_style = styles[prng_int(r, 0, 5)];
	if (p->garment == GARMENT_DRESS)
		p->hair_style = HAIR_LONG;
	p->sleeves = p->garment == GARMENT_JACKET || p->garment == GARMENT_COAT ||
		     prng_chance(r, 0.3);
	p->shorts = p->garment == GARMENT_SHIRT && prng_chance(r, 0.25);
	p->bag = BAG_NONE;
	if (prng_chance(r, 0.3))
		p->bag = prng_chance(r, 0.5) ? BAG_BACKPACK : BAG_HAND;
}

void person_random(struct person *p, struct prng *r)
{
	struct posture q;
	double kind;

	p->height = prng_range(r, 1.58, 1.9);
	if (prng_chance(r, 0.12))
		p->height = prng_range(r, 1.1, 1.4);
	p->girth = prng_range(r, 0.92, 1.25);
	random_clothes(p, r);
	kind = prng_unit(r);
	if (kind < 0.6)
		posture_walk(&q, r, prng_range(r, 0.35, 0.52));
	else if (kind < 0.7)
		posture_run(&q, r);
	else
		posture_stand(&q, r);
	place_limbs(p, &q);
}

/*
 * The middle joint of a limb from a to b; it bends towards `bend` (+1 ahead,
 * -1 back). A limb that is too short is stretched.
 */
static struct vec3 bend_limb(struct vec3 a, struct vec3 b, double upper, double lower, double bend)
{
	double dx = b.x - a.x, dy = b.y - a.y;
	double d = sqrt(dx * dx + dy * dy);
	double along, aside;

	if (d >= upper + lower || d == 0)
		return vec3_mix(a, b, upper / (upper + lower));
	along = (d * d + upper * upper - lower * lower) / (2 * d);
	aside = upper * upper - along * along;
	aside = aside > 0 ? sqrt(aside) * bend : 0;
	return (struct vec3) { a.x + (dx * along - dy * aside) / d,
			       a.y + (dy * along + dx * aside) / d, (a.z + b.z) / 2 };
}

void person_sit(struct person *p, struct vec3 hips, const struct vec3 feet[2],
		const struct vec3 hands[2])
{
	struct vec3 *j = p->joints;
	double h = p->height;
	double reach = hands[0].x - hips.x;

	j[JOINT_HIPS] = hips;
	place_trunk(p, clamp(reach * 0.9 - 0.2, 0.15, 0.6));
	for (int i = 0; i < 2; i++) {
		j[JOINT_HAND + i] = hands[i];
		j[JOINT_ELBOW + i] =
			bend_limb(j[JOINT_SHOULDER + i], hands[i], h * upper_arm, h * forearm, -1);
		j[JOINT_FOOT + i] = feet[i];
		j[JOINT_TOE + i] = feet[i];
		j[JOINT_TOE + i].x += h * foot;
		j[JOINT_KNEE + i] = bend_limb(j[JOINT_HIP + i], feet[i], h * thigh, h * shin, 1);
	}
}

/* A person on the way to the canvas: joints in the world. */
struct figure {
	struct view *view;
	const struct person *person;
	struct vec3 joints[JOINT_COUNT];
	struct vec3 ahead;
	struct vec3 left;
	int far_side; /* 0 left, 1 right */
};

static void draw_limb(const struct figure *f, int a, int b, double ra, double rb, struct rgb colour)
{
	double h = f->person->height;
	const struct ball balls[] = { { f->joints[a], ra * h }, { f->joints[b], rb * h } };

	view_hull(f->view, balls, 2, colour);
}

static void draw_leg(const struct figure *f, int side)
{
	const struct person *p = f->person;
	bool bare = p->shorts || p->garment == GARMENT_DRESS;

	draw_limb(f, JOINT_FOOT + side, JOINT_TOE + side, 0.021, 0.015, p->shoes);
	draw_limb(f, JOINT_KNEE + side, JOINT_FOOT + side, 0.03, 0.022, bare ? p->skin : p->bottom);
	draw_limb(f, JOINT_HIP + side, JOINT_KNEE + side, 0.045, 0.033,
		  p->garment == GARMENT_DRESS ? p->skin : p->bottom);
}

static void draw_arm(const struct figure *f, int side)
{
	const struct person *p = f->person;
	const struct ball hand = { f->joints[JOINT_HAND + side], p->height * 0.021 };

	view_hull(f->view, &hand, 1, p->skin);
	draw_limb(f, JOINT_ELBOW + side, JOINT_HAND + side, 0.025, 0.02,
		  p->sleeves ? p->top : p->skin);
	draw_limb(f, JOINT_SHOULDER + side, JOINT_ELBOW + side, 0.034, 0.026, p->top);
	if (p->bag == BAG_HAND && side == 1) {
		struct ball bag[2] = { { hand.centre, p->height * 0.05 },
				       { hand.centre, p->height * 0.06 } };

		bag[0].centre.y -= p->height * 0.07;
		bag[1].centre.y -= p->height * 0.12;
		view_line(f->view, hand.centre, bag[0].centre, 0.02, p->bag_colour);
		view_hull(f->view, bag, 2, p->bag_colour);
	}
}

static struct vec3 shifted(struct vec3 p, struct vec3 along, double by)
{
	return (struct vec3) { p.x + along.x * by, p.y + along.y * by, p.z + along.z * by };
}

static void draw_backpack(const struct figure *f)
{
	double h = f->person->height;
	struct vec3 high = shifted(f->joints[JOINT_NECK], f->ahead, -0.075 * h);
	struct vec3 low =
		vec3_mix(high, shifted(f->joints[JOINT_HIPS], f->ahead, -0.075 * h), 0.65);
	struct ball pack[4];

	high.y -= 0.05 * h;
	pack[0] = (struct ball) { shifted(high, f->left, 0.035 * h), 0.04 * h };
	pack[1] = (struct ball) { shifted(high, f->left, -0.035 * h), 0.04 * h };
	pack[2] = (struct ball) { shifted(low, f->left, 0.04 * h), 0.045 * h };
	pack[3] = (struct ball) { shifted(low, f->left, -0.04 * h), 0.045 * h };
	view_hull(f->view, pack, 4, f->person->bag_colour);
}

/* How far below the hips a garment reaches and how wide it falls. */
static void draw_skirt(const struct figure *f, double length, double flare)
{
	const struct person *p = f->person;
	double h = p->height;
	struct ball balls[6];

	for (int i = 0; i < 2; i++) {
		struct vec3 hip = f->joints[JOINT_HIP + i];
		struct vec3 hem = vec3_mix(hip, f->joints[JOINT_KNEE + i], length);

		balls[i] = (struct ball) { hip, 0.05 * h * p->girth };
		balls[2 + i] = (struct ball) { hem, flare * h };
		hip.y = hem.y;
		balls[4 + i] = (struct ball) { hip, flare * h };
	}
	view_hull(f->view, balls, 6, p->top);
}

static void draw_trunk(const struct figure *f)
{
	const struct person *p = f->person;
	const struct vec3 *j = f->joints;
	double h = p->height, g = p->girth;
	const struct ball neck[] = { { j[JOINT_NECK], 0.026 * h }, { j[JOINT_HEAD], 0.026 * h } };
	const struct ball pelvis[] = { { j[JOINT_HIP], 0.05 * h * g },
				       { j[JOINT_HIP + 1], 0.05 * h * g } };
	struct ball chest[4];

	view_hull(f->view, neck, 2, p->skin);
	view_hull(f->view, pelvis, 2, p->bottom);
	for (int i = 0; i < 2; i++) {
		struct vec3 waist = vec3_mix(j[JOINT_HIP + i], j[JOINT_SHOULDER + i], 0.12);
		struct vec3 shoulder = vec3_mix(j[JOINT_SHOULDER + i], j[JOINT_NECK], 0.2);

		shoulder.y -= 0.025 * h;
		chest[i] = (struct ball) { waist, 0.045 * h * g };
		chest[2 + i] = (struct ball) { shoulder, 0.04 * h * g };
	}
	if (p->garment == GARMENT_DRESS)
		draw_skirt(f, 0.8, 0.055);
	else if (p->garment == GARMENT_COAT)
		draw_skirt(f, 0.75, 0.045);
	view_hull(f->view, chest, 4, p->top);
	if (p->garment == GARMENT_JACKET && f->ahead.z < -0.3) {
		/* Open at the front: a strip of shirt. */
		const struct vec3 front = shifted(j[JOINT_NECK], f->ahead, 0.04 * h);
		const struct vec3 belt = shifted(j[JOINT_HIPS], f->ahead, 0.04 * h);

		const struct ball shirt[] = { { vec3_mix(front, belt, 0.1), 0.022 * h },
					      { vec3_mix(front, belt, 0.62), 0.004 * h } };

		view_hull(f->view, shirt, 2, rgb_hex(0xe8e6e0));
	}
}

static void draw_face(const struct figure *f)
{
	struct vec3 head = f->joints[JOINT_HEAD];
	double r = head_radius * f->person->height;
	struct ball face[2];

	face[0] = (struct ball) { shifted(head, f->ahead, 0.16 * r), 0.86 * r };
	face[1] = (struct ball) { shifted(head, f->ahead, 0.2 * r), 0.7 * r };
	face[1].centre.y -= 0.32 * r;
	view_hull(f->view, face, 2, f->person->skin);
	if (f->ahead.z > 0.15)
		return;
	for (int i = -1; i <= 1; i += 2) {
		struct ball eye = { shifted(head, f->ahead, 0.9 * r), 0.1 * r };

		eye.centre = shifted(eye.centre, f->left, 0.34 * r * i);
		eye.centre.y -= 0.02 * r;
		view_disc(f->view, &eye, rgb_hex(0x2a1c16));
	}
}

static void draw_hair(const struct figure *f)
{
	const struct person *p = f->person;
	struct vec3 head = f->joints[JOINT_HEAD];
	double r = head_radius * p->height;
	struct ball balls[3];
	int n = 1;

	if (p->hair_style == HAIR_BALD)
		return;
	balls[0] = (struct ball) { shifted(head, f->ahead, -0.2 * r), 0.95 * r };
	balls[0].centre.y += 0.22 * r;
	if (p->hair_style == HAIR_LONG) {
		balls[1] = (struct ball) { shifted(head, f->ahead, -0.5 * r), 0.6 * r };
		balls[2] = balls[1];
		balls[1].centre = shifted(balls[1].centre, f->left, 0.4 * r);
		balls[2].centre = shifted(balls[2].centre, f->left, -0.4 * r);
		balls[1].centre.y -= 1.3 * r;
		balls[2].centre.y -= 1.3 * r;
		n = 3;
	}
	view_hull(f->view, balls, n, p->hair);
}

/* What crowns the face: a fringe, or a cap with its peak. */
static void draw_crown(const struct figure *f)
{
	const struct person *p = f->person;
	struct vec3 head = f->joints[JOINT_HEAD];
	double r = head_radius * p->height;
	bool cap = p->hair_style == HAIR_CAP;
	struct ball balls[2];

	if (p->hair_style == HAIR_BALD)
		return;
	balls[0] = (struct ball) { shifted(head, f->ahead, -0.12 * r), 0.72 * r };
	balls[1] = (struct ball) { shifted(head, f->ahead, 0.24 * r), 0.4 * r };
	balls[0].centre.y += 0.54 * r;
	balls[1].centre.y += 0.74 * r;
	view_hull(f->view, balls, 2, cap ? p->bag_colour : p->hair);
	if (!cap)
		return;
	balls[0] = (struct ball) { shifted(head, f->ahead, 0.5 * r), 0.2 * r };
	balls[1] = (struct ball) { shifted(head, f->ahead, 1.15 * r), 0.13 * r };
	balls[0].centre.y += 0.4 * r;
	balls[1].centre.y += 0.3 * r;
	view_hull(f->view, balls, 2, rgb_scale(p->bag_colour, 0.8));
}

static void draw_head(const struct figure *f)
{
	bool away = f->ahead.z > 0.15;

	if (away) {
		draw_face(f);
		draw_crown(f);
		draw_hair(f);
	} else {
		draw_hair(f);
		draw_face(f);
		draw_crown(f);
	}
}

void person_draw(struct view *v, const struct person *p, const struct pose *pose,
		 enum person_layer layer)
{
	struct figure f = { .view = v, .person = p };
	int near_side;
	bool away;

	for (int i = 0; i < JOINT_COUNT; i++)
		f.joints[i] = pose_point(pose, p->joints[i]);
	f.ahead = pose_direction(pose, (struct vec3) { 1, 0, 0 });
	f.left = pose_direction(pose, (struct vec3) { 0, 0, 1 });
	f.far_side = f.left.z > 0 ? 0 : 1;
	near_side = !f.far_side;
	away = f.ahead.z > 0;

	if (layer != PERSON_REST) {
		draw_arm(&f, f.far_side);
		draw_leg(&f, f.far_side);
	}
	if (layer == PERSON_FAR_LIMBS)
		return;
	if (p->bag == BAG_BACKPACK && !away)
		draw_backpack(&f);
	draw_leg(&f, near_side);
	draw_trunk(&f);
	if (p->bag == BAG_BACKPACK && away)
		draw_backpack(&f);
	draw_head(&f);
	draw_arm(&f, near_side);
}
