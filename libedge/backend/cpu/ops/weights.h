/* SPDX-License-Identifier: MIT */
/* Constant inputs and what they are packed into. */
#ifndef EDGE_BACKEND_CPU_OPS_WEIGHTS_H
#define EDGE_BACKEND_CPU_OPS_WEIGHTS_H

#include <stdbool.h>

#include "graph/graph.h"

/* Input @index when it is there. */
static inline struct edge_tensor *weights_input(const struct edge_node *node, int index)
{
	return index < node->num_inputs ? node->inputs[index] : NULL;
}

/* Whether @tensor has elements, and not so many that the size of a packed form overflows: a file
 * may claim dimensions without data. */
bool weights_are_countable(const struct edge_tensor *tensor);

/* Whether @packed, from a file perhaps, is f32, or of @type, and has @size elements. */
bool weights_packed_is(const struct edge_tensor *packed, int64_t size);
bool weights_packed_as(const struct edge_tensor *packed, enum edge_type type, int64_t size);

/* Drops the data of the weight and bias, inputs 1 and 2, that nobody else reads, once packed. */
void weights_drop(struct edge_graph *graph, struct edge_node *node);

#endif
