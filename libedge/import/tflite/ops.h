/* SPDX-License-Identifier: MIT */
/* The operators that can be converted, and their conversions, a file a family. */
#ifndef EDGE_IMPORT_TFLITE_OPS_H
#define EDGE_IMPORT_TFLITE_OPS_H

#include "import/tflite/bytes.h"
#include "import/tflite/tflite.h"

/* Masks of inputs. */
#define I0 (1u << 0)
#define I1 (1u << 1)
#define I2 (1u << 2)
#define I3 (1u << 3)

/*
 * OP(name, code, least inputs, most inputs, most outputs, constant inputs, bytes, conversion,
 *    variant, note), see struct tflite_operator and struct edge_operator; sorted by name.
 */
#define TFLITE_OPERATORS(OP) \
	OP("ABS", 101, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_ABS, NULL) \
	OP("ADD", 0, 2, 2, 1, 0, NATIVE, arithmetic, EDGE_BINARY_ADD, NULL) \
	OP("ARG_MAX", 56, 2, 2, 1, I1, FLOAT, arg, EDGE_OP_ARG_MAX, NULL) \
	OP("ARG_MIN", 79, 2, 2, 1, I1, FLOAT, arg, EDGE_OP_ARG_MIN, NULL) \
	OP("AVERAGE_POOL_2D", 1, 1, 1, 1, 0, NATIVE, pool, EDGE_OP_AVERAGE_POOL, NULL) \
	OP("BATCH_MATMUL", 126, 2, 2, 1, 0, FLOAT, batch_matmul, 0, NULL) \
	OP("BROADCAST_TO", 130, 2, 2, 1, I1, MOVED, broadcast_to, 0, NULL) \
	OP("CAST", 53, 1, 1, 1, 0, NATIVE, cast, 0, NULL) \
	OP("CEIL", 104, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_CEIL, NULL) \
	OP("CONCATENATION", 2, 1, -1, 1, 0, NATIVE, concatenation, 0, NULL) \
	OP("CONV_2D", 3, 2, 3, 1, 0, NATIVE, conv, 0, NULL) \
	OP("COS", 108, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_COS, NULL) \
	OP("DEPTHWISE_CONV_2D", 4, 2, 3, 1, 0, NATIVE, depthwise_conv, 0, NULL) \
	OP("DEPTH_TO_SPACE", 5, 1, 1, 1, 0, MOVED, block, EDGE_OP_DEPTH_TO_SPACE, NULL) \
	OP("DEQUANTIZE", 6, 1, 1, 1, 0, NATIVE, dequantize, 0, NULL) \
	OP("DIV", 42, 2, 2, 1, 0, NATIVE, arithmetic, EDGE_BINARY_DIV, NULL) \
	OP("ELU", 111, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_ELU, NULL) \
	OP("EQUAL", 71, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_EQUAL, NULL) \
	OP("EXP", 47, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_EXP, NULL) \
	OP("EXPAND_DIMS", 70, 2, 2, 1, I1, MOVED, expand_dims, 0, NULL) \
	OP("FLOOR", 8, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_FLOOR, NULL) \
	OP("FULLY_CONNECTED", 9, 2, 3, 1, 0, NATIVE, fully_connected, 0, "no shuffled weights") \
	OP("GATHER", 36, 2, 2, 1, 0, MOVED, gather, 0, "no batch dimensions") \
	OP("GELU", 150, 1, 1, 1, 0, NATIVE, gelu, 0, NULL) \
	OP("GREATER", 61, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_GREATER, NULL) \
	OP("GREATER_EQUAL", 62, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_GREATER_OR_EQUAL, NULL) \
	OP("HARD_SWISH", 117, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_HARD_SWISH, NULL) \
	OP("L2_NORMALIZATION", 11, 1, 1, 1, 0, FLOAT, l2_normalization, 0, NULL) \
	OP("LEAKY_RELU", 98, 1, 1, 1, 0, NATIVE, leaky_relu, 0, NULL) \
	OP("LESS", 58, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_LESS, NULL) \
	OP("LESS_EQUAL", 63, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_LESS_OR_EQUAL, NULL) \
	OP("LOG", 73, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_LOG, NULL) \
	OP("LOGICAL_AND", 86, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_AND, NULL) \
	OP("LOGICAL_NOT", 87, 1, 1, 1, 0, FLOAT, unary, EDGE_FUNC_NOT, NULL) \
	OP("LOGICAL_OR", 84, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_OR, NULL) \
	OP("LOGISTIC", 14, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_SIGMOID, NULL) \
	OP("LOG_SOFTMAX", 50, 1, 1, 1, 0, FLOAT, softmax, EDGE_OP_LOG_SOFTMAX, NULL) \
	OP("MAXIMUM", 55, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_MAX, NULL) \
	OP("MAX_POOL_2D", 17, 1, 1, 1, 0, MOVED, pool, EDGE_OP_MAX_POOL, NULL) \
	OP("MEAN", 40, 2, 2, 1, I1, NATIVE, reduce, EDGE_REDUCE_MEAN, NULL) \
	OP("MINIMUM", 57, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_MIN, NULL) \
	OP("MIRROR_PAD", 100, 2, 2, 1, I1, MOVED, mirror_pad, 0, "symmetric only by one element") \
	OP("MUL", 18, 2, 2, 1, 0, NATIVE, arithmetic, EDGE_BINARY_MUL, NULL) \
	OP("NEG", 59, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_NEG, NULL) \
	OP("NOT_EQUAL", 72, 2, 2, 1, 0, FLOAT, not_equal, 0, NULL) \
	OP("PACK", 83, 1, -1, 1, 0, NATIVE, pack, 0, NULL) \
	OP("PAD", 34, 2, 2, 1, I1, MOVED, pad, 0, NULL) \
	OP("PADV2", 60, 3, 3, 1, I1 | I2, FLOAT, pad, 0, NULL) \
	OP("POW", 78, 2, 2, 1, 0, FLOAT, binary, EDGE_BINARY_POW, NULL) \
	OP("PRELU", 54, 2, 2, 1, 0, FLOAT, prelu, 0, NULL) \
	OP("QUANTIZE", 114, 1, 1, 1, 0, NATIVE, quantize, 0, NULL) \
	OP("REDUCE_MAX", 82, 2, 2, 1, I1, NATIVE, reduce, EDGE_REDUCE_MAX, NULL) \
	OP("REDUCE_MIN", 89, 2, 2, 1, I1, NATIVE, reduce, EDGE_REDUCE_MIN, NULL) \
	OP("REDUCE_PROD", 81, 2, 2, 1, I1, NATIVE, reduce, EDGE_REDUCE_PROD, NULL) \
	OP("RELU", 19, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_RELU, NULL) \
	OP("RELU6", 21, 1, 1, 1, 0, NATIVE, relu, 6, NULL) \
	OP("RELU_0_TO_1", 152, 1, 1, 1, 0, NATIVE, relu, 1, NULL) \
	OP("RELU_N1_TO_1", 20, 1, 1, 1, 0, NATIVE, relu, -1, NULL) \
	OP("RESHAPE", 22, 1, 2, 1, I1, MOVED, reshape, 0, NULL) \
	OP("RESIZE_BILINEAR", 23, 2, 2, 1, I1, MOVED, resize, EDGE_RESIZE_LINEAR, NULL) \
	OP("RESIZE_NEAREST_NEIGHBOR", 97, 2, 2, 1, I1, MOVED, resize, EDGE_RESIZE_NEAREST, NULL) \
	OP("ROUND", 116, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_ROUND, NULL) \
	OP("RSQRT", 76, 1, 1, 1, 0, FLOAT, rsqrt, 0, NULL) \
	OP("SELECT_V2", 123, 3, 3, 1, 0, FLOAT, select, 0, NULL) \
	OP("SHAPE", 77, 1, 1, 1, 0, NATIVE, shape, 0, NULL) \
	OP("SIN", 66, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_SIN, NULL) \
	OP("SLICE", 65, 3, 3, 1, I1 | I2, MOVED, slice, 0, NULL) \
	OP("SOFTMAX", 25, 1, 1, 1, 0, FLOAT, softmax, EDGE_OP_SOFTMAX, NULL) \
	OP("SPACE_TO_DEPTH", 26, 1, 1, 1, 0, MOVED, block, EDGE_OP_SPACE_TO_DEPTH, NULL) \
	OP("SPLIT", 49, 2, 2, -1, I0, MOVED, split, 0, NULL) \
	OP("SPLIT_V", 102, 3, 3, -1, I1 | I2, MOVED, split_v, 0, NULL) \
	OP("SQRT", 75, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_SQRT, NULL) \
	OP("SQUARE", 92, 1, 1, 1, 0, FLOAT, square, 0, NULL) \
	OP("SQUARED_DIFFERENCE", 99, 2, 2, 1, 0, FLOAT, squared_difference, 0, NULL) \
	OP("SQUEEZE", 43, 1, 1, 1, 0, MOVED, squeeze, 0, NULL) \
	OP("STRIDED_SLICE", 45, 4, 4, 1, I1 | I2 | I3, MOVED, strided_slice, 0, NULL) \
	OP("SUB", 41, 2, 2, 1, 0, NATIVE, arithmetic, EDGE_BINARY_SUB, NULL) \
	OP("SUM", 74, 2, 2, 1, I1, NATIVE, reduce, EDGE_REDUCE_SUM, NULL) \
	OP("TANH", 28, 1, 1, 1, 0, NATIVE, unary, EDGE_FUNC_TANH, NULL) \
	OP("TFLite_Detection_PostProcess", TFLITE_CUSTOM, 3, 3, 4, 0, FLOAT, \
	   detection_postprocess, 0, NULL) \
	OP("TILE", 69, 2, 2, 1, I1, MOVED, tile, 0, NULL) \
	OP("TRANSPOSE", 39, 2, 2, 1, I1, MOVED, transpose, 0, NULL) \
	OP("TRANSPOSE_CONV", 67, 3, 4, 1, I0, NATIVE, transpose_conv, 0, NULL) \
	OP("UNPACK", 88, 1, 1, -1, 0, MOVED, unpack, 0, NULL)

/* The same for users; an entry without a name ends it. */
extern const struct edge_operator tflite_operators[];

/* ops_conv.c: convolution and pooling. */
void tflite_convert_conv(struct tflite_node *node);
void tflite_convert_depthwise_conv(struct tflite_node *node);
void tflite_convert_transpose_conv(struct tflite_node *node);
void tflite_convert_pool(struct tflite_node *node); /* variant: enum edge_op */

/* ops_matrix.c */
void tflite_convert_fully_connected(struct tflite_node *node);
void tflite_convert_batch_matmul(struct tflite_node *node);
void tflite_convert_softmax(struct tflite_node *node); /* variant: enum edge_op */
void tflite_convert_l2_normalization(struct tflite_node *node);

/* ops_math.c: element by element. */
void tflite_convert_unary(struct tflite_node *node); /* variant: enum edge_func */
void tflite_convert_relu(struct tflite_node *node); /* variant: upper limit; -1: from -1 to 1 */
void tflite_convert_leaky_relu(struct tflite_node *node);
void tflite_convert_gelu(struct tflite_node *node);
void tflite_convert_rsqrt(struct tflite_node *node);
void tflite_convert_square(struct tflite_node *node);
void tflite_convert_arithmetic(struct tflite_node *node); /* variant: enum edge_binary */
void tflite_convert_binary(struct tflite_node *node); /* variant: enum edge_binary */
void tflite_convert_not_equal(struct tflite_node *node);
void tflite_convert_squared_difference(struct tflite_node *node);
void tflite_convert_prelu(struct tflite_node *node);
void tflite_convert_select(struct tflite_node *node);
void tflite_convert_cast(struct tflite_node *node);

/* ops_quantize.c: between numbers and bytes. */
void tflite_convert_quantize(struct tflite_node *node);
void tflite_convert_dequantize(struct tflite_node *node);

/* ops_reduce.c: along axes. */
void tflite_convert_reduce(struct tflite_node *node); /* variant: enum edge_reduction */
void tflite_convert_arg(struct tflite_node *node); /* variant: enum edge_op */

/* ops_shape.c: the same elements under another shape. */
void tflite_convert_reshape(struct tflite_node *node);
void tflite_convert_squeeze(struct tflite_node *node);
void tflite_convert_expand_dims(struct tflite_node *node);
void tflite_convert_pack(struct tflite_node *node);
void tflite_convert_transpose(struct tflite_node *node);
void tflite_convert_broadcast_to(struct tflite_node *node);
void tflite_convert_tile(struct tflite_node *node);
void tflite_convert_block(struct tflite_node *node); /* variant: enum edge_op */
void tflite_convert_shape(struct tflite_node *node);

/* ops_part.c: taking tensors apart and putting them together. */
void tflite_convert_concatenation(struct tflite_node *node);
void tflite_convert_unpack(struct tflite_node *node);
void tflite_convert_split(struct tflite_node *node);
void tflite_convert_split_v(struct tflite_node *node);
void tflite_convert_slice(struct tflite_node *node);
void tflite_convert_strided_slice(struct tflite_node *node);
void tflite_convert_pad(struct tflite_node *node);
void tflite_convert_mirror_pad(struct tflite_node *node);
void tflite_convert_gather(struct tflite_node *node);

/* ops_detect.c: from codes to boxes. */
void tflite_convert_detection_postprocess(struct tflite_node *node);

/* ops_resize.c */
void tflite_convert_resize(struct tflite_node *node); /* variant: enum edge_resize_mode */

#endif
