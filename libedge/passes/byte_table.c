// SPDX-License-Identifier: MIT
#include "passes/byte_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "passes/rewrite.h"
#include "ref/ref.h"

/* Bytes of the largest element. */
#define MAX_SIZE 8

static bool is_byte(const struct edge_tensor *tensor)
{
	return tensor->type == EDGE_U8 || tensor->type == EDGE_I8;
}

static bool has_axis(const struct edge_tensor *tensor)
{
	return tensor->quant && tensor->quant->axis >= 0;
}

static bool is_elementwise(const struct edge_node *node)
{
	char reason[EDGE_REASON_MAX];

	switch (node->op) {
	case EDGE_OP_UNARY:
	case EDGE_OP_BINARY:
	case EDGE_OP_PRELU:
	case EDGE_OP_WHERE:
	case EDGE_OP_CAST:
		break;
	case EDGE_OP_QUANTIZE:
	case EDGE_OP_DEQUANTIZE:
		if (has_axis(node->inputs[0]) || has_axis(node->outputs[0]))
			return false;
		break;
	case EDGE_OP_LOOKUP:
		if (!node->inputs[1]->constant || !node->inputs[1]->data)
			return false;
		break;
	default:
		return false;
	}
	return edge_ref_supports(node, reason);
}

/* Whether all that @node reads are single numbers. */
static bool reads_numbers(const struct edge_node *node)
{
	double number;

	for (int i = 0; i < node->num_inputs; i++) {
		if (!edge_rewrite_uniform(node->inputs[i], &number))
			return false;
	}
	return true;
}

/* What of the cone has yet to be traced back to the source. */
struct frontier {
	struct edge_tensor *tensors[EDGE_CONE_NODES];
	int count;
};

static bool add_to_frontier(struct frontier *frontier, struct edge_tensor *tensor)
{
	for (int i = 0; i < frontier->count; i++) {
		if (frontier->tensors[i] == tensor)
			return true;
	}
	if (frontier->count == EDGE_CONE_NODES)
		return false;
	frontier->tensors[frontier->count++] = tensor;
	return true;
}

/* Takes what is made last, which no other of them can be made from; NULL when all are inputs. */
static struct edge_node *take_last(struct frontier *frontier)
{
	struct edge_node *last = NULL;
	int index = 0;

	for (int i = 0; i < frontier->count; i++) {
		struct edge_node *producer = frontier->tensors[i]->producer;

		if (!producer || (last && producer->id < last->id))
			continue;
		last = producer;
		index = i;
	}
	if (last)
		frontier->tensors[index] = frontier->tensors[--frontier->count];
	return last;
}

static bool add_node(struct edge_cone *cone, struct edge_node *node, struct frontier *frontier,
		     const struct edge_tensor *result)
{
	double number;

	if (cone->num_nodes == EDGE_CONE_NODES || !is_elementwise(node))
		return false;
	cone->nodes[cone->num_nodes++] = node;
	if (!reads_numbers(node) && !edge_tensor_same_shape(node->outputs[0], result))
		return false;
	for (int i = 0; i < node->num_inputs; i++) {
		struct edge_tensor *input = node->inputs[i];

		if ((node->op == EDGE_OP_LOOKUP && i == 1) || edge_rewrite_uniform(input, &number))
			continue;
		if (input->constant || !add_to_frontier(frontier, input))
			return false;
	}
	return true;
}

static void reverse_nodes(struct edge_cone *cone)
{
	for (int i = 0, j = cone->num_nodes - 1; i < j; i++, j--) {
		struct edge_node *node = cone->nodes[i];

		cone->nodes[i] = cone->nodes[j];
		cone->nodes[j] = node;
	}
}

bool edge_cone_find(struct edge_tensor *result, struct edge_cone *cone)
{
	struct frontier frontier = { 0 };

	cone->num_nodes = 0;
	if (!add_node(cone, result->producer, &frontier, result))
		return false;
	while (frontier.count != 1 || !is_byte(frontier.tensors[0])) {
		struct edge_node *node = take_last(&frontier);

		if (!node || !add_node(cone, node, &frontier, result))
			return false;
	}
	cone->source = frontier.tensors[0];
	reverse_nodes(cone);
	return edge_tensor_same_shape(cone->source, result);
}

/* The values of the source and of each node, one after the other. */
struct values {
	const struct edge_cone *cone;
	char *data;
};

static struct edge_view view_of(const struct values *values, const struct edge_tensor *tensor)
{
	struct edge_view view = {
		.type = tensor->type, .rank = 1, .dims = { EDGE_BYTE_VALUES }, .strides = { 1 }
	};
	int index = 0;

	if (tensor->constant) {
		view.rank = 0;
		view.data = tensor->data;
		return view;
	}
	for (int i = 0; i < values->cone->num_nodes; i++) {
		if (values->cone->nodes[i]->outputs[0] == tensor)
			index = i + 1;
	}
	view.data = values->data + (size_t)index * EDGE_BYTE_VALUES * MAX_SIZE;
	return view;
}

static void run_node(const struct values *values, const struct edge_node *node)
{
	struct edge_view inputs[3], output = view_of(values, node->outputs[0]);

	for (int i = 0; i < node->num_inputs; i++)
		inputs[i] = view_of(values, node->inputs[i]);
	if (node->op == EDGE_OP_LOOKUP)
		inputs[1] = edge_tensor_constant_view(node->inputs[1]);
	edge_ref_run(node, inputs, &output, NULL);
}

struct edge_tensor *edge_byte_table_create(struct edge_graph *graph, const struct edge_node *node,
					   enum edge_type type)
{
	const int64_t dims[1] = { EDGE_BYTE_VALUES };
	struct edge_tensor *table;
	char *name;

	if (asprintf(&name, "%s/table", node->name) < 0)
		return NULL;
	table = edge_graph_add_constant(graph, name, type, 1, dims, NULL);
	free(name);
	return table;
}

static struct edge_tensor *evaluate(struct edge_graph *graph, const struct edge_cone *cone)
{
	const struct edge_node *last = cone->nodes[cone->num_nodes - 1];
	struct edge_tensor *table = edge_byte_table_create(graph, last, last->outputs[0]->type);
	struct values values = { cone, calloc(cone->num_nodes + 1, EDGE_BYTE_VALUES * MAX_SIZE) };

	if (table && values.data) {
		for (int i = 0; i < EDGE_BYTE_VALUES; i++)
			values.data[i] = (char)i;
		for (int i = 0; i < cone->num_nodes; i++)
			run_node(&values, cone->nodes[i]);
		memcpy(table->data, view_of(&values, last->outputs[0]).data,
		       edge_tensor_bytes(table));
	}
	table = values.data ? table : NULL;
	free(values.data);
	return table;
}

bool edge_cone_become_lookup(struct edge_graph *graph, const struct edge_cone *cone)
{
	struct edge_node *last = cone->nodes[cone->num_nodes - 1];
	struct edge_tensor *table = evaluate(graph, cone);

	last->rounding = EDGE_ROUND_FLOAT;
	return table && edge_rewrite_op(last, EDGE_OP_LOOKUP, 2) &&
	       edge_node_set_input(last, 0, cone->source) && edge_node_set_input(last, 1, table);
}

const uint8_t *edge_byte_table(const struct edge_node *node)
{
	int index = node->op == EDGE_OP_CONV ? 4 : 1;

	if ((node->op != EDGE_OP_CONV && node->op != EDGE_OP_LOOKUP) || node->num_inputs <= index ||
	    !node->inputs[index] || !is_byte(node->inputs[index]))
		return NULL;
	return node->inputs[index]->data;
}

bool edge_byte_table_is_identity(const struct edge_node *node)
{
	const uint8_t *table = edge_byte_table(node);

	if (!table || !edge_tensor_same_quant(node->inputs[0], node->outputs[0]) ||
	    node->inputs[0]->type != node->outputs[0]->type)
		return false;
	for (int i = 0; i < EDGE_BYTE_VALUES; i++) {
		if (table[i] != i)
			return false;
	}
	return true;
}
