// SPDX-License-Identifier: MIT
#include <limits.h>
#include <search.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "graph/verify_stages.h"

/* A storage in the arena or the request's buffers, and the nodes between which it is needed. */
struct life {
	const struct edge_tensor *root;
	int first;
	int last;
};

static enum edge_status check_root(const struct edge_verifier *verifier,
				   const struct edge_tensor *root)
{
	uint64_t room = verifier->graph->arena_size;

	/* A constant's place is its value. */
	if (root->constant) {
		if (root->memory != EDGE_MEMORY_CONSTANT && root->memory != EDGE_MEMORY_NONE)
			return edge_verify_fail_tensor(verifier, root,
						       "a constant in writable memory");
		return EDGE_OK;
	}
	if (root->memory == EDGE_MEMORY_IO)
		room = verifier->graph->io_size;
	else if (root->memory != EDGE_MEMORY_ARENA)
		return edge_verify_fail_tensor(verifier, root, "no memory");
	if (root->address % EDGE_ALIGNMENT)
		return edge_verify_fail_tensor(verifier, root, "an address that is not aligned");
	if (root->address > room || root->size > room - root->address)
		return edge_verify_fail_tensor(verifier, root, "it leaves its memory");
	return EDGE_OK;
}

/* What the application reads and writes is in its request's buffers, or a constant. */
static enum edge_status check_io(const struct edge_verifier *verifier,
				 struct edge_tensor *const *tensors, int count)
{
	for (int i = 0; i < count; i++) {
		const struct edge_tensor *storage = tensors[i]->storage;

		if (!storage->constant && storage->memory != EDGE_MEMORY_IO)
			return edge_verify_fail_tensor(verifier, tensors[i],
						       "not in the request's buffers");
	}
	return EDGE_OK;
}

static void extend(struct life *life, int node)
{
	if (life->first > node)
		life->first = node;
	if (life->last < node)
		life->last = node;
}

/* From the first node that writes into a storage to the last that reads or writes it; nodes that
 * are views do neither. Request buffers belong to the application, before and after a run. */
static void find_lives(const struct edge_graph *graph, struct life *lives)
{
	for (int i = 0; i < graph->num_tensors; i++) {
		lives[i].root = graph->tensors[i];
		lives[i].first = INT_MAX;
		lives[i].last = -1;
		if (graph->tensors[i]->memory == EDGE_MEMORY_IO) {
			lives[i].first = 0;
			lives[i].last = INT_MAX;
		}
	}
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		if (node->is_view)
			continue;
		for (int j = 0; j < node->num_inputs; j++) {
			if (node->inputs[j])
				extend(&lives[node->inputs[j]->storage->id], i);
		}
		for (int j = 0; j < node->num_outputs; j++) {
			if (node->outputs[j])
				extend(&lives[node->outputs[j]->storage->id], i);
		}
	}
}

static int compare_first(const void *a, const void *b)
{
	const struct life *first = *(const struct life *const *)a;
	const struct life *second = *(const struct life *const *)b;

	return (first->first > second->first) - (first->first < second->first);
}

static int compare_last(const void *a, const void *b)
{
	const struct life *first = *(const struct life *const *)a;
	const struct life *second = *(const struct life *const *)b;

	return (first->last > second->last) - (first->last < second->last);
}

/* Storages that overlap are "equal", so that a search tree finds them. */
static int compare_addresses(const void *a, const void *b)
{
	const struct edge_tensor *first = ((const struct life *)a)->root;
	const struct edge_tensor *second = ((const struct life *)b)->root;

	if (first->address + first->size <= second->address)
		return -1;
	return second->address + second->size <= first->address;
}

static void keep(void *life)
{
}

/*
 * Goes through the nodes with the storages that live at each in a search tree by address.
 * @by_first and @by_last are the same lives in the order in which they begin and end.
 */
static enum edge_status sweep(const struct edge_verifier *verifier, struct life **by_first,
			      struct life **by_last, int count)
{
	enum edge_status status = EDGE_OK;
	void *tree = NULL;

	for (int i = 0, ended = 0; i < count && !status; i++) {
		struct life **found;

		while (by_last[ended]->last < by_first[i]->first)
			tdelete(by_last[ended++], &tree, compare_addresses);
		found = tsearch(by_first[i], &tree, compare_addresses);
		if (!found)
			status = edge_fail_memory(verifier->error);
		else if (*found != by_first[i])
			status = edge_fail(verifier->error, EDGE_BAD_FORMAT,
					   "tensors '%s' and '%s' overlap while both are needed",
					   by_first[i]->root->name, (*found)->root->name);
	}
	tdestroy(tree, keep);
	return status;
}

static enum edge_status check_overlaps(const struct edge_verifier *verifier, struct life *lives,
				       enum edge_memory memory)
{
	int max = verifier->graph->num_tensors + 1, count = 0;
	struct life **by_first = calloc(max, sizeof(*by_first));
	struct life **by_last = calloc(max, sizeof(*by_last));
	enum edge_status status;

	if (!by_first || !by_last) {
		status = edge_fail_memory(verifier->error);
		goto free_lists;
	}
	for (int i = 0; i < verifier->graph->num_tensors; i++) {
		const struct edge_tensor *root = lives[i].root;

		if (!verifier->uses[i] || root->storage != root || root->constant ||
		    root->memory != memory || !root->size || lives[i].last < 0)
			continue;
		by_first[count] = &lives[i];
		by_last[count++] = &lives[i];
	}
	qsort(by_first, count, sizeof(*by_first), compare_first);
	qsort(by_last, count, sizeof(*by_last), compare_last);
	status = sweep(verifier, by_first, by_last, count);

free_lists:
	free(by_last);
	free(by_first);
	return status;
}

enum edge_status edge_verify_plan(struct edge_verifier *verifier)
{
	const struct edge_graph *graph = verifier->graph;
	enum edge_status status = EDGE_OK;
	struct life *lives;

	for (int i = 0; !status && i < graph->num_tensors; i++) {
		if (verifier->uses[i] && graph->tensors[i]->storage == graph->tensors[i])
			status = check_root(verifier, graph->tensors[i]);
	}
	if (!status)
		status = check_io(verifier, graph->inputs, graph->num_inputs);
	if (!status)
		status = check_io(verifier, graph->outputs, graph->num_outputs);
	if (status)
		return status;
	lives = calloc(graph->num_tensors + 1, sizeof(*lives));
	if (!lives)
		return edge_fail_memory(verifier->error);
	find_lives(graph, lives);
	status = check_overlaps(verifier, lives, EDGE_MEMORY_ARENA);
	if (!status)
		status = check_overlaps(verifier, lives, EDGE_MEMORY_IO);
	free(lives);
	return status;
}
