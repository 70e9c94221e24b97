// SPDX-License-Identifier: MIT
#include <string.h>

#include "graph/infer_ops.h"

static bool is_global(const struct edge_node *node)
{
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++) {
		if (node->params.pool.kernel[i])
			return false;
	}
	return true;
}

/* A window as large as the plane. */
static enum edge_status resolve_global(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];

	for (int i = 0; i < x->rank - 2; i++) {
		if (x->dims[i + 2] > INT32_MAX)
			return edge_infer_fail(node, error, "a plane of %lld rows or columns",
					       (long long)x->dims[i + 2]);
		node->params.pool.kernel[i] = x->dims[i + 2];
		node->params.pool.stride[i] = 1;
		node->params.pool.dilation[i] = 1;
		node->params.pool.pad_begin[i] = 0;
		node->params.pool.pad_end[i] = 0;
	}
	node->params.pool.auto_pad = EDGE_PAD_EXPLICIT;
	return EDGE_OK;
}

/* A window that lay in the padding altogether would have no maximum and no average. */
static enum edge_status check_padding(const struct edge_node *node, int spatial,
				      struct edge_error *error)
{
	for (int i = 0; i < spatial; i++) {
		int64_t extent =
			(int64_t)node->params.pool.dilation[i] * (node->params.pool.kernel[i] - 1) +
			1;

		if (node->params.pool.pad_begin[i] >= extent ||
		    node->params.pool.pad_end[i] >= extent)
			return edge_infer_fail(node, error,
					       "padding %d, %d around a window of %lld elements",
					       node->params.pool.pad_begin[i],
					       node->params.pool.pad_end[i], (long long)extent);
	}
	return EDGE_OK;
}

static enum edge_status infer_pool(struct edge_node *node, unsigned int types,
				   struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	struct edge_window window = {
		.spatial = x->rank - 2,
		.kernel = node->params.pool.kernel,
		.stride = node->params.pool.stride,
		.dilation = node->params.pool.dilation,
		.pad_begin = node->params.pool.pad_begin,
		.pad_end = node->params.pool.pad_end,
		.auto_pad = &node->params.pool.auto_pad,
	};
	enum edge_status status = edge_infer_check_type(node, 0, types, error);
	int64_t dims[EDGE_MAX_RANK];

	if (status)
		return status;
	if (x->rank < 3 || x->rank > 2 + EDGE_MAX_SPATIAL)
		return edge_infer_fail(node, error, "an input of rank %d", x->rank);
	if (is_global(node)) {
		status = resolve_global(node, error);
		if (status)
			return status;
	}
	status = edge_infer_check_window(node, &window, error);
	if (status)
		return status;
	/* Automatic padding says how large the output is; there is nothing left to round. */
	if (node->params.pool.auto_pad != EDGE_PAD_EXPLICIT)
		node->params.pool.ceil_mode = 0;
	window.ceil = node->params.pool.ceil_mode;
	memcpy(dims, x->dims, sizeof(dims));
	status = edge_infer_slide(node, &window, &x->dims[2], &dims[2], error);
	if (status)
		return status;
	status = check_padding(node, window.spatial, error);
	if (status)
		return status;
	status = edge_infer_set(node, 0,
				edge_infer_is_quantised(node) ? node->outputs[0]->type : x->type,
				x->rank, dims, error);
	if (status)
		return status;
	return edge_infer_set(node, 1, EDGE_I64, x->rank, dims, error);
}

enum edge_status edge_infer_max_pool(struct edge_node *node, struct edge_error *error)
{
	return infer_pool(node, EDGE_TYPES_NUMBER, error);
}

enum edge_status edge_infer_average_pool(struct edge_node *node, struct edge_error *error)
{
	if (!edge_infer_is_quantised(node))
		return infer_pool(node, EDGE_TYPES_FLOAT, error);
	if (!edge_tensor_is_bytes(node->inputs[0]) || !edge_tensor_is_bytes(node->outputs[0]))
		return edge_infer_fail(node, error, "'%s' and '%s' are not both quantised bytes",
				       node->inputs[0]->name, node->outputs[0]->name);
	return infer_pool(node, EDGE_TYPES_BYTE, error);
}

enum edge_status edge_infer_lp_pool(struct edge_node *node, struct edge_error *error)
{
	if (node->params.pool.p < 1)
		return edge_infer_fail(node, error, "p is %d", node->params.pool.p);
	return infer_pool(node, EDGE_TYPES_FLOAT, error);
}
