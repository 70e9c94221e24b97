// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

static struct edge_metadata *find(const struct edge_graph *graph, const char *key)
{
	for (int i = 0; i < graph->num_metadata; i++) {
		if (!strcmp(graph->metadata[i].key, key))
			return &graph->metadata[i];
	}
	return NULL;
}

const char *edge_graph_metadata(const struct edge_graph *graph, const char *key)
{
	const struct edge_metadata *entry = find(graph, key);

	return entry ? entry->value : NULL;
}

bool edge_graph_set_metadata(struct edge_graph *graph, const char *key, const char *value)
{
	struct edge_metadata *entry = find(graph, key);
	struct edge_metadata *grown;
	char *copy = strdup(value);

	if (!copy)
		return false;
	if (entry) {
		free(entry->value);
		entry->value = copy;
		return true;
	}
	grown = realloc(graph->metadata, (graph->num_metadata + 1) * sizeof(*grown));
	if (!grown)
		goto free_copy;
	graph->metadata = grown;
	entry = &grown[graph->num_metadata];
	entry->key = strdup(key);
	if (!entry->key)
		goto free_copy;
	entry->value = copy;
	graph->num_metadata++;
	return true;

free_copy:
	free(copy);
	return false;
}
