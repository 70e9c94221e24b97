/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_CAUSE_H
#define EDGE_DEVICE_CAUSE_H

#include "base/error.h"

/* What error @number of the driver means to the caller. */
enum edge_status edge_cause_status(int number);

/* Fills @error: "NODE: WHAT: why; what to do". */
enum edge_status edge_cause_fail(struct edge_error *error, const char *node, const char *what,
				 int number);

#endif
