/* SPDX-License-Identifier: MIT */
/* What a bug report needs to hold, without what is nobody's business. */
#ifndef EDGECTL_GATHER_H
#define EDGECTL_GATHER_H

#include "checks.h"

#define GATHER_MAX 16

/* @name: of the file; @about: what it is, static; @text: @size bytes */
struct gathered_file {
	const char *name;
	const char *about;
	char *text;
	size_t size;
};

struct gathered {
	struct gathered_file files[GATHER_MAX];
	size_t count;
};

/* Reads what there is to read, and takes out secrets. Nothing but known attributes is read, and never what other
 * programs do. False with errno when it cannot be done. Release with gather_finish() in any case. */
bool gather(const struct checks_system *system, struct gathered *gathered);
void gather_finish(struct gathered *gathered);

#endif
