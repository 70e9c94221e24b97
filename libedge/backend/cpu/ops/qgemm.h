/* SPDX-License-Identifier: MIT */
/*
 * What gemm.h is to floats, for nodes of u8 by constant i8 weights: Conv and MatMul, whose result is
 * u8 with a quantisation, or the i32 sums.
 *
 * Packed, a matrix is panels of 32-bit words, as kernels/qgemm.h wants them, of all taps one after
 * the other: words begin each with a group of its own, bytes are as if they were one. For pairs of
 * bytes see pgemm.h.
 */
#ifndef EDGE_BACKEND_CPU_OPS_QGEMM_H
#define EDGE_BACKEND_CPU_OPS_QGEMM_H

#include "backend/cpu/kernels/lookup.h"
#include "backend/cpu/kernels/pgemm.h"
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
 * @gemm: as of floats, but gemm.finish is not used, nor is gemm.pack; tiles' packed neither
 * @kernels: of words, bytes or pairs of bytes
 * @zero: the zero point of the left side
 * @direct: left sides are read where they lie, if they are at even distances or the kernels do not
 *	mind; else rows are gathered in the tile's patch, behind @rows_at bytes that belong to the
 *	operator, @row_pitch from each other
 * @panel_of: where a panel of a matrix is packed
 * @matrix_size: words of a packed matrix; not of pairs
 * @last: as struct cpu_qgemm_tile has it
 */
struct qgemm {
	struct gemm gemm;
	const struct cpu_qgemm_kernels *kernels;
	uint8_t zero;
	struct qresults results;
	bool direct;
	int64_t rows_at, row_pitch;
	const int32_t *(*panel_of)(const struct cpu_step *step, int64_t matrix,
				   const struct gemm_panel *panel);
	int64_t matrix_size;
	int64_t last;
};

/* The zero point of an output channel's weights, or of any other tensor; 0 where there is none. */
int32_t qgemm_zero_point(const struct edge_tensor *tensor, int64_t channel);

/* A multiplier, and the shift that belongs to it, for sums of @channel. */
void qgemm_multiplier(const struct edge_node *node, int64_t channel, int32_t *multiplier,
		      int32_t *shift);

/* The bias of @channel, for kernels that add x * w where it should be (x - zero) * w; @sum is that of
 * its weights, or 0 where they do not. */
int32_t qgemm_bias(const struct edge_node *node, int64_t channel, int32_t sum);

/* How many of the kernels' tiles, whose left sides are @tile_bytes, make one of struct gemm's: as many
 * as a quarter of the L2 cache holds, where each panel meets them. */
int qgemm_tiles(int64_t tile_bytes, const struct cpu_prepare *prepare);

/* Makes room for the gathered rows of a tile; gemm.tile_rows is set. */
void qgemm_gathers(struct qgemm *qgemm, int64_t row_bytes);

/* Whether types and quantisations of @node, a Conv or MatMul, are what kernels take. */
bool qgemm_takes(const struct edge_node *node);

/* Names of the implementations that multiply bytes, where the processor does: by fours, or in pairs. */
#define QGEMM_BYTES "qgemm-bytes"
#define QGEMM_PAIRS "qgemm-pairs"

/* Whether these take @node, of which qgemm_takes() holds: its weights less their zero points are
 * bytes, or were when the node was compiled. */
bool qgemm_takes_bytes(const struct edge_node *node, unsigned int cpu_flags);
bool qgemm_takes_pairs(const struct edge_node *node, unsigned int cpu_flags);

/**
 * struct qgemm_source - a node's matrices before they are packed
 * @matrices, @columns, @taps, @depth: sizes as struct gemm has them
 * @data: of the first matrix, column, tap and channel
 * @matrix, @column, @tap, @channel: distances of neighbours, in elements
 * @inner: channels of a tap of the data, which need not be one of the matrix's
 */
struct qgemm_source {
	int64_t matrices, columns, taps, depth;
	const int8_t *data;
	int64_t matrix, column, tap, channel;
	int64_t inner;
};

/* Where weight @k of all taps of a column is. */
static inline const int8_t *qgemm_weights(const struct qgemm_source *source, int64_t matrix,
					  int64_t column, int64_t k)
{
	return source->data + matrix * source->matrix + column * source->column +
	       k / source->inner * source->tap + k % source->inner * source->channel;
}

/* Packs them, with biases and multipliers, as node->kernel wants it, and drops what they are made of. */
enum edge_status qgemm_compile(struct edge_graph *graph, struct edge_node *node,
			       unsigned int cpu_flags, const struct qgemm_source *source,
			       struct edge_error *error);

/* Checks what is packed, and fills step->run, num_tasks and scratch_size; step->state is the struct
 * qgemm, of which the operator has set gemm. */
enum edge_status qgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
			       struct edge_error *error);

#endif
