/* SPDX-License-Identifier: MIT */
/*
 * What gemm.h is to floats, for nodes of u8 by constant i8 weights: Conv and MatMul, whose result is
 * u8 with a quantisation, or the i32 sums.
 *
 * Packed, a matrix is panels of 32-bit words, as kernels/qgemm.h wants them, of all taps one after
 * the other: words begin each with a group of its own, bytes are as if they were one.
 */
#ifndef EDGE_BACKEND_CPU_OPS_QGEMM_H
#define EDGE_BACKEND_CPU_OPS_QGEMM_H

#include "backend/cpu/kernels/lookup.h"
#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/ops/gemm.h"

/**
 * struct qresults - what becomes of sums
 * @raw: nothing
 * @to: bytes, as the kernels make them
 * @lookup: what then replaces them by @table; NULL where there is none
 */
struct qresults {
	bool raw;
	struct cpu_requantise to;
	const struct cpu_lookup_kernels *lookup;
	struct cpu_lookup_table table;
};

void qresults_init(struct qresults *results, const struct edge_node *node, unsigned int cpu_flags);

/* Replaces elements @offset to @offset + @num - 1 of each row, if there is a table. */
void qresults_look_up(const struct qresults *results, void *const *rows, int num_rows,
		      int64_t offset, int64_t num);

/**
 * struct qgemm - the first member of the state of a step that multiplies bytes
 * @gemm: as of floats, but gemm.finish is not used, nor is gemm.pack
 * @zero: the zero point of the left side
 * @direct: the left side is read where it lies; else rows are gathered in the tile's patch, behind
 *	@rows_at bytes that belong to the operator, @row_pitch from each other
 */
struct qgemm {
	struct gemm gemm;
	const struct cpu_qgemm_kernels *kernels;
	uint8_t zero;
	struct qresults results;
	bool direct;
	int64_t rows_at, row_pitch;
};

/* The zero point of an output channel's weights, or of any other tensor; 0 where there is none. */
int32_t qgemm_zero_point(const struct edge_tensor *tensor, int64_t channel);

/* A multiplier, and the shift that belongs to it, for sums of @channel. */
void qgemm_multiplier(const struct edge_node *node, int64_t channel, int32_t *multiplier,
		      int32_t *shift);

/* Whether types and quantisations of @node, a Conv or MatMul, are what kernels take. */
bool qgemm_takes(const struct edge_node *node);

/* Name of the implementations that multiply bytes, where the processor does. */
#define QGEMM_BYTES "qgemm-bytes"

/* Whether these take @node, of which qgemm_takes() holds: its weights less their zero points are
 * bytes, or were when the node was compiled. */
bool qgemm_takes_bytes(const struct edge_node *node, unsigned int cpu_flags);

/* The kernels that node->kernel names. */
const struct cpu_qgemm_kernels *qgemm_kernels(const struct edge_node *node, unsigned int cpu_flags);

/* Words of a packed matrix, or -1 when there are too many to count. */
int64_t qgemm_packed_size(const struct cpu_qgemm_kernels *kernels, int64_t columns, int64_t taps,
			  int64_t depth);

/**
 * struct qgemm_source - a matrix before it is packed
 * @data: of the first column, tap and channel
 * @column, @tap, @channel: distances of neighbours, in elements
 * @depth: channels of a tap, which need not be one of the matrix's
 * @first: the first column's output channel
 */
struct qgemm_source {
	const int8_t *data;
	int64_t column, tap, channel, depth;
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
