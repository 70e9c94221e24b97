// SPDX-License-Identifier: MIT
#include "gather.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "accel.h"
#include "redact.h"
#include "rootfs.h"

/* Each writes a file, or nothing if there is nothing to say. */
typedef void (*gather_fn)(const struct checks_system *system, FILE *out);

static void write_system(const struct checks_system *system, FILE *out)
{
	static const char *const keys[] = { "PRETTY_NAME", "ID", "VERSION_ID" };
	char *text = rootfs_read(system->root, NULL, "/etc/os-release");
	struct utsname name;
	char value[128];

	uname(&name);
	/* Not the name of this machine. */
	fprintf(out, "edgectl: %s\nkernel: %s %s %s %s\npage size: %ld\n", edge_version(),
		name.sysname, system->release, name.version, name.machine, system->page_size);
	for (size_t i = 0; text && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (rootfs_value(text, keys[i], value, sizeof(value)))
			fprintf(out, "%s: %s\n", keys[i], value);
	free(text);
	if (checks_container(system))
		fprintf(out, "container: %s\n", checks_container(system));
}

/* Lines of @text whose key is in @keys, which NULL ends; each key once. */
static void write_values(FILE *out, const char *text, const char *const *keys)
{
	char value[4096];

	for (; text && *keys; keys++)
		if (rootfs_value(text, *keys, value, sizeof(value)))
			fprintf(out, "%s: %s\n", *keys, value);
}

static void write_cpu(const struct checks_system *system, FILE *out)
{
	static const char *const keys[] = {
		"vendor_id",   "cpu family", "model",		"model name",
		"stepping",    "flags",	     "CPU implementer", "CPU architecture",
		"CPU variant", "CPU part",   "CPU revision",	"Features",
		"isa",	       NULL
	};
	char *text = rootfs_read(system->root, NULL, "/proc/cpuinfo");
	size_t count = 0;

	for (const char *at = text; at && (at = strstr(at, "processor")); at++)
		count += at == text || at[-1] == '\n';
	if (text)
		fprintf(out, "processors: %zu\n", count);
	write_values(out, text, keys);
	free(text);
}

static void write_memory(const struct checks_system *system, FILE *out)
{
	static const char *const keys[] = { "MemTotal", "MemFree", "MemAvailable", "SwapTotal",
					    "CmaTotal", "CmaFree", "Hugepagesize", NULL };
	char *text = rootfs_read(system->root, NULL, "/proc/meminfo");

	write_values(out, text, keys);
	free(text);
	text = rootfs_read(system->root, NULL, "/proc/buddyinfo");
	fputs(text ? text : "", out);
	free(text);
}

/* Of the kernel's command line, what has to do with devices and memory. */
static void write_command_line(const struct checks_system *system, FILE *out)
{
	static const char *const prefixes[] = { "cma=",	       "mem=",	     "iommu",
						"intel_iommu", "amd_iommu",  "arm-smmu",
						"pci=",	       "pcie_",	     "swiotlb",
						"lockdown",    "module.sig", "edge_accel.",
						"drm.",	       "hugepages",  "nokaslr" };
	char *text = rootfs_read(system->root, NULL, "/proc/cmdline");
	char *state = NULL;

	for (char *word = text ? strtok_r(text, " \n", &state) : NULL; word;
	     word = strtok_r(NULL, " \n", &state))
		for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
			if (!strncmp(word, prefixes[i], strlen(prefixes[i])))
				fprintf(out, "%s\n", word);
	free(text);
}

/* "FOLDER/NAME: first line" */
static void write_attribute(const struct checks_system *system, FILE *out, const char *folder,
			    const char *name)
{
	char line[512];

	if (rootfs_line(system->root, line, sizeof(line), "%s/%s", folder, name))
		fprintf(out, "%s/%s: %s\n", folder, name, line);
}

static void write_folder(const struct checks_system *system, FILE *out, const char *folder)
{
	char **names = rootfs_names(system->root, "%s", folder);

	for (char **name = names; name && *name; name++)
		write_attribute(system, out, folder, *name);
	rootfs_free_names(names);
}

static void write_module(const struct checks_system *system, FILE *out)
{
	static const char *const names[] = { "version", "srcversion", "taint", "initstate",
					     "refcnt" };
	char path[128];

	if (checks_find_module(system, path, sizeof(path)))
		fprintf(out, "file: /lib/modules/%s/%s\n", system->release, path);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		write_attribute(system, out, "/sys/module/edge_accel", names[i]);
	write_folder(system, out, "/sys/module/edge_accel/parameters");
	write_attribute(system, out, "/proc/sys/kernel", "tainted");
}

static void write_cards(const struct checks_system *system, FILE *out)
{
	static const char *const names[] = { "vendor",
					     "device",
					     "subsystem_vendor",
					     "subsystem_device",
					     "revision",
					     "class",
					     "enable",
					     "irq",
					     "numa_node",
					     "current_link_speed",
					     "current_link_width",
					     "max_link_speed",
					     "max_link_width",
					     "dma_mask_bits",
					     "power_state",
					     "iommu_group/type" };
	char **cards = checks_cards(system);

	for (char **card = cards; card && *card; card++) {
		char folder[128], driver[64];

		snprintf(folder, sizeof(folder), "/sys/bus/pci/devices/%s", *card);
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			write_attribute(system, out, folder, names[i]);
		if (rootfs_link(system->root, driver, sizeof(driver), "%s/driver", folder))
			fprintf(out, "%s/driver: %s\n", folder, driver);
	}
	rootfs_free_names(cards);
}

static void write_attributes(const struct checks_system *system, FILE *out)
{
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(system->devices, i)); i++) {
		char folder[256];

		snprintf(folder, sizeof(folder), "%s/edge", info->sysfs);
		write_folder(system, out, folder);
		write_attribute(system, out, info->sysfs, "power/runtime_status");
		write_attribute(system, out, info->sysfs, "power/control");
	}
}

/* The driver's own lines. */
static void write_log(const struct checks_system *system, FILE *out)
{
	char *text = rootfs_read(system->root, NULL, "/dev/kmsg");
	char *state = NULL;

	for (char *line = text ? strtok_r(text, "\n", &state) : NULL; line;
	     line = strtok_r(NULL, "\n", &state))
		if (*line != ' ' && strstr(line, "edge_accel"))
			fprintf(out, "%s\n", line);
	free(text);
}

static bool is_listed(const struct edge_device_list *list, const char *address)
{
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++)
		if (!strcmp(info->address, address))
			return true;
	return false;
}

/* The last dump of one of our devices, which the driver writes as text. */
static void write_dump(const struct checks_system *system, FILE *out)
{
	char **names = rootfs_names(system->root, "/sys/class/devcoredump");
	char *last = NULL;
	char address[64];

	for (char **name = names; name && *name; name++) {
		char *text;

		if (!rootfs_link(system->root, address, sizeof(address),
				 "/sys/class/devcoredump/%s/failing_device", *name) ||
		    !is_listed(system->devices, address))
			continue;
		text = rootfs_read(system->root, NULL, "/sys/class/devcoredump/%s/data", *name);
		if (!text)
			continue;
		free(last);
		last = text;
	}
	fputs(last ? last : "", out);
	free(last);
	rootfs_free_names(names);
}

static void write_json(FILE *out, json_t *json)
{
	json_dumpf(json, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(json);
}

static void write_devices(const struct checks_system *system, FILE *out)
{
	write_json(out, accel_json(system->devices));
}

static void write_checks(const struct checks_system *system, FILE *out)
{
	write_json(out, accel_json_checks(system));
}

static const struct part {
	const char *name;
	const char *about;
	gather_fn write;
} parts[] = {
	{ "system.txt", "edgectl, kernel and distribution", write_system },
	{ "cpu.txt", "what processor it is", write_cpu },
	{ "memory.txt", "memory, and how much of it in one piece", write_memory },
	{ "cmdline.txt", "kernel parameters for devices and memory", write_command_line },
	{ "module.txt", "the kernel module and its parameters", write_module },
	{ "cards.txt", "the cards on the PCI bus", write_cards },
	{ "attributes.txt", "what the driver tells of its devices", write_attributes },
	{ "log.txt", "the driver's lines in the kernel's log", write_log },
	{ "coredump.txt", "the state of a device before its last reset", write_dump },
	{ "devices.json", "edgectl devices", write_devices },
	{ "doctor.json", "edgectl doctor", write_checks },
};

/* Writes one, without secrets; false when memory has run out. */
static bool add(const struct checks_system *system, const struct redact *redact,
		const struct part *part, struct gathered *gathered)
{
	char *text = NULL, *clean;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	bool ok;

	if (!out)
		return false;
	part->write(system, out);
	ok = !ferror(out);
	ok = !fclose(out) && ok;
	if (!ok || !size) {
		free(text);
		return ok;
	}
	clean = redact_text(redact, text);
	free(text);
	if (!clean)
		return false;
	gathered->files[gathered->count++] =
		(struct gathered_file) { part->name, part->about, clean, strlen(clean) };
	return true;
}

bool gather(const struct checks_system *system, struct gathered *gathered)
{
	struct redact redact;
	bool ok = redact_init(&redact, system->root);

	memset(gathered, 0, sizeof(*gathered));
	/* A user may be known elsewhere than in /etc/passwd. */
	if (system->uid)
		ok = ok && redact_add(&redact, system->user, "user");
	for (size_t i = 0; ok && i < sizeof(parts) / sizeof(parts[0]); i++)
		ok = add(system, &redact, &parts[i], gathered);
	redact_finish(&redact);
	return ok;
}

void gather_finish(struct gathered *gathered)
{
	for (size_t i = 0; i < gathered->count; i++)
		free(gathered->files[i].text);
	gathered->count = 0;
}
