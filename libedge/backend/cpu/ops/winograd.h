/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_CPU_OPS_WINOGRAD_H
#define EDGE_BACKEND_CPU_OPS_WINOGRAD_H

#include "backend/cpu/ops/conv_shape.h"

/* Whether Winograd's way in f32 takes @shape and is faster than a direct convolution that takes
 * @time of what one in f32 does. */
bool winograd_pays(const struct conv_shape *shape, double time);

#endif
