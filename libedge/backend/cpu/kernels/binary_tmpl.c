// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/binary.h"
#include "backend/cpu/kernels/simd.h"

/* Element @i and following, up to @n, of a row whose elements are @step apart. */
CPU_INLINE vf load(const float *row, int64_t step, int64_t i, int64_t n)
{
	float lanes[VF_LANES] = { 0 };

	if (step == 1)
		return vf_load_upto(row + i, n);
	if (!step)
		return vf_set1(*row);
	for (int64_t lane = 0; lane < VF_LANES && lane < n; lane++)
		lanes[lane] = row[(i + lane) * step];
	return vf_load(lanes);
}

CPU_INLINE vf compute(const enum cpu_binary_func func, vf a, vf b)
{
	switch (func) {
	case CPU_BINARY_ADD:
		return vf_add(a, b);
	case CPU_BINARY_SUB:
		return vf_sub(a, b);
	case CPU_BINARY_MUL:
		return vf_mul(a, b);
	case CPU_BINARY_DIV:
		return vf_div(a, b);
	case CPU_BINARY_MIN:
		return vf_min(a, b);
	case CPU_BINARY_MAX:
		return vf_max(a, b);
	default:
		return vf_select(vf_less(a, vf_zero()), vf_mul(a, b), a);
	}
}

CPU_INLINE void run(const enum cpu_binary_func func, const int64_t a_step, const int64_t b_step,
		    const struct cpu_binary_rows *rows)
{
	const vf low = vf_set1(rows->low);
	const vf high = vf_set1(rows->high);
	const int64_t num = rows->num;

	for (int64_t r = 0; r < rows->num_rows; r++) {
		const float *a = rows->a + r * rows->a_pitch;
		const float *b = rows->b + r * rows->b_pitch;
		float *y = rows->y + r * rows->y_pitch;

		for (int64_t i = 0; i < num; i += VF_LANES) {
			vf x = compute(func, load(a, a_step, i, num - i),
				       load(b, b_step, i, num - i));

			vf_store_upto(y + i, vf_min(high, vf_max(low, x)), num - i);
		}
	}
}

/* With the usual steps as constants, load() is one instruction. */
#define FUNCTION(func, name) \
	static void name(const struct cpu_binary_rows *rows) \
	{ \
		if (rows->a_step == 1 && rows->b_step == 1) \
			run(func, 1, 1, rows); \
		else if (rows->a_step == 1 && !rows->b_step) \
			run(func, 1, 0, rows); \
		else \
			run(func, rows->a_step, rows->b_step, rows); \
	}
FUNCTION(CPU_BINARY_ADD, add)
FUNCTION(CPU_BINARY_SUB, sub)
FUNCTION(CPU_BINARY_MUL, mul)
FUNCTION(CPU_BINARY_DIV, quotient)
FUNCTION(CPU_BINARY_MIN, minimum)
FUNCTION(CPU_BINARY_MAX, maximum)
FUNCTION(CPU_BINARY_PRELU, prelu)

const struct cpu_binary_kernels CPU_NAME(cpu_binary) = {
	.rows = {
		[CPU_BINARY_ADD] = add,
		[CPU_BINARY_SUB] = sub,
		[CPU_BINARY_MUL] = mul,
		[CPU_BINARY_DIV] = quotient,
		[CPU_BINARY_MIN] = minimum,
		[CPU_BINARY_MAX] = maximum,
		[CPU_BINARY_PRELU] = prelu,
	},
};
