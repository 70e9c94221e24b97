// SPDX-License-Identifier: MIT
/* Expected values: Python's math in double, after the formulas of ONNX. */
#include "ref_check.h"

#include <math.h>

static const float numbers[] = { -2.5, -1.5, -0.5, 0, 0.5, 1.5, 2.5, 2.75 };

static void absolute(void **state)
{
	static const float y[] = { 2.5, 1.5, 0.5, 0, 0.5, 1.5, 2.5, 2.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ABS },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void negative(void **state)
{
	static const float y[] = { 2.5, 1.5, 0.5, -0, -0.5, -1.5, -2.5, -2.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_NEG },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void reciprocal(void **state)
{
	static const float x[] = { 1.125, 1.5, 2, 4.5, 10 };
	static const float y[] = { 0.8888889, 0.66666669, 0.5, 0.22222222, 0.1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_RECIPROCAL },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void square_root(void **state)
{
	static const float x[] = { 1.125, 1.5, 2, 4.5, 10 };
	static const float y[] = { 1.0606601, 1.2247449, 1.4142135, 2.1213202, 3.1622777 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SQRT },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void exponential(void **state)
{
	static const float y[] = { 0.082084998, 0.22313017, 0.60653067, 1,
				   1.6487212,	4.481689,   12.182494,	15.642632 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_EXP },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void logarithm(void **state)
{
	static const float x[] = { 1.125, 1.5, 2, 4.5, 10 };
	static const float y[] = { 0.11778303, 0.4054651, 0.69314718, 1.5040774, 2.3025851 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_LOG },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void error_function(void **state)
{
	static const float y[] = { -0.99959302, -0.96610516, -0.52049989, 0,
				   0.52049989,	0.96610516,  0.99959302,  0.99989939 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ERF },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void sign(void **state)
{
	static const float y[] = { -1, -1, -1, 0, 1, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SIGN },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void floor_(void **state)
{
	static const float y[] = { -3, -2, -1, 0, 0, 1, 2, 2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_FLOOR },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void ceil_(void **state)
{
	static const float y[] = { -2, -1, 0, 0, 1, 2, 3, 3 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CEIL },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void round_half_to_even(void **state)
{
	static const float y[] = { -2, -2, 0, 0, 0, 2, 2, 3 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ROUND },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void sine(void **state)
{
	static const float y[] = { -0.59847212, -0.997495, -0.47942555, 0,
				   0.47942555,	0.997495,  0.59847212,	0.381661 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SIN },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void cosine(void **state)
{
	static const float y[] = { -0.80114359, 0.070737198, 0.87758255,  1,
				   0.87758255,	0.070737198, -0.80114359, -0.9243024 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_COS },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void tangent(void **state)
{
	static const float x[] = { -0.875, -0.5, 0, 0.25, 0.75 };
	static const float y[] = { -1.1974217, -0.5463025, 0, 0.25534192, 0.93159646 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_TAN },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void arc_sine(void **state)
{
	static const float x[] = { -0.875, -0.5, 0, 0.25, 0.75 };
	static const float y[] = { -1.0654358, -0.52359879, 0, 0.25268024, 0.8480621 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ASIN },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void arc_cosine(void **state)
{
	static const float x[] = { -0.875, -0.5, 0, 0.25, 0.75 };
	static const float y[] = { 2.6362321, 2.0943952, 1.5707964, 1.3181161, 0.72273427 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ACOS },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void arc_tangent(void **state)
{
	static const float y[] = { -1.19029,  -0.98279375, -0.4636476, 0,
				   0.4636476, 0.98279375,  1.19029,    1.2220253 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ATAN },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void hyperbolic_sine(void **state)
{
	static const float y[] = { -6.0502043, -2.1292794, -0.52109528, 0,
				   0.52109528, 2.1292794,  6.0502043,	7.7893519 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SINH },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void hyperbolic_cosine(void **state)
{
	static const float y[] = { 6.1322894, 2.3524096, 1.1276259, 1,
				   1.1276259, 2.3524096, 6.1322894, 7.8532801 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_COSH },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void inverse_hyperbolic_sine(void **state)
{
	static const float y[] = { -1.6472311, -1.1947632, -0.48121181, 0,
				   0.48121181, 1.1947632,  1.6472311,	1.7362776 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ASINH },
				       .in = { F32(numbers, 8) },
				       .num_inputs = 1,
				       .out = { F32(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void inverse_hyperbolic_cosine(void **state)
{
	static const float x[] = { 1.125, 1.5, 2, 4.5, 10 };
	static const float y[] = { 0.49493292, 0.96242362, 1.316958, 2.1846437, 2.993223 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ACOSH },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void inverse_hyperbolic_tangent(void **state)
{
	static const float x[] = { -0.875, -0.5, 0, 0.25, 0.75 };
	static const float y[] = { -1.3540251, -0.54930615, 0, 0.25541282, 0.97295505 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ATANH },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 2e-6f });
}

static void not_a_number(void **state)
{
	static const float x[] = { NAN, INFINITY, -INFINITY, 0 };
	static const uint8_t y[] = { 1, 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_IS_NAN },
				       .in = { F32(x, 4) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void infinite(void **state)
{
	static const float x[] = { NAN, INFINITY, -INFINITY, 0 };
	static const uint8_t y[] = { 0, 1, 1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_IS_INF, 1, 1 },
				       .in = { F32(x, 4) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void infinite_below(void **state)
{
	static const float x[] = { NAN, INFINITY, -INFINITY, 0 };
	static const uint8_t y[] = { 0, 0, 1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_IS_INF, 0, 1 },
				       .in = { F32(x, 4) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nan_passes_through(void **state)
{
	static const float x[] = { NAN, INFINITY, -INFINITY, 0 };
	static const float y[] = { NAN, 1, -1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CLIP, -1, 1 },
				       .in = { F32(x, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void not_(void **state)
{
	static const uint8_t x[] = { 0, 1 };
	static const uint8_t y[] = { 1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_NOT },
				       .in = { BOOL(x, 1, 2) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 1, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void absolute_of_integers_wraps(void **state)
{
	static const int64_t x[] = { INT64_MIN, -5, 0, 7, INT64_MAX };
	static const int64_t y[] = { INT64_MIN, 5, 0, 7, INT64_MAX };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ABS },
				       .in = { I64(x, 5) },
				       .num_inputs = 1,
				       .out = { I64(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sign_of_integers(void **state)
{
	static const int64_t x[] = { INT64_MIN, -5, 0, 7, INT64_MAX };
	static const int64_t y[] = { -1, -1, 0, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SIGN },
				       .in = { I64(x, 5) },
				       .num_inputs = 1,
				       .out = { I64(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void negative_of_bytes_wraps(void **state)
{
	static const int8_t x[] = { -128, -100, -1, 0, 100, 127 };
	static const int8_t y[] = { -128, 100, 1, 0, -100, -127 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_NEG },
				       .in = { I8(x, 6) },
				       .num_inputs = 1,
				       .out = { I8(y, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void functions_of_floats_refuse_integers(void **state)
{
	static const int32_t one[1];
	struct ref_case test = { .op = EDGE_OP_UNARY,
				 .params.unary = { EDGE_FUNC_ABS },
				 .in = { I32(one, 1) },
				 .num_inputs = 1,
				 .out = { I32(one, 1) },
				 .num_outputs = 1 };

	assert_true(ref_case_is_supported(&test));
	test.params.unary.func = EDGE_FUNC_EXP;
	assert_false(ref_case_is_supported(&test));
	test.params.unary.func = EDGE_FUNC_NOT;
	assert_false(ref_case_is_supported(&test));
	test.params.unary.func = EDGE_FUNC_RELU;
	test.act.func = EDGE_FUNC_RELU;
	assert_false(ref_case_is_supported(&test));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(absolute),
		cmocka_unit_test(negative),
		cmocka_unit_test(reciprocal),
		cmocka_unit_test(square_root),
		cmocka_unit_test(exponential),
		cmocka_unit_test(logarithm),
		cmocka_unit_test(error_function),
		cmocka_unit_test(sign),
		cmocka_unit_test(floor_),
		cmocka_unit_test(ceil_),
		cmocka_unit_test(round_half_to_even),
		cmocka_unit_test(sine),
		cmocka_unit_test(cosine),
		cmocka_unit_test(tangent),
		cmocka_unit_test(arc_sine),
		cmocka_unit_test(arc_cosine),
		cmocka_unit_test(arc_tangent),
		cmocka_unit_test(hyperbolic_sine),
		cmocka_unit_test(hyperbolic_cosine),
		cmocka_unit_test(inverse_hyperbolic_sine),
		cmocka_unit_test(inverse_hyperbolic_cosine),
		cmocka_unit_test(inverse_hyperbolic_tangent),
		cmocka_unit_test(not_a_number),
		cmocka_unit_test(infinite),
		cmocka_unit_test(infinite_below),
		cmocka_unit_test(nan_passes_through),
		cmocka_unit_test(not_),
		cmocka_unit_test(absolute_of_integers_wraps),
		cmocka_unit_test(sign_of_integers),
		cmocka_unit_test(negative_of_bytes_wraps),
		cmocka_unit_test(functions_of_floats_refuse_integers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
