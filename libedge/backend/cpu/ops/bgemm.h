/* SPDX-License-Identifier: MIT */
/*
 * What gemm.h is to floats, for nodes of f32 by constant weights that may be rounded to bf16: Conv
 * and MatMul. Weights are when they are packed, the left side is as a tile's rows are gathered.
 *
 * Packed, a matrix is panels of 32-bit words, as kernels/bgemm.h wants them.
 */
#ifndef EDGE_BACKEND_CPU_OPS_BGEMM_H
#define EDGE_BACKEND_CPU_OPS_BGEMM_H

#include "backend/cpu/kernels/bgemm.h"
#include "backend/cpu/ops/gemm.h"

/* Name of the implementations; the runtime counts nodes by it. */
#define BGEMM_NAME "igemm-bf16"

/**
 * struct bgemm - the first member of the state of a step that multiplies bf16
 * @gemm: as of floats, but gemm.kernels and gemm.pack are not used
 * @rows_at, @row_pitch: rows are gathered in the tile's patch, behind @rows_at bytes that belong to
 *	the operator, @row_pitch from each other
 */
struct bgemm {
	struct gemm gemm;
	const struct cpu_bgemm_kernels *kernels;
	int64_t rows_at, row_pitch;
};

/* Whether @precision asks for bf16 on this processor; if it does in vain, says so in @reason. */
bool bgemm_is_wanted(unsigned int cpu_flags, enum edge_precision precision, char *reason);

/* Words of a packed matrix, or -1 when there are too many to count. */
int64_t bgemm_packed_size(const struct cpu_bgemm_kernels *kernels, int64_t columns, int64_t taps,
			  int64_t depth);

/**
 * struct bgemm_source - a matrix before it is packed
 * @data: of the first column, tap and channel
 * @column, @tap, @channel: distances of neighbours, in elements
 * @depth: channels of a tap, which need not be one of the matrix's
 * @scale: all elements are multiplied by, before they are rounded
 * @bias: one for each column, or NULL
 */
struct bgemm_source {
	const float *data;
	int64_t column, tap, channel, depth;
	float scale;
	const float *bias;
	float bias_scale;
};

void bgemm_pack(const struct cpu_bgemm_kernels *kernels, const struct bgemm_source *source,
		int64_t columns, int64_t taps, int64_t depth, int32_t *packed);

/* Fills step->run, num_tasks and scratch_size; step->state is the struct bgemm, of which the operator
 * has set gemm and kernels. */
void bgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare);

#endif
