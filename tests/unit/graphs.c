// SPDX-License-Identifier: MIT
#include "graphs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/infer.h"
#include "graph/print.h"
#include "graph/verify.h"

/* xorshift: the same numbers on every machine. */
static float next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return (float)(*state >> 8) / (1 << 23) - 1;
}

struct edge_tensor *add_input(struct edge_graph *graph, const char *name, int rank,
			      const int64_t *dims)
{
	struct edge_tensor *tensor = edge_graph_add_tensor(graph, name);

	assert_non_null(tensor);
	edge_tensor_set_shape(tensor, EDGE_F32, rank, dims);
	assert_true(edge_graph_add_input(graph, tensor));
	return tensor;
}

struct edge_tensor *add_weights(struct edge_graph *graph, int rank, const int64_t *dims)
{
	struct edge_tensor *tensor =
		edge_graph_add_constant(graph, NULL, EDGE_F32, rank, dims, NULL);
	uint32_t state;

	assert_non_null(tensor);
	state = 77 + tensor->id;
	for (int64_t i = 0; i < edge_tensor_elements(tensor); i++)
		((float *)tensor->data)[i] = next_random(&state);
	return tensor;
}

struct edge_tensor *add_number(struct edge_graph *graph, float value)
{
	struct edge_tensor *tensor = add_weights(graph, 0, NULL);

	*(float *)tensor->data = value;
	return tensor;
}

struct edge_tensor *add_ints(struct edge_graph *graph, int rank, const int64_t *dims,
			     const int64_t *values)
{
	struct edge_tensor *tensor =
		edge_graph_add_constant(graph, NULL, EDGE_I64, rank, dims, NULL);

	assert_non_null(tensor);
	memcpy(tensor->data, values, edge_tensor_bytes(tensor));
	return tensor;
}

static struct edge_node *make_node(struct edge_graph *graph, enum edge_op op,
				   const union edge_params *params, int num_inputs,
				   struct edge_tensor *const *inputs, int num_outputs)
{
	struct edge_node *node = edge_graph_add_node(graph, op, NULL, num_inputs, num_outputs);

	assert_non_null(node);
	if (params)
		node->params = *params;
	for (int i = 0; i < num_inputs; i++)
		assert_true(edge_node_set_input(node, i, inputs[i]));
	for (int i = 0; i < num_outputs; i++) {
		struct edge_tensor *output = edge_graph_add_tensor(graph, NULL);

		assert_non_null(output);
		edge_node_set_output(node, i, output);
	}
	return node;
}

static void infer(struct edge_graph *graph, struct edge_node *node)
{
	struct edge_error error;

	if (edge_infer_node(graph, node, &error))
		fail_msg("%s", error.message);
}

struct edge_tensor *add_node(struct edge_graph *graph, enum edge_op op,
			     const union edge_params *params, int num_inputs,
			     struct edge_tensor *const *inputs)
{
	struct edge_node *node = make_node(graph, op, params, num_inputs, inputs, 1);

	infer(graph, node);
	return node->outputs[0];
}

struct edge_tensor *add_unary(struct edge_graph *graph, enum edge_func func, struct edge_tensor *x)
{
	union edge_params params = { .unary = { .func = func } };

	return add_node(graph, EDGE_OP_UNARY, &params, 1, &x);
}

struct edge_tensor *add_clip(struct edge_graph *graph, struct edge_tensor *x, float low, float high)
{
	union edge_params params = { .unary = { EDGE_FUNC_CLIP, low, high } };

	return add_node(graph, EDGE_OP_UNARY, &params, 1, &x);
}

struct edge_tensor *add_binary(struct edge_graph *graph, enum edge_binary func,
			       struct edge_tensor *a, struct edge_tensor *b)
{
	union edge_params params = { .binary = { .func = func } };

	return add_node(graph, EDGE_OP_BINARY, &params, 2, (struct edge_tensor *[]) { a, b });
}

struct edge_tensor *add_conv(struct edge_graph *graph, struct edge_tensor *x, int64_t channels,
			     int kernel, int stride, int group, bool bias)
{
	int64_t dims[EDGE_MAX_RANK] = { channels, x->dims[1] / group };
	struct edge_tensor *inputs[3] = { x };
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	params.conv.group = group;
	for (int i = 0; i < x->rank - 2; i++) {
		dims[i + 2] = kernel;
		params.conv.kernel[i] = kernel;
		params.conv.stride[i] = stride;
		params.conv.pad_begin[i] = (kernel - 1) / 2;
		params.conv.pad_end[i] = (kernel - 1) / 2;
	}
	inputs[1] = add_weights(graph, x->rank, dims);
	if (bias)
		inputs[2] = add_weights(graph, 1, &channels);
	return add_node(graph, EDGE_OP_CONV, &params, bias ? 3 : 2, inputs);
}

struct edge_tensor *add_max_pool(struct edge_graph *graph, struct edge_tensor *x, int kernel,
				 int stride, int pad)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_MAX_POOL, &params);
	for (int i = 0; i < x->rank - 2; i++) {
		params.pool.kernel[i] = kernel;
		params.pool.stride[i] = stride;
		params.pool.pad_begin[i] = pad;
		params.pool.pad_end[i] = pad;
	}
	return add_node(graph, EDGE_OP_MAX_POOL, &params, 1, &x);
}

struct edge_tensor *add_batch_norm(struct edge_graph *graph, struct edge_tensor *x)
{
	struct edge_tensor *inputs[5] = { x };

	for (int i = 1; i < 5; i++)
		inputs[i] = add_weights(graph, 1, &x->dims[1]);
	for (int64_t i = 0; i < x->dims[1]; i++) { /* variances */
		float *value = &((float *)inputs[4]->data)[i];

		*value = fabsf(*value) + 0.1f;
	}
	return add_node(graph, EDGE_OP_BATCH_NORM, NULL, 5, inputs);
}

struct edge_tensor *add_upsample(struct edge_graph *graph, struct edge_tensor *x)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_RESIZE, &params);
	params.resize.mode = EDGE_RESIZE_NEAREST;
	params.resize.coordinates = EDGE_RESIZE_ASYMMETRIC;
	params.resize.rounding = EDGE_RESIZE_FLOOR;
	for (int i = 0; i < x->rank; i++)
		params.resize.scales[i] = i < 2 ? 1 : 2;
	return add_node(graph, EDGE_OP_RESIZE, &params, 1, &x);
}

struct edge_tensor *add_concat(struct edge_graph *graph, int axis, int count,
			       struct edge_tensor *const *parts)
{
	union edge_params params = { .axis = { .axis = axis } };

	return add_node(graph, EDGE_OP_CONCAT, &params, count, parts);
}

struct edge_tensor *add_reshape(struct edge_graph *graph, struct edge_tensor *x, int rank,
				const int64_t *dims)
{
	union edge_params params = { .shape = { .rank = rank } };

	memcpy(params.shape.dims, dims, rank * sizeof(*dims));
	return add_node(graph, EDGE_OP_RESHAPE, &params, 1, &x);
}

struct edge_tensor *add_transpose(struct edge_graph *graph, struct edge_tensor *x, int rank,
				  const int64_t *perm)
{
	union edge_params params = { 0 };

	for (int i = 0; i < rank; i++)
		params.transpose.perm[i] = perm[i];
	return add_node(graph, EDGE_OP_TRANSPOSE, &params, 1, &x);
}

struct edge_tensor *add_slice(struct edge_graph *graph, struct edge_tensor *x, int axis,
			      int64_t start, int64_t end, int64_t step)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_SLICE, &params);
	memcpy(params.slice.end, x->dims, sizeof(x->dims));
	params.slice.start[axis] = start;
	params.slice.end[axis] = end;
	params.slice.step[axis] = step;
	return add_node(graph, EDGE_OP_SLICE, &params, 1, &x);
}

struct edge_tensor *add_softmax(struct edge_graph *graph, struct edge_tensor *x, int axis)
{
	union edge_params params = { .axis = { .axis = axis } };

	return add_node(graph, EDGE_OP_SOFTMAX, &params, 1, &x);
}

void add_split(struct edge_graph *graph, struct edge_tensor *x, int axis, int count,
	       struct edge_tensor **parts)
{
	union edge_params params = { .axis = { .axis = axis } };
	struct edge_node *node = make_node(graph, EDGE_OP_SPLIT, &params, 1, &x, count);

	infer(graph, node);
	memcpy(parts, node->outputs, count * sizeof(*parts));
}

int count_nodes(const struct edge_graph *graph, enum edge_op op)
{
	int count = 0;

	for (int i = 0; i < graph->num_nodes; i++)
		count += graph->nodes[i]->op == op;
	return count;
}

int count_work(const struct edge_graph *graph)
{
	int count = 0;

	for (int i = 0; i < graph->num_nodes; i++)
		count += !graph->nodes[i]->is_view;
	return count;
}

struct edge_node *only_node(const struct edge_graph *graph, enum edge_op op)
{
	assert_int_equal(count_nodes(graph, op), 1);
	for (int i = 0; i < graph->num_nodes; i++) {
		if (graph->nodes[i]->op == op)
			return graph->nodes[i];
	}
	return NULL;
}

static void verify(struct edge_graph *graph, enum edge_stage stage)
{
	struct edge_error error;

	if (edge_verify(graph, stage, &error))
		fail_msg("%s", error.message);
}

void check_pass(struct edge_graph *graph, pass_fn pass)
{
	struct results before = evaluate(graph), after;
	struct edge_error error;

	if (pass(graph, &error))
		fail_msg("%s", error.message);
	verify(graph, EDGE_STAGE_IMPORTED);
	after = evaluate(graph);
	assert_same_results(&before, &after, 1e-5);
	free_results(&after);
	free_results(&before);
}

static struct results run_all_passes(struct edge_graph *graph,
				     const struct edge_pass_options *options)
{
	struct edge_error error;

	if (edge_passes_run(graph, options, &error)) {
		edge_print_text(graph, stderr, NULL);
		fail_msg("%s", error.message);
	}
	verify(graph, EDGE_STAGE_LAID_OUT);
	if (edge_pass_memory_plan(graph, &error))
		fail_msg("%s", error.message);
	verify(graph, EDGE_STAGE_PLANNED);
	return evaluate_planned(graph);
}

void check_all_passes(struct edge_graph *graph, const struct edge_pass_options *options)
{
	struct results before = evaluate(graph), after = run_all_passes(graph, options);

	assert_same_results(&before, &after, 1e-4);
	free_results(&after);
	free_results(&before);
}

double check_all_passes_roughly(struct edge_graph *graph, const struct edge_pass_options *options)
{
	struct results before = evaluate(graph), after = run_all_passes(graph, options);
	double share = differing_share(&before, &after, 1e-4);

	free_results(&after);
	free_results(&before);
	return share;
}
