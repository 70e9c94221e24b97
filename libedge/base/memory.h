/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_MEMORY_H
#define EDGE_BASE_MEMORY_H

#include <stddef.h>

/* A cache line, and the widest vector. */
#define EDGE_ALIGNMENT 64

/* @size zeroed bytes, aligned to EDGE_ALIGNMENT, not NULL for 0; NULL when memory has run out.
 * Large ones lie on huge pages where the system has them. Release with free(). */
void *edge_alloc_zeroed(size_t size);

#endif
