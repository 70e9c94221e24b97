// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/qbinary.h"
#include "check.h"
#include "rounding.h"

static int32_t any_zero(void)
{
	static const int32_t extremes[] = { 0, 255, 128 };

	return check_random() & 1 ? (int32_t)check_between(0, 255) : extremes[check_between(0, 2)];
}

static struct cpu_qbinary_scale random_scale(int low, int high)
{
	struct cpu_qbinary_scale scale = {
		.real = ldexpf(1.5f + 0.5f * check_uniform(), (int)check_between(low, high)),
	};

	rounding_split(scale.real, &scale.fixed, &scale.shift);
	return scale;
}

/* Rows of @num bytes @step apart, at a pitch of 0 or more than they need. */
static const uint8_t *operand(int64_t num_rows, int64_t num, int64_t step, int64_t *pitch)
{
	*pitch = check_random() % 4 ? num * step + check_between(0, 9) : 0;
	return check_alloc_random_bytes((num_rows - 1) * *pitch + (num - 1) * step + 1);
}

static double scaled(const struct cpu_qbinary_rows *rows, int32_t value,
		     const struct cpu_qbinary_scale *scale)
{
	return rows->to.fixed ? rounding_fixed(value, scale->fixed, scale->shift)
			      : rounding_float(value, scale->real);
}

static uint8_t expected(const struct cpu_qbinary_rows *rows, enum cpu_qbinary_func func, int32_t a,
			int32_t b)
{
	double value;

	a -= rows->zero_a;
	b -= rows->zero_b;
	if (func == CPU_QBINARY_MUL) {
		value = scaled(rows, a * b, &rows->scale);
	} else if (!rows->to.fixed) {
		const float real_a = (float)a * rows->scale_a.real;
		const float real_b = (float)b * rows->scale_b.real;
		const float sum = func == CPU_QBINARY_ADD ? real_a + real_b : real_a - real_b;

		value = rint((double)sum);
	} else {
		const double fixed_a = scaled(rows, a * (1 << 20), &rows->scale_a);
		const double fixed_b = scaled(rows, b * (1 << 20), &rows->scale_b);

		value = scaled(rows,
			       (int32_t)(func == CPU_QBINARY_ADD ? fixed_a + fixed_b
								 : fixed_a - fixed_b),
			       &rows->scale);
	}
	return rounding_clamp(value, rows->to.zero, rows->to.low, rows->to.high);
}

static void check_rows(const struct check *check, enum cpu_qbinary_func func, int64_t num)
{
	static const int64_t steps[] = { 1, 1, 1, 0, 3 };
	const bool fixed = check_random() & 1;
	const bool product = func == CPU_QBINARY_MUL;
	struct cpu_qbinary_rows rows = {
		.y_pitch = num + check_between(0, 9),
		.a_step = steps[check_random() % 5],
		.b_step = steps[check_random() % 5],
		.num_rows = check_between(1, 4),
		.num = num,
		.zero_a = any_zero(),
		.zero_b = any_zero(),
		.scale_a = random_scale(-4, fixed ? -2 : 3),
		.scale_b = random_scale(-4, fixed ? -2 : 3),
		.scale = random_scale(product ? -14 : -20, product ? 2 : -14),
		.to = { fixed, any_zero(), 0, 255 },
	};
	const int64_t y_size = (rows.num_rows - 1) * rows.y_pitch + num;
	bool ok = true;

	if (check_random() & 1) {
		rows.to.low = (int32_t)check_between(0, 100);
		rows.to.high = (int32_t)check_between(100, 255);
	}
	rows.a = operand(rows.num_rows, num, rows.a_step, &rows.a_pitch);
	rows.b = operand(rows.num_rows, num, rows.b_step, &rows.b_pitch);
	rows.y = check_alloc_bytes(y_size);
	cpu_qbinary_kernels(check->cpu_flags)->rows[func](&rows);
	for (int64_t i = 0; i < y_size; i++) {
		const int64_t r = i / rows.y_pitch, at = i % rows.y_pitch;

		if (at >= num) {
			ok &= check_is_untouched_byte(&rows.y[i]);
			continue;
		}
		ok &= rows.y[i] == expected(&rows, func,
					    rows.a[r * rows.a_pitch + at * rows.a_step],
					    rows.b[r * rows.b_pitch + at * rows.b_step]);
	}
	check_result(ok && check_guards(),
		     "qbinary %s: function %d, rule %d, %d bytes, steps %d and %d", check->isa,
		     func, fixed, (int)num, (int)rows.a_step, (int)rows.b_step);
	check_free_all();
}

void check_qbinary(const struct check *check)
{
	for (int func = 0; func < CPU_NUM_QBINARIES; func++) {
		for (int64_t num = 1; num < 70; num++) {
			check_rows(check, (enum cpu_qbinary_func)func, num);
			check_rows(check, (enum cpu_qbinary_func)func, num);
		}
	}
}

struct bench {
	void (*kernel)(const struct cpu_qbinary_rows *rows);
	struct cpu_qbinary_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_qbinary(const struct check *check)
{
	enum { NUM = 4096 };
	const struct cpu_qbinary_kernels *kernels = cpu_qbinary_kernels(check->cpu_flags);
	struct bench bench = {
		.kernel = kernels->rows[CPU_QBINARY_ADD],
		.rows = { .y = check_alloc_bytes(NUM),
			  .a = check_alloc_random_bytes(NUM),
			  .b = check_alloc_random_bytes(NUM),
			  .a_step = 1,
			  .b_step = 1,
			  .num_rows = 1,
			  .num = NUM,
			  .zero_a = 128,
			  .zero_b = 128,
			  .scale_a = random_scale(-2, -2),
			  .scale_b = random_scale(-2, -2),
			  .scale = random_scale(-18, -18),
			  .to = { false, 128, 0, 255 } },
	};

	check_bench_bytes(check, "qbinary, add, 4096", NUM, run, &bench);
	bench.kernel = kernels->rows[CPU_QBINARY_MUL];
	check_bench_bytes(check, "qbinary, mul, 4096", NUM, run, &bench);
	bench.kernel = kernels->rows[CPU_QBINARY_ADD];
	bench.rows.to.fixed = true;
	check_bench_bytes(check, "qbinary, add in fixed point, 4096", NUM, run, &bench);
}
