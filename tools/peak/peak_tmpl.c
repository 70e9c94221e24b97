// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/simd.h"
#include "peak/peak_isa.h"

#define CHAINS 12
#define REPEATS 10000

static volatile float sink;

static void run(void)
{
	vf sum[CHAINS];
	vf a = vf_set1(0.999f + sink);
	vf b = vf_set1(0.001f);

	CPU_UNROLL
	for (int c = 0; c < CHAINS; c++)
		sum[c] = vf_set1((float)c);
	for (int i = 0; i < REPEATS; i++) {
		CPU_UNROLL
		for (int c = 0; c < CHAINS; c++)
			sum[c] = vf_fma(sum[c], a, b);
	}
	CPU_UNROLL
	for (int c = 1; c < CHAINS; c++)
		sum[0] = vf_add(sum[0], sum[c]);
	sink = vf_sum(sum[0]) * 0;
}

const struct peak CPU_NAME(peak) = {
	.flops = 2.0 * VF_LANES * CHAINS * REPEATS,
	.run = run,
};
