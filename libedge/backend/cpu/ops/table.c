// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/ops.h"

/* clang-format off */
const struct cpu_op *const cpu_ops[] = {
	&cpu_op_depthwise,
	&cpu_op_winograd,
	&cpu_op_conv,
	&cpu_op_conv_transpose,
	&cpu_op_matmul,
	NULL,
};
/* clang-format on */
