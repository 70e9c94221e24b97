// SPDX-License-Identifier: MIT
#include "graphs_quant.h"

#include <stdlib.h>
#include <string.h>

#include "graph/infer.h"
#include "graph/verify.h"

static uint32_t next_random(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state >> 8;
}

static void set_pair(struct edge_tensor *tensor, const struct pair *pair)
{
	int32_t zero_point = pair->zero_point;

	tensor->type = pair->type;
	assert_true(edge_tensor_set_quant(tensor, -1, 1, &pair->scale, &zero_point));
}

struct edge_tensor *add_byte_input(struct edge_graph *graph, const char *name,
				   const struct pair *pair, int rank, const int64_t *dims)
{
	struct edge_tensor *tensor = add_input(graph, name, rank, dims);

	set_pair(tensor, pair);
	return tensor;
}

struct edge_tensor *add_quantize(struct edge_graph *graph, struct edge_tensor *x,
				 const struct pair *pair)
{
	struct edge_node *node = edge_graph_add_node(graph, EDGE_OP_QUANTIZE, NULL, 1, 1);
	struct edge_tensor *y = edge_graph_add_tensor(graph, NULL);
	struct edge_error error;

	assert_true(node && y && edge_node_set_input(node, 0, x));
	edge_node_set_output(node, 0, y);
	set_pair(y, pair);
	if (edge_infer_node(graph, node, &error))
		fail_msg("%s", error.message);
	return y;
}

struct edge_tensor *add_dequantize(struct edge_graph *graph, struct edge_tensor *x)
{
	return add_node(graph, EDGE_OP_DEQUANTIZE, NULL, 1, &x);
}

struct edge_tensor *add_rounded(struct edge_graph *graph, struct edge_tensor *x,
				const struct pair *pair)
{
	return add_dequantize(graph, add_quantize(graph, x, pair));
}

struct edge_tensor *add_byte_weights(struct edge_graph *graph, enum edge_type type, int axis,
				     int rank, const int64_t *dims)
{
	struct edge_tensor *tensor = edge_graph_add_constant(graph, NULL, type, rank, dims, NULL);
	int64_t count = axis < 0 ? 1 : dims[axis];
	int32_t *zero_points = calloc(count, sizeof(*zero_points));
	float *scales = calloc(count, sizeof(*scales));
	uint32_t state;

	assert_true(tensor && zero_points && scales);
	state = 99 + tensor->id;
	for (int64_t i = 0; i < edge_tensor_elements(tensor); i++)
		((uint8_t *)tensor->data)[i] = next_random(&state);
	for (int64_t i = 0; i < count; i++) {
		scales[i] = 0.001f + next_random(&state) % 1000 * 1e-5f;
		zero_points[i] = type == EDGE_U8 ? (int32_t)(next_random(&state) % 256) : 0;
	}
	assert_true(edge_tensor_set_quant(tensor, axis, count, scales, zero_points));
	free(scales);
	free(zero_points);
	return tensor;
}

struct edge_tensor *add_steps(struct edge_graph *graph, const struct edge_tensor *x,
			      const struct edge_tensor *weight, int64_t count)
{
	struct edge_tensor *tensor =
		edge_graph_add_constant(graph, NULL, EDGE_I32, 1, &count, NULL);
	const int64_t pairs = weight->quant->count;
	int32_t *zero_points = calloc(pairs, sizeof(*zero_points));
	float *scales = calloc(pairs, sizeof(*scales));
	uint32_t state;

	assert_true(tensor && zero_points && scales);
	state = 5 + tensor->id;
	for (int64_t i = 0; i < count; i++)
		((int32_t *)tensor->data)[i] = (int32_t)(next_random(&state) % 20000) - 10000;
	for (int64_t i = 0; i < pairs; i++)
		scales[i] = x->quant->scales[0] * weight->quant->scales[i];
	assert_true(edge_tensor_set_quant(tensor, pairs > 1 ? 0 : -1, pairs, scales, zero_points));
	free(scales);
	free(zero_points);
	return tensor;
}

struct edge_tensor *add_byte_conv(struct edge_graph *graph, struct edge_tensor *x, int64_t channels,
				  int kernel, int group, int axis)
{
	int64_t dims[EDGE_MAX_RANK] = { channels, x->dims[1] / group };
	struct edge_tensor *inputs[3], *weight;
	union edge_params params;

	edge_op_default_params(EDGE_OP_CONV, &params);
	params.conv.group = group;
	for (int i = 0; i < x->rank - 2; i++) {
		dims[i + 2] = kernel;
		params.conv.pad_begin[i] = (kernel - 1) / 2;
		params.conv.pad_end[i] = (kernel - 1) / 2;
	}
	weight = add_byte_weights(graph, axis < 0 ? EDGE_U8 : EDGE_I8, axis, x->rank, dims);
	inputs[0] = add_dequantize(graph, x);
	inputs[1] = add_dequantize(graph, weight);
	inputs[2] = add_dequantize(graph, add_steps(graph, x, weight, channels));
	return add_node(graph, EDGE_OP_CONV, &params, 3, inputs);
}

void check_steps(struct edge_graph *graph, pass_fn pass, int steps)
{
	struct results before = evaluate(graph), after;
	struct edge_error error;

	if (pass(graph, &error) || edge_verify(graph, EDGE_STAGE_IMPORTED, &error))
		fail_msg("%s", error.message);
	after = evaluate(graph);
	assert_same_steps(&before, &after, steps);
	free_results(&after);
	free_results(&before);
}
