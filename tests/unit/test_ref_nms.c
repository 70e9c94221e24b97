// SPDX-License-Identifier: MIT
/* Boxes and expected values: ONNX's examples, and by hand. */
#include "ref_check.h"

static void overlapping_boxes_go(void **state)
{
	static const float x[] = { 0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0, 0, 0, 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 3, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void flipped_corners(void **state)
{
	static const float x[] = { 1, 1,  0, 0,	 1, 1.1,  0, 0.1,  1, 0.89999998, 0, -0.1,
				   1, 11, 0, 10, 1, 11.1, 0, 10.1, 1, 101,	  0, 100 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0, 0, 0, 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 3, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void boxes_by_centre(void **state)
{
	static const float x[] = { 0.5,	 0.5, 1, 1, 0.60000002, 0.5, 1, 1, 0.39999998, 0.5, 1, 1,
				   10.5, 0.5, 1, 1, 10.6,	0.5, 1, 1, 100.5,      0.5, 1, 1 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0, 0, 0, 5 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 1 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 3, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void score_threshold(void **state)
{
	static const float x[] = { 0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0.4f,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void limit_per_class(void **state)
{
	static const float x[] = { 0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001,
				   0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0, 0, 1, 3, 0, 1, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 2,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 2, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 4, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void limit_of_none(void **state)
{
	static const float x[] = { 0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[1];

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 0,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 6, 4), F32(a, 1, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 0, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void batches(void **state)
{
	static const float x[] = { 0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101,
				   0, 0,  1, 1,	 0, 0.1,  1, 1.1,  0, -0.1, 1, 0.89999998,
				   0, 10, 1, 11, 0, 10.1, 1, 11.1, 0, 100,  1, 101 };
	static const float a[] = { 0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001,
				   0.89999998, 0.75, 0.60000002, 0.94999999, 0.5, 0.30000001 };
	static const int64_t y[] = { 0, 0, 3, 0, 0, 0, 1, 0, 3, 1, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 2,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 2, 6, 4), F32(a, 2, 1, 6) },
				       .num_inputs = 2,
				       .out = { I64(y, 4, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void below_zero_without_threshold(void **state)
{
	static const float x[] = { 0, 0, 1, 1, 0, 0.1, 1, 1.1 };
	static const float a[] = { -0.89999998, -0.75 };
	static const int64_t y[] = { 0, 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 0,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 2, 4), F32(a, 1, 1, 2) },
				       .num_inputs = 2,
				       .out = { I64(y, 1, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void equal_boxes_and_scores(void **state)
{
	static const float x[] = { 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1 };
	static const float a[] = { 0.89999998, 0.89999998, 0.89999998, 0.89999998, 0.89999998 };
	static const int64_t y[] = { 0, 0, 0 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 3,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 5, 4), F32(a, 1, 1, 5) },
				       .num_inputs = 2,
				       .out = { I64(y, 1, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void boxes_without_area_stay(void **state)
{
	static const float x[] = { 0, 0, 0, 0, 0, 0, 0, 0 };
	static const float a[] = { 0.89999998, 0.75 };
	static const int64_t y[] = { 0, 0, 0, 0, 0, 1 };

	ref_check(&(struct ref_case) { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				       .params.nms = { .max_per_class = 9,
						       .iou_threshold = 0.5f,
						       .score_threshold = 0,
						       .has_score_threshold = 1,
						       .center_boxes = 0 },
				       .in = { F32(x, 1, 2, 4), F32(a, 1, 1, 2) },
				       .num_inputs = 2,
				       .out = { I64(y, 2, 3) },
				       .num_outputs = 1,
				       .tolerance = 1e-5f });
}

static void fewer_rows_than_room(void **state)
{
	static float boxes[] = { 0, 0, 1, 1, 0, 0, 1, 1 }, scores[] = { 0.5f, 0.75f };
	int64_t rows[] = { -1, -1, -1, -1, -1, -1 };
	struct edge_view inputs[] = { { EDGE_F32, 3, { 1, 2, 4 }, { 8, 4, 1 }, boxes },
				      { EDGE_F32, 3, { 1, 1, 2 }, { 2, 2, 1 }, scores } };
	struct edge_view output = { EDGE_I64, 2, { 2, 3 }, { 3, 1 }, rows };
	struct edge_node node = { .op = EDGE_OP_NON_MAX_SUPPRESSION,
				  .params.nms = { .max_per_class = 2, .iou_threshold = 0.5f },
				  .num_inputs = 2,
				  .num_outputs = 1 };
	int64_t scratch[4];

	edge_ref_run(&node, inputs, &output, scratch);
	assert_int_equal(output.dims[0], 1);
	assert_int_equal(rows[2], 1);
	assert_int_equal(rows[3], -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overlapping_boxes_go),
		cmocka_unit_test(flipped_corners),
		cmocka_unit_test(boxes_by_centre),
		cmocka_unit_test(score_threshold),
		cmocka_unit_test(limit_per_class),
		cmocka_unit_test(limit_of_none),
		cmocka_unit_test(batches),
		cmocka_unit_test(below_zero_without_threshold),
		cmocka_unit_test(equal_boxes_and_scores),
		cmocka_unit_test(boxes_without_area_stay),
		cmocka_unit_test(fewer_rows_than_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
