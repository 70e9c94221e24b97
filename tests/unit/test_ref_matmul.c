// SPDX-License-Identifier: MIT
/* Expected values: numpy.matmul. */
#include "ref_check.h"

static void matrix_by_matrix(void **state)
{
	static const float x[] = { -1.5, -1.5, 1.25,   0,    0.375, 0.375, 0.875, -2,
				   0,	 -1.5, -0.375, 1.75, 0.25,  -1.75, 0.125 };
	static const float a[] = { -1.5,  1, 1.875,  2,	  0.5,	1.5,	-0.5, -1.5, 0,	  -0.25,
				   0.625, 2, -0.875, 1.5, -1.5, -0.625, 1.25, -1,   0.75, -0.125 };
	static const float b[] = { 0, 1.875, 1.25, 1.375 };
	static const float y[] = { 1.96875, 0, 0.25,  3.078125, 0,	  5.5625,
				   0,	    0, 3.125, 1.3125,	2.546875, 0 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 0, .alpha = 1, .beta = 1 },
		.act = { EDGE_FUNC_RELU },
		.in = { F32(x, 3, 5), F32(a, 5, 4), F32(b, 4) },
		.num_inputs = 3,
		.out = { F32(y, 3, 4) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void transposed_and_scaled(void **state)
{
	static const float x[] = { 0.25,   2, 2,      -1.5, -1.25, -0.75, 0.25,	 1.375,
				   -0.125, 2, -0.625, 1.75, 0.375, 0.875, -1.125 };
	static const float a[] = { 0.375,  1.25,  1.625,  1.5,	1.875, -1.5, 1.125,
				   -0.125, 0.75,  -0.875, -2,	-1.75, 2,    1.625,
				   -0.75,  -0.25, -1.125, -1.5, 1.5,   0.75 };
	static const float b[] = { -1.75, -1.25, 0.25 };
	static const float y[] = { 4.6640625, 3.0390625, 6.296875, 5.765625,  3.5625, -0.40625,
				   2.1328125, 1.78125,	 -0.4375,  -1.265625, -0.125, 0.65625 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 1, .transpose_b = 1, .alpha = 0.5, .beta = -2 },
		.in = { F32(x, 5, 3), F32(a, 4, 5), F32(b, 3, 1) },
		.num_inputs = 3,
		.out = { F32(y, 3, 4) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void batches_broadcast(void **state)
{
	static const float x[] = { 1.625,  2,	  -1.125, 0.5,	  -1.875, -1.375, -1.25, -0.25,
				   -0.625, 0.875, -0.125, -0.625, 1.625,  0.5,	  0.875, 1,
				   -0.625, 1.625, -2,	  -0.75,  -1.375, -2,	  2,	 -1.75 };
	static const float a[] = { -0.125, 1.375, 0.75,	  1.5, -1.875, 0,    -1.875, -1.25,
				   1.375,  -1.75, 0.375,  -2,  -0.75,  1.75, -0.75,  -0.75,
				   -1.75,  1.125, -1.375, 0,   -2,     -2,   1.375,  -2 };
	static const float y[] = { 2.46875,  4.609375,	2.015625, -4.328125, 2.140625,	1.234375,
				   3.453125, -9.1875,	-1.96875, 4.03125,   0.03125,	-0.40625,
				   -2.65625, 3.078125,	7.328125, 0.890625,  -0.71875,	0.796875,
				   -3.34375, 1.734375,	6.453125, 2.515625,  -1.796875, -2.703125,
				   1.015625, -3.0625,	1.8125,	  -5.09375,  -2.828125, 11.21875,
				   -3.90625, -1.921875, 1.828125, 4.796875,  -1.25,	-2.046875 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 0, .alpha = 1, .beta = 1 },
		.in = { F32(x, 2, 1, 3, 4), F32(a, 3, 4, 2) },
		.num_inputs = 2,
		.out = { F32(y, 2, 3, 3, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void transposed_batches(void **state)
{
	static const float x[] = { -0.125, -0.25, -1.5,	 0.625, 1,	2,     -1.25, 1.75,
				   -1.75,  -1.5,  0.375, 1.5,	1.625,	1,     -2,    -0.375,
				   1.25,   0.125, -1.25, 0.75,	-1.625, 0.875, -2,    -0.625 };
	static const float a[] = { -0.875, 1.875, 0.875,  0.625, 0,	-0.875,
				   1.5,	   1.875, -1.125, -1,	 -0.75, -0.125 };
	static const float b[] = { -1, -0.375 };
	static const float y[] = { -2.671875, 0.234375, 2.078125,  -2.359375, 1.84375,	-0.25,
				   2.328125,  -3.25,	6.1875,	   -2.5,      1.265625, -0.953125,
				   0.984375,  0.515625, -2.109375, 0.328125 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 1, .alpha = 1, .beta = 1 },
		.in = { F32(x, 2, 4, 3), F32(a, 2, 2, 3), F32(b, 2, 1, 1) },
		.num_inputs = 3,
		.out = { F32(y, 2, 4, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void wide_integers(void **state)
{
	static const int64_t x[] = { 1099511627776, 3, -7, 1 };
	static const int64_t a[] = { 1048576, -1, 5, 2 };
	static const int64_t y[] = { 1152921504606846991, -1099511627770, -7340027, 9 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 0, .alpha = 1, .beta = 1 },
		.in = { I64(x, 2, 2), I64(a, 2, 2) },
		.num_inputs = 2,
		.out = { I64(y, 2, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void integers_wrap_around(void **state)
{
	static const int32_t x[] = { 1073741824, 3 };
	static const int32_t a[] = { 4, 5 };
	static const int32_t b[] = { 9 };
	static const int32_t y[] = { 24 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 0, .alpha = 1, .beta = 1 },
		.in = { I32(x, 1, 2), I32(a, 2, 1), I32(b, 1) },
		.num_inputs = 3,
		.out = { I32(y, 1, 1) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void an_empty_sum_is_the_bias(void **state)
{
	static const float x[1];
	static const float a[1];
	static const float b[] = { 1, 2 };
	static const float y[] = { 1, 2, 1, 2 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_MATMUL,
		.params.matmul = { .transpose_a = 0, .transpose_b = 0, .alpha = 1, .beta = 1 },
		.in = { F32(x, 2, 0), F32(a, 0, 2), F32(b, 2) },
		.num_inputs = 3,
		.out = { F32(y, 2, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void scaled_integers_are_refused(void **state)
{
	static const int32_t one[1];
	struct ref_case test = { .op = EDGE_OP_MATMUL,
				 .params.matmul = { .alpha = 1, .beta = 1 },
				 .in = { I32(one, 1, 1), I32(one, 1, 1) },
				 .num_inputs = 2,
				 .out = { I32(one, 1, 1) },
				 .num_outputs = 1 };

	assert_true(ref_case_is_supported(&test));
	test.params.matmul.alpha = 0.5f;
	assert_false(ref_case_is_supported(&test));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(matrix_by_matrix),
		cmocka_unit_test(transposed_and_scaled),
		cmocka_unit_test(batches_broadcast),
		cmocka_unit_test(transposed_batches),
		cmocka_unit_test(wide_integers),
		cmocka_unit_test(integers_wrap_around),
		cmocka_unit_test(an_empty_sum_is_the_bias),
		cmocka_unit_test(scaled_integers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
