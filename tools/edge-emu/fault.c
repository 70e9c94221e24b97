// SPDX-License-Identifier: MIT
#include "fault.h"

#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STATS_SCHEMA 1
#define STATS_SIZE 900 /* bytes, with the longest of sentences */
#define MAX_WORDS 6
#define MAX_COUNT 1000000
#define SPURIOUS_US 1000
#define MAX_US 60000000 /* a minute */

/* What has been asked, and where the answer goes. */
struct request {
	struct card *card;
	char *words[MAX_WORDS + 1]; /* of the command, after it; NULL at the end */
	int count;
	char *answer;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static void answer(struct request *request,
							 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(request->answer, request->size, format, args);
	va_end(args);
}

/* Word @index as a number; without that word the number stays as it is. */
static bool read_number(struct request *request, int index, long min, long max, long *value)
{
	const char *word = index < request->count ? request->words[index] : NULL;
	char *end;

	if (!word)
		return true;
	errno = 0;
	*value = strtol(word, &end, 10);
	if (!errno && end != word && !*end && *value >= min && *value <= max)
		return true;
	answer(request, "error '%.40s' is no number from %ld to %ld", word, min, max);
	return false;
}

static void hang(struct request *request)
{
	long count = 1;

	if (read_number(request, 0, 0, MAX_COUNT, &count))
		nvdla_fault_hang(request->card->nvdla, (uint32_t)count);
}

static void corrupt(struct request *request)
{
	long count = 1;

	if (read_number(request, 0, 0, MAX_COUNT, &count))
		nvdla_fault_corrupt(request->card->nvdla, (uint32_t)count);
}

static void lose(struct request *request)
{
	long count = 1;

	if (read_number(request, 0, 0, MAX_COUNT, &count))
		request->card->interrupt.lose = (uint32_t)count;
}

static void spurious(struct request *request)
{
	struct interrupt *interrupt = &request->card->interrupt;
	long count = 1, us = SPURIOUS_US;

	if (!read_number(request, 0, 0, MAX_COUNT, &count) ||
	    !read_number(request, 1, 1, MAX_US, &us))
		return;
	interrupt->spurious = (uint32_t)count;
	interrupt->interval = us * UINT64_C(1000);
	interrupt->next = host_time();
}

static void take_out(struct request *request)
{
	card_remove(request->card);
}

static void restore(struct request *request)
{
	card_restore(request->card);
}

static void stuck_on(struct request *request)
{
	card_set_stuck(request->card, true);
}

static void stuck_off(struct request *request)
{
	card_set_stuck(request->card, false);
}

static void temperature(struct request *request)
{
	long value = 0;

	if (read_number(request, 0, INT32_MIN, INT32_MAX, &value))
		request->card->temperature = (int32_t)value;
}

static void stop_clock(struct request *request)
{
	clock_stop(&request->card->clock, host_time());
}

static void continue_clock(struct request *request)
{
	clock_continue(&request->card->clock, host_time());
}

static void stats(struct request *request)
{
	const struct card *card = request->card;
	json_t *json = json_pack("{s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:s}", "schema",
				 STATS_SCHEMA, "card", card->number, "operations",
				 (json_int_t)nvdla_operations(card->nvdla), "interrupts",
				 (json_int_t)card->interrupt.raised, "bytes_read",
				 (json_int_t)card->bytes_read, "bytes_written",
				 (json_int_t)card->bytes_written, "resets",
				 (json_int_t)card->resets, "misuses", (json_int_t)card->misuses,
				 "last_misuse", card->misuse);
	char text[STATS_SIZE];
	const size_t length =
		json ? json_dumpb(json, text, sizeof(text), JSON_COMPACT | JSON_ENSURE_ASCII) : 0;

	if (length && length < sizeof(text))
		answer(request, "ok %.*s", (int)length, text);
	else
		answer(request, "error out of memory");
	json_decref(json);
}

static const struct {
	const char *name; /* one word or more */
	int min, max; /* words that follow */
	void (*run)(struct request *request);
} commands[] = {
	{ "hang", 0, 1, hang },
	{ "corrupt", 0, 1, corrupt },
	{ "interrupt lose", 0, 1, lose },
	{ "interrupt spurious", 0, 2, spurious },
	{ "remove", 0, 0, take_out },
	{ "restore", 0, 0, restore },
	{ "reset stuck on", 0, 0, stuck_on },
	{ "reset stuck off", 0, 0, stuck_off },
	{ "temperature", 1, 1, temperature },
	{ "stop", 0, 0, stop_clock },
	{ "continue", 0, 0, continue_clock },
	{ "stats", 0, 0, stats },
};

/* How many words of the request the name is; 0 when it is another's. */
static int match(const struct request *request, const char *name)
{
	int count = 0;

	while (*name) {
		const size_t length = strcspn(name, " ");
		const char *word = request->words[count];

		if (!word || strlen(word) != length || memcmp(word, name, length))
			return 0;
		count++;
		name += length + strspn(name + length, " ");
	}
	return count;
}

/* The first @count words are dealt with. */
static void drop_words(struct request *request, int count)
{
	request->count -= count;
	memmove(request->words, request->words + count,
		(request->count + 1) * sizeof(*request->words));
}

static bool choose_card(struct request *request, struct card *cards, int count)
{
	long number = 0;

	if (!request->words[0] || strcmp(request->words[0], "card")) {
		request->card = cards;
		return true;
	}
	if (!read_number(request, 1, 0, count - 1, &number))
		return false;
	request->card = &cards[number];
	drop_words(request, request->count < 2 ? request->count : 2);
	return true;
}

static void run(struct request *request)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		const int words = match(request, commands[i].name);

		if (!words)
			continue;
		drop_words(request, words);
		if (request->count < commands[i].min || request->count > commands[i].max) {
			answer(request, "error '%s' is followed by %d to %d words",
			       commands[i].name, commands[i].min, commands[i].max);
			return;
		}
		answer(request, "ok");
		commands[i].run(request);
		return;
	}
	answer(request, "error unknown command; there are hang, corrupt, interrupt lose, interrupt "
			"spurious, remove, restore, reset stuck on, reset stuck off, temperature, "
			"stop, continue, stats");
}

void fault_command(struct card *cards, int count, char *line, char *text, size_t size)
{
	struct request request = { .answer = text, .size = size };
	char *save, *word = strtok_r(line, " \t", &save);

	while (word && request.count < MAX_WORDS) {
		request.words[request.count++] = word;
		word = strtok_r(NULL, " \t", &save);
	}
	if (word)
		answer(&request, "error too many words");
	else if (choose_card(&request, cards, count))
		run(&request);
}
