// SPDX-License-Identifier: MIT
#include "footprint.h"

struct line {
	struct vec3 through, normal; /* points out of the rectangle */
};

static void footprint_sides(const struct footprint *f, struct line sides[4])
{
	const struct vec3 normals[] = { { 1, 0, 0 }, { -1, 0, 0 }, { 0, 0, 1 }, { 0, 0, -1 } };

	for (int i = 0; i < 4; i++) {
		const struct vec3 *n = &normals[i];
		struct vec3 middle = { n->x * f->half_length, 0, n->z * f->half_width };

		sides[i].through = pose_point(&f->pose, middle);
		sides[i].normal = pose_direction(&f->pose, *n);
	}
}

static bool line_beyond(const struct line *l, struct vec3 p)
{
	return (p.x - l->through.x) * l->normal.x + (p.z - l->through.z) * l->normal.z >= 0;
}

static bool wholly_beyond(const struct line *l, const struct footprint *f)
{
	for (int i = 0; i < 4; i++) {
		struct vec3 corner = { i & 1 ? f->half_length : -f->half_length, 0,
				       i & 2 ? f->half_width : -f->half_width };

		if (!line_beyond(l, pose_point(&f->pose, corner)))
			return false;
	}
	return true;
}

/* Whether a side of a has all of b outside. */
static bool separates(const struct footprint *a, const struct footprint *b)
{
	struct line sides[4];

	footprint_sides(a, sides);
	for (int i = 0; i < 4; i++)
		if (wholly_beyond(&sides[i], b))
			return true;
	return false;
}

bool footprints_overlap(const struct footprint *a, const struct footprint *b)
{
	return !separates(a, b) && !separates(b, a);
}

bool footprint_hides(const struct footprint *a, const struct footprint *b)
{
	const struct vec3 eye = { 0, 0, 0 };
	struct line sides[4];
	bool a_in_front = false, b_in_front = false;

	/* Of two things parted by a line, the camera's side is in front. */
	footprint_sides(a, sides);
	for (int i = 0; i < 4; i++)
		if (wholly_beyond(&sides[i], b)) {
			if (line_beyond(&sides[i], eye))
				b_in_front = true;
			else
				a_in_front = true;
		}
	footprint_sides(b, sides);
	for (int i = 0; i < 4; i++)
		if (wholly_beyond(&sides[i], a)) {
			if (line_beyond(&sides[i], eye))
				a_in_front = true;
			else
				b_in_front = true;
		}
	return a_in_front && !b_in_front;
}
