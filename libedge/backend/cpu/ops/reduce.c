// SPDX-License-Identifier: MIT
/* Reductions, and pooling over the whole plane, which is one. */
#include "backend/cpu/kernels/reduce.h"

#include <math.h>
#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/loop.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

/**
 * struct reduce - state of a step
 * @kept: y, x: dimensions that stay
 * @gone: x: dimensions that are reduced
 * @along: the innermost dimension of x is one of @gone, else one of @kept
 * @neutral: what a result begins with
 * @scale, @root: what is done in the end: times @scale, and the square root
 */
struct reduce {
	struct loop kept, gone;
	bool along;
	enum cpu_reduction kind;
	float neutral, scale;
	bool root;
	struct finish finish;
	const struct cpu_reduce_kernels *kernels;
};

/* A row of results, in the course of its reduction. */
struct row {
	const struct reduce *reduce;
	float *y;
	const float *x;
	int64_t num;
};

static void add_along(void *context, const struct loop_block *block)
{
	const struct row *row = context;

	row->reduce->kernels->along(&(struct cpu_reduce_rows) {
		.kind = row->reduce->kind,
		.y = row->y,
		.x = row->x + block->at[0],
		.x_pitch = block->pitch[0],
		.num_rows = block->num_rows,
		.num = block->num,
	});
}

static void add_across(void *context, const struct loop_block *block)
{
	const struct row *row = context;

	row->reduce->kernels->across(&(struct cpu_reduce_rows) {
		.kind = row->reduce->kind,
		.y = row->y,
		.x = row->x + block->at[0],
		.x_pitch = block->pitch[0],
		.num_rows = block->num_rows,
		.num = row->num,
	});
}

static void run_gone(const struct reduce *reduce, struct row *row)
{
	for (int64_t i = 0; i < row->num; i++)
		row->y[i] = reduce->neutral;
	for (int64_t task = 0; task < reduce->gone.num_tasks; task++)
		loop_run(&reduce->gone, task, reduce->along ? add_along : add_across, row);
	for (int64_t i = 0; i < row->num; i++) {
		row->y[i] *= reduce->scale;
		if (reduce->root)
			row->y[i] = sqrtf(row->y[i]);
	}
}

static void run_block(void *context, const struct loop_block *block)
{
	const struct cpu_step *step = context;
	const struct reduce *reduce = step->state;
	float *y = (float *)step->outputs[0].data + block->at[0];
	const float *x = (const float *)step->inputs[0].data + block->at[1];

	for (int64_t r = 0; r < block->num_rows; r++) {
		struct row row = { reduce, y + r * block->pitch[0], x + r * block->pitch[1],
				   block->num };

		if (!reduce->along) {
			run_gone(reduce, &row);
			continue;
		}
		/* One result after the other. */
		row.num = 1;
		for (int64_t i = 0; i < block->num; i++) {
			run_gone(reduce, &row);
			row.y++;
			row.x += block->step[1];
		}
	}
	finish_block(&reduce->finish, y, block->pitch[0], block->num_rows, block->num);
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct reduce *reduce = step->state;

	loop_run(&reduce->kept, task, run_block, (void *)step);
}

static bool is_pool(const struct edge_node *node)
{
	return node->op == EDGE_OP_MAX_POOL || node->op == EDGE_OP_AVERAGE_POOL;
}

/* A bit for each dimension that goes. */
static unsigned int gone_dims(const struct edge_node *node)
{
	unsigned int dims = 0;

	if (is_pool(node) || !node->params.reduce.num_axes)
		dims = (1u << node->inputs[0]->rank) - (is_pool(node) ? 4 : 1);
	else
		for (int i = 0; i < node->params.reduce.num_axes; i++)
			dims |= 1u << node->params.reduce.axes[i];
	return dims;
}

static int64_t make_loops(struct reduce *reduce, const struct edge_node *node)
{
	const struct edge_tensor *y = node->outputs[0], *x = node->inputs[0];
	const unsigned int gone = gone_dims(node);
	const bool keep = is_pool(node) || node->params.reduce.keep_dims;
	int64_t count = 1;
	int to = 0;

	loop_init(&reduce->kept, 2);
	loop_init(&reduce->gone, 1);
	for (int d = 0; d < x->rank; d++) {
		const int64_t strides[] = { y->strides[to], x->strides[d] };

		if (gone >> d & 1) {
			loop_add(&reduce->gone, x->dims[d], &strides[1]);
			count *= x->dims[d];
			to += keep;
		} else {
			loop_add(&reduce->kept, x->dims[d], strides);
			to++;
		}
	}
	loop_arrange(&reduce->kept);
	loop_arrange(&reduce->gone);
	reduce->along = reduce->gone.dims[reduce->gone.rank - 1] > 1;
	return count;
}

/* Fills all but the loops, from what params say; false when there is no kernel. */
static bool choose_kind(struct reduce *reduce, const struct edge_node *node, int64_t count)
{
	static const enum edge_reduction pools[EDGE_NUM_OPS] = {
		[EDGE_OP_MAX_POOL] = EDGE_REDUCE_MAX,
		[EDGE_OP_AVERAGE_POOL] = EDGE_REDUCE_MEAN,
	};

	reduce->kind = CPU_REDUCE_SUM;
	reduce->scale = 1;
	switch (is_pool(node) ? pools[node->op] : (enum edge_reduction)node->params.reduce.kind) {
	case EDGE_REDUCE_MEAN:
		reduce->scale = 1 / (float)count;
		return true;
	case EDGE_REDUCE_SUM:
		return true;
	case EDGE_REDUCE_MAX:
		reduce->kind = CPU_REDUCE_MAX;
		reduce->neutral = -INFINITY;
		return true;
	case EDGE_REDUCE_MIN:
		reduce->kind = CPU_REDUCE_MIN;
		reduce->neutral = INFINITY;
		return true;
	case EDGE_REDUCE_L2:
		reduce->root = true;
		reduce->kind = CPU_REDUCE_SUM_SQUARE;
		return true;
	case EDGE_REDUCE_SUM_SQUARE:
		reduce->kind = CPU_REDUCE_SUM_SQUARE;
		return true;
	default:
		return false;
	}
}

/* Whether the window of a pool is all of the plane and nothing else. */
static bool is_global(const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0];

	if (node->num_outputs > 1 && node->outputs[1])
		return false;
	if (!node->params.pool.kernel[0])
		return true;
	for (int i = 0; i < x->rank - 2; i++) {
		if (node->params.pool.kernel[i] != x->dims[2 + i] ||
		    node->params.pool.dilation[i] != 1 || node->params.pool.pad_begin[i] ||
		    node->params.pool.pad_end[i])
			return false;
	}
	return true;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct reduce reduce = { 0 };
	const struct loop *kept = &reduce.kept;
	int64_t count;

	if (node->inputs[0]->type != EDGE_F32 || !cpu_activate_has(node->act.func) ||
	    (is_pool(node) && !is_global(node)))
		return false;
	count = make_loops(&reduce, node);
	if (!count || !choose_kind(&reduce, node, count))
		return false;
	return reduce.along || kept->dims[kept->rank - 1] == 1 ||
	       kept->strides[1][kept->rank - 1] == 1;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	struct reduce *reduce;
	int64_t count;

	if (status)
		return status;
	reduce = calloc(1, sizeof(*reduce));
	if (!reduce)
		return edge_fail_memory(error);
	count = make_loops(reduce, step->node);
	choose_kind(reduce, step->node, count);
	loop_share(&reduce->kept, count);
	loop_share(&reduce->gone, 1);
	finish_init_act(&reduce->finish, &step->node->act, prepare->cpu_flags);
	reduce->kernels = cpu_reduce_kernels(prepare->cpu_flags);
	step->state = reduce;
	step->run = run;
	step->num_tasks = reduce->kept.num_tasks;
	return EDGE_OK;
}

#define DEFINE(noun, enumerator, kernel) \
	const struct cpu_op cpu_op_##noun = { \
		.op = EDGE_OP_##enumerator, \
		.name = kernel, \
		.fits = fits, \
		.prepare = prepare, \
	};
DEFINE(reduce, REDUCE, "reduce")
DEFINE(global_max_pool, MAX_POOL, "global")
DEFINE(global_average_pool, AVERAGE_POOL, "global")
