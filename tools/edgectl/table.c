// SPDX-License-Identifier: MIT
#include "table.h"

#include <libsmartcols.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

struct table {
	struct libscols_table *columns;
	struct libscols_line *line;
	size_t cell;
};

struct table *table_create(const char *const *columns)
{
	struct table *table = calloc(1, sizeof(*table));

	if (!table)
		return NULL;
	table->columns = scols_new_table();
	if (!table->columns) {
		free(table);
		return NULL;
	}
	for (; *columns; columns++) {
		bool number = **columns == '>';

		scols_table_new_column(table->columns, *columns + number, 0,
				       number ? SCOLS_FL_RIGHT : 0);
	}
	return table;
}

void table_row(struct table *table)
{
	if (!table)
		return;
	table->line = scols_table_new_line(table->columns, NULL);
	table->cell = 0;
}

void table_cell(struct table *table, const char *format, ...)
{
	va_list args;
	char *text;
	int length;

	if (!table || !table->line)
		return;
	va_start(args, format);
	length = vasprintf(&text, format, args);
	va_end(args);
	if (length < 0)
		return;
	if (scols_line_refer_data(table->line, table->cell++, text))
		free(text);
}

void table_print(struct table *table)
{
	if (!table)
		return;
	scols_print_table(table->columns);
	scols_unref_table(table->columns);
	free(table);
}
