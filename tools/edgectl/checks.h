/* SPDX-License-Identifier: MIT */
/* What stands between a program and an accelerator, looked at one by one. */
#ifndef EDGECTL_CHECKS_H
#define EDGECTL_CHECKS_H

#include <sys/types.h>

#include "edge/edge.h"

#define CHECK_TEXT_MAX 320
#define CHECK_GROUPS_MAX 64

enum verdict {
	VERDICT_OK,
	VERDICT_WARN, /* it works, but something will go wrong or is slow */
	VERDICT_FAIL, /* it cannot work */
	VERDICT_SKIP, /* cannot be told here, or does not matter */
};

/**
 * struct checks_system - the system that is looked at
 * @root: the folder that stands for /, "" for the real one
 * @release: of the running kernel, as uname -r has it
 * @page_size: of memory, in bytes
 * @user: its name; @uid, @groups: what it may do
 * @devices: accelerators that were found
 */
struct checks_system {
	const char *root;
	const char *release;
	long page_size;
	const char *user;
	uid_t uid;
	gid_t groups[CHECK_GROUPS_MAX];
	int num_groups;
	const struct edge_device_list *devices;
};

/**
 * struct finding - what a check has found
 * @name: of the check
 * @text: what is so, without a full stop
 * @remedy: one sentence of what to do, "" where nothing is to be done
 */
struct finding {
	const char *name;
	enum verdict verdict;
	char text[CHECK_TEXT_MAX];
	char remedy[CHECK_TEXT_MAX];
};

/* The machine and the user that this program runs on. */
void checks_this_system(struct checks_system *system, const struct edge_device_list *devices);

/* How many checks there are. */
size_t checks_count(void);

/* The check at @index, in the order in which to mend what they find. */
void checks_run(const struct checks_system *system, size_t index, struct finding *finding);

/* "ok", "warn", "fail", "skip" */
const char *verdict_name(enum verdict verdict);

/* For the checks. ------------------------------------------------------------------------------ */

void finding_set(struct finding *finding, enum verdict verdict, const char *format, ...)
	EDGE_PRINTF(3, 4);
void finding_remedy(struct finding *finding, const char *format, ...) EDGE_PRINTF(2, 3);

/* Where the module's file for the running kernel lies, below /lib/modules/RELEASE; false if there is none. */
bool checks_find_module(const struct checks_system *system, char *path, size_t size);
bool checks_module_is_loaded(const struct checks_system *system);

/* A word for the container that we are in, or NULL. */
const char *checks_container(const struct checks_system *system);

/* Addresses of the cards on the PCI bus, as rootfs_names() has them. */
char **checks_cards(const struct checks_system *system);

/* Each check: fills @finding but for its name. */
void check_hardware(const struct checks_system *system, struct finding *finding);
void check_module(const struct checks_system *system, struct finding *finding);
void check_built_for(const struct checks_system *system, struct finding *finding);
void check_signature(const struct checks_system *system, struct finding *finding);
void check_loaded(const struct checks_system *system, struct finding *finding);
void check_binding(const struct checks_system *system, struct finding *finding);
void check_interface(const struct checks_system *system, struct finding *finding);
void check_container(const struct checks_system *system, struct finding *finding);
void check_node(const struct checks_system *system, struct finding *finding);
void check_udev(const struct checks_system *system, struct finding *finding);
void check_permission(const struct checks_system *system, struct finding *finding);
void check_device(const struct checks_system *system, struct finding *finding);
void check_firmware(const struct checks_system *system, struct finding *finding);
void check_memory(const struct checks_system *system, struct finding *finding);
void check_page_size(const struct checks_system *system, struct finding *finding);
void check_iommu(const struct checks_system *system, struct finding *finding);
void check_log(const struct checks_system *system, struct finding *finding);

#endif
