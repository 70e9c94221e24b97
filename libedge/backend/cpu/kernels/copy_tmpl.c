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

#define LOAD_HALVES(x, x_pitch) \
	__builtin_shufflevector(*(const two *)(x), *(const two *)((x) + (x_pitch)), 0, 1, 2, 3)
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

		STORE_HALVES(y, y_pitch, low);
		STORE_HALVES(y + 2 * y_pitch, y_pitch, high);
	}
	if (num & 1) {
		x += (num - 1) * x_pitch;
		y += num - 1;
		for (int64_t r = 0; r < BLOCK; r++)
			y[r * y_pitch] = x[r];
	}
}

/* Four elements of one to three rows. */
CPU_INLINE void transpose_few_rows(float *y, int64_t y_pitch, const float *x, int64_t x_pitch,
				   int64_t num_rows)
{
	if (num_rows >= 2) {
		four low = LOAD_HALVES(x, x_pitch), high = LOAD_HALVES(x + 2 * x_pitch, x_pitch);

		*(four *)y = __builtin_shufflevector(low, high, 0, 2, 4, 6);
		*(four *)(y + y_pitch) = __builtin_shufflevector(low, high, 1, 3, 5, 7);
	}
	if (num_rows & 1) {
		x += num_rows - 1;
		y += (num_rows - 1) * y_pitch;
		for (int64_t i = 0; i < BLOCK; i++)
			y[i] = x[i * x_pitch];
	}
}

/* The rows from @first on, fewer than a block. */
static void transpose_last_rows(const struct cpu_copy_rows *rows, int64_t first)
{
	const int64_t num_rows = rows->num_rows - first;
	const float *x = rows->x + first;
	float *y = rows->y + first * rows->y_pitch;
	int64_t i = 0;

	for (; num_rows && i + BLOCK <= rows->num; i += BLOCK)
		transpose_few_rows(y + i, rows->y_pitch, x + i * rows->x_pitch, rows->x_pitch,
				   num_rows);
	for (; i < rows->num; i++) {
		for (int64_t r = 0; r < num_rows; r++)
			y[r * rows->y_pitch + i] = x[i * rows->x_pitch + r];
	}
}

/* A shuffle of two groups of channels: two columns become rows of two elements. */
static void zip(const struct cpu_copy_rows *rows)
{
	const float *a = rows->x, *b = a + rows->x_pitch;

	for (int64_t r = 0; r < rows->num_rows; r += VF_LANES) {
		const int64_t n = rows->num_rows - r;
		vf even = vf_load_upto(a + r, n), odd = vf_load_upto(b + r, n);
		float *y = rows->y + 2 * r;

		vf_store_upto(y, vf_zip_low(even, odd), 2 * n);
		if (2 * n > VF_LANES)
			vf_store_upto(y + VF_LANES, vf_zip_high(even, odd), 2 * n - VF_LANES);
	}
}

/* The other way round. */
static void unzip(const struct cpu_copy_rows *rows)
{
	float *a = rows->y, *b = a + rows->y_pitch;

	for (int64_t i = 0; i < rows->num; i += VF_LANES) {
		const int64_t n = rows->num - i;
		const float *x = rows->x + 2 * i;
		vf low = vf_load_upto(x, 2 * n);
		vf high = 2 * n > VF_LANES ? vf_load_upto(x + VF_LANES, 2 * n - VF_LANES) : low;

		vf_store_upto(a + i, vf_even(low, high), n);
		vf_store_upto(b + i, vf_odd(low, high), n);
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

	if (num == 2 && y_pitch == 2) {
		zip(rows);
		return;
	}
	if (rows->num_rows == 2 && x_pitch == 2) {
		unzip(rows);
		return;
	}
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
	transpose_last_rows(rows, whole);
}

const struct cpu_copy_kernels CPU_NAME(cpu_copy) = {
	.straight = copy_straight,
	.transpose = copy_transpose,
};
