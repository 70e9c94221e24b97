// SPDX-License-Identifier: MIT
/*
 * A program file behind a header that is in order: its checksum would keep every change out, and
 * its version every file that is older than the last change of the format.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "runtime/program_format.h"

static void repair(uint8_t *data, size_t size)
{
	struct program_header *header = (void *)data;

	memcpy(header->magic, PROGRAM_MAGIC, PROGRAM_MAGIC_SIZE);
	header->endianness = PROGRAM_ENDIANNESS;
	header->version = PROGRAM_VERSION;
	header->file_size = size;
	header->machine = program_machine();
	header->cpu_flags &= edge_cpu_flags();
	header->checksum = program_checksum(header, data + sizeof(*header), size - sizeof(*header));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size + 1);

	if (!copy)
		return 0;
	memcpy(copy, data, size);
	if (size >= sizeof(struct program_header))
		repair(copy, size);
	fuzz_program(fuzz_path(copy, size));
	free(copy);
	return 0;
}
