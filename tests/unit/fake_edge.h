/* SPDX-License-Identifier: MIT */
/*
 * A kernel with the driver edge_accel, in process: it keeps the rules of uapi/drm/edge_accel.h, holds buffers in
 * a memfd, and fails on command.
 */
#ifndef FAKE_EDGE_H
#define FAKE_EDGE_H

#include <stdint.h>

#include "device/kernel.h"
#include "drm/edge_accel.h"

#define FAKE_BUFFERS 16
#define FAKE_CONTEXTS 8
#define FAKE_STREAM 65536

struct fake_buffer {
	uint64_t size;
	uint64_t offset;
	uint32_t flags;
	unsigned long inode; /* of the dma-buf it came from or became */
};

/**
 * struct fake_edge - what the fake is and has seen
 * @driver, @major, @minor: what DRM_IOCTL_VERSION says
 * @about, @nvdla: what it tells, of which it knows @about_size and @nvdla_size bytes
 * @open_error: opening fails so
 * @fail_nr, @fail_error: the ioctl of that number (its low byte) fails so, after @fail_after calls of it
 * @reason, @error_op, @error_at: submitted streams are refused so
 * @result: what jobs end with; @running: they do not end
 * @state: of every context
 * @calls: ioctls of each number
 * @open_files: nodes opened; @live: buffers, contexts and syncobjs
 * @stream: the last one submitted, @submit the call
 * @dma_buf_sync: the flags of the last sync of a dma-buf
 */
struct fake_edge {
	const char *driver;
	int major, minor;
	struct drm_edge_device about;
	struct drm_edge_nvdla nvdla;
	uint32_t about_size, nvdla_size;
	int open_error;
	unsigned int fail_nr;
	int fail_error;
	int fail_after;
	uint32_t reason, error_op, error_at;
	int result;
	int running;
	uint32_t state;
	unsigned int calls[256];
	int open_files;
	int live;
	uint64_t jobs;
	uint64_t end; /* of the memfd */
	struct fake_buffer buffers[FAKE_BUFFERS];
	int contexts[FAKE_CONTEXTS];
	int syncobjs[FAKE_CONTEXTS];
	unsigned char stream[FAKE_STREAM];
	struct drm_edge_submit submit;
	unsigned long dma_buf_sync;
};

extern struct fake_edge fake;
extern const struct edge_kernel fake_kernel;

/* An nv_small on a card, on which everything succeeds. */
void fake_edge_reset(void);

/* The ioctl @request fails with @error from now on. */
void fake_edge_fail(unsigned long request, int error);

#endif
