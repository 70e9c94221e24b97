// SPDX-License-Identifier: MIT
#include "graphs.h"

#include <string.h>

static struct edge_graph *graph;
static struct edge_tensor *x; /* [1, 4, 5, 3] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_input(graph, "x", DIMS(1, 4, 5, 3));
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

static void constants_are_computed(void **state)
{
	struct edge_tensor *a = add_weights(graph, DIMS(4, 1, 1)), *parts[2];
	struct edge_tensor *b = add_unary(graph, EDGE_FUNC_EXP, a);

	b = add_binary(graph, EDGE_BINARY_SUB, b, add_number(graph, 3));
	add_split(graph, b, 0, 2, parts);
	b = add_concat(graph, 0, 2, (struct edge_tensor *[]) { parts[1], parts[0] });
	finish(add_binary(graph, EDGE_BINARY_MUL, x, b));
	check_pass(graph, edge_pass_fold_constants);
	assert_int_equal(graph->num_nodes, 1);
	assert_true(graph->nodes[0]->inputs[1]->constant);
}

static void constant_output_is_still_written(void **state)
{
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_EXP, add_weights(graph, DIMS(3)));

	y = add_unary(graph, EDGE_FUNC_NEG, y);
	finish(y);
	check_pass(graph, edge_pass_fold_constants);
	assert_ptr_equal(graph->outputs[0], y);
	assert_false(y->constant);
	assert_int_equal(graph->num_nodes, 1);
}

/* 5000 * 5000 elements out of 5000. */
static void constants_do_not_explode(void **state)
{
	union edge_params params = { .shape = { .dims = { 5000, 5000 }, .rank = 2 } };
	struct edge_tensor *row = add_weights(graph, DIMS(5000));
	struct edge_tensor *y = add_node(graph, EDGE_OP_EXPAND, &params, 1, &row);
	struct edge_error error;

	finish(add_unary(graph, EDGE_FUNC_RELU, y));
	assert_int_equal(edge_pass_fold_constants(graph, &error), EDGE_OK);
	assert_int_equal(count_nodes(graph, EDGE_OP_EXPAND), 1);
}

/* A hundred times 2000 * 2000 elements, each few enough. */
static void many_constants_do_not_explode(void **state)
{
	union edge_params params = { .shape = { .dims = { 2000, 2000 }, .rank = 2 } };
	struct edge_tensor *row = add_weights(graph, DIMS(2000));
	struct edge_error error;
	int64_t bytes = 0;

	for (int i = 0; i < 100; i++)
		finish(add_unary(graph, EDGE_FUNC_RELU,
				 add_node(graph, EDGE_OP_EXPAND, &params, 1, &row)));
	assert_int_equal(edge_pass_fold_constants(graph, &error), EDGE_OK);
	for (int i = 0; i < graph->num_tensors; i++) {
		if (graph->tensors[i]->constant)
			bytes += edge_tensor_bytes(graph->tensors[i]);
	}
	assert_true(bytes < 300 << 20);
	assert_in_range(count_nodes(graph, EDGE_OP_EXPAND), 1, 99);
}

static void batch_norm_goes_into_conv(void **state)
{
	struct edge_tensor *y = add_batch_norm(graph, add_conv(graph, x, 6, 3, 1, 1, false));

	y = add_batch_norm(graph, add_conv(graph, y, 6, 3, 2, 6, true));
	y = add_batch_norm(graph, add_conv(graph, y, 4, 1, 1, 2, true));
	finish(y);
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(count_nodes(graph, EDGE_OP_BATCH_NORM), 0);
	assert_int_equal(graph->num_nodes, 3);
	assert_ptr_equal(graph->outputs[0], y);
}

static void batch_norm_goes_into_transposed_conv(void **state)
{
	struct edge_tensor *inputs[2] = { x, add_weights(graph, DIMS(4, 3, 2, 2)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV_TRANSPOSE, &params);
	for (int i = 0; i < 2; i++) {
		params.conv.kernel[i] = 2;
		params.conv.stride[i] = 2;
	}
	params.conv.group = 2;
	finish(add_batch_norm(graph, add_node(graph, EDGE_OP_CONV_TRANSPOSE, &params, 2, inputs)));
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(graph->num_nodes, 1);
}

static struct edge_tensor *add_matmul(struct edge_tensor *a, struct edge_tensor *b,
				      struct edge_tensor *bias, bool transpose_b)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	params.matmul.transpose_b = transpose_b;
	params.matmul.alpha = 0.5f;
	params.matmul.beta = 0.25f;
	return add_node(graph, EDGE_OP_MATMUL, &params, bias ? 3 : 2,
			(struct edge_tensor *[]) { a, b, bias });
}

static void affine_goes_into_matmul(void **state)
{
	struct edge_tensor *y =
		add_matmul(x, add_weights(graph, DIMS(6, 3)), add_weights(graph, DIMS(6)), true);

	y = add_binary(graph, EDGE_BINARY_MUL, y, add_weights(graph, DIMS(6)));
	y = add_binary(graph, EDGE_BINARY_SUB, add_weights(graph, DIMS(1, 6)), y);
	y = add_matmul(y, add_weights(graph, DIMS(6, 2)), NULL, false);
	y = add_binary(graph, EDGE_BINARY_ADD, y, add_number(graph, 2));
	finish(y);
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(graph->num_nodes, 2);
}

static void affine_goes_into_conv(void **state)
{
	struct edge_tensor *y = add_conv(graph, x, 6, 3, 1, 1, true);

	y = add_binary(graph, EDGE_BINARY_MUL, y, add_weights(graph, DIMS(6, 1, 1)));
	y = add_binary(graph, EDGE_BINARY_ADD, add_weights(graph, DIMS(1, 6, 1, 1)), y);
	y = add_binary(graph, EDGE_BINARY_DIV, y, add_number(graph, 3));
	y = add_binary(graph, EDGE_BINARY_SUB, y, add_weights(graph, DIMS(6, 1, 1)));
	y = add_binary(graph, EDGE_BINARY_SUB, add_number(graph, 1), y);
	finish(y);
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(graph->num_nodes, 1);
}

static void what_is_not_per_channel_stays(void **state)
{
	struct edge_tensor *y = add_conv(graph, x, 3, 1, 1, 1, true);

	/* [3] runs along the columns, of which there are as many as channels. */
	y = add_binary(graph, EDGE_BINARY_MUL, y, add_weights(graph, DIMS(3)));
	finish(y);
	y = add_conv(graph, x, 3, 1, 1, 1, true);
	finish(add_binary(graph, EDGE_BINARY_DIV, add_number(graph, 1), y));
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 2);
}

static void what_others_read_stays(void **state)
{
	struct edge_tensor *y = add_conv(graph, x, 6, 3, 1, 1, true);

	finish(add_binary(graph, EDGE_BINARY_MUL, y, add_number(graph, 2)));
	finish(y);
	y = add_conv(graph, x, 6, 3, 1, 1, true);
	finish(add_binary(graph, EDGE_BINARY_MUL, y, add_number(graph, 2)));
	finish(add_unary(graph, EDGE_FUNC_RELU, y));
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 2);
}

static void lone_batch_norm_is_depthwise(void **state)
{
	struct edge_tensor *line = add_input(graph, "line", DIMS(2, 3, 7));
	struct edge_tensor *row = add_input(graph, "row", DIMS(2, 3));

	finish(add_batch_norm(graph, x));
	finish(add_batch_norm(graph, line));
	finish(add_batch_norm(graph, row));
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(count_nodes(graph, EDGE_OP_CONV), 2);
	assert_int_equal(graph->outputs[0]->producer->params.conv.group, 4);
}

/* Two convolutions with the same weights, of which one is scaled. */
static void shared_weights_are_not_changed(void **state)
{
	struct edge_tensor *y = add_conv(graph, x, 6, 1, 1, 1, true);
	struct edge_tensor *inputs[3] = { x, y->producer->inputs[1], y->producer->inputs[2] };

	finish(add_batch_norm(graph, y));
	finish(add_node(graph, EDGE_OP_CONV, &y->producer->params, 3, inputs));
	check_pass(graph, edge_pass_fold_batch_norm);
	assert_int_equal(graph->num_nodes, 2);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(constants_are_computed),	     TEST(constant_output_is_still_written),
		TEST(constants_do_not_explode),	     TEST(many_constants_do_not_explode),
		TEST(batch_norm_goes_into_conv),     TEST(batch_norm_goes_into_transposed_conv),
		TEST(affine_goes_into_matmul),	     TEST(affine_goes_into_conv),
		TEST(what_is_not_per_channel_stays), TEST(what_others_read_stays),
		TEST(lone_batch_norm_is_depthwise),  TEST(shared_weights_are_not_changed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
