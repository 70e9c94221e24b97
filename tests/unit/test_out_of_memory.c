// SPDX-License-Identifier: MIT
/*
 * Every allocation on the way from a graph to a frame fails once: the call says that memory has run
 * out, and gives back what it had (which the address sanitizer checks).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "device/buffer.h"
#include "device/list.h"
#include "device/submit.h"
#include "fake_edge.h"
#include "graphs_quant.h"
#include "net.h"
#include "runtime/program.h"
#include "runtime/session.h"
#include "tree.h"

/* Allocations until one fails; none does while this is below zero. */
static long countdown = -1;

static bool fails(void)
{
	return countdown >= 0 && countdown-- == 0;
}

/* The linker sends the library's calls here. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *string);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
int __wrap_posix_memalign(void **memory, size_t alignment, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
char *__wrap_strdup(const char *string);

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return fails() ? NULL : __real_realloc(memory, size);
}

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
	return fails() ? 12 : __real_posix_memalign(memory, alignment, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *string)
{
	return fails() ? NULL : __real_strdup(string);
}

static enum edge_status run_program(const struct edge_program *program, struct edge_error *error)
{
	struct edge_session_settings settings;
	struct edge_request *request = NULL;
	struct edge_session *session = NULL;
	enum edge_status status;

	edge_session_settings_default(&settings);
	settings.threads = 2;
	settings.profile = true;
	status = edge_session_create(program, &settings, &session, error);
	if (!status)
		status = edge_request_create(session, &request, error);
	if (!status)
		status = edge_request_run(request, error);
	edge_request_destroy(request);
	edge_session_destroy(session);
	return status;
}

static enum edge_status compile_and_save(const char *path, struct edge_error *error)
{
	struct edge_program *program = NULL;
	struct edge_graph *graph;
	enum edge_status status;
	long left = countdown;

	countdown = -1;
	graph = net_create();
	countdown = left;
	status = edge_compile_graph(graph, NULL, &program, error);
	if (!status)
		status = run_program(program, error);
	if (!status)
		status = edge_program_save(program, path, error);
	edge_program_destroy(program);
	return status;
}

/* Operators on reals between bytes, of every kind that the passes treat apart. */
static struct edge_graph *create_quantised(void)
{
	static const struct pair a = { EDGE_I8, 0.02f, 3 }, b = { EDGE_U8, 0.03f, 100 };
	struct edge_graph *graph = edge_graph_create("quantised");
	struct edge_tensor *x = add_quantize(graph, add_input(graph, "x", DIMS(1, 4, 6, 6)), &a);
	struct edge_tensor *parts[3],
		*y = add_quantize(graph, add_byte_conv(graph, x, 4, 3, 1, -1), &a);

	y = add_dequantize(graph, y);
	parts[0] = add_binary(graph, EDGE_BINARY_MUL, y,
			      add_rounded(graph, add_unary(graph, EDGE_FUNC_SIGMOID, y), &b));
	parts[0] = add_rounded(graph, parts[0], &b);
	parts[1] = add_max_pool(graph, add_dequantize(graph, x), 3, 1, 1);
	parts[2] = add_rounded(graph, add_binary(graph, EDGE_BINARY_ADD, parts[0], parts[1]), &a);
	y = add_quantize(graph, add_concat(graph, 1, 3, parts), &b);
	assert_true(edge_graph_add_output(
		graph, add_quantize(graph, add_byte_conv(graph, y, 5, 1, 1, 0), &a)));
	y = add_unary(graph, EDGE_FUNC_EXP, add_dequantize(graph, x));
	assert_true(edge_graph_add_output(graph, y));
	return graph;
}

static enum edge_status compile_quantised(const char *path, struct edge_error *error)
{
	struct edge_program *program = NULL;
	struct edge_graph *graph;
	enum edge_status status;
	long left = countdown;

	countdown = -1;
	graph = create_quantised();
	countdown = left;
	status = edge_compile_graph(graph, NULL, &program, error);
	if (!status)
		status = run_program(program, error);
	edge_program_destroy(program);
	return status;
}

static enum edge_status load_and_run(const char *path, struct edge_error *error)
{
	struct edge_program *program = NULL;
	enum edge_status status = edge_program_load(path, &program, error);

	if (!status)
		status = run_program(program, error);
	edge_program_destroy(program);
	return status;
}

/* From looking for accelerators to a job of two operations. */
static enum edge_status use_device(const char *path, struct edge_error *error)
{
	struct drm_edge_nvdla_copy copy = { .lines = 1 };
	struct edge_device_list *list = NULL;
	struct edge_context *context = NULL;
	struct edge_device *device = NULL;
	struct edge_buffer *buffer = NULL, *same = NULL;
	struct edge_stream stream = { 0 };
	enum edge_status status;
	int file = -1;
	uint64_t job;

	status = edge_device_list_create_with(&fake_kernel, tree_path(""), &list, error);
	if (!status)
		status = edge_device_open_with(&fake_kernel, tree_path("/dev/accel/accel0"),
					       &device, error);
	if (!status)
		status = edge_buffer_create(device, 4096, 0, &buffer, error);
	if (!status)
		status = edge_buffer_export(buffer, &file, error);
	if (!status)
		status = edge_buffer_import(device, file, &same, error);
	if (!status)
		status = edge_context_create(device, DRM_EDGE_PRIORITY_NORMAL, &context, error);
	if (!status) {
		edge_stream_init(&stream, device);
		status = edge_stream_copy(&stream, &copy, error);
	}
	if (!status)
		status = edge_job_submit(context, &stream, NULL, &job, error);
	edge_stream_finish(&stream);
	edge_context_destroy(context);
	edge_buffer_destroy(same);
	if (file >= 0)
		close(file);
	edge_buffer_destroy(buffer);
	edge_device_destroy(device);
	edge_device_list_destroy(list);
	assert_int_equal(fake.live, 0);
	return status;
}

/* Lets the first allocation fail, then the second, until there are no more, which are at least @least. */
static void fail_each(enum edge_status (*scenario)(const char *path, struct edge_error *error),
		      long least)
{
	char path[64];
	long number;

	snprintf(path, sizeof(path), "/tmp/test_out_of_memory.%d.edge", getpid());
	for (number = 0;; number++) {
		struct edge_error error = { 0 };
		enum edge_status status;
		bool all_succeeded;

		countdown = number;
		status = scenario(path, &error);
		all_succeeded = countdown >= 0;
		countdown = -1;
		if (all_succeeded) {
			assert_int_equal(status, EDGE_OK);
			break;
		}
		if (status != EDGE_OUT_OF_MEMORY || error.status != status)
			fail_msg("allocation %ld: status %d, \"%s\"", number, status,
				 error.message);
	}
	assert_true(number >= least);
}

static void compiling_and_saving(void **state)
{
	fail_each(compile_and_save, 50);
}

static void compiling_operators_on_bytes(void **state)
{
	fail_each(compile_quantised, 50);
}

static void loading(void **state)
{
	char path[64];
	struct edge_error error;

	snprintf(path, sizeof(path), "/tmp/test_out_of_memory.%d.edge", getpid());
	assert_int_equal(compile_and_save(path, &error), EDGE_OK);
	fail_each(load_and_run, 50);
	unlink(path);
}

static void using_a_device(void **state)
{
	fake_edge_reset();
	tree_create();
	tree_card("0000:01:00.0");
	tree_accel("accel0", "0000:01:00.0");
	fail_each(use_device, 20);
	tree_destroy();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compiling_and_saving),
		cmocka_unit_test(compiling_operators_on_bytes),
		cmocka_unit_test(loading),
		cmocka_unit_test(using_a_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
