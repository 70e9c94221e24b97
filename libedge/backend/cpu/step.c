// SPDX-License-Identifier: MIT
#include "backend/cpu/step.h"

#include "base/error.h"

enum edge_status cpu_step_check_inputs(const struct cpu_step *step, struct edge_error *error)
{
	for (int i = 0; i < step->node->num_inputs; i++) {
		const struct edge_tensor *input = step->node->inputs[i];

		if (input && !step->inputs[i].data && edge_tensor_elements(input) > 0)
			return edge_fail(error, EDGE_BAD_FORMAT,
					 "input %d, %s, is a constant without a value", i,
					 input->name);
	}
	return EDGE_OK;
}
