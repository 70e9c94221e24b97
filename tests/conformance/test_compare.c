// SPDX-License-Identifier: MIT
/* The judge of the suites, judged. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "compare.h"

static struct edge_view row(enum edge_type type, int64_t count, const void *data)
{
	return (struct edge_view) {
		.type = type,
		.rank = 1,
		.dims = { count },
		.strides = { 1 },
		.data = (void *)data,
	};
}

static bool same_floats(float actual, float expected)
{
	struct edge_view a = row(EDGE_F32, 1, &actual), b = row(EDGE_F32, 1, &expected);
	char message[128];

	return compare_views(&a, &b, message, sizeof(message));
}

static void floats_have_a_tolerance(void **state)
{
	assert_true(same_floats(1000.9f, 1000));
	assert_false(same_floats(1001.1f, 1000));
	assert_true(same_floats(0.9e-7f, 0));
	assert_false(same_floats(1.1e-7f, 0));
	assert_true(same_floats(NAN, NAN));
	assert_false(same_floats(NAN, 1));
	assert_false(same_floats(1, NAN));
	assert_true(same_floats(INFINITY, INFINITY));
	assert_false(same_floats(INFINITY, -INFINITY));
	assert_false(same_floats(INFINITY, 1));
	assert_false(same_floats(1, INFINITY));
}

static void integers_are_exact(void **state)
{
	const int64_t large[] = { INT64_MAX, INT64_MAX - 1 };
	struct edge_view a = row(EDGE_I64, 1, &large[0]), b = row(EDGE_I64, 1, &large[1]);
	const uint8_t bytes[] = { 200, 201 };
	struct edge_view c = row(EDGE_U8, 1, &bytes[0]), d = row(EDGE_U8, 1, &bytes[1]);
	char message[128];

	assert_false(compare_views(&a, &b, message, sizeof(message)));
	assert_true(compare_views(&a, &a, message, sizeof(message)));
	assert_false(compare_views(&c, &d, message, sizeof(message)));
}

static void halves_are_decoded(void **state)
{
	/* 1, the largest, the smallest and minus infinity */
	const uint16_t bits[] = { 0x3c00, 0x7bff, 0x0001, 0xfc00 };
	const uint16_t near[] = { 0x3c01, 0x7bfe, 0x0001, 0xfc00 };
	const uint16_t far[] = { 0x3c02, 0x7bff, 0x0001, 0xfc00 };
	struct edge_view a = row(EDGE_F16, 4, bits), b = row(EDGE_F16, 4, near);
	struct edge_view c = row(EDGE_F16, 4, far);
	char message[128];

	assert_true(compare_views(&b, &a, message, sizeof(message)));
	assert_false(compare_views(&c, &a, message, sizeof(message)));
	assert_non_null(strstr(message, "element 0 of 4"));
}

static void shapes_and_types_count(void **state)
{
	const int32_t data[4] = { 1, 2, 3, 4 };
	struct edge_view a = row(EDGE_I32, 4, data), b = row(EDGE_I32, 3, data);
	struct edge_view c = row(EDGE_F32, 4, data), d = a;
	char message[128];

	assert_false(compare_views(&a, &b, message, sizeof(message)));
	assert_string_equal(message, "i32[4] instead of i32[3]");
	assert_false(compare_views(&a, &c, message, sizeof(message)));
	d.rank = 2;
	d.dims[1] = 1;
	assert_false(compare_views(&a, &d, message, sizeof(message)));
}

/* A matrix whose columns lie together in memory. */
static void strides_are_followed(void **state)
{
	const float columns[6] = { 1, 4, 2, 5, 3, 6 }, rows[6] = { 1, 2, 3, 4, 5, 6 };
	struct edge_view actual = {
		.type = EDGE_F32,
		.rank = 2,
		.dims = { 2, 3 },
		.strides = { 1, 2 },
		.data = (void *)columns,
	};
	struct edge_view expected = actual;
	char message[128];

	expected.strides[0] = 3;
	expected.strides[1] = 1;
	expected.data = (void *)rows;
	assert_true(compare_views(&actual, &expected, message, sizeof(message)));
	actual.strides[1] = 1;
	assert_false(compare_views(&actual, &expected, message, sizeof(message)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(floats_have_a_tolerance), cmocka_unit_test(integers_are_exact),
		cmocka_unit_test(halves_are_decoded),	   cmocka_unit_test(shapes_and_types_count),
		cmocka_unit_test(strides_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
