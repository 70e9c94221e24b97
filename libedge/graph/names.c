// SPDX-License-Identifier: MIT
#include "graph/names.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

/* FNV-1a, started from an address: a file cannot be made so that its names collide. */
static size_t hash(const struct edge_graph *graph, const char *name)
{
	uint64_t value = 0xcbf29ce484222325 ^ (uintptr_t)graph * 0x9e3779b97f4a7c15;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 0x100000001b3;
	return value ^ value >> 32;
}

/* The slot that holds @name, or the free one where it belongs. */
static struct edge_tensor **find_slot(const struct edge_graph *graph, const char *name)
{
	size_t mask = graph->max_names - 1;

	for (size_t i = hash(graph, name) & mask;; i = (i + 1) & mask) {
		struct edge_tensor **slot = &graph->names[i];

		if (!*slot || !strcmp((*slot)->name, name))
			return slot;
	}
}

struct edge_tensor *edge_graph_find_tensor(const struct edge_graph *graph, const char *name)
{
	return graph->max_names ? *find_slot(graph, name) : NULL;
}

char *edge_names_make(struct edge_graph *graph, const char *wanted)
{
	char *name;

	if (wanted && !edge_graph_find_tensor(graph, wanted))
		return strdup(wanted);
	/* The number never goes back, so that many equal names do not search through each other. */
	do {
		if (asprintf(&name, "%s_%u", wanted ? wanted : "t", ++graph->last_name) < 0)
			return NULL;
		if (!edge_graph_find_tensor(graph, name))
			return name;
		free(name);
	} while (true);
}

void edge_names_rebuild(struct edge_graph *graph)
{
	if (!graph->max_names)
		return;
	memset(graph->names, 0, graph->max_names * sizeof(*graph->names));
	for (int i = 0; i < graph->num_tensors; i++)
		*find_slot(graph, graph->tensors[i]->name) = graph->tensors[i];
}

/* At most half full, so that searches end soon. */
static bool grow(struct edge_graph *graph, int num_names)
{
	size_t size = graph->max_names ? graph->max_names : FIRST_SIZE;
	struct edge_tensor **names;

	while (size / 2 < num_names)
		size *= 2;
	if (size == graph->max_names)
		return true;
	names = calloc(size, sizeof(*names));
	if (!names)
		return false;
	free(graph->names);
	graph->names = names;
	graph->max_names = size;
	edge_names_rebuild(graph);
	return true;
}

bool edge_names_add(struct edge_graph *graph, struct edge_tensor *tensor)
{
	if (!grow(graph, graph->num_tensors + 1))
		return false;
	*find_slot(graph, tensor->name) = tensor;
	return true;
}
