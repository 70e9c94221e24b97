// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "import/onnx/onnx.h"

/* The node for which one of the results of @node is wanted, or NULL. */
static const Onnx__NodeProto *result_wanted_by(const struct onnx_import *import,
					       const Onnx__NodeProto *node)
{
	for (size_t i = 0; i < node->n_output; i++) {
		const struct onnx_value *value = onnx_values_find(import, node->output[i]);

		if (value && value->wanted_by)
			return value->wanted_by;
	}
	return NULL;
}

/* Wants run against the order of the nodes, which has been checked, so one sweep finds all that a
 * wanted value is made of. */
static void sweep(struct onnx_import *import)
{
	for (size_t i = import->proto->n_node; i-- > 0;) {
		const Onnx__NodeProto *node = import->proto->node[i];
		const Onnx__NodeProto *wanted_by = result_wanted_by(import, node);

		/* Shapes become known when the values that decide them do. */
		if (!wanted_by || onnx_operator_find(node)->constant_inputs & ONNX_ONLY_SHAPES)
			continue;
		for (size_t j = 0; j < node->n_input; j++) {
			struct onnx_value *value = onnx_values_find(import, node->input[j]);

			if (value && !value->wanted_by)
				value->wanted_by = wanted_by;
		}
	}
}

enum edge_status onnx_mark_bindings(struct onnx_import *import)
{
	const Onnx__NodeProto *wanted_by = NULL;
	const char *culprit = NULL;
	bool bindable = false;

	sweep(import);
	for (size_t i = 0; i < import->num_values && !culprit; i++) {
		struct onnx_value *value = &import->values[i];

		if (!value->wanted_by)
			continue;
		wanted_by = value->wanted_by;
		if (!(value->origin & ONNX_FROM_INPUT) || value->named->constant)
			continue;
		/* Sizes, axes and limits are numbers or lists of them; what has more dimensions is
		 * the data that the model is run on. */
		if (value->named->rank > 1)
			culprit = value->name;
		value->named->must_bind = true;
		bindable = true;
	}
	if (!wanted_by || (bindable && !culprit))
		return EDGE_OK;
	return edge_fail(import->error, EDGE_UNSUPPORTED,
			 "node '%s' (%s): a size or limit that it needs is computed from %s%s, and "
			 "must be a constant; export the model with fixed shapes",
			 onnx_node_name(wanted_by), wanted_by->op_type,
			 culprit ? "the input " : "large constants", culprit ? culprit : "");
}
