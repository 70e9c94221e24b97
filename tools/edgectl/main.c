// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "verbs.h"

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *summary;
} verbs[] = {
	{ "detect", verb_detect, "find objects in images" },
	{ "info", verb_info, "show what is in a model or program" },
	{ "compile", verb_compile, "make a program for this machine" },
	{ "bench", verb_bench, "measure how fast a model runs" },
	{ "eval", verb_eval, "average precision against ground truth" },
	{ "ops", verb_ops, "list the operators that can be imported" },
	{ "devices", verb_devices, "list accelerators" },
	{ "doctor", verb_doctor, "say what keeps accelerators from working, and the remedy" },
	{ "top", verb_top, "show how busy accelerators are, and with whose work" },
	{ "reset", verb_reset, "reset an accelerator" },
	{ "report", verb_report, "gather what a bug report needs" },
};

#define NUM_VERBS (sizeof(verbs) / sizeof(verbs[0]))

static void help(FILE *file)
{
	fputs("edgectl runs object detectors on edge boxes.\n\nUsage: edgectl VERB [OPTION...]\n\n",
	      file);
	for (size_t i = 0; i < NUM_VERBS; i++)
		fprintf(file, "  %-9s %s\n", verbs[i].name, verbs[i].summary);
	fputs("\nedgectl VERB --help tells more, the manual page edgectl(1) everything.\n"
	      "Text output may change between versions; --json carries a schema number.\n",
	      file);
}

static void warn(void *data, enum edge_log_topic topic, const char *message)
{
	(void)data;
	(void)topic;
	cli_message("warning: %s", message);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		help(stderr);
		return CLI_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		help(stdout);
		return CLI_OK;
	}
	if (!strcmp(argv[1], "--version")) {
		printf("edgectl %s\n", edge_version());
		return CLI_OK;
	}
	edge_set_log(warn, NULL, EDGE_LOG_WARNING);
	for (size_t i = 0; i < NUM_VERBS; i++)
		if (!strcmp(argv[1], verbs[i].name))
			return verbs[i].run(argc - 1, argv + 1);
	cli_message("no verb '%s'; 'edgectl --help' lists them", argv[1]);
	return CLI_USAGE;
}
