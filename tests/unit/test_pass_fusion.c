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

static struct edge_tensor *conv(struct edge_tensor *a)
{
	return add_conv(graph, a, 4, 3, 1, 1, true);
}

static struct edge_tensor *relu(struct edge_tensor *a)
{
	return add_unary(graph, EDGE_FUNC_RELU, a);
}

static struct edge_tensor *silu(struct edge_tensor *a)
{
	return add_unary(graph, EDGE_FUNC_SILU, a);
}

static struct edge_tensor *add(struct edge_tensor *a, struct edge_tensor *b)
{
	return add_binary(graph, EDGE_BINARY_ADD, a, b);
}

static void activations_go_into_producers(void **state)
{
	struct edge_tensor *product[2] = { x, add_weights(graph, DIMS(3, 3)) }, *y;
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	y = add_node(graph, EDGE_OP_MATMUL, &params, 2, product);
	y = add_clip(graph, y, 0, 6);
	y = relu(add_binary(graph, EDGE_BINARY_MUL, silu(conv(y)), x));
	finish(y);
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 3);
	assert_ptr_equal(graph->outputs[0], y);
	assert_int_equal(only_node(graph, EDGE_OP_MATMUL)->act.func, EDGE_FUNC_CLIP);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->act.func, EDGE_FUNC_SILU);
	assert_int_equal(only_node(graph, EDGE_OP_BINARY)->act.func, EDGE_FUNC_RELU);
}

static void other_functions_stay(void **state)
{
	finish(add_unary(graph, EDGE_FUNC_EXP, conv(x)));
	finish(silu(silu(conv(x))));
	finish(relu(add_max_pool(graph, conv(x), 2, 2, 0)));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_UNARY), 3);
}

static void what_others_read_stays(void **state)
{
	struct edge_tensor *y = conv(x), *z = conv(x);

	finish(relu(y));
	finish(y);
	finish(add_binary(graph, EDGE_BINARY_MUL, relu(z), z));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_UNARY), 2);
}

static void activations_rise_through_moves(void **state)
{
	struct edge_tensor *parts[2];

	for (int i = 0; i < 2; i++) {
		parts[i] = add_transpose(graph, conv(x), DIMS(0, 2, 3, 1));
		parts[i] = add_reshape(graph, parts[i], DIMS(1, 30, 2));
	}
	finish(add_unary(graph, EDGE_FUNC_SIGMOID, add_concat(graph, 1, 2, parts)));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_UNARY), 0);
}

/* One part could not apply it. */
static void activations_rise_to_all_parts_or_none(void **state)
{
	struct edge_tensor *parts[2] = { conv(x), add_max_pool(graph, x, 3, 1, 1) };

	finish(relu(add_concat(graph, 1, 2, parts)));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_UNARY), 1);
}

static void residual_before_activation(void **state)
{
	finish(relu(add(conv(relu(conv(x))), x)));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 2);
	assert_int_equal(graph->nodes[1]->num_inputs, 4);
	assert_false(graph->nodes[1]->params.conv.residual_after_act);
}

static void residual_of_depthwise(void **state)
{
	finish(add(add_conv(graph, x, 4, 3, 1, 4, true), x));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 1);
}

static void residual_after_activation(void **state)
{
	finish(add(x, silu(conv(x))));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 1);
	assert_true(graph->nodes[0]->params.conv.residual_after_act);
}

/* The activation after the addition would come in between. */
static void activations_on_both_sides(void **state)
{
	finish(relu(add(x, silu(conv(x)))));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 2);
}

/* The other operand is computed after the convolution, and the later convolution is the one. */
static void residuals_that_come_late(void **state)
{
	struct edge_tensor *y = conv(x), *late = add_max_pool(graph, x, 3, 1, 1);
	struct edge_tensor *first = conv(y), *second = conv(y);
	const char *name = second->producer->name;

	finish(add(y, late));
	finish(add(second, first));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 1);
	assert_string_equal(graph->outputs[1]->producer->name, name);
}

static void residual_of_a_late_pool(void **state)
{
	struct edge_tensor *y = conv(x);

	finish(add(y, add_max_pool(graph, x, 3, 1, 1)));
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(graph->num_nodes, 2);
	assert_int_equal(graph->nodes[1]->op, EDGE_OP_CONV);
}

static void what_is_no_residual_stays(void **state)
{
	finish(add(conv(x), add_weights(graph, DIMS(4, 1, 1))));
	finish(add(conv(x), add_weights(graph, DIMS(1, 4, 5, 3))));
	finish(add(add(conv(x), x), x)); /* the inner one is */
	check_pass(graph, edge_pass_fuse_activations);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 3);
}

static void parts_that_go_apart_are_computed_apart(void **state)
{
	struct edge_tensor *y = add_conv(graph, x, 6, 3, 1, 1, true), *parts[3];

	add_split(graph, y, 1, 3, parts);
	finish(add_unary(graph, EDGE_FUNC_SIGMOID, parts[0]));
	finish(add_transpose(graph, parts[1], DIMS(0, 2, 3, 1)));
	finish(add_unary(graph, EDGE_FUNC_EXP, parts[2]));
	check_pass(graph, edge_pass_split_convolutions);
	assert_int_equal(count_nodes(graph, EDGE_OP_CONV), 3);
	assert_int_equal(count_nodes(graph, EDGE_OP_SPLIT), 0);
}

static void parts_that_stay_together_are_computed_together(void **state)
{
	struct edge_tensor *parts[3];

	add_split(graph, add_conv(graph, x, 6, 3, 1, 1, false), 1, 2, parts);
	parts[2] = add_conv(graph, parts[1], 3, 3, 1, 1, true);
	finish(add_concat(graph, 1, 3, parts));
	check_pass(graph, edge_pass_split_convolutions);
	assert_int_equal(count_nodes(graph, EDGE_OP_SPLIT), 1);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(activations_go_into_producers),
		TEST(other_functions_stay),
		TEST(what_others_read_stays),
		TEST(activations_rise_through_moves),
		TEST(activations_rise_to_all_parts_or_none),
		TEST(residual_before_activation),
		TEST(residual_of_depthwise),
		TEST(residual_after_activation),
		TEST(activations_on_both_sides),
		TEST(residuals_that_come_late),
		TEST(residual_of_a_late_pool),
		TEST(what_is_no_residual_stays),
		TEST(parts_that_go_apart_are_computed_apart),
		TEST(parts_that_stay_together_are_computed_together),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
