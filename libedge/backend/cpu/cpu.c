// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/reference.h"
#include "backend/cpu/step.h"
#include "base/error.h"
#include "ref/ref.h"

/* Steps by node id; those of views and of other devices have no tasks. The views of all of them lie
 * in one allocation. */
struct edge_backend_request {
	int num_steps;
	struct cpu_step *steps;
	struct edge_view *views;
	size_t scratch_size;
};

static bool is_ours(const struct edge_node *node)
{
	return node->device == EDGE_DEVICE_CPU && !node->is_view;
}

static bool op_fits(const struct cpu_op *op, const struct edge_node *node, unsigned int cpu_flags)
{
	return op->op == node->op && op->fits(node, cpu_flags);
}

/* What allows less than f32 comes first in the table; node->reason is why it was passed over. */
static const struct cpu_op *choose_op(struct edge_node *node, unsigned int cpu_flags,
				      enum edge_precision precision)
{
	for (const struct cpu_op *const *entry = cpu_ops; *entry; entry++) {
		const struct cpu_op *op = *entry;

		if (op_fits(op, node, cpu_flags) &&
		    (!op->wanted || op->wanted(node, cpu_flags, precision, node->reason)))
			return op;
	}
	return &cpu_op_reference;
}

/* The implementation that a program names, if it still is there and takes the node. */
static const struct cpu_op *find_op(const struct edge_node *node, unsigned int cpu_flags)
{
	if (!node->kernel)
		return NULL;
	if (!strcmp(node->kernel, cpu_op_reference.name))
		return &cpu_op_reference;
	for (const struct cpu_op *const *op = cpu_ops; *op; op++) {
		if (!strcmp(node->kernel, (*op)->name) && op_fits(*op, node, cpu_flags))
			return *op;
	}
	return NULL;
}

static bool has_op(enum edge_op op)
{
	for (const struct cpu_op *const *entry = cpu_ops; *entry; entry++) {
		if ((*entry)->op == op)
			return true;
	}
	return false;
}

static bool cpu_supports(const struct edge_node *node, char *reason)
{
	return edge_ref_supports(node, reason);
}

static enum edge_status fail_in_node(struct edge_error *error, enum edge_status status,
				     const struct edge_node *node)
{
	return edge_fail_in(error, status, "node %s (%s)", node->name,
			    edge_op_info(node->op)->name);
}

static bool multiplies_floats(const struct edge_node *node)
{
	return (node->op == EDGE_OP_CONV || node->op == EDGE_OP_CONV_TRANSPOSE ||
		node->op == EDGE_OP_MATMUL) &&
	       node->inputs[0]->type == EDGE_F32;
}

/* Why not a faster kernel, where @op has not said so itself. */
static void explain(struct edge_node *node, const struct cpu_op *op, enum edge_precision precision)
{
	const char *reason = NULL;

	if (op == &cpu_op_reference)
		reason = has_op(node->op) ? "no kernel takes these types, shapes or layout"
					  : "no kernel for this operator";
	else if (precision != EDGE_PRECISION_F32 && !op->wanted && !node->reason[0] &&
		 multiplies_floats(node))
		reason = "in f32: no kernel of bf16 takes this operator or shape";
	if (reason)
		snprintf(node->reason, sizeof(node->reason), "%s", reason);
}

static enum edge_status cpu_compile(struct edge_graph *graph, unsigned int cpu_flags,
				    enum edge_precision precision, struct edge_error *error)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		struct edge_node *node = graph->nodes[i];
		const struct cpu_op *op;
		enum edge_status status;

		if (!is_ours(node))
			continue;
		op = choose_op(node, cpu_flags, precision);
		node->kernel = op->name;
		explain(node, op, precision);
		if (!op->compile)
			continue;
		status = op->compile(graph, node, cpu_flags, error);
		if (status)
			return fail_in_node(error, status, node);
	}
	return EDGE_OK;
}

static void cpu_release(struct edge_backend_request *request)
{
	if (!request)
		return;
	for (int i = 0; i < request->num_steps; i++)
		free(request->steps[i].state);
	free(request->views);
	free(request->steps);
	free(request);
}

static struct edge_backend_request *create_request(const struct edge_graph *graph)
{
	struct edge_backend_request *request = calloc(1, sizeof(*request));
	size_t num_views = 0;

	if (!request)
		return NULL;
	for (int i = 0; i < graph->num_nodes; i++)
		num_views += graph->nodes[i]->num_inputs + graph->nodes[i]->num_outputs;
	/* One more, since what calloc() returns for none may be NULL. */
	request->steps = calloc(graph->num_nodes + 1, sizeof(*request->steps));
	request->views = calloc(num_views + 1, sizeof(*request->views));
	if (!request->steps || !request->views) {
		cpu_release(request);
		return NULL;
	}
	request->num_steps = graph->num_nodes;
	return request;
}

static enum edge_status prepare_step(struct cpu_step *step, const struct cpu_prepare *prepare,
				     struct edge_error *error)
{
	const struct edge_node *node = step->node;
	const struct cpu_op *op = find_op(node, prepare->cpu_flags);
	enum edge_status status;

	if (!op) {
		status = edge_fail(error, EDGE_BAD_FORMAT,
				   "kernel %s does not take it; compile the model again",
				   node->kernel ? node->kernel : "(none)");
		return fail_in_node(error, status, node);
	}
	status = op->prepare(step, prepare, error);
	return status ? fail_in_node(error, status, node) : EDGE_OK;
}

static enum edge_status cpu_prepare(const struct edge_graph *graph, unsigned int cpu_flags,
				    const struct edge_memory_map *map, unsigned int threads,
				    struct edge_backend_request **result, struct edge_error *error)
{
	const struct cpu_prepare prepare = {
		.cpu_flags = cpu_flags,
		.threads = threads,
		.caches = cpu_caches(),
	};
	struct edge_backend_request *request = create_request(graph);
	struct edge_view *view;

	if (!request)
		return edge_fail_memory(error);
	view = request->views;
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];
		struct cpu_step *step = &request->steps[i];
		enum edge_status status;

		if (!is_ours(node))
			continue;
		step->node = node;
		step->inputs = view;
		for (int j = 0; j < node->num_inputs; j++)
			*view++ = edge_tensor_view(node->inputs[j], map);
		step->outputs = view;
		for (int j = 0; j < node->num_outputs; j++)
			*view++ = edge_tensor_view(node->outputs[j], map);
		status = prepare_step(step, &prepare, error);
		if (status) {
			cpu_release(request);
			return status;
		}
		if (request->scratch_size < step->scratch_size)
			request->scratch_size = step->scratch_size;
	}
	*result = request;
	return EDGE_OK;
}

static int64_t cpu_num_tasks(const struct edge_backend_request *request, int node)
{
	return request->steps[node].num_tasks;
}

static size_t cpu_scratch_size(const struct edge_backend_request *request)
{
	return request->scratch_size;
}

static void cpu_run(struct edge_backend_request *request, int node, int64_t task, void *scratch)
{
	const struct cpu_step *step = &request->steps[node];

	step->run(step, task, scratch);
}

static int64_t cpu_output_size(const struct edge_backend_request *request, int node, int output)
{
	return request->steps[node].outputs[output].dims[0];
}

const struct edge_backend_ops edge_backend_cpu = {
	.name = "cpu",
	.supports = cpu_supports,
	.compile = cpu_compile,
	.prepare = cpu_prepare,
	.num_tasks = cpu_num_tasks,
	.scratch_size = cpu_scratch_size,
	.run = cpu_run,
	.output_size = cpu_output_size,
	.release = cpu_release,
};
