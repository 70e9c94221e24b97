// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

#include <stdlib.h>

/* Options of ConcatenationOptions, UnpackOptions, GatherOptions, StridedSliceOptions and
 * MirrorPadOptions. */
enum {
	CONCAT_AXIS = 0,
	CONCAT_ACTIVATION = 1,
	UNPACK_AXIS = 1,
	GATHER_AXIS = 0,
	GATHER_BATCH_DIMS = 1,
	BEGIN_MASK = 0,
	END_MASK = 1,
	ELLIPSIS_MASK = 2,
	NEW_AXIS_MASK = 3,
	SHRINK_AXIS_MASK = 4,
	END_IS_OFFSET = 5,
	MIRROR_MODE = 0,
};

/* The option MIRROR_MODE. */
enum {
	MIRROR_REFLECT = 0,
	MIRROR_SYMMETRIC = 1,
};

/* Whether all inputs were made in the order of images. */
static bool all_images(const struct tflite_node *node)
{
	for (int i = 0; i < node->num_inputs; i++) {
		if (!tflite_is_image(node->inputs[i]))
			return false;
	}
	return true;
}

void tflite_convert_concatenation(struct tflite_node *node)
{
	int axis = tflite_axis(node, fb_i32(node->options, CONCAT_AXIS, 0), node->inputs[0]->rank);
	union edge_params params = { .axis = { .axis = axis } };
	bool image = all_images(node);
	struct edge_tensor *y;

	for (int i = 0; i < node->num_inputs; i++) {
		node->inputs[i] = tflite_settle_part(node, node->inputs[i]);
		if (image)
			node->inputs[i] = tflite_first(node, node->inputs[i]);
	}
	if (image)
		params.axis.axis = tflite_first_axis(axis);
	y = tflite_add(node, EDGE_OP_CONCAT, &params, node->num_inputs, node->inputs);
	y = tflite_activate(node, CONCAT_ACTIVATION, y);
	tflite_set_output(node, 0, image ? tflite_last(node, y) : y);
}

/* Cuts @x along @axis into the outputs; @parts: their sizes. */
static void cut(struct tflite_node *node, struct edge_tensor *x, int axis, const int64_t *parts)
{
	bool image = tflite_is_image(x);
	struct edge_node *made;

	if (image)
		x = tflite_first(node, x);
	made = tflite_begin(node, EDGE_OP_SPLIT, 1, &x, node->num_outputs);
	if (!made)
		return;
	made->params.axis.axis = image ? tflite_first_axis(axis) : axis;
	for (int i = 0; i < node->num_outputs; i++)
		edge_tensor_set_shape(made->outputs[i], x->type, 1, &parts[i]);
	tflite_finish(node, made, node->outputs);
	for (int i = 0; image && i < node->num_outputs; i++)
		node->outputs[i] = tflite_last(node, node->outputs[i]);
}

static void cut_equally(struct tflite_node *node, struct edge_tensor *x, int axis)
{
	int64_t *parts = calloc(node->num_outputs, sizeof(*parts));

	if (!parts)
		tflite_fail(node, EDGE_OUT_OF_MEMORY, "out of memory");
	if (!node->status && x->dims[axis] % node->num_outputs)
		tflite_fail(node, EDGE_BAD_FORMAT, "%lld cannot be split into %d equal parts",
			    (long long)x->dims[axis], node->num_outputs);
	for (int i = 0; !node->status && i < node->num_outputs; i++)
		parts[i] = x->dims[axis] / node->num_outputs;
	if (!node->status)
		cut(node, x, axis, parts);
	free(parts);
}

void tflite_convert_split(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[1];
	int axis = tflite_axis(node, tflite_input_int(node, 0), x->rank);

	if (!node->status)
		cut_equally(node, x, axis);
}

/* One size may be -1: what remains. */
static void complete(struct tflite_node *node, int64_t size, int64_t *parts)
{
	int64_t rest = size;
	int open = -1;

	for (int i = 0; i < node->num_outputs; i++) {
		if (parts[i] < -1 || parts[i] > size || (parts[i] < 0 && open >= 0))
			tflite_fail(node, EDGE_BAD_FORMAT, "a part of %lld of %lld",
				    (long long)parts[i], (long long)size);
		if (parts[i] < 0)
			open = i;
		else
			rest -= parts[i];
	}
	if (open >= 0)
		parts[open] = rest;
}

void tflite_convert_split_v(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int64_t *parts = calloc(node->num_outputs, sizeof(*parts));
	int axis = tflite_axis(node, tflite_input_int(node, 2), x->rank);

	if (!parts)
		tflite_fail(node, EDGE_OUT_OF_MEMORY, "out of memory");
	else if (tflite_input_ints(node, 1, parts, node->num_outputs) != node->num_outputs)
		tflite_fail(node, EDGE_BAD_FORMAT, "not as many sizes as outputs");
	if (!node->status)
		complete(node, x->dims[axis], parts);
	if (!node->status)
		cut(node, x, axis, parts);
	free(parts);
}

/* Parts of one element, without the dimension that they were cut along. */
void tflite_convert_unpack(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	int axis = tflite_axis(node, fb_i32(node->options, UNPACK_AXIS, 0), x->rank);
	int64_t dims[EDGE_MAX_RANK];
	int rank = 0;

	if (!node->status && x->dims[axis] != node->num_outputs)
		tflite_fail(node, EDGE_BAD_FORMAT, "%lld parts for %d outputs",
			    (long long)x->dims[axis], node->num_outputs);
	if (!node->status)
		cut_equally(node, x, axis);
	for (int i = 0; i < x->rank; i++) {
		if (i != axis)
			dims[rank++] = x->dims[i];
	}
	for (int i = 0; i < node->num_outputs && !node->status; i++)
		node->outputs[i] = tflite_reshape(node, node->outputs[i], rank, dims);
}

/* Slices or pads @x: @params hold two or three numbers for each dimension, in the file's order. */
static struct edge_tensor *add_ordered(struct tflite_node *node, enum edge_op op,
				       union edge_params *params, struct edge_tensor *x,
				       struct edge_tensor *value)
{
	struct edge_tensor *inputs[2] = { x, value }, *y;
	bool image = tflite_is_image(x);
	union edge_params ordered = *params;

	for (int i = 0; image && i < 4; i++) {
		int to = tflite_first_axis(i);

		if (op == EDGE_OP_SLICE) {
			ordered.slice.start[to] = params->slice.start[i];
			ordered.slice.end[to] = params->slice.end[i];
			ordered.slice.step[to] = params->slice.step[i];
		} else {
			ordered.pad.begin[to] = params->pad.begin[i];
			ordered.pad.end[to] = params->pad.end[i];
		}
	}
	if (image)
		inputs[0] = tflite_first(node, x);
	y = tflite_add(node, op, &ordered, value ? 2 : 1, inputs);
	return image ? tflite_last(node, y) : y;
}

void tflite_convert_slice(struct tflite_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t starts[EDGE_MAX_RANK], sizes[EDGE_MAX_RANK];
	union edge_params params;

	if (tflite_input_ints(node, 1, starts, EDGE_MAX_RANK) != x->rank ||
	    tflite_input_ints(node, 2, sizes, EDGE_MAX_RANK) != x->rank)
		tflite_fail(node, EDGE_BAD_FORMAT, "not a start and a size for each dimension");
	edge_op_default_params(EDGE_OP_SLICE, &params);
	for (int i = 0; i < x->rank && !node->status; i++) {
		int64_t start = starts[i], room = x->dims[i] - start;

		if (start < 0 || start > x->dims[i] || sizes[i] < -1 || sizes[i] > room)
			tflite_fail(node, EDGE_BAD_FORMAT, "%lld elements from %lld on, of %lld",
				    (long long)sizes[i], (long long)start, (long long)x->dims[i]);
		params.slice.start[i] = start;
		params.slice.end[i] = start + (sizes[i] < 0 ? room : sizes[i]);
	}
	if (!node->status)
		tflite_set_output(node, 0,
				  add_ordered(node, EDGE_OP_SLICE, &params, node->inputs[0], NULL));
}

/**
 * struct strides - what StridedSlice says
 * @count: of the entries of starts, ends and steps
 * @begin, @end, @ellipsis, @new_axis, @shrink: bit i is about entry i
 */
struct strides {
	int count;
	int64_t starts[EDGE_MAX_RANK], ends[EDGE_MAX_RANK], steps[EDGE_MAX_RANK];
	unsigned int begin, end, ellipsis, new_axis, shrink;
};

static void read_strides(struct tflite_node *node, struct strides *strides)
{
	strides->count = tflite_input_ints(node, 1, strides->starts, EDGE_MAX_RANK);
	strides->begin = fb_i32(node->options, BEGIN_MASK, 0);
	strides->end = fb_i32(node->options, END_MASK, 0);
	strides->ellipsis = fb_i32(node->options, ELLIPSIS_MASK, 0);
	strides->new_axis = fb_i32(node->options, NEW_AXIS_MASK, 0);
	strides->shrink = fb_i32(node->options, SHRINK_AXIS_MASK, 0);
	if (tflite_input_ints(node, 2, strides->ends, EDGE_MAX_RANK) != strides->count ||
	    tflite_input_ints(node, 3, strides->steps, EDGE_MAX_RANK) != strides->count)
		tflite_fail(node, EDGE_BAD_FORMAT, "starts, ends and steps differ in number");
	if (strides->ellipsis & (strides->ellipsis - 1))
		tflite_fail(node, EDGE_BAD_FORMAT, "has more than one ellipsis");
	if (fb_bool(node->options, END_IS_OFFSET, false))
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "ends counted from the starts; convert the model with fixed sizes");
}

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* Entry @i about dimension @axis of @size. */
static void stride(struct tflite_node *node, const struct strides *strides, int i, int64_t size,
		   int axis, union edge_params *params)
{
	int64_t start = strides->starts[i], end = strides->ends[i], step = strides->steps[i];
	int64_t shift = step < 0 ? -1 : 0;
	unsigned int bit = 1u << i;

	if (!step || (strides->shrink & bit && (start < -size || start >= size))) {
		tflite_fail(node, EDGE_BAD_FORMAT, "from %lld by %lld, of %lld", (long long)start,
			    (long long)step, (long long)size);
		return;
	}
	start = clamp(start < 0 ? start + size : start, 0, size + shift);
	end = clamp(end < 0 ? end + size : end, shift, size + shift);
	if (strides->shrink & bit) {
		step = 1;
		end = start + 1;
	} else {
		if (strides->begin & bit)
			start = step < 0 ? size - 1 : 0;
		if (strides->end & bit)
			end = step < 0 ? -1 : size;
	}
	params->slice.start[axis] = size ? start : 0;
	params->slice.end[axis] = size ? end : 0;
	params->slice.step[axis] = clamp(step, -size - 1, size + 1);
}

/* Fills @params for the dimensions of @x, and (@rank, @kept) with what becomes of them: an index,
 * or -1 for a dimension that is new. @kept: room for twice EDGE_MAX_RANK. */
static void resolve_strides(struct tflite_node *node, const struct strides *strides,
			    const struct edge_tensor *x, union edge_params *params, int *rank,
			    int *kept)
{
	int named = 0, axis = 0;

	for (int i = 0; i < strides->count; i++)
		named += !((strides->ellipsis | strides->new_axis) & 1u << i);
	*rank = 0;
	for (int i = 0; i < strides->count && !node->status; i++) {
		if (strides->ellipsis & 1u << i) {
			for (int n = x->rank - named; n > 0; n--)
				kept[(*rank)++] = axis++;
		} else if (axis >= x->rank && !(strides->new_axis & 1u << i)) {
			tflite_fail(node, EDGE_BAD_FORMAT, "is about more dimensions than %d",
				    x->rank);
		} else if (strides->new_axis & 1u << i) {
			kept[(*rank)++] = -1;
		} else {
			stride(node, strides, i, x->dims[axis], axis, params);
			if (!(strides->shrink & 1u << i))
				kept[(*rank)++] = axis;
			axis++;
		}
	}
	while (axis < x->rank)
		kept[(*rank)++] = axis++;
	if (*rank > EDGE_MAX_RANK)
		tflite_fail(node, EDGE_UNSUPPORTED, "a result of %d dimensions; %d are supported",
			    *rank, EDGE_MAX_RANK);
}

void tflite_convert_strided_slice(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0], *y;
	int kept[2 * EDGE_MAX_RANK], rank = 0;
	int64_t dims[EDGE_MAX_RANK];
	struct strides strides;
	union edge_params params;
	bool same;

	read_strides(node, &strides);
	edge_op_default_params(EDGE_OP_SLICE, &params);
	for (int i = 0; i < x->rank; i++)
		params.slice.end[i] = x->dims[i];
	if (!node->status)
		resolve_strides(node, &strides, x, &params, &rank, kept);
	if (node->status)
		return;
	y = add_ordered(node, EDGE_OP_SLICE, &params, x, NULL);
	if (!y)
		return;
	same = rank == y->rank;
	for (int i = 0; i < rank; i++) {
		same = same && kept[i] == i;
		dims[i] = kept[i] < 0 ? 1 : y->dims[kept[i]];
	}
	tflite_set_output(node, 0, same ? y : tflite_reshape(node, y, rank, dims));
}

/* Pairs of numbers, one for each dimension; the largest of them. */
static int64_t read_pads(struct tflite_node *node, union edge_params *params)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t pads[2 * EDGE_MAX_RANK], largest = 0;

	edge_op_default_params(EDGE_OP_PAD, params);
	if (tflite_input_ints(node, 1, pads, 2 * EDGE_MAX_RANK) != 2 * x->rank)
		tflite_fail(node, EDGE_BAD_FORMAT, "not two numbers for each dimension");
	for (int i = 0; i < 2 * x->rank && !node->status; i++) {
		if (pads[i] < 0)
			tflite_fail(node, EDGE_BAD_FORMAT, "a padding of %lld", (long long)pads[i]);
		largest = pads[i] > largest ? pads[i] : largest;
	}
	for (int i = 0; i < x->rank && !node->status; i++) {
		params->pad.begin[i] = pads[2 * i];
		params->pad.end[i] = pads[2 * i + 1];
	}
	return largest;
}

void tflite_convert_pad(struct tflite_node *node)
{
	struct edge_tensor *value = tflite_input(node, 2);
	union edge_params params;

	read_pads(node, &params);
	if (value && !node->status && value->rank)
		value = tflite_reshape(node, value, 0, NULL);
	if (!node->status)
		tflite_set_output(node, 0,
				  add_ordered(node, EDGE_OP_PAD, &params, node->inputs[0], value));
}

/* Symmetric mirrors have the border twice: by one element, that is the border again. */
void tflite_convert_mirror_pad(struct tflite_node *node)
{
	int mode = fb_i8(node->options, MIRROR_MODE, MIRROR_REFLECT);
	union edge_params params;
	int64_t largest = read_pads(node, &params);

	params.pad.mode = EDGE_PAD_REFLECT;
	if (mode == MIRROR_SYMMETRIC && largest <= 1)
		params.pad.mode = EDGE_PAD_EDGE;
	else if (mode != MIRROR_REFLECT)
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "symmetric padding by %lld; convert the model with REFLECT",
			    (long long)largest);
	if (!node->status)
		tflite_set_output(node, 0,
				  add_ordered(node, EDGE_OP_PAD, &params, node->inputs[0], NULL));
}

void tflite_convert_gather(struct tflite_node *node)
{
	int axis = tflite_axis(node, fb_i32(node->options, GATHER_AXIS, 0), node->inputs[0]->rank);
	union edge_params params = { .axis = { .axis = axis } };

	if (fb_i32(node->options, GATHER_BATCH_DIMS, 0))
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "batch dimensions; convert the model for one image at a time");
	tflite_set_output(node, 0, tflite_add(node, EDGE_OP_GATHER, &params, 2, node->inputs));
}
