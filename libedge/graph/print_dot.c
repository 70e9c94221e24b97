// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "graph/print.h"

#define TEXT_MAX 128

/* Inside double quotes, where Graphviz gives backslashes a meaning. */
static void print_escaped(const char *text, FILE *file)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			fputc('\\', file);
		fputc(iscntrl((unsigned char)*text) ? '?' : *text, file);
	}
}

static void print_tensor(const struct edge_tensor *tensor, const char *colour, FILE *file)
{
	char shape[TEXT_MAX];

	edge_print_shape(tensor, shape, sizeof(shape));
	fprintf(file, "\tt%d [shape=ellipse, fillcolor=\"%s\", label=\"", tensor->id, colour);
	print_escaped(tensor->name, file);
	fprintf(file, "\\n%s %s\"];\n", edge_type_name(tensor->type), shape);
}

static const char *node_colour(const struct edge_node *node)
{
	if (node->is_view)
		return "#ffffff";
	switch (node->op) {
	case EDGE_OP_CONV:
	case EDGE_OP_CONV_TRANSPOSE:
	case EDGE_OP_MATMUL:
		return "#cfe2f3";
	case EDGE_OP_MAX_POOL:
	case EDGE_OP_AVERAGE_POOL:
	case EDGE_OP_LP_POOL:
	case EDGE_OP_RESIZE:
		return "#d9ead3";
	default:
		return "#f3f3f3";
	}
}

static void print_node(const struct edge_node *node, FILE *file)
{
	char op[TEXT_MAX], params[TEXT_MAX];

	edge_print_op(node, op, sizeof(op));
	edge_print_params(node, params, sizeof(params));
	fprintf(file, "\tn%d [fillcolor=\"%s\", label=\"%s%s%s\", tooltip=\"", node->id,
		node_colour(node), op, *params ? "\\n" : "", params);
	print_escaped(node->name, file);
	fputs("\"];\n", file);
}

static void print_edges(const struct edge_node *node, FILE *file)
{
	char shape[TEXT_MAX];

	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (!input || input->constant)
			continue;
		edge_print_shape(input, shape, sizeof(shape));
		fprintf(file, "\t%s%d -> n%d [label=\"%s\"];\n", input->producer ? "n" : "t",
			input->producer ? input->producer->id : input->id, node->id, shape);
	}
}

enum edge_status edge_print_dot(const struct edge_graph *graph, FILE *file,
				struct edge_error *error)
{
	fputs("digraph \"", file);
	print_escaped(graph->name, file);
	fputs("\" {\n\tnode [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\"];\n"
	      "\tedge [fontname=\"sans-serif\", fontsize=10];\n",
	      file);
	for (int i = 0; i < graph->num_inputs; i++)
		print_tensor(graph->inputs[i], "#fff2cc", file);
	for (int i = 0; i < graph->num_nodes; i++)
		print_node(graph->nodes[i], file);
	for (int i = 0; i < graph->num_nodes; i++)
		print_edges(graph->nodes[i], file);
	for (int i = 0; i < graph->num_outputs; i++) {
		const struct edge_tensor *output = graph->outputs[i];

		/* An output that is an input or a constant has no node to come from. */
		if (!edge_graph_is_input(graph, output))
			print_tensor(output, "#f4cccc", file);
		if (output->producer)
			fprintf(file, "\tn%d -> t%d;\n", output->producer->id, output->id);
	}
	fputs("}\n", file);
	if (fflush(file) || ferror(file))
		return edge_fail(error, EDGE_IO_ERROR, "cannot write the graph: %s",
				 strerror(errno));
	return EDGE_OK;
}
