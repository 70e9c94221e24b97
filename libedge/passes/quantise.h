/* SPDX-License-Identifier: MIT */
/*
 * The parts of edge_pass_quantise(). Each looks at one node; false when memory has run out. Nodes
 * that they put into the graph stand in front of the one that they are given, or right behind it.
 */
#ifndef EDGE_PASSES_QUANTISE_H
#define EDGE_PASSES_QUANTISE_H

#include "graph/graph.h"

/* The tensor of bytes, with one pair, of which @tensor is the real values; else NULL. */
struct edge_tensor *edge_quantise_bytes_of(const struct edge_tensor *tensor);

/* Whether the outputs of @node are values of its inputs, with no regard to what they are. */
bool edge_quantise_moves(const struct edge_node *node);

/* How many of the inputs of such a node are what it moves: the first ones. */
int edge_quantise_moved_inputs(const struct edge_node *node);

/* Reals that are moved, and that bytes stand for, become bytes that are moved; what reads the
 * outputs gets reals behind them. */
bool edge_quantise_move_bytes(struct edge_graph *graph, struct edge_node *node);

/* What is moved before @quantize rounds it becomes bytes that are moved. */
bool edge_quantise_move_before(struct edge_graph *graph, struct edge_node *quantize);

/* What @quantize rounds becomes, together with it, an operator on bytes. */
bool edge_quantise_operator(struct edge_graph *graph, struct edge_node *quantize);

/* A Transpose of constant bytes whose pairs run along a dimension is done at once. */
bool edge_quantise_transpose_weights(struct edge_graph *graph, struct edge_node *node);

/* i32 constant that the bias of @node (a Conv or MatMul of bytes @x and @weight) is, for a result
 * with @y's scale. @bias is NULL where it is none that bytes may have. False when memory has run
 * out. */
bool edge_quantise_bias(struct edge_graph *graph, const struct edge_node *node,
			const struct edge_tensor *x, const struct edge_tensor *weight,
			const struct edge_tensor *y, struct edge_tensor **bias);

#endif
