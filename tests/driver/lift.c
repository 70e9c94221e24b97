// SPDX-License-Identifier: MIT
#include "lift.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lift_op.h"

#define PAGE 4096

/* Stretches of addresses that are closer than this are one region. */
#define NEAR (1 << 20)

struct range {
	uint64_t start, end;
};

/**
 * struct lifter - a program that is being read
 * @ranges: memory that was used so far
 * @line: of run.txt
 */
struct lifter {
	const char *folder;
	struct lift *lift;
	struct lift_registers registers;
	struct range *ranges;
	size_t num_ranges;
	uint8_t fill;
	int line;
};

static void *must(void *memory)
{
	if (!memory) {
		perror("lift");
		exit(2);
	}
	return memory;
}

static void refuse(struct lifter *lifter, const char *what)
{
	struct lift *lift = lifter->lift;

	if (!lift->obstacle[0])
		snprintf(lift->obstacle, sizeof(lift->obstacle), "line %d: %s", lifter->line, what);
}

/* Notes that memory is used; whether it was before. */
static bool use(struct lifter *lifter, uint64_t address, uint64_t bytes)
{
	const struct range range = { address, address + bytes };
	bool used = false;

	for (size_t i = 0; i < lifter->num_ranges; i++)
		used |= lifter->ranges[i].start < range.end && range.start < lifter->ranges[i].end;
	lifter->ranges =
		must(realloc(lifter->ranges, (lifter->num_ranges + 1) * sizeof(*lifter->ranges)));
	lifter->ranges[lifter->num_ranges++] = range;
	return used;
}

/* A new step, after the others or before them. */
static struct lift_step *add_step(struct lifter *lifter, enum lift_kind kind, bool first)
{
	struct lift *lift = lifter->lift;
	struct lift_step *step;

	lift->steps = must(realloc(lift->steps, (lift->num_steps + 1) * sizeof(*lift->steps)));
	step = &lift->steps[first ? 0 : lift->num_steps];
	if (first)
		memmove(lift->steps + 1, lift->steps, lift->num_steps * sizeof(*lift->steps));
	lift->num_steps++;
	memset(step, 0, sizeof(*step));
	step->kind = kind;
	step->line = lifter->line;
	return step;
}

/* Takes over @data. What nobody has used yet may as well be there from the beginning. */
static void add_load(struct lifter *lifter, uint64_t address, uint8_t *data, size_t size)
{
	struct lift_step *step = add_step(lifter, LIFT_LOAD, !use(lifter, address, size) && size);

	step->offset = address;
	step->data = data;
	step->size = size;
}

static void add_check(struct lifter *lifter, uint64_t address, uint8_t *data, size_t size)
{
	struct lift_step *step = add_step(lifter, LIFT_CHECK, false);

	use(lifter, address, size);
	step->offset = address;
	step->data = data;
	step->size = size;
}

static void add_op(struct lifter *lifter, const struct lift_op *op)
{
	struct lift *lift = lifter->lift;
	struct lift_step *step = lift->num_steps ? &lift->steps[lift->num_steps - 1] : NULL;

	if (op->obstacle) {
		refuse(lifter, op->obstacle);
		return;
	}
	for (unsigned int i = 0; i < op->num_refs; i++)
		use(lifter, op->refs[i].address, op->refs[i].bytes);
	if (!step || step->kind != LIFT_RUN)
		step = add_step(lifter, LIFT_RUN, false);
	step->data = must(realloc(step->data, step->size + op->size));
	memcpy(step->data + step->size, &op->op, op->size);
	/* Its places are found again when regions are known, by what stands for a handle. */
	for (unsigned int i = 0; i < op->num_refs; i++) {
		struct drm_edge_ref *ref =
			(struct drm_edge_ref *)(step->data + step->size + op->refs[i].at);

		ref->handle = ~0u;
	}
	step->size += op->size;
	step->ops++;
}

static uint8_t *read_file(struct lifter *lifter, const char *name, size_t *size)
{
	char path[4096];
	uint8_t *data = NULL;
	FILE *file;
	long length;

	snprintf(path, sizeof(path), "%s/%s", lifter->folder, name);
	file = fopen(path, "rb");
	if (file && !fseek(file, 0, SEEK_END) && (length = ftell(file)) >= 0) {
		rewind(file);
		data = must(malloc(length + 1));
		*size = fread(data, 1, length, file);
	}
	if (file)
		fclose(file);
	if (!data)
		refuse(lifter, "a file that cannot be read");
	return data;
}

static void write_register(struct lifter *lifter, uint32_t offset, uint32_t value)
{
	struct lift_op op;

	if (!lift_write(&lifter->registers, offset, value))
		refuse(lifter, "registers of an operation that may be running");
	while (lift_next(&lifter->registers, &op))
		add_op(lifter, &op);
}

static void reset(struct lifter *lifter)
{
	for (unsigned int i = 0; i < lifter->lift->num_steps; i++) {
		if (lifter->lift->steps[i].kind == LIFT_RUN)
			refuse(lifter, "a reset after operations");
	}
	memset(&lifter->registers, 0, sizeof(lifter->registers));
}

static void hex(struct lifter *lifter, uint32_t address, char **words, size_t count)
{
	uint8_t *data = must(malloc(count + 1));

	for (size_t i = 0; i < count; i++)
		data[i] = (uint8_t)strtoul(words[i], NULL, 16);
	add_load(lifter, address, data, count);
}

/* Commands that use memory; false for another one. */
static bool memory_command(struct lifter *lifter, const char *command, char **words, size_t count)
{
	const uint32_t address = count ? (uint32_t)strtoul(words[0], NULL, 0) : 0;
	uint8_t *data;
	size_t size;

	if (!strcmp(command, "fillmem")) {
		lifter->fill = (uint8_t)address;
	} else if (!strcmp(command, "hex") && count) {
		hex(lifter, address, words + 1, count - 1);
	} else if (!strcmp(command, "fill") && count > 2) {
		size = strtoul(words[1], NULL, 0);
		data = must(malloc(size + 1));
		memset(data, (int)strtoul(words[2], NULL, 0), size);
		add_load(lifter, address, data, size);
	} else if ((!strcmp(command, "load") || !strcmp(command, "check")) && count > 1) {
		data = read_file(lifter, words[1], &size);
		if (data && *command == 'l')
			add_load(lifter, address, data, size);
		else if (data)
			add_check(lifter, address, data, size);
	} else if (!strcmp(command, "crc") && count > 2) {
		add_check(lifter, address, NULL, strtoul(words[1], NULL, 0));
		lifter->lift->steps[lifter->lift->num_steps - 1].kind = LIFT_CRC;
		lifter->lift->steps[lifter->lift->num_steps - 1].crc =
			(uint32_t)strtoul(words[2], NULL, 0);
	} else {
		return false;
	}
	return true;
}

static void run_line(struct lifter *lifter, char *text)
{
	char *save, *word, *words[256];
	const char *command = strtok_r(text, " \t\r\n", &save);
	size_t count = 0;

	if (!command || *command == '#')
		return;
	while (count < 256 && (word = strtok_r(NULL, " \t\r\n", &save)) && *word != '#')
		words[count++] = word;
	if (memory_command(lifter, command, words, count))
		return;
	if (!strcmp(command, "w") && count > 1)
		write_register(lifter, (uint32_t)strtoul(words[0], NULL, 0),
			       (uint32_t)strtoul(words[1], NULL, 0));
	else if (!strcmp(command, "wait") || !strcmp(command, "poll") || !strcmp(command, "run"))
		lift_wait(&lifter->registers);
	else if (!strcmp(command, "reset"))
		reset(lifter);
}

static int compare(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

/* Stretches of the memory that was used. */
static void make_regions(struct lifter *lifter)
{
	struct lift *lift = lifter->lift;

	if (lifter->num_ranges)
		qsort(lifter->ranges, lifter->num_ranges, sizeof(*lifter->ranges), compare);
	for (size_t i = 0; i < lifter->num_ranges; i++) {
		const uint64_t start = lifter->ranges[i].start / PAGE * PAGE;
		const uint64_t end = (lifter->ranges[i].end + PAGE - 1) / PAGE * PAGE;
		struct lift_region *last = lift->num_regions ? &lift->regions[lift->num_regions - 1]
							     : NULL;

		if (last && start <= last->address + last->size + NEAR) {
			if (end > last->address + last->size)
				last->size = end - last->address;
			continue;
		}
		lift->regions = must(
			realloc(lift->regions, (lift->num_regions + 1) * sizeof(*lift->regions)));
		lift->regions[lift->num_regions++] =
			(struct lift_region) { start, end - start, lifter->fill };
	}
}

/* The region of an address, which becomes an offset. */
static unsigned int find_region(const struct lift *lift, uint64_t address, uint64_t *offset)
{
	unsigned int i = 0;

	while (i + 1 < lift->num_regions && lift->regions[i + 1].address <= address)
		i++;
	*offset = address - lift->regions[i].address;
	return i;
}

static void place_ops(const struct lift *lift, struct lift_step *step)
{
	for (size_t at = 0; at < step->size;) {
		const struct drm_edge_op *op = (const struct drm_edge_op *)(step->data + at);

		for (unsigned int i = 0; i < LIFT_REFS; i++) {
			const size_t place = lift_place(op->type, i);
			struct drm_edge_ref *ref = (struct drm_edge_ref *)(step->data + at + place);
			uint64_t offset;

			if (!place || ref->handle != ~0u)
				continue;
			ref->handle = find_region(lift, ref->offset, &offset) + 1;
			ref->offset = offset;
		}
		at += op->size;
	}
}

static void place_steps(struct lift *lift)
{
	for (unsigned int i = 0; i < lift->num_steps; i++) {
		struct lift_step *step = &lift->steps[i];

		if (step->kind == LIFT_RUN)
			place_ops(lift, step);
		else
			step->region = find_region(lift, step->offset, &step->offset);
	}
}

struct lift *lift_program(const char *folder)
{
	struct lifter lifter = { .folder = folder };
	char path[4096], *text = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/run.txt", folder);
	file = fopen(path, "r");
	if (!file) {
		perror(path);
		return NULL;
	}
	lifter.lift = must(calloc(1, sizeof(*lifter.lift)));
	while (getline(&text, &size, file) >= 0) {
		lifter.line++;
		run_line(&lifter, text);
	}
	fclose(file);
	free(text);
	make_regions(&lifter);
	place_steps(lifter.lift);
	free(lifter.ranges);
	return lifter.lift;
}

void lift_free(struct lift *lift)
{
	if (!lift)
		return;
	for (unsigned int i = 0; i < lift->num_steps; i++)
		free(lift->steps[i].data);
	free(lift->steps);
	free(lift->regions);
	free(lift);
}

uint32_t lift_crc(const void *data, size_t size)
{
	const uint8_t *bytes = data;
	uint32_t crc = ~0u;

	for (size_t i = 0; i < size; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
	}
	return ~crc;
}
