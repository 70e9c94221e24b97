// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/qresize.h"
#include "check.h"

#define MAX_PIXELS 8
#define TAPS 4

/* Weights of four corners, halves often, so that there are ties. */
static void set_weights(float *weight)
{
	const float down = check_random() & 1 ? 0.5f : 0.5f + 0.5f * check_uniform();
	const float across = check_random() & 1 ? 0.5f : 0.5f + 0.5f * check_uniform();

	weight[0] = (1 - down) * (1 - across);
	weight[1] = (1 - down) * across;
	weight[2] = down * (1 - across);
	weight[3] = down * across;
}

static void check_line(const struct check *check, int64_t channels)
{
	const int64_t size = 5 * channels;
	int64_t index[TAPS * MAX_PIXELS];
	float weight[TAPS * MAX_PIXELS];
	struct cpu_qresize_line line = {
		.x = check_alloc_random_bytes(size),
		.y_step = channels + check_between(0, 5),
		.index = index,
		.weight = weight,
		.pixels = check_between(1, MAX_PIXELS),
		.channels = channels,
	};
	const int64_t count = (line.pixels - 1) * line.y_step + channels;
	bool ok = true;

	for (int64_t i = 0; i < TAPS * line.pixels; i++) {
		index[i] = check_between(0, size - channels);
		if (i % TAPS == 0)
			set_weights(&weight[i]);
	}
	line.y = check_alloc_bytes(count);
	cpu_qresize_kernels(check->cpu_flags)->line(&line);
	for (int64_t i = 0; i < count; i++) {
		const int64_t pixel = i / line.y_step, c = i % line.y_step;
		float sum = 0;

		if (c >= channels) {
			ok &= check_is_untouched_byte(&line.y[i]);
			continue;
		}
		for (int64_t t = pixel * TAPS; t < (pixel + 1) * TAPS; t++) {
			const float product = weight[t] * line.x[index[t] + c];

			sum += product;
		}
		ok &= line.y[i] == fmin(rint((double)sum), 255);
	}
	check_result(ok && check_guards(), "qresize %s: %d channels", check->isa, (int)channels);
	check_free_all();
}

void check_qresize(const struct check *check)
{
	for (int64_t channels = 1; channels < 70; channels++)
		check_line(check, channels);
}

struct bench {
	const struct cpu_qresize_kernels *kernels;
	struct cpu_qresize_line line;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->line(&bench->line);
}

void bench_qresize(const struct check *check)
{
	enum { PIXELS = 52, CHANNELS = 64 };
	int64_t index[TAPS * PIXELS];
	float weight[TAPS * PIXELS];
	struct bench bench = {
		.kernels = cpu_qresize_kernels(check->cpu_flags),
		.line = { .y = check_alloc_bytes(PIXELS * CHANNELS),
			  .x = check_alloc_random_bytes(PIXELS * CHANNELS),
			  .y_step = CHANNELS,
			  .index = index,
			  .weight = weight,
			  .pixels = PIXELS,
			  .channels = CHANNELS },
	};

	for (int i = 0; i < TAPS * PIXELS; i++) {
		index[i] = i / TAPS * CHANNELS;
		weight[i] = 0.25f;
	}
	check_bench_bytes(check, "qresize, linear, 64 x 52", TAPS * PIXELS * CHANNELS, run, &bench);
}
