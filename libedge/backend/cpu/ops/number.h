/* SPDX-License-Identifier: MIT */
/* Whole numbers, for sizes and shares. */
#ifndef EDGE_BACKEND_CPU_OPS_NUMBER_H
#define EDGE_BACKEND_CPU_OPS_NUMBER_H

#include <stdint.h>

static inline int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* 0 for @a below 0; @b is above. */
static inline int64_t divide_up(int64_t a, int64_t b)
{
	return a > 0 ? (a + b - 1) / b : 0;
}

#endif
