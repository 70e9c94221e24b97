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
#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "backend/cpu/ops/winograd.h"
#include "backend/cpu/ops/winograd_tiles.h"
#include "base/error.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS

/**
 * struct winograd - state of a step
 * @plane: elements between coefficients of the transformed input
 * @zeros: a pixel outside the image
 */
struct winograd {
	struct winograd_tiles tiles;
	const struct cpu_igemm_kernels *igemm;
	const struct cpu_winograd_kernels *kernels;
	struct finish finish;
	int64_t plane;
	float zeros[];
};

/* A thread's memory: transformed input [coefficient][tile][channel], sums of one panel
 * [coefficient][tile][column], and a pixel for what falls outside the image. */
struct memory {
	float *v, *m, *spare;
};

static void transform_tile(const struct winograd *state, const struct cpu_step *step, int64_t tile,
			   float *v)
{
	const void *x[COEFFICIENTS];

	winograd_tiles_inputs(&state->tiles, tile, step->inputs[0].data, state->zeros, x);
	state->kernels->input(&(struct cpu_winograd_input) {
		.channels = state->tiles.shape.in_channels,
		.x = (const float *const *)x,
		.v = v,
		.plane = state->plane,
	});
}

/* The sums of all coefficients of @tiles tiles in one panel's columns. */
static void multiply(const struct winograd *state, const float *packed, int64_t tiles,
		     int64_t columns, const struct memory *memory)
{
	const int64_t depth = state->tiles.shape.in_channels;
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
		.c_pitch = state->tiles.panel_width,
		.columns = lanes,
		.low = -INFINITY,
		.high = INFINITY,
	};

	for (int i = 0; i < COEFFICIENTS; i++) {
		const float *v = memory->v + i * state->plane;
		float *m = memory->m + i * state->tiles.block * state->tiles.panel_width;

		for (int64_t g = 0; g < groups; g++) {
			int64_t first = tiles * g / groups;
			int rows = (int)(tiles * (g + 1) / groups - first);

			a = v + first * depth;
			c = m + first * state->tiles.panel_width;
			state->igemm->tile[rows - 1][vectors - 1](&call);
		}
		call.panel += (depth + 1) * vectors * lanes;
	}
}

/* Writes @columns channels from @offset on of the output pixels of one tile. */
static void finish_tile(const struct winograd *state, const struct cpu_step *step, int64_t tile,
			int64_t offset, int64_t columns, const float *m, float *spare)
{
	const struct winograd_tiles *tiles = &state->tiles;
	void *y[OUT * OUT], *rows[OUT * OUT];
	const void *residual[OUT * OUT];
	const int count = winograd_tiles_outputs(
		tiles, tile, step->outputs[0].data, spare,
		state->finish.has_residual ? step->inputs[3].data : NULL, y, rows, residual);

	state->kernels->output(&(struct cpu_winograd_output) {
		.channels = columns,
		.m = m,
		.plane = tiles->block * tiles->panel_width,
		.y = (float *const *)y,
		.offset = offset,
		.low = state->finish.low,
		.high = state->finish.high,
	});
	if (state->finish.needed)
		finish_rows(&state->finish, (float *const *)rows, (const float *const *)residual,
			    count, offset, columns);
}

static struct memory memory_at(const struct winograd *state, void *scratch)
{
	struct memory memory = { .v = scratch };

	memory.m = memory.v + COEFFICIENTS * state->plane;
	memory.spare = memory.m + COEFFICIENTS * state->tiles.block * state->tiles.panel_width;
	return memory;
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct winograd *state = step->state;
	const struct conv_shape *shape = &state->tiles.shape;
	const struct memory memory = memory_at(state, scratch);
	const struct winograd_task at = winograd_task_at(&state->tiles, task);
	const int64_t width = state->tiles.panel_width;

	for (int64_t t = 0; t < at.tiles; t++)
		transform_tile(state, step, at.first + t, memory.v + t * shape->in_channels);
	for (int64_t p = at.panel; p < at.end; p++) {
		const int64_t offset = p * width;
		const int64_t columns = least(width, shape->out_channels - offset);
		const float *packed = (const float *)step->node->packed[0]->data +
				      offset * COEFFICIENTS * (shape->in_channels + 1);

		multiply(state, packed, at.tiles,
			 divide_up(columns, state->igemm->lanes) * state->igemm->lanes, &memory);
		for (int64_t t = 0; t < at.tiles; t++)
			finish_tile(state, step, at.first + t, offset, columns,
				    memory.m + t * width, memory.spare);
	}
}

/*
 * Whether it is worth it, in multiplications that a core could do in the time. The coefficients'
 * products run at 0.85 of the speed of a direct convolution's, for their sums are short; a channel
 * of a tile costs as much as 8 products of each coefficient to transform. A coefficient that does
 * not stay in the cache is worth 4 multiplications a byte, as is a weight of the direct convolution.
 */
bool winograd_pays(const struct conv_shape *shape, double time)
{
	const double in = (double)shape->in_channels, out = (double)shape->out_channels;
	const double tiles = (double)(shape->batch * divide_up(shape->y.out, OUT) *
				      divide_up(shape->x.out, OUT));
	const double kernels = in * out * sizeof(float);
	double winograd = tiles * COEFFICIENTS * (in * out / 0.85 + 8 * (in + out));
	double direct = 9 * in * out * (double)conv_shape_pixels(shape);

	if (!winograd_tiles_fit(shape))
		return false;
	if (kernels * COEFFICIENTS > 1 << 20)
		winograd += 4 * kernels * COEFFICIENTS;
	if (kernels * 9 > 1 << 20)
		direct += 4 * kernels * 9;
	return winograd < 0.9 * time * direct;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return conv_shape_get(node, &shape) && winograd_pays(&shape, 1);
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

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct cpu_igemm_kernels *igemm = cpu_igemm_kernels(prepare->cpu_flags);
	struct winograd_tiles *tiles;
	struct winograd *state;
	struct conv_shape shape;

	if (!conv_shape_get(step->node, &shape) || step->node->num_packed != 1 ||
	    !weights_packed_is(step->node->packed[0], packed_size(&shape, igemm)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	state = calloc(1, sizeof(*state) + shape.in_channels * sizeof(float));
	if (!state)
		return edge_fail_memory(error);
	state->igemm = igemm;
	state->kernels = cpu_winograd_kernels(prepare->cpu_flags);
	finish_init(&state->finish, step->node, prepare->cpu_flags);
	tiles = &state->tiles;
	*tiles = (struct winograd_tiles) {
		.shape = shape,
		.panel_width = igemm->vectors * igemm->lanes,
		.in_size = sizeof(float),
		.out_size = sizeof(float),
	};
	winograd_tiles_share_out(tiles,
				 &(struct winograd_costs) {
					 .tile_bytes = COEFFICIENTS * (int64_t)sizeof(float) *
						       (shape.in_channels + tiles->panel_width),
					 .rows = igemm->rows,
				 },
				 prepare);
	/* Odd, in cache lines: or all coefficients of a channel would compete for one cache set. */
	state->plane = (divide_up(tiles->block * shape.in_channels, 16) | 1) * 16;
	step->state = state;
	step->run = run;
	step->num_tasks = tiles->tile_blocks * tiles->panel_blocks;
	step->scratch_size = (COEFFICIENTS * (state->plane + tiles->block * tiles->panel_width) +
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
