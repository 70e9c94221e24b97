// SPDX-License-Identifier: MIT
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const status_strings[EDGE_NUM_STATUS] = {
	[EDGE_OK] = "Success.",
	[EDGE_INVALID_ARGUMENT] = "The call was made with an argument that it does not accept.",
	[EDGE_OUT_OF_MEMORY] = "There is not enough memory.",
	[EDGE_IO_ERROR] = "A file could not be opened, read or written.",
	[EDGE_BAD_FORMAT] = "The file is damaged or of no known format.",
	[EDGE_UNSUPPORTED] = "The file asks for something that is not supported.",
	[EDGE_LIMIT_EXCEEDED] = "The file exceeds a limit that the caller may raise.",
	[EDGE_INCOMPATIBLE] =
		"The program or the driver is for another processor or from another version.",
	[EDGE_TIMED_OUT] = "The time allowed has passed.",
	[EDGE_PERMISSION_DENIED] = "The device may not be used by this user.",
	[EDGE_BUSY] = "The device is in use.",
	[EDGE_DEVICE_HUNG] = "A job did not end, and the device was reset.",
	[EDGE_DEVICE_RESET] = "A job was lost when the device was reset on another's account.",
	[EDGE_DEVICE_REMOVED] = "The device is not there.",
	[EDGE_DEVICE_FAULT] = "The device or its firmware has failed and does not recover.",
};

const char *edge_status_string(enum edge_status status)
{
	if ((unsigned int)status >= EDGE_NUM_STATUS)
		return "Unknown status.";
	return status_strings[status];
}

const char *edge_version(void)
{
	return EDGE_VERSION;
}

enum edge_status edge_fail(struct edge_error *error, enum edge_status status, const char *format,
			   ...)
{
	va_list args;

	if (!error)
		return status;
	error->status = status;
	va_start(args, format);
	vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);
	return status;
}

enum edge_status edge_fail_in(struct edge_error *error, enum edge_status status, const char *format,
			      ...)
{
	char message[EDGE_ERROR_MAX];
	va_list args;
	size_t used;
	int length;

	if (!error)
		return status;
	va_start(args, format);
	length = vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	used = length < 0 ? 0 : (size_t)length;
	if (used < sizeof(message))
		snprintf(message + used, sizeof(message) - used, ": %s", error->message);
	memcpy(error->message, message, sizeof(message));
	error->status = status;
	return status;
}

enum edge_status edge_fail_memory(struct edge_error *error)
{
	return edge_fail(error, EDGE_OUT_OF_MEMORY,
			 "out of memory; close other programs or use a smaller model");
}
