// SPDX-License-Identifier: MIT
#include "passes/region.h"

#include <string.h>

#include "passes/order.h"

struct edge_region edge_region_of(const struct edge_tensor *tensor)
{
	struct edge_region region = { .storage = tensor->storage, .offset = tensor->offset };

	memcpy(region.strides, tensor->strides, sizeof(region.strides));
	return region;
}

void edge_region_set(struct edge_tensor *tensor, const struct edge_region *region)
{
	tensor->storage = region->storage;
	tensor->offset = region->offset;
	memcpy(tensor->strides, region->strides, sizeof(region->strides));
}

struct edge_region edge_region_dense(struct edge_tensor *tensor)
{
	struct edge_region region = { .storage = tensor };

	edge_dense_strides(tensor->rank, tensor->dims, tensor->order, region.strides);
	return region;
}

bool edge_region_is_dense(const struct edge_tensor *tensor)
{
	int64_t strides[EDGE_MAX_RANK];

	edge_dense_strides(tensor->rank, tensor->dims, tensor->order, strides);
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[i] > 1 && tensor->strides[i] != strides[i])
			return false;
	}
	return true;
}

/* Where output @index of a Split begins along its axis. */
static int64_t split_start(const struct edge_node *node, int index)
{
	int64_t start = 0;

	for (int i = 0; i < index; i++)
		start += node->outputs[i]->dims[node->params.axis.axis];
	return start;
}

/* New dimensions, and those that are repeated, do not move in memory. */
static void forward_expand(const struct edge_tensor *x, const struct edge_tensor *y,
			   struct edge_region *region)
{
	int64_t strides[EDGE_MAX_RANK] = { 0 };
	int shift = y->rank - x->rank;

	for (int i = 0; i < x->rank; i++)
		strides[shift + i] = x->dims[i] == y->dims[shift + i] ? region->strides[i] : 0;
	memcpy(region->strides, strides, sizeof(strides));
}

bool edge_region_forward(const struct edge_node *node, int index, const struct edge_region *input,
			 struct edge_region *output)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[index];
	int axis = node->params.axis.axis;

	*output = *input;
	switch (node->op) {
	case EDGE_OP_RESHAPE:
		return edge_reshape_strides(x->rank, x->dims, input->strides, y->rank, y->dims,
					    output->strides);
	case EDGE_OP_TRANSPOSE:
		for (int i = 0; i < y->rank; i++)
			output->strides[i] = input->strides[node->params.transpose.perm[i]];
		return true;
	case EDGE_OP_SLICE:
		for (int i = 0; i < x->rank; i++) {
			output->offset += node->params.slice.start[i] * input->strides[i];
			output->strides[i] *= node->params.slice.step[i];
		}
		return true;
	case EDGE_OP_SPLIT:
		output->offset += split_start(node, index) * input->strides[axis];
		return true;
	default:
		forward_expand(x, y, output);
		return true;
	}
}

/* The stride of a dimension of which only one element is seen is not known. */
static bool backward_slice(const struct edge_node *node, const struct edge_region *output,
			   struct edge_region *input)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];

	for (int i = 0; i < x->rank; i++) {
		int64_t step = node->params.slice.step[i];

		if (x->dims[i] > 1 && (y->dims[i] == 1 || output->strides[i] % step))
			return false;
		input->strides[i] = output->strides[i] / step;
		input->offset -= node->params.slice.start[i] * input->strides[i];
	}
	return true;
}

bool edge_region_backward(const struct edge_node *node, int index, const struct edge_region *output,
			  struct edge_region *input)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[index];
	int axis = node->params.axis.axis;

	*input = *output;
	switch (node->op) {
	case EDGE_OP_RESHAPE:
		return edge_reshape_strides(y->rank, y->dims, output->strides, x->rank, x->dims,
					    input->strides);
	case EDGE_OP_TRANSPOSE:
		for (int i = 0; i < y->rank; i++)
			input->strides[node->params.transpose.perm[i]] = output->strides[i];
		return true;
	case EDGE_OP_SLICE:
		return backward_slice(node, output, input);
	case EDGE_OP_SPLIT:
		if (y->dims[axis] == 1 && x->dims[axis] > 1)
			return false;
		input->offset -= split_start(node, index) * output->strides[axis];
		return true;
	default:
		return edge_tensor_same_shape(x, y);
	}
}

/* From the inside out, each stride must pass all that lies within it. */
bool edge_region_is_injective(const struct edge_tensor *tensor)
{
	struct edge_order order =
		edge_order_from_strides(tensor->rank, tensor->dims, tensor->strides);
	int64_t extent = 0;

	for (int i = tensor->rank - 1; i >= 0; i--) {
		int dim = order.dims[i];

		if (tensor->dims[dim] == 1)
			continue;
		if (tensor->strides[dim] <= extent)
			return false;
		extent += (tensor->dims[dim] - 1) * tensor->strides[dim];
	}
	return true;
}

void edge_region_bounds(const struct edge_tensor *tensor, int64_t *first, int64_t *last)
{
	*first = tensor->offset;
	*last = tensor->offset;
	for (int i = 0; i < tensor->rank; i++) {
		int64_t extent = (tensor->dims[i] - 1) * tensor->strides[i];

		*(extent < 0 ? first : last) += extent;
	}
}

/* The interval of remainders that the elements leave when divided by @period; false when they leave
 * any. */
static bool remainders(const struct edge_tensor *tensor, int64_t period, int64_t *first,
		       int64_t *last)
{
	*first = tensor->offset % period;
	*last = *first;
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[i] > 1 && tensor->strides[i] % period)
			*last += (tensor->dims[i] - 1) * tensor->strides[i];
	}
	return *last < period;
}

static bool apart(int64_t first_a, int64_t last_a, int64_t first_b, int64_t last_b)
{
	return last_a < first_b || last_b < first_a;
}

bool edge_region_disjoint(const struct edge_tensor *a, const struct edge_tensor *b)
{
	int64_t first_a, last_a, first_b, last_b;

	edge_region_bounds(a, &first_a, &last_a);
	edge_region_bounds(b, &first_b, &last_b);
	if (apart(first_a, last_a, first_b, last_b))
		return true;
	/* Channels of the same pixels: the strides from pixel to pixel tell them apart. */
	for (int i = 0; i < a->rank; i++) {
		int64_t period = a->strides[i];

		if (a->dims[i] > 1 && period > 1 && remainders(a, period, &first_a, &last_a) &&
		    remainders(b, period, &first_b, &last_b) &&
		    apart(first_a, last_a, first_b, last_b))
			return true;
	}
	return false;
}
