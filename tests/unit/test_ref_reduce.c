// SPDX-License-Identifier: MIT
/* Expected values: numpy in double. */
#include "ref_check.h"

#include <math.h>

static const float numbers[] = { -1.5, -1.5,  1.25,   0,    0.375, 0.375, 0.875, -2,
				 0,    -1.5,  -0.375, 1.75, 0.25,  -1.75, 0.125, -1.5,
				 1,    1.875, 2,      0.5,  1.5,   -0.5,  -1.5,	 0 };

static void softmax_axis_1(void **state)
{
	static const float y[] = { 0.083315916, 0.11735961,  0.53072894,  0.14513919,  0.54328805,
				   0.76528078,	0.36476433,  0.019642454, 0.37339604,  0.11735961,
				   0.10450672,	0.83521837,  0.15134677,  0.023800986, 0.12957177,
				   0.077695578, 0.3204011,   0.89312541,  0.84491402,  0.57409698,
				   0.52825212,	0.083073601, 0.025514193, 0.34820741 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SOFTMAX,
				       .params.axis = { 1 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void log_softmax_axis_1(void **state)
{
	static const float y[] = { -2.4851155,	-2.1425126,  -0.63350385, -1.9300621,  -0.61011565,
				   -0.26751247, -1.0085038,  -3.9300621,  -0.98511565, -2.1425126,
				   -2.2585039,	-0.18006209, -1.8881816,  -3.7380283,  -2.0435205,
				   -2.5549569,	-1.1381816,  -0.11302827, -0.16852038, -0.55495691,
				   -0.63818163, -2.4880283,  -3.6685205,  -1.0549569 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_LOG_SOFTMAX,
				       .params.axis = { 1 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void softmax_axis_2(void **state)
{
	static const float y[] = { 0.045199126, 0.045199126, 0.70703334,  0.20256844,  0.26725563,
				   0.26725563,	0.44063008,  0.024858648, 0.13046277,  0.029110178,
				   0.089665659, 0.75076139,  0.45628637,  0.061751645, 0.40267131,
				   0.079290681, 0.14872791,  0.35677969,  0.40428436,  0.090208031,
				   0.71009994,	0.096101575, 0.035353795, 0.1584447 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SOFTMAX,
				       .params.axis = { 2 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void log_softmax_axis_2(void **state)
{
	static const float y[] = { -3.0966775,	-3.0966775,  -0.34667751, -1.5966775,  -1.3195496,
				   -1.3195496,	-0.81954962, -3.6945496,  -2.0366673,  -3.5366673,
				   -2.4116673,	-0.28666741, -0.78463465, -2.7846346,  -0.90963465,
				   -2.5346346,	-1.9056368,  -1.0306368,  -0.90563679, -2.4056368,
				   -0.34234959, -2.3423495,  -3.3423495,  -1.8423495 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_LOG_SOFTMAX,
				       .params.axis = { 2 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void softmax_of_large_values(void **state)
{
	static const float x[] = { 1000, 999, 0, -1000, -1000, -1001 };
	static const float y[] = { 0.7310586, 0.26894143, 0, 0.42231879, 0.42231879, 0.1553624 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_SOFTMAX,
				       .params.axis = { 1 },
				       .in = { F32(x, 2, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void hardmax_takes_the_first(void **state)
{
	static const float x[] = { 1, 3, 3, 0, -1, -2 };
	static const float y[] = { 0, 1, 0, 1, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_HARDMAX,
				       .params.axis = { 1 },
				       .in = { F32(x, 2, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sum_of_inner(void **state)
{
	static const float y[] = { -1.75, -0.375, -0.125, -2.875, 5.375, -0.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_SUM,
							  .num_axes = 1,
							  .axes = { 2 },
							  .keep_dims = 1 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3, 1) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void mean_of_outer_and_inner(void **state)
{
	static const float y[] = { -0.578125, 0.625, -0.078125 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MEAN,
							  .num_axes = 2,
							  .axes = { 0, 2 },
							  .keep_dims = 0 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void maximum_of_all(void **state)
{
	static const float y[] = { 2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MAX,
							  .num_axes = 0,
							  .axes = { 0 },
							  .keep_dims = 0 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { SCALAR(EDGE_F32, y) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void minimum_of_middle(void **state)
{
	static const float y[] = { -1.5, -1.5, -0.375, -2, 0.25, -1.75, -1.5, -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MIN,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void product(void **state)
{
	static const float x[] = {
		0.75, 1.125, 2.5, 1.375, 2, 2, 1.125, 1.75, 1.5, 1.25, 0.625, 0.5
	};
	static const float y[] = { 0.84375, 3.4375, 4, 1.96875, 1.875, 0.3125 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_PROD,
							  .num_axes = 1,
							  .axes = { 2 },
							  .keep_dims = 0 },
				       .in = { F32(x, 2, 3, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void l1(void **state)
{
	static const float y[] = { 1.75,  3.25, 1.375, 1.5, 1.375, 2.25,
				   2.875, 2.5,	1.5,   2,   1.875, 1.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_L1,
							  .num_axes = 1,
							  .axes = { 0 },
							  .keep_dims = 1 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void l2(void **state)
{
	static const float y[] = { 4.069705, 4.3481317 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_L2,
							  .num_axes = 2,
							  .axes = { 1, 2 },
							  .keep_dims = 0 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sum_of_squares(void **state)
{
	static const float y[] = { 6.0625, 5.046875, 5.453125, 5.390625, 8.765625, 4.75 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_SUM_SQUARE,
							  .num_axes = 1,
							  .axes = { 2 },
							  .keep_dims = 0 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void logarithm_of_sum(void **state)
{
	static const float x[] = { 1.625, 1.625, 1.375, 0.125, 0.5,   0.5,   1,	    2.125,
				   0.125, 1.625, 0.5,	1.875, 0.375, 1.875, 0.25,  1.625,
				   1.125, 2,	 2.125, 0.625, 1.625, 0.625, 1.625, 0.125 };
	static const float y[] = { 0.81093019, 1.3217559, 1.0560527, 1.417066,
				   1.1394343,  1.5040774, 1.3862944, 0.86499745 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_LOG_SUM,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { F32(x, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void logarithm_of_sum_of_exponentials(void **state)
{
	static const float x[] = { 1000, 1001, 999, 998 };
	static const float y[] = { 1001.3132, 999.31323 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_LOG_SUM_EXP,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { F32(x, 2, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sum_of_all_kept(void **state)
{
	static const float y[] = { -0.25 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_SUM,
							  .num_axes = 0,
							  .axes = { 0 },
							  .keep_dims = 1 },
				       .in = { F32(numbers, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 1, 1) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void exact_sum_of_integers(void **state)
{
	static const int64_t x[] = { 4611686018427387904, 2305843009213693953, -3, 1 };
	static const int64_t y[] = { 6917529027641081857, -2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_SUM,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { I64(x, 2, 2) },
				       .num_inputs = 1,
				       .out = { I64(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void product_of_integers_wraps(void **state)
{
	static const int64_t x[] = { 4611686018427387904, 2305843009213693953, -3, 1 };
	static const int64_t y[] = { 4611686018427387904, -3 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_PROD,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { I64(x, 2, 2) },
				       .num_inputs = 1,
				       .out = { I64(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void mean_of_integers_is_cut(void **state)
{
	static const int32_t x[] = { 1, 2, 2, -1, -2, -2 };
	static const int32_t y[] = { 1, -1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MEAN,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { I32(x, 2, 3) },
				       .num_inputs = 1,
				       .out = { I32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void maximum_of_bytes(void **state)
{
	static const int8_t x[] = { -128, -5, -127, 3 };
	static const int8_t y[] = { -127, 3 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MAX,
							  .num_axes = 1,
							  .axes = { 0 },
							  .keep_dims = 0 },
				       .in = { I8(x, 2, 2) },
				       .num_inputs = 1,
				       .out = { I8(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void sum_of_nothing(void **state)
{
	static const float x[1];
	static const float y[] = { 0, 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_SUM,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 1 },
				       .in = { F32(x, 2, 0, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 2, 1, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void product_of_nothing(void **state)
{
	static const float x[1];
	static const float y[] = { 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_PROD,
							  .num_axes = 1,
							  .axes = { 0 },
							  .keep_dims = 0 },
				       .in = { F32(x, 0, 2) },
				       .num_inputs = 1,
				       .out = { F32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void maximum_of_nothing(void **state)
{
	static const int8_t x[1];
	static const int8_t y[] = { -128 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MAX,
							  .num_axes = 1,
							  .axes = { 0 },
							  .keep_dims = 0 },
				       .in = { I8(x, 0, 1) },
				       .num_inputs = 1,
				       .out = { I8(y, 1) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void maximum_keeps_nan(void **state)
{
	static const float x[] = { 1, NAN, 3, 1, 2, 3 };
	static const float y[] = { NAN, 3 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_REDUCE,
				       .params.reduce = { .kind = EDGE_REDUCE_MAX,
							  .num_axes = 1,
							  .axes = { 1 },
							  .keep_dims = 0 },
				       .in = { F32(x, 2, 3) },
				       .num_inputs = 1,
				       .out = { F32(y, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(softmax_axis_1),
		cmocka_unit_test(log_softmax_axis_1),
		cmocka_unit_test(softmax_axis_2),
		cmocka_unit_test(log_softmax_axis_2),
		cmocka_unit_test(softmax_of_large_values),
		cmocka_unit_test(hardmax_takes_the_first),
		cmocka_unit_test(sum_of_inner),
		cmocka_unit_test(mean_of_outer_and_inner),
		cmocka_unit_test(maximum_of_all),
		cmocka_unit_test(minimum_of_middle),
		cmocka_unit_test(product),
		cmocka_unit_test(l1),
		cmocka_unit_test(l2),
		cmocka_unit_test(sum_of_squares),
		cmocka_unit_test(logarithm_of_sum),
		cmocka_unit_test(logarithm_of_sum_of_exponentials),
		cmocka_unit_test(sum_of_all_kept),
		cmocka_unit_test(exact_sum_of_integers),
		cmocka_unit_test(product_of_integers_wraps),
		cmocka_unit_test(mean_of_integers_is_cut),
		cmocka_unit_test(maximum_of_bytes),
		cmocka_unit_test(sum_of_nothing),
		cmocka_unit_test(product_of_nothing),
		cmocka_unit_test(maximum_of_nothing),
		cmocka_unit_test(maximum_keeps_nan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
