// SPDX-License-Identifier: MIT
/*
 * What sysfs tells of accelerators. A device of ours is known by the kernel module of its driver,
 * which is the same on every bus; nothing is opened, so that this works without any permission.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "device/list.h"
#include "device/sysfs.h"

#define MODULE "edge_accel"

static const struct place {
	const char *class;
	const char *prefix;
} places[] = {
	{ "/sys/class/accel", "accel" },
	{ "/sys/class/drm", "renderD" }, /* where the kernel has no DRM_ACCEL */
};

#define ATTRIBUTE_MAX 256

/* In order of length, then of spelling: accel2 before accel10. */
static int by_number(const void *a, const void *b)
{
	const char *const *first = a, *const *second = b;
	size_t length = strlen(*first), other = strlen(*second);

	return length != other ? (length > other) - (length < other) : strcmp(*first, *second);
}

static bool is_ours(const char *root, const struct place *place, const char *name)
{
	char path[PATH_MAX], module[64];

	if (edge_sysfs_path(path, root, "%s/%s/device/driver/module", place->class, name) &&
	    edge_sysfs_name(path, module, sizeof(module)))
		return !strcmp(module, MODULE);
	/* Built into the kernel: only the driver's name is left. */
	return edge_sysfs_path(path, root, "%s/%s/device/driver", place->class, name) &&
	       edge_sysfs_name(path, module, sizeof(module)) && !strcmp(module, MODULE);
}

/* An attribute of the group "edge", or "". */
static void read_attribute(const char *root, const struct edge_device_info *info, const char *name,
			   char *text)
{
	char path[PATH_MAX];

	text[0] = 0;
	if (edge_sysfs_path(path, root, "%s/edge/%s", info->sysfs, name))
		edge_sysfs_read(path, text, ATTRIBUTE_MAX);
}

static enum edge_accel_kind read_kind(const char *root, const struct edge_device_info *info)
{
	char text[ATTRIBUTE_MAX];

	read_attribute(root, info, "kind", text);
	for (int kind = EDGE_ACCEL_NPU; kind <= EDGE_ACCEL_VPU; kind++)
		if (!strcmp(text, edge_accel_kind_name(kind)))
			return kind;
	return EDGE_ACCEL_UNKNOWN;
}

static uint32_t read_number(const char *root, const struct edge_device_info *info, const char *name)
{
	char text[ATTRIBUTE_MAX];

	read_attribute(root, info, name, text);
	return strtoul(text, NULL, 0);
}

/* "/dev/" and what the kernel's own event says. */
static bool read_node(const char *root, const struct place *place, const char *name, char *node)
{
	static const char key[] = "DEVNAME=";
	char path[PATH_MAX], line[128];
	bool found = false;
	FILE *file;

	if (!edge_sysfs_path(path, root, "%s/%s/uevent", place->class, name))
		return false;
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		if (strncmp(line, key, sizeof(key) - 1) || strstr(line, ".."))
			continue;
		found = snprintf(node, PATH_MAX, "/dev/%s", line + sizeof(key) - 1) < PATH_MAX;
	}
	fclose(file);
	return found;
}

/* Strings are copied; on false the list's destruction frees those that were. */
static bool describe(const char *root, const struct place *place, const char *name,
		     struct edge_device_info *info)
{
	char path[PATH_MAX], node[PATH_MAX], text[ATTRIBUTE_MAX];

	if (!read_node(root, place, name, node))
		snprintf(node, sizeof(node), "/dev/%s/%s",
			 place->class[strlen("/sys/class/")] == 'a' ? "accel" : "dri", name);
	info->node = strdup(node);
	snprintf(path, sizeof(path), "%s/%s/device", place->class, name);
	info->sysfs = strdup(path);
	if (!info->node || !info->sysfs)
		return false;
	text[0] = 0;
	if (edge_sysfs_path(path, root, "%s/subsystem", info->sysfs))
		edge_sysfs_name(path, text, sizeof(text));
	info->bus = strdup(text);
	text[0] = 0;
	if (edge_sysfs_path(path, root, "%s", info->sysfs))
		edge_sysfs_name(path, text, sizeof(text));
	info->address = strdup(text);
	read_attribute(root, info, "family", text);
	info->family = strdup(text);
	read_attribute(root, info, "name", text);
	info->name = strdup(text);
	read_attribute(root, info, "geometry", text);
	info->geometry = strdup(text);
	info->reason = strdup("");
	info->kind = read_kind(root, info);
	info->hw_version = read_number(root, info, "hw_version");
	info->resets = read_number(root, info, "resets");
	return info->bus && info->address && info->family && info->name && info->geometry &&
	       info->reason;
}

static bool add(struct edge_device_list *list, const char *root, const struct place *place,
		const char *name)
{
	struct edge_device_info *devices =
		realloc(list->devices, (list->count + 1) * sizeof(*devices));

	if (!devices)
		return false;
	list->devices = devices;
	memset(&devices[list->count], 0, sizeof(*devices));
	return describe(root, place, name, &devices[list->count++]);
}

/* The names in the folder of a class that are ours, sorted; false when memory has run out. */
static bool read_names(const char *root, const struct place *place, char ***names, size_t *count)
{
	char path[PATH_MAX];
	struct dirent *entry;
	bool ok = true;
	DIR *folder;

	*names = NULL;
	*count = 0;
	if (!edge_sysfs_path(path, root, "%s", place->class))
		return true;
	errno = 0;
	folder = opendir(path);
	if (!folder)
		return errno != ENOMEM;
	while (ok && (entry = readdir(folder))) {
		char **grown;

		if (strncmp(entry->d_name, place->prefix, strlen(place->prefix)) ||
		    !is_ours(root, place, entry->d_name))
			continue;
		grown = realloc(*names, (*count + 1) * sizeof(*grown));
		if (grown) {
			*names = grown;
			grown[*count] = strdup(entry->d_name);
		}
		ok = grown && grown[*count];
		*count += ok;
	}
	closedir(folder);
	if (*count)
		qsort(*names, *count, sizeof(**names), by_number);
	return ok;
}

enum edge_status edge_device_list_enumerate(struct edge_device_list *list, const char *root,
					    struct edge_error *error)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		char **names;
		size_t count;
		bool ok = read_names(root, &places[i], &names, &count);

		for (size_t j = 0; j < count; j++) {
			ok = ok && add(list, root, &places[i], names[j]);
			free(names[j]);
		}
		free(names);
		if (!ok)
			return edge_fail_memory(error);
	}
	return EDGE_OK;
}
