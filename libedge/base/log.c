// SPDX-License-Identifier: MIT
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>

static struct {
	edge_log_fn fn;
	void *data;
	unsigned int mask;
} logger;

void edge_set_log(edge_log_fn fn, void *data, unsigned int mask)
{
	logger.fn = fn;
	logger.data = data;
	logger.mask = fn ? mask : 0;
}

void edge_log(enum edge_log_topic topic, const char *format, ...)
{
	char line[EDGE_ERROR_MAX];
	va_list args;

	if (!(logger.mask & topic))
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	logger.fn(logger.data, topic, line);
}
