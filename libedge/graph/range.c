// SPDX-License-Identifier: MIT
#include "graph/range.h"

#include <math.h>

static bool has_table(const struct edge_node *node)
{
	return node->op == EDGE_OP_CONV && node->num_inputs > 4 && node->inputs[4];
}

/* What stands for @real. */
static int32_t stored(const struct edge_node *node, const struct edge_range *range, float scale,
		      float real)
{
	return edge_range_store(range, edge_round_float(node->rounding, real / scale));
}

void edge_node_range(const struct edge_node *node, struct edge_range *range, float *scale)
{
	const struct edge_range type = edge_tensor_range(node->outputs[0]);

	*range = type;
	*scale = node->outputs[0]->quant->scales[0];
	if (has_table(node)) {
		range->zero_point = node->params.conv.table_zero_point;
		*scale = node->params.conv.table_scale;
	}
	if (node->act.func == EDGE_FUNC_RELU) {
		range->low = stored(node, range, *scale, 0);
	} else if (node->act.func == EDGE_FUNC_CLIP) {
		const int32_t low = stored(node, range, *scale, node->act.alpha);
		const int32_t high = stored(node, range, *scale, node->act.beta);

		/* As Clip has it where they cross. */
		range->low = low < high ? low : high;
		range->high = high;
	}
}
