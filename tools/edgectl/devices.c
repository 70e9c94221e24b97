// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "accel.h"
#include "cli.h"
#include "report.h"
#include "table.h"
#include "terminal.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl devices [OPTION...]\n\n"
	"Lists the accelerators of this machine, and whether they can be used.\n\n"
	"      --json            print JSON; see edgectl(1) for the schema\n"
	"  -h, --help            this text\n";

static int report(const struct edge_device_list *list)
{
	json_t *object = report_create("devices");

	json_object_set_new(object, "devices", accel_json(list));
	return report_print(object);
}

/* There is none: the first thing that 'edgectl doctor' would have mended. */
static void print_why_none(const struct edge_device_list *list)
{
	struct checks_system system;
	struct finding finding;

	puts("No accelerator was found.");
	checks_this_system(&system, list);
	for (size_t i = 0; i < checks_count(); i++) {
		checks_run(&system, i, &finding);
		if (finding.verdict != VERDICT_FAIL)
			continue;
		printf("%s: ", finding.name);
		terminal_wrap(2, finding.text);
		fputs("  ", stdout);
		terminal_wrap(2, finding.remedy);
		break;
	}
	puts("'edgectl doctor' checks everything.");
}

static void print(const struct edge_device_list *list)
{
	static const char *const columns[] = { ">#",	  "NODE",    "KIND",  "NAME",
					       "COMPUTE", "ADDRESS", "STATE", NULL };
	const struct edge_device_info *info;
	struct table *table = table_create(columns);

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++) {
		table_row(table);
		table_cell(table, "%zu", i);
		table_cell(table, "%s", info->node);
		table_cell(table, "%s", edge_accel_kind_name(info->kind));
		table_cell(table, "%s", info->name);
		table_cell(table, "%s", accel_size(info));
		table_cell(table, "%s", info->address);
		table_cell(table, "%s", accel_state(info));
	}
	table_print(table);
	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++) {
		if (!info->status)
			continue;
		putchar('\n');
		terminal_wrap(2, info->reason);
	}
}

int verb_devices(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, CLI_OPTION_JSON },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct edge_device_list *list;
	bool json = false;
	int option, result = CLI_OK;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		default:
			return cli_usage("devices");
		}
	}
	if (optind != argc)
		return cli_usage("devices");
	list = accel_list();
	if (!list)
		return CLI_FAILED;
	if (json)
		result = report(list);
	else if (edge_device_list_at(list, 0))
		print(list);
	else
		print_why_none(list);
	edge_device_list_destroy(list);
	return result;
}
