// SPDX-License-Identifier: MIT
/* libedge's device layer on the real driver: what tests/unit asks of a driver that is made up. */
#include "card.h"
#include "ops.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "device/buffer.h"
#include "device/submit.h"
#include "device/sync.h"
#include "edge/device.h"

static struct edge_error error;

/* Of a call that must succeed. */
#define GOOD(call) \
	do { \
		if (call) \
			fail_msg("%s: %s", #call, error.message); \
	} while (0)

static struct edge_device *open_first(void)
{
	struct edge_device_list *list;
	struct edge_device *device;

	GOOD(edge_device_list_create(&list, &error));
	assert_non_null(edge_device_list_at(list, 0));
	GOOD(edge_device_open(edge_device_list_at(list, 0)->node, &device, &error));
	edge_device_list_destroy(list);
	return device;
}

/* A buffer, a context, and a stream that copies its first atom to its second page. */
struct work {
	struct edge_device *device;
	struct edge_buffer *buffer;
	struct edge_context *context;
	struct edge_stream stream;
	uint8_t *bytes;
};

static int begin(void **state)
{
	static struct work work;
	struct drm_edge_nvdla_copy copy = {
		.line_bytes = ATOM,
		.lines = 1,
		.from_stride = ATOM,
		.to_stride = ATOM,
		.to.offset = 4096,
	};
	void *map;

	memset(&work, 0, sizeof(work));
	work.device = open_first();
	GOOD(edge_buffer_create(work.device, 8192, DRM_EDGE_BO_CACHED, &work.buffer, &error));
	GOOD(edge_buffer_map(work.buffer, &map, &error));
	work.bytes = map;
	GOOD(edge_context_create(work.device, DRM_EDGE_PRIORITY_NORMAL, &work.context, &error));
	edge_stream_init(&work.stream, work.device);
	copy.from.handle = work.buffer->handle;
	copy.to.handle = work.buffer->handle;
	GOOD(edge_stream_copy(&work.stream, &copy, &error));
	*state = &work;
	return 0;
}

static int end(void **state)
{
	struct work *work = *state;

	card_calm();
	edge_stream_finish(&work->stream);
	edge_context_destroy(work->context);
	edge_buffer_destroy(work->buffer);
	edge_device_destroy(work->device);
	coredump_drop();
	return 0;
}

static int64_t soon(void)
{
	return now_ns() + PATIENCE;
}

static enum edge_status run(struct work *work)
{
	enum edge_status status;
	uint64_t job;

	status = edge_job_submit(work->context, &work->stream, NULL, &job, &error);
	return status ? status : edge_job_wait(work->context, job, soon(), NULL, &error);
}

static void test_list_says_what_the_card_is(void **state)
{
	const struct edge_device_info *info;
	struct edge_device_list *list;
	char slot[32];

	card_slot(slot, sizeof(slot));
	GOOD(edge_device_list_create(&list, &error));
	info = edge_device_list_find(list, slot);
	assert_non_null(info);
	assert_ptr_equal(info, edge_device_list_at(list, 0));
	assert_null(edge_device_list_at(list, 1));
	assert_string_equal(info->bus, "pci");
	assert_string_equal(info->name, "nv_small");
	assert_int_equal(info->kind, EDGE_ACCEL_FPGA);
	assert_int_equal(info->status, EDGE_OK);
	assert_non_null(strstr(info->geometry, "atomic_c=8 atomic_k=8"));
	edge_device_list_destroy(list);
}

static void test_jobs_do_their_work(void **state)
{
	struct work *work = *state;
	uint64_t job, ops;

	memcpy(work->bytes, "libedge!", ATOM);
	GOOD(edge_buffer_sync(work->buffer, DRM_EDGE_SYNC_TO_DEVICE, 0, 0, &error));
	GOOD(edge_job_submit(work->context, &work->stream, NULL, &job, &error));
	GOOD(edge_job_wait(work->context, job, soon(), &ops, &error));
	assert_int_equal(ops, 1);
	GOOD(edge_buffer_sync(work->buffer, DRM_EDGE_SYNC_TO_CPU, 0, 0, &error));
	assert_memory_equal(work->bytes + 4096, "libedge!", ATOM);
}

static void test_jobs_wait_for_each_other_by_syncobj(void **state)
{
	struct work *work = *state;
	struct drm_edge_sync sync = { 0 };
	struct edge_submit_settings first = { .signals = &sync, .num_signals = 1 };
	struct edge_submit_settings second = { .waits = &sync, .num_waits = 1 };
	uint64_t job;
	int file;

	GOOD(edge_sync_create(work->device, &sync.handle, &error));
	GOOD(edge_job_submit(work->context, &work->stream, &first, &job, &error));
	GOOD(edge_job_submit(work->context, &work->stream, &second, &job, &error));
	assert_int_equal(job, 2);
	GOOD(edge_sync_wait(work->device, sync.handle, soon(), &error));
	GOOD(edge_job_wait(work->context, job, soon(), NULL, &error));
	GOOD(edge_sync_export(work->device, sync.handle, &file, &error));
	GOOD(edge_sync_import(work->device, sync.handle, file, &error));
	close(file);
	edge_sync_destroy(work->device, sync.handle);
}

static void test_own_buffers_come_back_as_themselves(void **state)
{
	struct work *work = *state;
	struct edge_device *other = open_first();
	struct edge_buffer *again, *theirs;
	void *map;
	int file;

	GOOD(edge_buffer_export(work->buffer, &file, &error));
	GOOD(edge_buffer_import(work->device, file, &again, &error));
	assert_ptr_equal(again, work->buffer);
	edge_buffer_destroy(again);
	/* Another file of the device sees the same memory. */
	GOOD(edge_buffer_import(other, file, &theirs, &error));
	close(file);
	assert_int_equal(theirs->size, 8192);
	GOOD(edge_buffer_map(theirs, &map, &error));
	work->bytes[77] = 0x5a;
	assert_int_equal(((uint8_t *)map)[77], 0x5a);
	edge_buffer_destroy(theirs);
	edge_device_destroy(other);
	assert_int_equal(run(work), EDGE_OK);
}

static void test_refusals_name_the_field(void **state)
{
	struct work *work = *state;
	struct drm_edge_nvdla_copy *copy = (struct drm_edge_nvdla_copy *)work->stream.bytes;

	copy->to.offset = 8192;
	assert_int_equal(run(work), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "operation 0 (copy): to.offset is 8192: "));
	assert_non_null(strstr(error.message, "beyond its buffer"));
	copy->to.offset = 4096;
	copy->from.handle = 4711;
	assert_int_equal(run(work), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "from.handle is 4711: there is no such buffer"));
	copy->from.handle = work->buffer->handle;
	GOOD(run(work));
}

static void test_hanging_is_told_from_other_ends(void **state)
{
	struct work *work = *state;
	struct drm_edge_ctx_status status;
	uint64_t job;

	card_tell("hang");
	GOOD(edge_job_submit(work->context, &work->stream, NULL, &job, &error));
	assert_int_equal(edge_job_wait(work->context, job, now_ns(), NULL, &error), EDGE_TIMED_OUT);
	assert_int_equal(edge_job_wait(work->context, job, soon(), NULL, &error), EDGE_DEVICE_HUNG);
	GOOD(edge_context_status(work->context, &status, &error));
	assert_int_equal(status.state, DRM_EDGE_CTX_GUILTY);
	assert_int_equal(run(work), EDGE_DEVICE_HUNG);
	assert_non_null(strstr(error.message, "make a new context"));
	edge_context_destroy(work->context);
	GOOD(edge_context_create(work->device, DRM_EDGE_PRIORITY_NORMAL, &work->context, &error));
	GOOD(run(work));
}

static void test_reset_blames_nobody(void **state)
{
	struct work *work = *state;
	struct drm_edge_ctx_status status;

	GOOD(edge_device_reset(work->device, &error));
	GOOD(run(work));
	GOOD(edge_context_status(work->context, &status, &error));
	assert_int_equal(status.state, DRM_EDGE_CTX_OK);
}

/* What edgectl sees of this program's work. */
static void test_top_tells_whose_work_it_is(void **state)
{
	struct work *work = *state;
	char text[8192], line[64];
	size_t length;
	FILE *top;

	for (int i = 0; i < 3; i++)
		GOOD(run(work));
	top = popen("edgectl top --json --interval 0.05", "r");
	assert_non_null(top);
	length = fread(text, 1, sizeof(text) - 1, top);
	text[length] = 0;
	assert_int_equal(pclose(top), 0);
	snprintf(line, sizeof(line), "\"pid\": %d,", getpid());
	assert_non_null(strstr(text, line));
	assert_non_null(strstr(text, "\"jobs\": 3,"));
	assert_non_null(strstr(text, "\"operations\": 3\n"));
	assert_non_null(strstr(text, "\"memory_bytes\": 8192,"));
}

static void test_a_device_that_is_gone(void **state)
{
	struct work *work = *state;

	card_drop();
	assert_int_equal(run(work), EDGE_DEVICE_REMOVED);
	/* What was mapped stays. */
	work->bytes[0] = 1;
	assert_int_equal(edge_device_reset(work->device, &error), EDGE_DEVICE_REMOVED);
	card_rescan();
}

/* As somebody whom no group lets in: 0 if all is as it should be. */
static int as_nobody(const char *node)
{
	const struct edge_device_info *info;
	struct edge_device_list *list;
	struct edge_device *device;

	if (setgid(65534) || setuid(65534))
		return 1;
	if (edge_device_open(node, &device, &error) != EDGE_PERMISSION_DENIED)
		return 2;
	/* Still listed, by what sysfs tells. */
	if (edge_device_list_create(&list, &error))
		return 3;
	info = edge_device_list_at(list, 0);
	if (!info || info->status != EDGE_PERMISSION_DENIED || strcmp(info->name, "nv_small"))
		return 4;
	edge_device_list_destroy(list);
	return 0;
}

static void test_no_permission(void **state)
{
	struct work *work = *state;
	int status;
	pid_t child = fork();

	if (!child)
		_exit(as_nobody(work->device->node));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list_says_what_the_card_is),
		TEST(test_jobs_do_their_work),
		TEST(test_jobs_wait_for_each_other_by_syncobj),
		TEST(test_own_buffers_come_back_as_themselves),
		TEST(test_refusals_name_the_field),
		TEST(test_hanging_is_told_from_other_ends),
		TEST(test_reset_blames_nobody),
		TEST(test_no_permission),
		TEST(test_top_tells_whose_work_it_is),
		TEST(test_a_device_that_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
