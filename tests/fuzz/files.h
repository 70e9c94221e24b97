/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_FILES_H
#define FUZZ_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Calls @look for the files that @paths name and those in the folders that they name; how many they
 * were, or -1 after a message. Their bytes lie in memory of the right size, so that overruns
 * show. */
int files_each(char **paths, int count, void (*look)(const uint8_t *data, size_t size));

#endif
