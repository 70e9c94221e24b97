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

void finish_init_act(struct finish *finish, const struct edge_activation *act,
		     unsigned int cpu_flags)
{
	*finish = (struct finish) {
		.low = -INFINITY,
		.high = INFINITY,
		.needed = act->func != EDGE_FUNC_IDENTITY,
		.rest = *act,
		.kernels = cpu_activate_kernels(cpu_flags),
	};
}

void finish_block(const struct finish *finish, float *y, int64_t pitch, int64_t num_rows,
		  int64_t num)
{
	enum { MOST = 32 };
	float *rows[MOST];

	if (!finish->needed)
		return;
	for (int64_t r = 0; r < num_rows; r += MOST) {
		const int64_t count = num_rows - r < MOST ? num_rows - r : MOST;

		for (int64_t i = 0; i < count; i++)
			rows[i] = y + (r + i) * pitch;
		finish_rows(finish, rows, NULL, count, 0, num);
	}
}
