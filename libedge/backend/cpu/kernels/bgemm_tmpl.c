// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/bgemm.h"
#include "backend/cpu/kernels/simd.h"

/* As of igemm_tmpl.c where one instruction multiplies and sums up; elsewhere each group is taken
 * apart, which takes registers of its own. */
#if CPU_ISA_NUMBER == CPU_ISA_avx512bf16
#define ROWS 12
#else
#define ROWS 4
#endif
#define VECTORS 2

/* Words of a cache line, and how far ahead a panel is brought into the L2 cache: further than a
 * page, where the processor's own prefetching ends. */
#define LINE 16
#define AHEAD 1024

/* A group of a row, which may lie at any address. */
CPU_INLINE vi load_group(const char *p)
{
	int32_t group;

	memcpy(&group, p, sizeof(group));
	return vi_set1(group);
}

CPU_INLINE void store(const int rows, const int vectors, const struct cpu_bgemm_tile *tile,
		      vf sum[ROWS][VECTORS])
{
	const vf low = vf_set1(tile->low);
	const vf high = vf_set1(tile->high);
	const int64_t columns = tile->columns;

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		float *c = tile->offset +
			   (tile->c_pitch ? tile->c[0] + r * tile->c_pitch : tile->c[r]);

		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vf_min(high, vf_max(low, sum[r][v]));
		CPU_UNROLL
		for (int v = 0; v < vectors - 1; v++)
			vf_store(c + v * VF_LANES, sum[r][v]);
		c += (vectors - 1) * VF_LANES;
		if (columns == VF_LANES)
			vf_store(c, sum[r][vectors - 1]);
		else
			vf_store_part(c, sum[r][vectors - 1], columns);
	}
}

CPU_INLINE void bgemm(const int rows, const int vectors, const struct cpu_bgemm_tile *tile)
{
	const int32_t *b = tile->panel;
	const void *const *a = tile->a;
	const int64_t a_pitch = tile->a_pitch;
	const void *const *end = a + tile->taps * (a_pitch ? 1 : rows);
	const intptr_t end_k = tile->depth * (intptr_t)sizeof(int32_t);
	vf sum[ROWS][VECTORS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vi_as_vf(vi_load(b + v * VF_LANES));
	}
	b += vectors * VF_LANES;
	do {
		const char *p[ROWS];
		intptr_t k = 0; /* in bytes, since a scaled index would be another register */

		if (a_pitch) {
			CPU_UNROLL
			for (int r = 0; r < rows; r++)
				p[r] = (const char *)a[0] + r * a_pitch;
			a++;
		} else {
			CPU_UNROLL
			for (int r = 0; r < rows; r++)
				p[r] = a[r];
			a += rows;
		}
		do {
			vi column[VECTORS];

			CPU_UNROLL
			for (int v = 0; v < vectors; v++)
				column[v] = vi_load(b + v * VF_LANES);
			CPU_UNROLL
			for (int v = 0; v < vectors; v += LINE / VF_LANES)
				__builtin_prefetch(b + v * VF_LANES + AHEAD, 0, 2);
			b += vectors * VF_LANES;
			CPU_UNROLL
			for (int r = 0; r < rows; r++) {
				const vi x = load_group(p[r] + k);

				CPU_UNROLL
				for (int v = 0; v < vectors; v++)
					sum[r][v] = vf_dot2_bf16(sum[r][v], column[v], x);
			}
			k += sizeof(int32_t);
			/* Or the compiler makes two registers of it. */
			__asm__("" : "+r"(k));
		} while (k != end_k);
	} while (a != end);
	store(rows, vectors, tile, sum);
}

static void gather_row(const struct cpu_bgemm_gather *gather, int row, uint16_t *to)
{
	const int64_t depth = gather->depth;

	for (int64_t t = 0; t < gather->taps; t++, to += depth + depth % 2) {
		const float *from = gather->a_pitch ? gather->a[t] + row * gather->a_pitch
						    : gather->a[t * gather->rows + row];

		/* What lies behind the last is zero, and written over by the next tap. */
		for (int64_t k = 0; k < depth; k += VF_LANES)
			vf_store_bf16(to + k, vf_load_upto(from + k, depth - k));
	}
}

static void bgemm_gather(const struct cpu_bgemm_gather *gather)
{
	for (int r = 0; r < gather->rows; r++)
		gather_row(gather, r, (uint16_t *)((char *)gather->to + r * gather->pitch));
}

#define TILE(rows) \
	static void bgemm_##rows##x1(const struct cpu_bgemm_tile *tile) \
	{ \
		bgemm(rows, 1, tile); \
	} \
	static void bgemm_##rows##x2(const struct cpu_bgemm_tile *tile) \
	{ \
		bgemm(rows, 2, tile); \
	}
#define ENTRY(rows) [rows - 1] = { bgemm_##rows##x1, bgemm_##rows##x2 },

#if ROWS == 12
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#else
#define TILES(X) X(1) X(2) X(3) X(4)
#endif

TILES(TILE)

const struct cpu_bgemm_kernels CPU_NAME(cpu_bgemm) = {
	.lanes = VF_LANES,
	.rows = ROWS,
	.vectors = VECTORS,
	.tile = { TILES(ENTRY) },
	.gather = bgemm_gather,
};
