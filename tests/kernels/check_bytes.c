// SPDX-License-Identifier: MIT
/* Nodes of quantised bytes other than products, against the reference, to the bit. */
#include <math.h>
#include <stdio.h>

#include "backend/cpu/ops/ops.h"
#include "op_run.h"

static const int channels_last[] = { 0, 2, 3, 1 };

static int gap(void)
{
	return check_random() & 1 ? (int)check_between(1, 20) : 0;
}

static int32_t any_zero(void)
{
	static const int32_t extremes[] = { 0, 255, 128 };

	return check_random() & 1 ? (int32_t)check_between(0, 255) : extremes[check_between(0, 2)];
}

static float any_scale(void)
{
	return ldexpf(1.5f + 0.5f * check_uniform(), (int)check_between(-6, -4));
}

static union edge_params *begin(struct op_run *run, enum edge_op op, int num_inputs)
{
	op_run_begin(run);
	run->node = edge_graph_add_node(run->graph, op, "bytes", num_inputs, 1);
	run->node->rounding = (enum edge_rounding)check_between(0, EDGE_NUM_ROUNDINGS - 1);
	return &run->node->params;
}

static void quantise(struct edge_tensor *tensor)
{
	op_run_quantise(tensor, any_scale(), any_zero());
}

/* An image as input @index. */
static void add_image(struct op_run *run, int index, enum edge_type type, const int64_t *dims)
{
	const int *order = check_random() & 3 ? channels_last : NULL;
	struct edge_tensor *tensor = op_run_integers(run, type, 4, dims, order, gap(), false);

	quantise(tensor);
	edge_node_set_input(run->node, index, tensor);
}

static void random_dims(int64_t *dims)
{
	dims[0] = check_between(1, 2);
	dims[1] = check_between(1, check_random() & 1 ? 20 : 150);
	dims[2] = check_between(1, 12);
	dims[3] = check_between(1, 12);
}

static void finish(struct op_run *run, const struct cpu_op *op, const struct check *check,
		   bool must_fit)
{
	const int64_t *x = run->node->inputs[0]->dims;

	op_run_infer(run, check_random() & 3 ? channels_last : NULL, gap(), true);
	if (op_run_prepare(run, op, check, 2)) {
		op_run_tasks(run, true);
		check_result(op_run_matches(run, 0), "%s of bytes, %s: %dx%dx%dx%d, rule %d",
			     op->name, check->isa, (int)x[0], (int)x[1], (int)x[2], (int)x[3],
			     run->node->rounding);
	} else if (must_fit) {
		check_result(false, "%s of bytes, %s: refused", op->name, check->isa);
	}
	op_run_end(run);
}

static void check_lookup_op(const struct check *check)
{
	const int64_t entries = 256;
	const bool floats = check_random() & 1;
	int64_t dims[4];
	struct op_run run;

	random_dims(dims);
	begin(&run, EDGE_OP_LOOKUP, 2);
	add_image(&run, 0, check_random() & 1 ? EDGE_U8 : EDGE_I8, dims);
	edge_node_set_input(run.node, 1,
			    floats ? op_run_tensor(&run, 1, &entries, NULL, 0, true)
				   : op_run_integers(&run, EDGE_U8, 1, &entries, NULL, 0, true));
	finish(&run, &cpu_op_lookup, check, true);
}

static void check_quantize_op(const struct check *check)
{
	int64_t dims[4];
	struct op_run run;

	random_dims(dims);
	begin(&run, EDGE_OP_QUANTIZE, 1);
	edge_node_set_input(run.node, 0,
			    op_run_tensor(&run, 4, dims, check_random() & 1 ? channels_last : NULL,
					  gap(), false));
	if (check_random() & 1)
		op_run_quantised_output(&run, EDGE_U8, any_scale() / 8, any_zero());
	else
		op_run_quantised_output(&run, EDGE_I8, any_scale() / 8, any_zero() - 128);
	finish(&run, &cpu_op_quantize, check, true);
}

static void check_dequantize_op(const struct check *check)
{
	static const enum edge_type types[] = { EDGE_U8, EDGE_I8, EDGE_I32 };
	const enum edge_type type = types[check_between(0, 2)];
	int64_t dims[4];
	struct op_run run;

	random_dims(dims);
	begin(&run, EDGE_OP_DEQUANTIZE, 1);
	add_image(&run, 0, type, dims);
	if (type == EDGE_I32)
		op_run_quantise(run.node->inputs[0], any_scale(), 0);
	finish(&run, &cpu_op_dequantize, check, true);
}

/* Of the same shape, or the second a scalar, a value for each channel, or a row. */
static void check_binary_op(const struct check *check)
{
	static const enum edge_binary funcs[] = { EDGE_BINARY_ADD, EDGE_BINARY_SUB,
						  EDGE_BINARY_MUL };
	int64_t dims[4], other[4];
	struct op_run run;

	random_dims(dims);
	for (int i = 0; i < 4; i++)
		other[i] = dims[i];
	if (check_random() & 1)
		other[2] = other[3] = 1;
	if (!(check_random() & 3))
		other[1] = 1;
	begin(&run, EDGE_OP_BINARY, 2)->binary.func = funcs[check_between(0, 2)];
	run.node->act = (struct edge_activation) { (enum edge_func)check_between(0, EDGE_FUNC_CLIP),
						   -1, 2 };
	add_image(&run, 0, EDGE_U8, dims);
	add_image(&run, 1, EDGE_U8, other);
	op_run_quantised_output(&run, EDGE_U8, any_scale(), any_zero());
	finish(&run, &cpu_op_qbinary, check, true);
}

static void add_window(struct op_run *run, const int64_t *dims)
{
	union edge_params *params = &run->node->params;

	for (int i = 0; i < 2; i++) {
		params->pool.stride[i] = (int)check_between(1, 3);
		params->pool.dilation[i] = check_random() & 3 ? 1 : 2;
		params->pool.kernel[i] = (int)check_between(1, 1 + (dims[2 + i] - 1) / 2);
		params->pool.pad_begin[i] = (int)check_between(0, params->pool.kernel[i] - 1);
		params->pool.pad_end[i] = (int)check_between(0, params->pool.kernel[i] - 1);
	}
	params->pool.ceil_mode = check_random() & 1;
}

static void check_pool_op(const struct check *check, const struct cpu_op *op)
{
	const bool average = op->op == EDGE_OP_AVERAGE_POOL;
	union edge_params *params;
	struct op_run run;
	int64_t dims[4];

	random_dims(dims);
	params = begin(&run, op->op, 1);
	if (check_random() & 3)
		add_window(&run, dims);
	else
		params->pool.kernel[0] = 0;
	add_image(&run, 0, EDGE_U8, dims);
	if (average) {
		params->pool.count_include_pad = check_random() & 1;
		if (check_random() & 1)
			op_run_quantised_output(&run, EDGE_U8, any_scale(), any_zero());
		else
			op_run_quantised_output(&run, EDGE_U8,
						run.node->inputs[0]->quant->scales[0],
						run.node->inputs[0]->quant->zero_points[0]);
	}
	finish(&run, op, check, false);
}

static void check_resize_op(const struct check *check)
{
	union edge_params *params;
	struct op_run run;
	int64_t dims[4];

	random_dims(dims);
	params = begin(&run, EDGE_OP_RESIZE, 1);
	params->resize.mode = (int)check_between(0, EDGE_RESIZE_LINEAR);
	params->resize.coordinates = (int)check_between(0, EDGE_RESIZE_ASYMMETRIC);
	params->resize.rounding = (int)check_between(0, EDGE_RESIZE_CEIL);
	for (int i = 2; i < 4; i++) {
		if (check_random() & 1)
			params->resize.scales[i] = 2;
		else
			params->resize.sizes[i] = check_between(1, 40);
	}
	add_image(&run, 0, EDGE_U8, dims);
	finish(&run, &cpu_op_qresize, check, false);
}

void check_bytes(const struct check *check)
{
	for (int i = 0; i < 150; i++) {
		check_lookup_op(check);
		check_quantize_op(check);
		check_dequantize_op(check);
		check_binary_op(check);
		check_pool_op(check, &cpu_op_qmax_pool);
		check_pool_op(check, &cpu_op_qaverage_pool);
		check_resize_op(check);
	}
}

static void run_once(void *argument)
{
	op_run_tasks(argument, false);
}

void bench_bytes(const struct check *check)
{
	const int64_t dims[] = { 1, 128, 20, 20 };
	union edge_params *params;
	struct op_run run;

	params = begin(&run, EDGE_OP_MAX_POOL, 1);
	for (int i = 0; i < 2; i++) {
		params->pool.kernel[i] = 5;
		params->pool.pad_begin[i] = params->pool.pad_end[i] = 2;
	}
	edge_node_set_input(run.node, 0,
			    op_run_integers(&run, EDGE_U8, 4, dims, channels_last, 0, false));
	op_run_infer(&run, channels_last, 0, false);
	if (op_run_prepare(&run, &cpu_op_qmax_pool, check, 1))
		check_bench_bytes(check, "qpool, 5x5/1 of 128x20x20", 10.0 * 128 * 20 * 20,
				  run_once, &run);
	op_run_end(&run);
	params = begin(&run, EDGE_OP_RESIZE, 1);
	params->resize.scales[2] = params->resize.scales[3] = 2;
	edge_node_set_input(run.node, 0,
			    op_run_integers(&run, EDGE_U8, 4, dims, channels_last, 0, false));
	op_run_infer(&run, channels_last, 0, false);
	if (op_run_prepare(&run, &cpu_op_qresize, check, 1))
		check_bench_bytes(check, "qresize, twice 128x20x20", 4.0 * 128 * 20 * 20, run_once,
				  &run);
	op_run_end(&run);
}
