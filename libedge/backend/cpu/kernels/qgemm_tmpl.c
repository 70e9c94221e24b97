// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/kernels/qgemm_store.h"
#include "backend/cpu/kernels/simd.h"

/* Words of a cache line, and how far ahead a panel is brought into the L2 cache. */
#define LINE 16
#define AHEAD 1024

#ifdef CPU_HAS_DOT4
#define GROUP 4
#define dot vi_dot4
#else
#define GROUP 2
#define dot vi_dot2
#endif

/* A group of one row for all columns. */
CPU_INLINE vi broadcast(const char *p)
{
	int32_t group;

	memcpy(&group, p, sizeof(group));
	return vi_set1(group);
}

/* Adds all groups of the panel to a tile, whose rows begin @first behind those of the call. */
CPU_INLINE void add_panel(const int rows, const int vectors, const struct cpu_qgemm_tile *tile,
			  int64_t first, vi sum[ROWS][VECTORS])
{
	const int32_t *b = tile->panel + vectors * VF_LANES;
	const void *const *a = tile->a;
	const int64_t a_pitch = tile->a_pitch;
	const void *const *end = a + tile->taps * (a_pitch ? 1 : rows);
	const intptr_t end_k = tile->depth * (intptr_t)sizeof(*b);

	do {
		const char *p[ROWS];
		intptr_t k = 0; /* in bytes, since a scaled index would be another register */

		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			p[r] = a_pitch ? (const char *)a[0] + first + r * a_pitch : a[r];
		a += a_pitch ? 1 : rows;
		do {
			vi column[VECTORS];

			CPU_UNROLL
			for (int v = 0; v < vectors; v++)
				column[v] = vi_load(b + v * VF_LANES);
			CPU_UNROLL
			for (int v = 0; v < vectors; v += LINE / VF_LANES)
				__builtin_prefetch(b + v * VF_LANES + AHEAD, 0, 2);
			b += vectors * VF_LANES;
			/* Here too, or some sums are copied to other registers and back. */
			settle(rows, vectors, sum);
			CPU_UNROLL
			for (int r = 0; r < rows; r++) {
				vi x = broadcast(p[r] + k);

				CPU_UNROLL
				for (int v = 0; v < vectors; v++)
					sum[r][v] = dot(sum[r][v], x, column[v]);
			}
			k += sizeof(*b);
			/* Or the compiler makes two registers of it. */
			__asm__("" : "+r"(k));
		} while (k != end_k);
	} while (a != end);
}

CPU_INLINE const int32_t *scales_of(const int vectors, const struct cpu_qgemm_tile *tile)
{
	return tile->panel + (1 + tile->taps * tile->depth) * vectors * VF_LANES;
}

#ifdef CPU_HAS_DOT4
static void gather_row(const struct cpu_qgemm_gather *gather, int row, uint8_t *to)
{
	const int64_t depth = gather->depth;

	for (int64_t t = 0; t < gather->taps; t++, to += depth)
		memcpy(to,
		       gather->a_pitch ? (const char *)gather->a[t] + row * gather->a_pitch
				       : gather->a[t * gather->rows + row],
		       depth);
	memset(to, 0, GROUP - 1);
}
#else
/* Less than a vector; what is left over of eight is done once more with what lies before it. */
CPU_INLINE void widen_few(const uint8_t *from, int64_t depth, int16_t zero, int16_t *to)
{
	int64_t k = 0;

	for (; k + 8 <= depth; k += 8)
		vs_widen8(to + k, from + k, zero);
	if (k && k < depth) {
		vs_widen8(to + depth - 8, from + depth - 8, zero);
		return;
	}
	for (; k < depth; k++)
		to[k] = (int16_t)(from[k] - zero);
}

/* A tap of one row. */
CPU_INLINE void widen(const uint8_t *from, int64_t depth, int16_t zero, int16_t *to)
{
	enum { LANES = 2 * VF_LANES };
	const vs zeros = vs_set1(zero);
	int64_t k = 0;

	if (depth < LANES) {
		widen_few(from, depth, zero, to);
		return;
	}
	for (; k + LANES <= depth; k += LANES)
		vs_store(to + k, vs_sub(vs_load_u8(from + k), zeros));
	if (k < depth) {
		k = depth - LANES;
		vs_store(to + k, vs_sub(vs_load_u8(from + k), zeros));
	}
}

static void gather_row(const struct cpu_qgemm_gather *gather, int row, uint8_t *first)
{
	const int64_t depth = gather->depth;
	int16_t *to = (int16_t *)first;

	for (int64_t t = 0; t < gather->taps; t++, to += depth) {
		widen(gather->a_pitch ? (const uint8_t *)gather->a[t] + row * gather->a_pitch
				      : gather->a[t * gather->rows + row],
		      depth, gather->zero, to);
		if (depth % 2)
			*(to++ + depth) = 0;
	}
}
#endif

static void qgemm_gather(const struct cpu_qgemm_gather *gather)
{
	for (int r = 0; r < gather->rows; r++)
		gather_row(gather, r, (uint8_t *)gather->to + r * gather->pitch);
}

#define KERNEL qgemm
#include "backend/cpu/kernels/qgemm_tiles.h"

const struct cpu_qgemm_kernels CPU_NAME(cpu_qgemm) = {
	.group = GROUP,
	QGEMM_TILES,
	.gather = qgemm_gather,
};
