/* SPDX-License-Identifier: MIT */
/* Tables whose columns line up, by libsmartcols. */
#ifndef EDGECTL_TABLE_H
#define EDGECTL_TABLE_H

#include "edge/status.h"

struct table;

/* @columns: titles, ended by NULL; a title that starts with '>' (not shown) is of a column of
 * numbers, aligned to the right. NULL when memory has run out, which the calls below accept. */
struct table *table_create(const char *const *columns);

/* Starts a row. */
void table_row(struct table *table);

/* Fills the next cell of the row. */
void table_cell(struct table *table, const char *format, ...) EDGE_PRINTF(2, 3);

/* Prints to stdout and releases the table. */
void table_print(struct table *table);

#endif
