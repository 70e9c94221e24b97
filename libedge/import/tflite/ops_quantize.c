// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

/* What is to become bytes, or other bytes, becomes so when the output is settled. */
void tflite_convert_quantize(struct tflite_node *node)
{
	if (!tflite_value_is_quantised(tflite_output_value(node, 0)))
		tflite_fail(node, EDGE_UNSUPPORTED,
			    "its result is neither uint8 nor int8; convert the model to int8");
	tflite_set_output(node, 0, node->inputs[0]);
}

/* Halves that weights are kept in become floats here, too. */
void tflite_convert_dequantize(struct tflite_node *node)
{
	struct edge_tensor *x = node->inputs[0];

	if (x->quant)
		x = tflite_dequantize(node, x);
	else if (x->type == EDGE_F16)
		x = tflite_cast(node, x, EDGE_F32);
	else
		tflite_fail(node, EDGE_UNSUPPORTED, "its input '%s' is %s without a scale", x->name,
			    edge_type_name(x->type));
	tflite_set_output(node, 0, x);
}
