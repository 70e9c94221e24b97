// SPDX-License-Identifier: MIT
#include "checks.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "rootfs.h"

/* From the card to the log: a check may take for granted what those before it have found. */
static const struct check {
	const char *name;
	void (*run)(const struct checks_system *system, struct finding *finding);
} checks[] = {
	{ "hardware", check_hardware },
	{ "module", check_module },
	{ "built-for", check_built_for },
	{ "signature", check_signature },
	{ "loaded", check_loaded },
	{ "binding", check_binding },
	{ "interface", check_interface },
	{ "container", check_container },
	{ "node", check_node },
	{ "udev", check_udev },
	{ "permission", check_permission },
	{ "device", check_device },
	{ "firmware", check_firmware },
	{ "memory", check_memory },
	{ "page-size", check_page_size },
	{ "iommu", check_iommu },
	{ "log", check_log },
};

size_t checks_count(void)
{
	return sizeof(checks) / sizeof(checks[0]);
}

void checks_run(const struct checks_system *system, size_t index, struct finding *finding)
{
	memset(finding, 0, sizeof(*finding));
	finding->name = checks[index].name;
	checks[index].run(system, finding);
}

void checks_this_system(struct checks_system *system, const struct edge_device_list *devices)
{
	/* The strings live as long as the program. */
	static struct utsname name;
	static char user[64];
	const struct passwd *entry = getpwuid(geteuid());

	uname(&name);
	if (entry)
		snprintf(user, sizeof(user), "%s", entry->pw_name);
	else
		snprintf(user, sizeof(user), "%u", geteuid());
	*system = (struct checks_system) {
		.root = "",
		.release = name.release,
		.page_size = sysconf(_SC_PAGESIZE),
		.user = user,
		.uid = geteuid(),
		.devices = devices,
	};
	system->num_groups = getgroups(CHECK_GROUPS_MAX - 1, system->groups);
	if (system->num_groups < 0)
		system->num_groups = 0;
	system->groups[system->num_groups++] = getegid();
}

const char *verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
		[VERDICT_OK] = "ok",
		[VERDICT_WARN] = "warn",
		[VERDICT_FAIL] = "fail",
		[VERDICT_SKIP] = "skip",
	};

	return names[verdict];
}

void finding_set(struct finding *finding, enum verdict verdict, const char *format, ...)
{
	va_list args;

	finding->verdict = verdict;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

void finding_remedy(struct finding *finding, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(finding->remedy, sizeof(finding->remedy), format, args);
	va_end(args);
}
