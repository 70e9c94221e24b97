// SPDX-License-Identifier: MIT
/* Expected values: torch.nn.functional.grid_sample. */
#include "ref_check.h"

static const float image[] = { 0.375,  1.25,   1.625,  1.5,    1.875,  -1.5,  1.125, -0.125,
			       0.75,   -0.875, -2,     -1.75,  2,      1.625, -0.75, -0.25,
			       -1.125, -1.5,   1.5,    0.75,   -1.75,  -1.25, 0.25,  1.625,
			       2,      -1.125, 0.5,    -1.875, -1.375, -1.25, -0.25, -0.625,
			       0.875,  -0.125, -0.625, 1.625,  0.5,    0.875, 1,     -0.625,
			       1.625,  -2,     -0.75,  -1.375, -2,     2,     -1.75, -0.125 };

static const float grid[] = { 1.03125, 0.5625,	1.125,	 -1.40625, 0,	    -1.40625,
			      -0.9375, 1.03125, -1.3125, 0.28125,  -1.5,    -0.5625,
			      1.3125,  -0.5625, -0.5625, -1.3125,  0.84375, -1.03125,
			      0,       -1.5,	-1.5,	 1.03125,  -1.5,    -0.09375 };

static void nearest_zeros(void **state)
{
	static const float y[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				   0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 0,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void nearest_zeros_align_corners(void **state)
{
	static const float y[] = { -1.75, 1.5,	 1.625,	 0.75,	1.875,	0,	1.625,	-0.25,
				   -0.75, -1.75, -1.125, 0,	-1.875, -1.125, -1.875, 0.5,
				   0,	  0,	 -0.625, 0.875, -0.625, 1,	0,	0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 0,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void nearest_border(void **state)
{
	static const float y[] = { -1.75, 1.5,	  1.625,  0.75, 1.875,	0.375, 1.625,  -0.25,
				   -0.75, -1.75,  -1.125, 2,	-1.875, 2,     -1.875, 0.5,
				   0.875, -1.375, -0.625, 0.5,	-0.625, 1,     -2,     1.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 1,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void nearest_border_align_corners(void **state)
{
	static const float y[] = { -1.75, 1.5,	  1.625,  0.75,	 1.875,	 0.375,	 1.625,	 -0.25,
				   -0.75, -1.75,  -1.125, 2,	 -1.875, -1.125, -1.875, 0.5,
				   0.875, -1.375, -0.625, 0.875, -0.625, 1,	 -2,	 1.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 1,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void nearest_reflection(void **state)
{
	static const float y[] = { -1.75, 1.5,	  1.625,  0.75, 1.875,	0.375, 1.625,  -0.25,
				   -0.75, -1.75,  -1.125, 2,	-1.875, 2,     -1.875, 0.5,
				   0.875, -1.375, -0.625, 0.5,	-0.625, 1,     -2,     1.625 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 2,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void nearest_reflection_align_corners(void **state)
{
	static const float y[] = { -1.75,  1.5,	  1.625,  0.75,	 1.875,	 1.25,	 1.625,	 -0.25,
				   -0.75,  -1.75, -1.125, 1.625, -1.875, -1.125, -1.875, 0.5,
				   -0.125, -1.25, -0.625, 0.875, -0.625, 1,	 2,	 -2 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_NEAREST,
							       .padding = 2,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f,
				       .no_half = true });
}

static void bilinear_zeros(void **state)
{
	static const float y[] = { -0.65454102, 0,	     0,		  0.21240234,  0, 0,
				   0.65112305,	0,	     0,		  -0.49560547, 0, 0,
				   0,		0.025878906, -0.69030762, 0,	       0, 0,
				   0,		0.020019531, -0.23010254, 0,	       0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 0,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bilinear_zeros_align_corners(void **state)
{
	static const float y[] = { -0.99035645, 0.72363281, 0.85351562,	 0.57897949,   0.82800293,
				   0.2578125,	1.18396,    -0.12060547, 0.25976562,   -1.6499023,
				   -0.69104004, 0.15820312, -0.70556641, -0.034912109, -1.2771606,
				   -0.15625,	0.21191406, -0.26464844, -0.50634766,  0.51293945,
				   -0.23651123, 0.46875,    -0.484375,	 0.37988281 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 0,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bilinear_border(void **state)
{
	static const float y[] = { -1.4960938, 1.5,	 1.4375, 0.75,	  1.4003906,  0.609375,
				   1.4882812,  -0.25,	 0.4375, -1.75,	  -1.3886719, 1.5117188,
				   -1.6796875, 0.828125, -1.875, -0.3125, 0.875,      -0.90039062,
				   -0.7421875, 0.640625, -0.625, 0.9375,  -2,	      1.4667969 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 1,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bilinear_border_align_corners(void **state)
{
	static const float y[] = { -1.0390625,	1.5,	   1.4375,     0.59765625,  1.5585938,
				   1.03125,	1.2421875, -0.25,      0.4375,	    -1.703125,
				   -1.3007812,	0.6328125, -1.328125,  -0.05078125, -1.3183594,
				   -0.3125,	0.875,	   -1.0585938, -0.953125,   0.74609375,
				   -0.24414062, 0.9375,	   -2,	       1.5195312 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 1,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bilinear_reflection(void **state)
{
	static const float y[] = { -1.4960938, 1.3222656, 1.2597656,  0.75,	   1.0708008,
				   0.71484375, 1.4882812, -0.140625,  0.38964844,  -1.75,
				   -1.3894043, 1.3242188, -1.421875,  0.828125,	   -1.875,
				   -0.421875,  0.375,	  -1.0664062, -0.55859375, 0.640625,
				   -0.625,     0.359375,  0,	      -0.064453125 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 2,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bilinear_reflection_align_corners(void **state)
{
	static const float y[] = { -1.0200195,	0.94897461,  0.77734375, 0.62768555,  0.20727539,
				   0.29296875,	1.2213135,   0.15771484, 0.25976562,  -1.6861572,
				   -1.3612061,	0.3515625,   -0.625,	 -0.43896484, -1.2939453,
				   -0.53125,	0.081054688, -1.1933594, -0.39648438, 0.27734375,
				   -0.27490234, -0.21875,    0.93457031, -0.91796875 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_LINEAR,
							       .padding = 2,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_zeros(void **state)
{
	static const float y[] = { -0.72811651,	 -0.021827092, -0.09963575, 0.21766081,
				   -0.11682584,	 -0.058504879, 0.80891973,  0.0025417283,
				   -0.023129728, -0.56705457,  0.13266179,  -0.16490999,
				   0.13631949,	 0.025626412,  -0.90372145, 0.040374756,
				   -0.054457918, 0.10532279,   0.057181213, 0.016658645,
				   -0.25628507,	 -0.11865234,  0.11249164,  -0.16687083 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 0,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_zeros_align_corners(void **state)
{
	static const float y[] = { -1.3289946,	0.90918905, 1.1325103,	 0.63667184,  1.2946635,
				   0.29566357,	1.4593853,  -0.17578399, 0.2494849,   -1.7906392,
				   -0.89827836, 0.22433084, -1.1131321,	 0.025047051, -1.5008951,
				   -0.16137695, 0.23984329, -0.27704653, -0.74906278, 0.72396713,
				   -0.3129853,	0.82324219, -0.60336912, 0.52885699 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 0,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_border(void **state)
{
	static const float y[] = { -1.5554178, 1.4956055, 1.53125,     0.81759572,  1.5697367,
				   0.59276676, 1.6101056, -0.23242188, 0.35546875,  -1.865661,
				   -1.7131923, 1.592185,  -1.7427731,  0.76831913,  -2.2163856,
				   -0.3828125, 1.064482,  -1.1489348,  -0.74450493, 0.62716919,
				   -0.7205134, 1.125,	  -2.3052764,  1.7735826 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 1,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_border_align_corners(void **state)
{
	static const float y[] = { -1.198285,	1.674162,   1.7372671,	 0.61111265,  2.0827475,
				   1.1489834,	1.3411866,  -0.29853234, 0.38987488,  -1.7327925,
				   -1.6127862,	0.7229811,  -1.6908125,	 -0.16270512, -1.3415029,
				   -0.3527832,	0.96051621, -1.2447076,	 -1.1849082,  0.92663878,
				   -0.25857815, 1.3857422,  -2.2262554,	 1.8804433 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 1,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_reflection(void **state)
{
	static const float y[] = { -1.5520712,	1.3326105,  1.3677644,	 0.76938963,  1.2320138,
				   0.66410112,	1.7213817,  -0.11459986, 0.33146062,  -1.9826339,
				   -1.7449236,	1.5510923,  -1.5022408,	 0.81588799,  -2.4211473,
				   -0.45620728, 0.76163578, -1.3475202,	 -0.58141714, 0.63575989,
				   -0.69251496, 0.42442322, 0.47352791,	 -0.23921633 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 2,
							       .align_corners = 0 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

static void bicubic_reflection_align_corners(void **state)
{
	static const float y[] = { -1.3494596,	1.2195821,   1.0699233,	   0.72956723,	0.33648363,
				   0.32479477,	1.4215159,   -0.041083373, 0.30872917,	-1.7505335,
				   -1.9690007,	0.75564635,  -0.80666184,  -0.42821413, -1.5675941,
				   -0.51513672, 0.18540138,  -1.4042704,   -0.35063079, 0.36958098,
				   -0.4487431,	-0.19274902, 1.3417853,	   -1.1687622 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_GRID_SAMPLE,
				       .params.grid_sample = { .mode = EDGE_RESIZE_CUBIC,
							       .padding = 2,
							       .align_corners = 1 },
				       .in = { F32(image, 2, 2, 3, 4), F32(grid, 2, 2, 3, 2) },
				       .num_inputs = 2,
				       .out = { F32(y, 2, 2, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 2e-5f });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nearest_zeros),
		cmocka_unit_test(nearest_zeros_align_corners),
		cmocka_unit_test(nearest_border),
		cmocka_unit_test(nearest_border_align_corners),
		cmocka_unit_test(nearest_reflection),
		cmocka_unit_test(nearest_reflection_align_corners),
		cmocka_unit_test(bilinear_zeros),
		cmocka_unit_test(bilinear_zeros_align_corners),
		cmocka_unit_test(bilinear_border),
		cmocka_unit_test(bilinear_border_align_corners),
		cmocka_unit_test(bilinear_reflection),
		cmocka_unit_test(bilinear_reflection_align_corners),
		cmocka_unit_test(bicubic_zeros),
		cmocka_unit_test(bicubic_zeros_align_corners),
		cmocka_unit_test(bicubic_border),
		cmocka_unit_test(bicubic_border_align_corners),
		cmocka_unit_test(bicubic_reflection),
		cmocka_unit_test(bicubic_reflection_align_corners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
