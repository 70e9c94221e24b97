/* SPDX-License-Identifier: MIT */
/*
 * How the core's interrupt line reaches the guest: as MSI-X messages, or as the level of an input of
 * the machine's IOAPIC. Both go through qtest.
 */
#ifndef EDGE_EMU_INTERRUPT_H
#define EDGE_EMU_INTERRUPT_H

#include <stdbool.h>
#include <stdint.h>

#include "pci.h"
#include "qtest.h"

#define IOAPIC_INPUTS 24
#define NO_INPUT (-1)

enum machine { MACHINE_PC, MACHINE_Q35 };

/**
 * struct wiring - the machine's side, which cards share
 * @holders: cards that hold an input up, a bit each
 * @changes: of levels, ever
 */
struct wiring {
	struct qtest *qtest;
	enum machine machine;
	uint32_t holders[IOAPIC_INPUTS];
	uint64_t changes;
};

/**
 * struct interrupt - a card's side
 * @slot: where on the PCI bus it is, which tells the input on q35
 * @table: MSI-X's entry: address, its upper half, data, control
 * @pending: a message waits
 * @line: the core's
 * @lost: the line is up, but a fault has kept it from the guest
 * @input: that the card holds up, or NO_INPUT
 * @lose: rising edges that shall get lost
 * @spurious: interrupts without a cause that shall come, @interval nanoseconds apart, the next at
 *	@next
 * @raised: interrupts that went to the guest
 */
struct interrupt {
	struct wiring *wiring;
	struct pci *pci;
	int card, slot;
	uint32_t table[4];
	bool pending, line, lost;
	int input;
	uint32_t lose, spurious;
	uint64_t interval, next, raised;
};

void interrupt_init(struct interrupt *interrupt, int card, int slot, struct pci *pci,
		    struct wiring *wiring);

/* As after power-on; faults stay. */
void interrupt_reset(struct interrupt *interrupt);

/* The core's line is at @level now. */
void interrupt_line(struct interrupt *interrupt, bool level);

/* The configuration space or the table may allow now what it did not, or the reverse. */
void interrupt_update(struct interrupt *interrupt);

/* 32 bits of the table, and of the pending bits; offsets count from their beginning. */
uint32_t interrupt_read_table(const struct interrupt *interrupt, uint32_t offset);
void interrupt_write_table(struct interrupt *interrupt, uint32_t offset, uint32_t value);
uint32_t interrupt_read_pending(const struct interrupt *interrupt, uint32_t offset);

/* Host time of the next that comes without a cause; UINT64_MAX for never. */
uint64_t interrupt_next(const struct interrupt *interrupt);
void interrupt_advance(struct interrupt *interrupt, uint64_t now);

#endif
