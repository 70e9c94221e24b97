/* SPDX-License-Identifier: MIT */
/* Nodes run through an implementation of the CPU back end, and through the reference. */
#ifndef EDGE_TESTS_KERNELS_OP_RUN_H
#define EDGE_TESTS_KERNELS_OP_RUN_H

#include "backend/cpu/step.h"
#include "check.h"

/**
 * struct op_run - a graph of one node, made ready by one implementation
 * @output: where the reference has written its result, dense in the same order as the node's
 */
struct op_run {
	struct edge_graph *graph;
	struct edge_node *node;
	struct cpu_step step;
	struct edge_view views[8];
	void *scratch;
	struct edge_view reference;
};

/* A tensor of @rank dimensions in @order of memory (NULL: row-major), with up to @gap elements
 * left free behind the innermost; elements are random if it is a constant or an input. */
struct edge_tensor *op_run_tensor(struct op_run *run, int rank, const int64_t *dims,
				  const int *order, int gap, bool constant);

void op_run_begin(struct op_run *run);

/* Infers the output, whose layout is @order with @gap, and fills run->reference if @compare. */
void op_run_infer(struct op_run *run, const int *order, int gap, bool compare);

/* Compiles and prepares; false when @op does not take the node. */
bool op_run_prepare(struct op_run *run, const struct cpu_op *op, const struct check *check,
		    unsigned int threads);

/* All tasks, in a random order if @shuffle. */
void op_run_tasks(struct op_run *run, bool shuffle);

/* Whether the output is what the reference says, give or take @tolerance, and nothing else was
 * written. */
bool op_run_matches(const struct op_run *run, double tolerance);

void op_run_end(struct op_run *run);

#endif
