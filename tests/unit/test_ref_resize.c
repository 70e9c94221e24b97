// SPDX-License-Identifier: MIT
/* Expected values: the generator of ONNX's own tests, and torch where it says so. */
#include "ref_check.h"

static const float image[] = { -1.5, -1.5, 1.25,   0,	 0.375, 0.375, 0.875, -2,
			       0,    -1.5, -0.375, 1.75, 0.25,	-1.75, 0.125, -1.5 };

static void nearest_up(void **state)
{
	static const float x[] = { 1,	  1.875, 2,	 0.5,	 1.5,	-0.5, -1.5,   0,
				   -0.25, 0.625, 2,	 -0.875, 1.5,	-1.5, -0.625, 1.25,
				   -1,	  0.75,	 -0.125, 0,	 1.875, 1.25, 1.375,  0.25 };
	static const float y[] = {
		1,     1,      1,      1.875,  1.875,  1.875,  2,      2,     2,     0.5,   0.5,
		0.5,   1,      1,      1,      1.875,  1.875,  1.875,  2,     2,     2,	    0.5,
		0.5,   0.5,    1.5,    1.5,    1.5,    -0.5,   -0.5,   -0.5,  -1.5,  -1.5,  -1.5,
		0,     0,      0,      1.5,    1.5,    1.5,    -0.5,   -0.5,  -0.5,  -1.5,  -1.5,
		-1.5,  0,      0,      0,      -0.25,  -0.25,  -0.25,  0.625, 0.625, 0.625, 2,
		2,     2,      -0.875, -0.875, -0.875, -0.25,  -0.25,  -0.25, 0.625, 0.625, 0.625,
		2,     2,      2,      -0.875, -0.875, -0.875, 1.5,    1.5,   1.5,   -1.5,  -1.5,
		-1.5,  -0.625, -0.625, -0.625, 1.25,   1.25,   1.25,   1.5,   1.5,   1.5,   -1.5,
		-1.5,  -1.5,   -0.625, -0.625, -0.625, 1.25,   1.25,   1.25,  -1,    -1,    -1,
		0.75,  0.75,   0.75,   -0.125, -0.125, -0.125, 0,      0,     0,     -1,    -1,
		-1,    0.75,   0.75,   0.75,   -0.125, -0.125, -0.125, 0,     0,     0,	    1.875,
		1.875, 1.875,  1.25,   1.25,   1.25,   1.375,  1.375,  1.375, 0.25,  0.25,  0.25,
		1.875, 1.875,  1.875,  1.25,   1.25,   1.25,   1.375,  1.375, 1.375, 0.25,  0.25,
		0.25
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 2, 3 } },
				     .in = { F32(x, 1, 2, 3, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 2, 6, 12) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void nearest_down_asymmetric_floor(void **state)
{
	static const float y[] = { -1.5, 1.25, 0.375, 0.875, 0, -0.375 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESIZE,
				       .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							  .coordinates = EDGE_RESIZE_ASYMMETRIC,
							  .rounding = EDGE_RESIZE_FLOOR },
				       .in = { F32(image, 1, 1, 4, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 1, 3, 2) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nearest_align_corners_ceil(void **state)
{
	static const float y[] = { -1.5,   -1.5,  1.25,	 1.25,	0,     0,      0.375,
				   0.375,  0.875, 0.875, -2,	-2,    0.375,  0.375,
				   0.875,  0.875, -2,	 -2,	0,     -1.5,   -0.375,
				   -0.375, 1.75,  1.75,	 0,	-1.5,  -0.375, -0.375,
				   1.75,   1.75,  0.25,	 -1.75, 0.125, 0.125,  -1.5,
				   -1.5,   0.25,  -1.75, 0.125, 0.125, -1.5,   -1.5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESIZE,
				       .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							  .coordinates = EDGE_RESIZE_ALIGN_CORNERS,
							  .rounding = EDGE_RESIZE_CEIL },
				       .in = { F32(image, 1, 1, 4, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 1, 7, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nearest_prefer_ceil(void **state)
{
	static const float y[] = { -1.5,  -1.5,	 -1.5,	-1.5,  1.25,   1.25,   0,    0,
				   -1.5,  -1.5,	 -1.5,	-1.5,  1.25,   1.25,   0,    0,
				   0.375, 0.375, 0.375, 0.375, 0.875,  0.875,  -2,   -2,
				   0.375, 0.375, 0.375, 0.375, 0.875,  0.875,  -2,   -2,
				   0,	  0,	 -1.5,	-1.5,  -0.375, -0.375, 1.75, 1.75,
				   0,	  0,	 -1.5,	-1.5,  -0.375, -0.375, 1.75, 1.75,
				   0.25,  0.25,	 -1.75, -1.75, 0.125,  0.125,  -1.5, -1.5,
				   0.25,  0.25,	 -1.75, -1.75, 0.125,  0.125,  -1.5, -1.5 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_CEIL },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 8, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void nearest_prefer_floor_at_half(void **state)
{
	static const float y[] = { -1.5,  -1.5,	 -1.5,	-1.5,  1.25,   1.25,   0,    0,
				   -1.5,  -1.5,	 -1.5,	-1.5,  1.25,   1.25,   0,    0,
				   0.375, 0.375, 0.375, 0.375, 0.875,  0.875,  -2,   -2,
				   0.375, 0.375, 0.375, 0.375, 0.875,  0.875,  -2,   -2,
				   0,	  0,	 -1.5,	-1.5,  -0.375, -0.375, 1.75, 1.75,
				   0,	  0,	 -1.5,	-1.5,  -0.375, -0.375, 1.75, 1.75,
				   0.25,  0.25,	 -1.75, -1.75, 0.125,  0.125,  -1.5, -1.5,
				   0.25,  0.25,	 -1.75, -1.75, 0.125,  0.125,  -1.5, -1.5 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							.coordinates = EDGE_RESIZE_ASYMMETRIC,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 2, 2 } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 8, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void linear_up(void **state)
{
	static const float x[] = { 1,	  1.875, 2,	 0.5,	 1.5,	-0.5, -1.5,   0,
				   -0.25, 0.625, 2,	 -0.875, 1.5,	-1.5, -0.625, 1.25,
				   -1,	  0.75,	 -0.125, 0,	 1.875, 1.25, 1.375,  0.25 };
	static const float y[] = {
		1,	    1.21875,	1.65625,    1.90625,	1.96875,   1.625,      0.875,
		0.5,	    1.125,	1.1640625,  1.2421875,	1.2421875, 1.1640625,  0.9375,
		0.5625,	    0.375,	1.375,	    1.0546875,	0.4140625, -0.0859375, -0.4453125,
		-0.4375,    -0.0625,	0.125,	    1.0625,	0.7421875, 0.1015625,  -0.3203125,
		-0.5234375, -0.5234375, -0.3203125, -0.21875,	0.1875,	   0.2265625,  0.3046875,
		0.5390625,  0.9296875,	0.6796875,  -0.2109375, -0.65625,  -0.25,      -0.03125,
		0.40625,    0.96875,	1.65625,    1.28125,	-0.15625,  -0.875,     1.5,
		0.75,	    -0.75,	-1.28125,   -0.84375,	-0.15625,  0.78125,    1.25,
		0.875,	    0.421875,	-0.484375,  -0.828125,	-0.609375, -0.140625,  0.578125,
		0.9375,	    -0.375,	-0.234375,  0.046875,	0.078125,  -0.140625,  -0.109375,
		0.171875,   0.3125,	-0.28125,   0.0078125,	0.5859375, 0.71875,    0.40625,
		0.203125,   0.109375,	0.0625,	    1.15625,	1.1484375, 1.1328125,  1.09375,
		1.03125,    0.796875,	0.390625,   0.1875,	1.875,	   1.71875,    1.40625,
		1.28125,    1.34375,	1.09375,    0.53125,	0.25
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_LINEAR,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 2, 2 } },
				     .in = { F32(x, 1, 2, 3, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 2, 6, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void linear_align_corners(void **state)
{
	static const float y[] = {
		-1.5,	      -1.5,	   -1.5,	 -0.71428573,  0.4642857,   1.0714285,
		0.53571427,   0,	   -0.6964286,	 -0.6964286,   -0.6964286,  -0.18622449,
		0.57908165,   0.81122446,  -0.022959184, -0.85714287,  0.10714286,  0.10714286,
		0.10714286,   0.34183672,  0.69387758,	 0.55102038,   -0.58163267, -1.7142857,
		0.26785713,   0.084183671, -0.099489793, 0.033163264,  0.32397959,  0.31122449,
		-0.30867347,  -0.9285714,  0.10714286,	 -0.35204083,  -0.81122446, -0.69387758,
		-0.28826532,  0.081632651, 0.38010204,	 0.6785714,    0.035714287, -0.6377551,
		-1.3112245,   -1.1836735,  -0.65561223,	 -0.076530613, 0.60459185,  1.2857143,
		0.14285715,   -0.62244898, -1.3877552,	 -1.1989796,   -0.53316325, -0.091836736,
		-0.099489793, -0.10714286, 0.25,	 -0.60714287,  -1.4642857,  -1.2142857,
		-0.4107143,   -0.10714286, -0.8035714,	 -1.5
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_LINEAR,
							.coordinates = EDGE_RESIZE_ALIGN_CORNERS,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 2, 2 } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 8, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void linear_asymmetric(void **state)
{
	static const float x[] = { 1,	  1.875, 2,	 0.5,	 1.5,	-0.5, -1.5,   0,
				   -0.25, 0.625, 2,	 -0.875, 1.5,	-1.5, -0.625, 1.25,
				   -1,	  0.75,	 -0.125, 0,	 1.875, 1.25, 1.375,  0.25 };
	static const float y[] = {
		1,	     1.5,	   1.8928572,	 1.9642857,    1.5714285,
		0.71428573,  0.5,	   1.3,		 0.8142857,    0.37142858,
		0.057142857, -0.014285714, 0.15714286,	 0.2,	       1.15,
		0.33571428,  -0.34999999,  -0.64999998,	 -0.62142855,  -0.26428571,
		-0.175,	     0.1,	   0.27142859,	 0.52857143,   1.0428572,
		0.72857141,  -0.41428572,  -0.69999999,	 -0.25,	       0.25,
		0.8214286,   1.6071428,	   1.1785715,	 -0.4642857,   -0.875,
		1.5,	     -0.21428572,  -1.375,	 -0.875,       -0.089285716,
		0.98214287,  1.25,	   1.110223e-16, -0.085714288, -0.175,
		-0.27500001, -0.089285716, 0.38214287,	 0.5,	       -0.42500001,
		0.30357143,  0.75357145,   0.36785713,	 0.13928571,   0.067857146,
		0.050000001, 1.3,	   1.2142857,	 1.1392857,    1.0964285,
		0.82499999,  0.32499999,   0.2,		 1.875,	       1.5178572,
		1.2678572,   1.3392857,	   1.0535715,	 0.4107143,    0.25
	};

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_LINEAR,
				   .coordinates = EDGE_RESIZE_ASYMMETRIC,
				   .rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR },
		.in = { F32(x, 1, 2, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 1, 2, 5, 7) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void linear_down_by_an_odd_scale(void **state)
{
	static const float y[] = { -0.9375, 0.93000001, -0.36750001, -0.35624999 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_LINEAR,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 0.625f, 0.625f } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 2, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void linear_down_by_an_odd_scale_align_corners(void **state)
{
	static const float y[] = { -1.5, 1.25, 0, -0.375 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_LINEAR,
							.coordinates = EDGE_RESIZE_ALIGN_CORNERS,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.scales = { 1, 1, 0.625f, 0.625f } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 2, 2) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void linear_of_all_dimensions(void **state)
{
	static const float x[] = { 2, 2, -1.5, -1.25, -0.75, 0.25, 1.375, -0.125 };
	static const float y[] = { 2,	     2,	      2,       2,	 0.25,	   0.28125,
				   0.34375,  0.375,   -1.5,    -1.4375,	 -1.3125,  -1.25,
				   0.625,    0.75,    1,       1.125,	 0.28125,  0.265625,
				   0.234375, 0.21875, -0.0625, -0.21875, -0.53125, -0.6875,
				   -0.75,    -0.5,    0,       0.25,	 0.3125,   0.25,
				   0.125,    0.0625,  1.375,   1,	 0.25,	   -0.125 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_LINEAR,
				   .coordinates = EDGE_RESIZE_HALF_PIXEL,
				   .rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR },
		.in = { F32(x, 2, 2, 2) },
		.num_inputs = 1,
		.out = { F32(y, 3, 3, 4) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void cubic_up(void **state)
{
	static const float y[] = {
		-1.6977539,  -1.8027763,   -2.0128212,	-0.98302269, 0.72649956,   1.3602448,
		0.56033325,  0.097177505,  -1.0675735,	-1.1280499,  -1.2551823,   -0.4380722,
		0.89746857,  1.0365009,	   -0.10053444, -0.77416611, -0.026939392, -0.0075931549,
		0.012559891, 0.48514557,   1.2035294,	0.50391197,  -1.2217693,   -2.262394,
		0.51299286,  0.39270401,   0.18989182,	0.27101326,  0.62563133,   0.17085266,
		-0.83010864, -1.434988,	   0.24131012,	-0.15539932, -0.81904221,  -0.95952797,
		-0.52393913, 0.23077393,   0.90040588,	1.3131847,   0.20392609,   -0.43210411,
		-1.4965687,  -1.6962929,   -0.95428085, 0.1584034,   1.0485897,	   1.5993118,
		0.38472748,  -0.3199482,   -1.5020199,	-1.5514641,  -0.42845535,  0.014074326,
		-0.43527031, -0.69507599,  0.49286652,	-0.25740433, -1.5173912,   -1.4791069,
		-0.12405777, -0.073940277, -1.3163033,	-2.0558739
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_CUBIC,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.cubic_a = -0.75f,
							.scales = { 1, 1, 2, 2 } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 8, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void cubic_down_with_another_coefficient(void **state)
{
	static const float y[] = { -1.5,	-0.6388889, 0.47222221, 0.39351851, 0.13237311,
				   -0.49108368, 0.16203703, -1.3779149, -0.23868313 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_CUBIC,
							.coordinates = EDGE_RESIZE_ASYMMETRIC,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.cubic_a = -0.5f },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 3, 3) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void cubic_excluding_outside(void **state)
{
	static const float y[] = {
		-1.7556819,   -1.8528951,  -2.0671313,	 -1.0269665,  0.71704102,   1.3525729,
		0.58070993,   0.13248967,  -1.1103035,	 -1.1661807,  -1.2993367,   -0.47575158,
		0.88423765,   1.0036353,   -0.099965349, -0.76670414, -0.081689537, -0.061494101,
		-0.049074404, 0.4403781,   1.1884249,	 0.44777322,  -1.2350206,   -2.281904,
		0.52294922,   0.40093756,  0.19971071,	 0.27101326,  0.62563133,   0.12269679,
		-0.86988944,  -1.4900346,  0.27552378,	 -0.12869403, -0.78699696,  -0.95952797,
		-0.52393913,  0.26276901,  0.92639893,	 1.3542924,   0.26762435,   -0.38348389,
		-1.4448291,   -1.6889132,  -0.92862064,	 0.19084015,  1.0086039,    1.5403302,
		0.45209605,   -0.26720428, -1.4439813,	 -1.5445509,  -0.40653813,  -0.016157744,
		-0.51635367,  -0.80976951, 0.56611568,	 -0.20265821, -1.4626501,   -1.4791371,
		-0.10218395,  -0.14549743, -1.442459,	 -2.2345042
	};

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_CUBIC,
							.coordinates = EDGE_RESIZE_HALF_PIXEL,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.cubic_a = -0.75f,
							.exclude_outside = 1,
							.scales = { 1, 1, 2, 2 } },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 8, 8) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void cubic_align_corners(void **state)
{
	static const float y[] = { -1.5,	-1.7900391,  -0.0078125,  1.2568359,	0,
				   -0.31200001, -0.32439259, 0.77898437,  0.66232616,	-1.6289999,
				   0.48300001,	0.24843749,  0.58859372,  0.17971094,	-1.454,
				   0.086999997, -0.92560548, -0.91468751, 0.23655859,	1.354,
				   0.056499999, -1.5354629,  -1.3451875,  0.11460351,	0.89399999,
				   0.25,	-1.4946289,  -0.84765625, -0.045410156, -1.5 };

	ref_check(
		&(struct ref_case) { .op = EDGE_OP_RESIZE,
				     .params.resize = { .mode = EDGE_RESIZE_CUBIC,
							.coordinates = EDGE_RESIZE_ALIGN_CORNERS,
							.rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
							.cubic_a = -0.75f },
				     .in = { F32(image, 1, 1, 4, 4) },
				     .num_inputs = 1,
				     .out = { F32(y, 1, 1, 6, 5) },
				     .num_outputs = 1,
				     .tolerance = 1e-5f });
}

static void crop_and_resize_linear(void **state)
{
	static const float y[] = { 0.5, 10, 10, -0.45999986, 10, 10, 10, 10, 10 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_LINEAR,
				   .coordinates = EDGE_RESIZE_TF_CROP_AND_RESIZE,
				   .rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
				   .roi = { 0, 0, 0.4f, 0.6f, 1, 1, 1.2f, 1.7f },
				   .extrapolation = 10 },
		.in = { F32(image, 1, 1, 4, 4) },
		.num_inputs = 1,
		.out = { F32(y, 1, 1, 3, 3) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void crop_and_resize_nearest(void **state)
{
	static const float y[] = { 0.375, -2, 0.375, -2, -1.5, 1.75 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_NEAREST,
				   .coordinates = EDGE_RESIZE_TF_CROP_AND_RESIZE,
				   .rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR,
				   .roi = { 0, 0, 0.25f, 0.5f, 1, 1, 0.75f, 1 } },
		.in = { F32(image, 1, 1, 4, 4) },
		.num_inputs = 1,
		.out = { F32(y, 1, 1, 3, 2) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pytorch_half_pixel(void **state)
{
	static const float x[] = { 1,	  1.875, 2,	 0.5,	 1.5,	-0.5, -1.5,   0,
				   -0.25, 0.625, 2,	 -0.875, 1.5,	-1.5, -0.625, 1.25,
				   -1,	  0.75,	 -0.125, 0,	 1.875, 1.25, 1.375,  0.25 };
	static const float y[] = { 1.1510416,  1.203125,  0.5,	      0.21354167,
				   0.734375,   -0.359375, 0.57291669, -0.71875,
				   0.69791669, 1.1510416, 1.0625,     0.32291666 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_LINEAR,
				   .coordinates = EDGE_RESIZE_PYTORCH_HALF_PIXEL,
				   .rounding = EDGE_RESIZE_ROUND_PREFER_FLOOR },
		.in = { F32(x, 1, 2, 3, 4) },
		.num_inputs = 1,
		.out = { F32(y, 1, 2, 2, 3) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void pytorch_half_pixel_to_one_takes_the_first(void **state)
{
	static const float x[] = { 1, 2, 3, 4 };
	static const float y[] = { 1 };

	ref_check(&(struct ref_case) {
		.op = EDGE_OP_RESIZE,
		.params.resize = { .mode = EDGE_RESIZE_LINEAR,
				   .coordinates = EDGE_RESIZE_PYTORCH_HALF_PIXEL },
		.in = { F32(x, 1, 1, 4) },
		.num_inputs = 1,
		.out = { F32(y, 1, 1, 1) },
		.num_outputs = 1,
		.tolerance = 1e-5f });
}

static void cubic_as_torch(void **state)
{
	static const float x[] = { 1,	  1.875, 2,	 0.5,	 1.5,	-0.5, -1.5,   0,
				   -0.25, 0.625, 2,	 -0.875, 1.5,	-1.5, -0.625, 1.25,
				   -1,	  0.75,	 -0.125, 0,	 1.875, 1.25, 1.375,  0.25 };
	static const float y[] = {
		0.85208708,  1.5056565,	   2.2673948,	2.4777513,   1.4638436,	   0.39279211,
		1.3588455,   1.141484,	   0.7647711,	0.45330137,  0.33426535,   0.36717677,
		1.6736114,   0.59375,	   -0.84317088, -1.5214117,  -0.84374976,  0.13020796,
		0.50384557,  0.20632841,   0.048808541, 0.41223463,  -0.055827882, -0.65496331,
		-0.51791328, 0.0072187828, 1.1201781,	2.411947,    0.83878094,   -1.2450237,
		2.0400004,   -0.085781254, -1.9017787,	-1.0600334,  0.44628152,   1.5473436,
		0.40859017,  -0.18162465,  -0.75311947, -0.68554568, 0.1156252,	   0.85863131,
		-1.1519099,  -0.042968657, 0.77416074,	0.020109836, -0.14453119,  0.010850677,
		0.52407527,  0.93521875,   1.2308949,	0.96240669,  0.40953133,   -0.0034925877,
		2.2250459,   1.7037814,	   1.2772875,	1.5805467,   0.91721874,   0.16592738
	};

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESIZE,
				       .params.resize = { .mode = EDGE_RESIZE_CUBIC,
							  .coordinates = EDGE_RESIZE_HALF_PIXEL,
							  .cubic_a = -0.75f },
				       .in = { F32(x, 1, 2, 3, 4) },
				       .num_inputs = 1,
				       .out = { F32(y, 1, 2, 5, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void nearest_of_bytes(void **state)
{
	static const uint8_t x[] = { 250, 90, 236, 150, 183, 60 };
	static const uint8_t y[] = { 250, 250, 90,  90,	 236, 236, 250, 250, 90,  90,  236, 236,
				     150, 150, 183, 183, 60,  60,  150, 150, 183, 183, 60,  60 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_RESIZE,
				       .params.resize = { .mode = EDGE_RESIZE_NEAREST,
							  .coordinates = EDGE_RESIZE_ASYMMETRIC,
							  .rounding = EDGE_RESIZE_FLOOR },
				       .in = { U8(x, 1, 1, 2, 3) },
				       .num_inputs = 1,
				       .out = { U8(y, 1, 1, 4, 6) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void weighted_sums_of_bytes_are_refused(void **state)
{
	static const uint8_t x[1];
	struct ref_case test = { .op = EDGE_OP_RESIZE,
				 .params.resize = { .mode = EDGE_RESIZE_LINEAR },
				 .in = { U8(x, 1) },
				 .num_inputs = 1,
				 .out = { U8(x, 1) },
				 .num_outputs = 1 };

	assert_false(ref_case_is_supported(&test));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest_up),
		cmocka_unit_test(nearest_down_asymmetric_floor),
		cmocka_unit_test(nearest_align_corners_ceil),
		cmocka_unit_test(nearest_prefer_ceil),
		cmocka_unit_test(nearest_prefer_floor_at_half),
		cmocka_unit_test(linear_up),
		cmocka_unit_test(linear_align_corners),
		cmocka_unit_test(linear_asymmetric),
		cmocka_unit_test(linear_down_by_an_odd_scale),
		cmocka_unit_test(linear_down_by_an_odd_scale_align_corners),
		cmocka_unit_test(linear_of_all_dimensions),
		cmocka_unit_test(cubic_up),
		cmocka_unit_test(cubic_down_with_another_coefficient),
		cmocka_unit_test(cubic_excluding_outside),
		cmocka_unit_test(cubic_align_corners),
		cmocka_unit_test(crop_and_resize_linear),
		cmocka_unit_test(crop_and_resize_nearest),
		cmocka_unit_test(pytorch_half_pixel),
		cmocka_unit_test(pytorch_half_pixel_to_one_takes_the_first),
		cmocka_unit_test(cubic_as_torch),
		cmocka_unit_test(nearest_of_bytes),
		cmocka_unit_test(weighted_sums_of_bytes_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
