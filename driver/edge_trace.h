/* SPDX-License-Identifier: GPL-2.0-only */
/* clang-format off */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM edge_accel

#if !defined(EDGE_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define EDGE_TRACE_H

#include <linux/tracepoint.h>

#include "edge_ctx.h"
#include "edge_drv.h"
#include "edge_job.h"

DECLARE_EVENT_CLASS(edge_job,
	TP_PROTO(const struct edge_job *job),
	TP_ARGS(job),
	TP_STRUCT__entry(
		__field(const void *, ctx)
		__field(u64, number)
		__field(u32, ops)
	),
	TP_fast_assign(
		__entry->ctx = job->ctx;
		__entry->number = job->number;
		__entry->ops = job->op_count;
	),
	TP_printk("ctx=%p job=%llu ops=%u", __entry->ctx, __entry->number, __entry->ops)
);

/* A job was accepted. */
DEFINE_EVENT(edge_job, edge_job_submit, TP_PROTO(const struct edge_job *job), TP_ARGS(job));

/* A job came onto the hardware's queue. */
DEFINE_EVENT(edge_job, edge_job_run, TP_PROTO(const struct edge_job *job), TP_ARGS(job));

/* A job ended. */
TRACE_EVENT(edge_job_done,
	TP_PROTO(const struct edge_job *job, int error),
	TP_ARGS(job, error),
	TP_STRUCT__entry(
		__field(const void *, ctx)
		__field(u64, number)
		__field(u32, ops)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->ctx = job->ctx;
		__entry->number = job->number;
		__entry->ops = job->ops_done;
		__entry->error = error;
	),
	TP_printk("ctx=%p job=%llu ops=%u error=%d", __entry->ctx, __entry->number, __entry->ops,
		  __entry->error)
);

/* An operation is about to be programmed. */
TRACE_EVENT(edge_op_issue,
	TP_PROTO(const struct edge_job *job, u32 op, const char *name),
	TP_ARGS(job, op, name),
	TP_STRUCT__entry(
		__field(u64, number)
		__field(u32, op)
		__array(char, name, 16)
	),
	TP_fast_assign(
		__entry->number = job->number;
		__entry->op = op;
		strscpy(__entry->name, name, sizeof(__entry->name));
	),
	TP_printk("job=%llu op=%u %s", __entry->number, __entry->op, __entry->name)
);

/* An operation has ended. */
TRACE_EVENT(edge_op_done,
	TP_PROTO(const struct edge_job *job, u32 op),
	TP_ARGS(job, op),
	TP_STRUCT__entry(
		__field(u64, number)
		__field(u32, op)
	),
	TP_fast_assign(
		__entry->number = job->number;
		__entry->op = op;
	),
	TP_printk("job=%llu op=%u", __entry->number, __entry->op)
);

/* The device raised its interrupt. */
TRACE_EVENT(edge_irq,
	TP_PROTO(const struct edge_device *edev, u32 status),
	TP_ARGS(edev, status),
	TP_STRUCT__entry(
		__field(u32, status)
	),
	TP_fast_assign(
		__entry->status = status;
	),
	TP_printk("status=%08x", __entry->status)
);

/* The device is going to be reset. */
TRACE_EVENT(edge_reset,
	TP_PROTO(const struct edge_device *edev, const char *cause),
	TP_ARGS(edev, cause),
	TP_STRUCT__entry(
		__array(char, cause, 16)
	),
	TP_fast_assign(
		strscpy(__entry->cause, cause, sizeof(__entry->cause));
	),
	TP_printk("%s", __entry->cause)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE edge_trace
#include <trace/define_trace.h>
