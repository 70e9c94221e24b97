// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qbinary.h"
#include "backend/cpu/kernels/requantise.h"
#include "backend/cpu/kernels/simd.h"

#define SHIFT 20

CPU_INLINE vi fixed_product(vi a, const struct cpu_qbinary_scale *scale)
{
	return fixed_multiply(a, vi_set1(scale->fixed), vi_set1(scale->shift));
}

CPU_INLINE vi compute_fixed(const enum cpu_qbinary_func func, const struct cpu_qbinary_rows *rows,
			    vi a, vi b)
{
	vi sum;

	if (func == CPU_QBINARY_MUL) {
		sum = vi_mul(a, b);
	} else {
		a = fixed_product(vi_shift_left(a, SHIFT), &rows->scale_a);
		b = fixed_product(vi_shift_left(b, SHIFT), &rows->scale_b);
		sum = func == CPU_QBINARY_ADD ? vi_add(a, b) : vi_sub(a, b);
	}
	return requantise_fixed(&rows->to, sum, vi_set1(rows->scale.fixed),
				vi_set1(rows->scale.shift));
}

CPU_INLINE vi compute(const enum cpu_qbinary_func func, const bool fixed,
		      const struct cpu_qbinary_rows *rows, vi a, vi b)
{
	vf real_a, real_b;

	a = vi_sub(a, vi_set1(rows->zero_a));
	b = vi_sub(b, vi_set1(rows->zero_b));
	if (fixed)
		return compute_fixed(func, rows, a, b);
	real_a = vi_to_vf(a);
	real_b = vi_to_vf(b);
	/* Integers this small have exact products. */
	if (func == CPU_QBINARY_MUL)
		return round_float(&rows->to,
				   vf_mul(vf_mul(real_a, real_b), vf_set1(rows->scale.real)));
	real_a = vf_mul(real_a, vf_set1(rows->scale_a.real));
	real_b = vf_mul(real_b, vf_set1(rows->scale_b.real));
	return round_float(&rows->to, func == CPU_QBINARY_ADD ? vf_add(real_a, real_b)
							      : vf_sub(real_a, real_b));
}

/* Bytes of an operand from @i on, @n of them, where they are not already as load() wants them. */
static void gather(uint8_t *lanes, const uint8_t *row, int64_t step, int64_t i, int64_t n)
{
	for (int64_t lane = 0; lane < n; lane++)
		lanes[lane] = row[(i + lane) * step];
}

CPU_INLINE vi load(const uint8_t *row, const int64_t step, int64_t i)
{
	uint8_t lanes[VF_LANES];

	if (step == 1)
		return vi_load_u8(row + i);
	if (!step)
		return vi_set1(*row);
	gather(lanes, row, step, i, VF_LANES);
	return vi_load_u8(lanes);
}

/* The last bytes of a row, fewer than two vectors. */
static __attribute__((noinline)) void run_last(const enum cpu_qbinary_func func,
					       const struct cpu_qbinary_rows *rows, int64_t r,
					       int64_t i)
{
	const uint8_t *a = rows->a + r * rows->a_pitch, *b = rows->b + r * rows->b_pitch;
	uint8_t lanes_a[VF_LANES] = { 0 }, lanes_b[VF_LANES] = { 0 }, lanes[VF_LANES];

	for (; i < rows->num; i += VF_LANES) {
		const int64_t n = rows->num - i < VF_LANES ? rows->num - i : VF_LANES;

		gather(lanes_a, a, rows->a_step, i, n);
		gather(lanes_b, b, rows->b_step, i, n);
		vi_store_u8(lanes, compute(func, rows->to.fixed, rows, vi_load_u8(lanes_a),
					   vi_load_u8(lanes_b)));
		memcpy(rows->y + r * rows->y_pitch + i, lanes, n);
	}
}

CPU_INLINE void run(const enum cpu_qbinary_func func, const bool fixed, const int64_t a_step,
		    const int64_t b_step, const struct cpu_qbinary_rows *call)
{
	/* Of its own, or the compiler must assume that storing bytes changes it. */
	const struct cpu_qbinary_rows rows = *call;

	for (int64_t r = 0; r < rows.num_rows; r++) {
		const uint8_t *a = rows.a + r * rows.a_pitch, *b = rows.b + r * rows.b_pitch;
		uint8_t *y = rows.y + r * rows.y_pitch;
		int64_t i = 0;

		for (; i + 2 * VF_LANES <= rows.num; i += 2 * VF_LANES) {
			vi low =
				compute(func, fixed, &rows, load(a, a_step, i), load(b, b_step, i));
			vi high = compute(func, fixed, &rows, load(a, a_step, i + VF_LANES),
					  load(b, b_step, i + VF_LANES));

			vi_store2_u8(y + i, low, high);
		}
		if (i < rows.num)
			run_last(func, call, r, i);
	}
}

/* With the usual steps as constants, load() is one instruction. */
#define FUNCTION(func, name) \
	static void name(const struct cpu_qbinary_rows *rows) \
	{ \
		if (rows->to.fixed) \
			run(func, true, rows->a_step, rows->b_step, rows); \
		else if (rows->a_step == 1 && rows->b_step == 1) \
			run(func, false, 1, 1, rows); \
		else if (rows->a_step == 1 && !rows->b_step) \
			run(func, false, 1, 0, rows); \
		else \
			run(func, false, rows->a_step, rows->b_step, rows); \
	}
FUNCTION(CPU_QBINARY_ADD, add)
FUNCTION(CPU_QBINARY_SUB, sub)
FUNCTION(CPU_QBINARY_MUL, mul)

const struct cpu_qbinary_kernels CPU_NAME(cpu_qbinary) = {
	.rows = {
		[CPU_QBINARY_ADD] = add,
		[CPU_QBINARY_SUB] = sub,
		[CPU_QBINARY_MUL] = mul,
	},
};
