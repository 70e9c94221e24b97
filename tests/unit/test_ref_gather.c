// SPDX-License-Identifier: MIT
/* Expected values: numpy. */
#include "ref_check.h"

static void gather(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int64_t a[] = { 0, -1, 2, 1, 1, -4 };
	static const float y[] = { -0.625, -0.5,   0.125,  1.625,  0.5,	  0.25,	 -1.875, -0.625,
				   -1.875, -0.625, -0.625, -0.5,   -1.25, -0.5,	 0.875,	 -2,
				   -0.75,  0.375,  0.75,   -1.25,  0.75,  -1.25, -1.25,	 -0.5,
				   -0.5,   -0.5,   0.375,  -1.875, 1.375, -0.5,	 -0.75,	 -0.75,
				   -0.75,  -0.75,  -0.5,   -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER,
				       .params.axis = { 1 },
				       .in = { F32(x, 3, 4, 2), I64(a, 2, 3) },
				       .num_inputs = 2,
				       .out = { F32(y, 3, 2, 3, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void gather_one(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int32_t a[] = { 2 };
	static const float y[] = { -0.5, -0.5, -0.75, -0.75, 1.375, -0.5, 0.375, -1.875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER,
				       .params.axis = { 0 },
				       .in = { F32(x, 3, 4, 2), SCALAR(EDGE_I32, a) },
				       .num_inputs = 2,
				       .out = { F32(y, 4, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void gather_clamps(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int64_t a[] = { 7, -9 };
	static const float y[] = { -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5, 0.375, -1.875,
				   -0.625, -0.5, -1.875, -0.625, 0.5,	0.25, 0.125, 1.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER,
				       .params.axis = { 0 },
				       .in = { F32(x, 3, 4, 2), I64(a, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 4, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void gather_elements(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int64_t a[] = { 2, 0, -2, 0, 2, 1, 2, 3, 2, -2, 2, 1 };
	static const float y[] = { 0.5,	  -0.5, 0.5,   -0.5, -0.75, -1.25,
				   -0.75, -2,	1.375, -0.5, 1.375, -0.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER_ELEMENTS,
				       .params.axis = { 1 },
				       .in = { F32(x, 3, 4, 2), I64(a, 3, 2, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 3, 2, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void gather_nd(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int64_t a[] = { 0, 1, 2, -1, 1, 0, -3, 3 };
	static const float y[] = { -1.875, -0.625, 0.375, -1.875, -1.25, -0.5, 0.125, 1.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER_ND,
				       .params.gather_nd = { 0 },
				       .in = { F32(x, 3, 4, 2), I64(a, 2, 2, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void gather_nd_in_batches(void **state)
{
	static const float x[] = { -0.625, -0.5, -1.875, -0.625, 0.5,	0.25,  0.125, 1.625,
				   -1.25,  -0.5, 0.75,	 -1.25,	 -0.75, 0.375, 0.875, -2,
				   -0.5,   -0.5, -0.75,	 -0.75,	 1.375, -0.5,  0.375, -1.875 };
	static const int64_t a[] = { 1, -1, 0 };
	static const float y[] = { -1.875, -0.625, 0.875, -2, -0.5, -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GATHER_ND,
				       .params.gather_nd = { 1 },
				       .in = { F32(x, 3, 4, 2), I64(a, 3, 1, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 3, 1, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_elements(void **state)
{
	static const float x[] = { -0.75, -0.25, -2,	 -1.125, -1.5,	 1.625,
				   1.75,  1,	 -0.875, 1.875,	 -1.125, 1.375 };
	static const int64_t a[] = { 0, -1, 2, 2, 1, 0 };
	static const float b[] = { 1.125, 1.75, 1, -1.5, -2, -2 };
	static const float y[] = { 1.125, -0.25, -2, 1.75, -1.5,   1.625,
				   -1.5,  1,	 -2, -2,   -1.125, 1.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ELEMENTS,
				       .params.scatter = { .axis = 1, .reduction = 0 },
				       .in = { F32(x, 3, 4), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_elements_adding(void **state)
{
	static const float x[] = { -0.75, -0.25, -2,	 -1.125, -1.5,	 1.625,
				   1.75,  1,	 -0.875, 1.875,	 -1.125, 1.375 };
	static const int64_t a[] = { 0, -1, 2, 2, 1, 0 };
	static const float b[] = { 1.125, 1.75, 1, -1.5, -2, -2 };
	static const float y[] = { 0.375, -0.25, -2,	 0.625,	 -1.5,	 1.625,
				   1.25,  1,	 -2.875, -0.125, -1.125, 1.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ELEMENTS,
				       .params.scatter = { .axis = 1, .reduction = 1 },
				       .in = { F32(x, 3, 4), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_elements_multiplying(void **state)
{
	static const float x[] = { -0.75, -0.25, -2,	 -1.125, -1.5,	 1.625,
				   1.75,  1,	 -0.875, 1.875,	 -1.125, 1.375 };
	static const int64_t a[] = { 0, -1, 2, 2, 1, 0 };
	static const float b[] = { 1.125, 1.75, 1, -1.5, -2, -2 };
	static const float y[] = { -0.84375, -0.25, -2,	  -1.96875, -1.5,   1.625,
				   -2.625,   1,	    1.75, -3.75,    -1.125, 1.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ELEMENTS,
				       .params.scatter = { .axis = 1, .reduction = 2 },
				       .in = { F32(x, 3, 4), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_into_integers(void **state)
{
	static const int64_t x[] = { -6755399441055744,	 -2251799813685248,  -18014398509481984,
				     -10133099161583616, -13510798882111488, 14636698788954112,
				     15762598695796736,	 9007199254740992,   -7881299347898368,
				     16888498602639360,	 -10133099161583616, 12384898975268864 };
	static const int64_t a[] = { 0, -1, 2, 2, 1, 0 };
	static const int64_t b[] = { 9, 14, 8, -12, -16, -16 };
	static const int64_t y[] = { -6755399441055735,	 -2251799813685248,  -18014398509481984,
				     -10133099161583602, -13510798882111488, 14636698788954112,
				     15762598695796732,	 9007199254740992,   -7881299347898384,
				     16888498602639344,	 -10133099161583616, 12384898975268864 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ELEMENTS,
				       .params.scatter = { .axis = 1, .reduction = 1 },
				       .in = { I64(x, 3, 4), I64(a, 3, 2), I64(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { I64(y, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_nd(void **state)
{
	static const float x[] = { 2,	 -1.25,	 1.375, -0.375, 1.5,	0.75,  -1.75,  -0.25,
				   0.75, 0,	 -1.5,	1.125,	0.75,	-1.75, -1.25,  0.75,
				   -1.5, -1.875, -0.5,	-1,	-0.625, 0.875, -1.125, 0.75 };
	static const int64_t a[] = { 0, 1, 2, -1, 0, 1 };
	static const float b[] = { 0.375, -0.375, -1.625, -0.875, -0.5, 1.375 };
	static const float y[] = { 2,	 -1.25,	 -0.5, 1.375, 1.5,    0.75,  -1.75,  -0.25,
				   0.75, 0,	 -1.5, 1.125, 0.75,   -1.75, -1.25,  0.75,
				   -1.5, -1.875, -0.5, -1,    -0.625, 0.875, -1.625, -0.875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ND,
				       .params.scatter = { .axis = 0, .reduction = 0 },
				       .in = { F32(x, 3, 4, 2), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_nd_adding(void **state)
{
	static const float x[] = { 2,	 -1.25,	 1.375, -0.375, 1.5,	0.75,  -1.75,  -0.25,
				   0.75, 0,	 -1.5,	1.125,	0.75,	-1.75, -1.25,  0.75,
				   -1.5, -1.875, -0.5,	-1,	-0.625, 0.875, -1.125, 0.75 };
	static const int64_t a[] = { 0, 1, 2, -1, 0, 1 };
	static const float b[] = { 0.375, -0.375, -1.625, -0.875, -0.5, 1.375 };
	static const float y[] = { 2,	 -1.25,	 1.25, 0.625, 1.5,    0.75,  -1.75, -0.25,
				   0.75, 0,	 -1.5, 1.125, 0.75,   -1.75, -1.25, 0.75,
				   -1.5, -1.875, -0.5, -1,    -0.625, 0.875, -2.75, -0.125 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ND,
				       .params.scatter = { .axis = 0, .reduction = 1 },
				       .in = { F32(x, 3, 4, 2), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void scatter_nd_multiplying(void **state)
{
	static const float x[] = { 2,	 -1.25,	 1.375, -0.375, 1.5,	0.75,  -1.75,  -0.25,
				   0.75, 0,	 -1.5,	1.125,	0.75,	-1.75, -1.25,  0.75,
				   -1.5, -1.875, -0.5,	-1,	-0.625, 0.875, -1.125, 0.75 };
	static const int64_t a[] = { 0, 1, 2, -1, 0, 1 };
	static const float b[] = { 0.375, -0.375, -1.625, -0.875, -0.5, 1.375 };
	static const float y[] = { 2,	  -1.25, -0.2578125, 0.19335938, 1.5,	   0.75,
				   -1.75, -0.25, 0.75,	     0,		 -1.5,	   1.125,
				   0.75,  -1.75, -1.25,	     0.75,	 -1.5,	   -1.875,
				   -0.5,  -1,	 -0.625,     0.875,	 1.828125, -0.65625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SCATTER_ND,
				       .params.scatter = { .axis = 0, .reduction = 2 },
				       .in = { F32(x, 3, 4, 2), I64(a, 3, 2), F32(b, 3, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 3, 4, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void one_hot(void **state)
{
	static const int64_t x[] = { 1, -1, 9, 0 };
	static const int64_t a[] = { 3 };
	static const float b[] = { 0.5, 4 };
	static const float y[] = { 0.5, 0.5, 4, 0.5, 0.5, 4, 0.5, 4, 0.5, 0.5, 0.5, 0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_ONE_HOT,
				       .params.axis = { 1 },
				       .in = { I64(x, 2, 2), SCALAR(EDGE_I64, a), F32(b, 2) },
				       .num_inputs = 3,
				       .out = { F32(y, 2, 3, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void one_hot_of_floats(void **state)
{
	static const float x[] = { 1, -2 };
	static const float a[] = { 2 };
	static const int32_t b[] = { 7, 8 };
	static const int32_t y[] = { 7, 8, 8, 7 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_ONE_HOT,
				       .params.axis = { 1 },
				       .in = { F32(x, 2), SCALAR(EDGE_F32, a), I32(b, 2) },
				       .num_inputs = 3,
				       .out = { I32(y, 2, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void floats_are_no_indices(void **state)
{
	static const float real[1];
	static const int64_t index[1];
	struct ref_case test = { .op = EDGE_OP_GATHER,
				 .in = { F32(real, 1), F32(real, 1) },
				 .num_inputs = 2,
				 .out = { F32(real, 1) },
				 .num_outputs = 1 };

	assert_false(ref_case_is_supported(&test));
	test.in[1] = (struct ref_value)I64(index, 1);
	assert_true(ref_case_is_supported(&test));
	test.out[0] = (struct ref_value)I64(index, 1);
	assert_false(ref_case_is_supported(&test));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gather),
		cmocka_unit_test(gather_one),
		cmocka_unit_test(gather_clamps),
		cmocka_unit_test(gather_elements),
		cmocka_unit_test(gather_nd),
		cmocka_unit_test(gather_nd_in_batches),
		cmocka_unit_test(scatter_elements),
		cmocka_unit_test(scatter_elements_adding),
		cmocka_unit_test(scatter_elements_multiplying),
		cmocka_unit_test(scatter_into_integers),
		cmocka_unit_test(scatter_nd),
		cmocka_unit_test(scatter_nd_adding),
		cmocka_unit_test(scatter_nd_multiplying),
		cmocka_unit_test(one_hot),
		cmocka_unit_test(one_hot_of_floats),
		cmocka_unit_test(floats_are_no_indices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
