/* SPDX-License-Identifier: MIT */
/*
 * Walks over operands of one shape and any strides, with as few dimensions as will do: the kernels
 * take the two innermost, tasks share out the rest.
 */
#ifndef EDGE_BACKEND_CPU_OPS_LOOP_H
#define EDGE_BACKEND_CPU_OPS_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "edge/tensor.h"

#define LOOP_MAX_OPERANDS 3
/* Both shapes of a Reshape, and a dimension of one. */
#define LOOP_MAX_RANK (2 * EDGE_MAX_RANK + 1)

/**
 * struct loop - a walk
 * @rank: 2 or more after loop_arrange()
 * @dims: outermost first
 * @strides: of each operand; in the last dimension that of operand 0 is 1
 * @turned: some operand is contiguous across the rows
 * @rows, @columns: the most that a task takes
 * @num_tasks: 0 when there is nothing to do
 */
struct loop {
	int num_operands;
	int rank;
	int64_t dims[LOOP_MAX_RANK];
	int64_t strides[LOOP_MAX_OPERANDS][LOOP_MAX_RANK];
	bool turned;
	int64_t rows, columns;
	int64_t num_tasks;
};

/**
 * struct loop_block - a part that differs in the two innermost dimensions only
 * @at: of its first element in each operand
 * @pitch: from one row to the next
 * @step: from one element to the next; that of operand 0 is 1
 */
struct loop_block {
	int64_t num_rows, num;
	int64_t at[LOOP_MAX_OPERANDS];
	int64_t pitch[LOOP_MAX_OPERANDS];
	int64_t step[LOOP_MAX_OPERANDS];
};

void loop_init(struct loop *loop, int num_operands);

/* One more dimension; @strides has one for each operand. */
void loop_add(struct loop *loop, int64_t size, const int64_t *strides);

/* All dimensions of operand 0, @view, the others broadcast to it. */
void loop_add_views(struct loop *loop, const struct edge_view *const *views);

/* Orders the dimensions as operand 0 lies in memory, and makes one of those that lie in one piece
 * in all operands. */
void loop_arrange(struct loop *loop);

/* Brings the dimension in which @operand is contiguous, if there is one but the last, to the last
 * place but one. */
void loop_turn(struct loop *loop, int operand);

/* Divides it into tasks; @cost of an element, compared with copying it. */
void loop_share(struct loop *loop, int64_t cost);

/* Calls @run for the blocks of one task. */
void loop_run(const struct loop *loop, int64_t task,
	      void (*run)(void *context, const struct loop_block *block), void *context);

#endif
