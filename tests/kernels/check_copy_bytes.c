// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/copy_bytes.h"
#include "check.h"

static void check_rows(const struct check *check, bool transpose, int64_t num_rows, int64_t num)
{
	const bool dense = check_random() & 1;
	struct cpu_copy_bytes_rows rows = {
		.y_pitch = num + (dense ? 0 : check_between(1, 9)),
		.x_pitch = (transpose ? num_rows : num) + (dense ? 0 : check_between(1, 9)),
		.num_rows = num_rows,
		.num = num,
	};
	const struct cpu_copy_bytes_kernels *kernels = cpu_copy_bytes_kernels(check->cpu_flags);
	bool ok = true;

	rows.x = check_alloc_random_bytes(((transpose ? num : num_rows) - 1) * rows.x_pitch +
					  (transpose ? num_rows : num));
	rows.y = check_alloc_bytes((num_rows - 1) * rows.y_pitch + num);
	if (transpose)
		kernels->transpose(&rows);
	else
		kernels->straight(&rows);
	for (int64_t r = 0; r < num_rows; r++) {
		for (int64_t i = 0; i < (r < num_rows - 1 ? rows.y_pitch : num); i++) {
			const uint8_t *got = &rows.y[r * rows.y_pitch + i];
			int64_t from = transpose ? i * rows.x_pitch + r : r * rows.x_pitch + i;

			ok &= i < num ? *got == rows.x[from] : check_is_untouched_byte(got);
		}
	}
	check_result(ok && check_guards(), "copy_bytes %s: %s, %d rows of %d", check->isa,
		     transpose ? "transpose" : "straight", (int)num_rows, (int)num);
	check_free_all();
}

static void check_strided(const struct check *check, int64_t num_rows, int64_t num, int64_t step)
{
	struct cpu_copy_bytes_rows rows = {
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num * step + check_between(0, 9),
		.num_rows = num_rows,
		.num = num,
	};
	const int64_t size = (num_rows - 1) * rows.y_pitch + num;
	bool ok = true;

	rows.x = check_alloc_random_bytes((num_rows - 1) * rows.x_pitch + (num - 1) * step + 1);
	rows.y = check_alloc_bytes(size);
	cpu_copy_bytes_kernels(check->cpu_flags)->strided(&rows, step);
	for (int64_t i = 0; i < size; i++) {
		const int64_t r = i / rows.y_pitch, at = i % rows.y_pitch;

		ok &= at < num ? rows.y[i] == rows.x[r * rows.x_pitch + at * step]
			       : check_is_untouched_byte(&rows.y[i]);
	}
	check_result(ok && check_guards(), "copy_bytes %s: strided %d, %d rows of %d", check->isa,
		     (int)step, (int)num_rows, (int)num);
	check_free_all();
}

void check_copy_bytes(const struct check *check)
{
	for (int64_t num = 1; num < 70; num += check_between(1, 3)) {
		check_rows(check, false, check_between(1, 5), num);
		check_rows(check, true, num, 2);
		check_rows(check, true, 2, num);
		check_rows(check, true, num, 3);
		check_strided(check, check_between(1, 5), num, check_between(2, 3));
		for (int64_t num_rows = 1; num_rows < 70; num_rows += check_between(1, 12))
			check_rows(check, true, num_rows, num);
	}
}

struct bench {
	void (*kernel)(const struct cpu_copy_bytes_rows *rows);
	struct cpu_copy_bytes_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_copy_bytes(const struct check *check)
{
	enum { PIXELS = 400, CHANNELS = 24, NUM = PIXELS * CHANNELS };
	const struct cpu_copy_bytes_kernels *kernels = cpu_copy_bytes_kernels(check->cpu_flags);
	struct bench bench = {
		.kernel = kernels->straight,
		.rows = { .y = check_alloc_bytes(2 * NUM),
			  .x = check_alloc_random_bytes(2 * NUM),
			  .y_pitch = 2 * CHANNELS,
			  .x_pitch = CHANNELS,
			  .num_rows = PIXELS,
			  .num = CHANNELS },
	};

	check_bench_bytes(check, "bytes, 400 rows of 24", NUM, run, &bench);
	bench.kernel = kernels->transpose;
	bench.rows.x_pitch = PIXELS;
	bench.rows.y_pitch = CHANNELS;
	check_bench_bytes(check, "bytes, transpose 24 x 400", NUM, run, &bench);
	bench.rows.num_rows = CHANNELS;
	bench.rows.num = PIXELS;
	bench.rows.x_pitch = CHANNELS;
	bench.rows.y_pitch = PIXELS;
	check_bench_bytes(check, "bytes, transpose 400 x 24", NUM, run, &bench);
	bench.rows.num_rows = NUM / 2;
	bench.rows.num = 2;
	bench.rows.x_pitch = NUM / 2;
	bench.rows.y_pitch = 2;
	check_bench_bytes(check, "bytes, interleave 2 x 4800", NUM, run, &bench);
}
