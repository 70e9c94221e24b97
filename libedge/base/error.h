/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_ERROR_H
#define EDGE_BASE_ERROR_H

#include "edge/status.h"

/**
 * edge_fail() - fill @error and hand @status back
 * @error: may be NULL
 *
 * For `return edge_fail(error, EDGE_BAD_FORMAT, "...")`. A message that is too long is cut.
 */
enum edge_status edge_fail(struct edge_error *error, enum edge_status status, const char *format,
			   ...) EDGE_PRINTF(3, 4);

/* Puts "PREFIX: " before the message of a call that has failed with @status, which it returns. */
enum edge_status edge_fail_in(struct edge_error *error, enum edge_status status, const char *format,
			      ...) EDGE_PRINTF(3, 4);

/* edge_fail() for memory that was not to be had. */
enum edge_status edge_fail_memory(struct edge_error *error);

#endif
