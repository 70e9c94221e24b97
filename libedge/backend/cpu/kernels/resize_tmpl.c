// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/resize.h"
#include "backend/cpu/kernels/simd.h"

CPU_INLINE void resize(const struct cpu_resize_line *line, const int taps)
{
	for (int64_t p = 0; p < line->pixels; p++) {
		float *y = line->y + p * line->y_step;
		const float *x[4];
		vf weight[4];

		CPU_UNROLL
		for (int t = 0; t < taps; t++) {
			x[t] = line->x + line->index[p * taps + t];
			weight[t] = taps > 1 ? vf_set1(line->weight[p * taps + t]) : vf_zero();
		}
		for (int64_t c = 0; c < line->channels; c += VF_LANES) {
			const int64_t n = line->channels - c;
			vf sum = vf_load_upto(x[0] + c, n);

			if (taps > 1)
				sum = vf_mul(sum, weight[0]);
			CPU_UNROLL
			for (int t = 1; t < taps; t++)
				sum = vf_fma(vf_load_upto(x[t] + c, n), weight[t], sum);
			vf_store_upto(y + c, sum, n);
		}
	}
}

static void resize_line(const struct cpu_resize_line *line)
{
	if (line->taps == 1)
		resize(line, 1);
	else if (line->taps == 2)
		resize(line, 2);
	else
		resize(line, 4);
}

const struct cpu_resize_kernels CPU_NAME(cpu_resize) = {
	.line = resize_line,
};
