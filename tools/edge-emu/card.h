/* SPDX-License-Identifier: MIT */
/* A card: configuration space, shell and core, as Documentation/accel/card.md has them. */
#ifndef EDGE_EMU_CARD_H
#define EDGE_EMU_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "interrupt.h"
#include "memory.h"
#include "nvdla/nvdla.h"
#include "pci.h"

/**
 * struct card
 * @held: the core is held in reset
 * @ready_at: cycle when the core is ready; UINT64_MAX: never
 * @temperature: thousandths of a degree Celsius
 * @removed: a fault has taken the card out
 * @stuck: a fault keeps the core from getting ready
 * @refused: why the last access to memory failed
 * @resets: of the core or of all, by the guest
 * @misuses, @misuse: how often the guest was wrong, and the last time in words
 */
struct card {
	int number;
	struct pci pci;
	struct memory memory;
	struct interrupt interrupt;
	struct device_clock clock;
	struct nvdla *nvdla;
	bool held;
	uint64_t ready_at;
	int32_t temperature;
	bool removed, stuck;
	const char *refused;
	uint64_t bytes_read, bytes_written, resets, misuses;
	char misuse[256];
};

/* A card after power-on, with a clock of @hz, in slot @slot; false when memory has run out. */
bool card_create(struct card *card, int number, int slot, uint64_t hz, struct wiring *wiring);
void card_destroy(struct card *card);

/* PCI's reset. */
void card_reset(struct card *card);

uint32_t card_read_config(const struct card *card, uint32_t offset, uint32_t size);
void card_write_config(struct card *card, uint32_t offset, uint32_t size, uint32_t value);

/* @size of 1, 2, 4 or 8, at the guest's @address. */
uint64_t card_read(struct card *card, uint64_t address, uint32_t size);
void card_write(struct card *card, uint64_t address, uint32_t size, uint64_t value);

/* Does what has become due; idle: nothing else is to be done, and a clock of 0 Hz may run on. */
void card_advance(struct card *card, uint64_t now, bool idle);

/* Host time when something becomes due; 0: whenever there is time, UINT64_MAX: never. */
uint64_t card_next(const struct card *card);

/* Faults beside those of the core and of interrupts. */
void card_remove(struct card *card);
void card_restore(struct card *card); /* plugged in again, as after power-on */
void card_set_stuck(struct card *card, bool stuck);

#endif
