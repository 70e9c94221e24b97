/* SPDX-License-Identifier: MIT */
/* Quantised tensors of a file: scales and zero points are inputs of the nodes that use them. */
#ifndef EDGE_IMPORT_ONNX_QUANT_H
#define EDGE_IMPORT_ONNX_QUANT_H

#include "import/onnx/onnx.h"

/**
 * struct onnx_pairs - how a node says that a tensor is quantised
 * @scale: f32, of @count elements; NULL for 1
 * @zero: of 1 or @count elements of the tensor's type; NULL for 0
 * @axis: dimension of the tensor that they run along; -1 for one pair for all of it
 * @count: of pairs
 */
struct onnx_pairs {
	struct edge_tensor *scale, *zero;
	int axis;
	int64_t count;
};

/* Input @index; the node fails when it is absent. */
struct edge_tensor *onnx_required(struct onnx_node *node, int index);

/* For onnx_pairs_read(): there is no such input. */
#define ONNX_NO_INPUT INT32_MAX

/*
 * Reads the scale from input @scale and the zero point from input @zero, which may be absent, for
 * the tensor @x with elements of @type. They may run along @axis of it, counted from the start; -1
 * when they may not. Fails the node where types or sizes do not fit.
 */
struct onnx_pairs onnx_pairs_read(struct onnx_node *node, const struct edge_tensor *x,
				  enum edge_type type, int scale, int zero, int axis);

/* The same for a result of unknown shape: one pair. The zero point decides *@type, which stays as
 * it is where there is none. */
struct onnx_pairs onnx_pairs_read_result(struct onnx_node *node, enum edge_type *type, int scale,
					 int zero);

/* Whether the values are known when the model is loaded. */
bool onnx_pairs_known(const struct onnx_pairs *pairs);

/* Whether both are known, and are one pair with the same values, of tensors of one type. */
bool onnx_pairs_equal(const struct onnx_pairs *a, const struct onnx_pairs *b);

/* @tensor, one of the pairs' two, with shape and rank to be broadcast to a tensor of @rank along
 * dimension @axis. */
struct edge_tensor *onnx_pairs_spread(struct onnx_node *node, const struct onnx_pairs *pairs,
				      struct edge_tensor *tensor, int rank, int axis);

/*
 * The integers of @x as what @pairs, which are known, make of them. A tensor has one quantisation:
 * where it has another one already, or may be read without any, the result is a copy. @x is a
 * constant, or of bytes.
 */
struct edge_tensor *onnx_requalify(struct onnx_node *node, struct edge_tensor *x,
				   const struct onnx_pairs *pairs);

/* The integers of @x, bytes, as such: not quantised. */
struct edge_tensor *onnx_stored(struct onnx_node *node, struct edge_tensor *x);

/* onnx_add() with a result of @type quantised by @pairs, which are known. */
struct edge_tensor *onnx_add_quantised(struct onnx_node *node, enum edge_op op,
				       const union edge_params *params, int num_inputs,
				       struct edge_tensor *const *inputs, enum edge_type type,
				       const struct onnx_pairs *pairs);

/* The reals in @x as bytes of @type, and back as f32. */
struct edge_tensor *onnx_quantize(struct onnx_node *node, struct edge_tensor *x,
				  enum edge_type type, const struct onnx_pairs *pairs);
struct edge_tensor *onnx_dequantize(struct onnx_node *node, struct edge_tensor *x,
				    const struct onnx_pairs *pairs);

/* @x, f32 in units of the result's scale, rounded, with @zero added (f32, NULL for 0), saturated. */
struct edge_tensor *onnx_store_bytes(struct onnx_node *node, struct edge_tensor *x,
				     struct edge_tensor *zero, enum edge_type type);

#endif
