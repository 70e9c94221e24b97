// SPDX-License-Identifier: MIT
#include "graphs_quant.h"

static const struct pair wide = { EDGE_I8, 4.0f / 255, 3 };
static const struct pair coarse = { EDGE_I8, 0.05f, -28 };
static const struct pair unsigned_pair = { EDGE_U8, 0.03f, 7 };

static struct edge_graph *graph;
static struct edge_tensor *x; /* bytes, [1, 4, 6, 6] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_byte_input(graph, "x", &wide, DIMS(1, 4, 6, 6));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

static struct edge_tensor *conv(struct edge_tensor *a, int axis)
{
	return add_quantize(graph, add_byte_conv(graph, a, 4, 3, 1, axis), &coarse);
}

static struct edge_tensor *sigmoid(struct edge_tensor *a, const struct pair *pair)
{
	a = add_unary(graph, EDGE_FUNC_SIGMOID, add_dequantize(graph, a));
	return add_quantize(graph, a, pair);
}

static void finish(struct edge_tensor *y)
{
	assert_true(edge_graph_add_output(graph, y));
}

static bool is_end(const struct edge_tensor *tensor)
{
	return edge_graph_is_input(graph, tensor) || edge_graph_is_output(graph, tensor);
}

/* Operators on bytes before, and the same results after, bit for bit. */
static void check(void)
{
	struct edge_error error;

	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	check_steps(graph, edge_pass_unsigned, 0);
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		if (node->outputs[0]->type == EDGE_I8)
			assert_true(is_end(node->outputs[0]));
		if (node->op == EDGE_OP_CONV)
			assert_int_equal(node->inputs[1]->type, EDGE_I8);
	}
}

static void activations_are_unsigned_and_weights_signed(void **state)
{
	struct edge_tensor *y = conv(conv(x, 0), -1);

	finish(y);
	check();
	assert_int_equal(graph->num_nodes, 4);
	assert_ptr_equal(graph->outputs[0], y);
	assert_int_equal(y->type, EDGE_I8);
	assert_int_equal(x->type, EDGE_I8);
	assert_int_equal(graph->nodes[1]->inputs[0]->quant->zero_points[0], 131);
}

static void tables_follow(void **state)
{
	struct edge_tensor *y = sigmoid(sigmoid(conv(x, 0), &coarse), &unsigned_pair);

	finish(conv(sigmoid(y, &wide), 0));
	check();
}

static void tables_of_convolutions_follow(void **state)
{
	struct edge_error error;

	finish(conv(sigmoid(conv(x, 0), &coarse), 0));
	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	check_steps(graph, edge_pass_tables, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 0);
	check();
}

static void limits_follow(void **state)
{
	struct edge_tensor *y = add_clip(graph, add_byte_conv(graph, x, 4, 3, 1, 0), -1, 2);

	finish(conv(add_quantize(graph, y, &coarse), 0));
	check();
}

static void constants_follow(void **state)
{
	struct edge_tensor *parts[2] = { add_dequantize(graph, conv(x, 0)) }, *y;
	struct edge_tensor *constant = add_byte_weights(graph, EDGE_I8, -1, DIMS(1, 2, 6, 6));

	parts[1] = add_dequantize(graph, constant);
	y = add_quantize(graph, add_concat(graph, 1, 2, parts), &coarse);
	constant = add_byte_weights(graph, EDGE_I8, -1, DIMS(6, 1, 1));
	y = add_binary(graph, EDGE_BINARY_MUL, add_dequantize(graph, constant),
		       add_dequantize(graph, y));
	finish(conv(add_quantize(graph, y, &coarse), 0));
	check();
}

static void padding_follows(void **state)
{
	union edge_params params = { .pad = { .begin = { 0, 0, 1, 0 } } };
	struct edge_tensor *inputs[2] = { add_dequantize(graph, conv(x, 0)),
					  add_number(graph, 0.5f) };

	finish(conv(add_quantize(graph, add_node(graph, EDGE_OP_PAD, &params, 2, inputs), &coarse),
		    0));
	inputs[0] = add_dequantize(graph, conv(x, 0));
	finish(add_quantize(graph, add_node(graph, EDGE_OP_PAD, &params, 1, inputs), &coarse));
	check();
	assert_int_equal(count_nodes(graph, EDGE_OP_PAD), 2);
}

static void maxima_and_averages_follow(void **state)
{
	struct edge_tensor *y = add_max_pool(graph, add_dequantize(graph, conv(x, 0)), 3, 1, 1);
	union edge_params params;

	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &params);
	params.pool.kernel[0] = 2;
	params.pool.kernel[1] = 3;
	y = add_dequantize(graph, add_quantize(graph, y, &coarse));
	y = add_node(graph, EDGE_OP_AVERAGE_POOL, &params, 1, &y);
	finish(conv(add_quantize(graph, y, &coarse), 0));
	check();
}

/* A comparison sees what is stored. */
static void what_sees_stored_bytes_sees_the_same(void **state)
{
	struct edge_tensor *y = conv(x, 0), *less;

	less = edge_graph_add_constant(graph, "zero", EDGE_I8, 0, NULL, NULL);
	less = add_binary(graph, EDGE_BINARY_LESS, y, less);
	finish(conv(y, 0));
	finish(add_node(graph, EDGE_OP_CAST, &(union edge_params) { .cast = { EDGE_I64 } }, 1,
			&less));
	finish(add_node(graph, EDGE_OP_CAST, &(union edge_params) { .cast = { EDGE_I64 } }, 1, &y));
	check_steps(graph, edge_pass_quantise, 1);
	check_steps(graph, edge_pass_unsigned, 0);
	assert_int_equal(only_node(graph, EDGE_OP_BINARY)->inputs[0]->type, EDGE_I8);
}

static void outputs_may_be_read_as_well(void **state)
{
	struct edge_tensor *y = conv(x, 0), *z = sigmoid(y, &coarse);

	finish(y);
	finish(z);
	finish(conv(y, 0));
	finish(conv(z, 0));
	check();
	assert_int_equal(y->type, EDGE_I8);
	assert_int_equal(z->type, EDGE_I8);
}

static void what_is_unsigned_stays(void **state)
{
	struct edge_tensor *y = add_byte_input(graph, "y", &unsigned_pair, DIMS(1, 4, 6, 6));

	finish(add_quantize(graph, add_byte_conv(graph, y, 4, 3, 1, 0), &unsigned_pair));
	check();
	assert_int_equal(graph->num_nodes, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(activations_are_unsigned_and_weights_signed),
		TEST(tables_follow),
		TEST(tables_of_convolutions_follow),
		TEST(limits_follow),
		TEST(constants_follow),
		TEST(padding_follows),
		TEST(maxima_and_averages_follow),
		TEST(what_sees_stored_bytes_sees_the_same),
		TEST(outputs_may_be_read_as_well),
		TEST(what_is_unsigned_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
