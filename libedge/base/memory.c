// SPDX-License-Identifier: MIT
#include "base/memory.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)

/* More than the machine has would be granted all the same, and end us when it is written to. */
static bool is_possible(size_t size)
{
	long pages = sysconf(_SC_PHYS_PAGES), page_size = sysconf(_SC_PAGESIZE);

	return pages <= 0 || page_size <= 0 || size / page_size <= (size_t)pages;
}

void *edge_alloc_zeroed(size_t size)
{
	size_t alignment = size < HUGE_PAGE ? EDGE_ALIGNMENT : HUGE_PAGE;
	size_t room;
	void *memory;

	if (__builtin_add_overflow(size, EDGE_ALIGNMENT, &room))
		return NULL;
	room -= room % EDGE_ALIGNMENT;
	if (alignment == HUGE_PAGE && !is_possible(room))
		return NULL;
	if (posix_memalign(&memory, alignment, room))
		return NULL;
	/* Whole pages only: the tail would cost up to 2 MiB that nobody uses. */
	if (alignment == HUGE_PAGE)
		madvise(memory, room - room % HUGE_PAGE, MADV_HUGEPAGE);
	return memset(memory, 0, room);
}
