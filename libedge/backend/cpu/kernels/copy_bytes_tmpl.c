// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/copy_bytes.h"
#include "backend/cpu/kernels/simd.h"

/* Every instruction set shuffles 16 bytes, and wider ones no better. */
typedef uint8_t half __attribute__((vector_size(8), aligned(1), may_alias));
typedef uint8_t whole __attribute__((vector_size(16), aligned(1), may_alias));

#define BLOCK 8

static void copy_straight(const struct cpu_copy_bytes_rows *rows)
{
	for (int64_t r = 0; r < rows->num_rows; r++)
		memcpy(rows->y + r * rows->y_pitch, rows->x + r * rows->x_pitch, rows->num);
}

/* a[0], b[0], a[1], b[1], ... */
CPU_INLINE whole zip_low(whole a, whole b)
{
	return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7,
				       23);
}

CPU_INLINE whole zip_high(whole a, whole b)
{
	return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30,
				       15, 31);
}

CPU_INLINE whole load_halves(const uint8_t *a, const uint8_t *b)
{
	return __builtin_shufflevector(*(const half *)a, *(const half *)b, 0, 1, 2, 3, 4, 5, 6, 7,
				       8, 9, 10, 11, 12, 13, 14, 15);
}

CPU_INLINE void store_halves(uint8_t *y, int64_t pitch, whole a)
{
	*(half *)y = __builtin_shufflevector(a, a, 0, 1, 2, 3, 4, 5, 6, 7);
	*(half *)(y + pitch) = __builtin_shufflevector(a, a, 8, 9, 10, 11, 12, 13, 14, 15);
}

/* Of the six bits of a byte's place, three for the row and three for the column, a zip of the first
 * half with the second makes the foremost the last one: after three the two have changed places. */
CPU_INLINE void transpose_block(uint8_t *y, int64_t y_pitch, const uint8_t *x, int64_t x_pitch)
{
	whole a = load_halves(x, x + x_pitch);
	whole b = load_halves(x + 2 * x_pitch, x + 3 * x_pitch);
	whole c = load_halves(x + 4 * x_pitch, x + 5 * x_pitch);
	whole d = load_halves(x + 6 * x_pitch, x + 7 * x_pitch);

	for (int i = 0; i < 3; i++) {
		const whole e = zip_low(a, c), f = zip_high(a, c);
		const whole g = zip_low(b, d), h = zip_high(b, d);

		a = e;
		b = f;
		c = g;
		d = h;
	}
	store_halves(y, y_pitch, a);
	store_halves(y + 2 * y_pitch, y_pitch, b);
	store_halves(y + 4 * y_pitch, y_pitch, c);
	store_halves(y + 6 * y_pitch, y_pitch, d);
}

/* Elements @first to @end - 1 of rows @row to @row + @count - 1. */
static void transpose_part(const struct cpu_copy_bytes_rows *rows, int64_t row, int64_t count,
			   int64_t first, int64_t end)
{
	for (int64_t i = first; i < end; i++) {
		const uint8_t *x = rows->x + i * rows->x_pitch + row;
		uint8_t *y = rows->y + row * rows->y_pitch + i;

		for (int64_t r = 0; r < count; r++)
			y[r * rows->y_pitch] = x[r];
	}
}

/* A shuffle of two groups of channels: two columns become rows of two bytes. */
static void zip(const struct cpu_copy_bytes_rows *rows)
{
	const uint8_t *a = rows->x, *b = a + rows->x_pitch;
	int64_t r = 0;

	for (; r + 16 <= rows->num_rows; r += 16) {
		const whole even = *(const whole *)(a + r), odd = *(const whole *)(b + r);

		*(whole *)(rows->y + 2 * r) = zip_low(even, odd);
		*(whole *)(rows->y + 2 * r + 16) = zip_high(even, odd);
	}
	transpose_part(rows, r, rows->num_rows - r, 0, 2);
}

/* The other way round. */
static void unzip(const struct cpu_copy_bytes_rows *rows)
{
	uint8_t *a = rows->y, *b = a + rows->y_pitch;
	int64_t i = 0;

	for (; i + 16 <= rows->num; i += 16) {
		const whole low = *(const whole *)(rows->x + 2 * i);
		const whole high = *(const whole *)(rows->x + 2 * i + 16);

		*(whole *)(a + i) = __builtin_shufflevector(low, high, 0, 2, 4, 6, 8, 10, 12, 14,
							    16, 18, 20, 22, 24, 26, 28, 30);
		*(whole *)(b + i) = __builtin_shufflevector(low, high, 1, 3, 5, 7, 9, 11, 13, 15,
							    17, 19, 21, 23, 25, 27, 29, 31);
	}
	transpose_part(rows, 0, 2, i, rows->num);
}

/* A cache line of x is so many rows, which are taken together. */
#define STRIP 64

static void copy_transpose(const struct cpu_copy_bytes_rows *rows)
{
	const int64_t num_rows = rows->num_rows / BLOCK * BLOCK, num = rows->num / BLOCK * BLOCK;

	if (rows->num == 2 && rows->y_pitch == 2) {
		zip(rows);
		return;
	}
	if (rows->num_rows == 2 && rows->x_pitch == 2) {
		unzip(rows);
		return;
	}
	for (int64_t strip = 0; strip < num_rows; strip += STRIP) {
		const int64_t end = strip + STRIP < num_rows ? strip + STRIP : num_rows;

		for (int64_t i = 0; i < num; i += BLOCK) {
			for (int64_t r = strip; r < end; r += BLOCK)
				transpose_block(rows->y + r * rows->y_pitch + i, rows->y_pitch,
						rows->x + i * rows->x_pitch + r, rows->x_pitch);
		}
		transpose_part(rows, strip, end - strip, num, rows->num);
	}
	transpose_part(rows, num_rows, rows->num_rows - num_rows, 0, rows->num);
}

const struct cpu_copy_bytes_kernels CPU_NAME(cpu_copy_bytes) = {
	.straight = copy_straight,
	.transpose = copy_transpose,
};
