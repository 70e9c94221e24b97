// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "graph/infer.h"
#include "import/fold.h"
#include "import/tflite/tflite.h"
#include "ref/ref.h"
#include "ref/work.h"

/* Enough for anything that decides a shape. */
#define FOLD_ELEMENTS 1024

static void fail_memory(struct tflite_node *node)
{
	tflite_fail(node, EDGE_OUT_OF_MEMORY, "out of memory; use a smaller model");
}

/* What nodes of ours are called: the first output's name; of the names of all operators that a
 * converter has fused, separated by semicolons, the first. */
static void name_node(const struct tflite_node *node, char *name, size_t size)
{
	const struct tflite_value *value = tflite_output_value(node, 0);
	const char *text = value && value->name && *value->name ? value->name : node->code.name;

	snprintf(name, size, "%.*s", (int)strcspn(text, ";"), text);
}

struct edge_node *tflite_begin(struct tflite_node *node, enum edge_op op, int num_inputs,
			       struct edge_tensor *const *inputs, int num_outputs)
{
	struct edge_graph *graph = node->import->graph;
	const struct edge_limits *limits = node->import->source->settings->limits;
	struct edge_node *made;
	char name[128];

	if (node->status)
		return NULL;
	if ((uint64_t)graph->num_nodes >= limits->nodes) {
		tflite_fail(node, EDGE_LIMIT_EXCEEDED, "makes %s", EDGE_OVER(limits, nodes));
		return NULL;
	}
	name_node(node, name, sizeof(name));
	made = edge_graph_add_node(graph, op, name, num_inputs, num_outputs);
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

static void check_sizes(struct tflite_node *node, const struct edge_node *made)
{
	const struct edge_limits *limits = node->import->source->settings->limits;

	for (int i = 0; i < made->num_outputs && !node->status; i++) {
		int64_t bytes = edge_tensor_bytes(made->outputs[i]);

		if (bytes < 0 || (uint64_t)bytes > limits->tensor_bytes)
			tflite_fail(node, EDGE_LIMIT_EXCEEDED, "its result has %s",
				    EDGE_OVER(limits, tensor_bytes));
	}
}

/* Says which operator of the file the message about one of our nodes stems from. */
static void infer(struct tflite_node *node, struct edge_node *made)
{
	struct edge_error *error = node->import->error;

	node->status = edge_infer_node(node->import->graph, made, error);
	if (node->status)
		edge_fail_in(error, node->status, "operator %u (%s)", node->index, node->code.name);
	check_sizes(node, made);
}

/* What brings weights to the form that an operator of ours wants is done at once, whatever their
 * size; all else only where it is small. */
static bool is_foldable(const struct edge_node *made)
{
	bool small = made->op != EDGE_OP_TRANSPOSE && made->op != EDGE_OP_RESHAPE &&
		     made->op != EDGE_OP_DEQUANTIZE && made->op != EDGE_OP_CAST;
	char reason[EDGE_REASON_MAX];

	for (int i = 0; i < made->num_inputs; i++) {
		if (made->inputs[i] && !made->inputs[i]->constant)
			return false;
	}
	for (int i = 0; i < made->num_outputs; i++) {
		if (made->outputs[i]->dynamic ||
		    (small && edge_tensor_elements(made->outputs[i]) > FOLD_ELEMENTS))
			return false;
	}
	return edge_ref_supports(made, reason);
}

/* Small results can take much work all the same. */
static void spend_work(struct tflite_node *node, const struct edge_node *made)
{
	struct tflite_import *import = node->import;
	double work = edge_ref_work(made);

	if (work > import->fold_work)
		tflite_fail(node, EDGE_LIMIT_EXCEEDED,
			    "computing it and the constants before takes %s",
			    EDGE_OVER(import->source->settings->limits, fold_work));
	import->fold_work -= work;
}

static void fold(struct tflite_node *node, struct edge_node *made, struct edge_tensor **outputs)
{
	spend_work(node, made);
	for (int i = 0; i < made->num_outputs; i++)
		tflite_spend_bytes(node, edge_tensor_bytes(made->outputs[i]));
	if (!node->status)
		node->status =
			edge_import_fold(node->import->graph, made, outputs, node->import->error);
}

void tflite_finish(struct tflite_node *node, struct edge_node *made, struct edge_tensor **outputs)
{
	if (node->status)
		return;
	infer(node, made);
	if (node->status)
		return;
	if (is_foldable(made))
		fold(node, made, outputs);
	else
		memcpy(outputs, made->outputs, made->num_outputs * sizeof(*outputs));
}

struct edge_tensor *tflite_add(struct tflite_node *node, enum edge_op op,
			       const union edge_params *params, int num_inputs,
			       struct edge_tensor *const *inputs)
{
	struct edge_node *made = tflite_begin(node, op, num_inputs, inputs, 1);
	struct edge_tensor *output = NULL;

	if (made && params)
		made->params = *params;
	tflite_finish(node, made, &output);
	return node->status ? NULL : output;
}

struct edge_tensor *tflite_add1(struct tflite_node *node, enum edge_op op,
				const union edge_params *params, struct edge_tensor *x)
{
	return tflite_add(node, op, params, 1, &x);
}

struct edge_tensor *tflite_add2(struct tflite_node *node, enum edge_op op,
				const union edge_params *params, struct edge_tensor *a,
				struct edge_tensor *b)
{
	struct edge_tensor *inputs[] = { a, b };

	return tflite_add(node, op, params, 2, inputs);
}

struct edge_tensor *tflite_unary(struct tflite_node *node, enum edge_func func, float alpha,
				 float beta, struct edge_tensor *x)
{
	union edge_params params = { .unary = { .func = func, .alpha = alpha, .beta = beta } };

	return tflite_add1(node, EDGE_OP_UNARY, &params, x);
}

struct edge_tensor *tflite_binary(struct tflite_node *node, enum edge_binary func,
				  struct edge_tensor *a, struct edge_tensor *b)
{
	union edge_params params = { .binary = { .func = func } };

	return tflite_add2(node, EDGE_OP_BINARY, &params, a, b);
}

struct edge_tensor *tflite_cast(struct tflite_node *node, struct edge_tensor *x,
				enum edge_type type)
{
	union edge_params params = { .cast = { .type = type } };

	return node->status || x->type == type ? x : tflite_add1(node, EDGE_OP_CAST, &params, x);
}

struct edge_tensor *tflite_reshape(struct tflite_node *node, struct edge_tensor *x, int rank,
				   const int64_t *dims)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_RESHAPE, &params);
	params.shape.rank = rank;
	params.shape.allow_zero = 1;
	for (int i = 0; i < rank; i++)
		params.shape.dims[i] = dims[i];
	return tflite_add1(node, EDGE_OP_RESHAPE, &params, x);
}

struct edge_tensor *tflite_constant(struct tflite_node *node, enum edge_type type, int rank,
				    const int64_t *dims)
{
	struct edge_graph *graph = node->import->graph;
	struct edge_tensor *tensor = NULL;
	uint64_t bytes = edge_type_size(type);

	for (int i = 0; i < rank && !node->status; i++) {
		if (dims[i] < 0)
			tflite_fail(node, EDGE_BAD_FORMAT, "its result has a negative dimension");
		else if (__builtin_mul_overflow(bytes, (uint64_t)dims[i], &bytes))
			bytes = UINT64_MAX;
	}
	if (!node->status && tflite_spend_bytes(node, bytes)) {
		tensor = edge_graph_add_constant(graph, NULL, type, rank, dims, NULL);
		if (!tensor)
			fail_memory(node);
	}
	return tensor;
}

struct edge_tensor *tflite_scalar(struct tflite_node *node, enum edge_type type, double value)
{
	struct edge_tensor *tensor = tflite_constant(node, EDGE_F32, 0, NULL);

	if (!tensor)
		return NULL;
	*(float *)tensor->data = value;
	return tflite_cast(node, tensor, type);
}

bool tflite_spend_bytes(struct tflite_node *node, uint64_t bytes)
{
	struct tflite_import *import = node->import;

	if (bytes > import->fold_bytes)
		tflite_fail(node, EDGE_LIMIT_EXCEEDED, "its constants and those before have %s",
			    EDGE_OVER(import->source->settings->limits, fold_bytes));
	else
		import->fold_bytes -= bytes;
	return !node->status;
}

/* Scales that run along a dimension go where that goes. */
static void permute_quant(struct tflite_node *node, const struct edge_quant *quant,
			  const int32_t *perm, struct edge_tensor *y)
{
	int axis = -1;

	for (int i = 0; i < y->rank && quant->axis >= 0; i++) {
		if (perm[i] == quant->axis)
			axis = i;
	}
	if (!edge_tensor_set_quant(y, axis, quant->count, quant->scales, quant->zero_points))
		fail_memory(node);
}

/* Whether @perm moves nothing but dimensions of 1, as of the weights of pointwise convolutions. */
static bool keeps_elements(const struct edge_tensor *x, const int32_t *perm)
{
	int last = -1;

	for (int i = 0; i < x->rank; i++) {
		if (x->dims[perm[i]] == 1)
			continue;
		if (perm[i] <= last)
			return false;
		last = perm[i];
	}
	return true;
}

static struct edge_tensor *permute_dims(struct tflite_node *node, const struct edge_tensor *x,
					const int32_t *perm)
{
	int64_t dims[EDGE_MAX_RANK];
	struct edge_tensor *y;

	for (int i = 0; i < x->rank; i++)
		dims[i] = x->dims[perm[i]];
	y = tflite_constant(node, x->type, x->rank, dims);
	if (y && edge_tensor_bytes(y))
		memcpy(y->data, x->data, edge_tensor_bytes(y));
	return y;
}

static struct edge_tensor *add_transpose(struct tflite_node *node, struct edge_tensor *x,
					 const int32_t *perm)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_TRANSPOSE, &params);
	memcpy(params.transpose.perm, perm, x->rank * sizeof(*perm));
	return tflite_add1(node, EDGE_OP_TRANSPOSE, &params, x);
}

struct edge_tensor *tflite_transpose(struct tflite_node *node, struct edge_tensor *x,
				     const int32_t *perm)
{
	struct edge_quant *quant;
	struct edge_tensor *y;

	if (node->status)
		return NULL;
	if (!x->constant)
		return add_transpose(node, x, perm);
	/* Inference knows no Transpose of weights that are quantised along a dimension. */
	quant = x->quant;
	x->quant = NULL;
	y = keeps_elements(x, perm) ? permute_dims(node, x, perm) : add_transpose(node, x, perm);
	x->quant = quant;
	if (y && quant)
		permute_quant(node, quant, perm, y);
	return y;
}

int tflite_axis(struct tflite_node *node, int64_t axis, int rank)
{
	if (axis < -rank || axis >= rank) {
		tflite_fail(node, EDGE_BAD_FORMAT, "axis %lld does not exist in a tensor of %d",
			    (long long)axis, rank);
		return 0;
	}
	return axis < 0 ? axis + rank : axis;
}
