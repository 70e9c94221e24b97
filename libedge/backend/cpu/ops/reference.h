/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_REFERENCE_H
#define EDGE_BACKEND_CPU_OPS_REFERENCE_H

#include "backend/cpu/step.h"

/* Any node that edge_ref_supports(), of any operator, as one task. It packs nothing. */
extern const struct cpu_op cpu_op_reference;

#endif
