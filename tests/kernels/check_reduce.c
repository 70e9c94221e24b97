// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/reduce.h"
#include "check.h"

static double add(enum cpu_reduction kind, double all, double x)
{
	switch (kind) {
	case CPU_REDUCE_MAX:
		return fmax(all, x);
	case CPU_REDUCE_MIN:
		return fmin(all, x);
	case CPU_REDUCE_SUM_SQUARE:
		return all + x * x;
	default:
		return all + x;
	}
}

static void check_rows(const struct check *check, enum cpu_reduction kind, bool across, int64_t num)
{
	struct cpu_reduce_rows rows = {
		.kind = kind,
		.y_pitch = check_between(1, 4),
		.x_pitch = num + check_between(0, 9),
		.num_rows = check_between(0, 6),
		.num = num,
	};
	const struct cpu_reduce_kernels *kernels = cpu_reduce_kernels(check->cpu_flags);
	const int64_t count = across ? num : rows.num_rows * rows.y_pitch;
	double wanted[600];
	bool ok = true;

	rows.x = check_alloc_random(rows.num_rows * rows.x_pitch);
	rows.y = check_alloc_random(count);
	for (int64_t i = 0; i < count; i++)
		wanted[i] = rows.y[i];
	for (int64_t r = 0; r < rows.num_rows; r++) {
		for (int64_t i = 0; i < num; i++) {
			double *y = &wanted[across ? i : r * rows.y_pitch];
			double x = rows.x[r * rows.x_pitch + i];

			/* What is in y is a result already, not squared again. */
			*y = add(kind, *y, x);
		}
	}
	if (across)
		kernels->across(&rows);
	else
		kernels->along(&rows);
	for (int64_t i = 0; i < count; i++)
		ok &= fabs(rows.y[i] - wanted[i]) <= 1e-6 * (double)(num + 1);
	check_result(ok && check_guards(), "reduce %s: kind %d %s, %d rows of %d", check->isa, kind,
		     across ? "across" : "along", (int)rows.num_rows, (int)num);
	check_free_all();
}

void check_reduce(const struct check *check)
{
	for (int kind = 0; kind < CPU_NUM_REDUCTIONS; kind++) {
		for (int64_t num = 1; num < 200; num += check_between(1, 9)) {
			check_rows(check, (enum cpu_reduction)kind, false, num);
			check_rows(check, (enum cpu_reduction)kind, true, num);
		}
	}
}

struct bench {
	void (*kernel)(const struct cpu_reduce_rows *rows);
	struct cpu_reduce_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_reduce(const struct check *check)
{
	enum { ROWS = 49, NUM = 96 };
	struct bench bench = {
		.kernel = cpu_reduce_kernels(check->cpu_flags)->along,
		.rows = { .kind = CPU_REDUCE_SUM,
			  .y = check_alloc_random(NUM),
			  .x = check_alloc_random(ROWS * NUM),
			  .y_pitch = 1,
			  .x_pitch = NUM,
			  .num_rows = ROWS,
			  .num = NUM },
	};

	check_bench(check, "reduce, sum along 49 x 96", ROWS * NUM, run, &bench);
	bench.kernel = cpu_reduce_kernels(check->cpu_flags)->across;
	check_bench(check, "reduce, sum across 49 x 96", ROWS * NUM, run, &bench);
}
