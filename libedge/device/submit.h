/* SPDX-License-Identifier: MIT */
#ifndef EDGE_DEVICE_SUBMIT_H
#define EDGE_DEVICE_SUBMIT_H

#include "device/context.h"
#include "device/stream.h"

/**
 * struct edge_submit_settings - what a job waits for and signals; all zero for nothing
 * @waits: it begins when these @num_waits have signalled
 * @signals: these @num_signals are signalled when it has ended
 * @deadline_ns: of CLOCK_MONOTONIC, when the result is wanted; a hint
 */
struct edge_submit_settings {
	const struct drm_edge_sync *waits;
	uint32_t num_waits;
	const struct drm_edge_sync *signals;
	uint32_t num_signals;
	int64_t deadline_ns;
};

/**
 * edge_job_submit() - queue what @stream says
 * @settings: may be NULL
 * @job: set to the job's number in its context
 *
 * The stream may be changed at once. A refused one is EDGE_UNSUPPORTED where the device lacks a unit, else
 * EDGE_INVALID_ARGUMENT; the message names operation and field.
 */
enum edge_status edge_job_submit(struct edge_context *context, const struct edge_stream *stream,
				 const struct edge_submit_settings *settings, uint64_t *job,
				 struct edge_error *error);

/**
 * edge_job_wait() - until a job has ended
 * @deadline_ns: of CLOCK_MONOTONIC; EDGE_TIMED_OUT when it has not ended by then
 * @ops: may be NULL; set to the operations that were finished, if it has ended
 *
 * EDGE_DEVICE_HUNG if this job or an earlier one of its context hung the device, EDGE_DEVICE_RESET if it was
 * lost on another's account, EDGE_DEVICE_REMOVED, EDGE_DEVICE_FAULT.
 */
enum edge_status edge_job_wait(struct edge_context *context, uint64_t job, int64_t deadline_ns,
			       uint64_t *ops, struct edge_error *error);

#endif
