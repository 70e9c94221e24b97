// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/resize.h"
#include "check.h"

#define MAX_PIXELS 8

static void check_line(const struct check *check, int64_t taps, int64_t channels)
{
	const int64_t size = 5 * channels;
	int64_t index[4 * MAX_PIXELS];
	float weight[4 * MAX_PIXELS];
	struct cpu_resize_line line = {
		.x = check_alloc_random(size),
		.y_step = channels + check_between(0, 5),
		.index = index,
		.weight = weight,
		.pixels = check_between(1, MAX_PIXELS),
		.channels = channels,
		.taps = taps,
	};
	bool ok = true;

	for (int64_t i = 0; i < taps * line.pixels; i++) {
		index[i] = check_between(0, size - channels);
		weight[i] = taps == 1 ? 1 : check_uniform();
	}
	line.y = check_alloc((line.pixels - 1) * line.y_step + channels);
	cpu_resize_kernels(check->cpu_flags)->line(&line);
	for (int64_t i = 0; i < (line.pixels - 1) * line.y_step + channels; i++) {
		const int64_t pixel = i / line.y_step, c = i % line.y_step;
		double wanted = 0;

		for (int64_t t = pixel * taps; c < channels && t < (pixel + 1) * taps; t++)
			wanted += (double)weight[t] * line.x[index[t] + c];
		ok &= c < channels ? fabs(line.y[i] - wanted) <= 1e-6
				   : check_is_untouched(&line.y[i]);
	}
	check_result(ok && check_guards(), "resize %s: %d taps, %d channels", check->isa, (int)taps,
		     (int)channels);
	check_free_all();
}

void check_resize(const struct check *check)
{
	for (int64_t channels = 1; channels < 70; channels += check_between(1, 3)) {
		for (int64_t taps = 1; taps <= 4; taps *= 2)
			check_line(check, taps, channels);
	}
}

struct bench {
	const struct cpu_resize_kernels *kernels;
	struct cpu_resize_line line;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->line(&bench->line);
}

void bench_resize(const struct check *check)
{
	enum { PIXELS = 52, CHANNELS = 64 };
	int64_t index[2 * PIXELS];
	float weight[2 * PIXELS];
	struct bench bench = {
		.kernels = cpu_resize_kernels(check->cpu_flags),
		.line = { .y = check_alloc(PIXELS * CHANNELS),
			  .x = check_alloc_random(PIXELS * CHANNELS),
			  .y_step = CHANNELS,
			  .index = index,
			  .weight = weight,
			  .pixels = PIXELS,
			  .channels = CHANNELS,
			  .taps = 1 },
	};

	for (int i = 0; i < 2 * PIXELS; i++) {
		index[i] = i / 2 * CHANNELS;
		weight[i] = 0.5f;
	}
	check_bench(check, "resize, nearest, 64 x 52", PIXELS * CHANNELS, run, &bench);
	bench.line.taps = 2;
	check_bench(check, "resize, linear, 64 x 52", 3 * PIXELS * CHANNELS, run, &bench);
}
