// SPDX-License-Identifier: MIT
/*
 * QuantizeLinear, DequantizeLinear and Lookup: from one element another, perhaps of another type.
 * Where the two sides lie differently a block of the input is brought into the order of the output
 * first, while it still has its own type.
 */
#include <stdlib.h>

#include "backend/cpu/kernels/lookup.h"
#include "backend/cpu/kernels/quantize.h"
#include "backend/cpu/ops/copy.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

enum { X, TABLE };

/* Zero points of larger ones would not be exact in f32. */
#define MAX_ZERO 65536

/**
 * struct convert - state of a step
 * @quantize: NULL for a Lookup
 * @rows: what is the same for all calls of it
 * @look_up, @table: of a Lookup
 */
struct convert {
	struct loop loop; /* y, x */
	struct copier copier;
	int64_t y_size, x_size;
	cpu_quantize_fn quantize;
	struct cpu_quantize_rows rows;
	void (*look_up)(const struct cpu_lookup_rows *rows);
	const void *table;
	struct cpu_lookup_table bytes;
};

struct task {
	const struct cpu_step *step;
	void *scratch;
};

static void run_rows(const struct convert *convert, void *y, const void *x, int64_t x_pitch,
		     const struct loop_block *block)
{
	struct cpu_quantize_rows rows = convert->rows;

	if (!convert->quantize) {
		convert->look_up(&(struct cpu_lookup_rows) {
			.table = convert->table,
			.y = y,
			.x = x,
			.y_pitch = block->pitch[0],
			.x_pitch = x_pitch,
			.num_rows = block->num_rows,
			.num = block->num,
		});
		return;
	}
	rows.y = y;
	rows.x = x;
	rows.y_pitch = block->pitch[0];
	rows.x_pitch = x_pitch;
	rows.num_rows = block->num_rows;
	rows.num = block->num;
	convert->quantize(&rows);
}

static void run_block(void *context, const struct loop_block *block)
{
	const struct task *task = context;
	const struct convert *convert = task->step->state;
	char *y = (char *)task->step->outputs[0].data + block->at[0] * convert->y_size;
	const char *x = task->step->inputs[X].data;
	struct loop_block moved = *block;

	if (block->step[1] == 1 || block->num == 1) {
		run_rows(convert, y, x + block->at[1] * convert->x_size, block->pitch[1], block);
		return;
	}
	moved.at[0] = 0;
	moved.pitch[0] = block->num;
	copy_block(&convert->copier, task->scratch, x, &moved);
	run_rows(convert, y, task->scratch, block->num, block);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct convert *convert = step->state;
	struct task context = { step, scratch };

	loop_run(&convert->loop, task, run_block, &context);
}

/* NULL when there is none. */
static cpu_quantize_fn choose(const struct edge_node *node, unsigned int cpu_flags)
{
	const struct cpu_quantize_kernels *kernels = cpu_quantize_kernels(cpu_flags);
	const enum edge_type from = node->inputs[X]->type, to = node->outputs[0]->type;

	if (node->op == EDGE_OP_QUANTIZE) {
		if (to == EDGE_U8)
			return kernels->to_u8;
		return to == EDGE_I8 ? kernels->to_i8 : NULL;
	}
	if (from == EDGE_U8)
		return kernels->from_u8;
	return from == EDGE_I8 ? kernels->from_i8 : kernels->from_i32;
}

static bool fits_quantize(const struct edge_node *node, unsigned int cpu_flags)
{
	const struct edge_tensor *bytes = node->op == EDGE_OP_QUANTIZE ? node->outputs[0]
								       : node->inputs[X];
	int32_t zero;

	if (!bytes->quant || bytes->quant->axis >= 0 || node->act.func != EDGE_FUNC_IDENTITY)
		return false;
	zero = bytes->quant->zero_points[0];
	return choose(node, cpu_flags) && zero >= -MAX_ZERO && zero <= MAX_ZERO &&
	       (bytes->type != EDGE_I32 || !zero);
}

static bool fits_lookup(const struct edge_node *node, unsigned int cpu_flags)
{
	return node->act.func == EDGE_FUNC_IDENTITY;
}

static void prepare_quantize(struct convert *convert, const struct edge_node *node,
			     unsigned int cpu_flags)
{
	const struct edge_quant *quant =
		(node->op == EDGE_OP_QUANTIZE ? node->outputs[0] : node->inputs[X])->quant;

	convert->quantize = choose(node, cpu_flags);
	convert->rows.scale = quant->scales[0];
	convert->rows.zero = quant->zero_points[0];
	convert->rows.away = node->rounding == EDGE_ROUND_FIXED;
}

static void prepare_lookup(struct convert *convert, const struct cpu_step *step,
			   unsigned int cpu_flags)
{
	const struct cpu_lookup_kernels *kernels = cpu_lookup_kernels(cpu_flags);
	const struct edge_view *table = &step->inputs[TABLE];

	if (table->type == EDGE_F32) {
		convert->look_up = kernels->floats;
		convert->table = table->data;
		return;
	}
	convert->look_up = kernels->bytes;
	convert->table = &convert->bytes;
	cpu_lookup_table_init(&convert->bytes, table->data);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct convert *convert;

	if (status)
		return status;
	convert = calloc(1, sizeof(*convert));
	if (!convert)
		return edge_fail_memory(error);
	if (step->node->op == EDGE_OP_LOOKUP)
		prepare_lookup(convert, step, prepare->cpu_flags);
	else
		prepare_quantize(convert, step->node, prepare->cpu_flags);
	loop_init(&convert->loop, 2);
	loop_add_views(&convert->loop,
		       (const struct edge_view *[]) { &step->outputs[0], &step->inputs[X] });
	loop_arrange(&convert->loop);
	loop_turn(&convert->loop, 1);
	loop_share(&convert->loop, 1);
	copier_init(&convert->copier, step->inputs[X].type, prepare->cpu_flags);
	convert->x_size = (int64_t)edge_type_size(step->inputs[X].type);
	convert->y_size = (int64_t)edge_type_size(step->outputs[0].type);
	step->state = convert;
	step->run = run;
	step->num_tasks = convert->loop.num_tasks;
	if (step->num_tasks)
		step->scratch_size = convert->loop.rows * convert->loop.columns * convert->x_size;
	return EDGE_OK;
}

const struct cpu_op cpu_op_quantize = {
	.op = EDGE_OP_QUANTIZE,
	.name = "quantize",
	.fits = fits_quantize,
	.prepare = prepare,
};

const struct cpu_op cpu_op_dequantize = {
	.op = EDGE_OP_DEQUANTIZE,
	.name = "dequantize",
	.fits = fits_quantize,
	.prepare = prepare,
};

const struct cpu_op cpu_op_lookup = {
	.op = EDGE_OP_LOOKUP,
	.name = "lookup",
	.fits = fits_lookup,
	.prepare = prepare,
};
