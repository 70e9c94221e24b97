// SPDX-License-Identifier: MIT
#include "interrupt.h"

#include <string.h>

#define VECTOR_MASKED 1

static const char *const ioapic[] = {
	[MACHINE_PC] = "/machine/i440fx/ioapic",
	[MACHINE_Q35] = "/machine/q35/ioapic",
};

void interrupt_init(struct interrupt *interrupt, int card, int slot, struct pci *pci,
		    struct wiring *wiring)
{
	*interrupt = (struct interrupt) {
		.wiring = wiring,
		.pci = pci,
		.card = card,
		.slot = slot,
		.input = NO_INPUT,
		.table = { 0, 0, 0, VECTOR_MASKED },
	};
}

/* Inputs are shared: one is up while any card holds it. */
static void hold(struct wiring *wiring, int input, int card, bool level)
{
	const uint32_t before = wiring->holders[input];
	const uint32_t after = level ? before | 1u << card : before & ~(1u << card);

	wiring->holders[input] = after;
	if (!before == !after)
		return;
	wiring->changes++;
	qtest_set_input(wiring->qtest, ioapic[wiring->machine], input, after != 0);
}

/* Firmware of a pc writes the input into the configuration space; q35 has them in turn by slot. */
static int find_input(const struct interrupt *interrupt)
{
	const int line = pci_interrupt_line(interrupt->pci);

	if (interrupt->wiring->machine == MACHINE_Q35)
		return 20 + interrupt->slot % 4;
	return line > 0 && line < 16 ? line : NO_INPUT;
}

static void set_intx(struct interrupt *interrupt, bool level)
{
	const int input = level ? find_input(interrupt) : NO_INPUT;

	if (input == interrupt->input)
		return;
	if (interrupt->input != NO_INPUT)
		hold(interrupt->wiring, interrupt->input, interrupt->card, false);
	if (input != NO_INPUT) {
		hold(interrupt->wiring, input, interrupt->card, true);
		interrupt->raised++;
	}
	interrupt->input = input;
}

static bool uses_intx(const struct interrupt *interrupt)
{
	return !pci_msix_enabled(interrupt->pci) && !pci_intx_disabled(interrupt->pci);
}

static bool may_send(const struct interrupt *interrupt)
{
	return pci_msix_enabled(interrupt->pci) && !pci_msix_masked(interrupt->pci) &&
	       !(interrupt->table[3] & VECTOR_MASKED) && pci_bus_master(interrupt->pci);
}

void interrupt_update(struct interrupt *interrupt)
{
	if (!pci_msix_enabled(interrupt->pci))
		interrupt->pending = false;
	if (interrupt->pending && may_send(interrupt)) {
		interrupt->pending = false;
		interrupt->raised++;
		qtest_write32(interrupt->wiring->qtest,
			      (uint64_t)interrupt->table[1] << 32 | interrupt->table[0],
			      interrupt->table[2]);
	}
	pci_show_interrupt(interrupt->pci, interrupt->line);
	set_intx(interrupt, interrupt->line && !interrupt->lost && uses_intx(interrupt));
}

void interrupt_line(struct interrupt *interrupt, bool level)
{
	if (level == interrupt->line)
		return;
	interrupt->line = level;
	interrupt->lost = level && interrupt->lose;
	if (interrupt->lost)
		interrupt->lose--;
	else if (level)
		interrupt->pending = true;
	interrupt_update(interrupt);
}

void interrupt_reset(struct interrupt *interrupt)
{
	memset(interrupt->table, 0, sizeof(interrupt->table));
	interrupt->table[3] = VECTOR_MASKED;
	interrupt->pending = false;
	interrupt->line = false;
	interrupt_update(interrupt);
}

uint32_t interrupt_read_table(const struct interrupt *interrupt, uint32_t offset)
{
	return offset < sizeof(interrupt->table) ? interrupt->table[offset / 4] : 0;
}

void interrupt_write_table(struct interrupt *interrupt, uint32_t offset, uint32_t value)
{
	static const uint32_t writable[4] = { ~3u, ~0u, ~0u, VECTOR_MASKED };

	if (offset >= sizeof(interrupt->table))
		return;
	interrupt->table[offset / 4] = value & writable[offset / 4];
	interrupt_update(interrupt);
}

uint32_t interrupt_read_pending(const struct interrupt *interrupt, uint32_t offset)
{
	return !offset && interrupt->pending;
}

uint64_t interrupt_next(const struct interrupt *interrupt)
{
	return interrupt->spurious ? interrupt->next : UINT64_MAX;
}

void interrupt_advance(struct interrupt *interrupt, uint64_t now)
{
	if (now < interrupt_next(interrupt))
		return;
	interrupt->spurious--;
	interrupt->next = now + interrupt->interval;
	interrupt->pending = true;
	interrupt_update(interrupt);
	/* A pulse: the IOAPIC remembers that the line was up. */
	if (uses_intx(interrupt) && interrupt->input == NO_INPUT) {
		set_intx(interrupt, true);
		set_intx(interrupt, false);
	}
}
