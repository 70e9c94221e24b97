// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "backend/cpu/kernels/depthwise.h"
#include "check.h"

#define TILE CPU_DEPTHWISE_TILE
#define MAX_SIZE 5

/* Memory and call for one row of tiles. */
struct line {
	int kernel, stride;
	int64_t channels, tiles;
	float *x, *y;
	const float *a[MAX_SIZE * ((TILE - 1) * 2 + MAX_SIZE)];
	float *c[TILE];
	struct cpu_depthwise_call call;
};

static void make_line(struct line *line, const struct check *check, int64_t tiles)
{
	const int lanes = cpu_depthwise_kernels(check->cpu_flags)->lanes;
	const int columns = (TILE - 1) * line->stride + line->kernel;
	const int64_t x_pixel = line->channels + check_between(0, 9);
	const int64_t y_pixel = line->channels + check_between(0, 9);
	const int64_t x_row = x_pixel * (tiles * TILE * line->stride + columns);
	const int64_t vectors = (line->channels + lanes - 1) / lanes;

	line->tiles = tiles;
	line->x = check_alloc_random(line->kernel * x_row);
	line->y = check_alloc((tiles * TILE - 1) * y_pixel + line->channels);
	line->call = (struct cpu_depthwise_call) {
		.channels = line->channels,
		.weights = check_alloc_random(vectors * lanes * (1 + line->kernel * line->kernel)),
		.low = check_random() & 1 ? -INFINITY : -0.2f,
		.high = check_random() & 1 ? INFINITY : 0.7f,
		.tiles = tiles,
		.x = line->x,
		.x_row = x_row,
		.x_pixel = x_pixel,
		.y = line->y,
		.y_pixel = y_pixel,
		.taps = line->kernel * line->kernel,
		.a = line->a,
		.c = line->c,
	};
}

static double expected(const struct line *line, int lanes, int64_t pixel, int64_t channel)
{
	const int taps = line->kernel * line->kernel;
	const float *w =
		line->call.weights + channel / lanes * lanes * (1 + taps) + channel % lanes;
	double sum = w[0];

	for (int t = 0; t < taps; t++) {
		int64_t x = pixel * line->stride + t % line->kernel;

		sum += (double)line->x[t / line->kernel * line->call.x_row +
				       x * line->call.x_pixel + channel] *
		       w[(1 + t) * lanes];
	}
	return fmin(fmax(sum, line->call.low), line->call.high);
}

static void compare(const struct check *check, const struct line *line, int64_t pixels,
		    const char *name)
{
	const int lanes = cpu_depthwise_kernels(check->cpu_flags)->lanes;
	bool ok = check_guards();

	for (int64_t i = 0; i < (line->tiles * TILE - 1) * line->call.y_pixel + line->channels;
	     i++) {
		int64_t pixel = i / line->call.y_pixel, channel = i % line->call.y_pixel;

		if (pixel >= pixels || channel >= line->channels)
			ok &= check_is_untouched(&line->y[i]);
		else
			ok &= fabs(line->y[i] - expected(line, lanes, pixel, channel)) < 1e-5;
	}
	check_result(ok, "depthwise %s: %s, kernel %d, stride %d, %d channels, %d tiles",
		     check->isa, name, line->kernel, line->stride, (int)line->channels,
		     (int)line->tiles);
	check_free_all();
}

static void check_size(const struct check *check, int kernel, int stride, int64_t channels)
{
	const struct cpu_depthwise_kernels *kernels = cpu_depthwise_kernels(check->cpu_flags);
	const int columns = (TILE - 1) * stride + kernel;
	struct line line = { .kernel = kernel, .stride = stride, .channels = channels };

	make_line(&line, check, check_between(1, 3));
	kernels->row[kernel == 5][stride - 1](&line.call);
	compare(check, &line, line.tiles * TILE, "row");

	make_line(&line, check, 1);
	for (int i = 0; i < kernel * columns; i++)
		line.a[i] =
			line.x + i / columns * line.call.x_row + i % columns * line.call.x_pixel;
	for (int i = 0; i < TILE; i++)
		line.c[i] = line.y + i * line.call.y_pixel;
	kernels->border[kernel == 5][stride - 1](&line.call);
	compare(check, &line, TILE, "border");

	make_line(&line, check, 1);
	for (int i = 0; i < kernel * kernel; i++)
		line.a[i] = line.x + i / kernel * line.call.x_row + i % kernel * line.call.x_pixel;
	line.c[0] = line.y;
	kernels->pixel(&line.call);
	compare(check, &line, 1, "pixel");
}

void check_depthwise(const struct check *check)
{
	for (int kernel = 3; kernel <= MAX_SIZE; kernel += 2) {
		for (int stride = 1; stride <= 2; stride++) {
			for (int64_t channels = 1; channels < 50; channels++)
				check_size(check, kernel, stride, channels);
		}
	}
}

struct bench {
	cpu_depthwise_fn run;
	struct line line;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->run(&bench->line.call);
}

void bench_depthwise(const struct check *check)
{
	const struct cpu_depthwise_kernels *kernels = cpu_depthwise_kernels(check->cpu_flags);

	for (int kernel = 3; kernel <= MAX_SIZE; kernel += 2) {
		for (int stride = 1; stride <= 2; stride++) {
			struct bench bench = {
				kernels->row[kernel == 5][stride - 1],
				{ .kernel = kernel, .stride = stride, .channels = 64 }
			};
			char name[64];

			make_line(&bench.line, check, 4);
			snprintf(name, sizeof(name), "depthwise, %dx%d/%d, 64 channels, 16 pixels",
				 kernel, kernel, stride);
			check_bench(check, name, 2.0 * kernel * kernel * 64 * 16, run, &bench);
			check_free_all();
		}
	}
}
