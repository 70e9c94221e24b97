// SPDX-License-Identifier: MIT
/* Operators of any layout: functions of elements, reductions and Softmax. */
#include <stdio.h>

#include "backend/cpu/kernels/activate.h"
#include "backend/cpu/ops/ops.h"
#include "op_run.h"

/* Of single elements, and of sums of thousands. */
#define TOLERANCE 3e-6
#define SUM_TOLERANCE 1e-4

struct shape {
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	int order[EDGE_MAX_RANK];
};

static int gap(void)
{
	return check_random() & 1 ? (int)check_between(1, 20) : 0;
}

static void shuffle(struct shape *shape)
{
	for (int i = 0; i < shape->rank; i++) {
		int j = (int)check_between(0, i);

		shape->order[i] = shape->order[j];
		shape->order[j] = i;
	}
}

static struct shape random_shape(void)
{
	struct shape shape = { .rank = (int)check_between(1, 5) };

	for (int i = 0; i < shape.rank; i++)
		shape.dims[i] = check_random() % 40 ? check_between(1, 14) : 0;
	shape.dims[check_between(0, shape.rank - 1)] *= check_between(1, 12);
	shuffle(&shape);
	return shape;
}

/* An input of @shape, the same or another order, some dimensions broadcast if @broadcast. */
static struct edge_tensor *add_input(struct op_run *run, const struct shape *shape, bool broadcast)
{
	struct shape own = *shape;

	for (int i = 0; broadcast && i < own.rank; i++) {
		if (check_random() & 1)
			own.dims[i] = 1;
	}
	if (!(check_random() & 3))
		shuffle(&own);
	return op_run_tensor(run, own.rank, own.dims, own.order, gap(), false);
}

static void finish(struct op_run *run, const struct cpu_op *op, const struct check *check,
		   const struct shape *shape)
{
	run->node->act =
		(struct edge_activation) { (enum edge_func)check_between(0, EDGE_LAST_ACTIVATION),
					   0.1f, 0.8f };
	op_run_infer(run, shape->order, gap(), true);
	if (op_run_prepare(run, op, check, 2)) {
		op_run_tasks(run, true);
		check_result(op_run_matches(run, op == &cpu_op_reduce ? SUM_TOLERANCE : TOLERANCE),
			     "%s %s: rank %d, %dx%dx%dx%dx%d, order %d%d%d%d%d, params %d %d",
			     op->name, check->isa, shape->rank, (int)shape->dims[0],
			     (int)shape->dims[1], (int)shape->dims[2], (int)shape->dims[3],
			     (int)shape->dims[4], shape->order[0], shape->order[1], shape->order[2],
			     shape->order[3], shape->order[4], run->node->params.reduce.kind,
			     run->node->params.reduce.num_axes);
	}
	op_run_end(run);
}

static void check_binary_op(const struct check *check, enum edge_binary func)
{
	const struct shape shape = random_shape();
	const bool broadcasts = check_random() & 1;
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_BINARY, "binary", 2, 1);
	run.node->params.binary.func = func;
	edge_node_set_input(run.node, 0, add_input(&run, &shape, false));
	edge_node_set_input(run.node, 1, add_input(&run, &shape, broadcasts));
	finish(&run, &cpu_op_binary, check, &shape);
}

static void check_prelu(const struct check *check)
{
	const struct shape shape = random_shape();
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_PRELU, "prelu", 2, 1);
	edge_node_set_input(run.node, 0, add_input(&run, &shape, false));
	edge_node_set_input(run.node, 1, add_input(&run, &shape, true));
	finish(&run, &cpu_op_prelu, check, &shape);
}

static void check_unary(const struct check *check, enum edge_func func)
{
	const struct shape shape = random_shape();
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_UNARY, "unary", 1, 1);
	run.node->params.unary = (struct edge_activation) { func, 0.25f, 0.5f };
	edge_node_set_input(run.node, 0, add_input(&run, &shape, false));
	finish(&run, &cpu_op_unary, check, &shape);
}

static void check_softmax_op(const struct check *check)
{
	const struct shape shape = random_shape();
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_SOFTMAX, "softmax", 1, 1);
	run.node->params.axis.axis = (int32_t)check_between(0, shape.rank - 1);
	edge_node_set_input(run.node, 0, add_input(&run, &shape, false));
	finish(&run, &cpu_op_softmax, check, &shape);
}

static void check_reduce_op(const struct check *check, enum edge_reduction kind)
{
	const struct shape shape = random_shape();
	union edge_params *params;
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_REDUCE, "reduce", 1, 1);
	params = &run.node->params;
	params->reduce.kind = kind;
	params->reduce.keep_dims = 1;
	params->reduce.num_axes = 0;
	for (int i = 0; i < shape.rank; i++) {
		if (check_random() & 1)
			params->reduce.axes[params->reduce.num_axes++] = i;
	}
	edge_node_set_input(run.node, 0, add_input(&run, &shape, false));
	finish(&run, &cpu_op_reduce, check, &shape);
}

void check_elementwise(const struct check *check)
{
	for (int i = 0; i < 20; i++) {
		for (int func = 0; func <= EDGE_BINARY_MAX; func++)
			check_binary_op(check, (enum edge_binary)func);
		for (int func = 0; func < EDGE_NUM_FUNCS; func++) {
			if (func != EDGE_FUNC_NOT && func != EDGE_FUNC_IS_NAN &&
			    func != EDGE_FUNC_IS_INF)
				check_unary(check, (enum edge_func)func);
		}
		for (int kind = 0; kind < EDGE_NUM_REDUCTIONS; kind++) {
			if (kind != EDGE_REDUCE_LOG_SUM)
				check_reduce_op(check, (enum edge_reduction)kind);
		}
		for (int j = 0; j < 5; j++) {
			check_prelu(check);
			check_softmax_op(check);
		}
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

/* Classes of a head: a sigmoid each, and a softmax over what a distance may be. */
void bench_elementwise(const struct check *check)
{
	const int64_t scores[] = { 1, 2100, 80 }, bins[] = { 1, 4, 16, 2100 };
	const int order[] = { 0, 1, 3, 2 };
	struct op_run run;

	op_run_begin(&run);
	run.node = edge_graph_add_node(run.graph, EDGE_OP_UNARY, "unary", 1, 1);
	run.node->params.unary.func = EDGE_FUNC_SIGMOID;
	edge_node_set_input(run.node, 0, op_run_tensor(&run, 3, scores, NULL, 0, false));
	op_run_infer(&run, NULL, 0, false);
	if (op_run_prepare(&run, &cpu_op_unary, check, 1))
		check_bench(check, "unary, sigmoid of 2100 x 80", 2100 * 80, run_once, &run);
	op_run_end(&run);

	for (int i = 0; i < 2; i++) {
		op_run_begin(&run);
		run.node = edge_graph_add_node(run.graph, EDGE_OP_SOFTMAX, "softmax", 1, 1);
		run.node->params.axis.axis = 2;
		edge_node_set_input(run.node, 0,
				    op_run_tensor(&run, 4, bins, i ? order : NULL, 0, false));
		op_run_infer(&run, i ? order : NULL, 0, false);
		if (op_run_prepare(&run, &cpu_op_softmax, check, 1))
			check_bench(check, i ? "softmax along 16, 8400" : "softmax across 16, 8400",
				    4 * 16 * 2100, run_once, &run);
		op_run_end(&run);
	}
}
