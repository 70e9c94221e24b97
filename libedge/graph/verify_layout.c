// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "graph/verify_stages.h"

/* So that no sum and no small multiple of strides overflows. */
#define MAX_SIZE (INT64_MAX / 16)

static bool is_permutation(const int *order, int rank)
{
	unsigned int seen = 0;

	for (int i = 0; i < rank; i++) {
		if (order[i] < 0 || order[i] >= rank || seen & 1u << order[i])
			return false;
		seen |= 1u << order[i];
	}
	return true;
}

/* Nothing lies at the strides of an empty tensor, but code multiplies them by sizes. */
static bool has_sound_strides(const struct edge_tensor *tensor)
{
	for (int i = 0; i < tensor->rank; i++) {
		int64_t extent;

		if (__builtin_mul_overflow(tensor->strides[i],
					   tensor->dims[i] ? tensor->dims[i] : 1, &extent) ||
		    extent < -MAX_SIZE || extent > MAX_SIZE)
			return false;
	}
	return true;
}

/* Whether all that the strides reach from the offset lies inside the storage. */
static bool lies_inside(const struct edge_tensor *tensor)
{
	int64_t room = tensor->storage->size / edge_type_size(tensor->type);
	int64_t first = tensor->offset, last = tensor->offset;

	if (tensor->storage->size > MAX_SIZE || first < 0 || first > room)
		return false;
	if (!edge_tensor_elements(tensor))
		return has_sound_strides(tensor);
	for (int i = 0; i < tensor->rank; i++) {
		int64_t stride = tensor->strides[i], reach;

		/* Of a single element too: code may add a stride before it looks at the count. */
		if (stride < -room || stride > room ||
		    __builtin_mul_overflow(tensor->dims[i] - 1, stride, &reach) ||
		    __builtin_add_overflow(reach < 0 ? first : last, reach,
					   reach < 0 ? &first : &last))
			return false;
	}
	return first >= 0 && last < room;
}

/* Constants are dense, as whoever made them has left them. */
static bool is_dense(const struct edge_tensor *tensor)
{
	int64_t strides[EDGE_MAX_RANK];

	edge_dense_strides(tensor->rank, tensor->dims, NULL, strides);
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[i] > 1 && tensor->strides[i] != strides[i])
			return false;
	}
	return !tensor->offset;
}

/* Whether no two elements share a place: from the inside out, each stride passes all within it. */
static bool is_injective(const struct edge_tensor *tensor)
{
	bool done[EDGE_MAX_RANK] = { false };
	int64_t extent = 0;

	if (!edge_tensor_elements(tensor))
		return true;
	for (int n = 0; n < tensor->rank; n++) {
		int inner = -1;

		for (int i = 0; i < tensor->rank; i++) {
			if (!done[i] && (inner < 0 ||
					 llabs(tensor->strides[i]) < llabs(tensor->strides[inner])))
				inner = i;
		}
		done[inner] = true;
		if (tensor->dims[inner] == 1)
			continue;
		if (llabs(tensor->strides[inner]) <= extent)
			return false;
		extent += (tensor->dims[inner] - 1) * llabs(tensor->strides[inner]);
	}
	return true;
}

static enum edge_status check_tensor(const struct edge_verifier *verifier,
				     const struct edge_tensor *tensor)
{
	const struct edge_tensor *storage = tensor->storage;

	if (!is_permutation(tensor->order, tensor->rank))
		return edge_verify_fail_tensor(verifier, tensor, "its order is no permutation");
	if (!storage || storage->storage != storage)
		return edge_verify_fail_tensor(verifier, tensor, "its storage is no root");
	if (!lies_inside(tensor))
		return edge_verify_fail_tensor(verifier, tensor, "it leaves its storage");
	if (tensor->constant && (storage != tensor || !is_dense(tensor) ||
				 tensor->size > (uint64_t)edge_tensor_bytes(tensor)))
		return edge_verify_fail_tensor(verifier, tensor, "a constant that is not dense");
	return EDGE_OK;
}

/* What somebody writes: each element a place of its own, in memory that is there to be written. */
static enum edge_status check_written(const struct edge_verifier *verifier,
				      const struct edge_tensor *tensor)
{
	const struct edge_tensor *storage = tensor->storage;

	if (!is_injective(tensor))
		return edge_verify_fail_tensor(verifier, tensor, "its elements overlap");
	if (storage->constant)
		return edge_verify_fail_tensor(verifier, tensor, "it would overwrite a constant");
	if (storage != tensor && verifier->uses[storage->id] & EDGE_USE_INPUT)
		return edge_verify_fail_tensor(verifier, tensor, "it would overwrite an input");
	return EDGE_OK;
}

enum edge_status edge_verify_layout(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;
	enum edge_status status = EDGE_OK;

	for (int i = 0; !status && i < graph->num_tensors; i++) {
		if (verifier->uses[i])
			status = check_tensor(verifier, graph->tensors[i]);
	}
	for (int i = 0; !status && i < graph->num_inputs; i++)
		status = check_written(verifier, graph->inputs[i]);
	for (int i = 0; !status && i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		for (int j = 0; !status && !node->is_view && j < node->num_outputs; j++) {
			if (node->outputs[j])
				status = check_written(verifier, node->outputs[j]);
		}
	}
	return status;
}
