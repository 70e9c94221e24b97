/* SPDX-License-Identifier: MIT */
/* Nodes run through an implementation of the CPU back end, and through the reference. */
#ifndef EDGE_TESTS_KERNELS_OP_RUN_H
#define EDGE_TESTS_KERNELS_OP_RUN_H

#include "backend/cpu/step.h"
#include "check.h"

/* Inputs and outputs of the node. */
#define OP_RUN_MAX_VIEWS 8

/**
 * struct op_run - a graph of one node, made ready by one implementation
 * @reference: what the reference has made of each output, in the same layout
 * @bf16: set it to have only floats that are bf16 too
 */
struct op_run {
	struct edge_graph *graph;
	struct edge_node *node;
	struct cpu_step step;
	struct edge_view views[OP_RUN_MAX_VIEWS];
	void *scratch;
	const void *reference[OP_RUN_MAX_VIEWS];
	bool bf16;
};

/* A tensor of @rank dimensions in @order of memory (NULL: row-major), with up to @gap elements
 * left free behind the innermost; elements are random if it is a constant or an input. */
struct edge_tensor *op_run_tensor(struct op_run *run, int rank, const int64_t *dims,
				  const int *order, int gap, bool constant);

/* The same of @type, which is not f32: every bit is random. */
struct edge_tensor *op_run_integers(struct op_run *run, enum edge_type type, int rank,
				    const int64_t *dims, const int *order, int gap, bool constant);

/* Gives @tensor one pair of scale and zero point. */
void op_run_quantise(struct edge_tensor *tensor, float scale, int32_t zero_point);

/* An output for op_run_infer() to complete, quantised so. */
void op_run_quantised_output(struct op_run *run, enum edge_type type, float scale,
			     int32_t zero_point);

void op_run_begin(struct op_run *run);

/* Adds the outputs that are not there, infers them, gives them the layout @order with @gap, and
 * fills run->reference if @compare. */
void op_run_infer(struct op_run *run, const int *order, int gap, bool compare);

/* Fills run->reference. */
void op_run_compare(struct op_run *run);

/* Compiles and prepares; false when @op does not take the node. */
bool op_run_prepare(struct op_run *run, const struct cpu_op *op, const struct check *check,
		    unsigned int threads);

/* All tasks, in a random order if @shuffle. */
void op_run_tasks(struct op_run *run, bool shuffle);

/* Whether the outputs are what the reference says, in f32 give or take @tolerance times the larger of
 * 1 and the value, else to the bit, and nothing else was written. */
bool op_run_matches(const struct op_run *run, double tolerance);

void op_run_end(struct op_run *run);

#endif
