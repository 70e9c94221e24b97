// SPDX-License-Identifier: MIT
/*
 * Pooling of images whose channels are innermost. A task makes a row of the output: first down the
 * rows of the input, into scratch memory, then across, so that a window of k x k costs 2 k.
 */
#include "backend/cpu/kernels/pool.h"

#include <stdlib.h>

#include "backend/cpu/ops/finish.h"
#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "base/error.h"

/* One dimension of the window. */
struct axis {
	int64_t in, out;
	int64_t kernel, stride, dilation;
	int64_t pad_begin, pad_end;
};

/* Taps of one output that lie inside the image, and the input at which the first does. */
struct taps {
	int64_t first, count;
	int64_t counted; /* that a mean divides by */
};

struct pool {
	struct axis y, x;
	int64_t whole, num_whole; /* outputs of a row whose windows lie inside the image */
	bool max, count_padding;
	int64_t channels;
	int64_t in_batch, in_row, in_pixel;
	int64_t out_batch, out_row, out_pixel;
	struct finish finish;
	void (*kernel)(const struct cpu_pool_line *line);
};

static struct taps taps_of(const struct pool *pool, const struct axis *axis, int64_t out)
{
	const int64_t origin = out * axis->stride - axis->pad_begin;
	const int64_t begin = divide_up(-origin, axis->dilation);
	const int64_t end = least(axis->kernel, divide_up(axis->in - origin, axis->dilation));
	/* With ceil_mode the last window may reach beyond the padding, where nothing counts. */
	const int64_t padded = divide_up(axis->in + axis->pad_end - origin, axis->dilation);
	struct taps taps = { .first = origin + begin * axis->dilation, .count = end - begin };

	taps.counted = pool->count_padding ? least(axis->kernel, padded) : taps.count;
	return taps;
}

/* Outputs @x to @x + @pixels - 1 of a row, which all have these taps. */
static void run_across(const struct pool *pool, const struct taps *down, const struct taps *across,
		       float *y, const float *column, int64_t pixels)
{
	pool->kernel(&(struct cpu_pool_line) {
		.y = y,
		.x = column + across->first * pool->channels,
		.y_step = pool->out_pixel,
		.x_step = pool->x.stride * pool->channels,
		.tap_step = pool->x.dilation * pool->channels,
		.pixels = pixels,
		.channels = pool->channels,
		.taps = across->count,
		.scale = 1 / (float)(down->counted * across->counted),
	});
}

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct pool *pool = step->state;
	const int64_t n = task / pool->y.out, row = task % pool->y.out;
	const struct taps down = taps_of(pool, &pool->y, row);
	float *y = (float *)step->outputs[0].data + n * pool->out_batch + row * pool->out_row;
	int64_t pixels;

	pool->kernel(&(struct cpu_pool_line) {
		.y = scratch,
		.x = (const float *)step->inputs[0].data + n * pool->in_batch +
		     down.first * pool->in_row,
		.y_step = pool->channels,
		.x_step = pool->in_pixel,
		.tap_step = pool->y.dilation * pool->in_row,
		.pixels = pool->x.in,
		.channels = pool->channels,
		.taps = down.count,
		.scale = 1,
	});
	for (int64_t x = 0; x < pool->x.out; x += pixels) {
		const struct taps across = taps_of(pool, &pool->x, x);

		pixels = x == pool->whole && pool->num_whole ? pool->num_whole : 1;
		run_across(pool, &down, &across, y + x * pool->out_pixel, scratch, pixels);
	}
	finish_block(&pool->finish, y, pool->out_pixel, pool->x.out, pool->channels);
}

static struct axis axis_of(const struct edge_node *node, int i)
{
	const union edge_params *params = &node->params;

	return (struct axis) {
		.in = node->inputs[0]->dims[2 + i],
		.out = node->outputs[0]->dims[2 + i],
		.kernel = params->pool.kernel[i],
		.stride = params->pool.stride[i],
		.dilation = params->pool.dilation[i],
		.pad_begin = params->pool.pad_begin[i],
		.pad_end = params->pool.pad_end[i],
	};
}

static void locate_whole(struct pool *pool)
{
	const struct axis *x = &pool->x;
	const int64_t span = (x->kernel - 1) * x->dilation + 1;
	const int64_t end = divide_up(x->in - span + x->pad_begin + 1, x->stride);

	pool->whole = divide_up(x->pad_begin, x->stride);
	pool->num_whole = least(x->out, end) - pool->whole;
	if (pool->num_whole < 0)
		pool->num_whole = 0;
}

/* Channels are next to each other. */
static bool is_channels_last(const struct edge_tensor *tensor)
{
	return tensor->dims[1] == 1 || tensor->strides[1] == 1;
}

/* Fills the shape; false for what is no pool over images of one or two dimensions. */
static bool shape_of(struct pool *pool, const struct edge_node *node)
{
	const struct edge_tensor *x = node->inputs[0], *y = node->outputs[0];
	const int last = x->rank - 1;

	if (x->rank < 3 || x->rank > 4 || !is_channels_last(x) || !is_channels_last(y) ||
	    !node->params.pool.kernel[0])
		return false;
	*pool = (struct pool) {
		.y = { .in = 1, .out = 1, .kernel = 1, .stride = 1, .dilation = 1 },
		.x = axis_of(node, last - 2),
		.max = node->op == EDGE_OP_MAX_POOL,
		.count_padding = node->params.pool.count_include_pad,
		.channels = x->dims[1],
		.in_batch = x->strides[0],
		.in_row = x->strides[2],
		.in_pixel = x->strides[last],
		.out_batch = y->strides[0],
		.out_row = y->strides[2],
		.out_pixel = y->strides[last],
	};
	if (x->rank == 4)
		pool->y = axis_of(node, 0);
	locate_whole(pool);
	return true;
}

/* The kernels want at least one tap. */
static bool has_taps(const struct pool *pool, const struct axis *axis)
{
	for (int64_t i = 0; i < axis->out; i++) {
		if (taps_of(pool, axis, i).count < 1)
			return false;
	}
	return true;
}

static bool fits(const struct edge_node *node, unsigned int cpu_flags)
{
	struct pool pool;

	return node->inputs[0]->type == EDGE_F32 && cpu_activate_has(node->act.func) &&
	       !(node->num_outputs > 1 && node->outputs[1]) && shape_of(&pool, node) &&
	       has_taps(&pool, &pool.y) && has_taps(&pool, &pool.x);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	const struct cpu_pool_kernels *kernels = cpu_pool_kernels(prepare->cpu_flags);
	struct pool *pool;

	if (status)
		return status;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return edge_fail_memory(error);
	shape_of(pool, step->node);
	pool->kernel = pool->max ? kernels->max : kernels->sum;
	finish_init_act(&pool->finish, &step->node->act, prepare->cpu_flags);
	step->state = pool;
	step->run = run;
	step->scratch_size = pool->x.in * pool->channels * sizeof(float);
	if (edge_tensor_elements(step->node->outputs[0]))
		step->num_tasks = step->node->inputs[0]->dims[0] * pool->y.out;
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
