// SPDX-License-Identifier: MIT
#include "report.h"

#include "cli.h"

json_t *report_create(const char *verb)
{
	return json_pack("{s:i, s:s, s:s, s:s}", "schema", REPORT_SCHEMA, "tool", "edgectl",
			 "version", edge_version(), "verb", verb);
}

int report_print(json_t *report)
{
	int result = CLI_OK;

	if (!report || json_dumpf(report, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(7)) < 0 ||
	    putchar('\n') == EOF || fflush(stdout) == EOF) {
		cli_message("cannot write the report");
		result = CLI_FAILED;
	}
	json_decref(report);
	return result;
}

json_t *report_shape(int rank, const int64_t *dims)
{
	json_t *shape = json_array();

	for (int i = 0; i < rank; i++)
		json_array_append_new(shape, json_integer(dims[i]));
	return shape;
}

json_t *report_tensor(const struct edge_tensor_info *info)
{
	json_t *tensor = json_pack("{s:s, s:s, s:o}", "name", info->name, "type",
				   edge_type_name(info->type), "shape",
				   report_shape(info->rank, info->dims));

	if (info->quantised)
		json_object_update_new(tensor, json_pack("{s:f, s:i}", "scale", info->scale,
							 "zero_point", info->zero_point));
	return tensor;
}
