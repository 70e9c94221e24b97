// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "footprint.h"
#include "geometry.h"
#include "prng.h"

static void sine_is_that_of_libm(void **state)
{
	for (double a = -20; a < 20; a += 0.0137) {
		assert_true(fabs(sine(a) - sin(a)) < 1e-7);
		assert_true(fabs(cosine(a) - cos(a)) < 1e-7);
	}
}

static void a_pose_turns_about_the_vertical(void **state)
{
	/* Looking away from the camera, what is ahead is farther and what is left is left. */
	struct pose away = pose_at(1, 5, PI / 2);
	struct vec3 ahead = pose_point(&away, (struct vec3) { 2, 0, 0 });
	struct vec3 left = pose_point(&away, (struct vec3) { 0, 0, 2 });

	assert_true(fabs(ahead.x - 1) < 1e-6 && fabs(ahead.z - 7) < 1e-6);
	assert_true(fabs(left.x + 1) < 1e-6 && fabs(left.z - 5) < 1e-6);
}

static const struct camera camera = { .focal = 500, .centre = 320, .horizon = 200, .height = 2 };

static void a_camera_is_a_pinhole(void **state)
{
	struct vec2 p = camera_project(&camera, (struct vec3) { 1, 0, 10 });

	assert_true(fabs(p.x - 370) < 1e-9);
	assert_true(fabs(p.y - 300) < 1e-9);
}

static void a_shadow_lies_on_the_ground_away_from_the_sun(void **state)
{
	struct camera sunny = camera;
	struct vec2 p;

	/* The sun at the right, 45 degrees high: a shadow as long as the thing, to the left. */
	sunny.flatten = true;
	sunny.sun = (struct vec3) { sqrt(0.5), sqrt(0.5), 0 };
	p = camera_project(&sunny, (struct vec3) { 0, 3, 10 });
	assert_true(fabs(p.x - (320 - 150)) < 1e-6);
	assert_true(fabs(p.y - 300) < 1e-6);
}

static void polygons_are_cut_before_the_camera(void **state)
{
	const struct vec3 ground[] = { { -1, 0, -5 }, { 1, 0, -5 }, { 1, 0, 20 }, { -1, 0, 20 } };
	const struct vec3 behind[] = { { -1, 0, -5 }, { 1, 0, -5 }, { 1, 0, -2 } };
	struct vec2 out[POLYGON_MAX + 1];

	assert_int_equal(camera_polygon(&camera, ground, 4, out), 4);
	for (int i = 0; i < 4; i++)
		assert_true(out[i].y > camera.horizon);
	assert_int_equal(camera_polygon(&camera, behind, 3, out), 0);
}

static struct footprint square(double x, double z, double half)
{
	return (struct footprint) { pose_at(x, z, 0.3), half, half };
}

static void the_nearer_hides_the_farther(void **state)
{
	struct footprint near = square(0, 5, 1), far = square(0, 12, 1);
	struct footprint inside = square(0.2, 5.2, 0.3);

	assert_true(footprint_hides(&near, &far));
	assert_false(footprint_hides(&far, &near));
	assert_false(footprints_overlap(&near, &far));
	assert_true(footprints_overlap(&near, &inside));
}

static void random_numbers_keep_to_their_range(void **state)
{
	int seen[6] = { 0 };
	double sum = 0;
	struct prng r;

	prng_seed(&r, 7);
	for (int i = 0; i < 60000; i++) {
		double u = prng_unit(&r);

		assert_true(u >= 0 && u < 1);
		sum += u;
		seen[prng_int(&r, 0, 5)]++;
	}
	/* Five standard deviations either way. */
	assert_true(fabs(sum / 60000 - 0.5) < 0.006);
	for (int i = 0; i < 6; i++)
		assert_in_range(seen[i], 9540, 10460);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sine_is_that_of_libm),
		cmocka_unit_test(a_pose_turns_about_the_vertical),
		cmocka_unit_test(a_camera_is_a_pinhole),
		cmocka_unit_test(a_shadow_lies_on_the_ground_away_from_the_sun),
		cmocka_unit_test(polygons_are_cut_before_the_camera),
		cmocka_unit_test(the_nearer_hides_the_farther),
		cmocka_unit_test(random_numbers_keep_to_their_range),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
