/* SPDX-License-Identifier: MIT */
/* Who uses accelerators, by what the kernel tells of each open file. */
#ifndef EDGECTL_USAGE_H
#define EDGECTL_USAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "edge/edge.h"

/**
 * struct usage_client - an open file of a device
 * @device: its index in the list
 * @pid, @name: of a process that has it
 * @id: the kernel's number of the client, one for each time the node was opened
 * @busy_ns: for how long the device worked for it
 * @memory: bytes of its buffers
 * @jobs, @ops: done
 */
struct usage_client {
	size_t device;
	pid_t pid;
	char name[32];
	uint64_t id;
	uint64_t busy_ns;
	uint64_t memory;
	uint64_t jobs;
	uint64_t ops;
};

/* @busy_us: of all clients together, since the driver was bound. */
struct usage_device {
	uint64_t busy_us;
	uint64_t resets;
};

/**
 * struct usage - use up to @now, in nanoseconds of the monotonic clock
 * @devices: one for each in the list
 * @hidden: processes whose files may not be seen
 */
struct usage {
	uint64_t now;
	struct usage_device *devices;
	size_t num_devices;
	struct usage_client *clients;
	size_t num_clients;
	size_t hidden;
};

/* Reads it below the folder @root that stands for /; false when memory has run out. Release with usage_finish() in
 * any case. */
bool usage_read(const char *root, const struct edge_device_list *list, struct usage *usage);
void usage_finish(struct usage *usage);

/* The client at @index of @now as it was in @before; NULL if it was not there. */
const struct usage_client *usage_before(const struct usage *before, const struct usage *now,
					size_t index);

/* Between @before and @now: the share of time that a device or a client was busy, 0 to 1, and a client's jobs a
 * second. Of a client that is new, since it came, as if that had been at @before. */
double usage_device_busy(const struct usage *before, const struct usage *now, size_t device);
double usage_client_busy(const struct usage *before, const struct usage *now, size_t client);
double usage_client_jobs(const struct usage *before, const struct usage *now, size_t client);

#endif
