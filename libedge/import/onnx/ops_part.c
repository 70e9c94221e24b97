// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"
#include "import/onnx/quant.h"

#include <stdlib.h>

/* Integers of different scales can be put beside each other, and then have none. */
static void forget_scales(struct onnx_node *node)
{
	bool differs = false;

	for (int i = 1; i < node->num_inputs; i++)
		differs |= !edge_tensor_same_quant(node->inputs[0], node->inputs[i]);
	for (int i = 0; differs && i < node->num_inputs; i++)
		node->inputs[i] = onnx_stored(node, node->inputs[i]);
}

void onnx_convert_concat(struct onnx_node *node)
{
	union edge_params params = { 0 };
	int64_t axis = onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX);

	for (int i = 0; i < node->num_inputs; i++) {
		if (!node->inputs[i]) {
			onnx_fail(node, EDGE_BAD_FORMAT, "input %d is missing", i);
			return;
		}
	}
	if (!onnx_attr_present(node, "axis"))
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute 'axis' is missing");
	params.axis.axis = onnx_axis(node, axis, node->inputs[0]->rank);
	forget_scales(node);
	onnx_set_output(node, 0,
			onnx_add(node, EDGE_OP_CONCAT, &params, node->num_inputs, node->inputs));
}

/* The parts' sizes: a constant input since opset 13, an attribute before; else equal ones, the last
 * smaller if need be. */
static void read_parts(struct onnx_node *node, int64_t size, int64_t *parts)
{
	int count = node->num_outputs;
	int64_t equal = size / count + (size % count != 0);
	int read = onnx_input_ints(node, 1, parts, count);

	if (read < 0)
		read = onnx_attr_ints(node, "split", parts, count);
	if (onnx_attr_int(node, "num_outputs", count, 1, INT32_MAX) != count ||
	    (read >= 0 && read != count))
		onnx_fail(node, EDGE_BAD_FORMAT, "has %d outputs but says otherwise", count);
	for (int i = 0; read < 0 && i < count; i++) {
		parts[i] = equal < size ? equal : size;
		size -= parts[i];
	}
}

static void split(struct onnx_node *node, int64_t *parts, struct edge_tensor **outputs)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t axis = onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX);
	struct edge_node *made;

	axis = onnx_axis(node, axis, x->rank);
	if (node->status)
		return;
	read_parts(node, x->dims[axis], parts);
	made = onnx_begin(node, EDGE_OP_SPLIT, 1, &x, node->num_outputs);
	if (!made)
		return;
	made->params.axis.axis = axis;
	for (int i = 0; i < node->num_outputs; i++)
		edge_tensor_set_shape(made->outputs[i], x->type, 1, &parts[i]);
	onnx_finish(node, made, outputs);
	for (int i = 0; i < node->num_outputs; i++)
		onnx_set_output(node, i, outputs[i]);
}

void onnx_convert_split(struct onnx_node *node)
{
	struct edge_tensor **outputs = calloc(node->num_outputs, sizeof(struct edge_tensor *));
	int64_t *parts = calloc(node->num_outputs, sizeof(*parts));

	if (outputs && parts)
		split(node, parts, outputs);
	else
		onnx_fail(node, EDGE_OUT_OF_MEMORY, "out of memory");
	free(parts);
	free(outputs);
}

/* An input since opset 10, an attribute before. */
static int read_list(struct onnx_node *node, int index, const char *name, int64_t *values)
{
	if (node->import->opset < 10)
		return onnx_attr_ints(node, name, values, EDGE_MAX_RANK);
	return onnx_input_ints(node, index, values, EDGE_MAX_RANK);
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Positions count from the end below zero, and are then moved to where there are elements. */
static void slice_axis(int64_t start, int64_t end, int64_t step, int64_t size, int axis,
		       union edge_params *params)
{
	int64_t shift = step < 0 ? -1 : 0;

	if (start < 0)
		start += size;
	if (end < 0)
		end += size;
	params->slice.start[axis] = clamp(start, 0, size + shift);
	params->slice.end[axis] = clamp(end, shift, size + shift);
	params->slice.step[axis] = clamp(step, -size - 1, size + 1); /* beyond, one element */
	if (!size)
		params->slice.start[axis] = params->slice.end[axis] = 0;
}

void onnx_convert_slice(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t starts[EDGE_MAX_RANK], ends[EDGE_MAX_RANK], steps[EDGE_MAX_RANK];
	int64_t values[EDGE_MAX_RANK] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	int32_t axes[EDGE_MAX_RANK];
	int count = read_list(node, 1, "starts", starts);
	int num_ends = read_list(node, 2, "ends", ends);
	int num_axes = read_list(node, 3, "axes", values);
	int num_steps = onnx_input_ints(node, 4, steps, EDGE_MAX_RANK);
	union edge_params params;

	if (count < 0 || num_ends != count || (num_axes >= 0 && num_axes != count) ||
	    (num_steps >= 0 && num_steps != count))
		onnx_fail(node, EDGE_BAD_FORMAT, "starts, ends, axes and steps differ in number");
	onnx_axes(node, values, count, x->rank, axes);
	edge_op_default_params(EDGE_OP_SLICE, &params);
	for (int i = 0; i < x->rank; i++)
		params.slice.end[i] = x->dims[i];
	for (int i = 0; i < count && !node->status; i++) {
		int64_t step = num_steps < 0 ? 1 : steps[i];

		if (!step)
			onnx_fail(node, EDGE_BAD_FORMAT, "a step is zero");
		else
			slice_axis(starts[i], ends[i], step, x->dims[axes[i]], axes[i], &params);
	}
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_SLICE, &params, x));
}

/* Two numbers for each dimension, or for each of the axes that opset 18 may name. */
static void read_pads(struct onnx_node *node, int rank, union edge_params *params)
{
	int64_t pads[2 * EDGE_MAX_RANK];
	int64_t values[EDGE_MAX_RANK] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	int32_t axes[EDGE_MAX_RANK];
	int num_axes = onnx_input_ints(node, 3, values, EDGE_MAX_RANK);
	int count = node->import->opset < 11 ? onnx_attr_ints(node, "pads", pads, 2 * EDGE_MAX_RANK)
					     : onnx_input_ints(node, 1, pads, 2 * EDGE_MAX_RANK);

	if (num_axes < 0)
		num_axes = rank;
	if (count != 2 * num_axes)
		onnx_fail(node, EDGE_BAD_FORMAT, "%d pads for %d dimensions", count, num_axes);
	onnx_axes(node, values, num_axes, rank, axes);
	for (int i = 0; i < num_axes && !node->status; i++) {
		params->pad.begin[axes[i]] = pads[i];
		params->pad.end[axes[i]] = pads[num_axes + i];
	}
}

void onnx_convert_pad(struct onnx_node *node)
{
	static const char *const modes[] = {
		[EDGE_PAD_CONSTANT] = "constant",
		[EDGE_PAD_REFLECT] = "reflect",
		[EDGE_PAD_EDGE] = "edge",
		NULL,
	};
	struct edge_tensor *inputs[] = { node->inputs[0], NULL };
	union edge_params params;

	edge_op_default_params(EDGE_OP_PAD, &params);
	params.pad.mode = onnx_attr_choice(node, "mode", EDGE_PAD_CONSTANT, modes);
	read_pads(node, inputs[0]->rank, &params);
	if (node->import->opset < 11)
		inputs[1] = onnx_scalar(node, inputs[0]->type, onnx_attr_float(node, "value", 0));
	else
		inputs[1] = onnx_input(node, 2);
	/* Ours without a value would pad what is quantised with its zero point. */
	if (!inputs[1] && inputs[0]->quant && params.pad.mode == EDGE_PAD_CONSTANT)
		inputs[1] = onnx_scalar(node, inputs[0]->type, 0);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_PAD, &params, inputs[1] ? 2 : 1, inputs));
}

void onnx_convert_gather(struct onnx_node *node)
{
	union edge_params params = { 0 };
	int64_t axis = onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX);

	params.axis.axis = onnx_axis(node, axis, node->inputs[0]->rank);
	onnx_set_output(node, 0, onnx_add(node, node->info->variant, &params, 2, node->inputs));
}

void onnx_convert_gather_nd(struct onnx_node *node)
{
	union edge_params params = { 0 };

	params.gather_nd.batch_dims = onnx_attr_int(node, "batch_dims", 0, 0, EDGE_MAX_RANK);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_GATHER_ND, &params, 2, node->inputs));
}

void onnx_convert_scatter(struct onnx_node *node)
{
	static const char *const reductions[] = { "none", "add", "mul", NULL };
	union edge_params params = { 0 };
	int64_t axis = 0;

	if (node->info->variant == EDGE_OP_SCATTER_ELEMENTS)
		axis = onnx_axis(node, onnx_attr_int(node, "axis", 0, INT64_MIN, INT64_MAX),
				 node->inputs[0]->rank);
	params.scatter.axis = axis;
	params.scatter.reduction = onnx_attr_choice(node, "reduction", 0, reductions);
	onnx_set_output(node, 0, onnx_add(node, node->info->variant, &params, 3, node->inputs));
}

/* Indices and depth may come as any number. */
void onnx_convert_one_hot(struct onnx_node *node)
{
	struct edge_tensor *indices = node->inputs[0];
	union edge_params params;
	int64_t axis = onnx_attr_int(node, "axis", -1, INT64_MIN, INT64_MAX);

	if (indices->type != EDGE_I32)
		indices = onnx_cast(node, indices, EDGE_I64);
	edge_op_default_params(EDGE_OP_ONE_HOT, &params);
	params.axis.axis = onnx_axis(node, axis, node->inputs[0]->rank + 1);
	onnx_set_output(node, 0,
			onnx_add(node, EDGE_OP_ONE_HOT, &params, 3,
				 (struct edge_tensor *[]) {
					 indices, onnx_cast(node, node->inputs[1], EDGE_I64),
					 node->inputs[2] }));
}

void onnx_convert_trilu(struct onnx_node *node)
{
	union edge_params params;
	int64_t k = 0;

	if (onnx_input(node, 1) && onnx_input_ints(node, 1, &k, 1) != 1)
		onnx_fail(node, EDGE_BAD_FORMAT, "the diagonal is not one integer");
	edge_op_default_params(EDGE_OP_TRILU, &params);
	params.trilu.k = k;
	params.trilu.upper = onnx_attr_bool(node, "upper", true);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_TRILU, &params, node->inputs[0]));
}

void onnx_convert_reverse_sequence(struct onnx_node *node)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_REVERSE_SEQUENCE, &params);
	params.reverse.batch_axis = onnx_attr_int(node, "batch_axis", 1, 0, 1);
	params.reverse.time_axis = onnx_attr_int(node, "time_axis", 0, 0, 1);
	onnx_set_output(node, 0,
			onnx_add(node, EDGE_OP_REVERSE_SEQUENCE, &params, 2, node->inputs));
}
