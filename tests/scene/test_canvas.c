// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "canvas.h"

#define SIZE 64

static int make_canvas(void **state)
{
	*state = canvas_create(SIZE, SIZE);
	return *state ? 0 : -1;
}

static int drop_canvas(void **state)
{
	canvas_destroy(*state);
	return 0;
}

static double painted(const struct canvas *c)
{
	double sum = 0;

	for (int i = 0; i < SIZE * SIZE; i++)
		sum += (double)c->pixels[i].g;
	return sum;
}

static int owned(const struct canvas *c, int owner)
{
	int n = 0;

	for (int i = 0; i < SIZE * SIZE; i++)
		n += c->owners[i] == owner;
	return n;
}

static struct paint white(void)
{
	return paint_flat(rgb_hex(0xffffff));
}

/* Anti-aliasing is exact: what is painted adds up to the area of the shape. */
static void a_polygon_covers_its_area(void **state)
{
	struct canvas *c = *state;
	const struct vec2 shape[] = {
		{ 10.3, 5.7 }, { 50.2, 11.1 }, { 44.4, 58.9 }, { 13.6, 30.5 }
	};
	struct paint paint = white();
	double area = 0;

	for (int i = 0; i < 4; i++) {
		struct vec2 a = shape[i], b = shape[(i + 1) % 4];

		area += (a.x * b.y - b.x * a.y) / 2;
	}
	canvas_fill(c, shape, 4, &paint);
	assert_true(fabs(painted(c) - area) < 0.5);
}

static void a_polygon_is_cut_at_the_edges(void **state)
{
	struct canvas *c = *state;
	const struct vec2 shape[] = {
		{ -100, 20.25 }, { 500, 20.25 }, { 500, 30.5 }, { -100, 30.5 }
	};
	const struct vec2 outside[] = { { 70, 0 }, { 90, 0 }, { 90, 64 } };
	struct paint paint = white();

	canvas_fill(c, shape, 4, &paint);
	assert_true(fabs(painted(c) - 10.25 * SIZE) < 0.1);
	canvas_fill(c, outside, 3, &paint);
	assert_true(fabs(painted(c) - 10.25 * SIZE) < 0.1);
	assert_true(c->extents[0].x0 == -100 && c->extents[0].x1 == 500);
}

static void a_hull_is_as_long_and_wide_as_its_circles(void **state)
{
	struct canvas *c = *state;
	const struct circle ends[] = { { 20, 32, 5 }, { 44, 32, 5 } };
	struct paint paint = white();

	canvas_hull(c, ends, 2, &paint);
	/* A rectangle and two half discs, less what a polygon of 20 corners lacks of a disc. */
	assert_true(fabs(painted(c) - (24 * 10 + PI * 25)) < 2);
}

static void the_last_one_owns_a_pixel(void **state)
{
	struct canvas *c = *state;
	const struct vec2 a[] = { { 0, 0 }, { 20, 0 }, { 20, 20 }, { 0, 20 } };
	const struct vec2 b[] = { { 10, 0 }, { 30, 0 }, { 30, 20 }, { 10, 20 } };
	struct paint paint = white();

	c->owner = 1;
	canvas_fill(c, a, 4, &paint);
	c->owner = 2;
	canvas_fill(c, b, 4, &paint);
	assert_int_equal(owned(c, 1), 200);
	assert_int_equal(owned(c, 2), 400);
}

static void shadows_darken_and_own_nothing(void **state)
{
	struct canvas *c = *state;
	const struct vec2 all[] = { { 0, 0 }, { SIZE, 0 }, { SIZE, SIZE }, { 0, SIZE } };
	const struct vec2 half[] = { { 0, 0 }, { SIZE, 0 }, { SIZE, 32 }, { 0, 32 } };
	struct paint paint = white();

	canvas_fill(c, all, 4, &paint);
	c->owner = 3;
	c->shadow_mode = true;
	canvas_fill(c, half, 4, &paint);
	canvas_fill(c, half, 4, &paint);
	c->shadow_mode = false;
	canvas_cast_shadows(c, 0.5, rgb_hex(0x000000));
	assert_int_equal(owned(c, 3), 0);
	/* Two shadows on one spot are no darker than one. */
	assert_true(fabs((double)c->pixels[5 * SIZE + 5].g - 0.5) < 1e-5);
	assert_true(fabs((double)c->pixels[60 * SIZE + 5].g - 1) < 1e-5);
}

int main(void)
{
#define canvas_test(f) cmocka_unit_test_setup_teardown(f, make_canvas, drop_canvas)
	const struct CMUnitTest tests[] = {
		canvas_test(a_polygon_covers_its_area),
		canvas_test(a_polygon_is_cut_at_the_edges),
		canvas_test(a_hull_is_as_long_and_wide_as_its_circles),
		canvas_test(the_last_one_owns_a_pixel),
		canvas_test(shadows_darken_and_own_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
