// SPDX-License-Identifier: MIT
/* Reals at the ends of a graph of bytes: who asks for it gets the bytes, and does the conversion, if
 * any, together with other work. */
#include "base/error.h"
#include "passes/passes.h"

/* The bytes of which output @output is the real values, where only the caller looks at those. */
static struct edge_tensor *bytes_behind(const struct edge_graph *graph,
					const struct edge_tensor *output)
{
	const struct edge_node *node = output->producer;
	struct edge_tensor *bytes;

	if (!node || node->op != EDGE_OP_DEQUANTIZE || output->num_consumers)
		return NULL;
	bytes = node->inputs[0];
	if (!edge_tensor_is_bytes(bytes) || edge_tensor_is_constant(bytes) ||
	    edge_graph_is_output(graph, bytes) || edge_graph_is_input(graph, bytes))
		return NULL;
	return bytes;
}

/* The bytes that @input is rounded to, where nothing else is done with it. */
static struct edge_tensor *bytes_before(const struct edge_graph *graph,
					const struct edge_tensor *input)
{
	const struct edge_node *node = edge_tensor_only_consumer(graph, input);
	struct edge_tensor *bytes;

	if (!node || node->op != EDGE_OP_QUANTIZE)
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
