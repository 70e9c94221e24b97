/* SPDX-License-Identifier: MIT */
/*
 * Graphs for people. A graph is printed at any stage, sound or not; names are those of the model,
 * with what is not printable replaced.
 */
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

/*
 * The following fill the caller's buffer, and cut what does not fit.
 */

/* "Conv+SiLU": operator and activation; Unary, Binary and Reduce by their function. */
void edge_print_op(const struct edge_node *node, char *buffer, size_t size);

/* "3x3 s2 p1 g32": kernel, stride, padding, dilation, groups of convolutions and pools, each only
 * where it is not the usual one (p0,1:2,3 for begin:end); what matters of other operators. */
void edge_print_params(const struct edge_node *node, char *buffer, size_t size);

/* "1x3x416x416", with ? for what is not known; "scalar" for rank 0. */
void edge_print_shape(const struct edge_tensor *tensor, char *buffer, size_t size);

/* Writes @name with control characters, which a terminal would obey, as '?'. */
void edge_print_name(const char *name, FILE *file);

#endif
