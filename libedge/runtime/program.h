/* SPDX-License-Identifier: MIT */
#ifndef EDGE_RUNTIME_PROGRAM_H
#define EDGE_RUNTIME_PROGRAM_H

#include "base/file.h"
#include "edge/program.h"
#include "graph/graph.h"

/**
 * struct edge_program - a compiled graph
 * @graph: through all passes, placed, packed and planned; not changed any more
 * @cpu_flags: that it was compiled for
 * @file: that a loaded program's constants and names of kernels lie in
 * @num_work: nodes that are not views
 * @work: their ids
 * @labels: operators with their activations, for each of @work
 */
struct edge_program {
	struct edge_graph *graph;
	unsigned int cpu_flags;
	struct edge_file file;
	int num_work;
	int *work;
	char (*labels)[48];
};

/* edge_compile() for a graph with its shapes inferred, which becomes the program's even on failure, so that no weight is
 * copied but into its packed form. */
enum edge_status edge_compile_graph(struct edge_graph *graph,
				    const struct edge_compile_settings *settings,
				    struct edge_program **program, struct edge_error *error);

/* Whether a planned graph keeps to its limits; EDGE_LIMIT_EXCEEDED names the node. */
enum edge_status edge_program_check_limits(const struct edge_graph *graph,
					   struct edge_error *error);

/* Makes a program of a finished graph and the file that it lies in, if any; both become the
 * program's even on failure. */
enum edge_status edge_program_create(struct edge_graph *graph, unsigned int cpu_flags,
				     struct edge_file file, struct edge_program **program,
				     struct edge_error *error);

#endif
