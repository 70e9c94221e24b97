// SPDX-License-Identifier: MIT
#include "graphs_quant.h"

#include <string.h>

static const struct pair fine = { EDGE_U8, 4.0f / 255, 128 };
static const struct pair coarse = { EDGE_U8, 0.05f, 100 };
static const struct pair positive = { EDGE_U8, 0.03f, 0 };
static const struct pair signed_pair = { EDGE_I8, 0.07f, -11 };

static struct edge_graph *graph;
static struct edge_tensor *x; /* bytes, [1, 4, 6, 6] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_quantize(graph, add_input(graph, "x", DIMS(1, 4, 6, 6)), &fine);
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

static struct edge_tensor *unary(enum edge_func func, struct edge_tensor *a)
{
	return add_unary(graph, func, a);
}

static void finish(struct edge_tensor *y)
{
	assert_true(edge_graph_add_output(graph, y));
}

/* Checks a graph of one operator, whose results may differ by @steps, and that it is @op on bytes
 * alone, behind the first QuantizeLinear. */
static struct edge_node *check_op(struct edge_tensor *y, enum edge_op op, int steps)
{
	finish(y);
	check_steps(graph, edge_pass_quantise, steps);
	assert_int_equal(graph->num_nodes, 2);
	assert_ptr_equal(graph->outputs[0], y);
	return only_node(graph, op);
}

/* Sums are exact in both, and then scaled in another order: a tie may fall to the other side. */
static void convolutions_become_integer(void **state)
{
	struct edge_node *conv =
		check_op(round_to(add_byte_conv(graph, x, 8, 3, 1, 0), &coarse), EDGE_OP_CONV, 1);

	assert_ptr_equal(conv->inputs[0], x);
	assert_int_equal(conv->inputs[1]->type, EDGE_I8);
	assert_int_equal(conv->inputs[2]->type, EDGE_I32);
}

static void grouped_convolutions_with_zero_points_too(void **state)
{
	check_op(round_to(add_byte_conv(graph, x, 4, 3, 4, -1), &signed_pair), EDGE_OP_CONV, 1);
}

static void limits_go_into_the_operator(void **state)
{
	struct edge_tensor *y = add_clip(graph, add_byte_conv(graph, x, 4, 1, 1, 0), -0.4f, 1.3f);
	struct edge_node *conv = check_op(round_to(y, &coarse), EDGE_OP_CONV, 1);

	assert_int_equal(conv->act.func, EDGE_FUNC_CLIP);
}

static void a_bias_of_reals_is_rounded(void **state)
{
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, 0, DIMS(5, 4, 1, 1));
	struct edge_tensor *inputs[3] = { real(x), real(weight), add_weights(graph, DIMS(5)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	check_op(round_to(add_node(graph, EDGE_OP_CONV, &params, 3, inputs), &coarse), EDGE_OP_CONV,
		 1);
}

/* Steps of the sum are not finer than those of the result here, so the bias would be lost. */
static void a_bias_that_would_be_lost_stays(void **state)
{
	static const struct pair tiny = { EDGE_U8, 1e-5f, 0 };
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, 0, DIMS(5, 4, 1, 1));
	struct edge_tensor *inputs[3] = { real(x), real(weight), add_weights(graph, DIMS(5)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	finish(round_to(add_node(graph, EDGE_OP_CONV, &params, 3, inputs), &tiny));
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->inputs[0]->type, EDGE_F32);
}

static void a_bias_of_another_scale_is_rounded(void **state)
{
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, -1, DIMS(5, 4, 1, 1));
	struct edge_tensor *other = add_byte_weights(graph, EDGE_I8, 0, DIMS(5, 4, 1, 1));
	struct edge_tensor *inputs[3] = { real(x), real(weight),
					  real(add_steps(graph, x, other, 5)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	check_op(round_to(add_node(graph, EDGE_OP_CONV, &params, 3, inputs), &coarse), EDGE_OP_CONV,
		 1);
}

/* Per column, though the weights lie the other way round in the file. */
static void transposed_weights_are_turned(void **state)
{
	static const int64_t perm[] = { 1, 0 };
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, 0, DIMS(5, 6));
	struct edge_tensor *inputs[2] = { real(x), real(weight) };

	inputs[1] = add_transpose(graph, inputs[1], 2, perm);
	check_op(round_to(add_node(graph, EDGE_OP_MATMUL,
				   &(union edge_params) { .matmul = { .alpha = 1, .beta = 1 } }, 2,
				   inputs),
			  &coarse),
		 EDGE_OP_MATMUL, 1);
}

static void products_become_integer(void **state)
{
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, 1, DIMS(6, 5));
	struct edge_tensor *bias = add_steps(graph, x, weight, 5);
	struct edge_tensor *inputs[3] = { real(x), real(weight), real(bias) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	check_op(round_to(add_node(graph, EDGE_OP_MATMUL, &params, 3, inputs), &coarse),
		 EDGE_OP_MATMUL, 1);
}

static void products_of_the_transposed_too(void **state)
{
	struct edge_tensor *weight = add_byte_weights(graph, EDGE_I8, 0, DIMS(5, 6));
	struct edge_tensor *inputs[3] = { real(x), real(weight), add_weights(graph, DIMS(5)) };
	union edge_params params;

	edge_op_default_params(EDGE_OP_MATMUL, &params);
	params.matmul.transpose_b = 1;
	params.matmul.beta = 2;
	check_op(round_to(add_node(graph, EDGE_OP_MATMUL, &params, 3, inputs), &coarse),
		 EDGE_OP_MATMUL, 1);
}

static void sums_and_products_of_two(void **state)
{
	static const enum edge_binary funcs[] = { EDGE_BINARY_ADD, EDGE_BINARY_SUB,
						  EDGE_BINARY_MUL };

	for (int i = 0; i < 3; i++) {
		struct edge_tensor *a, *b;

		teardown(NULL);
		setup(NULL);
		a = real(x);
		b = add_rounded(graph, add_input(graph, "b", DIMS(4, 1, 6)), &signed_pair);
		finish(round_to(unary(EDGE_FUNC_RELU, add_binary(graph, funcs[i], a, b)),
				&positive));
		check_steps(graph, edge_pass_quantise, 1);
		assert_int_equal(graph->num_nodes, 3);
		assert_int_equal(only_node(graph, EDGE_OP_BINARY)->act.func, EDGE_FUNC_RELU);
	}
}

static void averages(void **state)
{
	union edge_params params;
	struct edge_tensor *reals = real(x);

	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &params);
	for (int i = 0; i < 2; i++) {
		params.pool.kernel[i] = 3;
		params.pool.pad_begin[i] = 1;
	}
	check_op(round_to(add_node(graph, EDGE_OP_AVERAGE_POOL, &params, 1, &reals), &coarse),
		 EDGE_OP_AVERAGE_POOL, 1);
}

static struct edge_tensor *mean(struct edge_tensor *a, bool keep_dims)
{
	union edge_params params = { .reduce = { .kind = EDGE_REDUCE_MEAN,
						 .num_axes = 2,
						 .axes = { 2, 3 },
						 .keep_dims = keep_dims } };

	return add_node(graph, EDGE_OP_REDUCE, &params, 1, &a);
}

static void means_of_planes_are_averages(void **state)
{
	check_op(round_to(mean(real(x), true), &coarse), EDGE_OP_AVERAGE_POOL, 1);
}

static void means_that_drop_dimensions_too(void **state)
{
	finish(round_to(mean(real(x), false), &coarse));
	check_steps(graph, edge_pass_quantise, 1);
	assert_int_equal(graph->num_nodes, 3);
	assert_int_equal(graph->nodes[2]->op, EDGE_OP_RESHAPE);
}

static void functions_become_tables(void **state)
{
	static const enum edge_func funcs[] = { EDGE_FUNC_SIGMOID, EDGE_FUNC_HARD_SWISH,
						EDGE_FUNC_RELU, EDGE_FUNC_TANH, EDGE_FUNC_MISH };

	for (int i = 0; i < 5; i++) {
		teardown(NULL);
		setup(NULL);
		check_op(round_to(unary(funcs[i], real(x)), i % 2 ? &signed_pair : &coarse),
			 EDGE_OP_LOOKUP, 0);
	}
}

static void a_change_of_scale_is_a_table(void **state)
{
	check_op(round_to(real(x), &signed_pair), EDGE_OP_LOOKUP, 0);
}

static void the_same_scale_again_vanishes(void **state)
{
	struct edge_tensor *y = round_to(real(round_to(real(x), &fine)), &fine);

	finish(y);
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(graph->num_nodes, 1);
	assert_ptr_equal(graph->outputs[0], y);
}

static void gates_become_one_table(void **state)
{
	struct edge_tensor *gate = add_rounded(graph, unary(EDGE_FUNC_SIGMOID, real(x)), &positive);

	check_op(round_to(add_binary(graph, EDGE_BINARY_MUL, real(x), gate), &coarse),
		 EDGE_OP_LOOKUP, 0);
}

/* x * clip(x + 3, 0, 6) / 6, each step rounded. */
static void gates_with_numbers_too(void **state)
{
	struct edge_tensor *y = add_binary(graph, EDGE_BINARY_ADD, real(x), add_number(graph, 3));

	y = add_clip(graph, add_rounded(graph, y, &coarse), 0, 6);
	y = add_binary(graph, EDGE_BINARY_MUL, real(x), add_rounded(graph, y, &coarse));
	y = add_binary(graph, EDGE_BINARY_DIV, y, add_number(graph, 6));
	check_op(round_to(y, &signed_pair), EDGE_OP_LOOKUP, 0);
}

static void integer_gates_too(void **state)
{
	struct edge_tensor *gate = round_to(unary(EDGE_FUNC_SIGMOID, real(x)), &positive);
	struct edge_node *node = edge_graph_add_node(graph, EDGE_OP_BINARY, NULL, 2, 1);
	struct edge_tensor *y = edge_graph_add_tensor(graph, NULL);

	assert_true(edge_node_set_input(node, 0, x) && edge_node_set_input(node, 1, gate));
	node->params.binary.func = EDGE_BINARY_MUL;
	node->rounding = EDGE_ROUND_FIXED;
	edge_node_set_output(node, 0, y);
	assert_true(edge_tensor_copy_quant(y, x));
	edge_tensor_set_shape(y, EDGE_U8, x->rank, x->dims);
	check_op(y, EDGE_OP_LOOKUP, 0);
}

/* Two tensors of the same name as it were: no function of one byte. */
static void gates_of_another_are_none(void **state)
{
	struct edge_tensor *other =
		add_quantize(graph, add_input(graph, "z", DIMS(1, 4, 6, 6)), &fine);
	struct edge_tensor *gate = add_rounded(graph, unary(EDGE_FUNC_SIGMOID, real(other)), &fine);

	finish(round_to(add_binary(graph, EDGE_BINARY_MUL, real(x), gate), &coarse));
	check_steps(graph, edge_pass_quantise, 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 1);
}

static void reals_of_one_byte_are_looked_up(void **state)
{
	finish(unary(EDGE_FUNC_EXP, unary(EDGE_FUNC_SIGMOID, real(x))));
	check_pass(graph, edge_pass_quantise);
	assert_int_equal(graph->num_nodes, 2);
	assert_int_equal(only_node(graph, EDGE_OP_LOOKUP)->outputs[0]->type, EDGE_F32);
}

static void bytes_are_moved(void **state)
{
	static const int64_t perm[] = { 0, 2, 3, 1 };
	struct edge_tensor *parts[3], *halves[2], *y;

	parts[0] = real(x);
	parts[1] = add_upsample(graph, add_max_pool(graph, real(x), 2, 2, 0));
	parts[2] = real(x);
	y = add_concat(graph, 1, 3, parts);
	add_split(graph, y, 2, 2, halves);
	y = add_transpose(graph, halves[1], 4, perm);
	finish(round_to(add_reshape(graph, y, DIMS(18, 12)), &fine));
	finish(halves[0]);
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_QUANTIZE), 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 0);
	assert_ptr_equal(only_node(graph, EDGE_OP_DEQUANTIZE)->outputs[0], halves[0]);
	assert_int_equal(only_node(graph, EDGE_OP_CONCAT)->outputs[0]->type, EDGE_U8);
}

static void parts_of_other_scales_are_looked_up(void **state)
{
	struct edge_tensor *parts[2] = { real(x), NULL };

	parts[1] = add_rounded(graph, unary(EDGE_FUNC_ABS, add_input(graph, "z", DIMS(1, 4, 6, 6))),
			       &coarse);
	finish(round_to(add_concat(graph, 1, 2, parts), &coarse));
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_DEQUANTIZE), 0);
	assert_ptr_equal(only_node(graph, EDGE_OP_LOOKUP)->inputs[0], x);
}

static struct edge_tensor *pad(struct edge_tensor *a, struct edge_tensor *value)
{
	union edge_params params = { .pad = { .begin = { 0, 0, 1, 0 }, .end = { 0, 1, 0, 2 } } };

	return add_node(graph, EDGE_OP_PAD, &params, value ? 2 : 1,
			(struct edge_tensor *[]) { a, value });
}

static void padding_is_what_stands_for_it(void **state)
{
	finish(round_to(pad(real(x), NULL), &fine));
	/* Rounded to x's steps first, it would be another byte. */
	finish(round_to(pad(real(x), add_number(graph, 0.024f)), &coarse));
	finish(round_to(pad(real(x), add_number(graph, -400)), &signed_pair));
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_DEQUANTIZE), 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_LOOKUP), 2);
}

/* Interpolated and rounded, and then brought to another scale: twice rounded. */
static void resize_interpolates_bytes(void **state)
{
	union edge_params params;
	struct edge_tensor *reals = real(x);

	edge_op_default_params(EDGE_OP_RESIZE, &params);
	params.resize.mode = EDGE_RESIZE_LINEAR;
	for (int i = 0; i < 4; i++)
		params.resize.scales[i] = i < 2 ? 1 : 1.7f;
	finish(round_to(add_node(graph, EDGE_OP_RESIZE, &params, 1, &reals), &coarse));
	check_steps(graph, edge_pass_quantise, 1);
	assert_int_equal(only_node(graph, EDGE_OP_RESIZE)->outputs[0]->type, EDGE_U8);
	assert_int_equal(graph->num_nodes, 3);
}

static void what_reals_are_read_of_stays(void **state)
{
	struct edge_tensor *y = add_byte_conv(graph, x, 4, 3, 1, 0);

	finish(round_to(y, &coarse));
	finish(y);
	finish(round_to(add_softmax(graph, y, 1), &fine));
	check_steps(graph, edge_pass_quantise, 0);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->outputs[0]->type, EDGE_F32);
	assert_int_equal(only_node(graph, EDGE_OP_SOFTMAX)->outputs[0]->type, EDGE_F32);
}

/* Bytes that are an output, read by operators, and read as reals. */
static void bytes_may_have_many_readers(void **state)
{
	struct edge_tensor *y = round_to(add_byte_conv(graph, x, 4, 3, 1, 0), &coarse);
	struct edge_tensor *reals = real(y);

	finish(y);
	finish(round_to(add_binary(graph, EDGE_BINARY_ADD, reals, real(x)), &coarse));
	finish(round_to(add_softmax(graph, reals, 1), &fine));
	finish(round_to(real(y), &signed_pair));
	finish(round_to(real(y), &coarse));
	check_steps(graph, edge_pass_quantise, 2);
	assert_ptr_equal(graph->outputs[0], y);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->outputs[0]->type, EDGE_U8);
	assert_int_equal(only_node(graph, EDGE_OP_BINARY)->outputs[0]->type, EDGE_U8);
	assert_int_equal(count_nodes(graph, EDGE_OP_DEQUANTIZE), 1);
}

static void weights_of_reals_are_rounded_once(void **state)
{
	static const struct pair pair = { EDGE_I8, 0.008f, 0 };
	struct edge_tensor *inputs[2] = { real(x), add_weights(graph, DIMS(3, 4, 1, 1)) };
	union edge_params params;

	inputs[1] = add_rounded(graph, inputs[1], &pair);
	edge_op_default_params(EDGE_OP_CONV, &params);
	check_op(round_to(add_node(graph, EDGE_OP_CONV, &params, 2, inputs), &coarse), EDGE_OP_CONV,
		 1);
}

static void quantisation_moves_up_to_the_operator(void **state)
{
	struct edge_tensor *y = add_byte_conv(graph, x, 4, 3, 1, 0);

	finish(round_to(add_reshape(graph, add_max_pool(graph, y, 3, 1, 1), DIMS(4, 36)), &coarse));
	check_steps(graph, edge_pass_quantise, 1);
	assert_int_equal(graph->num_nodes, 4);
	assert_int_equal(only_node(graph, EDGE_OP_CONV)->outputs[0]->type, EDGE_U8);
}

static void twins_are_made_once_and_others_apart(void **state)
{
	struct edge_tensor *sum = add_binary(graph, EDGE_BINARY_ADD, real(x),
					     add_input(graph, "z", DIMS(1, 4, 6, 6)));
	struct edge_tensor *y[4] = { round_to(sum, &coarse), round_to(sum, &coarse),
				     round_to(sum, &fine), round_to(sum, &coarse) };

	y[3]->producer->rounding = EDGE_ROUND_FIXED;
	for (int i = 0; i < 4; i++)
		finish(add_softmax(graph, real(y[i]), 1));
	check_pass(graph, edge_pass_quantise);
	/* And that of x. */
	assert_int_equal(count_nodes(graph, EDGE_OP_QUANTIZE), 4);
}

static void the_rule_is_kept(void **state)
{
	struct edge_tensor *y = round_to(add_byte_conv(graph, x, 4, 3, 1, 0), &coarse);

	y->producer->rounding = EDGE_ROUND_FIXED;
	assert_int_equal(check_op(y, EDGE_OP_CONV, 1)->rounding, EDGE_ROUND_FIXED);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(convolutions_become_integer),
		TEST(grouped_convolutions_with_zero_points_too),
		TEST(limits_go_into_the_operator),
		TEST(a_bias_of_reals_is_rounded),
		TEST(a_bias_that_would_be_lost_stays),
		TEST(a_bias_of_another_scale_is_rounded),
		TEST(transposed_weights_are_turned),
		TEST(products_become_integer),
		TEST(products_of_the_transposed_too),
		TEST(sums_and_products_of_two),
		TEST(averages),
		TEST(means_of_planes_are_averages),
		TEST(means_that_drop_dimensions_too),
		TEST(functions_become_tables),
		TEST(a_change_of_scale_is_a_table),
		TEST(the_same_scale_again_vanishes),
		TEST(gates_become_one_table),
		TEST(gates_with_numbers_too),
		TEST(integer_gates_too),
		TEST(gates_of_another_are_none),
		TEST(reals_of_one_byte_are_looked_up),
		TEST(bytes_are_moved),
		TEST(parts_of_other_scales_are_looked_up),
		TEST(padding_is_what_stands_for_it),
		TEST(resize_interpolates_bytes),
		TEST(what_reals_are_read_of_stays),
		TEST(bytes_may_have_many_readers),
		TEST(weights_of_reals_are_rounded_once),
		TEST(quantisation_moves_up_to_the_operator),
		TEST(twins_are_made_once_and_others_apart),
		TEST(the_rule_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
