// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/graph.h"
#include "graph/quant.h"

void edge_quant_free(struct edge_quant *quant)
{
	if (!quant)
		return;
	free(quant->scales);
	free(quant->zero_points);
	free(quant);
}

static void *copy_bytes(const void *from, size_t size)
{
	void *to = edge_alloc_zeroed(size);

	if (to && size)
		memcpy(to, from, size);
	return to;
}

bool edge_tensor_set_quant(struct edge_tensor *tensor, int axis, int64_t count, const float *scales,
			   const int32_t *zero_points)
{
	struct edge_quant *quant = calloc(1, sizeof(*quant));

	if (!quant)
		return false;
	quant->axis = axis;
	quant->count = count;
	quant->scales = copy_bytes(scales, count * sizeof(*scales));
	quant->zero_points = copy_bytes(zero_points, count * sizeof(*zero_points));
	if (!quant->scales || !quant->zero_points) {
		edge_quant_free(quant);
		return false;
	}
	edge_quant_free(tensor->quant);
	tensor->quant = quant;
	return true;
}

bool edge_tensor_copy_quant(struct edge_tensor *to, const struct edge_tensor *from)
{
	const struct edge_quant *quant = from->quant;

	if (quant)
		return edge_tensor_set_quant(to, quant->axis, quant->count, quant->scales,
					     quant->zero_points);
	edge_quant_free(to->quant);
	to->quant = NULL;
	return true;
}

bool edge_tensor_same_quant(const struct edge_tensor *a, const struct edge_tensor *b)
{
	const struct edge_quant *p = a->quant, *q = b->quant;

	if (!p || !q)
		return !p && !q;
	return a->type == b->type && p->axis == q->axis && p->count == q->count &&
	       !memcmp(p->scales, q->scales, p->count * sizeof(*p->scales)) &&
	       !memcmp(p->zero_points, q->zero_points, p->count * sizeof(*p->zero_points));
}

bool edge_tensor_is_bytes(const struct edge_tensor *tensor)
{
	return (tensor->type == EDGE_U8 || tensor->type == EDGE_I8) && tensor->quant &&
	       tensor->quant->axis < 0;
}

struct edge_range edge_tensor_range(const struct edge_tensor *tensor)
{
	struct edge_range range = { tensor->quant->zero_points[0], INT32_MIN, INT32_MAX };

	if (tensor->type == EDGE_U8) {
		range.low = 0;
		range.high = UINT8_MAX;
	} else if (tensor->type == EDGE_I8) {
		range.low = INT8_MIN;
		range.high = INT8_MAX;
	}
	return range;
}
