// SPDX-License-Identifier: MIT
/* A block of the input is copied to where it belongs, and then, in the cache, changed in place: so
 * any layouts go together. */
#include <stdlib.h>

#include "backend/cpu/kernels/activate.h"
#include "backend/cpu/ops/copy.h"
#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

struct unary {
	struct loop loop; /* y, x */
	struct finish func, act;
	struct copier copier;
};

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct unary *unary = step->state;
	float *y = step->outputs[0].data, *first = y + block->at[0];

	copy_block(&unary->copier, y, step->inputs[0].data, block);
	finish_block(&unary->func, first, block->pitch[0], block->num_rows, block->num);
	finish_block(&unary->act, first, block->pitch[0], block->num_rows, block->num);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct unary *unary = step->state;

	loop_run(&unary->loop, task, run_block, (void *)step);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	return node->inputs[0]->type == EDGE_F32 && cpu_activate_has(node->params.unary.func) &&
	       cpu_activate_has(node->act.func);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct unary *unary;

	if (status)
		return status;
	unary = calloc(1, sizeof(*unary));
	if (!unary)
		return edge_fail_memory(error);
	loop_init(&unary->loop, 2);
	loop_add_views(&unary->loop,
		       (const struct edge_view *[]) { &step->outputs[0], &step->inputs[0] });
	loop_arrange(&unary->loop);
	loop_turn(&unary->loop, 1);
	loop_share(&unary->loop, 2);
	finish_init_act(&unary->func, &step->node->params.unary, prepare->cpu_flags);
	finish_init_act(&unary->act, &step->node->act, prepare->cpu_flags);
	copier_init(&unary->copier, EDGE_F32, prepare->cpu_flags);
	step->state = unary;
	step->run = run;
	step->num_tasks = unary->loop.num_tasks;
	return EDGE_OK;
}

const struct cpu_op cpu_op_unary = {
	.op = EDGE_OP_UNARY,
	.name = "unary",
	.fits = fits,
	.prepare = prepare,
};
