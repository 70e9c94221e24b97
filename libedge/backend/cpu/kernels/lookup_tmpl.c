// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/lookup.h"
#include "backend/cpu/kernels/simd.h"

static void few_bytes(uint8_t *y, const uint8_t *x, int64_t num, const uint8_t *entries)
{
	for (int64_t i = 0; i < num; i++)
		y[i] = entries[x[i]];
}

#ifdef CPU_HAS_SHUFFLE_BYTES
/* Vectors that share a table as it is loaded. */
#define VECTORS 2

/* Which of two blocks an index is in, bit 4 says. */
CPU_INLINE void follow_links(const int vectors, vb *a, const uint8_t *links)
{
	const vb blocks = vb_set1(32);
	vb all[VECTORS], odd[VECTORS];

	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		odd[v] = vs_shift_left(a[v], 3);
	CPU_UNROLL
	for (int b = 0; b < 8; b++) {
		const vb first = vb_repeat16(links + 32 * b);
		const vb second = vb_repeat16(links + 32 * b + 16);

		CPU_UNROLL
		for (int v = 0; v < vectors; v++) {
			vb found;

			if (b)
				a[v] = b <= 4 ? vb_sub(a[v], blocks) : vb_sub_signed(a[v], blocks);
			found = vb_select(odd[v], vb_shuffle16(second, a[v]),
					  vb_shuffle16(first, a[v]));
			all[v] = b ? vb_xor(all[v], found) : found;
		}
	}
	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		a[v] = all[v];
}

struct line {
	vs slope, offset;
	vb fraction;
};

CPU_INLINE struct line line_of(const struct cpu_lookup_line *line)
{
	return (struct line) {
		.slope = vs_set1((int16_t)line->slope),
		.offset = vs_set1(line->offset),
		.fraction = vb_set1(line->fraction),
	};
}

/* What a table is read from; lines are there where it has them. */
struct source {
	const uint8_t *links;
	struct line lines[2];
};

CPU_INLINE struct source source_of(const struct cpu_lookup_table *table)
{
	return (struct source) {
		.links = table->links,
		.lines = { line_of(&table->lines[0]), line_of(&table->lines[1]) },
	};
}

CPU_INLINE vs line_at(const struct line *line, vs x)
{
	return vs_add(vs_high_product(x, line->slope), line->offset);
}

CPU_INLINE vb follow_lines(const struct line *lines, vb x)
{
	const vs low = vs_max(line_at(&lines[0], vb_zip16_low(lines[0].fraction, x)),
			      line_at(&lines[1], vb_zip16_low(lines[1].fraction, x)));
	const vs high = vs_max(line_at(&lines[0], vb_zip16_high(lines[0].fraction, x)),
			       line_at(&lines[1], vb_zip16_high(lines[1].fraction, x)));

	return vs_pack16(vs_shift_right(low, CPU_LOOKUP_LINE_BITS),
			 vs_shift_right(high, CPU_LOOKUP_LINE_BITS));
}

CPU_INLINE void look_up(const bool lines, const int vectors, vb *a, const struct source *source)
{
	if (!lines) {
		follow_links(vectors, a, source->links);
		return;
	}
	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		a[v] = follow_lines(source->lines, a[v]);
}

/* The last vector overlaps with the one before; in place it must be read before that is written. */
CPU_INLINE void row_bytes(const bool lines, uint8_t *y, const uint8_t *x, int64_t num,
			  const struct source *source)
{
	int64_t i = 0;
	vb last;

	last = vb_load(x + num - VB_LANES);
	for (; i + VECTORS * VB_LANES <= num; i += VECTORS * VB_LANES) {
		vb a[VECTORS];

		CPU_UNROLL
		for (int v = 0; v < VECTORS; v++)
			a[v] = vb_load(x + i + v * VB_LANES);
		look_up(lines, VECTORS, a, source);
		CPU_UNROLL
		for (int v = 0; v < VECTORS; v++)
			vb_store(y + i + v * VB_LANES, a[v]);
	}
	for (; i + VB_LANES <= num; i += VB_LANES) {
		vb a = vb_load(x + i);

		look_up(lines, 1, &a, source);
		vb_store(y + i, a);
	}
	if (i < num) {
		look_up(lines, 1, &last, source);
		vb_store(y + num - VB_LANES, last);
	}
}

#define HALF (VB_LANES / 2)

/* Rows of half a vector of bytes or more, but not a whole one, several together. Halves of a vector
 * are two rows, or both ends of one. */
CPU_INLINE int64_t short_rows(const bool lines, const struct cpu_lookup_rows *rows,
			      const struct source *source)
{
	const bool two = rows->num == HALF;
	const int64_t step = two ? 2 : 1, x_half = two ? rows->x_pitch : rows->num - HALF;
	const int64_t y_half = two ? rows->y_pitch : rows->num - HALF;
	const int64_t x_step = step * rows->x_pitch, y_step = step * rows->y_pitch;
	int64_t r = 0;

	for (; r + VECTORS * step <= rows->num_rows; r += VECTORS * step) {
		const uint8_t *x = rows->x + r * rows->x_pitch;
		uint8_t *y = (uint8_t *)rows->y + r * rows->y_pitch;
		vb a[VECTORS];

		CPU_UNROLL
		for (int v = 0; v < VECTORS; v++)
			a[v] = vb_load_halves(x + v * x_step, x + v * x_step + x_half);
		look_up(lines, VECTORS, a, source);
		CPU_UNROLL
		for (int v = 0; v < VECTORS; v++)
			vb_store_halves(y + v * y_step, y + v * y_step + y_half, a[v]);
	}
	return r;
}

CPU_INLINE void vector_rows(const bool lines, const struct cpu_lookup_rows *rows)
{
	const struct cpu_lookup_table *table = rows->table;
	const struct source source = source_of(table);
	int64_t r = 0;

	if (rows->num >= HALF && rows->num < VB_LANES)
		r = short_rows(lines, rows, &source);
	for (; r < rows->num_rows; r++) {
		const uint8_t *x = rows->x + r * rows->x_pitch;
		uint8_t *y = (uint8_t *)rows->y + r * rows->y_pitch;

		if (rows->num < VB_LANES)
			few_bytes(y, x, rows->num, table->entries);
		else
			row_bytes(lines, y, x, rows->num, &source);
	}
}

static void lookup_bytes(const struct cpu_lookup_rows *rows)
{
	const struct cpu_lookup_table *table = rows->table;

	if (table->has_lines)
		vector_rows(true, rows);
	else
		vector_rows(false, rows);
}
#else
static void lookup_bytes(const struct cpu_lookup_rows *rows)
{
	const struct cpu_lookup_table *table = rows->table;

	for (int64_t r = 0; r < rows->num_rows; r++)
		few_bytes((uint8_t *)rows->y + r * rows->y_pitch, rows->x + r * rows->x_pitch,
			  rows->num, table->entries);
}
#endif

static void lookup_floats(const struct cpu_lookup_rows *rows)
{
	const float *table = rows->table;

	for (int64_t r = 0; r < rows->num_rows; r++) {
		const uint8_t *x = rows->x + r * rows->x_pitch;
		float *y = (float *)rows->y + r * rows->y_pitch;

		for (int64_t i = 0; i < rows->num; i++)
			y[i] = table[x[i]];
	}
}

const struct cpu_lookup_kernels CPU_NAME(cpu_lookup) = {
	.bytes = lookup_bytes,
	.floats = lookup_floats,
};
