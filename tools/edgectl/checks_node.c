// SPDX-License-Identifier: MIT
/* The card, its driver, and the node that programs open. */
#include <grp.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "checks.h"
#include "rootfs.h"

#define VENDOR "0x1234"
#define DEVICE "0xed6e"

char **checks_cards(const struct checks_system *system)
{
	char **names = rootfs_names(system->root, "/sys/bus/pci/devices");
	size_t count = 0;

	if (!names)
		return NULL;
	for (char **name = names; *name; name++) {
		char vendor[16], device[16];

		rootfs_line(system->root, vendor, sizeof(vendor), "/sys/bus/pci/devices/%s/vendor",
			    *name);
		rootfs_line(system->root, device, sizeof(device), "/sys/bus/pci/devices/%s/device",
			    *name);
		if (!strcmp(vendor, VENDOR) && !strcmp(device, DEVICE))
			names[count++] = *name;
		else
			free(*name);
	}
	names[count] = NULL;
	return names;
}

/* Whether a device of the device tree is one of ours, by any of its compatible strings, each ended by a zero. */
static bool is_block(const struct checks_system *system, const char *name)
{
	static const char *const words[] = { "nvdla", "nv_small", "nv_large", "nv_full" };
	size_t size;
	char *text = rootfs_read(system->root, &size,
				 "/sys/bus/platform/devices/%s/of_node/compatible", name);
	bool found = false;

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		found |= memmem(text, size, words[i], strlen(words[i])) != NULL;
	free(text);
	return found;
}

/* A block of this chip that the device tree tells of; false if there is none. */
static bool find_block(const struct checks_system *system, char *name, size_t size)
{
	char **names = rootfs_names(system->root, "/sys/bus/platform/devices");
	bool found = false;

	for (char **at = names; at && *at && !found; at++) {
		found = is_block(system, *at);
		if (found)
			snprintf(name, size, "%s", *at);
	}
	rootfs_free_names(names);
	return found;
}

void check_hardware(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info = edge_device_list_at(system->devices, 0);
	char **cards = checks_cards(system);
	char block[128];
	size_t count = 0;

	while (cards && cards[count])
		count++;
	if (count == 1)
		finding_set(finding, VERDICT_OK, "a card at %s", cards[0]);
	else if (count)
		finding_set(finding, VERDICT_OK, "%zu cards, the first at %s", count, cards[0]);
	else if (info)
		finding_set(finding, VERDICT_OK, "%s on the bus '%s'", info->address, info->bus);
	else if (find_block(system, block, sizeof(block)))
		finding_set(finding, VERDICT_OK, "%s, a block of this chip", block);
	if (!finding->text[0]) {
		finding_set(finding, VERDICT_FAIL,
			    "no card on the PCI bus (1234:ed6e), no block in the device tree");
		finding_remedy(finding,
			       "Plug the card in, or pass it through to this virtual machine, "
			       "and see whether 'lspci -d 1234:ed6e' lists it.");
	}
	rootfs_free_names(cards);
}

/* The driver of one device of a bus; true if it has ours, or waits for it. */
static bool is_bound(const struct checks_system *system, const char *bus, const char *name,
		     struct finding *finding)
{
	bool loaded = checks_module_is_loaded(system);
	char driver[64];
	bool bound = rootfs_link(system->root, driver, sizeof(driver),
				 "/sys/bus/%s/devices/%s/driver", bus, name);

	if (bound && !strncmp(driver, "edge_accel", 10)) {
		finding_set(finding, VERDICT_OK, "%s has the driver %s", name, driver);
		return true;
	}
	if (!bound && !loaded) {
		finding_set(finding, VERDICT_SKIP, "%s waits for the module", name);
		return true;
	}
	if (bound) {
		finding_set(finding, VERDICT_FAIL, "%s is held by the driver %s", name, driver);
		finding_remedy(
			finding,
			"Take it away from %s: 'echo %s | sudo tee /sys/bus/%s/drivers/%s/unbind', "
			"then 'echo %s | sudo tee /sys/bus/%s/drivers_probe'.",
			driver, name, bus, driver, name, bus);
	} else {
		finding_set(finding, VERDICT_FAIL, "%s has no driver, though the module is loaded",
			    name);
		finding_remedy(finding, "See why it was refused: 'sudo dmesg | grep %s'.", name);
	}
	return false;
}

void check_binding(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info = edge_device_list_at(system->devices, 0);
	char **cards = checks_cards(system);
	char block[128];

	if (cards && *cards) {
		for (char **card = cards; *card && is_bound(system, "pci", *card, finding); card++)
			;
	} else if (find_block(system, block, sizeof(block))) {
		is_bound(system, "platform", block, finding);
	} else if (info) {
		finding_set(finding, VERDICT_OK, "%s has a driver", info->address);
	} else {
		finding_set(finding, VERDICT_SKIP, "there is no card");
	}
	rootfs_free_names(cards);
}

const char *checks_container(const struct checks_system *system)
{
	static char kind[32];
	static const char *const words[] = { "docker", "kubepods", "lxc", "libpod" };
	const char *result = NULL;
	char *groups;

	if (rootfs_exists(system->root, "/.dockerenv"))
		return "Docker";
	if (rootfs_exists(system->root, "/run/.containerenv"))
		return "Podman";
	if (rootfs_line(system->root, kind, sizeof(kind), "/run/systemd/container") && *kind)
		return kind;
	groups = rootfs_read(system->root, NULL, "/proc/1/cgroup");
	for (size_t i = 0; groups && i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(groups, words[i]))
			result = words[i];
	free(groups);
	return result;
}

/* The first device whose node is missing, or NULL. */
static const struct edge_device_info *find_without_node(const struct checks_system *system)
{
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(system->devices, i)); i++)
		if (!rootfs_exists(system->root, "%s", info->node))
			return info;
	return NULL;
}

void check_container(const struct checks_system *system, struct finding *finding)
{
	const char *kind = checks_container(system);
	const struct edge_device_info *missing = find_without_node(system);

	if (!kind) {
		finding_set(finding, VERDICT_OK, "this is none");
	} else if (missing) {
		finding_set(finding, VERDICT_FAIL,
			    "%s has not been passed into this container (%s)", missing->node, kind);
		finding_remedy(finding,
			       "Start it with '--device %s' (Docker, Podman), or as a device "
			       "'unix-char' (LXD).",
			       missing->node);
	} else if (edge_device_list_at(system->devices, 0)) {
		finding_set(finding, VERDICT_OK, "the nodes are there in this container (%s)",
			    kind);
	} else {
		finding_set(finding, VERDICT_WARN,
			    "this is one (%s): it only sees what the host has passed in", kind);
		finding_remedy(finding, "Run 'edgectl doctor' on the host as well.");
	}
}

void check_node(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info = edge_device_list_at(system->devices, 0);
	const struct edge_device_info *missing = find_without_node(system);

	if (!info) {
		finding_set(finding, VERDICT_SKIP, "no device has a driver yet");
	} else if (!missing) {
		finding_set(finding, VERDICT_OK, "%s%s", info->node,
			    edge_device_list_at(system->devices, 1) ? " and others" : "");
	} else {
		finding_set(finding, VERDICT_FAIL, "%s is not there", missing->node);
		finding_remedy(finding, "%s",
			       checks_container(system)
				       ? "Pass it into the container, as said above."
				       : "Run 'sudo udevadm trigger --subsystem-match=accel "
					 "--subsystem-match=drm', or mount devtmpfs on /dev.");
	}
}

/* The line of a group in /etc/group, by name or by number; false if there is none. */
static bool find_group(const struct checks_system *system, const char *name, gid_t gid, char *found,
		       size_t size, bool *member)
{
	char *text = rootfs_read(system->root, NULL, "/etc/group");
	char *state = NULL;
	bool result = false;

	for (char *line = text ? strtok_r(text, "\n", &state) : NULL; line && !result;
	     line = strtok_r(NULL, "\n", &state)) {
		char *fields = line;
		const char *group = strsep(&fields, ":"), *number, *users;

		strsep(&fields, ":");
		number = strsep(&fields, ":");
		users = fields ? fields : "";
		result = number && (name ? !strcmp(group, name) : strtoul(number, NULL, 10) == gid);
		if (!result)
			continue;
		snprintf(found, size, "%s", group);
		*member = false;
		for (const char *at = users; (at = strstr(at, system->user)); at++) {
			char after = at[strlen(system->user)];

			*member |= (at == users || at[-1] == ',') && (!after || after == ',');
		}
	}
	free(text);
	return result;
}

void check_udev(const struct checks_system *system, struct finding *finding)
{
	static const char *const folders[] = { "/etc", "/run", "/usr/local/lib", "/usr/lib",
					       "/lib" };
	bool found = false, member;
	char group[64];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		found |= rootfs_exists(system->root, "%s/udev/rules.d/70-edge-accel.rules",
				       folders[i]);
	if (checks_container(system)) {
		finding_set(finding, VERDICT_SKIP, "it is the host's udev that makes nodes");
	} else if (!found) {
		finding_set(finding, VERDICT_WARN,
			    "70-edge-accel.rules is missing, so nodes may be root's alone");
		finding_remedy(finding, "Install edge ('sudo make install'), or copy "
					"share/udev/70-edge-accel.rules to /etc/udev/rules.d.");
	} else if (!find_group(system, "render", 0, group, sizeof(group), &member)) {
		finding_set(finding, VERDICT_WARN, "the rule is there, but no group 'render'");
		finding_remedy(finding, "Run 'sudo systemd-sysusers', or 'sudo groupadd --system "
					"render'.");
	} else {
		finding_set(finding, VERDICT_OK, "the rule gives nodes to the group 'render'");
	}
}

static bool may_use(const struct checks_system *system, const struct stat *stat)
{
	mode_t need = stat->st_uid == system->uid ? 0600 : 0006;

	for (int i = 0; stat->st_uid != system->uid && i < system->num_groups; i++)
		if (system->groups[i] == stat->st_gid)
			need = 0060;
	return !system->uid || (stat->st_mode & need) == need;
}

/* @info's node belongs to a group that the user's programs are not in. */
static void explain_permission(const struct checks_system *system,
			       const struct edge_device_info *info, const struct stat *stat,
			       struct finding *finding)
{
	bool member = false;
	char group[64];

	if (!find_group(system, NULL, stat->st_gid, group, sizeof(group), &member))
		snprintf(group, sizeof(group), "%u", stat->st_gid);
	if (!stat->st_gid || (stat->st_mode & 0060) != 0060) {
		finding_set(finding, VERDICT_FAIL, "%s is for root alone (mode %03o, group %s)",
			    info->node, stat->st_mode & 0777, group);
		finding_remedy(finding,
			       "Install share/udev/70-edge-accel.rules, then run 'sudo udevadm "
			       "control --reload && sudo udevadm trigger'.");
	} else if (member) {
		finding_set(finding, VERDICT_FAIL,
			    "%s is for the group %s, which %s has joined since this login",
			    info->node, group, system->user);
		finding_remedy(finding, "Log out and in again, or run 'newgrp %s'.", group);
	} else {
		finding_set(finding, VERDICT_FAIL, "%s is for the group %s, and %s is not in it",
			    info->node, group, system->user);
		finding_remedy(finding, "Run 'sudo usermod -aG %s %s', then log out and in again.",
			       group, system->user);
	}
}

void check_permission(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info;
	bool any = false;

	for (size_t i = 0; (info = edge_device_list_at(system->devices, i)); i++) {
		char path[PATH_MAX];
		struct stat status;

		if (!rootfs_path(path, system->root, "%s", info->node) || stat(path, &status))
			continue;
		any = true;
		if (!may_use(system, &status)) {
			explain_permission(system, info, &status, finding);
			return;
		}
		if (info->status == EDGE_PERMISSION_DENIED) {
			finding_set(finding, VERDICT_FAIL,
				    "the mode of %s lets %s in, but the kernel does not",
				    info->node, system->user);
			finding_remedy(finding,
				       "In a container, start it with '--device %s'; else see "
				       "whether a security module is in the way.",
				       info->node);
			return;
		}
	}
	if (any)
		finding_set(finding, VERDICT_OK, "%s may read and write them", system->user);
	else
		finding_set(finding, VERDICT_SKIP, "there is no node");
}

void check_device(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info = edge_device_list_at(system->devices, 0);

	finding_set(finding, VERDICT_SKIP, "there is none");
	for (size_t i = 0; (info = edge_device_list_at(system->devices, i)); i++) {
		const char *reason = strstr(info->reason, ": ");

		if (info->status == EDGE_PERMISSION_DENIED) {
			finding_set(finding, VERDICT_SKIP, "it may not be opened");
			return;
		}
		if (info->status) {
			finding_set(finding, VERDICT_FAIL, "%s does not work", info->node);
			finding_remedy(finding, "The cause: %s.",
				       reason ? reason + 2 : info->reason);
			return;
		}
		finding_set(finding, VERDICT_OK, "%s answers: %s, driver %u.%u, libedge %s",
			    info->node, info->name, info->driver_major, info->driver_minor,
			    edge_version());
	}
}

void check_firmware(const struct checks_system *system, struct finding *finding)
{
	const struct edge_device_info *info;

	finding_set(finding, VERDICT_SKIP, "no device can be asked");
	for (size_t i = 0; (info = edge_device_list_at(system->devices, i)); i++) {
		if (info->status)
			continue;
		if (info->kind != EDGE_ACCEL_VPU) {
			finding_set(finding, VERDICT_OK, "%s needs none", info->name);
		} else if (info->fw_version) {
			finding_set(finding, VERDICT_OK, "%s has %u.%u", info->name,
				    info->fw_version >> 16, info->fw_version & 0xffff);
		} else {
			finding_set(finding, VERDICT_FAIL, "%s has started none", info->name);
			finding_remedy(finding,
				       "Write the firmware of edge %s onto the stick's card.",
				       edge_version());
			return;
		}
	}
}
