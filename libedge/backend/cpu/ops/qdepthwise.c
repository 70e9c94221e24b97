// SPDX-License-Identifier: MIT
/*
 * What depthwise.c is to floats, for bytes. Channels are taken in vectors, of which the last one
 * overlaps with that before, or is two pixels side by side; so no pixel is read or written beyond its
 * channels, and no vector is half empty.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/kernels/lookup.h"
#include "backend/cpu/kernels/qdepthwise.h"
#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/qgemm.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"
#include "graph/range.h"

enum { X, WEIGHT, BIAS, TABLE = 4 };

#define TASKS_PER_THREAD 4
#define LEAST_FLOPS 2e5

/**
 * struct vector - which channels are in it
 * @low, @high: first channels of its halves
 * @pixels: these are of two pixels
 * @few: channels, if they are fewer than half a vector
 */
struct vector {
	int64_t low, high;
	bool pixels;
	int64_t few;
};

/**
 * struct qdepthwise - state of a step
 * @split: the packed weights are
 * @inner, @num_inner: outputs of a row whose windows do not reach beyond its ends
 * @outside: as long as a row, for what lies outside the image
 */
struct qdepthwise {
	struct conv_shape shape;
	const struct cpu_qdepthwise_kernels *kernels;
	const struct cpu_lookup_kernels *lookup;
	struct cpu_requantise to;
	bool split, has_table;
	struct cpu_lookup_table table;
	int64_t inner, num_inner;
	int64_t tasks_per_image;
	uint8_t outside[];
};

static struct vector vector_at(int64_t channels, int lanes, int64_t index)
{
	const int64_t half = lanes / 2, first = index * lanes, left = channels - first;

	if (channels < half)
		return (struct vector) { .few = channels };
	if (left >= lanes)
		return (struct vector) { .low = first, .high = first + half };
	if (left <= half)
		return (struct vector) { channels - half, channels - half, true, 0 };
	if (channels < lanes)
		return (struct vector) { 0, channels - half, false, 0 };
	return (struct vector) { channels - lanes, channels - half, false, 0 };
}

static int64_t num_vectors(const struct conv_shape *shape, int lanes)
{
	return divide_up(shape->groups, lanes);
}

static int64_t num_taps(const struct conv_shape *shape)
{
	return shape->y.kernel * shape->x.kernel;
}

/* Words of a vector: biases, weights, multipliers and shifts. */
static int64_t vector_size(const struct conv_shape *shape, int lanes)
{
	return (divide_up(num_taps(shape), 2) + 3) * lanes;
}

/* What a thread needs for one row of output. */
struct line {
	const uint8_t *image;
	uint8_t *y;
	int64_t in_y; /* of the first tap */
	const uint8_t **a; /* of a pixel */
	const int32_t *packed;
};

/* The inputs of output @x. */
static void find_taps(const struct qdepthwise *state, const struct line *line, int64_t x)
{
	const struct conv_shape *shape = &state->shape;
	const int64_t first = x * shape->x.stride - shape->x.pad;
	const uint8_t **a = line->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		const int64_t in_y = line->in_y + i * shape->y.dilation;
		const bool inside = in_y >= 0 && in_y < shape->y.in;
		const uint8_t *row = inside ? line->image + in_y * shape->in.row : state->outside;
		int64_t in_x = first;

		for (int64_t j = 0; j < shape->x.kernel; j++, in_x += shape->x.dilation)
			*a++ = in_x >= 0 && in_x < shape->x.in ? row + in_x * shape->in.pixel
							       : state->outside;
	}
}

/* @vectors that are whole, or one, from @index on. */
static void run_vectors(const struct qdepthwise *state, const struct line *line, int64_t index,
			int64_t vectors, uint8_t *y, int64_t pixels)
{
	const struct conv_shape *shape = &state->shape;
	const int lanes = state->kernels->lanes;
	const struct vector vector = vector_at(shape->groups, lanes, index);
	const int64_t x_step = shape->x.stride * shape->in.pixel;
	struct cpu_qdepthwise_call call = {
		.vectors = vectors,
		.weights = line->packed + index * vector_size(shape, lanes),
		.split = state->split,
		.taps = num_taps(shape),
		.to = state->to,
		.a = line->a,
		.offset = vector.low,
		.x_step = x_step,
		.x_half = vector.high - vector.low,
		.y = y + vector.low,
		.y_step = shape->out.pixel,
		.y_half = vector.high - vector.low,
		.pixels = pixels,
		.channels = vector.few,
	};

	if (vector.pixels && pixels > 1) {
		call.x_half = x_step;
		call.y_half = shape->out.pixel;
		call.x_step *= 2;
		call.y_step *= 2;
		call.pixels = pixels / 2;
		state->kernels->run(&call);
		if (pixels % 2 == 0)
			return;
		call.offset += (pixels - 1) * x_step;
		call.y += (pixels - 1) * shape->out.pixel;
		call.x_half = call.y_half = 0;
		call.pixels = 1;
	}
	state->kernels->run(&call);
}

/* Outputs @x to @x + @pixels - 1. */
static void run_pixels(const struct qdepthwise *state, const struct line *line, int64_t x,
		       int64_t pixels)
{
	const int lanes = state->kernels->lanes;
	const int64_t vectors = num_vectors(&state->shape, lanes),
		      whole = state->shape.groups / lanes;
	uint8_t *y = line->y + x * state->shape.out.pixel;

	find_taps(state, line, x);
	if (whole)
		run_vectors(state, line, 0, whole, y, pixels);
	if (whole < vectors)
		run_vectors(state, line, whole, 1, y, pixels);
}

static void run_line(const struct qdepthwise *state, const struct line *line)
{
	const struct conv_shape *shape = &state->shape;

	for (int64_t x = 0; x < shape->x.out;) {
		const int64_t pixels = x == state->inner && state->num_inner ? state->num_inner : 1;

		run_pixels(state, line, x, pixels);
		x += pixels;
	}
	if (!state->has_table)
		return;
	state->lookup->bytes(&(struct cpu_lookup_rows) {
		.table = &state->table,
		.y = line->y,
		.x = line->y,
		.y_pitch = shape->out.pixel,
		.x_pitch = shape->out.pixel,
		.num_rows = shape->out.pixel == shape->groups ? 1 : shape->x.out,
		.num = shape->groups * (shape->out.pixel == shape->groups ? shape->x.out : 1),
	});
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qdepthwise *state = step->state;
	const struct conv_shape *shape = &state->shape;
	const int64_t n = task / state->tasks_per_image;
	const int64_t part = task % state->tasks_per_image;
	const int64_t end = shape->y.out * (part + 1) / state->tasks_per_image;
	struct line line = {
		.image = (const uint8_t *)step->inputs[X].data + n * shape->in.image,
		.a = scratch,
		.packed = step->node->packed[0]->data,
	};

	for (int64_t y = shape->y.out * part / state->tasks_per_image; y < end; y++) {
		line.in_y = y * shape->y.stride - shape->y.pad;
		line.y = (uint8_t *)step->outputs[0].data + n * shape->out.image +
			 y * shape->out.row;
		run_line(state, &line);
	}
}

static bool get_shape(const struct edge_node *node, struct conv_shape *shape)
{
	struct edge_range range;
	float scale;

	if (!qgemm_takes(node) || !node->outputs[0]->quant || !conv_shape_get_bytes(node, shape) ||
	    shape->groups < 2 || shape->in_channels != 1 || shape->out_channels != 1)
		return false;
	edge_node_range(node, &range, &scale);
	return range.zero_point >= 0 && range.zero_point <= UINT8_MAX;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return get_shape(node, &shape);
}

/* Words of all vectors and the one that says whether they are split, or -1 when there are too many to
 * count. */
static int64_t packed_size(const struct conv_shape *shape, int lanes)
{
	int64_t size;

	if (shape->y.kernel > INT32_MAX || shape->x.kernel > INT32_MAX ||
	    __builtin_mul_overflow(vector_size(shape, lanes), num_vectors(shape, lanes), &size) ||
	    size > INT64_MAX / 64)
		return -1;
	return size + 1;
}

/**
 * struct channel - what is packed of one
 * @taps: weights, less @zero
 */
struct channel {
	int64_t taps;
	const int8_t *weights;
	int32_t zero, bias;
	int32_t multiplier, shift;
};

static struct channel channel_at(const struct edge_node *node, const struct conv_shape *shape,
				 int64_t index)
{
	const struct edge_tensor *bias = weights_input(node, BIAS);
	const int64_t taps = num_taps(shape);
	struct channel channel = {
		.taps = taps,
		.weights = (const int8_t *)node->inputs[WEIGHT]->data + index * taps,
		.zero = qgemm_zero_point(node->inputs[WEIGHT], index),
	};
	uint32_t sum = bias ? (uint32_t)((const int32_t *)bias->data)[index] : 0;

	for (int64_t t = 0; t < taps; t++)
		sum -= (uint32_t)(channel.weights[t] - channel.zero) *
		       (uint32_t)node->inputs[X]->quant->zero_points[0];
	channel.bias = (int32_t)sum;
	qgemm_multiplier(node, index, &channel.multiplier, &channel.shift);
	return channel;
}

static int32_t weight_of(const struct channel *channel, int64_t tap)
{
	return tap < channel->taps ? channel->weights[tap] - channel->zero : 0;
}

/* The nearest, so that what is left is least. */
static int32_t coarse_of(int32_t weight)
{
	return (int32_t)floor((double)weight / CPU_QDEPTHWISE_COARSE + 0.5);
}

static int32_t fine_of(int32_t weight)
{
	return weight - coarse_of(weight) * CPU_QDEPTHWISE_COARSE;
}

/* Whether sums by @part of the weights fit. */
static bool part_fits(const struct channel *channel, int32_t (*part)(int32_t weight))
{
	int64_t above = 0, below = 0;

	for (int64_t t = 0; t < channel->taps; t++) {
		const int32_t weight = part(weight_of(channel, t));

		*(weight < 0 ? &below : &above) += abs(weight);
	}
	return above <= CPU_QDEPTHWISE_MOST_PART && below <= CPU_QDEPTHWISE_MOST_PART;
}

/* Whether results are far from the ends of 32 bits. */
static bool result_fits(const struct channel *channel)
{
	double most = fabs((double)channel->bias);
	float multiplier;

	for (int64_t t = 0; t < channel->taps; t++)
		most += UINT8_MAX * abs(weight_of(channel, t));
	memcpy(&multiplier, &channel->multiplier, sizeof(multiplier));
	return most <= INT32_MAX && most * (double)multiplier <= (1 << 30);
}

static bool can_split(const struct edge_node *node, const struct conv_shape *shape)
{
	for (int64_t c = 0; c < shape->groups; c++) {
		const struct channel channel = channel_at(node, shape, c);

		if (!part_fits(&channel, coarse_of) || !part_fits(&channel, fine_of) ||
		    (node->rounding != EDGE_ROUND_FIXED && !result_fits(&channel)))
			return false;
	}
	return true;
}

/* Packs @channel as byte @i of the vector at @to. */
static void pack_channel(const struct channel *channel, bool split, int lanes, int i, int32_t *to)
{
	const int lane = cpu_qdepthwise_lane(lanes, i);

	to[lane] = channel->bias;
	to += lanes;
	for (int64_t t = 0; t < channel->taps; t += 2, to += lanes) {
		const int32_t w[] = { weight_of(channel, t), weight_of(channel, t + 1) };
		int8_t *parts = (int8_t *)to + cpu_qdepthwise_part(lanes, i);

		if (!split) {
			to[lane] = (int32_t)(((uint32_t)w[0] & 0xffff) | (uint32_t)w[1] << 16);
			continue;
		}
		for (int n = 0; n < 2; n++) {
			parts[n] = (int8_t)coarse_of(w[n]);
			parts[n + 2 * lanes] = (int8_t)fine_of(w[n]);
		}
	}
	to[lane] = channel->multiplier;
	to[lane + lanes] = channel->shift;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const int lanes = cpu_qdepthwise_kernels(cpu_flags)->lanes;
	struct conv_shape shape;

	if (!get_shape(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a depthwise convolution");

	const int64_t size = packed_size(&shape, lanes);
	struct edge_tensor *packed = size < 0 ? NULL
					      : edge_node_add_packed(graph, node, EDGE_I32, size);
	const bool split = can_split(node, &shape);
	int32_t *to;

	if (!packed)
		return edge_fail_memory(error);
	to = packed->data;
	to[size - 1] = split;
	for (int64_t v = 0; v < num_vectors(&shape, lanes); v++) {
		const struct vector vector = vector_at(shape.groups, lanes, v);

		for (int i = 0; i < (vector.few ? vector.few : lanes); i++) {
			const bool upper = i >= lanes / 2;
			const struct channel channel = channel_at(
				node, &shape, (upper ? vector.high - lanes / 2 : vector.low) + i);

			pack_channel(&channel, split, lanes, i, to);
		}
		to += vector_size(&shape, lanes);
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

static void locate_inner(struct qdepthwise *state)
{
	const struct conv_axis *x = &state->shape.x;
	const int64_t span = (x->kernel - 1) * x->dilation + 1;
	const int64_t end = divide_up(x->in - span + x->pad + 1, x->stride);

	state->inner = divide_up(x->pad, x->stride);
	state->num_inner = least(x->out, end) - state->inner;
	if (state->num_inner < 0)
		state->num_inner = 0;
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
	const struct cpu_qdepthwise_kernels *kernels = cpu_qdepthwise_kernels(prepare->cpu_flags);
	const struct edge_node *node = step->node;
	struct qdepthwise *state;
	struct conv_shape shape;
	struct edge_range range;
	int64_t outside;
	float scale;

	if (!get_shape(node, &shape) || node->num_packed != 1 ||
	    !weights_packed_as(node->packed[0], EDGE_I32, packed_size(&shape, kernels->lanes)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	if (weights_input(node, TABLE) && !step->inputs[TABLE].data)
		return edge_fail(error, EDGE_BAD_FORMAT, "its table has no data");
	outside = (shape.x.in - 1) * shape.in.pixel + shape.groups;
	state = calloc(1, sizeof(*state) + outside);
	if (!state)
		return edge_fail_memory(error);
	state->shape = shape;
	state->kernels = kernels;
	state->split =
		((const int32_t *)node->packed[0]->data)[packed_size(&shape, kernels->lanes) - 1];
	state->lookup = cpu_lookup_kernels(prepare->cpu_flags);
	memset(state->outside, node->inputs[X]->quant->zero_points[0], outside);
	edge_node_range(node, &range, &scale);
	state->to = (struct cpu_requantise) { node->rounding == EDGE_ROUND_FIXED, range.zero_point,
					      range.low, range.high };
	state->has_table = weights_input(node, TABLE) != NULL;
	if (state->has_table)
		cpu_lookup_table_init(&state->table, step->inputs[TABLE].data);
	locate_inner(state);
	state->tasks_per_image = choose_tasks(&shape, prepare->threads);
	step->state = state;
	step->run = run;
	step->num_tasks = shape.batch * state->tasks_per_image;
	step->scratch_size = num_taps(&shape) * sizeof(void *);
	return EDGE_OK;
}

const struct cpu_op cpu_op_qdepthwise = {
	.op = EDGE_OP_CONV,
	.name = "qdepthwise",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
