// SPDX-License-Identifier: MIT
#include "usage.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "rootfs.h"

static uint64_t read_counter(const char *root, const struct edge_device_info *info,
			     const char *name)
{
	char text[32];

	rootfs_line(root, text, sizeof(text), "%s/edge/%s", info->sysfs, name);
	return strtoull(text, NULL, 10);
}

static bool read_devices(const char *root, const struct edge_device_list *list, struct usage *usage)
{
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++) {
		struct usage_device *grown =
			realloc(usage->devices, (i + 1) * sizeof(*usage->devices));

		if (!grown)
			return false;
		usage->devices = grown;
		grown[i].busy_us = read_counter(root, info, "busy_time_us");
		grown[i].resets = read_counter(root, info, "resets");
		usage->num_devices = i + 1;
	}
	return true;
}

static uint64_t number_of(const char *text, const char *key)
{
	char value[48];

	return rootfs_value(text, key, value, sizeof(value)) ? strtoull(value, NULL, 10) : 0;
}

/* The same with a unit: bytes by default. */
static uint64_t bytes_of(const char *text, const char *key)
{
	uint64_t number = number_of(text, key);
	char value[48], *unit;

	rootfs_value(text, key, value, sizeof(value));
	strtoull(value, &unit, 10);
	unit += strspn(unit, " \t");
	return !strcmp(unit, "KiB") ? number << 10 : !strcmp(unit, "MiB") ? number << 20 : number;
}

/* The device that an open file is of, by its PCI address or its node; false if none of ours. */
static bool find_device(const struct edge_device_list *list, const char *text, const char *target,
			size_t *device)
{
	const struct edge_device_info *info;
	char driver[32], address[32];

	if (!rootfs_value(text, "drm-driver", driver, sizeof(driver)) ||
	    strcmp(driver, "edge_accel"))
		return false;
	rootfs_value(text, "drm-pdev", address, sizeof(address));
	for (*device = 0; (info = edge_device_list_at(list, *device)); (*device)++)
		if (*address ? !strcmp(info->address, address) : !strcmp(info->node, target))
			return true;
	return false;
}

static bool is_known(const struct usage *usage, size_t device, uint64_t id)
{
	for (size_t i = 0; i < usage->num_clients; i++)
		if (usage->clients[i].device == device && usage->clients[i].id == id)
			return true;
	return false;
}

static bool add_client(struct usage *usage, size_t device, const char *root, const char *pid,
		       const char *text)
{
	struct usage_client *clients, *client;
	uint64_t id = number_of(text, "drm-client-id");

	/* Descriptors that were duplicated or inherited are the same client. */
	if (is_known(usage, device, id))
		return true;
	clients = realloc(usage->clients, (usage->num_clients + 1) * sizeof(*clients));
	if (!clients)
		return false;
	usage->clients = clients;
	client = &clients[usage->num_clients++];
	*client = (struct usage_client) {
		.device = device,
		.pid = strtol(pid, NULL, 10),
		.id = id,
		.busy_ns = number_of(text, "drm-engine-npu"),
		.memory = bytes_of(text, "drm-total-memory"),
		.jobs = number_of(text, "edge-jobs"),
		.ops = number_of(text, "edge-ops"),
	};
	rootfs_line(root, client->name, sizeof(client->name), "/proc/%s/comm", pid);
	/* A name is whatever the program says: it must not reach the terminal's controls. */
	for (char *c = client->name; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 127)
			*c = '?';
	return true;
}

/* Most open files are no devices; those need not be asked. */
static bool is_node(const char *root, const char *pid, const char *fd, char *target)
{
	char path[PATH_MAX];
	ssize_t length = rootfs_path(path, root, "/proc/%s/fd/%s", pid, fd)
				 ? readlink(path, target, PATH_MAX - 1)
				 : -1;

	target[length < 0 ? 0 : length] = 0;
	return !strncmp(target, "/dev/accel/", 11) || !strncmp(target, "/dev/dri/", 9);
}

static bool read_process(const char *root, const struct edge_device_list *list, const char *pid,
			 struct usage *usage)
{
	char **files = rootfs_names(root, "/proc/%s/fd", pid);
	char target[PATH_MAX];
	bool ok = true;
	size_t device;

	if (!files) {
		usage->hidden += errno == EACCES;
		return errno != ENOMEM;
	}
	for (char **fd = files; ok && *fd; fd++) {
		char *text;

		if (!is_node(root, pid, *fd, target))
			continue;
		text = rootfs_read(root, NULL, "/proc/%s/fdinfo/%s", pid, *fd);
		if (!text)
			ok = errno != ENOMEM;
		else if (find_device(list, text, target, &device))
			ok = add_client(usage, device, root, pid, text);
		free(text);
	}
	rootfs_free_names(files);
	return ok;
}

bool usage_read(const char *root, const struct edge_device_list *list, struct usage *usage)
{
	char **names;
	bool ok;

	*usage = (struct usage) { .now = cli_now() };
	ok = read_devices(root, list, usage);
	names = rootfs_names(root, "/proc");
	ok = ok && (names || errno != ENOMEM);
	for (char **name = names; ok && name && *name; name++)
		if (**name >= '1' && **name <= '9')
			ok = read_process(root, list, *name, usage);
	rootfs_free_names(names);
	return ok;
}

void usage_finish(struct usage *usage)
{
	free(usage->devices);
	free(usage->clients);
	*usage = (struct usage) { 0 };
}

const struct usage_client *usage_before(const struct usage *before, const struct usage *now,
					size_t index)
{
	const struct usage_client *client = &now->clients[index];

	for (size_t i = 0; i < before->num_clients; i++)
		if (before->clients[i].device == client->device &&
		    before->clients[i].id == client->id)
			return &before->clients[i];
	return NULL;
}

/* How much a counter grew in a second; counters start again when a driver does. */
static double rate(uint64_t before, uint64_t now, uint64_t elapsed_ns)
{
	return now > before && elapsed_ns ? (now - before) * 1e9 / elapsed_ns : 0;
}

/* Counters and clock are not read at the same moment. */
static double share(double value)
{
	return value > 1 ? 1 : value;
}

double usage_device_busy(const struct usage *before, const struct usage *now, size_t device)
{
	if (device >= before->num_devices || device >= now->num_devices)
		return 0;
	return share(rate(before->devices[device].busy_us, now->devices[device].busy_us,
			  now->now - before->now) /
		     1e6);
}

double usage_client_busy(const struct usage *before, const struct usage *now, size_t index)
{
	const struct usage_client *earlier = usage_before(before, now, index);

	return share(rate(earlier ? earlier->busy_ns : 0, now->clients[index].busy_ns,
			  now->now - before->now) /
		     1e9);
}

double usage_client_jobs(const struct usage *before, const struct usage *now, size_t index)
{
	const struct usage_client *earlier = usage_before(before, now, index);

	return rate(earlier ? earlier->jobs : 0, now->clients[index].jobs, now->now - before->now);
}
