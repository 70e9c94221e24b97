// SPDX-License-Identifier: MIT
/*
 * Runs register programs whose results the RTL has given through the model of NVDLA.
 *
 * usage: check-golden FOLDER...    a folder with a run.txt, or a folder of such folders
 *
 * A line of run.txt: "w ADDRESS VALUE", "r ADDRESS [EXPECTED [MASK]]", "poll ADDRESS MASK VALUE
 * [CYCLES]", "wait STATUS [CYCLES]" until all those interrupts have been seen, "load ADDRESS FILE",
 * "hex ADDRESS BYTES...", "fill ADDRESS SIZE BYTE", "fillmem BYTE", "check ADDRESS FILE", "crc ADDRESS
 * SIZE CRC32", "run CYCLES", "reset"; others are commands of the RTL's test bench.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "nvdla/nvdla.h"

#define PAGE 4096
#define BUCKETS 4096
#define WAIT_CYCLES 1000000
#define GLB_INTR_STATUS 0x100c

struct page {
	struct page *next;
	uint32_t number;
	uint8_t data[PAGE];
};

/* Memory of 4 GiB, all @fill but for the pages that are there. */
struct bench {
	const char *folder;
	struct page *pages[BUCKETS];
	uint8_t fill;
	struct nvdla *nvdla;
	uint32_t seen;
	int line;
	bool failed;
};

static void fail(struct bench *bench, const char *what)
{
	printf("%s/run.txt:%d: %s\n", bench->folder, bench->line, what);
	bench->failed = true;
}

static void report_misuse(void *opaque, const char *what)
{
	fail(opaque, what);
}

static struct page *find_page(struct bench *bench, uint32_t number)
{
	struct page **bucket = &bench->pages[number % BUCKETS], *page;

	for (page = *bucket; page; page = page->next) {
		if (page->number == number)
			return page;
	}
	page = malloc(sizeof(*page));
	if (!page) {
		perror("check-golden");
		exit(2);
	}
	page->number = number;
	memset(page->data, bench->fill, PAGE);
	page->next = *bucket;
	*bucket = page;
	return page;
}

static void free_pages(struct bench *bench)
{
	for (int i = 0; i < BUCKETS; i++) {
		while (bench->pages[i]) {
			struct page *page = bench->pages[i];

			bench->pages[i] = page->next;
			free(page);
		}
	}
}

static bool read_memory(void *opaque, uint32_t address, void *to, size_t size)
{
	for (size_t i = 0; i < size; i++, address++)
		((uint8_t *)to)[i] = find_page(opaque, address / PAGE)->data[address % PAGE];
	return true;
}

static bool write_memory(void *opaque, uint32_t address, const void *from, size_t size)
{
	for (size_t i = 0; i < size; i++, address++)
		find_page(opaque, address / PAGE)->data[address % PAGE] =
			((const uint8_t *)from)[i];
	return true;
}

/* A file of the program's folder; NULL, with a failure, when it cannot be read. */
static uint8_t *read_file(struct bench *bench, const char *name, size_t *size)
{
	char path[4096];
	uint8_t *data = NULL;
	FILE *file;
	long length;

	snprintf(path, sizeof(path), "%s/%s", bench->folder, name);
	file = fopen(path, "rb");
	if (file && !fseek(file, 0, SEEK_END) && (length = ftell(file)) >= 0) {
		rewind(file);
		data = malloc(length + 1);
		*size = length;
		if (data && fread(data, 1, length, file) != (size_t)length) {
			free(data);
			data = NULL;
		}
	}
	if (!data)
		fail(bench, "a file that cannot be read");
	if (file)
		fclose(file);
	return data;
}

static void load(struct bench *bench, uint32_t address, const char *name)
{
	size_t size;
	uint8_t *data = read_file(bench, name, &size);

	if (data)
		write_memory(bench, address, data, size);
	free(data);
}

static void check(struct bench *bench, uint32_t address, const char *name)
{
	size_t size, wrong = 0;
	uint8_t *data = read_file(bench, name, &size);

	for (size_t i = 0; data && i < size; i++) {
		uint8_t byte;

		read_memory(bench, address + (uint32_t)i, &byte, 1);
		wrong += byte != data[i];
	}
	if (wrong) {
		char what[128];

		snprintf(what, sizeof(what), "%zu of %zu bytes differ from %.60s", wrong, size,
			 name);
		fail(bench, what);
	}
	free(data);
}

static void check_crc(struct bench *bench, uint32_t address, uint32_t size, uint32_t expected)
{
	uint32_t crc = ~0u;

	for (uint32_t i = 0; i < size; i++) {
		uint8_t byte;

		read_memory(bench, address + i, &byte, 1);
		crc ^= byte;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	if (~crc != expected)
		fail(bench, "another checksum");
}

static void collect(struct bench *bench)
{
	const uint32_t status = nvdla_read(bench->nvdla, GLB_INTR_STATUS);

	bench->seen |= status;
	nvdla_write(bench->nvdla, GLB_INTR_STATUS, status);
}

/* Until the next operation ends, but not past @limit. */
static uint64_t step(struct bench *bench, uint64_t limit)
{
	const uint64_t next = nvdla_next_event(bench->nvdla);
	const uint64_t cycles = next < limit ? next : limit;

	nvdla_advance(bench->nvdla, cycles ? cycles : 1);
	return cycles ? cycles : 1;
}

static void wait_for(struct bench *bench, uint32_t status, uint64_t limit)
{
	uint64_t left = limit;

	for (collect(bench); (bench->seen & status) != status; collect(bench)) {
		if (!left) {
			fail(bench, "the interrupts do not come");
			return;
		}
		left -= step(bench, left);
	}
	bench->seen &= ~status;
}

static void poll_register(struct bench *bench, uint32_t address, uint32_t mask, uint32_t value,
			  uint64_t limit)
{
	for (uint64_t i = 0; i <= limit; i += 10) {
		if ((nvdla_read(bench->nvdla, address) & mask) == value)
			return;
		nvdla_advance(bench->nvdla, 10);
	}
	fail(bench, "the value does not come");
}

/* Of the RTL's test bench, which a model has no use for. */
static bool is_of_the_bench(const char *command)
{
	static const char *const commands[] = { "lat",	"stall",  "slcg", "mark", "stat", "show",
						"dump", "axilog", "sync", "echo", "quit" };

	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		if (!strcmp(command, commands[i]))
			return true;
	}
	return false;
}

static void run_line(struct bench *bench, char *text)
{
	char *save, *command = strtok_r(text, " \t\r\n", &save), *words[8] = { NULL };
	uint32_t numbers[8] = { 0 };
	int count = 0;

	if (!command || *command == '#')
		return;
	for (char *word; count < 8 && (word = strtok_r(NULL, " \t\r\n", &save)) && *word != '#';) {
		words[count] = word;
		numbers[count++] = (uint32_t)strtoul(word, NULL, 0);
	}
	if (!strcmp(command, "w"))
		nvdla_write(bench->nvdla, numbers[0], numbers[1]);
	else if (!strcmp(command, "r") && count > 1 &&
		 (nvdla_read(bench->nvdla, numbers[0]) & (count > 2 ? numbers[2] : ~0u)) !=
			 numbers[1])
		fail(bench, "another value");
	else if (!strcmp(command, "poll"))
		poll_register(bench, numbers[0], numbers[1], numbers[2],
			      count > 3 ? numbers[3] : WAIT_CYCLES);
	else if (!strcmp(command, "wait"))
		wait_for(bench, numbers[0], count > 1 ? numbers[1] : WAIT_CYCLES);
	else if (!strcmp(command, "load") && count > 1)
		load(bench, numbers[0], words[1]);
	else if (!strcmp(command, "check") && count > 1)
		check(bench, numbers[0], words[1]);
	else if (!strcmp(command, "crc"))
		check_crc(bench, numbers[0], numbers[1], numbers[2]);
	else if (!strcmp(command, "fillmem"))
		bench->fill = (uint8_t)numbers[0];
	else if (!strcmp(command, "run"))
		nvdla_advance(bench->nvdla, numbers[0]);
	else if (!strcmp(command, "reset"))
		nvdla_reset(bench->nvdla);
	else if (!strcmp(command, "fill"))
		for (uint32_t i = 0; i < numbers[1]; i++)
			write_memory(bench, numbers[0] + i, &(uint8_t) { numbers[2] }, 1);
	else if (!strcmp(command, "hex"))
		for (int i = 1; i < count; i++)
			write_memory(bench, numbers[0] + i - 1,
				     &(uint8_t) { strtoul(words[i], NULL, 16) }, 1);
	else if (strcmp(command, "r") && !is_of_the_bench(command))
		fail(bench, "no command, or too few words");
}

/* One program; whether it has done all that was expected. */
static bool run_program(const char *folder, FILE *file)
{
	struct bench *bench = calloc(1, sizeof(*bench));
	const struct nvdla_bus bus = { bench, read_memory, write_memory, report_misuse };
	char *text = NULL;
	size_t size = 0;
	bool passed;

	if (!bench || !(bench->nvdla = nvdla_create(&bus))) {
		perror("check-golden");
		exit(2);
	}
	bench->folder = folder;
	while (!bench->failed && getline(&text, &size, file) >= 0) {
		bench->line++;
		run_line(bench, text);
	}
	passed = !bench->failed;
	free(text);
	nvdla_destroy(bench->nvdla);
	free_pages(bench);
	free(bench);
	return passed;
}

struct tally {
	int passed, failed;
};

static void run_folder(const char *folder, struct tally *tally, int depth);

static void run_below(const char *folder, struct tally *tally, int depth)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		char path[4096];

		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			run_folder(path, tally, depth + 1);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

static void run_folder(const char *folder, struct tally *tally, int depth)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/run.txt", folder);
	file = fopen(path, "r");
	if (!file) {
		if (depth < 1)
			run_below(folder, tally, depth);
		return;
	}
	if (run_program(folder, file))
		tally->passed++;
	else
		tally->failed++;
	fclose(file);
}

int main(int argc, char **argv)
{
	struct tally tally = { 0 };

	for (int i = 1; i < argc; i++)
		run_folder(argv[i], &tally, 0);
	if (!tally.passed && !tally.failed) {
		fprintf(stderr, "check-golden: no program in %s\n", argc > 1 ? argv[1] : "nothing");
		return argc > 1 && access(argv[1], F_OK) ? 77 : 2;
	}
	printf("%d passed, %d failed\n", tally.passed, tally.failed);
	return tally.failed > 0;
}
