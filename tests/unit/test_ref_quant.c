// SPDX-License-Identifier: MIT
/* Expected values: tests/unit/data/make-quant.py. */
#include "ref_check.h"

struct multiplier_case {
	enum edge_rounding rounding;
	float a, b, c;
	int32_t value, result;
};

#include "data/quant.h"

#define PAIR(scale, zero_point) \
	&(const struct edge_quant) \
	{ \
		-1, 1, (float[]) { scale }, (int32_t[]) \
		{ \
			zero_point \
		} \
	}
#define CHANNELS(zero_0, zero_1, zero_2) \
	&(const struct edge_quant) \
	{ \
		0, 3, (float[]) { 0.004f, 0.01f, 0.0007f }, (int32_t[]) \
		{ \
			zero_0, zero_1, zero_2 \
		} \
	}

static void multipliers(void **state)
{
	for (size_t i = 0; i < sizeof(multiplier_cases) / sizeof(*multiplier_cases); i++) {
		const struct multiplier_case *test = &multiplier_cases[i];
		const struct edge_multiplier multiplier =
			edge_multiplier_of(test->rounding, test->a, test->b, test->c);
		const int32_t result = edge_multiply(test->value, &multiplier);

		if (result != test->result)
			fail_msg("rule %d: %d * %g * %g / %g is %d, not %d", test->rounding,
				 test->value, test->a, test->b, test->c, result, test->result);
	}
}

static void ties(void **state)
{
	assert_int_equal(edge_round_float(EDGE_ROUND_FLOAT, 2.5f), 2);
	assert_int_equal(edge_round_float(EDGE_ROUND_FLOAT, -3.5f), -4);
	assert_int_equal(edge_round_float(EDGE_ROUND_FIXED, 2.5f), 3);
	assert_int_equal(edge_round_float(EDGE_ROUND_FIXED, -2.5f), -3);
	assert_int_equal(edge_round_float(EDGE_ROUND_FLOAT, 1e10f), INT32_MAX);
	assert_int_equal(edge_round_float(EDGE_ROUND_FLOAT, -1e10f), INT32_MIN);
	assert_int_equal(edge_round_float(EDGE_ROUND_FLOAT, 0.0f / 0.0f), 0);
}

static const union edge_params padded = { .conv = { .stride = { 1, 1 },
						    .dilation = { 1, 1 },
						    .pad_begin = { 1, 1 },
						    .pad_end = { 1, 1 },
						    .group = 1 } };

static void convolutions(void **state)
{
	struct ref_case test = {
		.op = EDGE_OP_CONV,
		.params = padded,
		.in = { QUANTISED(EDGE_U8, PAIR(0.031f, 121), conv_float_x, 1, 2, 4, 4),
			QUANTISED(EDGE_I8, CHANNELS(0, 0, 0), conv_float_w, 3, 2, 3, 3),
			I32(conv_float_bias, 3) },
		.num_inputs = 3,
		.out = { QUANTISED(EDGE_U8, PAIR(0.05f, 7), conv_float_y, 1, 3, 4, 4) },
		.num_outputs = 1
	};

	ref_check(&test);

	test.rounding = EDGE_ROUND_FIXED;
	test.in[0] =
		(struct ref_value)QUANTISED(EDGE_I8, PAIR(0.031f, -5), conv_fixed_x, 1, 2, 4, 4);
	test.in[1].data = conv_fixed_w;
	test.in[2].data = conv_fixed_bias;
	test.out[0] =
		(struct ref_value)QUANTISED(EDGE_I8, PAIR(0.05f, -7), conv_fixed_y, 1, 3, 4, 4);
	ref_check(&test);

	test.in[0] =
		(struct ref_value)QUANTISED(EDGE_U8, PAIR(0.031f, 255), conv_zeros_x, 1, 2, 4, 4);
	test.in[1] = (struct ref_value)QUANTISED(EDGE_I8, CHANNELS(-128, 127, 3), conv_zeros_w, 3,
						 2, 3, 3);
	test.in[2].data = conv_zeros_bias;
	test.out[0] = (struct ref_value)QUANTISED(EDGE_U8, PAIR(0.4f, 0), conv_zeros_y, 1, 3, 4, 4);
	ref_check(&test);
}

static void activation(void **state)
{
	ref_check(&(struct ref_case) {
		.op = EDGE_OP_CONV,
		.params = padded,
		.act = { EDGE_FUNC_CLIP, 0, 6 },
		.in = { QUANTISED(EDGE_U8, PAIR(0.031f, 0), conv_relu6_x, 1, 2, 4, 4),
			QUANTISED(EDGE_I8, CHANNELS(0, 0, 0), conv_relu6_w, 3, 2, 3, 3),
			I32(conv_relu6_bias, 3) },
		.num_inputs = 3,
		.out = { QUANTISED(EDGE_U8, PAIR(0.05f, 7), conv_relu6_y, 1, 3, 4, 4) },
		.num_outputs = 1 });
}

/* The byte that the other tests expect, turned round; results of a table have its type. */
static void convolution_with_table(void **state)
{
	static uint8_t table[256], expected[sizeof(conv_float_y)];
	union edge_params params = padded;

	for (int i = 0; i < 256; i++)
		table[i] = 255 - i;
	for (size_t i = 0; i < sizeof(expected); i++)
		expected[i] = table[conv_float_y[i]];
	params.conv.table_scale = 0.05f;
	params.conv.table_zero_point = 7;
	ref_check(&(struct ref_case) {
		.op = EDGE_OP_CONV,
		.params = params,
		.in = { QUANTISED(EDGE_U8, PAIR(0.031f, 121), conv_float_x, 1, 2, 4, 4),
			QUANTISED(EDGE_I8, CHANNELS(0, 0, 0), conv_float_w, 3, 2, 3, 3),
			I32(conv_float_bias, 3), ABSENT, U8(table, 256) },
		.num_inputs = 5,
		.out = { QUANTISED(EDGE_U8, PAIR(3, 1), expected, 1, 3, 4, 4) },
		.num_outputs = 1 });
}

static void check_binary(enum edge_binary func, enum edge_rounding rounding, const uint8_t *a,
			 const uint8_t *b, const uint8_t *y)
{
	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params = { .binary = { func } },
				       .rounding = rounding,
				       .in = { QUANTISED(EDGE_U8, PAIR(0.04f, 128), a, 3, 20),
					       QUANTISED(EDGE_U8, PAIR(0.007f, 3), b, 3, 20) },
				       .num_inputs = 2,
				       .out = { QUANTISED(EDGE_U8, PAIR(0.05f, 100), y, 3, 20) },
				       .num_outputs = 1 });
}

#define CHECK_BINARY(func, rounding, name) \
	check_binary(EDGE_BINARY_##func, EDGE_ROUND_##rounding, name##_a, name##_b, name##_y)

static void sums_and_products(void **state)
{
	CHECK_BINARY(ADD, FLOAT, add_float);
	CHECK_BINARY(SUB, FLOAT, sub_float);
	CHECK_BINARY(MUL, FLOAT, mul_float);
	CHECK_BINARY(ADD, FIXED, add_fixed);
	CHECK_BINARY(SUB, FIXED, sub_fixed);
	CHECK_BINARY(MUL, FIXED, mul_fixed);
}

static void averages(void **state)
{
	struct ref_case test = {
		.op = EDGE_OP_AVERAGE_POOL,
		.params = { .pool = { .kernel = { 2, 2 },
				      .stride = { 1, 1 },
				      .dilation = { 1, 1 } } },
		.in = { QUANTISED(EDGE_U8, PAIR(0.03f, 9), average_float_x, 1, 2, 3, 3) },
		.num_inputs = 1,
		.out = { QUANTISED(EDGE_U8, PAIR(0.02f, 120), average_float_y, 1, 2, 2, 2) },
		.num_outputs = 1
	};

	ref_check(&test);
	test.rounding = EDGE_ROUND_FIXED;
	test.in[0].data = average_fixed_x;
	test.out[0].data = average_fixed_y;
	ref_check(&test);
	test.in[0].data = average_same_x;
	test.out[0].data = average_same_y;
	test.out[0].quant = test.in[0].quant;
	ref_check(&test);
}

static void reals_and_back(void **state)
{
	static const float reals[] = { 0, 0.25f, 0.75f, -0.25f, 1000, -1000, 12.6f, 0.0f / 0.0f };
	static const uint8_t even[] = { 10, 10, 12, 10, 255, 0, 35, 10 };
	static const uint8_t away[] = { 10, 11, 12, 9, 255, 0, 35, 10 };
	static const float back[] = { 0, 0, 1, 0, 122.5f, -5, 12.5f, 0 };
	struct ref_case test = { .op = EDGE_OP_QUANTIZE,
				 .in = { F32(reals, 8) },
				 .num_inputs = 1,
				 .out = { QUANTISED(EDGE_U8, PAIR(0.5f, 10), even, 8) },
				 .num_outputs = 1,
				 .no_half = true };

	ref_check(&test);
	test.rounding = EDGE_ROUND_FIXED;
	test.out[0].data = away;
	ref_check(&test);
	ref_check(&(struct ref_case) { .op = EDGE_OP_DEQUANTIZE,
				       .in = { QUANTISED(EDGE_U8, PAIR(0.5f, 10), even, 8) },
				       .num_inputs = 1,
				       .out = { F32(back, 8) },
				       .num_outputs = 1,
				       .no_half = true });
}

static void a_channel_has_its_own_scale(void **state)
{
	static const int8_t stored[] = { 1, 2, 3, -1, -2, -128 };
	static const float reals[] = { 0.004f, 0.008f, 0.02f, -0.02f, -0.0007f, -0.0889f };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_DEQUANTIZE,
				     .in = { QUANTISED(EDGE_I8, CHANNELS(0, 1, -1), stored, 3, 2) },
				     .num_inputs = 1,
				     .out = { F32(reals, 3, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-7f,
				     .no_half = true });
}

/* 12.5 is even: 12; 17.5 is 18. */
static void resizing(void **state)
{
	static const uint8_t x[] = { 10, 20, 30, 255 };
	static const uint8_t y[] = { 10, 12, 18,  20,  15, 31, 63,  79,
				     25, 68, 153, 196, 30, 86, 199, 255 };
	union edge_params params = { .resize = { .mode = EDGE_RESIZE_LINEAR,
						 .sizes = { 1, 1, 4, 4 } } };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESIZE,
				       .params = params,
				       .in = { QUANTISED(EDGE_U8, PAIR(0.5f, 10), x, 1, 1, 2, 2) },
				       .num_inputs = 1,
				       .out = { QUANTISED(EDGE_U8, PAIR(0.5f, 10), y, 1, 1, 4, 4) },
				       .num_outputs = 1 });
}

static void lookups(void **state)
{
	static int8_t squares[256];
	static const int8_t x[] = { -128, -1, 0, 5, 127 }, y[] = { 64, 127, 0, 5, 31 };

	squares[128] = 64;
	squares[255] = 127;
	squares[5] = 5;
	squares[127] = 31;
	ref_check(&(struct ref_case) { .op = EDGE_OP_LOOKUP,
				       .in = { I8(x, 5), I8(squares, 256) },
				       .num_inputs = 2,
				       .out = { I8(y, 5) },
				       .num_outputs = 1 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(multipliers),
		cmocka_unit_test(ties),
		cmocka_unit_test(convolutions),
		cmocka_unit_test(activation),
		cmocka_unit_test(convolution_with_table),
		cmocka_unit_test(sums_and_products),
		cmocka_unit_test(averages),
		cmocka_unit_test(reals_and_back),
		cmocka_unit_test(a_channel_has_its_own_scale),
		cmocka_unit_test(resizing),
		cmocka_unit_test(lookups),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
