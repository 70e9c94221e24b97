/* SPDX-License-Identifier: MIT */
/*
 * Convolution and pooling over one to three spatial dimensions, all seen as three: a missing one,
 * outermost, has one element and a window of one.
 */
#ifndef EDGE_REF_WINDOW_H
#define EDGE_REF_WINDOW_H

#include "ref/ops.h"

/* x[N, C, D, H, W] */
struct ref_image {
	enum edge_type type;
	int64_t n, c;
	int64_t n_stride, c_stride;
	int64_t size[EDGE_MAX_SPATIAL];
	int64_t stride[EDGE_MAX_SPATIAL];
	void *data;
};

struct ref_window {
	int64_t kernel[EDGE_MAX_SPATIAL];
	int64_t stride[EDGE_MAX_SPATIAL];
	int64_t dilation[EDGE_MAX_SPATIAL];
	int64_t pad_begin[EDGE_MAX_SPATIAL];
	int64_t pad_end[EDGE_MAX_SPATIAL];
};

/* The taps of a window that lie inside the image, and the place of the first. */
struct ref_taps {
	int64_t first[EDGE_MAX_SPATIAL], end[EDGE_MAX_SPATIAL]; /* of the kernel */
	int64_t at; /* element offset of tap @first in the plane */
};

void ref_image_init(struct ref_image *image, const struct edge_view *view);

/* @weight[., ., kernel...] gives the kernel's size. */
void ref_window_of_conv(struct ref_window *window, const union edge_params *params,
			const struct ref_image *weight, int spatial);

/* @x gives the kernel's size for a global pool. */
void ref_window_of_pool(struct ref_window *window, const union edge_params *params,
			const struct ref_image *x, int spatial);

/* For the output at @place. */
void ref_window_taps(const struct ref_window *window, const struct ref_image *x,
		     const int64_t *place, struct ref_taps *taps);

/* A walk over all outputs [N, C, D, H, W] of @y; its place is &walk->index[2], its operand @y. */
void ref_image_walk(struct ref_walk *walk, const struct ref_image *y);

#endif
