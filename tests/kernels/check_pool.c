// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/pool.h"
#include "check.h"

static void check_line(const struct check *check, bool max, int64_t channels)
{
	struct cpu_pool_line line = {
		.y_step = channels + check_between(0, 5),
		.x_step = check_between(0, 3 * channels),
		.tap_step = check_between(0, 3 * channels),
		.pixels = check_between(1, 6),
		.channels = channels,
		.taps = check_between(1, 5),
		.scale = 0.25f,
	};
	const struct cpu_pool_kernels *kernels = cpu_pool_kernels(check->cpu_flags);
	bool ok = true;

	line.x = check_alloc_random((line.pixels - 1) * line.x_step +
				    (line.taps - 1) * line.tap_step + channels);
	line.y = check_alloc((line.pixels - 1) * line.y_step + channels);
	if (max)
		kernels->max(&line);
	else
		kernels->sum(&line);
	for (int64_t i = 0; i < (line.pixels - 1) * line.y_step + channels; i++) {
		const float *x = line.x + i / line.y_step * line.x_step + i % line.y_step;
		double wanted = max ? -INFINITY : 0;

		if (i % line.y_step >= channels) {
			ok &= check_is_untouched(&line.y[i]);
			continue;
		}
		for (int64_t t = 0; t < line.taps; t++) {
			double tap = x[t * line.tap_step];

			wanted = max ? fmax(wanted, tap) : wanted + 0.25 * tap;
		}
		ok &= fabs(line.y[i] - wanted) <= 1e-6;
	}
	check_result(ok && check_guards(), "pool %s: %s, %d channels, %d taps", check->isa,
		     max ? "max" : "sum", (int)channels, (int)line.taps);
	check_free_all();
}

void check_pool(const struct check *check)
{
	for (int64_t channels = 1; channels < 140; channels += check_between(1, 4)) {
		check_line(check, true, channels);
		check_line(check, false, channels);
	}
}

struct bench {
	const struct cpu_pool_kernels *kernels;
	struct cpu_pool_line line;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->max(&bench->line);
}

void bench_pool(const struct check *check)
{
	enum { PIXELS = 56, TAPS = 3 };
	struct bench bench = {
		.kernels = cpu_pool_kernels(check->cpu_flags),
		.line = { .y = check_alloc(PIXELS * 64),
			  .x = check_alloc_random((2 * PIXELS + 1) * 64),
			  .pixels = PIXELS,
			  .taps = TAPS },
	};

	for (int64_t channels = 24; channels <= 64; channels += 40) {
		bench.line.channels = channels;
		bench.line.y_step = channels;
		bench.line.x_step = 2 * channels;
		bench.line.tap_step = channels;
		check_bench(check,
			    channels == 24 ? "pool, max of 3, 24 x 56" : "pool, max of 3, 64 x 56",
			    (double)(PIXELS * TAPS * channels), run, &bench);
	}
}
