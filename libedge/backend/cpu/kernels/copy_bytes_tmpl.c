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

#define INTERLEAVED(low, high, first) \
	__builtin_shufflevector(low, high, first, first + 2, first + 4, first + 6, first + 8, \
				first + 10, first + 12, first + 14, first + 16, first + 18, \
				first + 20, first + 22, first + 24, first + 26, first + 28, \
				first + 30)

CPU_INLINE void zip16(uint8_t *y, const uint8_t *a, const uint8_t *b)
{
	const whole even = *(const whole *)a, odd = *(const whole *)b;

	*(whole *)y = zip_low(even, odd);
	*(whole *)(y + 16) = zip_high(even, odd);
}

/* A shuffle of two groups of channels: two columns become rows of two bytes. The last rows are done
 * once more with some before them. */
static void zip(const struct cpu_copy_bytes_rows *rows)
{
	const uint8_t *a = rows->x, *b = a + rows->x_pitch;
	const int64_t num_rows = rows->num_rows;
	uint8_t *y = rows->y;

	if (num_rows < 16) {
		transpose_part(rows, 0, num_rows, 0, 2);
		return;
	}
	for (int64_t r = 0; r + 16 < num_rows; r += 16)
		zip16(y + 2 * r, a + r, b + r);
	zip16(y + 2 * (num_rows - 16), a + num_rows - 16, b + num_rows - 16);
}

CPU_INLINE void unzip16(uint8_t *a, uint8_t *b, const uint8_t *x)
{
	const whole low = *(const whole *)x, high = *(const whole *)(x + 16);

	*(whole *)a = INTERLEAVED(low, high, 0);
	*(whole *)b = INTERLEAVED(low, high, 1);
}

/* The other way round. */
static void unzip(const struct cpu_copy_bytes_rows *rows)
{
	uint8_t *a = rows->y, *b = a + rows->y_pitch;
	const int64_t num = rows->num;
	const uint8_t *x = rows->x;

	if (num < 16) {
		transpose_part(rows, 0, 2, 0, num);
		return;
	}
	for (int64_t i = 0; i + 16 < num; i += 16)
		unzip16(a + i, b + i, x + 2 * i);
	unzip16(a + num - 16, b + num - 16, x + 2 * (num - 16));
}

/* Planes of three colours become pixels, 16 at a time: place i of the 48 is byte i / 3 of plane
 * i % 3. */
static void zip_three(const struct cpu_copy_bytes_rows *rows)
{
	const uint8_t *x = rows->x;
	const int64_t pitch = rows->x_pitch;
	int64_t r = 0;

	for (; r + 16 <= rows->num_rows; r += 16) {
		const whole a = *(const whole *)(x + r), b = *(const whole *)(x + pitch + r);
		const whole c = *(const whole *)(x + 2 * pitch + r);
		const whole first = __builtin_shufflevector(a, b, 0, 16, 0, 1, 17, 0, 2, 18, 0, 3,
							    19, 0, 4, 20, 0, 5);
		const whole second = __builtin_shufflevector(a, b, 21, 0, 6, 22, 0, 7, 23, 0, 8, 24,
							     0, 9, 25, 0, 10, 26);
		const whole third = __builtin_shufflevector(a, b, 0, 11, 27, 0, 12, 28, 0, 13, 29,
							    0, 14, 30, 0, 15, 31, 0);
		whole *y = (whole *)(rows->y + 3 * r);

		y[0] = __builtin_shufflevector(first, c, 0, 1, 16, 3, 4, 17, 6, 7, 18, 9, 10, 19,
					       12, 13, 20, 15);
		y[1] = __builtin_shufflevector(second, c, 0, 21, 2, 3, 22, 5, 6, 23, 8, 9, 24, 11,
					       12, 25, 14, 15);
		y[2] = __builtin_shufflevector(third, c, 26, 1, 2, 27, 4, 5, 28, 7, 8, 29, 10, 11,
					       30, 13, 14, 31);
	}
	transpose_part(rows, r, rows->num_rows - r, 0, 3);
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
	if (rows->num == 3 && rows->y_pitch == 3) {
		zip_three(rows);
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

/* Every second byte as even ones of vectors, of which the last may not reach beyond the row. */
static void copy_strided(const struct cpu_copy_bytes_rows *rows, int64_t step)
{
	const int64_t num = rows->num;

	for (int64_t r = 0; r < rows->num_rows; r++) {
		const uint8_t *x = rows->x + r * rows->x_pitch;
		uint8_t *y = rows->y + r * rows->y_pitch;
		int64_t i = 0;

		for (; step == 2 && i + 16 < num; i += 16) {
			const whole low = *(const whole *)(x + 2 * i);
			const whole high = *(const whole *)(x + 2 * i + 16);

			*(whole *)(y + i) = INTERLEAVED(low, high, 0);
		}
		for (; i < num; i++)
			y[i] = x[i * step];
	}
}

const struct cpu_copy_bytes_kernels CPU_NAME(cpu_copy_bytes) = {
	.straight = copy_straight,
	.transpose = copy_transpose,
	.strided = copy_strided,
};
