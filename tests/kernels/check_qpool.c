// SPDX-License-Identifier: MIT
#include <string.h>

#include "backend/cpu/kernels/qpool.h"
#include "check.h"

enum kind { MAX, SUM, SUM_SUMS };

static uint32_t input(const struct cpu_qpool_line *line, enum kind kind, int64_t at)
{
	return kind == SUM_SUMS ? ((const uint32_t *)line->x)[at] : ((const uint8_t *)line->x)[at];
}

static uint32_t expected(const struct cpu_qpool_line *line, enum kind kind, int64_t pixel,
			 int64_t channel)
{
	uint32_t all = 0;

	for (int64_t t = 0; t < line->taps; t++) {
		const uint32_t next =
			input(line, kind, pixel * line->x_step + t * line->tap_step + channel);

		if (kind != MAX)
			all += next;
		else if (next > all)
			all = next;
	}
	return all;
}

static void check_line(const struct check *check, enum kind kind, int64_t channels)
{
	const struct cpu_qpool_kernels *kernels = cpu_qpool_kernels(check->cpu_flags);
	const int x_size = kind == SUM_SUMS ? 4 : 1, y_size = kind == MAX ? 1 : 4;
	struct cpu_qpool_line line = {
		.y_step = channels + check_between(0, 9),
		.x_step = check_between(1, 2) * channels + check_between(0, 9),
		.tap_step = channels + check_between(0, 9),
		.pixels = check_between(1, 5),
		.channels = channels,
		.taps = check_between(1, 6),
	};
	const int64_t count = (line.pixels - 1) * line.y_step + channels;
	uint8_t *y = check_alloc_bytes(count * y_size);
	bool ok = true;

	line.x = check_alloc_random_bytes(x_size * ((line.pixels - 1) * line.x_step +
						    (line.taps - 1) * line.tap_step + channels));
	line.y = y;
	(kind == MAX ? kernels->max : kind == SUM ? kernels->sum : kernels->sum_sums)(&line);
	for (int64_t i = 0; i < count; i++) {
		const int64_t p = i / line.y_step, c = i % line.y_step;
		uint32_t got = 0;

		if (c >= channels) {
			for (int b = 0; b < y_size; b++)
				ok &= check_is_untouched_byte(&y[i * y_size + b]);
			continue;
		}
		memcpy(&got, &y[i * y_size], y_size);
		ok &= got == expected(&line, kind, p, c);
	}
	check_result(ok && check_guards(), "qpool %s: kind %d, %d taps, %d channels", check->isa,
		     kind, (int)line.taps, (int)channels);
	check_free_all();
}

void check_qpool(const struct check *check)
{
	for (int64_t channels = 1; channels < 300; channels += check_between(1, 3)) {
		check_line(check, MAX, channels);
		check_line(check, SUM, channels);
		check_line(check, SUM_SUMS, channels);
	}
}

struct bench {
	void (*kernel)(const struct cpu_qpool_line *line);
	struct cpu_qpool_line line;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->line);
}

void bench_qpool(const struct check *check)
{
	enum { PIXELS = 20, CHANNELS = 128, TAPS = 5 };
	const struct cpu_qpool_kernels *kernels = cpu_qpool_kernels(check->cpu_flags);
	struct bench bench = {
		.kernel = kernels->max,
		.line = { .y = check_alloc(PIXELS * CHANNELS),
			  .x = check_alloc_random_bytes((PIXELS + TAPS) * CHANNELS),
			  .y_step = CHANNELS,
			  .x_step = CHANNELS,
			  .tap_step = CHANNELS,
			  .pixels = PIXELS,
			  .channels = CHANNELS,
			  .taps = TAPS },
	};

	check_bench_bytes(check, "qpool, max of 5, 128 x 20", TAPS * PIXELS * CHANNELS, run,
			  &bench);
	bench.kernel = kernels->sum;
	check_bench_bytes(check, "qpool, sum of 5, 128 x 20", TAPS * PIXELS * CHANNELS, run,
			  &bench);
}
