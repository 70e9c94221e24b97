/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_COPY_H
#define EDGE_BACKEND_CPU_OPS_COPY_H

#include "backend/cpu/kernels/copy.h"
#include "backend/cpu/ops/loop.h"

/* Copies a block from operand 1 to operand 0, whatever its strides there; @y and @x are where the
 * operands begin. */
void copy_block(const struct cpu_copy_kernels *kernels, float *y, const float *x,
		const struct loop_block *block);

#endif
