// SPDX-License-Identifier: MIT
#include "clock.h"

#include <time.h>

#define SECOND UINT64_C(1000000000)

/* Wide enough for centuries of nanoseconds at gigahertz. */
typedef unsigned __int128 wide;

uint64_t host_time(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * SECOND + time.tv_nsec;
}

void clock_init(struct device_clock *clock, uint64_t hz, uint64_t now)
{
	*clock = (struct device_clock) { .hz = hz, .since = now };
}

uint64_t clock_cycles(const struct device_clock *clock, uint64_t now)
{
	if (clock->stopped || now < clock->since)
		return clock->cycles;
	return clock->cycles + (uint64_t)((wide)(now - clock->since) * clock->hz / SECOND);
}

void clock_stop(struct device_clock *clock, uint64_t now)
{
	clock->cycles = clock_cycles(clock, now);
	clock->stopped = true;
}

void clock_continue(struct device_clock *clock, uint64_t now)
{
	if (clock->stopped)
		clock->since = now;
	clock->stopped = false;
}

void clock_skip(struct device_clock *clock, uint64_t cycles)
{
	if (!clock->hz && !clock->stopped)
		clock->cycles += cycles;
}

uint64_t clock_when(const struct device_clock *clock, uint64_t cycles)
{
	wide time;

	if (clock->stopped || !clock->hz)
		return UINT64_MAX;
	if (cycles <= clock->cycles)
		return clock->since;
	/* Rounded up: not a moment when a cycle is still missing. */
	time = ((wide)(cycles - clock->cycles) * SECOND + clock->hz - 1) / clock->hz + clock->since;
	return time < UINT64_MAX ? (uint64_t)time : UINT64_MAX;
}
