// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/finish.h"

#include <math.h>

/* A clamp costs a kernel nothing, so it does that, unless a residual must be added before. */
void finish_init(struct finish *finish, const struct edge_node *node, unsigned int cpu_flags)
{
	const bool clamps = cpu_activate_is_clamp(&node->act, &finish->low, &finish->high);

	finish->kernels = cpu_activate_kernels(cpu_flags);
	finish->has_residual = node->op == EDGE_OP_CONV && node->num_inputs > 3 &&
			       node->inputs[3] != NULL;
	finish->residual_after = finish->has_residual && node->params.conv.residual_after_act;
	finish->rest = node->act;
	if (clamps && (!finish->has_residual || finish->residual_after)) {
		finish->rest.func = EDGE_FUNC_IDENTITY;
	} else {
		finish->low = -INFINITY;
		finish->high = INFINITY;
	}
	finish->needed = finish->has_residual || finish->rest.func != EDGE_FUNC_IDENTITY;
}
