// SPDX-License-Identifier: MIT
#include <math.h>
#include <string.h>

#include "backend/cpu/kernels/lookup.h"
#include "check.h"

#define MAX_NUM 1200
#define MAX_ROWS 11

enum kind { ANY, LEAKY, RESCALED, NEARLY, NUM_KINDS };

static uint8_t saturated(double real)
{
	return (uint8_t)fmax(0, fmin(255, nearbyint(real)));
}

/* What LeakyReLU makes of bytes, or another scale; @NEARLY: but for one entry. */
static void fill(uint8_t *entries, enum kind kind)
{
	const int64_t zero = check_between(-20, 275);
	const double above = exp2(check_between(-200, 190) * 0.01),
		     to = (double)check_between(0, 255);
	const double below = kind == RESCALED ? above : above * (double)check_between(0, 50) * 0.01;

	for (int i = 0; i < 256; i++)
		entries[i] = kind == ANY ? (uint8_t)check_random()
					 : saturated((i < zero ? below : above) * (i - zero) + to);
	if (kind == NEARLY)
		entries[check_between(0, 255)] += (uint8_t)(check_random() & 1 ? 1 : -1);
}

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

	fill(entries, check_between(0, NUM_KINDS - 1));
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

/* All bytes, which for a table of lines is all there is to be wrong. */
static int check_all(const struct check *check, enum kind kind)
{
	uint8_t bytes[256], entries[256];
	struct cpu_lookup_table table;

	fill(entries, kind);
	for (int i = 0; i < 256; i++)
		bytes[i] = (uint8_t)i;
	cpu_lookup_table_init(&table, entries);
	cpu_lookup_kernels(check->cpu_flags)
		->bytes(&(struct cpu_lookup_rows) {
			.table = &table,
			.y = bytes,
			.x = bytes,
			.num_rows = 1,
			.num = sizeof(bytes),
		});
	check_result(!memcmp(bytes, entries, sizeof(bytes)),
		     "lookup %s: all bytes, table of kind %d", check->isa, kind);
	return table.has_lines;
}

/* Most of LeakyReLU's tables are lines, and no random one. */
static void check_lines(const struct check *check)
{
	enum { TABLES = 200 };
	int lines[NUM_KINDS] = { 0 };

	for (int i = 0; i < TABLES; i++) {
		for (enum kind kind = ANY; kind < NUM_KINDS; kind++)
			lines[kind] += check_all(check, kind);
	}
	check_result(!lines[ANY] && lines[LEAKY] > TABLES / 2 && lines[RESCALED] > TABLES / 2,
		     "lookup %s: lines in %d, %d, %d tables of %d", check->isa, lines[ANY],
		     lines[LEAKY], lines[RESCALED], TABLES);
}

void check_lookup(const struct check *check)
{
	check_lines(check);
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
	uint8_t line[256];
	struct bench bench = {
		.kernel = kernels->bytes,
		.rows = { .table = &table, .num_rows = 1, .num = NUM },
	};

	cpu_lookup_table_init(&table, check_alloc_random_bytes(256));
	bench.rows.x = check_alloc_random_bytes(NUM);
	bench.rows.y = check_alloc(NUM);
	check_bench_bytes(check, "lookup, 4096 bytes to bytes", NUM, run, &bench);
	for (int i = 0; i < 256; i++)
		line[i] = (uint8_t)i;
	cpu_lookup_table_init(&table, line);
	check_bench_bytes(check, "lookup, 4096 bytes by lines", NUM, run, &bench);
	bench.kernel = kernels->floats;
	bench.rows.table = check_alloc_random(256);
	check_bench_bytes(check, "lookup, 4096 bytes to floats", NUM, run, &bench);
}
