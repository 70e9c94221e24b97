// SPDX-License-Identifier: MIT
#include "device/buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/dma-buf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void close_handle(const struct edge_device *device, uint32_t handle)
{
	struct drm_gem_close gem = { .handle = handle };

	edge_device_ioctl(device, DRM_IOCTL_GEM_CLOSE, &gem);
}

static struct edge_buffer *new_buffer(struct edge_device *device)
{
	struct edge_buffer *buffer = calloc(1, sizeof(*buffer));

	if (!buffer)
		return NULL;
	buffer->device = device;
	buffer->dma_buf = -1;
	buffer->refs = 1;
	return buffer;
}

/* With the device's lock held. */
static void link_buffer(struct edge_buffer *buffer)
{
	buffer->next = buffer->device->buffers;
	buffer->device->buffers = buffer;
}

enum edge_status edge_buffer_create(struct edge_device *device, uint64_t size, uint32_t flags,
				    struct edge_buffer **result, struct edge_error *error)
{
	struct drm_edge_bo_create create = { .size = size, .flags = flags };
	struct edge_buffer *buffer;
	int number;

	*result = NULL;
	if (!size || size > device->about.max_bo)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED,
				 "%s: a buffer of %" PRIu64
				 " bytes; the device takes 1 to %" PRIu64,
				 device->node, size, (uint64_t)device->about.max_bo);
	buffer = new_buffer(device);
	if (!buffer)
		return edge_fail_memory(error);
	pthread_mutex_lock(&device->lock);
	number = edge_device_ioctl(device, DRM_IOCTL_EDGE_BO_CREATE, &create);
	if (!number) {
		buffer->handle = create.handle;
		buffer->flags = flags;
		buffer->size = create.size;
		buffer->mmap_offset = create.mmap_offset;
		link_buffer(buffer);
	}
	pthread_mutex_unlock(&device->lock);
	if (number) {
		free(buffer);
		return edge_device_fail(device, "create a buffer", number, error);
	}
	*result = buffer;
	return EDGE_OK;
}

/* With the lock held. */
static struct edge_buffer *find_handle(const struct edge_device *device, uint32_t handle)
{
	struct edge_buffer *buffer = device->buffers;

	while (buffer && buffer->handle != handle)
		buffer = buffer->next;
	return buffer;
}

/* Turns @dma_buf into @buffer, or finds the one that it already is; with the lock held. */
static int import_locked(struct edge_device *device, int dma_buf, struct edge_buffer *buffer,
			 struct edge_buffer **result)
{
	struct drm_prime_handle prime = { .fd = dma_buf };
	struct drm_edge_bo_info info = { 0 };
	int number = edge_device_ioctl(device, DRM_IOCTL_PRIME_FD_TO_HANDLE, &prime);

	if (number)
		return number;
	*result = find_handle(device, prime.handle);
	if (*result) {
		(*result)->refs++;
		return 0;
	}
	info.handle = prime.handle;
	number = edge_device_ioctl(device, DRM_IOCTL_EDGE_BO_INFO, &info);
	if (number)
		goto close_handle;
	buffer->dma_buf = fcntl(dma_buf, F_DUPFD_CLOEXEC, 0);
	if (buffer->dma_buf < 0) {
		number = errno;
		goto close_handle;
	}
	buffer->handle = prime.handle;
	buffer->flags = info.flags;
	buffer->size = info.size;
	buffer->mmap_offset = info.mmap_offset;
	link_buffer(buffer);
	*result = buffer;
	return 0;

close_handle:
	close_handle(device, prime.handle);
	return number;
}

enum edge_status edge_buffer_import(struct edge_device *device, int dma_buf,
				    struct edge_buffer **result, struct edge_error *error)
{
	struct edge_buffer *buffer = new_buffer(device), *found = NULL;
	int number;

	*result = NULL;
	if (!buffer)
		return edge_fail_memory(error);
	pthread_mutex_lock(&device->lock);
	number = import_locked(device, dma_buf, buffer, &found);
	pthread_mutex_unlock(&device->lock);
	if (found != buffer)
		free(buffer);
	*result = found;
	return number ? edge_device_fail(device, "import a buffer", number, error) : EDGE_OK;
}

enum edge_status edge_buffer_export(const struct edge_buffer *buffer, int *dma_buf,
				    struct edge_error *error)
{
	struct drm_prime_handle prime = {
		.handle = buffer->handle,
		.flags = DRM_CLOEXEC | DRM_RDWR,
		.fd = -1,
	};
	int number = edge_device_ioctl(buffer->device, DRM_IOCTL_PRIME_HANDLE_TO_FD, &prime);

	*dma_buf = number ? -1 : prime.fd;
	return number ? edge_device_fail(buffer->device, "export a buffer", number, error)
		      : EDGE_OK;
}

enum edge_status edge_buffer_map(struct edge_buffer *buffer, void **map, struct edge_error *error)
{
	struct edge_device *device = buffer->device;
	bool imported = buffer->dma_buf >= 0;
	int number = 0;

	pthread_mutex_lock(&device->lock);
	if (!buffer->map) {
		/* The exporter knows best how its memory is to be seen. */
		buffer->map = mmap(NULL, buffer->size, PROT_READ | PROT_WRITE, MAP_SHARED,
				   imported ? buffer->dma_buf : device->fd,
				   imported ? 0 : buffer->mmap_offset);
		if (buffer->map == MAP_FAILED) {
			number = errno;
			buffer->map = NULL;
		}
	}
	*map = buffer->map;
	pthread_mutex_unlock(&device->lock);
	return number ? edge_device_fail(device, "map a buffer", number, error) : EDGE_OK;
}

static int sync_imported(const struct edge_buffer *buffer, uint32_t flags)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW };

	if ((flags & DRM_EDGE_SYNC_TO_DEVICE) &&
	    buffer->device->kernel->ioctl(buffer->dma_buf, DMA_BUF_IOCTL_SYNC, &sync))
		return errno;
	sync.flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW;
	if ((flags & DRM_EDGE_SYNC_TO_CPU) &&
	    buffer->device->kernel->ioctl(buffer->dma_buf, DMA_BUF_IOCTL_SYNC, &sync))
		return errno;
	return 0;
}

enum edge_status edge_buffer_sync(const struct edge_buffer *buffer, uint32_t flags, uint64_t offset,
				  uint64_t size, struct edge_error *error)
{
	struct drm_edge_bo_sync sync = {
		.handle = buffer->handle,
		.flags = flags,
		.offset = offset,
		.size = size,
	};
	int number;

	if (offset > buffer->size || size > buffer->size - offset)
		return edge_fail(error, EDGE_INVALID_ARGUMENT,
				 "%s: bytes %" PRIu64 " to %" PRIu64 " of a buffer of %" PRIu64,
				 buffer->device->node, offset, offset + size, buffer->size);
	if (buffer->flags & DRM_EDGE_BO_IMPORTED)
		number = sync_imported(buffer, flags);
	else if (buffer->flags & DRM_EDGE_BO_CACHED)
		number = edge_device_ioctl(buffer->device, DRM_IOCTL_EDGE_BO_SYNC, &sync);
	else
		return EDGE_OK;
	return number ? edge_device_fail(buffer->device, "sync a buffer", number, error) : EDGE_OK;
}

void edge_buffer_destroy(struct edge_buffer *buffer)
{
	struct edge_buffer **link;
	struct edge_device *device;

	if (!buffer)
		return;
	device = buffer->device;
	pthread_mutex_lock(&device->lock);
	if (--buffer->refs) {
		pthread_mutex_unlock(&device->lock);
		return;
	}
	for (link = &device->buffers; *link != buffer; link = &(*link)->next)
		;
	*link = buffer->next;
	/* Under the lock: an import in between would be given a handle that is about to go. */
	close_handle(device, buffer->handle);
	pthread_mutex_unlock(&device->lock);
	if (buffer->map)
		munmap(buffer->map, buffer->size);
	if (buffer->dma_buf >= 0)
		close(buffer->dma_buf);
	free(buffer);
}
