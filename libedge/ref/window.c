// SPDX-License-Identifier: MIT
#include "ref/window.h"

void ref_image_init(struct ref_image *image, const struct edge_view *view)
{
	int spatial = view->rank - 2, missing = EDGE_MAX_SPATIAL - spatial;

	*image = (struct ref_image) {
		.type = view->type,
		.n = view->dims[0],
		.c = view->dims[1],
		.n_stride = view->strides[0],
		.c_stride = view->strides[1],
		.data = view->data,
	};
	for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
		image->size[d] = d < missing ? 1 : view->dims[2 + d - missing];
		image->stride[d] = d < missing ? 0 : view->strides[2 + d - missing];
	}
}

/* Copies what params say of the @spatial dimensions to the last ones of @to. */
static void spread(int64_t *to, const int32_t *from, int spatial, int64_t missing)
{
	for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
		int i = d - (EDGE_MAX_SPATIAL - spatial);

		to[d] = i < 0 ? missing : from[i];
	}
}

void ref_window_of_conv(struct ref_window *window, const union edge_params *params,
			const struct ref_image *weight, int spatial)
{
	memcpy(window->kernel, weight->size, sizeof(window->kernel));
	spread(window->stride, params->conv.stride, spatial, 1);
	spread(window->dilation, params->conv.dilation, spatial, 1);
	spread(window->pad_begin, params->conv.pad_begin, spatial, 0);
	spread(window->pad_end, params->conv.pad_end, spatial, 0);
}

void ref_window_of_pool(struct ref_window *window, const union edge_params *params,
			const struct ref_image *x, int spatial)
{
	if (!params->pool.kernel[0]) {
		*window = (struct ref_window) { .stride = { 1, 1, 1 }, .dilation = { 1, 1, 1 } };
		memcpy(window->kernel, x->size, sizeof(window->kernel));
		return;
	}
	spread(window->kernel, params->pool.kernel, spatial, 1);
	spread(window->stride, params->pool.stride, spatial, 1);
	spread(window->dilation, params->pool.dilation, spatial, 1);
	spread(window->pad_begin, params->pool.pad_begin, spatial, 0);
	spread(window->pad_end, params->pool.pad_end, spatial, 0);
}

static int64_t divide_up(int64_t a, int64_t b)
{
	return a <= 0 ? 0 : (a + b - 1) / b;
}

void ref_window_taps(const struct ref_window *window, const struct ref_image *x,
		     const int64_t *place, struct ref_taps *taps)
{
	taps->at = 0;
	for (int d = 0; d < EDGE_MAX_SPATIAL; d++) {
		int64_t origin = place[d] * window->stride[d] - window->pad_begin[d];
		int64_t end = divide_up(x->size[d] - origin, window->dilation[d]);

		taps->first[d] = divide_up(-origin, window->dilation[d]);
		taps->end[d] = end < window->kernel[d] ? end : window->kernel[d];
		taps->at += (origin + taps->first[d] * window->dilation[d]) * x->stride[d];
	}
}

void ref_image_walk(struct ref_walk *walk, const struct ref_image *y)
{
	const int64_t dims[] = { y->n, y->c, y->size[0], y->size[1], y->size[2] };
	const int64_t strides[] = { y->n_stride, y->c_stride, y->stride[0], y->stride[1],
				    y->stride[2] };

	ref_walk_init(walk, 5, dims);
	ref_walk_add_strides(walk, strides);
}
