// SPDX-License-Identifier: MIT
#include "accel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

int accel_call(int fd, unsigned long request, void *argument)
{
	int ret;

	do {
		ret = ioctl(fd, request, argument);
	} while (ret < 0 && (errno == EINTR || errno == EAGAIN));
	return ret < 0 ? -errno : ret;
}

int accel_open(void)
{
	int fd = edge_open(NULL, 0);

	assert_true(fd >= 0);
	return fd;
}

struct drm_edge_device accel_device(int fd)
{
	struct drm_edge_device device = { 0 };
	struct drm_edge_dev_query query = {
		.type = DRM_EDGE_QUERY_DEVICE,
		.size = sizeof(device),
		.pointer = (uintptr_t)&device,
	};

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_DEV_QUERY, &query), 0);
	return device;
}

uint8_t *bo_map(int fd, uint32_t handle, uint64_t size)
{
	struct drm_edge_bo_info info = { .handle = handle };
	void *map;

	errno = -accel_call(fd, DRM_IOCTL_EDGE_BO_INFO, &info);
	if (errno)
		return NULL;
	map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)info.mmap_offset);
	return map == MAP_FAILED ? NULL : map;
}

static void bo_adopt(struct bo *bo, int fd, uint32_t handle)
{
	struct drm_edge_bo_info info = { .handle = handle };

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_INFO, &info), 0);
	*bo = (struct bo) { .fd = fd, .handle = handle, .size = info.size };
	bo->map = bo_map(fd, handle, info.size);
	assert_non_null(bo->map);
}

void bo_create(struct bo *bo, int fd, uint64_t size, uint32_t flags)
{
	struct drm_edge_bo_create create = { .size = size, .flags = flags };

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_CREATE, &create), 0);
	bo_adopt(bo, fd, create.handle);
	assert_int_equal(bo->size, create.size);
}

int gem_close(int fd, uint32_t handle)
{
	struct drm_gem_close close = { .handle = handle };

	return accel_call(fd, DRM_IOCTL_GEM_CLOSE, &close);
}

void bo_destroy(struct bo *bo)
{
	munmap(bo->map, bo->size);
	assert_int_equal(gem_close(bo->fd, bo->handle), 0);
}

int bo_sync(const struct bo *bo, uint32_t flags)
{
	struct drm_edge_bo_sync sync = { .handle = bo->handle, .flags = flags };

	return accel_call(bo->fd, DRM_IOCTL_EDGE_BO_SYNC, &sync);
}

int ctx_try(int fd, uint32_t priority, uint32_t *handle)
{
	struct drm_edge_ctx_create create = { .priority = priority };
	int ret = accel_call(fd, DRM_IOCTL_EDGE_CTX_CREATE, &create);

	*handle = create.handle;
	return ret;
}

uint32_t ctx_create(int fd)
{
	uint32_t handle;

	assert_int_equal(ctx_try(fd, DRM_EDGE_PRIORITY_NORMAL, &handle), 0);
	return handle;
}

int ctx_destroy(int fd, uint32_t handle)
{
	struct drm_edge_ctx_destroy destroy = { .handle = handle };

	return accel_call(fd, DRM_IOCTL_EDGE_CTX_DESTROY, &destroy);
}

struct drm_edge_ctx_status ctx_status(int fd, uint32_t handle)
{
	struct drm_edge_ctx_status status = { .handle = handle };

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_CTX_STATUS, &status), 0);
	return status;
}

struct drm_edge_submit submit_args(uint32_t ctx, const void *stream, uint32_t size)
{
	struct drm_edge_submit args = {
		.ctx = ctx,
		.stream = (uintptr_t)stream,
		.stream_size = size,
	};

	return args;
}

int submit_try(int fd, struct drm_edge_submit *args)
{
	return accel_call(fd, DRM_IOCTL_EDGE_SUBMIT, args);
}

uint64_t submit(int fd, uint32_t ctx, const void *stream, uint32_t size)
{
	struct drm_edge_submit args = submit_args(ctx, stream, size);
	int ret = submit_try(fd, &args);

	if (ret)
		print_message("# refused: operation %u, reason %u, at %u\n", args.error_op,
			      args.error_reason, args.error_at);
	assert_int_equal(ret, 0);
	return args.job;
}

int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

int job_wait(int fd, uint32_t ctx, uint64_t job, int64_t ns, struct drm_edge_wait *result)
{
	*result = (struct drm_edge_wait) { .ctx = ctx, .job = job, .timeout_ns = now_ns() + ns };
	return accel_call(fd, DRM_IOCTL_EDGE_WAIT, result);
}

int job_result(int fd, uint32_t ctx, uint64_t job)
{
	struct drm_edge_wait wait;

	assert_int_equal(job_wait(fd, ctx, job, PATIENCE, &wait), 0);
	return wait.result;
}

uint32_t syncobj_create(int fd)
{
	struct drm_syncobj_create create = { 0 };

	assert_int_equal(accel_call(fd, DRM_IOCTL_SYNCOBJ_CREATE, &create), 0);
	return create.handle;
}

void syncobj_destroy(int fd, uint32_t handle)
{
	struct drm_syncobj_destroy destroy = { .handle = handle };

	assert_int_equal(accel_call(fd, DRM_IOCTL_SYNCOBJ_DESTROY, &destroy), 0);
}

int syncobj_wait(int fd, uint32_t handle, uint64_t point, int64_t ns)
{
	struct drm_syncobj_timeline_wait wait = {
		.handles = (uintptr_t)&handle,
		.points = (uintptr_t)&point,
		.timeout_nsec = now_ns() + ns,
		.count_handles = 1,
	};

	return accel_call(fd, DRM_IOCTL_SYNCOBJ_TIMELINE_WAIT, &wait);
}

void syncobj_signal(int fd, uint32_t handle, uint64_t point)
{
	struct drm_syncobj_timeline_array array = {
		.handles = (uintptr_t)&handle,
		.points = (uintptr_t)&point,
		.count_handles = 1,
	};

	assert_int_equal(accel_call(fd, DRM_IOCTL_SYNCOBJ_TIMELINE_SIGNAL, &array), 0);
}

uint64_t syncobj_point(int fd, uint32_t handle)
{
	uint64_t point = 0;
	struct drm_syncobj_timeline_array array = {
		.handles = (uintptr_t)&handle,
		.points = (uintptr_t)&point,
		.count_handles = 1,
	};

	assert_int_equal(accel_call(fd, DRM_IOCTL_SYNCOBJ_QUERY, &array), 0);
	return point;
}

int prime_export(int fd, uint32_t handle)
{
	struct drm_prime_handle prime = { .handle = handle, .flags = DRM_CLOEXEC | DRM_RDWR };

	assert_int_equal(accel_call(fd, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime), 0);
	return prime.fd;
}

int prime_import(int fd, int dmabuf, uint32_t *handle)
{
	struct drm_prime_handle prime = { .fd = dmabuf };
	int ret = accel_call(fd, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);

	*handle = prime.handle;
	return ret;
}
