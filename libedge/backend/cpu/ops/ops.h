/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_OPS_H
#define EDGE_BACKEND_CPU_OPS_OPS_H

#include "backend/cpu/step.h"

extern const struct cpu_op cpu_op_bconv;
extern const struct cpu_op cpu_op_bmatmul;
extern const struct cpu_op cpu_op_conv;
extern const struct cpu_op cpu_op_conv_transpose;
extern const struct cpu_op cpu_op_depthwise;
extern const struct cpu_op cpu_op_matmul;
extern const struct cpu_op cpu_op_qconv;
extern const struct cpu_op cpu_op_qconv_bytes;
extern const struct cpu_op cpu_op_qconv_pairs;
extern const struct cpu_op cpu_op_qdepthwise;
extern const struct cpu_op cpu_op_qmatmul;
extern const struct cpu_op cpu_op_qmatmul_bytes;
extern const struct cpu_op cpu_op_qmatmul_pairs;
extern const struct cpu_op cpu_op_qwinograd;
extern const struct cpu_op cpu_op_winograd;

extern const struct cpu_op cpu_op_binary;
extern const struct cpu_op cpu_op_qbinary;
extern const struct cpu_op cpu_op_cast;
extern const struct cpu_op cpu_op_dequantize;
extern const struct cpu_op cpu_op_lookup;
extern const struct cpu_op cpu_op_prelu;
extern const struct cpu_op cpu_op_quantize;
extern const struct cpu_op cpu_op_unary;

extern const struct cpu_op cpu_op_max_pool;
extern const struct cpu_op cpu_op_average_pool;
extern const struct cpu_op cpu_op_global_max_pool;
extern const struct cpu_op cpu_op_global_average_pool;
extern const struct cpu_op cpu_op_reduce;
extern const struct cpu_op cpu_op_resize;
extern const struct cpu_op cpu_op_qaverage_pool;
extern const struct cpu_op cpu_op_qmax_pool;
extern const struct cpu_op cpu_op_qresize;
extern const struct cpu_op cpu_op_softmax;

#define CPU_COPY_OPS(X) \
	X(concat, CONCAT) \
	X(split, SPLIT) \
	X(slice, SLICE) \
	X(transpose, TRANSPOSE) \
	X(reshape, RESHAPE) \
	X(expand, EXPAND) \
	X(pad, PAD) \
	X(depth_to_space, DEPTH_TO_SPACE) \
	X(space_to_depth, SPACE_TO_DEPTH) \
	X(copy, COPY)
#define CPU_DECLARE(name, enumerator) extern const struct cpu_op cpu_op_##name;
CPU_COPY_OPS(CPU_DECLARE)
#undef CPU_DECLARE

#endif
