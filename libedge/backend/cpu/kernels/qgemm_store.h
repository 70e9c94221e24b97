/* SPDX-License-Identifier: MIT */
/*
 * How large a tile is, and what becomes of its sums in registers: for the templates that multiply
 * bytes. Targets are copied, since for all the compiler knows bytes are stored into them.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_QGEMM_STORE_H
#define EDGE_BACKEND_CPU_KERNELS_QGEMM_STORE_H

#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/kernels/requantise.h"
#include "backend/cpu/kernels/simd.h"

/* As for igemm. */
#if VF_LANES == 16
#define ROWS 12
#elif VF_LANES == 8
#define ROWS 6
#else
#define ROWS 4
#endif
#define VECTORS 2

CPU_INLINE void begin(const int rows, const int vectors, vi sum[ROWS][VECTORS], const int32_t *bias)
{
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vi_load(bias + v * VF_LANES);
	}
}

CPU_INLINE void settle(const int rows, const int vectors, vi sum[ROWS][VECTORS])
{
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			vi_settle(&sum[r][v]);
	}
}

CPU_INLINE void store_bytes(uint8_t *c, const int vectors, const vi *q, int64_t columns)
{
	if (columns == VF_LANES && vectors == 2) {
		vi_store2_u8(c, q[0], q[1]);
		return;
	}
	if (vectors == 2)
		vi_store_u8(c, q[0]);
	c += (vectors - 1) * VF_LANES;
	if (columns == VF_LANES)
		vi_store_u8(c, q[vectors - 1]);
	else
		vi_store_u8_part(c, q[vectors - 1], columns);
}

CPU_INLINE uint8_t *row_of(const struct cpu_qgemm_target *target, int r)
{
	return target->offset + (target->c_pitch ? (uint8_t *)target->c[0] + r * target->c_pitch
						 : (uint8_t *)target->c[r]);
}

/* From memory, or the kernels proper would run out of registers, and be many times as long. */
static __attribute__((noinline)) void store_float(const struct cpu_qgemm_target *where, int rows,
						  int vectors, const int32_t *sums,
						  const int32_t *scales)
{
	const struct cpu_qgemm_target target = *where;
	const vi first = vi_load(scales), last = vi_load(scales + (vectors - 1) * VF_LANES);

	for (int r = 0; r < rows; r++, sums += VECTORS * VF_LANES) {
		const vi q[VECTORS] = {
			requantise_float(&target.to, vi_load(sums), first),
			requantise_float(&target.to, vi_load(sums + (vectors - 1) * VF_LANES),
					 last),
		};

		store_bytes(row_of(&target, r), vectors, q, target.columns);
	}
}

/* One vector of each row. */
CPU_INLINE void store_fixed_vector(const struct cpu_qgemm_target *target, int rows, int64_t at,
				   int64_t columns, const int32_t *sums, vi multiplier, vi shift)
{
	for (int r = 0; r < rows; r++, sums += VECTORS * VF_LANES) {
		const vi q = requantise_fixed(&target->to, vi_load(sums), multiplier, shift);

		store_bytes(row_of(target, r) + at, 1, &q, columns);
	}
}

static __attribute__((noinline)) void store_fixed(const struct cpu_qgemm_target *where, int rows,
						  int vectors, const int32_t *sums,
						  const int32_t *scales)
{
	const struct cpu_qgemm_target target = *where;

	for (int v = 0; v < vectors; v++) {
		const vi multiplier = vi_load(scales + v * VF_LANES);
		const vi shift = vi_load(scales + (vectors + v) * VF_LANES);
		const int64_t at = v * VF_LANES;

		/* Without a branch in the loop. */
		if (v < vectors - 1 || target.columns == VF_LANES)
			store_fixed_vector(&target, rows, at, VF_LANES, sums + at, multiplier,
					   shift);
		else
			store_fixed_vector(&target, rows, at, target.columns, sums + at, multiplier,
					   shift);
	}
}

/* Whole numbers, at most @high. What is too small for one becomes the least, so that only the upper end
 * needs care. */
CPU_INLINE vi round_below(vf high, vi sum, vi multiplier)
{
	return vf_to_vi(vf_min(high, vf_mul(vi_to_vf(sum), vi_as_vf(multiplier))));
}

/* What most tiles of most convolutions are, worth a copy of its own: from registers, two rows at a time. */
CPU_INLINE void store_whole(const struct cpu_qgemm_target *where, vi sum[ROWS][VECTORS],
			    const int32_t *scales)
{
	const struct cpu_qgemm_target target = *where;
	const vi first = vi_load(scales), last = vi_load(scales + VF_LANES);
	const vf high = vf_set1((float)(target.to.high - target.to.zero));
	const vb low = vb_set1((uint8_t)target.to.low);
	const vs zero = vs_set1((int16_t)target.to.zero);

	CPU_UNROLL
	for (int r = 0; r < ROWS; r += 2) {
		const vb bytes = vi_pack16(round_below(high, sum[r][0], first),
					   round_below(high, sum[r][1], last),
					   round_below(high, sum[r + 1][0], first),
					   round_below(high, sum[r + 1][1], last), zero);

		vb_store_halves(row_of(&target, r), row_of(&target, r + 1),
				vb_max(low, vb_by_fours(bytes)));
	}
}

CPU_INLINE void store_rows(const struct cpu_qgemm_target *where, const int rows, const int vectors,
			   vi sum[ROWS][VECTORS], const int32_t *scales)
{
	int32_t sums[ROWS * VECTORS * VF_LANES];

	if (rows == ROWS && vectors == VECTORS && !where->to.fixed && where->columns == VF_LANES) {
		store_whole(where, sum, scales);
		return;
	}
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			vi_store(sums + (r * VECTORS + v) * VF_LANES, sum[r][v]);
	}
	if (where->to.fixed)
		store_fixed(where, rows, vectors, sums, scales);
	else
		store_float(where, rows, vectors, sums, scales);
}

CPU_INLINE void store_sums(const struct cpu_qgemm_target *where, const int rows, const int vectors,
			   vi sum[ROWS][VECTORS])
{
	const int64_t columns = where->columns;
	int32_t *c[ROWS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		c[r] = where->offset + (where->c_pitch ? (int32_t *)where->c[0] + r * where->c_pitch
						       : (int32_t *)where->c[r]);
		CPU_UNROLL
		for (int v = 0; v < vectors - 1; v++)
			vi_store(c[r] + v * VF_LANES, sum[r][v]);
		c[r] += (vectors - 1) * VF_LANES;
	}
	if (columns == VF_LANES) {
		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			vi_store(c[r], sum[r][vectors - 1]);
	} else {
		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			vi_store_part(c[r], sum[r][vectors - 1], columns);
	}
}

#endif
