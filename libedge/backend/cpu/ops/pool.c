// SPDX-License-Identifier: MIT
/*
 * Pooling of images whose channels are innermost. A task makes a row of the output: first down the
 * rows of the input, into scratch memory, then across, so that a window of k x k costs 2 k.
 */
#include "backend/cpu/kernels/pool.h"

#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/pool_shape.h"
#include "base/error.h"

struct pool {
	struct pool_shape shape;
	struct finish finish;
	void (*kernel)(const struct cpu_pool_line *line);
};

/* Outputs @x to @x + @pixels - 1 of a row, which all have these taps. */
static void run_across(const struct pool *pool, const struct pool_taps *down,
		       const struct pool_taps *across, float *y, const float *column,
		       int64_t pixels)
{
	const struct pool_shape *shape = &pool->shape;

	pool->kernel(&(struct cpu_pool_line) {
		.y = y,
		.x = column + across->first * shape->channels,
		.y_step = shape->out_pixel,
		.x_step = shape->x.stride * shape->channels,
		.tap_step = shape->x.dilation * shape->channels,
		.pixels = pixels,
		.channels = shape->channels,
		.taps = across->count,
		.scale = 1 / (float)(down->counted * across->counted),
	});
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct pool *pool = step->state;
	const struct pool_shape *shape = &pool->shape;
	const int64_t n = task / shape->y.out, row = task % shape->y.out;
	const struct pool_taps down = pool_shape_taps(shape, &shape->y, row);
	float *y = (float *)step->outputs[0].data + n * shape->out_batch + row * shape->out_row;
	int64_t pixels;

	pool->kernel(&(struct cpu_pool_line) {
		.y = scratch,
		.x = (const float *)step->inputs[0].data + n * shape->in_batch +
		     down.first * shape->in_row,
		.y_step = shape->channels,
		.x_step = shape->in_pixel,
		.tap_step = shape->y.dilation * shape->in_row,
		.pixels = shape->x.in,
		.channels = shape->channels,
		.taps = down.count,
		.scale = 1,
	});
	for (int64_t x = 0; x < shape->x.out; x += pixels) {
		const struct pool_taps across = pool_shape_taps(shape, &shape->x, x);

		pixels = x == shape->whole && shape->num_whole ? shape->num_whole : 1;
		run_across(pool, &down, &across, y + x * shape->out_pixel, scratch, pixels);
	}
	finish_block(&pool->finish, y, shape->out_pixel, shape->x.out, shape->channels);
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct pool_shape shape;

	return node->inputs[0]->type == EDGE_F32 && cpu_activate_has(node->act.func) &&
	       pool_shape_get(node, &shape);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	const struct cpu_pool_kernels *kernels = cpu_pool_kernels(prepare->cpu_flags);
	struct pool_shape *shape;
	struct pool *pool;

	if (status)
		return status;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return edge_fail_memory(error);
	shape = &pool->shape;
	pool_shape_get(step->node, shape);
	pool->kernel = step->node->op == EDGE_OP_MAX_POOL ? kernels->max : kernels->sum;
	finish_init_act(&pool->finish, &step->node->act, prepare->cpu_flags);
	step->state = pool;
	step->run = run;
	step->scratch_size = shape->x.in * shape->channels * sizeof(float);
	if (edge_tensor_elements(step->node->outputs[0]))
		step->num_tasks = step->node->inputs[0]->dims[0] * shape->y.out;
	return EDGE_OK;
}

const struct cpu_op cpu_op_max_pool = {
	.op = EDGE_OP_MAX_POOL,
	.name = "pool",
	.fits = fits,
	.prepare = prepare,
};

const struct cpu_op cpu_op_average_pool = {
	.op = EDGE_OP_AVERAGE_POOL,
	.name = "pool",
	.fits = fits,
	.prepare = prepare,
};
