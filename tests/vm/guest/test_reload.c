// SPDX-License-Identifier: MIT
/* The module comes and goes, but not while somebody needs it. */
#include "card.h"
#include "ops.h"
#include "worker.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

static void test_parameters(void **state)
{
	int fd;

	module_reload("timeout_ms=777");
	fd = accel_open();
	assert_int_equal(accel_device(fd).timeout_ms, 777);
	close(fd);
}

static void test_open_file_holds_the_module(void **state)
{
	int fd = accel_open();

	assert_int_equal(module_unload(), -EAGAIN);
	close(fd);
	module_reload("");
	close(accel_open());
}

static void test_mapping_holds_the_module(void **state)
{
	struct worker worker;

	worker_open(&worker);
	close(worker.fd);
	assert_int_equal(module_unload(), -EAGAIN);
	worker.bo.map[0] = 1;
	munmap(worker.bo.map, worker.bo.size);
	module_reload("");
}

static void test_dmabuf_holds_the_module(void **state)
{
	struct worker worker;
	int dmabuf;

	worker_open(&worker);
	dmabuf = prime_export(worker.fd, worker.bo.handle);
	worker_close(&worker);
	assert_int_equal(module_unload(), -EAGAIN);
	close(dmabuf);
	module_reload("");
}

/* The device has left, its file has not. */
static void test_file_without_device_holds_the_module(void **state)
{
	int fd = accel_open();

	assert_int_equal(card_unbind(), 0);
	assert_int_equal(module_unload(), -EAGAIN);
	close(fd);
	module_reload("");
	close(accel_open());
}

/* Fences of jobs that ended outlive everything, in a sync file. */
static void test_unload_with_a_fence_around(void **state)
{
	struct drm_syncobj_handle handle = {
		.flags = DRM_SYNCOBJ_HANDLE_TO_FD_FLAGS_EXPORT_SYNC_FILE,
	};
	struct drm_edge_nvdla_copy copy;
	struct drm_edge_submit args;
	struct drm_edge_sync out = { 0 };
	struct worker worker;

	worker_open(&worker);
	out.handle = handle.handle = syncobj_create(worker.fd);
	copy = smallest_op(&worker.bo, 4096);
	args = submit_args(worker.ctx, &copy, sizeof(copy));
	args.out_syncs = (uintptr_t)&out;
	args.out_sync_count = 1;
	args.out_sync_stride = sizeof(out);
	assert_int_equal(submit_try(worker.fd, &args), 0);
	assert_int_equal(syncobj_wait(worker.fd, out.handle, 0, PATIENCE), 0);
	assert_int_equal(accel_call(worker.fd, DRM_IOCTL_SYNCOBJ_HANDLE_TO_FD, &handle), 0);
	worker_close(&worker);
	module_reload("");
	close(handle.fd);
	close(accel_open());
}

static void test_many_times(void **state)
{
	for (int i = 0; i < 10; i++) {
		struct worker worker;

		module_reload("");
		worker_open(&worker);
		worker_expect(&worker, worker_push(&worker), 0);
		worker_close(&worker);
	}
}

static int back_to_default(void **state)
{
	module_reload("");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parameters),
		cmocka_unit_test(test_open_file_holds_the_module),
		cmocka_unit_test(test_mapping_holds_the_module),
		cmocka_unit_test(test_dmabuf_holds_the_module),
		cmocka_unit_test(test_file_without_device_holds_the_module),
		cmocka_unit_test(test_unload_with_a_fence_around),
		cmocka_unit_test(test_many_times),
	};

	return cmocka_run_group_tests(tests, NULL, back_to_default);
}
