// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/reference.h"

#include "base/error.h"
#include "ref/ref.h"

static void run(const struct cpu_step *step, int64_t task, void *scratch)
{
	/* The run before has lowered the dynamic ones. */
	for (int i = 0; i < step->node->num_outputs; i++) {
		if (step->outputs[i].rank)
			step->outputs[i].dims[0] = step->node->outputs[i]->dims[0];
	}
	edge_ref_run(step->node, step->inputs, step->outputs, scratch);
}

static enum edge_status prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
				struct edge_error *error)
{
	const struct edge_node *node = step->node;

	for (int i = 0; i < node->num_inputs; i++) {
		const struct edge_tensor *input = node->inputs[i];

		if (input && !step->inputs[i].data && edge_tensor_elements(input) > 0)
			return edge_fail(error, EDGE_BAD_FORMAT,
					 "input %d, %s, is a constant without a value", i,
					 input->name);
	}
	step->run = run;
	step->num_tasks = 1;
	step->scratch_size = edge_ref_scratch_size(node);
	return EDGE_OK;
}

const struct cpu_op cpu_op_reference = {
	.name = "reference",
	.prepare = prepare,
};
