// SPDX-License-Identifier: MIT
#include "backend/cpu/step.h"

const struct cpu_op *const cpu_ops[] = {
	NULL,
};
