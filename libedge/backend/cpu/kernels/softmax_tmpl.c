// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/softmax.h"
#include "backend/cpu/kernels/vector_math.h"

/* Lanes beyond the row count for nothing in a maximum, and in a sum as long as exp() sees them as
 * what is far below it. */
CPU_INLINE vf load_or(const float *p, int64_t n, vf beyond)
{
	static const float numbers[16] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

	if (n >= VF_LANES)
		return vf_load(p);
	return vf_select(vf_less(vf_load(numbers), vf_set1((float)n)), vf_load_part(p, n), beyond);
}

static void along_row(float *y, const float *x, int64_t num)
{
	const vf lowest = vf_set1(-INFINITY);
	vf most = lowest, sum = vf_zero();

	for (int64_t i = 0; i < num; i += VF_LANES)
		most = vf_max(most, load_or(x + i, num - i, lowest));
	most = vf_set1(vf_highest(most));
	for (int64_t i = 0; i < num; i += VF_LANES) {
		vf e = vf_exp(vf_sub(load_or(x + i, num - i, lowest), most));

		vf_store_upto(y + i, e, num - i);
		sum = vf_add(sum, e);
	}
	sum = vf_set1(1 / vf_sum(sum));
	for (int64_t i = 0; i < num; i += VF_LANES)
		vf_store_upto(y + i, vf_mul(vf_load_upto(y + i, num - i), sum), num - i);
}

static void softmax_along(const struct cpu_softmax *softmax)
{
	for (int64_t r = 0; r < softmax->num_rows; r++)
		along_row(softmax->y + r * softmax->y_pitch, softmax->x + r * softmax->x_pitch,
			  softmax->num);
}

static void across_column(float *y, int64_t y_pitch, const float *x, int64_t x_pitch, int64_t rows,
			  int64_t n)
{
	vf most = vf_load_upto(x, n), sum = vf_zero();

	for (int64_t r = 1; r < rows; r++)
		most = vf_max(most, vf_load_upto(x + r * x_pitch, n));
	for (int64_t r = 0; r < rows; r++) {
		vf e = vf_exp(vf_sub(vf_load_upto(x + r * x_pitch, n), most));

		vf_store_upto(y + r * y_pitch, e, n);
		sum = vf_add(sum, e);
	}
	sum = vf_div(vf_set1(1.0f), sum);
	for (int64_t r = 0; r < rows; r++)
		vf_store_upto(y + r * y_pitch, vf_mul(vf_load_upto(y + r * y_pitch, n), sum), n);
}

static void softmax_across(const struct cpu_softmax *softmax)
{
	for (int64_t i = 0; i < softmax->num; i += VF_LANES)
		across_column(softmax->y + i, softmax->y_pitch, softmax->x + i, softmax->x_pitch,
			      softmax->num_rows, softmax->num - i);
}

const struct cpu_softmax_kernels CPU_NAME(cpu_softmax) = {
	.along = softmax_along,
	.across = softmax_across,
};
