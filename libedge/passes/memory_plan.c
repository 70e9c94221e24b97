// SPDX-License-Identifier: MIT
#include <limits.h>
#include <stdlib.h>

#include "base/error.h"
#include "base/memory.h"
#include "passes/passes.h"

/* A storage in the arena, from the first node that writes it to the last one that reads it. */
struct block {
	struct edge_tensor *storage;
	uint64_t size;
	int first;
	int last;
};

struct plan {
	struct edge_graph *graph;
	struct block *blocks; /* by tensor->id; later those in the arena, by size */
	struct block **placed; /* by address */
	int num_placed;
};

/* Vector loads may reach past the end of a storage, by less than a vector. */
static uint64_t padded(uint64_t size)
{
	return (size + 2 * EDGE_ALIGNMENT - 1) / EDGE_ALIGNMENT * EDGE_ALIGNMENT;
}

static void touch(struct plan *plan, const struct edge_tensor *tensor, int time)
{
	struct block *block;

	if (!tensor)
		return;
	block = &plan->blocks[tensor->storage->id];
	if (time < block->first)
		block->first = time;
	if (time > block->last)
		block->last = time;
}

static void find_lives(struct plan *plan)
{
	const struct edge_graph *graph = plan->graph;

	for (int i = 0; i < graph->num_tensors; i++)
		plan->blocks[i] = (struct block) { .storage = graph->tensors[i],
						   .size = padded(graph->tensors[i]->size),
						   .first = INT_MAX,
						   .last = -1 };
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		if (node->is_view)
			continue;
		for (int j = 0; j < node->num_inputs; j++)
			touch(plan, node->inputs[j], i);
		for (int j = 0; j < node->num_outputs; j++)
			touch(plan, node->outputs[j], i);
	}
}

static void place_in_io(struct edge_graph *graph, struct edge_tensor *tensor)
{
	struct edge_tensor *storage = tensor->storage;

	if (storage->memory == EDGE_MEMORY_IO)
		return;
	storage->memory = EDGE_MEMORY_IO;
	storage->address = graph->io_size;
	graph->io_size += padded(storage->size);
}

/* Decides the memory of every storage; addresses in the arena follow. */
static void choose_memories(struct edge_graph *graph)
{
	graph->io_size = 0;
	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_tensor *tensor = graph->tensors[i];

		tensor->address = 0;
		if (tensor->storage != tensor)
			tensor->memory = EDGE_MEMORY_NONE;
		else
			tensor->memory = tensor->constant ? EDGE_MEMORY_CONSTANT
							  : EDGE_MEMORY_ARENA;
	}
	for (int i = 0; i < graph->num_inputs; i++)
		place_in_io(graph, graph->inputs[i]);
	for (int i = 0; i < graph->num_outputs; i++)
		place_in_io(graph, graph->outputs[i]);
}

static int compare_blocks(const void *a, const void *b)
{
	const struct block *p = a, *q = b;

	if (p->size != q->size)
		return p->size > q->size ? -1 : 1;
	return p->storage->id - q->storage->id;
}

/* Moves the blocks of the arena to the front, the largest first; their number. */
static int collect_blocks(struct plan *plan)
{
	int count = 0;

	for (int i = 0; i < plan->graph->num_tensors; i++) {
		const struct block *block = &plan->blocks[i];

		if (block->storage->memory != EDGE_MEMORY_ARENA)
			continue;
		if (block->last >= 0)
			plan->blocks[count++] = *block;
		else
			block->storage->memory = EDGE_MEMORY_NONE;
	}
	qsort(plan->blocks, count, sizeof(*plan->blocks), compare_blocks);
	return count;
}

/* The smallest gap that holds @block between those that live at the same time, or behind them. */
static uint64_t find_gap(const struct plan *plan, const struct block *block)
{
	uint64_t best = UINT64_MAX, best_size = UINT64_MAX, end = 0;

	for (int i = 0; i < plan->num_placed; i++) {
		const struct block *other = plan->placed[i];
		uint64_t start = other->storage->address;

		if (other->last < block->first || other->first > block->last)
			continue;
		if (start >= end + block->size && start - end < best_size) {
			best = end;
			best_size = start - end;
		}
		if (start + other->size > end)
			end = start + other->size;
	}
	return best == UINT64_MAX ? end : best;
}

static void place(struct plan *plan, struct block *block)
{
	uint64_t address = find_gap(plan, block);
	int i = plan->num_placed++;

	block->storage->address = address;
	for (; i > 0 && plan->placed[i - 1]->storage->address > address; i--)
		plan->placed[i] = plan->placed[i - 1];
	plan->placed[i] = block;
	if (address + block->size > plan->graph->arena_size)
		plan->graph->arena_size = address + block->size;
}

enum edge_status edge_pass_memory_plan(struct edge_graph *graph, struct edge_error *error)
{
	struct plan plan = { .graph = graph };
	enum edge_status status = EDGE_OK;
	int count;

	plan.blocks = calloc(graph->num_tensors + 1, sizeof(*plan.blocks));
	plan.placed = calloc(graph->num_tensors + 1, sizeof(*plan.placed));
	if (!plan.blocks || !plan.placed) {
		status = edge_fail_memory(error);
		goto free_placed;
	}
	find_lives(&plan);
	choose_memories(graph);
	graph->arena_size = 0;
	count = collect_blocks(&plan);
	for (int i = 0; i < count; i++)
		place(&plan, &plan.blocks[i]);

free_placed:
	free(plan.placed);
	free(plan.blocks);
	return status;
}
