/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_KERNELS_ACTIVATE_H
#define EDGE_BACKEND_CPU_KERNELS_ACTIVATE_H

#include <stdbool.h>
#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"
#include "graph/op.h"

/**
 * struct cpu_activate_rows - what is left to do with rows of a result while they lie in the cache
 * @rows: the results, changed in place
 * @residual: as many rows to be added, or NULL
 * @residual_after: act(x) + residual, else act(x + residual)
 * @num_rows: 0 or more
 * @offset, @num: elements @offset to @offset + @num - 1 of each row
 */
struct cpu_activate_rows {
	struct edge_activation act;
	float *const *rows;
	const float *const *residual;
	bool residual_after;
	int64_t num_rows;
	int64_t offset;
	int64_t num;
};

/**
 * struct cpu_activate_kernels - activation functions
 * @rows: for a function up to EDGE_LAST_ACTIVATION
 */
struct cpu_activate_kernels {
	void (*rows)(const struct cpu_activate_rows *rows);
};

/* Whether @act is no more than limits, which other kernels apply as they store; fills them. */
static inline bool cpu_activate_is_clamp(const struct edge_activation *act, float *low, float *high)
{
	*low = act->func == EDGE_FUNC_IDENTITY ? -__builtin_inff() : 0;
	*high = __builtin_inff();
	if (act->func != EDGE_FUNC_CLIP)
		return act->func == EDGE_FUNC_IDENTITY || act->func == EDGE_FUNC_RELU;
	*low = act->alpha;
	*high = act->beta;
	return true;
}

#endif
