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

typedef float two __attribute__((vector_size(8), aligned(4), may_alias));
typedef float four __attribute__((vector_size(16), aligned(4), may_alias));

#define STORE_HALVES(y, y_pitch, rows) \
	(*(two *)(y) = __builtin_shufflevector(rows, rows, 0, 1), \
	 *(two *)((y) + (y_pitch)) = __builtin_shufflevector(rows, rows, 2, 3))

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

/* One to three elements of four rows. */
CPU_INLINE void transpose_few(float *y, int64_t y_pitch, const float *x, int64_t x_pitch,
			      int64_t num)
{
	if (num >= 2) {
		four a = *(const four *)x, b = *(const four *)(x + x_pitch);
		four low = __builtin_shufflevector(a, b, 0, 4, 1, 5);
		four high = __builtin_shufflevector(a, b, 2, 6, 3, 7);

		if (y_pitch == 2) { /* a shuffle of two groups of channels */
			*(four *)y = low;
			*(four *)(y + 4) = high;
		} else {
			STORE_HALVES(y, y_pitch, low);
			STORE_HALVES(y + 2 * y_pitch, y_pitch, high);
		}
	}
	if (num & 1) {
		x += (num - 1) * x_pitch;
		y += num - 1;
		for (int64_t r = 0; r < BLOCK; r++)
			y[r * y_pitch] = x[r];
	}
}

/* Rows of whole blocks are taken in strips of as many as a cache line of x holds elements, which is
 * so read once. */
#define STRIP 16

static void copy_transpose(const struct cpu_copy_rows *rows)
{
	const int64_t y_pitch = rows->y_pitch, x_pitch = rows->x_pitch, num = rows->num;
	const int64_t whole = rows->num_rows / BLOCK * BLOCK;
	const int64_t strip_size = num < BLOCK ? whole : STRIP;

	for (int64_t strip = 0; strip < whole; strip += strip_size) {
		const int64_t end = strip + strip_size < whole ? strip + strip_size : whole;
		int64_t i = 0;

		for (; i + BLOCK <= num; i += BLOCK) {
			for (int64_t r = strip; r < end; r += BLOCK)
				transpose_block(rows->y + r * y_pitch + i, y_pitch,
						rows->x + i * x_pitch + r, x_pitch);
		}
		for (int64_t r = strip; i < num && r < end; r += BLOCK)
			transpose_few(rows->y + r * y_pitch + i, y_pitch, rows->x + i * x_pitch + r,
				      x_pitch, num - i);
	}
	for (int64_t r = whole; r < rows->num_rows; r++) {
		for (int64_t i = 0; i < num; i++)
			rows->y[r * y_pitch + i] = rows->x[i * x_pitch + r];
	}
}

const struct cpu_copy_kernels CPU_NAME(cpu_copy) = {
	.straight = copy_straight,
	.transpose = copy_transpose,
};
