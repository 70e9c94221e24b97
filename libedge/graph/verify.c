// SPDX-License-Identifier: MIT
#include "graph/verify.h"

#include <stdlib.h>

#include "base/error.h"
#include "graph/verify_stages.h"

enum edge_status edge_verify_fail_tensor(const struct edge_verifier *verifier,
					 const struct edge_tensor *tensor, const char *what)
{
	return edge_fail(verifier->error, EDGE_BAD_FORMAT, "tensor '%s': %s", tensor->name, what);
}

enum edge_status edge_verify_fail_node(const struct edge_verifier *verifier,
				       const struct edge_node *node, const char *what)
{
	return edge_fail(verifier->error, EDGE_BAD_FORMAT, "node '%s' (%s): %s", node->name,
			 edge_op_info(node->op)->name, what);
}

enum edge_status edge_verify(struct edge_graph *graph, enum edge_stage stage,
			     struct edge_error *error)
{
	struct edge_verifier verifier = { .graph = graph, .error = error };
	enum edge_status status;

	verifier.uses = calloc(graph->num_tensors + 1, sizeof(*verifier.uses));
	if (!verifier.uses)
		return edge_fail_memory(error);
	status = edge_verify_links(&verifier);
	if (!status)
		status = edge_verify_shapes(&verifier);
	if (!status && stage >= EDGE_STAGE_LAID_OUT)
		status = edge_verify_layout(&verifier);
	if (!status && stage >= EDGE_STAGE_LAID_OUT)
		status = edge_verify_views(&verifier);
	if (!status && stage >= EDGE_STAGE_PLANNED)
		status = edge_verify_plan(&verifier);
	free(verifier.uses);
	return status;
}
