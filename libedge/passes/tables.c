// SPDX-License-Identifier: MIT
/*
 * A Lookup goes into what makes its input, if that is the only reader: another Lookup, or a
 * convolution on bytes, which looks up what it stores. Data movement in between does not matter, as
 * long as all that is put together can look up by itself.
 */
#include <string.h>

#include "base/error.h"
#include "passes/byte_table.h"
#include "passes/passes.h"
#include "passes/rewrite.h"

/* How far to look up through nodes that only move elements. */
#define MAX_DEPTH 16

/* The value of @byte. */
static int value_of(enum edge_type type, int byte)
{
	return type == EDGE_I8 ? (int8_t)byte : byte;
}

/* Whether greater bytes never become lesser ones, so that the greatest stays it. */
static bool keeps_order(const struct edge_node *lookup)
{
	const enum edge_type from = lookup->inputs[0]->type, to = lookup->outputs[0]->type;
	const uint8_t *table = edge_byte_table(lookup);
	int low = from == EDGE_I8 ? INT8_MIN : 0;

	for (int i = low; i < low + EDGE_BYTE_VALUES - 1; i++) {
		if (value_of(to, table[(uint8_t)i]) > value_of(to, table[(uint8_t)(i + 1)]))
			return false;
	}
	return true;
}

static bool is_nearest(const struct edge_node *node)
{
	return node->params.resize.mode == EDGE_RESIZE_NEAREST;
}

/* Whether it is all the same to look up before @node or after. Kernels between want their bytes as
 * they are, signed or unsigned. */
static bool commutes(const struct edge_node *node, const struct edge_node *lookup)
{
	if (lookup->inputs[0]->type != lookup->outputs[0]->type)
		return false;
	switch (node->op) {
	case EDGE_OP_RESHAPE:
	case EDGE_OP_TRANSPOSE:
	case EDGE_OP_CONCAT:
	case EDGE_OP_SLICE:
	case EDGE_OP_COPY:
	case EDGE_OP_DEPTH_TO_SPACE:
	case EDGE_OP_SPACE_TO_DEPTH:
		return true;
	case EDGE_OP_RESIZE:
		return is_nearest(node);
	case EDGE_OP_MAX_POOL:
		return (node->num_outputs == 1 || !node->outputs[1]) && keeps_order(lookup);
	default:
		return false;
	}
}

/* Whether @node stores bytes through a table, or may. */
static bool looks_up(const struct edge_node *node, const struct edge_node *lookup)
{
	if (node->op == EDGE_OP_LOOKUP)
		return edge_byte_table(node);
	return node->op == EDGE_OP_CONV && edge_tensor_is_bytes(node->outputs[0]) &&
	       node->outputs[0]->type == lookup->outputs[0]->type;
}

/* Whether @tensor can be what @lookup makes of it. */
static bool can_absorb(const struct edge_graph *graph, const struct edge_tensor *tensor,
		       const struct edge_node *lookup, int depth)
{
	const struct edge_node *node = tensor->producer;

	if (!node || !depth || !edge_tensor_only_consumer(graph, tensor))
		return false;
	if (looks_up(node, lookup))
		return true;
	if (!commutes(node, lookup))
		return false;
	for (int i = 0; i < node->num_inputs; i++) {
		if (!can_absorb(graph, node->inputs[i], lookup, depth - 1))
			return false;
	}
	return true;
}

/* The table that looks up in @lookup's what has been looked up in @table. */
static struct edge_tensor *compose(struct edge_graph *graph, const uint8_t *table,
				   const struct edge_node *lookup)
{
	const struct edge_tensor *second = lookup->inputs[1];
	const size_t size = edge_type_size(second->type);
	struct edge_tensor *both = edge_byte_table_create(graph, lookup, second->type);

	if (!both)
		return NULL;
	for (int i = 0; i < EDGE_BYTE_VALUES; i++)
		memcpy((char *)both->data + i * size, (const char *)second->data + table[i] * size,
		       size);
	return both;
}

/* @node, for which looks_up() holds, stores what @lookup makes of it. */
static bool add_table(struct edge_graph *graph, struct edge_node *node,
		      const struct edge_node *lookup)
{
	const struct edge_quant *before = node->outputs[0]->quant;
	const uint8_t *table = edge_byte_table(node);
	struct edge_tensor *both;

	if (table) {
		both = compose(graph, table, lookup);
		return both && edge_node_set_input(node, node->op == EDGE_OP_CONV ? 4 : 1, both);
	}
	node->params.conv.table_scale = before->scales[0];
	node->params.conv.table_zero_point = before->zero_points[0];
	return edge_node_resize_inputs(node, 5) && edge_node_set_input(node, 4, lookup->inputs[1]);
}

static bool absorb(struct edge_graph *graph, struct edge_tensor *tensor,
		   const struct edge_node *lookup)
{
	struct edge_node *node = tensor->producer;
	const struct edge_tensor *y = lookup->outputs[0];

	if (looks_up(node, lookup)) {
		if (!add_table(graph, node, lookup))
			return false;
	} else {
		for (int i = 0; i < node->num_inputs; i++) {
			if (!absorb(graph, node->inputs[i], lookup))
				return false;
		}
	}
	tensor->type = y->type;
	return edge_tensor_copy_quant(tensor, y);
}

/* Reals are looked up last of all. */
static bool compose_reals(struct edge_graph *graph, struct edge_node *node)
{
	const struct edge_node *first = node->inputs[0]->producer;
	struct edge_tensor *both;

	if (!first || first->op != EDGE_OP_LOOKUP || !edge_byte_table(first) ||
	    !edge_tensor_only_consumer(graph, node->inputs[0]))
		return true;
	both = compose(graph, edge_byte_table(first), node);
	return both && edge_node_set_input(node, 1, both) &&
	       edge_node_set_input(node, 0, first->inputs[0]);
}

static bool join(struct edge_graph *graph, struct edge_node *node)
{
	if (!edge_byte_table(node))
		return compose_reals(graph, node);
	if (!can_absorb(graph, node->inputs[0], node, MAX_DEPTH))
		return true;
	return absorb(graph, node->inputs[0], node) && edge_rewrite_bypass(graph, node, 0);
}

/* What is left may give what it gets only now that it has been joined with others. */
static bool drop_identity(struct edge_graph *graph, struct edge_node *node)
{
	return !edge_byte_table_is_identity(node) || edge_rewrite_bypass(graph, node, 0);
}

static bool for_each_lookup(struct edge_graph *graph,
			    bool (*change)(struct edge_graph *graph, struct edge_node *node))
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];

		if (node->op == EDGE_OP_LOOKUP && node->inputs[1]->constant &&
		    node->inputs[1]->data && !change(graph, node))
			return false;
	}
	return true;
}

enum edge_status edge_pass_tables(struct edge_graph *graph, struct edge_error *error)
{
	if (!for_each_lookup(graph, join) || !for_each_lookup(graph, drop_identity))
		return edge_fail_memory(error);
	return edge_pass_dead_nodes(graph, error);
}
