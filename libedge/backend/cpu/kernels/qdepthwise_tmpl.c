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

/* The sums of bytes by both parts of weights. */
struct parts {
	vs coarse[2], fine[2];
};

CPU_INLINE struct parts pair_parts(vb a, vb b, const int32_t *words)
{
	const uint8_t *w = (const uint8_t *)words;
	const vb low = vb_zip16_low(a, b), high = vb_zip16_high(a, b);

	return (struct parts) {
		{ vb_dot2(low, vb_load(w)), vb_dot2(high, vb_load(w + VB_LANES)) },
		{ vb_dot2(low, vb_load(w + 2 * VB_LANES)),
		  vb_dot2(high, vb_load(w + 3 * VB_LANES)) },
	};
}

CPU_INLINE void add_pair_parts(struct parts *sum, vb a, vb b, const int32_t *words)
{
	const uint8_t *w = (const uint8_t *)words;
	const vb low = vb_zip16_low(a, b), high = vb_zip16_high(a, b);

	sum->coarse[0] = vb_dot2_add(sum->coarse[0], low, vb_load(w));
	sum->fine[0] = vb_dot2_add(sum->fine[0], low, vb_load(w + 2 * VB_LANES));
	sum->coarse[1] = vb_dot2_add(sum->coarse[1], high, vb_load(w + VB_LANES));
	sum->fine[1] = vb_dot2_add(sum->fine[1], high, vb_load(w + 3 * VB_LANES));
}

/* What @parts stand for, and biases. */
CPU_INLINE void sum_parts(vi *sum, const struct parts *parts, const int32_t *biases)
{
	const vi weights = vi_set1(1 << 16 | CPU_QDEPTHWISE_COARSE);

	CPU_UNROLL
	for (int h = 0; h < 2; h++) {
		const vi low = vs_zip8_low(parts->coarse[h], parts->fine[h]);
		const vi high = vs_zip8_high(parts->coarse[h], parts->fine[h]);

		sum[2 * h] = vi_add(vi_product2(low, weights), vi_load(biases + 2 * h * VF_LANES));
		sum[2 * h + 1] = vi_add(vi_product2(high, weights),
					vi_load(biases + (2 * h + 1) * VF_LANES));
	}
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

CPU_INLINE vb requantise(const struct results *results, const bool fixed, const bool split,
			 const vi *sum, const int32_t *scales)
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
		vf real = vf_mul(vi_to_vf(sum[v]), scale);

		if (!split)
			real = vf_min(results->most, vf_max(results->least, real));
		q[v] = vf_to_vi(real);
	}
	bytes = vi_pack16(q[0], q[1], q[2], q[3], results->zero);
	return vb_min(results->high, vb_max(results->low, bytes));
}

/* How a loop is compiled: @taps is a number where they are unrolled. */
struct way {
	enum shape shape;
	bool unroll, fixed, split;
	int64_t taps;
};

/* A pair of taps of the pixel whose taps are @x further on. */
CPU_INLINE void add_taps(const struct way way, const struct cpu_qdepthwise_call *call,
			 const uint8_t *const *a, int64_t x, int64_t pair, const int32_t *w,
			 vi *sum, struct parts *parts)
{
	vb first = load(way.shape, call, a[2 * pair] + x), second;

	vb_settle(&first);
	second = 2 * pair + 1 < way.taps ? load(way.shape, call, a[2 * pair + 1] + x) : first;
	vb_settle(&second);
	w += pair * VB_LANES;
	if (!way.split)
		add_pair(sum, first, second, w);
	else if (pair)
		add_pair_parts(parts, first, second, w);
	else
		*parts = pair_parts(first, second, w);
}

/* The sums of that pixel. */
CPU_INLINE void sum_taps(const struct way way, const struct cpu_qdepthwise_call *call,
			 const uint8_t *const *a, int64_t x, const int32_t *biases, vi *sum)
{
	const int32_t *w = biases + VB_LANES;
	const int64_t pairs = (way.taps + 1) / 2;
	struct parts parts;

	if (!way.split) {
		CPU_UNROLL
		for (int v = 0; v < 4; v++)
			sum[v] = vi_load(biases + v * VF_LANES);
	}
	add_taps(way, call, a, x, 0, w, sum, &parts);
	if (way.unroll) {
		CPU_UNROLL
		for (int64_t p = 1; p < pairs; p++)
			add_taps(way, call, a, x, p, w, sum, &parts);
	} else {
		for (int64_t p = 1; p < pairs; p++)
			add_taps(way, call, a, x, p, w, sum, &parts);
	}
	if (way.split)
		sum_parts(sum, &parts, biases);
}

/* As many pointers as a loop keeps in registers, or near. */
#define MOST_UNROLLED 25

/* For all the compiler knows results are stored into what @call and the pointers are, which it would
 * read again for each pixel. */
CPU_INLINE void run_pixels(const struct way way, const struct cpu_qdepthwise_call *call)
{
	const struct cpu_qdepthwise_call local = *call;
	const struct results results = results_of(&local.to);
	const int64_t size = (way.taps + 1) / 2 * VB_LANES;
	const int32_t *weights = local.weights;
	const uint8_t *a[MOST_UNROLLED];

	if (way.unroll) {
		CPU_UNROLL
		for (int64_t t = 0; t < way.taps; t++)
			a[t] = local.a[t];
	}
	for (int64_t at = 0; at < local.vectors * VB_LANES; at += VB_LANES) {
		const int32_t *scales = weights + VB_LANES + size;
		uint8_t *y = local.y + at, *end = y + local.pixels * local.y_step;

		for (int64_t x = local.offset + at; y != end;
		     x += local.x_step, y += local.y_step) {
			vi sum[4];

			sum_taps(way, &local, way.unroll ? a : local.a, x, weights, sum);
			store(way.shape, &local, y,
			      requantise(&results, way.fixed, way.split, sum, scales));
		}
		weights = scales + 2 * VB_LANES;
	}
}

/* 3x3, which is the most common, and 5x5. */
CPU_INLINE void run_shape(const enum shape shape, const bool split,
			  const struct cpu_qdepthwise_call *call)
{
	if (call->to.fixed)
		run_pixels((struct way) { shape, false, true, split, call->taps }, call);
	else if (call->taps == 9)
		run_pixels((struct way) { shape, true, false, split, 9 }, call);
	else if (call->taps == 25)
		run_pixels((struct way) { shape, true, false, split, 25 }, call);
	else
		run_pixels((struct way) { shape, false, false, split, call->taps }, call);
}

CPU_INLINE void run_any(const bool split, const struct cpu_qdepthwise_call *call)
{
	if (call->channels)
		run_pixels((struct way) { FEW, false, call->to.fixed, split, call->taps }, call);
	else if (call->x_half == VB_LANES / 2 && call->y_half == VB_LANES / 2)
		run_shape(PIECE, split, call);
	else
		run_shape(HALVES, split, call);
}

static void qdepthwise_run(const struct cpu_qdepthwise_call *call)
{
	if (call->split)
		run_any(true, call);
	else
		run_any(false, call);
}

const struct cpu_qdepthwise_kernels CPU_NAME(cpu_qdepthwise) = {
	.lanes = VB_LANES,
	.run = qdepthwise_run,
};
