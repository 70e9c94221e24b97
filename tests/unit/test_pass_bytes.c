// SPDX-License-Identifier: MIT
/* What the passes that are made for reals do with operators on bytes. */
#include "graphs_quant.h"

#include <string.h>

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

static struct edge_tensor *round_to(struct edge_tensor *a, const struct pair *pair)
{
	return add_quantize(graph, a, pair);
}

static struct edge_tensor *real(struct edge_tensor *a)
{
	return add_dequantize(graph, a);
}

static struct edge_tensor *conv(struct edge_tensor *a, int64_t channels, const struct pair *pair)
{
	return round_to(add_byte_conv(graph, a, channels, 3, 1, 0), pair);
}

static struct edge_tensor *sigmoid(struct edge_tensor *a)
{
	return round_to(add_unary(graph, EDGE_FUNC_SIGMOID, real(a)), &positive);
}

/* Operators on bytes first; @pass must not change a bit of what they compute. */
static void check(struct edge_tensor *y, pass_fn pass)
{
	struct edge_error error;

	if (y)
		assert_true(edge_graph_add_output(graph, y));
	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	check_steps(graph, pass, 0);
}

/* What is stored for 0 and for 1 is something else. */
static void neutral_bytes_are_not_neutral(void **state)
{
	struct edge_tensor *zeroes = add_byte_weights(graph, EDGE_U8, -1, DIMS(4, 1, 1));
	struct edge_tensor *ones = add_byte_weights(graph, EDGE_I8, -1, DIMS(4, 1, 1));
	struct edge_tensor *y;

	memset(zeroes->data, 0, 4);
	memset(ones->data, 1, 4);
	/* So that they are constants of many numbers, which no table stands for. */
	*(uint8_t *)zeroes->data = 1;
	*(uint8_t *)ones->data = 2;
	y = round_to(add_binary(graph, EDGE_BINARY_ADD, real(x), real(zeroes)), &fine);
	y = round_to(add_binary(graph, EDGE_BINARY_MUL, real(y), real(ones)), &fine);
	assert_true(edge_graph_add_output(graph, y));
	check(NULL, edge_pass_dead_nodes);
	*(uint8_t *)zeroes->data = 0;
	*(uint8_t *)ones->data = 1;
	check_steps(graph, edge_pass_simplify, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 2);
}

static void casts_that_forget_the_scale_stay(void **state)
{
	union edge_params to_bytes = { .cast = { .type = EDGE_U8 } };
	union edge_params to_ints = { .cast = { .type = EDGE_I64 } };
	struct edge_tensor *y = add_node(graph, EDGE_OP_CAST, &to_bytes, 1, &x);

	check(add_node(graph, EDGE_OP_CAST, &to_ints, 1, &y), edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_CAST), 2);
}

static void sums_of_bytes_stay_apart_from_convolutions(void **state)
{
	struct edge_tensor *y =
		add_binary(graph, EDGE_BINARY_ADD, real(conv(x, 4, &coarse)), real(x));

	check(round_to(y, &coarse), edge_pass_fuse_activations);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->num_inputs, 3);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 1);
}

static void convolutions_are_split(void **state)
{
	struct edge_tensor *parts[2];

	add_split(graph, real(conv(x, 6, &coarse)), 1, 2, parts);
	assert_true(edge_graph_add_output(graph, round_to(parts[0], &coarse)));
	check(round_to(parts[1], &coarse), edge_pass_split_convolutions);
	assert_int_equal(count_nodes(graph, EDGE_OP_CONV), 2);
	assert_int_equal(count_nodes(graph, EDGE_OP_SPLIT), 0);
	assert_int_equal(graph->nodes[0]->inputs[1]->quant->count, 3);
}

static void convolutions_with_tables_are_split(void **state)
{
	struct edge_tensor *parts[2], *y = sigmoid(conv(x, 6, &coarse));
	struct edge_error error;

	add_split(graph, real(y), 1, 2, parts);
	assert_true(edge_graph_add_output(graph, round_to(parts[0], &positive)));
	assert_true(edge_graph_add_output(graph, round_to(parts[1], &positive)));
	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	check(NULL, edge_pass_tables);
	check_steps(graph, edge_pass_split_convolutions, 0);
	assert_int_equal(graph->num_nodes, 2);
}

static struct edge_tensor *pad(struct edge_tensor *a, struct edge_tensor *value)
{
	union edge_params params = { .pad = { .begin = { 0, 0, 1, 0 }, .end = { 0, 0, 1, 1 } } };

	return add_node(graph, EDGE_OP_PAD, &params, value ? 2 : 1,
			(struct edge_tensor *[]) { a, value });
}

static void padding_goes_into_what_pads_alike(void **state)
{
	struct edge_tensor *padded = round_to(pad(real(x), NULL), &fine);
	union edge_params params;
	struct edge_tensor *y = real(padded);

	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &params);
	params.pool.kernel[0] = 3;
	params.pool.kernel[1] = 3;
	y = add_node(graph, EDGE_OP_AVERAGE_POOL, &params, 1, &y);
	assert_true(edge_graph_add_output(graph, round_to(y, &coarse)));
	y = round_to(pad(real(x), add_number(graph, -10)), &fine);
	y = round_to(add_max_pool(graph, real(y), 3, 1, 0), &fine);
	assert_true(edge_graph_add_output(graph, y));
	check(conv(padded, 4, &coarse), edge_pass_fuse_patterns);
	assert_int_equal(count_nodes(graph, EDGE_OP_PAD), 0);
}

static void padding_with_another_byte_stays(void **state)
{
	struct edge_tensor *y = round_to(pad(real(x), add_number(graph, 1)), &coarse);

	check(conv(y, 4, &coarse), edge_pass_fuse_patterns);
	assert_int_equal(count_nodes(graph, EDGE_OP_PAD), 1);
}

static struct edge_tensor *every_second(struct edge_tensor *a, int row, int column)
{
	return add_slice(graph, add_slice(graph, a, 2, row, 6, 2), 3, column, 6, 2);
}

static void pixels_of_even_and_odd_rows_are_one_convolution(void **state)
{
	struct edge_tensor *parts[4], *y;
	struct edge_error error;

	for (int i = 0; i < 4; i++)
		parts[i] = every_second(real(x), i % 2, i / 2);
	y = round_to(add_concat(graph, 1, 4, parts), &fine);
	assert_true(edge_graph_add_output(graph, conv(y, 5, &coarse)));
	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	check(NULL, edge_pass_simplify);
	check_steps(graph, edge_pass_fuse_patterns, 0);
	assert_int_equal(graph->num_nodes, 1);
	assert_int_equal(graph->nodes[0]->params.conv.stride[0], 2);
}

/* A chain through layouts, views and the memory plan. */
static void parts_of_one_scale_are_put_together_for_nothing(void **state)
{
	struct edge_pass_options options = { 0 };
	struct edge_tensor *a = conv(x, 3, &coarse), *parts[3] = { real(a) };

	parts[1] = real(sigmoid(conv(a, 5, &fine)));
	parts[1] = add_rounded(graph, parts[1], &coarse);
	parts[2] = real(conv(a, 2, &coarse));
	a = round_to(add_concat(graph, 1, 3, parts), &coarse);
	check(conv(a, 4, &fine), edge_pass_dead_nodes);
	assert_true(check_all_passes_roughly(graph, &options) == 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 0);
	assert_true(only_node(graph, EDGE_OP_CONCAT)->is_view);
	/* Four convolutions, and the copies into and out of their layout. */
	assert_int_equal(count_work(graph), 4 + count_nodes(graph, EDGE_OP_COPY));
	assert_int_equal(count_nodes(graph, EDGE_OP_COPY), 2);
}

static void constants_are_brought_into_the_order_of_the_rest(void **state)
{
	struct edge_pass_options options = { 0 };
	struct edge_tensor *y = real(conv(x, 4, &coarse));

	y = add_binary(graph, EDGE_BINARY_MUL, y,
		       real(add_byte_weights(graph, EDGE_I8, -1, DIMS(4, 6, 6))));
	check(conv(round_to(y, &fine), 4, &fine), edge_pass_dead_nodes);
	assert_true(check_all_passes_roughly(graph, &options) == 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(neutral_bytes_are_not_neutral),
		TEST(casts_that_forget_the_scale_stay),
		TEST(sums_of_bytes_stay_apart_from_convolutions),
		TEST(convolutions_are_split),
		TEST(convolutions_with_tables_are_split),
		TEST(padding_goes_into_what_pads_alike),
		TEST(padding_with_another_byte_stays),
		TEST(pixels_of_even_and_odd_rows_are_one_convolution),
		TEST(parts_of_one_scale_are_put_together_for_nothing),
		TEST(constants_are_brought_into_the_order_of_the_rest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
