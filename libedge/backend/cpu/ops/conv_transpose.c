// SPDX-License-Identifier: MIT
/*
 * Transposed convolutions. The output pixels whose places are alike modulo the stride, a phase, see
 * the same taps of the kernel; so each phase is an ordinary convolution of the input with these.
 * Its matrix has a row for each place of the grid that all phases share; at the borders some rows
 * have no pixel in some phases.
 */
#include <stdlib.h>

#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/gemm.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/* Larger ones leave most phases without a tap. */
#define MAX_STRIDE 8

/* A phase along one axis: the taps @first, @first + stride, ... */
struct phase {
	int64_t first, taps;
};

/**
 * struct transpose - state of a step
 * @grid_y, @grid_x: places; place q of phase p is output pixel q * stride + p - pad
 * @zeros: a tap outside the image
 */
struct transpose {
	struct gemm gemm;
	struct conv_shape shape;
	int64_t grid_y, grid_x;
	float zeros[];
};

static struct phase get_phase(const struct conv_axis *axis, int64_t index)
{
	return (struct phase) { index, divide_up(axis->kernel - index, axis->stride) };
}

/* A phase without taps multiplies one of zeroes. */
static int64_t num_taps(struct phase y, struct phase x)
{
	return y.taps && x.taps ? y.taps * x.taps : 1;
}

static int64_t grid_size(const struct conv_axis *axis)
{
	return (axis->out - 1 + axis->pad) / axis->stride + 1;
}

static bool get_shape(const struct edge_node *node, struct conv_shape *shape)
{
	return conv_shape_get(node, shape) && shape->y.dilation == 1 && shape->x.dilation == 1 &&
	       shape->y.stride <= MAX_STRIDE && shape->x.stride <= MAX_STRIDE &&
	       shape->y.pad >= 0 && shape->x.pad >= 0;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return get_shape(node, &shape);
}

/* Elements before phase @index of a group, which are all of a group's for the number of phases. */
static int64_t phase_offset(const struct conv_shape *shape, const struct cpu_igemm_kernels *kernels,
			    int64_t index)
{
	int64_t offset = 0;

	for (int64_t i = 0; i < index; i++)
		offset += gemm_packed_size(kernels, shape->out_channels,
					   num_taps(get_phase(&shape->y, i / shape->x.stride),
						    get_phase(&shape->x, i % shape->x.stride)),
					   shape->in_channels);
	return offset;
}

static int64_t num_phases(const struct conv_shape *shape)
{
	return shape->y.stride * shape->x.stride;
}

static int64_t packed_size(const struct conv_shape *shape, const struct cpu_igemm_kernels *kernels)
{
	return shape->groups * phase_offset(shape, kernels, num_phases(shape));
}

static void pack_phase(const struct edge_node *node, const struct conv_shape *shape,
		       const struct cpu_igemm_kernels *kernels, int64_t group, int64_t index,
		       float *packed)
{
	static const float zero;
	const struct edge_tensor *bias = weights_input(node, 2);
	const struct phase y = get_phase(&shape->y, index / shape->x.stride);
	const struct phase x = get_phase(&shape->x, index % shape->x.stride);
	const int64_t taps = shape->y.kernel * shape->x.kernel;
	const int64_t first = group * shape->in_channels * shape->out_channels * taps;
	struct gemm_source source = {
		.data = &zero,
		.tap_columns = 1,
		.scale = 1,
		.bias = bias ? (const float *)bias->data + group * shape->out_channels : NULL,
		.bias_scale = 1,
	};

	if (y.taps && x.taps) {
		source.data = (const float *)node->inputs[1]->data + first +
			      y.first * shape->x.kernel + x.first;
		source.column = taps;
		source.channel = shape->out_channels * taps;
		source.tap_columns = x.taps;
		source.tap_column = shape->x.stride;
		source.tap_row = shape->y.stride * shape->x.kernel;
	}
	gemm_pack(kernels, &source, shape->out_channels, num_taps(y, x), shape->in_channels, 0,
		  gemm_panels(kernels, shape->out_channels), packed);
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(cpu_flags);
	struct edge_tensor *packed;
	struct conv_shape shape;
	float *to;

	get_shape(node, &shape);
	packed = edge_node_add_packed(graph, node, EDGE_F32, packed_size(&shape, kernels));
	if (!packed)
		return edge_fail_memory(error);
	to = packed->data;
	for (int64_t group = 0; group < shape.groups; group++) {
		for (int64_t i = 0; i < num_phases(&shape); i++)
			pack_phase(node, &shape, kernels, group, i,
				   to + phase_offset(&shape, kernels, i));
		to += phase_offset(&shape, kernels, num_phases(&shape));
	}
	weights_drop(graph, node);
	return EDGE_OK;
}

/* A place of the grid. */
struct place {
	int64_t n, y, x;
};

static const float *tap_at(const struct transpose *state, const struct cpu_step *step,
			   const struct place *place, int64_t i, int64_t j, int64_t channel)
{
	const struct conv_shape *shape = &state->shape;
	const int64_t y = place->y - i, x = place->x - j;

	if (y < 0 || y >= shape->y.in || x < 0 || x >= shape->x.in)
		return state->zeros;
	return (const float *)step->inputs[0].data + place->n * shape->in.image +
	       y * shape->in.row + x * shape->in.pixel + channel;
}

static float *output_at(const struct transpose *state, const struct cpu_step *step,
			const struct place *place, int64_t phase)
{
	const struct conv_shape *shape = &state->shape;
	const int64_t y = place->y * shape->y.stride + phase / shape->x.stride - shape->y.pad;
	const int64_t x = place->x * shape->x.stride + phase % shape->x.stride - shape->x.pad;

	if (y < 0 || y >= shape->y.out || x < 0 || x >= shape->x.out)
		return NULL;
	return (float *)step->outputs[0].data + place->n * shape->out.image + y * shape->out.row +
	       x * shape->out.pixel;
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct transpose *state = step->state;
	const struct conv_shape *shape = &state->shape;
	const int64_t phases = num_phases(shape);
	const int64_t group = tile->matrix / phases, index = tile->matrix % phases;
	const struct phase y = get_phase(&shape->y, index / shape->x.stride);
	const struct phase x = get_phase(&shape->x, index % shape->x.stride);
	const void **a = tile->a;
	struct place places[CPU_IGEMM_MAX_ROWS];

	tile->taps = num_taps(y, x);
	tile->packed = (const float *)step->node->packed[0]->data +
		       group * phase_offset(shape, state->gemm.kernels, phases) +
		       phase_offset(shape, state->gemm.kernels, index);
	for (int r = 0; r < tile->rows; r++) {
		const int64_t row = tile->row + r;
		float *output;

		places[r] = (struct place) { row / state->grid_x / state->grid_y,
					     row / state->grid_x % state->grid_y,
					     row % state->grid_x };
		output = output_at(state, step, &places[r], index);
		tile->c[r] = output ? output + group * shape->out_channels : tile->patch;
	}
	for (int64_t t = 0; t < tile->taps; t++) {
		for (int r = 0; r < tile->rows; r++) {
			*a++ = x.taps && y.taps ? tap_at(state, step, &places[r], t / x.taps,
							 t % x.taps, group * shape->in_channels)
						: state->zeros;
		}
	}
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	struct transpose *state;
	struct conv_shape shape;

	if (!get_shape(node, &shape) || node->num_packed != 1 ||
	    !weights_packed_is(node->packed[0],
			       packed_size(&shape, cpu_igemm_kernels(prepare->cpu_flags))))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	state = calloc(1, sizeof(*state) + shape.in_channels * sizeof(float));
	if (!state)
		return edge_fail_memory(error);
	state->shape = shape;
	state->grid_y = grid_size(&shape.y);
	state->grid_x = grid_size(&shape.x);
	state->gemm = (struct gemm) {
		.matrices = shape.groups * num_phases(&shape),
		.rows = shape.batch * state->grid_y * state->grid_x,
		.columns = shape.out_channels,
		.taps = num_taps(get_phase(&shape.y, 0), get_phase(&shape.x, 0)),
		.depth = shape.in_channels,
		.patch_size = shape.out_channels * (int64_t)sizeof(float),
		.locate = locate,
	};
	step->state = state;
	gemm_prepare(step, prepare);
	return EDGE_OK;
}

const struct cpu_op cpu_op_conv_transpose = {
	.op = EDGE_OP_CONV_TRANSPOSE,
	.name = "igemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
