// SPDX-License-Identifier: MIT
/* Expected values: numpy, and by hand where elements are equal. */
#include "ref_check.h"

static void largest(void **state)
{
	static const float x[] = { 1.875, 1.25,	  1.375, 0.25,	 2,	2,	-1.5,  -1.25,
				   -0.75, 0.25,	  1.375, -0.125, 2,	-0.625, 1.75,  0.375,
				   0.875, -1.125, 0.375, 1.25,	 1.625, 1.5,	1.875, -1.5 };
	static const int64_t y[] = { 1, 1, 0, 0, 0, 2, 2, 1 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MAX,
				     .params.arg = { .axis = 1, .keep_dims = 0, .select_last = 0 },
				     .in = { F32(x, 2, 3, 4) },
				     .num_inputs = 1,
				     .out = { I64(y, 2, 4) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void smallest_kept(void **state)
{
	static const float x[] = { 1.875, 1.25,	  1.375, 0.25,	 2,	2,	-1.5,  -1.25,
				   -0.75, 0.25,	  1.375, -0.125, 2,	-0.625, 1.75,  0.375,
				   0.875, -1.125, 0.375, 1.25,	 1.625, 1.5,	1.875, -1.5 };
	static const int64_t y[] = { 3, 2, 0, 1, 1, 3 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MIN,
				     .params.arg = { .axis = 2, .keep_dims = 1, .select_last = 0 },
				     .in = { F32(x, 2, 3, 4) },
				     .num_inputs = 1,
				     .out = { I64(y, 2, 3, 1) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void first_of_equal(void **state)
{
	static const float x[] = { 1, 3, 3, -1, -0, 0, -5, -5 };
	static const int64_t y[] = { 1, 0 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MAX,
				     .params.arg = { .axis = 1, .keep_dims = 0, .select_last = 0 },
				     .in = { F32(x, 2, 4) },
				     .num_inputs = 1,
				     .out = { I64(y, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void last_of_equal(void **state)
{
	static const float x[] = { 1, 3, 3, -1, -0, 0, -5, -5 };
	static const int64_t y[] = { 2, 1 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MAX,
				     .params.arg = { .axis = 1, .keep_dims = 0, .select_last = 1 },
				     .in = { F32(x, 2, 4) },
				     .num_inputs = 1,
				     .out = { I64(y, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void last_smallest_of_equal(void **state)
{
	static const float x[] = { 1, 3, 3, -1, -0, 0, -5, -5 };
	static const int64_t y[] = { 3, 3 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MIN,
				     .params.arg = { .axis = 1, .keep_dims = 1, .select_last = 1 },
				     .in = { F32(x, 2, 4) },
				     .num_inputs = 1,
				     .out = { I64(y, 2, 1) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void extremes_of_wide_integers(void **state)
{
	static const int64_t x[] = { INT64_MIN, 4611686018427387904, 4611686018427387905 };
	static const int64_t y[] = { 2 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_ARG_MAX,
				     .params.arg = { .axis = 0, .keep_dims = 0, .select_last = 0 },
				     .in = { I64(x, 3) },
				     .num_inputs = 1,
				     .out = { SCALAR(EDGE_I64, y) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void three_largest(void **state)
{
	static const float x[] = { -15, -7, 5,	 -9, -4, -11, 8,  0,  11, -8, 3,  -6,  -13, 7, 1,
				   -10, -3, -14, -5, 6,	 -2,  14, 12, 9,  -1, 13, -12, 10,  4, 2 };
	static const int64_t a[] = { 3 };
	static const float y[] = { 8, 7, 11, -8, 3, 5, -9, 0, 1, 14, 13, 9, 10, 12, 2, -1, 6, -2 };
	static const int64_t z[] = { 2, 4, 2, 3, 3, 0, 1, 2, 4, 2, 3, 2, 4, 2, 4, 3, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 1, .largest = 1, .sorted = 1 },
				       .in = { F32(x, 2, 5, 3), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 3), I64(z, 2, 3, 3) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void two_smallest(void **state)
{
	static const float x[] = { -15, -7, 5,	 -9, -4, -11, 8,  0,  11, -8, 3,  -6,  -13, 7, 1,
				   -10, -3, -14, -5, 6,	 -2,  14, 12, 9,  -1, 13, -12, 10,  4, 2 };
	static const int64_t a[] = { 2 };
	static const float y[] = { -15, -7,  -11, -9, 0, 8,  -8,  -6, -13, 1,
				   -14, -10, -5,  -2, 9, 12, -12, -1, 2,   4 };
	static const int64_t z[] = { 0, 1, 2, 0, 1, 0, 0, 2, 0, 2, 2, 0, 0, 2, 2, 1, 2, 0, 2, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 2, .largest = 0, .sorted = 1 },
				       .in = { F32(x, 2, 5, 3), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 5, 2), I64(z, 2, 5, 2) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void equal_ones_by_index(void **state)
{
	static const float x[] = { 1, 5, 5, -2, 5, 1 };
	static const int64_t a[] = { 5 };
	static const float y[] = { 5, 5, 5, 1, 1 };
	static const int64_t z[] = { 1, 2, 4, 0, 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 1, .largest = 1, .sorted = 1 },
				       .in = { F32(x, 1, 6), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 1, 5), I64(z, 1, 5) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void equal_smallest_by_index(void **state)
{
	static const float x[] = { 1, 5, 5, -2, 5, 1 };
	static const int64_t a[] = { 3 };
	static const float y[] = { -2, 1, 1 };
	static const int64_t z[] = { 3, 0, 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 1, .largest = 0, .sorted = 1 },
				       .in = { F32(x, 1, 6), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 1, 3), I64(z, 1, 3) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void without_indices(void **state)
{
	static const float x[] = { 1, 5, 5, -2, 5, 1 };
	static const int64_t a[] = { 1 };
	static const float y[] = { 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 1, .largest = 1, .sorted = 1 },
				       .in = { F32(x, 1, 6), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 1, 1), ABSENT },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void none_of_them(void **state)
{
	static const float x[] = { 1, 5, 5, -2, 5, 1 };
	static const int64_t a[] = { 0 };
	static const float y[1];
	static const int64_t z[1];

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 1, .largest = 1, .sorted = 1 },
				       .in = { F32(x, 1, 6), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 1, 0), I64(z, 1, 0) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void sorts_many(void **state)
{
	static const float x[] = {
		30,  25,  148, 197, 99,	 124, 120, 154, 159, 42,  117, 6,   180, 96,  108, 62,	2,
		198, 112, 193, 151, 141, 68,  128, 0,	152, 173, 167, 91,  92,	 53,  23,  181, 125,
		36,  179, 5,   51,  195, 15,  61,  46,	162, 196, 88,  170, 138, 59,  127, 69,	95,
		188, 27,  158, 169, 160, 38,  130, 139, 101, 34,  189, 43,  184, 83,  21,  135, 97,
		136, 60,  150, 82,  66,	 70,  44,  48,	54,  24,  121, 37,  183, 79,  174, 107, 33,
		74,  12,  52,  106, 109, 115, 32,  145, 1,   104, 29,  13,  166, 153, 17,  57,	116,
		176, 47,  156, 8,   168, 185, 149, 18,	157, 20,  65,  80,  93,	 63,  71,  3,	147,
		187, 86,  19,  155, 50,	 9,   10,  146, 142, 28,  87,  35,  98,	 132, 100, 103, 90,
		175, 165, 122, 171, 137, 133, 22,  134, 58,  140, 178, 45,  182, 144, 190, 102, 73,
		143, 126, 81,  164, 192, 39,  78,  129, 84,  55,  31,  114, 186, 76,  110, 72,	16,
		163, 199, 40,  161, 172, 123, 4,   56,	118, 14,  64,  111, 89,	 49,  41,  191, 105,
		67,  11,  94,  77,  177, 7,   85,  119, 113, 131, 75,  194, 26
	};
	static const int64_t a[] = { 200 };
	static const float y[] = {
		0,   1,	  2,   3,   4,	 5,   6,   7,	8,   9,	  10,  11,  12,	 13,  14,  15,	16,
		17,  18,  19,  20,  21,	 22,  23,  24,	25,  26,  27,  28,  29,	 30,  31,  32,	33,
		34,  35,  36,  37,  38,	 39,  40,  41,	42,  43,  44,  45,  46,	 47,  48,  49,	50,
		51,  52,  53,  54,  55,	 56,  57,  58,	59,  60,  61,  62,  63,	 64,  65,  66,	67,
		68,  69,  70,  71,  72,	 73,  74,  75,	76,  77,  78,  79,  80,	 81,  82,  83,	84,
		85,  86,  87,  88,  89,	 90,  91,  92,	93,  94,  95,  96,  97,	 98,  99,  100, 101,
		102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118,
		119, 120, 121, 122, 123, 124, 125, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135,
		136, 137, 138, 139, 140, 141, 142, 143, 144, 145, 146, 147, 148, 149, 150, 151, 152,
		153, 154, 155, 156, 157, 158, 159, 160, 161, 162, 163, 164, 165, 166, 167, 168, 169,
		170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 186,
		187, 188, 189, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199
	};
	static const int64_t z[] = {
		24,  93,  16,  117, 176, 36,  11,  192, 105, 124, 125, 188, 86,	 96,  179, 39,	169,
		99,  109, 121, 111, 65,	 142, 31,  77,	1,   199, 52,  128, 95,	 0,   163, 91,	84,
		60,  130, 34,  79,  56,	 158, 172, 184, 9,   62,  74,  147, 41,	 103, 75,  183, 123,
		37,  87,  30,  76,  162, 177, 100, 144, 47,  69,  40,  15,  115, 180, 112, 72,	187,
		22,  49,  73,  116, 168, 152, 85,  197, 166, 190, 159, 81,  113, 155, 71,  64,	161,
		193, 120, 129, 44,  182, 135, 28,  29,	114, 189, 50,  13,  67,	 131, 4,   133, 59,
		151, 134, 94,  186, 88,	 83,  14,  89,	167, 181, 18,  195, 164, 90,  101, 10,	178,
		194, 6,	  78,  138, 175, 5,   33,  154, 48,  23,  160, 57,  196, 132, 141, 143, 66,
		68,  140, 46,  58,  145, 21,  127, 153, 149, 92,  126, 118, 2,	 108, 70,  20,	25,
		98,  7,	  122, 104, 110, 53,  8,   55,	173, 42,  170, 156, 137, 97,  27,  106, 54,
		45,  139, 174, 26,  82,	 136, 102, 191, 146, 35,  12,  32,  148, 80,  63,  107, 165,
		119, 51,  61,  150, 185, 157, 19,  198, 38,  43,  3,   17,  171
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 0, .largest = 0, .sorted = 1 },
				       .in = { F32(x, 200), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 200), I64(z, 200) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void wide_integers(void **state)
{
	static const int64_t x[] = { 4611686018427387904, 4611686018427387905, INT64_MIN,
				     INT64_MAX };
	static const int64_t a[] = { 4 };
	static const int64_t y[] = { INT64_MAX, 4611686018427387905, 4611686018427387904,
				     INT64_MIN };
	static const int64_t z[] = { 3, 1, 0, 2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TOP_K,
				       .params.top_k = { .axis = 0, .largest = 1, .sorted = 1 },
				       .in = { I64(x, 4), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { I64(y, 4), I64(z, 4) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void running_sum(void **state)
{
	static const float x[] = { -1.125, 0.875, 0.625, 1.25,	 0, 0,
				   -0.375, 1.625, 0.125, -1.625, 0, 1.5 };
	static const float y[] = { -1.125, 0.875, -0.5,	 2.125, -0.5,  2.125,
				   -0.375, 1.625, -0.25, 0,	-0.25, 1.5 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_CUM_SUM,
				     .params.cum_sum = { .axis = 1, .exclusive = 0, .reverse = 0 },
				     .in = { F32(x, 2, 3, 2) },
				     .num_inputs = 1,
				     .out = { F32(y, 2, 3, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void running_sum_exclusive(void **state)
{
	static const float x[] = { -1.125, 0.875, 0.625, 1.25,	 0, 0,
				   -0.375, 1.625, 0.125, -1.625, 0, 1.5 };
	static const float y[] = {
		0, 0, -1.125, 0.875, -0.5, 2.125, 0, 0, -0.375, 1.625, -0.25, 0
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_CUM_SUM,
				     .params.cum_sum = { .axis = 1, .exclusive = 1, .reverse = 0 },
				     .in = { F32(x, 2, 3, 2) },
				     .num_inputs = 1,
				     .out = { F32(y, 2, 3, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void running_sum_backwards(void **state)
{
	static const float x[] = { -1.125, 0.875, 0.625, 1.25,	 0, 0,
				   -0.375, 1.625, 0.125, -1.625, 0, 1.5 };
	static const float y[] = {
		-0.5, 2.125, 0.625, 1.25, 0, 0, -0.25, 1.5, 0.125, -0.125, 0, 1.5
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_CUM_SUM,
				     .params.cum_sum = { .axis = 1, .exclusive = 0, .reverse = 1 },
				     .in = { F32(x, 2, 3, 2) },
				     .num_inputs = 1,
				     .out = { F32(y, 2, 3, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void running_sum_backwards_exclusive(void **state)
{
	static const float x[] = { -1.125, 0.875, 0.625, 1.25,	 0, 0,
				   -0.375, 1.625, 0.125, -1.625, 0, 1.5 };
	static const float y[] = { 0.625, 1.25, 0, 0, 0, 0, 0.125, -0.125, 0, 1.5, 0, 0 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_CUM_SUM,
				     .params.cum_sum = { .axis = 1, .exclusive = 1, .reverse = 1 },
				     .in = { F32(x, 2, 3, 2) },
				     .num_inputs = 1,
				     .out = { F32(y, 2, 3, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void running_sum_of_integers_wraps(void **state)
{
	static const int64_t x[] = { 4611686018427387904, 4611686018427387904, 5 };
	static const int64_t y[] = { 4611686018427387904, INT64_MIN, -9223372036854775803 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_CUM_SUM,
				     .params.cum_sum = { .axis = 0, .exclusive = 0, .reverse = 0 },
				     .in = { I64(x, 3) },
				     .num_inputs = 1,
				     .out = { I64(y, 3) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(largest),
		cmocka_unit_test(smallest_kept),
		cmocka_unit_test(first_of_equal),
		cmocka_unit_test(last_of_equal),
		cmocka_unit_test(last_smallest_of_equal),
		cmocka_unit_test(extremes_of_wide_integers),
		cmocka_unit_test(three_largest),
		cmocka_unit_test(two_smallest),
		cmocka_unit_test(equal_ones_by_index),
		cmocka_unit_test(equal_smallest_by_index),
		cmocka_unit_test(without_indices),
		cmocka_unit_test(none_of_them),
		cmocka_unit_test(sorts_many),
		cmocka_unit_test(wide_integers),
		cmocka_unit_test(running_sum),
		cmocka_unit_test(running_sum_exclusive),
		cmocka_unit_test(running_sum_backwards),
		cmocka_unit_test(running_sum_backwards_exclusive),
		cmocka_unit_test(running_sum_of_integers_wraps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
