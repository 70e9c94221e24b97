// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qresize.h"
#include "backend/cpu/kernels/simd.h"

#define TAPS 4

/* Product and sum are rounded one after the other. */
CPU_INLINE vi mix(const uint8_t *const *x, const vf *weight, int64_t c)
{
	vf sum = vf_zero();

	CPU_UNROLL
	for (int t = 0; t < TAPS; t++)
		sum = vf_add(sum, vf_mul(weight[t], vi_to_vf(vi_load_u8(x[t] + c))));
	return vf_to_vi(vf_min(vf_set1(UINT8_MAX), sum));
}

CPU_INLINE void mix_pixel(const uint8_t *const *x, const float *weights, uint8_t *y,
			  int64_t channels)
{
	uint8_t few[TAPS][VF_LANES] = { { 0 } }, last[VF_LANES];
	const uint8_t *from[TAPS];
	vf weight[TAPS];
	int64_t c = 0;

	CPU_UNROLL
	for (int t = 0; t < TAPS; t++)
		weight[t] = vf_set1(weights[t]);
	for (; c + VF_LANES <= channels; c += VF_LANES)
		vi_store_u8(y + c, mix(x, weight, c));
	if (c == channels)
		return;
	for (int t = 0; t < TAPS; t++) {
		memcpy(few[t], x[t] + c, channels - c);
		from[t] = few[t];
	}
	vi_store_u8(last, mix(from, weight, 0));
	memcpy(y + c, last, channels - c);
}

static void qresize_line(const struct cpu_qresize_line *line)
{
	for (int64_t p = 0; p < line->pixels; p++) {
		const uint8_t *x[TAPS];

		for (int t = 0; t < TAPS; t++)
			x[t] = line->x + line->index[p * TAPS + t];
		mix_pixel(x, line->weight + p * TAPS, line->y + p * line->y_step, line->channels);
	}
}

const struct cpu_qresize_kernels CPU_NAME(cpu_qresize) = {
	.line = qresize_line,
};
