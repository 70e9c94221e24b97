// SPDX-License-Identifier: MIT
#include "product.h"

#include <math.h>
#include <string.h>

#include "rounding.h"

void product_each_shape(const struct check *check, const struct cpu_qgemm_kernels *kernels,
			product_check_fn check_tile)
{
	for (int i = 0; i < 3 * kernels->rows; i++) {
		struct product_shape shape = { .rows = 1 + i % kernels->rows };

		for (shape.vectors = 1; shape.vectors <= kernels->vectors; shape.vectors++) {
			for (shape.columns = 1; shape.columns <= kernels->lanes; shape.columns++)
				check_tile(check, kernels, &shape);
		}
	}
}

struct product product_of(const struct cpu_qgemm_kernels *kernels,
			  const struct product_shape *shape, int tiles, int64_t least)
{
	return (struct product) {
		.raw = !(check_random() & 3),
		.rows = tiles * shape->rows,
		.width = shape->vectors * kernels->lanes,
		.valid = (int)((shape->vectors - 1) * kernels->lanes + shape->columns),
		.taps = check_between(1, MAX_TAPS),
		.depth = check_between(least, MAX_DEPTH),
	};
}

void product_run(const struct product *product, const struct cpu_qgemm_kernels *kernels,
		 const struct product_shape *shape, const struct cpu_qgemm_tile *tile)
{
	if (product->raw)
		kernels->sums[shape->rows - 1][shape->vectors - 1](tile);
	else
		kernels->tile[shape->rows - 1][shape->vectors - 1](tile);
}

uint8_t product_zero(void)
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

void product_fill(struct product *product, bool bytes, bool fixed)
{
	const int most = bytes ? 127 : 255, least = bytes ? -128 : -255;
	const bool extreme = check_random() & 1;

	product->zero = product_zero();
	for (int j = 0; j < product->width; j++) {
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

int32_t product_bias(const struct product *product, bool bytes, int column)
{
	uint32_t bias = (uint32_t)product->bias[column];

	for (int64_t i = 0; bytes && i < product->taps * product->depth; i++)
		bias -= (uint32_t)(product->zero * product->weights[i][column]);
	return (int32_t)bias;
}

struct cpu_qgemm_target product_target(const struct product *product, bool fixed, int64_t columns,
				       void **c, int64_t *pitch)
{
	const int64_t room = product->valid + check_between(1, 9);
	struct cpu_qgemm_target target = {
		.to = { fixed, product_zero(), 0, 255 },
		.c = c,
		.offset = check_between(0, room - product->valid),
		.columns = columns,
	};

	if (check_random() & 1) {
		target.to.low = (int32_t)check_between(0, 255);
		target.to.high = (int32_t)check_between(target.to.low, 255);
	}
	c[0] = product->raw ? (void *)check_alloc(product->rows * room)
			    : check_alloc_bytes(product->rows * room);
	for (int r = 1; r < product->rows; r++)
		c[r] = (uint8_t *)c[0] + r * room * (product->raw ? 4 : 1);
	*pitch = room;
	return target;
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

static bool element_is(const struct cpu_qgemm_target *target, const struct product *product,
		       int row, int column, const void *got)
{
	const int32_t sum = sum_of(product, row, column);
	int32_t multiplier = product->multipliers[column];
	float real;

	if (product->raw)
		return !memcmp(got, &sum, sizeof(sum));
	if (target->to.fixed)
		return *(const uint8_t *)got ==
		       rounding_clamp(rounding_fixed(sum, multiplier, product->shifts[column]),
				      target->to.zero, target->to.low, target->to.high);
	memcpy(&real, &multiplier, sizeof(real));
	return *(const uint8_t *)got == rounding_clamp(rounding_float(sum, real), target->to.zero,
						       target->to.low, target->to.high);
}

static bool row_is(const struct cpu_qgemm_target *target, const struct product *product, int row,
		   int64_t pitch)
{
	const int size = product->raw ? 4 : 1;
	const uint8_t *c = (const uint8_t *)target->c[0] + row * pitch * size;
	bool ok = true;

	for (int64_t j = 0; j < pitch; j++, c += size) {
		const int64_t column = j - target->offset;

		if (column < 0 || column >= product->valid)
			ok &= check_is_untouched_byte(c) && check_is_untouched_byte(c + size - 1);
		else
			ok &= element_is(target, product, row, (int)column, c);
	}
	return ok;
}

bool product_is(const struct product *product, const struct cpu_qgemm_target *target, int64_t pitch)
{
	bool ok = true;

	for (int r = 0; r < product->rows; r++)
		ok &= row_is(target, product, r, pitch);
	return ok;
}
