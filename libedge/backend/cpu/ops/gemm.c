// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/gemm.h"

#include <math.h>
#include <string.h>

#include "backend/cpu/ops/number.h"

/* Work that is not worth another task, and tasks a thread, so that the last ones to finish do not
 * keep the others waiting for long. */
#define LEAST_FLOPS 4e5
#define TASKS_PER_THREAD 4

int64_t gemm_packed_size(const struct cpu_igemm_kernels *kernels, int64_t columns, int64_t taps,
			 int64_t depth)
{
	int64_t width = divide_up(columns, kernels->lanes) * kernels->lanes;
	int64_t size;

	if (__builtin_mul_overflow(taps, depth, &size) || __builtin_add_overflow(size, 1, &size) ||
	    __builtin_mul_overflow(size, width, &size) || size > INT64_MAX / 64)
		return -1;
	return size;
}

int64_t gemm_panels(const struct cpu_igemm_kernels *kernels, int64_t columns)
{
	return divide_up(columns, kernels->vectors * kernels->lanes);
}

/* One row of a panel: @valid of @width columns. */
static void pack_row(const float *from, int64_t stride, float scale, int64_t valid, int64_t width,
		     float *to)
{
	if (stride == 1 && scale == 1) {
		memcpy(to, from, valid * sizeof(*to));
	} else {
		for (int64_t j = 0; j < valid; j++)
			to[j] = scale * from[j * stride];
	}
	memset(to + valid, 0, (width - valid) * sizeof(*to));
}

void gemm_pack(const struct cpu_igemm_kernels *kernels, const struct gemm_source *source,
	       int64_t columns, int64_t taps, int64_t depth, int64_t first, int64_t end,
	       float *packed)
{
	const int64_t panel_width = kernels->vectors * kernels->lanes;

	for (int64_t panel = first; panel < end; panel++) {
		const int64_t column = panel * panel_width;
		const int64_t valid = least(panel_width, columns - column);
		const int64_t width = divide_up(valid, kernels->lanes) * kernels->lanes;

		memset(packed, 0, width * sizeof(*packed));
		if (source->bias)
			pack_row(source->bias + column, 1, source->bias_scale, valid, width,
				 packed);
		packed += width;
		for (int64_t t = 0; t < taps; t++) {
			const float *from = source->data + column * source->column +
					    t / source->tap_columns * source->tap_row +
					    t % source->tap_columns * source->tap_column;

			for (int64_t k = 0; k < depth; k++, packed += width)
				pack_row(from + k * source->channel, source->column, source->scale,
					 valid, width, packed);
		}
	}
}

static void multiply(const struct cpu_step *step, const struct gemm_tile *tile,
		     const struct gemm_panel *panel)
{
	const struct gemm *gemm = step->state;
	const int64_t rows = tile->taps * gemm->depth + 1;

	gemm->kernels->tile[tile->rows - 1][panel->vectors - 1](&(struct cpu_igemm_tile) {
		.taps = tile->taps,
		.depth = tile->depth,
		.a = (const float *const *)tile->a,
		.a_pitch = tile->a_pitch,
		.panel = (const float *)tile->packed + panel->offset * rows,
		.c = (float *const *)tile->c,
		.c_pitch = tile->c_pitch,
		.offset = panel->offset,
		.columns = panel->columns,
		.low = gemm->finish.low,
		.high = gemm->finish.high,
	});
}

void gemm_finish(const struct cpu_step *step, const struct gemm_tile *tile, int64_t first,
		 int64_t num)
{
	const struct gemm *gemm = step->state;

	finish_rows(&gemm->finish, (float *const *)tile->c, (const float *const *)tile->residual,
		    tile->rows, first, num);
}

int64_t gemm_row_patches(const struct gemm *gemm)
{
	return divide_up(gemm->row_patch * gemm->tile_rows, 64) * 64;
}

/* So that what follows is aligned. */
static int64_t patch_size(const struct gemm *gemm)
{
	return gemm_row_patches(gemm) + divide_up(gemm->patch_size, 64) * 64;
}

/* Bytes of the panels that a task packs for itself. */
static int64_t block_size(const struct gemm *gemm)
{
	if (!gemm->pack)
		return 0;
	return divide_up(gemm->panels, gemm->panel_blocks) * gemm->panel_bytes;
}

/* Results of a tile in the columns of the panels from @first to before @end. */
static void run_tile(const struct cpu_step *step, struct gemm_tile *tile, int64_t first,
		     int64_t end)
{
	const struct gemm *gemm = step->state;
	const int64_t width = gemm->panel_width, lanes = gemm->lanes;

	tile->a_pitch = tile->c_pitch = 0;
	tile->depth = gemm->depth;
	gemm->locate(step, tile);
	if (gemm->gather)
		gemm->gather(step, tile);
	for (int64_t i = first; i < end; i++) {
		const int64_t left = gemm->columns - i * width;
		struct gemm_panel panel = { .index = i, .offset = i * width };

		panel.vectors = (int)divide_up(least(left, width), lanes);
		panel.columns = least(left - (panel.vectors - 1) * lanes, lanes);
		gemm->multiply(step, tile, &panel);
	}
	if (gemm->complete)
		gemm->complete(step, tile, first * width,
			       least(gemm->columns, end * width) - first * width);
}

/* Tasks of one block of panels follow each other, so that it stays in the cache. */
static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct gemm *gemm = step->state;
	const int64_t row_block = task % gemm->row_blocks;
	const int64_t panel_block = task / gemm->row_blocks % gemm->panel_blocks;
	const int64_t first = gemm->panels * panel_block / gemm->panel_blocks;
	const int64_t end = gemm->panels * (panel_block + 1) / gemm->panel_blocks;
	const int64_t last = gemm->row_tiles * (row_block + 1) / gemm->row_blocks;
	const int max_rows = gemm->tile_rows;
	char *packed = (char *)scratch + patch_size(gemm);
	void **pointers = (void **)(packed + block_size(gemm));
	struct gemm_tile tile = {
		.matrix = task / gemm->row_blocks / gemm->panel_blocks,
		.c = pointers,
		.residual = (const void **)pointers + max_rows,
		.a = (const void **)pointers + 2 * max_rows,
		.patch = scratch,
	};

	if (gemm->pack) {
		gemm->pack(step, tile.matrix, first, end, (float *)packed);
		tile.packed = packed - first * gemm->panel_bytes;
	}
	for (int64_t i = gemm->row_tiles * row_block / gemm->row_blocks; i < last; i++) {
		/* Tiles of nearly the same height, rather than a low one at the end. */
		tile.row = gemm->rows * i / gemm->row_tiles;
		tile.rows = (int)(gemm->rows * (i + 1) / gemm->row_tiles - tile.row);
		run_tile(step, &tile, first, end);
	}
}

/* Panels in blocks of which half the L2 cache holds one; then as many blocks of either kind as the
 * threads want, of that kind first which makes them read less. */
static void share_out(struct gemm *gemm, const struct cpu_prepare *prepare)
{
	const double a_size = (double)gemm->rows * (double)(gemm->taps * gemm->depth);
	const double b_size = (double)gemm->columns * (double)(gemm->taps * gemm->depth);
	const double flops = 2 * b_size * (double)gemm->rows * (double)gemm->matrices;
	const int64_t held = (int64_t)prepare->caches->l2 / 2 / gemm->panel_bytes;
	int64_t wanted = 1;

	gemm->row_tiles = divide_up(gemm->rows, gemm->tile_rows);
	gemm->panels = divide_up(gemm->columns, gemm->panel_width);
	gemm->panel_blocks = divide_up(gemm->panels, held < 1 ? 1 : held);
	if (prepare->threads > 1)
		wanted = (int64_t)fmin(TASKS_PER_THREAD * prepare->threads, flops / LEAST_FLOPS);
	wanted = divide_up(wanted, gemm->matrices);
	if (b_size > a_size && gemm->panel_blocks < wanted)
		gemm->panel_blocks = least(wanted, gemm->panels);
	gemm->row_blocks = least(divide_up(wanted, gemm->panel_blocks), gemm->row_tiles);
	if (gemm->row_blocks < 1)
		gemm->row_blocks = 1;
	if (gemm->row_blocks * gemm->panel_blocks < wanted)
		gemm->panel_blocks = least(divide_up(wanted, gemm->row_blocks), gemm->panels);
}

void gemm_share_out(struct cpu_step *step, const struct cpu_prepare *prepare)
{
	struct gemm *gemm = step->state;

	share_out(gemm, prepare);
	step->run = run;
	step->num_tasks = gemm->matrices * gemm->row_blocks * gemm->panel_blocks;
	step->scratch_size = (size_t)patch_size(gemm) + (size_t)block_size(gemm) +
			     (size_t)(gemm->taps + 2) * gemm->tile_rows * sizeof(void *);
}

void gemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare)
{
	struct gemm *gemm = step->state;
	const int64_t row_bytes = gemm->taps * gemm->depth * (int64_t)sizeof(float);

	gemm->kernels = cpu_igemm_kernels(prepare->cpu_flags);
	finish_init(&gemm->finish, step->node, prepare->cpu_flags);
	gemm->tile_rows = gemm->kernels->rows;
	gemm->lanes = gemm->kernels->lanes;
	gemm->panel_width = gemm->kernels->vectors * gemm->lanes;
	gemm->panel_bytes = gemm->panel_width * (row_bytes + (int64_t)sizeof(float));
	gemm->multiply = multiply;
	gemm->complete = gemm->finish.needed ? gemm_finish : NULL;
	gemm_share_out(step, prepare);
}
