/* SPDX-License-Identifier: MIT */
/*
 * A functional model of NVDLA's nv_small: registers in, memory and interrupts out, bit-exact to the
 * RTL (https://github.com/nvdla/hw) in what it computes. Time passes in cycles, as the caller says;
 * an operation takes about as many as on the RTL, and its results are in memory when it ends.
 *
 * What the hardware answers with silence or wrong data (a buffer that does not fit, units of a chain
 * that disagree, a missing unit) is misuse: it is reported, and the units concerned hang until reset.
 * Nothing the model is not sure of is computed.
 */
#ifndef EDGE_EMU_NVDLA_H
#define EDGE_EMU_NVDLA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the register window. */
#define NVDLA_WINDOW 0x40000

struct nvdla;

/**
 * struct nvdla_bus - what the model is connected to
 * @read, @write: memory as the device sees it; false where there is none, which hangs the unit
 * @misuse: told once when a unit hangs, and why, in a sentence; NULL for nobody
 */
struct nvdla_bus {
	void *opaque;
	bool (*read)(void *opaque, uint32_t address, void *to, size_t size);
	bool (*write)(void *opaque, uint32_t address, const void *from, size_t size);
	void (*misuse)(void *opaque, const char *what);
};

/* A device after reset; NULL when memory has run out. */
struct nvdla *nvdla_create(const struct nvdla_bus *bus);
void nvdla_destroy(struct nvdla *nvdla); /* accepts NULL */

/* The platform's reset line: the only way out of a hang. */
void nvdla_reset(struct nvdla *nvdla);

/* A 32-bit register at byte @offset of the window; where there is none reads give 0. */
uint32_t nvdla_read(struct nvdla *nvdla, uint32_t offset);
void nvdla_write(struct nvdla *nvdla, uint32_t offset, uint32_t value);

/* Lets @cycles pass, in which operations end and others begin. */
void nvdla_advance(struct nvdla *nvdla, uint64_t cycles);

/* Cycles until the next operation ends; UINT64_MAX when none is running. */
uint64_t nvdla_next_event(const struct nvdla *nvdla);

/* The interrupt line, which is a level. */
bool nvdla_interrupt(const struct nvdla *nvdla);

/* Cycles since the device was made. */
uint64_t nvdla_cycles(const struct nvdla *nvdla);

/* Whether units hang. */
bool nvdla_hangs(const struct nvdla *nvdla);

/* Operations that have ended since the device was made. */
uint64_t nvdla_operations(const struct nvdla *nvdla);

/*
 * Faults, for tests of what drives the device: the next @count operations to begin hang; the next
 * @count to end write a byte with a bit flipped. Counts replace those before and outlast resets.
 */
void nvdla_fault_hang(struct nvdla *nvdla, uint32_t count);
void nvdla_fault_corrupt(struct nvdla *nvdla, uint32_t count);

#endif
