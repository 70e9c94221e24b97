/* SPDX-License-Identifier: MIT */
/*
 * One run of a program, shared out among threads.
 *
 * The nodes that have work stand in phases: a node of several tasks is a phase of its own, and
 * neighbours of one task each share one, which one thread runs through. Threads go on to the next
 * phase when all tasks of this one are done. Nobody waits for a thread that has no task in hand, so
 * that one which the system has taken off its core holds nobody up.
 */
#ifndef EDGE_RUNTIME_FRAME_H
#define EDGE_RUNTIME_FRAME_H

#include "backend/backend.h"

struct edge_frame;

/**
 * edge_frame_create() - make the nodes of @graph ready to run in @map
 * @profile: keep times
 */
enum edge_status edge_frame_create(const struct edge_graph *graph, unsigned int cpu_flags,
				   const struct edge_memory_map *map, unsigned int threads,
				   bool profile, struct edge_frame **frame,
				   struct edge_error *error);

void edge_frame_destroy(struct edge_frame *frame); /* accepts NULL */

/* Bytes that each thread needs while it runs the frame; a multiple of 64. */
size_t edge_frame_scratch_size(const struct edge_frame *frame);

/* To be called by one thread before each run. */
void edge_frame_begin(struct edge_frame *frame);

/* Takes part as thread @thread; thread 0 returns when all is done. @scratch is the thread's own,
 * aligned to 64. */
void edge_frame_run(struct edge_frame *frame, unsigned int thread, void *scratch);

/* dims[0] of a dynamic output after a run. */
int64_t edge_frame_output_size(const struct edge_frame *frame, const struct edge_tensor *tensor);

/* Nanoseconds that node @node took in the last run; 0 for one without work. */
uint64_t edge_frame_node_time(const struct edge_frame *frame, int node);

#endif
