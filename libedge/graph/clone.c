// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "graph/graph.h"

/* The copy of a tensor has the same id. */
static struct edge_tensor *copy_of(struct edge_graph *copy, const struct edge_tensor *tensor)
{
	return tensor ? copy->tensors[tensor->id] : NULL;
}

static void *copy_bytes(const void *from, size_t size)
{
	void *to = edge_alloc_zeroed(size);

	if (to && size)
		memcpy(to, from, size);
	return to;
}

static bool clone_tensor(const struct edge_tensor *from, struct edge_graph *copy)
{
	struct edge_tensor *to = edge_graph_add_tensor(copy, from->name);

	if (!to)
		return false;
	edge_tensor_set_shape(to, from->type, from->rank, from->dims);
	to->dynamic = from->dynamic;
	to->constant = from->constant;
	memcpy(to->order, from->order, sizeof(to->order));
	memcpy(to->strides, from->strides, sizeof(to->strides));
	to->offset = from->offset;
	to->memory = from->memory;
	to->address = from->address;
	to->size = from->size;
	if (from->owns_data && from->data) {
		to->data = copy_bytes(from->data, edge_tensor_bytes(from));
		to->owns_data = true;
		if (!to->data)
			return false;
	} else {
		to->data = from->data;
	}
	return edge_tensor_copy_quant(to, from);
}

static bool clone_node(const struct edge_node *from, struct edge_graph *copy)
{
	struct edge_node *to = edge_graph_add_node(copy, from->op, from->name, from->num_inputs,
						   from->num_outputs);

	if (!to)
		return false;
	to->params = from->params;
	to->act = from->act;
	to->rounding = from->rounding;
	to->is_view = from->is_view;
	to->device = from->device;
	to->kernel = from->kernel;
	memcpy(to->reason, from->reason, sizeof(to->reason));
	for (int i = 0; i < from->num_inputs; i++) {
		if (!edge_node_set_input(to, i, copy_of(copy, from->inputs[i])))
			return false;
	}
	for (int i = 0; i < from->num_outputs; i++)
		edge_node_set_output(to, i, copy_of(copy, from->outputs[i]));
	to->packed = calloc(from->num_packed + 1, sizeof(*to->packed));
	if (!to->packed)
		return false;
	for (int i = 0; i < from->num_packed; i++)
		to->packed[i] = copy_of(copy, from->packed[i]);
	to->num_packed = from->num_packed;
	return true;
}

static bool clone_into(const struct edge_graph *graph, struct edge_graph *copy)
{
	for (int i = 0; i < graph->num_tensors; i++) {
		if (!clone_tensor(graph->tensors[i], copy))
			return false;
	}
	for (int i = 0; i < graph->num_tensors; i++)
		copy->tensors[i]->storage = copy_of(copy, graph->tensors[i]->storage);
	for (int i = 0; i < graph->num_nodes; i++) {
		if (!clone_node(graph->nodes[i], copy))
			return false;
	}
	for (int i = 0; i < graph->num_inputs; i++) {
		if (!edge_graph_add_input(copy, copy_of(copy, graph->inputs[i])))
			return false;
	}
	for (int i = 0; i < graph->num_outputs; i++) {
		if (!edge_graph_add_output(copy, copy_of(copy, graph->outputs[i])))
			return false;
	}
	for (int i = 0; i < graph->num_metadata; i++) {
		if (!edge_graph_set_metadata(copy, graph->metadata[i].key,
					     graph->metadata[i].value))
			return false;
	}
	copy->arena_size = graph->arena_size;
	copy->io_size = graph->io_size;
	copy->limits = graph->limits;
	return true;
}

struct edge_graph *edge_graph_clone(const struct edge_graph *graph)
{
	struct edge_graph *copy = edge_graph_create(graph->name);

	if (copy && !clone_into(graph, copy)) {
		edge_graph_destroy(copy);
		return NULL;
	}
	return copy;
}
