// SPDX-License-Identifier: MIT
/*
 * Products of bf16 against the arithmetic that Intel documents for VDPBF16PS, and rounding against
 * that of VCVTNEPS2BF16. What computes the former with instructions for f32 must give every bit;
 * the instruction itself may differ by what rounding does to sums, but not where sums are exact.
 */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/cpu/kernels/bgemm.h"
#include "check.h"
#include "edge/cpu.h"

#define MAX_TAPS 9
#define MAX_ROWS CPU_BGEMM_MAX_ROWS
#define HALVES 2

/* Factors of a tile: any, of which sums are rounded; small integers, whose sums are exact in any
 * order; or such that many sums come near the denormal numbers or become some. */
enum factors { ANY, INTEGERS, TINY, NUM_FACTORS };

static float from_bf16(uint16_t half)
{
	const uint32_t bits = (uint32_t)half << 16;
	float value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

static uint32_t bits_of(float value)
{
	uint32_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return bits;
}

/* A finite bf16 that is no denormal. */
static uint16_t any_half(enum factors factors)
{
	const uint16_t sign = (uint16_t)(check_random() << 15);
	const int exponent = factors == TINY ? (int)check_between(60, 66)
					     : (int)check_between(117, 130);

	if (factors == INTEGERS)
		return (uint16_t)(bits_of((float)check_between(-8, 8)) >> 16);
	return (uint16_t)(sign | exponent << 7 | check_between(0, 127));
}

static void fill(uint16_t *halves, int64_t count, enum factors factors)
{
	for (int64_t i = 0; i < count; i++)
		halves[i] = any_half(factors);
}

static uint16_t *alloc_halves(int64_t count, enum factors factors)
{
	uint16_t *halves = (uint16_t *)check_alloc_bytes(count * (int64_t)sizeof(*halves));

	fill(halves, count, factors);
	return halves;
}

/* Biases of the same kind, then groups. */
static int32_t *alloc_panel(int64_t groups, int64_t width, enum factors factors)
{
	const int64_t words = (groups + 1) * width;
	int32_t *panel = (int32_t *)alloc_halves(HALVES * words, factors);

	for (int64_t j = 0; j < width; j++) {
		float bias = from_bf16(any_half(factors)) * (factors == INTEGERS ? 1 : 1.001f);

		if (factors == TINY)
			bias = ldexpf(check_uniform(), (int)check_between(-128, -124));
		memcpy(&panel[j], &bias, sizeof(bias));
	}
	return panel;
}

static float flushed(float value)
{
	return fabsf(value) < FLT_MIN ? copysignf(0, value) : value;
}

static const uint16_t *group_of(const struct cpu_bgemm_tile *tile, int rows, int row, int64_t index)
{
	const int64_t tap = index / tile->depth, k = index % tile->depth;
	const char *a = tile->a_pitch ? (const char *)tile->a[tap] + row * tile->a_pitch
				      : tile->a[tap * rows + row];

	return (const uint16_t *)a + HALVES * k;
}

/* What a sum must be: as the instruction is documented, and exactly, with the size of what is summed. */
struct sum {
	float documented;
	double exact, size;
};

static struct sum sum_of(const struct cpu_bgemm_tile *tile, int rows, int row, int64_t width,
			 int64_t column)
{
	float bias;
	struct sum sum;

	memcpy(&bias, &tile->panel[column], sizeof(bias));
	sum = (struct sum) { flushed(bias), bias, fabs(bias) };
	for (int64_t i = 0; i < tile->taps * tile->depth; i++) {
		const uint16_t *a = group_of(tile, rows, row, i);
		const uint32_t b = (uint32_t)tile->panel[(i + 1) * width + column];

		for (int half = HALVES - 1; half >= 0; half--) {
			const float x = from_bf16(a[half]);
			const float y = from_bf16((uint16_t)(b >> 16 * half));

			sum.documented = flushed(fmaf(x, y, sum.documented));
			sum.exact += (double)x * y;
			sum.size += fabs((double)x * y);
		}
	}
	return sum;
}

static bool is_right(const struct check *check, const struct cpu_bgemm_tile *tile, float got,
		     const struct sum *sum)
{
	const double products = (double)(HALVES * tile->taps * tile->depth);
	const double exact = fmin(fmax(sum->exact, tile->low), tile->high);

	if (!(check->cpu_flags & EDGE_CPU_AVX512_BF16) &&
	    bits_of(got) != bits_of(fminf(fmaxf(sum->documented, tile->low), tile->high)))
		return false;
	return fabs(got - exact) <= products * (sum->size * 0x1p-24 + FLT_MIN);
}

static bool tile_is_right(const struct check *check, const struct cpu_bgemm_tile *tile, int rows,
			  int64_t width, int64_t valid, int64_t pitch, enum factors factors)
{
	bool ok = true;

	for (int r = 0; r < rows; r++) {
		const float *c = tile->c_pitch ? tile->c[0] + r * tile->c_pitch : tile->c[r];

		for (int64_t j = 0; j < pitch; j++) {
			struct sum sum;

			if (j < tile->offset || j >= tile->offset + valid) {
				ok &= check_is_untouched(&c[j]);
				continue;
			}
			sum = sum_of(tile, rows, r, width, j - tile->offset);
			ok &= is_right(check, tile, c[j], &sum);
			if (factors == INTEGERS)
				ok &= c[j] == fmin(fmax(sum.exact, tile->low), tile->high);
		}
	}
	return ok;
}

static void check_tile(const struct check *check, const struct cpu_bgemm_kernels *kernels, int rows,
		       int vectors, int64_t columns)
{
	const enum factors factors = (enum factors)check_between(0, NUM_FACTORS - 1);
	const int64_t taps = check_between(1, MAX_TAPS), depth = check_between(1, 20);
	const int64_t width = vectors * kernels->lanes;
	const int64_t valid = width - kernels->lanes + columns;
	const int64_t pitch = valid + check_between(1, 9);
	const int64_t size = HALVES * 4 * depth + MAX_ROWS;
	const uint16_t *in = alloc_halves(size, factors);
	/* Of rows at a distance, or 0; in elements. */
	const int64_t apart = check_random() & 1 && rows > 1
				      ? check_between(1, HALVES * depth / (rows - 1) + 1)
				      : 0;
	const void *a[MAX_TAPS * MAX_ROWS];
	float *out = check_alloc(rows * pitch), *c[MAX_ROWS];
	const bool limits = check_random() & 1;
	struct cpu_bgemm_tile tile = {
		.taps = taps,
		.depth = depth,
		.a = a,
		.a_pitch = apart * (int64_t)sizeof(*in),
		.panel = alloc_panel(taps * depth, width, factors),
		.c = c,
		.offset = check_between(0, pitch - valid),
		.columns = columns,
		.low = limits ? -0.5f : -INFINITY,
		.high = limits ? 1 : INFINITY,
	};

	for (int64_t i = 0; i < taps * rows; i++)
		a[i] = in + check_between(0, size - HALVES * depth - (rows - 1) * apart);
	for (int r = 0; r < rows; r++)
		c[r] = out + r * pitch;
	if (check_random() & 1)
		tile.c_pitch = pitch;
	kernels->tile[rows - 1][vectors - 1](&tile);
	check_result(tile_is_right(check, &tile, rows, width, valid, pitch, factors) &&
			     check_guards(),
		     "bgemm %s: %dx%d, %d columns, %d taps of %d, factors %d", check->isa, rows,
		     (int)width, (int)columns, (int)taps, (int)depth, factors);
	check_free_all();
}

/* By the distances to the two neighbours, in the numbers themselves. */
static uint16_t rounded(float value)
{
	const uint32_t bits = bits_of(value);
	const uint16_t below = (uint16_t)(bits >> 16), above = below + 1;
	double down, up;

	if (isnan(value))
		return below | 0x40;
	if (isinf(value))
		return below;
	if (fabsf(value) < FLT_MIN)
		return below & 0x8000;
	down = fabs((double)value - from_bf16(below));
	/* Beyond the largest lies what would be the next, were there room for it. */
	up = isinf(from_bf16(above)) ? 0x1p128 - fabs((double)value)
				     : fabs((double)value - from_bf16(above));
	if (down == up)
		return below & 1 ? above : below;
	return down < up ? below : above;
}

/* Any bits; or close to where rounding changes its mind. */
static float any_float(void)
{
	const uint32_t ties[] = { 0x7fff, 0x8000, 0x8001, 0, 0xffff };
	uint32_t bits = check_random();
	float value;

	if (check_random() & 1)
		bits = (bits & 0xffff0000) | ties[check_between(0, 4)];
	if (!(check_random() & 15))
		bits = (bits & 0x8000ffff) | (uint32_t)check_between(0, 1) * 0x7f7f0000;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

static bool row_is_right(const struct cpu_bgemm_gather *gather, int row)
{
	const uint16_t *to = (const uint16_t *)((const char *)gather->to + row * gather->pitch);
	bool ok = true;

	for (int64_t t = 0; t < gather->taps; t++) {
		const float *from = gather->a_pitch ? gather->a[t] + row * gather->a_pitch
						    : gather->a[t * gather->rows + row];

		for (int64_t k = 0; k < gather->depth; k++)
			ok &= *to++ == rounded(from[k]) && rounded(from[k]) == cpu_bf16(from[k]);
		if (gather->depth % HALVES)
			ok &= !*to++;
	}
	return ok;
}

static void check_gather(const struct check *check, const struct cpu_bgemm_kernels *kernels)
{
	const int rows = (int)check_between(1, kernels->rows);
	const int64_t taps = check_between(1, MAX_TAPS), depth = check_between(1, 70);
	const int64_t groups = taps * ((depth + 1) / HALVES);
	const int64_t pitch = 4 * (groups + check_between(0, 20));
	const int64_t size = 2 * depth + MAX_ROWS;
	const int64_t apart = check_random() & 1 ? check_between(1, depth / rows + 1) : 0;
	const float *a[MAX_TAPS * MAX_ROWS];
	float *in = check_alloc(size);
	struct cpu_bgemm_gather gather = {
		.taps = taps,
		.depth = depth,
		.rows = rows,
		.a = a,
		.a_pitch = apart,
		.to = check_alloc_bytes(rows * pitch + CPU_BGEMM_SLACK),
		.pitch = pitch,
	};
	bool ok = true;

	for (int64_t i = 0; i < size; i++)
		in[i] = any_float();
	for (int64_t i = 0; i < taps * rows; i++)
		a[i] = in + check_between(0, size - depth - (rows - 1) * apart);
	kernels->gather(&gather);
	for (int r = 0; r < rows; r++)
		ok &= row_is_right(&gather, r);
	check_result(ok && check_guards(), "bgemm gather %s: %d rows, %d taps of %d", check->isa,
		     rows, (int)taps, (int)depth);
	check_free_all();
}

void check_bgemm(const struct check *check)
{
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(check->cpu_flags);

	for (int rows = 1; rows <= kernels->rows; rows++) {
		for (int vectors = 1; vectors <= kernels->vectors; vectors++) {
			for (int64_t columns = 1; columns <= kernels->lanes; columns++)
				check_tile(check, kernels, rows, vectors, columns);
		}
	}
	for (int i = 0; i < 200; i++)
		check_gather(check, kernels);
}

struct bench {
	cpu_bgemm_fn run;
	struct cpu_bgemm_tile tile;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->run(&bench->tile);
}

static void bench_depth(const struct check *check, const struct cpu_bgemm_kernels *kernels,
			int vectors, int64_t depth)
{
	const int rows = kernels->rows;
	const int64_t groups = depth / HALVES, width = vectors * kernels->lanes;
	const void *a[] = { alloc_halves(rows * depth, ANY) };
	float *c[] = { check_alloc(rows * width) };
	struct bench bench = {
		kernels->tile[rows - 1][vectors - 1],
		{
			.taps = 1,
			.depth = groups,
			.a = a,
			.a_pitch = depth * (int64_t)sizeof(uint16_t),
			.panel = alloc_panel(groups, width, ANY),
			.c = c,
			.c_pitch = width,
			.columns = kernels->lanes,
			.low = -INFINITY,
			.high = INFINITY,
		},
	};
	char name[64];

	snprintf(name, sizeof(name), "bgemm, %dx%d, depth %d", rows, (int)width, (int)depth);
	check_bench_bf16(check, name, 2.0 * (double)(rows * width * depth), run, &bench);
	check_free_all();
}

void bench_bgemm(const struct check *check)
{
	const struct cpu_bgemm_kernels *kernels = cpu_bgemm_best_kernels(check->cpu_flags);

	for (int vectors = 1; vectors <= kernels->vectors; vectors++) {
		bench_depth(check, kernels, vectors, 16);
		bench_depth(check, kernels, vectors, 64);
		bench_depth(check, kernels, vectors, 256);
	}
}
