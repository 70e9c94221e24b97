/* SPDX-License-Identifier: MIT */
/* The accelerator by its ioctls, with nothing in between. What cannot fail in a sane machine is asserted. */
#ifndef ACCEL_H
#define ACCEL_H

#include "guest.h"

#include <stdbool.h>

#include <drm/edge_accel.h>

#define MS INT64_C(1000000)
#define SECOND (1000 * MS)

/* For jobs of which nothing but their end is expected; less than what a test may take. */
#define PATIENCE (20 * SECOND)

/**
 * struct bo - a buffer and its mapping
 * @fd: the open device it belongs to
 * @handle: there
 * @size: in whole pages
 * @map: all of it
 */
struct bo {
	int fd;
	uint32_t handle;
	uint64_t size;
	uint8_t *map;
};

/* 0, or a negative errno. Interrupted calls go on. */
int accel_call(int fd, unsigned long request, void *argument);

/* Opens the device, which is there. */
int accel_open(void);

struct drm_edge_device accel_device(int fd);

void bo_create(struct bo *bo, int fd, uint64_t size, uint32_t flags);
void bo_destroy(struct bo *bo);
int bo_sync(const struct bo *bo, uint32_t flags);
/* The first @size bytes, read and written; NULL on failure, errno tells. */
uint8_t *bo_map(int fd, uint32_t handle, uint64_t size);

uint32_t ctx_create(int fd);
int ctx_try(int fd, uint32_t priority, uint32_t *handle);
int ctx_destroy(int fd, uint32_t handle);
struct drm_edge_ctx_status ctx_status(int fd, uint32_t handle);

/* Of a job that must be accepted: its number. */
uint64_t submit(int fd, uint32_t ctx, const void *stream, uint32_t size);
/* The ioctl as it is. */
int submit_try(int fd, struct drm_edge_submit *args);
/* Arguments of a plain job. */
struct drm_edge_submit submit_args(uint32_t ctx, const void *stream, uint32_t size);

/* Waits for @ns from now: 0 when the job ended, and *@result how; -ETIME and others. */
int job_wait(int fd, uint32_t ctx, uint64_t job, int64_t ns, struct drm_edge_wait *result);
/* How a job ended that does end: 0 or a negative errno. */
int job_result(int fd, uint32_t ctx, uint64_t job);

int64_t now_ns(void);

uint32_t syncobj_create(int fd);
void syncobj_destroy(int fd, uint32_t handle);
/* Waits for points; 0 for a binary one. */
int syncobj_wait(int fd, uint32_t handle, uint64_t point, int64_t ns);
void syncobj_signal(int fd, uint32_t handle, uint64_t point);
uint64_t syncobj_point(int fd, uint32_t handle);

int prime_export(int fd, uint32_t handle);
int prime_import(int fd, int dmabuf, uint32_t *handle);
int gem_close(int fd, uint32_t handle);

#endif
