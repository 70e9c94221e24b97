// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <unistd.h>

#include "backend/cpu/caches.h"

static struct cpu_caches caches;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static size_t size_of(int level, size_t otherwise)
{
	long size = sysconf(level);

	return size > 0 ? (size_t)size : otherwise;
}

static void ask(void)
{
	caches.l1 = size_of(_SC_LEVEL1_DCACHE_SIZE, 32 << 10);
	caches.l2 = size_of(_SC_LEVEL2_CACHE_SIZE, 256 << 10);
	caches.l3 = size_of(_SC_LEVEL3_CACHE_SIZE, 2 << 20);
}

const struct cpu_caches *cpu_caches(void)
{
	pthread_once(&once, ask);
	return &caches;
}
