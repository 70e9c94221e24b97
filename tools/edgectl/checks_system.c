// SPDX-License-Identifier: MIT
/* The kernel it runs, and what else matters: memory in one piece, pages, the IOMMU, the kernel's log. */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "checks.h"
#include "rootfs.h"

/* /proc/config.gz, unpacked; NULL where it cannot be read. */
static char *read_packed_config(const char *root)
{
	const size_t most = 4 << 20;
	char path[PATH_MAX];
	gzFile file = rootfs_path(path, root, "/proc/config.gz") ? gzopen(path, "re") : NULL;
	char *text = file ? malloc(most) : NULL;
	int size = text ? gzread(file, text, most - 1) : -1;

	if (file)
		gzclose(file);
	if (size <= 0) {
		free(text);
		return NULL;
	}
	text[size] = 0;
	return text;
}

/* The kernel's configuration, to be freed; NULL where it cannot be read. */
static char *read_config(const struct checks_system *system)
{
	char *text = rootfs_read(system->root, NULL, "/boot/config-%s", system->release);

	if (!text)
		text = rootfs_read(system->root, NULL, "/lib/modules/%s/config", system->release);
	return text ? text : read_packed_config(system->root);
}

void check_interface(const struct checks_system *system, struct finding *finding)
{
	char *config = read_config(system);
	char value[8];

	if (!config) {
		finding_set(finding, VERDICT_SKIP, "the kernel's configuration cannot be read");
	} else if (!rootfs_value(config, "CONFIG_DRM", value, sizeof(value))) {
		finding_set(finding, VERDICT_FAIL, "the kernel was built without CONFIG_DRM");
		finding_remedy(finding,
			       "Boot a kernel with CONFIG_DRM, such as the distribution's.");
	} else if (rootfs_value(config, "CONFIG_DRM_ACCEL", value, sizeof(value)) &&
		   *value == 'y') {
		finding_set(finding, VERDICT_OK,
			    "the kernel has DRM_ACCEL: nodes are /dev/accel/accelN");
	} else {
		finding_set(finding, VERDICT_OK,
			    "the kernel has no DRM_ACCEL: nodes are /dev/dri/renderDN");
	}
	free(config);
}

/* kB in /proc/meminfo; 0 where it has no such line. */
static uint64_t memory_of(const char *meminfo, const char *key)
{
	char value[32];

	return rootfs_value(meminfo, key, value, sizeof(value)) ? strtoull(value, NULL, 10) : 0;
}

/* kB of the largest free piece that a device of 32 address bits reaches, by the buddy allocator. */
static uint64_t largest_piece(const struct checks_system *system)
{
	char *text = rootfs_read(system->root, NULL, "/proc/buddyinfo");
	uint64_t largest = 0;
	char *state = NULL;

	for (char *line = text ? strtok_r(text, "\n", &state) : NULL; line;
	     line = strtok_r(NULL, "\n", &state)) {
		char *at = strstr(line, "zone");
		uint64_t piece = system->page_size / 1024;
		char zone[16];
		int used;

		if (!at || sscanf(at, "zone %15s%n", zone, &used) != 1)
			continue;
		/* Where there is no zone for 32 bits, all memory is within reach or CMA has to do. */
		if (strcmp(zone, "DMA32") && strcmp(zone, "DMA"))
			continue;
		for (at += used; *at; piece *= 2) {
			char *end;

			if (strtoull(at, &end, 10) && piece > largest)
				largest = piece;
			if (end == at)
				break;
			at = end;
		}
	}
	free(text);
	return largest;
}

/* Whether the kernel would take cma= if it was told; if its configuration cannot be read, perhaps. */
static bool may_have_cma(const struct checks_system *system)
{
	char *config = read_config(system);
	char value[8];
	bool may = !config || rootfs_value(config, "CONFIG_CMA", value, sizeof(value));

	free(config);
	return may;
}

/* Whether an IOMMU makes pieces into one for every card. */
static bool is_translated(const struct checks_system *system)
{
	char **cards = checks_cards(system);
	bool all = cards && *cards;
	char type[16];

	for (char **card = cards; card && *card; card++)
		all &= rootfs_line(system->root, type, sizeof(type),
				   "/sys/bus/pci/devices/%s/iommu_group/type", *card) &&
		       !strncmp(type, "DMA", 3);
	rootfs_free_names(cards);
	return all;
}

void check_memory(const struct checks_system *system, struct finding *finding)
{
	char *meminfo = rootfs_read(system->root, NULL, "/proc/meminfo");
	uint64_t total = meminfo ? memory_of(meminfo, "CmaTotal") : 0;
	uint64_t left = meminfo ? memory_of(meminfo, "CmaFree") : 0;
	uint64_t piece = largest_piece(system);

	if (!meminfo) {
		finding_set(finding, VERDICT_SKIP, "/proc/meminfo cannot be read");
	} else if (is_translated(system)) {
		finding_set(finding, VERDICT_OK, "the IOMMU makes one piece of many");
	} else if (!total) {
		finding_set(finding, VERDICT_WARN,
			    "no CMA: a buffer is one free piece, now at most %" PRIu64 " MiB",
			    piece / 1024);
		if (may_have_cma(system))
			finding_remedy(finding,
				       "Add 'cma=256M' to the kernel's command line and restart.");
		else
			finding_remedy(
				finding,
				"This kernel was built without CMA: turn on the IOMMU in the "
				"firmware's setup (Intel: and with 'intel_iommu=on').");
	} else if (left < 16 << 10) {
		finding_set(finding, VERDICT_WARN,
			    "only %" PRIu64 " of %" PRIu64 " MiB of contiguous memory are free",
			    left >> 10, total >> 10);
		finding_remedy(finding,
			       "Boot with a larger 'cma=', or close what uses it (cameras, "
			       "displays).");
	} else {
		finding_set(finding, VERDICT_OK,
			    "%" PRIu64 " of %" PRIu64 " MiB of contiguous memory are free",
			    left >> 10, total >> 10);
	}
	free(meminfo);
}

void check_page_size(const struct checks_system *system, struct finding *finding)
{
	long size = system->page_size >> 10;

	if (size == 4) {
		finding_set(finding, VERDICT_OK, "4 KiB");
	} else if (size == 16 || size == 64) {
		finding_set(finding, VERDICT_OK, "%ld KiB: the smallest buffer takes as much",
			    size);
	} else {
		finding_set(finding, VERDICT_WARN, "%ld KiB, with which nobody has tested it",
			    size);
		finding_remedy(finding, "Prefer a kernel with pages of 4, 16 or 64 KiB.");
	}
}

void check_iommu(const struct checks_system *system, struct finding *finding)
{
	char **cards = checks_cards(system);
	char group[16], type[16];
	size_t others = 0;
	char **members;

	if (!cards || !*cards) {
		finding_set(finding, VERDICT_SKIP, "there is no card");
	} else if (!rootfs_link(system->root, group, sizeof(group),
				"/sys/bus/pci/devices/%s/iommu_group", *cards)) {
		finding_set(finding, VERDICT_OK,
			    "none; the driver checks each address before the card sees it");
	} else {
		members = rootfs_names(system->root, "/sys/bus/pci/devices/%s/iommu_group/devices",
				       *cards);
		while (members && members[others])
			others++;
		rootfs_free_names(members);
		others -= others > 0;
		if (!rootfs_line(system->root, type, sizeof(type),
				 "/sys/bus/pci/devices/%s/iommu_group/type", *cards))
			strcpy(type, "unknown");
		finding_set(finding, VERDICT_OK, "%s is in group %s (%s)", *cards, group, type);
		if (others) {
			finding_set(finding, VERDICT_WARN,
				    "%s shares group %s (%s) with %zu other devices", *cards, group,
				    type, others);
			finding_remedy(finding,
				       "To pass it to a virtual machine by itself, move the card "
				       "to another slot.");
		}
	}
	rootfs_free_names(cards);
}

/* "3,1234,5678,-;edge_accel 0000:01:00.0: job 7 hung" */
void check_log(const struct checks_system *system, struct finding *finding)
{
	char *text = rootfs_read(system->root, NULL, "/dev/kmsg");
	char *state = NULL;
	const char *last = NULL;
	size_t errors = 0;

	if (!text && !system->uid) {
		finding_set(finding, VERDICT_SKIP, "the kernel's log is not to be seen here");
		return;
	}
	if (!text) {
		finding_set(finding, VERDICT_SKIP, "only root may read the kernel's log here");
		finding_remedy(finding, "Run 'sudo edgectl doctor' to have it looked at.");
		return;
	}
	for (char *line = strtok_r(text, "\n", &state); line; line = strtok_r(NULL, "\n", &state)) {
		char *message = strchr(line, ';');

		/* The lower three bits are the level; 3 is an error. */
		if (!message || !strstr(message, "edge_accel") || (strtoul(line, NULL, 10) & 7) > 3)
			continue;
		errors++;
		last = message + 1;
	}
	if (!errors) {
		finding_set(finding, VERDICT_OK, "no errors of edge_accel");
	} else {
		finding_set(finding, VERDICT_WARN, "%zu error%s; the last is \"%.200s\"", errors,
			    errors > 1 ? "s" : "", last);
		finding_remedy(finding, "If you cannot explain it, send what 'sudo edgectl report' "
					"writes.");
	}
	free(text);
}
