// SPDX-License-Identifier: MIT
#include "accel.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

struct edge_device_list *accel_list(void)
{
	struct edge_device_list *list;
	struct edge_error error;

	if (edge_device_list_create(&list, &error)) {
		cli_failed(&error);
		return NULL;
	}
	return list;
}

const char *accel_state(const struct edge_device_info *info)
{
	switch (info->status) {
	case EDGE_OK:
		return "ready";
	case EDGE_PERMISSION_DENIED:
		return "no permission";
	case EDGE_DEVICE_REMOVED:
		return "removed";
	case EDGE_BUSY:
		return "busy";
	case EDGE_DEVICE_FAULT:
		return "broken";
	case EDGE_INCOMPATIBLE:
		return "other version";
	default:
		return "unusable";
	}
}

/* The number after "KEY=" in @words, or 0. */
static uint64_t word_value(const char *words, const char *key)
{
	size_t length = strlen(key);

	for (const char *at = words; (at = strstr(at, key)); at += length)
		if ((at == words || at[-1] == ' ') && at[length] == '=')
			return strtoull(at + length + 1, NULL, 10);
	return 0;
}

const char *accel_size(const struct edge_device_info *info)
{
	static char text[48];
	uint64_t c = word_value(info->geometry, "atomic_c");
	uint64_t k = word_value(info->geometry, "atomic_k");
	uint64_t bytes = word_value(info->geometry, "cbuf_banks") *
			 word_value(info->geometry, "cbuf_width") *
			 word_value(info->geometry, "cbuf_depth");

	text[0] = 0;
	if (c && k && bytes)
		snprintf(text, sizeof(text), "%" PRIu64 " MACs, %" PRIu64 " KiB", c * k,
			 bytes >> 10);
	else if (c && k)
		snprintf(text, sizeof(text), "%" PRIu64 " MACs", c * k);
	return text;
}

static json_t *json_device(const struct edge_device_info *info, size_t index)
{
	json_t *object = json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "index",
				   (json_int_t)index, "node", info->node, "bus", info->bus,
				   "address", info->address, "kind",
				   edge_accel_kind_name(info->kind), "family", info->family, "name",
				   info->name, "geometry", info->geometry, "state",
				   accel_state(info));

	json_object_update_new(
		object, json_pack("{s:s, s:s, s:i, s:i, s:i}", "reason", info->reason, "sysfs",
				  info->sysfs, "driver_major", info->driver_major, "driver_minor",
				  info->driver_minor, "timeout_ms", info->timeout_ms));
	json_object_update_new(object, json_pack("{s:I, s:I, s:I, s:I, s:I}", "hw_version",
						 (json_int_t)info->hw_version, "fw_version",
						 (json_int_t)info->fw_version, "clock_hz",
						 (json_int_t)info->clock_hz, "max_buffer_bytes",
						 (json_int_t)info->max_buffer, "resets",
						 (json_int_t)info->resets));
	return object;
}

json_t *accel_json(const struct edge_device_list *list)
{
	const struct edge_device_info *info;
	json_t *array = json_array();

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++)
		json_array_append_new(array, json_device(info, i));
	return array;
}

json_t *accel_json_checks(const struct checks_system *system)
{
	json_t *array = json_array();
	struct finding finding;

	for (size_t i = 0; i < checks_count(); i++) {
		checks_run(system, i, &finding);
		json_array_append_new(array,
				      json_pack("{s:s, s:s, s:s, s:s}", "name", finding.name,
						"verdict", verdict_name(finding.verdict), "finding",
						finding.text, "remedy", finding.remedy));
	}
	return array;
}
