/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_FINISH_H
#define EDGE_BACKEND_CPU_OPS_FINISH_H

#include "backend/cpu/kernels/activate.h"
#include "graph/graph.h"

/**
 * struct finish - how activation and residual are applied to sums
 * @low, @high: limits that the kernel which makes the sums applies as it stores them
 * @needed: finish_rows() has something left to do
 */
struct finish {
	float low, high;
	bool needed;
	bool has_residual, residual_after;
	struct edge_activation rest;
	const struct cpu_activate_kernels *kernels;
};

void finish_init(struct finish *finish, const struct edge_node *node, unsigned int cpu_flags);

/* For kernels that apply no limits, and nodes that have no residual: @act is all left to do. */
void finish_init_act(struct finish *finish, const struct edge_activation *act,
		     unsigned int cpu_flags);

/* Does the rest to elements @offset to @offset + @num - 1 of each row, while they lie in the cache.
 * @residual is not read when the node has none. */
static inline void finish_rows(const struct finish *finish, float *const *rows,
			       const float *const *residual, int64_t num_rows, int64_t offset,
			       int64_t num)
{
	finish->kernels->rows(&(struct cpu_activate_rows) {
		.act = finish->rest,
		.rows = rows,
		.residual = finish->has_residual ? residual : NULL,
		.residual_after = finish->residual_after,
		.num_rows = num_rows,
		.offset = offset,
		.num = num,
	});
}

/* The same for rows @pitch apart of a node that has no residual; does nothing where nothing is
 * needed. */
void finish_block(const struct finish *finish, float *y, int64_t pitch, int64_t num_rows,
		  int64_t num);

#endif
