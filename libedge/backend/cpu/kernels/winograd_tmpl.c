// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/simd.h"
#include "backend/cpu/kernels/winograd.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT

/* One dimension of the input's transform, for the points 0, 1, -1, 2, -2 and infinity. */
CPU_INLINE void transform_in(vf *v, const vf *d)
{
	const vf two = vf_set1(2), four = vf_set1(4), five = vf_set1(5);
	vf even = vf_fnma(four, d[2], d[4]);
	vf odd = vf_fnma(four, d[1], d[3]);
	vf even2 = vf_sub(d[4], d[2]);
	vf odd2 = vf_sub(d[3], d[1]);

	v[0] = vf_fma(four, d[0], vf_fnma(five, d[2], d[4]));
	v[1] = vf_add(even, odd);
	v[2] = vf_sub(even, odd);
	v[3] = vf_fma(two, odd2, even2);
	v[4] = vf_fnma(two, odd2, even2);
	v[5] = vf_fma(four, d[1], vf_fnma(five, d[3], d[5]));
}

CPU_INLINE void transform_out(vf *y, const vf *m)
{
	vf sum = vf_add(m[1], m[2]), difference = vf_sub(m[1], m[2]);
	vf sum2 = vf_add(m[3], m[4]), difference2 = vf_sub(m[3], m[4]);

	y[0] = vf_add(vf_add(m[0], sum), sum2);
	y[1] = vf_fma(vf_set1(2), difference2, difference);
	y[2] = vf_fma(vf_set1(4), sum2, sum);
	y[3] = vf_add(vf_fma(vf_set1(8), difference2, difference), m[5]);
}

CPU_INLINE void input_vector(const struct cpu_winograd_input *input, int64_t c, int64_t n)
{
	vf half[IN][IN]; /* [column][row], transformed along the column */
	float *v = input->v + c;

	CPU_UNROLL
	for (int j = 0; j < IN; j++) {
		vf d[IN];

		CPU_UNROLL
		for (int i = 0; i < IN; i++)
			d[i] = vf_load_upto(input->x[i * IN + j] + c, n);
		transform_in(half[j], d);
	}
	CPU_UNROLL
	for (int i = 0; i < IN; i++) {
		vf d[IN], row[IN];

		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			d[j] = half[j][i];
		transform_in(row, d);
		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			vf_store_upto(v + (i * IN + j) * input->plane, row[j], n);
	}
}

static void winograd_input(const struct cpu_winograd_input *input)
{
	int64_t c = 0;

	for (; c + VF_LANES <= input->channels; c += VF_LANES)
		input_vector(input, c, VF_LANES);
	if (c < input->channels)
		input_vector(input, c, input->channels - c);
}

CPU_INLINE void output_vector(const struct cpu_winograd_output *output, int64_t c, int64_t n)
{
	const vf low = vf_set1(output->low), high = vf_set1(output->high);
	const float *m = output->m + c;
	vf half[IN][OUT]; /* [column][row] */

	CPU_UNROLL
	for (int j = 0; j < IN; j++) {
		vf d[IN];

		CPU_UNROLL
		for (int i = 0; i < IN; i++)
			d[i] = vf_load_upto(m + (i * IN + j) * output->plane, n);
		transform_out(half[j], d);
	}
	CPU_UNROLL
	for (int i = 0; i < OUT; i++) {
		vf d[IN], row[OUT];

		CPU_UNROLL
		for (int j = 0; j < IN; j++)
			d[j] = half[j][i];
		transform_out(row, d);
		CPU_UNROLL
		for (int j = 0; j < OUT; j++)
			vf_store_upto(output->y[i * OUT + j] + output->offset + c,
				      vf_min(high, vf_max(low, row[j])), n);
	}
}

static void winograd_output(const struct cpu_winograd_output *output)
{
	int64_t c = 0;

	for (; c + VF_LANES <= output->channels; c += VF_LANES)
		output_vector(output, c, VF_LANES);
	if (c < output->channels)
		output_vector(output, c, output->channels - c);
}

const struct cpu_winograd_kernels CPU_NAME(cpu_winograd) = {
	.input = winograd_input,
	.output = winograd_output,
};
