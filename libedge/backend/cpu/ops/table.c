// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/ops.h"

const struct cpu_op *const cpu_ops[] = {
	&cpu_op_depthwise,
	&cpu_op_winograd,
	&cpu_op_conv,
	NULL,
};
