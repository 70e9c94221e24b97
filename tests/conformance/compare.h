/* SPDX-License-Identifier: MIT */
#ifndef CONFORMANCE_COMPARE_H
#define CONFORMANCE_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include <edge/edge.h>

/* Whether type and shape are the same; @message, of @size bytes, says what they are if not. */
bool compare_shapes(const struct edge_view *actual, const struct edge_view *expected, char *message,
		    size_t size);

/**
 * compare_views() - whether @actual is what a suite expects
 * @expected: dense
 * @message: of @size bytes, says where they differ first
 *
 * Types and shapes are to be the same, integers equal, floats within the tolerances of ONNX's own
 * runner (1e-7 + 1e-3 of the expected value), and NaN where NaN is expected.
 */
bool compare_views(const struct edge_view *actual, const struct edge_view *expected, char *message,
		   size_t size);

#endif
