/* SPDX-License-Identifier: MIT */
/*
 * Small edits that passes share. Tensors that are graph outputs stay what they are: callers know
 * them by name. Functions that return false have run out of memory.
 */
#ifndef EDGE_PASSES_REWRITE_H
#define EDGE_PASSES_REWRITE_H

#include "graph/graph.h"

/* Marks @node for edge_graph_compact() and lets go of its inputs and outputs. */
void edge_rewrite_remove(struct edge_node *node);

/* Removes @node, whose only output equals its input @index: readers of the one read the other.
 * Where this would turn a graph output into an input, a constant or another output, @node stays. */
bool edge_rewrite_bypass(struct edge_graph *graph, struct edge_node *node, int index);

/* Makes @node an @op with default params, no activation and @num_inputs inputs, of which those that
 * it has stay. */
bool edge_rewrite_op(struct edge_node *node, enum edge_op op, int num_inputs);

/* Makes @node func(@x). */
bool edge_rewrite_unary(struct edge_node *node, struct edge_tensor *x, enum edge_func func,
			float alpha, float beta);

/* The node takes over the operator, params, activation, inputs and name of @from, which is removed;
 * its own inputs are let go. */
bool edge_rewrite_take_over(struct edge_node *node, struct edge_node *from);

/* The output of a new node in front of @before; NULL when memory has run out. */
struct edge_tensor *edge_rewrite_reshape(struct edge_graph *graph, const struct edge_node *before,
					 struct edge_tensor *x, int rank, const int64_t *dims);
struct edge_tensor *edge_rewrite_transpose(struct edge_graph *graph, const struct edge_node *before,
					   struct edge_tensor *x, const int *perm);
struct edge_tensor *edge_rewrite_copy(struct edge_graph *graph, const struct edge_node *before,
				      struct edge_tensor *x);

/* Puts a Copy behind the producer of @output, a graph output: its producer and readers now use the
 * new tensor that is returned, and the Copy writes @output. NULL when memory has run out. */
struct edge_tensor *edge_rewrite_copy_out(struct edge_graph *graph, struct edge_tensor *output);

/* A new constant of that type and shape, zeroed, whose name says that it is of @node. */
struct edge_tensor *edge_rewrite_weights(struct edge_graph *graph, const struct edge_node *node,
					 enum edge_type type, int rank, const int64_t *dims);

/* The elements of a constant of type f32, else NULL. */
const float *edge_rewrite_floats(const struct edge_tensor *tensor);

/* Whether all elements of a constant are the same @value. */
bool edge_rewrite_uniform(const struct edge_tensor *tensor, double *value);

/* Whether @node is a plain BINARY or UNARY of that kind, with no activation of its own. */
bool edge_rewrite_is_binary(const struct edge_node *node, enum edge_binary func);
bool edge_rewrite_is_unary(const struct edge_node *node, enum edge_func func);

#endif
