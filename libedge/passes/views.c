// SPDX-License-Identifier: MIT
/*
 * Three walks. Forwards: outputs of Reshape, Transpose, Split, Slice and Expand look into their
 * input. Then graph outputs get storages of their own where they must. Backwards: the parts of a
 * Concat move into its output's storage, together with all that they look into or that looks into
 * them; so a Concat of Concats, which comes first, is done from the outermost inwards.
 */
#include <string.h>

#include "base/error.h"
#include "passes/layout.h"
#include "passes/order.h"
#include "passes/passes.h"
#include "passes/region.h"
#include "passes/rewrite.h"

/* Views of views are followed so far; beyond, the worst is assumed. */
#define MAX_DEPTH 64

static bool is_alias(const struct edge_tensor *tensor)
{
	return tensor->producer && edge_layout_is_alias(tensor->producer);
}

static int output_index(const struct edge_tensor *tensor)
{
	int index = 0;

	while (tensor->producer->outputs[index] != tensor)
		index++;
	return index;
}

/* Whether elements that kernels expect next to each other are. */
static bool suits(const struct edge_tensor *tensor, enum edge_role role)
{
	int dim = tensor->rank - 1;

	if (role == EDGE_ROLE_CHANNELS_LAST && tensor->rank > 2)
		dim = 1;
	else if (role != EDGE_ROLE_CHANNELS_LAST && role != EDGE_ROLE_ROW_MAJOR)
		return true;
	return dim < 0 || tensor->dims[dim] == 1 || tensor->strides[dim] == 1;
}

static bool suits_reader(const struct edge_tensor *tensor, const struct edge_node *reader)
{
	for (int i = 0; i < reader->num_inputs; i++) {
		if (reader->inputs[i] == tensor && !suits(tensor, edge_layout_role(reader, i)))
			return false;
	}
	return true;
}

/* Moving. -------------------------------------------------------------------------------------- */

/* Whether @tensor may lie where it does; moves what looks into it along. */
static bool settle(const struct edge_graph *graph, struct edge_tensor *tensor, int depth)
{
	if (!depth)
		return false;
	if (tensor->producer && !is_alias(tensor) &&
	    !suits(tensor, edge_layout_output_role(tensor->producer)))
		return false;
	if (edge_graph_is_output(graph, tensor) && !edge_region_is_dense(tensor))
		return false;
	for (int i = 0; i < tensor->num_consumers; i++) {
		const struct edge_node *reader = tensor->consumers[i];
		struct edge_region region = edge_region_of(tensor);

		if (!suits_reader(tensor, reader))
			return false;
		if (!edge_layout_is_alias(reader))
			continue;
		for (int j = 0; j < reader->num_outputs; j++) {
			struct edge_region view;

			if (!edge_region_forward(reader, j, &region, &view))
				return false;
			edge_region_set(reader->outputs[j], &view);
			if (!settle(graph, reader->outputs[j], depth - 1))
				return false;
		}
	}
	return true;
}

static bool lies_inside(const struct edge_tensor *tensor)
{
	int64_t first, last;

	edge_region_bounds(tensor, &first, &last);
	return first >= 0 && last < edge_tensor_elements(tensor->storage);
}

/* Overlaps. ------------------------------------------------------------------------------------ */

/* Whether a node from number @time on reads elements of @tensor that are also in @other. */
static bool is_read(const struct edge_graph *graph, const struct edge_tensor *tensor,
		    const struct edge_tensor *other, int time, int depth)
{
	if (other && edge_region_disjoint(tensor, other))
		return false;
	if (!depth || edge_graph_is_output(graph, tensor))
		return true;
	for (int i = 0; i < tensor->num_consumers; i++) {
		const struct edge_node *reader = tensor->consumers[i];
		bool alias = edge_layout_is_alias(reader);
		bool joined = reader->op == EDGE_OP_CONCAT &&
			      reader->outputs[0]->storage == tensor->storage;

		if (!alias && reader->id >= time)
			return true;
		/* Who reads a Concat's output reads all of its parts. */
		for (int j = 0; (alias || joined) && j < reader->num_outputs; j++) {
			if (is_read(graph, reader->outputs[j], alias ? other : NULL, time,
				    depth - 1))
				return true;
		}
	}
	return false;
}

/* Whether one of two tensors is written while the other is still needed. */
static bool collides(const struct edge_graph *graph, const struct edge_tensor *a,
		     const struct edge_tensor *b)
{
	const struct edge_tensor *first = a, *second = b;

	if (a == b || edge_region_disjoint(a, b))
		return false;
	if (a->producer->id > b->producer->id) {
		first = b;
		second = a;
	}
	return is_read(graph, first, second, second->producer->id, MAX_DEPTH);
}

/* The tensor that is computed, of which @tensor is all or a part. */
static struct edge_tensor *computed(struct edge_tensor *tensor)
{
	while (is_alias(tensor))
		tensor = tensor->producer->inputs[0];
	return tensor;
}

/* Whether @inner is @concat or makes a part of it in its place. */
static bool holds(const struct edge_node *concat, const struct edge_node *inner, int depth)
{
	if (concat == inner)
		return true;
	for (int i = 0; i < concat->num_inputs && depth; i++) {
		const struct edge_node *part = computed(concat->inputs[i])->producer;

		if (concat->inputs[i]->storage == concat->outputs[0]->storage &&
		    part->op == EDGE_OP_CONCAT && holds(part, inner, depth - 1))
			return true;
	}
	return false;
}

/* Whether @tensor, which is to be in @inner, collides with a part of @concat that has moved already.
 * What has yet to move into a part that is a Concat itself is copied in front of that Concat if it
 * would collide. */
static bool collides_with_parts(const struct edge_graph *graph, const struct edge_tensor *tensor,
				const struct edge_node *inner, const struct edge_node *concat,
				int depth)
{
	for (int i = 0; i < concat->num_inputs; i++) {
		const struct edge_tensor *part;
		bool is_concat;

		if (concat->inputs[i]->storage != concat->outputs[0]->storage)
			continue;
		part = computed(concat->inputs[i]);
		is_concat = part->producer->op == EDGE_OP_CONCAT;
		if (!(is_concat && holds(part->producer, inner, MAX_DEPTH)) &&
		    collides(graph, tensor, part))
			return true;
		if (is_concat && (!depth || collides_with_parts(graph, tensor, inner,
								part->producer, depth - 1)))
			return true;
	}
	return false;
}

/* Concat. -------------------------------------------------------------------------------------- */

/* Where part @index of @concat belongs: the part in that place. */
static struct edge_tensor slot_of(const struct edge_node *concat, int index)
{
	struct edge_region region = edge_region_of(concat->outputs[0]);
	struct edge_tensor slot = *concat->inputs[index];
	int axis = concat->params.axis.axis;

	for (int i = 0; i < index; i++)
		region.offset += concat->inputs[i]->dims[axis] * region.strides[axis];
	edge_region_set(&slot, &region);
	return slot;
}

static bool is_in(const struct edge_tensor *tensor, const struct edge_tensor *slot)
{
	if (tensor->storage != slot->storage || tensor->offset != slot->offset)
		return false;
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[i] > 1 && tensor->strides[i] != slot->strides[i])
			return false;
	}
	return true;
}

/* A part may reach beyond its place where the other parts are not written before it is read for the
 * last time, as it does when a Split's input takes the place of one of its outputs. */
static bool spares_other_parts(const struct edge_graph *graph, const struct edge_tensor *tensor,
			       const struct edge_node *concat)
{
	for (int i = 0; i < concat->num_inputs; i++) {
		struct edge_tensor slot;

		slot = slot_of(concat, i);
		if (computed(concat->inputs[i]) == tensor && is_in(concat->inputs[i], &slot))
			continue;
		if (is_read(graph, tensor, &slot, concat->id, MAX_DEPTH))
			return false;
	}
	return true;
}

/* Moves what part @index looks into so that the part comes to lie in its place. */
static bool move_part(const struct edge_graph *graph, const struct edge_node *concat, int index)
{
	struct edge_tensor slot = slot_of(concat, index), *tensor = concat->inputs[index];
	struct edge_region region = edge_region_of(&slot), before;

	while (is_alias(tensor)) {
		struct edge_region output = region;

		if (!edge_region_backward(tensor->producer, output_index(tensor), &output, &region))
			return false;
		tensor = tensor->producer->inputs[0];
	}
	if (tensor->storage != tensor || !tensor->producer || tensor == slot.storage)
		return false;
	before = edge_region_of(tensor);
	edge_region_set(tensor, &region);
	if (lies_inside(tensor) && edge_region_is_injective(tensor) &&
	    settle(graph, tensor, MAX_DEPTH) && is_in(concat->inputs[index], &slot) &&
	    spares_other_parts(graph, tensor, concat) &&
	    !collides_with_parts(graph, tensor, concat, slot.storage->producer, MAX_DEPTH))
		return true;
	edge_region_set(tensor, &before);
	settle(graph, tensor, MAX_DEPTH);
	return false;
}

static bool copy_part(struct edge_graph *graph, struct edge_node *concat, int index)
{
	struct edge_tensor slot = slot_of(concat, index);
	struct edge_region region = edge_region_of(&slot);
	struct edge_tensor *y = edge_rewrite_copy(graph, concat, concat->inputs[index]);

	if (!y)
		return false;
	memcpy(y->order, concat->outputs[0]->order, sizeof(y->order));
	edge_region_set(y, &region);
	return edge_node_set_input(concat, index, y);
}

static bool join_parts(struct edge_graph *graph, struct edge_node *concat)
{
	for (int i = 0; i < concat->num_inputs; i++) {
		struct edge_tensor slot = slot_of(concat, i);

		if (is_in(concat->inputs[i], &slot) || move_part(graph, concat, i))
			continue;
		if (!copy_part(graph, concat, i))
			return false;
	}
	return true;
}

/* Forwards. ------------------------------------------------------------------------------------ */

/* Replaces input @index by a copy that is dense in @order. */
static bool copy_input(struct edge_graph *graph, struct edge_node *node, int index,
		       const struct edge_order *order)
{
	struct edge_tensor *y = edge_rewrite_copy(graph, node, node->inputs[index]);
	struct edge_region region;

	if (!y)
		return false;
	edge_order_set(y, order);
	region = edge_region_dense(y);
	edge_region_set(y, &region);
	return edge_node_set_input(node, index, y);
}

static bool look_through(struct edge_graph *graph, struct edge_node *node)
{
	struct edge_region input = edge_region_of(node->inputs[0]), output;

	if (!edge_region_forward(node, 0, &input, &output)) {
		const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
		struct edge_order order = edge_order_of(y);

		if (!edge_order_reshape(y->rank, y->dims, &order, x->rank, x->dims, &order))
			order = edge_order_row_major(x->rank);
		if (!copy_input(graph, node, 0, &order))
			return false;
		input = edge_region_of(node->inputs[0]);
	}
	for (int i = 0; i < node->num_outputs; i++) {
		if (edge_region_forward(node, i, &input, &output))
			edge_region_set(node->outputs[i], &output);
	}
	return true;
}

static bool place_node(struct edge_graph *graph, struct edge_node *node)
{
	for (int i = 0; i < node->num_inputs; i++) {
		struct edge_order order;

		if (!node->inputs[i] || suits(node->inputs[i], edge_layout_role(node, i)))
			continue;
		order = edge_order_row_major(node->inputs[i]->rank);
		if (edge_layout_role(node, i) == EDGE_ROLE_CHANNELS_LAST)
			order = edge_order_channels_last(node->inputs[i]->rank);
		if (!copy_input(graph, node, i, &order))
			return false;
	}
	return !edge_layout_is_alias(node) || look_through(graph, node);
}

/* Graph outputs. ------------------------------------------------------------------------------- */

/* Callers read an output as a dense tensor, and what they write into an input is theirs. */
static bool is_own(const struct edge_graph *graph, const struct edge_tensor *output)
{
	return output->storage->producer && edge_region_is_dense(output);
}

static bool detach_output(struct edge_graph *graph, int index)
{
	struct edge_tensor *output = graph->outputs[index], *x;
	struct edge_region region = edge_region_of(output);

	if (is_own(graph, output))
		return true;
	if (output->producer) {
		x = edge_rewrite_copy_out(graph, output);
		if (!x)
			return false;
		memcpy(x->order, output->order, sizeof(x->order));
		edge_region_set(x, &region);
	} else {
		struct edge_node *copy =
			edge_graph_add_node(graph, EDGE_OP_COPY, output->name, 1, 1);

		x = edge_graph_add_tensor(graph, output->name);
		if (!copy || !x || !edge_node_set_input(copy, 0, output) ||
		    !edge_tensor_copy_quant(x, output))
			return false;
		edge_tensor_set_shape(x, output->type, output->rank, output->dims);
		memcpy(x->order, output->order, sizeof(x->order));
		edge_node_set_output(copy, 0, x);
		graph->outputs[index] = x;
		output = x;
	}
	region = edge_region_dense(output);
	edge_region_set(output, &region);
	return true;
}

/* The end. ------------------------------------------------------------------------------------- */

/* A single channel is innermost of all, as kernels for channels-last expect it. */
static void move_channel_inside(struct edge_tensor *tensor)
{
	int count = 0;

	if (tensor->rank < 3 || tensor->dims[1] != 1)
		return;
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->order[i] != 1)
			tensor->order[count++] = tensor->order[i];
	}
	tensor->order[count] = 1;
}

/* Strides of dimensions of size 1 mean nothing, but code that merges dimensions compares them: they
 * get those with which the dimension outside merges, or 1 where nothing lies inside. */
static void tidy_strides(struct edge_tensor *tensor)
{
	int64_t elements = edge_tensor_elements(tensor->storage), outside = elements;
	int inner = -1;

	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[tensor->order[i]] != 1)
			inner = i;
	}
	for (int i = 0; i < tensor->rank; i++) {
		int dim = tensor->order[i];

		if (tensor->dims[dim] != 1)
			outside = tensor->strides[dim];
		else
			tensor->strides[dim] = i < inner ? outside : 1;
	}
}

static void finish(struct edge_graph *graph)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		node->is_view = edge_layout_is_alias(node) || node->op == EDGE_OP_CONCAT;
		for (int j = 0; j < node->num_inputs; j++) {
			if (node->inputs[j] && edge_layout_role(node, j) == EDGE_ROLE_CHANNELS_LAST)
				move_channel_inside(node->inputs[j]);
		}
		for (int j = 0; j < node->num_outputs; j++) {
			if (node->outputs[j] &&
			    edge_layout_output_role(node) == EDGE_ROLE_CHANNELS_LAST)
				move_channel_inside(node->outputs[j]);
		}
	}
	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_tensor *tensor = graph->tensors[i];

		tidy_strides(tensor);
		/* What has no elements lies nowhere, and need not fit. */
		if (!edge_tensor_elements(tensor))
			tensor->offset = 0;
		tensor->size = tensor->storage == tensor ? edge_tensor_bytes(tensor) : 0;
	}
}

enum edge_status edge_pass_views(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_region region = edge_region_dense(graph->tensors[i]);

		edge_region_set(graph->tensors[i], &region);
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (!place_node(graph, node))
			return edge_fail_memory(error);
		i = node->id;
	}
	for (int i = 0; i < graph->num_outputs; i++) {
		if (!detach_output(graph, i))
			return edge_fail_memory(error);
	}
	for (int i = graph->num_nodes - 1; i >= 0; i--) {
		if (graph->nodes[i]->op == EDGE_OP_CONCAT && !join_parts(graph, graph->nodes[i]))
			return edge_fail_memory(error);
	}
	finish(graph);
	return EDGE_OK;
}
