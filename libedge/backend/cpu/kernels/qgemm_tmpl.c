// SPDX-License-Identifier: MIT
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

/* What a tile says of its bytes: copied, since for all the compiler knows they are stored into it. */
struct target {
	struct cpu_requantise to;
	void *const *c;
	int64_t c_pitch, offset, columns;
};

CPU_INLINE struct target target_of(const struct cpu_qgemm_tile *tile)
{
	return (struct target) { tile->to, tile->c, tile->c_pitch, tile->offset, tile->columns };
}

CPU_INLINE uint8_t *row_of(const struct target *target, int r)
{
	return target->offset + (target->c_pitch ? (uint8_t *)target->c[0] + r * target->c_pitch
						 : (uint8_t *)target->c[r]);
}

/* From memory, or the kernels proper would run out of registers, and be many times as long. */
static __attribute__((noinline)) void store_float(const struct cpu_qgemm_tile *tile, int rows,
						  int vectors, const int32_t *sums,
						  const int32_t *scales)
{
	const struct target target = target_of(tile);
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
CPU_INLINE void store_fixed_vector(const struct target *target, int rows, int64_t at,
				   int64_t columns, const int32_t *sums, vi multiplier, vi shift)
{
	for (int r = 0; r < rows; r++, sums += VECTORS * VF_LANES) {
		const vi q = requantise_fixed(&target->to, vi_load(sums), multiplier, shift);

		store_bytes(row_of(target, r) + at, 1, &q, columns);
	}
}

static __attribute__((noinline)) void store_fixed(const struct cpu_qgemm_tile *tile, int rows,
						  int vectors, const int32_t *sums,
						  const int32_t *scales)
{
	const struct target target = target_of(tile);

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

/* What most tiles of most convolutions are, worth a copy of its own: from registers. */
CPU_INLINE void store_whole(const struct cpu_qgemm_tile *tile, vi sum[ROWS][VECTORS],
			    const int32_t *scales)
{
	const struct target target = target_of(tile);
	const vi first = vi_load(scales), last = vi_load(scales + VF_LANES);

	CPU_UNROLL
	for (int r = 0; r < ROWS; r++) {
		const vi q[VECTORS] = {
			requantise_float(&target.to, sum[r][0], first),
			requantise_float(&target.to, sum[r][1], last),
		};

		store_bytes(row_of(&target, r), VECTORS, q, VF_LANES);
	}
}

CPU_INLINE void store_rows(const struct cpu_qgemm_tile *tile, const int rows, const int vectors,
			   vi sum[ROWS][VECTORS], const int32_t *scales)
{
	int32_t sums[ROWS * VECTORS * VF_LANES];

	if (rows == ROWS && vectors == VECTORS && !tile->to.fixed && tile->columns == VF_LANES) {
		store_whole(tile, sum, scales);
		return;
	}
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			vi_store(sums + (r * VECTORS + v) * VF_LANES, sum[r][v]);
	}
	if (tile->to.fixed)
		store_fixed(tile, rows, vectors, sums, scales);
	else
		store_float(tile, rows, vectors, sums, scales);
}

CPU_INLINE void store_sums(const struct cpu_qgemm_tile *tile, const int rows, const int vectors,
			   vi sum[ROWS][VECTORS])
{
	const int64_t columns = tile->columns;
	int32_t *c[ROWS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		c[r] = tile->offset + (tile->c_pitch ? (int32_t *)tile->c[0] + r * tile->c_pitch
						     : (int32_t *)tile->c[r]);
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

CPU_INLINE void settle(const int rows, const int vectors, vi sum[ROWS][VECTORS])
{
	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			vi_settle(&sum[r][v]);
	}
}

CPU_INLINE void qgemm(const int rows, const int vectors, const bool raw,
		      const struct cpu_qgemm_tile *tile)
{
	const int32_t *b = tile->panel;
	const void *const *a = tile->a;
	const int64_t a_pitch = tile->a_pitch;
	const void *const *end = a + tile->taps * (a_pitch ? 1 : rows);
	const intptr_t end_k = tile->depth * (intptr_t)sizeof(*b);
	vi sum[ROWS][VECTORS];

	CPU_UNROLL
	for (int r = 0; r < rows; r++) {
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			sum[r][v] = vi_load(b + v * VF_LANES);
	}
	b += vectors * VF_LANES;
	do {
		const char *p[ROWS];
		intptr_t k = 0; /* in bytes, since a scaled index would be another register */

		CPU_UNROLL
		for (int r = 0; r < rows; r++)
			p[r] = a_pitch ? (const char *)a[0] + r * a_pitch : a[r];
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
	settle(rows, vectors, sum);
	if (raw)
		store_sums(tile, rows, vectors, sum);
	else
		store_rows(tile, rows, vectors, sum, b);
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

#define TILE(rows, vectors) \
	static void qgemm_##rows##x##vectors(const struct cpu_qgemm_tile *tile) \
	{ \
		qgemm(rows, vectors, false, tile); \
	} \
	static void sums_##rows##x##vectors(const struct cpu_qgemm_tile *tile) \
	{ \
		qgemm(rows, vectors, true, tile); \
	}
#define TILE_ROWS(rows) TILE(rows, 1) TILE(rows, 2)
#define ENTRY(rows) [rows - 1] = { qgemm_##rows##x1, qgemm_##rows##x2 },
#define ENTRY_SUMS(rows) [rows - 1] = { sums_##rows##x1, sums_##rows##x2 },

#if ROWS == 12
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12)
#elif ROWS == 6
#define TILES(X) X(1) X(2) X(3) X(4) X(5) X(6)
#else
#define TILES(X) X(1) X(2) X(3) X(4)
#endif

TILES(TILE_ROWS)

const struct cpu_qgemm_kernels CPU_NAME(cpu_qgemm) = {
	.group = GROUP,
	.lanes = VF_LANES,
	.rows = ROWS,
	.vectors = VECTORS,
	.tile = { TILES(ENTRY) },
	.sums = { TILES(ENTRY_SUMS) },
	.gather = qgemm_gather,
};
