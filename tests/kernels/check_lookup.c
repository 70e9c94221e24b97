// SPDX-License-Identifier: MIT
#include <string.h>

#include "backend/cpu/kernels/lookup.h"
#include "check.h"

#define MAX_NUM 1200
#define MAX_ROWS 11

/* Bytes between the rows stay what they were. */
static void check_entries(const struct check *check, int64_t num, bool in_place)
{
	uint8_t entries[256];
	struct cpu_lookup_table table;
	struct cpu_lookup_rows rows = {
		.table = &table,
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num + check_between(0, 9),
		.num_rows = check_between(1, MAX_ROWS),
		.num = num,
	};
	const int64_t size = (rows.num_rows - 1) * rows.y_pitch + num;
	uint8_t before[MAX_ROWS * (MAX_NUM + 9)];
	bool ok = true;

	for (int i = 0; i < 256; i++)
		entries[i] = (uint8_t)check_random();
	cpu_lookup_table_init(&table, entries);
	rows.y = check_alloc_random_bytes(size);
	memcpy(before, rows.y, size);
	if (in_place) {
		rows.x = rows.y;
		rows.x_pitch = rows.y_pitch;
	} else {
		rows.x = check_alloc_random_bytes((rows.num_rows - 1) * rows.x_pitch + num);
	}
	cpu_lookup_kernels(check->cpu_flags)->bytes(&rows);
	for (int64_t i = 0; i < size; i++) {
		const int64_t r = i / rows.y_pitch, at = i % rows.y_pitch;
		uint8_t wanted = before[i];

		if (at < num)
			wanted = entries[in_place ? before[i] : rows.x[r * rows.x_pitch + at]];
		ok &= ((uint8_t *)rows.y)[i] == wanted;
	}
	check_result(ok && check_guards(), "lookup %s: %d bytes%s", check->isa, (int)num,
		     in_place ? ", in place" : "");
	check_free_all();
}

static void check_real_entries(const struct check *check, int64_t num)
{
	struct cpu_lookup_rows rows = {
		.table = check_alloc_random(256),
		.y_pitch = num + check_between(0, 9),
		.x_pitch = num + check_between(0, 9),
		.num_rows = check_between(1, MAX_ROWS),
		.num = num,
	};
	const int64_t size = (rows.num_rows - 1) * rows.y_pitch + num;
	const float *table = rows.table;
	bool ok = true;

	rows.y = check_alloc(size);
	rows.x = check_alloc_random_bytes((rows.num_rows - 1) * rows.x_pitch + num);
	cpu_lookup_kernels(check->cpu_flags)->floats(&rows);
	for (int64_t i = 0; i < size; i++) {
		const int64_t r = i / rows.y_pitch, at = i % rows.y_pitch;
		const float *y = (const float *)rows.y + i;

		ok &= at < num ? *y == table[rows.x[r * rows.x_pitch + at]] : check_is_untouched(y);
	}
	check_result(ok && check_guards(), "lookup %s: %d floats", check->isa, (int)num);
	check_free_all();
}

void check_lookup(const struct check *check)
{
	for (int64_t num = 1; num < MAX_NUM; num += check_between(1, num < 300 ? 2 : 40)) {
		check_entries(check, num, false);
		check_entries(check, num, true);
		check_real_entries(check, num);
	}
}

struct bench {
	void (*kernel)(const struct cpu_lookup_rows *rows);
	struct cpu_lookup_rows rows;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->kernel(&bench->rows);
}

void bench_lookup(const struct check *check)
{
	enum { NUM = 4096 };
	const struct cpu_lookup_kernels *kernels = cpu_lookup_kernels(check->cpu_flags);
	struct cpu_lookup_table table;
	struct bench bench = {
		.kernel = kernels->bytes,
		.rows = { .table = &table, .num_rows = 1, .num = NUM },
	};

	cpu_lookup_table_init(&table, check_alloc_random_bytes(256));
	bench.rows.x = check_alloc_random_bytes(NUM);
	bench.rows.y = check_alloc(NUM);
	check_bench_bytes(check, "lookup, 4096 bytes to bytes", NUM, run, &bench);
	bench.kernel = kernels->floats;
	bench.rows.table = check_alloc_random(256);
	check_bench_bytes(check, "lookup, 4096 bytes to floats", NUM, run, &bench);
}
