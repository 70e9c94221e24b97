// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qwinograd.h"
#include "backend/cpu/kernels/requantise.h"
#include "backend/cpu/kernels/simd.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define LANES (2 * VF_LANES) /* 16-bit integers of a vector */

/* One dimension of the input's transform: the matrix of winograd_tmpl.c. */
CPU_INLINE void transform_in(vs *v, const vs *d)
{
	vs even = vs_sub(d[4], vs_shift_left(d[2], 2));
	vs odd = vs_sub(d[3], vs_shift_left(d[1], 2));
	vs even2 = vs_sub(d[4], d[2]);
	vs odd2 = vs_shift_left(vs_sub(d[3], d[1]), 1);

	v[0] = vs_add(even2, vs_shift_left(vs_sub(d[0], d[2]), 2));
	v[1] = vs_add(even, odd);
	v[2] = vs_sub(even, odd);
	v[3] = vs_add(even2, odd2);
	v[4] = vs_sub(even2, odd2);
	v[5] = vs_add(vs_sub(d[5], d[3]), vs_shift_left(vs_sub(d[1], d[3]), 2));
}

/* 24 times one dimension of the sums' transform, the kernel's scales taken off. */
CPU_INLINE void transform_out(vi *y, const vi *m)
{
	vi sum = vi_add(m[1], m[2]), difference = vi_sub(m[1], m[2]);
	vi sum2 = vi_add(m[3], m[4]), difference2 = vi_sub(m[3], m[4]);
	vi last = vi_add(m[5], vi_shift_left(m[5], 1));
	vi first = vi_add(m[0], m[0]);

	y[0] = vi_add(vi_add(sum2, first), vi_shift_left(vi_add(sum, m[0]), 2));
	y[1] = vi_add(vi_shift_left(difference, 2), vi_shift_left(difference2, 1));
	y[2] = vi_shift_left(vi_add(sum, sum2), 2);
	y[3] = vi_add(vi_shift_left(difference, 2), vi_shift_left(vi_add(difference2, last), 3));
}

CPU_INLINE vs load(const uint8_t *p, int64_t n, vs zero)
{
	uint8_t few[LANES] = { 0 };

	if (n >= LANES)
		return vs_sub(vs_load_u8(p), zero);
	for (int64_t i = 0; i < n; i++)
		few[i] = p[i];
	return vs_sub(vs_load_u8(few), zero);
}

CPU_INLINE void input_vector(const struct cpu_qwinograd_input *input, int64_t c, int64_t n)
{
	const vs zero = vs_set1(input->zero);
	vs half[IN][IN]; /* [column][row], transformed along the column */
	int16_t *v = input->v + c;

	CPU_UNROLL
	for (int j = 0; j < IN; j++) {
		vs d[IN];

		CPU_UNROLL
		for (int i = 0; i < IN; i++)
			d[i] = load(input->x[i * IN + j] + c, n, zero);
		transform_in(half[j], d);
	}
	CPU_UNROLL
	for (int i = 0; i < IN; i++) {
		vs d[IN], row[IN];

		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			d[j] = half[j][i];
		transform_in(row, d);
		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			vs_store(v + (i * IN + j) * input->plane, row[j]);
	}
}

static void qwinograd_input(const struct cpu_qwinograd_input *input)
{
	int64_t c = 0;

	for (; c + LANES <= input->channels; c += LANES)
		input_vector(input, c, LANES);
	if (c < input->channels)
		input_vector(input, c, input->channels - c);
}

/* What one vector of channels shares. */
struct scales {
	vi bias, multiplier, shift;
};

/* From 576 times the result to a byte. */
CPU_INLINE vi finish(const struct cpu_requantise *to, const struct scales *scales, vi sum)
{
	const vi ninth = vi_set1(954437177); /* times 9 is 1 modulo 2^32 */

	sum = vi_add(scales->bias, vi_shift_right(vi_mul(sum, ninth), 6));
	return to->fixed ? requantise_fixed(to, sum, scales->multiplier, scales->shift)
			 : requantise_float(to, sum, scales->multiplier);
}

CPU_INLINE void output_vector(const struct cpu_qwinograd_output *output, int64_t c, int64_t n)
{
	const struct scales scales = {
		.bias = vi_load(output->scales + c),
		.multiplier = vi_load(output->scales + output->scales_pitch + c),
		.shift = vi_load(output->scales + 2 * output->scales_pitch + c),
	};
	/* Copied, since for all the compiler knows bytes are stored into it. */
	const struct cpu_requantise to = output->to;
	const int32_t *m = output->m + c;
	vi half[IN][OUT]; /* [column][row] */

	CPU_UNROLL
	for (int j = 0; j < IN; j++) {
		vi d[IN];

		CPU_UNROLL
		for (int i = 0; i < IN; i++)
			d[i] = vi_load(m + (i * IN + j) * output->plane);
		transform_out(half[j], d);
	}
	for (int i = 0; i < OUT; i++) {
		vi d[IN], row[OUT];

		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			d[j] = half[j][i];
		transform_out(row, d);
		for (int j = 0; j < OUT; j++) {
			uint8_t *y = output->y[i * OUT + j] + output->offset + c;
			vi q = finish(&to, &scales, row[j]);

			if (n >= VF_LANES)
				vi_store_u8(y, q);
			else
				vi_store_u8_part(y, q, n);
		}
	}
}

static void qwinograd_output(const struct cpu_qwinograd_output *output)
{
	int64_t c = 0;

	for (; c + VF_LANES <= output->channels; c += VF_LANES)
		output_vector(output, c, VF_LANES);
	if (c < output->channels)
		output_vector(output, c, output->channels - c);
}

const struct cpu_qwinograd_kernels CPU_NAME(cpu_qwinograd) = {
	.input = qwinograd_input,
	.output = qwinograd_output,
};
