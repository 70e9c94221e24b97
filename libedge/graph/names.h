/* SPDX-License-Identifier: MIT */
/* The names of a graph's tensors: an index by hash, so that large graphs are built in linear time.
 */
#ifndef EDGE_GRAPH_NAMES_H
#define EDGE_GRAPH_NAMES_H

#include "graph/graph.h"

/* A name that no tensor has: @wanted itself or with a number after it ("t" for NULL). Allocated by
 * malloc(); NULL when memory has run out. */
char *edge_names_make(struct edge_graph *graph, const char *wanted);

/* Adds @tensor, whose name no other has; false when memory has run out. */
bool edge_names_add(struct edge_graph *graph, struct edge_tensor *tensor);

/* Makes the index anew from graph->tensors, after some have gone. Needs no memory. */
void edge_names_rebuild(struct edge_graph *graph);

#endif
