// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/ops.h"

#define ENTRY(name, enumerator) &cpu_op_##name,

/* clang-format off */
const struct cpu_op *const cpu_ops[] = {
	&cpu_op_bconv,
	&cpu_op_depthwise,
	&cpu_op_winograd,
	&cpu_op_conv,
	&cpu_op_qwinograd,
	&cpu_op_qdepthwise,
	&cpu_op_qconv_bytes,
	&cpu_op_qconv_pairs,
	&cpu_op_qconv,
	&cpu_op_conv_transpose,
	&cpu_op_bmatmul,
	&cpu_op_matmul,
	&cpu_op_qmatmul_bytes,
	&cpu_op_qmatmul_pairs,
	&cpu_op_qmatmul,
	&cpu_op_binary,
	&cpu_op_qbinary,
	&cpu_op_cast,
	&cpu_op_quantize,
	&cpu_op_dequantize,
	&cpu_op_lookup,
	&cpu_op_prelu,
	&cpu_op_unary,
	&cpu_op_global_max_pool,
	&cpu_op_max_pool,
	&cpu_op_global_average_pool,
	&cpu_op_average_pool,
	&cpu_op_qmax_pool,
	&cpu_op_qaverage_pool,
	&cpu_op_reduce,
	&cpu_op_resize,
	&cpu_op_qresize,
	&cpu_op_softmax,
	CPU_COPY_OPS(ENTRY)
	NULL,
};
/* clang-format on */
