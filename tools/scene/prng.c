// SPDX-License-Identifier: MIT
#include "prng.h"

void prng_seed(struct prng *r, uint64_t seed)
{
	r->state = 0;
	prng_next(r);
	r->state += seed;
	prng_next(r);
	/* Neighbouring seeds leave correlated first outputs. */
	prng_next(r);
	prng_next(r);
}

uint32_t prng_next(struct prng *r)
{
	uint64_t old = r->state;
	uint32_t mixed = (uint32_t)(((old >> 18) ^ old) >> 27);
	uint32_t turn = (uint32_t)(old >> 59);

	r->state = old * 6364136223846793005ULL + 1442695040888963407ULL;
	return (mixed >> turn) | (mixed << (-turn & 31));
}

double prng_unit(struct prng *r)
{
	return prng_next(r) * (1.0 / 4294967296.0);
}

double prng_range(struct prng *r, double lo, double hi)
{
	return lo + (hi - lo) * prng_unit(r);
}

int prng_int(struct prng *r, int lo, int hi)
{
	uint64_t span = (uint64_t)(hi - lo) + 1;

	return lo + (int)((prng_next(r) * span) >> 32);
}

bool prng_chance(struct prng *r, double probability)
{
	return prng_unit(r) < probability;
}

double prng_hash(int x, int y, uint32_t salt)
{
	uint32_t h = salt ^ ((uint32_t)x * 0x9e3779b1u) ^ ((uint32_t)y * 0x85ebca77u);

	h = (h ^ (h >> 15)) * 0x2c1b3c6du;
	h = (h ^ (h >> 12)) * 0x297a2d39u;
	return (h ^ (h >> 15)) * (1.0 / 4294967296.0);
}
