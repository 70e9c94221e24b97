// SPDX-License-Identifier: MIT
/*
 * Tables of activation functions that are straight on either side of 0, such as LeakyReLU, are exactly
 * what a few operations on 16-bit integers give, which take a third of the instructions. Whether a
 * table is such a one shows when all its entries have been compared.
 */
#include "backend/cpu/kernels/lookup.h"

#include <stdlib.h>

/* Of an entry, in units of the last bit of x * slope. */
#define ENTRY (1 << (8 + CPU_LOOKUP_LINE_BITS))

/* How far from the corner that was found the right one may be. */
#define MOST_TRIES 5

/* By how much entries of a line may differ from those between its ends, rounded as all of them are. */
#define MOST_BEND 2

/* Entries @first to @last. */
struct range {
	const uint8_t *entries;
	int first, last;
};

/**
 * struct offsets - of a line with a certain slope that make all of a range's entries
 * @least: any from this on, and less than @end; none if that is not more
 */
struct offsets {
	int64_t least, end;
};

static struct offsets offsets_of(const struct range *range, int slope)
{
	struct offsets offsets = { INT32_MIN, INT32_MAX };

	for (int x = range->first; x <= range->last; x++) {
		const int64_t least = (int64_t)range->entries[x] * ENTRY - (int64_t)slope * x;

		if (range->entries[x] > 0 && least > offsets.least)
			offsets.least = least;
		if (range->entries[x] < UINT8_MAX && least + ENTRY < offsets.end)
			offsets.end = least + ENTRY;
	}
	return offsets;
}

static int64_t width_of(const struct range *range, int slope)
{
	const struct offsets offsets = offsets_of(range, slope);

	return offsets.end - offsets.least;
}

/* The slope that leaves most offsets, which has no other summit. */
static int slope_of(const struct range *range)
{
	int low = 0, high = UINT16_MAX;

	while (low < high) {
		const int slope = (low + high) / 2;

		if (width_of(range, slope) < width_of(range, slope + 1))
			low = slope + 1;
		else
			high = slope;
	}
	return low;
}

/* Of the offsets that remain the middle one, or one near if the range is all 0 or 255. */
static bool find_line(const struct range *range, struct cpu_lookup_line *line)
{
	const int slope = slope_of(range);
	struct offsets offsets = offsets_of(range, slope);
	int64_t middle, fraction;

	if (offsets.end <= offsets.least)
		return false;
	if (offsets.least == INT32_MIN)
		offsets.least = offsets.end - ENTRY;
	else if (offsets.end == INT32_MAX)
		offsets.end = offsets.least + ENTRY;
	middle = (offsets.least + offsets.end) / 2;
	fraction = slope ? (middle & 0xff) * 256 / slope : 0;
	*line = (struct cpu_lookup_line) {
		.slope = (uint16_t)slope,
		.offset = (int16_t)(middle >> 8),
		.fraction = (uint8_t)(fraction > UINT8_MAX ? UINT8_MAX : fraction),
	};
	return middle >> 8 >= INT16_MIN && middle >> 8 <= INT16_MAX;
}

static int16_t line_at(const struct cpu_lookup_line *line, int x)
{
	const uint32_t product = (uint32_t)(x << 8 | line->fraction) * line->slope;

	return (int16_t)(uint16_t)((product >> 16) + (uint16_t)line->offset);
}

static bool are_lines(const uint8_t *entries, const struct cpu_lookup_line *lines)
{
	for (int x = 0; x < 256; x++) {
		const int16_t a = line_at(&lines[0], x), b = line_at(&lines[1], x);
		const int entry = (a > b ? a : b) >> CPU_LOOKUP_LINE_BITS;

		if (entries[x] != (entry < 0 ? 0 : entry > UINT8_MAX ? UINT8_MAX : entry))
			return false;
	}
	return true;
}

/* How far the entry at @x lies below the straight line between the ends, times its length. */
static int bend_at(const struct range *range, int x)
{
	const uint8_t *from = range->entries + range->first;

	return (range->entries[range->last] - *from) * (x - range->first) -
	       (range->entries[x] - *from) * (range->last - range->first);
}

static bool is_straight(const struct range *range)
{
	for (int x = range->first; x <= range->last; x++) {
		if (abs(bend_at(range, x)) > MOST_BEND * (range->last - range->first))
			return false;
	}
	return true;
}

/* Where one line gives way to the other, which is where a table bends most. @inner: without entries
 * at the ends that are 0 and 255 and so say nothing of the line. */
static int corner_of(const struct range *inner)
{
	int corner = inner->first;

	for (int x = inner->first; x <= inner->last; x++) {
		if (bend_at(inner, x) > bend_at(inner, corner))
			corner = x;
	}
	return corner;
}

static bool find_lines(const uint8_t *entries, struct cpu_lookup_line *lines)
{
	struct range inner = { entries, 0, 255 };
	int corner;

	while (inner.first < 255 && !entries[inner.first + 1])
		inner.first++;
	while (inner.last > 0 && entries[inner.last - 1] == UINT8_MAX)
		inner.last--;
	if (inner.first >= inner.last)
		return false;
	corner = corner_of(&inner);
	if (!is_straight(&(struct range) { entries, inner.first, corner }) ||
	    !is_straight(&(struct range) { entries, corner, inner.last }))
		return false;
	for (int i = 0; i < MOST_TRIES; i++) {
		const int first = corner + (i & 1 ? (i + 1) / 2 : -i / 2);

		/* The lower line may be there for nothing but entries of 0. */
		lines[0] = (struct cpu_lookup_line) { .offset = INT16_MIN };
		if (first < 0 || first > 255 ||
		    (first && !find_line(&(struct range) { entries, 0, first - 1 }, &lines[0])))
			continue;
		if (find_line(&(struct range) { entries, first, 255 }, &lines[1]) &&
		    are_lines(entries, lines))
			return true;
	}
	return false;
}

void cpu_lookup_table_init(struct cpu_lookup_table *table, const uint8_t *entries)
{
	memcpy(table->entries, entries, sizeof(table->entries));
	for (int i = 0; i < 256; i++) {
		table->links[i] = entries[i];
		if (i >= 32)
			table->links[i] ^= entries[i - 32];
		if (i >= 128)
			table->links[i] ^= table->links[i - 128];
	}
	table->has_lines = find_lines(entries, table->lines);
}
