// SPDX-License-Identifier: MIT
/*
 * Any convolution of one or two spatial dimensions: a row of the matrix is an output pixel, a tap
 * an input pixel of its window.
 */
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/gemm.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"

/* Most channels of a kernel's row that may be one tap. */
#define MAX_MERGED 256

/**
 * struct conv - state of a step
 * @merged: a tap is a whole row of the window, whose pixels lie next to each other: fewer and
 *	longer inner loops, most of all for images of three channels
 * @group_size: elements of a packed matrix
 * @inner_begin, @inner_end: output columns whose windows do not stick out to the left or right
 * @zeros: a tap outside the image
 */
struct conv {
	struct gemm gemm;
	struct conv_shape shape;
	bool merged;
	int64_t group_size;
	int64_t inner_begin, inner_end;
	float zeros[];
};

/* Output pixels side by side whose windows all lie between the left and right borders, or all
 * not. */
struct span {
	int64_t n, y, x;
	int first, count; /* rows of the tile */
	bool inner;
};

static struct span span_at(const struct conv *conv, const struct gemm_tile *tile, int row)
{
	const struct conv_shape *shape = &conv->shape;
	const int64_t line = (tile->row + row) / shape->x.out;
	struct span span = {
		.n = line / shape->y.out,
		.y = line % shape->y.out,
		.x = (tile->row + row) % shape->x.out,
		.first = row,
	};
	int64_t end = shape->x.out;

	span.inner = span.x >= conv->inner_begin && span.x < conv->inner_end;
	if (span.inner)
		end = conv->inner_end;
	else if (span.x < conv->inner_begin)
		end = conv->inner_begin;
	span.count = tile->rows - row < end - span.x ? tile->rows - row : (int)(end - span.x);
	return span;
}

static void fill(const float **to, int64_t count, const float *pointer, int64_t step)
{
	for (int64_t i = 0; i < count; i++) {
		to[i] = pointer;
		pointer += step;
	}
}

/* Row @y of the image, at the first tap of output column @x: for columns that are not inner it may
 * lie outside. */
static const float *window_row(const struct conv *conv, const float *image, int64_t y, int64_t x)
{
	const struct conv_shape *shape = &conv->shape;

	return image + y * shape->in.row + (x * shape->x.stride - shape->x.pad) * shape->in.pixel;
}

/* The taps of one row of the window in the border columns. */
static void fill_border(const struct conv *conv, const struct span *span, const float *row,
			const float **to, int rows)
{
	const struct conv_shape *shape = &conv->shape;

	for (int64_t j = 0; j < shape->x.kernel; j++, to += rows) {
		for (int r = 0; r < span->count; r++) {
			int64_t x = (span->x + r) * shape->x.stride - shape->x.pad +
				    j * shape->x.dilation;

			to[r] = x >= 0 && x < shape->x.in ? row + x * shape->in.pixel : conv->zeros;
		}
	}
}

/* The same for a merged tap: copies with zeroes where the image ends. */
static void fill_patches(const struct conv *conv, const struct span *span, const float *row,
			 const float **to, float *patch)
{
	const struct conv_shape *shape = &conv->shape;
	const int64_t depth = shape->in_channels;

	for (int r = 0; r < span->count; r++) {
		const int64_t x = (span->x + r) * shape->x.stride - shape->x.pad;
		const int64_t begin = x < 0 ? -x : 0;
		const int64_t left = shape->x.in - x;
		const int64_t end = left < shape->x.kernel ? left : shape->x.kernel;

		memset(patch, 0, conv->gemm.depth * sizeof(*patch));
		if (begin < end)
			memcpy(patch + begin * depth, row + (x + begin) * depth,
			       (end - begin) * depth * sizeof(*patch));
		to[r] = patch;
		patch += conv->gemm.depth;
	}
}

static void fill_taps(const struct conv *conv, const struct gemm_tile *tile,
		      const struct span *span, const float *image)
{
	const struct conv_shape *shape = &conv->shape;
	const int64_t taps = conv->merged ? 1 : shape->x.kernel;
	const int64_t step = shape->x.stride * shape->in.pixel;
	const float **to = tile->a + span->first;

	for (int64_t i = 0; i < shape->y.kernel; i++, to += taps * tile->rows) {
		const int64_t y = span->y * shape->y.stride - shape->y.pad + i * shape->y.dilation;
		const bool inside = y >= 0 && y < shape->y.in;

		if (inside && !span->inner && conv->merged) {
			fill_patches(conv, span, image + y * shape->in.row, to,
				     tile->patch +
					     (i * tile->rows + span->first) * conv->gemm.depth);
			continue;
		}
		if (inside && !span->inner) {
			fill_border(conv, span, image + y * shape->in.row, to, tile->rows);
			continue;
		}
		for (int64_t j = 0; j < taps; j++)
			fill(to + j * tile->rows, span->count,
			     inside ? window_row(conv, image, y, span->x) +
					      j * shape->x.dilation * shape->in.pixel
				    : conv->zeros,
			     inside ? step : 0);
	}
}

static int64_t offset_of(const struct conv_pitch *pitch, const struct span *span)
{
	return span->n * pitch->image + span->y * pitch->row + span->x * pitch->pixel;
}

/* Where the results of a span go. */
static void fill_outputs(const struct cpu_step *step, const struct gemm_tile *tile,
			 const struct span *span)
{
	const struct conv *conv = step->state;
	const struct conv_shape *shape = &conv->shape;
	const int64_t first = tile->matrix * shape->out_channels;
	const struct finish *finish = &conv->gemm.finish;

	fill((const float **)tile->c + span->first,
	     tile->c_pitch && !finish->needed ? 1 : span->count,
	     (const float *)step->outputs[0].data + offset_of(&shape->out, span) + first,
	     shape->out.pixel);
	if (finish->has_residual)
		fill(tile->residual + span->first, span->count,
		     (const float *)step->inputs[3].data + offset_of(&shape->residual, span) +
			     first,
		     shape->residual.pixel);
}

/* A tile whose windows all lie inside the image needs one pointer a tap. */
static void fill_regular(const struct conv *conv, struct gemm_tile *tile, const struct span *span,
			 const float *image)
{
	const struct conv_shape *shape = &conv->shape;
	const int64_t taps = conv->merged ? 1 : shape->x.kernel;
	const float *row =
		window_row(conv, image, span->y * shape->y.stride - shape->y.pad, span->x);
	const float **to = tile->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		fill(to, taps, row, shape->x.dilation * shape->in.pixel);
		to += taps;
		row += shape->y.dilation * shape->in.row;
	}
	tile->a_pitch = shape->x.stride * shape->in.pixel;
}

static bool is_regular(const struct conv *conv, const struct gemm_tile *tile,
		       const struct span *span)
{
	const struct conv_axis *y = &conv->shape.y;
	const int64_t first = span->y * y->stride - y->pad;

	return span->count == tile->rows && span->inner && first >= 0 &&
	       first + (y->kernel - 1) * y->dilation < y->in && conv->shape.in.pixel;
}

static void locate(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct conv *conv = step->state;
	const struct conv_shape *shape = &conv->shape;
	const float *images =
		(const float *)step->inputs[0].data + tile->matrix * shape->in_channels;
	struct span span = span_at(conv, tile, 0);

	tile->taps = conv->gemm.taps;
	tile->packed = (const float *)step->node->packed[0]->data + tile->matrix * conv->group_size;
	tile->a_pitch = 0;
	tile->c_pitch = span.count == tile->rows ? shape->out.pixel : 0;
	if (is_regular(conv, tile, &span)) {
		fill_regular(conv, tile, &span, images + span.n * shape->in.image);
		fill_outputs(step, tile, &span);
		return;
	}
	for (int row = 0; row < tile->rows; row += span.count) {
		span = span_at(conv, tile, row);
		fill_outputs(step, tile, &span);
		fill_taps(conv, tile, &span, images + span.n * shape->in.image);
	}
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
	const struct edge_tensor *bias = weights_input(node, 2);
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
	weights_drop(graph, node);
	return EDGE_OK;
}

/* A kernel of one pixel sees an image whose rows follow each other as one long row. */
static void flatten(struct conv_shape *shape)
{
	const int64_t pixels = shape->y.in * shape->x.in;

	if (shape->y.kernel != 1 || shape->x.kernel != 1 || shape->y.stride != 1 ||
	    shape->x.stride != 1 || shape->y.in != shape->y.out || shape->x.in != shape->x.out ||
	    shape->in.row != shape->x.in * shape->in.pixel ||
	    shape->out.row != shape->x.out * shape->out.pixel ||
	    shape->residual.row != shape->x.out * shape->residual.pixel)
		return;
	shape->y.in = shape->y.out = 1;
	shape->x.in = shape->x.out = pixels;
}

static void find_inner(struct conv *conv)
{
	const struct conv_axis *x = &conv->shape.x;
	const int64_t reach = x->in + x->pad - x->dilation * (x->kernel - 1) - 1;

	conv->inner_begin = divide_up(x->pad, x->stride);
	conv->inner_end = reach < 0 ? 0 : reach / x->stride + 1;
	if (conv->inner_end > x->out)
		conv->inner_end = x->out;
	if (conv->inner_begin > conv->inner_end)
		conv->inner_begin = conv->inner_end = x->out;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;
	struct conv_shape shape;
	struct conv *conv;

	if (!conv_shape_get(node, &shape) || node->num_packed != 1 ||
	    !weights_packed_is(node->packed[0], packed_size(&shape, prepare->cpu_flags)))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");

	flatten(&shape);

	const int64_t merged_depth = shape.x.kernel * shape.in_channels;
	const bool merged = shape.x.kernel > 1 && shape.x.dilation == 1 &&
			    shape.in.pixel == shape.in_channels && merged_depth <= MAX_MERGED;

	conv = calloc(1,
		      sizeof(*conv) + (merged ? merged_depth : shape.in_channels) * sizeof(float));
	if (!conv)
		return edge_fail_memory(error);
	conv->shape = shape;
	conv->merged = merged;
	conv->group_size = edge_tensor_elements(node->packed[0]) / shape.groups;
	find_inner(conv);
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
