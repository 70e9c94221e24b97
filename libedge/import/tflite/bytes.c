// SPDX-License-Identifier: MIT
#include "import/tflite/bytes.h"

#include <math.h>
#include <stdlib.h>

#include "base/error.h"
#include "graph/quant.h"
#include "ref/ref.h"

static bool is_byte(enum edge_type type)
{
	return type == EDGE_U8 || type == EDGE_I8;
}

bool tflite_value_is_quantised(const struct tflite_value *value)
{
	return value && is_byte(value->type) && value->scales.count;
}

static enum edge_status bad_quant(struct tflite_import *import, uint32_t index, const char *what)
{
	char name[128];

	return edge_fail(import->error, EDGE_BAD_FORMAT,
			 "%s is quantised with %s; the file is damaged",
			 tflite_value_name(import, index, name, sizeof(name)), what);
}

/* Reads pair @i; a zero point that is left out is 0. */
static enum edge_status read_pair(struct tflite_import *import, uint32_t index, uint32_t i,
				  float *scale, int32_t *zero_point)
{
	const struct tflite_value *value = &import->values[index];
	int low = value->type == EDGE_I8 ? INT8_MIN : 0;
	int64_t zero = 0;

	*scale = fb_vector_f32(value->scales, i);
	if (!(*scale > 0) || isinf(*scale))
		return bad_quant(import, index, "a scale that is none");
	if (value->zero_points.count)
		zero = fb_vector_i64(value->zero_points, i);
	if (zero < low || zero > low + UINT8_MAX)
		return bad_quant(import, index, "a zero point that its type does not hold");
	*zero_point = zero;
	return EDGE_OK;
}

static enum edge_status read_pairs(struct tflite_import *import, uint32_t index, int axis,
				   struct edge_tensor *tensor)
{
	uint32_t count = import->values[index].scales.count;
	int32_t *zero_points = calloc(count, sizeof(*zero_points));
	float *scales = calloc(count, sizeof(*scales));
	enum edge_status status = EDGE_OK;

	if (!scales || !zero_points)
		status = edge_fail_memory(import->error);
	for (uint32_t i = 0; i < count && !status; i++)
		status = read_pair(import, index, i, &scales[i], &zero_points[i]);
	if (!status && !edge_tensor_set_quant(tensor, axis, count, scales, zero_points))
		status = edge_fail_memory(import->error);
	free(scales);
	free(zero_points);
	return status;
}

enum edge_status tflite_set_quant(struct tflite_import *import, uint32_t index,
				  struct edge_tensor *tensor)
{
	const struct tflite_value *value = &import->values[index];
	uint32_t count = value->scales.count;
	int axis = count == 1 ? -1 : value->quant_axis;

	if (!tflite_value_is_quantised(value))
		return EDGE_OK;
	if (value->zero_points.count && value->zero_points.count != count)
		return bad_quant(import, index, "more or less zero points than scales");
	if (count > 1 && (axis < 0 || axis >= tensor->rank || tensor->dims[axis] != count))
		return bad_quant(import, index, "scales for a dimension that it does not have");
	return read_pairs(import, index, axis, tensor);
}

static void set_output_quant(struct tflite_node *node, int index, struct edge_tensor *tensor)
{
	const struct tflite_value *value = tflite_output_value(node, index);

	if (node->status)
		return;
	if (!tflite_value_is_quantised(value) || value->scales.count != 1) {
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "its result is not quantised as uint8 or int8, as its inputs are; "
			    "convert the model to int8 throughout, or to float32");
		return;
	}
	tensor->type = value->type;
	node->status = tflite_set_quant(node->import, node->output_ids[index], tensor);
}

/* A node from floats or bytes to what output @index is. */
static struct edge_tensor *to_bytes(struct tflite_node *node, int index, enum edge_op op,
				    int num_inputs, struct edge_tensor **inputs)
{
	struct edge_node *made = tflite_begin(node, op, num_inputs, inputs, 1);
	struct edge_tensor *y = NULL;

	if (!made)
		return NULL;
	made->rounding = EDGE_ROUND_FIXED;
	set_output_quant(node, index, made->outputs[0]);
	tflite_finish(node, made, &y);
	return y;
}

struct edge_tensor *tflite_dequantize(struct tflite_node *node, struct edge_tensor *x)
{
	bool image = tflite_is_image(x);

	if (!x || !x->quant || node->status)
		return x;
	if (image)
		x = tflite_first(node, x);
	x = tflite_add1(node, EDGE_OP_DEQUANTIZE, NULL, x);
	return image ? tflite_last(node, x) : x;
}

void tflite_make_floats(struct tflite_node *node)
{
	for (int i = 0; i < node->num_inputs; i++)
		node->inputs[i] = tflite_dequantize(node, node->inputs[i]);
}

/*
 * struct table - a function of a byte
 * @act: the function; NULL for a part of a concatenation, which is only scaled
 * @type, @scale, @zero_point: what the byte stands for
 * @y_scale, @range: where the result is stored
 */
struct table {
	const struct edge_activation *act;
	enum edge_type type;
	float scale, y_scale;
	int32_t zero_point;
	struct edge_range range;
};

static int32_t stored(const struct table *table, float real)
{
	return edge_range_store(&table->range,
				edge_round_float(EDGE_ROUND_FIXED, real / table->y_scale));
}

/* The difference to the zero point in the scale of the result, as TensorFlow Lite scales sums. */
static int32_t rescale(const struct table *table, int32_t value, double slope)
{
	const struct edge_multiplier multiplier =
		edge_multiplier_fixed(slope * table->scale / table->y_scale);

	return edge_range_store(&table->range, edge_multiply(value, &multiplier));
}

/* TensorFlow Lite's concatenation scales in single precision, and rounds once. */
static int32_t join(const struct table *table, int32_t raw)
{
	const float slope = table->scale * (1 / table->y_scale);
	const float offset = -table->zero_point * slope;

	return edge_range_store(&table->range,
				edge_round_float(EDGE_ROUND_FIXED, raw * slope + offset));
}

static int32_t limit(int32_t value, int32_t low, int32_t high)
{
	return value < low ? low : value > high ? high : value;
}

/* What only scales and limits does so in integers, but for concatenation; all else goes through
 * floats. */
static int32_t entry(const struct table *table, int32_t byte)
{
	const struct edge_activation *act = table->act;
	int32_t raw = table->type == EDGE_I8 ? (int8_t)byte : byte;
	int32_t value = raw - table->zero_point;

	if (!act)
		return join(table, raw);
	switch (act->func) {
	case EDGE_FUNC_IDENTITY:
		return rescale(table, value, 1);
	case EDGE_FUNC_RELU:
		return limit(rescale(table, value, 1), stored(table, 0), table->range.high);
	case EDGE_FUNC_CLIP:
		return limit(rescale(table, value, 1), stored(table, act->alpha),
			     stored(table, act->beta));
	case EDGE_FUNC_LEAKY_RELU:
		if (value >= 0 || (act->alpha > 0 && !isinf(act->alpha)))
			return rescale(table, value, value < 0 ? act->alpha : 1);
		/* fall through */
	default:
		return stored(table, edge_ref_activate(act, (float)value * table->scale));
	}
}

/* The constant of 256 entries for bytes @x; output @index says what they are. */
static struct edge_tensor *make_table(struct tflite_node *node, int index,
				      const struct edge_activation *act,
				      const struct edge_tensor *x)
{
	static const int64_t size = 256;
	const struct tflite_value *value = tflite_output_value(node, index);
	struct edge_tensor *entries = tflite_constant(node, value->type, 1, &size);
	struct edge_tensor like = { .type = value->type, .rank = 0 };
	struct table table = {
		.act = act,
		.type = x->type,
		.scale = x->quant->scales[0],
		.zero_point = x->quant->zero_points[0],
	};

	set_output_quant(node, index, &like);
	if (node->status)
		return NULL;
	table.y_scale = like.quant->scales[0];
	table.range = edge_tensor_range(&like);
	for (int i = 0; i < size; i++)
		((uint8_t *)entries->data)[i] = entry(&table, i);
	edge_quant_free(like.quant);
	return entries;
}

static struct edge_tensor *look_up(struct tflite_node *node, int index,
				   const struct edge_activation *act, struct edge_tensor *x)
{
	struct edge_tensor *inputs[2] = { x, make_table(node, index, act, x) };

	return to_bytes(node, index, EDGE_OP_LOOKUP, 2, inputs);
}

struct edge_tensor *tflite_table(struct tflite_node *node, const struct edge_activation *act,
				 struct edge_tensor *x)
{
	if (node->status)
		return NULL;
	if (tflite_value_is_quantised(tflite_output_value(node, 0)))
		return look_up(node, 0, act, x);
	x = tflite_dequantize(node, x);
	return tflite_unary(node, act->func, act->alpha, act->beta, x);
}

/* Whether bytes @x stand for what they would stand for as @value. */
static bool is_same(const struct edge_tensor *x, const struct tflite_value *value)
{
	int64_t zero_point = value->zero_points.count ? fb_vector_i64(value->zero_points, 0) : 0;

	return x->type == value->type && x->quant->scales[0] == fb_vector_f32(value->scales, 0) &&
	       x->quant->zero_points[0] == zero_point;
}

/* @act: the identity, or NULL for a part of a concatenation. */
static struct edge_tensor *settle(struct tflite_node *node, int index,
				  const struct edge_activation *act, struct edge_tensor *x)
{
	const struct tflite_value *value = tflite_output_value(node, index);
	bool image = tflite_is_image(x);

	if (!x || node->status || !tflite_value_is_quantised(value))
		return x;
	if (edge_tensor_is_bytes(x) ? is_same(x, value) : x->type != EDGE_F32)
		return x;
	if (image)
		x = tflite_first(node, x);
	if (x && x->type == EDGE_F32)
		x = to_bytes(node, index, EDGE_OP_QUANTIZE, 1, &x);
	else if (x)
		x = look_up(node, index, act, x);
	return image ? tflite_last(node, x) : x;
}

struct edge_tensor *tflite_settle(struct tflite_node *node, int index, struct edge_tensor *x)
{
	static const struct edge_activation none = { .func = EDGE_FUNC_IDENTITY };

	return settle(node, index, &none, x);
}

struct edge_tensor *tflite_settle_part(struct tflite_node *node, struct edge_tensor *x)
{
	return settle(node, 0, NULL, x);
}

void tflite_store(struct tflite_node *node, struct edge_node *made, int activation)
{
	made->act = tflite_activation(node, activation);
	if (made->act.func == EDGE_FUNC_TANH)
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "a fused Tanh of bytes; convert the model with a TANH of its own");
	made->rounding = EDGE_ROUND_FIXED;
	set_output_quant(node, 0, made->outputs[0]);
}

/* @bias, sums of products of integers of those scales, as floats. */
static struct edge_tensor *scale_bias(struct tflite_node *node, const struct edge_tensor *x,
				      const struct edge_tensor *weight,
				      const struct edge_tensor *bias)
{
	const struct edge_quant *quant = weight->quant;
	struct edge_tensor *floats;

	if (!x->quant || !quant || !bias->constant || bias->rank != 1 ||
	    (quant->axis >= 0 && quant->count != bias->dims[0])) {
		tflite_fail(
			node, EDGE_UNSUPPORTED,
			"a bias of int32 for what is not quantised, or a bias that is computed");
		return NULL;
	}
	floats = tflite_constant(node, EDGE_F32, 1, bias->dims);
	for (int64_t i = 0; floats && i < bias->dims[0]; i++)
		((float *)floats->data)[i] =
			((const int32_t *)bias->data)[i] *
			(x->quant->scales[0] * quant->scales[quant->axis < 0 ? 0 : i]);
	return floats;
}

void tflite_product_floats(struct tflite_node *node, struct edge_tensor **x,
			   struct edge_tensor **weight, struct edge_tensor **bias)
{
	if (node->status)
		return;
	if (*bias && (*bias)->type == EDGE_I32)
		*bias = scale_bias(node, *x, *weight, *bias);
	*x = tflite_dequantize(node, *x);
	*weight = tflite_dequantize(node, *weight);
}

void tflite_product_types(struct tflite_node *node, struct edge_tensor **x,
			  struct edge_tensor **weight, struct edge_tensor **bias)
{
	if (node->status)
		return;
	if (!edge_tensor_is_bytes(*x) || !is_byte((*weight)->type) || !(*weight)->quant ||
	    !tflite_value_is_quantised(tflite_output_value(node, 0)))
		tflite_product_floats(node, x, weight, bias);
}
