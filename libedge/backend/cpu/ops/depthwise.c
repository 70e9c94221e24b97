// SPDX-License-Identifier: MIT
/*
 * Convolutions with a group a channel. A task is a few rows of output; where the window lies inside
 * the image a row runs in one call, at the borders tile by tile through pointers.
 */
#include <math.h>
#include <stdlib.h>

#include "backend/cpu/kernels/depthwise.h"
#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

#define TILE CPU_DEPTHWISE_TILE
#define TASKS_PER_THREAD 4
#define LEAST_FLOPS 1e5

/**
 * struct depthwise - state of a step
 * @row, @border: NULL where the kernel is not one of the usual ones
 * @columns: input pixels of a tile in one row
 * @zeros: a tap outside the image
 */
struct depthwise {
	struct conv_shape shape;
	cpu_depthwise_fn row, border, pixel;
	int64_t columns;
	int64_t tasks_per_image;
	struct finish finish;
	float zeros[];
};

/* What a thread needs for one row of output. */
struct line {
	const float *image, *residual;
	float *y;
	int64_t in_y; /* of the first tap */
	const float **a;
	float *c[TILE];
	float *spare; /* for pixels of a tile beyond the row */
	struct cpu_depthwise_call call;
};

static const float *pixel_at(const struct depthwise *state, const struct line *line, int64_t y,
			     int64_t x)
{
	const struct conv_shape *shape = &state->shape;

	if (y < 0 || y >= shape->y.in || x < 0 || x >= shape->x.in)
		return state->zeros;
	return line->image + y * shape->in.row + x * shape->in.pixel;
}

static void run_pixel(const struct depthwise *state, struct line *line, int64_t x)
{
	const struct conv_shape *shape = &state->shape;
	const float **a = line->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		for (int64_t j = 0; j < shape->x.kernel; j++)
			*a++ = pixel_at(state, line, line->in_y + i * shape->y.dilation,
					x * shape->x.stride - shape->x.pad + j * shape->x.dilation);
	}
	line->c[0] = line->y + x * shape->out.pixel;
	state->pixel(&line->call);
}

static void run_border(const struct depthwise *state, struct line *line, int64_t x)
{
	const struct conv_shape *shape = &state->shape;
	const float **a = line->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		for (int64_t j = 0; j < state->columns; j++)
			*a++ = pixel_at(state, line, line->in_y + i,
					x * shape->x.stride - shape->x.pad + j);
	}
	for (int i = 0; i < TILE; i++)
		line->c[i] = x + i < shape->x.out ? line->y + (x + i) * shape->out.pixel
						  : line->spare;
	state->border(&line->call);
}

static void run_tiles(const struct depthwise *state, struct line *line, int64_t x, int64_t tiles)
{
	const struct conv_shape *shape = &state->shape;

	line->call.tiles = tiles;
	line->call.x = line->image + line->in_y * shape->in.row +
		       (x * shape->x.stride - shape->x.pad) * shape->in.pixel;
	line->call.y = line->y + x * shape->out.pixel;
	state->row(&line->call);
}

/* Tiles from @x on that touch nothing outside the image. */
static int64_t inner_tiles(const struct depthwise *state, const struct line *line, int64_t x)
{
	const struct conv_shape *shape = &state->shape;
	const int64_t left = x * shape->x.stride - shape->x.pad;
	const int64_t span = TILE * shape->x.stride;
	int64_t tiles = (shape->x.out - x) / TILE;

	if (line->in_y < 0 || line->in_y + shape->y.kernel > shape->y.in || left < 0 ||
	    left + state->columns > shape->x.in)
		return 0;
	if (tiles > (shape->x.in - left - state->columns) / span + 1)
		tiles = (shape->x.in - left - state->columns) / span + 1;
	return tiles;
}

static void run_line(const struct depthwise *state, struct line *line)
{
	const int64_t width = state->shape.x.out;

	if (!state->row) {
		for (int64_t x = 0; x < width; x++)
			run_pixel(state, line, x);
		return;
	}
	for (int64_t x = 0; x < width;) {
		int64_t tiles = inner_tiles(state, line, x);

		if (tiles)
			run_tiles(state, line, x, tiles);
		else
			run_border(state, line, x);
		x += TILE * (tiles ? tiles : 1);
	}
}

/* The activation, while the row is still in the cache. */
static void finish_line(const struct depthwise *state, const struct line *line)
{
	enum { BATCH = 16 };
	const struct conv_shape *shape = &state->shape;
	float *rows[BATCH];
	const float *residual[BATCH];

	for (int64_t first = 0; first < shape->x.out; first += BATCH) {
		int64_t count = least(shape->x.out - first, BATCH);

		for (int64_t i = 0; i < count; i++) {
			rows[i] = line->y + (first + i) * shape->out.pixel;
			if (state->finish.has_residual)
				residual[i] = line->residual + (first + i) * shape->residual.pixel;
		}
		finish_rows(&state->finish, rows, residual, count, 0, shape->groups);
	}
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct depthwise *state = step->state;
	const struct conv_shape *shape = &state->shape;
	const int64_t n = task / state->tasks_per_image;
	const int64_t part = task % state->tasks_per_image;
	const int64_t end = shape->y.out * (part + 1) / state->tasks_per_image;
	struct line line = {
		.image = (const float *)step->inputs[0].data + n * shape->in.image,
		.spare = scratch,
		.a = (const float **)((float *)scratch + shape->groups + (shape->groups & 1)),
	};

	line.call = (struct cpu_depthwise_call) {
		.channels = shape->groups,
		.weights = step->node->packed[0]->data,
		.low = state->finish.low,
		.high = state->finish.high,
		.x_row = shape->in.row,
		.x_pixel = shape->in.pixel,
		.y_pixel = shape->out.pixel,
		.taps = shape->y.kernel * shape->x.kernel,
		.a = line.a,
		.c = line.c,
	};
	for (int64_t y = shape->y.out * part / state->tasks_per_image; y < end; y++) {
		line.in_y = y * shape->y.stride - shape->y.pad;
		line.y = (float *)step->outputs[0].data + n * shape->out.image + y * shape->out.row;
		if (state->finish.has_residual)
			line.residual = (const float *)step->inputs[3].data +
					n * shape->residual.image + y * shape->residual.row;
		run_line(state, &line);
		if (state->finish.needed)
			finish_line(state, &line);
	}
}

static bool get_shape(const struct edge_node *node, struct conv_shape *shape)
{
	return conv_shape_get(node, shape) && shape->groups > 1 && shape->in_channels == 1 &&
	       shape->out_channels == 1;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return get_shape(node, &shape);
}

static int64_t packed_size(const struct conv_shape *shape, int lanes)
{
	const int64_t vectors = divide_up(shape->groups, lanes);

	return vectors * lanes * (1 + shape->y.kernel * shape->x.kernel);
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const int lanes = cpu_depthwise_kernels(cpu_flags)->lanes;
	const struct edge_tensor *bias = weights_input(node, 2);
	const float *weight = node->inputs[1]->data;
	struct edge_tensor *packed;
	struct conv_shape shape;
	float *to;

	if (!get_shape(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a depthwise convolution");
	packed = edge_node_add_packed(graph, node, EDGE_F32, packed_size(&shape, lanes));
	if (!packed)
		return edge_fail_memory(error);
	to = packed->data;
	for (int64_t c = 0; c < shape.groups; c += lanes) {
		const int64_t taps = shape.y.kernel * shape.x.kernel;

		for (int i = 0; i < lanes; i++) {
			if (c + i >= shape.groups)
				continue;
			to[i] = bias ? ((const float *)bias->data)[c + i] : 0;
			for (int64_t t = 0; t < taps; t++)
				to[(1 + t) * lanes + i] = weight[(c + i) * taps + t];
		}
		to += (1 + taps) * lanes;
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static void choose_kernels(struct depthwise *state, const struct cpu_depthwise_kernels *kernels)
{
	const struct conv_axis *y = &state->shape.y, *x = &state->shape.x;

	state->pixel = kernels->pixel;
	if (y->kernel != x->kernel || (x->kernel != 3 && x->kernel != 5) ||
	    y->stride != x->stride || x->stride > 2 || y->dilation != 1 || x->dilation != 1)
		return;
	state->row = kernels->row[x->kernel == 5][x->stride - 1];
	state->border = kernels->border[x->kernel == 5][x->stride - 1];
	state->columns = (TILE - 1) * x->stride + x->kernel;
}

static int64_t choose_tasks(const struct conv_shape *shape, unsigned int threads)
{
	const double flops = 2.0 * (double)(conv_shape_pixels(shape) * shape->groups) *
			     (double)(shape->y.kernel * shape->x.kernel);
	double wanted = threads > 1 ? fmin(TASKS_PER_THREAD * threads, flops / LEAST_FLOPS) : 1;

	wanted = fmin(ceil(wanted / (double)shape->batch), (double)shape->y.out);
	return wanted < 1 ? 1 : (int64_t)wanted;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct cpu_depthwise_kernels *kernels = cpu_depthwise_kernels(prepare->cpu_flags);
	const struct edge_node *node = step->node;
	struct depthwise *state;
	struct conv_shape shape;
	int64_t pointers;

	if (!get_shape(node, &shape) || node->num_packed != 1 ||
	    !weights_packed_is(node->packed[0], packed_size(&shape, kernels->lanes)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	state = calloc(1, sizeof(*state) + shape.groups * sizeof(float));
	if (!state)
		return edge_fail_memory(error);
	state->shape = shape;
	finish_init(&state->finish, node, prepare->cpu_flags);
	choose_kernels(state, kernels);
	state->tasks_per_image = choose_tasks(&shape, prepare->threads);
	pointers = shape.y.kernel *
		   (shape.x.kernel > state->columns ? shape.x.kernel : state->columns);
	step->state = state;
	step->run = run;
	step->num_tasks = shape.batch * state->tasks_per_image;
	step->scratch_size = (shape.groups + 1) * sizeof(float) + pointers * sizeof(void *);
	return EDGE_OK;
}

const struct cpu_op cpu_op_depthwise = {
	.op = EDGE_OP_CONV,
	.name = "depthwise",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
