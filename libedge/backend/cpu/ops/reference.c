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
	char reason[EDGE_REASON_MAX];
	enum edge_status status;

	/* The partition asks when a program is compiled; a file may say it for anything. */
	if (!edge_ref_supports(step->node, reason))
		return edge_fail(error, EDGE_BAD_FORMAT, "%s", reason);
	status = cpu_step_check_inputs(step, error);
	if (status)
		return status;
	step->run = run;
	step->num_tasks = 1;
	step->scratch_size = edge_ref_scratch_size(step->node);
	return EDGE_OK;
}

const struct cpu_op cpu_op_reference = {
	.name = "reference",
	.prepare = prepare,
};
