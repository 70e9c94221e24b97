/* SPDX-License-Identifier: MIT */
/*
 * Which channels of a window make pairs whose products kernels/pgemm.h may add in 16 bits.
 */
#ifndef EDGE_BACKEND_CPU_OPS_PAIRS_H
#define EDGE_BACKEND_CPU_OPS_PAIRS_H

#include "backend/cpu/kernels/pgemm.h"

/* In the place of a channel: none. */
#define PAIRS_NONE 255

/* Most groups of a window: as many as it takes, and as many for what does not fit. */
#define PAIRS_MAX_GROUPS (2 * CPU_PGEMM_WINDOW / CPU_PGEMM_GROUP)

/**
 * struct pairs_group - two pairs
 * @channels: of the window
 * @weights: of each column
 */
struct pairs_group {
	uint8_t channels[CPU_PGEMM_GROUP];
	int8_t weights[CPU_QGEMM_MAX_WIDTH][CPU_PGEMM_GROUP];
};

/**
 * struct pairs_window - weights of a window
 * @first: its channels before this one count for nothing
 * @weights: of all columns a kernel may have; 0 behind the last
 */
struct pairs_window {
	int first;
	int8_t weights[CPU_PGEMM_WINDOW][CPU_QGEMM_MAX_WIDTH];
};

/* Returns how many groups it takes: those of every four channels, of four at a time, and behind them
 * such that add what those before could not. The sum over all groups is what the window weighs. */
int pairs_make_groups(const struct pairs_window *window, struct pairs_group *groups);

#endif
