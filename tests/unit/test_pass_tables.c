// SPDX-License-Identifier: MIT
#include "graphs_quant.h"

static const struct pair fine = { EDGE_U8, 4.0f / 255, 128 };
static const struct pair coarse = { EDGE_U8, 0.05f, 100 };
static const struct pair positive = { EDGE_U8, 0.03f, 0 };

static struct edge_graph *graph;
static struct edge_tensor *x; /* bytes, [1, 4, 6, 6] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_byte_input(graph, "x", &fine, DIMS(1, 4, 6, 6));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

static struct edge_tensor *conv(struct edge_tensor *a)
{
	return add_quantize(graph, add_byte_conv(graph, a, 4, 3, 1, 0), &coarse);
}

static struct edge_tensor *function(enum edge_func func, struct edge_tensor *a,
				    const struct pair *pair)
{
	return add_quantize(graph, add_unary(graph, func, add_dequantize(graph, a)), pair);
}

/* To operators on bytes, which compute the same before and after the pass that is tested. */
static void finish(struct edge_tensor *y)
{
	struct edge_error error;

	assert_true(edge_graph_add_output(graph, y));
	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
}

static void check(int nodes, int lookups)
{
	check_steps(graph, edge_pass_tables, 0);
	assert_int_equal(graph->num_nodes, nodes);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), lookups);
}

static void a_table_goes_into_the_convolution(void **state)
{
	struct edge_tensor *y = function(EDGE_FUNC_SIGMOID, conv(x), &positive);

	finish(y);
	check(1, 0);
	assert_ptr_equal(graph->outputs[0], y);
	assert_true(only_node(graph, EDGE_OP_CONV)->params.conv.table_scale == coarse.scale);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->params.conv.table_zero_point, 100);
}

static void tables_become_one(void **state)
{
	struct edge_tensor *y = function(EDGE_FUNC_SIGMOID, x, &positive);

	finish(function(EDGE_FUNC_TANH, function(EDGE_FUNC_EXP, y, &coarse), &fine));
	check(1, 1);
}

static void chains_of_tables_go_into_the_convolution(void **state)
{
	struct edge_tensor *y = function(EDGE_FUNC_LEAKY_RELU, conv(x), &positive);

	y = add_quantize(graph, add_dequantize(graph, y), &fine);
	finish(function(EDGE_FUNC_TANH, y, &fine));
	check(1, 0);
}

static void what_others_read_stays(void **state)
{
	struct edge_tensor *y = conv(x);

	assert_true(edge_graph_add_output(graph, y));
	finish(function(EDGE_FUNC_SIGMOID, y, &positive));
	check(2, 1);
}

static void movement_does_not_matter(void **state)
{
	struct edge_tensor *parts[2] = { add_dequantize(graph, conv(x)),
					 add_dequantize(graph, conv(x)) };
	struct edge_tensor *y = add_concat(graph, 1, 2, parts);

	y = add_max_pool(graph, add_upsample(graph, y), 3, 2, 1);
	y = add_quantize(graph, add_reshape(graph, y, DIMS(8, 36)), &coarse);
	finish(function(EDGE_FUNC_SIGMOID, y, &positive));
	check(6, 0);
}

/* The greatest of the negated is not the negated greatest. */
static void falling_functions_stay_behind_maxima(void **state)
{
	struct edge_tensor *y = add_max_pool(graph, add_dequantize(graph, conv(x)), 3, 1, 1);

	y = add_quantize(graph, y, &coarse);
	finish(function(EDGE_FUNC_NEG, y, &coarse));
	check(3, 1);
}

static void parts_that_cannot_look_up_keep_it_behind(void **state)
{
	struct edge_tensor *parts[2] = { add_dequantize(graph, conv(x)), add_dequantize(graph, x) };

	parts[1] = add_dequantize(graph, add_quantize(graph, parts[1], &coarse));
	parts[1] = add_binary(graph, EDGE_BINARY_ADD, parts[0], parts[1]);
	parts[1] = add_dequantize(graph, add_quantize(graph, parts[1], &coarse));
	finish(function(EDGE_FUNC_SIGMOID,
			add_quantize(graph, add_concat(graph, 1, 2, parts), &coarse), &positive));
	check(5, 2);
}

static void what_changes_nothing_vanishes(void **state)
{
	static const struct pair same = { EDGE_I8, 4.0f / 255, 0 };
	struct edge_tensor *y = add_quantize(graph, add_dequantize(graph, x), &same);

	/* Each is a table, and both together are none. */
	y = add_quantize(graph, add_dequantize(graph, y), &fine);
	finish(function(EDGE_FUNC_SIGMOID, y, &positive));
	finish(add_quantize(graph, add_dequantize(graph, conv(y)), &coarse));
	check_steps(graph, edge_pass_tables, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 1);
}

static void reals_are_looked_up_at_last(void **state)
{
	struct edge_tensor *y = function(EDGE_FUNC_SIGMOID, x, &positive);

	assert_true(edge_graph_add_output(graph, add_unary(graph, EDGE_FUNC_EXP,
							   add_dequantize(graph, y))));
	check_pass(graph, edge_pass_quantise);
	check_pass(graph, edge_pass_tables);
	assert_ptr_equal(only_node(graph, EDGE_OP_LOOKUP)->inputs[0], x);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_table_goes_into_the_convolution),
		TEST(tables_become_one),
		TEST(chains_of_tables_go_into_the_convolution),
		TEST(what_others_read_stays),
		TEST(movement_does_not_matter),
		TEST(falling_functions_stay_behind_maxima),
		TEST(parts_that_cannot_look_up_keep_it_behind),
		TEST(what_changes_nothing_vanishes),
		TEST(reals_are_looked_up_at_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
