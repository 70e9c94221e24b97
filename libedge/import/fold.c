// SPDX-License-Identifier: MIT
#include "import/fold.h"

#include <stdlib.h>

#include "base/error.h"
#include "ref/ref.h"

static void detach(struct edge_node *made)
{
	for (int i = 0; i < made->num_inputs; i++)
		edge_node_set_input(made, i, NULL);
	for (int i = 0; i < made->num_outputs; i++)
		edge_node_set_output(made, i, NULL);
	made->op = EDGE_OP_NONE;
}

enum edge_status edge_import_fold(struct edge_graph *graph, struct edge_node *made,
				  struct edge_tensor **outputs, struct edge_error *error)
{
	size_t scratch_size = edge_ref_scratch_size(made);
	struct edge_view *views = calloc(made->num_inputs + made->num_outputs, sizeof(*views));
	struct edge_view *results;
	void *scratch = aligned_alloc(64, (scratch_size + 64) / 64 * 64);

	if (!views || !scratch)
		goto no_memory;
	results = views + made->num_inputs;
	for (int i = 0; i < made->num_inputs; i++) {
		if (made->inputs[i])
			views[i] = edge_tensor_constant_view(made->inputs[i]);
	}
	for (int i = 0; i < made->num_outputs; i++) {
		const struct edge_tensor *output = made->outputs[i];

		outputs[i] = edge_graph_add_constant(graph, NULL, output->type, output->rank,
						     output->dims, NULL);
		if (!outputs[i] || !edge_tensor_copy_quant(outputs[i], output))
			goto no_memory;
		results[i] = edge_tensor_constant_view(outputs[i]);
	}
	edge_ref_run(made, views, results, scratch);
	detach(made);
	free(scratch);
	free(views);
	return EDGE_OK;

no_memory:
	free(scratch);
	free(views);
	return edge_fail_memory(error);
}
