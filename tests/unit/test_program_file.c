// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xxhash.h>

#include <cmocka.h>

#include "edge/cpu.h"
#include "graph/infer.h"
#include "net.h"
#include "runtime/program.h"
#include "runtime/program_format.h"
#include "runtime/session.h"

static const struct edge_limits program_limits = { .file_bytes = 1 << 20 };

/* A program file in memory, and one on disk that changed copies of it are written to. */
struct file {
	char path[64];
	int fd;
	uint8_t *data;
	size_t size;
};

/* What programs are compiled for; all tests run once with each. */
static uint32_t precision;

static struct edge_program *compile(void)
{
	struct edge_compile_settings settings;
	struct edge_error error = { 0 };
	struct edge_program *program;

	edge_compile_settings_default(&settings);
	settings.card = "{\"head\": \"none\"}";
	settings.precision = precision;
	if (edge_compile_graph(net_create(), &settings, &program, &error))
		fail_msg("%s", error.message);
	return program;
}

/* In place: thousands of new files would keep the disk busy. */
static void write_file(const struct file *file, const uint8_t *data, size_t size)
{
	assert_int_equal(pwrite(file->fd, data, size, 0), size);
	assert_int_equal(ftruncate(file->fd, size), 0);
}

static int set_up(void **state)
{
	struct file *file = calloc(1, sizeof(*file));
	struct edge_program *program = compile();
	FILE *stream;

	snprintf(file->path, sizeof(file->path), "/tmp/test_program_file.%d.edge", getpid());
	assert_int_equal(edge_program_save(program, file->path, NULL), EDGE_OK);
	edge_program_destroy(program);
	stream = fopen(file->path, "rb");
	assert_non_null(stream);
	fseek(stream, 0, SEEK_END);
	file->size = ftell(stream);
	rewind(stream);
	file->data = malloc(file->size);
	assert_int_equal(fread(file->data, 1, file->size, stream), file->size);
	fclose(stream);
	file->fd = open(file->path, O_RDWR | O_CLOEXEC);
	assert_true(file->fd >= 0);
	*state = file;
	return 0;
}

static int tear_down(void **state)
{
	struct file *file = *state;

	close(file->fd);
	unlink(file->path);
	free(file->data);
	free(file);
	return 0;
}

/* Loads @size bytes at @data; fills @error, and runs a frame of what is accepted. */
static enum edge_status load_and_run(const struct file *file, const uint8_t *data, size_t size,
				     struct edge_error *error)
{
	struct edge_session_settings settings;
	struct edge_session *session = NULL;
	struct edge_request *request = NULL;
	struct edge_program *program;
	enum edge_status status;

	write_file(file, data, size);
	status = edge_program_load(file->path, &program, error);
	if (status)
		return status;
	edge_session_settings_default(&settings);
	settings.threads = 1;
	status = edge_session_create(program, &settings, &session, error);
	if (!status)
		status = edge_request_create(session, &request, error);
	if (!status)
		status = edge_request_run(request, error);
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
	return status;
}

static void sum_again(uint8_t *data, size_t size)
{
	struct program_header *header = (void *)data;

	header->checksum = program_checksum(header, data + sizeof(*header), size - sizeof(*header));
}

static void outputs_of(const struct edge_program *program, float *boxes, float *scores)
{
	struct edge_session *session;
	struct edge_request *request;
	struct edge_view view;

	assert_int_equal(edge_session_create(program, NULL, &session, NULL), EDGE_OK);
	assert_int_equal(edge_request_create(session, &request, NULL), EDGE_OK);
	assert_int_equal(edge_request_input(request, 0, &view), EDGE_OK);
	net_fill(view.data, NET_INPUT, 3);
	assert_int_equal(edge_request_run(request, NULL), EDGE_OK);
	assert_int_equal(edge_request_output(request, 0, &view), EDGE_OK);
	memcpy(boxes, view.data, NET_BOXES * sizeof(float));
	assert_int_equal(edge_request_output(request, 1, &view), EDGE_OK);
	memcpy(scores, view.data, NET_SCORES * sizeof(float));
	edge_request_destroy(request);
	edge_session_destroy(session);
}

static void a_loaded_program_is_the_same(void **state)
{
	const struct file *file = *state;
	float boxes[2][NET_BOXES], scores[2][NET_SCORES];
	struct edge_program_info info[2];
	struct edge_program *programs[2];

	write_file(file, file->data, file->size);
	programs[0] = compile();
	assert_int_equal(edge_program_load(file->path, &programs[1], NULL), EDGE_OK);
	for (int i = 0; i < 2; i++) {
		outputs_of(programs[i], boxes[i], scores[i]);
		edge_program_info(programs[i], &info[i]);
		assert_string_equal(edge_program_metadata(programs[i], "card"),
				    "{\"head\": \"none\"}");
	}
	assert_memory_equal(boxes[0], boxes[1], sizeof(boxes[0]));
	assert_memory_equal(scores[0], scores[1], sizeof(scores[0]));
	assert_memory_equal(&info[0], &info[1], sizeof(info[0]));
	for (size_t i = 0; i < info[0].num_nodes; i++) {
		struct edge_node_info a, b;

		edge_program_node(programs[0], i, &a);
		edge_program_node(programs[1], i, &b);
		assert_string_equal(a.name, b.name);
		assert_string_equal(a.op, b.op);
		assert_string_equal(a.kernel, b.kernel);
		assert_string_equal(a.reason, b.reason);
	}
	edge_program_destroy(programs[0]);
	edge_program_destroy(programs[1]);
}

/* Two convolutions and a product; rounding them to 8 bits shows, though not by much. */
static void bf16_is_what_was_asked_for(void **state)
{
	float input[NET_INPUT], boxes[NET_BOXES], scores[NET_SCORES];
	float near_boxes[NET_BOXES], near_scores[NET_SCORES];
	struct edge_program *program = compile();
	struct edge_program_info info;
	float farthest = 0;

	net_fill(input, NET_INPUT, 3);
	net_expect(input, boxes, scores);
	outputs_of(program, near_boxes, near_scores);
	for (int i = 0; i < NET_BOXES; i++)
		farthest = fmaxf(farthest, fabsf(near_boxes[i] - boxes[i]));
	for (int i = 0; i < NET_SCORES; i++)
		farthest = fmaxf(farthest, fabsf(near_scores[i] - scores[i]));
	edge_program_info(program, &info);
	if (precision) {
		assert_int_equal(info.num_bf16, 3);
		assert_true(farthest > 1e-4f && farthest < 3e-2f);
	} else {
		assert_int_equal(info.num_bf16, 0);
		assert_int_equal(info.cpu_flags & EDGE_CPU_AVX512_BF16, 0);
		assert_true(farthest < 1e-5f);
	}
	edge_program_destroy(program);
}

static void no_other_precision_is_known(void **state)
{
	struct edge_compile_settings settings;
	struct edge_program *program;

	edge_compile_settings_default(&settings);
	settings.precision = EDGE_PRECISION_BF16_ALWAYS + 1;
	assert_int_equal(edge_compile_graph(net_create(), &settings, &program, NULL),
			 EDGE_INVALID_ARGUMENT);
}

static void saving_what_was_loaded_gives_the_same_file(void **state)
{
	const struct file *file = *state;
	struct edge_program *program;
	uint8_t *again = malloc(file->size + 1);
	char path[80];
	FILE *stream;

	write_file(file, file->data, file->size);
	assert_int_equal(edge_program_load(file->path, &program, NULL), EDGE_OK);
	snprintf(path, sizeof(path), "%s.again", file->path);
	assert_int_equal(edge_program_save(program, path, NULL), EDGE_OK);
	edge_program_destroy(program);
	stream = fopen(path, "rb");
	assert_int_equal(fread(again, 1, file->size + 1, stream), file->size);
	fclose(stream);
	unlink(path);
	assert_memory_equal(again, file->data, file->size);
	free(again);
}

static void constants_are_aligned(void **state)
{
	const struct file *file = *state;
	const struct program_header *header = (const void *)file->data;
	const struct program_section *section = &header->sections[PROGRAM_TENSORS];
	const struct program_tensor *tensors = (const void *)(file->data + section->offset);
	int with_data = 0;

	for (size_t i = 0; i < section->size / sizeof(*tensors); i++) {
		if (tensors[i].data == PROGRAM_NO_DATA)
			continue;
		assert_int_equal(tensors[i].data % 64, 0);
		with_data++;
	}
	assert_int_equal(header->sections[PROGRAM_CONSTANTS].offset % 64, 0);
	assert_true(with_data > 0);
}

static void damage_is_refused(void **state)
{
	const struct file *file = *state;
	struct edge_error error;

	for (size_t i = 0; i < file->size; i++) {
		enum edge_status status;

		file->data[i] ^= 1 << i % 8;
		status = load_and_run(file, file->data, file->size, &error);
		file->data[i] ^= 1 << i % 8;
		if (status != EDGE_BAD_FORMAT && status != EDGE_INCOMPATIBLE)
			fail_msg("byte %zu: status %d", i, status);
	}
}

static void cut_files_are_refused(void **state)
{
	const struct file *file = *state;
	const struct program_header *header = (const void *)file->data;
	uint8_t *longer = calloc(1, file->size + 1);
	struct edge_error error;

	for (size_t size = 0; size < sizeof(*header) + 64; size++)
		assert_int_equal(load_and_run(file, file->data, size, &error), EDGE_BAD_FORMAT);
	for (int i = 0; i < PROGRAM_NUM_SECTIONS; i++) {
		const struct program_section *section = &header->sections[i];

		assert_int_equal(load_and_run(file, file->data, section->offset, &error),
				 EDGE_BAD_FORMAT);
		assert_int_equal(load_and_run(file, file->data, section->offset + section->size / 2,
					      &error),
				 EDGE_BAD_FORMAT);
	}
	memcpy(longer, file->data, file->size);
	assert_int_equal(load_and_run(file, longer, file->size + 1, &error), EDGE_BAD_FORMAT);
	free(longer);
}

/* Changes behind a right checksum: nobody can say whether they were meant, so it is enough that
 * they do no harm, which the address sanitizer judges. */
static void forgery_does_no_harm(void **state)
{
	static const uint8_t masks[] = { 0x01, 0x80, 0xff };
	const struct file *file = *state;
	const struct program_header *header = (const void *)file->data;
	uint8_t *copy = malloc(file->size);
	size_t records = header->sections[PROGRAM_CONSTANTS].offset;
	struct edge_error error;
	size_t refused = 0;

	for (size_t i = 0; i < records; i++) {
		enum edge_status status;

		memcpy(copy, file->data, file->size);
		copy[i] ^= masks[i % sizeof(masks)];
		sum_again(copy, file->size);
		status = load_and_run(file, copy, file->size, &error);
		refused += status != EDGE_OK;
	}
	/* Most bytes of records are shapes, strides and indices, where nothing else fits. */
	assert_true(refused > records / 4);
	free(copy);
}

/* x[1, 4] of bytes -> MaxPool -> y: two tensors with a pair each. */
static struct edge_program *compile_quantised(void)
{
	struct edge_graph *graph = edge_graph_create("quantised");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_tensor *y = edge_graph_add_tensor(graph, "y");
	struct edge_node *node = edge_graph_add_node(graph, EDGE_OP_MAX_POOL, NULL, 1, 1);
	struct edge_program *program;
	struct edge_error error;

	edge_tensor_set_shape(x, EDGE_U8, 3, (const int64_t[]) { 1, 1, 4 });
	assert_true(
		edge_tensor_set_quant(x, -1, 1, &(const float) { 0.5f }, &(const int32_t) { 7 }));
	node->params.pool.kernel[0] = 2;
	assert_true(edge_node_set_input(node, 0, x));
	edge_node_set_output(node, 0, y);
	assert_true(edge_graph_add_input(graph, x) && edge_graph_add_output(graph, y));
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_OK);
	if (edge_compile_graph(graph, NULL, &program, &error))
		fail_msg("%s", error.message);
	return program;
}

/* A thousand tensors with the thousand pairs of one would take a thousand times the file's size. */
static void pairs_are_used_once(void **state)
{
	const struct file *file = *state;
	struct edge_program *program = compile_quantised();
	struct program_header *header;
	struct program_quant *quants;
	struct edge_file saved;
	struct edge_error error;
	uint8_t *copy;
	char path[80];

	snprintf(path, sizeof(path), "%s.pairs", file->path);
	assert_int_equal(edge_program_save(program, path, &error), EDGE_OK);
	edge_program_destroy(program);
	assert_int_equal(edge_file_map(path, &program_limits, &saved, &error), EDGE_OK);
	unlink(path);
	copy = malloc(saved.size);
	memcpy(copy, saved.data, saved.size);
	header = (void *)copy;
	quants = (void *)(copy + header->sections[PROGRAM_QUANTS].offset);
	assert_int_equal(header->sections[PROGRAM_QUANT_PAIRS].size,
			 2 * sizeof(struct program_quant_pair));
	assert_int_equal(load_and_run(file, copy, saved.size, &error), EDGE_OK);
	quants[1].pairs = quants[0].pairs;
	header->sections[PROGRAM_QUANT_PAIRS].size /= 2;
	sum_again(copy, saved.size);
	assert_int_equal(load_and_run(file, copy, saved.size, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "a quantisation is not what a program has there"));
	edge_file_unmap(&saved);
	free(copy);
}

/* The same with whole fields at their most extreme. */
static void extreme_fields_do_no_harm(void **state)
{
	static const uint64_t values[] = {
		0, 1, UINT64_MAX, INT64_MAX, (uint64_t)INT64_MIN, UINT32_MAX, INT32_MAX, 1 << 20
	};
	const struct file *file = *state;
	const struct program_header *header = (const void *)file->data;
	uint8_t *copy = malloc(file->size);
	size_t records = header->sections[PROGRAM_CONSTANTS].offset;
	struct edge_error error;

	for (size_t i = offsetof(struct program_header, machine); i + 8 <= records; i += 4) {
		uint64_t value = values[i / 4 % (sizeof(values) / sizeof(values[0]))];

		memcpy(copy, file->data, file->size);
		memcpy(copy + i, &value, i / 32 % 2 && i % 8 == 0 ? 8 : 4);
		sum_again(copy, file->size);
		load_and_run(file, copy, file->size, &error);
	}
	free(copy);
}

/* Loads the file with @change made to its header, and its checksum right. */
static enum edge_status load_changed(const struct file *file, size_t offset, uint32_t value,
				     struct edge_error *error)
{
	uint8_t *copy = malloc(file->size);
	enum edge_status status;

	memcpy(copy, file->data, file->size);
	memcpy(copy + offset, &value, sizeof(value));
	sum_again(copy, file->size);
	status = load_and_run(file, copy, file->size, error);
	free(copy);
	return status;
}

static void other_machines_are_named(void **state)
{
	const struct file *file = *state;
	struct edge_error error;

	assert_int_equal(load_changed(file, offsetof(struct program_header, cpu_flags), 1u << 31,
				      &error),
			 EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "compiled for"));
	assert_int_equal(load_changed(file, offsetof(struct program_header, machine), 2, &error),
			 EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "architecture"));
	assert_int_equal(load_changed(file, offsetof(struct program_header, endianness),
				      __builtin_bswap32(PROGRAM_ENDIANNESS), &error),
			 EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "byte order"));
}

static void other_versions_are_named(void **state)
{
	const struct file *file = *state;
	struct edge_error error;

	assert_int_equal(load_changed(file, offsetof(struct program_header, version),
				      PROGRAM_VERSION + 1, &error),
			 EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "newer"));
	assert_int_equal(load_changed(file, offsetof(struct program_header, version), 0, &error),
			 EDGE_INCOMPATIBLE);
	assert_non_null(strstr(error.message, "older"));
}

static void foreign_files_are_named(void **state)
{
	const struct file *file = *state;
	const uint8_t text[] = "[net]\nwidth=416\n";
	struct edge_program *program;
	struct edge_error error;

	assert_int_equal(load_and_run(file, text, sizeof(text), &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "not a program"));
	assert_non_null(strstr(error.message, file->path));
	assert_int_equal(edge_program_load("/nowhere/x.edge", &program, &error), EDGE_IO_ERROR);
}

static void masked_processors_are_refused(void **state)
{
	const struct file *file = *state;
	struct edge_program *program;
	struct edge_session *session;
	struct edge_error error;

	if (!edge_cpu_flags())
		skip();
	write_file(file, file->data, file->size);
	assert_int_equal(edge_program_load(file->path, &program, NULL), EDGE_OK);
	edge_set_cpu_mask(0);
	assert_int_equal(load_and_run(file, file->data, file->size, &error), EDGE_INCOMPATIBLE);
	assert_int_equal(edge_session_create(program, NULL, &session, &error), EDGE_INCOMPATIBLE);
	edge_set_cpu_mask(~0u);
	edge_program_destroy(program);
}

/* Adds @text and its zero byte to a sum of everything before. */
static uint64_t add_name(uint64_t sum, const char *text)
{
	return XXH3_64bits_withSeed(text, strlen(text) + 1, sum);
}

/* Operators stand in files by number, their parameters as they are in memory. */
static void the_version_goes_with_the_operators(void **state)
{
	uint64_t sum = sizeof(union edge_params);

	for (int i = 1; i < EDGE_NUM_OPS; i++)
		sum = add_name(sum, edge_op_info(i)->name);
	for (int i = 0; i < EDGE_NUM_FUNCS; i++)
		sum = add_name(sum, edge_func_name(i));
	for (int i = 0; i < EDGE_NUM_BINARIES; i++)
		sum = add_name(sum, edge_binary_name(i));
	for (int i = 0; i < EDGE_NUM_TYPES; i++)
		sum = add_name(sum, edge_type_name(i));
	if (PROGRAM_VERSION != 4 || sum != UINT64_C(0x477165e25c7714e7))
		fail_msg("graph/op.h has changed: raise PROGRAM_VERSION, and expect 0x%" PRIx64
			 " with it here",
			 sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_version_goes_with_the_operators),
		cmocka_unit_test(a_loaded_program_is_the_same),
		cmocka_unit_test(bf16_is_what_was_asked_for),
		cmocka_unit_test(no_other_precision_is_known),
		cmocka_unit_test(saving_what_was_loaded_gives_the_same_file),
		cmocka_unit_test(constants_are_aligned),
		cmocka_unit_test(damage_is_refused),
		cmocka_unit_test(cut_files_are_refused),
		cmocka_unit_test(forgery_does_no_harm),
		cmocka_unit_test(pairs_are_used_once),
		cmocka_unit_test(extreme_fields_do_no_harm),
		cmocka_unit_test(other_machines_are_named),
		cmocka_unit_test(other_versions_are_named),
		cmocka_unit_test(foreign_files_are_named),
		cmocka_unit_test(masked_processors_are_refused),
	};

	int failed = cmocka_run_group_tests_name("f32", tests, set_up, tear_down);

	precision = EDGE_PRECISION_BF16_ALWAYS;
	return failed + cmocka_run_group_tests_name("bf16", tests, set_up, tear_down);
}
