// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/pool.h"
#include "backend/cpu/kernels/simd.h"

/* Vectors that go through the taps together: one alone would wait for itself. */
#define VECTORS 4

CPU_INLINE vf combine(const bool max, vf all, vf x)
{
	return max ? vf_max(x, all) : vf_add(all, x);
}

/* @vectors full ones, or one that is not, of which @n lanes count. */
CPU_INLINE void combine_taps(const bool max, const int vectors, const struct cpu_pool_line *line,
			     const float *x, float *y, int64_t n)
{
	const vf scale = vf_set1(line->scale);
	vf all[VECTORS];

	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		all[v] = vf_load_upto(x + v * VF_LANES, n);
	for (int64_t t = 1; t < line->taps; t++) {
		x += line->tap_step;
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			all[v] = combine(max, all[v], vf_load_upto(x + v * VF_LANES, n));
	}
	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		vf_store_upto(y + v * VF_LANES, max ? all[v] : vf_mul(all[v], scale), n);
}

CPU_INLINE void combine_pixels(const bool max, const struct cpu_pool_line *line)
{
	for (int64_t p = 0; p < line->pixels; p++) {
		const float *x = line->x + p * line->x_step;
		float *y = line->y + p * line->y_step;
		int64_t c = 0;

		for (; c + VECTORS * VF_LANES <= line->channels; c += VECTORS * VF_LANES)
			combine_taps(max, VECTORS, line, x + c, y + c, VF_LANES);
		for (; c + VF_LANES <= line->channels; c += VF_LANES)
			combine_taps(max, 1, line, x + c, y + c, VF_LANES);
		if (c < line->channels)
			combine_taps(max, 1, line, x + c, y + c, line->channels - c);
	}
}

static void pool_max(const struct cpu_pool_line *line)
{
	combine_pixels(true, line);
}

static void pool_sum(const struct cpu_pool_line *line)
{
	combine_pixels(false, line);
}

const struct cpu_pool_kernels CPU_NAME(cpu_pool) = {
	.max = pool_max,
	.sum = pool_sum,
};
