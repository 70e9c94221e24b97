// SPDX-License-Identifier: MIT
/* Expected values: Python's math in double, after the formulas of ONNX. */
#include "ref_check.h"

#include <math.h>

static const float numbers[] = { -90,	-6.5, -3.5, -3,	 -1.25, -0.5, -0.125, 0,
				 0.125, 0.75, 1,    2.5, 3.5,	7,    90 };

static void relu(void **state)
{
	static const float y[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0.125, 0.75, 1, 2.5, 3.5, 7, 90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_RELU },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void clip(void **state)
{
	static const float y[] = { -1,	  -1,	-1, -1,	 -1,  -0.5, -0.125, 0,
				   0.125, 0.75, 1,  2.5, 2.5, 2.5,  2.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CLIP, -1, 2.5f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void clip_above_prefers_the_upper(void **state)
{
	static const float y[] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CLIP, 3, 1 },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void leaky_relu(void **state)
{
	static const float y[] = { -11.25,  -0.8125,   -0.4375, -0.375, -0.15625,
				   -0.0625, -0.015625, 0,	0.125,	0.75,
				   1,	    2.5,       3.5,	7,	90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_LEAKY_RELU, 0.125f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void sigmoid(void **state)
{
	static const float y[] = { 8.1940087e-40, 0.0015011822, 0.029312231,
				   0.047425874,	  0.22270013,	0.37754068,
				   0.46879062,	  0.5,		0.53120935,
				   0.67917871,	  0.7310586,	0.92414182,
				   0.97068775,	  0.99908894,	1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SIGMOID },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void silu(void **state)
{
	static const float y[] = {
		-7.3746112e-38, -0.0097576845, -0.10259281, -0.14227761, -0.27837518,
		-0.18877034,	-0.058598828,  0,	    0.066401169, 0.50938404,
		0.7310586,	2.3103545,     3.3974073,   6.9936228,	 90
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SILU },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void hard_sigmoid(void **state)
{
	static const float y[] = { 0,	    0,	    0,	  0, 0.1875, 0.375, 0.46875, 0.5,
				   0.53125, 0.6875, 0.75, 1, 1,	     1,	    1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_HARD_SIGMOID, 0.25f, 0.5f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void hard_swish(void **state)
{
	static const float y[] = { -0,		-0,	      -0,  -0,		-0.36458334,
				   -0.20833333, -0.059895832, 0,   0.065104164, 0.46875,
				   0.66666669,	2.2916667,    3.5, 7,		90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_HARD_SWISH },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void mish(void **state)
{
	static const float y[] = {
		-7.3746112e-38, -0.0097650085, -0.10409576, -0.14564747, -0.30841395,
		-0.22074378,	-0.069979906,  0,	    0.079957567, 0.61001831,
		0.86509842,	2.4713924,     3.4939907,   6.9999886,	 90
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_MISH },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void tanh_(void **state)
{
	static const float y[] = { -1,		-0.99999547, -0.99817789, -0.99505478, -0.84828365,
				   -0.46211717, -0.124353,   0,		  0.124353,    0.63514894,
				   0.76159418,	0.98661429,  0.99817789,  0.99999833,  1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_TANH },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void gelu(void **state)
{
	static const float y[] = { -0,
				   -2.6103991e-10,
				   -0.00081420178,
				   -0.0040496942,
				   -0.13206221,
				   -0.15426877,
				   -0.056282721,
				   0,
				   0.068717279,
				   0.58002949,
				   0.84134477,
				   2.4844759,
				   3.4991858,
				   7,
				   90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_GELU },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void gelu_tanh(void **state)
{
	static const float y[] = { -0,
				   -6.2783112e-13,
				   -0.00061619765,
				   -0.0036373921,
				   -0.1322858,
				   -0.154286,
				   -0.0562828,
				   0,
				   0.068717197,
				   0.57996058,
				   0.84119201,
				   2.4849157,
				   3.4993837,
				   7,
				   90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_GELU_TANH },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void elu(void **state)
{
	static const float y[] = { -1.5,      -1.4977448,  -1.4547039, -1.4253194, -1.0702428,
				   -0.590204, -0.17625464, 0,	       0.125,	   0.75,
				   1,	      2.5,	   3.5,	       7,	   90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_ELU, 1.5f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void celu(void **state)
{
	static const float y[] = { -2,		-1.9224516,  -1.6524521, -1.5537397, -0.92947716,
				   -0.44239843, -0.12117387, 0,		 0.125,	     0.75,
				   1,		2.5,	     3.5,	 7,	     90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CELU, 2 },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void selu(void **state)
{
	static const float y[] = { -3,	      -2.9954896,  -2.9094079, -2.8506389, -2.1404855,
				   -1.180408, -0.35250929, 0,	       0.25,	   1.5,
				   2,	      5,	   7,	       14,	   180 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SELU, 1.5f, 2 },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void softplus(void **state)
{
	static const float y[] = { 8.1940087e-40, 0.0015023102, 0.029750418, 0.048587352,
				   0.25192907,	  0.47407699,	0.63259906,  0.69314718,
				   0.75759906,	  1.136871,	1.3132616,   2.5788898,
				   3.5297503,	  7.0009112,	90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SOFTPLUS },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void softsign(void **state)
{
	static const float y[] = { -0.98901099, -0.86666667, -0.77777779, -0.75,      -0.55555558,
				   -0.33333334, -0.11111111, 0,		  0.11111111, 0.42857143,
				   0.5,		0.71428573,  0.77777779,  0.875,      0.98901099 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SOFTSIGN },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void thresholded_relu(void **state)
{
	static const float y[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2.5, 3.5, 7, 90 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_THRESHOLDED_RELU, 0.75f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void shrink(void **state)
{
	static const float y[] = { -89.5, -6, -3, -2.5, 0, 0, 0, 0, 0, 0, 0, 2, 3, 6.5, 89.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_SHRINK, 1.25f, 0.5f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-6f });
}

static void activation_after_another_operator(void **state)
{
	static const float y[] = { -1,	  -1,	-1, -1,	 -1,  -0.5, -0.125, 0,
				   0.125, 0.75, 1,  2.5, 2.5, 2.5,  2.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_COPY,
				       .act = { EDGE_FUNC_CLIP, -1, 2.5f },
				       .in = { F32(numbers, 3, 5) },
				       .num_inputs = 1,
				       .out = { F32(y, 3, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void clip_of_bytes(void **state)
{
	static const int8_t x[] = { -128, -100, -1, 0, 100, 127 };
	static const int8_t y[] = { -7, -7, -1, 0, 100, 127 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CLIP, -7.5f, 1e9f },
				       .in = { I8(x, 6) },
				       .num_inputs = 1,
				       .out = { I8(y, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void clip_without_limits_keeps_integers(void **state)
{
	static const int64_t x[] = { INT64_MIN, -5, 0, 7, INT64_MAX };
	static const int64_t y[] = { INT64_MIN, -5, 0, 7, INT64_MAX };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_CLIP, -INFINITY, INFINITY },
				       .in = { I64(x, 5) },
				       .num_inputs = 1,
				       .out = { I64(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void relu_of_integers(void **state)
{
	static const int64_t x[] = { INT64_MIN, -5, 0, 7, INT64_MAX };
	static const int64_t y[] = { 0, 0, 0, 7, INT64_MAX };

	ref_check(&(struct ref_case) { .op = EDGE_OP_UNARY,
				       .params.unary = { EDGE_FUNC_RELU },
				       .in = { I64(x, 5) },
				       .num_inputs = 1,
				       .out = { I64(y, 5) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void prelu(void **state)
{
	static const float x[] = { -1.5, -1.5,	1.25,	0,    0.375, 0.375, 0.875, -2,
				   0,	 -1.5,	-0.375, 1.75, 0.25,  -1.75, 0.125, -1.5,
				   1,	 1.875, 2,	0.5,  1.5,   -0.5,  -1.5,  0 };
	static const float a[] = { -0.25, 0.625, 2 };
	static const float y[] = { 0.375, 0.375, 1.25,	0,    0.375, 0.375,  0.875, -1.25,
				   0,	  -3,	 -0.75, 1.75, 0.25,  0.4375, 0.125, 0.375,
				   1,	  1.875, 2,	0.5,  1.5,   -1,     -3,    0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_PRELU,
				       .in = { F32(x, 2, 3, 4), F32(a, 3, 1) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 3, 4) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(relu),
		cmocka_unit_test(clip),
		cmocka_unit_test(clip_above_prefers_the_upper),
		cmocka_unit_test(leaky_relu),
		cmocka_unit_test(sigmoid),
		cmocka_unit_test(silu),
		cmocka_unit_test(hard_sigmoid),
		cmocka_unit_test(hard_swish),
		cmocka_unit_test(mish),
		cmocka_unit_test(tanh_),
		cmocka_unit_test(gelu),
		cmocka_unit_test(gelu_tanh),
		cmocka_unit_test(elu),
		cmocka_unit_test(celu),
		cmocka_unit_test(selu),
		cmocka_unit_test(softplus),
		cmocka_unit_test(softsign),
		cmocka_unit_test(thresholded_relu),
		cmocka_unit_test(shrink),
		cmocka_unit_test(activation_after_another_operator),
		cmocka_unit_test(clip_of_bytes),
		cmocka_unit_test(clip_without_limits_keeps_integers),
		cmocka_unit_test(relu_of_integers),
		cmocka_unit_test(prelu),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
