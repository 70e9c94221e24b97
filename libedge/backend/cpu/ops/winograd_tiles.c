// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/winograd_tiles.h"

#include <math.h>

#include "backend/cpu/ops/number.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS
#define LEAST_FLOPS 4e5
#define TASKS_PER_THREAD 3

/* Where a tile lies. */
struct place {
	int64_t n, y, x; /* of its first output pixel */
};

static struct place place_of(const struct winograd_tiles *tiles, int64_t tile)
{
	return (struct place) {
		.n = tile / (tiles->tiles_y * tiles->tiles_x),
		.y = tile / tiles->tiles_x % tiles->tiles_y * OUT,
		.x = tile % tiles->tiles_x * OUT,
	};
}

static int64_t offset_of(const struct conv_pitch *pitch, const struct place *place, int64_t y,
			 int64_t x)
{
	return place->n * pitch->image + y * pitch->row + x * pitch->pixel;
}

void winograd_tiles_inputs(const struct winograd_tiles *tiles, int64_t tile, const void *x,
			   const void *outside, const void **pixels)
{
	const struct conv_shape *shape = &tiles->shape;
	const struct place place = place_of(tiles, tile);

	for (int i = 0; i < IN; i++) {
		const int64_t row = place.y - shape->y.pad + i;

		for (int j = 0; j < IN; j++) {
			const int64_t column = place.x - shape->x.pad + j;
			const bool inside = row >= 0 && row < shape->y.in && column >= 0 &&
					    column < shape->x.in;

			*pixels++ = inside ? (const char *)x +
						     offset_of(&shape->in, &place, row, column) *
							     tiles->in_size
					   : outside;
		}
	}
}

int winograd_tiles_outputs(const struct winograd_tiles *tiles, int64_t tile, void *y, void *spare,
			   const void *residual, void **pixels, void **rows, const void **residuals)
{
	const struct conv_shape *shape = &tiles->shape;
	const struct place place = place_of(tiles, tile);
	const int64_t size = tiles->out_size;
	int count = 0;

	for (int i = 0; i < OUT * OUT; i++) {
		const int64_t row = place.y + i / OUT, column = place.x + i % OUT;

		pixels[i] = spare;
		if (row >= shape->y.out || column >= shape->x.out)
			continue;
		pixels[i] = (char *)y + offset_of(&shape->out, &place, row, column) * size;
		rows[count] = pixels[i];
		if (residual)
			residuals[count] = (const char *)residual +
					   offset_of(&shape->residual, &place, row, column) * size;
		count++;
	}
	return count;
}

bool winograd_tiles_fit(const struct conv_shape *shape)
{
	return shape->groups == 1 && shape->y.kernel == 3 && shape->x.kernel == 3 &&
	       shape->y.stride == 1 && shape->x.stride == 1 && shape->y.dilation == 1 &&
	       shape->x.dilation == 1;
}

/* Tasks of one block of panels follow each other, so that it stays in the cache. */
struct winograd_task winograd_task_at(const struct winograd_tiles *tiles, int64_t task)
{
	const int64_t block = task % tiles->tile_blocks;
	const int64_t panel_block = task / tiles->tile_blocks;
	struct winograd_task at = {
		.first = tiles->tiles * block / tiles->tile_blocks,
		.panel = tiles->panels * panel_block / tiles->panel_blocks,
		.end = tiles->panels * (panel_block + 1) / tiles->panel_blocks,
	};

	at.tiles = tiles->tiles * (block + 1) / tiles->tile_blocks - at.first;
	return at;
}

/* Tiles whose coefficients and sums fit the L2 cache. The more, the less often those of the kernels
 * come by. */
static int64_t most_tiles(const struct winograd_costs *costs, const struct cpu_caches *caches)
{
	int64_t most = (int64_t)caches->l2 / 4 * 3 / costs->tile_bytes;

	most -= most % costs->rows;
	return most < costs->rows ? costs->rows : most;
}

/* Tiles first; channels, for each block of which the input is transformed anew, only where there
 * are not enough tiles. */
void winograd_tiles_share_out(struct winograd_tiles *tiles, const struct winograd_costs *costs,
			      const struct cpu_prepare *prepare)
{
	const struct conv_shape *shape = &tiles->shape;
	const int64_t most = most_tiles(costs, prepare->caches);
	int64_t wanted = 1;
	double flops;

	tiles->tiles_y = divide_up(shape->y.out, OUT);
	tiles->tiles_x = divide_up(shape->x.out, OUT);
	tiles->tiles = shape->batch * tiles->tiles_y * tiles->tiles_x;
	tiles->panels = divide_up(shape->out_channels, tiles->panel_width);
	flops = 2.0 * COEFFICIENTS * (double)(tiles->tiles * shape->in_channels) *
		(double)shape->out_channels;
	if (prepare->threads > 1)
		wanted = (int64_t)fmin(TASKS_PER_THREAD * prepare->threads, flops / LEAST_FLOPS);
	tiles->tile_blocks = divide_up(tiles->tiles, most);
	if (tiles->tile_blocks < wanted)
		tiles->tile_blocks = least(wanted, divide_up(tiles->tiles, 2 * costs->rows));
	tiles->panel_blocks = 1;
	if (tiles->tile_blocks < wanted)
		tiles->panel_blocks = least(tiles->panels, divide_up(wanted, tiles->tile_blocks));
	tiles->block = divide_up(tiles->tiles, tiles->tile_blocks);
}
