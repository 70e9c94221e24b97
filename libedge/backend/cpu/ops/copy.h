/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_COPY_H
#define EDGE_BACKEND_CPU_OPS_COPY_H

#include "backend/cpu/kernels/copy.h"
#include "backend/cpu/kernels/copy_bytes.h"
#include "backend/cpu/ops/loop.h"

/* The kernels, and the size of an element: 4 bytes or 1. */
struct copier {
	const struct cpu_copy_kernels *kernels;
	const struct cpu_copy_bytes_kernels *bytes;
	int64_t size;
};

/* False for a type whose elements have another size. */
bool copier_init(struct copier *copier, enum edge_type type, unsigned int cpu_flags);

/* Copies a block from operand 1 to operand 0, whatever its strides there; @y and @x are where the
 * operands begin. */
void copy_block(const struct copier *copier, void *y, const void *x,
		const struct loop_block *block);

#endif
