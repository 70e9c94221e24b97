// SPDX-License-Identifier: MIT
#include "runtime/cores.h"

#include <errno.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The kernel refuses a mask shorter than its own; this is above its largest configuration. */
#define MAX_CPUS 16384

struct mask {
	cpu_set_t words[MAX_CPUS / CPU_SETSIZE];
};

/* The lowest hardware thread of the core that @cpu belongs to; itself where the system does not
 * tell. */
static int first_sibling(int cpu)
{
	char path[96];
	FILE *file;
	int first;

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%d/topology/thread_siblings_list",
		 cpu);
	file = fopen(path, "re");
	if (!file)
		return cpu;
	if (fscanf(file, "%d", &first) != 1)
		first = cpu;
	fclose(file);
	return first;
}

static unsigned int affinity_cores(void)
{
	struct mask allowed = { 0 }, seen = { 0 };
	unsigned int count = 0;

	if (sched_getaffinity(0, sizeof(allowed), allowed.words) < 0)
		return 1;
	for (int cpu = 0; cpu < MAX_CPUS; cpu++) {
		int core;

		if (!CPU_ISSET_S(cpu, sizeof(allowed), allowed.words))
			continue;
		core = first_sibling(cpu);
		if (core < 0 || core >= MAX_CPUS)
			core = cpu;
		if (!CPU_ISSET_S(core, sizeof(seen), seen.words))
			count++;
		CPU_SET_S(core, sizeof(seen), seen.words);
	}
	return count ? count : 1;
}

/* Lowers @cores to the quota of the control group at @path, if it has one. */
static unsigned int apply_quota(const char *path, unsigned int cores)
{
	unsigned long quota, period;
	char name[512];
	FILE *file;

	snprintf(name, sizeof(name), "/sys/fs/cgroup%s/cpu.max", path);
	file = fopen(name, "re");
	if (!file)
		return cores;
	/* No quota reads "max", which is no number. */
	if (fscanf(file, "%lu %lu", &quota, &period) == 2 && period && quota / period < cores)
		cores = quota / period;
	fclose(file);
	return cores ? cores : 1;
}

/* A group is bound by the quotas of all groups above it. */
static unsigned int control_group_cores(unsigned int cores)
{
	char path[448];
	FILE *file = fopen("/proc/self/cgroup", "re");
	bool found = false;

	if (!file)
		return cores;
	while (!found && fgets(path, sizeof(path), file))
		found = !strncmp(path, "0::/", 4);
	fclose(file);
	if (!found)
		return cores;
	path[strcspn(path, "\n")] = 0;
	for (char *end = path + strlen(path); end; end = strrchr(path + 3, '/')) {
		*end = 0;
		cores = apply_quota(path + 3, cores);
	}
	return cores;
}

unsigned int edge_cores(void)
{
	return control_group_cores(affinity_cores());
}
