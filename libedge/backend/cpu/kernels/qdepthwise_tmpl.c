// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qdepthwise.h"
#include "backend/cpu/kernels/requantise.h"
#include "backend/cpu/kernels/simd.h"

/* How the bytes of a vector lie: in one piece, as two halves, or fewer than half of them. */
enum shape { PIECE, HALVES, FEW };

CPU_INLINE vb load(const enum shape shape, const struct cpu_qdepthwise_call *call, const uint8_t *p)
{
	uint8_t few[VB_LANES] = { 0 };

	if (shape == PIECE)
		return vb_load(p);
	if (shape == HALVES)
		return vb_load_halves(p, p + call->x_half);
	for (int64_t i = 0; i < call->channels; i++)
		few[i] = p[i];
	return vb_load(few);
}

CPU_INLINE void store(const enum shape shape, const struct cpu_qdepthwise_call *call, uint8_t *p,
		      vb a)
{
	uint8_t few[VB_LANES];

	if (shape == PIECE) {
		vb_store(p, a);
	} else if (shape == HALVES) {
		vb_store_halves(p, p + call->y_half, a);
	} else {
		vb_store(few, a);
		for (int64_t i = 0; i < call->channels; i++)
			p[i] = few[i];
	}
}

/* Adds the products of a pair of taps. */
CPU_INLINE void add_pair(vi *sum, vb a, vb b, const int32_t *w)
{
	const vb low = vb_zip16_low(a, b), high = vb_zip16_high(a, b);

	sum[0] = vi_dot2(sum[0], vb_widen16_low(low), vi_load(w));
	sum[1] = vi_dot2(sum[1], vb_widen16_high(low), vi_load(w + VF_LANES));
	sum[2] = vi_dot2(sum[2], vb_widen16_low(high), vi_load(w + 2 * VF_LANES));
	sum[3] = vi_dot2(sum[3], vb_widen16_high(high), vi_load(w + 3 * VF_LANES));
}

/* How sums become bytes. */
struct results {
	struct cpu_requantise to;
	vf least, most; /* whose bytes are the limits, or beyond */
	vs zero;
	vb low, high;
};

/* Within a few hundred of the limits bytes, 16-bit integers are exact and saturate as bytes do. */
CPU_INLINE struct results results_of(const struct cpu_requantise *to)
{
	return (struct results) {
		.to = *to,
		.least = vf_set1(-1024),
		.most = vf_set1(1024),
		.zero = vs_set1((int16_t)to->zero),
		.low = vb_set1((uint8_t)to->low),
		.high = vb_set1((uint8_t)to->high),
	};
}

CPU_INLINE vb requantise(const struct results *results, const bool fixed, const vi *sum,
			 const int32_t *scales)
{
	vi q[4];
	vb bytes;

	if (fixed) {
		CPU_UNROLL
		for (int v = 0; v < 4; v++)
			q[v] = requantise_fixed(&results->to, sum[v],
						vi_load(scales + v * VF_LANES),
						vi_load(scales + (4 + v) * VF_LANES));
		return vi_pack16(q[0], q[1], q[2], q[3], vs_set1(0));
	}
	CPU_UNROLL
	for (int v = 0; v < 4; v++) {
		const vf scale = vi_as_vf(vi_load(scales + v * VF_LANES));
		const vf real = vf_mul(vi_to_vf(sum[v]), scale);

		q[v] = vf_to_vi(vf_min(results->most, vf_max(results->least, real)));
	}
	bytes = vi_pack16(q[0], q[1], q[2], q[3], results->zero);
	return vb_min(results->high, vb_max(results->low, bytes));
}

/* The sums of the pixel whose taps are @x further on. */
CPU_INLINE void add_taps(const enum shape shape, const int64_t pairs, const bool unroll,
			 const struct cpu_qdepthwise_call *call, int64_t x, vi *sum)
{
	const int32_t *w = call->weights + VB_LANES;
	const uint8_t *const *a = call->a;

	CPU_UNROLL
	for (int v = 0; v < 4; v++)
		sum[v] = vi_load(call->weights + v * VF_LANES);
	if (!unroll) {
		for (int64_t p = 0; p < pairs; p++)
			add_pair(sum, load(shape, call, a[2 * p] + x),
				 load(shape, call, a[2 * p + 1] + x), w + p * VB_LANES);
		return;
	}
	CPU_UNROLL
	for (int64_t p = 0; p < pairs; p++)
		add_pair(sum, load(shape, call, a[2 * p] + x), load(shape, call, a[2 * p + 1] + x),
			 w + p * VB_LANES);
}

CPU_INLINE void run_pixels(const enum shape shape, const int64_t pairs, const bool unroll,
			   const bool fixed, const struct cpu_qdepthwise_call *call)
{
	const struct results results = results_of(&call->to);
	const int32_t *scales = call->weights + (1 + pairs) * VB_LANES;
	uint8_t *y = call->y;

	for (int64_t i = 0; i < call->pixels; i++, y += call->y_step) {
		vi sum[4];

		add_taps(shape, pairs, unroll, call, i * call->x_step, sum);
		store(shape, call, y, requantise(&results, fixed, sum, scales));
	}
}

/* 3x3, which is the most common, and 5x5. */
CPU_INLINE void run_shape(const enum shape shape, const struct cpu_qdepthwise_call *call)
{
	if (call->to.fixed)
		run_pixels(shape, call->pairs, false, true, call);
	else if (call->pairs == 5)
		run_pixels(shape, 5, true, false, call);
	else if (call->pairs == 13)
		run_pixels(shape, 13, true, false, call);
	else
		run_pixels(shape, call->pairs, false, false, call);
}

static void qdepthwise_run(const struct cpu_qdepthwise_call *call)
{
	if (call->channels)
		run_pixels(FEW, call->pairs, false, call->to.fixed, call);
	else if (call->x_half == VB_LANES / 2 && call->y_half == VB_LANES / 2)
		run_shape(PIECE, call);
	else
		run_shape(HALVES, call);
}

const struct cpu_qdepthwise_kernels CPU_NAME(cpu_qdepthwise) = {
	.lanes = VB_LANES,
	.run = qdepthwise_run,
};
