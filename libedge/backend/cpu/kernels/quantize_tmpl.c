// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/quantize.h"
#include "backend/cpu/kernels/simd.h"

/* What remains of @a, which is no more than a few thousand, when it is cut is exact. */
CPU_INLINE vi round_away(vf a)
{
	const vf whole = vi_to_vf(vf_cut(a));
	const vf more = vf_copysign(vf_set1(1), a);
	const vm up = vf_less_equal(vf_set1(0.5f), vf_abs(vf_sub(a, whole)));

	return vf_cut(vf_add(whole, vf_select(up, more, vf_zero())));
}

/* Limits are whole numbers, so that they may come before rounding. */
CPU_INLINE vi quantize(const struct cpu_quantize_rows *rows, vf a, int32_t low, int32_t high)
{
	a = vf_div(a, vf_set1(rows->scale));
	a = vf_select(vf_equal(a, a), a, vf_zero());
	a = vf_max(vf_set1((float)(low - rows->zero)), a);
	a = vf_min(vf_set1((float)(high - rows->zero)), a);
	return vi_add(rows->away ? round_away(a) : vf_to_vi(a), vi_set1(rows->zero));
}

/* The last few of a row go through a buffer. */
#define TO(name, type, store, low, high) \
	static void name(const struct cpu_quantize_rows *rows) \
	{ \
		for (int64_t r = 0; r < rows->num_rows; r++) { \
			const float *x = (const float *)rows->x + r * rows->x_pitch; \
			type *y = (type *)rows->y + r * rows->y_pitch; \
			type last[VF_LANES]; \
			int64_t i = 0; \
\
			for (; i + VF_LANES <= rows->num; i += VF_LANES) \
				store(y + i, quantize(rows, vf_load(x + i), low, high)); \
			store(last, \
			      quantize(rows, vf_load_part(x + i, rows->num - i), low, high)); \
			memcpy(y + i, last, (rows->num - i) * sizeof(type)); \
		} \
	}

TO(to_u8, uint8_t, vi_store_u8, 0, UINT8_MAX)
TO(to_i8, int8_t, vi_store_i8, INT8_MIN, INT8_MAX)

#define FROM(name, type, load) \
	static void name(const struct cpu_quantize_rows *rows) \
	{ \
		const vf scale = vf_set1(rows->scale); \
		const vi zero = vi_set1(rows->zero); \
\
		for (int64_t r = 0; r < rows->num_rows; r++) { \
			const type *x = (const type *)rows->x + r * rows->x_pitch; \
			float *y = (float *)rows->y + r * rows->y_pitch; \
			type last[VF_LANES] = { 0 }; \
			int64_t i = 0; \
\
			for (; i + VF_LANES <= rows->num; i += VF_LANES) \
				vf_store(y + i, \
					 vf_mul(vi_to_vf(vi_sub(load(x + i), zero)), scale)); \
			memcpy(last, x + i, (rows->num - i) * sizeof(type)); \
			vf_store_part(y + i, vf_mul(vi_to_vf(vi_sub(load(last), zero)), scale), \
				      rows->num - i); \
		} \
	}

FROM(from_u8, uint8_t, vi_load_u8)
FROM(from_i8, int8_t, vi_load_i8)
FROM(from_i32, int32_t, vi_load)

const struct cpu_quantize_kernels CPU_NAME(cpu_quantize) = {
	.to_u8 = to_u8,
	.to_i8 = to_i8,
	.from_u8 = from_u8,
	.from_i8 = from_i8,
	.from_i32 = from_i32,
};
