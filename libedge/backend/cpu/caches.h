/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_CACHES_H
#define EDGE_BACKEND_CPU_CACHES_H

#include <stddef.h>

/* Bytes of the data caches that one core of this machine sees; never 0 (32 KiB, 256 KiB, 2 MiB
 * where the system does not tell). */
struct cpu_caches {
	size_t l1;
	size_t l2;
	size_t l3;
};

const struct cpu_caches *cpu_caches(void);

#endif
