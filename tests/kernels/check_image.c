// SPDX-License-Identifier: MIT
/* Operators of images whose channels are innermost: pools and Resize. */
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

#define TOLERANCE 3e-6

static const int channels_last[] = { 0, 2, 3, 1 };

static int gap(void)
{
	return check_random() & 1 ? (int)check_between(1, 20) : 0;
}

static void add_image(struct op_run *run)
{
	const int64_t dims[] = { check_between(1, 2), check_between(1, 70), check_between(1, 20),
				 check_between(1, 20) };

	edge_node_set_input(run->node, 0, op_run_tensor(run, 4, dims, channels_last, gap(), false));
	run->node->act =
		(struct edge_activation) { (enum edge_func)check_between(0, EDGE_LAST_ACTIVATION),
					   0.1f, 0.8f };
}

static void finish(struct op_run *run, const struct cpu_op *op, const struct check *check)
{
	const int64_t *x = run->node->inputs[0]->dims, *y;

	op_run_infer(run, channels_last, gap(), true);
	y = run->node->outputs[0]->dims;
	if (op_run_prepare(run, op, check, 2)) {
		op_run_tasks(run, true);
		check_result(op_run_matches(run, TOLERANCE), "%s %s: %dx%dx%dx%d to %dx%d",
			     op->name, check->isa, (int)x[0], (int)x[1], (int)x[2], (int)x[3],
			     (int)y[2], (int)y[3]);
	}
	op_run_end(run);
}

static void check_pool_op(const struct check *check, const struct cpu_op *op)
{
	union edge_params *params;
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, op->op, "pool", 1, 1);
	add_image(&run);
	params = &run.node->params;
	for (int i = 0; i < 2; i++) {
		const int64_t size = run.node->inputs[0]->dims[2 + i];

		params->pool.stride[i] = (int)check_between(1, 3);
		params->pool.dilation[i] = check_random() & 3 ? 1 : 2;
		params->pool.kernel[i] = (int)check_between(1, 1 + (size - 1) / 2);
		params->pool.pad_begin[i] = (int)check_between(0, params->pool.kernel[i] - 1);
		params->pool.pad_end[i] = (int)check_between(0, params->pool.kernel[i] - 1);
	}
	params->pool.ceil_mode = check_random() & 1;
	if (op->op == EDGE_OP_AVERAGE_POOL)
		params->pool.count_include_pad = check_random() & 1;
	finish(&run, op, check);
}

static void check_global_pool(const struct check *check, const struct cpu_op *op)
{
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, op->op, "pool", 1, 1);
	add_image(&run);
	for (int i = 0; check_random() & 1 && i < 2; i++)
		run.node->params.pool.kernel[i] = (int)run.node->inputs[0]->dims[2 + i];
	if (!run.node->params.pool.kernel[1])
		run.node->params.pool.kernel[0] = 0;
	finish(&run, op, check);
}

static void check_resize_op(const struct check *check)
{
	union edge_params *params;
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_RESIZE, "resize", 1, 1);
	add_image(&run);
	params = &run.node->params;
	params->resize.mode = (int)check_between(0, EDGE_RESIZE_CUBIC);
	params->resize.coordinates = (int)check_between(0, EDGE_RESIZE_ASYMMETRIC);
	params->resize.rounding = (int)check_between(0, EDGE_RESIZE_CEIL);
	params->resize.cubic_a = -0.75f;
	params->resize.exclude_outside = params->resize.mode == EDGE_RESIZE_CUBIC &&
					 (check_random() & 1);
	for (int i = 2; i < 4; i++) {
		if (check_random() & 1)
			params->resize.scales[i] = 2;
		else
			params->resize.sizes[i] = check_between(1, 40);
	}
	finish(&run, &cpu_op_resize, check);
}

void check_image(const struct check *check)
{
	for (int i = 0; i < 150; i++) {
		check_pool_op(check, &cpu_op_max_pool);
		check_pool_op(check, &cpu_op_average_pool);
		check_resize_op(check);
	}
	for (int i = 0; i < 40; i++) {
		check_global_pool(check, &cpu_op_global_max_pool);
		check_global_pool(check, &cpu_op_global_average_pool);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

static void bench_pool_op(const struct check *check, int64_t channels, int64_t size, int kernel,
			  int stride)
{
	const int64_t dims[] = { 1, channels, size, size };
	union edge_params *params;
	struct op_run run;
	char name[64];

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_MAX_POOL, "pool", 1, 1);
	edge_node_set_input(run.node, 0, op_run_tensor(&run, 4, dims, channels_last, 0, false));
	params = &run.node->params;
	for (int i = 0; i < 2; i++) {
		params->pool.stride[i] = stride;
		params->pool.kernel[i] = kernel;
		params->pool.pad_begin[i] = params->pool.pad_end[i] = kernel / 2;
	}
	op_run_infer(&run, channels_last, 0, false);
	snprintf(name, sizeof(name), "max pool %dx%d/%d, %dx%dx%d", kernel, kernel, stride,
		 (int)channels, (int)size, (int)size);
	if (op_run_prepare(&run, &cpu_op_max_pool, check, 1))
		check_bench(check, name,
			    (double)(edge_tensor_elements(run.node->outputs[0]) * kernel * kernel),
			    run_once, &run);
	op_run_end(&run);
}

void bench_image(const struct check *check)
{
	const int64_t dims[] = { 1, 96, 26, 26 };
	struct op_run run;

	bench_pool_op(check, 24, 208, 3, 2);
	bench_pool_op(check, 256, 13, 5, 1);
	bench_pool_op(check, 512, 13, 13, 1);
	for (int mode = 0; mode <= EDGE_RESIZE_LINEAR; mode++) {
		op_run_begin(&run);
		run.node = edge_graph_add_node(run.graph, EDGE_OP_RESIZE, "resize", 1, 1);
		edge_node_set_input(run.node, 0,
				    op_run_tensor(&run, 4, dims, channels_last, 0, false));
		run.node->params.resize.mode = mode;
		run.node->params.resize.scales[2] = run.node->params.resize.scales[3] = 2;
		op_run_infer(&run, channels_last, 0, false);
		if (op_run_prepare(&run, &cpu_op_resize, check, 1))
			check_bench(check,
				    mode ? "resize linear, 96x26x26" : "resize nearest, 96x26x26",
				    4 * 96 * 26 * 26, run_once, &run);
		op_run_end(&run);
	}
}
