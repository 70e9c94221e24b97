/* SPDX-License-Identifier: MIT */
/*
 * What of qgemm.h is different for kernels that multiply bytes in pairs.
 *
 * Packed, matrices are words: for each panel of each matrix where it begins, then the panels, as
 * kernels/pgemm.h has them. Their sizes differ with their weights. Taps that are smaller than a
 * window are one tap to the kernels.
 */
#ifndef EDGE_BACKEND_CPU_OPS_PGEMM_H
#define EDGE_BACKEND_CPU_OPS_PGEMM_H

#include "backend/cpu/ops/qgemm.h"

/* qgemm_compile() for them. */
enum edge_status pgemm_compile(struct edge_graph *graph, struct edge_node *node,
			       unsigned int cpu_flags, const struct qgemm_source *source,
			       struct edge_error *error);

/* Checks what is packed, and fills what qgemm_prepare() does not for all kernels. */
enum edge_status pgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
			       struct edge_error *error);

#endif
