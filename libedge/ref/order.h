/* SPDX-License-Identifier: MIT */
/*
 * The first few of many elements in some order, by a heap (Williams, "Algorithm 232", 1964): no
 * memory but what the caller has.
 */
#ifndef EDGE_REF_ORDER_H
#define EDGE_REF_ORDER_H

#include "ref/ref_view.h"

/* Ascending keys come first, among equals the lower index. */
struct ref_entry {
	int64_t key;
	int64_t index;
};

/* A key that rises, or falls, with the element: -0 equals 0, NaN is above all. */
int64_t ref_order_key(const struct edge_view *view, int64_t at, bool descending);

/* Keeps the @most first entries of those offered; @count of them are in @heap so far. */
void ref_heap_offer(struct ref_entry *heap, int64_t *count, int64_t most, struct ref_entry entry);

/* Turns the heap into a sorted array. */
void ref_heap_sort(struct ref_entry *heap, int64_t count);

#endif
