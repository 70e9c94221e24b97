// SPDX-License-Identifier: MIT
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "backend/cpu/kernels/qdepthwise.h"
#include "check.h"
#include "rounding.h"

#define MAX_TAPS 30
#define MAX_LANES 64

/**
 * struct vector - one before it is packed
 * @weights: [tap][byte], less their zero points; sums of @coarse and @fine where they are split
 */
struct vector {
	int lanes, taps;
	bool split;
	int16_t weights[MAX_TAPS][MAX_LANES];
	int8_t coarse[MAX_TAPS][MAX_LANES], fine[MAX_TAPS][MAX_LANES];
	int32_t bias[MAX_LANES], multipliers[MAX_LANES], shifts[MAX_LANES];
};

/* Weights of byte @i: of either sign they are together at most what fits, and no less if @extreme. */
static void fill_parts(int8_t parts[MAX_TAPS][MAX_LANES], int taps, int i, bool extreme)
{
	int above = CPU_QDEPTHWISE_MOST_PART, below = CPU_QDEPTHWISE_MOST_PART;

	for (int t = 0; t < taps; t++) {
		const bool negative = check_random() & 1;
		int *left = negative ? &below : &above;
		int part = *left > INT8_MAX ? INT8_MAX : *left;

		if (!extreme)
			part = (int)check_between(0, part / 2);
		*left -= part;
		parts[t][i] = (int8_t)(negative ? -part : part);
	}
}

static void fill_weights(struct vector *vector, int i, bool extreme)
{
	if (vector->split) {
		fill_parts(vector->coarse, vector->taps, i, extreme);
		fill_parts(vector->fine, vector->taps, i, extreme);
	}
	for (int t = 0; t < vector->taps; t++) {
		if (vector->split)
			vector->weights[t][i] =
				(int16_t)(CPU_QDEPTHWISE_COARSE * vector->coarse[t][i] +
					  vector->fine[t][i]);
		else
			vector->weights[t][i] =
				(int16_t)(extreme ? (check_random() & 1 ? 255 : -255)
						  : check_between(-255, 255));
	}
}

/* Where weights are split, results of the rule of floats have 31 bits. */
static void fill(struct vector *vector, bool fixed, bool extreme)
{
	for (int i = 0; i < vector->lanes; i++) {
		float real = ldexpf(1.5f + 0.5f * check_uniform(), (int)check_between(-18, -8));

		if (!(check_random() & 7))
			real = ldexpf(real, (int)check_between(-20, 36));
		if (vector->split)
			real = fminf(real, 0.5f);
		memcpy(&vector->multipliers[i], &real, sizeof(real));
		if (fixed)
			rounding_split(real, &vector->multipliers[i], &vector->shifts[i]);
		vector->bias[i] = (int32_t)check_random() >> check_between(0, 20);
		fill_weights(vector, i, extreme);
	}
}

static const int32_t *pack(const struct vector *vector)
{
	const int lanes = vector->lanes, pairs = (vector->taps + 1) / 2;
	int32_t *packed = (int32_t *)check_alloc((pairs + 3) * lanes);

	memset(packed, 0, (pairs + 3) * lanes * sizeof(*packed));
	for (int i = 0; i < lanes; i++) {
		int32_t *to = packed + cpu_qdepthwise_lane(lanes, i);

		to[0] = vector->bias[i];
		to[(pairs + 1) * lanes] = vector->multipliers[i];
		to[(pairs + 2) * lanes] = vector->shifts[i];
		for (int t = 0; t < vector->taps; t++) {
			int32_t *pair = packed + (1 + t / 2) * lanes;
			int8_t *parts = (int8_t *)pair + cpu_qdepthwise_part(lanes, i) + t % 2;
			int16_t *words = (int16_t *)(pair + cpu_qdepthwise_lane(lanes, i)) + t % 2;

			if (vector->split) {
				parts[0] = vector->coarse[t][i];
				parts[2 * lanes] = vector->fine[t][i];
			} else {
				*words = vector->weights[t][i];
			}
		}
	}
	return packed;
}

static uint8_t expected(const struct vector *vector, const struct cpu_qdepthwise_call *call,
			int64_t pixel, int i)
{
	const bool upper = i >= vector->lanes / 2;
	const int64_t at = call->offset + pixel * call->x_step +
			   (upper ? call->x_half + i - vector->lanes / 2 : i);
	uint32_t sum = (uint32_t)vector->bias[i];
	float multiplier;
	double rounded;

	for (int t = 0; t < vector->taps; t++)
		sum += (uint32_t)(call->a[t][at] * vector->weights[t][i]);
	memcpy(&multiplier, &vector->multipliers[i], sizeof(multiplier));
	rounded = call->to.fixed
			  ? rounding_fixed((int32_t)sum, vector->multipliers[i], vector->shifts[i])
			  : rounding_float((int32_t)sum, multiplier);
	return rounding_clamp(rounded, call->to.zero, call->to.low, call->to.high);
}

static const uint8_t *random_row(int64_t size, bool extreme)
{
	uint8_t *row = check_alloc_random_bytes(size);

	for (int64_t i = 0; extreme && i < size; i++)
		row[i] = row[i] & 7 ? UINT8_MAX : 0;
	return row;
}

/* @channels: fewer than half a vector, or 0 for all; @gap: of halves. */
static void check_vector(const struct check *check, int taps, int64_t channels, int64_t gap)
{
	const struct cpu_qdepthwise_kernels *kernels = cpu_qdepthwise_kernels(check->cpu_flags);
	const int half = kernels->lanes / 2;
	const int64_t size = channels ? channels : 2 * half + gap;
	const bool extreme = check_random() & 1;
	struct vector vector = { .lanes = kernels->lanes,
				 .taps = taps,
				 .split = check_random() & 1 };
	const uint8_t *a[MAX_TAPS];
	struct cpu_qdepthwise_call call = {
		.vectors = 1,
		.split = vector.split,
		.taps = taps,
		.to = { check_random() & 1, (int32_t)check_between(0, 255), 0, 255 },
		.a = a,
		.offset = check_between(0, 9),
		.x_step = size + check_between(0, 9),
		.y_step = size + check_between(0, 9),
		.x_half = half + gap,
		.y_half = half + gap,
		.pixels = check_between(1, 5),
		.channels = channels,
	};
	const int64_t count = (call.pixels - 1) * call.y_step + size;
	uint8_t *wanted;
	bool ok = true;

	if (check_random() & 1) {
		call.to.low = (int32_t)check_between(0, 100);
		call.to.high = (int32_t)check_between(100, 255);
	}
	for (int t = 0; t < taps; t++)
		a[t] = random_row(call.offset + (call.pixels - 1) * call.x_step + size, extreme);
	fill(&vector, call.to.fixed, extreme);
	call.weights = pack(&vector);
	call.y = check_alloc_bytes(count);
	wanted = check_alloc_bytes(count);
	memcpy(wanted, call.y, count);
	kernels->run(&call);
	for (int64_t p = 0; p < call.pixels; p++) {
		for (int i = 0; i < (channels ? channels : kernels->lanes); i++)
			wanted[p * call.y_step + (i >= half ? call.y_half + i - half : i)] =
				expected(&vector, &call, p, i);
	}
	for (int64_t i = 0; i < count; i++)
		ok &= call.y[i] == wanted[i];
	check_result(ok && check_guards(),
		     "qdepthwise %s: %d taps, %d channels, gap %d, rule %d, %s", check->isa, taps,
		     (int)channels, (int)gap, call.to.fixed, vector.split ? "split" : "words");
	check_free_all();
}

void check_qdepthwise(const struct check *check)
{
	const int half = cpu_qdepthwise_kernels(check->cpu_flags)->lanes / 2;

	for (int taps = 1; taps < MAX_TAPS; taps++) {
		for (int i = 0; i < 4; i++) {
			check_vector(check, taps, 0, 0);
			check_vector(check, taps, 0, check_between(-half, 40));
			check_vector(check, taps, check_between(1, half - 1), 0);
		}
	}
}

struct bench {
	void (*kernel)(const struct cpu_qdepthwise_call *call);
	struct cpu_qdepthwise_call call;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->call);
}

void bench_qdepthwise(const struct check *check)
{
	enum { PIXELS = 16 };
	const struct cpu_qdepthwise_kernels *kernels = cpu_qdepthwise_kernels(check->cpu_flags);
	const int lanes = kernels->lanes;

	for (int i = 0; i < 4; i++) {
		const int side = i & 1 ? 5 : 3, taps = side * side;
		const int row = (PIXELS + side) * lanes;
		struct vector vector = { .lanes = lanes, .taps = taps, .split = i < 2 };
		const uint8_t *a[MAX_TAPS];
		struct bench bench = {
			.kernel = kernels->run,
			.call = { .vectors = 1,
				  .split = vector.split,
				  .taps = taps,
				  .to = { false, 128, 0, 255 },
				  .a = a,
				  .x_step = lanes,
				  .x_half = lanes / 2,
				  .y_step = lanes,
				  .y_half = lanes / 2,
				  .pixels = PIXELS },
		};
		char name[80];

		fill(&vector, false, false);
		a[0] = check_alloc_random_bytes(side * row);
		for (int t = 1; t < taps; t++)
			a[t] = a[0] + t / side * row + t % side * lanes;
		bench.call.weights = pack(&vector);
		bench.call.y = check_alloc_bytes(PIXELS * lanes);
		snprintf(name, sizeof(name),
			 "depthwise of bytes, %d taps%s, %d channels, 16 pixels", taps,
			 vector.split ? "" : " of words", lanes);
		check_bench_bytes(check, name, 2.0 * taps * lanes * PIXELS, run, &bench);
		check_free_all();
	}
}
