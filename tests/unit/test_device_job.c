// SPDX-License-Identifier: MIT
#include <errno.h>
#include <fcntl.h>
#include <linux/dma-buf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <xf86drm.h>

#include "device/buffer.h"
#include "device/fields.h"
#include "device/refusal.h"
#include "device/submit.h"
#include "device/sync.h"
#include "fake_edge.h"

static struct edge_device *device;

static int set_up(void **state)
{
	fake_edge_reset();
	return edge_device_open_with(&fake_kernel, "/dev/null", &device, NULL);
}

/* All that was made has been given back. */
static int tear_down(void **state)
{
	edge_device_destroy(device);
	return fake.live;
}

static void buffers_are_mapped_and_synced(void **state)
{
	struct edge_buffer *cached, *combined;
	struct edge_error error;
	void *first, *second;

	assert_int_equal(edge_buffer_create(device, 5000, DRM_EDGE_BO_CACHED, &cached, &error),
			 EDGE_OK);
	assert_int_equal(edge_buffer_create(device, 1, 0, &combined, &error), EDGE_OK);
	assert_int_equal(cached->size, 8192);
	assert_int_equal(edge_buffer_map(cached, &first, &error), EDGE_OK);
	assert_int_equal(edge_buffer_map(combined, &second, &error), EDGE_OK);
	memset(first, 1, 8192);
	assert_int_equal(*(char *)second, 0);
	assert_int_equal(edge_buffer_map(cached, &second, &error), EDGE_OK);
	assert_ptr_equal(first, second);

	assert_int_equal(edge_buffer_sync(cached, DRM_EDGE_SYNC_TO_DEVICE, 0, 0, &error), EDGE_OK);
	assert_int_equal(fake.calls[DRM_COMMAND_BASE + DRM_EDGE_BO_SYNC], 1);
	assert_int_equal(edge_buffer_sync(combined, DRM_EDGE_SYNC_TO_DEVICE, 0, 0, &error),
			 EDGE_OK);
	assert_int_equal(fake.calls[DRM_COMMAND_BASE + DRM_EDGE_BO_SYNC], 1);
	assert_int_equal(edge_buffer_sync(cached, DRM_EDGE_SYNC_TO_CPU, 8000, 193, &error),
			 EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_buffer_sync(cached, DRM_EDGE_SYNC_TO_CPU, 8193, 0, &error),
			 EDGE_INVALID_ARGUMENT);
	edge_buffer_destroy(cached);
	edge_buffer_destroy(combined);
	edge_buffer_destroy(NULL);
}

static void buffers_that_cannot_be_had(void **state)
{
	struct edge_buffer *buffer;
	struct edge_error error;

	assert_int_equal(edge_buffer_create(device, 0, 0, &buffer, &error), EDGE_LIMIT_EXCEEDED);
	assert_int_equal(edge_buffer_create(device, (64 << 20) + 1, 0, &buffer, &error),
			 EDGE_LIMIT_EXCEEDED);
	assert_int_equal(edge_buffer_create(device, 4096,
					    DRM_EDGE_BO_DEVICE_READS | DRM_EDGE_BO_DEVICE_WRITES,
					    &buffer, &error),
			 EDGE_INVALID_ARGUMENT);
	fake_edge_fail(DRM_IOCTL_EDGE_BO_CREATE, ENOMEM);
	assert_int_equal(edge_buffer_create(device, 4096, 0, &buffer, &error), EDGE_OUT_OF_MEMORY);
	assert_non_null(strstr(error.message, "in one piece"));
	assert_null(buffer);
}

static int other_drivers_buffer(void)
{
	int file = memfd_create("camera", MFD_CLOEXEC);

	assert_int_equal(ftruncate(file, 8192), 0);
	return file;
}

static void a_buffer_imported_twice_is_one(void **state)
{
	int file = other_drivers_buffer();
	struct edge_buffer *first, *second;
	struct edge_error error;
	void *map;

	assert_int_equal(edge_buffer_import(device, file, &first, &error), EDGE_OK);
	assert_int_equal(edge_buffer_import(device, file, &second, &error), EDGE_OK);
	assert_ptr_equal(first, second);
	assert_int_equal(pwrite(file, "camera", 6, 0), 6);
	close(file);
	edge_buffer_destroy(second);
	/* Still there, though its other name and the file are gone. */
	assert_int_equal(fake.live, 1);
	assert_int_equal(edge_buffer_map(first, &map, &error), EDGE_OK);
	assert_memory_equal(map, "camera", 6);
	assert_int_equal(edge_buffer_sync(first, DRM_EDGE_SYNC_TO_CPU, 0, 0, &error), EDGE_OK);
	assert_int_equal(fake.dma_buf_sync, DMA_BUF_SYNC_START | DMA_BUF_SYNC_RW);
	assert_int_equal(edge_buffer_sync(first, DRM_EDGE_SYNC_TO_DEVICE, 0, 0, &error), EDGE_OK);
	assert_int_equal(fake.dma_buf_sync, DMA_BUF_SYNC_END | DMA_BUF_SYNC_RW);
	edge_buffer_destroy(first);
	assert_int_equal(fake.live, 0);
}

static void what_is_exported_comes_back_as_itself(void **state)
{
	struct edge_buffer *buffer, *again;
	struct edge_error error;
	int file;

	assert_int_equal(edge_buffer_create(device, 4096, 0, &buffer, &error), EDGE_OK);
	assert_int_equal(edge_buffer_export(buffer, &file, &error), EDGE_OK);
	assert_int_equal(edge_buffer_import(device, file, &again, &error), EDGE_OK);
	assert_ptr_equal(again, buffer);
	close(file);
	edge_buffer_destroy(again);
	edge_buffer_destroy(buffer);
}

static void imports_that_fail_leave_nothing(void **state)
{
	int file = other_drivers_buffer();
	struct edge_buffer *buffer;
	struct edge_error error;

	assert_int_equal(edge_buffer_import(device, -1, &buffer, &error), EDGE_IO_ERROR);
	assert_null(buffer);
	fake_edge_fail(DRM_IOCTL_EDGE_BO_INFO, ENODEV);
	assert_int_equal(edge_buffer_import(device, file, &buffer, &error), EDGE_DEVICE_REMOVED);
	assert_null(buffer);
	assert_int_equal(fake.live, 0);
	close(file);
}

static struct drm_edge_nvdla_sdp any_sdp(void)
{
	struct drm_edge_nvdla_sdp op = {
		.input = { .at = { .handle = 1 }, .width = 4, .height = 2, .channels = 8 },
		.tail = { .offset = -7, .scale = 3 },
	};

	op.input.line_stride = 24;
	return op;
}

static void streams_hold_descriptors_up_to_the_devices_limits(void **state)
{
	struct drm_edge_nvdla_sdp sdp = any_sdp();
	struct drm_edge_nvdla_conv conv = { .kernel_width = 3 };
	struct drm_edge_nvdla_pdp pdp = { .pool.width = 2 };
	struct drm_edge_nvdla_table table = { .values[256] = -5 };
	struct drm_edge_nvdla_copy copy = { .lines = 9 };
	struct drm_edge_op odd = { .type = 1, .size = 12 }, none = { .type = 1, .size = 0 };
	struct edge_stream stream;
	struct edge_error error;

	edge_stream_init(&stream, device);
	assert_null(edge_stream_at(&stream, 0));
	assert_int_equal(edge_stream_conv(&stream, &conv, &error), EDGE_OK);
	assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_OK);
	assert_int_equal(edge_stream_pdp(&stream, &pdp, &error), EDGE_OK);
	assert_int_equal(edge_stream_table(&stream, &table, &error), EDGE_OK);
	assert_int_equal(edge_stream_copy(&stream, &copy, &error), EDGE_OK);
	assert_int_equal(stream.size,
			 sizeof(conv) + sizeof(sdp) + sizeof(pdp) + sizeof(table) + sizeof(copy));
	assert_int_equal(edge_stream_at(&stream, 3)->type, DRM_EDGE_OP_NVDLA_TABLE);
	assert_int_equal(
		((const struct drm_edge_nvdla_table *)edge_stream_at(&stream, 3))->values[256], -5);
	assert_int_equal(edge_stream_at(&stream, 4)->size, sizeof(copy));
	assert_int_equal(edge_stream_append(&stream, &odd, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_stream_append(&stream, &none, &error), EDGE_INVALID_ARGUMENT);
	/* 64 operations in a job. */
	for (int i = 5; i < 64; i++)
		assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_OK);
	assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_LIMIT_EXCEEDED);
	assert_int_equal(stream.ops, 64);
	edge_stream_clear(&stream);
	/* And so many bytes. */
	stream.max_stream = sizeof(sdp) * 2 + 8;
	assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_OK);
	assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_OK);
	assert_int_equal(edge_stream_sdp(&stream, &sdp, &error), EDGE_LIMIT_EXCEEDED);
	assert_int_equal(stream.size, 2 * sizeof(sdp));
	edge_stream_finish(&stream);
}

/* A context, and a stream of two element-wise operations. */
struct work {
	struct edge_context *context;
	struct edge_stream stream;
};

static void begin(struct work *work)
{
	struct drm_edge_nvdla_sdp sdp = any_sdp();

	assert_int_equal(edge_context_create(device, DRM_EDGE_PRIORITY_NORMAL, &work->context,
					     NULL),
			 EDGE_OK);
	edge_stream_init(&work->stream, device);
	assert_int_equal(edge_stream_sdp(&work->stream, &sdp, NULL), EDGE_OK);
	assert_int_equal(edge_stream_sdp(&work->stream, &sdp, NULL), EDGE_OK);
}

static void end(struct work *work)
{
	edge_stream_finish(&work->stream);
	edge_context_destroy(work->context);
}

static void jobs_reach_the_driver_as_they_were_written(void **state)
{
	struct drm_edge_ctx_status status;
	struct edge_error error;
	struct work work;
	uint64_t job, ops;
	uint32_t in, out;

	begin(&work);
	assert_int_equal(edge_sync_create(device, &in, &error), EDGE_OK);
	assert_int_equal(edge_sync_create(device, &out, &error), EDGE_OK);
	{
		struct drm_edge_sync wait = { .handle = in }, signal = { .handle = out };
		struct edge_submit_settings settings = { &wait, 1, &signal, 1, 12345 };

		assert_int_equal(edge_job_submit(work.context, &work.stream, &settings, &job,
						 &error),
				 EDGE_OK);
		assert_int_equal(fake.submit.in_syncs, (uintptr_t)&wait);
		assert_int_equal(fake.submit.out_syncs, (uintptr_t)&signal);
	}
	assert_int_equal(fake.submit.deadline_ns, 12345);
	assert_int_equal(fake.submit.stream_size, work.stream.size);
	assert_memory_equal(fake.stream, work.stream.bytes, work.stream.size);
	assert_int_equal(job, 1);
	assert_int_equal(edge_job_wait(work.context, job, INT64_MAX, &ops, &error), EDGE_OK);
	assert_int_equal(ops, 1);
	assert_int_equal(edge_sync_wait(device, out, 0, &error), EDGE_OK);
	assert_int_equal(edge_context_status(work.context, &status, &error), EDGE_OK);
	assert_int_equal(status.completed, 1);
	edge_sync_destroy(device, in);
	edge_sync_destroy(device, out);
	edge_stream_clear(&work.stream);
	assert_int_equal(edge_job_submit(work.context, &work.stream, NULL, &job, &error),
			 EDGE_INVALID_ARGUMENT);
	end(&work);
}

static void fences_pass_as_files(void **state)
{
	struct edge_error error;
	uint32_t handle;
	int file;

	assert_int_equal(edge_sync_create(device, &handle, &error), EDGE_OK);
	assert_int_equal(edge_sync_export(device, handle, &file, &error), EDGE_OK);
	assert_int_equal(edge_sync_import(device, handle, file, &error), EDGE_OK);
	close(file);
	fake.running = 1;
	assert_int_equal(edge_sync_wait(device, handle, 0, &error), EDGE_TIMED_OUT);
	assert_int_equal(edge_sync_export(device, 7, &file, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(file, -1);
	edge_sync_destroy(device, handle);
	assert_int_equal(edge_sync_wait(device, handle, 0, &error), EDGE_INVALID_ARGUMENT);
}

static void how_jobs_end_has_a_code_each(void **state)
{
	static const struct {
		int result;
		uint32_t state;
		enum edge_status status;
		const char *word;
	} cases[] = {
		{ -ETIMEDOUT, DRM_EDGE_CTX_GUILTY, EDGE_DEVICE_HUNG, "edgectl report" },
		{ -ECANCELED, DRM_EDGE_CTX_GUILTY, EDGE_DEVICE_HUNG, "new context" },
		{ -ECANCELED, DRM_EDGE_CTX_OK, EDGE_DEVICE_RESET, "submit it again" },
		{ -EIO, DRM_EDGE_CTX_LOST, EDGE_DEVICE_RESET, "another job" },
		{ -ENODEV, DRM_EDGE_CTX_OK, EDGE_DEVICE_REMOVED, "unplugged" },
	};
	struct edge_error error;
	struct work work;
	uint64_t job;

	begin(&work);
	assert_int_equal(edge_job_submit(work.context, &work.stream, NULL, &job, &error), EDGE_OK);
	fake.running = 1;
	assert_int_equal(edge_job_wait(work.context, job, 0, NULL, &error), EDGE_TIMED_OUT);
	fake.running = 0;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		fake.result = cases[i].result;
		fake.state = cases[i].state;
		assert_int_equal(edge_job_wait(work.context, job, 0, NULL, &error),
				 cases[i].status);
		assert_non_null(strstr(error.message, cases[i].word));
		assert_non_null(strstr(error.message, "/dev/null: job 1: "));
	}
	/* An error of the call itself: EIO then means that the device is dead. */
	fake_edge_fail(DRM_IOCTL_EDGE_WAIT, EIO);
	assert_int_equal(edge_job_wait(work.context, job, 0, NULL, &error), EDGE_DEVICE_FAULT);
	fake_edge_fail(DRM_IOCTL_EDGE_WAIT, ENOENT);
	assert_int_equal(edge_job_wait(work.context, job, 0, NULL, &error), EDGE_INVALID_ARGUMENT);
	fake.state = DRM_EDGE_CTX_GUILTY;
	assert_int_equal(edge_job_submit(work.context, &work.stream, NULL, &job, &error),
			 EDGE_DEVICE_HUNG);
	assert_int_equal(job, 0);
	end(&work);
}

static void contexts_run_out_and_high_priority_is_not_for_everybody(void **state)
{
	struct edge_context *contexts[FAKE_CONTEXTS], *more;
	struct edge_error error;

	for (int i = 0; i < FAKE_CONTEXTS; i++)
		assert_int_equal(edge_context_create(device, DRM_EDGE_PRIORITY_LOW, &contexts[i],
						     &error),
				 EDGE_OK);
	assert_int_equal(edge_context_create(device, DRM_EDGE_PRIORITY_LOW, &more, &error),
			 EDGE_LIMIT_EXCEEDED);
	assert_null(more);
	assert_int_equal(edge_context_create(device, DRM_EDGE_PRIORITY_HIGH, &more, &error),
			 EDGE_PERMISSION_DENIED);
	assert_non_null(strstr(error.message, "CAP_SYS_NICE"));
	for (int i = 0; i < FAKE_CONTEXTS; i++)
		edge_context_destroy(contexts[i]);
	edge_context_destroy(NULL);
}

static void refuse(uint32_t reason, uint32_t op, size_t at)
{
	fake.reason = reason;
	fake.error_op = op;
	fake.error_at = at;
}

static void refusals_name_operation_field_value_and_remedy(void **state)
{
	struct edge_error error;
	struct work work;
	uint64_t job;

	begin(&work);
	refuse(DRM_EDGE_REASON_STRIDE, 1, offsetof(struct drm_edge_nvdla_sdp, input.line_stride));
	assert_int_equal(edge_job_submit(work.context, &work.stream, NULL, &job, &error),
			 EDGE_INVALID_ARGUMENT);
	assert_string_equal(
		error.message,
		"/dev/null: operation 1 (element-wise): input.line_stride is 24: lines or "
		"surfaces overlap, or the stride is beyond 32 bits; it takes at least width "
		"* atom from line to line, and height * line_stride from surface to surface");
	refuse(DRM_EDGE_REASON_SHIFT, 0, offsetof(struct drm_edge_nvdla_sdp, tail.offset));
	edge_job_submit(work.context, &work.stream, NULL, &job, &error);
	assert_non_null(strstr(error.message, "operation 0 (element-wise): tail.offset is -7: "));
	refuse(DRM_EDGE_REASON_UNSUPPORTED, 0, 0);
	assert_int_equal(edge_job_submit(work.context, &work.stream, NULL, &job, &error),
			 EDGE_UNSUPPORTED);
	/* What only a newer kernel says, or a confused one. */
	refuse(99, 0, 4);
	edge_job_submit(work.context, &work.stream, NULL, &job, &error);
	assert_non_null(strstr(error.message, "newer library"));
	refuse(DRM_EDGE_REASON_OPS, 64, 0);
	edge_job_submit(work.context, &work.stream, NULL, &job, &error);
	assert_non_null(strstr(error.message, "refused: there are more operations"));
	refuse(DRM_EDGE_REASON_RESERVED, 0, 40000);
	edge_job_submit(work.context, &work.stream, NULL, &job, &error);
	assert_non_null(strstr(error.message, "byte 40000"));
	((struct drm_edge_op *)work.stream.bytes)->type = 0x20001;
	refuse(DRM_EDGE_REASON_TYPE, 0, 0);
	edge_job_submit(work.context, &work.stream, NULL, &job, &error);
	assert_non_null(strstr(error.message, "operation 0 (type 0x00020001): "));
	end(&work);
}

static void every_reason_has_a_sentence(void **state)
{
	for (uint32_t reason = 0; reason <= DRM_EDGE_REASON_UNSUPPORTED; reason++)
		assert_null(strstr(edge_reason_string(reason), "newer library"));
	assert_non_null(strstr(edge_reason_string(DRM_EDGE_REASON_UNSUPPORTED + 1), "newer"));
}

/* Fields follow each other without a gap to the last byte of the descriptor, each with its own name. */
static void every_byte_of_a_descriptor_has_one_name(void **state)
{
	static const uint32_t types[] = {
		DRM_EDGE_OP_NVDLA_CONV,	 DRM_EDGE_OP_NVDLA_SDP,	 DRM_EDGE_OP_NVDLA_PDP,
		DRM_EDGE_OP_NVDLA_TABLE, DRM_EDGE_OP_NVDLA_COPY,
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		char last[EDGE_FIELD_NAME_MAX] = "";
		size_t at = 0, size = edge_op_size(types[i]);
		struct edge_field field;

		assert_non_null(edge_op_name(types[i]));
		while (at < size) {
			assert_true(edge_op_field(types[i], at, &field));
			assert_int_equal(field.at, at);
			assert_true(field.size == 2 || field.size == 4 || field.size == 8);
			assert_string_not_equal(field.name, last);
			strcpy(last, field.name);
			/* Its last byte belongs to it as well. */
			assert_true(edge_op_field(types[i], at + field.size - 1, &field));
			assert_string_equal(field.name, last);
			at += field.size;
		}
		assert_int_equal(at, size);
		assert_false(edge_op_field(types[i], size, &field));
	}
	assert_null(edge_op_name(7));
	assert_int_equal(edge_op_size(7), 0);
}

static void fields_have_the_names_of_the_interface(void **state)
{
	static const struct {
		uint32_t type;
		size_t at;
		const char *name;
	} fields[] = {
#define CONV(member) \
	{ DRM_EDGE_OP_NVDLA_CONV, offsetof(struct drm_edge_nvdla_conv, member), #member }
		CONV(op.size),
		CONV(format),
		CONV(input.at.offset),
		CONV(pixel.mean[2]),
		CONV(weights.handle),
		CONV(weight_banks),
		CONV(tail.bn.operands.pad),
		CONV(tail.bs.flags),
		CONV(output.surface_stride),
		CONV(pool.last),
		{ DRM_EDGE_OP_NVDLA_TABLE, offsetof(struct drm_edge_nvdla_table, values[256]),
		  "values[256]" },
		{ DRM_EDGE_OP_NVDLA_COPY, offsetof(struct drm_edge_nvdla_copy, to.handle),
		  "to.handle" },
		{ DRM_EDGE_OP_NVDLA_PDP, offsetof(struct drm_edge_nvdla_pdp, pool.method),
		  "pool.method" },
	};
	struct edge_field field;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		assert_true(edge_op_field(fields[i].type, fields[i].at, &field));
		assert_string_equal(field.name, fields[i].name);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(buffers_are_mapped_and_synced),
		TEST(buffers_that_cannot_be_had),
		TEST(a_buffer_imported_twice_is_one),
		TEST(what_is_exported_comes_back_as_itself),
		TEST(imports_that_fail_leave_nothing),
		TEST(streams_hold_descriptors_up_to_the_devices_limits),
		TEST(jobs_reach_the_driver_as_they_were_written),
		TEST(fences_pass_as_files),
		TEST(how_jobs_end_has_a_code_each),
		TEST(contexts_run_out_and_high_priority_is_not_for_everybody),
		TEST(refusals_name_operation_field_value_and_remedy),
		cmocka_unit_test(every_reason_has_a_sentence),
		cmocka_unit_test(every_byte_of_a_descriptor_has_one_name),
		cmocka_unit_test(fields_have_the_names_of_the_interface),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
