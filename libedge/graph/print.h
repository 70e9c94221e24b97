/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_PRINT_H
#define EDGE_GRAPH_PRINT_H

#include "graph/graph.h"

/* A line a node: index, operator with its parameters and activation, shapes, types; then inputs,
 * outputs and constants in all. EDGE_IO_ERROR when @file cannot be written. */
enum edge_status edge_print_text(const struct edge_graph *graph, FILE *file,
				 struct edge_error *error);

/* The same as a Graphviz digraph; names are escaped. */
enum edge_status edge_print_dot(const struct edge_graph *graph, FILE *file,
				struct edge_error *error);

/* "Conv+SiLU": operator and activation; owned by the caller's buffer. */
void edge_print_op(const struct edge_node *node, char *buffer, size_t size);

#endif
