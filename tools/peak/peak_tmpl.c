// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/simd.h"
#include "peak/peak_isa.h"

#define CHAINS 12
#define REPEATS 10000

#ifdef CPU_HAS_DOT4
#define GROUP 4
#define dot vi_dot4
#elif defined(CPU_HAS_SHUFFLE_BYTES)
#define GROUP 4
#define dot vi_dot_pairs
#else
#define GROUP 2
#define dot vi_dot2
#endif

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

static volatile int32_t byte_sink;

static void run_bytes(void)
{
	int32_t lanes[VF_LANES];
	vi sum[CHAINS];
	vi b = vi_set1(byte_sink + 1);

	CPU_UNROLL
	for (int c = 0; c < CHAINS; c++)
		sum[c] = vi_set1(c);
	for (int i = 0; i < REPEATS; i++) {
		CPU_UNROLL
		for (int c = 0; c < CHAINS; c++)
			sum[c] = dot(sum[c], sum[c], b);
	}
	CPU_UNROLL
	for (int c = 1; c < CHAINS; c++)
		sum[0] = vi_add(sum[0], sum[c]);
	vi_store(lanes, sum[0]);
	byte_sink = lanes[0] & 1;
}

static void run_bf16(void)
{
	vf sum[CHAINS];
	vi a = vf_as_vi(vf_set1(0.999f + sink));
	vi b = vf_as_vi(vf_set1(0.001f));

	CPU_UNROLL
	for (int c = 0; c < CHAINS; c++)
		sum[c] = vf_set1((float)c);
	for (int i = 0; i < REPEATS; i++) {
		CPU_UNROLL
		for (int c = 0; c < CHAINS; c++)
			sum[c] = vf_dot2_bf16(sum[c], a, b);
	}
	CPU_UNROLL
	for (int c = 1; c < CHAINS; c++)
		sum[0] = vf_add(sum[0], sum[c]);
	sink = vf_sum(sum[0]) * 0;
}

const struct peak CPU_NAME(peak) = {
	.flops = 2.0 * VF_LANES * CHAINS * REPEATS,
	.run = run,
	.byte_operations = 2.0 * VF_LANES * GROUP * CHAINS * REPEATS,
	.run_bytes = run_bytes,
	.bf16_operations = 2.0 * VF_LANES * 2 * CHAINS * REPEATS,
	.run_bf16 = run_bf16,
};
