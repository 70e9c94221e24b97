// SPDX-License-Identifier: MIT
#include <string.h>

#include "base/half.h"
#include "graph/graph.h"

/* So that no count of bytes, and no sum of a few, overflows. */
#define MAX_ELEMENTS (INT64_MAX / 16)

static const struct {
	size_t size;
	const char *name;
} types[EDGE_NUM_TYPES] = {
	[EDGE_TYPE_NONE] = { 0, "none" }, [EDGE_F32] = { 4, "f32" },   [EDGE_F16] = { 2, "f16" },
	[EDGE_I8] = { 1, "i8" },	  [EDGE_U8] = { 1, "u8" },     [EDGE_I32] = { 4, "i32" },
	[EDGE_I64] = { 8, "i64" },	  [EDGE_BOOL] = { 1, "bool" },
};

size_t edge_type_size(enum edge_type type)
{
	return (unsigned int)type < EDGE_NUM_TYPES ? types[type].size : 0;
}

const char *edge_type_name(enum edge_type type)
{
	return (unsigned int)type < EDGE_NUM_TYPES ? types[type].name : "none";
}

int64_t edge_tensor_elements(const struct edge_tensor *tensor)
{
	int64_t count = 1;
	bool empty = false;

	if (tensor->rank < 0 || tensor->rank > EDGE_MAX_RANK)
		return -1;
	for (int i = 0; i < tensor->rank; i++) {
		if (tensor->dims[i] < 0)
			return -1;
		/* Dimensions beside an empty one must be sound as well: strides are their products.
		 */
		if (!tensor->dims[i])
			empty = true;
		else if (__builtin_mul_overflow(count, tensor->dims[i], &count) ||
			 count > MAX_ELEMENTS)
			return -1;
	}
	return empty ? 0 : count;
}

int64_t edge_tensor_bytes(const struct edge_tensor *tensor)
{
	int64_t elements = edge_tensor_elements(tensor);

	return elements < 0 ? -1 : elements * (int64_t)edge_type_size(tensor->type);
}

bool edge_tensor_same_shape(const struct edge_tensor *a, const struct edge_tensor *b)
{
	if (a->rank != b->rank)
		return false;
	for (int i = 0; i < a->rank; i++) {
		if (a->dims[i] != b->dims[i])
			return false;
	}
	return true;
}

void edge_tensor_set_shape(struct edge_tensor *tensor, enum edge_type type, int rank,
			   const int64_t *dims)
{
	tensor->type = type;
	tensor->rank = rank;
	if (rank > 0 && rank <= EDGE_MAX_RANK)
		memmove(tensor->dims, dims, rank * sizeof(*dims));
}

void edge_tensor_describe(const struct edge_tensor *tensor, struct edge_tensor_info *info)
{
	const struct edge_quant *quant = tensor->quant;

	memset(info, 0, sizeof(*info));
	info->name = tensor->name;
	info->type = tensor->type;
	info->rank = tensor->rank;
	if (tensor->rank > 0)
		memcpy(info->dims, tensor->dims, tensor->rank * sizeof(info->dims[0]));
	info->quantised = quant && quant->count == 1;
	if (info->quantised) {
		info->scale = quant->scales[0];
		info->zero_point = quant->zero_points[0];
	}
}

struct edge_view edge_tensor_constant_view(const struct edge_tensor *tensor)
{
	struct edge_view view = { .type = tensor->type,
				  .rank = tensor->rank,
				  .data = tensor->data };

	memcpy(view.dims, tensor->dims, tensor->rank * sizeof(*view.dims));
	edge_dense_strides(view.rank, view.dims, NULL, view.strides);
	return view;
}

/* Element @index of a dense constant; @value is exact but for large i64. */
static bool read_element(const struct edge_tensor *tensor, int64_t index, double *value)
{
	const void *data = tensor->data;

	switch (tensor->type) {
	case EDGE_F32:
		*value = ((const float *)data)[index];
		return true;
	case EDGE_F16:
		*value = edge_half_to_float(((const uint16_t *)data)[index]);
		return true;
	case EDGE_I8:
		*value = ((const int8_t *)data)[index];
		return true;
	case EDGE_U8:
	case EDGE_BOOL:
		*value = ((const uint8_t *)data)[index];
		return true;
	case EDGE_I32:
		*value = ((const int32_t *)data)[index];
		return true;
	case EDGE_I64:
		*value = ((const int64_t *)data)[index];
		return true;
	default:
		return false;
	}
}

int edge_tensor_read_ints(const struct edge_tensor *tensor, int64_t *values, int max)
{
	int64_t count;

	if (!tensor || !tensor->constant || !tensor->data)
		return -1;
	count = edge_tensor_elements(tensor);
	if (count < 0 || count > max)
		return -1;
	if (tensor->type == EDGE_I64) {
		memcpy(values, tensor->data, count * sizeof(*values));
		return count;
	}
	if (tensor->type != EDGE_I32)
		return -1;
	for (int64_t i = 0; i < count; i++)
		values[i] = ((const int32_t *)tensor->data)[i];
	return count;
}

bool edge_tensor_read_scalar(const struct edge_tensor *tensor, double *value)
{
	if (!tensor || !tensor->constant || !tensor->data || edge_tensor_elements(tensor) != 1)
		return false;
	return read_element(tensor, 0, value);
}

bool edge_graph_is_output(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	for (int i = 0; i < graph->num_outputs; i++) {
		if (graph->outputs[i] == tensor)
			return true;
	}
	return false;
}

bool edge_graph_is_input(const struct edge_graph *graph, const struct edge_tensor *tensor)
{
	for (int i = 0; i < graph->num_inputs; i++) {
		if (graph->inputs[i] == tensor)
			return true;
	}
	return false;
}

struct edge_node *edge_tensor_only_consumer(const struct edge_graph *graph,
					    const struct edge_tensor *tensor)
{
	if (tensor->num_consumers != 1 || edge_graph_is_output(graph, tensor))
		return NULL;
	return tensor->consumers[0];
}
