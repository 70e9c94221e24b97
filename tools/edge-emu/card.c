// SPDX-License-Identifier: MIT
#include "card.h"

#include <inttypes.h>
#include <stdio.h>

#include "message.h"

#define SHELL_ID 0x00
#define SHELL_VERSION 0x04
#define SHELL_RESET 0x08
#define SHELL_STATUS 0x0c
#define SHELL_CLOCK_HZ 0x10
#define SHELL_FEATURES 0x14
#define SHELL_TEMPERATURE 0x18
#define MSIX_SIZE 16

#define READY_HZ 20000 /* after 50 microseconds */
#define TEMPERATURE 42000

/* A guest in a loop shall not fill somebody's disk. */
#define MISUSES_TOLD 1000

/* Of a clock of 0 Hz for an access, so that polling ends. */
#define ACCESS_CYCLES 1000

static void misuse(void *opaque, const char *what)
{
	struct card *card = opaque;

	card->misuses++;
	snprintf(card->misuse, sizeof(card->misuse), "%s%s%s%s", what, card->refused ? " (" : "",
		 card->refused ? card->refused : "", card->refused ? ")" : "");
	card->refused = NULL;
	if (card->misuses <= MISUSES_TOLD)
		message(card->number, "misuse: %s%s", card->misuse,
			card->misuses == MISUSES_TOLD ? "; more will be counted only" : "");
}

/* Whether the bus takes an access of the core's. */
static bool may_access(struct card *card, uint32_t address, size_t size)
{
	card->refused = NULL;
	if (!pci_bus_master(&card->pci))
		card->refused = "bus mastering is off";
	else if (size > (UINT64_C(1) << 32) - address)
		card->refused = "beyond 4 GiB";
	return !card->refused;
}

static bool read_memory(void *opaque, uint32_t address, void *to, size_t size)
{
	struct card *card = opaque;

	if (!may_access(card, address, size) || !memory_read(&card->memory, address, to, size))
		return false;
	card->bytes_read += size;
	return true;
}

static bool write_memory(void *opaque, uint32_t address, const void *from, size_t size)
{
	struct card *card = opaque;

	if (!may_access(card, address, size) || !memory_write(&card->memory, address, from, size))
		return false;
	card->bytes_written += size;
	return true;
}

bool card_create(struct card *card, int number, int slot, uint64_t hz, struct wiring *wiring)
{
	const struct nvdla_bus bus = { card, read_memory, write_memory, misuse };

	*card = (struct card) { .number = number, .temperature = TEMPERATURE };
	card->nvdla = nvdla_create(&bus);
	if (!card->nvdla)
		return false;
	clock_init(&card->clock, hz, host_time());
	interrupt_init(&card->interrupt, number, slot, &card->pci, wiring);
	card->held = true;
	pci_reset(&card->pci);
	return true;
}

void card_destroy(struct card *card)
{
	nvdla_destroy(card->nvdla);
	memory_clear(&card->memory);
}

static void hold_core(struct card *card)
{
	card->held = true;
	nvdla_reset(card->nvdla);
	interrupt_line(&card->interrupt, false);
}

static uint64_t ready_time(const struct card *card)
{
	if (card->stuck)
		return UINT64_MAX;
	return nvdla_cycles(card->nvdla) + card->clock.hz / READY_HZ;
}

static void write_reset(struct card *card, uint32_t value)
{
	if (value & 1) {
		card->resets += !card->held;
		hold_core(card);
	} else if (card->held) {
		card->held = false;
		card->ready_at = ready_time(card);
	}
}

static bool is_ready(const struct card *card)
{
	return !card->held && !card->clock.stopped && nvdla_cycles(card->nvdla) >= card->ready_at;
}

static void power_on(struct card *card)
{
	hold_core(card);
	pci_reset(&card->pci);
	interrupt_reset(&card->interrupt);
}

void card_reset(struct card *card)
{
	card->resets++;
	power_on(card);
}

void card_remove(struct card *card)
{
	power_on(card);
	card->removed = true;
}

void card_restore(struct card *card)
{
	if (card->removed)
		power_on(card);
	card->removed = false;
}

void card_set_stuck(struct card *card, bool stuck)
{
	card->stuck = stuck;
	if (!stuck && card->ready_at == UINT64_MAX)
		card->ready_at = ready_time(card);
}

uint32_t card_read_config(const struct card *card, uint32_t offset, uint32_t size)
{
	return card->removed ? UINT32_MAX : pci_read(&card->pci, offset, size);
}

void card_write_config(struct card *card, uint32_t offset, uint32_t size, uint32_t value)
{
	if (card->removed)
		return;
	pci_write(&card->pci, offset, size, value);
	interrupt_update(&card->interrupt);
}

static uint32_t read_shell(const struct card *card, uint32_t offset)
{
	if (offset - SHELL_MSIX_TABLE < MSIX_SIZE)
		return interrupt_read_table(&card->interrupt, offset - SHELL_MSIX_TABLE);
	switch (offset) {
	case SHELL_ID:
		return 0x45474445;
	case SHELL_VERSION:
		return 0x00010000;
	case SHELL_RESET:
		return card->held;
	case SHELL_STATUS:
		return is_ready(card) | (uint32_t)card->interrupt.line << 1;
	case SHELL_CLOCK_HZ:
		return (uint32_t)card->clock.hz;
	case SHELL_FEATURES:
		return 1;
	case SHELL_TEMPERATURE:
		return (uint32_t)card->temperature;
	case SHELL_MSIX_PENDING:
		return interrupt_read_pending(&card->interrupt, 0);
	default:
		return 0;
	}
}

static void write_shell(struct card *card, uint32_t offset, uint32_t value)
{
	if (offset == SHELL_RESET)
		write_reset(card, value);
	else if (offset - SHELL_MSIX_TABLE < MSIX_SIZE)
		interrupt_write_table(&card->interrupt, offset - SHELL_MSIX_TABLE, value);
}

/* Where an access goes; PCI_NO_BAR, reported, when the card does not take it. */
static int find(struct card *card, uint64_t address, uint32_t size, uint32_t *offset)
{
	const int bar = pci_find_bar(&card->pci, address, size, offset);
	const bool table = bar == PCI_BAR_SHELL && *offset - SHELL_MSIX_TABLE < MSIX_SIZE;
	char what[96];

	if (bar == PCI_NO_BAR)
		snprintf(what, sizeof(what), "an access to 0x%" PRIx64 ", where no BAR is",
			 address);
	else if (*offset % size || (size != 4 && !(size == 8 && table)))
		snprintf(what, sizeof(what),
			 "an access of %" PRIu32 " bytes to BAR%d, offset 0x%" PRIx32, size, bar,
			 *offset);
	else if (bar == PCI_BAR_CORE && (card->held || nvdla_cycles(card->nvdla) < card->ready_at))
		snprintf(what, sizeof(what), "an access to the core, which is not ready");
	else
		return bar;
	misuse(card, what);
	return PCI_NO_BAR;
}

/* The time that has come, before an access sees the core. */
static void catch_up(struct card *card, uint64_t now)
{
	const uint64_t cycles = clock_cycles(&card->clock, now);

	if (cycles > nvdla_cycles(card->nvdla))
		nvdla_advance(card->nvdla, cycles - nvdla_cycles(card->nvdla));
	interrupt_line(&card->interrupt, nvdla_interrupt(card->nvdla));
}

uint64_t card_read(struct card *card, uint64_t address, uint32_t size)
{
	uint32_t offset;
	uint64_t value;
	int bar;

	if (card->removed)
		return UINT64_MAX >> (64 - 8 * size);
	clock_skip(&card->clock, ACCESS_CYCLES);
	catch_up(card, host_time());
	bar = find(card, address, size, &offset);
	if (bar == PCI_NO_BAR)
		return 0;
	if (bar == PCI_BAR_CORE)
		return nvdla_read(card->nvdla, offset);
	value = read_shell(card, offset);
	return size == 8 ? value | (uint64_t)read_shell(card, offset + 4) << 32 : value;
}

void card_write(struct card *card, uint64_t address, uint32_t size, uint64_t value)
{
	uint32_t offset;
	int bar;

	if (card->removed)
		return;
	clock_skip(&card->clock, ACCESS_CYCLES);
	catch_up(card, host_time());
	bar = find(card, address, size, &offset);
	if (bar == PCI_BAR_CORE)
		nvdla_write(card->nvdla, offset, (uint32_t)value);
	if (bar == PCI_BAR_SHELL)
		write_shell(card, offset, (uint32_t)value);
	if (bar == PCI_BAR_SHELL && size == 8)
		write_shell(card, offset + 4, (uint32_t)(value >> 32));
	interrupt_line(&card->interrupt, nvdla_interrupt(card->nvdla));
}

void card_advance(struct card *card, uint64_t now, bool idle)
{
	const uint64_t left = nvdla_next_event(card->nvdla);

	if (idle && left != UINT64_MAX)
		clock_skip(&card->clock, left);
	catch_up(card, now);
	if (!card->removed)
		interrupt_advance(&card->interrupt, now);
}

uint64_t card_next(const struct card *card)
{
	const uint64_t left = nvdla_next_event(card->nvdla);
	uint64_t end = UINT64_MAX;

	if (left != UINT64_MAX && !card->clock.stopped)
		end = card->clock.hz ? clock_when(&card->clock, nvdla_cycles(card->nvdla) + left)
				     : 0;
	if (!card->removed && interrupt_next(&card->interrupt) < end)
		end = interrupt_next(&card->interrupt);
	return end;
}
