// SPDX-License-Identifier: MIT
/*
 * A mutator for formats that consist of aligned words: every other change is one of a word, to what
 * is at the edge of something or stands elsewhere in the file. libFuzzer's own changes, which move
 * bytes about, mostly break such files at once.
 */
#include <string.h>

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed);

/* xorshift32 (Marsaglia, 2003). */
static uint32_t draw(uint32_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

static uint32_t change(const uint8_t *data, size_t words, uint32_t word, uint32_t *state)
{
	static const uint32_t edges[] = { 0,	 1,	2,	    3,	 4,	   8,	      63,
					  64,	 65,	127,	    128, 255,	   256,	      4096,
					  65535, 65536, 0x7fffffff, ~0u, 1u << 31, 0x3f800000 };
	uint32_t other;

	switch (draw(state) % 6) {
	case 0:
		return edges[draw(state) % (sizeof(edges) / sizeof(edges[0]))];
	case 1:
		return word + 1;
	case 2:
		return word - 1;
	case 3:
		return word ^ 1u << draw(state) % 32;
	case 4:
		return draw(state) & 1 ? word * 2 : word / 2;
	default:
		memcpy(&other, data + 4 * (draw(state) % words), sizeof(other));
		return other;
	}
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned int seed)
{
	uint32_t state = seed | 1, word, count = 1 + draw(&state) % 3;
	size_t words = size / 4;

	if (!words || draw(&state) % 2)
		return LLVMFuzzerMutate(data, size, max_size);
	while (count--) {
		uint8_t *at = data + 4 * (draw(&state) % words);

		memcpy(&word, at, sizeof(word));
		word = change(data, words, word, &state);
		memcpy(at, &word, sizeof(word));
	}
	return size;
}
