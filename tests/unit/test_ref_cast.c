// SPDX-License-Identifier: MIT
/* Expected values: numpy's half, and by hand where C leaves it open. */
#include "ref_check.h"

#include <math.h>

static void to_half_rounds_to_even(void **state)
{
	static const float x[] = { 0,
				   -0,
				   1,
				   65504,
				   65519.996,
				   65520,
				   -65520,
				   5.9604645e-08,
				   2.9802322e-08,
				   2.9805303e-08,
				   6.1035156e-05,
				   6.0977e-05,
				   1.0004883,
				   1.0014648,
				   1.0009,
				   INFINITY,
				   -INFINITY,
				   NAN,
				   1e-10 };
	static const uint16_t y[] = { 0x0,    0x8000, 0x3c00, 0x7bff, 0x7bff, 0x7c00, 0xfc00,
				      0x1,    0x0,    0x1,    0x400,  0x3ff,  0x3c00, 0x3c02,
				      0x3c01, 0x7c00, 0xfc00, 0x7e00, 0x0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_F16, .saturate = 1 },
				       .in = { F32(x, 19) },
				       .num_inputs = 1,
				       .out = { F16(y, 19) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void from_half(void **state)
{
	static const uint16_t x[] = { 0x0,    0x8000, 0x1,    0x3ff,  0x400, 0x3c00,
				      0x7bff, 0x7c00, 0xfc00, 0x8001, 0xc248 };
	static const float y[] = { 0,	  -0,	    5.9604645e-08, 6.0975552e-05,  6.1035156e-05, 1,
				   65504, INFINITY, -INFINITY,	   -5.9604645e-08, -3.140625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_F32, .saturate = 1 },
				       .in = { F16(x, 11) },
				       .num_inputs = 1,
				       .out = { F32(y, 11) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void floats_are_cut(void **state)
{
	static const float x[] = { 1.875, -1.875, 300, -300, -0.5 };
	static const int32_t y[] = { 1, -1, 300, -300, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I32, .saturate = 1 },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { I32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_i32_out_of_range(void **state)
{
	static const float x[] = { 3e+09, -3e+09, NAN, INFINITY, -INFINITY };
	static const int32_t y[] = { 2147483647, INT32_MIN, 0, 2147483647, INT32_MIN };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I32, .saturate = 1 },
				       .in = { F32(x, 5) },
				       .num_inputs = 1,
				       .out = { I32(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_i64_out_of_range(void **state)
{
	static const float x[] = { INFINITY, -INFINITY, NAN };
	static const int64_t y[] = { INT64_MAX, INT64_MIN, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I64, .saturate = 1 },
				       .in = { F32(x, 3) },
				       .num_inputs = 1,
				       .out = { I64(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_u8_saturates(void **state)
{
	static const float x[] = { 300, -300, 255, 256, -1, -129, 127.75, 128 };
	static const uint8_t y[] = { 255, 0, 255, 255, 0, 0, 127, 128 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_U8, .saturate = 1 },
				       .in = { F32(x, 8) },
				       .num_inputs = 1,
				       .out = { U8(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_i8_saturates(void **state)
{
	static const float x[] = { 300, -300, 255, 256, -1, -129, 127.75, 128 };
	static const int8_t y[] = { 127, -128, 127, 127, -1, -128, 127, 127 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I8, .saturate = 1 },
				       .in = { F32(x, 8) },
				       .num_inputs = 1,
				       .out = { I8(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_u8_wraps(void **state)
{
	static const float x[] = { 300, -300, 255, 256, -1, -129, 127.75, 128 };
	static const uint8_t y[] = { 44, 212, 255, 0, 255, 127, 127, 128 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_U8, .saturate = 0 },
				       .in = { F32(x, 8) },
				       .num_inputs = 1,
				       .out = { U8(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_i8_wraps(void **state)
{
	static const float x[] = { 300, -300, 255, 256, -1, -129, 127.75, 128 };
	static const int8_t y[] = { 44, -44, -1, 0, -1, 127, 127, -128 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I8, .saturate = 0 },
				       .in = { F32(x, 8) },
				       .num_inputs = 1,
				       .out = { I8(y, 8) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void to_bool(void **state)
{
	static const float x[] = { 0, 0.25, -3, NAN };
	static const uint8_t y[] = { 0, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_BOOL, .saturate = 1 },
				       .in = { F32(x, 4) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void integers_keep_low_bits(void **state)
{
	static const int64_t x[] = { 1099511627779, -1, 0, 200 };
	static const int8_t y[] = { 3, -1, 0, -56 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I8, .saturate = 1 },
				       .in = { I64(x, 4) },
				       .num_inputs = 1,
				       .out = { I8(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void integers_to_bool(void **state)
{
	static const int64_t x[] = { 1099511627779, -1, 0, 200 };
	static const uint8_t y[] = { 1, 1, 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_BOOL, .saturate = 1 },
				       .in = { I64(x, 4) },
				       .num_inputs = 1,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void integers_to_float_round(void **state)
{
	static const int64_t x[] = { 16777217, 16777219, -7 };
	static const float y[] = { 16777216, 16777220, -7 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_F32, .saturate = 1 },
				       .in = { I64(x, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 0,
				       .no_half = true });
}

static void integers_to_half(void **state)
{
	static const int32_t x[] = { 70000, -70000, 2049, 2051 };
	static const uint16_t y[] = { 0x7c00, 0xfc00, 0x6800, 0x6802 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_F16, .saturate = 1 },
				       .in = { I32(x, 4) },
				       .num_inputs = 1,
				       .out = { F16(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void bool_to_float(void **state)
{
	static const uint8_t x[] = { 0, 1 };
	static const float y[] = { 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_F32, .saturate = 1 },
				       .in = { BOOL(x, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

static void bytes_to_wide(void **state)
{
	static const int8_t x[] = { -128, 127 };
	static const int64_t y[] = { -128, 127 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CAST,
				       .params.cast = { .type = EDGE_I64, .saturate = 1 },
				       .in = { I8(x, 2) },
				       .num_inputs = 1,
				       .out = { I64(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 0 });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(to_half_rounds_to_even),
		cmocka_unit_test(from_half),
		cmocka_unit_test(floats_are_cut),
		cmocka_unit_test(to_i32_out_of_range),
		cmocka_unit_test(to_i64_out_of_range),
		cmocka_unit_test(to_u8_saturates),
		cmocka_unit_test(to_i8_saturates),
		cmocka_unit_test(to_u8_wraps),
		cmocka_unit_test(to_i8_wraps),
		cmocka_unit_test(to_bool),
		cmocka_unit_test(integers_keep_low_bits),
		cmocka_unit_test(integers_to_bool),
		cmocka_unit_test(integers_to_float_round),
		cmocka_unit_test(integers_to_half),
		cmocka_unit_test(bool_to_float),
		cmocka_unit_test(bytes_to_wide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
