// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl info [OPTION...] FILE\n\n"
	"Shows what is in a model (ONNX, TensorFlow Lite, Darknet) and what becomes of it on this\n"
	"machine, or what is in a compiled program.\n\n"
	"      --nodes           every node: where it runs, by which kernel, and why\n"
	"      --graph           the graph as the model states it (not for programs)\n"
	"      --dot             the graph for Graphviz: edgectl info --dot M | dot -Tsvg >m.svg\n" CLI_MODEL_HELP;

enum {
	OPTION_NODES = CLI_OPTION_VERB,
	OPTION_GRAPH,
	OPTION_DOT,
};

enum mode {
	MODE_SUMMARY,
	MODE_NODES,
	MODE_GRAPH,
	MODE_DOT,
};

static json_t *report_node(const struct edge_node_info *node)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:I, s:I}", "name", node->name, "op",
			 node->op, "device", node->device, "kernel", node->kernel, "reason",
			 node->reason, "shape", report_shape(node->rank, node->shape), "flops",
			 (json_int_t)node->flops, "bytes", (json_int_t)node->bytes);
}

static int report(const char *path, const char *family, const struct edge_program *program)
{
	json_t *object = report_create("info");
	json_t *inputs = json_array(), *outputs = json_array(), *nodes = json_array();
	struct edge_program_info info;
	struct edge_tensor_info tensor;
	struct edge_node_info node;

	edge_program_info(program, &info);
	for (size_t i = 0; !edge_program_input(program, i, &tensor); i++)
		json_array_append_new(inputs, report_tensor(&tensor));
	for (size_t i = 0; !edge_program_output(program, i, &tensor); i++)
		json_array_append_new(outputs, report_tensor(&tensor));
	for (size_t i = 0; !edge_program_node(program, i, &node); i++)
		json_array_append_new(nodes, report_node(&node));
	json_object_update_new(
		object,
		json_pack("{s:s, s:s?, s:s, s:I, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "file", path,
			  "family", family, "cpu", edge_cpu_level_name(info.cpu_flags), "flops",
			  (json_int_t)info.flops, "constant_bytes", (json_int_t)info.constant_bytes,
			  "arena_bytes", (json_int_t)info.arena_bytes, "io_bytes",
			  (json_int_t)info.io_bytes, "bf16_nodes", (json_int_t)info.num_bf16,
			  "inputs", inputs, "outputs", outputs, "nodes", nodes));
	return report_print(object);
}

static void print_tensor(const char *what, const struct edge_tensor_info *tensor)
{
	printf("%-11s %s %s %s", what, tensor->name, edge_type_name(tensor->type),
	       cli_shape(tensor->rank, tensor->dims));
	if (tensor->quantised)
		printf(", for %g * (x - %" PRId32 ")", tensor->scale, tensor->zero_point);
	putchar('\n');
}

static void print_summary(const char *path, const char *family, const struct edge_program *program)
{
	static const char *const keys[] = { "format", "producer", "opset", "description" };
	struct edge_program_info info;
	struct edge_tensor_info tensor;
	struct edge_node_info node;
	size_t slow = 0, wide = 0;

	edge_program_info(program, &info);
	printf("%-11s %s\n", "file", path);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *value = edge_program_metadata(program, keys[i]);

		if (value && *value)
			printf("%-11s %s\n", keys[i], value);
	}
	printf("%-11s %s\n", "detector", family ? family : "no head that is known");
	for (size_t i = 0; !edge_program_input(program, i, &tensor); i++)
		print_tensor("input", &tensor);
	for (size_t i = 0; !edge_program_output(program, i, &tensor); i++)
		print_tensor("output", &tensor);
	for (size_t i = 0; !edge_program_node(program, i, &node); i++) {
		const bool reference = !strcmp(node.kernel, "reference");

		slow += reference && node.reason[0];
		wide += !reference && node.reason[0];
	}
	printf("%-11s %zu on cpu (%s)", "nodes", info.num_nodes,
	       edge_cpu_level_name(info.cpu_flags));
	if (slow)
		printf(", %zu without a fast kernel (--nodes tells why)", slow);
	if (info.num_bf16 || wide)
		printf("\n%-11s bf16 in %zu of these, f32 in %zu that multiply (--nodes tells why)",
		       "precision", info.num_bf16, wide);
	printf("\n%-11s %.3f GFLOP a run\n", "work", info.flops / 1e9);
	printf("%-11s constants %s, arena %s, inputs and outputs %s\n", "memory",
	       cli_bytes(info.constant_bytes), cli_bytes(info.arena_bytes),
	       cli_bytes(info.io_bytes));
}

static void print_nodes(const struct edge_program *program)
{
	static const char *const columns[] = { ">#",	 "NODE",   "OPERATOR", "OUTPUT", ">MFLOP",
					       "DEVICE", "KERNEL", "REASON",   NULL };
	struct table *table = table_create(columns);
	struct edge_node_info node;

	for (size_t i = 0; !edge_program_node(program, i, &node); i++) {
		table_row(table);
		table_cell(table, "%zu", i);
		table_cell(table, "%s", node.name);
		table_cell(table, "%s", node.op);
		table_cell(table, "%s", cli_shape(node.rank, node.shape));
		table_cell(table, "%.2f", node.flops / 1e6);
		table_cell(table, "%s", node.device);
		table_cell(table, "%s", node.kernel);
		table_cell(table, "%s", node.reason);
	}
	table_print(table);
}

/* The detector's family, or NULL; what is no detector can be shown all the same. */
static const char *family_of(const struct cli_model *options, const char *path)
{
	struct edge_detector_settings settings;
	struct edge_detector *detector;
	const char *family;

	edge_detector_settings_default(&settings);
	settings.card = options->card;
	settings.weights = options->weights;
	settings.shapes = options->shapes;
	settings.num_shapes = options->num_shapes;
	settings.limits = &options->limits;
	settings.threads = 1;
	if (edge_detector_open(path, &settings, &detector, NULL))
		return NULL;
	family = edge_detector_family(detector);
	edge_detector_destroy(detector);
	return family;
}

static int show(const struct cli_model *options, const char *path, enum mode mode, bool json)
{
	struct edge_compile_settings settings;
	struct edge_program *program = NULL;
	struct edge_error error = { 0 };
	struct edge_model *model = NULL;
	enum edge_status status;
	int result = CLI_OK;

	edge_compile_settings_default(&settings);
	settings.native_io = true;
	settings.quantised_io = true;
	settings.precision = options->precision;
	if (edge_program_probe(path)) {
		status = cli_program_load(options, path, &program, &error);
	} else {
		status = cli_model_load(options, path, &model, &error);
		if (!status && mode == MODE_GRAPH) {
			status = edge_model_dump(model, EDGE_DUMP_TEXT, stdout, &error);
			goto destroy;
		}
		if (!status)
			status = edge_compile(model, &settings, &program, &error);
	}
	if (status)
		goto destroy;
	if (mode == MODE_GRAPH || mode == MODE_DOT)
		status = edge_program_dump(
			program, mode == MODE_DOT ? EDGE_DUMP_DOT : EDGE_DUMP_TEXT, stdout, &error);
	else if (json)
		result = report(path, family_of(options, path), program);
	else if (mode == MODE_NODES)
		print_nodes(program);
	else
		print_summary(path, family_of(options, path), program);

destroy:
	edge_program_destroy(program);
	edge_model_destroy(model);
	return status ? cli_failed(&error) : result;
}

int verb_info(int argc, char **argv)
{
	static const struct option options[] = {
		{ "nodes", no_argument, NULL, OPTION_NODES },
		{ "graph", no_argument, NULL, OPTION_GRAPH },
		{ "dot", no_argument, NULL, OPTION_DOT },
		CLI_MODEL_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct cli_model model = { 0 };
	enum mode mode = MODE_SUMMARY;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "t:h", options, NULL)) != -1) {
		switch (option) {
		case OPTION_NODES:
			mode = MODE_NODES;
			break;
		case OPTION_GRAPH:
			mode = MODE_GRAPH;
			break;
		case OPTION_DOT:
			mode = MODE_DOT;
			break;
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case '?':
			return cli_usage("info");
		default:
			if (!cli_model_option(&model, option, optarg))
				return CLI_USAGE;
		}
	}
	if (argc - optind != 1)
		return cli_usage("info");
	return show(&model, argv[optind], mode, json);
}
