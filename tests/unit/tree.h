/* SPDX-License-Identifier: MIT */
/* A folder that stands for /, with what /sys and so on have in it. */
#ifndef TREE_H
#define TREE_H

#include "edge/status.h"

#define TREE_MAX 64

/* Makes an empty one and gives its path, good until tree_destroy(). */
const char *tree_create(void);
void tree_destroy(void);

/* A file with formatted contents, at a path that begins with a slash; its folders as well. */
void tree_file(const char *path, const char *format, ...) EDGE_PRINTF(2, 3);

/* A symbolic link to what the tree has at @target, or will have. */
void tree_link(const char *path, const char *target);

/* One that says @target, wherever that leads. */
void tree_symlink(const char *path, const char *target);

void tree_folder(const char *path);
void tree_remove(const char *path);

/* "TREE/PATH" in a static buffer. */
const char *tree_path(const char *path);

/* A card at a PCI address, with which nothing is done yet. */
void tree_card(const char *address);

/* The driver, bound to the card, as /sys/class/accel/NAME, with its node. */
void tree_accel(const char *name, const char *address);

#endif
