// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "backend/cpu/kernels/quantize.h"
#include "check.h"

/* Of all kinds: near a half, far beyond any limit, not a number. */
static float value(float scale)
{
	switch (check_between(0, 7)) {
	case 0:
		return (float)check_between(-300, 300) * scale + 0.5f * scale;
	case 1:
		return nextafterf((float)check_between(-300, 300) * scale + 0.5f * scale, 0);
	case 2:
		return ldexpf(check_uniform(), (int)check_between(-100, 100));
	case 3:
		return check_random() & 1 ? NAN : check_random() & 1 ? INFINITY : -INFINITY;
	default:
		return 300 * check_uniform() * scale;
	}
}

static double rounded(float x, bool away)
{
	if (isnan(x))
		return 0;
	return away ? round((double)x) : rint((double)x);
}

static struct cpu_quantize_rows random_rows(int64_t num)
{
	return (struct cpu_quantize_rows) {
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num + check_between(0, 9),
		.num_rows = check_between(1, 3),
		.num = num,
		.scale = ldexpf(1.5f + 0.5f * check_uniform(), (int)check_between(-9, 2)),
		.zero = (int32_t)check_between(0, 255),
		.away = check_random() & 1,
	};
}

static void check_to(const struct check *check, int64_t num, bool is_signed)
{
	const struct cpu_quantize_kernels *kernels = cpu_quantize_kernels(check->cpu_flags);
	struct cpu_quantize_rows rows = random_rows(num);
	const int64_t x_size = (rows.num_rows - 1) * rows.x_pitch + num;
	const int64_t y_size = (rows.num_rows - 1) * rows.y_pitch + num;
	float *x = check_alloc(x_size);
	uint8_t *y = check_alloc_bytes(y_size);
	bool ok = true;

	if (is_signed)
		rows.zero -= 128;
	for (int64_t i = 0; i < x_size; i++)
		x[i] = value(rows.scale);
	rows.x = x;
	rows.y = y;
	(is_signed ? kernels->to_i8 : kernels->to_u8)(&rows);
	for (int64_t i = 0; i < y_size; i++) {
		const int64_t r = i / rows.y_pitch, at = i % rows.y_pitch;
		double wanted;

		if (at >= num) {
			ok &= check_is_untouched_byte(&y[i]);
			continue;
		}
		wanted = rounded(x[r * rows.x_pitch + at] / rows.scale, rows.away) + rows.zero;
		wanted = is_signed ? fmin(fmax(wanted, -128), 127) : fmin(fmax(wanted, 0), 255);
		ok &= (is_signed ? (double)(int8_t)y[i] : y[i]) == wanted;
	}
	check_result(ok && check_guards(), "quantize %s: %d to %s, rule %d", check->isa, (int)num,
		     is_signed ? "i8" : "u8", rows.away);
	check_free_all();
}

/* From integers of @size bytes. */
static void check_from(const struct check *check, int64_t num, int size, bool is_signed)
{
	const struct cpu_quantize_kernels *kernels = cpu_quantize_kernels(check->cpu_flags);
	struct cpu_quantize_rows rows = random_rows(num);
	const int64_t y_size = (rows.num_rows - 1) * rows.y_pitch + num;
	const uint8_t *x =
		check_alloc_random_bytes(size * ((rows.num_rows - 1) * rows.x_pitch + num));
	float *y = check_alloc(y_size);
	bool ok = true;

	rows.x = x;
	rows.y = y;
	if (size == 4)
		rows.zero = 0;
	(size == 4 ? kernels->from_i32 : is_signed ? kernels->from_i8 : kernels->from_u8)(&rows);
	for (int64_t i = 0; i < y_size; i++) {
		const uint8_t *from =
			x + size * (i / rows.y_pitch * rows.x_pitch + i % rows.y_pitch);
		int32_t stored = 0;

		if (i % rows.y_pitch >= num) {
			ok &= check_is_untouched(&y[i]);
			continue;
		}
		if (size == 4)
			memcpy(&stored, from, sizeof(stored));
		else
			stored = is_signed ? (int8_t)*from : *from;
		ok &= y[i] == (float)(stored - rows.zero) * rows.scale;
	}
	check_result(ok && check_guards(), "quantize %s: %d from %d bytes", check->isa, (int)num,
		     size);
	check_free_all();
}

void check_quantize(const struct check *check)
{
	for (int64_t num = 1; num < 70; num++) {
		check_to(check, num, false);
		check_to(check, num, true);
		check_from(check, num, 1, false);
		check_from(check, num, 1, true);
		check_from(check, num, 4, true);
	}
}

struct bench {
	cpu_quantize_fn kernel;
	struct cpu_quantize_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_quantize(const struct check *check)
{
	enum { NUM = 4096 };
	const struct cpu_quantize_kernels *kernels = cpu_quantize_kernels(check->cpu_flags);
	struct bench bench = {
		.kernel = kernels->to_u8,
		.rows = { .y = check_alloc(NUM),
			  .x = check_alloc_random(NUM),
			  .num_rows = 1,
			  .num = NUM,
			  .scale = 0.01f,
			  .zero = 128 },
	};

	check_bench(check, "quantize, 4096 to u8", NUM, run, &bench);
	bench.kernel = kernels->from_u8;
	check_bench(check, "quantize, 4096 from u8", NUM, run, &bench);
}
