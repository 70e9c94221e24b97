// SPDX-License-Identifier: MIT
/* Miniatures of what detectors are made of: each must come out right in the planned memory, and with
 * no more copies than it takes. */
#include "graphs.h"

#include <string.h>

#include "graph/print.h"

static struct edge_graph *graph;
static struct edge_tensor *x; /* [1, 8, 6, 4] */

/* Inputs and outputs as the kernels like them, so that copies that are counted are those within. */
static const struct edge_pass_options native = { .native_io = true };
static const struct edge_pass_options row_major = { .native_io = false };

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_input(graph, "x", DIMS(1, 8, 6, 4));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

static void finish(struct edge_tensor *y)
{
	assert_true(edge_graph_add_output(graph, y));
}

static void expect_copies(const struct edge_pass_options *options, int count)
{
	check_all_passes(graph, options);
	if (count_nodes(graph, EDGE_OP_COPY) != count) {
		edge_print_text(graph, stderr, NULL);
		fail_msg("%d copies instead of %d", count_nodes(graph, EDGE_OP_COPY), count);
	}
}

static struct edge_tensor *conv(struct edge_tensor *a, int64_t channels, int kernel)
{
	return add_conv(graph, a, channels, kernel, 1, 1, true);
}

/* Convolution and SiLU. */
static struct edge_tensor *cbs(struct edge_tensor *a, int64_t channels, int kernel)
{
	return add_unary(graph, EDGE_FUNC_SILU, conv(a, channels, kernel));
}

static struct edge_tensor *cat2(int axis, struct edge_tensor *a, struct edge_tensor *b)
{
	return add_concat(graph, axis, 2, (struct edge_tensor *[]) { a, b });
}

static struct edge_tensor *add(struct edge_tensor *a, struct edge_tensor *b)
{
	return add_binary(graph, EDGE_BINARY_ADD, a, b);
}

static struct edge_tensor *sigmoid(struct edge_tensor *a)
{
	return add_unary(graph, EDGE_FUNC_SIGMOID, a);
}

static void images_are_brought_into_channels_last(void **state)
{
	finish(cbs(cbs(x, 6, 3), 5, 3));
	expect_copies(&row_major, 2);
	assert_int_equal(graph->inputs[0]->strides[3], 1);
	assert_int_equal(graph->outputs[0]->strides[3], 1);
}

static void native_inputs_and_outputs_are_not_copied(void **state)
{
	finish(cbs(cbs(x, 6, 3), 5, 3));
	expect_copies(&native, 0);
	assert_int_equal(graph->inputs[0]->strides[1], 1);
	assert_int_equal(graph->outputs[0]->strides[1], 1);
	assert_int_equal(graph->num_nodes, 2);
}

static void one_copy_serves_all_readers(void **state)
{
	finish(add(conv(x, 6, 3), add_max_pool(graph, conv(x, 6, 1), 3, 1, 1)));
	finish(conv(x, 5, 5));
	expect_copies(&row_major, 3);
}

static void squeezenet_fire(void **state)
{
	struct edge_tensor *s = cbs(x, 4, 1);

	s = cat2(1, cbs(s, 6, 1), cbs(s, 6, 3));
	s = add_max_pool(graph, s, 3, 2, 0);
	s = cbs(s, 3, 1);
	finish(conv(cat2(1, cbs(s, 6, 1), cbs(s, 6, 3)), 4, 1));
	expect_copies(&native, 0);
}

static struct edge_tensor *bottleneck(struct edge_tensor *a, bool shortcut)
{
	struct edge_tensor *b = cbs(cbs(a, a->dims[1], 1), a->dims[1], 3);

	return shortcut ? add(a, b) : b;
}

static void yolov5_c3(void **state)
{
	struct edge_tensor *a = cbs(x, 4, 1), *b = cbs(x, 4, 1);

	a = bottleneck(bottleneck(a, true), true);
	finish(cbs(cat2(1, a, b), 8, 1));
	expect_copies(&native, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 0);
}

static void yolov8_c2f(void **state)
{
	struct edge_tensor *parts[4];

	add_split(graph, cbs(x, 8, 1), 1, 2, parts);
	parts[2] = bottleneck(parts[1], true);
	parts[3] = bottleneck(parts[2], true);
	finish(cbs(add_concat(graph, 1, 4, parts), 8, 1));
	expect_copies(&native, 0);
	assert_int_equal(count_work(graph), 6);
}

static void yolov8_c2f_of_slices(void **state)
{
	struct edge_tensor *y = cbs(x, 8, 1), *parts[3];

	parts[0] = add_slice(graph, y, 1, 0, 4, 1);
	parts[1] = add_slice(graph, y, 1, 4, 8, 1);
	parts[2] = bottleneck(parts[1], true);
	finish(cbs(add_concat(graph, 1, 3, parts), 8, 1));
	expect_copies(&native, 0);
}

static void spatial_pyramid(void **state)
{
	struct edge_tensor *parts[4] = { cbs(x, 4, 1) };

	for (int i = 1; i < 4; i++)
		parts[i] = add_max_pool(graph, parts[i - 1], 5, 1, 2);
	finish(cbs(add_concat(graph, 1, 4, parts), 8, 1));
	expect_copies(&native, 0);
}

static void densenet(void **state)
{
	struct edge_tensor *y = cbs(x, 4, 1);

	for (int i = 0; i < 3; i++)
		y = cat2(1, y, cbs(y, 4, 3));
	finish(conv(y, 3, 1));
	expect_copies(&native, 0);
}

/* The fine map goes up and down again: one of its two concats has to copy. */
static void feature_pyramid(void **state)
{
	struct edge_tensor *c3 = cbs(x, 8, 3);
	struct edge_tensor *c4 =
		add_unary(graph, EDGE_FUNC_SILU, add_conv(graph, c3, 8, 3, 2, 1, true));
	struct edge_tensor *p3 = cbs(cat2(1, add_upsample(graph, cbs(c4, 8, 1)), c3), 8, 1);
	struct edge_tensor *down = add_conv(graph, p3, 8, 3, 2, 1, true);
	struct edge_tensor *p4 = cbs(cat2(1, down, c4), 8, 1);

	finish(conv(p3, 5, 1));
	finish(conv(p4, 5, 1));
	expect_copies(&native, 0);
}

static void what_is_in_two_concats_is_copied_once(void **state)
{
	struct edge_tensor *a = cbs(x, 4, 1), *b = cbs(x, 4, 3);

	finish(conv(cat2(1, a, b), 4, 1));
	finish(conv(cat2(1, b, cbs(b, 4, 3)), 4, 1));
	expect_copies(&native, 1);
}

static void what_is_in_a_concat_twice_is_copied_once(void **state)
{
	struct edge_tensor *a = cbs(x, 4, 1);

	finish(conv(cat2(1, a, a), 4, 1));
	expect_copies(&native, 1);
}

static void inputs_and_constants_are_copied_into_concats(void **state)
{
	struct edge_tensor *parts[3] = { x, add_weights(graph, DIMS(1, 2, 6, 4)), cbs(x, 4, 1) };

	finish(conv(add_concat(graph, 1, 3, parts), 4, 1));
	expect_copies(&native, 2);
}

static struct edge_tensor *shuffle(struct edge_tensor *a)
{
	int64_t c = a->dims[1] / 2, h = a->dims[2], w = a->dims[3];

	a = add_reshape(graph, a, DIMS(1, 2, c, h, w));
	a = add_transpose(graph, a, DIMS(0, 2, 1, 3, 4));
	return add_reshape(graph, a, DIMS(1, 2 * c, h, w));
}

static struct edge_tensor *dwconv(struct edge_tensor *a)
{
	return add_conv(graph, a, a->dims[1], 3, 1, a->dims[1], true);
}

/* The half that passes through takes its place in the next Concat when it is shuffled. */
static void shufflenet(void **state)
{
	struct edge_tensor *y = cbs(x, 8, 1), *halves[2];

	for (int i = 0; i < 3; i++) {
		add_split(graph, y, 1, 2, halves);
		halves[1] = cbs(dwconv(cbs(halves[1], 4, 1)), 4, 1);
		y = shuffle(cat2(1, halves[0], halves[1]));
	}
	finish(conv(y, 4, 1));
	expect_copies(&native, 3);
}

/* As FastestDet writes it. */
static void shufflenet_by_gather(void **state)
{
	struct edge_tensor *y = cbs(x, 8, 1), *halves[2];
	union edge_params params = { .axis = { .axis = 0 } };

	for (int i = 0; i < 2; i++) {
		y = add_reshape(graph, y, DIMS(4, 2, 24));
		y = add_transpose(graph, y, DIMS(1, 0, 2));
		y = add_reshape(graph, y, DIMS(2, 1, 4, 6, 4));
		for (int64_t j = 0; j < 2; j++)
			halves[j] = add_node(
				graph, EDGE_OP_GATHER, &params, 2,
				(struct edge_tensor *[]) { y, add_ints(graph, 0, NULL, &j) });
		halves[1] = cbs(dwconv(cbs(halves[1], 4, 1)), 4, 1);
		y = cat2(1, halves[0], halves[1]);
	}
	finish(conv(y, 4, 1));
	expect_copies(&native, 2);
}

static void yolov4_tiny_route(void **state)
{
	struct edge_tensor *y = cbs(x, 8, 3), *a, *b;

	a = cbs(add_slice(graph, y, 1, 4, 8, 1), 4, 3);
	b = cbs(a, 4, 3);
	a = cbs(cat2(1, b, a), 8, 1);
	finish(conv(add_max_pool(graph, cat2(1, y, a), 2, 2, 0), 4, 1));
	expect_copies(&native, 0);
}

/* Three scales, the finest first. */
static void make_pyramid(struct edge_tensor **levels)
{
	levels[0] = cbs(x, 8, 3);
	for (int i = 1; i < 3; i++)
		levels[i] = add_conv(graph, levels[i - 1], 8, 3, 2, 1, true);
}

static void yolox_head(void **state)
{
	struct edge_tensor *levels[3], *parts[3];

	make_pyramid(levels);
	for (int i = 0; i < 3; i++) {
		struct edge_tensor *all[3] = { conv(levels[i], 4, 1),
					       sigmoid(conv(levels[i], 1, 1)),
					       sigmoid(conv(levels[i], 5, 1)) };

		parts[i] = add_concat(graph, 1, 3, all);
		parts[i] = add_reshape(graph, parts[i],
				       DIMS(1, 10, parts[i]->dims[2] * parts[i]->dims[3]));
	}
	finish(add_transpose(graph, add_concat(graph, 2, 3, parts), DIMS(0, 2, 1)));
	expect_copies(&row_major, 1); /* the image */
	assert_int_equal(count_work(graph), 13);
}

static void ssd_head(void **state)
{
	struct edge_tensor *levels[3], *parts[3];

	make_pyramid(levels);
	for (int i = 0; i < 3; i++) {
		struct edge_tensor *y = conv(levels[i], 2 * 5, 3);
		int64_t boxes = 2 * y->dims[2] * y->dims[3];

		y = add_transpose(graph, y, DIMS(0, 2, 3, 1));
		parts[i] = add_reshape(graph, y, DIMS(1, boxes, 5));
	}
	finish(sigmoid(add_concat(graph, 1, 3, parts)));
	expect_copies(&row_major, 1);
	assert_int_equal(count_work(graph), 7);
}

static void nanodet_head(void **state)
{
	struct edge_tensor *levels[3];

	make_pyramid(levels);
	for (int i = 0; i < 3; i++) {
		struct edge_tensor *parts[2];
		int64_t cells = levels[i]->dims[2] * levels[i]->dims[3];

		add_split(graph, conv(levels[i], 10, 1), 1, 2, parts);
		parts[0] = sigmoid(parts[0]);
		for (int j = 0; j < 2; j++) {
			parts[j] = add_reshape(graph, parts[j], DIMS(1, 5, cells));
			finish(add_transpose(graph, parts[j], DIMS(0, 2, 1)));
		}
	}
	expect_copies(&row_major, 1);
	assert_int_equal(count_work(graph), 10);
}

/* Anchors in the middle: the sigmoid brings them outside, which costs it nothing. */
static void yolov5_decoding(void **state)
{
	struct edge_tensor *y = conv(x, 3 * 6, 1), *parts[3];

	y = add_reshape(graph, y, DIMS(1, 3, 6, 6, 4));
	y = sigmoid(add_transpose(graph, y, DIMS(0, 1, 3, 4, 2)));
	add_split(graph, y, 4, 3, parts);
	parts[0] = add_binary(graph, EDGE_BINARY_MUL, parts[0], add_number(graph, 2));
	parts[0] = add(parts[0], add_weights(graph, DIMS(1, 3, 6, 4, 2)));
	parts[1] = add_binary(graph, EDGE_BINARY_MUL, parts[1], parts[1]);
	y = add_concat(graph, 4, 3, parts);
	finish(add_reshape(graph, y, DIMS(1, 72, 6)));
	expect_copies(&row_major, 2);
}

/* The scores come with the classes innermost, and must leave with the cells innermost. */
static void yolov8_decoding(void **state)
{
	struct edge_tensor *levels[3], *parts[3], *box, *scores, *y;
	int64_t cells = 6 * 4 + 3 * 2 + 2 * 1;

	make_pyramid(levels);
	for (int i = 0; i < 3; i++) {
		y = cat2(1, conv(levels[i], 4 * 4, 1), conv(levels[i], 5, 1));
		parts[i] = add_reshape(graph, y, DIMS(1, 21, y->dims[2] * y->dims[3]));
	}
	y = add_concat(graph, 2, 3, parts);
	box = add_slice(graph, y, 1, 0, 16, 1);
	scores = sigmoid(add_slice(graph, y, 1, 16, 21, 1));
	box = add_reshape(graph, box, DIMS(1, 4, 4, cells));
	box = add_softmax(graph, add_transpose(graph, box, DIMS(0, 2, 1, 3)), 1);
	box = add_reshape(graph, conv(box, 1, 1), DIMS(1, 4, cells));
	box = add(box, add_weights(graph, DIMS(1, 4, cells)));
	finish(cat2(1, box, scores));
	expect_copies(&row_major, 2);
}

static void classifier(void **state)
{
	struct edge_tensor *y = add_max_pool(graph, conv(x, 8, 1), 1, 1, 0), *inputs[2];
	union edge_params params;

	memcpy(y->producer->params.pool.kernel, (int32_t[]) { 6, 4 }, 8);
	y->dims[2] = 1;
	y->dims[3] = 1;
	inputs[0] = add_reshape(graph, y, DIMS(1, 8));
	inputs[1] = add_weights(graph, DIMS(8, 5));
	edge_op_default_params(EDGE_OP_MATMUL, &params);
	finish(add_node(graph, EDGE_OP_MATMUL, &params, 2, inputs));
	expect_copies(&native, 0);
}

static void flattening_takes_a_copy(void **state)
{
	struct edge_tensor *inputs[2] = { add_reshape(graph, cbs(x, 8, 1), DIMS(1, 192)),
					  add_weights(graph, DIMS(192, 5)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	finish(add_node(graph, EDGE_OP_MATMUL, &params, 2, inputs));
	expect_copies(&native, 1);
}

static void inputs_as_outputs_are_copied(void **state)
{
	finish(x);
	finish(add_reshape(graph, x, DIMS(8, 24)));
	finish(add_weights(graph, DIMS(3)));
	expect_copies(&row_major, 3);
}

static void outputs_may_share_memory(void **state)
{
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_EXP, x);

	finish(y);
	finish(add_reshape(graph, y, DIMS(8, 24)));
	finish(y);
	expect_copies(&row_major, 0);
	assert_ptr_equal(graph->outputs[1]->storage, y);
}

static void outputs_are_dense(void **state)
{
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_EXP, x), *parts[2];

	add_split(graph, y, 2, 2, parts);
	finish(parts[0]);
	finish(add_slice(graph, y, 0, 0, 1, 1));
	finish(add_slice(graph, y, 3, 0, 4, 2));
	expect_copies(&row_major, 2);
}

static void rows_of_an_output_are_written_in_place(void **state)
{
	struct edge_tensor *a = add_unary(graph, EDGE_FUNC_EXP, x);

	finish(a);
	finish(cat2(0, a, add_unary(graph, EDGE_FUNC_RELU, x)));
	expect_copies(&row_major, 0);
	assert_ptr_equal(a->storage, graph->outputs[1]);
}

static void expanding_is_a_view(void **state)
{
	union edge_params params = { .shape = { .dims = { 1, 8, 6, 4 }, .rank = 4 } };
	struct edge_tensor *row = add_input(graph, "row", DIMS(6, 1));

	row = add_node(graph, EDGE_OP_EXPAND, &params, 1, &row);
	finish(add_binary(graph, EDGE_BINARY_MUL, row, row));
	finish(add_concat(graph, 3, 2, (struct edge_tensor *[]) { row, cbs(x, 8, 1) }));
	/* x, the Expand into the Concat, and the convolution, whose channels are innermost. */
	expect_copies(&row_major, 3);
}

static void stepping_backwards_is_no_view(void **state)
{
	struct edge_tensor *y = cbs(x, 4, 1);

	finish(conv(add_slice(graph, y, 3, 3, -1, -1), 4, 1));
	finish(add_slice(graph, add_unary(graph, EDGE_FUNC_EXP, x), 1, 6, 0, -2));
	expect_copies(&native, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_SLICE), 2);
}

/* The half that is not in the Concat is read again once the Concat is done. */
static void a_split_half_that_lives_on_is_not_overwritten(void **state)
{
	struct edge_tensor *halves[2], *y;

	add_split(graph, cbs(x, 8, 1), 1, 2, halves);
	y = cat2(1, halves[0], cbs(halves[1], 4, 1));
	y = conv(y, 4, 1);
	finish(add_binary(graph, EDGE_BINARY_MUL, y, halves[1]));
	expect_copies(&native, 1);
}

/* The halves change places. */
static void crossed_halves_are_copied(void **state)
{
	struct edge_tensor *halves[2];

	add_split(graph, cbs(x, 8, 1), 1, 2, halves);
	finish(conv(cat2(1, halves[1], halves[0]), 4, 1));
	expect_copies(&native, 2);
}

static void batches(void **state)
{
	struct edge_tensor *a = add_input(graph, "a", DIMS(3, 4, 5, 2)), *b;

	a = cbs(a, 4, 3);
	b = add_reshape(graph, cat2(1, a, cbs(a, 2, 1)), DIMS(3, 6, 10));
	b = add_transpose(graph, b, DIMS(0, 2, 1));
	finish(b);
	finish(add_reshape(graph, b, DIMS(30, 6)));
	finish(conv(x, 1, 1));
	expect_copies(&row_major, 2);
}

static void one_channel(void **state)
{
	struct edge_tensor *image = add_input(graph, "image", DIMS(1, 1, 5, 4));
	struct edge_tensor *y = conv(image, 1, 3);

	finish(add(y, conv(y, 1, 3)));
	finish(cat2(1, conv(x, 1, 1), conv(x, 1, 1)));
	expect_copies(&row_major, 1); /* x */
	for (int i = 0; i < graph->num_tensors; i++) {
		if (graph->tensors[i]->rank == 4 && graph->tensors[i]->dims[1] == 1 &&
		    graph->tensors[i]->producer)
			assert_int_equal(graph->tensors[i]->strides[1], 1);
	}
}

static void space_to_depth(void **state)
{
	union edge_params params = { .block = { .size = 2 } };
	struct edge_tensor *y = cbs(x, 4, 1);
	struct edge_tensor *deep = add_node(graph, EDGE_OP_SPACE_TO_DEPTH, &params, 1, &y);

	y = add_max_pool(graph, y, 2, 2, 0);
	finish(conv(cat2(1, deep, y), 4, 1));
	expect_copies(&native, 1);
}

static void volumes_and_lines(void **state)
{
	struct edge_tensor *line = add_input(graph, "line", DIMS(1, 4, 9));
	struct edge_tensor *volume = add_input(graph, "volume", DIMS(1, 2, 3, 4, 5));

	line = cbs(line, 4, 3);
	volume = cbs(volume, 3, 3);
	finish(conv(cat2(1, line, cbs(line, 4, 1)), 2, 1));
	finish(conv(cat2(1, volume, cbs(volume, 4, 1)), 2, 1));
	finish(conv(x, 1, 1));
	expect_copies(&native, 0);
}

static void everything_unfused(void **state)
{
	static const struct edge_pass_options plain = { .no_fusion = true };
	struct edge_tensor *y = cbs(x, 8, 1), *halves[2];

	add_split(graph, shuffle(y), 1, 2, halves);
	y = cat2(1, bottleneck(halves[0], true), halves[1]);
	finish(sigmoid(add_transpose(graph, y, DIMS(0, 2, 3, 1))));
	check_all_passes(graph, &plain);
	assert_int_equal(count_nodes(graph, EDGE_OP_UNARY), 4);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(images_are_brought_into_channels_last),
		TEST(native_inputs_and_outputs_are_not_copied),
		TEST(one_copy_serves_all_readers),
		TEST(squeezenet_fire),
		TEST(yolov5_c3),
		TEST(yolov8_c2f),
		TEST(yolov8_c2f_of_slices),
		TEST(spatial_pyramid),
		TEST(densenet),
		TEST(feature_pyramid),
		TEST(what_is_in_two_concats_is_copied_once),
		TEST(what_is_in_a_concat_twice_is_copied_once),
		TEST(inputs_and_constants_are_copied_into_concats),
		TEST(shufflenet),
		TEST(shufflenet_by_gather),
		TEST(yolov4_tiny_route),
		TEST(yolox_head),
		TEST(ssd_head),
		TEST(nanodet_head),
		TEST(yolov5_decoding),
		TEST(yolov8_decoding),
		TEST(classifier),
		TEST(flattening_takes_a_copy),
		TEST(inputs_as_outputs_are_copied),
		TEST(outputs_may_share_memory),
		TEST(outputs_are_dense),
		TEST(rows_of_an_output_are_written_in_place),
		TEST(expanding_is_a_view),
		TEST(stepping_backwards_is_no_view),
		TEST(a_split_half_that_lives_on_is_not_overwritten),
		TEST(crossed_halves_are_copied),
		TEST(batches),
		TEST(one_channel),
		TEST(space_to_depth),
		TEST(volumes_and_lines),
		TEST(everything_unfused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
