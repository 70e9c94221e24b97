// SPDX-License-Identifier: MIT
#include "ref/ops.h"
#include "ref/order.h"

/* Corners: y, then x. */
struct box {
	float low[2], high[2];
};

/* A box that a class has been found in. */
struct found {
	float score;
	int32_t anchor, class;
};

/**
 * struct search - what is looked through
 * @first: of the scores of a box, the first that is not that of the background
 * @boxes: decoded
 * @entries: candidates, best first
 * @selected: boxes that suppression has left
 * @found: of all classes, best first
 */
struct search {
	const struct ref_call *call;
	int64_t anchors, first;
	struct box *boxes;
	struct ref_entry *entries;
	int64_t *selected;
	struct found *found;
};

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Most boxes that one suppression may leave. */
static int64_t most_selected(const struct edge_node *node)
{
	const bool regular = node->params.detections.regular;

	return least(regular ? node->params.detections.per_class : node->params.detections.max,
		     node->inputs[0]->dims[1]);
}

size_t ref_detection_postprocess_scratch(const struct edge_node *node)
{
	const int64_t anchors = node->inputs[0]->dims[1];

	return anchors * (sizeof(struct ref_entry) + sizeof(struct box)) +
	       most_selected(node) * sizeof(int64_t) +
	       node->params.detections.max * sizeof(struct found);
}

static int64_t score_at(const struct search *search, int64_t anchor, int64_t class)
{
	const struct edge_view *scores = &search->call->in[1];

	return anchor * scores->strides[1] + (search->first + class) * scores->strides[2];
}

static float score(const struct search *search, int64_t anchor, int64_t class)
{
	return ref_get(&search->call->in[1], score_at(search, anchor, class));
}

/* Encoded as y, x, height, width, relative to an anchor's; each step as TensorFlow Lite rounds
 * it. */
static struct box decode(const struct ref_call *call, int64_t anchor)
{
	const struct edge_view *codes = &call->in[0], *anchors = &call->in[2];
	struct box box;

	for (int i = 0; i < 2; i++) {
		const int64_t at = anchor * codes->strides[1] + i * codes->strides[2];
		const int64_t base = anchor * anchors->strides[0] + i * anchors->strides[1];
		const double offset = ref_get(codes, at);
		const double size = ref_get(codes, at + 2 * codes->strides[2]);
		const double anchor_size = ref_get(anchors, base + 2 * anchors->strides[1]);
		const float centre = offset / call->params->detections.scale[i] * anchor_size +
				     ref_get(anchors, base);
		const float half =
			0.5 * exp(size / call->params->detections.scale[2 + i]) * anchor_size;

		box.low[i] = centre - half;
		box.high[i] = centre + half;
	}
	return box;
}

static void init(struct search *search, const struct ref_call *call)
{
	const struct edge_node *node = call->node;

	search->call = call;
	search->anchors = call->in[0].dims[1];
	search->first = call->in[1].dims[2] - call->params->detections.classes;
	search->entries = call->scratch;
	search->selected = (int64_t *)(search->entries + search->anchors);
	search->boxes = (struct box *)(search->selected + most_selected(node));
	search->found = (struct found *)(search->boxes + search->anchors);
	for (int64_t i = 0; i < search->anchors; i++)
		search->boxes[i] = decode(call, i);
}

static float area(const struct box *box)
{
	return (box->high[0] - box->low[0]) * (box->high[1] - box->low[1]);
}

/* Intersection over union; 0 for a box without an area. */
static float overlap(const struct box *a, const struct box *b)
{
	const float height = fminf(a->high[0], b->high[0]) - fmaxf(a->low[0], b->low[0]);
	const float width = fminf(a->high[1], b->high[1]) - fmaxf(a->low[1], b->low[1]);
	const float shared = fmaxf(height, 0) * fmaxf(width, 0);

	if (area(a) <= 0 || area(b) <= 0)
		return 0;
	return shared / (area(a) + area(b) - shared);
}

static bool is_suppressed(const struct search *search, int64_t anchor, int64_t count)
{
	const float threshold = search->call->params->detections.iou_threshold;

	for (int64_t i = 0; i < count; i++) {
		if (overlap(&search->boxes[search->selected[i]], &search->boxes[anchor]) >
		    threshold)
			return true;
	}
	return false;
}

/* The class that follows @class by falling score, among equals the lower one first; the best one
 * after -1, and -1 after the last. */
static int64_t next_class(const struct search *search, int64_t anchor, int64_t class)
{
	const float limit = class < 0 ? 0 : score(search, anchor, class);
	int64_t next = -1;

	for (int64_t i = 0; i < search->call->params->detections.classes; i++) {
		const float value = score(search, anchor, i);
		const bool follows = class < 0 || value < limit || (value == limit && i > class);

		if (follows && (next < 0 || value > score(search, anchor, next)))
			next = i;
	}
	return next;
}

/* Leaves in search->selected at most @most boxes by falling score of @class, of the best class if
 * it is -1; their number. */
static int64_t suppress(struct search *search, int64_t class, int64_t most)
{
	const struct edge_view *scores = &search->call->in[1];
	int64_t candidates = 0, count = 0;

	for (int64_t i = 0; i < search->anchors; i++) {
		const int64_t at =
			score_at(search, i, class < 0 ? next_class(search, i, -1) : class);

		if (ref_get(scores, at) >= search->call->params->detections.score_threshold)
			ref_heap_offer(search->entries, &candidates, search->anchors,
				       (struct ref_entry) { ref_order_key(scores, at, true), i });
	}
	ref_heap_sort(search->entries, candidates);
	for (int64_t i = 0; i < candidates && count < most; i++) {
		if (!is_suppressed(search, search->entries[i].index, count))
			search->selected[count++] = search->entries[i].index;
	}
	return count;
}

/* Result @index of the outputs. */
static void report(const struct search *search, int64_t index, int64_t anchor, int64_t class)
{
	const struct edge_view *out = search->call->out;
	const struct box *box = &search->boxes[anchor];
	const float corners[4] = { box->low[0], box->low[1], box->high[0], box->high[1] };

	for (int i = 0; i < 4 && ref_has_output(search->call, 0); i++)
		ref_set(&out[0], index * out[0].strides[1] + i * out[0].strides[2], corners[i]);
	if (ref_has_output(search->call, 1))
		ref_set(&out[1], index * out[1].strides[1], class);
	if (ref_has_output(search->call, 2))
		ref_set(&out[2], index * out[2].strides[1], score(search, anchor, class));
}

/* Suppression once, by the best class of each box; then the best few classes of what is left. */
static int64_t find_boxes(struct search *search)
{
	const int64_t room = search->call->params->detections.classes_per_box;
	const int64_t count = suppress(search, -1, search->call->params->detections.max);

	for (int64_t i = 0; i < count; i++) {
		int64_t class = next_class(search, search->selected[i], -1);

		for (int64_t k = 0; k < room && class >= 0; k++) {
			report(search, i * room + k, search->selected[i], class);
			class = next_class(search, search->selected[i], class);
		}
	}
	return count;
}

/* Puts @found in its place among those of the classes before; what is beyond the limit is
 * dropped. */
static void keep(struct search *search, struct found found, int64_t *count)
{
	int64_t at = *count;

	while (at > 0 && search->found[at - 1].score < found.score)
		at--;
	if (at == search->call->params->detections.max)
		return;
	if (*count < search->call->params->detections.max)
		(*count)++;
	for (int64_t i = *count - 1; i > at; i--)
		search->found[i] = search->found[i - 1];
	search->found[at] = found;
}

/* Suppression for each class; then the best of what all have left. */
static int64_t find_classes(struct search *search)
{
	const int32_t classes = search->call->params->detections.classes;
	int64_t count = 0;

	for (int32_t class = 0; class < classes; class ++) {
		const int64_t selected =
			suppress(search, class, search->call->params->detections.per_class);

		for (int64_t i = 0; i < selected; i++) {
			const int32_t anchor = search->selected[i];
			const float value = score(search, anchor, class);

			keep(search, (struct found) { value, anchor, class }, &count);
		}
	}
	for (int64_t i = 0; i < count; i++)
		report(search, i, search->found[i].anchor, search->found[i].class);
	return count;
}

static void clear(const struct edge_view *view)
{
	struct ref_walk walk;

	ref_walk_init(&walk, view->rank, view->dims);
	ref_walk_add(&walk, view);
	for (; !walk.done; ref_walk_next(&walk))
		ref_set(view, walk.at[0], 0);
}

void ref_detection_postprocess(const struct ref_call *call)
{
	struct search search;
	int64_t count;

	for (int i = 0; i < 3; i++) {
		if (ref_has_output(call, i))
			clear(&call->out[i]);
	}
	init(&search, call);
	count = call->params->detections.regular ? find_classes(&search) : find_boxes(&search);
	if (ref_has_output(call, 3))
		ref_set(&call->out[3], 0, count);
}
