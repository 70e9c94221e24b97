// SPDX-License-Identifier: MIT
/* Operators that only put elements elsewhere, between any layouts. */
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

/* Of the node being made: floats, or bytes with a quantisation. */
static enum edge_type type;

struct shape {
	int rank;
	int64_t dims[EDGE_MAX_RANK];
};

static int gap(void)
{
	return check_random() & 1 ? (int)check_between(1, 20) : 0;
}

static struct shape random_shape(int rank)
{
	struct shape shape = { .rank = rank };

	for (int i = 0; i < rank; i++)
		shape.dims[i] = check_random() % 40 ? check_between(1, 9) : 0;
	shape.dims[check_between(0, rank - 1)] *= check_between(1, 9);
	return shape;
}

static void random_order(int rank, int *order)
{
	for (int i = 0; i < rank; i++) {
		int j = (int)check_between(0, i);

		order[i] = order[j];
		order[j] = i;
	}
}

static struct edge_tensor *add_tensor(struct op_run *run, const struct shape *shape)
{
	int order[EDGE_MAX_RANK];
	struct edge_tensor *tensor;

	random_order(shape->rank, order);
	if (type == EDGE_F32)
		return op_run_tensor(run, shape->rank, shape->dims, order, gap(), false);
	tensor = op_run_integers(run, type, shape->rank, shape->dims, order, gap(), false);
	op_run_quantise(tensor, 0.5f, 77);
	return tensor;
}

static union edge_params *begin(struct op_run *run, enum edge_op op, int num_inputs,
				int num_outputs)
{
	type = check_random() & 1 ? EDGE_F32 : EDGE_U8;
	op_run_begin(run);
	run->node = edge_graph_add_node(run->graph, op, "move", num_inputs, num_outputs);
	return &run->node->params;
}

static void finish(struct op_run *run, const struct cpu_op *op, const struct check *check, int rank)
{
	const int64_t *x = run->node->inputs[0]->dims;
	int order[EDGE_MAX_RANK];

	random_order(rank, order);
	op_run_infer(run, order, gap(), true);
	if (op_run_prepare(run, op, check, 2)) {
		op_run_tasks(run, true);
		check_result(op_run_matches(run, 0), "%s %s: %s, rank %d, %dx%dx%dx%d", check->isa,
			     edge_op_info(op->op)->name, edge_type_name(type),
			     run->node->inputs[0]->rank, (int)x[0], (int)x[1], (int)x[2],
			     (int)x[3]);
	}
	op_run_end(run);
}

static void check_copy_op(const struct check *check)
{
	const struct shape shape = random_shape((int)check_between(1, 6));
	struct op_run run;

	begin(&run, EDGE_OP_COPY, 1, 1);
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, &cpu_op_copy, check, shape.rank);
}

static void check_concat(const struct check *check)
{
	struct shape shape = random_shape((int)check_between(1, 5));
	const int axis = (int)check_between(0, shape.rank - 1);
	struct op_run run;

	begin(&run, EDGE_OP_CONCAT, 4, 1)->axis.axis = axis;
	for (int i = 0; i < 4; i++) {
		shape.dims[axis] = check_between(0, 9);
		edge_node_set_input(run.node, i, add_tensor(&run, &shape));
	}
	finish(&run, &cpu_op_concat, check, shape.rank);
}

static void check_split(const struct check *check)
{
	struct shape shape = random_shape((int)check_between(1, 5));
	const int axis = (int)check_between(0, shape.rank - 1);
	int64_t sizes[3];
	struct op_run run;

	begin(&run, EDGE_OP_SPLIT, 1, 3)->axis.axis = axis;
	shape.dims[axis] = 0;
	for (int i = 0; i < 3; i++) {
		struct edge_tensor *part = edge_graph_add_tensor(run.graph, NULL);

		sizes[i] = check_between(0, 9);
		shape.dims[axis] += sizes[i];
		edge_tensor_set_shape(part, type, 1, &sizes[i]);
		edge_node_set_output(run.node, i, part);
	}
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, &cpu_op_split, check, shape.rank);
}

static void check_slice(const struct check *check)
{
	const struct shape shape = random_shape((int)check_between(1, 5));
	union edge_params *params;
	struct op_run run;

	params = begin(&run, EDGE_OP_SLICE, 1, 1);
	for (int i = 0; i < shape.rank; i++) {
		const int64_t last = shape.dims[i] - 1;
		const bool back = shape.dims[i] && (check_random() & 1);

		params->slice.start[i] = back ? last : check_between(0, shape.dims[i] ? last : 0);
		params->slice.end[i] = back ? -1 : shape.dims[i];
		params->slice.step[i] = back ? -check_between(1, 3) : check_between(1, 3);
	}
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, &cpu_op_slice, check, shape.rank);
}

static void check_transpose(const struct check *check)
{
	const struct shape shape = random_shape((int)check_between(1, 6));
	struct op_run run;

	random_order(shape.rank, begin(&run, EDGE_OP_TRANSPOSE, 1, 1)->transpose.perm);
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, &cpu_op_transpose, check, shape.rank);
}

/* From and to products of the same factors, in the same order. */
static void check_reshape(const struct check *check)
{
	struct shape from = { .rank = 1, .dims = { 1 } }, to = from;
	union edge_params *params;
	struct op_run run;

	for (int i = 0; i < 6; i++) {
		const int64_t factor = check_between(1, 5);

		if (check_random() & 1)
			from.dims[from.rank++] = 1;
		if (check_random() & 1)
			to.dims[to.rank++] = 1;
		from.dims[from.rank - 1] *= factor;
		to.dims[to.rank - 1] *= factor;
	}
	params = begin(&run, EDGE_OP_RESHAPE, 1, 1);
	params->shape.rank = to.rank;
	for (int i = 0; i < to.rank; i++)
		params->shape.dims[i] = to.dims[i];
	edge_node_set_input(run.node, 0, add_tensor(&run, &from));
	finish(&run, &cpu_op_reshape, check, to.rank);
}

static void check_expand(const struct check *check)
{
	const struct shape wide = random_shape(4);
	struct shape shape = { .rank = (int)check_between(1, 4) };
	union edge_params *params;
	struct op_run run;

	params = begin(&run, EDGE_OP_EXPAND, 1, 1);
	params->shape.rank = 4;
	for (int i = 0; i < 4; i++)
		params->shape.dims[i] = wide.dims[i];
	for (int i = 0; i < shape.rank; i++)
		shape.dims[i] = check_random() & 1 ? 1 : wide.dims[i + 4 - shape.rank];
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, &cpu_op_expand, check, 4);
}

static void check_pad(const struct check *check)
{
	const struct shape shape = random_shape((int)check_between(1, 5));
	union edge_params *params;
	struct op_run run;

	params = begin(&run, EDGE_OP_PAD, 2, 1);
	for (int i = 0; i < shape.rank; i++) {
		params->pad.begin[i] = check_between(0, 3);
		params->pad.end[i] = check_between(0, 3);
	}
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	if (check_random() & 1 && type == EDGE_F32)
		edge_node_set_input(run.node, 1, op_run_tensor(&run, 0, NULL, NULL, 0, true));
	else if (check_random() & 1 && type == EDGE_U8)
		edge_node_set_input(run.node, 1,
				    op_run_integers(&run, type, 0, NULL, NULL, 0, true));
	finish(&run, &cpu_op_pad, check, shape.rank);
}

static void check_blocks(const struct check *check, const struct cpu_op *op)
{
	const int64_t size = check_between(1, 3), inner = size * size;
	struct shape shape = random_shape(4);
	union edge_params *params;
	struct op_run run;

	params = begin(&run, op->op, 1, 1);
	params->block.size = (int32_t)size;
	if (op->op == EDGE_OP_DEPTH_TO_SPACE) {
		params->block.column_row_depth = check_random() & 1;
		shape.dims[1] *= inner;
	} else {
		shape.dims[2] *= size;
		shape.dims[3] *= size;
	}
	edge_node_set_input(run.node, 0, add_tensor(&run, &shape));
	finish(&run, op, check, 4);
}

void check_move(const struct check *check)
{
	for (int i = 0; i < 100; i++) {
		check_copy_op(check);
		check_concat(check);
		check_split(check);
		check_slice(check);
		check_transpose(check);
		check_reshape(check);
		check_expand(check);
		check_pad(check);
		check_blocks(check, &cpu_op_depth_to_space);
		check_blocks(check, &cpu_op_space_to_depth);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

static void bench_copy_op(const struct check *check, const char *what, enum edge_type of, int rank,
			  const int64_t *dims, const int *from, const int *to)
{
	struct op_run run;
	char name[64];

	snprintf(name, sizeof(name), "%s %s", edge_type_name(of), what);
	begin(&run, EDGE_OP_COPY, 1, 1);
	type = of;
	edge_node_set_input(run.node, 0,
			    type == EDGE_F32
				    ? op_run_tensor(&run, rank, dims, from, 0, false)
				    : op_run_integers(&run, type, rank, dims, from, 0, false));
	op_run_infer(&run, to, 0, false);
	if (op_run_prepare(&run, &cpu_op_copy, check, 1))
		check_bench(check, name, (double)edge_tensor_elements(run.node->outputs[0]),
			    run_once, &run);
	op_run_end(&run);
}

void bench_move(const struct check *check)
{
	static const int channels_last[] = { 0, 2, 3, 1 };
	static const int shuffled[] = { 0, 3, 4, 2, 1 }, grouped[] = { 0, 3, 4, 1, 2 };
	static const int apart[] = { 1, 0, 3, 4, 2 };
	const int64_t image[] = { 1, 3, 416, 416 }, features[] = { 1, 85, 52, 52 };
	const int64_t groups[] = { 1, 2, 58, 26, 26 };

	for (int i = 0; i < 2; i++) {
		const enum edge_type of = i ? EDGE_U8 : EDGE_F32;

		bench_copy_op(check, "copy, 3x416x416 to channels last", of, 4, image, NULL,
			      channels_last);
		bench_copy_op(check, "copy, 85x52x52 to channels last", of, 4, features, NULL,
			      channels_last);
		bench_copy_op(check, "copy, 85x52x52 to row-major", of, 4, features, channels_last,
			      NULL);
		bench_copy_op(check, "copy, 2 groups of 58 from shuffled", of, 5, groups, shuffled,
			      apart);
		bench_copy_op(check, "copy, shuffle 2 groups of 58, 26x26", of, 5, groups, grouped,
			      shuffled);
	}
}
