/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_OPS_H
#define EDGE_BACKEND_CPU_OPS_OPS_H

#include "backend/cpu/step.h"

extern const struct cpu_op cpu_op_conv;
extern const struct cpu_op cpu_op_conv_transpose;
extern const struct cpu_op cpu_op_depthwise;
extern const struct cpu_op cpu_op_matmul;
extern const struct cpu_op cpu_op_winograd;

#endif
