// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/weights.h"

bool weights_are_countable(const struct edge_tensor *tensor)
{
	const int64_t elements = edge_tensor_elements(tensor);

	return elements > 0 && elements <= INT64_MAX / 1024;
}

bool weights_packed_as(const struct edge_tensor *packed, enum edge_type type, int64_t size)
{
	return packed->type == type && packed->data && edge_tensor_elements(packed) == size;
}

bool weights_packed_is(const struct edge_tensor *packed, int64_t size)
{
	return weights_packed_as(packed, EDGE_F32, size);
}

void weights_drop(struct edge_graph *graph, struct edge_node *node)
{
	for (int i = 1; i <= 2; i++) {
		struct edge_tensor *tensor = weights_input(node, i);

		if (tensor && tensor->num_consumers == 1 && !edge_graph_is_output(graph, tensor))
			edge_graph_drop_data(tensor);
	}
}
