/* SPDX-License-Identifier: MIT */
/*
 * Passes make a graph better, one a file. Each leaves a graph that edge_verify() accepts, and
 * changes no result by more than rounding. They run in the order in which they stand here;
 * edge_passes_run() runs them all.
 */
#ifndef EDGE_PASSES_PASSES_H
#define EDGE_PASSES_PASSES_H

#include "graph/graph.h"

/* Drops nodes whose results nobody uses. */
enum edge_status edge_pass_dead_nodes(struct edge_graph *graph, struct edge_error *error);

/* DequantizeLinear, operator, QuantizeLinear become one operator on bytes where one is defined
 * (Documentation/quantisation.md); functions of one byte become a Lookup. What moves values moves
 * bytes. Operators without integer arithmetic, and those whose reals are read as well, stay. */
enum edge_status edge_pass_quantise(struct edge_graph *graph, struct edge_error *error);

/* Brings quantised 8-bit tensors into the form that kernels take: activations are u8, constant
 * weights i8. Inputs and outputs of the graph stay what they are, with a Lookup beside them. */
enum edge_status edge_pass_unsigned(struct edge_graph *graph, struct edge_error *error);

/* A Lookup goes into the one before, or into the convolution on bytes whose results it looks up,
 * also through what only moves them; one that gives what it gets vanishes. */
enum edge_status edge_pass_tables(struct edge_graph *graph, struct edge_error *error);

/* Replaces nodes all of whose inputs are constants by their value, unless it would be larger than
 * 16 MiB and than what it is made from. */
enum edge_status edge_pass_fold_constants(struct edge_graph *graph, struct edge_error *error);

/* Takes out nodes that change nothing (Identity, Reshape to the same shape, Transpose and back, Add
 * 0, a Split that undoes a Concat, ...), and spells data movement in operators that can be views:
 * Gather by constants as Slice, DepthToSpace and SpaceToDepth as Reshape and Transpose. */
enum edge_status edge_pass_simplify(struct edge_graph *graph, struct edge_error *error);

/* Patterns of small operators become one node: activations spelled out (x * Sigmoid(x), Add 3 /
 * Clip 0 6 / Mul / Div 6, x * Tanh(Softplus(x)), Erf and Tanh GELU, Max(x, alpha x), ...), Pad
 * before a convolution or pool, the slices with which YOLOX begins; and the pools of a spatial
 * pyramid become smaller. */
enum edge_status edge_pass_fuse_patterns(struct edge_graph *graph, struct edge_error *error);

/* BatchNormalization, and Mul, Add, Sub, Div by constants per channel, into the weights and bias of
 * the convolution or MatMul before. A BatchNormalization that stands alone becomes a depthwise
 * convolution with a kernel of 1. */
enum edge_status edge_pass_fold_batch_norm(struct edge_graph *graph, struct edge_error *error);

/* A convolution whose result is split into parts that end up apart becomes one for each. */
enum edge_status edge_pass_split_convolutions(struct edge_graph *graph, struct edge_error *error);

/* Activations into the node before, also through Reshape, Transpose and Concat, and residual
 * additions into the convolution before. */
enum edge_status edge_pass_fuse_activations(struct edge_graph *graph, struct edge_error *error);

/* Only on request: inputs that are only quantised, and outputs that are only dequantised, become the
 * bytes, and i8 the u8 that the kernels have. */
enum edge_status edge_pass_quantised_io(struct edge_graph *graph, struct edge_error *error);

/* Chooses tensor->order of every tensor; inserts Copy nodes where a node needs its input in another
 * order. @native_io: inputs and outputs too may have another order than row-major. */
enum edge_status edge_pass_layout(struct edge_graph *graph, bool native_io,
				  struct edge_error *error);

/* Decides which Concat, Split, Slice, Transpose, Reshape and Expand nodes are views; sets storage,
 * strides and offset of every tensor; inserts Copy nodes where a view is not possible. */
enum edge_status edge_pass_views(struct edge_graph *graph, struct edge_error *error);

/* Places storages in memory: graph inputs and outputs in the request's buffers, the rest in an
 * arena shared by tensors whose lives do not overlap (greedy by size, best fit: Pisarchyk and Lee,
 * "Efficient Memory Management for Deep Neural Net Inference", 2020). */
enum edge_status edge_pass_memory_plan(struct edge_graph *graph, struct edge_error *error);

struct edge_pass_options {
	bool native_io;
	bool quantised_io;
	bool no_fusion;
};

/* The passes from dead nodes to views, verified after each in debug builds. The back end then packs
 * constants, and the memory plan comes last. */
enum edge_status edge_passes_run(struct edge_graph *graph, const struct edge_pass_options *options,
				 struct edge_error *error);

#endif
