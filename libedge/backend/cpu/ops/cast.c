// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/cast.h"

#include <stdlib.h>

#include "backend/cpu/ops/loop.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

struct cast {
	struct loop loop; /* y, x */
	size_t y_size, x_size;
	cpu_cast_fn kernel;
};

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct cast *cast = step->state;

	cast->kernel(&(struct cpu_cast_rows) {
		.y = (char *)step->outputs[0].data + block->at[0] * (int64_t)cast->y_size,
		.x = (const char *)step->inputs[0].data + block->at[1] * (int64_t)cast->x_size,
		.y_pitch = block->pitch[0],
		.x_pitch = block->pitch[1],
		.num_rows = block->num_rows,
		.num = block->num,
	});
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct cast *cast = step->state;

	loop_run(&cast->loop, task, run_block, (void *)step);
}

/* NULL when there is none; that wrap around instead of clamping are none. */
static cpu_cast_fn choose(const struct edge_node *node, unsigned int cpu_flags)
{
	const struct cpu_cast_kernels *kernels = cpu_cast_kernels(cpu_flags);
	const enum edge_type from = node->inputs[0]->type, to = node->outputs[0]->type;

	if (to == EDGE_F32 && from == EDGE_I8)
		return kernels->from_i8;
	if (to == EDGE_F32 && from == EDGE_U8)
		return kernels->from_u8;
	if (from != EDGE_F32 || !node->params.cast.saturate)
		return NULL;
	if (to == EDGE_I8)
		return kernels->to_i8;
	return to == EDGE_U8 ? kernels->to_u8 : NULL;
}

static void make_loop(struct loop *loop, const struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0], *x = node->inputs[0];

	loop_init(loop, 2);
	for (int d = 0; d < y->rank; d++)
		loop_add(loop, y->dims[d], (const int64_t[]) { y->strides[d], x->strides[d] });
	loop_arrange(loop);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct loop loop;

	if (!choose(node, cpu_flags) || node->act.func != EDGE_FUNC_IDENTITY)
		return false;
	make_loop(&loop, node);
	return loop.dims[loop.rank - 1] == 1 || loop.strides[1][loop.rank - 1] == 1;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct cast *cast;

	if (status)
		return status;
	cast = calloc(1, sizeof(*cast));
	if (!cast)
		return edge_fail_memory(error);
	make_loop(&cast->loop, step->node);
	loop_share(&cast->loop, 1);
	cast->y_size = edge_type_size(step->outputs[0].type);
	cast->x_size = edge_type_size(step->inputs[0].type);
	cast->kernel = choose(step->node, prepare->cpu_flags);
	step->state = cast;
	step->run = run;
	step->num_tasks = cast->loop.num_tasks;
	return EDGE_OK;
}

const struct cpu_op cpu_op_cast = {
	.op = EDGE_OP_CAST,
	.name = "cast",
	.fits = fits,
	.prepare = prepare,
};
