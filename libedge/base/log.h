/* SPDX-License-Identifier: MIT */
#ifndef EDGE_BASE_LOG_H
#define EDGE_BASE_LOG_H

#include "edge/status.h"

/* Hands one line, without a newline, to the application's callback if it wants @topic. */
void edge_log(enum edge_log_topic topic, const char *format, ...) EDGE_PRINTF(2, 3);

#endif
