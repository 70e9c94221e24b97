/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BACKEND_BACKEND_H
#define EDGE_BACKEND_BACKEND_H

#include "edge/program.h"
#include "graph/graph.h"

struct edge_backend_request;

/* Where the memories of a program begin, for one request. */
struct edge_memory_map {
	uint8_t *arena;
	uint8_t *io;
};

/* The address of @tensor's element 0, 0, ... in @map. */
void *edge_tensor_address(const struct edge_tensor *tensor, const struct edge_memory_map *map);

/* @tensor as a view in @map; data NULL for a NULL @tensor. */
struct edge_view edge_tensor_view(const struct edge_tensor *tensor,
				  const struct edge_memory_map *map);

/**
 * struct edge_backend_ops - a kind of device
 * @name: "cpu"
 * @supports: whether it runs @node; fills the reason (EDGE_REASON_MAX bytes) when not
 * @compile: choose kernels for its nodes (node->kernel, node->reason) and pack their constants
 *	(node->packed), once, when a program is made. After layout and views, before the memory
 *	plan. Packed forms depend on @cpu_flags. @precision is what products may be rounded to.
 * @prepare: make its nodes of a program ready to run in @map with up to @threads threads: choose
 *	functions, tables, tiles; a loaded program comes here without compile, so what it relies on
 *	in node->kernel and node->packed is checked (EDGE_BAD_FORMAT). Repacks nothing.
 * @num_tasks: tasks that node @node consists of; 0 when there is nothing to do
 * @scratch_size: bytes that a task may use
 * @run: run task @task of node @node. Tasks of a node run at the same time and in any order, once
 *	all tasks of the nodes before are done. @scratch, aligned to 64, is the thread's own.
 * @output_size: dims[0] of a dynamic output after a run
 * @release: undo prepare; accepts NULL
 */
struct edge_backend_ops {
	const char *name;
	bool (*supports)(const struct edge_node *node, char *reason);
	enum edge_status (*compile)(struct edge_graph *graph, unsigned int cpu_flags,
				    enum edge_precision precision, struct edge_error *error);
	enum edge_status (*prepare)(const struct edge_graph *graph, unsigned int cpu_flags,
				    const struct edge_memory_map *map, unsigned int threads,
				    struct edge_backend_request **request,
				    struct edge_error *error);
	int64_t (*num_tasks)(const struct edge_backend_request *request, int node);
	size_t (*scratch_size)(const struct edge_backend_request *request);
	void (*run)(struct edge_backend_request *request, int node, int64_t task, void *scratch);
	int64_t (*output_size)(const struct edge_backend_request *request, int node, int output);
	void (*release)(struct edge_backend_request *request);
};

extern const struct edge_backend_ops edge_backend_cpu;

/* The back end of @device. */
const struct edge_backend_ops *edge_backend(enum edge_device_kind device);

#endif
