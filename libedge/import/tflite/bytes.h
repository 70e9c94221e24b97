/* SPDX-License-Identifier: MIT */
/*
 * Quantised tensors: what the file says of them, and ways between them and floats.
 *
 * TensorFlow Lite's rules are those of EDGE_ROUND_FIXED. An operator that has no rule for bytes
 * here is computed in floating point, between DequantizeLinear and QuantizeLinear.
 */
#ifndef EDGE_IMPORT_TFLITE_BYTES_H
#define EDGE_IMPORT_TFLITE_BYTES_H

#include "import/tflite/tflite.h"

/* Whether the file has @value as u8 or i8 that stand for reals. */
bool tflite_value_is_quantised(const struct tflite_value *value);

/* Gives @tensor, whose shape is set, the quantisation of value @index if that has one. */
enum edge_status tflite_set_quant(struct tflite_import *import, uint32_t index,
				  struct edge_tensor *tensor);

/* @x as floats, if it is quantised. */
struct edge_tensor *tflite_dequantize(struct tflite_node *node, struct edge_tensor *x);

/* Makes floats of all inputs that are quantised. */
void tflite_make_floats(struct tflite_node *node);

/* @x, floats or bytes, as output @index is quantised: rounded, looked up, or as it is. */
struct edge_tensor *tflite_settle(struct tflite_node *node, int index, struct edge_tensor *x);

/* @x, a part of output 0 of a concatenation, as that output is quantised. */
struct edge_tensor *tflite_settle_part(struct tflite_node *node, struct edge_tensor *x);

/* @act of the bytes @x, as output 0 is quantised. */
struct edge_tensor *tflite_table(struct tflite_node *node, const struct edge_activation *act,
				 struct edge_tensor *x);

/* In the place of an option for operators that have none. */
#define TFLITE_NO_OPTION 255

/* Has @made, which computes with bytes, store its result as output 0 is quantised, limited by the
 * activation that option @activation states. */
void tflite_store(struct tflite_node *node, struct edge_node *made, int activation);

/* Brings factors and bias of a sum of products to types that go together: bytes, bytes and i32, or
 * floats. @bias: may point to NULL. */
void tflite_product_types(struct tflite_node *node, struct edge_tensor **x,
			  struct edge_tensor **weight, struct edge_tensor **bias);

/* The same, to floats in any case. */
void tflite_product_floats(struct tflite_node *node, struct edge_tensor **x,
			   struct edge_tensor **weight, struct edge_tensor **bias);

#endif
