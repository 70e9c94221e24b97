// SPDX-License-Identifier: MIT
/* Every bit must be right: sums modulo 2^32, and either rule of rounding as TFLite's and ONNX's
 * documents state it. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/cpu/kernels/qgemm.h"
#include "check.h"
#include "rounding.h"

#define MAX_TAPS 9
#define MAX_DEPTH 70
#define MAX_WIDTH 32
#define MAX_ROWS CPU_QGEMM_MAX_ROWS

/**
 * struct product - a tile before it is packed
 * @raw: whether its sums are asked for
 * @a: unsigned bytes, pointers [taps][rows]; their zero point is @zero
 * @weights: [taps][depth][width], less their zero points
 */
struct product {
	bool raw;
	int rows, width, valid;
	int64_t taps, depth;
	const void *a[MAX_TAPS * MAX_ROWS];
	uint8_t zero;
	int16_t weights[MAX_TAPS * MAX_DEPTH][MAX_WIDTH];
	int32_t bias[MAX_WIDTH];
	int32_t multipliers[MAX_WIDTH], shifts[MAX_WIDTH];
};

static uint8_t any_zero(void)
{
	static const uint8_t extremes[] = { 0, 255, 128 };

	return check_random() & 1 ? (uint8_t)check_random() : extremes[check_between(0, 2)];
}

/* Scales of sums that fit a byte, and now and then ones that make almost all too small or large. */
static void fill_scales(struct product *product, bool fixed)
{
	for (int j = 0; j < product->width; j++) {
		float real = ldexpf(1.5f + 0.5f * check_uniform(), (int)check_between(-18, -8));

		if (!(check_random() & 7))
			real = ldexpf(real, (int)check_between(-20, 36));
		memcpy(&product->multipliers[j], &real, sizeof(real));
		if (fixed)
			rounding_split(real, &product->multipliers[j], &product->shifts[j]);
	}
}

static void fill(struct product *product, const struct cpu_qgemm_kernels *kernels, bool fixed)
{
	const bool bytes = kernels->group == 4;
	const bool extreme = check_random() & 1;
	const int64_t size = 4 * product->depth + MAX_ROWS;
	const uint8_t *in = check_alloc_random_bytes(size);

	product->zero = any_zero();
	for (int64_t i = 0; i < product->taps * product->rows; i++)
		product->a[i] = in + check_between(0, size - product->depth);
	for (int j = 0; j < product->width; j++) {
		const int most = bytes ? 127 : 255, least = bytes ? -128 : -255;

		product->bias[j] = (int32_t)check_random() >> check_between(0, 20);
		for (int64_t i = 0; i < product->taps * product->depth; i++) {
			product->weights[i][j] = (int16_t)check_between(least, most);
			if (extreme)
				product->weights[i][j] = (int16_t)(j & 1 ? most : least);
			if (j >= product->valid)
				product->weights[i][j] = 0;
		}
	}
	fill_scales(product, fixed);
}

static int32_t sum_of(const struct product *product, int row, int column)
{
	uint32_t sum = (uint32_t)product->bias[column];

	for (int64_t i = 0; i < product->taps * product->depth; i++) {
		const uint8_t *a = product->a[i / product->depth * product->rows + row];

		sum += (uint32_t)((a[i % product->depth] - product->zero) *
				  product->weights[i][column]);
	}
	return (int32_t)sum;
}

/* A weight of a group; those behind the last channel of a tap are 0. */
static int weight_at(const struct product *product, int64_t tap, int64_t k, int column)
{
	return k < product->depth ? product->weights[tap * product->depth + k][column] : 0;
}

static int32_t group_of(const struct product *product, int group, int64_t tap, int64_t k,
			int column)
{
	uint32_t word = 0;

	for (int i = 0; i < group; i++) {
		const uint32_t weight = (uint32_t)weight_at(product, tap, k + i, column);

		word |= (group == 4 ? weight & 0xff : weight & 0xffff) << 32 / group * i;
	}
	return (int32_t)word;
}

/* What the kernel of bytes, which knows no zero point, adds too much. */
static int32_t packed_bias(const struct product *product, int group, int column)
{
	uint32_t bias = (uint32_t)product->bias[column];

	for (int64_t i = 0; group == 4 && i < product->taps * product->depth; i++)
		bias -= (uint32_t)(product->zero * product->weights[i][column]);
	return (int32_t)bias;
}

/* @taps of @depth channels each, whose product is that of the matrix. */
static int32_t *pack(const struct product *product, int group, int64_t taps, int64_t depth)
{
	const int64_t groups = (depth + group - 1) / group;
	int32_t *panel = (int32_t *)check_alloc((1 + taps * groups + 2) * product->width);
	struct product flat = *product;
	int32_t *to = panel;

	flat.taps = taps;
	flat.depth = depth;
	for (int j = 0; j < product->width; j++)
		*to++ = packed_bias(product, group, j);
	for (int64_t g = 0; g < taps * groups; g++) {
		for (int j = 0; j < product->width; j++)
			*to++ = group_of(&flat, group, g / groups, g % groups * group, j);
	}
	memcpy(to, product->multipliers, product->width * sizeof(*to));
	memcpy(to + product->width, product->shifts, product->width * sizeof(*to));
	return panel;
}

static bool element_is(const struct cpu_qgemm_tile *tile, const struct product *product, int row,
		       int column, const void *got)
{
	const int32_t sum = sum_of(product, row, column);
	int32_t multiplier = product->multipliers[column];
	float real;

	if (product->raw)
		return !memcmp(got, &sum, sizeof(sum));
	if (tile->to.fixed)
		return *(const uint8_t *)got ==
		       rounding_clamp(rounding_fixed(sum, multiplier, product->shifts[column]),
				      tile->to.zero, tile->to.low, tile->to.high);
	memcpy(&real, &multiplier, sizeof(real));
	return *(const uint8_t *)got == rounding_clamp(rounding_float(sum, real), tile->to.zero,
						       tile->to.low, tile->to.high);
}

static bool row_is(const struct cpu_qgemm_tile *tile, const struct product *product, int row,
		   int64_t pitch)
{
	const int size = product->raw ? 4 : 1;
	const uint8_t *c = (const uint8_t *)tile->c[0] + row * pitch * size;
	bool ok = true;

	for (int64_t j = 0; j < pitch; j++, c += size) {
		const int64_t column = j - tile->offset;

		if (column < 0 || column >= product->valid)
			ok &= check_is_untouched_byte(c) && check_is_untouched_byte(c + size - 1);
		else
			ok &= element_is(tile, product, row, (int)column, c);
	}
	return ok;
}

/* Rows of one tap, as the kernel of words always wants them. */
static bool gather(const struct cpu_qgemm_kernels *kernels, const struct product *product,
		   uint8_t *to, int64_t pitch)
{
	const struct cpu_qgemm_gather call = {
		.taps = product->taps,
		.depth = product->depth,
		.rows = product->rows,
		.a = product->a,
		.zero = product->zero,
		.to = to,
		.pitch = pitch,
	};
	const int64_t total = product->taps * product->depth;
	const int64_t room = product->depth + product->depth % 2; /* of a tap of words */
	bool ok = true;

	kernels->gather(&call);
	for (int64_t i = 0; i < total * product->rows; i++) {
		const int64_t row = i / total, k = i % total;
		const uint8_t *a = product->a[k / product->depth * product->rows + row];
		const uint8_t *got = to + row * pitch;
		const uint8_t byte = a[k % product->depth];
		int16_t word;

		if (kernels->group == 4) {
			ok &= got[k] == byte;
			continue;
		}
		memcpy(&word, got + 2 * (k / product->depth * room + k % product->depth),
		       sizeof(word));
		ok &= word == byte - product->zero;
	}
	return ok;
}

struct shape {
	int rows, vectors;
	int64_t columns;
};

/* Bytes where they lie, if their taps are whole groups; else gathered. */
static void check_tile(const struct check *check, const struct cpu_qgemm_kernels *kernels,
		       const struct shape *shape)
{
	static struct product product;
	const bool fixed = check_random() & 1;
	const bool direct = kernels->group == 4 && check_random() & 1;

	product = (struct product) {
		.raw = !(check_random() & 3),
		.rows = shape->rows,
		.width = shape->vectors * kernels->lanes,
		.valid = (int)((shape->vectors - 1) * kernels->lanes + shape->columns),
		.taps = check_between(1, MAX_TAPS),
		.depth = check_between(1, MAX_DEPTH),
	};
	if (direct)
		product.depth = (product.depth + 3) / 4 * 4 - 4 * (product.depth > 68);
	fill(&product, kernels, fixed);

	const bool words = kernels->group == 2;
	const int64_t taps = direct || words ? product.taps : 1;
	const int64_t depth = direct || words ? product.depth : product.taps * product.depth;
	const int64_t groups = (depth + kernels->group - 1) / kernels->group;
	const int64_t row_size = 4 * taps * groups;
	const int64_t pitch = (row_size + CPU_QGEMM_SLACK) / 4 * 4 + 4 * check_between(1, 3);
	const int64_t c_pitch = product.valid + check_between(1, 9);
	uint8_t *rows = (uint8_t *)check_alloc(product.rows * pitch / 4);
	const void *first = rows;
	void *c[MAX_ROWS];
	const bool gathered = direct || gather(kernels, &product, rows, pitch);
	struct cpu_qgemm_tile tile = {
		.taps = direct ? taps : 1,
		.depth = direct ? groups : taps * groups,
		.a = direct ? product.a : &first,
		.a_pitch = direct ? 0 : pitch,
		.panel = pack(&product, kernels->group, taps, depth),
		.to = { fixed, any_zero(), 0, 255 },
		.c = c,
		.offset = check_between(0, c_pitch - product.valid),
		.columns = shape->columns,
	};
	bool ok = gathered;

	if (check_random() & 1) {
		tile.to.low = (int32_t)check_between(0, 255);
		tile.to.high = (int32_t)check_between(tile.to.low, 255);
	}
	c[0] = product.raw ? (void *)check_alloc(product.rows * c_pitch)
			   : check_alloc_bytes(product.rows * c_pitch);
	for (int r = 1; r < product.rows; r++)
		c[r] = (uint8_t *)c[0] + r * c_pitch * (product.raw ? 4 : 1);
	if (check_random() & 1)
		tile.c_pitch = c_pitch;
	if (product.raw)
		kernels->sums[product.rows - 1][shape->vectors - 1](&tile);
	else
		kernels->tile[product.rows - 1][shape->vectors - 1](&tile);
	for (int r = 0; r < product.rows; r++)
		ok &= row_is(&tile, &product, r, c_pitch);
	check_result(ok && check_guards(),
		     "qgemm %s: groups of %d, %dx%d, %d columns, %d taps of %d, %s", check->isa,
		     kernels->group, product.rows, product.width, (int)shape->columns,
		     (int)product.taps, (int)product.depth,
		     product.raw ? "sums"
		     : fixed	 ? "fixed"
				 : "float");
	check_free_all();
}

static void check_kernels(const struct check *check, const struct cpu_qgemm_kernels *kernels)
{
	for (int i = 0; i < 3 * kernels->rows; i++) {
		struct shape shape = { .rows = 1 + i % kernels->rows };

		for (shape.vectors = 1; shape.vectors <= kernels->vectors; shape.vectors++) {
			for (shape.columns = 1; shape.columns <= kernels->lanes; shape.columns++)
				check_tile(check, kernels, &shape);
		}
	}
}

void check_qgemm(const struct check *check)
{
	const struct cpu_qgemm_kernels *bytes = cpu_qgemm_byte_kernels(check->cpu_flags);

	check_kernels(check, cpu_qgemm_kernels(check->cpu_flags));
	if (bytes)
		check_kernels(check, bytes);
}

struct bench {
	cpu_qgemm_fn run;
	struct cpu_qgemm_tile tile;
	void (*gather)(const struct cpu_qgemm_gather *call);
	struct cpu_qgemm_gather rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->run(&bench->tile);
}

static void run_gather(void *argument)
{
	struct bench *bench = argument;

	bench->gather(&bench->rows);
}

static void bench_kernels(const struct check *check, const struct cpu_qgemm_kernels *kernels,
			  int64_t depth, bool fixed)
{
	const int64_t width = kernels->vectors * kernels->lanes;
	const int64_t groups = depth / kernels->group;
	const int64_t pitch = 4 * groups + CPU_QGEMM_SLACK;
	const void *a = check_alloc_random_bytes(kernels->rows * pitch);
	const void *in = check_alloc_random_bytes(kernels->rows * depth);
	void *c = check_alloc_bytes(kernels->rows * width);
	int32_t *panel = (int32_t *)check_alloc_random_bytes(4 * (groups + 3) * width);
	struct bench bench = {
		kernels->tile[kernels->rows - 1][kernels->vectors - 1],
		{ .taps = 1,
		  .depth = groups,
		  .a = &a,
		  .a_pitch = pitch,
		  .panel = panel,
		  .to = { fixed, 128, 0, 255 },
		  .c = &c,
		  .c_pitch = width,
		  .columns = kernels->lanes },
		kernels->gather,
		{ 1, depth, kernels->rows, &in, depth, 128, (void *)a, pitch },
	};
	char name[64];

	for (int64_t j = 0; j < width; j++) {
		const float real = 1e-5f;

		memcpy(&panel[(groups + 1) * width + j], &real, sizeof(real));
		panel[(groups + 2) * width + j] = -5;
	}
	snprintf(name, sizeof(name), "qgemm, %dx%d, depth %d%s", kernels->rows, (int)width,
		 (int)depth, fixed ? ", fixed" : "");
	check_bench_bytes(check, name, 2.0 * kernels->rows * (double)(width * depth), run, &bench);
	if (!fixed) {
		snprintf(name, sizeof(name), "qgemm, gather %d of %d", kernels->rows, (int)depth);
		check_bench_bytes(check, name, (double)(kernels->rows * depth), run_gather, &bench);
	}
	check_free_all();
}

void bench_qgemm(const struct check *check)
{
	static const int64_t depths[] = { 16, 64, 256, 1024 };
	const struct cpu_qgemm_kernels *bytes = cpu_qgemm_byte_kernels(check->cpu_flags);

	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		bench_kernels(check, cpu_qgemm_kernels(check->cpu_flags), depths[i], false);
		bench_kernels(check, cpu_qgemm_kernels(check->cpu_flags), depths[i], true);
		if (bytes)
			bench_kernels(check, bytes, depths[i], false);
	}
}
