/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_KERNELS_REDUCE_H
#define EDGE_BACKEND_CPU_KERNELS_REDUCE_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"

enum cpu_reduction {
	CPU_REDUCE_SUM,
	CPU_REDUCE_MAX,
	CPU_REDUCE_MIN,
	CPU_REDUCE_SUM_SQUARE,
	CPU_NUM_REDUCTIONS
};

/**
 * struct cpu_reduce_rows - one call; what is there in y already takes part
 * @y: of along, one result a row, @y_pitch apart; of across, one for each element, side by side
 * @x: @num_rows rows of @num elements that lie side by side
 */
struct cpu_reduce_rows {
	enum cpu_reduction kind;
	float *y;
	const float *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

/**
 * struct cpu_reduce_kernels
 * @along: over the elements of each row
 * @across: over the rows, for each element
 */
struct cpu_reduce_kernels {
	void (*along)(const struct cpu_reduce_rows *rows);
	void (*across)(const struct cpu_reduce_rows *rows);
};

#endif
