// SPDX-License-Identifier: MIT
/*
 * 3x3 convolutions of stride 1 by Winograd's minimal filtering, with a quarter of the
 * multiplications. A task transforms a block of tiles into its scratch memory and, a panel of
 * output channels at a time, multiplies each coefficient's matrix and transforms back, so that
 * threads need not wait for each other in between.
 */
#include <math.h>
#include <stdlib.h>

#include "backend/cpu/kernels/igemm.h"
#include "backend/cpu/kernels/winograd.h"
#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS
#define LEAST_FLOPS 4e5
#define TASKS_PER_THREAD 3

/**
 * struct winograd - state of a step
 * @tiles_y, @tiles_x: of an image
 * @tiles, @tile_blocks, @block: in all; shared out in so many blocks of at most so many
 * @panels, @panel_blocks: the same for panels of output channels
 * @plane: elements between coefficients of the transformed input
 * @zeros: a pixel outside the image
 */
struct winograd {
	struct conv_shape shape;
	const struct cpu_igemm_kernels *igemm;
	const struct cpu_winograd_kernels *kernels;
	struct finish finish;
	int64_t tiles_y, tiles_x;
	int64_t tiles, tile_blocks, block;
	int64_t panels, panel_blocks, panel_width;
	int64_t plane;
	float zeros[];
};

/* Where a tile lies. */
struct place {
	int64_t n, y, x; /* of its first output pixel */
};

/* A thread's memory: transformed input [coefficient][tile][channel], sums of one panel
 * [coefficient][tile][column], and a pixel for what falls outside the image. */
struct memory {
	float *v, *m, *spare;
};

static struct place place_of(const struct winograd *state, int64_t tile)
{
	return (struct place) {
		.n = tile / (state->tiles_y * state->tiles_x),
		.y = tile / state->tiles_x % state->tiles_y * OUT,
		.x = tile % state->tiles_x * OUT,
	};
}

static void transform_tile(const struct winograd *state, const struct cpu_step *step, int64_t tile,
			   float *v)
{
	const struct conv_shape *shape = &state->shape;
	const struct place place = place_of(state, tile);
	const float *image = (const float *)step->inputs[0].data + place.n * shape->in.image;
	const float *x[COEFFICIENTS];

	for (int i = 0; i < IN; i++) {
		int64_t row = place.y - shape->y.pad + i;

		for (int j = 0; j < IN; j++) {
			int64_t column = place.x - shape->x.pad + j;
			bool inside = row >= 0 && row < shape->y.in && column >= 0 &&
				      column < shape->x.in;

			x[i * IN + j] =
				inside ? image + row * shape->in.row + column * shape->in.pixel
				       : state->zeros;
		}
	}
	state->kernels->input(&(struct cpu_winograd_input) {
		.channels = shape->in_channels,
		.x = x,
		.v = v,
		.plane = state->plane,
	});
}

/* The sums of all coefficients of @tiles tiles in one panel's columns. */
static void multiply(const struct winograd *state, const float *packed, int64_t tiles,
		     int64_t columns, const struct memory *memory)
{
	const int64_t depth = state->shape.in_channels;
	const int64_t lanes = state->igemm->lanes;
	const int64_t vectors = divide_up(columns, lanes);
	const int64_t groups = divide_up(tiles, state->igemm->rows);
	const float *a;
	float *c;
	struct cpu_igemm_tile call = {
		.taps = 1,
		.depth = depth,
		.panel = packed,
		.a = &a,
		.a_pitch = depth,
		.c = &c,
		.c_pitch = state->panel_width,
		.columns = lanes,
		.low = -INFINITY,
		.high = INFINITY,
	};

	for (int i = 0; i < COEFFICIENTS; i++) {
		const float *v = memory->v + i * state->plane;
		float *m = memory->m + i * state->block * state->panel_width;

		for (int64_t g = 0; g < groups; g++) {
			int64_t first = tiles * g / groups;
			int rows = (int)(tiles * (g + 1) / groups - first);

			a = v + first * depth;
			c = m + first * state->panel_width;
			state->igemm->tile[rows - 1][vectors - 1](&call);
		}
		call.panel += (depth + 1) * vectors * lanes;
	}
}

/* Writes @columns channels from @offset on of the output pixels of one tile. */
static void finish_tile(const struct winograd *state, const struct cpu_step *step, int64_t tile,
			int64_t offset, int64_t columns, const float *m, float *spare)
{
	const struct conv_shape *shape = &state->shape;
	const struct conv_pitch *out = &shape->out, *added = &shape->residual;
	const struct place place = place_of(state, tile);
	float *image = (float *)step->outputs[0].data + place.n * out->image;
	float *y[OUT * OUT], *rows[OUT * OUT];
	const float *residual[OUT * OUT];
	int count = 0;

	for (int i = 0; i < OUT; i++) {
		for (int j = 0; j < OUT; j++) {
			const int64_t row = place.y + i, column = place.x + j;

			y[i * OUT + j] = spare;
			if (row >= shape->y.out || column >= shape->x.out)
				continue;
			y[i * OUT + j] = image + row * out->row + column * out->pixel;
			rows[count] = y[i * OUT + j];
			if (state->finish.has_residual)
				residual[count] = (const float *)step->inputs[3].data +
						  place.n * added->image + row * added->row +
						  column * added->pixel;
			count++;
		}
	}
	state->kernels->output(&(struct cpu_winograd_output) {
		.channels = columns,
		.m = m,
		.plane = state->block * state->panel_width,
		.y = y,
		.offset = offset,
		.low = state->finish.low,
		.high = state->finish.high,
	});
	if (state->finish.needed)
		finish_rows(&state->finish, rows, residual, count, offset, columns);
}

static struct memory memory_at(const struct winograd *state, void *scratch)
{
	struct memory memory = { .v = scratch };

	memory.m = memory.v + COEFFICIENTS * state->plane;
	memory.spare = memory.m + COEFFICIENTS * state->block * state->panel_width;
	return memory;
}

/* Tasks of one block of panels follow each other, so that it stays in the cache. */
static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct winograd *state = step->state;
	const struct conv_shape *shape = &state->shape;
	const struct memory memory = memory_at(state, scratch);
	const int64_t block = task % state->tile_blocks;
	const int64_t panel_block = task / state->tile_blocks;
	const int64_t first = state->tiles * block / state->tile_blocks;
	const int64_t tiles = state->tiles * (block + 1) / state->tile_blocks - first;
	const int64_t end = state->panels * (panel_block + 1) / state->panel_blocks;

	for (int64_t t = 0; t < tiles; t++)
		transform_tile(state, step, first + t, memory.v + t * shape->in_channels);
	for (int64_t p = state->panels * panel_block / state->panel_blocks; p < end; p++) {
		const int64_t offset = p * state->panel_width;
		const int64_t columns = least(state->panel_width, shape->out_channels - offset);
		const float *packed = (const float *)step->node->packed[0]->data +
				      offset * COEFFICIENTS * (shape->in_channels + 1);

		multiply(state, packed, tiles,
			 divide_up(columns, state->igemm->lanes) * state->igemm->lanes, &memory);
		for (int64_t t = 0; t < tiles; t++)
			finish_tile(state, step, first + t, offset, columns,
				    memory.m + t * state->panel_width, memory.spare);
	}
}

/*
 * Whether it is worth it, in multiplications that a core could do in the time. The coefficients'
 * products run at 0.85 of the speed of a direct convolution's, for their sums are short; a channel
 * of a tile costs as much as 8 products of each coefficient to transform. A coefficient that does
 * not stay in the cache is worth 4 multiplications a byte, as is a weight of the direct convolution.
 */
static bool pays(const struct conv_shape *shape)
{
	const double in = (double)shape->in_channels, out = (double)shape->out_channels;
	const double tiles = (double)(shape->batch * divide_up(shape->y.out, OUT) *
				      divide_up(shape->x.out, OUT));
	const double kernels = in * out * sizeof(float);
	double winograd = tiles * COEFFICIENTS * (in * out / 0.85 + 8 * (in + out));
	double direct = 9 * in * out * (double)conv_shape_pixels(shape);

	if (kernels * COEFFICIENTS > 1 << 20)
		winograd += 4 * kernels * COEFFICIENTS;
	if (kernels * 9 > 1 << 20)
		direct += 4 * kernels * 9;
	return winograd < 0.9 * direct;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return conv_shape_get(node, &shape) && shape.groups == 1 && shape.y.kernel == 3 &&
	       shape.x.kernel == 3 && shape.y.stride == 1 && shape.x.stride == 1 &&
	       shape.y.dilation == 1 && shape.x.dilation == 1 && pays(&shape);
}

static int64_t packed_size(const struct conv_shape *shape, const struct cpu_igemm_kernels *igemm)
{
	const int64_t columns = divide_up(shape->out_channels, igemm->lanes) * igemm->lanes;

	return columns * COEFFICIENTS * (shape->in_channels + 1);
}

/* The kernel's transform, in double since it is done once: u = G g G^T. */
static void transform_kernel(const float *g, double *u)
{
	static const double matrix[IN][3] = {
		{ 1.0 / 4, 0, 0 },
		{ -1.0 / 6, -1.0 / 6, -1.0 / 6 },
		{ -1.0 / 6, 1.0 / 6, -1.0 / 6 },
		{ 1.0 / 24, 1.0 / 12, 1.0 / 6 },
		{ 1.0 / 24, -1.0 / 12, 1.0 / 6 },
		{ 0, 0, 1 },
	};
	double half[IN][3];

	for (int i = 0; i < IN; i++) {
		for (int j = 0; j < 3; j++)
			half[i][j] = matrix[i][0] * g[j] + matrix[i][1] * g[3 + j] +
				     matrix[i][2] * g[6 + j];
	}
	for (int i = 0; i < IN; i++) {
		for (int j = 0; j < IN; j++)
			u[i * IN + j] = half[i][0] * matrix[j][0] + half[i][1] * matrix[j][1] +
					half[i][2] * matrix[j][2];
	}
}

/* As panels of one tap for each coefficient: [panel][coefficient][1 + channel][column]. */
static void pack(const struct conv_shape *shape, const struct cpu_igemm_kernels *igemm,
		 const float *weight, const float *bias, float *packed)
{
	const int64_t depth = shape->in_channels;
	const int64_t panel_width = igemm->vectors * igemm->lanes;

	for (int64_t column = 0; column < shape->out_channels; column++) {
		int64_t first = column / panel_width * panel_width;
		int64_t width =
			least(panel_width,
			      divide_up(shape->out_channels - first, igemm->lanes) * igemm->lanes);
		float *to = packed + first * COEFFICIENTS * (depth + 1) + column - first;

		if (bias)
			to[CPU_WINOGRAD_BIAS * (depth + 1) * width] = bias[column];
		for (int64_t k = 0; k < depth; k++) {
			double u[COEFFICIENTS];

			transform_kernel(weight + (column * depth + k) * 9, u);
			for (int i = 0; i < COEFFICIENTS; i++)
				to[(i * (depth + 1) + 1 + k) * width] = (float)u[i];
		}
	}
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_igemm_kernels *igemm = cpu_igemm_kernels(cpu_flags);
	const struct edge_tensor *bias = weights_input(node, 2);
	struct edge_tensor *packed;
	struct conv_shape shape;

	conv_shape_get(node, &shape);
	packed = edge_node_add_packed(graph, node, EDGE_F32, packed_size(&shape, igemm));
	if (!packed)
		return edge_fail_memory(error);
	pack(&shape, igemm, node->inputs[1]->data, bias ? bias->data : NULL, packed->data);
	weights_drop(graph, node);
	return EDGE_OK;
}

/* Tiles whose coefficients and sums fit the L2 cache. The more, the less often those of the kernels
 * come by. */
static int64_t most_tiles(const struct winograd *state, const struct cpu_caches *caches)
{
	const int64_t bytes = COEFFICIENTS * (int64_t)sizeof(float) *
			      (state->shape.in_channels + state->panel_width);
	int64_t tiles = (int64_t)caches->l2 / 4 * 3 / bytes;

	tiles -= tiles % state->igemm->rows;
	return tiles < state->igemm->rows ? state->igemm->rows : tiles;
}

/* Tiles first; channels, for each block of which the input is transformed anew, only where there
 * are not enough tiles. */
static void share_out(struct winograd *state, const struct cpu_prepare *prepare)
{
	const struct conv_shape *shape = &state->shape;
	const double flops = 2.0 * COEFFICIENTS * (double)(state->tiles * shape->in_channels) *
			     (double)shape->out_channels;
	const int64_t most = most_tiles(state, prepare->caches);
	int64_t wanted = 1;

	if (prepare->threads > 1)
		wanted = (int64_t)fmin(TASKS_PER_THREAD * prepare->threads, flops / LEAST_FLOPS);
	state->tile_blocks = divide_up(state->tiles, most);
	if (state->tile_blocks < wanted)
		state->tile_blocks = least(wanted, divide_up(state->tiles, 2 * state->igemm->rows));
	state->panel_blocks = 1;
	if (state->tile_blocks < wanted)
		state->panel_blocks = least(state->panels, divide_up(wanted, state->tile_blocks));
	state->block = divide_up(state->tiles, state->tile_blocks);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct cpu_igemm_kernels *igemm = cpu_igemm_kernels(prepare->cpu_flags);
	struct winograd *state;
	struct conv_shape shape;

	if (!conv_shape_get(step->node, &shape) || step->node->num_packed != 1 ||
	    !weights_packed_is(step->node->packed[0], packed_size(&shape, igemm)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	state = calloc(1, sizeof(*state) + shape.in_channels * sizeof(float));
	if (!state)
		return edge_fail_memory(error);
	state->shape = shape;
	state->igemm = igemm;
	state->kernels = cpu_winograd_kernels(prepare->cpu_flags);
	finish_init(&state->finish, step->node, prepare->cpu_flags);
	state->tiles_y = divide_up(shape.y.out, OUT);
	state->tiles_x = divide_up(shape.x.out, OUT);
	state->tiles = shape.batch * state->tiles_y * state->tiles_x;
	state->panel_width = igemm->vectors * igemm->lanes;
	state->panels = divide_up(shape.out_channels, state->panel_width);
	share_out(state, prepare);
	/* Odd, in cache lines: or all coefficients of a channel would compete for one cache set. */
	state->plane = (divide_up(state->block * shape.in_channels, 16) | 1) * 16;
	step->state = state;
	step->run = run;
	step->num_tasks = state->tile_blocks * state->panel_blocks;
	step->scratch_size = (COEFFICIENTS * (state->plane + state->block * state->panel_width) +
			      shape.out_channels) *
			     sizeof(float);
	return EDGE_OK;
}

const struct cpu_op cpu_op_winograd = {
	.op = EDGE_OP_CONV,
	.name = "winograd",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
