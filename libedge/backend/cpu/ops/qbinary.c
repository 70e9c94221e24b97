// SPDX-License-Identifier: MIT
/* What binary.c is to floats, for u8. */
#include "backend/cpu/kernels/qbinary.h"

#include <math.h>
#include <stdlib.h>

#include "backend/cpu/ops/loop.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"
#include "graph/range.h"

/* Above this a product may be infinite, and infinities have no difference. */
#define MAX_SCALE 1e30f

/* Bits that fixed point gains for its operands before it scales them. */
#define SHIFT 20

struct qbinary {
	struct loop loop; /* y, a, b */
	struct cpu_qbinary_rows rows; /* what is the same for all calls */
	void (*kernel)(const struct cpu_qbinary_rows *rows);
};

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct qbinary *binary = step->state;
	struct cpu_qbinary_rows rows = binary->rows;

	rows.y = (uint8_t *)step->outputs[0].data + block->at[0];
	rows.a = (const uint8_t *)step->inputs[0].data + block->at[1];
	rows.b = (const uint8_t *)step->inputs[1].data + block->at[2];
	rows.y_pitch = block->pitch[0];
	rows.a_pitch = block->pitch[1];
	rows.b_pitch = block->pitch[2];
	rows.a_step = block->step[1];
	rows.b_step = block->step[2];
	rows.num_rows = block->num_rows;
	rows.num = block->num;
	binary->kernel(&rows);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qbinary *binary = step->state;

	loop_run(&binary->loop, task, run_block, (void *)step);
}

/* CPU_NUM_QBINARIES when there is no kernel. */
static enum cpu_qbinary_func func_of(const struct edge_node *node)
{
	switch (node->params.binary.func) {
	case EDGE_BINARY_ADD:
		return CPU_QBINARY_ADD;
	case EDGE_BINARY_SUB:
		return CPU_QBINARY_SUB;
	case EDGE_BINARY_MUL:
		return CPU_QBINARY_MUL;
	default:
		return CPU_NUM_QBINARIES;
	}
}

static struct cpu_qbinary_scale scale_of(const struct edge_multiplier *multiplier)
{
	return (struct cpu_qbinary_scale) { multiplier->real, multiplier->fixed,
					    multiplier->shift };
}

static void set_scales(struct cpu_qbinary_rows *rows, const struct edge_node *node)
{
	const float a = node->inputs[0]->quant->scales[0], b = node->inputs[1]->quant->scales[0];
	const double twice = 2.0 * (a > b ? a : b);
	struct edge_multiplier scale_a = { .real = 0 }, scale_b = scale_a, scale = scale_a;
	struct edge_range range;
	float y;

	edge_node_range(node, &range, &y);
	rows->to = (struct cpu_requantise) { node->rounding == EDGE_ROUND_FIXED, range.zero_point,
					     range.low, range.high };
	rows->zero_a = node->inputs[0]->quant->zero_points[0];
	rows->zero_b = node->inputs[1]->quant->zero_points[0];
	if (node->params.binary.func == EDGE_BINARY_MUL) {
		scale = edge_multiplier_of(node->rounding, a, b, y);
	} else if (node->rounding == EDGE_ROUND_FLOAT) {
		scale_a.real = a / y;
		scale_b.real = b / y;
	} else {
		scale_a = edge_multiplier_fixed(a / twice);
		scale_b = edge_multiplier_fixed(b / twice);
		scale = edge_multiplier_fixed(twice / ((1 << SHIFT) * (double)y));
	}
	rows->scale_a = scale_of(&scale_a);
	rows->scale_b = scale_of(&scale_b);
	rows->scale = scale_of(&scale);
}

static bool is_bytes(const struct edge_tensor *tensor)
{
	return tensor->type == EDGE_U8 && edge_tensor_is_bytes(tensor) &&
	       tensor->quant->zero_points[0] >= 0 && tensor->quant->zero_points[0] <= UINT8_MAX;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct cpu_qbinary_rows rows = { 0 };

	if (func_of(node) == CPU_NUM_QBINARIES || !is_bytes(node->inputs[0]) ||
	    !is_bytes(node->inputs[1]) || !is_bytes(node->outputs[0]))
		return false;
	set_scales(&rows, node);
	return rows.scale_a.real < MAX_SCALE && rows.scale_b.real < MAX_SCALE &&
	       rows.scale.real < MAX_SCALE;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct qbinary *binary;

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
	set_scales(&binary->rows, step->node);
	binary->kernel = cpu_qbinary_kernels(prepare->cpu_flags)->rows[func_of(step->node)];
	step->state = binary;
	step->run = run;
	step->num_tasks = binary->loop.num_tasks;
	return EDGE_OK;
}

const struct cpu_op cpu_op_qbinary = {
	.op = EDGE_OP_BINARY,
	.name = "qbinary",
	.fits = fits,
	.prepare = prepare,
};
