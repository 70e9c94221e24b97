// SPDX-License-Identifier: MIT
#include "tree.h"

#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[TREE_MAX];

/* What a test is made of has to be there: anything else is a bug of the test. */
static void need(int ok, const char *path)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	abort();
}

const char *tree_create(void)
{
	strcpy(root, "/tmp/edge-tree.XXXXXX");
	need(mkdtemp(root) != NULL, root);
	return root;
}

static int remove_entry(const char *path, const struct stat *stat, int type, struct FTW *ftw)
{
	return remove(path);
}

void tree_remove(const char *path)
{
	need(!nftw(tree_path(path), remove_entry, 16, FTW_DEPTH | FTW_PHYS), path);
}

void tree_destroy(void)
{
	tree_remove("");
}

const char *tree_path(const char *path)
{
	static char paths[4][PATH_MAX];
	static unsigned int next;
	char *result = paths[next++ % 4];

	snprintf(result, PATH_MAX, "%s%s", root, path);
	return result;
}

static void make_folders(const char *path)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof(folder), "%s%s", root, path);
	for (char *slash = folder + strlen(root) + 1; (slash = strchr(slash, '/')); slash++) {
		*slash = 0;
		need(!mkdir(folder, 0755) || errno == EEXIST, folder);
		*slash = '/';
	}
}

void tree_folder(const char *path)
{
	make_folders(path);
	need(!mkdir(tree_path(path), 0755) || errno == EEXIST, path);
}

void tree_file(const char *path, const char *format, ...)
{
	va_list args;
	FILE *file;

	make_folders(path);
	file = fopen(tree_path(path), "we");
	need(file != NULL, path);
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	need(!fclose(file), path);
}

void tree_symlink(const char *path, const char *target)
{
	make_folders(path);
	need(!symlink(target, tree_path(path)), path);
}

void tree_link(const char *path, const char *target)
{
	tree_symlink(path, tree_path(target));
}

void tree_card(const char *address)
{
	char path[128], card[96];

	snprintf(card, sizeof(card), "/sys/devices/pci0000:00/%s", address);
	snprintf(path, sizeof(path), "%s/vendor", card);
	tree_file(path, "0x1234\n");
	snprintf(path, sizeof(path), "%s/device", card);
	tree_file(path, "0xed6e\n");
	snprintf(path, sizeof(path), "%s/subsystem", card);
	tree_link(path, "/sys/bus/pci");
	snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", address);
	tree_link(path, card);
}

void tree_accel(const char *name, const char *address)
{
	static const char *const attributes[][2] = {
		{ "kind", "fpga" },
		{ "family", "nvdla" },
		{ "name", "nv_small" },
		{ "hw_version", "0x00010001" },
		{ "geometry", "atomic_c=8 atomic_k=8 atom=8" },
		{ "resets", "3" },
		{ "busy_time_us", "1500000" },
	};
	char path[128], card[96];

	snprintf(card, sizeof(card), "/sys/devices/pci0000:00/%s", address);
	snprintf(path, sizeof(path), "%s/driver", card);
	tree_link(path, "/sys/bus/pci/drivers/edge_accel");
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		snprintf(path, sizeof(path), "%s/edge/%s", card, attributes[i][0]);
		tree_file(path, "%s\n", attributes[i][1]);
	}
	if (access(tree_path("/sys/bus/pci/drivers/edge_accel/module"), F_OK)) {
		tree_folder("/sys/module/edge_accel");
		tree_link("/sys/bus/pci/drivers/edge_accel/module", "/sys/module/edge_accel");
	}
	snprintf(path, sizeof(path), "/sys/class/accel/%s/device", name);
	tree_link(path, card);
	snprintf(path, sizeof(path), "/sys/class/accel/%s/uevent", name);
	tree_file(path, "MAJOR=261\nMINOR=0\nDEVNAME=accel/%s\nDEVTYPE=accel_minor\n", name);
	snprintf(path, sizeof(path), "/dev/accel/%s", name);
	tree_file(path, "%s", "");
}
