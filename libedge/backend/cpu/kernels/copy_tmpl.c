// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/copy.h"
#include "backend/cpu/kernels/simd.h"

static void copy_straight(const struct cpu_copy_rows *rows)
{
	for (int64_t r = 0; r < rows->num_rows; r++) {
		const float *x = rows->x + r * rows->x_pitch;
		float *y = rows->y + r * rows->y_pitch;

		for (int64_t i = 0; i < rows->num; i += VF_LANES)
			vf_store_upto(y + i, vf_load_upto(x + i, rows->num - i), rows->num - i);
	}
}

/* Blocks of 4 x 4, which every instruction set turns in eight shuffles. */
#define BLOCK 4

typedef float four __attribute__((vector_size(16), aligned(4), may_alias));

CPU_INLINE void transpose_block(float *y, int64_t y_pitch, const float *x, int64_t x_pitch)
{
	four a = *(const four *)x, b = *(const four *)(x + x_pitch);
	four c = *(const four *)(x + 2 * x_pitch), d = *(const four *)(x + 3 * x_pitch);
	four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
	four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);

	*(four *)y = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
	*(four *)(y + y_pitch) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
	ab = __builtin_shufflevector(a, b, 2, 6, 3, 7);
	cd = __builtin_shufflevector(c, d, 2, 6, 3, 7);
	*(four *)(y + 2 * y_pitch) = __builtin_shufflevector(ab, cd, 0, 1, 4, 5);
	*(four *)(y + 3 * y_pitch) = __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/* Two sources into one row after the other: a channel shuffle of two groups. */
static void interleave(const struct cpu_copy_rows *rows)
{
	const float *a = rows->x, *b = a + rows->x_pitch;
	int64_t r = 0;

	for (; rows->y_pitch == 2 && r + BLOCK <= rows->num_rows; r += BLOCK) {
		four even = *(const four *)(a + r), odd = *(const four *)(b + r);
		float *y = rows->y + 2 * r;

		*(four *)y = __builtin_shufflevector(even, odd, 0, 4, 1, 5);
		*(four *)(y + 4) = __builtin_shufflevector(even, odd, 2, 6, 3, 7);
	}
	for (; r < rows->num_rows; r++) {
		rows->y[r * rows->y_pitch] = a[r];
		rows->y[r * rows->y_pitch + 1] = b[r];
	}
}

static void transpose_rest(const struct cpu_copy_rows *rows, int64_t first_row, int64_t end_row,
			   int64_t first, int64_t end)
{
	for (int64_t r = first_row; r < end_row; r++)
		for (int64_t i = first; i < end; i++)
			rows->y[r * rows->y_pitch + i] = rows->x[i * rows->x_pitch + r];
}

/* In strips of as many rows as a cache line of x holds, which is so read once. */
#define STRIP 16

static void copy_transpose(const struct cpu_copy_rows *rows)
{
	const int64_t whole = rows->num / BLOCK * BLOCK;

	if (rows->num == 2) {
		interleave(rows);
		return;
	}
	for (int64_t strip = 0; strip < rows->num_rows; strip += STRIP) {
		const int64_t left = rows->num_rows - strip;
		const int64_t end = strip + (left < STRIP ? left / BLOCK * BLOCK : STRIP);
		const int64_t last = left < STRIP ? rows->num_rows : end;

		for (int64_t i = 0; i < whole; i += BLOCK)
			for (int64_t r = strip; r < end; r += BLOCK)
				transpose_block(rows->y + r * rows->y_pitch + i, rows->y_pitch,
						rows->x + i * rows->x_pitch + r, rows->x_pitch);
		transpose_rest(rows, end, last, 0, whole);
		transpose_rest(rows, strip, last, whole, rows->num);
	}
}

const struct cpu_copy_kernels CPU_NAME(cpu_copy) = {
	.straight = copy_straight,
	.transpose = copy_transpose,
};
