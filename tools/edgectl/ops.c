// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] = "Usage: edgectl ops [OPTION...] [FORMAT]\n\n"
			    "Lists the operators that can be imported, of one format or of all.\n\n"
			    "      --json            print JSON; see edgectl(1) for the schema\n"
			    "  -h, --help            this text\n";

static int report(const char *format)
{
	json_t *object = report_create("ops");
	json_t *list = json_array();
	const struct edge_operator *op;

	for (size_t i = 0; (op = edge_operator_at(i)); i++)
		if (!format || !strcmp(format, op->format))
			json_array_append_new(list, json_pack("{s:s, s:s, s:i, s:s?}", "format",
							      op->format, "name", op->name, "since",
							      op->since, "note", op->note));
	json_object_set_new(object, "operators", list);
	return report_print(object);
}

static int print(const char *format)
{
	static const char *const columns[] = { "FORMAT", "OPERATOR", ">SINCE", "NOTE", NULL };
	struct table *table = table_create(columns);
	const struct edge_operator *op;
	size_t count = 0;

	for (size_t i = 0; (op = edge_operator_at(i)); i++) {
		if (format && strcmp(format, op->format))
			continue;
		table_row(table);
		table_cell(table, "%s", op->format);
		table_cell(table, "%s", op->name);
		if (op->since)
			table_cell(table, "%d", op->since);
		else
			table_cell(table, "%s", "");
		table_cell(table, "%s", op->note ? op->note : "");
		count++;
	}
	if (!count) {
		table_print(NULL);
		cli_message("no format '%s'; there are darknet, onnx and tflite", format);
		return CLI_FAILED;
	}
	table_print(table);
	printf("\n%zu operators\n", count);
	return CLI_OK;
}

int verb_ops(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, CLI_OPTION_JSON },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (option) {
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		default:
			return cli_usage("ops");
		}
	}
	if (argc - optind > 1)
		return cli_usage("ops");
	return json ? report(argv[optind]) : print(argv[optind]);
}
