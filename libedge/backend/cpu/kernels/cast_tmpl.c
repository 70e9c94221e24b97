// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/cast.h"
#include "backend/cpu/kernels/simd.h"

/* The last few bytes of a row go through a buffer. */
#define FROM(name, type, load) \
	static void name(const struct cpu_cast_rows *rows) \
	{ \
		for (int64_t r = 0; r < rows->num_rows; r++) { \
			const type *x = (const type *)rows->x + r * rows->x_pitch; \
			float *y = (float *)rows->y + r * rows->y_pitch; \
			type last[VF_LANES] = { 0 }; \
			int64_t i = 0; \
\
			for (; i + VF_LANES <= rows->num; i += VF_LANES) \
				vf_store(y + i, vi_to_vf(load(x + i))); \
			memcpy(last, x + i, rows->num - i); \
			vf_store_part(y + i, vi_to_vf(load(last)), rows->num - i); \
		} \
	}

FROM(from_i8, int8_t, vi_load_i8)
FROM(from_u8, uint8_t, vi_load_u8)

CPU_INLINE vi cut(vf a, float low, float high)
{
	a = vf_select(vf_equal(a, a), a, vf_zero());
	return vf_cut(vf_min(vf_set1(high), vf_max(vf_set1(low), a)));
}

#define TO(name, type, store, low, high) \
	static void name(const struct cpu_cast_rows *rows) \
	{ \
		for (int64_t r = 0; r < rows->num_rows; r++) { \
			const float *x = (const float *)rows->x + r * rows->x_pitch; \
			type *y = (type *)rows->y + r * rows->y_pitch; \
			type last[VF_LANES]; \
			int64_t i = 0; \
\
			for (; i + VF_LANES <= rows->num; i += VF_LANES) \
				store(y + i, cut(vf_load(x + i), low, high)); \
			store(last, cut(vf_load_part(x + i, rows->num - i), low, high)); \
			memcpy(y + i, last, rows->num - i); \
		} \
	}

TO(to_i8, int8_t, vi_store_i8, -128, 127)
TO(to_u8, uint8_t, vi_store_u8, 0, 255)

const struct cpu_cast_kernels CPU_NAME(cpu_cast) = {
	.from_i8 = from_i8,
	.from_u8 = from_u8,
	.to_i8 = to_i8,
	.to_u8 = to_u8,
};
