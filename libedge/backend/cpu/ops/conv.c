// SPDX-License-Identifier: MIT
/*
 * Any convolution of one or two spatial dimensions: a row of the matrix is an output pixel, a tap
 * an input pixel of its window.
 */
#include <stdlib.h>

#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/gemm.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

/* Most channels of a kernel's row that may be one tap. */
#define MAX_MERGED 256

/**
 * struct conv - state of a step
 * @merged: a tap is a whole row of the window, whose pixels lie next to each other: fewer and
 *	longer inner loops, most of all for images of three channels
 * @zeros: a tap outside the image
 */
struct conv {
	struct gemm gemm;
	struct conv_shape shape;
	bool merged;
	float zeros[];
};

/* Where the window of an output pixel begins. */
struct window {
	int64_t y, x;
	const float *image;
};

static bool inside(const struct conv_axis *axis, int64_t at)
{
	return at >= 0 && at < axis->in;
}

static const float *input_pixel(const struct conv *conv, const struct window *window, int64_t y,
				int64_t x)
{
	return window->image + y * conv->shape.in.row + x * conv->shape.in.pixel;
}

static void fill_taps(const struct conv *conv, const struct gemm_tile *tile,
		      const struct window *windows)
{
	const struct conv_shape *shape = &conv->shape;
	const float **a = tile->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		for (int64_t j = 0; j < shape->x.kernel; j++) {
			for (int r = 0; r < tile->rows; r++) {
				int64_t y = windows[r].y + i * shape->y.dilation;
				int64_t x = windows[r].x + j * shape->x.dilation;
				bool valid = inside(&shape->y, y) && inside(&shape->x, x);

				*a++ = valid ? input_pixel(conv, &windows[r], y, x) : conv->zeros;
			}
		}
	}
}

/* The row of a window that sticks out of the image to the left or right, with zeroes there. */
static void fill_patch(const struct conv *conv, const struct window *window, int64_t y,
		       float *patch)
{
	const int64_t depth = conv->shape.in_channels;

	for (int64_t j = 0; j < conv->shape.x.kernel; j++) {
		int64_t x = window->x + j;
		const float *pixel = inside(&conv->shape.x, x) ? input_pixel(conv, window, y, x)
							       : conv->zeros;

		for (int64_t k = 0; k < depth; k++)
			*patch++ = pixel[k];
	}
}

static void fill_merged_taps(const struct conv *conv, const struct gemm_tile *tile,
			     const struct window *windows)
{
	const struct conv_shape *shape = &conv->shape;
	const float **a = tile->a;
	float *patch = tile->patch;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		for (int r = 0; r < tile->rows; r++) {
			int64_t y = windows[r].y + i * shape->y.dilation;
			int64_t x = windows[r].x;

			if (!inside(&shape->y, y)) {
				*a++ = conv->zeros;
			} else if (x < 0 || x + shape->x.kernel > shape->x.in) {
				fill_patch(conv, &windows[r], y, patch);
				*a++ = patch;
				patch += conv->gemm.depth;
			} else {
				*a++ = input_pixel(conv, &windows[r], y, x);
			}
		}
	}
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct conv *conv = step->state;
	const struct conv_shape *shape = &conv->shape;
	const struct gemm *gemm = &conv->gemm;
	const struct edge_view *residual = gemm->finish.has_residual ? &step->inputs[3] : NULL;
	const int64_t panels = gemm->kernels->lanes *
			       ((gemm->columns + gemm->kernels->lanes - 1) / gemm->kernels->lanes);
	struct window windows[CPU_IGEMM_MAX_ROWS];
	int64_t x = tile->row % shape->x.out;
	int64_t y = tile->row / shape->x.out % shape->y.out;
	int64_t n = tile->row / shape->x.out / shape->y.out;

	tile->taps = gemm->taps;
	tile->packed = (const float *)step->node->packed[0]->data +
		       tile->matrix * panels * (gemm->taps * gemm->depth + 1);
	for (int r = 0; r < tile->rows; r++) {
		windows[r].y = y * shape->y.stride - shape->y.pad;
		windows[r].x = x * shape->x.stride - shape->x.pad;
		windows[r].image = (const float *)step->inputs[0].data + n * shape->in.image +
				   tile->matrix * shape->in_channels;
		tile->c[r] = (float *)step->outputs[0].data + n * shape->out.image +
			     y * shape->out.row + x * shape->out.pixel +
			     tile->matrix * shape->out_channels;
		if (residual)
			tile->residual[r] = (const float *)residual->data +
					    n * shape->residual.image + y * shape->residual.row +
					    x * shape->residual.pixel +
					    tile->matrix * shape->out_channels;
		if (++x == shape->x.out) {
			x = 0;
			if (++y == shape->y.out) {
				y = 0;
				n++;
			}
		}
	}
	if (conv->merged)
		fill_merged_taps(conv, tile, windows);
	else
		fill_taps(conv, tile, windows);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct conv_shape shape;

	return conv_shape_get(node, &shape);
}

static int64_t packed_size(const struct conv_shape *shape, unsigned int cpu_flags)
{
	int64_t size = gemm_packed_size(cpu_igemm_kernels(cpu_flags), shape->out_channels,
					shape->y.kernel * shape->x.kernel, shape->in_channels);

	if (size < 0 || __builtin_mul_overflow(size, shape->groups, &size))
		return -1;
	return size;
}

static enum edge_status compile(struct edge_graph *graph, struct edge_node *node,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct edge_tensor *weight = node->inputs[1];
	const struct edge_tensor *bias = conv_input(node, 2);
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(cpu_flags);
	struct conv_shape shape;

	if (!conv_shape_get(node, &shape))
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "not a convolution for kernels");

	const int64_t size = packed_size(&shape, cpu_flags);
	const int64_t taps = shape.y.kernel * shape.x.kernel;
	struct edge_tensor *packed = size < 0 ? NULL
					      : edge_node_add_packed(graph, node, EDGE_F32, size);

	if (!packed)
		return edge_fail_memory(error);
	for (int64_t g = 0; g < shape.groups; g++) {
		const int64_t first = g * shape.out_channels;
		const struct gemm_source source = {
			.data = (const float *)weight->data + first * shape.in_channels * taps,
			.column = shape.in_channels * taps,
			.channel = taps,
			.tap_columns = taps,
			.tap_column = 1,
			.scale = 1,
			.bias = bias ? (const float *)bias->data + first : NULL,
			.bias_scale = 1,
		};

		gemm_pack(kernels, &source, shape.out_channels, taps, shape.in_channels, 0,
			  gemm_panels(kernels, shape.out_channels),
			  (float *)packed->data + g * (size / shape.groups));
	}
	conv_drop_weights(graph, node);
	return EDGE_OK;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	struct conv_shape shape;
	struct conv *conv;

	if (!conv_shape_get(node, &shape) || node->num_packed != 1 ||
	    !conv_packed_is(node->packed[0], packed_size(&shape, prepare->cpu_flags)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");

	const int64_t merged_depth = shape.x.kernel * shape.in_channels;
	const bool merged = shape.x.kernel > 1 && shape.x.dilation == 1 &&
			    shape.in.pixel == shape.in_channels && merged_depth <= MAX_MERGED;

	conv = calloc(1,
		      sizeof(*conv) + (merged ? merged_depth : shape.in_channels) * sizeof(float));
	if (!conv)
		return edge_fail_memory(error);
	conv->shape = shape;
	conv->merged = merged;
	conv->gemm = (struct gemm) {
		.matrices = shape.groups,
		.rows = conv_shape_pixels(&shape),
		.columns = shape.out_channels,
		.taps = merged ? shape.y.kernel : shape.y.kernel * shape.x.kernel,
		.depth = merged ? merged_depth : shape.in_channels,
		.locate = locate,
	};
	if (merged)
		conv->gemm.patch_size = CPU_IGEMM_MAX_ROWS * conv->gemm.taps * conv->gemm.depth *
					(int64_t)sizeof(float);
	step->state = conv;
	gemm_prepare(step, prepare);
	return EDGE_OK;
}

const struct cpu_op cpu_op_conv = {
	.op = EDGE_OP_CONV,
	.name = "igemm",
	.fits = fits,
	.compile = compile,
	.prepare = prepare,
};
