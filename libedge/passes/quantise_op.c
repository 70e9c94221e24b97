// SPDX-License-Identifier: MIT
#include <string.h>

#include "passes/quantise.h"
#include "passes/rewrite.h"

/**
 * struct chain - an operator on reals whose result is limited, maybe, and then rounded to bytes
 * @node: the operator
 * @limit: a Relu or Clip behind it, or NULL
 * @act: what limits the result
 * @y: the bytes
 */
struct chain {
	struct edge_node *node;
	struct edge_node *limit;
	struct edge_node *quantize;
	struct edge_activation act;
	struct edge_tensor *y;
};

static bool limits(const struct edge_activation *act)
{
	return act->func == EDGE_FUNC_RELU || act->func == EDGE_FUNC_CLIP;
}

/* The node that makes the input of @next and nothing else; else NULL. */
static struct edge_node *sole_producer(const struct edge_graph *graph, const struct edge_node *next)
{
	struct edge_node *node = next->inputs[0]->producer;

	if (!node || edge_tensor_only_consumer(graph, next->inputs[0]) != next)
		return NULL;
	return node;
}

static bool read_chain(const struct edge_graph *graph, struct edge_node *quantize,
		       struct chain *chain)
{
	*chain = (struct chain) { .quantize = quantize, .y = quantize->outputs[0] };
	chain->node = sole_producer(graph, quantize);
	if (chain->node && chain->node->op == EDGE_OP_UNARY &&
	    chain->node->act.func == EDGE_FUNC_IDENTITY && limits(&chain->node->params.unary)) {
		chain->limit = chain->node;
		chain->act = chain->limit->params.unary;
		chain->node = sole_producer(graph, chain->limit);
	}
	if (!chain->node || chain->node->act.func == EDGE_FUNC_IDENTITY)
		return chain->node;
	if (chain->limit || !limits(&chain->node->act))
		return false;
	chain->act = chain->node->act;
	return true;
}

/* What rounded becomes the operator on bytes, whose inputs are those of the operator on reals. */
static bool take_over(const struct chain *chain)
{
	if (!edge_rewrite_take_over(chain->quantize, chain->node))
		return false;
	if (chain->limit)
		edge_rewrite_remove(chain->limit);
	chain->quantize->act = chain->act;
	return true;
}

/* Bytes or constants in bytes, whose pairs are one or run along dimension @axis. */
static struct edge_tensor *weight_of(const struct edge_tensor *tensor, int axis)
{
	const struct edge_node *node = tensor->producer;
	struct edge_tensor *bytes;

	if (!node || node->op != EDGE_OP_DEQUANTIZE)
		return NULL;
	bytes = node->inputs[0];
	if (bytes->type != EDGE_U8 && bytes->type != EDGE_I8)
		return NULL;
	return bytes->quant->axis < 0 || bytes->quant->axis == axis ? bytes : NULL;
}

static bool has_only_product(const struct edge_node *node)
{
	for (int i = 3; i < node->num_inputs; i++) {
		if (node->inputs[i])
			return false;
	}
	return node->op == EDGE_OP_CONV || node->params.matmul.alpha == 1;
}

/* Conv and MatMul. */
static bool quantise_product(struct edge_graph *graph, const struct chain *chain)
{
	struct edge_node *node = chain->node;
	struct edge_tensor *x = edge_quantise_bytes_of(node->inputs[0]), *weight, *bias = NULL;
	int axis = 0;

	if (node->op == EDGE_OP_MATMUL)
		axis = node->inputs[1]->rank - (node->params.matmul.transpose_b ? 2 : 1);
	weight = weight_of(node->inputs[1], axis);
	if (!x || !weight || !has_only_product(node))
		return true;
	if (node->num_inputs > 2 && node->inputs[2]) {
		bias = node->inputs[2];
		if (!edge_quantise_bias(graph, node, x, weight, chain->y, &bias))
			return false;
		if (!bias)
			return true;
	}
	if (!take_over(chain))
		return false;
	if (chain->quantize->op == EDGE_OP_MATMUL)
		chain->quantize->params.matmul.beta = 1;
	return edge_node_resize_inputs(chain->quantize, bias ? 3 : 2) &&
	       edge_node_set_input(chain->quantize, 0, x) &&
	       edge_node_set_input(chain->quantize, 1, weight) &&
	       (!bias || edge_node_set_input(chain->quantize, 2, bias));
}

static bool quantise_binary(const struct chain *chain)
{
	struct edge_tensor *a = edge_quantise_bytes_of(chain->node->inputs[0]);
	struct edge_tensor *b = edge_quantise_bytes_of(chain->node->inputs[1]);
	const enum edge_binary func = chain->node->params.binary.func;

	if (!a || !b ||
	    (func != EDGE_BINARY_ADD && func != EDGE_BINARY_SUB && func != EDGE_BINARY_MUL))
		return true;
	return take_over(chain) && edge_node_set_input(chain->quantize, 0, a) &&
	       edge_node_set_input(chain->quantize, 1, b);
}

static bool quantise_pool(const struct chain *chain)
{
	struct edge_tensor *x = edge_quantise_bytes_of(chain->node->inputs[0]);

	return !x || (take_over(chain) && edge_node_set_input(chain->quantize, 0, x));
}

/* Whether the mean is that of each plane of [N, C, ...]. */
static bool is_mean_of_planes(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];

	if (node->params.reduce.kind != EDGE_REDUCE_MEAN || x->rank < 3 ||
	    x->rank > 2 + EDGE_MAX_SPATIAL || node->params.reduce.num_axes != x->rank - 2)
		return false;
	for (int i = 2; i < x->rank; i++) {
		if (node->params.reduce.axes[i - 2] != i || x->dims[i] > INT32_MAX)
			return false;
	}
	return true;
}

static void set_global_pool(struct edge_node *pool, const struct edge_tensor *x)
{
	edge_op_default_params(EDGE_OP_AVERAGE_POOL, &pool->params);
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		bool used = i < x->rank - 2;

		pool->params.pool.kernel[i] = used ? x->dims[i + 2] : 0;
		pool->params.pool.stride[i] = used;
		pool->params.pool.dilation[i] = used;
	}
}

/* A pool in front of @before that leaves planes of one element in @y's steps. */
static struct edge_tensor *add_global_pool(struct edge_graph *graph, const struct edge_node *before,
					   struct edge_tensor *x, const struct edge_tensor *y)
{
	struct edge_tensor *pooled = edge_graph_add_tensor(graph, y->name);
	struct edge_node *pool =
		edge_graph_insert_node(graph, before, EDGE_OP_AVERAGE_POOL, before->name, 1, 1);
	int64_t dims[EDGE_MAX_RANK] = { 0 };

	if (!pooled || !pool || !edge_node_set_input(pool, 0, x) ||
	    !edge_tensor_copy_quant(pooled, y))
		return NULL;
	for (int i = 0; i < x->rank; i++)
		dims[i] = i < 2 ? x->dims[i] : 1;
	edge_tensor_set_shape(pooled, y->type, x->rank, dims);
	edge_node_set_output(pool, 0, pooled);
	set_global_pool(pool, x);
	pool->act = before->act;
	pool->rounding = before->rounding;
	return pooled;
}

static bool become_reshape(struct edge_node *node, const struct edge_tensor *y)
{
	node->rounding = EDGE_ROUND_FLOAT;
	if (!edge_rewrite_op(node, EDGE_OP_RESHAPE, 1))
		return false;
	node->params.shape.rank = y->rank;
	node->params.shape.allow_zero = 1;
	memcpy(node->params.shape.dims, y->dims, y->rank * sizeof(*y->dims));
	return true;
}

/* The mean of planes is a pool of their size; what dimensions it leaves are dropped behind it. */
static bool quantise_mean(struct edge_graph *graph, const struct chain *chain)
{
	struct edge_tensor *x = edge_quantise_bytes_of(chain->node->inputs[0]), *pooled;
	struct edge_node *node = chain->quantize;

	if (!x || !is_mean_of_planes(chain->node))
		return true;
	if (!take_over(chain))
		return false;
	if (chain->y->rank == x->rank) {
		node->op = EDGE_OP_AVERAGE_POOL;
		set_global_pool(node, x);
		return edge_node_set_input(node, 0, x);
	}
	pooled = add_global_pool(graph, node, x, chain->y);
	return pooled && edge_node_set_input(node, 0, pooled) && become_reshape(node, chain->y);
}

/*
 * Bytes are interpolated in their own steps, and then brought to those of the result: twice
 * rounded, which differs by at most one step from rounding once as long as the former are not twice
 * as large.
 */
static bool quantise_resize(struct edge_graph *graph, const struct chain *chain)
{
	struct edge_node *resize = chain->node, *dequantize;
	struct edge_tensor *x = edge_quantise_bytes_of(resize->inputs[0]), *bytes, *reals;

	if (!x || resize->params.resize.mode != EDGE_RESIZE_LINEAR ||
	    resize->params.resize.coordinates == EDGE_RESIZE_TF_CROP_AND_RESIZE ||
	    resize->act.func != EDGE_FUNC_IDENTITY ||
	    !(x->quant->scales[0] < 2 * chain->y->quant->scales[0]))
		return true;
	reals = resize->outputs[0];
	bytes = edge_graph_add_tensor(graph, reals->name);
	dequantize = edge_graph_insert_node(graph, chain->limit ? chain->limit : chain->quantize,
					    EDGE_OP_DEQUANTIZE, resize->name, 1, 1);
	if (!bytes || !dequantize || !edge_tensor_copy_quant(bytes, x))
		return false;
	edge_tensor_set_shape(bytes, x->type, reals->rank, reals->dims);
	edge_node_set_output(resize, 0, bytes);
	edge_node_set_output(dequantize, 0, reals);
	return edge_node_set_input(dequantize, 0, bytes) && edge_node_set_input(resize, 0, x);
}

bool edge_quantise_operator(struct edge_graph *graph, struct edge_node *quantize)
{
	struct chain chain;

	if (!read_chain(graph, quantize, &chain))
		return true;
	switch (chain.node->op) {
	case EDGE_OP_CONV:
	case EDGE_OP_MATMUL:
		return quantise_product(graph, &chain);
	case EDGE_OP_BINARY:
		return quantise_binary(&chain);
	case EDGE_OP_AVERAGE_POOL:
		return quantise_pool(&chain);
	case EDGE_OP_REDUCE:
		return quantise_mean(graph, &chain);
	case EDGE_OP_RESIZE:
		return quantise_resize(graph, &chain);
	default:
		return true;
	}
}
