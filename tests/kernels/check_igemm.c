// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "backend/cpu/kernels/igemm.h"
#include "check.h"

#define MAX_TAPS 9

/* Rows at a pitch, found by their first one, instead of a pointer each. */
static void space_evenly(struct cpu_igemm_tile *tile, int rows, const float *in, int64_t depth)
{
	const float **a = (const float **)tile->a;

	tile->a_pitch = rows > 1 ? check_between(1, 1 + 2 * depth / (rows - 1)) : 1;
	for (int64_t t = 0; t < tile->taps; t++)
		a[t] = in + check_between(0, depth - 1);
}

static double element(const struct cpu_igemm_tile *tile, int rows, int row, int64_t index)
{
	const int64_t tap = index / tile->depth, k = index % tile->depth;

	if (tile->a_pitch)
		return tile->a[tap][row * tile->a_pitch + k];
	return tile->a[tap * rows + row][k];
}

static void check_tile(const struct check *check, const struct cpu_igemm_kernels *kernels, int rows,
		       int vectors, int64_t columns)
{
	const int64_t taps = check_between(1, MAX_TAPS);
	const int64_t depth = check_between(1, 40);
	const int64_t width = vectors * kernels->lanes;
	const int64_t valid = width - kernels->lanes + columns;
	const int64_t pitch = valid + check_between(1, 9);
	const int64_t offset = check_between(0, pitch - valid);
	const float *a[MAX_TAPS * CPU_IGEMM_MAX_ROWS];
	float *c[CPU_IGEMM_MAX_ROWS];
	float *panel = check_alloc_random((taps * depth + 1) * width);
	float *out = check_alloc(rows * pitch);
	float *in = check_alloc_random(4 * depth + CPU_IGEMM_MAX_ROWS);
	const bool limits = check_random() & 1;
	struct cpu_igemm_tile tile = {
		.taps = taps,
		.depth = depth,
		.a = a,
		.panel = panel,
		.c = c,
		.offset = offset,
		.columns = columns,
		.low = limits ? -0.5f : -INFINITY,
		.high = limits ? 1 : INFINITY,
	};
	bool ok = true;

	for (int64_t i = 0; i < taps * rows; i++)
		a[i] = in + check_between(0, 3 * depth);
	for (int r = 0; r < rows; r++)
		c[r] = out + r * pitch;
	if (check_random() & 1)
		space_evenly(&tile, rows, in, depth);
	if (check_random() & 1)
		tile.c_pitch = pitch;
	kernels->tile[rows - 1][vectors - 1](&tile);
	for (int r = 0; r < rows; r++) {
		for (int64_t j = 0; j < pitch; j++) {
			if (j < offset || j >= offset + valid) {
				ok &= check_is_untouched(&c[r][j]);
				continue;
			}

			double sum = panel[j - offset];
			double size = fabs(sum);

			for (int64_t i = 0; i < taps * depth; i++) {
				double product = element(&tile, rows, r, i) *
						 panel[(i + 1) * width + j - offset];

				sum += product;
				size += fabs(product);
			}
			sum = fmin(fmax(sum, tile.low), tile.high);
			ok &= fabs(c[r][j] - sum) <= 1e-6 * size;
		}
	}
	check_result(ok && check_guards(), "igemm %s: %dx%d, %d columns, %d taps of %d", check->isa,
		     rows, (int)width, (int)columns, (int)taps, (int)depth);
	check_free_all();
}

void check_igemm(const struct check *check)
{
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(check->cpu_flags);

	for (int rows = 1; rows <= kernels->rows; rows++) {
		for (int vectors = 1; vectors <= kernels->vectors; vectors++) {
			for (int64_t columns = 1; columns <= kernels->lanes; columns++)
				check_tile(check, kernels, rows, vectors, columns);
		}
	}
}

struct bench {
	cpu_igemm_fn run;
	struct cpu_igemm_tile tile;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->run(&bench->tile);
}

void bench_igemm(const struct check *check)
{
	static const int64_t depths[] = { 16, 64, 256 };
	const struct cpu_igemm_kernels *kernels = cpu_igemm_kernels(check->cpu_flags);
	const int rows = kernels->rows;

	for (int vectors = 1; vectors <= kernels->vectors; vectors++) {
		for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
			const int64_t depth = depths[i];
			const int64_t width = vectors * kernels->lanes;
			float *in = check_alloc_random(rows * depth);
			float *out = check_alloc(rows * width);
			const float *a[CPU_IGEMM_MAX_ROWS];
			float *c[CPU_IGEMM_MAX_ROWS];
			struct bench bench = {
				kernels->tile[rows - 1][vectors - 1],
				{ .taps = 1,
				  .depth = depth,
				  .a = a,
				  .panel = check_alloc_random((depth + 1) * width),
				  .c = c,
				  .columns = kernels->lanes,
				  .low = -INFINITY,
				  .high = INFINITY },
			};
			char name[64];

			for (int r = 0; r < rows; r++) {
				a[r] = in + r * depth;
				c[r] = out + r * width;
			}
			snprintf(name, sizeof(name), "igemm, %dx%d, depth %d", rows, (int)width,
				 (int)depth);
			check_bench(check, name, 2.0 * rows * (double)(width * depth), run, &bench);
			check_free_all();
		}
	}
}
