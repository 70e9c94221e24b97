/* SPDX-License-Identifier: MIT */
/*
 * What gemm.h is to floats, for nodes of u8 by constant i8 weights: Conv and MatMul, whose result is
 * u8 with a quantisation, or the i32 sums.
 *
 * Packed, a matrix is panels of 32-bit words, as kernels/qgemm.h wants them, of all taps one after
 * the other as if they were one.
 */
#ifndef EDGE_BACKEND_CPU_OPS_QGEMM_H
#define EDGE_BACKEND_CPU_OPS_QGEMM_H

#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/ops/gemm.h"

/**
 * struct qgemm - the first member of the state of a step that multiplies bytes
 * @gemm: as of floats, but gemm.finish is not used, nor is gemm.pack
 * @zero: the zero point of the left side
 * @to, @raw: what the results are
 * @table: what their bytes are replaced by, or NULL
 * @direct: the left side is read where it lies; else rows are gathered in the tile's patch, behind
 *	@rows_at bytes that belong to the operator, @row_pitch from each other
 */
struct qgemm {
	struct gemm gemm;
	const struct cpu_qgemm_kernels *kernels;
	uint8_t zero;
	struct cpu_requantise to;
	bool raw;
	const uint8_t *table;
	bool direct;
	int64_t rows_at, row_pitch;
};

/* Whether types and quantisations of @node, a Conv or MatMul, are what kernels take. */
bool qgemm_takes(const struct edge_node *node);

/* Whether weights less their zero points are bytes, or were when the node was compiled. */
bool qgemm_has_byte_weights(const struct edge_node *node);

/* Words of a packed matrix, or -1 when there are too many to count. */
int64_t qgemm_packed_size(const struct cpu_qgemm_kernels *kernels, int64_t columns, int64_t taps,
			  int64_t depth);

/**
 * struct qgemm_source - a matrix before it is packed
 * @data: of the first column, tap and channel
 * @column, @tap, @channel: distances of neighbours, in elements
 * @first: the first column's output channel
 */
struct qgemm_source {
	const int8_t *data;
	int64_t column, tap, channel;
	int64_t first;
};

/* Packs a matrix of @node's, with bias and multipliers. */
void qgemm_pack(const struct cpu_qgemm_kernels *kernels, const struct edge_node *node,
		const struct qgemm_source *source, int64_t columns, int64_t taps, int64_t depth,
		int32_t *packed);

/* Fills step->run, num_tasks and scratch_size; step->state is the struct qgemm, of which the operator
 * has set gemm and kernels. */
void qgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare);

#endif
