// SPDX-License-Identifier: MIT
/* Reals at the ends of a graph of bytes: who asks for it gets the bytes, and does the conversion, if
 * any, together with other work. */
#include "base/error.h"
#include "passes/byte_table.h"
#include "passes/passes.h"

/* Whether @node gives u8 for i8 or the other way round, and the same reals. */
static bool changes_sign(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	const uint8_t *table = edge_byte_table(node);

	if (node->op != EDGE_OP_LOOKUP || !table || !edge_tensor_is_bytes(x) ||
	    !edge_tensor_is_bytes(y) || x->type == y->type ||
	    x->quant->scales[0] != y->quant->scales[0] ||
	    x->quant->zero_points[0] - edge_tensor_range(x).low !=
		    y->quant->zero_points[0] - edge_tensor_range(y).low)
		return false;
	for (int i = 0; i < EDGE_BYTE_VALUES; i++) {
		if (table[i] != (i ^ 0x80))
			return false;
	}
	return true;
}

/* The bytes that stand for what @output is, where only the caller looks at that. */
static struct edge_tensor *bytes_behind(const struct edge_graph *graph,
					const struct edge_tensor *output)
{
	const struct edge_node *node = output->producer;
	struct edge_tensor *bytes;

	if (!node || output->num_consumers ||
	    (node->op != EDGE_OP_DEQUANTIZE && !changes_sign(node)))
		return NULL;
	bytes = node->inputs[0];
	if (!edge_tensor_is_bytes(bytes) || edge_tensor_is_constant(bytes) ||
	    edge_graph_is_output(graph, bytes) || edge_graph_is_input(graph, bytes))
		return NULL;
	return bytes;
}

/* The bytes that @input becomes, where nothing else is done with it. */
static struct edge_tensor *bytes_before(const struct edge_graph *graph,
					const struct edge_tensor *input)
{
	const struct edge_node *node = edge_tensor_only_consumer(graph, input);
	struct edge_tensor *bytes;

	if (!node || (node->op != EDGE_OP_QUANTIZE && !changes_sign(node)))
		return NULL;
	bytes = node->outputs[0];
	if (!edge_tensor_is_bytes(bytes) || edge_graph_is_output(graph, bytes))
		return NULL;
	return bytes;
}

enum edge_status edge_pass_quantised_io(struct edge_graph *graph, struct edge_error *error)
{
	for (int i = 0; i < graph->num_outputs; i++) {
		struct edge_tensor *output = graph->outputs[i];
		struct edge_tensor *bytes = bytes_behind(graph, output);

		if (!bytes)
			continue;
		if (!edge_graph_replace_uses(graph, output, bytes))
			return edge_fail_memory(error);
		edge_graph_remove_node(graph, output->producer);
	}
	for (int i = 0; i < graph->num_inputs; i++) {
		struct edge_tensor *bytes = bytes_before(graph, graph->inputs[i]);

		if (!bytes)
			continue;
		edge_graph_remove_node(graph, bytes->producer);
		graph->inputs[i] = bytes;
	}
	edge_graph_compact(graph);
	return EDGE_OK;
}
