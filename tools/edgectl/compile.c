// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "report.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl compile [OPTION...] MODEL\n\n"
	"Compiles MODEL (ONNX, TensorFlow Lite or Darknet) for this machine into a program that\n"
	"loads at once.\n\n"
	"  -o, --output FILE     the program to write (default: MODEL with .edge at its end)\n" CLI_MODEL_HELP;

/* MODEL without its last extension, and .edge. */
static char *default_output(const char *model)
{
	const char *slash = strrchr(model, '/');
	const char *dot = strrchr(model, '.');
	char *path;

	if (!dot || (slash && dot < slash))
		dot = model + strlen(model);
	if (asprintf(&path, "%.*s.edge", (int)(dot - model), model) < 0)
		return NULL;
	return path;
}

static int report(const char *output, const struct edge_program_info *info)
{
	json_t *object = report_create("compile");

	json_object_update_new(object,
			       json_pack("{s:s, s:s, s:I, s:I, s:I, s:I}", "program", output, "cpu",
					 edge_cpu_level_name(info->cpu_flags), "nodes",
					 (json_int_t)info->num_nodes, "bf16_nodes",
					 (json_int_t)info->num_bf16, "constant_bytes",
					 (json_int_t)info->constant_bytes, "arena_bytes",
					 (json_int_t)info->arena_bytes));
	return report_print(object);
}

static int compile(const struct cli_model *options, const char *path, const char *output, bool json)
{
	struct edge_compile_settings settings;
	struct edge_program *program = NULL;
	struct edge_program_info info;
	struct edge_error error = { 0 };
	struct edge_model *model = NULL;
	int result = CLI_FAILED;
	char *card = NULL;

	edge_compile_settings_default(&settings);
	settings.native_io = true;
	settings.quantised_io = true;
	settings.precision = options->precision;
	if (options->card) {
		card = cli_read_text(options->card);
		if (!card)
			return CLI_FAILED;
		settings.card = card;
	}
	if (cli_model_load(options, path, &model, &error) ||
	    edge_compile(model, &settings, &program, &error) ||
	    edge_program_save(program, output, &error)) {
		cli_failed(&error);
		goto destroy;
	}
	edge_program_info(program, &info);
	if (json) {
		result = report(output, &info);
		goto destroy;
	}
	printf("%s: %zu nodes for %s, %s%s%s of constants, %s of arena\n", output, info.num_nodes,
	       edge_cpu_level_name(info.cpu_flags), cli_precision(&info), info.num_bf16 ? ", " : "",
	       cli_bytes(info.constant_bytes), cli_bytes(info.arena_bytes));
	result = CLI_OK;

destroy:
	edge_program_destroy(program);
	edge_model_destroy(model);
	free(card);
	return result;
}

int verb_compile(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		CLI_MODEL_OPTIONS,
		{ NULL, 0, NULL, 0 },
	};
	struct cli_model model = { 0 };
	char *output = NULL;
	bool json = false;
	int option, result;

	while ((option = getopt_long(argc, argv, "o:t:h", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			free(output);
			output = strdup(optarg);
			break;
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		case '?':
			return cli_usage("compile");
		default:
			if (!cli_model_option(&model, option, optarg))
				return CLI_USAGE;
		}
	}
	if (argc - optind != 1)
		return cli_usage("compile");
	if (!output)
		output = default_output(argv[optind]);
	if (!output) {
		cli_message("out of memory");
		return CLI_FAILED;
	}
	result = compile(&model, argv[optind], output, json);
	free(output);
	return result;
}
