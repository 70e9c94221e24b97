// SPDX-License-Identifier: MIT
/* DetectionPostProcess: TensorFlow Lite's example of six boxes around three places, and what
 * changes in it by hand. */
#include <math.h>

#include "ref_check.h"

#include "graph/infer.h"

static const float codes[24] = { [5] = 1, [9] = -1, [17] = 1 };
static const float anchors[] = { 0.5f, 0.5f,  1, 1, 0.5f, 0.5f,	 1, 1, 0.5f, 0.5f,   1, 1,
				 0.5f, 10.5f, 1, 1, 0.5f, 10.5f, 1, 1, 0.5f, 100.5f, 1, 1 };

/* The background, and two classes. */
static const float with_background[] = { 0, .9f,  .8f,	0, .75f, .72f, 0, .6f, .5f,
					 0, .93f, .95f, 0, .5f,	 .4f,  0, .3f, .2f };
static const float without[] = { .9f, .8f, .75f, .72f, .6f, .5f, .93f, .95f, .5f, .4f, .3f, .2f };

static union edge_params example(void)
{
	return (union edge_params) { .detections = { .scale = { 10, 10, 5, 5 },
						     .iou_threshold = 0.5f,
						     .classes = 2,
						     .max = 3,
						     .classes_per_box = 1,
						     .per_class = 1 } };
}

struct expected {
	const float *boxes, *classes, *scores;
	float count;
	int64_t room;
};

static void check_scores(union edge_params params, const float *scores, int64_t columns,
			 const struct expected *y)
{
	ref_check(&(struct ref_case) {
		.op = EDGE_OP_DETECTION_POSTPROCESS,
		.params = params,
		.in = { F32(codes, 1, 6, 4), F32(scores, 1, 6, columns), F32(anchors, 6, 4) },
		.num_inputs = 3,
		.out = { F32(y->boxes, 1, y->room, 4), F32(y->classes, 1, y->room),
			 F32(y->scores, 1, y->room), F32(&y->count, 1) },
		.num_outputs = 4,
		.tolerance = 1e-5f,
		.no_half = true });
}

static void check(union edge_params params, const struct expected *y)
{
	check_scores(params, with_background, 3, y);
	check_scores(params, without, 2, y);
}

static void by_the_best_class(void **state)
{
	check(example(),
	      &(struct expected) { (const float[]) { 0, 10, 1, 11, 0, 0, 1, 1, 0, 100, 1, 101 },
				   (const float[]) { 1, 0, 0 }, (const float[]) { .95f, .9f, .3f },
				   3, 3 });
}

static void for_each_class(void **state)
{
	union edge_params params = example();

	params.detections.regular = 1;
	check(params, &(struct expected) { (const float[]) { 0, 10, 1, 11, 0, 10, 1, 11, [11] = 0 },
					   (const float[]) { 1, 0, 0 },
					   (const float[]) { .95f, .93f, 0 }, 2, 3 });
	params.detections.per_class = 100;
	check(params,
	      &(struct expected) { (const float[]) { 0, 10, 1, 11, 0, 10, 1, 11, 0, 0, 1, 1 },
				   (const float[]) { 1, 0, 0 }, (const float[]) { .95f, .93f, .9f },
				   3, 3 });
}

static void several_classes_of_a_box(void **state)
{
	union edge_params params = example();

	params.detections.max = 2;
	params.detections.classes_per_box = 3;
	check(params,
	      &(struct expected) { (const float[]) { 0, 10, 1, 11, 0, 10, 1, 11, 0, 0, 0, 0,
						     0, 0,  1, 1,  0, 0,  1, 1,	 0, 0, 0, 0 },
				   (const float[]) { 1, 0, 0, 0, 1, 0 },
				   (const float[]) { .95f, .93f, 0, .9f, .8f, 0 }, 2, 6 });
}

/* A score at the threshold stays. */
static void scores_below_the_threshold_go(void **state)
{
	union edge_params params = example();

	params.detections.score_threshold = .9f;
	check(params, &(struct expected) { (const float[]) { 0, 10, 1, 11, 0, 0, 1, 1, [11] = 0 },
					   (const float[]) { 1, 0, 0 },
					   (const float[]) { .95f, .9f, 0 }, 2, 3 });
}

/* Boxes beside each other share 0.9 / 1.1; boxes of equal scores come in their order. */
static void overlap_up_to_the_threshold_stays(void **state)
{
	static const float same[] = { 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0 };
	union edge_params params = example();

	params.detections.iou_threshold = .82f;
	params.detections.score_threshold = .5f;
	check_scores(params, same, 2,
		     &(struct expected) {
			     (const float[]) { 0, 0, 1, 1, 0, .1f, 1, 1.1f, 0, -.1f, 1, .9f },
			     (const float[]) { 0, 0, 0 }, (const float[]) { 1, 1, 1 }, 3, 3 });
	params.detections.iou_threshold = .81f;
	check_scores(params, same, 2,
		     &(struct expected) { (const float[]) { 0, 0, 1, 1, [11] = 0 },
					  (const float[]) { 0, 0, 0 }, (const float[]) { 1, 0, 0 },
					  1, 3 });
}

static void nothing_is_found(void **state)
{
	static const float none[12];
	union edge_params params = example();

	params.detections.score_threshold = 2;
	check(params, &(struct expected) { none, none, none, 0, 3 });
}

/* What a file may say and nobody can compute. */
static void params_are_checked(void **state)
{
	static const int64_t dims[][3] = { { 1, 6, 4 }, { 1, 6, 3 }, { 6, 4 } };
	union edge_params bad[10];
	int count = 0;

	for (size_t i = 0; i < 10; i++)
		bad[i] = example();
	bad[count++].detections.scale[2] = 0;
	bad[count++].detections.scale[0] = INFINITY;
	bad[count++].detections.iou_threshold = 0;
	bad[count++].detections.iou_threshold = 1.5f;
	bad[count++].detections.score_threshold = NAN;
	bad[count++].detections.classes = 1;
	bad[count++].detections.classes = 4;
	bad[count++].detections.max = 0;
	bad[count++].detections.classes_per_box = -1;
	bad[count++].detections.per_class = 0;
	for (int i = 0; i < count; i++) {
		struct edge_graph *graph = edge_graph_create("test");
		struct edge_node *node =
			edge_graph_add_node(graph, EDGE_OP_DETECTION_POSTPROCESS, "n", 3, 4);
		struct edge_error error = { 0 };

		for (int k = 0; k < 3; k++) {
			struct edge_tensor *input = edge_graph_add_tensor(graph, NULL);

			edge_tensor_set_shape(input, EDGE_F32, k < 2 ? 3 : 2, dims[k]);
			edge_node_set_input(node, k, input);
		}
		for (int k = 0; k < 4; k++)
			edge_node_set_output(node, k, edge_graph_add_tensor(graph, NULL));
		node->params = example();
		assert_int_equal(edge_infer_node(graph, node, &error), EDGE_OK);
		node->params = bad[i];
		assert_int_equal(edge_infer_node(graph, node, &error), EDGE_BAD_FORMAT);
		edge_graph_destroy(graph);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_the_best_class),
		cmocka_unit_test(for_each_class),
		cmocka_unit_test(several_classes_of_a_box),
		cmocka_unit_test(scores_below_the_threshold_go),
		cmocka_unit_test(overlap_up_to_the_threshold_stays),
		cmocka_unit_test(nothing_is_found),
		cmocka_unit_test(params_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
