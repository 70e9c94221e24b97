/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_REPORT_H
#define EDGECTL_REPORT_H

#include <jansson.h>

#include "edge/edge.h"

/* The number that --json output carries as "schema": it grows when the meaning of a key changes or
 * a key goes away. New keys may come without that. */
#define REPORT_SCHEMA 1

/* A new object for @verb with schema, tool and version. Released by report_print(). */
json_t *report_create(const char *verb);

/* Prints @report to stdout and releases it; an enum cli_exit. */
int report_print(json_t *report);

json_t *report_shape(int rank, const int64_t *dims);

/* {"name", "type", "shape"}, and where it is quantised "scale" and "zero_point" */
json_t *report_tensor(const struct edge_tensor_info *info);

#endif
