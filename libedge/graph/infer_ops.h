/* SPDX-License-Identifier: MIT */
/*
 * What the inference functions of the operators share.
 *
 * edge_infer_node() has checked, when it calls one of them: the number of inputs and outputs, that
 * those which are not optional are there, that every input has a type and a sound shape of at most
 * INT64_MAX / 16 elements (so a dimension plus a few int32_t cannot overflow), and that the inputs
 * which must be constants are.
 */
#ifndef EDGE_GRAPH_INFER_OPS_H
#define EDGE_GRAPH_INFER_OPS_H

#include "base/error.h"
#include "graph/graph.h"

typedef enum edge_status edge_infer_fn(struct edge_node *node, struct edge_error *error);

edge_infer_fn edge_infer_conv, edge_infer_conv_transpose, edge_infer_matmul;
edge_infer_fn edge_infer_max_pool, edge_infer_average_pool, edge_infer_lp_pool;
edge_infer_fn edge_infer_batch_norm, edge_infer_instance_norm, edge_infer_layer_norm;
edge_infer_fn edge_infer_lrn, edge_infer_softmax;
edge_infer_fn edge_infer_unary, edge_infer_binary, edge_infer_prelu, edge_infer_where;
edge_infer_fn edge_infer_cast, edge_infer_copy;
edge_infer_fn edge_infer_reduce, edge_infer_arg, edge_infer_top_k, edge_infer_cum_sum;
edge_infer_fn edge_infer_resize, edge_infer_roi_align, edge_infer_grid_sample;
edge_infer_fn edge_infer_concat, edge_infer_split, edge_infer_slice, edge_infer_transpose;
edge_infer_fn edge_infer_reshape, edge_infer_expand, edge_infer_tile, edge_infer_pad;
edge_infer_fn edge_infer_depth_to_space, edge_infer_space_to_depth;
edge_infer_fn edge_infer_gather, edge_infer_gather_elements, edge_infer_gather_nd;
edge_infer_fn edge_infer_scatter_elements, edge_infer_scatter_nd;
edge_infer_fn edge_infer_one_hot, edge_infer_range, edge_infer_trilu;
edge_infer_fn edge_infer_reverse_sequence, edge_infer_non_max_suppression;
edge_infer_fn edge_infer_detection_postprocess;
edge_infer_fn edge_infer_quantize, edge_infer_dequantize, edge_infer_lookup;

/* Sets of types. */
#define EDGE_TYPES_FLOAT (1u << EDGE_F32 | 1u << EDGE_F16)
#define EDGE_TYPES_INDEX (1u << EDGE_I32 | 1u << EDGE_I64)
#define EDGE_TYPES_NUMBER (EDGE_TYPES_FLOAT | EDGE_TYPES_INDEX | 1u << EDGE_I8 | 1u << EDGE_U8)
#define EDGE_TYPES_BOOL (1u << EDGE_BOOL)
#define EDGE_TYPES_BYTE (1u << EDGE_I8 | 1u << EDGE_U8)

/* "node 'NAME' (OP): " and what is wrong, with EDGE_BAD_FORMAT. */
enum edge_status edge_infer_fail(const struct edge_node *node, struct edge_error *error,
				 const char *format, ...) EDGE_PRINTF(3, 4);

/* The type of input @index is in @types. */
enum edge_status edge_infer_check_type(const struct edge_node *node, int index, unsigned int types,
				       struct edge_error *error);

/* Input @index has the type of input 0. True as well when it is absent, as below. */
enum edge_status edge_infer_check_same_type(const struct edge_node *node, int index,
					    struct edge_error *error);

/* Input @index has one dimension, @size. */
enum edge_status edge_infer_check_vector(const struct edge_node *node, int index, int64_t size,
					 struct edge_error *error);

/* Input @index broadcasts to the shape (@rank, @dims) without making it larger. */
enum edge_status edge_infer_check_broadcast(const struct edge_node *node, int index, int rank,
					    const int64_t *dims, struct edge_error *error);

/* @axis is one of @rank; below zero it counts from the end, and is replaced. */
enum edge_status edge_infer_axis(const struct edge_node *node, int32_t *axis, int rank,
				 struct edge_error *error);

/* Broadcasts the shape (@rank, @with) into the shape (*@out_rank, @out). */
enum edge_status edge_infer_broadcast(const struct edge_node *node, int rank, const int64_t *with,
				      int *out_rank, int64_t *out, struct edge_error *error);

/* Gives output @index, if it is there, its type and shape; fails where that is too large. */
enum edge_status edge_infer_set(const struct edge_node *node, int index, enum edge_type type,
				int rank, const int64_t *dims, struct edge_error *error);

/* The same, as input 0. */
enum edge_status edge_infer_set_like(const struct edge_node *node, int index, enum edge_type type,
				     struct edge_error *error);

/* Whether output 0 is to be quantised: who made the node has said what as. */
bool edge_infer_is_quantised(const struct edge_node *node);

/*
 * The operands of a product of bytes, or of floating-point numbers: input 1 has the type of input 0,
 * or both are bytes, quantised if the result is, input 1 by pairs along @axis or for all of it; the
 * bias is then i32. @type: of the result.
 */
enum edge_status edge_infer_product(const struct edge_node *node, int axis, enum edge_type *type,
				    struct edge_error *error);

/* Quantisation of the outputs, after their shapes: of operators that move values it is the input's.
 */
enum edge_status edge_infer_quant(const struct edge_node *node, struct edge_error *error);

/* The windows that convolution and pooling slide over the input, one entry of each array for each
 * spatial dimension. */
struct edge_window {
	int spatial;
	int32_t *kernel, *stride, *dilation, *pad_begin, *pad_end;
	int32_t *auto_pad;
	bool ceil;
};

/* Ranges of everything in @window but the kernel's upper end; zeroes entries past @spatial. */
enum edge_status edge_infer_check_window(const struct edge_node *node,
					 const struct edge_window *window,
					 struct edge_error *error);

/* Output sizes for the input sizes @in; resolves automatic padding. */
enum edge_status edge_infer_slide(const struct edge_node *node, const struct edge_window *window,
				  const int64_t *in, int64_t *out, struct edge_error *error);

#endif
