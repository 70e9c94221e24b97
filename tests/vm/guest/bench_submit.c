// SPDX-License-Identifier: MIT
/*
 * Where the time of a job goes, from the ioctl that submits it to the return of the one that waits, by the driver's
 * tracepoints; and how many of the smallest jobs there are in a second. Figures of an emulated machine: of use beside each
 * other, not beside those of hardware.
 */
#include "accel.h"
#include "ops.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRACING "/sys/kernel/debug/tracing/"
#define WARM_UP 100
#define JOBS 2000
#define FLIGHT 16
#define BURST_JOBS 4000

/* When what happened to a job, in microseconds. */
struct times {
	double call, submit, run, issue, irq, done, wake;
};

static void trace_write(const char *name, const char *text)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), TRACING "%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0) {
		printf("SKIP no %s\n", path);
		exit(77);
	}
	close(fd);
}

static double now_us(void)
{
	return (double)now_ns() / 1000;
}

/* One job after the other. */
static void run_jobs(int fd, uint32_t ctx, const struct drm_edge_nvdla_copy *copy, int count,
		     struct times *times)
{
	for (int i = 0; i < count; i++) {
		times[i].call = now_us();
		if (job_result(fd, ctx, submit(fd, ctx, copy, sizeof(*copy))))
			exit(1);
		times[i].wake = now_us();
	}
}

/* The moment of a line of the trace, and the event's name; false for other lines. */
static bool read_event(const char *line, double *moment, const char **event)
{
	const char *at = strstr(line, ": edge_");
	const char *stamp = at;

	if (!at || line[0] == '#')
		return false;
	while (stamp > line && stamp[-1] != ' ')
		stamp--;
	*moment = strtod(stamp, NULL) * 1e6;
	*event = at + 2;
	return true;
}

static void note(struct times *job, const char *event, double moment)
{
	static const struct {
		const char *name;
		size_t offset;
	} events[] = {
		{ "edge_job_submit:", offsetof(struct times, submit) },
		{ "edge_job_run:", offsetof(struct times, run) },
		{ "edge_op_issue:", offsetof(struct times, issue) },
		{ "edge_irq:", offsetof(struct times, irq) },
		{ "edge_job_done:", offsetof(struct times, done) },
	};

	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		if (!strncmp(event, events[i].name, strlen(events[i].name)))
			*(double *)((char *)job + events[i].offset) = moment;
}

/* Fills in what the kernel saw: of each job it happened between its call and its end. */
static void read_trace(struct times *times, int count)
{
	FILE *trace = fopen(TRACING "trace", "r");
	char line[512];
	int job = 0;

	while (trace && fgets(line, sizeof(line), trace)) {
		const char *event;
		double moment;

		if (!read_event(line, &moment, &event))
			continue;
		/* Stamps of the trace are cut off to whole microseconds. */
		while (job < count && moment > times[job].wake)
			job++;
		if (job < count && moment >= times[job].call - 1)
			note(&times[job], event, moment);
	}
	if (trace)
		fclose(trace);
}

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static void print_row(const char *name, const struct times *times, int count, size_t from,
		      size_t to)
{
	double spans[JOBS];
	int known = 0;

	for (int i = 0; i < count; i++) {
		const double begin = *(const double *)((const char *)&times[i] + from);
		const double end = *(const double *)((const char *)&times[i] + to);

		if (begin && end)
			spans[known++] = end > begin ? end - begin : 0;
	}
	if (!known)
		return;
	qsort(spans, known, sizeof(*spans), compare);
	printf("%-44s %8.0f %8.0f %8.0f %8.0f %6d\n", name, spans[0], spans[known / 2],
	       spans[known * 95 / 100], spans[known * 99 / 100], known);
}

#define ROW(name, from, to) \
	print_row(name, times, JOBS, offsetof(struct times, from), offsetof(struct times, to))

/* Many at a time; jobs in a second. */
static double burst(int fd, uint32_t ctx, const struct drm_edge_nvdla_copy *copy)
{
	const double began = now_us();
	uint64_t last = 0;

	for (int i = 0; i < BURST_JOBS; i++) {
		last = submit(fd, ctx, copy, sizeof(*copy));
		if (i >= FLIGHT && job_result(fd, ctx, last - FLIGHT))
			exit(1);
	}
	if (job_result(fd, ctx, last))
		exit(1);
	return BURST_JOBS / ((now_us() - began) / 1e6);
}

int main(void)
{
	static struct times times[JOBS];
	struct drm_edge_nvdla_copy copy;
	int fd = accel_open();
	uint32_t ctx = ctx_create(fd);
	struct bo bo;

	bo_create(&bo, fd, 4096, 0);
	copy = smallest_op(&bo, 64);
	run_jobs(fd, ctx, &copy, WARM_UP, times);

	trace_write("trace_clock", "mono");
	trace_write("buffer_size_kb", "4096");
	trace_write("trace", "");
	trace_write("events/edge_accel/enable", "1");
	run_jobs(fd, ctx, &copy, JOBS, times);
	trace_write("events/edge_accel/enable", "0");
	read_trace(times, JOBS);

	printf("%-44s %8s %8s %8s %8s %6s\n", "microseconds", "min", "median", "95 %", "99 %",
	       "jobs");
	ROW("ioctl to accepted: copied and checked", call, submit);
	ROW("accepted to the hardware's queue", submit, run);
	ROW("queue to the first register write", run, issue);
	ROW("ioctl to the first register write", call, issue);
	ROW("first register write to interrupt", issue, irq);
	ROW("interrupt to the job's end in the kernel", irq, done);
	ROW("job's end to the waiting program", done, wake);
	ROW("interrupt to the waiting program", irq, wake);
	ROW("all, from ioctl to the waiting program", call, wake);
	printf("%-44s %8.0f\n", "jobs in a second, one after the other",
	       JOBS / ((times[JOBS - 1].wake - times[0].call) / 1e6));
	printf("%-44s %8.0f\n", "jobs in a second, 16 at a time", burst(fd, ctx, &copy));
	bo_destroy(&bo);
	close(fd);
	return 0;
}
