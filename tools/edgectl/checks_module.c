// SPDX-License-Identifier: MIT
/* The kernel module: built, for this kernel, signed, loaded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "rootfs.h"

#define NAME "edge_accel"

/* Where modules of others than the kernel's lie, and those of the kernel. */
static const char *const folders[] = { "updates/dkms",
				       "updates",
				       "extra",
				       "weak-updates",
				       "kernel/drivers/accel/edge",
				       "kernel/drivers/accel",
				       "kernel/drivers/gpu/drm" };
static const char *const endings[] = { ".ko", ".ko.xz", ".ko.zst", ".ko.gz" };

static bool find_for(const char *root, const char *release, char *path, size_t size)
{
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		for (size_t j = 0; j < sizeof(endings) / sizeof(endings[0]); j++) {
			snprintf(path, size, "%s/" NAME "%s", folders[i], endings[j]);
			if (rootfs_exists(root, "/lib/modules/%s/%s", release, path))
				return true;
		}
	}
	path[0] = 0;
	return false;
}

bool checks_find_module(const struct checks_system *system, char *path, size_t size)
{
	return find_for(system->root, system->release, path, size);
}

bool checks_module_is_loaded(const struct checks_system *system)
{
	return rootfs_exists(system->root, "/sys/module/" NAME);
}

/* Another kernel that the module is there for; false if there is none. */
static bool find_other_kernel(const struct checks_system *system, char *release, size_t size)
{
	char **names = rootfs_names(system->root, "/lib/modules");
	bool found = false;
	char path[128];

	for (char **name = names; name && *name && !found; name++) {
		found = strcmp(*name, system->release) &&
			find_for(system->root, *name, path, sizeof(path));
		if (found)
			snprintf(release, size, "%s", *name);
	}
	rootfs_free_names(names);
	return found;
}

/* The version that DKMS has the source of; false if it has none. */
static bool find_dkms_version(const struct checks_system *system, char *version, size_t size)
{
	char **names = rootfs_names(system->root, "/var/lib/dkms/" NAME);
	bool found = false;

	/* Beside versions there are links, "kernel-RELEASE-MACHINE". */
	for (char **name = names; name && *name; name++) {
		if (strncmp(*name, "kernel-", 7)) {
			snprintf(version, size, "%s", *name);
			found = true;
		}
	}
	rootfs_free_names(names);
	return found;
}

/* It is not there for the running kernel: what is missing? */
static void explain_missing(const struct checks_system *system, struct finding *finding)
{
	const char *release = system->release;
	char version[64], other[128];
	bool dkms = find_dkms_version(system, version, sizeof(version));

	if (find_other_kernel(system, other, sizeof(other)))
		finding_set(finding, VERDICT_FAIL,
			    NAME " was built for kernel %s, but %s is running", other, release);
	else if (dkms)
		finding_set(finding, VERDICT_FAIL,
			    "DKMS has the source of " NAME
			    " %s, but has not built it for kernel %s",
			    version, release);
	else
		finding_set(finding, VERDICT_FAIL, NAME " is not installed for kernel %s", release);

	if (!rootfs_exists(system->root, "/lib/modules/%s/build", release))
		finding_remedy(finding,
			       "Install the kernel's headers (Debian: 'sudo apt install "
			       "linux-headers-%s'), then %s.",
			       release,
			       dkms ? "run 'sudo dkms autoinstall'" : "the module with DKMS");
	else if (dkms &&
		 rootfs_exists(system->root, "/var/lib/dkms/" NAME "/%s/build/make.log", version))
		finding_remedy(finding,
			       "See why it did not build in /var/lib/dkms/" NAME
			       "/%s/build/make.log.",
			       version);
	else if (dkms)
		finding_remedy(finding, "Run 'sudo dkms install " NAME "/%s -k %s'.", version,
			       release);
	else
		finding_remedy(finding,
			       "Run 'sudo dkms add .' in the source of edge, then 'sudo dkms "
			       "install " NAME "/%s'.",
			       edge_version());
}

void check_module(const struct checks_system *system, struct finding *finding)
{
	char path[128];
	char *known;

	if (checks_find_module(system, path, sizeof(path))) {
		known = rootfs_read(system->root, NULL, "/lib/modules/%s/modules.dep",
				    system->release);
		if (known && strstr(known, NAME ".ko")) {
			finding_set(finding, VERDICT_OK, "/lib/modules/%s/%s", system->release,
				    path);
		} else {
			finding_set(finding, VERDICT_WARN,
				    "%s is there, but modprobe cannot find it", path);
			finding_remedy(finding, "Run 'sudo depmod -a'.");
		}
		free(known);
		return;
	}
	known = rootfs_read(system->root, NULL, "/lib/modules/%s/modules.builtin", system->release);
	if (known && strstr(known, "/" NAME ".ko")) {
		finding_set(finding, VERDICT_OK, "built into the kernel");
	} else if (checks_module_is_loaded(system)) {
		finding_set(finding, VERDICT_OK, "loaded, from a place that is not seen here");
	} else if (!rootfs_exists(system->root, "/lib/modules/%s", system->release) &&
		   checks_container(system)) {
		finding_set(finding, VERDICT_SKIP, "the kernel's modules are not seen in here");
		finding_remedy(finding, "Run 'edgectl doctor' on the host.");
	} else {
		explain_missing(system, finding);
	}
	free(known);
}

/* Whether what is packed cannot be looked into. */
static bool is_packed(const char *path)
{
	const char *ending = strrchr(path, '.');

	return ending && strcmp(ending, ".ko") != 0;
}

void check_built_for(const struct checks_system *system, struct finding *finding)
{
	static const char key[] = "vermagic=";
	char path[128], release[128];
	const char *found;
	size_t size;
	char *file;

	if (checks_module_is_loaded(system)) {
		finding_set(finding, VERDICT_OK, "the kernel has taken it");
		return;
	}
	if (!checks_find_module(system, path, sizeof(path)) || is_packed(path)) {
		finding_set(finding, VERDICT_SKIP,
			    path[0] ? "the module's file is packed"
				    : "there is no module to look into");
		return;
	}
	file = rootfs_read(system->root, &size, "/lib/modules/%s/%s", system->release, path);
	found = file ? memmem(file, size, key, sizeof(key) - 1) : NULL;
	if (!found) {
		finding_set(finding, VERDICT_FAIL, "%s is no kernel module", path);
		finding_remedy(finding, "Build it again: 'sudo dkms install --force " NAME "/%s'.",
			       edge_version());
	} else {
		snprintf(release, sizeof(release), "%.*s",
			 (int)strcspn(found + sizeof(key) - 1, " "), found + sizeof(key) - 1);
		finding_set(finding, VERDICT_OK, "for kernel %s", release);
		if (strcmp(release, system->release)) {
			finding_set(finding, VERDICT_FAIL, "it was built for kernel %s, not for %s",
				    release, system->release);
			finding_remedy(finding,
				       "Build it again: 'sudo dkms install --force " NAME
				       "/%s -k %s'.",
				       edge_version(), system->release);
		}
	}
	free(file);
}

/* Who takes only signed modules, or NULL. */
static const char *who_enforces(const struct checks_system *system)
{
	char line[128];
	size_t size = 0;
	char *variable;
	bool secure;

	if (rootfs_line(system->root, line, sizeof(line),
			"/sys/module/module/parameters/sig_enforce") &&
	    *line == 'Y')
		return "module.sig_enforce";
	if (rootfs_line(system->root, line, sizeof(line), "/sys/kernel/security/lockdown") &&
	    !strstr(line, "[none]") && *line)
		return "kernel lockdown";
	/* Four bytes of flags, then one that is 1. */
	variable = rootfs_read(system->root, &size,
			       "/sys/firmware/efi/efivars/"
			       "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c");
	secure = variable && size == 5 && variable[4] == 1;
	free(variable);
	/* Without lockdown or sig_enforce it does not keep modules out, but distributions join them. */
	return secure ? "Secure Boot" : NULL;
}

static bool is_signed(const struct checks_system *system, const char *path)
{
	static const char mark[] = "~Module signature appended~\n";
	size_t size, length = sizeof(mark) - 1;
	char *file = rootfs_read(system->root, &size, "/lib/modules/%s/%s", system->release, path);
	bool found = file && size >= length && !memcmp(file + size - length, mark, length);

	free(file);
	return found;
}

void check_signature(const struct checks_system *system, struct finding *finding)
{
	const char *who = who_enforces(system);
	char path[128];

	if (!who) {
		finding_set(finding, VERDICT_OK, "not asked for: no Secure Boot, no lockdown");
	} else if (checks_module_is_loaded(system)) {
		finding_set(finding, VERDICT_OK, "accepted (%s is on)", who);
	} else if (!checks_find_module(system, path, sizeof(path))) {
		finding_set(finding, VERDICT_SKIP, "%s is on, and there is no module yet", who);
	} else if (is_packed(path)) {
		finding_set(finding, VERDICT_WARN,
			    "%s is on; whether the packed module is signed cannot be seen", who);
		finding_remedy(finding, "See what 'modinfo -F signer " NAME "' prints.");
	} else if (is_signed(system, path)) {
		finding_set(finding, VERDICT_WARN,
			    "%s is on; the module is signed, with a key that may not be enrolled",
			    who);
		finding_remedy(finding,
			       "Run 'sudo mokutil --import /var/lib/dkms/mok.pub', restart, "
			       "and choose 'Enroll MOK'.");
	} else {
		finding_set(finding, VERDICT_FAIL, "%s is on, and the module is not signed", who);
		finding_remedy(finding,
			       "Let DKMS sign it ('sudo dkms install --force " NAME
			       "/%s'), run 'sudo mokutil --import /var/lib/dkms/mok.pub', "
			       "restart, and choose 'Enroll MOK'.",
			       edge_version());
	}
}

/* The file of /etc/modprobe.d that keeps the module out. */
static bool find_blacklist(const struct checks_system *system, char *path, size_t size)
{
	char **names = rootfs_names(system->root, "/etc/modprobe.d");
	bool found = false;

	for (char **name = names; name && *name && !found; name++) {
		char *text = rootfs_read(system->root, NULL, "/etc/modprobe.d/%s", *name);
		char *state = NULL;

		for (char *line = text ? strtok_r(text, "\n", &state) : NULL; line && !found;
		     line = strtok_r(NULL, "\n", &state)) {
			line += strspn(line, " \t");
			found = !strncmp(line, "blacklist " NAME, 10 + strlen(NAME)) ||
				!strncmp(line, "install " NAME " /bin/", 14 + strlen(NAME));
		}
		free(text);
		snprintf(path, size, "/etc/modprobe.d/%s", *name);
	}
	rootfs_free_names(names);
	return found;
}

void check_loaded(const struct checks_system *system, struct finding *finding)
{
	char version[64], path[160];

	if (checks_module_is_loaded(system)) {
		if (rootfs_line(system->root, version, sizeof(version),
				"/sys/module/" NAME "/version"))
			finding_set(finding, VERDICT_OK, NAME " %s", version);
		else
			finding_set(finding, VERDICT_OK, NAME);
	} else if (!checks_find_module(system, path, sizeof(path))) {
		finding_set(finding, VERDICT_SKIP, "there is no module to load");
	} else if (find_blacklist(system, path, sizeof(path))) {
		finding_set(finding, VERDICT_FAIL, NAME " is kept out by %s", path);
		finding_remedy(finding,
			       "Remove the line from %s, then run 'sudo modprobe " NAME "'.", path);
	} else {
		finding_set(finding, VERDICT_FAIL, NAME " is there, but not loaded");
		finding_remedy(finding, "Run 'sudo modprobe " NAME "'.");
	}
}
