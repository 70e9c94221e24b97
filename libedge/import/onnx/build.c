// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "graph/infer.h"
#include "import/fold.h"
#include "import/onnx/onnx.h"
#include "ref/ref.h"
#include "ref/work.h"

/* Enough for anything that decides a shape; weights are left to the folding pass, which weighs the
 * size of the result. But quantised ones are wanted, and smaller than what they are made of. */
#define FOLD_ELEMENTS 1024

static void fail_memory(struct onnx_node *node)
{
	onnx_fail(node, EDGE_OUT_OF_MEMORY, "out of memory; use a smaller model");
}

struct edge_node *onnx_begin(struct onnx_node *node, enum edge_op op, int num_inputs,
			     struct edge_tensor *const *inputs, int num_outputs)
{
	struct edge_graph *graph = node->import->graph;
	const struct edge_limits *limits = node->import->source->settings->limits;
	struct edge_node *made;

	if (node->status)
		return NULL;
	if ((uint64_t)graph->num_nodes >= limits->nodes) {
		onnx_fail(node, EDGE_LIMIT_EXCEEDED, "makes %s", EDGE_OVER(limits, nodes));
		return NULL;
	}
	made = edge_graph_add_node(graph, op, onnx_node_name(node->proto), num_inputs, num_outputs);
	if (!made)
		goto no_memory;
	for (int i = 0; i < num_inputs; i++) {
		if (!edge_node_set_input(made, i, inputs[i]))
			goto no_memory;
	}
	for (int i = 0; i < num_outputs; i++) {
		struct edge_tensor *output = edge_graph_add_tensor(graph, NULL);

		if (!output)
			goto no_memory;
		edge_node_set_output(made, i, output);
	}
	return made;

no_memory:
	fail_memory(node);
	return NULL;
}

/* Quantised weights stay as they are, however few: they are to be computed with. */
static bool is_foldable(const struct edge_node *made)
{
	char reason[EDGE_REASON_MAX];

	if (made->op == EDGE_OP_DEQUANTIZE)
		return false;
	for (int i = 0; i < made->num_inputs; i++) {
		if (made->inputs[i] && !made->inputs[i]->constant)
			return false;
	}
	for (int i = 0; i < made->num_outputs; i++) {
		if (made->outputs[i]->dynamic ||
		    (made->op != EDGE_OP_QUANTIZE &&
		     edge_tensor_elements(made->outputs[i]) > FOLD_ELEMENTS))
			return false;
	}
	return edge_ref_supports(made, reason);
}

/* Small results can take much work all the same. */
static bool spend_work(struct onnx_node *node, const struct edge_node *made)
{
	struct onnx_import *import = node->import;
	double work = edge_ref_work(made);

	if (work > import->fold_work)
		onnx_fail(node, EDGE_LIMIT_EXCEEDED,
			  "computing it and the constants before takes %s",
			  EDGE_OVER(import->source->settings->limits, fold_work));
	import->fold_work -= work;
	return !node->status;
}

static bool spend_bytes(struct onnx_node *node, uint64_t bytes)
{
	struct onnx_import *import = node->import;

	if (bytes > import->fold_bytes)
		onnx_fail(node, EDGE_LIMIT_EXCEEDED, "its result and the constants before have %s",
			  EDGE_OVER(import->source->settings->limits, fold_bytes));
	else
		import->fold_bytes -= bytes;
	return !node->status;
}

static void check_sizes(struct onnx_node *node, const struct edge_node *made)
{
	const struct edge_limits *limits = node->import->source->settings->limits;

	for (int i = 0; i < made->num_outputs && !node->status; i++) {
		int64_t bytes = edge_tensor_bytes(made->outputs[i]);

		if (bytes < 0 || (uint64_t)bytes > limits->tensor_bytes)
			onnx_fail(node, EDGE_LIMIT_EXCEEDED, "its result has %s",
				  EDGE_OVER(limits, tensor_bytes));
	}
}

void onnx_finish(struct onnx_node *node, struct edge_node *made, struct edge_tensor **outputs)
{
	if (node->status)
		return;
	node->status = edge_infer_node(node->import->graph, made, node->import->error);
	check_sizes(node, made);
	if (node->status)
		return;
	if (is_foldable(made) && spend_work(node, made))
		node->status =
			edge_import_fold(node->import->graph, made, outputs, node->import->error);
	else
		memcpy(outputs, made->outputs, made->num_outputs * sizeof(*outputs));
}

struct edge_tensor *onnx_add(struct onnx_node *node, enum edge_op op,
			     const union edge_params *params, int num_inputs,
			     struct edge_tensor *const *inputs)
{
	struct edge_node *made = onnx_begin(node, op, num_inputs, inputs, 1);
	struct edge_tensor *output = NULL;

	if (made && params)
		made->params = *params;
	onnx_finish(node, made, &output);
	return node->status ? NULL : output;
}

struct edge_tensor *onnx_add1(struct onnx_node *node, enum edge_op op,
			      const union edge_params *params, struct edge_tensor *x)
{
	return onnx_add(node, op, params, 1, &x);
}

struct edge_tensor *onnx_add2(struct onnx_node *node, enum edge_op op,
			      const union edge_params *params, struct edge_tensor *a,
			      struct edge_tensor *b)
{
	struct edge_tensor *inputs[] = { a, b };

	return onnx_add(node, op, params, 2, inputs);
}

struct edge_tensor *onnx_unary(struct onnx_node *node, enum edge_func func, struct edge_tensor *x)
{
	union edge_params params = { .unary = { .func = func } };

	return onnx_add1(node, EDGE_OP_UNARY, &params, x);
}

struct edge_tensor *onnx_binary(struct onnx_node *node, enum edge_binary func,
				struct edge_tensor *a, struct edge_tensor *b)
{
	union edge_params params = { .binary = { .func = func } };

	return onnx_add2(node, EDGE_OP_BINARY, &params, a, b);
}

struct edge_tensor *onnx_cast(struct onnx_node *node, struct edge_tensor *x, enum edge_type type)
{
	union edge_params params = { .cast = { .type = type } };

	return node->status || x->type == type ? x : onnx_add1(node, EDGE_OP_CAST, &params, x);
}

static struct edge_tensor *add_shaped(struct onnx_node *node, enum edge_op op,
				      struct edge_tensor *x, int rank, const int64_t *dims)
{
	union edge_params params;

	edge_op_default_params(op, &params);
	params.shape.rank = rank;
	params.shape.allow_zero = op == EDGE_OP_RESHAPE;
	for (int i = 0; i < rank; i++)
		params.shape.dims[i] = dims[i];
	return onnx_add1(node, op, &params, x);
}

struct edge_tensor *onnx_reshape(struct onnx_node *node, struct edge_tensor *x, int rank,
				 const int64_t *dims)
{
	return add_shaped(node, EDGE_OP_RESHAPE, x, rank, dims);
}

struct edge_tensor *onnx_expand(struct onnx_node *node, struct edge_tensor *x, int rank,
				const int64_t *dims)
{
	return add_shaped(node, EDGE_OP_EXPAND, x, rank, dims);
}

struct edge_tensor *onnx_reduce(struct onnx_node *node, enum edge_reduction kind,
				struct edge_tensor *x, int num_axes, const int32_t *axes)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_REDUCE, &params);
	params.reduce.kind = kind;
	params.reduce.num_axes = num_axes;
	params.reduce.keep_dims = 1;
	memcpy(params.reduce.axes, axes, num_axes * sizeof(*axes));
	return onnx_add1(node, EDGE_OP_REDUCE, &params, x);
}

struct edge_tensor *onnx_constant(struct onnx_node *node, enum edge_type type, int rank,
				  const int64_t *dims)
{
	struct edge_graph *graph = node->import->graph;
	const struct edge_limits *limits = node->import->source->settings->limits;
	struct edge_tensor *tensor = NULL;
	uint64_t bytes = edge_type_size(type);

	for (int i = 0; i < rank && !node->status; i++) {
		if (dims[i] < 0)
			onnx_fail(node, EDGE_BAD_FORMAT, "its result has a negative dimension");
		else if (__builtin_mul_overflow(bytes, (uint64_t)dims[i], &bytes) ||
			 bytes > limits->tensor_bytes)
			onnx_fail(node, EDGE_LIMIT_EXCEEDED, "its result has %s",
				  EDGE_OVER(limits, tensor_bytes));
	}
	if (!node->status && spend_bytes(node, bytes)) {
		tensor = edge_graph_add_constant(graph, NULL, type, rank, dims, NULL);
		if (!tensor)
			fail_memory(node);
	}
	return tensor;
}

struct edge_tensor *onnx_scalar(struct onnx_node *node, enum edge_type type, double value)
{
	struct edge_tensor *tensor = onnx_constant(node, EDGE_F32, 0, NULL);

	if (!tensor)
		return NULL;
	*(float *)tensor->data = value;
	return onnx_cast(node, tensor, type);
}

int onnx_axis(struct onnx_node *node, int64_t axis, int rank)
{
	if (axis < -rank || axis >= rank) {
		onnx_fail(node, EDGE_BAD_FORMAT, "axis %lld does not exist in a tensor of %d",
			  (long long)axis, rank);
		return 0;
	}
	return axis < 0 ? axis + rank : axis;
}

void onnx_axes(struct onnx_node *node, const int64_t *values, int count, int rank, int32_t *axes)
{
	unsigned int seen = 0;

	for (int i = 0; i < count && !node->status; i++) {
		axes[i] = onnx_axis(node, values[i], rank);
		if (seen & 1u << axes[i])
			onnx_fail(node, EDGE_BAD_FORMAT, "axis %d comes twice", (int)axes[i]);
		seen |= 1u << axes[i];
	}
}
