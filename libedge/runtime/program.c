// SPDX-License-Identifier: MIT
#include "runtime/program.h"

#include <stdlib.h>
#include <string.h>

#include "backend/backend.h"
#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "edge/cpu.h"
#include "graph/print.h"
#include "graph/verify.h"
#include "import/model.h"
#include "passes/passes.h"
#include "ref/work.h"
#include "runtime/flops.h"
#include "runtime/partition.h"

void edge_compile_settings_default(struct edge_compile_settings *settings)
{
	memset(settings, 0, sizeof(*settings));
}

static bool index_work(struct edge_program *program)
{
	const struct edge_graph *graph = program->graph;

	program->work = calloc(graph->num_nodes + 1, sizeof(*program->work));
	program->labels = calloc(graph->num_nodes + 1, sizeof(*program->labels));
	if (!program->work || !program->labels)
		return false;
	for (int i = 0; i < graph->num_nodes; i++) {
		if (graph->nodes[i]->is_view)
			continue;
		edge_print_op(graph->nodes[i], program->labels[program->num_work],
			      sizeof(program->labels[0]));
		program->work[program->num_work++] = i;
	}
	return true;
}

enum edge_status edge_program_create(struct edge_graph *graph, unsigned int cpu_flags,
				     struct edge_file file, struct edge_program **result,
				     struct edge_error *error)
{
	struct edge_program *program = calloc(1, sizeof(*program));

	if (!program) {
		edge_graph_destroy(graph);
		edge_file_unmap(&file);
		return edge_fail_memory(error);
	}
	program->graph = graph;
	program->cpu_flags = cpu_flags;
	program->file = file;
	if (!index_work(program)) {
		edge_program_destroy(program);
		return edge_fail_memory(error);
	}
	*result = program;
	return EDGE_OK;
}

void edge_program_destroy(struct edge_program *program)
{
	if (!program)
		return;
	edge_graph_destroy(program->graph);
	edge_file_unmap(&program->file);
	free(program->labels);
	free(program->work);
	free(program);
}

/* A step of plain C takes as long as some tens of multiply-adds of a fast kernel. */
#define REFERENCE_COST 64

static double work_of(const struct edge_node *node)
{
	if (node->is_view)
		return 0;
	return edge_ref_work(node) *
	       (node->kernel && !strcmp(node->kernel, "reference") ? REFERENCE_COST : 1);
}

enum edge_status edge_program_check_limits(const struct edge_graph *graph, struct edge_error *error)
{
	const struct edge_limits *limits = &graph->limits;
	uint64_t bytes;
	double work = 0;

	if (__builtin_add_overflow(graph->arena_size, graph->io_size, &bytes) ||
	    bytes > limits->run_bytes)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "%s: a frame takes %s", graph->name,
				 EDGE_OVER(limits, run_bytes));
	for (int i = 0; i < graph->num_nodes; i++) {
		const struct edge_node *node = graph->nodes[i];

		work += work_of(node);
		if (work > limits->run_work)
			return edge_fail(error, EDGE_LIMIT_EXCEEDED,
					 "%s: node '%s' and those before it take %s", graph->name,
					 node->name, EDGE_OVER(limits, run_work));
	}
	return EDGE_OK;
}

static enum edge_status compile(struct edge_graph *graph,
				const struct edge_compile_settings *settings,
				unsigned int cpu_flags, struct edge_error *error)
{
	const struct edge_pass_options options = {
		.native_io = settings->native_io,
		.quantised_io = settings->quantised_io,
		.no_fusion = settings->no_fusion,
	};
	enum edge_status status;

	if (settings->limits)
		graph->limits = edge_limits_fill(settings->limits);
	if (settings->card && !edge_graph_set_metadata(graph, "card", settings->card))
		return edge_fail_memory(error);
	status = edge_passes_run(graph, &options, error);
	if (!status)
		status = edge_partition(graph, error);
	if (!status)
		status = edge_backend_cpu.compile(graph, cpu_flags, settings->precision, error);
	if (!status)
		status = edge_pass_memory_plan(graph, error);
	if (!status)
		status = edge_verify(graph, EDGE_STAGE_PLANNED, error);
	if (!status)
		status = edge_program_check_limits(graph, error);
	return status;
}

/* The instruction sets to compile for. bf16 is one only for those who ask for it: others' programs run
 * without. */
static unsigned int flags_for(const struct edge_graph *graph, uint32_t precision)
{
	const unsigned int flags = edge_cpu_flags();

	if (precision == EDGE_PRECISION_F32)
		return flags & ~(unsigned int)EDGE_CPU_AVX512_BF16;
	if (precision == EDGE_PRECISION_BF16 && !(flags & EDGE_CPU_AVX512_BF16))
		edge_log(EDGE_LOG_WARNING,
			 "%s: this processor has no AVX512-BF16, or may not use it: what was to be "
			 "bf16 is f32",
			 graph->name);
	return flags;
}

enum edge_status edge_compile_graph(struct edge_graph *graph,
				    const struct edge_compile_settings *settings,
				    struct edge_program **program, struct edge_error *error)
{
	const struct edge_file no_file = { 0 };
	struct edge_compile_settings defaults;
	enum edge_status status;
	unsigned int cpu_flags;

	edge_compile_settings_default(&defaults);
	if (!settings)
		settings = &defaults;
	if (settings->precision > EDGE_PRECISION_BF16_ALWAYS) {
		edge_graph_destroy(graph);
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "no precision has the number %u",
				 settings->precision);
	}
	cpu_flags = flags_for(graph, settings->precision);
	status = compile(graph, settings, cpu_flags, error);
	if (status) {
		edge_graph_destroy(graph);
		return status;
	}
	return edge_program_create(graph, cpu_flags, no_file, program, error);
}

enum edge_status edge_compile(const struct edge_model *model,
			      const struct edge_compile_settings *settings,
			      struct edge_program **program, struct edge_error *error)
{
	enum edge_status status = edge_model_check_bound(model, error);
	struct edge_graph *graph;

	if (status)
		return status;
	graph = edge_graph_clone(model->graph);
	if (!graph)
		return edge_fail_memory(error);
	return edge_compile_graph(graph, settings, program, error);
}

size_t edge_program_num_inputs(const struct edge_program *program)
{
	return program->graph->num_inputs;
}

size_t edge_program_num_outputs(const struct edge_program *program)
{
	return program->graph->num_outputs;
}

static void describe(const struct edge_tensor *tensor, struct edge_tensor_info *info)
{
	edge_tensor_describe(tensor, info);
	memcpy(info->strides, tensor->strides, tensor->rank * sizeof(info->strides[0]));
}

enum edge_status edge_program_input(const struct edge_program *program, size_t index,
				    struct edge_tensor_info *info)
{
	if (index >= edge_program_num_inputs(program))
		return EDGE_INVALID_ARGUMENT;
	describe(program->graph->inputs[index], info);
	return EDGE_OK;
}

enum edge_status edge_program_output(const struct edge_program *program, size_t index,
				     struct edge_tensor_info *info)
{
	if (index >= edge_program_num_outputs(program))
		return EDGE_INVALID_ARGUMENT;
	describe(program->graph->outputs[index], info);
	return EDGE_OK;
}

const char *edge_program_metadata(const struct edge_program *program, const char *key)
{
	return edge_graph_metadata(program->graph, key);
}

static uint64_t constant_bytes(const struct edge_graph *graph)
{
	uint64_t sum = 0;

	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if (edge_tensor_is_constant(tensor) && tensor->data)
			sum += edge_tensor_bytes(tensor);
	}
	return sum;
}

void edge_program_info(const struct edge_program *program, struct edge_program_info *info)
{
	const struct edge_graph *graph = program->graph;

	memset(info, 0, sizeof(*info));
	info->cpu_flags = program->cpu_flags;
	info->num_nodes = program->num_work;
	for (int i = 0; i < program->num_work; i++) {
		const struct edge_node *node = graph->nodes[program->work[i]];

		info->flops += edge_node_flops(node);
		info->num_bf16 += node->kernel && !strcmp(node->kernel, "igemm-bf16");
	}
	info->constant_bytes = constant_bytes(graph);
	info->arena_bytes = graph->arena_size;
	info->io_bytes = graph->io_size;
}

enum edge_status edge_program_node(const struct edge_program *program, size_t index,
				   struct edge_node_info *info)
{
	const struct edge_node *node;
	const struct edge_tensor *output;

	if (index >= (size_t)program->num_work)
		return EDGE_INVALID_ARGUMENT;
	node = program->graph->nodes[program->work[index]];
	output = node->outputs[0];
	memset(info, 0, sizeof(*info));
	info->name = node->name;
	info->op = program->labels[index];
	info->device = edge_backend(node->device)->name;
	info->kernel = node->kernel;
	info->reason = node->reason;
	info->rank = output->rank;
	memcpy(info->shape, output->dims, output->rank * sizeof(info->shape[0]));
	info->flops = edge_node_flops(node);
	info->bytes = edge_node_bytes(node);
	return EDGE_OK;
}

enum edge_status edge_program_dump(const struct edge_program *program, enum edge_dump_format format,
				   FILE *file, struct edge_error *error)
{
	if (format == EDGE_DUMP_DOT)
		return edge_print_dot(program->graph, file, error);
	return edge_print_text(program->graph, file, error);
}
