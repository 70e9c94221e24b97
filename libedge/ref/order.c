// SPDX-License-Identifier: MIT
#include "ref/order.h"

int64_t ref_order_key(const struct edge_view *view, int64_t at, bool descending)
{
	int64_t key;

	if (ref_is_float(view->type)) {
		float value = ref_get(view, at) + 0.0f;
		int32_t bits;

		/* Bits of floats rise with the value above zero and fall below. */
		memcpy(&bits, &value, sizeof(bits));
		key = value != value ? INT64_MAX : bits < 0 ? INT32_MIN - (int64_t)bits : bits;
	} else {
		key = ref_get_int(view, at);
	}
	return descending ? ~key : key;
}

static bool before(const struct ref_entry *a, const struct ref_entry *b)
{
	return a->key != b->key ? a->key < b->key : a->index < b->index;
}

/* The root is the last in order. Moves @entry down from hole @at until it is after its children. */
static void sift_down(struct ref_entry *heap, int64_t count, int64_t at, struct ref_entry entry)
{
	for (;;) {
		int64_t child = 2 * at + 1;

		if (child + 1 < count && before(&heap[child], &heap[child + 1]))
			child++;
		if (child >= count || !before(&entry, &heap[child]))
			break;
		heap[at] = heap[child];
		at = child;
	}
	heap[at] = entry;
}

void ref_heap_offer(struct ref_entry *heap, int64_t *count, int64_t most, struct ref_entry entry)
{
	int64_t at = *count;

	if (at == most) {
		if (most && before(&entry, &heap[0]))
			sift_down(heap, most, 0, entry);
		return;
	}
	for (; at && before(&heap[(at - 1) / 2], &entry); at = (at - 1) / 2)
		heap[at] = heap[(at - 1) / 2];
	heap[at] = entry;
	++*count;
}

void ref_heap_sort(struct ref_entry *heap, int64_t count)
{
	for (int64_t last = count - 1; last > 0; last--) {
		struct ref_entry entry = heap[last];

		heap[last] = heap[0];
		sift_down(heap, last, 0, entry);
	}
}
