// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/bgemm.h"

#include <stdio.h>
#include <string.h>

#include "backend/cpu/ops/number.h"
#include "edge/cpu.h"

#define GROUP 2

/* Most bytes of a gathered row for what overlapping rows need more than one row. */
#define LINE 512

bool bgemm_is_wanted(unsigned int cpu_flags, enum edge_precision precision, char *reason)
{
	if (precision == EDGE_PRECISION_F32)
		return false;
	if (precision == EDGE_PRECISION_BF16_ALWAYS || cpu_flags & EDGE_CPU_AVX512_BF16)
		return true;
	snprintf(reason, EDGE_REASON_MAX,
		 "in f32: this processor has no AVX512-BF16, or may not use it");
	return false;
}

static int64_t groups_of(int64_t taps, int64_t depth)
{
	return taps * divide_up(depth, GROUP);
}

int64_t bgemm_packed_size(const struct cpu_bgemm_kernels *kernels, int64_t columns, int64_t taps,
			  int64_t depth)
{
	int64_t width = divide_up(columns, kernels->lanes) * kernels->lanes;
	int64_t size;

	if (__builtin_mul_overflow(taps, depth, &size) || size > INT64_MAX / 64 ||
	    __builtin_mul_overflow(groups_of(taps, depth) + 1, width, &size) ||
	    size > INT64_MAX / 64)
		return -1;
	return size;
}

/* Channel @k of a tap that begins at @first of all; 0 behind its last. */
static uint32_t weight_at(const struct bgemm_source *source, int64_t column, int64_t depth,
			  int64_t first, int64_t k)
{
	const int64_t at = first + k;

	if (k >= depth)
		return 0;
	return cpu_bf16(source->scale *
			source->data[column * source->column + at / source->depth * source->tap +
				     at % source->depth * source->channel]);
}

/* Packs one column into every @width-th word from @to on. */
static void pack_column(const struct bgemm_source *source, int64_t column, int64_t taps,
			int64_t depth, int64_t width, int32_t *to)
{
	const float bias = source->bias ? source->bias_scale * source->bias[column] : 0;

	memcpy(to, &bias, sizeof(bias));
	to += width;
	for (int64_t t = 0; t < taps; t++) {
		for (int64_t k = 0; k < depth; k += GROUP, to += width)
			*to = (int32_t)(weight_at(source, column, depth, t * depth, k) |
					weight_at(source, column, depth, t * depth, k + 1) << 16);
	}
}

void bgemm_pack(const struct cpu_bgemm_kernels *kernels, const struct bgemm_source *source,
		int64_t columns, int64_t taps, int64_t depth, int32_t *packed)
{
	const int64_t most = kernels->vectors * kernels->lanes;
	const int64_t rows = groups_of(taps, depth) + 1;

	for (int64_t column = 0; column < columns; column += most) {
		const int64_t valid = least(most, columns - column);
		const int64_t width = divide_up(valid, kernels->lanes) * kernels->lanes;

		memset(packed, 0, width * rows * sizeof(*packed));
		for (int64_t j = 0; j < valid; j++)
			pack_column(source, column + j, taps, depth, width, packed + j);
		packed += width * rows;
	}
}

static void gather_rows(const struct bgemm *bgemm, struct gemm_tile *tile, char *rows)
{
	bgemm->kernels->gather(&(struct cpu_bgemm_gather) {
		.taps = tile->taps,
		.depth = bgemm->gemm.depth,
		.rows = tile->rows,
		.a = (const float *const *)tile->a,
		.a_pitch = tile->a_pitch,
		.to = rows,
		.pitch = bgemm->row_pitch,
	});
	tile->depth = groups_of(tile->taps, bgemm->gemm.depth);
	tile->taps = 1;
	tile->a[0] = rows;
	tile->a_pitch = bgemm->row_pitch;
}

static int64_t line_length(const struct bgemm *bgemm, const struct gemm_tile *tile)
{
	return (tile->rows - 1) * tile->a_pitch + bgemm->gemm.depth;
}

/* Rows that overlap are rounded as one for each tap, and multiplied where they lie in it. */
static void gather_lines(const struct bgemm *bgemm, struct gemm_tile *tile, char *lines)
{
	bgemm->kernels->gather(&(struct cpu_bgemm_gather) {
		.taps = 1,
		.depth = line_length(bgemm, tile),
		.rows = (int)tile->taps,
		.a = (const float *const *)tile->a,
		.to = lines,
		.pitch = bgemm->row_pitch,
	});
	for (int64_t t = 0; t < tile->taps; t++)
		tile->a[t] = lines + t * bgemm->row_pitch;
	tile->depth = bgemm->gemm.depth / GROUP;
	tile->a_pitch *= (int64_t)sizeof(uint16_t);
}

/* Whether that takes less, and fits the memory of the rows. A tap of whole groups alone: else a row's
 * last would have its neighbour's channel in it, and 0 times infinity is not nothing. */
static bool overlaps(const struct bgemm *bgemm, const struct gemm_tile *tile)
{
	return bgemm->gemm.depth % GROUP == 0 && tile->a_pitch > 0 &&
	       tile->a_pitch < bgemm->gemm.depth && tile->taps <= tile->rows &&
	       (line_length(bgemm, tile) + 1) * (int64_t)sizeof(uint16_t) <= bgemm->row_pitch;
}

static void gather(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct bgemm *bgemm = step->state;
	char *rows = (char *)tile->patch + bgemm->rows_at;

	if (overlaps(bgemm, tile))
		gather_lines(bgemm, tile, rows);
	else
		gather_rows(bgemm, tile, rows);
}

static void multiply(const struct cpu_step *step, const struct gemm_tile *tile,
		     const struct gemm_panel *panel)
{
	const struct bgemm *bgemm = step->state;
	const struct gemm *gemm = &bgemm->gemm;
	const int64_t groups = groups_of(gemm->taps, gemm->depth);

	bgemm->kernels->tile[tile->rows - 1][panel->vectors - 1](&(struct cpu_bgemm_tile) {
		.taps = tile->taps,
		.depth = tile->depth,
		.a = tile->a,
		.a_pitch = tile->a_pitch,
		.panel = (const int32_t *)tile->packed + panel->offset * (groups + 1),
		.c = (float *const *)tile->c,
		.c_pitch = tile->c_pitch,
		.offset = panel->offset,
		.columns = panel->columns,
		.low = gemm->finish.low,
		.high = gemm->finish.high,
	});
}

void bgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare)
{
	struct bgemm *bgemm = step->state;
	struct gemm *gemm = &bgemm->gemm;
	const struct cpu_bgemm_kernels *kernels = bgemm->kernels;
	const int64_t groups = groups_of(gemm->taps, gemm->depth);

	finish_init(&gemm->finish, step->node, prepare->cpu_flags);
	/* Odd, in cache lines: or the rows would compete for the same cache sets. */
	bgemm->row_pitch = (divide_up(4 * groups + least(4 * groups, LINE), 64) | 1) * 64;
	gemm->tile_rows = kernels->rows;
	bgemm->rows_at = gemm_row_patches(gemm);
	gemm->patch_size = kernels->rows * bgemm->row_pitch + CPU_BGEMM_SLACK;
	gemm->lanes = kernels->lanes;
	gemm->panel_width = kernels->vectors * kernels->lanes;
	gemm->panel_bytes = gemm->panel_width * (groups + 1) * (int64_t)sizeof(int32_t);
	gemm->gather = gather;
	gemm->multiply = multiply;
	gemm->complete = gemm->finish.needed ? gemm_finish : NULL;
	gemm_share_out(step, prepare);
}
