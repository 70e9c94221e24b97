/* SPDX-License-Identifier: MIT */
/*
 * Functions of one byte, as tables. Whatever elementwise nodes lie between a tensor of bytes and
 * another tensor, with single numbers beside them, is a function of the byte: its 256 values are
 * computed by the reference of those very nodes.
 */
#ifndef EDGE_PASSES_BYTE_TABLE_H
#define EDGE_PASSES_BYTE_TABLE_H

#include "graph/graph.h"

#define EDGE_BYTE_VALUES 256

/* Most nodes between the two tensors. */
#define EDGE_CONE_NODES 32

/**
 * struct edge_cone - the nodes that make a tensor from the bytes of another one
 * @source: u8 or i8, of the shape of the result
 * @nodes: in the order of running; the last one makes the result
 */
struct edge_cone {
	struct edge_tensor *source;
	struct edge_node *nodes[EDGE_CONE_NODES];
	int num_nodes;
};

/* Finds the nearest tensor of bytes that alone decides what @result, which a node makes, holds;
 * false when there is none. Ids of nodes are in the order of running. */
bool edge_cone_find(struct edge_tensor *result, struct edge_cone *cone);

/* Makes the last node of @cone a Lookup; false when memory has run out. */
bool edge_cone_become_lookup(struct edge_graph *graph, const struct edge_cone *cone);

/* A new constant of 256 elements, zeroed, whose name says that it is of @node; NULL when memory has
 * run out. */
struct edge_tensor *edge_byte_table_create(struct edge_graph *graph, const struct edge_node *node,
					   enum edge_type type);

/* The table of bytes of a Lookup, or of a Conv that has one, else NULL. */
const uint8_t *edge_byte_table(const struct edge_node *node);

/* Whether @node is a Lookup that gives what it gets. */
bool edge_byte_table_is_identity(const struct edge_node *node);

#endif
