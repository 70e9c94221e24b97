/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_CLOCK_H
#define EDGE_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

/* Nanoseconds since a moment in the past; never goes back. */
static inline uint64_t edge_clock(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

#endif
