// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "passes/passes.h"
#include "passes/rewrite.h"
#include "passes/simplify_split.h"

/* Whether input @index of @node is a constant all of whose elements are @wanted. */
static bool is_constant(const struct edge_node *node, int index, double wanted)
{
	double value;

	return edge_rewrite_uniform(node->inputs[index], &value) && value == wanted;
}

/* The input that a BINARY hands through, or -1. */
static int neutral_binary(const struct edge_node *node)
{
	/* Stored integers are not the numbers that they stand for. */
	if (node->outputs[0]->quant)
		return -1;
	switch (node->params.binary.func) {
	case EDGE_BINARY_ADD:
		return is_constant(node, 0, 0) ? 1 : is_constant(node, 1, 0) ? 0 : -1;
	case EDGE_BINARY_MUL:
		return is_constant(node, 0, 1) ? 1 : is_constant(node, 1, 1) ? 0 : -1;
	case EDGE_BINARY_SUB:
		return is_constant(node, 1, 0) ? 0 : -1;
	case EDGE_BINARY_DIV:
	case EDGE_BINARY_POW:
		return is_constant(node, 1, 1) ? 0 : -1;
	default:
		return -1;
	}
}

static bool pads_nothing(const struct edge_node *node)
{
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		if (node->params.pad.begin[i] || node->params.pad.end[i])
			return false;
	}
	return true;
}

static bool resizes_nothing(const struct edge_node *node)
{
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		float scale = node->params.resize.scales[i];

		/* A scale that rounds to the same size still moves the samples. */
		if (scale != 0 && scale != 1)
			return false;
	}
	return node->params.resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE;
}

static bool steps_by_one(const struct edge_node *node)
{
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		if (node->params.slice.step[i] != 1)
			return false;
	}
	return true;
}

static bool reduces_nothing(const struct edge_node *node)
{
	switch (node->params.reduce.kind) {
	case EDGE_REDUCE_SUM:
	case EDGE_REDUCE_MEAN:
	case EDGE_REDUCE_MAX:
	case EDGE_REDUCE_MIN:
	case EDGE_REDUCE_PROD:
		return true;
	default:
		return false;
	}
}

/* Whether the order of the elements in a dense tensor stays as it is. */
static bool moves_nothing(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	int last = -1;

	for (int i = 0; i < x->rank; i++) {
		int dim = node->params.transpose.perm[i];

		if (x->dims[dim] == 1)
			continue;
		if (dim < last)
			return false;
		last = dim;
	}
	return true;
}

/* The input that equals the only output, given that their types and shapes do; or -1. */
static int neutral_input(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_UNARY:
		return node->params.unary.func == EDGE_FUNC_IDENTITY ? 0 : -1;
	case EDGE_OP_BINARY:
		return neutral_binary(node);
	case EDGE_OP_PAD:
		return pads_nothing(node) ? 0 : -1;
	case EDGE_OP_RESIZE:
		return resizes_nothing(node) ? 0 : -1;
	case EDGE_OP_REDUCE:
		return reduces_nothing(node) ? 0 : -1;
	case EDGE_OP_TRANSPOSE:
		return moves_nothing(node) ? 0 : -1;
	case EDGE_OP_SLICE:
		return steps_by_one(node) ? 0 : -1;
	case EDGE_OP_CONCAT:
		return node->num_inputs == 1 ? 0 : -1;
	case EDGE_OP_CAST:
	case EDGE_OP_RESHAPE:
	case EDGE_OP_EXPAND:
	case EDGE_OP_TILE:
	case EDGE_OP_SPLIT:
	case EDGE_OP_COPY:
		return 0;
	default:
		return -1;
	}
}

static bool drop_identity(struct edge_graph *graph, struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0];
	int index;

	if (node->num_outputs != 1 || node->act.func != EDGE_FUNC_IDENTITY)
		return true;
	index = neutral_input(node);
	if (index < 0 || node->inputs[index]->type != y->type ||
	    !edge_tensor_same_quant(node->inputs[index], y) ||
	    !edge_tensor_same_shape(node->inputs[index], y))
		return true;
	return edge_rewrite_bypass(graph, node, index);
}

static bool become_reshape(struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0];

	if (!edge_rewrite_op(node, EDGE_OP_RESHAPE, 1))
		return false;
	node->params.shape.rank = y->rank;
	node->params.shape.allow_zero = 1;
	memcpy(node->params.shape.dims, y->dims, y->rank * sizeof(*y->dims));
	return true;
}

/* The way inference leaves it: a single element is a step of 1. */
static void compose_slices(const struct edge_node *first, struct edge_node *second)
{
	int64_t *start = second->params.slice.start, *end = second->params.slice.end;
	int64_t *step = second->params.slice.step;

	for (int i = 0; i < second->inputs[0]->rank; i++) {
		int64_t count = second->outputs[0]->dims[i];

		start[i] = first->params.slice.start[i] + start[i] * first->params.slice.step[i];
		step[i] = count == 1 ? 1 : step[i] * first->params.slice.step[i];
		end[i] = start[i] + (count - 1) * step[i] + 1;
	}
}

static bool steps_forward(const struct edge_node *node)
{
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		/* So small that a product of two steps is still sound. */
		if (node->params.slice.step[i] < 1 || node->params.slice.step[i] > INT32_MAX)
			return false;
	}
	return edge_tensor_elements(node->outputs[0]) > 0;
}

/* Reshape after Reshape, Transpose after Transpose, Slice after Slice: the second does it all. */
static bool join_with_producer(struct edge_node *node)
{
	const struct edge_node *first = node->inputs[0]->producer;

	if (!first || first->op != node->op)
		return true;
	if (node->op == EDGE_OP_TRANSPOSE) {
		for (int i = 0; i < node->inputs[0]->rank; i++) {
			int32_t *dim = &node->params.transpose.perm[i];

			*dim = first->params.transpose.perm[*dim];
		}
	} else if (node->op == EDGE_OP_SLICE) {
		if (!steps_forward(first) || !steps_forward(node))
			return true;
		compose_slices(first, node);
	} else if (node->op != EDGE_OP_RESHAPE) {
		return true;
	}
	return edge_node_set_input(node, 0, first->inputs[0]);
}

/* Reads the indices as start, start + step, ...; false when they are not evenly spaced or leave the
 * dimension. */
static bool read_range(const struct edge_node *node, int64_t *start, int64_t *step)
{
	const struct edge_tensor *indices = node->inputs[1];
	int64_t count = edge_tensor_elements(indices), *values;
	int64_t size = node->inputs[0]->dims[node->params.axis.axis];
	bool even = false;

	if (count < 1 || count > size)
		return false;
	values = malloc(count * sizeof(*values));
	if (!values || edge_tensor_read_ints(indices, values, count) != count)
		goto free_values;
	for (int64_t i = 0; i < count; i++) {
		values[i] += values[i] < 0 ? size : 0;
		if (values[i] < 0 || values[i] >= size)
			goto free_values;
	}
	*start = values[0];
	*step = count > 1 ? values[1] - values[0] : 1;
	even = *step > 0;
	for (int64_t i = 1; i < count; i++)
		even &= values[i] - values[i - 1] == *step;

free_values:
	free(values);
	return even;
}

/* Gather by evenly spaced constant indices is a Slice, which can be a view. */
static bool slice_for_gather(struct edge_graph *graph, struct edge_node *node)
{
	int axis = node->params.axis.axis;
	struct edge_tensor *x = node->inputs[0], *part;
	int64_t start, step, count = edge_tensor_elements(node->inputs[1]);
	struct edge_node *slice;

	if (!read_range(node, &start, &step))
		return true;
	part = edge_graph_add_tensor(graph, node->outputs[0]->name);
	slice = edge_graph_insert_node(graph, node, EDGE_OP_SLICE, node->name, 1, 1);
	if (!part || !slice || !edge_node_set_input(slice, 0, x) ||
	    !edge_tensor_copy_quant(part, x))
		return false;
	edge_tensor_set_shape(part, x->type, x->rank, x->dims);
	part->dims[axis] = count;
	edge_node_set_output(slice, 0, part);
	memcpy(slice->params.slice.end, x->dims, x->rank * sizeof(*x->dims));
	slice->params.slice.start[axis] = start;
	slice->params.slice.end[axis] = start + (count - 1) * step + 1;
	slice->params.slice.step[axis] = step;
	return edge_node_set_input(node, 0, part) && become_reshape(node);
}

/* [N, C, H, W] with H, W and C seen as what DepthToSpace and SpaceToDepth exchange. */
static bool move_blocks(struct edge_graph *graph, struct edge_node *node, const int64_t *dims,
			const int *perm)
{
	struct edge_tensor *x;

	x = edge_rewrite_reshape(graph, node, node->inputs[0], 6, dims);
	if (x)
		x = edge_rewrite_transpose(graph, node, x, perm);
	return x && edge_node_set_input(node, 0, x) && become_reshape(node);
}

/* Spelled as views, neither needs a kernel of its own, and what cannot be a view is one Copy. */
static bool spell_out_blocks(struct edge_graph *graph, struct edge_node *node)
{
	static const int depth_first[6] = { 0, 3, 4, 1, 5, 2 };
	static const int column_first[6] = { 0, 1, 4, 2, 5, 3 };
	static const int to_depth[6] = { 0, 3, 5, 1, 2, 4 };
	const int64_t *d = node->inputs[0]->dims, b = node->params.block.size;

	if (node->op == EDGE_OP_SPACE_TO_DEPTH)
		return move_blocks(graph, node,
				   (int64_t[]) { d[0], d[1], d[2] / b, b, d[3] / b, b }, to_depth);
	if (node->params.block.column_row_depth)
		return move_blocks(graph, node,
				   (int64_t[]) { d[0], d[1] / (b * b), b, b, d[2], d[3] },
				   column_first);
	return move_blocks(graph, node, (int64_t[]) { d[0], b, b, d[1] / (b * b), d[2], d[3] },
			   depth_first);
}

static bool simplify(struct edge_graph *graph, struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_GATHER:
		return slice_for_gather(graph, node);
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
		return spell_out_blocks(graph, node);
	case EDGE_OP_TRANSPOSE:
		if (!join_with_producer(node))
			return false;
		if (!moves_nothing(node))
			return true;
		return become_reshape(node) && join_with_producer(node);
	case EDGE_OP_RESHAPE:
	case EDGE_OP_SLICE:
		return join_with_producer(node);
	default:
		return true;
	}
}

static bool simplify_split(struct edge_graph *graph, struct edge_node *split)
{
	struct edge_node *producer;

	if (!edge_simplify_reshaped_parts(graph, split))
		return false;
	producer = split->inputs[0]->producer;
	if (producer && producer->op == EDGE_OP_RESHAPE && !join_with_producer(producer))
		return false;
	return edge_simplify_split_of_concat(graph, split);
}

static bool for_each(struct edge_graph *graph, enum edge_op op,
		     bool (*change)(struct edge_graph *graph, struct edge_node *node))
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (node->op != op)
			continue;
		if (!change(graph, node))
			return false;
		i = node->id;
	}
	return true;
}

enum edge_status edge_pass_simplify(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (node->op == EDGE_OP_NONE)
			continue;
		if (!simplify(graph, node) || !drop_identity(graph, node))
			return edge_fail_memory(error);
		/* Those put in front of it have been simplified by it. */
		i = node->id;
	}
	/* Only now are all Gathers Slices, and then all Slices that can be are Splits. */
	if (!for_each(graph, EDGE_OP_SLICE, edge_simplify_slices) ||
	    !for_each(graph, EDGE_OP_SPLIT, simplify_split))
		return edge_fail_memory(error);
	return edge_pass_dead_nodes(graph, error);
}
