// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/binary.h"

#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/loop.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

struct binary {
	struct loop loop; /* y, a, b */
	struct finish finish;
	void (*kernel)(const struct cpu_binary_rows *rows);
};

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct binary *binary = step->state;
	float *y = (float *)step->outputs[0].data + block->at[0];

	binary->kernel(&(struct cpu_binary_rows) {
		.y = y,
		.a = (const float *)step->inputs[0].data + block->at[1],
		.b = (const float *)step->inputs[1].data + block->at[2],
		.y_pitch = block->pitch[0],
		.a_pitch = block->pitch[1],
		.b_pitch = block->pitch[2],
		.a_step = block->step[1],
		.b_step = block->step[2],
		.num_rows = block->num_rows,
		.num = block->num,
		.low = binary->finish.low,
		.high = binary->finish.high,
	});
	finish_block(&binary->finish, y, block->pitch[0], block->num_rows, block->num);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct binary *binary = step->state;

	loop_run(&binary->loop, task, run_block, (void *)step);
}

/* CPU_NUM_BINARIES when there is no kernel. */
static enum cpu_binary_func func_of(const struct edge_node *node)
{
	if (node->op == EDGE_OP_PRELU)
		return CPU_BINARY_PRELU;
	switch (node->params.binary.func) {
	case EDGE_BINARY_ADD:
		return CPU_BINARY_ADD;
	case EDGE_BINARY_SUB:
		return CPU_BINARY_SUB;
	case EDGE_BINARY_MUL:
		return CPU_BINARY_MUL;
	case EDGE_BINARY_DIV:
		return CPU_BINARY_DIV;
	case EDGE_BINARY_MIN:
		return CPU_BINARY_MIN;
	case EDGE_BINARY_MAX:
		return CPU_BINARY_MAX;
	default:
		return CPU_NUM_BINARIES;
	}
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	return func_of(node) != CPU_NUM_BINARIES && node->inputs[0]->type == EDGE_F32 &&
	       cpu_activate_has(node->act.func);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct binary *binary;

	if (status)
		return status;
	binary = calloc(1, sizeof(*binary));
	if (!binary)
		return edge_fail_memory(error);
	loop_init(&binary->loop, 3);
	loop_add_views(&binary->loop,
		       (const struct edge_view *[]) { &step->outputs[0], &step->inputs[0],
						      &step->inputs[1] });
	loop_arrange(&binary->loop);
	loop_share(&binary->loop, 1);
	finish_init(&binary->finish, step->node, prepare->cpu_flags);
	binary->kernel = cpu_binary_kernels(prepare->cpu_flags)->rows[func_of(step->node)];
	step->state = binary;
	step->run = run;
	step->num_tasks = binary->loop.num_tasks;
	return EDGE_OK;
}

const struct cpu_op cpu_op_binary = {
	.op = EDGE_OP_BINARY,
	.name = "binary",
	.fits = fits,
	.prepare = prepare,
};

const struct cpu_op cpu_op_prelu = {
	.op = EDGE_OP_PRELU,
	.name = "prelu",
	.fits = fits,
	.prepare = prepare,
};
