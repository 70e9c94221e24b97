// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <string.h>

static struct edge_tensor *from_tensor(struct onnx_node *node, Onnx__TensorProto *proto)
{
	struct edge_tensor *tensor = NULL;
	struct edge_error error = { 0 };
	struct onnx_import import = *node->import;
	enum edge_status status;

	if (!proto || node->status)
		return NULL;
	import.error = &error; /* the message is to begin with the node */
	status = onnx_tensor_add(&import, proto, NULL, &tensor);
	if (status)
		onnx_fail(node, status, "%s", error.message);
	return tensor;
}

/* The attributes value_int, value_ints, value_float and value_floats of opset 12. */
static struct edge_tensor *from_numbers(struct onnx_node *node)
{
	static const struct {
		const char *name;
		enum edge_type type;
		int rank;
	} forms[] = {
		{ "value_int", EDGE_I64, 0 },
		{ "value_ints", EDGE_I64, 1 },
		{ "value_float", EDGE_F32, 0 },
		{ "value_floats", EDGE_F32, 1 },
	};
	const Onnx__AttributeProto *attribute = node->proto->attribute[0];
	struct edge_tensor *tensor;
	const void *values;
	int64_t count = 1;

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (!onnx_attr_present(node, forms[i].name))
			continue;
		if (forms[i].type == EDGE_I64) {
			count = forms[i].rank ? attribute->n_ints : 1;
			values = forms[i].rank ? attribute->ints : &attribute->i;
		} else {
			count = forms[i].rank ? attribute->n_floats : 1;
			values = forms[i].rank ? (const void *)attribute->floats : &attribute->f;
		}
		tensor = onnx_constant(node, forms[i].type, forms[i].rank, &count);
		if (tensor && count)
			memcpy(tensor->data, values, count * edge_type_size(forms[i].type));
		return tensor;
	}
	return NULL; /* the attribute has not been read, which its caller reports */
}

void onnx_convert_constant(struct onnx_node *node)
{
	if (node->proto->n_attribute != 1) {
		onnx_fail(node, EDGE_BAD_FORMAT, "has %zu attributes instead of one",
			  node->proto->n_attribute);
		return;
	}
	if (onnx_attr_present(node, "value"))
		onnx_set_output(node, 0, from_tensor(node, onnx_attr_tensor(node, "value")));
	else
		onnx_set_output(node, 0, from_numbers(node));
}

void onnx_convert_constant_of_shape(struct onnx_node *node)
{
	int64_t dims[EDGE_MAX_RANK];
	int rank = onnx_input_ints(node, 0, dims, EDGE_MAX_RANK);
	Onnx__TensorProto *proto = onnx_attr_tensor(node, "value");
	struct edge_tensor *value;

	value = proto ? from_tensor(node, proto) : onnx_scalar(node, EDGE_F32, 0);
	if (value && edge_tensor_elements(value) != 1)
		onnx_fail(node, EDGE_BAD_FORMAT, "attribute 'value' is not one number");
	value = onnx_reshape(node, value, 0, NULL);
	for (int i = 0; i < rank; i++) {
		if (dims[i] < 0)
			onnx_fail(node, EDGE_BAD_FORMAT, "dimension %d is negative", i);
	}
	onnx_set_output(node, 0, onnx_expand(node, value, rank, dims));
}

void onnx_convert_eye_like(struct onnx_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t k = onnx_attr_int(node, "k", 0, INT64_MIN, INT64_MAX);
	int64_t to = onnx_attr_int(node, "dtype", 0, INT32_MIN, INT32_MAX);
	enum edge_type type = onnx_attr_present(node, "dtype") ? onnx_type(to) : x->type;
	struct edge_tensor *eye;

	if (x->rank != 2)
		onnx_fail(node, EDGE_BAD_FORMAT, "its input is not a matrix");
	if (!type)
		onnx_fail(node, EDGE_UNSUPPORTED, "the type %s", onnx_type_name(to));
	eye = onnx_constant(node, EDGE_F32, x->rank, x->dims);
	if (!eye)
		return;
	for (int64_t row = 0; row < x->dims[0]; row++) {
		int64_t column;

		if (!__builtin_add_overflow(row, k, &column) && column >= 0 && column < x->dims[1])
			((float *)eye->data)[row * x->dims[1] + column] = 1;
	}
	onnx_set_output(node, 0, onnx_cast(node, eye, type));
}

void onnx_convert_range(struct onnx_node *node)
{
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_RANGE, NULL, 3, node->inputs));
}

/* NonMaxSuppression's results have a shape that only a run tells. */
static void check_static(struct onnx_node *node)
{
	if (node->inputs[0]->dynamic)
		onnx_fail(node, EDGE_UNSUPPORTED, "the size of its input depends on the data");
}

void onnx_convert_shape(struct onnx_node *node)
{
	const struct edge_tensor *x = node->inputs[0];
	int64_t start = onnx_attr_int(node, "start", 0, INT64_MIN, INT64_MAX);
	int64_t end = onnx_attr_int(node, "end", x->rank, INT64_MIN, INT64_MAX);
	struct edge_tensor *shape;
	int64_t count;

	check_static(node);
	if (start < 0)
		start += x->rank;
	if (end < 0)
		end += x->rank;
	start = start < 0 ? 0 : start > x->rank ? x->rank : start;
	end = end < start ? start : end > x->rank ? x->rank : end;
	count = end - start;
	shape = onnx_constant(node, EDGE_I64, 1, &count);
	if (shape && count)
		memcpy(shape->data, x->dims + start, count * sizeof(*x->dims));
	onnx_set_output(node, 0, shape);
}

void onnx_convert_size(struct onnx_node *node)
{
	struct edge_tensor *size;

	check_static(node);
	size = onnx_constant(node, EDGE_I64, 0, NULL);
	if (size)
		*(int64_t *)size->data = edge_tensor_elements(node->inputs[0]);
	onnx_set_output(node, 0, size);
}
