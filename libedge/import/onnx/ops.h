/* SPDX-License-Identifier: MIT */
/* The operators that can be converted, and their conversions, a file a family. */
#ifndef EDGE_IMPORT_ONNX_OPS_H
#define EDGE_IMPORT_ONNX_OPS_H

#include "import/onnx/onnx.h"

/* Masks of inputs. */
#define I1 (1u << 1)
#define I2 (1u << 2)
#define I3 (1u << 3)
#define I4 (1u << 4)

/*
 * OP(name, since, least inputs, most inputs, most outputs, constant inputs, conversion, variant,
 *    note), see struct onnx_operator and struct edge_operator; sorted by name.
 */
#define ONNX_OPERATORS(OP) \
	OP("Abs", 6, 1, 1, 1, 0, unary, EDGE_FUNC_ABS, NULL) \
	OP("Acos", 7, 1, 1, 1, 0, unary, EDGE_FUNC_ACOS, NULL) \
	OP("Acosh", 9, 1, 1, 1, 0, unary, EDGE_FUNC_ACOSH, NULL) \
	OP("Add", 7, 2, 2, 1, 0, binary, EDGE_BINARY_ADD, NULL) \
	OP("And", 7, 2, 2, 1, 0, binary, EDGE_BINARY_AND, NULL) \
	OP("ArgMax", 1, 1, 1, 1, 0, arg, EDGE_OP_ARG_MAX, NULL) \
	OP("ArgMin", 1, 1, 1, 1, 0, arg, EDGE_OP_ARG_MIN, NULL) \
	OP("Asin", 7, 1, 1, 1, 0, unary, EDGE_FUNC_ASIN, NULL) \
	OP("Asinh", 9, 1, 1, 1, 0, unary, EDGE_FUNC_ASINH, NULL) \
	OP("Atan", 7, 1, 1, 1, 0, unary, EDGE_FUNC_ATAN, NULL) \
	OP("Atanh", 9, 1, 1, 1, 0, unary, EDGE_FUNC_ATANH, NULL) \
	OP("AveragePool", 1, 1, 1, 1, 0, pool, EDGE_OP_AVERAGE_POOL, NULL) \
	OP("BatchNormalization", 7, 5, 5, 5, 0, batch_norm, 0, "not in training mode") \
	OP("BitShift", 11, 2, 2, 1, 0, bit_shift, 0, "uint8") \
	OP("Cast", 6, 1, 1, 1, 0, cast, 0, NULL) \
	OP("CastLike", 15, 2, 2, 1, 0, cast_like, 0, NULL) \
	OP("Ceil", 6, 1, 1, 1, 0, unary, EDGE_FUNC_CEIL, NULL) \
	OP("Celu", 12, 1, 1, 1, 0, unary, EDGE_FUNC_CELU, NULL) \
	OP("Clip", 6, 1, 3, 1, 0, clip, 0, NULL) \
	OP("Concat", 4, 1, -1, 1, 0, concat, 0, NULL) \
	OP("Constant", 1, 0, 0, 1, 0, constant, 0, "no strings, no sparse tensors") \
	OP("ConstantOfShape", 9, 1, 1, 1, 1, constant_of_shape, 0, NULL) \
	OP("Conv", 1, 2, 3, 1, 0, conv, EDGE_OP_CONV, NULL) \
	OP("ConvInteger", 10, 2, 4, 1, 0, conv_integer, 0, NULL) \
	OP("ConvTranspose", 1, 2, 3, 1, 0, conv, EDGE_OP_CONV_TRANSPOSE, NULL) \
	OP("Cos", 7, 1, 1, 1, 0, unary, EDGE_FUNC_COS, NULL) \
	OP("Cosh", 9, 1, 1, 1, 0, unary, EDGE_FUNC_COSH, NULL) \
	OP("CumSum", 11, 2, 2, 1, I1, cum_sum, 0, NULL) \
	OP("DepthToSpace", 1, 1, 1, 1, 0, depth_to_space, 0, NULL) \
	OP("DequantizeLinear", 10, 2, 3, 1, 0, dequantize, 0, "not in blocks") \
	OP("Div", 7, 2, 2, 1, 0, binary, EDGE_BINARY_DIV, NULL) \
	OP("Dropout", 7, 1, 3, 2, I2, dropout, 0, "not in training mode") \
	OP("DynamicQuantizeLinear", 11, 1, 1, 3, 0, dynamic_quantize, 0, NULL) \
	OP("Elu", 6, 1, 1, 1, 0, unary, EDGE_FUNC_ELU, NULL) \
	OP("Equal", 7, 2, 2, 1, 0, binary, EDGE_BINARY_EQUAL, NULL) \
	OP("Erf", 9, 1, 1, 1, 0, unary, EDGE_FUNC_ERF, NULL) \
	OP("Exp", 6, 1, 1, 1, 0, unary, EDGE_FUNC_EXP, NULL) \
	OP("Expand", 8, 2, 2, 1, I1, expand, 0, NULL) \
	OP("EyeLike", 9, 1, 1, 1, ONNX_ONLY_SHAPES, eye_like, 0, NULL) \
	OP("Flatten", 1, 1, 1, 1, 0, flatten, 0, NULL) \
	OP("Floor", 6, 1, 1, 1, 0, unary, EDGE_FUNC_FLOOR, NULL) \
	OP("Gather", 1, 2, 2, 1, 0, gather, EDGE_OP_GATHER, NULL) \
	OP("GatherElements", 11, 2, 2, 1, 0, gather, EDGE_OP_GATHER_ELEMENTS, NULL) \
	OP("GatherND", 11, 2, 2, 1, 0, gather_nd, 0, NULL) \
	OP("Gelu", 20, 1, 1, 1, 0, gelu, 0, NULL) \
	OP("Gemm", 7, 2, 3, 1, 0, gemm, 0, NULL) \
	OP("GlobalAveragePool", 1, 1, 1, 1, 0, global_pool, EDGE_OP_AVERAGE_POOL, NULL) \
	OP("GlobalLpPool", 2, 1, 1, 1, 0, global_pool, EDGE_OP_LP_POOL, NULL) \
	OP("GlobalMaxPool", 1, 1, 1, 1, 0, global_pool, EDGE_OP_MAX_POOL, NULL) \
	OP("Greater", 7, 2, 2, 1, 0, binary, EDGE_BINARY_GREATER, NULL) \
	OP("GreaterOrEqual", 12, 2, 2, 1, 0, binary, EDGE_BINARY_GREATER_OR_EQUAL, NULL) \
	OP("GridSample", 16, 2, 2, 1, 0, grid_sample, 0, "two spatial dimensions") \
	OP("HardSigmoid", 6, 1, 1, 1, 0, unary, EDGE_FUNC_HARD_SIGMOID, NULL) \
	OP("HardSwish", 14, 1, 1, 1, 0, unary, EDGE_FUNC_HARD_SWISH, NULL) \
	OP("Hardmax", 1, 1, 1, 1, 0, softmax, EDGE_OP_HARDMAX, NULL) \
	OP("Identity", 1, 1, 1, 1, 0, identity, 0, NULL) \
	OP("InstanceNormalization", 6, 3, 3, 1, 0, instance_norm, 0, NULL) \
	OP("IsInf", 10, 1, 1, 1, 0, is_inf, 0, NULL) \
	OP("IsNaN", 9, 1, 1, 1, 0, unary, EDGE_FUNC_IS_NAN, NULL) \
	OP("LRN", 1, 1, 1, 1, 0, lrn, 0, NULL) \
	OP("LayerNormalization", 17, 2, 3, 3, 0, layer_norm, 0, NULL) \
	OP("LeakyRelu", 6, 1, 1, 1, 0, unary, EDGE_FUNC_LEAKY_RELU, NULL) \
	OP("Less", 7, 2, 2, 1, 0, binary, EDGE_BINARY_LESS, NULL) \
	OP("LessOrEqual", 12, 2, 2, 1, 0, binary, EDGE_BINARY_LESS_OR_EQUAL, NULL) \
	OP("Log", 6, 1, 1, 1, 0, unary, EDGE_FUNC_LOG, NULL) \
	OP("LogSoftmax", 1, 1, 1, 1, 0, softmax, EDGE_OP_LOG_SOFTMAX, NULL) \
	OP("LpPool", 2, 1, 1, 1, 0, pool, EDGE_OP_LP_POOL, NULL) \
	OP("MatMul", 1, 2, 2, 1, 0, matmul, 0, NULL) \
	OP("MatMulInteger", 10, 2, 4, 1, 0, matmul_integer, 0, NULL) \
	OP("Max", 6, 1, -1, 1, 0, variadic, EDGE_BINARY_MAX, NULL) \
	OP("MaxPool", 1, 1, 1, 2, 0, pool, EDGE_OP_MAX_POOL, NULL) \
	OP("Mean", 6, 1, -1, 1, 0, mean, 0, NULL) \
	OP("MeanVarianceNormalization", 9, 1, 1, 1, 0, mean_variance_norm, 0, NULL) \
	OP("Min", 6, 1, -1, 1, 0, variadic, EDGE_BINARY_MIN, NULL) \
	OP("Mish", 18, 1, 1, 1, 0, unary, EDGE_FUNC_MISH, NULL) \
	OP("Mod", 10, 2, 2, 1, 0, mod, 0, NULL) \
	OP("Mul", 7, 2, 2, 1, 0, binary, EDGE_BINARY_MUL, NULL) \
	OP("Neg", 6, 1, 1, 1, 0, unary, EDGE_FUNC_NEG, NULL) \
	OP("NonMaxSuppression", 10, 2, 5, 1, I2 | I3 | I4, non_max_suppression, 0, NULL) \
	OP("Not", 1, 1, 1, 1, 0, unary, EDGE_FUNC_NOT, NULL) \
	OP("OneHot", 9, 3, 3, 1, I1, one_hot, 0, NULL) \
	OP("Or", 7, 2, 2, 1, 0, binary, EDGE_BINARY_OR, NULL) \
	OP("PRelu", 7, 2, 2, 1, 0, prelu, 0, NULL) \
	OP("Pad", 2, 1, 4, 1, I1 | I3, pad, 0, "not mode wrap") \
	OP("Pow", 7, 2, 2, 1, 0, binary, EDGE_BINARY_POW, NULL) \
	OP("QLinearConv", 10, 8, 9, 1, 0, qlinear_conv, 0, NULL) \
	OP("QLinearMatMul", 10, 8, 8, 1, 0, qlinear_matmul, 0, NULL) \
	OP("QuantizeLinear", 10, 2, 3, 1, 0, quantize, 0, "to uint8 and int8, not in blocks") \
	OP("Range", 11, 3, 3, 1, 1 | I1 | I2, range, 0, NULL) \
	OP("Reciprocal", 6, 1, 1, 1, 0, unary, EDGE_FUNC_RECIPROCAL, NULL) \
	OP("ReduceL1", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_L1, NULL) \
	OP("ReduceL2", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_L2, NULL) \
	OP("ReduceLogSum", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_LOG_SUM, NULL) \
	OP("ReduceLogSumExp", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_LOG_SUM_EXP, NULL) \
	OP("ReduceMax", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_MAX, NULL) \
	OP("ReduceMean", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_MEAN, NULL) \
	OP("ReduceMin", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_MIN, NULL) \
	OP("ReduceProd", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_PROD, NULL) \
	OP("ReduceSum", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_SUM, NULL) \
	OP("ReduceSumSquare", 1, 1, 2, 1, I1, reduce, EDGE_REDUCE_SUM_SQUARE, NULL) \
	OP("Relu", 6, 1, 1, 1, 0, unary, EDGE_FUNC_RELU, NULL) \
	OP("Reshape", 5, 2, 2, 1, I1, reshape, 0, NULL) \
	OP("Resize", 10, 1, 4, 1, I1 | I2 | I3, resize, 0, "not antialias; sizes stretch") \
	OP("ReverseSequence", 10, 2, 2, 1, 0, reverse_sequence, 0, NULL) \
	OP("RoiAlign", 10, 3, 3, 1, 0, roi_align, 0, NULL) \
	OP("Round", 11, 1, 1, 1, 0, unary, EDGE_FUNC_ROUND, NULL) \
	OP("Scatter", 9, 3, 3, 1, 0, scatter, EDGE_OP_SCATTER_ELEMENTS, NULL) \
	OP("ScatterElements", 11, 3, 3, 1, 0, scatter, EDGE_OP_SCATTER_ELEMENTS, \
	   "reductions none, add, mul") \
	OP("ScatterND", 11, 3, 3, 1, 0, scatter, EDGE_OP_SCATTER_ND, "reductions none, add, mul") \
	OP("Selu", 6, 1, 1, 1, 0, unary, EDGE_FUNC_SELU, NULL) \
	OP("Shape", 1, 1, 1, 1, ONNX_ONLY_SHAPES, shape, 0, NULL) \
	OP("Shrink", 9, 1, 1, 1, 0, unary, EDGE_FUNC_SHRINK, NULL) \
	OP("Sigmoid", 6, 1, 1, 1, 0, unary, EDGE_FUNC_SIGMOID, NULL) \
	OP("Sign", 9, 1, 1, 1, 0, unary, EDGE_FUNC_SIGN, NULL) \
	OP("Sin", 7, 1, 1, 1, 0, unary, EDGE_FUNC_SIN, NULL) \
	OP("Sinh", 9, 1, 1, 1, 0, unary, EDGE_FUNC_SINH, NULL) \
	OP("Size", 1, 1, 1, 1, ONNX_ONLY_SHAPES, size, 0, NULL) \
	OP("Slice", 1, 1, 5, 1, I1 | I2 | I3 | I4, slice, 0, NULL) \
	OP("Softmax", 1, 1, 1, 1, 0, softmax, EDGE_OP_SOFTMAX, NULL) \
	OP("Softplus", 1, 1, 1, 1, 0, unary, EDGE_FUNC_SOFTPLUS, NULL) \
	OP("Softsign", 1, 1, 1, 1, 0, unary, EDGE_FUNC_SOFTSIGN, NULL) \
	OP("SpaceToDepth", 1, 1, 1, 1, 0, space_to_depth, 0, NULL) \
	OP("Split", 2, 1, 2, -1, I1, split, 0, NULL) \
	OP("Sqrt", 6, 1, 1, 1, 0, unary, EDGE_FUNC_SQRT, NULL) \
	OP("Squeeze", 1, 1, 2, 1, I1, squeeze, 0, NULL) \
	OP("Sub", 7, 2, 2, 1, 0, binary, EDGE_BINARY_SUB, NULL) \
	OP("Sum", 6, 1, -1, 1, 0, variadic, EDGE_BINARY_ADD, NULL) \
	OP("Tan", 7, 1, 1, 1, 0, unary, EDGE_FUNC_TAN, NULL) \
	OP("Tanh", 6, 1, 1, 1, 0, unary, EDGE_FUNC_TANH, NULL) \
	OP("ThresholdedRelu", 10, 1, 1, 1, 0, unary, EDGE_FUNC_THRESHOLDED_RELU, NULL) \
	OP("Tile", 6, 2, 2, 1, I1, tile, 0, NULL) \
	OP("TopK", 1, 1, 2, 2, I1, top_k, 0, NULL) \
	OP("Transpose", 1, 1, 1, 1, 0, transpose, 0, NULL) \
	OP("Trilu", 14, 1, 2, 1, I1, trilu, 0, NULL) \
	OP("Unsqueeze", 1, 1, 2, 1, I1, unsqueeze, 0, NULL) \
	OP("Upsample", 7, 1, 2, 1, I1, upsample, 0, NULL) \
	OP("Where", 9, 3, 3, 1, 0, where, 0, NULL) \
	OP("Xor", 7, 2, 2, 1, 0, binary, EDGE_BINARY_XOR, NULL) \
	OP("com.microsoft:DequantizeLinear", 1, 2, 3, 1, 0, dequantize, 0, NULL) \
	OP("com.microsoft:QGemm", 1, 2, 9, 1, 0, qgemm, 0, NULL) \
	OP("com.microsoft:QLinearAdd", 1, 2, 8, 1, 0, qlinear_binary, EDGE_BINARY_ADD, NULL) \
	OP("com.microsoft:QLinearAveragePool", 1, 2, 5, 1, 0, qlinear_pool, false, \
	   "channels first") \
	OP("com.microsoft:QLinearConcat", 1, 2, -1, 1, 0, qlinear_concat, 0, NULL) \
	OP("com.microsoft:QLinearGlobalAveragePool", 1, 2, 5, 1, 0, qlinear_pool, true, \
	   "channels first") \
	OP("com.microsoft:QLinearLeakyRelu", 1, 2, 5, 1, 0, qlinear_unary, EDGE_FUNC_LEAKY_RELU, \
	   NULL) \
	OP("com.microsoft:QLinearMul", 1, 2, 8, 1, 0, qlinear_binary, EDGE_BINARY_MUL, NULL) \
	OP("com.microsoft:QLinearSigmoid", 1, 2, 5, 1, 0, qlinear_unary, EDGE_FUNC_SIGMOID, NULL) \
	OP("com.microsoft:QLinearSoftmax", 1, 2, 5, 1, 0, qlinear_softmax, 0, NULL) \
	OP("com.microsoft:QuantizeLinear", 1, 2, 3, 1, 0, quantize, 0, "to uint8 and int8")

/* The same for users; an entry without a name ends it. */
extern const struct edge_operator onnx_operators[];

/* ops_conv.c: convolution and pooling. The first two read the attributes, for an input 0. */
void onnx_read_conv(struct onnx_node *node, enum edge_op op, const struct edge_tensor *weight,
		    union edge_params *params);
void onnx_read_pool(struct onnx_node *node, enum edge_op op, union edge_params *params);
void onnx_convert_conv(struct onnx_node *node); /* variant: enum edge_op */
void onnx_convert_pool(struct onnx_node *node); /* variant: enum edge_op */
void onnx_convert_global_pool(struct onnx_node *node); /* variant: enum edge_op */

/* ops_matrix.c: a vector counts as a row on the left and as a column on the right; that dimension
 * is not in the result. */
struct edge_tensor *onnx_as_row(struct onnx_node *node, struct edge_tensor *a);
struct edge_tensor *onnx_as_column(struct onnx_node *node, struct edge_tensor *b);
struct edge_tensor *onnx_as_product(struct onnx_node *node, struct edge_tensor *y, bool row,
				    bool column);
void onnx_convert_gemm(struct onnx_node *node);
void onnx_convert_matmul(struct onnx_node *node);

/* ops_norm.c */
void onnx_convert_batch_norm(struct onnx_node *node);
void onnx_convert_instance_norm(struct onnx_node *node);
void onnx_convert_layer_norm(struct onnx_node *node);
void onnx_convert_mean_variance_norm(struct onnx_node *node);
void onnx_convert_lrn(struct onnx_node *node);
void onnx_convert_softmax(struct onnx_node *node); /* variant: enum edge_op */

/* Softmax, or what is like it, along the attribute 'axis', @missing where that is absent; @flattens:
 * all dimensions from there on are one. */
struct edge_tensor *onnx_softmax(struct onnx_node *node, enum edge_op op, struct edge_tensor *x,
				 int missing, bool flattens);

/* ops_math.c: element by element. */
void onnx_convert_unary(struct onnx_node *node); /* variant: enum edge_func */
void onnx_convert_binary(struct onnx_node *node); /* variant: enum edge_binary */
void onnx_convert_variadic(struct onnx_node *node); /* variant: enum edge_binary */
void onnx_convert_mean(struct onnx_node *node);
void onnx_convert_bit_shift(struct onnx_node *node);
void onnx_convert_mod(struct onnx_node *node);
void onnx_convert_clip(struct onnx_node *node);
void onnx_convert_gelu(struct onnx_node *node);
void onnx_convert_is_inf(struct onnx_node *node);
void onnx_convert_prelu(struct onnx_node *node);
void onnx_convert_where(struct onnx_node *node);
void onnx_convert_cast(struct onnx_node *node);
void onnx_convert_cast_like(struct onnx_node *node);

/* ops_reduce.c: along axes. */
void onnx_convert_reduce(struct onnx_node *node); /* variant: enum edge_reduction */
void onnx_convert_arg(struct onnx_node *node); /* variant: enum edge_op */
void onnx_convert_top_k(struct onnx_node *node);
void onnx_convert_cum_sum(struct onnx_node *node);

/* ops_constant.c: results that are known when the model is loaded. */
void onnx_convert_constant(struct onnx_node *node);
void onnx_convert_constant_of_shape(struct onnx_node *node);
void onnx_convert_eye_like(struct onnx_node *node);
void onnx_convert_range(struct onnx_node *node);
void onnx_convert_shape(struct onnx_node *node);
void onnx_convert_size(struct onnx_node *node);

/* ops_shape.c: the same elements under another shape. */
void onnx_convert_identity(struct onnx_node *node);
void onnx_convert_dropout(struct onnx_node *node);
void onnx_convert_reshape(struct onnx_node *node);
void onnx_convert_flatten(struct onnx_node *node);
void onnx_convert_squeeze(struct onnx_node *node);
void onnx_convert_unsqueeze(struct onnx_node *node);
void onnx_convert_transpose(struct onnx_node *node);
void onnx_convert_expand(struct onnx_node *node);
void onnx_convert_tile(struct onnx_node *node);
void onnx_convert_depth_to_space(struct onnx_node *node);
void onnx_convert_space_to_depth(struct onnx_node *node);

/* ops_part.c: taking tensors apart and putting them together. */
void onnx_convert_concat(struct onnx_node *node);
void onnx_convert_split(struct onnx_node *node);
void onnx_convert_slice(struct onnx_node *node);
void onnx_convert_pad(struct onnx_node *node);
void onnx_convert_gather(struct onnx_node *node); /* variant: enum edge_op */
void onnx_convert_gather_nd(struct onnx_node *node);
void onnx_convert_scatter(struct onnx_node *node); /* variant: enum edge_op */
void onnx_convert_one_hot(struct onnx_node *node);
void onnx_convert_trilu(struct onnx_node *node);
void onnx_convert_reverse_sequence(struct onnx_node *node);

/* ops_quant.c: to integers and back. */
void onnx_convert_quantize(struct onnx_node *node);
void onnx_convert_dequantize(struct onnx_node *node);
void onnx_convert_dynamic_quantize(struct onnx_node *node);

/* ops_qlinear.c: products of integers. */
void onnx_convert_conv_integer(struct onnx_node *node);
void onnx_convert_matmul_integer(struct onnx_node *node);
void onnx_convert_qlinear_conv(struct onnx_node *node);
void onnx_convert_qlinear_matmul(struct onnx_node *node);
void onnx_convert_qgemm(struct onnx_node *node);

/* ops_microsoft.c: other operators on integers, of ONNX Runtime's own domain. Inputs behind one that
 * may be absent are looked for by the conversions. */
void onnx_convert_qlinear_binary(struct onnx_node *node); /* variant: enum edge_binary */
void onnx_convert_qlinear_unary(struct onnx_node *node); /* variant: enum edge_func */
void onnx_convert_qlinear_pool(
	struct onnx_node *node); /* variant: whether the plane is the window */
void onnx_convert_qlinear_concat(struct onnx_node *node);
void onnx_convert_qlinear_softmax(struct onnx_node *node);

/* ops_resize.c: sampling. */
void onnx_convert_resize(struct onnx_node *node);
void onnx_convert_upsample(struct onnx_node *node);
void onnx_convert_grid_sample(struct onnx_node *node);
void onnx_convert_roi_align(struct onnx_node *node);
void onnx_convert_non_max_suppression(struct onnx_node *node);

#endif
