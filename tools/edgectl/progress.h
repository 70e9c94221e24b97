/* SPDX-License-Identifier: MIT */
#ifndef EDGECTL_PROGRESS_H
#define EDGECTL_PROGRESS_H

#include <stddef.h>

/* A bar on stderr while something long goes on; silent when stderr is no terminal. */
void progress_update(const char *what, size_t done, size_t total);

/* Clears the bar. */
void progress_end(void);

#endif
