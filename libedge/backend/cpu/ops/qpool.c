// SPDX-License-Identifier: MIT
/* What pool.c is to floats, for u8. */
#include "backend/cpu/kernels/qpool.h"

#include <stdlib.h>

#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/ops.h"
#include "backend/cpu/ops/pool_shape.h"
#include "base/error.h"
#include "graph/range.h"

/* Sums of so many bytes fit 32 bits. */
#define MAX_TAPS (INT32_MAX / 256)

/**
 * struct qpool - state of a step
 * @from, @to: scales; from_zero the zero point of x
 * @same: both sides are quantised alike
 */
struct qpool {
	struct pool_shape shape;
	const struct cpu_qpool_kernels *kernels;
	float from, to;
	int32_t from_zero;
	bool same;
	struct edge_range range;
};

static const uint8_t *input_row(const struct cpu_step *step, int64_t task,
				const struct pool_taps *down)
{
	const struct qpool *pool = step->state;
	const struct pool_shape *shape = &pool->shape;

	return (const uint8_t *)step->inputs[0].data + task / shape->y.out * shape->in_batch +
	       down->first * shape->in_row;
}

static uint8_t *output_row(const struct cpu_step *step, int64_t task)
{
	const struct qpool *pool = step->state;
	const struct pool_shape *shape = &pool->shape;

	return (uint8_t *)step->outputs[0].data + task / shape->y.out * shape->out_batch +
	       task % shape->y.out * shape->out_row;
}

/* A row without anything between its pixels is a single one. */
static void run_down(const struct pool_shape *shape, const struct pool_taps *down, const uint8_t *x,
		     void *y, void (*kernel)(const struct cpu_qpool_line *line))
{
	const bool dense = shape->in_pixel == shape->channels;

	kernel(&(struct cpu_qpool_line) {
		.y = y,
		.x = x,
		.y_step = shape->channels,
		.x_step = shape->in_pixel,
		.tap_step = shape->y.dilation * shape->in_row,
		.pixels = dense ? 1 : shape->x.in,
		.channels = shape->channels * (dense ? shape->x.in : 1),
		.taps = down->count,
	});
}

static void run_max(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qpool *pool = step->state;
	const struct pool_shape *shape = &pool->shape;
	const struct pool_taps down = pool_shape_taps(shape, &shape->y, task % shape->y.out);
	uint8_t *y = output_row(step, task);
	int64_t pixels;

	run_down(shape, &down, input_row(step, task, &down), scratch, pool->kernels->max);
	for (int64_t x = 0; x < shape->x.out; x += pixels) {
		const struct pool_taps across = pool_shape_taps(shape, &shape->x, x);

		pixels = x == shape->whole && shape->num_whole ? shape->num_whole : 1;
		pool->kernels->max(&(struct cpu_qpool_line) {
			.y = y + x * shape->out_pixel,
			.x = (const uint8_t *)scratch + across.first * shape->channels,
			.y_step = shape->out_pixel,
			.x_step = shape->x.stride * shape->channels,
			.tap_step = shape->x.dilation * shape->channels,
			.pixels = pixels,
			.channels = shape->channels,
			.taps = across.count,
		});
	}
}

/* Averages of @taps bytes whose sums are @sums; @count is what they are divided by. */
static void store_averages(const struct qpool *pool, uint8_t *y, const int32_t *sums, int32_t taps,
			   int32_t count, enum edge_rounding rounding)
{
	const int32_t zero = pool->from_zero;
	struct edge_multiplier multiplier = { .real = pool->from / pool->to / (float)count };

	if (rounding == EDGE_ROUND_FIXED)
		multiplier = edge_multiplier_fixed((double)pool->from / ((double)pool->to * count));
	for (int64_t c = 0; c < pool->shape.channels; c++) {
		const int32_t sum = sums[c] - taps * zero;
		int32_t value;

		if (rounding == EDGE_ROUND_FIXED && pool->same)
			value = (sum + count * zero + count / 2) / count - zero;
		else
			value = edge_multiply(sum, &multiplier);
		y[c] = (uint8_t)edge_range_store(&pool->range, value);
	}
}

static void run_average(const struct cpu_step *step, int64_t task, void *scratch)
{
	const struct qpool *pool = step->state;
	const struct pool_shape *shape = &pool->shape;
	const struct pool_taps down = pool_shape_taps(shape, &shape->y, task % shape->y.out);
	int32_t *sums = scratch, *columns = sums + shape->channels;
	uint8_t *y = output_row(step, task);

	run_down(shape, &down, input_row(step, task, &down), columns, pool->kernels->sum);
	for (int64_t x = 0; x < shape->x.out; x++) {
		const struct pool_taps across = pool_shape_taps(shape, &shape->x, x);

		pool->kernels->sum_sums(&(struct cpu_qpool_line) {
			.y = sums,
			.x = columns + across.first * shape->channels,
			.tap_step = shape->x.dilation * shape->channels,
			.pixels = 1,
			.channels = shape->channels,
			.taps = across.count,
		});
		store_averages(pool, y + x * shape->out_pixel, sums,
			       (int32_t)(down.count * across.count),
			       (int32_t)(down.counted * across.counted), step->node->rounding);
	}
}

/* Also without a quantisation: the maximum of bytes needs none. */
static bool fits_max(const struct edge_node *node, unsigned int cpu_flags)
{
	struct pool_shape shape;

	return node->inputs[0]->type == EDGE_U8 && node->act.func == EDGE_FUNC_IDENTITY &&
	       pool_shape_get(node, &shape);
}

static bool fits_average(const struct edge_node *node, unsigned int cpu_flags)
{
	struct pool_shape shape;

	return node->inputs[0]->type == EDGE_U8 && edge_tensor_is_bytes(node->inputs[0]) &&
	       node->outputs[0]->type == EDGE_U8 && edge_tensor_is_bytes(node->outputs[0]) &&
	       node->inputs[0]->quant->zero_points[0] >= 0 &&
	       node->inputs[0]->quant->zero_points[0] <= UINT8_MAX &&
	       pool_shape_get(node, &shape) && shape.y.kernel <= MAX_TAPS / shape.x.kernel;
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const enum edge_status status = cpu_step_check_inputs(step, error);
	const struct edge_tensor *x = step->node->inputs[0];
	struct qpool *pool;

	if (status)
		return status;
	pool = calloc(1, sizeof(*pool));
	if (!pool)
		return edge_fail_memory(error);
	pool_shape_get(step->node, &pool->shape);
	pool->kernels = cpu_qpool_kernels(prepare->cpu_flags);
	step->state = pool;
	step->scratch_size = pool->shape.x.in * pool->shape.channels;
	if (step->node->op == EDGE_OP_MAX_POOL) {
		step->run = run_max;
	} else {
		step->run = run_average;
		step->scratch_size = (step->scratch_size + pool->shape.channels) * sizeof(int32_t);
		edge_node_range(step->node, &pool->range, &pool->to);
		pool->from = x->quant->scales[0];
		pool->from_zero = x->quant->zero_points[0];
		pool->same = edge_tensor_same_quant(x, step->node->outputs[0]);
	}
	if (edge_tensor_elements(step->node->outputs[0]))
		step->num_tasks = x->dims[0] * pool->shape.y.out;
	return EDGE_OK;
}

const struct cpu_op cpu_op_qmax_pool = {
	.op = EDGE_OP_MAX_POOL,
	.name = "qpool",
	.fits = fits_max,
	.prepare = prepare,
};

const struct cpu_op cpu_op_qaverage_pool = {
	.op = EDGE_OP_AVERAGE_POOL,
	.name = "qpool",
	.fits = fits_average,
	.prepare = prepare,
};
