// SPDX-License-Identifier: MIT
/*
 * An i8 whose zero point is z stands for the same real as the u8 that is 128 more, whose zero point
 * is z + 128; their bits differ in the highest one only. So a tensor changes its type by its
 * quantisation, and constants that meet it by that bit.
 *
 * First every tensor that has to stay as it is (an input or output of the graph, or one that is
 * read or made by an operator which does not know what bytes stand for) gets a Lookup between it
 * and the others, which for now changes nothing. Then the others change.
 *
 * No result changes; but f32 that interpolates what is stored may round otherwise 128 further on,
 * where a linear Resize has weights that are no sums of powers of two.
 */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "passes/byte_table.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

#define HIGH_BIT 0x80

static bool is_signed(const struct edge_tensor *tensor)
{
	return tensor && tensor->type == EDGE_I8 && edge_tensor_is_bytes(tensor);
}

static bool is_weight(const struct edge_node *node, int index)
{
	return index == 1 && (node->op == EDGE_OP_CONV || node->op == EDGE_OP_MATMUL) &&
	       node->inputs[1]->constant;
}

static bool is_table(const struct edge_node *node, int index)
{
	return (node->op == EDGE_OP_LOOKUP && index == 1) ||
	       (node->op == EDGE_OP_CONV && index == 4);
}

/* Whether every window of @node has the same, odd number of values, so that no average is a half. */
static bool averages_odd(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];

	for (int i = 0; i < x->rank - 2; i++) {
		const int64_t kernel = node->params.pool.kernel[i];

		if ((kernel ? kernel : x->dims[2 + i]) % 2 == 0 || node->params.pool.pad_begin[i] ||
		    node->params.pool.pad_end[i] || node->params.pool.ceil_mode)
			return false;
	}
	return true;
}

/* Whether @node averages what is stored and rounds halves away from 0, which is where the type has
 * it. */
static bool averages_stored(const struct edge_node *node)
{
	return node->rounding == EDGE_ROUND_FIXED && is_signed(node->inputs[0]) &&
	       edge_tensor_same_quant(node->inputs[0], node->outputs[0]) && !averages_odd(node);
}

/* Whether the bytes that @node reads and writes are numbers to it, so that their type is nothing
 * but a matter of their zero point. */
static bool knows_reals(const struct edge_node *node)
{
	switch (node->op) {
	case EDGE_OP_CONV:
	case EDGE_OP_MATMUL:
	case EDGE_OP_QUANTIZE:
	case EDGE_OP_DEQUANTIZE:
	case EDGE_OP_LOOKUP:
	case EDGE_OP_CONCAT:
	case EDGE_OP_SPLIT:
	case EDGE_OP_SLICE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_RESHAPE:
	case EDGE_OP_EXPAND:
	case EDGE_OP_TILE:
	case EDGE_OP_COPY:
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_RESIZE:
	case EDGE_OP_GATHER:
	case EDGE_OP_GATHER_ELEMENTS:
	case EDGE_OP_GATHER_ND:
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
	case EDGE_OP_REVERSE_SEQUENCE:
	case EDGE_OP_ARG_MAX:
	case EDGE_OP_ARG_MIN:
		return true;
	case EDGE_OP_PAD:
		return node->num_inputs < 2 || !node->inputs[1] || node->inputs[1]->constant;
	case EDGE_OP_BINARY:
		return edge_tensor_is_bytes(node->outputs[0]);
	case EDGE_OP_AVERAGE_POOL:
		return edge_tensor_is_bytes(node->outputs[0]) && !averages_stored(node);
	case EDGE_OP_UNARY:
		return node->params.unary.func == EDGE_FUNC_IDENTITY;
	case EDGE_OP_REDUCE:
		return node->params.reduce.kind == EDGE_REDUCE_MAX ||
		       node->params.reduce.kind == EDGE_REDUCE_MIN;
	default:
		return false;
	}
}

/* Reads, or makes, bytes of either type as easily. */
static bool takes_either(const struct edge_node *node)
{
	return node->op == EDGE_OP_QUANTIZE || node->op == EDGE_OP_DEQUANTIZE ||
	       node->op == EDGE_OP_LOOKUP;
}

/* Apart. --------------------------------------------------------------------------------------- */

static bool is_made_outside(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	if (!tensor->producer || !knows_reals(tensor->producer))
		return true;
	return edge_graph_is_output(graph, tensor) && takes_either(tensor->producer);
}

static bool is_read_outside(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	if (edge_graph_is_output(graph, tensor))
		return true;
	for (int i = 0; i < tensor->num_consumers; i++) {
		if (!knows_reals(tensor->consumers[i]))
			return true;
	}
	return false;
}

/* Whether something reads @tensor that had better read another one. */
static bool is_read_inside(const struct edge_tensor *tensor)
{
	for (int i = 0; i < tensor->num_consumers; i++) {
		if (knows_reals(tensor->consumers[i]) && !takes_either(tensor->consumers[i]))
			return true;
	}
	return false;
}

static struct edge_node *first_reader(const struct edge_tensor *tensor)
{
	struct edge_node *first = tensor->consumers[0];

	for (int i = 1; i < tensor->num_consumers; i++) {
		if (tensor->consumers[i]->id < first->id)
			first = tensor->consumers[i];
	}
	return first;
}

static struct edge_node *insert_lookup(struct edge_graph *graph, struct edge_node *before,
				       const struct edge_tensor *tensor)
{
	struct edge_node *node;
	struct edge_tensor *table;

	if (before)
		node = edge_graph_insert_node(graph, before, EDGE_OP_LOOKUP, tensor->name, 2, 1);
	else
		node = edge_graph_add_node(graph, EDGE_OP_LOOKUP, tensor->name, 2, 1);
	table = node ? edge_byte_table_create(graph, node, tensor->type) : NULL;
	if (!table || !edge_node_set_input(node, 1, table))
		return NULL;
	for (int i = 0; i < EDGE_BYTE_VALUES; i++)
		((uint8_t *)table->data)[i] = (uint8_t)i;
	return node;
}

static struct edge_tensor *add_like(struct edge_graph *graph, const struct edge_tensor *tensor)
{
	struct edge_tensor *like = edge_graph_add_tensor(graph, tensor->name);

	if (!like || !edge_tensor_copy_quant(like, tensor))
		return NULL;
	edge_tensor_set_shape(like, tensor->type, tensor->rank, tensor->dims);
	return like;
}

/* Those who may read another tensor read @inside. */
static bool redirect(struct edge_tensor *tensor, struct edge_tensor *inside)
{
	for (int i = 0; i < tensor->num_consumers;) {
		struct edge_node *node = tensor->consumers[i];
		int index = 0;

		if (!knows_reals(node)) {
			i++;
			continue;
		}
		while (node->inputs[index] != tensor)
			index++;
		if (!edge_node_set_input(node, index, inside))
			return false;
	}
	return true;
}

/* @tensor stays; what follows it is another one. */
static bool part_from_input(struct edge_graph *graph, struct edge_tensor *tensor)
{
	struct edge_tensor *inside = add_like(graph, tensor);
	struct edge_node *lookup = insert_lookup(graph, first_reader(tensor), tensor);

	if (!inside || !lookup || !redirect(tensor, inside))
		return false;
	edge_node_set_output(lookup, 0, inside);
	return edge_node_set_input(lookup, 0, tensor);
}

/* @tensor stays; what makes it makes another one. */
static bool part_from_output(struct edge_graph *graph, struct edge_tensor *tensor)
{
	struct edge_tensor *inside = add_like(graph, tensor);
	struct edge_node *producer = tensor->producer, *lookup;
	int next = producer->id + 1, index = 0;

	lookup = insert_lookup(graph, next < graph->num_nodes ? graph->nodes[next] : NULL, tensor);
	if (!inside || !lookup || !redirect(tensor, inside))
		return false;
	while (producer->outputs[index] != tensor)
		index++;
	edge_node_set_output(producer, index, inside);
	edge_node_set_output(lookup, 0, tensor);
	return edge_node_set_input(lookup, 0, inside);
}

/* Whether @tensor stays as it is; afterwards nothing depends on that. */
static bool part(struct edge_graph *graph, struct edge_tensor *tensor, bool *stays)
{
	*stays = true;
	if (is_made_outside(graph, tensor))
		return !is_read_inside(tensor) || part_from_input(graph, tensor);
	*stays = is_read_outside(graph, tensor);
	return !*stays || part_from_output(graph, tensor);
}

/* Changed. ------------------------------------------------------------------------------------- */

static void flip(struct edge_tensor *tensor, enum edge_type type)
{
	const int shift = type == EDGE_U8 ? HIGH_BIT : -HIGH_BIT;

	tensor->type = type;
	for (int64_t i = 0; tensor->quant && i < tensor->quant->count; i++)
		tensor->quant->zero_points[i] += shift;
}

/* A constant of the other type, which stands for the same reals. */
static struct edge_tensor *flipped_constant(struct edge_graph *graph,
					    const struct edge_tensor *constant, enum edge_type type)
{
	const int64_t bytes = edge_tensor_bytes(constant);
	struct edge_tensor *other = edge_graph_add_constant(graph, constant->name, constant->type,
							    constant->rank, constant->dims, NULL);

	if (!other || !edge_tensor_copy_quant(other, constant))
		return NULL;
	for (int64_t i = 0; i < bytes; i++)
		((uint8_t *)other->data)[i] = ((const uint8_t *)constant->data)[i] ^ HIGH_BIT;
	flip(other, type);
	return other;
}

static bool replace_constant(struct edge_graph *graph, struct edge_node *node, int index,
			     enum edge_type type)
{
	struct edge_tensor *other = flipped_constant(graph, node->inputs[index], type);

	return other && edge_node_set_input(node, index, other);
}

/* A table for bytes, or of bytes, of the other type, or both. */
static bool replace_table(struct edge_graph *graph, struct edge_node *node, int index,
			  bool flip_input, bool flip_output)
{
	const struct edge_tensor *from = node->inputs[index];
	const size_t size = edge_type_size(from->type);
	struct edge_tensor *to = edge_byte_table_create(graph, node, from->type);

	if (!to)
		return false;
	for (int i = 0; i < EDGE_BYTE_VALUES; i++) {
		memcpy((char *)to->data + (i ^ (flip_input ? HIGH_BIT : 0)) * size,
		       (const char *)from->data + i * size, size);
	}
	if (flip_output) {
		for (int i = 0; i < EDGE_BYTE_VALUES; i++)
			((uint8_t *)to->data)[i] ^= HIGH_BIT;
		to->type = EDGE_U8;
	}
	return edge_node_set_input(node, index, to);
}

/* What of the tensors by id changes. */
struct changes {
	struct edge_graph *graph;
	const bool *stays;
	int num_tensors;
};

static bool changes(const struct changes *all, const struct edge_tensor *tensor)
{
	return is_signed(tensor) && !tensor->constant && tensor->id < all->num_tensors &&
	       !all->stays[tensor->id];
}

static bool change_table(const struct changes *all, struct edge_node *node, int index)
{
	bool output = changes(all, node->outputs[0]), input = output;

	if (node->op == EDGE_OP_LOOKUP)
		input = changes(all, node->inputs[0]);
	else if (output)
		node->params.conv.table_zero_point += HIGH_BIT;
	return (!input && !output) || replace_table(all->graph, node, index, input, output);
}

/* A constant that @node reads follows the tensors that change. */
static bool change_constant(const struct changes *all, struct edge_node *node, int index)
{
	const struct edge_tensor *constant = node->inputs[index];

	if (is_table(node, index))
		return change_table(all, node, index);
	if (is_weight(node, index))
		return constant->type != EDGE_U8 || !constant->quant ||
		       replace_constant(all->graph, node, index, EDGE_I8);
	if (node->op == EDGE_OP_PAD && index == 1)
		return !changes(all, node->outputs[0]) ||
		       replace_constant(all->graph, node, index, EDGE_U8);
	return !is_signed(constant) || takes_either(node) ||
	       replace_constant(all->graph, node, index, EDGE_U8);
}

static bool change_constants(const struct changes *all, struct edge_node *node)
{
	for (int i = 0; i < node->num_inputs && knows_reals(node); i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (input && input->constant && input->data && !change_constant(all, node, i))
			return false;
	}
	return true;
}

static bool change_all(const struct changes *all)
{
	for (int i = 0; i < all->graph->num_nodes; i++) {
		if (!change_constants(all, all->graph->nodes[i]))
			return false;
	}
	for (int i = 0; i < all->num_tensors; i++) {
		if (changes(all, all->graph->tensors[i]))
			flip(all->graph->tensors[i], EDGE_U8);
	}
	return true;
}

static bool part_all(struct edge_graph *graph, bool **stays, int *num_tensors)
{
	const int count = graph->num_tensors;

	/* Each may get another one and a table. */
	*stays = calloc(3 * (size_t)count + 1, sizeof(**stays));
	if (!*stays)
		return false;
	for (int i = 0; i < count; i++) {
		struct edge_tensor *tensor = graph->tensors[i];

		if (is_signed(tensor) && !tensor->constant &&
		    !part(graph, tensor, &(*stays)[tensor->id]))
			return false;
	}
	*num_tensors = graph->num_tensors;
	return true;
}

enum edge_status edge_pass_unsigned(struct edge_graph *graph, struct edge_error *error)
{
	struct changes all = { .graph = graph };
	bool *stays;
	bool ok = part_all(graph, &stays, &all.num_tensors);

	all.stays = stays;
	ok = ok && change_all(&all);
	free(stays);
	return ok ? edge_pass_dead_nodes(graph, error) : edge_fail_memory(error);
}
