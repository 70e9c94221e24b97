// SPDX-License-Identifier: MIT
/* Buffers that are shared: between files, with another driver, with a camera; nothing is copied. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <drm_mode.h>
#include <linux/dma-buf.h>
#include <linux/videodev2.h>

#define PAGE 4096

static void run_copy(const struct worker *worker, uint32_t from, uint32_t to, uint32_t bytes)
{
	struct drm_edge_nvdla_copy copy = copy_op(&(struct bo) { .handle = from }, 0,
						  &(struct bo) { .handle = to }, 0, bytes);
	uint64_t job = submit(worker->fd, worker->ctx, &copy, sizeof(copy));

	assert_int_equal(job_result(worker->fd, worker->ctx, job), 0);
}

static uint32_t flags_of(int fd, uint32_t handle)
{
	struct drm_edge_bo_info info = { .handle = handle };

	assert_int_equal(accel_call(fd, DRM_IOCTL_EDGE_BO_INFO, &info), 0);
	return info.flags;
}

/* Exports a buffer of one file and imports it in another. */
static uint32_t pass(const struct bo *bo, int fd)
{
	int dmabuf = prime_export(bo->fd, bo->handle);
	uint32_t handle;

	assert_int_equal(prime_import(fd, dmabuf, &handle), 0);
	close(dmabuf);
	return handle;
}

static void test_between_two_files(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	uint32_t handle = pass(&first->bo, second->fd);

	/* It is the same buffer, and nobody else's. */
	assert_int_equal(flags_of(second->fd, handle), 0);
	fill(first->bo.map, PAGE, 77);
	run_copy(second, handle, second->bo.handle, PAGE);
	assert_memory_equal(second->bo.map, first->bo.map, PAGE);
}

static void test_restrictions_go_with_the_buffer(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	struct drm_edge_nvdla_copy copy;
	struct drm_edge_submit args;
	struct bo bo;
	uint32_t handle;

	bo_create(&bo, first->fd, PAGE, DRM_EDGE_BO_DEVICE_READS);
	handle = pass(&bo, second->fd);
	assert_int_equal(flags_of(second->fd, handle), DRM_EDGE_BO_DEVICE_READS);
	copy = copy_op(&second->bo, 0, &(struct bo) { .handle = handle }, 0, 64);
	args = submit_args(second->ctx, &copy, sizeof(copy));
	assert_int_equal(submit_try(second->fd, &args), -EINVAL);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_ACCESS);
	bo_destroy(&bo);
}

static void test_buffer_outlives_the_file_that_made_it(void **state)
{
	struct worker *second = second_worker(state), first;
	uint32_t handle;

	worker_open(&first);
	fill(first.bo.map, PAGE, 78);
	handle = pass(&first.bo, second->fd);
	worker_close(&first);
	run_copy(second, handle, second->bo.handle, PAGE);
	fill(second->bo.map + PAGE, PAGE, 78);
	assert_memory_equal(second->bo.map, second->bo.map + PAGE, PAGE);
}

/* The job of the second file waits for that of the first, which writes what it reads. */
static void test_jobs_of_two_files_keep_their_order(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	uint32_t handle = pass(&first->bo, second->fd);
	struct drm_edge_nvdla_copy write = copy_op(&first->bo, 0, &first->bo, 2 * PAGE, PAGE);
	struct drm_edge_nvdla_copy read =
		copy_op(&(struct bo) { .handle = handle }, 2 * PAGE, &second->bo, 0, PAGE);
	uint64_t job;

	for (int i = 0; i < 20; i++) {
		fill(first->bo.map, PAGE, i);
		submit(first->fd, first->ctx, &write, sizeof(write));
		job = submit(second->fd, second->ctx, &read, sizeof(read));
		assert_int_equal(job_result(second->fd, second->ctx, job), 0);
		assert_memory_equal(second->bo.map, first->bo.map, PAGE);
	}
}

static void test_dmabuf_tells_of_writes(void **state)
{
	struct worker *worker = first_worker(state);
	int dmabuf = prime_export(worker->fd, worker->bo.handle);

	assert_true(dmabuf_is_idle(dmabuf, 0));
	card_tell("stop");
	worker_push(worker);
	assert_false(dmabuf_is_idle(dmabuf, 50));
	card_tell("continue");
	assert_true(dmabuf_is_idle(dmabuf, 10000));
	close(dmabuf);
}

static void test_mapping_of_the_dmabuf(void **state)
{
	struct worker *worker = first_worker(state);
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_RW | DMA_BUF_SYNC_START };
	int dmabuf = prime_export(worker->fd, worker->bo.handle);
	uint8_t *map = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0);

	assert_true(map != MAP_FAILED);
	assert_int_equal(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
	assert_memory_equal(map, worker->bo.map, PAGE);
	map[0] ^= 0xff;
	assert_int_equal(map[0], worker->bo.map[0]);
	sync.flags = DMA_BUF_SYNC_RW | DMA_BUF_SYNC_END;
	assert_int_equal(ioctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
	munmap(map, PAGE);
	close(dmabuf);
}

static void test_what_is_no_dmabuf(void **state)
{
	struct worker *worker = first_worker(state);
	uint32_t handle;

	assert_int_equal(prime_import(worker->fd, -1, &handle), -EBADF);
	assert_int_equal(prime_import(worker->fd, worker->fd, &handle), -EINVAL);
}

/* A device of the driver vgem, whose memory is pages from anywhere; -1 if the kernel has none. */
static int vgem_open(void)
{
	glob_t nodes;
	int fd = -1;

	if (glob("/dev/dri/card*", 0, NULL, &nodes))
		return -1;
	for (size_t i = 0; i < nodes.gl_pathc && fd < 0; i++) {
		char name[32] = "";
		struct drm_version version = { .name = name, .name_len = sizeof(name) - 1 };

		fd = open(nodes.gl_pathv[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0 && (ioctl(fd, DRM_IOCTL_VERSION, &version) || strcmp(name, "vgem"))) {
			close(fd);
			fd = -1;
		}
	}
	globfree(&nodes);
	return fd;
}

/* A dma-buf of whole pages, and a mapping of it. */
static int vgem_buffer(int fd, uint32_t pages, uint8_t **map)
{
	struct drm_mode_create_dumb create = { .width = PAGE, .height = pages, .bpp = 8 };
	struct drm_mode_map_dumb offset = { 0 };

	assert_int_equal(accel_call(fd, DRM_IOCTL_MODE_CREATE_DUMB, &create), 0);
	offset.handle = create.handle;
	assert_int_equal(accel_call(fd, DRM_IOCTL_MODE_MAP_DUMB, &offset), 0);
	*map = mmap(NULL, create.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		    (off_t)offset.offset);
	assert_true(*map != MAP_FAILED);
	return prime_export(fd, create.handle);
}

static void test_page_of_another_driver(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_bo_sync sync = { .flags = DRM_EDGE_SYNC_TO_CPU };
	int vgem = vgem_open(), dmabuf;
	uint32_t handle;
	uint8_t *map, *ours;

	if (vgem < 0)
		skip();
	dmabuf = vgem_buffer(vgem, 1, &map);
	fill(map, PAGE, 5);
	assert_int_equal(prime_import(worker->fd, dmabuf, &handle), 0);
	assert_int_equal(flags_of(worker->fd, handle), DRM_EDGE_BO_IMPORTED);
	/* The device reads it, and writes it, where it is. */
	run_copy(worker, handle, worker->bo.handle, PAGE);
	assert_memory_equal(worker->bo.map, map, PAGE);
	fill(worker->bo.map, PAGE, 6);
	run_copy(worker, worker->bo.handle, handle, PAGE);
	assert_memory_equal(map, worker->bo.map, PAGE);
	/* A mapping of ours is one of theirs. */
	ours = bo_map(worker->fd, handle, PAGE);
	assert_non_null(ours);
	ours[100] = 42;
	assert_int_equal(map[100], 42);
	sync.handle = handle;
	assert_int_equal(accel_call(worker->fd, DRM_IOCTL_EDGE_BO_SYNC, &sync), -EOPNOTSUPP);
	munmap(ours, PAGE);
	assert_int_equal(gem_close(worker->fd, handle), 0);
	close(dmabuf);
	close(vgem);
}

static void test_pages_from_anywhere(void **state)
{
	struct worker *worker = first_worker(state);
	int vgem = vgem_open(), dmabuf;
	uint32_t handle;
	uint8_t *map;

	if (vgem < 0)
		skip();
	dmabuf = vgem_buffer(vgem, 300, &map);
	/* Touched from the end, pages do not happen to follow each other. */
	for (int page = 299; page >= 0; page--)
		map[page * PAGE] = 1;
	assert_int_equal(prime_import(worker->fd, dmabuf, &handle), -EOPNOTSUPP);
	close(dmabuf);
	close(vgem);
}

/* Our buffers in another driver, which only passes them on. */
static void test_by_way_of_another_driver(void **state)
{
	struct worker *first = first_worker(state), *second = second_worker(state);
	int vgem = vgem_open(), dmabuf;
	uint32_t theirs, handle;

	if (vgem < 0)
		skip();
	dmabuf = prime_export(first->fd, first->bo.handle);
	assert_int_equal(prime_import(vgem, dmabuf, &theirs), 0);
	close(dmabuf);
	dmabuf = prime_export(vgem, theirs);
	assert_int_equal(prime_import(second->fd, dmabuf, &handle), 0);
	assert_int_equal(flags_of(second->fd, handle), 0);
	run_copy(second, handle, second->bo.handle, PAGE);
	assert_memory_equal(second->bo.map, first->bo.map, PAGE);
	close(dmabuf);
	close(vgem);
}

#define FRAME_WIDTH 320
#define FRAME_HEIGHT 180

/* A camera of the driver vivid that gives grey pictures of that size; -1 without one. */
static int camera_open(struct v4l2_format *format)
{
	glob_t nodes;
	int fd = -1;

	if (glob("/dev/video*", 0, NULL, &nodes))
		return -1;
	for (size_t i = 0; i < nodes.gl_pathc && fd < 0; i++) {
		struct v4l2_capability capability = { 0 };

		fd = open(nodes.gl_pathv[i], O_RDWR | O_CLOEXEC);
		if (fd >= 0 && (ioctl(fd, VIDIOC_QUERYCAP, &capability) ||
				strcmp((char *)capability.driver, "vivid") ||
				!(capability.device_caps & V4L2_CAP_VIDEO_CAPTURE))) {
			close(fd);
			fd = -1;
		}
	}
	globfree(&nodes);
	if (fd < 0)
		return -1;
	*format = (struct v4l2_format) {
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.fmt.pix = { .width = FRAME_WIDTH,
			     .height = FRAME_HEIGHT,
			     .pixelformat = V4L2_PIX_FMT_GREY },
	};
	assert_int_equal(ioctl(fd, VIDIOC_S_FMT, format), 0);
	return fd;
}

/* The camera's first buffer as a dma-buf, and queued to be filled. */
static int camera_buffer(int fd, uint8_t **map, uint32_t *length)
{
	struct v4l2_requestbuffers request = {
		.count = 2,
		.type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
		.memory = V4L2_MEMORY_MMAP,
	};
	struct v4l2_exportbuffer export = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
					    .flags = O_RDWR | O_CLOEXEC };
	struct v4l2_buffer buffer = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				      .memory = V4L2_MEMORY_MMAP };

	assert_int_equal(ioctl(fd, VIDIOC_REQBUFS, &request), 0);
	assert_int_equal(ioctl(fd, VIDIOC_QUERYBUF, &buffer), 0);
	*length = buffer.length;
	*map = mmap(NULL, buffer.length, PROT_READ, MAP_SHARED, fd, buffer.m.offset);
	assert_true(*map != MAP_FAILED);
	assert_int_equal(ioctl(fd, VIDIOC_EXPBUF, &export), 0);
	for (buffer.index = 0; buffer.index < request.count; buffer.index++)
		assert_int_equal(ioctl(fd, VIDIOC_QBUF, &buffer), 0);
	return export.fd;
}

/* Waits until the first buffer is full; the other one is given back. */
static void camera_picture(int fd)
{
	struct v4l2_buffer buffer = { .type = V4L2_BUF_TYPE_VIDEO_CAPTURE,
				      .memory = V4L2_MEMORY_MMAP };
	int type = V4L2_BUF_TYPE_VIDEO_CAPTURE;

	assert_int_equal(ioctl(fd, VIDIOC_STREAMON, &type), 0);
	for (;;) {
		assert_int_equal(ioctl(fd, VIDIOC_DQBUF, &buffer), 0);
		if (!buffer.index)
			return;
		assert_int_equal(ioctl(fd, VIDIOC_QBUF, &buffer), 0);
	}
}

static void test_picture_of_a_camera(void **state)
{
	struct worker *worker = first_worker(state);
	struct drm_edge_nvdla_copy copy;
	struct v4l2_format format;
	int camera = camera_open(&format), dmabuf;
	uint32_t handle, length;
	struct bo picture;
	uint8_t *map;
	uint64_t job;

	if (camera < 0)
		skip();
	dmabuf = camera_buffer(camera, &map, &length);
	assert_int_equal(prime_import(worker->fd, dmabuf, &handle), 0);
	assert_int_equal(flags_of(worker->fd, handle), DRM_EDGE_BO_IMPORTED);
	bo_create(&picture, worker->fd, length, 0);
	camera_picture(camera);

	copy = copy_op(&(struct bo) { .handle = handle }, 0, &picture, 0, FRAME_WIDTH);
	copy.lines = FRAME_HEIGHT;
	copy.from_stride = format.fmt.pix.bytesperline;
	job = submit(worker->fd, worker->ctx, &copy, sizeof(copy));
	assert_int_equal(job_result(worker->fd, worker->ctx, job), 0);
	for (int y = 0; y < FRAME_HEIGHT; y++)
		assert_memory_equal(picture.map + y * FRAME_WIDTH,
				    map + y * format.fmt.pix.bytesperline, FRAME_WIDTH);
	/* It is a picture, not nothing. */
	assert_memory_not_equal(picture.map, picture.map + FRAME_WIDTH / 2, FRAME_WIDTH / 4);
	munmap(map, length);
	bo_destroy(&picture);
	close(dmabuf);
	close(camera);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, workers_set_up, workers_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_between_two_files),
		TEST(test_restrictions_go_with_the_buffer),
		TEST(test_buffer_outlives_the_file_that_made_it),
		TEST(test_jobs_of_two_files_keep_their_order),
		TEST(test_dmabuf_tells_of_writes),
		TEST(test_mapping_of_the_dmabuf),
		TEST(test_what_is_no_dmabuf),
		TEST(test_page_of_another_driver),
		TEST(test_pages_from_anywhere),
		TEST(test_by_way_of_another_driver),
		TEST(test_picture_of_a_camera),
	};

	return cmocka_run_group_tests(tests, patient_set_up, patient_tear_down);
}
