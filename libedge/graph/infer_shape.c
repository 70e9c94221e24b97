// SPDX-License-Identifier: MIT
/* Operators that keep the elements in their order, or take a part of them. */
#include <string.h>

#include "graph/infer_ops.h"

enum edge_status edge_infer_concat(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *first = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];
	enum edge_status status =
		edge_infer_axis(node, &node->params.axis.axis, first->rank, error);
	int axis = node->params.axis.axis;

	if (status)
		return status;
	memcpy(dims, first->dims, sizeof(dims));
	for (int i = 1; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];
		bool fits = input->rank == first->rank;

		status = edge_infer_check_same_type(node, i, error);
		if (status)
			return status;
		for (int d = 0; fits && d < first->rank; d++)
			fits = d == axis || input->dims[d] == first->dims[d];
		if (!fits || __builtin_add_overflow(dims[axis], input->dims[axis], &dims[axis]))
			return edge_infer_fail(
				node, error, "input %d '%s' does not fit beside '%s' along axis %d",
				i, input->name, first->name, axis);
	}
	return edge_infer_set(node, 0, first->type, first->rank, dims, error);
}

/* What output @index states as its size along the axis, or -1 when it is open. */
static int64_t stated_size(const struct edge_node *node, int index)
{
	const struct edge_tensor *output = node->outputs[index];

	if (output->rank == 1)
		return output->dims[0];
	if (output->rank == node->inputs[0]->rank)
		return output->dims[node->params.axis.axis];
	return -1;
}

static enum edge_status set_part(const struct edge_node *node, int index, int64_t size,
				 struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];

	memcpy(dims, x->dims, sizeof(dims));
	dims[node->params.axis.axis] = size;
	return edge_infer_set(node, index, x->type, x->rank, dims, error);
}

enum edge_status edge_infer_split(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_axis(node, &node->params.axis.axis, x->rank, error);
	bool equal = node->outputs[0]->rank < 0;
	int64_t whole, rest;

	if (status)
		return status;
	whole = x->dims[node->params.axis.axis];
	rest = whole;
	for (int i = 0; i < node->num_outputs; i++) {
		int64_t size = stated_size(node, i);

		if (equal && node->outputs[i]->rank < 0) {
			size = whole / node->num_outputs + (whole % node->num_outputs != 0);
			size = size < rest ? size : rest;
		}
		if (size < 0 || size > rest)
			return edge_infer_fail(node, error, "part %d of size %lld, %lld are left",
					       i, (long long)size, (long long)rest);
		rest -= size;
		status = set_part(node, i, size, error);
		if (status)
			return status;
	}
	if (rest)
		return edge_infer_fail(node, error, "%lld of %lld are left over", (long long)rest,
				       (long long)whole);
	return EDGE_OK;
}

/* The number of elements that [start, end) by step takes out of @dim; -1 when some do not exist. */
static int64_t slice_size(int64_t dim, int64_t start, int64_t end, int64_t step)
{
	int64_t distance, count, last;

	if (!step || __builtin_sub_overflow(end, start, &distance))
		return -1;
	if (distance == 0 || (distance < 0) != (step < 0))
		return 0;
	count = distance / step + (distance % step != 0);
	if (__builtin_mul_overflow(count - 1, step, &last) ||
	    __builtin_add_overflow(start, last, &last))
		return -1;
	return start >= 0 && start < dim && last >= 0 && last < dim ? count : -1;
}

enum edge_status edge_infer_slice(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t *start = node->params.slice.start, *end = node->params.slice.end;
	int64_t *step = node->params.slice.step, dims[EDGE_MAX_RANK];

	for (int i = 0; i < x->rank; i++) {
		dims[i] = slice_size(x->dims[i], start[i], end[i], step[i]);
		if (dims[i] < 0)
			return edge_infer_fail(
				node, error,
				"dimension %d: from %lld to %lld by %lld, of %lld elements", i,
				(long long)start[i], (long long)end[i], (long long)step[i],
				(long long)x->dims[i]);
		/* Whoever takes start and step for offset and stride must not leave the tensor. */
		if (!dims[i])
			start[i] = 0;
		if (dims[i] <= 1) {
			end[i] = start[i] + dims[i];
			step[i] = 1;
		}
	}
	return edge_infer_set(node, 0, x->type, x->rank, dims, error);
}

/* Replaces 0 and -1 in params.shape by what they stand for. */
static enum edge_status resolve_shape(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t *dims = node->params.shape.dims, known = 1;
	int open = -1;

	for (int i = 0; i < node->params.shape.rank; i++) {
		if (!dims[i] && !node->params.shape.allow_zero) {
			if (i >= x->rank)
				return edge_infer_fail(node, error,
						       "dimension %d is 0, but the input has none",
						       i);
			dims[i] = x->dims[i];
		}
		if (dims[i] == -1 && open < 0)
			open = i;
		else if (dims[i] < 0 || __builtin_mul_overflow(known, dims[i], &known))
			return edge_infer_fail(node, error, "dimension %d is %lld", i,
					       (long long)dims[i]);
	}
	node->params.shape.allow_zero = 1;
	if (open < 0)
		return EDGE_OK;
	if (!known || edge_tensor_elements(x) % known)
		return edge_infer_fail(node, error,
				       "no size of dimension %d makes %lld elements of %lld", open,
				       (long long)edge_tensor_elements(x), (long long)known);
	dims[open] = edge_tensor_elements(x) / known;
	return EDGE_OK;
}

static enum edge_status check_shape_rank(const struct edge_node *node, struct edge_error *error)
{
	if (node->params.shape.rank >= 0 && node->params.shape.rank <= EDGE_MAX_RANK)
		return EDGE_OK;
	return edge_infer_fail(node, error, "a shape of rank %d; at most %d are supported",
			       node->params.shape.rank, EDGE_MAX_RANK);
}

enum edge_status edge_infer_reshape(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = check_shape_rank(node, error);

	if (!status)
		status = resolve_shape(node, error);
	if (!status)
		status = edge_infer_set(node, 0, x->type, node->params.shape.rank,
					node->params.shape.dims, error);
	if (status)
		return status;
	if (edge_tensor_elements(node->outputs[0]) != edge_tensor_elements(x))
		return edge_infer_fail(node, error, "%lld elements into a shape of %lld",
				       (long long)edge_tensor_elements(x),
				       (long long)edge_tensor_elements(node->outputs[0]));
	return EDGE_OK;
}

enum edge_status edge_infer_expand(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = check_shape_rank(node, error);
	int64_t *dims = node->params.shape.dims;
	int rank = node->params.shape.rank;

	if (status)
		return status;
	for (int i = 0; i < rank; i++) {
		if (dims[i] < 0)
			return edge_infer_fail(node, error, "dimension %d is %lld", i,
					       (long long)dims[i]);
	}
	status = edge_infer_broadcast(node, x->rank, x->dims, &rank, dims, error);
	if (status)
		return status;
	node->params.shape.rank = rank;
	return edge_infer_set(node, 0, x->type, rank, dims, error);
}

enum edge_status edge_infer_tile(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t dims[EDGE_MAX_RANK];

	if (node->params.shape.rank != x->rank)
		return edge_infer_fail(node, error, "%d repeats for a tensor of rank %d",
				       node->params.shape.rank, x->rank);
	for (int i = 0; i < x->rank; i++) {
		int64_t repeats = node->params.shape.dims[i];

		if (repeats < 0 || __builtin_mul_overflow(x->dims[i], repeats, &dims[i]))
			return edge_infer_fail(node, error, "dimension %d: %lld times %lld", i,
					       (long long)repeats, (long long)x->dims[i]);
	}
	return edge_infer_set(node, 0, x->type, x->rank, dims, error);
}
