/* SPDX-License-Identifier: MIT */
/* y = table[x], x a byte, for tables of all 256 bytes. */
#ifndef EDGE_BACKEND_CPU_KERNELS_LOOKUP_H
#define EDGE_BACKEND_CPU_KERNELS_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "backend/cpu/kernels/kernels.h"

/* Bits of a line's values that are behind the point. */
#define CPU_LOOKUP_LINE_BITS 6

/**
 * struct cpu_lookup_line - at x it is (x * 256 + @fraction) * @slope / 65536 + @offset, rounded down, in
 *	16 bits
 */
struct cpu_lookup_line {
	uint16_t slope;
	int16_t offset;
	uint8_t fraction;
};

/**
 * struct cpu_lookup_table - a table of bytes
 * @links: what the vector instructions read instead; see cpu_lookup_table_init()
 * @has_lines: every entry is the higher of two lines, rounded down, or 0 or 255 if that is beyond
 */
struct cpu_lookup_table {
	uint8_t entries[256];
	uint8_t links[256];
	bool has_lines;
	struct cpu_lookup_line lines[2];
};

/**
 * struct cpu_lookup_rows - one call
 * @table: struct cpu_lookup_table, or 256 floats
 * @y, @x: @num_rows rows of @num elements side by side; bytes may be looked up in place
 * @y_pitch, @x_pitch: from one row to the next, in elements
 */
struct cpu_lookup_rows {
	const void *table;
	void *y;
	const uint8_t *x;
	int64_t y_pitch, x_pitch;
	int64_t num_rows, num;
};

struct cpu_lookup_kernels {
	void (*bytes)(const struct cpu_lookup_rows *rows);
	void (*floats)(const struct cpu_lookup_rows *rows);
};

/*
 * Instructions look up 16 entries, and give 0 for indices above 127. So entries are taken 32 by 32, a
 * bit of the index choosing between two times 16; 32 are taken off the index each time, and the results
 * joined by exclusive or: index x has then met its own 32 and up to three times 32 before them, the
 * others having seen it above 127 or, once signed subtraction saturates, below 0. Links are such that
 * this makes its entry.
 */
void cpu_lookup_table_init(struct cpu_lookup_table *table, const uint8_t *entries);

#endif
