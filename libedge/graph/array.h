/* SPDX-License-Identifier: MIT */
#ifndef EDGE_GRAPH_ARRAY_H
#define EDGE_GRAPH_ARRAY_H

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for one more pointer in *@array, an array of pointers to anything, which holds @count
 * and has room for *@max; false when memory has run out. */
static inline bool edge_array_reserve(void *array, int count, int *max)
{
	int size = *max ? 2 * *max : 4;
	void *items;

	if (count < *max)
		return true;
	memcpy(&items, array, sizeof(items));
	items = realloc(items, size * sizeof(void *));
	if (!items)
		return false;
	memcpy(array, &items, sizeof(items));
	*max = size;
	return true;
}

#endif
