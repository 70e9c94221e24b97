// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/softmax.h"

#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/loop.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

/* Cost of an element, compared with copying it. */
#define COST 8

struct softmax {
	struct loop loop; /* y, x; without the axis */
	int64_t count, y_step, x_step; /* along the axis */
	bool along; /* the axis is the innermost dimension */
	struct finish finish;
	const struct cpu_softmax_kernels *kernels;
};

/* Rows that are normalised each by itself. */
static void run_along(const struct softmax *softmax, float *y, const float *x,
		      const struct loop_block *block)
{
	softmax->kernels->along(&(struct cpu_softmax) {
		.y = y,
		.x = x,
		.y_pitch = block->pitch[0],
		.x_pitch = block->pitch[1],
		.num_rows = block->num_rows,
		.num = softmax->count,
	});
	finish_block(&softmax->finish, y, block->pitch[0], block->num_rows, softmax->count);
}

/* The axis goes down the rows; a row of the block is as many columns of it. */
static void run_across(const struct softmax *softmax, float *y, const float *x,
		       const struct loop_block *block)
{
	for (int64_t r = 0; r < block->num_rows; r++) {
		struct cpu_softmax call = {
			.y = y + r * block->pitch[0],
			.x = x + r * block->pitch[1],
			.y_pitch = softmax->y_step,
			.x_pitch = softmax->x_step,
			.num_rows = softmax->count,
			.num = block->num,
		};

		softmax->kernels->across(&call);
		finish_block(&softmax->finish, call.y, call.y_pitch, call.num_rows, call.num);
	}
}

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct softmax *softmax = step->state;
	float *y = (float *)step->outputs[0].data + block->at[0];
	const float *x = (const float *)step->inputs[0].data + block->at[1];

	if (softmax->along)
		run_along(softmax, y, x, block);
	else
		run_across(softmax, y, x, block);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct softmax *softmax = step->state;

	loop_run(&softmax->loop, task, run_block, (void *)step);
}

/* Fills what strides decide; false when neither kernel serves. */
static bool arrange(struct softmax *softmax, const struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0], *x = node->inputs[0];
	const int axis = node->params.axis.axis;
	struct loop *loop = &softmax->loop;
	bool single;

	loop_init(loop, 2);
	for (int d = 0; d < y->rank; d++) {
		if (d != axis)
			loop_add(loop, y->dims[d],
				 (const int64_t[]) { y->strides[d], x->strides[d] });
	}
	loop_arrange(loop);
	single = loop->dims[loop->rank - 1] == 1;
	softmax->count = y->dims[axis];
	softmax->y_step = y->strides[axis];
	softmax->x_step = x->strides[axis];
	softmax->along = single && softmax->y_step == 1 && softmax->x_step == 1;
	return single || loop->strides[1][loop->rank - 1] == 1;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct softmax softmax;

	return node->inputs[0]->type == EDGE_F32 && cpu_activate_has(node->act.func) &&
	       arrange(&softmax, node);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct softmax *softmax;

	if (status)
		return status;
	softmax = calloc(1, sizeof(*softmax));
	if (!softmax)
		return edge_fail_memory(error);
	arrange(softmax, step->node);
	if (softmax->count)
		loop_share(&softmax->loop, COST * softmax->count);
	finish_init_act(&softmax->finish, &step->node->act, prepare->cpu_flags);
	softmax->kernels = cpu_softmax_kernels(prepare->cpu_flags);
	step->state = softmax;
	step->run = run;
	step->num_tasks = softmax->loop.num_tasks;
	return EDGE_OK;
}

const struct cpu_op cpu_op_softmax = {
	.op = EDGE_OP_SOFTMAX,
	.name = "softmax",
	.fits = fits,
	.prepare = prepare,
};
