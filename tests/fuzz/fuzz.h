/* SPDX-License-Identifier: MIT */
/*
 * A fuzz target is a file NAME.c with the function below. Built with -Dfuzz=true it is a fuzzer,
 * otherwise it looks at the files and folders that its arguments name: see replay.c.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#include "edge/edge.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Small enough for a thousand files a second. */
extern const struct edge_limits fuzz_limits;

/* The status of what has just failed must be one of those that a hostile file may cause; others are
 * mistakes of ours and end the process. */
void fuzz_expect(const char *what, const struct edge_error *error, unsigned int statuses);

#define FUZZ_STATUS(name) (1u << EDGE_##name)

/* What fuzz_expect() has been told, and what it may be told: all by default. */
extern unsigned int fuzz_seen, fuzz_allowed;

/* Above zero while a target does what is not the library's, and no allocation fails. */
extern int fuzz_own;

/* A path at which the library finds the bytes, until the next call. */
const char *fuzz_path(const uint8_t *data, size_t size);

/* Of a folder for files, this process's own, which goes when it exits. */
const char *fuzz_folder(void);

/* Writes a file of @fuzz_folder(); its path is good until the next call. */
const char *fuzz_file(const char *name, const void *data, size_t size);

/* A number that depends on the bytes alone, so that an input always goes the same way. */
uint32_t fuzz_hash(const void *data, size_t size);

/* Binds what must be bound, compiles, runs a frame, saves, loads, runs again, which must give the
 * same, and detects. @choice decides how: of fuzz_hash(). */
void fuzz_model(struct edge_model *model, uint32_t choice);

/* Loads the program at @path, runs a frame and detects. */
void fuzz_program(const char *path);

#endif
