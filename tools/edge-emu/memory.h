/* SPDX-License-Identifier: MIT */
/* The guest's memory as the card reaches it: pieces of QEMU's files, mapped. */
#ifndef EDGE_EMU_MEMORY_H
#define EDGE_EMU_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMORY_REGIONS 8

struct memory_region {
	uint64_t address, size;
	uint8_t *data;
};

/* All zero: no memory. */
struct memory {
	struct memory_region regions[MEMORY_REGIONS];
	int count;
};

/* What a region is made of: @size bytes of a file from @offset on, which the guest has at @address. */
struct memory_piece {
	uint64_t address, size;
	int64_t offset;
	int fd;
};

/* The new map, in place of any other. NULL, or what is wrong with it, and then there is no memory. */
const char *memory_set(struct memory *memory, const struct memory_piece *pieces, int count);
void memory_clear(struct memory *memory);

/* False, with some bytes possibly copied, where there is no memory. */
bool memory_read(const struct memory *memory, uint64_t address, void *to, size_t size);
bool memory_write(const struct memory *memory, uint64_t address, const void *from, size_t size);

#endif
