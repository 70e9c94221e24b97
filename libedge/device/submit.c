// SPDX-License-Identifier: MIT
#include "device/submit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "device/cause.h"
#include "device/refusal.h"

static enum edge_status refused(const struct edge_device *device, const struct edge_stream *stream,
				const struct drm_edge_submit *submit, struct edge_error *error)
{
	char text[EDGE_REFUSAL_MAX];

	edge_refusal_text(stream, submit, text, sizeof(text));
	return edge_fail(error,
			 submit->error_reason == DRM_EDGE_REASON_UNSUPPORTED
				 ? EDGE_UNSUPPORTED
				 : EDGE_INVALID_ARGUMENT,
			 "%s: %s", device->node, text);
}

enum edge_status edge_job_submit(struct edge_context *context, const struct edge_stream *stream,
				 const struct edge_submit_settings *settings, uint64_t *job,
				 struct edge_error *error)
{
	static const struct edge_submit_settings nothing;
	struct drm_edge_submit submit = {
		.ctx = context->handle,
		.stream = (uintptr_t)stream->bytes,
		.stream_size = stream->size,
		.in_sync_stride = sizeof(struct drm_edge_sync),
		.out_sync_stride = sizeof(struct drm_edge_sync),
	};
	int number;

	*job = 0;
	if (!settings)
		settings = &nothing;
	if (!stream->ops)
		return edge_fail(error, EDGE_INVALID_ARGUMENT, "%s: a job without operations",
				 context->device->node);
	submit.in_sync_count = settings->num_waits;
	submit.in_syncs = (uintptr_t)settings->waits;
	submit.out_sync_count = settings->num_signals;
	submit.out_syncs = (uintptr_t)settings->signals;
	submit.deadline_ns = settings->deadline_ns;
	number = edge_device_ioctl(context->device, DRM_IOCTL_EDGE_SUBMIT, &submit);
	if (number == EINVAL && submit.error_reason != DRM_EDGE_REASON_NONE)
		return refused(context->device, stream, &submit, error);
	if (number)
		return edge_device_fail(context->device, "submit a job", number, error);
	*job = submit.job;
	return EDGE_OK;
}

/* What the result of a job that has ended means. */
static enum edge_status failed(const struct edge_context *context, uint64_t job, int number,
			       struct edge_error *error)
{
	struct drm_edge_ctx_status status;
	char what[48];

	snprintf(what, sizeof(what), "job %" PRIu64, job);
	/* Alone among results, these two do not mean what they mean as errors of an ioctl. */
	if (number == EIO)
		return edge_fail(error, EDGE_DEVICE_RESET,
				 "%s: %s: lost when another job hung the device, which was reset; "
				 "submit it again",
				 context->device->node, what);
	if (number == ECANCELED && !edge_context_status(context, &status, NULL) &&
	    status.state != DRM_EDGE_CTX_GUILTY)
		return edge_fail(error, EDGE_DEVICE_RESET,
				 "%s: %s: cancelled before it ran; submit it again",
				 context->device->node, what);
	return edge_cause_fail(error, context->device->node, what, number);
}

enum edge_status edge_job_wait(struct edge_context *context, uint64_t job, int64_t deadline_ns,
			       uint64_t *ops, struct edge_error *error)
{
	struct drm_edge_wait wait = {
		.ctx = context->handle,
		.job = job,
		.timeout_ns = deadline_ns,
	};
	int number = edge_device_ioctl(context->device, DRM_IOCTL_EDGE_WAIT, &wait);

	if (number)
		return edge_device_fail(context->device, "wait for a job", number, error);
	if (ops)
		*ops = wait.ops;
	return wait.result ? failed(context, job, -wait.result, error) : EDGE_OK;
}
