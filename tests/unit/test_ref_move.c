// SPDX-License-Identifier: MIT
/* Expected values: numpy. */
#include "ref_check.h"

static void concat(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float a[] = { 1.5,	  0,	 -0.875, 1.5,	 -0.625, -1.375, 1.625, -2,
				   1.875, -1.75, 1.25,	 -0.125, -1.5,	 2,	 -0.25, -1.875 };
	static const float b[1];
	static const float y[] = { 1.375,  -0.5,   1.625,  -1.625, 1,	  0.5,	-2,	-0.125,
				   -0.5,   -0.25,  -1,	   1.5,	   1.5,	  0,	-0.875, 1.5,
				   -0.625, -1.375, 1.625,  -2,	   1.375, -1.5, 1.125,	0.5,
				   -1.25,  -0.375, -0.875, 0.125,  -1.5,  0,	-1.625, -1.5,
				   1.875,  -1.75,  1.25,   -0.125, -1.5,  2,	-0.25,	-1.875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_CONCAT,
				       .params.axis = { 1 },
				       .in = { F32(x, 2, 3, 4), F32(a, 2, 2, 4), F32(b, 2, 0, 4) },
				       .num_inputs = 3,
				       .out = { F32(y, 2, 5, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void split(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { 1.375, 1, -0.5, 1.375, -1.25, -1.5 };
	static const float z[1];
	static const float u[] = {
		-0.5, 1.625, -1.625, 0.5,    -2,     -0.125, -0.25, -1,	    1.5,
		-1.5, 1.125, 0.5,    -0.375, -0.875, 0.125,  0,	    -1.625, -1.5
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_SPLIT,
				       .params.axis = { 2 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 1), F32(z, 2, 3, 0), F32(u, 2, 3, 3) },
				       .num_outputs = 3,
				       .tolerance = 1e-5f });
}

static void split_with_an_unused_part(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { 1.375, -0.5, 1.625, -1.625, 1.375, -1.5, 1.125, 0.5 };
	static const float z[] = { 1,	  0.5,	  -2,	  -0.125, -0.5, -0.25, -1,     1.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5, 0,     -1.625, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SPLIT,
				       .params.axis = { 1 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 1, 4), F32(z, 2, 2, 4) },
				       .num_outputs = 2,
				       .tolerance = 1e-5f });
}

static void slice(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { -0.125, 0.5, 1.5, -0.25, 0.125, -0.375, -1.5, 0 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_SLICE,
		.params.slice = { .start = { 0, 1, 3 }, .end = { 2, 3, -1 }, .step = { 1, 1, -2 } },
		.in = { F32(x, 2, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 2, 2, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void slice_of_bool(void **state)
{
	static const uint8_t x[] = { 1, 0, 1, 0, 1 };
	static const uint8_t y[] = { 0, 1 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_SLICE,
		.params.slice = { .start = { 1 }, .end = { 5 }, .step = { 3 } },
		.in = { BOOL(x, 5) },
		.num_inputs = 1,
		.out = { BOOL(y, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void transpose(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { 1.375,  1,	   -0.5,   1.375,  -1.25, -1.5, -0.5,  0.5,
				   -0.25,  -1.5,   -0.375, 0,	   1.625, -2,	-1,    1.125,
				   -0.875, -1.625, -1.625, -0.125, 1.5,	  0.5,	0.125, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TRANSPOSE,
				       .params.transpose = { { 2, 0, 1 } },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 4, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void transpose_of_i64(void **state)
{
	static const int64_t x[] = {
		0, 1099511627776, 2199023255552, 3298534883328, 4398046511104, 5497558138880
	};
	static const int64_t y[] = {
		0, 3298534883328, 1099511627776, 4398046511104, 2199023255552, 5497558138880
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_TRANSPOSE,
				       .params.transpose = { { 1, 0 } },
				       .in = { I64(x, 2, 3) },
				       .num_inputs = 1,
				       .out = { I64(y, 3, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void reshape(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESHAPE,
				       .params.shape = { .dims = { 4, 6 }, .rank = 2 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 4, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void reshape_to_scalar(void **state)
{
	static const float x[] = { 2.5 };
	static const float y[] = { 2.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESHAPE,
				       .params.shape = { .rank = 0 },
				       .in = { F32(x, 1, 1) },
				       .num_inputs = 1,
				       .out = { SCALAR(EDGE_F32, y) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void copy(void **state)
{
	static const float x[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };
	static const float y[] = { 1.375, -0.5,	  1.625,  -1.625, 1,	 0.5,  -2,     -0.125,
				   -0.5,  -0.25,  -1,	  1.5,	  1.375, -1.5, 1.125,  0.5,
				   -1.25, -0.375, -0.875, 0.125,  -1.5,	 0,    -1.625, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_COPY,
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void copy_of_rank_eight(void **state)
{
	static const float x[] = { 0.875,  2,	  -1.375, 0.125, 1.75,	 -1.625, 1.25,	-0.375,
				   -1.875, -1.25, 1.5,	  0.875, 1.625,	 0.125,	 -1.5,	-0.875,
				   -0.875, -1,	  -1.75,  1.5,	 -1.625, 1.125,	 0.875, -0.25 };
	static const float y[] = { 0.875,  2,	  -1.375, 0.125, 1.75,	 -1.625, 1.25,	-0.375,
				   -1.875, -1.25, 1.5,	  0.875, 1.625,	 0.125,	 -1.5,	-0.875,
				   -0.875, -1,	  -1.75,  1.5,	 -1.625, 1.125,	 0.875, -0.25 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_COPY,
				       .in = { F32(x, 1, 2, 1, 2, 1, 2, 1, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 2, 1, 2, 1, 2, 1, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void expand(void **state)
{
	static const float x[] = { 1.375, 1, -0.5 };
	static const float y[] = { 1.375, 1.375, 1.375, 1.375, 1, 1, 1, 1, -0.5, -0.5, -0.5, -0.5,
				   1.375, 1.375, 1.375, 1.375, 1, 1, 1, 1, -0.5, -0.5, -0.5, -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_EXPAND,
				       .params.shape = { .dims = { 2, 3, 4 }, .rank = 3 },
				       .in = { F32(x, 3, 1) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void tile(void **state)
{
	static const float x[] = { 1.5,	  0,	 -0.875, 1.5,	 -0.625, -1.375, 1.625, -2,
				   1.875, -1.75, 1.25,	 -0.125, -1.5,	 2,	 -0.25, -1.875 };
	static const float y[] = {
		1.5,   0,      -0.875, 1.5,    1.5,   0,      -0.875, 1.5,   1.5,  0,	   -0.875,
		1.5,   -0.625, -1.375, 1.625,  -2,    -0.625, -1.375, 1.625, -2,   -0.625, -1.375,
		1.625, -2,     1.875,  -1.75,  1.25,  -0.125, 1.875,  -1.75, 1.25, -0.125, 1.875,
		-1.75, 1.25,   -0.125, -1.5,   2,     -0.25,  -1.875, -1.5,  2,	   -0.25,  -1.875,
		-1.5,  2,      -0.25,  -1.875, 1.5,   0,      -0.875, 1.5,   1.5,  0,	   -0.875,
		1.5,   1.5,    0,      -0.875, 1.5,   -0.625, -1.375, 1.625, -2,   -0.625, -1.375,
		1.625, -2,     -0.625, -1.375, 1.625, -2,     1.875,  -1.75, 1.25, -0.125, 1.875,
		-1.75, 1.25,   -0.125, 1.875,  -1.75, 1.25,   -0.125, -1.5,  2,	   -0.25,  -1.875,
		-1.5,  2,      -0.25,  -1.875, -1.5,  2,      -0.25,  -1.875
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_TILE,
				       .params.shape = { .dims = { 2, 1, 3 }, .rank = 3 },
				       .in = { F32(x, 2, 2, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 4, 2, 12) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void tile_of_nothing(void **state)
{
	static const float x[1];
	static const float y[1];

	ref_check(&(struct ref_case) { .op = EDGE_OP_TILE,
				       .params.shape = { .dims = { 2, 3 }, .rank = 2 },
				       .in = { F32(x, 0, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 0, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void pad_by_value(void **state)
{
	static const float x[] = { 0.5,	  -0.375, 0.125, 1,	 -0.125, 2,
				   1.375, -1.75,  1.625, -1.375, -1.25,	 -0.625 };
	static const float a[] = { 1.5 };
	static const float y[] = { 1.5,	  1.5, 1.5, 1.5,   1.5,	   1.5,	   1.5,	   0.5,	  -0.375,
				   0.125, 1,   1.5, 1.5,   1.5,	   -0.125, 2,	   1.375, -1.75,
				   1.5,	  1.5, 1.5, 1.625, -1.375, -1.25,  -0.625, 1.5,	  1.5,
				   1.5,	  1.5, 1.5, 1.5,   1.5,	   1.5,	   1.5,	   1.5,	  1.5,
				   1.5,	  1.5, 1.5, 1.5,   1.5,	   1.5 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_PAD,
		.params.pad = { .mode = EDGE_PAD_CONSTANT, .begin = { 1, 0 }, .end = { 2, 3 } },
		.in = { F32(x, 3, 4), SCALAR(EDGE_F32, a) },
		.num_inputs = 2,
		.out = { F32(y, 6, 7) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pad_by_zero(void **state)
{
	static const int8_t x[] = { 0, 0, 0, 1, 0, 2, 1, -1, 1, -1, -1, 0 };
	static const int8_t y[] = { 0, 0, 0, 0, 1, 0, 0, 2, 1, -1, 0, 1, -1, -1, 0 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_PAD,
		.params.pad = { .mode = EDGE_PAD_CONSTANT, .begin = { 0, 1 }, .end = { 0, 0 } },
		.in = { I8(x, 3, 4) },
		.num_inputs = 1,
		.out = { I8(y, 3, 5) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pad_below_zero_crops(void **state)
{
	static const float x[] = { 0.5,	  -0.375, 0.125, 1,	 -0.125, 2,
				   1.375, -1.75,  1.625, -1.375, -1.25,	 -0.625 };
	static const float y[] = { 0, 0, -0.125, 0, 0, 1.625 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_PAD,
		.params.pad = { .mode = EDGE_PAD_CONSTANT, .begin = { -1, 2 }, .end = { 0, -3 } },
		.in = { F32(x, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 2, 3) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pad_by_reflection(void **state)
{
	static const float x[] = { 0.5,	  -0.375, 0.125, 1,	 -0.125, 2,
				   1.375, -1.75,  1.625, -1.375, -1.25,	 -0.625 };
	static const float y[] = { -0.625, -1.25, -1.375, 1.625, -1.375, -1.25, -0.625, -1.25,
				   -1.375, -1.75, 1.375,  2,	 -0.125, 2,	1.375,	-1.75,
				   1.375,  2,	  1,	  0.125, -0.375, 0.5,	-0.375, 0.125,
				   1,	   0.125, -0.375, -1.75, 1.375,	 2,	-0.125, 2,
				   1.375,  -1.75, 1.375,  2,	 -0.625, -1.25, -1.375, 1.625,
				   -1.375, -1.25, -0.625, -1.25, -1.375, -1.75, 1.375,	2,
				   -0.125, 2,	  1.375,  -1.75, 1.375,	 2 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_PAD,
		.params.pad = { .mode = EDGE_PAD_REFLECT, .begin = { 2, 3 }, .end = { 1, 2 } },
		.in = { F32(x, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 6, 9) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pad_by_edge(void **state)
{
	static const float x[] = { 0.5,	  -0.375, 0.125, 1,	 -0.125, 2,
				   1.375, -1.75,  1.625, -1.375, -1.25,	 -0.625 };
	static const float y[] = { 0.5,	   -0.375, 0.125,  1,	   1,	   1,	   1,	   1,
				   1,	   0.5,	   -0.375, 0.125,  1,	   1,	   1,	   1,
				   1,	   1,	   0.5,	   -0.375, 0.125,  1,	   1,	   1,
				   1,	   1,	   1,	   -0.125, 2,	   1.375,  -1.75,  -1.75,
				   -1.75,  -1.75,  -1.75,  -1.75,  1.625,  -1.375, -1.25,  -0.625,
				   -0.625, -0.625, -0.625, -0.625, -0.625, 1.625,  -1.375, -1.25,
				   -0.625, -0.625, -0.625, -0.625, -0.625, -0.625 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_PAD,
		.params.pad = { .mode = EDGE_PAD_EDGE, .begin = { 2, 0 }, .end = { 1, 5 } },
		.in = { F32(x, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 6, 9) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void depth_to_space(void **state)
{
	static const float x[] = { 1.25,   0,	   1,	   -1.75,  1,	   -1.875, -1,	   -1.125,
				   1.375,  -0.5,   1.125,  1,	   0.75,   0.5,	   1.5,	   -2,
				   0.625,  -1.875, 0.5,	   -0.25,  2,	   1.5,	   -1.875, 1.75,
				   -1.375, -0.5,   0.125,  1.625,  -0.625, 1.75,   -0.875, -0.375,
				   1.75,   1,	   0.75,   -0.5,   -2,	   -1.375, -0.75,  0.25,
				   1.5,	   -1.75,  -1.875, 0.625,  -1.125, 1.25,   0.375,  1.75,
				   -0.25,  -0.25,  1.125,  -1.625, -1.125, 1.625,  -1.5,   1.5,
				   0.875,  1.875,  -1,	   0.375,  -1.875, 0.75,   -1.875, -0.5,
				   -0.75,  -1.25,  0.125,  -0.875, -1.75,  0.875,  -1.25,  -0.75,
				   -0.75,  0.75,   0.875,  0,	   -1.75,  -0.25,  0.875,  1.875,
				   1.875,  -1.375, -1,	   0,	   -1,	   -1.375, -1.125, 1.75,
				   0.875,  0,	   0.25,   -0.75,  0.25,   -1.375, -1.75,  0.375 };
	static const float y[] = { 1.25,   0.75,   0,	   0.5,	   1,	   1.5,	   -1.375, -2,
				   -0.5,   -1.375, 0.125,  -0.75,  -1.75,  -2,	   1,	   0.625,
				   -1.875, -1.875, 1.625,  0.25,   -0.625, 1.5,	   1.75,   -1.75,
				   -1,	   0.5,	   -1.125, -0.25,  1.375,  2,	   -0.875, -1.875,
				   -0.375, 0.625,  1.75,   -1.125, -0.5,   1.5,	   1.125,  -1.875,
				   1,	   1.75,   1,	   1.25,   0.75,   0.375,  -0.5,   1.75,
				   -0.25,  -1.875, -0.25,  0.75,   1.125,  -1.875, -0.75,  -1,
				   0.75,   -1.375, 0.875,  -1.125, -1.625, -0.5,   -1.125, -0.75,
				   1.625,  -1.25,  0,	   1.75,   -1.75,  0.875,  -0.25,  0,
				   -1.5,   0.125,  1.5,	   -0.875, 0.875,  -1.75,  0.875,  0.25,
				   1.875,  -0.75,  1.875,  0.25,   1.875,  0.875,  -1,	   -1.25,
				   0.375,  -0.75,  -1.375, -1.375, -1,	   -1.75,  0,	   0.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_DEPTH_TO_SPACE,
				       .params.block = { .size = 2 },
				       .in = { F32(x, 2, 8, 2, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 2, 4, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void depth_to_space_crd(void **state)
{
	static const float x[] = { 1.25,   0,	   1,	   -1.75,  1,	   -1.875, -1,	   -1.125,
				   1.375,  -0.5,   1.125,  1,	   0.75,   0.5,	   1.5,	   -2,
				   0.625,  -1.875, 0.5,	   -0.25,  2,	   1.5,	   -1.875, 1.75,
				   -1.375, -0.5,   0.125,  1.625,  -0.625, 1.75,   -0.875, -0.375,
				   1.75,   1,	   0.75,   -0.5,   -2,	   -1.375, -0.75,  0.25,
				   1.5,	   -1.75,  -1.875, 0.625,  -1.125, 1.25,   0.375,  1.75,
				   -0.25,  -0.25,  1.125,  -1.625, -1.125, 1.625,  -1.5,   1.5,
				   0.875,  1.875,  -1,	   0.375,  -1.875, 0.75,   -1.875, -0.5,
				   -0.75,  -1.25,  0.125,  -0.875, -1.75,  0.875,  -1.25,  -0.75,
				   -0.75,  0.75,   0.875,  0,	   -1.75,  -0.25,  0.875,  1.875,
				   1.875,  -1.375, -1,	   0,	   -1,	   -1.375, -1.125, 1.75,
				   0.875,  0,	   0.25,   -0.75,  0.25,   -1.375, -1.75,  0.375 };
	static const float y[] = {
		1.25,	-1,    0,      -1.125, 1,     1.375,  0.75,  0.5,    0.5,    -0.25,  1.5,
		2,	-1.75, -0.5,   1,      1.125, -1.875, 1,     -2,     1.5,    0.625,  -1.875,
		-1.875, 1.75,  -1.375, -0.875, -0.5,  -0.375, 0.125, 1.75,   -2,     -1.875, -1.375,
		0.625,	-0.75, -1.125, 1.625,  1,     -0.625, 0.75,  1.75,   -0.5,   0.25,   1.25,
		1.5,	0.375, -1.75,  1.75,   -0.25, -1.5,   -0.25, 1.5,    1.125,  0.875,  -1.875,
		0.125,	0.75,  -0.875, -1.875, -1.75, -1.625, 1.875, -1.125, -1,     1.625,  0.375,
		-0.5,	0.875, -0.75,  -1.25,  -1.25, -0.75,  -0.75, 0.875,  0.75,   1.875,  0.875,
		1.875,	-1,    0.25,   -1.375, -0.75, -1.125, 0.25,  0,	     -1.375, -1.75,  -1,
		-0.25,	0,     1.75,   -1.375, 0.875, -1.75,  0,     0.375
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_DEPTH_TO_SPACE,
				       .params.block = { .size = 2, .column_row_depth = 1 },
				       .in = { F32(x, 2, 8, 2, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 2, 4, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void space_to_depth(void **state)
{
	static const float x[] = { 0.25,   -0.375, -0.125, -1.5,   1.375, -1.875, -0.125, -0.5,
				   1.125,  0.375,  -1.25,  0.125,  0.375, 1.625,  0.125,  1.75,
				   -0.625, 1.75,   1.875,  1.25,   1.5,	  -0.125, 1.75,	  0.125,
				   0.375,  -0.375, 0.375,  -0.375, 0.25,  -1.875, -1.75,  1.25,
				   1.5,	   -1,	   -2,	   -2,	   1.125, -0.125, -1,	  0.875,
				   0.125,  -0.25,  -1.625, -0.5,   1.125, 0.625,  -0.125, -1.375 };
	static const float y[] = { 0.25,   -0.125, 1.375,  0.375,  0.125,  -0.625, 0.375,  0.375,
				   0.25,   1.125,  -1,	   0.125,  -0.375, -1.5,   -1.875, 1.625,
				   1.75,   1.75,   -0.375, -0.375, -1.875, -0.125, 0.875,  -0.25,
				   -0.125, 1.125,  -1.25,  1.875,  1.5,	   1.75,   -1.75,  1.5,
				   -2,	   -1.625, 1.125,  -0.125, -0.5,   0.375,  0.125,  1.25,
				   -0.125, 0.125,  1.25,   -1,	   -2,	   -0.5,   0.625,  -1.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SPACE_TO_DEPTH,
				       .params.block = { .size = 2 },
				       .in = { F32(x, 1, 2, 4, 6) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 8, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void upper_triangle(void **state)
{
	static const float x[] = { 0.625, -2,	  2,  0.375,  0.875, 0.125, -0.625, 1.5,
				   -2,	  -0.375, 1,  1.125,  -1,    -2,    2,	    -2,
				   1.25,  0.375,  -2, -1.125, -1.25, -1.75, 0.375,  -1.5 };
	static const float y[] = { 0, -2, 2, 0.375, 0, 0, -0.625, 1.5,	  0, 0, 0, 1.125,
				   0, -2, 2, -2,    0, 0, -2,	  -1.125, 0, 0, 0, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TRILU,
				       .params.trilu = { .k = 1, .upper = 1 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void lower_triangle(void **state)
{
	static const float x[] = { 0.625, -2,	  2,  0.375,  0.875, 0.125, -0.625, 1.5,
				   -2,	  -0.375, 1,  1.125,  -1,    -2,    2,	    -2,
				   1.25,  0.375,  -2, -1.125, -1.25, -1.75, 0.375,  -1.5 };
	static const float y[] = { 0, 0, 0, 0, 0.875, 0, 0, 0, -2,    -0.375, 0, 0,
				   0, 0, 0, 0, 1.25,  0, 0, 0, -1.25, -1.75,  0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_TRILU,
				       .params.trilu = { .k = -1 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void reverse_sequence(void **state)
{
	static const int32_t x[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
	static const int64_t a[] = { 4, 1, 2 };
	static const int32_t y[] = { 9, 1, 5, 6, 4, 2, 3, 7, 8, 0, 10, 11 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REVERSE_SEQUENCE,
				       .params.reverse = { .batch_axis = 1, .time_axis = 0 },
				       .in = { I32(x, 4, 3), I64(a, 3) },
				       .num_inputs = 2,
				       .out = { I32(y, 4, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void range_of_floats(void **state)
{
	static const float x[] = { 1 };
	static const float a[] = { 2.25 };
	static const float b[] = { 0.5 };
	static const float y[] = { 1, 1.5, 2 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RANGE,
		.in = { SCALAR(EDGE_F32, x), SCALAR(EDGE_F32, a), SCALAR(EDGE_F32, b) },
		.num_inputs = 3,
		.out = { F32(y, 3) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void range_downwards(void **state)
{
	static const int64_t x[] = { 5 };
	static const int64_t a[] = { -1 };
	static const int64_t b[] = { -3 };
	static const int64_t y[] = { 5, 2 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RANGE,
		.in = { SCALAR(EDGE_I64, x), SCALAR(EDGE_I64, a), SCALAR(EDGE_I64, b) },
		.num_inputs = 3,
		.out = { I64(y, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(concat),
		cmocka_unit_test(split),
		cmocka_unit_test(split_with_an_unused_part),
		cmocka_unit_test(slice),
		cmocka_unit_test(slice_of_bool),
		cmocka_unit_test(transpose),
		cmocka_unit_test(transpose_of_i64),
		cmocka_unit_test(reshape),
		cmocka_unit_test(reshape_to_scalar),
		cmocka_unit_test(copy),
		cmocka_unit_test(copy_of_rank_eight),
		cmocka_unit_test(expand),
		cmocka_unit_test(tile),
		cmocka_unit_test(tile_of_nothing),
		cmocka_unit_test(pad_by_value),
		cmocka_unit_test(pad_by_zero),
		cmocka_unit_test(pad_below_zero_crops),
		cmocka_unit_test(pad_by_reflection),
		cmocka_unit_test(pad_by_edge),
		cmocka_unit_test(depth_to_space),
		cmocka_unit_test(depth_to_space_crd),
		cmocka_unit_test(space_to_depth),
		cmocka_unit_test(upper_triangle),
		cmocka_unit_test(lower_triangle),
		cmocka_unit_test(reverse_sequence),
		cmocka_unit_test(range_of_floats),
		cmocka_unit_test(range_downwards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
