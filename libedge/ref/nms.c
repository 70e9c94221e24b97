// SPDX-License-Identifier: MIT
#include "ref/ops.h"
#include "ref/order.h"

struct box {
	float low[2], high[2];
};

static struct box load_box(const struct ref_call *call, int64_t batch, int64_t index)
{
	const struct edge_view *boxes = &call->in[0];
	int64_t at = batch * boxes->strides[0] + index * boxes->strides[1];
	struct box box;
	float value[4];

	for (int i = 0; i < 4; i++)
		value[i] = ref_get(boxes, at + i * boxes->strides[2]);
	for (int i = 0; i < 2; i++) {
		float a = value[i], b = value[2 + i];

		if (call->params->nms.center_boxes) {
			a = value[i] - value[2 + i] / 2;
			b = value[i] + value[2 + i] / 2;
		}
		/* Any two opposite corners may be given. */
		box.low[i] = fminf(a, b);
		box.high[i] = fmaxf(a, b);
	}
	return box;
}

static float area(const struct box *box)
{
	return (box->high[0] - box->low[0]) * (box->high[1] - box->low[1]);
}

static bool overlap_above(const struct box *a, const struct box *b, float threshold)
{
	struct box both;
	float shared;

	for (int i = 0; i < 2; i++) {
		both.low[i] = fmaxf(a->low[i], b->low[i]);
		both.high[i] = fminf(a->high[i], b->high[i]);
		if (both.high[i] <= both.low[i])
			return false;
	}
	shared = area(&both);
	return shared / (area(a) + area(b) - shared) > threshold;
}

/* Whether a box already selected for this class, rows @first to @count of the output, covers
 * @index. */
static bool is_suppressed(const struct ref_call *call, int64_t batch, int64_t index, int64_t first,
			  int64_t count)
{
	const struct edge_view *y = &call->out[0];
	struct box box = load_box(call, batch, index);

	for (int64_t i = first; i < count; i++) {
		int64_t at = i * y->strides[0] + 2 * y->strides[1];
		struct box selected = load_box(call, batch, ref_get_int(y, at));

		if (overlap_above(&box, &selected, call->params->nms.iou_threshold))
			return true;
	}
	return false;
}

/* Candidates of a class by falling score; returns how many there are. */
static int64_t sort_candidates(const struct ref_call *call, int64_t batch, int64_t class,
			       struct ref_entry *entries)
{
	const struct edge_view *scores = &call->in[1];
	int64_t start = batch * scores->strides[0] + class * scores->strides[1], count = 0;

	for (int64_t i = 0; i < scores->dims[2]; i++) {
		int64_t at = start + i * scores->strides[2];

		if (call->params->nms.has_score_threshold &&
		    !(ref_get(scores, at) > call->params->nms.score_threshold))
			continue;
		ref_heap_offer(entries, &count, scores->dims[2],
			       (struct ref_entry) { ref_order_key(scores, at, true), i });
	}
	ref_heap_sort(entries, count);
	return count;
}

size_t ref_non_max_suppression_scratch(const struct edge_node *node)
{
	return node->inputs[1]->dims[2] * sizeof(struct ref_entry);
}

void ref_non_max_suppression(const struct ref_call *call)
{
	const struct edge_view *scores = &call->in[1];
	struct edge_view *y = &call->out[0];
	struct ref_entry *entries = call->scratch;
	int64_t count = 0, room = y->dims[0];
	struct ref_walk classes;

	ref_walk_init(&classes, 2, scores->dims);
	for (; !classes.done; ref_walk_next(&classes)) {
		int64_t batch = classes.index[0], class = classes.index[1], first = count;
		int64_t candidates = sort_candidates(call, batch, class, entries);

		for (int64_t i = 0; i < candidates && count < room; i++) {
			int64_t index = entries[i].index;

			if (count - first >= call->params->nms.max_per_class)
				break;
			if (is_suppressed(call, batch, index, first, count))
				continue;
			ref_set_int(y, count * y->strides[0], batch);
			ref_set_int(y, count * y->strides[0] + y->strides[1], class);
			ref_set_int(y, count * y->strides[0] + 2 * y->strides[1], index);
			count++;
		}
	}
	y->dims[0] = count;
}
