// SPDX-License-Identifier: MIT
#include "base/error.h"
#include "graph/verify.h"
#include "passes/passes.h"

typedef enum edge_status (*pass_fn)(struct edge_graph *graph, struct edge_error *error);

static const struct {
	const char *name;
	pass_fn run;
	bool fuses;
} passes[] = {
	{ "dead nodes", edge_pass_dead_nodes, false },
	{ "quantise", edge_pass_quantise, true },
	{ "unsigned", edge_pass_unsigned, false },
	{ "tables", edge_pass_tables, true },
	{ "fold constants", edge_pass_fold_constants, false },
	{ "simplify", edge_pass_simplify, true },
	{ "fuse patterns", edge_pass_fuse_patterns, true },
	{ "fold batch norm", edge_pass_fold_batch_norm, true },
	{ "split convolutions", edge_pass_split_convolutions, true },
	{ "fuse activations", edge_pass_fuse_activations, true },
};

/* A release build trusts the passes; the program is verified when it is loaded. */
static enum edge_status check(struct edge_graph *graph, const char *pass, enum edge_stage stage,
			      struct edge_error *error)
{
#ifndef NDEBUG
	enum edge_status status = edge_verify(graph, stage, error);

	if (status)
		return edge_fail_in(error, status, "after pass '%s'", pass);
#endif
	return EDGE_OK;
}

enum edge_status edge_passes_run(struct edge_graph *graph, const struct edge_pass_options *options,
				 struct edge_error *error)
{
	enum edge_status status;

	for (size_t i = 0; i < sizeof(passes) / sizeof(*passes); i++) {
		if (passes[i].fuses && options->no_fusion)
			continue;
		status = passes[i].run(graph, error);
		if (!status)
			status = check(graph, passes[i].name, EDGE_STAGE_IMPORTED, error);
		if (status)
			return status;
	}
	status = options->quantised_io ? edge_pass_quantised_io(graph, error) : EDGE_OK;
	if (!status)
		status = check(graph, "quantised inputs and outputs", EDGE_STAGE_IMPORTED, error);
	if (!status)
		status = edge_pass_layout(graph, options->native_io, error);
	if (!status)
		status = check(graph, "layout", EDGE_STAGE_IMPORTED, error);
	if (!status)
		status = edge_pass_views(graph, error);
	if (!status)
		status = check(graph, "views", EDGE_STAGE_LAID_OUT, error);
	return status;
}
