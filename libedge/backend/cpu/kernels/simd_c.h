/* SPDX-License-Identifier: MIT */
/*
 * Plain C: four lanes in the compiler's generic vectors, so that it serves any processor, with
 * whatever the compiler may assume of it. See simd.h.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_SIMD_C_H
#define EDGE_BACKEND_CPU_KERNELS_SIMD_C_H

#define VF_LANES 4

typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
typedef uint32_t vu __attribute__((vector_size(16)));
typedef int16_t vs __attribute__((vector_size(16)));
typedef vi vm;

CPU_INLINE vf vf_set1(float a)
{
	return (vf) { a, a, a, a };
}

CPU_INLINE vf vf_zero(void)
{
	return vf_set1(0);
}

CPU_INLINE vf vf_load(const float *p)
{
	vf a;

	memcpy(&a, p, sizeof(a));
	return a;
}

CPU_INLINE void vf_store(float *p, vf a)
{
	memcpy(p, &a, sizeof(a));
}

CPU_INLINE vf vf_load_part(const float *p, int64_t n)
{
	vf a = vf_zero();

	for (int64_t i = 0; i < n; i++)
		a[i] = p[i];
	return a;
}

CPU_INLINE void vf_store_part(float *p, vf a, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		p[i] = a[i];
}

CPU_INLINE vf vf_add(vf a, vf b)
{
	return a + b;
}

CPU_INLINE vf vf_sub(vf a, vf b)
{
	return a - b;
}

CPU_INLINE vf vf_mul(vf a, vf b)
{
	return a * b;
}

CPU_INLINE vf vf_div(vf a, vf b)
{
	return a / b;
}

CPU_INLINE vf vf_fma(vf a, vf b, vf c)
{
	return a * b + c;
}

CPU_INLINE vf vf_fnma(vf a, vf b, vf c)
{
	return c - a * b;
}

CPU_INLINE vi vf_as_vi(vf a)
{
	return (vi)a;
}

CPU_INLINE vf vi_as_vf(vi a)
{
	return (vf)a;
}

CPU_INLINE vm vf_less(vf a, vf b)
{
	return a < b;
}

CPU_INLINE vm vf_less_equal(vf a, vf b)
{
	return a <= b;
}

CPU_INLINE vm vf_equal(vf a, vf b)
{
	return a == b;
}

CPU_INLINE vf vf_select(vm m, vf a, vf b)
{
	return (vf)((m & (vi)a) | (~m & (vi)b));
}

CPU_INLINE vf vf_min(vf a, vf b)
{
	return vf_select(a < b, a, b);
}

CPU_INLINE vf vf_max(vf a, vf b)
{
	return vf_select(a > b, a, b);
}

CPU_INLINE vi vi_set1(int32_t a)
{
	return (vi) { a, a, a, a };
}

CPU_INLINE vf vf_abs(vf a)
{
	return (vf)((vi)a & vi_set1(INT32_MAX));
}

CPU_INLINE vf vf_neg(vf a)
{
	return -a;
}

/* The magnitude of @a with the sign of @b. */
CPU_INLINE vf vf_copysign(vf a, vf b)
{
	return vf_select(vi_set1(INT32_MIN), b, a);
}

CPU_INLINE vf vf_sqrt(vf a)
{
	return (vf) { sqrtf(a[0]), sqrtf(a[1]), sqrtf(a[2]), sqrtf(a[3]) };
}

CPU_INLINE vf vf_reciprocal(vf a)
{
	return 1.0f / a;
}

CPU_INLINE vf vf_round(vf a)
{
	return (vf) { rintf(a[0]), rintf(a[1]), rintf(a[2]), rintf(a[3]) };
}

CPU_INLINE vf vf_floor(vf a)
{
	return (vf) { floorf(a[0]), floorf(a[1]), floorf(a[2]), floorf(a[3]) };
}

CPU_INLINE vf vf_ceil(vf a)
{
	return (vf) { ceilf(a[0]), ceilf(a[1]), ceilf(a[2]), ceilf(a[3]) };
}

/* Not a cast, which is undefined for NaN. */
CPU_INLINE int32_t vf_lane_to_int(float a)
{
	return a >= -0x1p31f && a < 0x1p31f ? (int32_t)lrintf(a) : INT32_MIN;
}

CPU_INLINE vi vf_to_vi(vf a)
{
	return (vi) { vf_lane_to_int(a[0]), vf_lane_to_int(a[1]), vf_lane_to_int(a[2]),
		      vf_lane_to_int(a[3]) };
}

CPU_INLINE vi vf_cut(vf a)
{
	return (vi) { (int32_t)a[0], (int32_t)a[1], (int32_t)a[2], (int32_t)a[3] };
}

CPU_INLINE vi vi_load_i8(const int8_t *p)
{
	return (vi) { p[0], p[1], p[2], p[3] };
}

CPU_INLINE vi vi_load_u8(const uint8_t *p)
{
	return (vi) { p[0], p[1], p[2], p[3] };
}

CPU_INLINE void vi_store_i8(int8_t *p, vi a)
{
	for (int i = 0; i < VF_LANES; i++)
		p[i] = (int8_t)a[i];
}

CPU_INLINE void vi_store_u8(uint8_t *p, vi a)
{
	for (int i = 0; i < VF_LANES; i++)
		p[i] = (uint8_t)a[i];
}

CPU_INLINE vf vi_to_vf(vi a)
{
	return (vf) { (float)a[0], (float)a[1], (float)a[2], (float)a[3] };
}

CPU_INLINE vf vf_scale2(vf a, vf n)
{
	return a * (vf)((vf_to_vi(n) + 127) << 23);
}

CPU_INLINE vf vf_zip_low(vf a, vf b)
{
	return __builtin_shufflevector(a, b, 0, 4, 1, 5);
}

CPU_INLINE vf vf_zip_high(vf a, vf b)
{
	return __builtin_shufflevector(a, b, 2, 6, 3, 7);
}

CPU_INLINE vf vf_even(vf a, vf b)
{
	return __builtin_shufflevector(a, b, 0, 2, 4, 6);
}

CPU_INLINE vf vf_odd(vf a, vf b)
{
	return __builtin_shufflevector(a, b, 1, 3, 5, 7);
}

CPU_INLINE float vf_sum(vf a)
{
	return (a[0] + a[1]) + (a[2] + a[3]);
}

CPU_INLINE float vf_highest(vf a)
{
	return fmaxf(fmaxf(a[0], a[1]), fmaxf(a[2], a[3]));
}

CPU_INLINE float vf_lowest(vf a)
{
	return fminf(fminf(a[0], a[1]), fminf(a[2], a[3]));
}

/* Sums wrap around, which only unsigned ones may. */
CPU_INLINE vi vi_add(vi a, vi b)
{
	return (vi)((vu)a + (vu)b);
}

CPU_INLINE vi vi_sub(vi a, vi b)
{
	return (vi)((vu)a - (vu)b);
}

CPU_INLINE vi vi_and(vi a, vi b)
{
	return a & b;
}

CPU_INLINE vi vi_or(vi a, vi b)
{
	return a | b;
}

CPU_INLINE vi vi_load(const int32_t *p)
{
	vi a;

	memcpy(&a, p, sizeof(a));
	return a;
}

CPU_INLINE void vi_store(int32_t *p, vi a)
{
	memcpy(p, &a, sizeof(a));
}

CPU_INLINE void vi_store_part(int32_t *p, vi a, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		p[i] = a[i];
}

CPU_INLINE void vi_store_u8_part(uint8_t *p, vi a, int64_t n)
{
	for (int64_t i = 0; i < n; i++)
		p[i] = (uint8_t)a[i];
}

CPU_INLINE void vi_store2_u8(uint8_t *p, vi a, vi b)
{
	vi_store_u8(p, a);
	vi_store_u8(p + VF_LANES, b);
}

CPU_INLINE vi vi_min(vi a, vi b)
{
	vi less = a < b;

	return (less & a) | (~less & b);
}

CPU_INLINE vi vi_max(vi a, vi b)
{
	vi more = a > b;

	return (more & a) | (~more & b);
}

CPU_INLINE vi vi_mul(vi a, vi b)
{
	return (vi)((vu)a * (vu)b);
}

CPU_INLINE vi vi_shift_left_each(vi a, vi n)
{
	return (vi)((vu)a << (vu)n);
}

CPU_INLINE vi vi_shift_right_each(vi a, vi n)
{
	return a >> n;
}

CPU_INLINE vi vi_high_product(vi a, vi b)
{
	vi high;

	for (int i = 0; i < VF_LANES; i++)
		high[i] = (int32_t)(((int64_t)a[i] * b[i] + (1 << 30)) >> 31);
	return high;
}

CPU_INLINE vi vi_product2(vi a, vi b)
{
	const vs x = (vs)a, y = (vs)b;
	vi sum = { 0 };

	for (int i = 0; i < VF_LANES; i++)
		sum[i] = (int32_t)((uint32_t)(x[2 * i] * y[2 * i]) +
				   (uint32_t)(x[2 * i + 1] * y[2 * i + 1]));
	return sum;
}

CPU_INLINE vi vi_dot2(vi sum, vi a, vi b)
{
	return (vi)((vu)sum + (vu)vi_product2(a, b));
}

CPU_INLINE void vi_settle(vi *a)
{
}

CPU_INLINE vs vs_set1(int16_t a)
{
	return (vs) { a, a, a, a, a, a, a, a };
}

CPU_INLINE vs vs_load_u8(const uint8_t *p)
{
	return (vs) { p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7] };
}

CPU_INLINE void vs_store(int16_t *p, vs a)
{
	memcpy(p, &a, sizeof(a));
}

CPU_INLINE void vs_widen8(int16_t *to, const uint8_t *from, int16_t zero)
{
	for (int i = 0; i < 8; i++)
		to[i] = (int16_t)(from[i] - zero);
}

CPU_INLINE vs vs_add(vs a, vs b)
{
	return a + b;
}

CPU_INLINE vs vs_sub(vs a, vs b)
{
	return a - b;
}

#define vs_shift_left(a, bits) ((a) * (int16_t)(1 << (bits)))
#define vi_shift_left(a, bits) ((vi)((vu)(a) << (bits)))
#define vi_shift_right(a, bits) ((a) >> (bits))

/* Without CPU_HAS_SHUFFLE_BYTES: compilers have no such word for vectors in general. */
typedef uint8_t vb __attribute__((vector_size(16)));

CPU_INLINE vb vb_load(const uint8_t *p)
{
	vb a;

	memcpy(&a, p, sizeof(a));
	return a;
}

CPU_INLINE void vb_settle(vb *a)
{
}

CPU_INLINE void vb_store(uint8_t *p, vb a)
{
	memcpy(p, &a, sizeof(a));
}

CPU_INLINE vb vb_set1(uint8_t a)
{
	return (vb) { a, a, a, a, a, a, a, a, a, a, a, a, a, a, a, a };
}

CPU_INLINE vb vb_select(vb m, vb a, vb b)
{
	return (m & a) | (~m & b);
}

CPU_INLINE vb vb_min(vb a, vb b)
{
	return vb_select((vb)(a < b), a, b);
}

CPU_INLINE vb vb_max(vb a, vb b)
{
	return vb_select((vb)(a > b), a, b);
}

CPU_INLINE vb vb_load_halves(const uint8_t *low, const uint8_t *high)
{
	vb a;

	memcpy(&a, low, sizeof(a) / 2);
	memcpy((uint8_t *)&a + sizeof(a) / 2, high, sizeof(a) / 2);
	return a;
}

CPU_INLINE void vb_store_halves(uint8_t *low, uint8_t *high, vb a)
{
	memcpy(low, &a, sizeof(a) / 2);
	memcpy(high, (uint8_t *)&a + sizeof(a) / 2, sizeof(a) / 2);
}

CPU_INLINE vb vb_zip16_low(vb a, vb b)
{
	return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
				       23);
}

CPU_INLINE vb vb_zip16_high(vb a, vb b)
{
	return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30,
				       15, 31);
}

CPU_INLINE vi vb_widen16_low(vb a)
{
	return (vi)(vs) { a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7] };
}

CPU_INLINE vi vb_widen16_high(vb a)
{
	return (vi)(vs) { a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15] };
}

CPU_INLINE vs vb_dot2(vb a, vb b)
{
	vs sums = { 0 };

	for (int i = 0; i < 8; i++)
		sums[i] = (int16_t)(a[2 * i] * (int8_t)b[2 * i] +
				    a[2 * i + 1] * (int8_t)b[2 * i + 1]);
	return sums;
}

CPU_INLINE vs vb_dot2_add(vs sum, vb a, vb b)
{
	return sum + vb_dot2(a, b);
}

CPU_INLINE vi vs_zip8_low(vs a, vs b)
{
	return (vi)(vs) { a[0], b[0], a[1], b[1], a[2], b[2], a[3], b[3] };
}

CPU_INLINE vi vs_zip8_high(vs a, vs b)
{
	return (vi)(vs) { a[4], b[4], a[5], b[5], a[6], b[6], a[7], b[7] };
}

CPU_INLINE uint8_t vi_lane_to_u8(int32_t a, int16_t more)
{
	if (a >= UINT8_MAX)
		return UINT8_MAX;
	a += more;
	return (uint8_t)(a < 0 ? 0 : a > UINT8_MAX ? UINT8_MAX : a);
}

CPU_INLINE vb vi_pack16(vi a, vi b, vi c, vi d, vs more)
{
	vb bytes;

	for (int i = 0; i < VF_LANES; i++) {
		bytes[i] = vi_lane_to_u8(a[i], more[0]);
		bytes[i + VF_LANES] = vi_lane_to_u8(b[i], more[0]);
		bytes[i + 2 * VF_LANES] = vi_lane_to_u8(c[i], more[0]);
		bytes[i + 3 * VF_LANES] = vi_lane_to_u8(d[i], more[0]);
	}
	return bytes;
}

CPU_INLINE vb vb_by_fours(vb a)
{
	return a;
}

#endif
