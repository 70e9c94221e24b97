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
 * @rows: for a function that cpu_activate_has()
 */
struct cpu_activate_kernels {
	void (*rows)(const struct cpu_activate_rows *rows);
};

/* Activations, and what else vectors have at hand. */
static inline bool cpu_activate_has(enum edge_func func)
{
	switch (func) {
	case EDGE_FUNC_ABS:
	case EDGE_FUNC_NEG:
	case EDGE_FUNC_RECIPROCAL:
	case EDGE_FUNC_SQRT:
	case EDGE_FUNC_EXP:
	case EDGE_FUNC_ERF:
	case EDGE_FUNC_FLOOR:
	case EDGE_FUNC_CEIL:
	case EDGE_FUNC_ROUND:
		return true;
	default:
		return func <= EDGE_LAST_ACTIVATION;
	}
}

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
