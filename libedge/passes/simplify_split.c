// SPDX-License-Identifier: MIT
#include "passes/simplify_split.h"

#include <string.h>

#include "passes/rewrite.h"

#define MAX_PARTS 64
#define MAX_DEPTH 8

/* The only dimension of which @node takes a part, by steps of 1; -1 when it does not. */
static int slice_axis(const struct edge_node *node)
{
	int axis = -1;

	if (node->op != EDGE_OP_SLICE)
		return -1;
	for (int i = 0; i < node->inputs[0]->rank; i++) {
		if (node->params.slice.step[i] != 1)
			return -1;
		if (node->outputs[0]->dims[i] == node->inputs[0]->dims[i])
			continue;
		if (axis >= 0)
			return -1;
		axis = i;
	}
	return axis;
}

static struct edge_node *find_slice(const struct edge_tensor *x, int axis, int64_t start)
{
	for (int i = 0; i < x->num_consumers; i++) {
		struct edge_node *node = x->consumers[i];

		if (slice_axis(node) == axis && node->params.slice.start[axis] == start &&
		    node->outputs[0]->dims[axis] > 0)
			return node;
	}
	return NULL;
}

bool edge_simplify_slices(struct edge_graph *graph, struct edge_node *node)
{
	int axis = slice_axis(node), count = 0;
	struct edge_node *slices[MAX_PARTS], *first = node, *split;
	struct edge_tensor *x;

	if (axis < 0)
		return true;
	x = node->inputs[0];
	for (int64_t start = 0; start < x->dims[axis]; count++) {
		struct edge_node *slice = find_slice(x, axis, start);

		if (!slice || count == MAX_PARTS)
			return true;
		slices[count] = slice;
		first = slice->id < first->id ? slice : first;
		start += slice->outputs[0]->dims[axis];
	}
	split = edge_graph_insert_node(graph, first, EDGE_OP_SPLIT, node->name, 1, count);
	if (!split || !edge_node_set_input(split, 0, x))
		return false;
	split->params.axis.axis = axis;
	for (int i = 0; i < count; i++) {
		edge_node_set_output(split, i, slices[i]->outputs[0]);
		edge_rewrite_remove(slices[i]);
	}
	return true;
}

static bool leads_with_ones(const struct edge_tensor *tensor, int axis)
{
	for (int i = 0; i < axis; i++) {
		if (tensor->dims[i] != 1)
			return false;
	}
	return true;
}

/* The Reshape that is the only reader of output @index of @split. */
static struct edge_node *reshape_of(const struct edge_graph *graph, const struct edge_node *split,
				    int index)
{
	struct edge_node *node = edge_tensor_only_consumer(graph, split->outputs[index]);

	return node && node->op == EDGE_OP_RESHAPE ? node : NULL;
}

/* The dimension in which the reshaped outputs of @split would lie one after the other; -1 when they
 * do not fit together so. */
static int joint_axis(const struct edge_graph *graph, const struct edge_node *split)
{
	const struct edge_node *first = reshape_of(graph, split, 0);
	int axis = 0;

	if (!first || !leads_with_ones(split->inputs[0], split->params.axis.axis))
		return -1;
	while (axis < first->outputs[0]->rank && first->outputs[0]->dims[axis] == 1)
		axis++;
	for (int i = 0; i < split->num_outputs; i++) {
		const struct edge_node *reshape = reshape_of(graph, split, i);
		const struct edge_tensor *y = first->outputs[0];

		if (!reshape || reshape->outputs[0]->rank != y->rank)
			return -1;
		for (int j = 0; j < y->rank; j++) {
			if (j != axis && reshape->outputs[0]->dims[j] != y->dims[j])
				return -1;
		}
	}
	return axis < first->outputs[0]->rank ? axis : -1;
}

bool edge_simplify_reshaped_parts(struct edge_graph *graph, struct edge_node *split)
{
	const struct edge_node *producer;
	struct edge_tensor *x;
	int64_t dims[EDGE_MAX_RANK];
	int axis;

	if (split->op != EDGE_OP_SPLIT)
		return true;
	producer = split->inputs[0]->producer;
	if (!producer || (producer->op != EDGE_OP_RESHAPE && producer->op != EDGE_OP_TRANSPOSE))
		return true;
	axis = joint_axis(graph, split);
	if (axis < 0)
		return true;
	x = reshape_of(graph, split, 0)->outputs[0];
	memcpy(dims, x->dims, sizeof(dims));
	for (int i = 1; i < split->num_outputs; i++)
		dims[axis] += reshape_of(graph, split, i)->outputs[0]->dims[axis];
	x = edge_rewrite_reshape(graph, split, split->inputs[0], x->rank, dims);
	if (!x || !edge_node_set_input(split, 0, x))
		return false;
	split->params.axis.axis = axis;
	for (int i = 0; i < split->num_outputs; i++) {
		struct edge_node *reshape = reshape_of(graph, split, i);
		struct edge_tensor *y = reshape->outputs[0];

		edge_rewrite_remove(reshape);
		edge_node_set_output(split, i, y);
	}
	return true;
}

/* A part of a tensor. */
struct part {
	int axis;
	int64_t start;
	int64_t size;
};

/* Whether both shapes have the same dimensions up to @axis. */
static bool leads_alike(const struct edge_tensor *a, const struct edge_tensor *b, int axis)
{
	if (a->rank <= axis || b->rank <= axis)
		return false;
	return !memcmp(a->dims, b->dims, (axis + 1) * sizeof(*a->dims));
}

/* The input of @concat that is just @part of its output, or NULL. */
static struct edge_tensor *find_part(const struct edge_node *concat, const struct part *part)
{
	int64_t start = 0;

	for (int i = 0; i < concat->num_inputs; i++) {
		int64_t size = concat->inputs[i]->dims[part->axis];

		if (start == part->start && size == part->size)
			return concat->inputs[i];
		start += size;
	}
	return NULL;
}

/* Whether @part of @tensor is there before it is put together with others. */
static bool is_apart(const struct edge_graph *graph, const struct edge_tensor *tensor,
		     const struct part *part, int depth)
{
	const struct edge_node *node = tensor->producer;

	if (!node || !depth || !edge_tensor_only_consumer(graph, tensor))
		return false;
	if (node->op == EDGE_OP_RESHAPE)
		return leads_alike(node->inputs[0], tensor, part->axis) &&
		       is_apart(graph, node->inputs[0], part, depth - 1);
	if (node->op != EDGE_OP_CONCAT)
		return false;
	if (node->params.axis.axis == part->axis)
		return find_part(node, part);
	for (int i = 0; i < node->num_inputs; i++) {
		if (!is_apart(graph, node->inputs[i], part, depth - 1))
			return false;
	}
	return true;
}

static struct edge_tensor *take_apart(struct edge_graph *graph, const struct edge_node *before,
				      const struct edge_tensor *tensor, const struct part *part);

static struct edge_tensor *concat_parts(struct edge_graph *graph, const struct edge_node *before,
					const struct edge_node *concat, const struct part *part)
{
	struct edge_tensor *y = edge_graph_add_tensor(graph, concat->outputs[0]->name);
	struct edge_node *node;

	node = edge_graph_insert_node(graph, before, EDGE_OP_CONCAT, concat->name,
				      concat->num_inputs, 1);
	if (!y || !node || !edge_tensor_copy_quant(y, concat->outputs[0]))
		return NULL;
	node->params = concat->params;
	edge_node_set_output(node, 0, y);
	edge_tensor_set_shape(y, concat->outputs[0]->type, concat->outputs[0]->rank,
			      concat->outputs[0]->dims);
	y->dims[part->axis] = part->size;
	for (int i = 0; i < concat->num_inputs; i++) {
		struct edge_tensor *x = take_apart(graph, node, concat->inputs[i], part);

		if (!x || !edge_node_set_input(node, i, x))
			return NULL;
	}
	return y;
}

/* @part of @tensor, for which is_apart() holds; NULL when memory has run out. */
static struct edge_tensor *take_apart(struct edge_graph *graph, const struct edge_node *before,
				      const struct edge_tensor *tensor, const struct part *part)
{
	const struct edge_node *node = tensor->producer;
	int64_t dims[EDGE_MAX_RANK];
	struct edge_tensor *x;

	if (node->op == EDGE_OP_CONCAT && node->params.axis.axis == part->axis)
		return find_part(node, part);
	if (node->op == EDGE_OP_CONCAT)
		return concat_parts(graph, before, node, part);
	x = take_apart(graph, before, node->inputs[0], part);
	if (!x)
		return NULL;
	memcpy(dims, tensor->dims, sizeof(dims));
	dims[part->axis] = part->size;
	return edge_rewrite_reshape(graph, before, x, tensor->rank, dims);
}

static bool is_all_apart(const struct edge_graph *graph, const struct edge_node *split)
{
	struct part part = { .axis = split->params.axis.axis };

	for (int i = 0; i < split->num_outputs; i++) {
		part.size = split->outputs[i]->dims[part.axis];
		if (edge_graph_is_output(graph, split->outputs[i]) ||
		    !is_apart(graph, split->inputs[0], &part, MAX_DEPTH))
			return false;
		part.start += part.size;
	}
	return true;
}

bool edge_simplify_split_of_concat(struct edge_graph *graph, struct edge_node *split)
{
	struct part part = { .axis = split->params.axis.axis };

	if (split->op != EDGE_OP_SPLIT || !is_all_apart(graph, split))
		return true;
	for (int i = 0; i < split->num_outputs; i++) {
		struct edge_tensor *x;

		part.size = split->outputs[i]->dims[part.axis];
		x = take_apart(graph, split, split->inputs[0], &part);
		if (!x || !edge_graph_replace_uses(graph, split->outputs[i], x))
			return false;
		part.start += part.size;
	}
	edge_rewrite_remove(split);
	return true;
}
