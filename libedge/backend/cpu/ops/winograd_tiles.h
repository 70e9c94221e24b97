/* SPDX-License-Identifier: MIT */
/* What Winograd convolutions of any elements have in common: where tiles lie, and how they are shared
 * out. */
#ifndef EDGE_BACKEND_CPU_OPS_WINOGRAD_TILES_H
#define EDGE_BACKEND_CPU_OPS_WINOGRAD_TILES_H

#include "backend/cpu/kernels/winograd.h"
#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/step.h"

/**
 * struct winograd_tiles - the tiles of all images, and the panels of output channels
 * @tiles_y, @tiles_x: of an image
 * @tiles, @tile_blocks, @block: in all; shared out in so many blocks of at most so many
 * @panels, @panel_blocks: the same for panels
 * @in_size, @out_size: bytes of an element
 */
struct winograd_tiles {
	struct conv_shape shape;
	int64_t tiles_y, tiles_x;
	int64_t tiles, tile_blocks, block;
	int64_t panels, panel_blocks, panel_width;
	int64_t in_size, out_size;
};

/**
 * struct winograd_costs - what shares depend on
 * @tile_bytes: of a thread's memory for each tile of its block
 * @rows: tiles that are best multiplied together
 */
struct winograd_costs {
	int64_t tile_bytes;
	int rows;
};

/* Fills all but shape, panel_width, in_size and out_size. */
void winograd_tiles_share_out(struct winograd_tiles *tiles, const struct winograd_costs *costs,
			      const struct cpu_prepare *prepare);

/* The input pixels of @tile: those outside the image are @outside. */
void winograd_tiles_inputs(const struct winograd_tiles *tiles, int64_t tile, const void *x,
			   const void *outside, const void **pixels);

/**
 * winograd_tiles_outputs() - the output pixels of @tile: those outside the image are @spare
 * @rows, @residuals: those inside, one after the other, the latter if @residual is not NULL
 *
 * Return: how many lie inside.
 */
int winograd_tiles_outputs(const struct winograd_tiles *tiles, int64_t tile, void *y, void *spare,
			   const void *residual, void **pixels, void **rows,
			   const void **residuals);

/* Whether a Conv is 3x3 with stride 1 and no groups. */
bool winograd_tiles_fit(const struct conv_shape *shape);

/* What one task works on. */
struct winograd_task {
	int64_t first, tiles; /* tiles */
	int64_t panel, end; /* panels */
};

struct winograd_task winograd_task_at(const struct winograd_tiles *tiles, int64_t task);

#endif
