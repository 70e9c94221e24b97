// SPDX-License-Identifier: MIT
#include "fake_edge.h"

#include <errno.h>
#include <linux/dma-buf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xf86drm.h>

struct fake_edge fake;

#define PAGE 4096u
#define NUMBER(request) ((request)&0xff)

void fake_edge_reset(void)
{
	memset(&fake, 0, sizeof(fake));
	fake.driver = "edge_accel";
	fake.major = 1;
	fake.about = (struct drm_edge_device) {
		.kind = DRM_EDGE_KIND_FPGA,
		.family = DRM_EDGE_FAMILY_NVDLA,
		.name = "nv_small",
		.hw_version = 0x10001,
		.clock_hz = 100000000,
		.max_ops = 64,
		.max_stream = FAKE_STREAM,
		.max_bo = 64 << 20,
		.address_bits = 32,
		.bo_align = 32,
		.jobs_in_flight = 1,
		.timeout_ms = 2000,
	};
	fake.nvdla = (struct drm_edge_nvdla) {
		.atomic_c = 8,
		.atomic_k = 8,
		.atom = 8,
		.cbuf_banks = 32,
		.cbuf_width = 8,
		.cbuf_depth = 512,
		.features = DRM_EDGE_NVDLA_BS | DRM_EDGE_NVDLA_PDP | DRM_EDGE_NVDLA_CDP,
		.pdp_line = 128,
	};
	fake.about_size = sizeof(fake.about);
	fake.nvdla_size = sizeof(fake.nvdla);
}

void fake_edge_fail(unsigned long request, int error)
{
	fake.fail_nr = NUMBER(request);
	fake.fail_error = error;
}

static int fake_open(const char *path)
{
	int fd;

	if (access(path, F_OK))
		return -1;
	if (fake.open_error) {
		errno = fake.open_error;
		return -1;
	}
	fd = memfd_create("edge_accel", MFD_CLOEXEC);
	fake.open_files += fd >= 0;
	return fd;
}

static int version(struct drm_version *version)
{
	size_t length = strlen(fake.driver);

	version->version_major = fake.major;
	version->version_minor = fake.minor;
	memcpy(version->name, fake.driver, length < version->name_len ? length : version->name_len);
	version->name_len = length;
	return 0;
}

static int query(struct drm_edge_dev_query *query)
{
	bool nvdla = query->type == DRM_EDGE_QUERY_NVDLA;
	uint32_t known = nvdla ? fake.nvdla_size : fake.about_size;

	if (query->type > DRM_EDGE_QUERY_NVDLA)
		return EOPNOTSUPP;
	if (query->pointer) {
		/* A kernel of the future knows more than the structs have; zeros stand for it. */
		size_t has = nvdla ? sizeof(fake.nvdla) : sizeof(fake.about);
		size_t size = query->size < known ? query->size : known;

		memset((void *)(uintptr_t)query->pointer, 0, size);
		memcpy((void *)(uintptr_t)query->pointer,
		       nvdla ? (void *)&fake.nvdla : (void *)&fake.about, size < has ? size : has);
	}
	query->size = known;
	return 0;
}

static struct fake_buffer *find_buffer(uint32_t handle)
{
	return handle && handle <= FAKE_BUFFERS && fake.buffers[handle - 1].size
		       ? &fake.buffers[handle - 1]
		       : NULL;
}

static uint32_t free_handle(void)
{
	for (uint32_t i = 0; i < FAKE_BUFFERS; i++)
		if (!fake.buffers[i].size)
			return i + 1;
	return 0;
}

static int bo_create(int fd, struct drm_edge_bo_create *create)
{
	const uint32_t one_way = DRM_EDGE_BO_DEVICE_READS | DRM_EDGE_BO_DEVICE_WRITES;
	struct fake_buffer *buffer;

	if (!create->size || create->size > fake.about.max_bo ||
	    create->flags & ~(DRM_EDGE_BO_CACHED | one_way) ||
	    (create->flags & one_way) == one_way || create->handle || create->mmap_offset)
		return EINVAL;
	create->handle = free_handle();
	if (!create->handle)
		return ENOMEM;
	create->size = (create->size + PAGE - 1) / PAGE * PAGE;
	create->mmap_offset = fake.end;
	fake.end += create->size;
	if (ftruncate(fd, fake.end))
		return errno;
	buffer = &fake.buffers[create->handle - 1];
	*buffer = (struct fake_buffer) { create->size, create->mmap_offset, create->flags, 0 };
	fake.live++;
	return 0;
}

static int bo_info(struct drm_edge_bo_info *info)
{
	const struct fake_buffer *buffer = find_buffer(info->handle);

	if (!buffer)
		return ENOENT;
	info->flags = buffer->flags;
	info->size = buffer->size;
	info->mmap_offset = buffer->offset;
	return 0;
}

static int bo_sync(const struct drm_edge_bo_sync *sync)
{
	const struct fake_buffer *buffer = find_buffer(sync->handle);

	if (!buffer)
		return ENOENT;
	if (buffer->flags & DRM_EDGE_BO_IMPORTED)
		return EOPNOTSUPP;
	if (!sync->flags || sync->flags & ~3u || sync->offset + sync->size > buffer->size)
		return EINVAL;
	return 0;
}

static int gem_close(const struct drm_gem_close *gem)
{
	struct fake_buffer *buffer = find_buffer(gem->handle);

	if (!buffer)
		return EINVAL;
	memset(buffer, 0, sizeof(*buffer));
	fake.live--;
	return 0;
}

static int prime_export(struct drm_prime_handle *prime)
{
	struct fake_buffer *buffer = find_buffer(prime->handle);
	struct stat stat;

	if (!buffer)
		return ENOENT;
	prime->fd = memfd_create("dma-buf", MFD_CLOEXEC);
	if (prime->fd < 0 || fstat(prime->fd, &stat))
		return errno;
	buffer->inode = stat.st_ino;
	return 0;
}

static int prime_import(struct drm_prime_handle *prime)
{
	struct stat stat;

	if (fstat(prime->fd, &stat))
		return EBADF;
	for (uint32_t i = 0; i < FAKE_BUFFERS; i++)
		if (fake.buffers[i].size && fake.buffers[i].inode == stat.st_ino)
			prime->handle = i + 1;
	if (prime->handle)
		return 0;
	prime->handle = free_handle();
	fake.buffers[prime->handle - 1] =
		(struct fake_buffer) { stat.st_size, 0, DRM_EDGE_BO_IMPORTED, stat.st_ino };
	fake.live++;
	return 0;
}

static int ctx_create(struct drm_edge_ctx_create *create)
{
	if (create->flags || create->pad || create->priority > DRM_EDGE_PRIORITY_HIGH)
		return EINVAL;
	if (create->priority == DRM_EDGE_PRIORITY_HIGH)
		return EACCES;
	for (uint32_t i = 0; i < FAKE_CONTEXTS; i++) {
		if (fake.contexts[i])
			continue;
		fake.contexts[i] = 1;
		fake.live++;
		create->handle = i + 1;
		return 0;
	}
	return ENOSPC;
}

static bool is_context(uint32_t handle)
{
	return handle && handle <= FAKE_CONTEXTS && fake.contexts[handle - 1];
}

static int ctx_destroy(const struct drm_edge_ctx_destroy *destroy)
{
	if (!is_context(destroy->handle))
		return ENOENT;
	fake.contexts[destroy->handle - 1] = 0;
	fake.live--;
	return 0;
}

static int ctx_status(struct drm_edge_ctx_status *status)
{
	if (!is_context(status->handle))
		return ENOENT;
	status->state = fake.state;
	status->submitted = fake.jobs;
	status->completed = fake.running ? 0 : fake.jobs;
	return 0;
}

static int submit(struct drm_edge_submit *submit)
{
	fake.submit = *submit;
	if (!is_context(submit->ctx))
		return ENOENT;
	if (submit->flags || submit->pad || submit->error_reason ||
	    (submit->in_sync_count && submit->in_sync_stride < sizeof(struct drm_edge_sync)) ||
	    (submit->out_sync_count && submit->out_sync_stride < sizeof(struct drm_edge_sync)))
		return EINVAL;
	if (fake.state == DRM_EDGE_CTX_GUILTY)
		return ECANCELED;
	if (fake.reason) {
		submit->error_op = fake.error_op;
		submit->error_reason = fake.reason;
		submit->error_at = fake.error_at;
		return EINVAL;
	}
	memcpy(fake.stream, (void *)(uintptr_t)submit->stream, submit->stream_size);
	submit->job = ++fake.jobs;
	return 0;
}

static int wait_job(struct drm_edge_wait *wait)
{
	if (!is_context(wait->ctx) || !wait->job || wait->job > fake.jobs)
		return ENOENT;
	if (fake.running)
		return ETIME;
	wait->result = fake.result;
	wait->ops = fake.result ? 0 : 1;
	return 0;
}

static int syncobj_create(struct drm_syncobj_create *create)
{
	for (uint32_t i = 0; i < FAKE_CONTEXTS; i++) {
		if (fake.syncobjs[i])
			continue;
		fake.syncobjs[i] = 1;
		fake.live++;
		create->handle = i + 1;
		return 0;
	}
	return ENOMEM;
}

static bool is_syncobj(uint32_t handle)
{
	return handle && handle <= FAKE_CONTEXTS && fake.syncobjs[handle - 1];
}

static int syncobj_destroy(const struct drm_syncobj_destroy *destroy)
{
	if (!is_syncobj(destroy->handle))
		return EINVAL;
	fake.syncobjs[destroy->handle - 1] = 0;
	fake.live--;
	return 0;
}

static int syncobj_wait(const struct drm_syncobj_wait *wait)
{
	const uint32_t *handles = (const uint32_t *)(uintptr_t)wait->handles;

	for (uint32_t i = 0; i < wait->count_handles; i++)
		if (!is_syncobj(handles[i]))
			return ENOENT;
	return fake.running ? ETIME : 0;
}

static int syncobj_export(struct drm_syncobj_handle *export)
{
	if (!is_syncobj(export->handle) ||
	    export->flags != DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE)
		return EINVAL;
	export->fd = memfd_create("sync_file", MFD_CLOEXEC);
	return export->fd < 0 ? errno : 0;
}

static int syncobj_import(const struct drm_syncobj_handle *import)
{
	if (!is_syncobj(import->handle) || import->fd < 0 ||
	    import->flags != DRM_SYNCOBJ_FD_TO_HANDLE_FLAGS_IMPORT_SYNC_FILE)
		return EINVAL;
	return 0;
}

static int answer(int fd, unsigned long request, void *argument)
{
	switch (request) {
	case DRM_IOCTL_VERSION:
		return version(argument);
	case DRM_IOCTL_EDGE_DEV_QUERY:
		return query(argument);
	case DRM_IOCTL_EDGE_BO_CREATE:
		return bo_create(fd, argument);
	case DRM_IOCTL_EDGE_BO_INFO:
		return bo_info(argument);
	case DRM_IOCTL_EDGE_BO_SYNC:
		return bo_sync(argument);
	case DRM_IOCTL_GEM_CLOSE:
		return gem_close(argument);
	case DRM_IOCTL_PRIME_HANDLE_TO_FD:
		return prime_export(argument);
	case DRM_IOCTL_PRIME_FD_TO_HANDLE:
		return prime_import(argument);
	case DRM_IOCTL_EDGE_CTX_CREATE:
		return ctx_create(argument);
	case DRM_IOCTL_EDGE_CTX_DESTROY:
		return ctx_destroy(argument);
	case DRM_IOCTL_EDGE_CTX_STATUS:
		return ctx_status(argument);
	case DRM_IOCTL_EDGE_SUBMIT:
		return submit(argument);
	case DRM_IOCTL_EDGE_WAIT:
		return wait_job(argument);
	case DRM_IOCTL_EDGE_RESET:
		fake.about.resets++;
		return 0;
	case DRM_IOCTL_SYNCOBJ_CREATE:
		return syncobj_create(argument);
	case DRM_IOCTL_SYNCOBJ_DESTROY:
		return syncobj_destroy(argument);
	case DRM_IOCTL_SYNCOBJ_WAIT:
		return syncobj_wait(argument);
	case DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD:
		return syncobj_export(argument);
	case DRM_IOCTL_SYNCOBJ_FD_TO_HANDLE:
		return syncobj_import(argument);
	case DMA_BUF_IOCTL_SYNC:
		fake.dma_buf_sync = ((struct dma_buf_sync *)argument)->flags;
		return 0;
	}
	return ENOTTY;
}

static int fake_ioctl(int fd, unsigned long request, void *argument)
{
	int error;

	fake.calls[NUMBER(request)]++;
	if (fake.fail_error && fake.fail_nr == NUMBER(request) && fake.fail_after-- <= 0)
		error = fake.fail_error;
	else
		error = answer(fd, request, argument);
	if (!error)
		return 0;
	errno = error;
	return -1;
}

const struct edge_kernel fake_kernel = {
	.open = fake_open,
	.ioctl = fake_ioctl,
};
