// SPDX-License-Identifier: MIT
#include "graphs.h"

#include <float.h>
#include <math.h>
#include <string.h>

static struct edge_graph *graph;
static struct edge_tensor *x; /* [1, 6, 8, 4] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_input(graph, "x", DIMS(1, 6, 8, 4));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

/* What a producer that is itself a product and a sum with constants must not change. */
static struct edge_tensor *add_scaled(void)
{
	struct edge_tensor *y = add_binary(graph, EDGE_BINARY_MUL, x, add_number(graph, 1.5f));

	return add_binary(graph, EDGE_BINARY_ADD, y, add_number(graph, 0.25f));
}

static struct edge_tensor *number(float value)
{
	return add_number(graph, value);
}

static struct edge_tensor *add(struct edge_tensor *a, struct edge_tensor *b)
{
	return add_binary(graph, EDGE_BINARY_ADD, a, b);
}

static struct edge_tensor *mul(struct edge_tensor *a, struct edge_tensor *b)
{
	return add_binary(graph, EDGE_BINARY_MUL, a, b);
}

static struct edge_tensor *div_by(struct edge_tensor *a, float value)
{
	return add_binary(graph, EDGE_BINARY_DIV, a, number(value));
}

static struct edge_tensor *apply(enum edge_func func, struct edge_tensor *a)
{
	return add_unary(graph, func, a);
}

/* Checks that the last of the patterns' nodes has become func(@argument). */
static void expect(struct edge_tensor *y, enum edge_func func, const struct edge_tensor *argument)
{
	assert_true(edge_graph_add_output(graph, y));
	check_pass(graph, edge_pass_fuse_patterns);
	assert_int_equal(y->producer->op, EDGE_OP_UNARY);
	assert_string_equal(edge_func_name(y->producer->params.unary.func), edge_func_name(func));
	assert_ptr_equal(y->producer->inputs[0], argument);
}

/* The same for an argument that is an input, and for one that looks as if it were of the pattern. */
#define EXPECT(pattern, func) \
	do { \
		struct edge_tensor *a = x; \
		expect(pattern, func, a); \
		assert_int_equal(graph->num_nodes, 1); \
		teardown(state); \
		setup(state); \
		a = add_scaled(); \
		expect(pattern, func, a); \
		assert_int_equal(graph->num_nodes, 3); \
		teardown(state); \
		setup(state); \
	} while (0)

static void silu(void **state)
{
	EXPECT(mul(a, apply(EDGE_FUNC_SIGMOID, a)), EDGE_FUNC_SILU);
	EXPECT(mul(apply(EDGE_FUNC_SIGMOID, a), a), EDGE_FUNC_SILU);
}

static struct edge_tensor *relu6_of_3_plus(struct edge_tensor *a)
{
	return add_clip(graph, add(a, number(3)), 0, 6);
}

static struct edge_tensor *hard_sigmoid(struct edge_tensor *a)
{
	struct edge_tensor *y = apply(EDGE_FUNC_HARD_SIGMOID, a);

	/* As PaddlePaddle writes it. */
	y->producer->params.unary.alpha = 0.16666670143604279f;
	y->producer->params.unary.beta = 0.5f;
	return y;
}

static void hard_swish(void **state)
{
	EXPECT(div_by(mul(a, relu6_of_3_plus(a)), 6), EDGE_FUNC_HARD_SWISH);
	EXPECT(div_by(mul(relu6_of_3_plus(a), a), 6), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(mul(a, relu6_of_3_plus(a)), number(1.0f / 6)), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(number(1.0f / 6), mul(a, relu6_of_3_plus(a))), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(a, div_by(relu6_of_3_plus(a), 6)), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(div_by(a, 6), relu6_of_3_plus(a)), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(relu6_of_3_plus(a), mul(a, number(1.0f / 6))), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(a, hard_sigmoid(a)), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(hard_sigmoid(a), a), EDGE_FUNC_HARD_SWISH);
	EXPECT(mul(a, add_clip(graph, add(div_by(a, 6), number(0.5f)), 0, 1)),
	       EDGE_FUNC_HARD_SWISH);
}

static void hard_sigmoid_of_relu6(void **state)
{
	EXPECT(div_by(relu6_of_3_plus(a), 6), EDGE_FUNC_HARD_SIGMOID);
	EXPECT(mul(number(1.0f / 6), relu6_of_3_plus(a)), EDGE_FUNC_HARD_SIGMOID);
	EXPECT(add_clip(graph, add(div_by(a, 5), number(0.5f)), 0, 1), EDGE_FUNC_HARD_SIGMOID);
	EXPECT(add_clip(graph, div_by(add(number(3), a), 6), 0, 1), EDGE_FUNC_HARD_SIGMOID);
}

static void sigmoid(void **state)
{
	EXPECT(apply(EDGE_FUNC_RECIPROCAL,
		     add(number(1), apply(EDGE_FUNC_EXP, apply(EDGE_FUNC_NEG, a)))),
	       EDGE_FUNC_SIGMOID);
	EXPECT(add_binary(graph, EDGE_BINARY_DIV, number(1),
			  add(apply(EDGE_FUNC_EXP, mul(number(-1), a)), number(1))),
	       EDGE_FUNC_SIGMOID);
}

static void mish(void **state)
{
	EXPECT(mul(a, apply(EDGE_FUNC_TANH, apply(EDGE_FUNC_SOFTPLUS, a))), EDGE_FUNC_MISH);
	EXPECT(mul(apply(EDGE_FUNC_TANH,
			 apply(EDGE_FUNC_LOG, add(apply(EDGE_FUNC_EXP, a), number(1)))),
		   a),
	       EDGE_FUNC_MISH);
}

static struct edge_tensor *one_plus_erf(struct edge_tensor *a)
{
	return add(apply(EDGE_FUNC_ERF, div_by(a, 1.41421356f)), number(1));
}

static void gelu(void **state)
{
	EXPECT(mul(mul(a, one_plus_erf(a)), number(0.5f)), EDGE_FUNC_GELU);
	EXPECT(mul(mul(number(0.5f), a), one_plus_erf(a)), EDGE_FUNC_GELU);
	EXPECT(mul(a, mul(one_plus_erf(a), number(0.5f))), EDGE_FUNC_GELU);
}

static struct edge_tensor *one_plus_tanh(struct edge_tensor *polynomial)
{
	return add(number(1), apply(EDGE_FUNC_TANH, polynomial));
}

static void gelu_tanh(void **state)
{
	const float k = 0.7978845608f, c = 0.044715f;

	EXPECT(mul(mul(number(0.5f), a),
		   one_plus_tanh(
			   mul(number(k), add(a, mul(number(c), add_binary(graph, EDGE_BINARY_POW,
									   a, number(3))))))),
	       EDGE_FUNC_GELU_TANH);
	EXPECT(mul(number(0.5f),
		   mul(a, one_plus_tanh(mul(mul(number(k), a),
					    add(number(1), mul(mul(number(c), a), a)))))),
	       EDGE_FUNC_GELU_TANH);
}

static void leaky_relu(void **state)
{
	EXPECT(add_binary(graph, EDGE_BINARY_MAX, a, mul(a, number(0.1f))), EDGE_FUNC_LEAKY_RELU);
	EXPECT(add_binary(graph, EDGE_BINARY_MAX, mul(number(0.1f), a), a), EDGE_FUNC_LEAKY_RELU);
	EXPECT(add_node(graph, EDGE_OP_PRELU, NULL, 2,
			(struct edge_tensor *[]) { a, number(0.2f) }),
	       EDGE_FUNC_LEAKY_RELU);
}

static void relu_and_clip(void **state)
{
	EXPECT(add_binary(graph, EDGE_BINARY_MAX, a, number(0)), EDGE_FUNC_RELU);
	EXPECT(add_clip(graph, a, 0, FLT_MAX), EDGE_FUNC_RELU);
	EXPECT(add_binary(graph, EDGE_BINARY_MIN, number(6),
			  add_binary(graph, EDGE_BINARY_MAX, number(0), a)),
	       EDGE_FUNC_CLIP);
	EXPECT(add_clip(graph, apply(EDGE_FUNC_RELU, a), -1, 5), EDGE_FUNC_CLIP);
	EXPECT(add_binary(graph, EDGE_BINARY_MAX, number(-1), add_clip(graph, a, -2, 0.5f)),
	       EDGE_FUNC_CLIP);
}

/* Almost patterns. */
static void others_stay(void **state)
{
	struct edge_tensor *slopes = add_weights(graph, DIMS(6, 1, 1));
	struct edge_tensor *y[] = {
		mul(x, apply(EDGE_FUNC_SIGMOID, mul(x, number(1.702f)))),
		mul(apply(EDGE_FUNC_RELU, x), apply(EDGE_FUNC_SIGMOID, x)),
		div_by(mul(x, add_clip(graph, add(x, number(3)), 0, 5)), 6),
		div_by(mul(x, add_clip(graph, add(x, number(2)), 0, 6)), 6),
		div_by(mul(x, relu6_of_3_plus(x)), 5),
		mul(x, mul(x, relu6_of_3_plus(x))),
		mul(x, one_plus_erf(x)),
		add_binary(graph, EDGE_BINARY_MAX, x, mul(x, number(1.5f))),
		add_node(graph, EDGE_OP_PRELU, NULL, 2, (struct edge_tensor *[]) { x, slopes }),
	};
	int count = graph->num_nodes;

	for (size_t i = 0; i < sizeof(y) / sizeof(*y); i++)
		assert_true(edge_graph_add_output(graph, y[i]));
	check_pass(graph, edge_pass_fuse_patterns);
	assert_int_equal(graph->num_nodes, count);
	for (size_t i = 0; i < sizeof(y) / sizeof(*y); i++)
		assert_int_not_equal(y[i]->producer->op, EDGE_OP_UNARY);
}

/* What else reads the parts still gets them. */
static void parts_that_are_read_stay(void **state)
{
	struct edge_tensor *gate = apply(EDGE_FUNC_SIGMOID, x);

	assert_true(edge_graph_add_output(graph, gate));
	expect(mul(x, gate), EDGE_FUNC_SILU, x);
	assert_int_equal(graph->num_nodes, 2);
}

static struct edge_tensor *add_pad(struct edge_tensor *a, int64_t begin, int64_t end, float value)
{
	union edge_params params = { .pad = { .begin = { 0, 0, begin, begin },
					      .end = { 0, 0, end, end } } };

	return add_node(graph, EDGE_OP_PAD, &params, 2,
			(struct edge_tensor *[]) { a, number(value) });
}

static struct edge_tensor *add_average_pool(struct edge_tensor *a, int pad)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &params);
	for (int i = 0; i < 2; i++) {
		params.pool.kernel[i] = 3;
		params.pool.stride[i] = 2;
		params.pool.pad_begin[i] = pad;
	}
	return add_node(graph, EDGE_OP_AVERAGE_POOL, &params, 1, &a);
}

static void padding_goes_into_windows(void **state)
{
	const struct {
		struct edge_tensor *y;
		int pads;
	} cases[] = {
		{ add_conv(graph, add_pad(x, 1, 2, 0), 4, 3, 2, 1, true), 0 },
		{ add_max_pool(graph, add_pad(x, 0, 1, -INFINITY), 2, 1, 0), 0 },
		{ add_max_pool(graph, add_pad(apply(EDGE_FUNC_RELU, x), 1, 1, 0), 3, 2, 0), 0 },
		{ add_average_pool(add_pad(x, 1, 1, 0), 0), 0 },
		{ add_conv(graph, add_pad(x, 1, 2, 1), 4, 3, 2, 1, true), 1 },
		{ add_max_pool(graph, add_pad(x, 1, 1, 0), 3, 2, 0), 1 },
		{ add_max_pool(graph, add_pad(x, 2, 2, -INFINITY), 2, 1, 0), 1 },
		{ add_average_pool(add_pad(x, 1, 1, 0), 1), 1 },
		{ add_conv(graph, add_pad(x, -1, 2, 0), 4, 3, 1, 1, true), 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_true(edge_graph_add_output(graph, cases[i].y));
	check_pass(graph, edge_pass_fuse_patterns);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct edge_node *before = cases[i].y->producer->inputs[0]->producer;

		assert_int_equal(before && before->op == EDGE_OP_PAD, cases[i].pads);
	}
}

static void pyramid_pools_take_over(void **state)
{
	struct edge_tensor *a = add_max_pool(graph, x, 3, 1, 1),
			   *b = add_max_pool(graph, x, 5, 1, 2);
	struct edge_tensor *c = add_max_pool(graph, x, 9, 1, 4),
			   *d = add_max_pool(graph, x, 7, 2, 3);

	assert_true(edge_graph_add_output(graph, a));
	assert_true(edge_graph_add_output(graph, b));
	assert_true(edge_graph_add_output(graph, c));
	assert_true(edge_graph_add_output(graph, d));
	check_pass(graph, edge_pass_fuse_patterns);
	assert_ptr_equal(b->producer->inputs[0], a);
	assert_int_equal(b->producer->params.pool.kernel[1], 3);
	assert_ptr_equal(c->producer->inputs[0], b);
	assert_int_equal(c->producer->params.pool.kernel[0], 5);
	assert_ptr_equal(d->producer->inputs[0], x);
}

/* The @n-th of the slices: even or odd rows, even or odd columns; in one step or in two. */
static struct edge_tensor *add_phase(int n, bool rows_first)
{
	struct edge_tensor *y;

	if (rows_first)
		return add_slice(graph, add_slice(graph, x, 2, n % 2, 8, 2), 3, n / 2, 4, 2);
	y = add_slice(graph, x, 3, n / 2, 4, 2);
	return add_slice(graph, y, 2, n % 2, 8, 2);
}

static void focus_becomes_a_convolution(void **state)
{
	struct edge_tensor *parts[4], *y;

	for (int i = 0; i < 4; i++)
		parts[i] = add_phase(i == 1 ? 2 : i == 2 ? 1 : i, i % 2);
	y = add_conv(graph, add_concat(graph, 1, 4, parts), 5, 3, 1, 1, true);
	assert_true(edge_graph_add_output(graph, y));
	check_pass(graph, edge_pass_simplify);
	check_pass(graph, edge_pass_fuse_patterns);
	assert_int_equal(graph->num_nodes, 1);
	assert_int_equal(y->producer->params.conv.kernel[0], 6);
	assert_int_equal(y->producer->params.conv.stride[1], 2);
}

static void half_a_focus_stays(void **state)
{
	struct edge_tensor *parts[4], *y;

	for (int i = 0; i < 4; i++)
		parts[i] = add_phase(i == 3 ? 1 : i, true);
	y = add_conv(graph, add_concat(graph, 1, 4, parts), 5, 3, 1, 1, true);
	assert_true(edge_graph_add_output(graph, y));
	check_pass(graph, edge_pass_simplify);
	check_pass(graph, edge_pass_fuse_patterns);
	assert_int_equal(count_nodes(graph, EDGE_OP_CONCAT), 1);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(silu),
		TEST(hard_swish),
		TEST(hard_sigmoid_of_relu6),
		TEST(sigmoid),
		TEST(mish),
		TEST(gelu),
		TEST(gelu_tanh),
		TEST(leaky_relu),
		TEST(relu_and_clip),
		TEST(others_stay),
		TEST(parts_that_are_read_stay),
		TEST(padding_goes_into_windows),
		TEST(pyramid_pools_take_over),
		TEST(focus_becomes_a_convolution),
		TEST(half_a_focus_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
