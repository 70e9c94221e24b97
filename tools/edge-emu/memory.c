// SPDX-License-Identifier: MIT
#include "memory.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

void memory_clear(struct memory *memory)
{
	for (int i = 0; i < memory->count; i++)
		munmap(memory->regions[i].data, memory->regions[i].size);
	memory->count = 0;
}

static const char *check(const struct memory_piece *piece)
{
	const uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	struct stat file;

	if (!piece->size || piece->size > SIZE_MAX || piece->address + piece->size < piece->address)
		return "a region of memory of no possible size";
	if (piece->offset < 0 || piece->offset % page)
		return "a region of memory at no possible offset";
	if (fstat(piece->fd, &file) || file.st_size < piece->offset ||
	    (uint64_t)file.st_size - (uint64_t)piece->offset < piece->size)
		return "a region of memory beyond the end of its file";
	return NULL;
}

const char *memory_set(struct memory *memory, const struct memory_piece *pieces, int count)
{
	const char *wrong = NULL;

	memory_clear(memory);
	if (count > MEMORY_REGIONS)
		return "too many regions of memory";
	for (int i = 0; i < count && !wrong; i++) {
		const struct memory_piece *piece = &pieces[i];
		void *data;

		wrong = check(piece);
		if (wrong)
			break;
		data = mmap(NULL, piece->size, PROT_READ | PROT_WRITE, MAP_SHARED, piece->fd,
			    piece->offset);
		if (data == MAP_FAILED)
			wrong = "a region of memory that cannot be mapped";
		else
			memory->regions[memory->count++] =
				(struct memory_region) { piece->address, piece->size, data };
	}
	if (wrong)
		memory_clear(memory);
	return wrong;
}

/* Bytes at @address, @size or as many as there are in one piece; NULL where there are none. */
static uint8_t *find(const struct memory *memory, uint64_t address, size_t *size)
{
	for (int i = 0; i < memory->count; i++) {
		const struct memory_region *region = &memory->regions[i];
		const uint64_t at = address - region->address;

		if (address < region->address || at >= region->size)
			continue;
		if (*size > region->size - at)
			*size = region->size - at;
		return region->data + at;
	}
	return NULL;
}

bool memory_read(const struct memory *memory, uint64_t address, void *to, size_t size)
{
	while (size) {
		size_t part = size;
		const uint8_t *data = find(memory, address, &part);

		if (!data)
			return false;
		memcpy(to, data, part);
		to = (uint8_t *)to + part;
		address += part;
		size -= part;
	}
	return true;
}

bool memory_write(const struct memory *memory, uint64_t address, const void *from, size_t size)
{
	while (size) {
		size_t part = size;
		uint8_t *data = find(memory, address, &part);

		if (!data)
			return false;
		memcpy(data, from, part);
		from = (const uint8_t *)from + part;
		address += part;
		size -= part;
	}
	return true;
}
