/* SPDX-License-Identifier: MIT */
/*
 * What convolutions and matrix products have in common: matrices of rows by columns, each row's
 * left side found through pointers, shared out in blocks of rows and of columns. Floats are
 * multiplied by kernels/igemm.h, bytes by qgemm.h.
 *
 * Packed, a matrix is its panels one after the other, as many columns as a panel holds in each; a
 * panel is the columns' biases and then, for each tap and channel, the columns' weights.
 */
#ifndef EDGE_BACKEND_CPU_OPS_GEMM_H
#define EDGE_BACKEND_CPU_OPS_GEMM_H

#include "backend/cpu/kernels/igemm.h"
#include "backend/cpu/ops/finish.h"
#include "backend/cpu/step.h"

/**
 * struct gemm_tile - a few rows of a matrix
 * @matrix, @row, @rows: which
 * @taps: of this matrix
 * @depth: of a tap, in what the kernels count
 * @packed: the matrix
 * @a, @a_pitch: left sides, [taps][rows] or [taps], as struct cpu_igemm_tile has it
 * @c: where the results go, [rows]
 * @c_pitch: not 0 when they are that far from each other, in elements
 * @residual: what is added to them, if anything is
 * @patch: memory for the tile's use, see gemm->patch_size
 *
 * From @taps on it is filled by gemm->locate, which finds gemm->depth in @depth, 0 in both pitches,
 * and enough memory behind @a, @c and @residual.
 */
struct gemm_tile {
	int64_t matrix, row;
	int rows;
	int64_t taps, depth;
	const void *packed;
	const void **a;
	int64_t a_pitch;
	void **c;
	int64_t c_pitch;
	const void **residual;
	void *patch;
};

/**
 * struct gemm_panel - some columns of a matrix
 * @index: which of its panels
 * @vectors: of the panel
 * @offset: of its first column
 * @columns: in its last vector
 */
struct gemm_panel {
	int64_t index;
	int vectors;
	int64_t offset, columns;
};

/**
 * struct gemm - the first member of the state of a step that multiplies
 * @matrices: groups, phases, or items of a batch
 * @rows, @columns: of each
 * @taps: the most of any matrix
 * @depth: channels of a tap
 * @row_patch, @patch_size: bytes of a tile's patch: for each row, which lie in front, and besides
 * @locate: see struct gemm_tile
 * @pack: packs the panels from @first to before @end of a matrix that is no constant, when a task
 *	begins; then tile->packed is not the business of @locate. NULL for a constant.
 * @kernels, @finish: of floats; set by gemm_prepare()
 * @tile_rows: most rows of a tile
 * @lanes: columns of a vector
 * @panel_width, @panel_bytes: of a panel that is full
 * @gather: NULL, or brings left sides into the form that the kernels want
 * @multiply: makes the results of a tile in the columns of a panel
 * @complete: NULL, or does what is left to do with @num results of each row from column @first on
 *
 * Those before @kernels are set by the operator; those up to @complete, by gemm_prepare() for
 * floats; the rest by gemm_share_out().
 */
struct gemm {
	int64_t matrices, rows, columns, taps, depth;
	int64_t row_patch, patch_size;
	void (*locate)(const struct cpu_step *step, struct gemm_tile *tile);
	void (*pack)(const struct cpu_step *step, int64_t matrix, int64_t first, int64_t end,
		     float *packed);

	const struct cpu_igemm_kernels *kernels;
	struct finish finish;
	int tile_rows;
	int64_t lanes, panel_width, panel_bytes;
	void (*gather)(const struct cpu_step *step, struct gemm_tile *tile);
	void (*multiply)(const struct cpu_step *step, const struct gemm_tile *tile,
			 const struct gemm_panel *panel);
	void (*complete)(const struct cpu_step *step, const struct gemm_tile *tile, int64_t first,
			 int64_t num);

	int64_t row_tiles, row_blocks;
	int64_t panels, panel_blocks;
};

/* Elements of a packed matrix, or -1 when there are too many to count. */
int64_t gemm_packed_size(const struct cpu_igemm_kernels *kernels, int64_t columns, int64_t taps,
			 int64_t depth);

/**
 * struct gemm_source - a matrix before it is packed
 * @data: of the first column, tap and channel
 * @column, @channel: distances of neighbours, in elements
 * @tap_columns: taps that follow each other at @tap_column; rows of them do so at @tap_row
 * @scale: all elements are multiplied by
 * @bias: one for each column, or NULL
 */
struct gemm_source {
	const float *data;
	int64_t column, channel;
	int64_t tap_columns, tap_column, tap_row;
	float scale;
	const float *bias;
	float bias_scale;
};

/* Packs the panels from @first to before @end of a matrix of @columns. */
void gemm_pack(const struct cpu_igemm_kernels *kernels, const struct gemm_source *source,
	       int64_t columns, int64_t taps, int64_t depth, int64_t first, int64_t end,
	       float *packed);

/* Panels of a matrix of @columns. */
int64_t gemm_panels(const struct cpu_igemm_kernels *kernels, int64_t columns);

/* Where in a patch that lies which is not for rows. */
int64_t gemm_row_patches(const struct gemm *gemm);

/* gemm->complete of floats. */
void gemm_finish(const struct cpu_step *step, const struct gemm_tile *tile, int64_t first,
		 int64_t num);

/* Fills step->run, num_tasks and scratch_size for floats; step->state is the struct gemm. */
void gemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare);

/* The same for any elements. */
void gemm_share_out(struct cpu_step *step, const struct cpu_prepare *prepare);

#endif
