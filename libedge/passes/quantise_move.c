// SPDX-License-Identifier: MIT
/*
 * Data movement: what dequantises is moved behind it, what quantises in front of it, so that bytes
 * are moved. Rounding does not reverse the order of two values, so that the greatest may as well be
 * looked for afterwards.
 */
#include <math.h>
#include <string.h>

#include "passes/quantise.h"
#include "passes/rewrite.h"

struct edge_tensor *edge_quantise_bytes_of(const struct edge_tensor *tensor)
{
	const struct edge_node *node = tensor->producer;

	if (!node || node->op != EDGE_OP_DEQUANTIZE || !edge_tensor_is_bytes(node->inputs[0]))
		return NULL;
	return node->inputs[0];
}

static bool is_nearest(const struct edge_node *node)
{
	return node->params.resize.mode == EDGE_RESIZE_NEAREST &&
	       node->params.resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE;
}

bool edge_quantise_moves(const struct edge_node *node)
{
	if (node->act.func != EDGE_FUNC_IDENTITY)
		return false;
	switch (node->op) {
	case EDGE_OP_CONCAT:
	case EDGE_OP_SPLIT:
	case EDGE_OP_SLICE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_RESHAPE:
	case EDGE_OP_EXPAND:
	case EDGE_OP_TILE:
	case EDGE_OP_PAD:
	case EDGE_OP_COPY:
	case EDGE_OP_GATHER:
	case EDGE_OP_GATHER_ELEMENTS:
	case EDGE_OP_GATHER_ND:
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
	case EDGE_OP_REVERSE_SEQUENCE:
		return true;
	case EDGE_OP_UNARY:
		return node->params.unary.func == EDGE_FUNC_IDENTITY;
	case EDGE_OP_MAX_POOL:
		return node->num_outputs == 1 || !node->outputs[1];
	case EDGE_OP_RESIZE:
		return is_nearest(node);
	case EDGE_OP_REDUCE:
		return node->params.reduce.kind == EDGE_REDUCE_MAX ||
		       node->params.reduce.kind == EDGE_REDUCE_MIN;
	default:
		return false;
	}
}

int edge_quantise_moved_inputs(const struct edge_node *node)
{
	return node->op == EDGE_OP_CONCAT ? node->num_inputs : 1;
}

/* What a Pad fills in: a number, of reals. */
static bool read_fill(const struct edge_node *pad, float *fill)
{
	double value = 0;

	if (pad->num_inputs > 1 && pad->inputs[1] &&
	    !edge_tensor_read_scalar(pad->inputs[1], &value))
		return false;
	*fill = value;
	return true;
}

static bool has_fill(const struct edge_node *node)
{
	return node->op == EDGE_OP_PAD && node->params.pad.mode == EDGE_PAD_CONSTANT;
}

/* Makes @pad fill in @fill, rounded to what @like, which is bytes, can hold. */
static bool set_fill(struct edge_graph *graph, struct edge_node *pad,
		     const struct edge_tensor *like, enum edge_rounding rounding, float fill)
{
	const struct edge_range range = edge_tensor_range(like);
	const int32_t stored =
		edge_range_store(&range, edge_round_float(rounding, fill / like->quant->scales[0]));
	struct edge_tensor *value;

	if (!edge_node_resize_inputs(pad, 1))
		return false;
	if (stored == range.zero_point)
		return true;
	value = edge_graph_add_constant(graph, pad->name, like->type, 0, NULL, NULL);
	if (!value || !edge_node_resize_inputs(pad, 2))
		return false;
	*(uint8_t *)value->data = (uint8_t)stored;
	return edge_tensor_copy_quant(value, like) && edge_node_set_input(pad, 1, value);
}

/* Whether @like can hold @fill as it is. */
static bool holds_fill(const struct edge_tensor *like, float fill)
{
	const struct edge_range range = edge_tensor_range(like);
	const float scale = like->quant->scales[0], steps = nearbyintf(fill / scale);

	return steps * scale == fill && steps + range.zero_point >= range.low &&
	       steps + range.zero_point <= range.high;
}

/* Bytes that all inputs stand for, with the same pair; else NULL. */
static struct edge_tensor *common_bytes(const struct edge_node *node)
{
	struct edge_tensor *first = edge_quantise_bytes_of(node->inputs[0]);
	float fill = 0;

	for (int i = 1; first && i < edge_quantise_moved_inputs(node); i++) {
		const struct edge_tensor *bytes = edge_quantise_bytes_of(node->inputs[i]);

		if (!bytes || !edge_tensor_same_quant(first, bytes))
			return NULL;
	}
	if (first && has_fill(node) && (!read_fill(node, &fill) || !holds_fill(first, fill)))
		return NULL;
	return first;
}

/* A node behind @node, and behind what has been put there before. */
static struct edge_node *insert_behind(struct edge_graph *graph, const struct edge_node *node,
				       int distance, enum edge_op op)
{
	int id = node->id + distance;

	if (id < graph->num_nodes)
		return edge_graph_insert_node(graph, graph->nodes[id], op, node->name, 1, 1);
	return edge_graph_add_node(graph, op, node->name, 1, 1);
}

/* Output @index is bytes like @like, and what it was before is what they stand for. */
static bool give_bytes(struct edge_graph *graph, struct edge_node *node, int index,
		       const struct edge_tensor *like)
{
	struct edge_tensor *reals = node->outputs[index];
	struct edge_tensor *bytes = edge_graph_add_tensor(graph, reals->name);
	struct edge_node *dequantize;

	if (!bytes || !edge_tensor_copy_quant(bytes, like))
		return false;
	edge_tensor_set_shape(bytes, like->type, reals->rank, reals->dims);
	dequantize = insert_behind(graph, node, index + 1, EDGE_OP_DEQUANTIZE);
	if (!dequantize || !edge_node_set_input(dequantize, 0, bytes))
		return false;
	edge_node_set_output(node, index, bytes);
	edge_node_set_output(dequantize, 0, reals);
	return true;
}

bool edge_quantise_move_bytes(struct edge_graph *graph, struct edge_node *node)
{
	const struct edge_tensor *like = edge_quantise_moves(node) ? common_bytes(node) : NULL;
	int num_outputs = node->op == EDGE_OP_SPLIT ? node->num_outputs : 1;
	float fill = 0;

	if (!like)
		return true;
	if (has_fill(node) &&
	    (!read_fill(node, &fill) || !set_fill(graph, node, like, EDGE_ROUND_FLOAT, fill)))
		return false;
	for (int i = 0; i < edge_quantise_moved_inputs(node); i++) {
		struct edge_tensor *bytes = edge_quantise_bytes_of(node->inputs[i]);

		if (!edge_node_set_input(node, i, bytes))
			return false;
	}
	for (int i = 0; i < num_outputs; i++) {
		if (!give_bytes(graph, node, i, like))
			return false;
	}
	return true;
}

/* Whether it costs nothing to round all that @node reads, of which it may need a part only. */
static bool uses_all(const struct edge_graph *graph, const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_SLICE:
	case EDGE_OP_GATHER:
	case EDGE_OP_GATHER_ELEMENTS:
	case EDGE_OP_GATHER_ND:
		return edge_tensor_only_consumer(graph, node->inputs[0]);
	default:
		return true;
	}
}

/* Input @index of @node, rounded as @quantize does. */
static bool round_input(struct edge_graph *graph, struct edge_node *node, int index,
			const struct edge_node *quantize)
{
	struct edge_tensor *reals = node->inputs[index];
	struct edge_tensor *bytes = edge_graph_add_tensor(graph, reals->name);
	struct edge_node *before;

	if (!bytes || !edge_tensor_copy_quant(bytes, quantize->outputs[0]))
		return false;
	edge_tensor_set_shape(bytes, quantize->outputs[0]->type, reals->rank, reals->dims);
	before = edge_graph_insert_node(graph, node, EDGE_OP_QUANTIZE, quantize->name, 1, 1);
	if (!before || !edge_node_set_input(before, 0, reals))
		return false;
	before->rounding = quantize->rounding;
	edge_node_set_output(before, 0, bytes);
	return edge_node_set_input(node, index, bytes);
}

bool edge_quantise_move_before(struct edge_graph *graph, struct edge_node *quantize)
{
	struct edge_node *node = quantize->inputs[0]->producer;
	struct edge_tensor *y = quantize->outputs[0];
	float fill = 0;

	if (!node || node->op == EDGE_OP_SPLIT || !edge_tensor_is_bytes(y) ||
	    !edge_quantise_moves(node) || !uses_all(graph, node) ||
	    (has_fill(node) && !read_fill(node, &fill)) ||
	    edge_tensor_only_consumer(graph, quantize->inputs[0]) != quantize)
		return true;
	if (has_fill(node) && !set_fill(graph, node, y, quantize->rounding, fill))
		return false;
	for (int i = 0; i < edge_quantise_moved_inputs(node); i++) {
		if (!round_input(graph, node, i, quantize))
			return false;
	}
	edge_rewrite_remove(quantize);
	edge_node_set_output(node, 0, y);
	return true;
}
