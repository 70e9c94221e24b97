// SPDX-License-Identifier: MIT
/* Everything that only puts elements elsewhere, as copies between views. */
#include "backend/cpu/ops/copy.h"

#include <stdlib.h>

#include "backend/cpu/ops/ops.h"
#include "base/error.h"
#include "ref/move.h"

/* Of a constant Pad: the input and two margins a dimension. */
#define MAX_PAD_PARTS (2 * EDGE_MAX_RANK + 1)

bool copier_init(struct copier *copier, enum edge_type type, unsigned int cpu_flags)
{
	*copier = (struct copier) {
		.kernels = cpu_copy_kernels(cpu_flags),
		.bytes = cpu_copy_bytes_kernels(cpu_flags),
		.size = (int64_t)edge_type_size(type),
	};
	return copier->size == 1 || copier->size == sizeof(float);
}

static void copy_floats(const struct copier *copier, float *y, const float *x,
			const struct loop_block *block)
{
	const bool straight = block->step[1] == 1 || block->num == 1;
	const struct cpu_copy_rows rows = {
		.y = y + block->at[0],
		.x = x + block->at[1],
		.y_pitch = block->pitch[0],
		.x_pitch = straight ? block->pitch[1] : block->step[1],
		.num_rows = block->num_rows,
		.num = block->num,
	};

	if (straight) {
		copier->kernels->straight(&rows);
		return;
	}
	if (block->pitch[1] == 1) {
		copier->kernels->transpose(&rows);
		return;
	}
	for (int64_t r = 0; r < block->num_rows; r++) {
		for (int64_t i = 0; i < block->num; i++)
			rows.y[r * block->pitch[0] + i] =
				rows.x[r * block->pitch[1] + i * block->step[1]];
	}
}

static void copy_bytes(const struct copier *copier, uint8_t *y, const uint8_t *x,
		       const struct loop_block *block)
{
	const bool straight = block->step[1] == 1 || block->num == 1;
	const bool transpose = !straight && block->pitch[1] == 1;
	const struct cpu_copy_bytes_rows rows = {
		.y = y + block->at[0],
		.x = x + block->at[1],
		.y_pitch = block->pitch[0],
		.x_pitch = transpose ? block->step[1] : block->pitch[1],
		.num_rows = block->num_rows,
		.num = block->num,
	};

	if (straight)
		copier->bytes->straight(&rows);
	else if (transpose)
		copier->bytes->transpose(&rows);
	else
		copier->bytes->strided(&rows, block->step[1]);
}

void copy_block(const struct copier *copier, void *y, const void *x, const struct loop_block *block)
{
	if (copier->size == 1)
		copy_bytes(copier, y, x, block);
	else
		copy_floats(copier, y, x, block);
}

/**
 * struct copy - state of a step
 * @filling: of a Pad without a value
 * @parts: copies that together are the operator
 */
struct copy {
	struct copier copier;
	float filling;
	int num_parts;
	struct copy_part {
		struct loop loop;
		void *y;
		const void *x;
	} parts[];
};

struct part_run {
	const struct copy *copy;
	const struct copy_part *part;
};

static void run_block(void *context, const struct loop_block *block)
{
	const struct part_run *run = context;

	copy_block(&run->copy->copier, run->part->y, run->part->x, block);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct copy *copy = step->state;
	struct part_run run = { copy, copy->parts };

	while (task >= run.part->loop.num_tasks) {
		task -= run.part->loop.num_tasks;
		run.part++;
	}
	loop_run(&run.part->loop, task, run_block, &run);
}

/* The loop's dimensions and operands are there. */
static void finish_part(struct copy_part *part, void *y, const void *x)
{
	part->y = y;
	part->x = x;
	loop_arrange(&part->loop);
	loop_turn(&part->loop, 1);
	loop_share(&part->loop, 1);
}

static void add_part(struct copy *copy, const struct edge_view *to, const struct edge_view *from)
{
	struct copy_part *part = &copy->parts[copy->num_parts++];

	loop_init(&part->loop, 2);
	loop_add_views(&part->loop, (const struct edge_view *[]) { to, from });
	finish_part(part, to->data, from->data);
}

/*
 * The dimensions that two shapes of as many elements have in common when both are divided as far
 * as that: 6 x 4 and 2 x 12 are 2 x 3 x 4, while 6 x 4 and 4 x 6 have none. Adds them to @loop.
 */
static bool divide_shapes(struct loop *loop, const struct edge_view *to,
			  const struct edge_view *from)
{
	const struct edge_view *views[] = { to, from };
	int64_t left[2] = { 1, 1 }, strides[2] = { 0, 0 };
	int next[2] = { to->rank - 1, from->rank - 1 };

	for (;;) {
		int64_t common;

		for (int i = 0; i < 2; i++) {
			while (left[i] == 1 && next[i] >= 0) {
				left[i] = views[i]->dims[next[i]];
				strides[i] = views[i]->strides[next[i]];
				next[i]--;
			}
		}
		common = left[0] < left[1] ? left[0] : left[1];
		if (common == 1)
			return true;
		if (common < 1 || left[0] % common || left[1] % common)
			return false;
		loop_add(loop, common, strides);
		for (int i = 0; i < 2; i++) {
			left[i] /= common;
			strides[i] *= common;
		}
	}
}

static void add_reshape(struct copy *copy, const struct cpu_step *step)
{
	struct copy_part *part = &copy->parts[copy->num_parts++];

	loop_init(&part->loop, 2);
	divide_shapes(&part->loop, &step->outputs[0], &step->inputs[0]);
	finish_part(part, step->outputs[0].data, step->inputs[0].data);
}

/* @size indices of dimension @d from @start on. */
static void cut(struct edge_view *view, int d, int64_t start, int64_t size)
{
	view->data =
		(char *)view->data + start * view->strides[d] * (int64_t)edge_type_size(view->type);
	view->dims[d] = size;
}

/* The margins of one dimension after the other, each as far as those before it leave, and what is
 * left in the middle. */
static void add_pad(struct copy *copy, const struct cpu_step *step)
{
	const struct edge_quant *quant = step->node->inputs[0]->quant;
	const union edge_params *params = &step->node->params;
	const bool has_value = step->node->num_inputs > 1 && step->inputs[1].data;
	struct edge_view middle = step->outputs[0];
	const struct edge_view value = {
		.data = has_value ? step->inputs[1].data : (void *)&copy->filling,
	};

	if (quant && copy->copier.size == 1)
		*(uint8_t *)&copy->filling = (uint8_t)quant->zero_points[0];
	for (int d = 0; d < middle.rank; d++) {
		const int64_t begin = params->pad.begin[d], end = params->pad.end[d];
		struct edge_view margin = middle;

		cut(&margin, d, 0, begin);
		add_part(copy, &margin, &value);
		margin = middle;
		cut(&margin, d, middle.dims[d] - end, end);
		add_part(copy, &margin, &value);
		cut(&middle, d, begin, middle.dims[d] - begin - end);
	}
	add_part(copy, &middle, &step->inputs[0]);
}

static void add_moves(struct copy *copy, const struct cpu_step *step)
{
	for (int i = 0; i < edge_move_count(step->node); i++) {
		struct edge_move move = edge_move_part(step->node, step->inputs, step->outputs, i);

		if (move.to.data)
			add_part(copy, &move.to, &move.from);
	}
}

static struct edge_view shape_of(const struct edge_tensor *tensor)
{
	struct edge_view view = { .rank = tensor->rank };

	for (int d = 0; d < tensor->rank; d++)
		view.dims[d] = tensor->dims[d];
	return view;
}

static bool fits_reshape(const struct edge_node *node)
{
	const struct edge_view to = shape_of(node->outputs[0]), from = shape_of(node->inputs[0]);
	struct loop loop;

	loop_init(&loop, 2);
	return divide_shapes(&loop, &to, &from);
}

/* Neither what repeats elements in another order, nor what crops. */
static bool fits_pad(const struct edge_node *node)
{
	if (node->params.pad.mode != EDGE_PAD_CONSTANT)
		return false;
	for (int d = 0; d < node->outputs[0]->rank; d++) {
		if (node->params.pad.begin[d] < 0 || node->params.pad.end[d] < 0)
			return false;
	}
	return true;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct copier copier;

	if (!copier_init(&copier, node->inputs[0]->type, cpu_flags) ||
	    node->act.func != EDGE_FUNC_IDENTITY)
		return false;
	if (node->op == EDGE_OP_RESHAPE)
		return fits_reshape(node);
	return node->op != EDGE_OP_PAD || fits_pad(node);
}

static int max_parts(const struct edge_node *node)
{
	if (node->op == EDGE_OP_RESHAPE)
		return 1;
	return node->op == EDGE_OP_PAD ? MAX_PAD_PARTS : edge_move_count(node);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	const int most = max_parts(step->node);
	struct copy *copy;

	if (status)
		return status;
	copy = calloc(1, sizeof(*copy) + most * sizeof(copy->parts[0]));
	if (!copy)
		return edge_fail_memory(error);
	copier_init(&copy->copier, step->node->inputs[0]->type, prepare->cpu_flags);
	if (step->node->op == EDGE_OP_RESHAPE)
		add_reshape(copy, step);
	else if (step->node->op == EDGE_OP_PAD)
		add_pad(copy, step);
	else
		add_moves(copy, step);
	step->state = copy;
	step->run = run;
	for (int i = 0; i < copy->num_parts; i++)
		step->num_tasks += copy->parts[i].loop.num_tasks;
	return EDGE_OK;
}

#define DEFINE(op_name, enumerator) \
	const struct cpu_op cpu_op_##op_name = { \
		.op = EDGE_OP_##enumerator, \
		.name = "copy", \
		.fits = fits, \
		.prepare = prepare, \
	};
CPU_COPY_OPS(DEFINE)
