// SPDX-License-Identifier: MIT
/* What winograd.c is to floats, for u8 by i8: kernels/qwinograd.h says why it is exact. */
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/kernels/qwinograd.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/qgemm.h"
#include "backend/cpu/ops/weights.h"
#include "backend/cpu/ops/winograd_tiles.h"
#include "base/error.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS

/* Rows behind a panel's weights: biases, multipliers, shifts. */
#define SCALES 3

/**
 * struct qwinograd - state of a step
 * @pitch: elements from one tile to the next of the transformed input
 * @plane: elements between its coefficients
 * @outside: a pixel outside the image
 */
struct qwinograd {
	struct winograd_tiles tiles;
	const struct cpu_qgemm_kernels *qgemm;
	const struct cpu_qwinograd_kernels *kernels;
	struct qresults results;
	uint8_t zero;
	int64_t pitch, plane;
	uint8_t outside[];
};

/* A thread's memory: transformed input [coefficient][tile][channel], sums of one panel
 * [coefficient][tile][column], and a pixel for what falls outside the image. */
struct memory {
	int16_t *v;
	int32_t *m;
	uint8_t *spare;
};

static int64_t groups_of(const struct conv_shape *shape)
{
	return divide_up(shape->in_channels, 2);
}

/* Words of a column: a bias, always 0, and weights for each coefficient, then scales. */
static int64_t column_size(const struct conv_shape *shape)
{
	return COEFFICIENTS * (1 + groups_of(shape)) + SCALES;
}

static void transform_tile(const struct qwinograd *state, const struct cpu_step *step, int64_t tile,
			   int16_t *v)
{
	const void *x[COEFFICIENTS];

	winograd_tiles_inputs(&state->tiles, tile, step->inputs[0].data, state->outside, x);
	state->kernels->input(&(struct cpu_qwinograd_input) {
		.channels = state->tiles.shape.in_channels,
		.x = (const uint8_t *const *)x,
		.zero = state->zero,
		.v = v,
		.plane = state->plane,
	});
}

/* The sums of all coefficients of @tiles tiles in one panel's columns. */
static void multiply(const struct qwinograd *state, const int32_t *packed, int64_t tiles,
		     int64_t columns, const struct memory *memory)
{
	const int64_t depth = groups_of(&state->tiles.shape);
	const int64_t lanes = state->qgemm->lanes, width = state->tiles.panel_width;
	const int64_t groups = divide_up(tiles, state->qgemm->rows);
	const void *a;
	void *c;
	struct cpu_qgemm_tile call = {
		.tiles = 1,
		.taps = 1,
		.depth = depth,
		.panel = packed,
		.a = &a,
		.a_pitch = state->pitch * (int64_t)sizeof(int16_t),
		.target = { .c = &c, .c_pitch = width, .columns = lanes },
	};

	for (int i = 0; i < COEFFICIENTS; i++) {
		const int16_t *v = memory->v + i * state->plane;
		int32_t *m = memory->m + i * state->tiles.block * width;

		for (int64_t g = 0; g < groups; g++) {
			int64_t first = tiles * g / groups;
			int rows = (int)(tiles * (g + 1) / groups - first);

			a = v + first * state->pitch;
			c = m + first * width;
			state->qgemm->sums[rows - 1][columns / lanes - 1](&call);
		}
		call.panel += (depth + 1) * columns;
	}
}

/* Writes @columns channels from @offset on of the output pixels of one tile. */
static void finish_tile(const struct qwinograd *state, const struct cpu_step *step, int64_t tile,
			int64_t offset, int64_t columns, const int32_t *m, const int32_t *scales,
			uint8_t *spare)
{
	const struct winograd_tiles *tiles = &state->tiles;
	void *y[OUT * OUT], *rows[OUT * OUT];

	winograd_tiles_outputs(tiles, tile, step->outputs[0].data, spare, NULL, y, rows, NULL);
	state->kernels->output(&(struct cpu_qwinograd_output) {
		.channels = columns,
		.m = m,
		.plane = tiles->block * tiles->panel_width,
		.scales = scales,
		.scales_pitch = divide_up(columns, state->qgemm->lanes) * state->qgemm->lanes,
		.to = state->results.to,
		.y = (uint8_t *const *)y,
		.offset = offset,
	});
}

/* Once all of a task's panels are there, for the sake of longer rows. */
static void look_up(const struct qwinograd *state, const struct cpu_step *step,
		    const struct winograd_task *at)
{
	const struct winograd_tiles *tiles = &state->tiles;
	const int64_t offset = at->panel * tiles->panel_width;
	const int64_t end = least(at->end * tiles->panel_width, tiles->shape.out_channels);

	for (int64_t t = 0; state->results.lookup && t < at->tiles; t++) {
		void *y[OUT * OUT], *rows[OUT * OUT];
		const int count = winograd_tiles_outputs(
			tiles, at->first + t, step->outputs[0].data, NULL, NULL, y, rows, NULL);

		qresults_look_up(&state->results, rows, count, offset, end - offset);
	}
}

static struct memory memory_at(const struct qwinograd *state, void *scratch)
{
	struct memory memory = { .v = scratch };

	memory.m = (int32_t *)(memory.v + COEFFICIENTS * state->plane);
	memory.spare = (uint8_t *)(memory.m +
				   COEFFICIENTS * state->tiles.block * state->tiles.panel_width);
	return memory;
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qwinograd *state = step->state;
	const struct conv_shape *shape = &state->tiles.shape;
	const struct memory memory = memory_at(state, scratch);
	const struct winograd_task at = winograd_task_at(&state->tiles, task);
	const int64_t lanes = state->qgemm->lanes, width = state->tiles.panel_width;

	for (int64_t t = 0; t < at.tiles; t++)
		transform_tile(state, step, at.first + t, memory.v + t * state->pitch);
	for (int64_t p = at.panel; p < at.end; p++) {
		const int64_t offset = p * width;
		const int64_t columns = least(width, shape->out_channels - offset);
		const int64_t padded = divide_up(columns, lanes) * lanes;
		const int32_t *packed =
			(const int32_t *)step->node->packed[0]->data + offset * column_size(shape);

		multiply(state, packed, at.tiles, padded, &memory);
		packed += (column_size(shape) - SCALES) * padded;
		for (int64_t t = 0; t < at.tiles; t++)
			finish_tile(state, step, at.first + t, offset, columns,
				    memory.m + t * width, packed, memory.spare);
	}
	look_up(state, step, &at);
}

/*
 * Whether it is worth it, in cycles of AVX2, which do 25 products, of words here or of bytes in pairs.
 * Tiles' sums are short, a channel must be transformed, and a tile takes a while; else bytes must be
 * gathered. So does a byte of weights that do not stay in the cache.
 */
static bool pays(const struct conv_shape *shape)
{
	const double in = (double)shape->in_channels, out = (double)shape->out_channels;
	const double tiles = (double)(shape->batch * divide_up(shape->y.out, OUT) *
				      divide_up(shape->x.out, OUT));
	const double kernels = in * out * (double)sizeof(int16_t);
	double winograd = tiles * (COEFFICIENTS * out * (in + 10) / 25 + 7 * in + 18 * out + 1300);
	double direct = (double)conv_shape_pixels(shape) * (9 * in * (out / 25 + 0.1) + 50);

	if (kernels * COEFFICIENTS > 1 << 20)
		winograd += 0.1 * kernels * COEFFICIENTS;
	if (kernels * 9 > 1 << 20)
		direct += 0.1 * kernels * 9;
	return winograd < direct;
}

/* Whether no input makes sums that are too large, while the weights are there; a program names this
 * kernel only for such as were not. */
static bool is_exact(const struct edge_node *node, const struct conv_shape *shape)
{
	const struct edge_tensor *weight = node->inputs[1];
	const int64_t least_x = -qgemm_zero_point(node->inputs[0], 0), most_x = 255 + least_x;
	const int64_t count = shape->in_channels * 9;
	const int8_t *data = weight->data;

	for (int64_t m = 0; data && m < shape->out_channels; m++, data += count) {
		const int32_t zero = qgemm_zero_point(weight, m);
		int64_t low = 0, high = 0;

		for (int64_t i = 0; i < count; i++) {
			const int64_t w = data[i] - zero;

			low += w * (w > 0 ? least_x : most_x);
			high += w * (w > 0 ? most_x : least_x);
		}
		if (low <= -CPU_QWINOGRAD_LIMIT || high >= CPU_QWINOGRAD_LIMIT)
			return false;
	}
	return true;
}

/* Where bytes are multiplied as they are, that is as fast and takes no transforms. */
static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return !cpu_qgemm_byte_kernels(cpu_flags) && qgemm_takes(node) && node->outputs[0]->quant &&
	       conv_shape_get_bytes(node, &shape) && winograd_tiles_fit(&shape) && pays(&shape) &&
	       is_exact(node, &shape);
}

static int64_t packed_size(const struct conv_shape *shape, const struct cpu_qgemm_kernels *qgemm)
{
	return divide_up(shape->out_channels, qgemm->lanes) * qgemm->lanes * column_size(shape);
}

/* u = G g G^T */
static void transform_kernel(const int8_t *g, int32_t zero, int32_t *u)
{
	static const int8_t matrix[IN][3] = CPU_QWINOGRAD_KERNEL;
	int32_t half[IN][3];

	for (int i = 0; i < IN; i++) {
		for (int j = 0; j < 3; j++)
			half[i][j] = matrix[i][0] * (g[j] - zero) +
				     matrix[i][1] * (g[3 + j] - zero) +
				     matrix[i][2] * (g[6 + j] - zero);
	}
	for (int i = 0; i < IN; i++) {
		for (int j = 0; j < IN; j++)
			u[i * IN + j] = half[i][0] * matrix[j][0] + half[i][1] * matrix[j][1] +
					half[i][2] * matrix[j][2];
	}
}

/* Bias, multiplier and shift of one output channel. */
static void pack_scales(const struct edge_node *node, int64_t column, int64_t width, int32_t *to)
{
	const struct edge_tensor *bias = weights_input(node, 2);

	if (bias)
		to[0] = ((const int32_t *)bias->data)[column];
	qgemm_multiplier(node, column, &to[width], &to[2 * width]);
}

/* Packs the output channels from @first on of one panel, two input channels at a time: the words of
 * a coefficient lie far apart, but those of a panel's columns side by side. */
static void pack_panel(const struct edge_node *node, const struct conv_shape *shape, int64_t first,
		       int64_t width, int32_t *to)
{
	const int64_t depth = shape->in_channels, rows = 1 + groups_of(shape);
	const int64_t valid = least(width, shape->out_channels - first);
	const int8_t *weight = (const int8_t *)node->inputs[1]->data + first * depth * 9;
	int32_t words[COEFFICIENTS][CPU_QGEMM_MAX_WIDTH];

	memset(words, 0, sizeof(words));
	for (int64_t k = 0; k < depth; k += 2) {
		for (int64_t j = 0; j < valid; j++) {
			const int8_t *g = weight + (j * depth + k) * 9;
			const int32_t zero = qgemm_zero_point(node->inputs[1], first + j);
			int32_t low[COEFFICIENTS], high[COEFFICIENTS] = { 0 };

			transform_kernel(g, zero, low);
			if (k + 1 < depth)
				transform_kernel(g + 9, zero, high);
			for (int i = 0; i < COEFFICIENTS; i++)
				words[i][j] = (int32_t)((uint32_t)high[i] << 16 | (uint16_t)low[i]);
		}
		for (int i = 0; i < COEFFICIENTS; i++)
			memcpy(to + (i * rows + 1 + k / 2) * width, words[i], width * sizeof(*to));
	}
	for (int64_t j = 0; j < valid; j++)
		pack_scales(node, first + j, width, to + COEFFICIENTS * rows * width + j);
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_qgemm_kernels *qgemm = cpu_qgemm_kernels(cpu_flags);
	const int64_t most = qgemm->vectors * qgemm->lanes;
	struct edge_tensor *packed;
	struct conv_shape shape;

	conv_shape_get_bytes(node, &shape);
	packed = edge_node_add_packed(graph, node, EDGE_I32, packed_size(&shape, qgemm));
	if (!packed)
		return edge_fail_memory(error);
	for (int64_t first = 0; first < shape.out_channels; first += most) {
		const int64_t width = least(
			most, divide_up(shape.out_channels - first, qgemm->lanes) * qgemm->lanes);

		pack_panel(node, &shape, first, width,
			   (int32_t *)packed->data + first * column_size(&shape));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static void prepare_state(struct qwinograd *state, const struct conv_shape *shape,
			  const struct edge_node *node, const struct cpu_prepare *prepare)
{
	struct winograd_tiles *tiles = &state->tiles;

	state->qgemm = cpu_qgemm_kernels(prepare->cpu_flags);
	state->kernels = cpu_qwinograd_kernels(prepare->cpu_flags);
	qresults_init(&state->results, node, prepare->cpu_flags);
	state->zero = (uint8_t)qgemm_zero_point(node->inputs[0], 0);
	memset(state->outside, state->zero, shape->in_channels);
	*tiles = (struct winograd_tiles) {
		.shape = *shape,
		.panel_width = state->qgemm->vectors * state->qgemm->lanes,
		.in_size = 1,
		.out_size = 1,
	};
	state->pitch =
		divide_up(shape->in_channels, CPU_QWINOGRAD_CHANNELS) * CPU_QWINOGRAD_CHANNELS;
	winograd_tiles_share_out(
		tiles,
		&(struct winograd_costs) {
			.tile_bytes = COEFFICIENTS * (2 * state->pitch + 4 * tiles->panel_width),
			.rows = state->qgemm->rows,
		},
		prepare);
	/* Odd, in cache lines: or all coefficients of a channel would compete for one cache set. */
	state->plane = (divide_up(tiles->block * state->pitch, 32) | 1) * 32;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct cpu_qgemm_kernels *qgemm = cpu_qgemm_kernels(prepare->cpu_flags);
	struct qwinograd *state;
	struct conv_shape shape;

	if (!conv_shape_get_bytes(step->node, &shape) || step->node->num_packed != 1 ||
	    !weights_packed_as(step->node->packed[0], EDGE_I32, packed_size(&shape, qgemm)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	state = calloc(1, sizeof(*state) + shape.in_channels);
	if (!state)
		return edge_fail_memory(error);
	prepare_state(state, &shape, step->node, prepare);
	step->state = state;
	step->run = run;
	step->num_tasks = state->tiles.tile_blocks * state->tiles.panel_blocks;
	step->scratch_size =
		COEFFICIENTS * state->plane * sizeof(int16_t) +
		COEFFICIENTS * state->tiles.block * state->tiles.panel_width * sizeof(int32_t) +
		shape.out_channels;
	return EDGE_OK;
}

const struct cpu_op cpu_op_qwinograd = {
	.op = EDGE_OP_CONV,
	.name = "qwinograd",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
