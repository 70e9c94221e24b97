// SPDX-License-Identifier: MIT
/* Expected values: numpy. */
#include "ref_check.h"

#include <math.h>

static void add(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -0.5,   1.875, -1.125, -0.25, 2.125, -0.125, 1.625, 0.75,
				   -1.125, 0.75,  0.125,  0.25,	 0.625, 2.375,	2.375, -1.125,
				   -0.375, 0.125, 1.125,  2.25,	 -1.25, 0.875,	-1.75, 0.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_ADD },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sub(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -1.25,  1.125,  -1.875, -1,	0.375,	-1.875, -0.125, -1,
				   1.125,  3,	   2.375,  2.5, -0.125, 1.625,	1.625,	-1.875,
				   -2.125, -1.625, -0.625, 0.5, 1,	3.125,	0.5,	2.875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_SUB },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void mul(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -0.328125, 0.5625,	 -0.5625,  -0.234375, 1.09375,	-0.875,
				   0.65625,   -0.109375, -0,	   -2.109375, -1.40625, -1.546875,
				   0.09375,   0.75,	 0.75,	   -0.5625,   -1.09375, -0.65625,
				   0.21875,   1.203125,	 0.140625, -2.25,     0.703125, -1.96875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MUL },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void div_(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -2.3333333, 4,	   -4,		-1.6666666, 1.4285715,
				   -1.1428572, 0.85714287, -0.14285715, -0,	    -1.6666666,
				   -1.1111112, -1.2222222, 0.66666669,	5.3333335,  5.3333335,
				   -4,	       -1.4285715, -0.85714287, 0.2857143,  1.5714285,
				   0.11111111, -1.7777778, 0.55555558,	-1.5555556 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_DIV },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void min(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -0.875, 0.375,  -1.5,   -0.625, 0.875,  -1,	   0.75,   -0.125,
				   -1.125, -1.125, -1.125, -1.125, 0.25,   0.375,  0.375,  -1.5,
				   -1.25,  -0.75,  0.25,   0.875,  -1.125, -1.125, -1.125, -1.125 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MIN },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void max(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { 0.375, 1.5,	 0.375, 0.375, 1.25,   0.875, 0.875,  0.875,
				   0,	  1.875, 1.25,	1.375, 0.375,  2,     2,      0.375,
				   0.875, 0.875, 0.875, 1.375, -0.125, 2,     -0.625, 1.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MAX },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void mod_takes_the_sign_of_b(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { 0.25, 0,	 0,    0.125,  0.375,  0.75,  0.75,   0.75,
				   -0,	 -0.375, -1,   -0.875, 0.25,   0.125, 0.125,  0,
				   0.5,	 0.125,	 0.25, 0.5,    -0.125, -0.25, -0.625, -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MOD },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void fmod_takes_the_sign_of_a(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { 0.375, 0.875, -1.125 };
	static const float y[] = { -0.125, 0,	  -0,	 -0.25, 0.375,	-0.125, 0.75,	-0.125,
				   0,	   0.75,  0.125, 0.25,	0.25,	0.125,	0.125,	-0,
				   -0.375, -0.75, 0.25,	 0.5,	-0.125, 0.875,	-0.625, 0.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_FMOD },
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void equal(void **state)
{
	static const float x[] = { 0.25, 0.625, 0.875, 0.75 };
	static const float a[] = { 0.625, -0.75, 0.625 };
	static const uint8_t y[] = { 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_EQUAL },
				       .in = { F32(x, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void less(void **state)
{
	static const float x[] = { -0.125, 0.375, -0.5, -1 };
	static const float a[] = { 0.375, 1, 0.875 };
	static const uint8_t y[] = { 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_LESS },
				       .in = { F32(x, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void less_or_equal(void **state)
{
	static const float x[] = { -0.375, -0.125, -0.5, -0.75 };
	static const float a[] = { -0.125, 0.375, -0.875 };
	static const uint8_t y[] = { 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_LESS_OR_EQUAL },
				       .in = { F32(x, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void greater(void **state)
{
	static const float x[] = { -0.625, 0.125, 0.875, 1 };
	static const float a[] = { 0.125, 0.25, -1 };
	static const uint8_t y[] = { 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_GREATER },
				       .in = { F32(x, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void greater_or_equal(void **state)
{
	static const float x[] = { -0.75, -0.625, -0.125, -0.375 };
	static const float a[] = { -0.625, -0.125, -0.375 };
	static const uint8_t y[] = { 0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_GREATER_OR_EQUAL },
				       .in = { F32(x, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void activation(void **state)
{
	static const float x[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float a[] = { -0.875, 1.5,	  -1.5, -0.625, 1.25,	-1, 0.75,   -0.125,
				   0,	   1.875, 1.25, 1.375,	0.25,	2,  2,	    -1.5,
				   -1.25,  -0.75, 0.25, 1.375,	-0.125, 2,  -0.625, 1.75 };
	static const float y[] = { 0,	3, 0, 0, 2.5, 0, 1.5, 0,    0, 3.75, 2.5, 2.75,
				   0.5, 4, 4, 0, 0,   0, 0.5, 2.75, 0, 4,    0,	  3.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_ADD },
				       .act = { EDGE_FUNC_RELU },
				       .in = { F32(x, 2, 3, 4), F32(a, 2, 3, 4) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void both_broadcast(void **state)
{
	static const float x[] = { -0.875, 1.5, -1.5, -0.625 };
	static const float a[] = { -0.875, 1.25, 0, 0.25, -1.25, -0.125 };
	static const float y[] = { 0,	   2.375, -0.625, 0.25,	  -2.125, 0.25,	 -2.75,	 -1.875,
				   -0.875, 1.5,	  -1.5,	  -0.625, -1.125, 1.25,	 -1.75,	 -0.875,
				   0.375,  2.75,  -0.25,  0.625,  -0.75,  1.625, -1.375, -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_SUB },
				       .in = { F32(x, 1, 1, 4), F32(a, 2, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scalars(void **state)
{
	static const float x[] = { 1.5 };
	static const float a[] = { 2 };
	static const float y[] = { 3.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_ADD },
				       .in = { SCALAR(EDGE_F32, x), SCALAR(EDGE_F32, a) },
				       .num_inputs = 2,
				       .out = { SCALAR(EDGE_F32, y) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nothing(void **state)
{
	static const float x[1];
	static const float a[] = { 0 };
	static const float y[1];

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_ADD },
				       .in = { F32(x, 2, 0), F32(a, 1, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 0) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void max_keeps_nan(void **state)
{
	static const float x[] = { NAN, 1, INFINITY, -INFINITY };
	static const float a[] = { 1, NAN, INFINITY, INFINITY };
	static const float y[] = { NAN, NAN, INFINITY, INFINITY };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MAX },
				       .in = { F32(x, 4), F32(a, 4) },
				       .num_inputs = 2,
				       .out = { F32(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nan_equals_nothing(void **state)
{
	static const float x[] = { NAN, 1, INFINITY, -INFINITY };
	static const float a[] = { NAN, 1, INFINITY, -INFINITY };
	static const uint8_t y[] = { 0, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_EQUAL },
				       .in = { F32(x, 4), F32(a, 4) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integers_divide_towards_zero(void **state)
{
	static const int64_t x[] = { INT64_MIN, INT64_MIN, 7, -7, 7, -7, 5 };
	static const int64_t a[] = { -1, 2, 2, 2, -2, -2, 0 };
	static const int64_t y[] = { INT64_MIN, -4611686018427387904, 3, -3, -3, 3, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_DIV },
				       .in = { I64(x, 7), I64(a, 7) },
				       .num_inputs = 2,
				       .out = { I64(y, 7) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integer_mod(void **state)
{
	static const int64_t x[] = { INT64_MIN, INT64_MIN, 7, -7, 7, -7, 5 };
	static const int64_t a[] = { -1, 2, 2, 2, -2, -2, 0 };
	static const int64_t y[] = { 0, 0, 1, 1, -1, -1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MOD },
				       .in = { I64(x, 7), I64(a, 7) },
				       .num_inputs = 2,
				       .out = { I64(y, 7) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integer_fmod(void **state)
{
	static const int64_t x[] = { INT64_MIN, INT64_MIN, 7, -7, 7, -7, 5 };
	static const int64_t a[] = { -1, 2, 2, 2, -2, -2, 0 };
	static const int64_t y[] = { 0, 0, 1, -1, 1, -1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_FMOD },
				       .in = { I64(x, 7), I64(a, 7) },
				       .num_inputs = 2,
				       .out = { I64(y, 7) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integers_wrap_around(void **state)
{
	static const int32_t x[] = { 2147483647, INT32_MIN, 5 };
	static const int32_t a[] = { 1, -1, -7 };
	static const int32_t y[] = { INT32_MIN, 2147483647, -2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_ADD },
				       .in = { I32(x, 3), I32(a, 3) },
				       .num_inputs = 2,
				       .out = { I32(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void bytes_wrap_around(void **state)
{
	static const uint8_t x[] = { 100, 7 };
	static const uint8_t a[] = { 200, 3 };
	static const uint8_t y[] = { 156, 4 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_SUB },
				       .in = { U8(x, 2), U8(a, 2) },
				       .num_inputs = 2,
				       .out = { U8(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void large_integers_are_exact(void **state)
{
	static const int64_t x[] = { 4611686018427387905 };
	static const int64_t a[] = { 4611686018427387904 };
	static const int64_t y[] = { 4611686018427387905 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_MAX },
				       .in = { I64(x, 1), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { I64(y, 1) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void large_integers_differ(void **state)
{
	static const int64_t x[] = { 4611686018427387905 };
	static const int64_t a[] = { 4611686018427387904 };
	static const uint8_t y[] = { 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_EQUAL },
				       .in = { I64(x, 1), I64(a, 1) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 1) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void power(void **state)
{
	static const float x[] = { 2, 4, 9, -2 };
	static const float a[] = { 3, 0.5, -0.5, 2 };
	static const float y[] = { 8, 2, 0.33333334, 4 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_POW },
				       .in = { F32(x, 4), F32(a, 4) },
				       .num_inputs = 2,
				       .out = { F32(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void power_with_integer_exponent(void **state)
{
	static const float x[] = { 1.5, 2, -3 };
	static const int64_t a[] = { 2, -1, 3 };
	static const float y[] = { 2.25, 0.5, -27 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_POW },
				       .in = { F32(x, 3), I64(a, 3) },
				       .num_inputs = 2,
				       .out = { F32(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integer_power(void **state)
{
	static const int64_t x[] = { 3, -2, 2, -1, 7 };
	static const int64_t a[] = { 39, 3, -1, -3, 0 };
	static const int64_t y[] = { 4052555153018976267, -8, 0, -1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_POW },
				       .in = { I64(x, 5), I64(a, 5) },
				       .num_inputs = 2,
				       .out = { I64(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void integer_to_a_real_power(void **state)
{
	static const int32_t x[] = { 4, 9, 2 };
	static const float a[] = { 0.5, 1.5, 0.5 };
	static const int32_t y[] = { 2, 27, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_POW },
				       .in = { I32(x, 3), F32(a, 3) },
				       .num_inputs = 2,
				       .out = { I32(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void and_(void **state)
{
	static const uint8_t x[] = { 0, 0, 1, 1 };
	static const uint8_t a[] = { 0, 1, 0, 1 };
	static const uint8_t y[] = { 0, 0, 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_AND },
				       .in = { BOOL(x, 1, 4), BOOL(a, 1, 4) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 1, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void or_(void **state)
{
	static const uint8_t x[] = { 0, 0, 1, 1 };
	static const uint8_t a[] = { 0, 1, 0, 1 };
	static const uint8_t y[] = { 0, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_OR },
				       .in = { BOOL(x, 1, 4), BOOL(a, 1, 4) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 1, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void xor_(void **state)
{
	static const uint8_t x[] = { 0, 0, 1, 1 };
	static const uint8_t a[] = { 0, 1, 0, 1 };
	static const uint8_t y[] = { 0, 1, 1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_XOR },
				       .in = { BOOL(x, 1, 4), BOOL(a, 1, 4) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 1, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void equal_of_bool(void **state)
{
	static const uint8_t x[] = { 0, 0, 1, 1 };
	static const uint8_t a[] = { 0, 1, 0, 1 };
	static const uint8_t y[] = { 1, 0, 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_EQUAL },
				       .in = { BOOL(x, 1, 4), BOOL(a, 1, 4) },
				       .num_inputs = 2,
				       .out = { BOOL(y, 1, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void shift_left(void **state)
{
	static const uint8_t x[] = { 255, 1, 3, 129 };
	static const uint8_t a[] = { 1, 7, 8, 0 };
	static const uint8_t y[] = { 254, 128, 0, 129 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_SHIFT_LEFT },
				       .in = { U8(x, 4), U8(a, 4) },
				       .num_inputs = 2,
				       .out = { U8(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void shift_right(void **state)
{
	static const uint8_t x[] = { 255, 1, 3, 129 };
	static const uint8_t a[] = { 1, 7, 8, 0 };
	static const uint8_t y[] = { 127, 0, 0, 129 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_BINARY,
				       .params.binary = { EDGE_BINARY_SHIFT_RIGHT },
				       .in = { U8(x, 4), U8(a, 4) },
				       .num_inputs = 2,
				       .out = { U8(y, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void mixed_types_are_refused(void **state)
{
	static const float real[1];
	static const int32_t whole[1];
	struct ref_case test = { .op = EDGE_OP_BINARY,
				 .params.binary = { EDGE_BINARY_ADD },
				 .in = { F32(real, 1), I32(whole, 1) },
				 .num_inputs = 2,
				 .out = { F32(real, 1) },
				 .num_outputs = 1 };

	assert_false(ref_case_is_supported(&test));
	test.params.binary.func = EDGE_BINARY_POW;
	assert_true(ref_case_is_supported(&test));
	test.params.binary.func = EDGE_BINARY_EQUAL;
	assert_false(ref_case_is_supported(&test));
}

static void where(void **state)
{
	static const uint8_t x[] = { 1, 0 };
	static const float a[] = { 1.625, 0.5, 0.875, 1, -0.625, 1.625 };
	static const float b[] = { -2, -0.75, -1.375 };
	static const float y[] = { 1.625, 0.5, 0.875, -2, -0.75, -1.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_WHERE,
				       .in = { BOOL(x, 2, 1), F32(a, 2, 3), F32(b, 3) },
				       .num_inputs = 3,
				       .out = { F32(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void where_of_integers(void **state)
{
	static const uint8_t x[] = { 1, 0 };
	static const int64_t a[] = { 4611686018427387905, 5 };
	static const int64_t b[] = { -1, -2 };
	static const int64_t y[] = { 4611686018427387905, -2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_WHERE,
				       .in = { BOOL(x, 2), I64(a, 2), I64(b, 2) },
				       .num_inputs = 3,
				       .out = { I64(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add),
		cmocka_unit_test(sub),
		cmocka_unit_test(mul),
		cmocka_unit_test(div_),
		cmocka_unit_test(min),
		cmocka_unit_test(max),
		cmocka_unit_test(mod_takes_the_sign_of_b),
		cmocka_unit_test(fmod_takes_the_sign_of_a),
		cmocka_unit_test(equal),
		cmocka_unit_test(less),
		cmocka_unit_test(less_or_equal),
		cmocka_unit_test(greater),
		cmocka_unit_test(greater_or_equal),
		cmocka_unit_test(activation),
		cmocka_unit_test(both_broadcast),
		cmocka_unit_test(scalars),
		cmocka_unit_test(nothing),
		cmocka_unit_test(max_keeps_nan),
		cmocka_unit_test(nan_equals_nothing),
		cmocka_unit_test(integers_divide_towards_zero),
		cmocka_unit_test(integer_mod),
		cmocka_unit_test(integer_fmod),
		cmocka_unit_test(integers_wrap_around),
		cmocka_unit_test(bytes_wrap_around),
		cmocka_unit_test(large_integers_are_exact),
		cmocka_unit_test(large_integers_differ),
		cmocka_unit_test(power),
		cmocka_unit_test(power_with_integer_exponent),
		cmocka_unit_test(integer_power),
		cmocka_unit_test(integer_to_a_real_power),
		cmocka_unit_test(and_),
		cmocka_unit_test(or_),
		cmocka_unit_test(xor_),
		cmocka_unit_test(equal_of_bool),
		cmocka_unit_test(shift_left),
		cmocka_unit_test(shift_right),
		cmocka_unit_test(mixed_types_are_refused),
		cmocka_unit_test(where),
		cmocka_unit_test(where_of_integers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
