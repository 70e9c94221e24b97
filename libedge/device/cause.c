// SPDX-License-Identifier: MIT
#include "device/cause.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

/*
 * One code for each thing that calls for another answer: who hung, who was reset, what is gone and
 * what is broken are not the same, though drivers like to call all of them EIO.
 */
static const struct cause {
	int number;
	enum edge_status status;
	const char *sentence;
} causes[] = {
	{ EINVAL, EDGE_INVALID_ARGUMENT,
	  "the driver takes no such argument; use a driver and a library of the same release" },
	{ EFAULT, EDGE_INVALID_ARGUMENT, "a pointer leads nowhere" },
	{ ENOENT, EDGE_INVALID_ARGUMENT, "there is no such buffer, context, job or syncobj" },
	{ E2BIG, EDGE_INCOMPATIBLE,
	  "the driver is older than this request; install the driver of this release" },
	{ ENOTTY, EDGE_INCOMPATIBLE,
	  "the driver does not know this request; install the driver of this release" },
	{ ENOMEM, EDGE_OUT_OF_MEMORY,
	  "not enough memory in one piece; 'edgectl doctor' tells how to get more" },
	{ ENOSPC, EDGE_LIMIT_EXCEEDED, "too many contexts; destroy those no longer needed" },
	{ EMFILE, EDGE_LIMIT_EXCEEDED, "too many open files; raise ulimit -n" },
	{ ENFILE, EDGE_LIMIT_EXCEEDED, "too many files are open in the system" },
	{ EOPNOTSUPP, EDGE_UNSUPPORTED, "this device cannot do that" },
	{ EACCES, EDGE_PERMISSION_DENIED,
	  "not permitted for this user; 'edgectl doctor' tells which group to join" },
	{ EPERM, EDGE_PERMISSION_DENIED,
	  "not permitted for this user; 'edgectl doctor' tells which group to join" },
	{ EBUSY, EDGE_BUSY, "it is in use; 'edgectl top' tells by whom" },
	{ ETIME, EDGE_TIMED_OUT, "not done within the time allowed" },
	{ ETIMEDOUT, EDGE_DEVICE_HUNG,
	  "the job did not end and the device was reset; 'edgectl report' gathers what is known" },
	{ ECANCELED, EDGE_DEVICE_HUNG,
	  "an earlier job of this context hung the device; make a new context" },
	{ ENODEV, EDGE_DEVICE_REMOVED,
	  "the device was unplugged or its driver unbound; plug it in and open it again" },
	{ ENXIO, EDGE_DEVICE_REMOVED,
	  "the device was unplugged or its driver unbound; plug it in and open it again" },
	{ EIO, EDGE_DEVICE_FAULT,
	  "the device does not come back from reset; switch the power off and on, then see "
	  "'edgectl doctor'" },
};

static const struct cause *find(int number)
{
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (causes[i].number == number)
			return &causes[i];
	return NULL;
}

enum edge_status edge_cause_status(int number)
{
	const struct cause *cause = find(number);

	return cause ? cause->status : EDGE_IO_ERROR;
}

enum edge_status edge_cause_fail(struct edge_error *error, const char *node, const char *what,
				 int number)
{
	const struct cause *cause = find(number);

	return edge_fail(error, edge_cause_status(number), "%s: %s: %s", node, what,
			 cause ? cause->sentence : strerror(number));
}
