/* SPDX-License-Identifier: MIT */
#ifndef EDGE_RUNTIME_CORES_H
#define EDGE_RUNTIME_CORES_H

/* Cores that this process may use, at least 1: those of its affinity mask, two hardware threads of
 * one core counted once, and no more than its control group's quota of processor time allows. */
unsigned int edge_cores(void);

#endif
