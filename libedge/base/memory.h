/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_MEMORY_H
#define EDGE_BASE_MEMORY_H

#include <stdlib.h>
#include <string.h>

/* A cache line, and the widest vector. */
#define EDGE_ALIGNMENT 64

/* @size zeroed bytes, aligned to EDGE_ALIGNMENT, not NULL for 0; NULL when memory has run out.
 * Release with free(). */
static inline void *edge_alloc_zeroed(size_t size)
{
	size_t room;
	void *memory;

	if (__builtin_add_overflow(size, EDGE_ALIGNMENT, &room))
		return NULL;
	room -= room % EDGE_ALIGNMENT;
	memory = aligned_alloc(EDGE_ALIGNMENT, room);
	return memory ? memset(memory, 0, room) : NULL;
}

#endif
