// SPDX-License-Identifier: MIT
#include "runtime/program_format.h"

#include <elf.h>
#include <xxhash.h>

uint64_t program_checksum_seed(const struct program_header *header)
{
	struct program_header copy = *header;

	copy.checksum = 0;
	return XXH3_64bits(&copy, sizeof(copy));
}

uint64_t program_checksum(const struct program_header *header, const void *rest, size_t size)
{
	return XXH3_64bits_withSeed(rest, size, program_checksum_seed(header));
}

uint32_t program_machine(void)
{
#if defined(__x86_64__)
	return EM_X86_64;
#elif defined(__aarch64__)
	return EM_AARCH64;
#else
	return EM_NONE;
#endif
}
