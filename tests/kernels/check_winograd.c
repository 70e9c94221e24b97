// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>

#include "backend/cpu/kernels/winograd.h"
#include "check.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS

/* The matrices of the paper. */
static const double in_matrix[IN][IN] = {
	{ 4, 0, -5, 0, 1, 0 },	{ 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 },
	{ 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
};
static const double out_matrix[OUT][IN] = {
	{ 1, 1, 1, 1, 1, 0 },
	{ 0, 1, -1, 2, -2, 0 },
	{ 0, 1, 1, 4, 4, 0 },
	{ 0, 1, -1, 8, -8, 1 },
};

static void check_input(const struct check *check, int64_t channels)
{
	const int64_t plane = channels + check_between(0, 20);
	const float *x[COEFFICIENTS];
	float *v = check_alloc((COEFFICIENTS - 1) * plane + channels);
	struct cpu_winograd_input input = { channels, x, v, plane };
	bool ok = true;

	for (int i = 0; i < COEFFICIENTS; i++)
		x[i] = check_alloc_random(channels);
	cpu_winograd_kernels(check->cpu_flags)->input(&input);
	for (int i = 0; i < COEFFICIENTS; i++) {
		for (int64_t c = 0; c < channels; c++) {
			double sum = 0;

			for (int j = 0; j < COEFFICIENTS; j++)
				sum += in_matrix[i / IN][j / IN] * x[j][c] *
				       in_matrix[i % IN][j % IN];
			ok &= fabs(v[i * plane + c] - sum) < 2e-5;
		}
		for (int64_t c = channels; c < plane && i < COEFFICIENTS - 1; c++)
			ok &= check_is_untouched(&v[i * plane + c]);
	}
	check_result(ok && check_guards(), "winograd %s: input, %d channels", check->isa,
		     (int)channels);
	check_free_all();
}

static void check_output(const struct check *check, int64_t channels)
{
	const int64_t plane = channels + check_between(0, 20);
	const int64_t offset = check_between(0, 9);
	const float *m = check_alloc_random((COEFFICIENTS - 1) * plane + channels);
	float *y[OUT * OUT];
	struct cpu_winograd_output output = { channels, m, plane, y, offset, -INFINITY, INFINITY };
	bool ok = true;

	if (check_random() & 1) {
		output.low = -2;
		output.high = 3;
	}
	for (int i = 0; i < OUT * OUT; i++)
		y[i] = check_alloc(offset + channels);
	cpu_winograd_kernels(check->cpu_flags)->output(&output);
	for (int i = 0; i < OUT * OUT; i++) {
		for (int64_t c = 0; c < offset; c++)
			ok &= check_is_untouched(&y[i][c]);
		for (int64_t c = 0; c < channels; c++) {
			double sum = 0;

			for (int j = 0; j < COEFFICIENTS; j++)
				sum += out_matrix[i / OUT][j / IN] * m[j * plane + c] *
				       out_matrix[i % OUT][j % IN];
			sum = fmin(fmax(sum, output.low), output.high);
			ok &= fabs(y[i][offset + c] - sum) < 1e-4;
		}
	}
	check_result(ok && check_guards(), "winograd %s: output, %d channels", check->isa,
		     (int)channels);
	check_free_all();
}

void check_winograd(const struct check *check)
{
	for (int64_t channels = 1; channels < 50; channels++) {
		check_input(check, channels);
		check_output(check, channels);
	}
}

struct bench {
	const struct cpu_winograd_kernels *kernels;
	struct cpu_winograd_input input;
	struct cpu_winograd_output output;
};

static void run_input(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->input(&bench->input);
}

static void run_output(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->output(&bench->output);
}

void bench_winograd(const struct check *check)
{
	enum { CHANNELS = 64, PLANE = CHANNELS + 16 };
	const float *x[COEFFICIENTS];
	float *y[OUT * OUT];
	float *v = check_alloc_random(COEFFICIENTS * PLANE);
	struct bench bench = {
		.kernels = cpu_winograd_kernels(check->cpu_flags),
		.input = { CHANNELS, x, v, PLANE },
		.output = { CHANNELS, v, PLANE, y, 0, -INFINITY, INFINITY },
	};

	for (int i = 0; i < COEFFICIENTS; i++)
		x[i] = check_alloc_random(CHANNELS);
	for (int i = 0; i < OUT * OUT; i++)
		y[i] = check_alloc(CHANNELS);
	check_bench(check, "winograd, input, 64 channels", CHANNELS * 2.0 * IN * 16, run_input,
		    &bench);
	check_bench(check, "winograd, output, 64 channels", CHANNELS * (IN + OUT) * 14.0,
		    run_output, &bench);
}
