// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "accel.h"
#include "cli.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl reset DEVICE\n\n"
	"Resets an accelerator at once. Jobs that are on it run again. For the administrator.\n\n"
	"DEVICE is its number in 'edgectl devices', its node (accel0) or its address\n"
	"(0000:01:00.0).\n\n"
	"  -h, --help            this text\n";

static int no_such_device(const struct edge_device_list *list, const char *name)
{
	const struct edge_device_info *info = edge_device_list_at(list, 0);

	if (info)
		cli_message("no accelerator '%s'; 'edgectl devices' lists them, such as '%s'", name,
			    info->address);
	else
		cli_message("no accelerator '%s', nor any other; 'edgectl doctor' tells why", name);
	return CLI_FAILED;
}

static int reset(const struct edge_device_info *info)
{
	struct edge_device *device;
	struct edge_error error;
	enum edge_status status = edge_device_open(info->node, &device, &error);

	if (!status)
		status = edge_device_reset(device, &error);
	edge_device_destroy(device);
	if (status)
		return cli_failed(&error);
	printf("%s (%s) was reset.\n", info->node, info->address);
	return CLI_OK;
}

int verb_reset(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const struct edge_device_info *info;
	struct edge_device_list *list;
	int option, result;

	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option != 'h')
			return cli_usage("reset");
		fputs(usage, stdout);
		return CLI_OK;
	}
	if (argc - optind != 1)
		return cli_usage("reset");
	list = accel_list();
	if (!list)
		return CLI_FAILED;
	info = edge_device_list_find(list, argv[optind]);
	result = info ? reset(info) : no_such_device(list, argv[optind]);
	edge_device_list_destroy(list);
	return result;
}
