// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/conv_window.h"

#include <string.h>

#include "backend/cpu/ops/number.h"

/* Most channels of a kernel's row that may be one tap. */
#define MAX_MERGED 256

/* Output pixels side by side whose windows all lie between the left and right borders, or all
 * not. */
struct span {
	int64_t n, y, x;
	int first, count; /* rows of the tile */
	bool inner;
};

static struct span span_at(const struct conv_window *window, const struct gemm_tile *tile, int row)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t line = (tile->row + row) / shape->x.out;
	struct span span = {
		.n = line / shape->y.out,
		.y = line % shape->y.out,
		.x = (tile->row + row) % shape->x.out,
		.first = row,
	};
	int64_t end = shape->x.out;

	span.inner = span.x >= window->inner_begin && span.x < window->inner_end;
	if (span.inner)
		end = window->inner_end;
	else if (span.x < window->inner_begin)
		end = window->inner_begin;
	span.count = tile->rows - row < end - span.x ? tile->rows - row : (int)(end - span.x);
	return span;
}

static void fill(const void **to, int64_t count, const char *pointer, int64_t step)
{
	for (int64_t i = 0; i < count; i++) {
		to[i] = pointer;
		pointer += step;
	}
}

/* Row @y of the image, at the first tap of output column @x: for columns that are not inner it may
 * lie outside. */
static const char *window_row(const struct conv_window *window, const char *image, int64_t y,
			      int64_t x)
{
	const struct conv_shape *shape = &window->shape;

	return image +
	       (y * shape->in.row + (x * shape->x.stride - shape->x.pad) * shape->in.pixel) *
		       window->in_size;
}

/* The taps of one row of the window in the border columns. */
static void fill_border(const struct conv_window *window, const struct span *span, const char *row,
			const void **to, int rows)
{
	const struct conv_shape *shape = &window->shape;

	for (int64_t j = 0; j < shape->x.kernel; j++, to += rows) {
		for (int r = 0; r < span->count; r++) {
			int64_t x = (span->x + r) * shape->x.stride - shape->x.pad +
				    j * shape->x.dilation;

			to[r] = x >= 0 && x < shape->x.in
					? row + x * shape->in.pixel * window->in_size
					: window->outside;
		}
	}
}

/* The same for a merged tap: copies, with what is outside where the image ends. */
static void fill_patches(const struct conv_window *window, const struct span *span, const char *row,
			 const void **to, char *patch)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t pixel = shape->in_channels * window->in_size;

	for (int r = 0; r < span->count; r++) {
		const int64_t x = (span->x + r) * shape->x.stride - shape->x.pad;
		const int64_t begin = x < 0 ? -x : 0;
		const int64_t end = least(shape->x.in - x, shape->x.kernel);

		memcpy(patch, window->outside, window->depth * window->in_size);
		if (begin < end)
			memcpy(patch + begin * pixel, row + (x + begin) * pixel,
			       (end - begin) * pixel);
		to[r] = patch;
		patch += window->depth * window->in_size;
	}
}

static void fill_taps(const struct conv_window *window, const struct gemm_tile *tile,
		      const struct span *span, const char *image)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t taps = window->merged ? 1 : shape->x.kernel;
	const int64_t pixel = shape->in.pixel * window->in_size;
	const int64_t depth = window->depth * window->in_size;
	const void **to = tile->a + span->first;

	for (int64_t i = 0; i < shape->y.kernel; i++, to += taps * tile->rows) {
		const int64_t y = span->y * shape->y.stride - shape->y.pad + i * shape->y.dilation;
		const bool inside = y >= 0 && y < shape->y.in;
		const char *row = image + y * shape->in.row * window->in_size;

		if (inside && !span->inner && window->merged) {
			fill_patches(window, span, row, to,
				     (char *)tile->patch + (i * tile->rows + span->first) * depth);
			continue;
		}
		if (inside && !span->inner) {
			fill_border(window, span, row, to, tile->rows);
			continue;
		}
		for (int64_t j = 0; j < taps; j++)
			fill(to + j * tile->rows, span->count,
			     inside ? window_row(window, image, y, span->x) +
					      j * shape->x.dilation * pixel
				    : window->outside,
			     inside ? shape->x.stride * pixel : 0);
	}
}

static int64_t offset_of(const struct conv_pitch *pitch, const struct span *span)
{
	return span->n * pitch->image + span->y * pitch->row + span->x * pitch->pixel;
}

/* Where the results of a span go. */
static void fill_outputs(const struct conv_window *window, const struct gemm_tile *tile,
			 const struct span *span, char *y, const char *residual)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t size = window->out_size;

	fill((const void **)tile->c + span->first, span->count,
	     y + offset_of(&shape->out, span) * size, shape->out.pixel * size);
	if (residual)
		fill(tile->residual + span->first, span->count,
		     residual + offset_of(&shape->residual, span) * size,
		     shape->residual.pixel * size);
}

/* A tile whose windows all lie inside the image needs one pointer a tap. */
static void fill_regular(const struct conv_window *window, struct gemm_tile *tile,
			 const struct span *span, const char *image)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t taps = window->merged ? 1 : shape->x.kernel;
	const char *row =
		window_row(window, image, span->y * shape->y.stride - shape->y.pad, span->x);
	const void **to = tile->a;

	for (int64_t i = 0; i < shape->y.kernel; i++) {
		fill(to, taps, row, shape->x.dilation * shape->in.pixel * window->in_size);
		to += taps;
		row += shape->y.dilation * shape->in.row * window->in_size;
	}
	tile->a_pitch = shape->x.stride * shape->in.pixel;
}

static bool is_regular(const struct conv_window *window, const struct gemm_tile *tile,
		       const struct span *span)
{
	const struct conv_axis *y = &window->shape.y;
	const int64_t first = span->y * y->stride - y->pad;

	return span->count == tile->rows && span->inner && first >= 0 &&
	       first + (y->kernel - 1) * y->dilation < y->in && window->shape.in.pixel;
}

/* Whether output pixels follow each other from line to line as they do in one. */
static bool are_lines_one(const struct conv_shape *shape)
{
	return shape->out.row == shape->x.out * shape->out.pixel &&
	       shape->out.image == shape->y.out * shape->out.row;
}

void conv_window_locate(const struct conv_window *window, struct gemm_tile *tile, const void *x,
			void *y, const void *residual)
{
	const struct conv_shape *shape = &window->shape;
	const int64_t image = shape->in.image * window->in_size;
	const int64_t first = tile->matrix * shape->out_channels * window->out_size;
	struct span span = span_at(window, tile, 0);

	x = (const char *)x + tile->matrix * shape->in_channels * window->in_size;
	y = (char *)y + first;
	if (residual)
		residual = (const char *)residual + first;

	tile->taps = window->taps;
	tile->c_pitch = span.count == tile->rows || are_lines_one(shape) ? shape->out.pixel : 0;
	if (is_regular(window, tile, &span)) {
		fill_regular(window, tile, &span, (const char *)x + span.n * image);
		fill_outputs(window, tile, &span, y, residual);
		return;
	}
	for (int row = 0; row < tile->rows; row += span.count) {
		span = span_at(window, tile, row);
		fill_outputs(window, tile, &span, y, residual);
		fill_taps(window, tile, &span, (const char *)x + span.n * image);
	}
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

static void find_inner(struct conv_window *window)
{
	const struct conv_axis *x = &window->shape.x;
	const int64_t reach = x->in + x->pad - x->dilation * (x->kernel - 1) - 1;

	window->inner_begin = divide_up(x->pad, x->stride);
	window->inner_end = reach < 0 ? 0 : reach / x->stride + 1;
	if (window->inner_end > x->out)
		window->inner_end = x->out;
	if (window->inner_begin > window->inner_end)
		window->inner_begin = window->inner_end = x->out;
}

void conv_window_init(struct conv_window *window, const struct conv_shape *shape, int64_t in_size,
		      int64_t out_size)
{
	const int64_t merged_depth = shape->x.kernel * shape->in_channels;

	*window = (struct conv_window) {
		.shape = *shape,
		.merged = shape->x.kernel > 1 && shape->x.dilation == 1 &&
			  shape->in.pixel == shape->in_channels && merged_depth <= MAX_MERGED,
		.in_size = in_size,
		.out_size = out_size,
	};
	flatten(&window->shape);
	window->taps = window->merged ? shape->y.kernel : shape->y.kernel * shape->x.kernel;
	window->depth = window->merged ? merged_depth : shape->in_channels;
	find_inner(window);
}

struct gemm conv_window_gemm(const struct conv_window *window,
			     void (*locate)(const struct cpu_step *step, struct gemm_tile *tile))
{
	return (struct gemm) {
		.matrices = window->shape.groups,
		.rows = conv_shape_pixels(&window->shape),
		.columns = window->shape.out_channels,
		.taps = window->taps,
		.depth = window->depth,
		.row_patch = window->merged ? window->taps * window->depth * window->in_size : 0,
		.locate = locate,
	};
}
