// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "product.h"

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
		*to++ = product_bias(product, group == 4, j);
	for (int64_t g = 0; g < taps * groups; g++) {
		for (int j = 0; j < product->width; j++)
			*to++ = group_of(&flat, group, g / groups, g % groups * group, j);
	}
	memcpy(to, product->multipliers, product->width * sizeof(*to));
	memcpy(to + product->width, product->shifts, product->width * sizeof(*to));
	return panel;
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

static void fill(struct product *product, bool bytes, bool fixed)
{
	const int64_t size = 4 * product->depth + MAX_ROWS;
	const uint8_t *in = check_alloc_random_bytes(size);

	for (int64_t i = 0; i < product->taps * product->rows; i++)
		product->a[i] = in + check_between(0, size - product->depth);
	product_fill(product, bytes, fixed);
}

/* Bytes where they lie, if their taps are whole groups; else gathered. */
static void check_tile(const struct check *check, const struct cpu_qgemm_kernels *kernels,
		       const struct product_shape *shape)
{
	static struct product product;
	const bool fixed = check_random() & 1;
	const bool direct = kernels->group == 4 && check_random() & 1;
	const int tiles = direct ? 1 : (int)check_between(1, 3);

	product = product_of(kernels, shape, tiles, 1);
	if (direct)
		product.depth = (product.depth + 3) / 4 * 4 - 4 * (product.depth > 68);
	fill(&product, kernels->group == 4, fixed);

	const bool words = kernels->group == 2;
	const int64_t taps = direct || words ? product.taps : 1;
	const int64_t depth = direct || words ? product.depth : product.taps * product.depth;
	const int64_t groups = (depth + kernels->group - 1) / kernels->group;
	const int64_t row_size = 4 * taps * groups;
	const int64_t pitch = (row_size + CPU_QGEMM_SLACK) / 4 * 4 + 4 * check_between(1, 3);
	const int64_t ahead = direct ? 0 : check_between(0, 9);
	uint8_t *rows = (uint8_t *)check_alloc(product.rows * pitch / 4);
	const void *first = rows - ahead;
	void *c[MAX_ROWS];
	int64_t c_pitch;
	const bool gathered = direct || gather(kernels, &product, rows, pitch);
	struct cpu_qgemm_tile tile = {
		.tiles = tiles,
		.taps = direct ? taps : 1,
		.depth = direct ? groups : taps * groups,
		.a = direct ? product.a : &first,
		.a_first = ahead,
		.a_pitch = direct ? 0 : pitch,
		.panel = pack(&product, kernels->group, taps, depth),
		.target = product_target(&product, fixed, shape->columns, c, &c_pitch),
	};

	if (tiles > 1 || check_random() & 1)
		tile.target.c_pitch = c_pitch;
	product_run(&product, kernels, shape, &tile);
	check_result(gathered && product_is(&product, &tile.target, c_pitch) && check_guards(),
		     "qgemm %s: groups of %d, %dx%dx%d, %d columns, %d taps of %d, %s", check->isa,
		     kernels->group, tiles, shape->rows, product.width, (int)shape->columns,
		     (int)product.taps, (int)product.depth,
		     product.raw ? "sums"
		     : fixed	 ? "fixed"
				 : "float");
	check_free_all();
}

void check_qgemm(const struct check *check)
{
	const struct cpu_qgemm_kernels *bytes = cpu_qgemm_byte_kernels(check->cpu_flags);

	product_each_shape(check, cpu_qgemm_kernels(check->cpu_flags), check_tile);
	if (bytes)
		product_each_shape(check, bytes, check_tile);
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
		{ .tiles = 1,
		  .taps = 1,
		  .depth = groups,
		  .a = &a,
		  .a_pitch = pitch,
		  .panel = panel,
		  .target = { .to = { fixed, 128, 0, 255 },
			      .c = &c,
			      .c_pitch = width,
			      .columns = kernels->lanes } },
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
