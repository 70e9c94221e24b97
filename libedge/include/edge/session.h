/* SPDX-License-Identifier: MIT */
#ifndef EDGE_SESSION_H
#define EDGE_SESSION_H

#include "edge/program.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A session runs a program: it owns the arena and the threads. Requests are its frames in flight:
 * each owns one set of input and output buffers. A session runs its requests one after the other,
 * in the order of submission; several sessions run at once. All calls on one session and its
 * requests may come from any thread; two threads must not use the same request at the same time.
 */
struct edge_session;
struct edge_request;

/**
 * struct edge_session_settings - how to run
 * @threads: threads that work on a frame, the caller of edge_request_run() included; 0 for one a
 *	core that this process may use
 * @profile: keep times for each node, for edge_request_node_time()
 *
 * Set by edge_session_settings_default(), which zeroes @reserved.
 */
struct edge_session_settings {
	unsigned int threads;
	bool profile;
	uint32_t reserved[16];
};

EDGE_API void edge_session_settings_default(struct edge_session_settings *settings);

/**
 * edge_session_create() - make @program ready to run
 * @program: must outlive the session
 * @settings: NULL for the defaults
 * @session: set on success; release with edge_session_destroy()
 *
 * Return: EDGE_OK; EDGE_INVALID_ARGUMENT for more threads than can be; EDGE_INCOMPATIBLE when the
 * program's instruction sets are masked out; EDGE_OUT_OF_MEMORY, threads included.
 */
EDGE_API enum edge_status edge_session_create(const struct edge_program *program,
					      const struct edge_session_settings *settings,
					      struct edge_session **session,
					      struct edge_error *error);

/* Accepts NULL. Its requests must be destroyed first. */
EDGE_API void edge_session_destroy(struct edge_session *session);

/* Threads that work on a frame. */
EDGE_API unsigned int edge_session_threads(const struct edge_session *session);

/**
 * edge_request_create() - one set of buffers and everything that a run needs
 * @request: set on success; release with edge_request_destroy()
 *
 * Return: EDGE_OK; EDGE_BAD_FORMAT when a program file names a kernel that does not take its node;
 * EDGE_UNSUPPORTED when a node is too large; EDGE_OUT_OF_MEMORY.
 */
EDGE_API enum edge_status edge_request_create(struct edge_session *session,
					      struct edge_request **request,
					      struct edge_error *error);

/* Waits for the request if it is in flight. Accepts NULL. */
EDGE_API void edge_request_destroy(struct edge_request *request);

/*
 * The buffer of input or output @index. The memory belongs to the request and stays where it is;
 * write inputs before a run, read outputs after it. Inputs keep their values from run to run. Where
 * an output's size depends on the data (NonMaxSuppression) its dims are those of the last run.
 * EDGE_INVALID_ARGUMENT when there is none.
 */
EDGE_API enum edge_status edge_request_input(struct edge_request *request, size_t index,
					     struct edge_view *view);
EDGE_API enum edge_status edge_request_output(struct edge_request *request, size_t index,
					      struct edge_view *view);

/* Runs the program on the request's inputs and returns when its outputs are there; behind the
 * requests in the queue. EDGE_INVALID_ARGUMENT when it is in flight itself. */
EDGE_API enum edge_status edge_request_run(struct edge_request *request, struct edge_error *error);

/* Puts the request in the session's queue and returns at once. EDGE_INVALID_ARGUMENT when it is in
 * flight already, EDGE_OUT_OF_MEMORY when the queue's thread cannot be started. */
EDGE_API enum edge_status edge_request_submit(struct edge_request *request,
					      struct edge_error *error);

/* As @timeout_ns: wait until it is done. */
#define EDGE_WAIT_FOREVER UINT64_MAX

/* Waits until a submitted request is done: its result, or EDGE_TIMED_OUT after @timeout_ns
 * nanoseconds (0 polls), when it is still in flight and may be waited for again.
 * EDGE_INVALID_ARGUMENT for one that was never submitted. */
EDGE_API enum edge_status edge_request_wait(struct edge_request *request, uint64_t timeout_ns,
					    struct edge_error *error);

/* Nanoseconds that node @index of the program took in the request's last run; 0 when the session
 * does not profile. */
EDGE_API uint64_t edge_request_node_time(const struct edge_request *request, size_t index);

#ifdef __cplusplus
}
#endif

#endif
