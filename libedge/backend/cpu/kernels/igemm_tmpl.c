// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/igemm.h"
#include "backend/cpu/kernels/simd.h"

/*
 * A tile's sums stay in registers: 24 of 32 for AVX-512, and there the pointers of 12 rows are
 * as many as the integer registers hold. With 16 vector registers, 12 sums leave room for a row of
 * the panel and an element of a.
 */
#if CPU_ISA_NUMBER == CPU_ISA_avx512
#define ROWS 12
#elif CPU_ISA_NUMBER == CPU_ISA_avx2
#define ROWS 6
#else
#define ROWS 4
#endif
#define VECTORS 2

/* Floats of a cache line, and how far ahead a panel is brought into the L2 cache: further than a
 * page, where the processor's own prefetching ends. */
#define LINE 16
#define AHEAD 1024

CPU_INLINE void igemm(const int rows, const int vectors, const struct cpu_igemm_tile *tile)
{
	const float *b = tile->panel;
	const float *const *a = tile->a;
	const int64_t a_pitch = tile->a_pitch;
	const float *const *end = a + tile->taps * (a_pitch ? 1 : rows);
	const intptr_t end_k = tile->depth * (intptr_t)sizeof(float);
	vf sum[ROWS][VECTORS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vf_load(b + v * VF_LANES);
	}
	b += vectors * VF_LANES;
	do {
		const char *p[ROWS];
		intptr_t k = 0; /* in bytes, since a scaled index would be another register */

		if (a_pitch) {
			CPU_UNROLL
			for (int r = 0; r < rows; r++)
				p[r] = (const char *)(a[0] + r * a_pitch);
			a++;
		} else {
			CPU_UNROLL
			for (int r = 0; r < rows; r++)
				p[r] = (const char *)a[r];
			a += rows;
		}
		do {
			vf column[VECTORS];

			CPU_UNROLL
			for (int v = 0; v < vectors; v++)
				column[v] = vf_load(b + v * VF_LANES);
			CPU_UNROLL
			for (int v = 0; v < vectors; v += LINE / VF_LANES)
				__builtin_prefetch(b + v * VF_LANES + AHEAD, 0, 2);
			b += vectors * VF_LANES;
			CPU_UNROLL
			for (int r = 0; r < rows; r++) {
				vf x = vf_set1(*(const float *)(p[r] + k));

				CPU_UNROLL
				for (int v = 0; v < vectors; v++)
					sum[r][v] = vf_fma(x, column[v], sum[r][v]);
			}
			k += sizeof(float);
			/* Or the compiler makes two registers of it. */
			__asm__("" : "+r"(k));
		} while (k != end_k);
	} while (a != end);

	const vf low = vf_set1(tile->low);
	const vf high = vf_set1(tile->high);
	const int64_t columns = tile->columns;
	float *c[ROWS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		c[r] = tile->offset + (tile->c_pitch ? tile->c[0] + r * tile->c_pitch : tile->c[r]);
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vf_min(high, vf_max(low, sum[r][v]));
		CPU_UNROLL
		for (int v = 0; v < vectors - 1; v++)
			vf_store(c[r] + v * VF_LANES, sum[r][v]);
		c[r] += (vectors - 1) * VF_LANES;
	}
	if (columns == VF_LANES) {
		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			vf_store(c[r], sum[r][vectors - 1]);
	} else {
		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			vf_store_part(c[r], sum[r][vectors - 1], columns);
	}
}

#define TILE(rows) \
	static void igemm_##rows##x1(const struct cpu_igemm_tile *tile) \
	{ \
		igemm(rows, 1, tile); \
	} \
	static void igemm_##rows##x2(const struct cpu_igemm_tile *tile) \
	{ \
		igemm(rows, 2, tile); \
	}
#define ENTRY(rows) [rows - 1] = { igemm_##rows##x1, igemm_##rows##x2 },

#if ROWS == 12
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#elif ROWS == 6
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#else
#define TILES(X) X(1) X(2) X(3) X(4)
#endif

TILES(TILE)

const struct cpu_igemm_kernels CPU_NAME(cpu_igemm) = {
	.lanes = VF_LANES,
	.rows = ROWS,
	.vectors = VECTORS,
	.tile = { TILES(ENTRY) },
};
