// SPDX-License-Identifier: MIT
/* Graphs that nobody would think of: random operators on random tensors that are there already. */
#include "graphs_quant.h"

#define GRAPHS 400
#define NODES 24
#define MAX_ELEMENTS 3000

static uint32_t random_state;

/* 0 to @count - 1. */
static int roll(int count)
{
	random_state = random_state * 1664525u + 1013904223u;
	return (random_state >> 8) % count;
}

struct pool {
	struct edge_graph *graph;
	struct edge_tensor *tensors[8 * NODES];
	int count;
};

static void keep(struct pool *pool, struct edge_tensor *tensor)
{
	pool->tensors[pool->count++] = tensor;
}

/* Rather a recent one than an old one. */
static struct edge_tensor *pick(const struct pool *pool)
{
	int back = roll(4) ? roll(pool->count < 5 ? pool->count : 5) : roll(pool->count);

	return pool->tensors[pool->count - 1 - back];
}

static struct edge_tensor *pick_rank(const struct pool *pool, int rank)
{
	for (int i = 0; i < 8; i++) {
		struct edge_tensor *x = pick(pool);

		if (x->rank == rank)
			return x;
	}
	return pool->tensors[0];
}

static struct edge_tensor *pick_shape(const struct pool *pool, const struct edge_tensor *like)
{
	int first = roll(pool->count);

	for (int i = 0; i < pool->count; i++) {
		struct edge_tensor *x = pool->tensors[(first + i) % pool->count];

		if (edge_tensor_same_shape(x, like) && x != like)
			return x;
	}
	return (struct edge_tensor *)like;
}

static struct edge_tensor *random_window(const struct pool *pool)
{
	struct edge_tensor *x = pick_rank(pool, 4);
	int kernel = 1 + 2 * roll(2), stride = 1 + roll(2);

	if (roll(4) == 0)
		return add_max_pool(pool->graph, x, kernel, stride, kernel / 2);
	if (roll(4) == 0)
		return add_conv(pool->graph, x, x->dims[1], kernel, stride, x->dims[1], roll(2));
	return add_conv(pool->graph, x, 1 + roll(6), kernel, stride, 1, roll(2));
}

static struct edge_tensor *random_elementwise(const struct pool *pool)
{
	static const enum edge_func funcs[] = { EDGE_FUNC_RELU, EDGE_FUNC_SIGMOID, EDGE_FUNC_SILU,
						EDGE_FUNC_TANH, EDGE_FUNC_NEG };
	static const enum edge_binary binaries[] = { EDGE_BINARY_ADD, EDGE_BINARY_MUL,
						     EDGE_BINARY_MAX, EDGE_BINARY_SUB };
	struct edge_tensor *x = pick(pool), *y;

	if (roll(2))
		return add_unary(pool->graph, funcs[roll(5)], x);
	switch (roll(5)) {
	case 0:
		y = add_number(pool->graph, roll(3) - 1);
		break;
	case 1:
		y = add_weights(pool->graph, x->rank, x->dims);
		break;
	case 2:
		y = add_weights(pool->graph, 1, &x->dims[x->rank - 1]);
		break;
	default:
		y = pick_shape(pool, x);
	}
	return add_binary(pool->graph, binaries[roll(4)], roll(2) ? x : y, roll(2) ? x : y);
}

static struct edge_tensor *random_concat(const struct pool *pool)
{
	struct edge_tensor *parts[3] = { pick(pool) };
	int count = 1 + roll(3);

	for (int i = 1; i < count; i++)
		parts[i] = pick_shape(pool, parts[0]);
	return add_concat(pool->graph, roll(parts[0]->rank), count, parts);
}

static struct edge_tensor *random_reshape(const struct pool *pool)
{
	struct edge_tensor *x = pick(pool);
	int64_t dims[5], rest = edge_tensor_elements(x);
	int rank = 1 + roll(5);

	for (int i = 0; i < rank - 1; i++) {
		/* The dimensions of x themselves are the most telling. */
		int64_t size = roll(3) ? x->dims[roll(x->rank)] : 1 + roll(4);

		dims[i] = rest % size ? 1 : size;
		rest /= dims[i];
	}
	dims[rank - 1] = rest;
	return add_reshape(pool->graph, x, rank, dims);
}

static struct edge_tensor *random_transpose(const struct pool *pool)
{
	struct edge_tensor *x = pick(pool);
	int64_t perm[5];

	for (int i = 0; i < x->rank; i++) {
		int j = roll(i + 1);

		perm[i] = perm[j];
		perm[j] = i;
	}
	return add_transpose(pool->graph, x, x->rank, perm);
}

static struct edge_tensor *random_slice(const struct pool *pool)
{
	struct edge_tensor *x = pick(pool);
	int axis = roll(x->rank);
	int64_t size = x->dims[axis], start = roll(size), step = 1 + roll(2);

	if (roll(6) == 0)
		return add_slice(pool->graph, x, axis, start, -1, -1);
	return add_slice(pool->graph, x, axis, start, start + 1 + roll(size - start), step);
}

static struct edge_tensor *random_split(struct pool *pool)
{
	struct edge_tensor *x = pick(pool), *parts[2];
	int axis = roll(x->rank);

	if (x->dims[axis] < 2)
		return random_transpose(pool);
	add_split(pool->graph, x, axis, 2, parts);
	keep(pool, parts[1]);
	return parts[0];
}

static struct edge_tensor *random_expand(const struct pool *pool)
{
	union edge_params params = { 0 };
	struct edge_tensor *x = pick(pool);

	params.shape.rank = x->rank;
	for (int i = 0; i < x->rank; i++)
		params.shape.dims[i] = x->dims[i] == 1 && roll(2) ? 1 + roll(3) : x->dims[i];
	return add_node(pool->graph, EDGE_OP_EXPAND, &params, 1, &x);
}

static struct edge_tensor *random_reduction(const struct pool *pool)
{
	union edge_params params = { 0 };
	struct edge_tensor *x = pick(pool);

	if (roll(2))
		return add_softmax(pool->graph, x, roll(x->rank));
	params.reduce.kind = EDGE_REDUCE_MEAN;
	params.reduce.num_axes = 1;
	params.reduce.axes[0] = roll(x->rank);
	params.reduce.keep_dims = x->rank < 3 || roll(2);
	return add_node(pool->graph, EDGE_OP_REDUCE, &params, 1, &x);
}

static struct edge_tensor *random_matmul(const struct pool *pool)
{
	struct edge_tensor *inputs[2] = { pick(pool) };
	int64_t dims[2] = { 0, 3 };
	union edge_params params;

	if (inputs[0]->rank < 2)
		return random_reshape(pool);
	dims[0] = inputs[0]->dims[inputs[0]->rank - 1];
	inputs[1] = add_weights(pool->graph, 2, dims);
	edge_op_default_params(EDGE_OP_MATMUL, &params);
	return add_node(pool->graph, EDGE_OP_MATMUL, &params, 2, inputs);
}

static struct edge_tensor *random_node(struct pool *pool)
{
	switch (roll(16)) {
	case 0:
	case 1:
	case 2:
		return random_window(pool);
	case 3:
	case 4:
		return random_elementwise(pool);
	case 5:
	case 6:
	case 7:
		return random_concat(pool);
	case 8:
	case 9:
		return random_reshape(pool);
	case 10:
		return random_transpose(pool);
	case 11:
		return random_slice(pool);
	case 12:
		return random_split(pool);
	case 13:
		return random_expand(pool);
	case 14:
		return random_reduction(pool);
	default:
		return random_matmul(pool);
	}
}

/* The few pairs that there are meet often. */
static const struct pair *random_pair(void)
{
	static const struct pair pairs[] = {
		{ EDGE_U8, 4.0f / 255, 128 }, { EDGE_U8, 0.05f, 90 },	{ EDGE_U8, 0.01f, 0 },
		{ EDGE_I8, 0.04f, 5 },	      { EDGE_I8, 0.02f, -128 },
	};

	return &pairs[roll(sizeof(pairs) / sizeof(*pairs))];
}

/* Of what is dequantised; a rare limit behind it. */
static struct edge_tensor *random_byte_conv(const struct pool *pool, struct edge_tensor *x)
{
	struct edge_tensor *bytes = x->producer->inputs[0];
	bool depthwise = roll(4) == 0;
	struct edge_tensor *y = add_byte_conv(pool->graph, bytes,
					      depthwise ? x->dims[1] : 1 + roll(6), 1 + 2 * roll(2),
					      depthwise ? x->dims[1] : 1, roll(2) - 1);

	if (roll(3) == 0)
		return add_unary(pool->graph, EDGE_FUNC_RELU, y);
	return roll(3) ? y : add_clip(pool->graph, y, -0.5f, 1.5f);
}

static struct edge_tensor *random_gate(const struct pool *pool)
{
	struct edge_tensor *x = pick(pool);
	struct edge_tensor *gate = add_unary(pool->graph, EDGE_FUNC_SIGMOID, x);

	if (roll(4))
		gate = add_rounded(pool->graph, gate, random_pair());
	return add_binary(pool->graph, EDGE_BINARY_MUL, x, gate);
}

/* What is rounded to bytes, and what is not. */
static struct edge_tensor *random_quantised_node(struct pool *pool)
{
	struct edge_tensor *x = pick_rank(pool, 4);

	switch (roll(8)) {
	case 0:
	case 1:
		if (x->producer && x->producer->op == EDGE_OP_DEQUANTIZE)
			return random_byte_conv(pool, x);
		return random_node(pool);
	case 2:
		return random_gate(pool);
	default:
		return random_node(pool);
	}
}

static struct edge_graph *random_quantised_graph(uint32_t seed)
{
	struct pool pool = { .graph = edge_graph_create("random") };
	struct edge_tensor *y;

	random_state = seed;
	y = add_input(pool.graph, "x", DIMS(1, 4, 6, 4));
	keep(&pool, add_rounded(pool.graph, y, random_pair()));
	y = add_byte_input(pool.graph, "y", random_pair(), DIMS(2, 3, 4, 2));
	keep(&pool, add_dequantize(pool.graph, y));
	for (int i = 0; i < NODES; i++) {
		y = random_quantised_node(&pool);
		if (!y->rank || edge_tensor_elements(y) > MAX_ELEMENTS)
			continue;
		if (roll(8) == 0)
			keep(&pool, add_rounded(pool.graph, y, random_pair()));
		keep(&pool, roll(8) ? add_rounded(pool.graph, y, random_pair()) : y);
	}
	for (int i = 0; i < 3; i++) {
		y = pick(&pool);
		if (y->producer->op == EDGE_OP_DEQUANTIZE && roll(2))
			y = y->producer->inputs[0];
		if (!edge_graph_is_input(pool.graph, y))
			assert_true(edge_graph_add_output(pool.graph, y));
	}
	return pool.graph;
}

static struct edge_graph *random_graph(uint32_t seed)
{
	struct pool pool = { .graph = edge_graph_create("random") };

	random_state = seed;
	keep(&pool, add_input(pool.graph, "x", DIMS(1, 4, 6, 4)));
	keep(&pool, add_input(pool.graph, "y", DIMS(2, 3, 4, 2)));
	for (int i = 0; i < NODES; i++) {
		struct edge_tensor *y = random_node(&pool);

		if (y->rank && edge_tensor_elements(y) <= MAX_ELEMENTS)
			keep(&pool, y);
	}
	for (int i = 0; i < 3; i++)
		assert_true(edge_graph_add_output(pool.graph, pick(&pool)));
	return pool.graph;
}

static void random_graphs_compute_the_same(void **state)
{
	for (int seed = 0; seed < GRAPHS; seed++) {
		struct edge_pass_options options = { .native_io = seed & 1, .no_fusion = seed & 2 };
		struct edge_graph *graph = random_graph(seed);

		print_message("seed %d\n", seed);
		check_all_passes(graph, &options);
		edge_graph_destroy(graph);
	}
}

/* Operators on bytes by the other rule, as the importer of another format leaves them. */
static void become_fixed(struct edge_graph *graph)
{
	struct edge_error error;

	assert_int_equal(edge_pass_quantise(graph, &error), EDGE_OK);
	for (int i = 0; i < graph->num_nodes; i++)
		graph->nodes[i]->rounding = EDGE_ROUND_FIXED;
}

/*
 * Where reals lie in the middle between two bytes, the last bit of a sum decides, and what follows
 * may make a lot of it: so a few values may differ. A pass that is wrong changes most of them.
 */
static void random_quantised_graphs_compute_much_the_same(void **state)
{
	for (int seed = 0; seed < GRAPHS; seed++) {
		struct edge_pass_options options = { .native_io = seed & 1, .no_fusion = seed & 2 };
		struct edge_graph *graph = random_quantised_graph(seed);

		print_message("seed %d\n", seed);
		if (seed & 4)
			become_fixed(graph);
		assert_true(check_all_passes_roughly(graph, &options) < 0.05);
		edge_graph_destroy(graph);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_graphs_compute_the_same),
		cmocka_unit_test(random_quantised_graphs_compute_much_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
