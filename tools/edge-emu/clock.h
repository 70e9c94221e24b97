/* SPDX-License-Identifier: MIT */
/*
 * A card's clock: cycles that follow the host's monotonic time. A clock of 0 Hz follows nothing; who
 * has it moves it on.
 */
#ifndef EDGE_EMU_CLOCK_H
#define EDGE_EMU_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

/* The host's time in nanoseconds. */
uint64_t host_time(void);

/**
 * struct device_clock
 * @cycles: at host time @since
 * @stopped: stands still there
 */
struct device_clock {
	uint64_t hz, cycles, since;
	bool stopped;
};

void clock_init(struct device_clock *clock, uint64_t hz, uint64_t now);
void clock_stop(struct device_clock *clock, uint64_t now);
void clock_continue(struct device_clock *clock, uint64_t now);

/* Moves a clock of 0 Hz on, unless it is stopped. */
void clock_skip(struct device_clock *clock, uint64_t cycles);

uint64_t clock_cycles(const struct device_clock *clock, uint64_t now);

/* Host time when it will be at @cycles; UINT64_MAX for never, or not by itself. */
uint64_t clock_when(const struct device_clock *clock, uint64_t cycles);

#endif
