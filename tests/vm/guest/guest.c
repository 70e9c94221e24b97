// SPDX-License-Identifier: MIT
#include "guest.h"

#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <drm.h>

static long number_in(const char *directory, const char *name)
{
	char path[128], text[32];
	FILE *file;
	long number = -1;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	file = fopen(path, "r");
	if (!file)
		return -1;
	if (fgets(text, sizeof(text), file))
		number = strtol(text, NULL, 0);
	fclose(file);
	return number;
}

int card_file(char *path, size_t size, const char *name)
{
	glob_t found;
	int there = 0;

	if (glob("/sys/bus/pci/devices/*", 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc && !there; i++) {
		there = number_in(found.gl_pathv[i], "vendor") == CARD_VENDOR &&
			number_in(found.gl_pathv[i], "device") == CARD_DEVICE;
		snprintf(path, size, "%s/%s", found.gl_pathv[i], name);
	}
	globfree(&found);
	return there;
}

static int is_edge(int fd)
{
	char name[32] = "";
	struct drm_version version = { .name = name, .name_len = sizeof(name) - 1 };

	return !ioctl(fd, DRM_IOCTL_VERSION, &version) && !strcmp(name, "edge_accel");
}

int edge_open(char *path, size_t size)
{
	glob_t nodes;
	int fd = -1;

	if (glob("/dev/accel/accel*", 0, NULL, &nodes) &&
	    glob("/dev/dri/renderD*", 0, NULL, &nodes))
		return -1;
	for (size_t i = 0; i < nodes.gl_pathc && fd < 0; i++) {
		fd = open(nodes.gl_pathv[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0 && !is_edge(fd)) {
			close(fd);
			fd = -1;
		}
		if (fd >= 0 && path)
			snprintf(path, size, "%s", nodes.gl_pathv[i]);
	}
	globfree(&nodes);
	return fd;
}
