// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "backend/cpu/kernels/qwinograd.h"
#include "check.h"
#include "rounding.h"

#define IN CPU_WINOGRAD_IN
#define OUT CPU_WINOGRAD_OUT
#define COEFFICIENTS CPU_WINOGRAD_COEFFICIENTS

/* The matrix of the paper. */
static const int in_matrix[IN][IN] = {
	{ 4, 0, -5, 0, 1, 0 },	{ 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 },
	{ 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
};

static int64_t round_up(int64_t value, int64_t to)
{
	return (value + to - 1) / to * to;
}

/* Bytes of any kind, or those that make coefficients as large as can be. */
static uint8_t any_byte(bool extreme)
{
	return (uint8_t)(extreme ? 255 * (check_random() & 1) : check_random());
}

static void check_input(const struct check *check, int64_t channels)
{
	const int64_t room = round_up(channels, CPU_QWINOGRAD_CHANNELS);
	const int64_t plane = room + check_between(0, 20);
	const bool extreme = check_random() & 1;
	const uint8_t *x[COEFFICIENTS];
	int16_t *v = (int16_t *)check_alloc_bytes(2 * ((COEFFICIENTS - 1) * plane + room));
	struct cpu_qwinograd_input input = { channels, x, any_byte(extreme), v, plane };
	bool ok = true;

	for (int i = 0; i < COEFFICIENTS; i++) {
		uint8_t *pixel = check_alloc_bytes(channels);

		for (int64_t c = 0; c < channels; c++)
			pixel[c] = any_byte(extreme);
		x[i] = pixel;
	}
	cpu_qwinograd_kernels(check->cpu_flags)->input(&input);
	for (int i = 0; i < COEFFICIENTS; i++) {
		for (int64_t c = 0; c < channels; c++) {
			int sum = 0;

			for (int j = 0; j < COEFFICIENTS; j++)
				sum += in_matrix[i / IN][j / IN] * (x[j][c] - input.zero) *
				       in_matrix[i % IN][j % IN];
			ok &= v[i * plane + c] == sum;
		}
	}
	check_result(ok && check_guards(), "qwinograd %s: input, %d channels", check->isa,
		     (int)channels);
	check_free_all();
}

/* A tile of results and its sums: Toom-Cook's points 0, 1, -1, 2, -2 and infinity, whose products
 * are found from random polynomials. */
struct tile {
	int32_t results[OUT * OUT];
	uint32_t sums[COEFFICIENTS];
};

/* Results of a random tile by one random kernel, and the sums that the transforms make of them. */
static void fill_tile(struct tile *tile, int terms)
{
	static const int kernel_matrix[IN][3] = CPU_QWINOGRAD_KERNEL;

	*tile = (struct tile) { 0 };
	for (int t = 0; t < terms; t++) {
		int x[COEFFICIENTS], w[9];

		for (int i = 0; i < COEFFICIENTS; i++)
			x[i] = (int)check_between(-255, 255);
		for (int i = 0; i < 9; i++)
			w[i] = (int)check_between(-255, 255);
		for (int i = 0; i < OUT * OUT; i++) {
			for (int j = 0; j < 9; j++)
				tile->results[i] +=
					w[j] * x[(i / OUT + j / 3) * IN + i % OUT + j % 3];
		}
		for (int i = 0; i < COEFFICIENTS; i++) {
			int u = 0, v = 0;

			for (int j = 0; j < 9; j++)
				u += kernel_matrix[i / IN][j / 3] * w[j] *
				     kernel_matrix[i % IN][j % 3];
			for (int j = 0; j < COEFFICIENTS; j++)
				v += in_matrix[i / IN][j / IN] * x[j] * in_matrix[i % IN][j % IN];
			tile->sums[i] += (uint32_t)u * (uint32_t)v;
		}
	}
}

/* What a result is stored as. */
static uint8_t expected(const struct cpu_qwinograd_output *output, int32_t result, int64_t channel)
{
	const int32_t *scales = output->scales + channel;
	const int32_t sum = (int32_t)((uint32_t)result + (uint32_t)scales[0]);
	const int32_t multiplier = scales[output->scales_pitch];
	float real;

	memcpy(&real, &multiplier, sizeof(real));
	return rounding_clamp(output->to.fixed ? rounding_fixed(sum, multiplier,
								scales[2 * output->scales_pitch])
					       : rounding_float(sum, real),
			      output->to.zero, output->to.low, output->to.high);
}

static void fill_scales(int32_t *scales, int64_t room, bool fixed)
{
	for (int64_t c = 0; c < room; c++) {
		const float real = 1e-4f * (1.5f + check_uniform());

		scales[c] = (int32_t)check_random() >> check_between(8, 20);
		memcpy(&scales[room + c], &real, sizeof(real));
		if (fixed)
			rounding_split(real, &scales[room + c], &scales[2 * room + c]);
	}
}

static void check_output(const struct check *check, int64_t channels)
{
	enum { MOST = 64 };
	const int64_t room = round_up(channels, 16);
	const int64_t plane = room + check_between(0, 20);
	const int64_t offset = check_between(0, 9);
	int32_t *m = (int32_t *)check_alloc(COEFFICIENTS * plane);
	int32_t *scales = (int32_t *)check_alloc(3 * room);
	struct tile tiles[MOST];
	uint8_t *y[OUT * OUT];
	struct cpu_qwinograd_output output = {
		.channels = channels,
		.m = m,
		.plane = plane,
		.scales = scales,
		.scales_pitch = room,
		.to = { check_random() & 1, (int32_t)check_between(0, 255), 3, 250 },
		.y = y,
		.offset = offset,
	};
	bool ok = true;

	for (int64_t c = 0; c < channels; c++) {
		fill_tile(&tiles[c], (int)check_between(1, 40));
		for (int i = 0; i < COEFFICIENTS; i++)
			memcpy(&m[i * plane + c], &tiles[c].sums[i], sizeof(*m));
	}
	fill_scales(scales, room, output.to.fixed);
	for (int i = 0; i < OUT * OUT; i++)
		y[i] = check_alloc_bytes(offset + channels);
	cpu_qwinograd_kernels(check->cpu_flags)->output(&output);
	for (int i = 0; i < OUT * OUT; i++) {
		for (int64_t c = 0; c < offset; c++)
			ok &= check_is_untouched_byte(&y[i][c]);
		for (int64_t c = 0; c < channels; c++)
			ok &= y[i][offset + c] == expected(&output, tiles[c].results[i], c);
	}
	check_result(ok && check_guards(), "qwinograd %s: output, %d channels", check->isa,
		     (int)channels);
	check_free_all();
}

void check_qwinograd(const struct check *check)
{
	for (int64_t channels = 1; channels < 50; channels++) {
		check_input(check, channels);
		check_output(check, channels);
	}
}

struct bench {
	const struct cpu_qwinograd_kernels *kernels;
	struct cpu_qwinograd_input input;
	struct cpu_qwinograd_output output;
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

void bench_qwinograd(const struct check *check)
{
	enum { CHANNELS = 64, PLANE = CHANNELS + 16 };
	const uint8_t *x[COEFFICIENTS];
	uint8_t *y[OUT * OUT];
	int16_t *v = (int16_t *)check_alloc(COEFFICIENTS * PLANE);
	int32_t *m = (int32_t *)check_alloc_random_bytes(4 * COEFFICIENTS * PLANE);
	int32_t *scales = (int32_t *)check_alloc(3 * CHANNELS);
	struct bench bench = {
		.kernels = cpu_qwinograd_kernels(check->cpu_flags),
		.input = { CHANNELS, x, 128, v, PLANE },
		.output = { CHANNELS, m, PLANE, scales, CHANNELS, { false, 128, 0, 255 }, y, 0 },
	};

	fill_scales(scales, CHANNELS, false);
	for (int i = 0; i < COEFFICIENTS; i++)
		x[i] = check_alloc_random_bytes(CHANNELS);
	for (int i = 0; i < OUT * OUT; i++)
		y[i] = check_alloc_bytes(CHANNELS);
	check_bench_bytes(check, "qwinograd, input, 64 channels", CHANNELS * 2.0 * IN * 17,
			  run_input, &bench);
	check_bench_bytes(check, "qwinograd, output, 64 channels", CHANNELS * (IN + OUT) * 17.0,
			  run_output, &bench);
}
