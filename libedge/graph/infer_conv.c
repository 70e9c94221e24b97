// SPDX-License-Identifier: MIT
#include <math.h>

#include "graph/infer_ops.h"

static struct edge_window conv_window(struct edge_node *node, int spatial)
{
	return (struct edge_window) {
		.spatial = spatial,
		.kernel = node->params.conv.kernel,
		.stride = node->params.conv.stride,
		.dilation = node->params.conv.dilation,
		.pad_begin = node->params.conv.pad_begin,
		.pad_end = node->params.conv.pad_end,
		.auto_pad = &node->params.conv.auto_pad,
	};
}

/* What of the inputs does not depend on where the channels are. */
static enum edge_status check_types(const struct edge_node *node, enum edge_type *type,
				    struct edge_error *error)
{
	const unsigned int types = EDGE_TYPES_FLOAT |
				   (node->op == EDGE_OP_CONV ? EDGE_TYPES_BYTE : 0);
	enum edge_status status = edge_infer_check_type(node, 0, types, error);

	if (!status)
		status = edge_infer_product(node, 0, type, error);
	if (!status && node->num_inputs > 3 && node->inputs[3] && *type != node->inputs[0]->type)
		return edge_infer_fail(node, error, "an addition to what is quantised");
	return status ? status : edge_infer_check_same_type(node, 3, error);
}

/* The byte that it is looked up with has a scale of its own. */
static enum edge_status check_table(const struct edge_node *node, enum edge_type *type,
				    struct edge_error *error)
{
	const struct edge_tensor *table = node->num_inputs > 4 ? node->inputs[4] : NULL;
	enum edge_status status;

	if (!table)
		return EDGE_OK;
	status = edge_infer_check_type(node, 4, EDGE_TYPES_BYTE, error);
	if (!status)
		status = edge_infer_check_vector(node, 4, 256, error);
	if (status)
		return status;
	if (!edge_infer_is_quantised(node) || table->type != *type ||
	    !(node->params.conv.table_scale > 0) || isinf(node->params.conv.table_scale) ||
	    node->params.conv.table_zero_point < INT8_MIN ||
	    node->params.conv.table_zero_point > UINT8_MAX)
		return edge_infer_fail(node, error, "a table that does not fit the result");
	return EDGE_OK;
}

/* The kernel's size stands in the weight; params may repeat it. */
static enum edge_status resolve_kernel(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *weight = node->inputs[1];
	int32_t *kernel = node->params.conv.kernel;

	for (int i = 0; i < weight->rank - 2; i++) {
		int64_t size = weight->dims[i + 2];

		if (size < 1 || size > INT32_MAX || (kernel[i] && kernel[i] != size))
			return edge_infer_fail(node, error,
					       "kernel size %d, but the weight has %lld", kernel[i],
					       (long long)size);
		kernel[i] = size;
	}
	return EDGE_OK;
}

static enum edge_status check_inputs(struct edge_node *node, enum edge_type *type,
				     struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	enum edge_status status = check_types(node, type, error);

	if (!status)
		status = check_table(node, type, error);
	if (status)
		return status;
	if (x->rank < 3 || x->rank > 2 + EDGE_MAX_SPATIAL || weight->rank != x->rank)
		return edge_infer_fail(node, error, "an input of rank %d and a weight of rank %d",
				       x->rank, weight->rank);
	if (!edge_tensor_elements(weight))
		return edge_infer_fail(node, error, "the weight '%s' is empty", weight->name);
	if (node->params.conv.group < 1)
		return edge_infer_fail(node, error, "%d groups", node->params.conv.group);
	return resolve_kernel(node, error);
}

static enum edge_status check_residual(const struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *residual = node->num_inputs > 3 ? node->inputs[3] : NULL;

	if (!residual || edge_tensor_same_shape(residual, node->outputs[0]))
		return EDGE_OK;
	return edge_infer_fail(node, error,
			       "'%s', which it adds, has another shape than the result",
			       residual->name);
}

enum edge_status edge_infer_conv(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	int64_t group = node->params.conv.group, dims[EDGE_MAX_RANK];
	struct edge_window window = conv_window(node, x->rank - 2);
	enum edge_type type;
	enum edge_status status = check_inputs(node, &type, error);

	if (status)
		return status;
	if (x->dims[1] % group || x->dims[1] / group != weight->dims[1] || weight->dims[0] % group)
		return edge_infer_fail(
			node, error,
			"%lld channels into a weight of [%lld, %lld, ...] with %lld groups",
			(long long)x->dims[1], (long long)weight->dims[0],
			(long long)weight->dims[1], (long long)group);
	status = edge_infer_check_vector(node, 2, weight->dims[0], error);
	if (status)
		return status;
	status = edge_infer_check_window(node, &window, error);
	if (status)
		return status;
	dims[0] = x->dims[0];
	dims[1] = weight->dims[0];
	status = edge_infer_slide(node, &window, &x->dims[2], &dims[2], error);
	if (status)
		return status;
	status = edge_infer_set(node, 0, type, x->rank, dims, error);
	if (status)
		return status;
	return check_residual(node, error);
}

/* The output without padding; -1 when there is none. */
static int64_t spread(const struct edge_node *node, int i, int64_t in)
{
	int64_t out;

	if (in < 1 || __builtin_mul_overflow(in - 1, node->params.conv.stride[i], &out) ||
	    out > INT64_MAX / 2)
		return -1;
	return out + (int64_t)node->params.conv.dilation[i] * (node->params.conv.kernel[i] - 1) + 1;
}

/* Padding that leaves @wanted of @full elements; what is missing is added at the end. */
static enum edge_status pad_to_size(struct edge_node *node, int i, int64_t full, int64_t wanted,
				    struct edge_error *error)
{
	int64_t total = full + node->params.conv.output_pad[i] - wanted;

	if (total > INT32_MAX || total < -INT32_MAX + node->params.conv.output_pad[i])
		return edge_infer_fail(node, error, "an output of %lld elements out of %lld",
				       (long long)wanted, (long long)full);
	if (total < 0) {
		node->params.conv.output_pad[i] -= total;
		total = 0;
	}
	if (node->params.conv.auto_pad == EDGE_PAD_SAME_UPPER)
		node->params.conv.pad_begin[i] = total / 2;
	else
		node->params.conv.pad_begin[i] = total - total / 2;
	node->params.conv.pad_end[i] = total - node->params.conv.pad_begin[i];
	return EDGE_OK;
}

/* Output size @out of dimension @i; afterwards explicit padding says the same. */
static enum edge_status spread_dimension(struct edge_node *node, int i, int64_t in, int64_t *out,
					 struct edge_error *error)
{
	int64_t full = spread(node, i, in), wanted = node->params.conv.output_shape[i];
	enum edge_status status = EDGE_OK;

	if (full < 0 || wanted < 0 || node->params.conv.output_pad[i] < 0)
		return edge_infer_fail(node, error,
				       "input size %lld, output size %lld, output "
				       "padding %d",
				       (long long)in, (long long)wanted,
				       node->params.conv.output_pad[i]);
	if (!wanted && (node->params.conv.auto_pad == EDGE_PAD_SAME_UPPER ||
			node->params.conv.auto_pad == EDGE_PAD_SAME_LOWER))
		wanted = in * node->params.conv.stride[i];
	if (wanted) {
		status = pad_to_size(node, i, full, wanted, error);
	} else if (node->params.conv.auto_pad == EDGE_PAD_VALID) {
		node->params.conv.pad_begin[i] = 0;
		node->params.conv.pad_end[i] = 0;
	}
	if (status)
		return status;
	*out = full + node->params.conv.output_pad[i] - node->params.conv.pad_begin[i] -
	       node->params.conv.pad_end[i];
	if (*out < 1)
		return edge_infer_fail(node, error, "padding %d, %d leaves nothing of %lld",
				       node->params.conv.pad_begin[i], node->params.conv.pad_end[i],
				       (long long)full);
	return EDGE_OK;
}

enum edge_status edge_infer_conv_transpose(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *weight = node->inputs[1];
	int64_t group = node->params.conv.group, dims[EDGE_MAX_RANK];
	struct edge_window window = conv_window(node, x->rank - 2);
	enum edge_type type;
	enum edge_status status = check_inputs(node, &type, error);

	if (status)
		return status;
	if (x->dims[1] != weight->dims[0] || x->dims[1] % group)
		return edge_infer_fail(
			node, error, "%lld channels into a weight of [%lld, ...] with %lld groups",
			(long long)x->dims[1], (long long)weight->dims[0], (long long)group);
	status = edge_infer_check_window(node, &window, error);
	if (status)
		return status;
	dims[0] = x->dims[0];
	if (__builtin_mul_overflow(weight->dims[1], group, &dims[1]))
		return edge_infer_fail(node, error, "too many channels");
	status = edge_infer_check_vector(node, 2, dims[1], error);
	for (int i = 0; !status && i < window.spatial; i++)
		status = spread_dimension(node, i, x->dims[i + 2], &dims[i + 2], error);
	if (status)
		return status;
	for (int i = 0; i < EDGE_MAX_SPATIAL; i++)
		node->params.conv.output_shape[i] = 0;
	for (int i = window.spatial; i < EDGE_MAX_SPATIAL; i++)
		node->params.conv.output_pad[i] = 0;
	node->params.conv.auto_pad = EDGE_PAD_EXPLICIT;
	return edge_infer_set(node, 0, type, x->rank, dims, error);
}
