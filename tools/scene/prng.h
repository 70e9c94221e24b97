/* SPDX-License-Identifier: MIT */
/*
 * A small random number generator whose stream depends on its seed alone:
 * the same scene on every machine. PCG32 (O'Neill 2014, "PCG: A Family of
 * Simple Fast Space-Efficient Statistically Good Algorithms").
 *
 * C leaves the order of evaluation of arguments and operands open, so a
 * caller draws one number per statement.
 */
#ifndef SCENE_PRNG_H
#define SCENE_PRNG_H

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t state;
};

void prng_seed(struct prng *r, uint64_t seed);
uint32_t prng_next(struct prng *r);

/* In [0, 1). */
double prng_unit(struct prng *r);

/* In [lo, hi). */
double prng_range(struct prng *r, double lo, double hi);

/* In [lo, hi], both ends included; lo <= hi. */
int prng_int(struct prng *r, int lo, int hi);

bool prng_chance(struct prng *r, double probability);

/* A hash of two integers to [0, 1), for textures that need no stream. */
double prng_hash(int x, int y, uint32_t salt);

#endif
