// SPDX-License-Identifier: MIT
#include "backend/backend.h"

static const struct edge_backend_ops *const backends[] = {
	[EDGE_DEVICE_CPU] = &edge_backend_cpu,
};

const struct edge_backend_ops *edge_backend(enum edge_device_kind device)
{
	return backends[device];
}

static uint8_t *memory_base(const struct edge_tensor *root, const struct edge_memory_map *map)
{
	switch (root->memory) {
	case EDGE_MEMORY_ARENA:
		return map->arena + root->address;
	case EDGE_MEMORY_IO:
		return map->io + root->address;
	default:
		return root->data;
	}
}

void *edge_tensor_address(const struct edge_tensor *tensor, const struct edge_memory_map *map)
{
	uint8_t *base = memory_base(tensor->storage ? tensor->storage : tensor, map);

	return base ? base + tensor->offset * (int64_t)edge_type_size(tensor->type) : NULL;
}

struct edge_view edge_tensor_view(const struct edge_tensor *tensor,
				  const struct edge_memory_map *map)
{
	struct edge_view view = { 0 };

	if (!tensor)
		return view;
	view.type = tensor->type;
	view.rank = tensor->rank;
	for (int i = 0; i < tensor->rank; i++) {
		view.dims[i] = tensor->dims[i];
		view.strides[i] = tensor->strides[i];
	}
	view.data = edge_tensor_address(tensor, map);
	return view;
}
