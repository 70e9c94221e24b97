// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HUGE_PAGE ((size_t)2 << 20)

void *edge_alloc_zeroed(size_t size)
{
	size_t alignment = size < HUGE_PAGE ? EDGE_ALIGNMENT : HUGE_PAGE;
	size_t room;
	void *memory;

	if (__builtin_add_overflow(size, EDGE_ALIGNMENT, &room))
		return NULL;
	room -= room % EDGE_ALIGNMENT;
	if (posix_memalign(&memory, alignment, room))
		return NULL;
	/* Whole pages only: the tail would cost up to 2 MiB that nobody uses. */
	if (alignment == HUGE_PAGE)
		madvise(memory, room - room % HUGE_PAGE, MADV_HUGEPAGE);
	return memset(memory, 0, room);
}
