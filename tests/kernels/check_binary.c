// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/binary.h"
#include "check.h"

static double value(enum cpu_binary_func func, double a, double b)
{
	switch (func) {
	case CPU_BINARY_ADD:
		return a + b;
	case CPU_BINARY_SUB:
		return a - b;
	case CPU_BINARY_MUL:
		return a * b;
	case CPU_BINARY_DIV:
		return a / b;
	case CPU_BINARY_MIN:
		return fmin(a, b);
	case CPU_BINARY_MAX:
		return fmax(a, b);
	default:
		return a < 0 ? a * b : a;
	}
}

/* Rows of @num elements @step apart, at a pitch of 0 or more than they need. */
static float *operand(int64_t num_rows, int64_t num, int64_t step, int64_t *pitch)
{
	*pitch = check_random() % 4 ? num * step + check_between(0, 9) : 0;
	return check_alloc_random((num_rows - 1) * *pitch + (num - 1) * step + 1);
}

static void check_rows(const struct check *check, enum cpu_binary_func func, int64_t num)
{
	static const int64_t steps[] = { 1, 1, 1, 0, 3 };
	struct cpu_binary_rows rows = {
		.y_pitch = num + check_between(0, 9),
		.a_step = steps[check_random() % 5],
		.b_step = steps[check_random() % 5],
		.num_rows = check_between(1, 4),
		.num = num,
		.low = check_random() & 1 ? -INFINITY : -0.25f,
		.high = check_random() & 1 ? INFINITY : 0.5f,
	};
	bool ok = true;

	rows.a = operand(rows.num_rows, num, rows.a_step, &rows.a_pitch);
	rows.b = operand(rows.num_rows, num, rows.b_step, &rows.b_pitch);
	rows.y = check_alloc((rows.num_rows - 1) * rows.y_pitch + num);
	cpu_binary_kernels(check->cpu_flags)->rows[func](&rows);
	for (int64_t r = 0; r < rows.num_rows; r++) {
		for (int64_t i = 0; i < (r < rows.num_rows - 1 ? rows.y_pitch : num); i++) {
			float got = rows.y[r * rows.y_pitch + i];
			double wanted;

			if (i >= num) {
				ok &= check_is_untouched(&rows.y[r * rows.y_pitch + i]);
				continue;
			}
			wanted = value(func, rows.a[r * rows.a_pitch + i * rows.a_step],
				       rows.b[r * rows.b_pitch + i * rows.b_step]);
			wanted = fmin(rows.high, fmax(rows.low, wanted));
			ok &= fabs(got - wanted) <= 1e-7 * fabs(wanted);
		}
	}
	check_result(ok && check_guards(), "binary %s: function %d, %d elements, steps %d and %d",
		     check->isa, func, (int)num, (int)rows.a_step, (int)rows.b_step);
	check_free_all();
}

void check_binary(const struct check *check)
{
	for (int func = 0; func < CPU_NUM_BINARIES; func++) {
		for (int64_t num = 1; num < 70; num += check_between(1, 3))
			check_rows(check, (enum cpu_binary_func)func, num);
	}
}

struct bench {
	const struct cpu_binary_kernels *kernels;
	struct cpu_binary_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernels->rows[CPU_BINARY_ADD](&bench->rows);
}

void bench_binary(const struct check *check)
{
	enum { NUM = 4096, CHANNELS = 24 };
	struct bench bench = {
		.kernels = cpu_binary_kernels(check->cpu_flags),
		.rows = { .y = check_alloc(NUM),
			  .a = check_alloc_random(NUM),
			  .b = check_alloc_random(NUM),
			  .a_step = 1,
			  .b_step = 1,
			  .num_rows = 1,
			  .num = NUM,
			  .low = -INFINITY,
			  .high = INFINITY },
	};

	check_bench(check, "binary, add, 4096", NUM, run, &bench);
	bench.rows.y_pitch = bench.rows.a_pitch = CHANNELS;
	bench.rows.num_rows = NUM / CHANNELS;
	bench.rows.num = CHANNELS;
	check_bench(check, "binary, add to 24 channels, 4080", NUM / CHANNELS * CHANNELS, run,
		    &bench);
}
