// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

#include <string.h>

#define RESHAPE_NEW_SHAPE 0
#define SQUEEZE_DIMS 0
#define BLOCK_SIZE 0
#define PACK_AXIS 1
#define SHAPE_OUT_TYPE 0
#define SHAPE_INT32 2 /* of the schema's types */

/* The new shape: a constant input, or an option of older files. */
static int read_shape(struct tflite_node *node, int64_t *dims)
{
	struct fb_vector shape = fb_vector(node->options, RESHAPE_NEW_SHAPE, 4);

	if (tflite_input(node, 1))
		return tflite_input_ints(node, 1, dims, EDGE_MAX_RANK);
	if (!shape.data || shape.count > EDGE_MAX_RANK) {
		tflite_fail(node, EDGE_BAD_FORMAT, "its new shape is missing");
		return 0;
	}
	for (uint32_t i = 0; i < shape.count; i++)
		dims[i] = fb_vector_i32(shape, i);
	/* How such files spell a shape without dimensions. */
	return shape.count == 1 && !dims[0] ? 0 : (int)shape.count;
}

void tflite_convert_reshape(struct tflite_node *node)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank = read_shape(node, dims);

	if (!node->status)
		tflite_set_output(node, 0, tflite_reshape(node, node->inputs[0], rank, dims));
}

/* Which dimensions go: those named, or all that are 1. */
static unsigned int read_squeezed(struct tflite_node *node)
{
	struct fb_vector named = fb_vector(node->options, SQUEEZE_DIMS, 4);
	const struct edge_tensor *x = node->inputs[0];
	unsigned int dropped = 0;

	for (uint32_t i = 0; i < named.count && !node->status; i++)
		dropped |= 1u << tflite_axis(node, fb_vector_i32(named, i), x->rank);
	for (int i = 0; i < x->rank; i++) {
		if (!named.count && x->dims[i] == 1)
			dropped |= 1u << i;
		if (dropped & 1u << i && x->dims[i] != 1)
			tflite_fail(node, EDGE_BAD_FORMAT, "dimension %d is %lld, not 1", i,
				    (long long)x->dims[i]);
	}
	return dropped;
}

void tflite_convert_squeeze(struct tflite_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	unsigned int dropped = read_squeezed(node);
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0;

	for (int i = 0; i < x->rank; i++) {
		if (!(dropped & 1u << i))
			dims[rank++] = x->dims[i];
	}
	if (!node->status)
		tflite_set_output(node, 0, tflite_reshape(node, node->inputs[0], rank, dims));
}

/* @x with a dimension of 1 in front of dimension @axis. */
static struct edge_tensor *unsqueeze(struct tflite_node *node, struct edge_tensor *x, int axis)
{
	int64_t dims[EDGE_MAX_RANK + 1];

	if (node->status)
		return NULL;
	if (x->rank == EDGE_MAX_RANK) {
		tflite_fail(node, EDGE_UNSUPPORTED, "a result of %d dimensions; %d are supported",
			    x->rank + 1, EDGE_MAX_RANK);
		return NULL;
	}
	for (int i = 0; i < x->rank; i++)
		dims[i < axis ? i : i + 1] = x->dims[i];
	dims[axis] = 1;
	return tflite_reshape(node, x, x->rank + 1, dims);
}

void tflite_convert_expand_dims(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int axis = tflite_axis(node, tflite_input_int(node, 1), x->rank + 1);

	tflite_set_output(node, 0, unsqueeze(node, x, axis));
}

/* Along a dimension that is new. */
void tflite_convert_pack(struct tflite_node *node)
{
	int rank = node->inputs[0]->rank;
	int axis = tflite_axis(node, fb_i32(node->options, PACK_AXIS, 0), rank + 1);
	union edge_params params = { .axis = { .axis = axis } };

	for (int i = 0; i < node->num_inputs && !node->status; i++) {
		if (node->inputs[i]->rank != rank)
			tflite_fail(node, EDGE_BAD_FORMAT, "its inputs differ in shape");
		node->inputs[i] = unsqueeze(node, tflite_settle(node, 0, node->inputs[i]), axis);
	}
	tflite_set_output(
		node, 0, tflite_add(node, EDGE_OP_CONCAT, &params, node->num_inputs, node->inputs));
}

void tflite_convert_transpose(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t values[EDGE_MAX_RANK];
	int32_t perm[EDGE_MAX_RANK];
	unsigned int seen = 0;
	int count = tflite_input_ints(node, 1, values, EDGE_MAX_RANK);

	if (count != x->rank)
		tflite_fail(node, EDGE_BAD_FORMAT, "%d places for %d dimensions", count, x->rank);
	for (int i = 0; i < count && !node->status; i++) {
		perm[i] = tflite_axis(node, values[i], x->rank);
		if (seen & 1u << perm[i])
			tflite_fail(node, EDGE_BAD_FORMAT, "dimension %d comes twice", perm[i]);
		seen |= 1u << perm[i];
	}
	if (!node->status)
		tflite_set_output(node, 0, tflite_transpose(node, x, perm));
}

static void convert_shaped(struct tflite_node *node, enum edge_op op)
{
	int64_t values[EDGE_MAX_RANK];
	int count = tflite_input_ints(node, 1, values, EDGE_MAX_RANK);
	union edge_params params;

	if (node->status)
		return;
	edge_op_default_params(op, &params);
	params.shape.rank = count;
	memcpy(params.shape.dims, values, count * sizeof(*values));
	tflite_set_output(node, 0, tflite_add1(node, op, &params, node->inputs[0]));
}

void tflite_convert_broadcast_to(struct tflite_node *node)
{
	convert_shaped(node, EDGE_OP_EXPAND);
}

void tflite_convert_tile(struct tflite_node *node)
{
	convert_shaped(node, EDGE_OP_TILE);
}

void tflite_convert_block(struct tflite_node *node)
{
	struct edge_tensor *x = tflite_first(node, node->inputs[0]);
	union edge_params params;

	edge_op_default_params(node->info->variant, &params);
	params.block.size = tflite_option(node, BLOCK_SIZE, 0, 1, UINT16_MAX);
	tflite_set_output(node, 0,
			  tflite_last(node, tflite_add1(node, node->info->variant, &params, x)));
}

/* Sizes are known, as the inputs' are. */
void tflite_convert_shape(struct tflite_node *node)
{
	enum edge_type type = tflite_type(fb_i8(node->options, SHAPE_OUT_TYPE, SHAPE_INT32));
	const struct edge_tensor *x = node->inputs[0];
	const int64_t size = x->rank;
	struct edge_tensor *y;

	if (type != EDGE_I32 && type != EDGE_I64)
		tflite_fail(node, EDGE_BAD_FORMAT, "a shape that is neither int32 nor int64");
	y = tflite_constant(node, type, 1, &size);
	for (int i = 0; y && i < x->rank; i++) {
		if (type == EDGE_I32)
			((int32_t *)y->data)[i] = x->dims[i];
		else
			((int64_t *)y->data)[i] = x->dims[i];
	}
	tflite_set_output(node, 0, y);
}
