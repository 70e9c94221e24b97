/* SPDX-License-Identifier: MIT */
/* Which input pixels the rows of a convolution's matrix, its output pixels, see. */
#ifndef EDGE_BACKEND_CPU_OPS_CONV_WINDOW_H
#define EDGE_BACKEND_CPU_OPS_CONV_WINDOW_H

#include "backend/cpu/ops/conv_shape.h"
#include "backend/cpu/ops/gemm.h"

/**
 * struct conv_window - windows of any elements
 * @merged: a tap is a whole row of the window, whose pixels lie next to each other: fewer and
 *	longer inner loops, most of all for images of three channels
 * @taps, @depth: of the matrix
 * @in_size, @out_size: bytes of an element
 * @inner_begin, @inner_end: output columns whose windows do not stick out to the left or right
 * @outside: a tap outside the image, @depth elements, the caller's
 */
struct conv_window {
	struct conv_shape shape;
	bool merged;
	int64_t taps, depth;
	int64_t in_size, out_size;
	int64_t inner_begin, inner_end;
	const void *outside;
};

/* Fills all but @outside. */
void conv_window_init(struct conv_window *window, const struct conv_shape *shape, int64_t in_size,
		      int64_t out_size);

/* The matrices of a convolution, one for each group. */
struct gemm conv_window_gemm(const struct conv_window *window,
			     void (*locate)(const struct cpu_step *step, struct gemm_tile *tile));

/**
 * conv_window_locate() - fills taps, a, a_pitch, c, c_pitch and residual of @tile
 * @x, @y, @residual: the first pixel of all groups; NULL for no residual
 */
void conv_window_locate(const struct conv_window *window, struct gemm_tile *tile, const void *x,
			void *y, const void *residual);

#endif
