/* SPDX-License-Identifier: MIT */
#ifndef EDGE_STATUS_H
#define EDGE_STATUS_H

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define EDGE_API __attribute__((visibility("default")))
#define EDGE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define EDGE_API
#define EDGE_PRINTF(fmt, args)
#endif

/**
 * enum edge_status - what every call that can fail returns
 *
 * Values are part of the ABI: new ones are added at the end. A sentence for each is
 * edge_status_string(); what happened to this file, this node, is in struct edge_error.
 */
enum edge_status {
	EDGE_OK = 0,
	EDGE_INVALID_ARGUMENT, /* the caller broke the contract of the call */
	EDGE_OUT_OF_MEMORY,
	EDGE_IO_ERROR, /* a file cannot be opened, read or written */
	EDGE_BAD_FORMAT, /* a file is damaged, or is no format that we know */
	EDGE_UNSUPPORTED, /* well formed, but asks for what we do not do */
	EDGE_LIMIT_EXCEEDED, /* larger than a limit that the caller may raise */
	EDGE_INCOMPATIBLE, /* a program for another CPU or from another version */
	EDGE_TIMED_OUT, /* the time that the caller allowed has passed */
	EDGE_PERMISSION_DENIED, /* the device is there, but not for this user */
	EDGE_BUSY, /* the device is taken */
	EDGE_DEVICE_HUNG, /* the caller's own job did not end, and the device was reset */
	EDGE_DEVICE_RESET, /* a job was lost in a reset that somebody else caused; it may be tried again */
	EDGE_DEVICE_REMOVED, /* the device is not there, or not any more */
	EDGE_DEVICE_FAULT, /* the device does not come back from reset, or its firmware has failed */
	EDGE_NUM_STATUS
};

/* Longest message, its terminating zero included, in bytes. */
#define EDGE_ERROR_MAX 512

/**
 * struct edge_error - the cause of a failure, in words
 *
 * The caller owns it; a call that fails fills it, a call that succeeds leaves it alone. Every
 * function that takes one accepts NULL. @message names the file, the node and the remedy, without
 * a final full stop or newline.
 */
struct edge_error {
	enum edge_status status;
	char message[EDGE_ERROR_MAX];
};

/* A sentence for @status; static, never NULL. */
EDGE_API const char *edge_status_string(enum edge_status status);

/* The library's version, "major.minor.patch"; static. */
EDGE_API const char *edge_version(void);

/* What a log line is about; a mask of them selects what the callback sees. */
enum edge_log_topic {
	EDGE_LOG_WARNING =
		1 << 0, /* the result may not be what the user expects (a fallback, ...) */
	EDGE_LOG_IMPORT = 1 << 1,
	EDGE_LOG_COMPILE = 1 << 2,
	EDGE_LOG_RUN = 1 << 3,
	EDGE_LOG_DEVICE =
		1 << 4, /* accelerators: what is found, opened, and refused by the kernel */
};

typedef void (*edge_log_fn)(void *data, enum edge_log_topic topic, const char *message);

/**
 * edge_set_log() - send the library's log lines of the topics in @mask to @fn
 *
 * Process-wide; NULL turns logging off, which is the default. Not safe against calls of the
 * library that run at the same time: set it first. @fn may be called from any thread.
 */
EDGE_API void edge_set_log(edge_log_fn fn, void *data, unsigned int mask);

#ifdef __cplusplus
}
#endif

#endif
