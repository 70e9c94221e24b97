// SPDX-License-Identifier: MIT
#include <math.h>

#include "backend/cpu/kernels/softmax.h"
#include "check.h"

/* Rows or columns of @count elements @step apart. */
static bool is_softmax(const float *y, int64_t y_step, const float *x, int64_t x_step,
		       int64_t count)
{
	double most = -INFINITY, sum = 0;
	bool ok = true;

	for (int64_t i = 0; i < count; i++)
		most = fmax(most, x[i * x_step]);
	for (int64_t i = 0; i < count; i++)
		sum += exp(x[i * x_step] - most);
	for (int64_t i = 0; i < count; i++) {
		double wanted = exp(x[i * x_step] - most) / sum;

		ok &= fabs(y[i * y_step] - wanted) <= 1e-7 + 2e-6 * wanted;
	}
	return ok;
}

static void check_softmaxes(const struct check *check, bool across, int64_t num_rows, int64_t num)
{
	struct cpu_softmax softmax = {
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num + check_between(0, 9),
		.num_rows = num_rows,
		.num = num,
	};
	const struct cpu_softmax_kernels *kernels = cpu_softmax_kernels(check->cpu_flags);
	const float range = check_random() & 1 ? 3 : 500;
	float *x = check_alloc_random(num_rows * softmax.x_pitch);
	bool ok = true;

	for (int64_t i = 0; i < num_rows * softmax.x_pitch; i++)
		x[i] *= range;
	softmax.x = x;
	softmax.y = check_alloc(num_rows * softmax.y_pitch);
	if (across)
		kernels->across(&softmax);
	else
		kernels->along(&softmax);
	for (int64_t i = 0; i < (across ? num : num_rows); i++)
		ok &= across ? is_softmax(softmax.y + i, softmax.y_pitch, x + i, softmax.x_pitch,
					  num_rows)
			     : is_softmax(softmax.y + i * softmax.y_pitch, 1,
					  x + i * softmax.x_pitch, 1, num);
	for (int64_t r = 0; r < num_rows; r++) {
		for (int64_t i = num; i < softmax.y_pitch; i++)
			ok &= check_is_untouched(&softmax.y[r * softmax.y_pitch + i]);
	}
	check_result(ok && check_guards(), "softmax %s: %s, %d rows of %d", check->isa,
		     across ? "across" : "along", (int)num_rows, (int)num);
	check_free_all();
}

void check_softmax(const struct check *check)
{
	for (int64_t num = 1; num < 70; num += check_between(1, 3)) {
		check_softmaxes(check, false, check_between(1, 5), num);
		check_softmaxes(check, true, check_between(1, 40), num);
	}
}

struct bench {
	void (*kernel)(const struct cpu_softmax *softmax);
	struct cpu_softmax softmax;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->softmax);
}

void bench_softmax(const struct check *check)
{
	enum { ROWS = 64, NUM = 80 };
	struct bench bench = {
		.kernel = cpu_softmax_kernels(check->cpu_flags)->along,
		.softmax = { .y = check_alloc(ROWS * NUM),
			     .x = check_alloc_random(ROWS * NUM),
			     .y_pitch = NUM,
			     .x_pitch = NUM,
			     .num_rows = ROWS,
			     .num = NUM },
	};

	check_bench(check, "softmax, along 64 x 80", ROWS * NUM, run, &bench);
	bench.kernel = cpu_softmax_kernels(check->cpu_flags)->across;
	check_bench(check, "softmax, across 64 x 80", ROWS * NUM, run, &bench);
}
