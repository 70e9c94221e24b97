/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_LIMITS_H
#define EDGE_BASE_LIMITS_H

#include <stddef.h>

#include "edge/limits.h"

/* @limits, which may be NULL, with the defaults in the place of zeroes. */
struct edge_limits edge_limits_fill(const struct edge_limits *limits);

/*
 * For messages about what is over limits->FIELD: "more than 4096 nodes, the limit" and how to raise
 * it. Good for one expression.
 */
#define EDGE_OVER(limits, field) edge_limit_over(limits, offsetof(struct edge_limits, field)).text

struct edge_limit_words {
	char text[128];
};

/* @offset: of the limit in struct edge_limits */
struct edge_limit_words edge_limit_over(const struct edge_limits *limits, size_t offset);

#endif
