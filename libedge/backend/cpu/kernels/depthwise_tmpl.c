// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/depthwise.h"
#include "backend/cpu/kernels/simd.h"

#define TILE CPU_DEPTHWISE_TILE

CPU_INLINE vf clamp(const struct cpu_depthwise_call *call, vf a)
{
	return vf_min(vf_set1(call->high), vf_max(vf_set1(call->low), a));
}

/* Adds a row of the window, whose input pixels are @x[column], to the tile's sums. */
CPU_INLINE void add_row(const int kernel, const int stride, vf *sum, const vf *x, const float *w)
{
	CPU_UNROLL
	for (int j = 0; j < kernel; j++) {
		vf weight = vf_load(w + j * VF_LANES);

		CPU_UNROLL
		for (int i = 0; i < TILE; i++)
			sum[i] = vf_fma(x[i * stride + j], weight, sum[i]);
	}
}

/* The tile's sums in one vector of @n channels, from @x on. */
CPU_INLINE void row_sums(const int kernel, const int stride, vf *sum, const float *x,
			 const struct cpu_depthwise_call *call, const float *w, int64_t n)
{
	const int columns = (TILE - 1) * stride + kernel;

	CPU_UNROLL
	for (int i = 0; i < TILE; i++)
		sum[i] = vf_load(w);
	w += VF_LANES;
	CPU_UNROLL
	for (int r = 0; r < kernel; r++) {
		vf column[3 * 2 + 5];

		CPU_UNROLL
		for (int j = 0; j < columns; j++)
			column[j] = vf_load_upto(x + j * call->x_pixel, n);
		add_row(kernel, stride, sum, column, w);
		x += call->x_row;
		w += kernel * VF_LANES;
	}
}

CPU_INLINE void row(const int kernel, const int stride, const struct cpu_depthwise_call *call)
{
	const int64_t step = (1 + kernel * kernel) * VF_LANES;
	const float *x = call->x;
	float *y = call->y;

	for (int64_t tile = 0; tile < call->tiles; tile++) {
		const float *w = call->weights;
		int64_t c = 0;
		vf sum[TILE];

		for (; c + VF_LANES <= call->channels; c += VF_LANES, w += step) {
			row_sums(kernel, stride, sum, x + c, call, w, VF_LANES);
			CPU_UNROLL
			for (int i = 0; i < TILE; i++)
				vf_store(y + i * call->y_pixel + c, clamp(call, sum[i]));
		}
		if (c < call->channels) {
			row_sums(kernel, stride, sum, x + c, call, w, call->channels - c);
			CPU_UNROLL
			for (int i = 0; i < TILE; i++)
				vf_store_part(y + i * call->y_pixel + c, clamp(call, sum[i]),
					      call->channels - c);
		}
		x += TILE * stride * call->x_pixel;
		y += TILE * call->y_pixel;
	}
}

CPU_INLINE void border(const int kernel, const int stride, const struct cpu_depthwise_call *call)
{
	const int columns = (TILE - 1) * stride + kernel;
	const float *w = call->weights;

	for (int64_t c = 0; c < call->channels; c += VF_LANES) {
		const int64_t n = call->channels - c;
		const float *const *a = call->a;
		vf sum[TILE];

		CPU_UNROLL
		for (int i = 0; i < TILE; i++)
			sum[i] = vf_load(w);
		w += VF_LANES;
		for (int r = 0; r < kernel; r++) {
			vf column[3 * 2 + 5];

			CPU_UNROLL
			for (int j = 0; j < columns; j++)
				column[j] = vf_load_upto(a[j] + c, n);
			add_row(kernel, stride, sum, column, w);
			a += columns;
			w += kernel * VF_LANES;
		}
		CPU_UNROLL
		for (int i = 0; i < TILE; i++)
			vf_store_upto(call->c[i] + c, clamp(call, sum[i]), n);
	}
}

static void depthwise_pixel(const struct cpu_depthwise_call *call)
{
	const float *w = call->weights;

	for (int64_t c = 0; c < call->channels; c += VF_LANES) {
		const int64_t n = call->channels - c;
		vf sum = vf_load(w);

		w += VF_LANES;
		for (int64_t t = 0; t < call->taps; t++) {
			sum = vf_fma(vf_load_upto(call->a[t] + c, n), vf_load(w), sum);
			w += VF_LANES;
		}
		vf_store_upto(call->c[0] + c, clamp(call, sum), n);
	}
}

#define DEFINE(kernel, stride) \
	static void depthwise_row_##kernel##s##stride(const struct cpu_depthwise_call *call) \
	{ \
		row(kernel, stride, call); \
	} \
	static void depthwise_border_##kernel##s##stride(const struct cpu_depthwise_call *call) \
	{ \
		border(kernel, stride, call); \
	}

DEFINE(3, 1)
DEFINE(3, 2)
DEFINE(5, 1)
DEFINE(5, 2)

const struct cpu_depthwise_kernels CPU_NAME(cpu_depthwise) = {
	.lanes = VF_LANES,
	.row = { { depthwise_row_3s1, depthwise_row_3s2 },
		 { depthwise_row_5s1, depthwise_row_5s2 } },
	.border = { { depthwise_border_3s1, depthwise_border_3s2 },
		    { depthwise_border_5s1, depthwise_border_5s2 } },
	.pixel = depthwise_pixel,
};
