// SPDX-License-Identifier: MIT
/* Operators whose result has a shape of its own making. */
#include <math.h>

#include "graph/infer_ops.h"

enum edge_status edge_infer_one_hot(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *indices = node->inputs[0], *values = node->inputs[2];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	int64_t dims[EDGE_MAX_RANK];
	int rank = indices->rank + 1;
	double depth;

	if (!status)
		status = edge_infer_check_vector(node, 2, 2, error);
	if (status)
		return status;
	if (rank > EDGE_MAX_RANK)
		return edge_infer_fail(node, error, "a result of rank %d; at most %d are supported",
				       rank, EDGE_MAX_RANK);
	status = edge_infer_axis(node, &node->params.axis.axis, rank, error);
	if (status)
		return status;
	if (!edge_tensor_read_scalar(node->inputs[1], &depth) || !(depth >= 1 && depth < 0x1p53))
		return edge_infer_fail(node, error, "the depth '%s' is no number above 0",
				       node->inputs[1]->name);
	for (int i = 0, from = 0; i < rank; i++)
		dims[i] = i == node->params.axis.axis ? (int64_t)depth : indices->dims[from++];
	return edge_infer_set(node, 0, values->type, rank, dims, error);
}

/* Steps from start until limit is reached or passed; -1 when there is no end. */
static int64_t count_ints(int64_t start, int64_t limit, int64_t delta)
{
	int64_t distance;

	if (!delta || __builtin_sub_overflow(limit, start, &distance))
		return -1;
	if (!distance || (distance < 0) != (delta < 0))
		return 0;
	if (delta == -1) /* INT64_MIN / -1 */
		return distance == INT64_MIN ? -1 : -distance;
	return distance / delta + (distance % delta != 0);
}

static int64_t count_floats(const struct edge_node *node)
{
	double start, limit, delta, count;

	if (!edge_tensor_read_scalar(node->inputs[0], &start) ||
	    !edge_tensor_read_scalar(node->inputs[1], &limit) ||
	    !edge_tensor_read_scalar(node->inputs[2], &delta))
		return -1;
	count = ceil((limit - start) / delta);
	if (!(fabs(count) < 0x1p53))
		return -1;
	return count > 0 ? (int64_t)count : 0;
}

enum edge_status edge_infer_range(struct edge_node *node, struct edge_error *error)
{
	enum edge_type type = node->inputs[0]->type;
	enum edge_status status =
		edge_infer_check_type(node, 0, EDGE_TYPES_INDEX | EDGE_TYPES_FLOAT, error);
	int64_t values[3], count;

	for (int i = 0; !status && i < 3; i++) {
		status = edge_infer_check_same_type(node, i, error);
		if (!status && edge_tensor_elements(node->inputs[i]) != 1)
			status = edge_infer_fail(node, error, "input %d '%s' is no single number",
						 i, node->inputs[i]->name);
	}
	if (status)
		return status;
	if (EDGE_TYPES_FLOAT & 1u << type) {
		count = count_floats(node);
	} else {
		for (int i = 0; i < 3; i++)
			edge_tensor_read_ints(node->inputs[i], &values[i], 1);
		count = count_ints(values[0], values[1], values[2]);
	}
	if (count < 0)
		return edge_infer_fail(node, error, "the range has no end");
	return edge_infer_set(node, 0, type, 1, &count, error);
}

enum edge_status edge_infer_non_max_suppression(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *boxes = node->inputs[0], *scores = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_FLOAT, error);
	int64_t most = node->params.nms.max_per_class, dims[2] = { 0, 3 };

	if (!status)
		status = edge_infer_check_same_type(node, 1, error);
	if (status)
		return status;
	if (boxes->rank != 3 || boxes->dims[2] != 4 || scores->rank != 3 ||
	    scores->dims[0] != boxes->dims[0] || scores->dims[2] != boxes->dims[1])
		return edge_infer_fail(
			node, error,
			"boxes '%s' and scores '%s' are not [batch, n, 4] and [batch, classes, n]",
			boxes->name, scores->name);
	if (most < 0)
		return edge_infer_fail(node, error, "at most %lld boxes a class", (long long)most);
	if (most > boxes->dims[1])
		most = boxes->dims[1];
	/* At most as many as there are scores, so this does not overflow. */
	dims[0] = scores->dims[0] * scores->dims[1] * most;
	status = edge_infer_set(node, 0, EDGE_I64, 2, dims, error);
	if (status)
		return status;
	node->outputs[0]->dynamic = true;
	return EDGE_OK;
}
