// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "accel.h"
#include "cli.h"
#include "report.h"
#include "terminal.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl doctor [OPTION...]\n\n"
	"Looks at all that stands between a program and an accelerator: the card, the kernel module\n"
	"and its signature, the node and its permissions, the container, memory. Says what to do.\n"
	"The exit status is 1 if something is in the way.\n\n"
	"      --json            print JSON; see edgectl(1) for the schema\n"
	"  -h, --help            this text\n";

/* "fail  permission  " */
#define INDENT 18

static void print_finding(const struct finding *finding)
{
	static const enum colour colours[] = {
		[VERDICT_OK] = COLOUR_GOOD,
		[VERDICT_WARN] = COLOUR_WARN,
		[VERDICT_FAIL] = COLOUR_BAD,
		[VERDICT_SKIP] = COLOUR_DIM,
	};

	terminal_colour(colours[finding->verdict]);
	printf("%-4s", verdict_name(finding->verdict));
	terminal_colour(COLOUR_NONE);
	printf("  %-10s  ", finding->name);
	terminal_wrap(INDENT, finding->text);
	if (!finding->remedy[0])
		return;
	printf("%*s", INDENT, "");
	terminal_colour(COLOUR_BOLD);
	terminal_wrap(INDENT, finding->remedy);
	terminal_colour(COLOUR_NONE);
}

static int print(const struct checks_system *system)
{
	struct finding finding;
	size_t counts[VERDICT_SKIP + 1] = { 0 };
	const char *first = NULL;

	for (size_t i = 0; i < checks_count(); i++) {
		checks_run(system, i, &finding);
		print_finding(&finding);
		counts[finding.verdict]++;
		if (finding.verdict == VERDICT_FAIL && !first)
			first = finding.name;
	}
	if (first)
		printf("\n%zu failed, %zu warned. Begin with '%s', then look again.\n",
		       counts[VERDICT_FAIL], counts[VERDICT_WARN], first);
	else if (counts[VERDICT_WARN])
		printf("\nNothing is in the way; %zu warned.\n", counts[VERDICT_WARN]);
	else
		puts("\nNothing is in the way.");
	return first ? CLI_FAILED : CLI_OK;
}

static int report(const struct checks_system *system)
{
	json_t *object = report_create("doctor");
	json_t *checks = accel_json_checks(system), *check;
	bool failed = false;
	size_t i;
	int result;

	json_array_foreach(checks, i, check)
		failed |= !strcmp(json_string_value(json_object_get(check, "verdict")), "fail");
	json_object_set_new(object, "healthy", json_boolean(!failed));
	json_object_set_new(object, "checks", checks);
	result = report_print(object);
	return result ? result : failed ? CLI_FAILED : CLI_OK;
}

int verb_doctor(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, CLI_OPTION_JSON },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct edge_device_list *list;
	struct checks_system system;
	bool json = false;
	int option, result;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		default:
			return cli_usage("doctor");
		}
	}
	if (optind != argc)
		return cli_usage("doctor");
	list = accel_list();
	if (!list)
		return CLI_FAILED;
	checks_this_system(&system, list);
	result = json ? report(&system) : print(&system);
	edge_device_list_destroy(list);
	return result;
}
