// SPDX-License-Identifier: MIT
/* What files ask for beyond the limits is refused, with the limit's name; with a higher one it is
 * done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "net.h"
#include "onnx_model.h"
#include "runtime/program.h"
#include "vision/card.h"

static void assert_refused(enum edge_status status, const struct edge_error *error,
			   const char *words)
{
	assert_int_equal(status, EDGE_LIMIT_EXCEEDED);
	if (!strstr(error->message, words))
		fail_msg("'%s' lacks '%s'", error->message, words);
}

static void limits_have_names(void **state)
{
	struct edge_error error;
	struct edge_limits limits;

	edge_limits_default(&limits);
	assert_int_equal(limits.file_bytes, UINT64_C(1) << 31);
	assert_int_equal(limits.nodes, 65536);
	assert_int_equal(limits.image_pixels, 1 << 27);
	assert_int_equal(edge_limits_set(&limits, "nodes", 7, &error), EDGE_OK);
	assert_int_equal(edge_limits_set(&limits, "image_pixels", UINT64_MAX, &error), EDGE_OK);
	assert_int_equal(limits.nodes, 7);
	assert_true(limits.image_pixels == UINT64_MAX);
	assert_int_equal(edge_limits_set(&limits, "node", 7, &error), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "no limit 'node'; there are file_bytes, "));
	assert_non_null(strstr(error.message, ", image_pixels"));
}

/* A RoiAlign of constants: a few bytes that take @sampling^2 samples for each of @side^2 pixels. */
static Onnx__ModelProto *work_of_constants(int sampling, int side)
{
	Onnx__ModelProto *proto = model_new(16);
	Onnx__NodeProto *node;

	model_floats(proto, "x", LIST(1, 1, 2, 2), (const float[]) { 1, 2, 3, 4 });
	model_floats(proto, "boxes", LIST(1, 4), (const float[]) { 0, 0, 1, 1 });
	model_ints(proto, "batches", LIST(0));
	node = model_node(proto, "RoiAlign", "x boxes batches", "y");
	node_int(node, "sampling_ratio", sampling);
	node_int(node, "output_height", side);
	node_int(node, "output_width", side);
	model_output(proto, "y", FLOAT, LIST(1, 1, side, side));
	return proto;
}

static void work_of_an_import_is_bounded(void **state)
{
	Onnx__ModelProto *proto = work_of_constants(1024, 16);
	struct edge_error error = { 0 };
	struct edge_model *model;

	assert_refused(
		model_load(proto, NULL, &model, &error), &error,
		"node 'n0' (RoiAlign): computing it and the constants before takes more than "
		"268435456 multiply-adds, the limit; if you trust the file, allow more with --allow "
		"fold_work=N");
	model_free(proto);
}

/* The nodes of a program that is compiled within @limits. */
static size_t nodes_left(const struct edge_model *model, const struct edge_limits *limits)
{
	struct edge_compile_settings settings;
	struct edge_program *program;
	struct edge_program_info info;
	struct edge_error error;

	edge_compile_settings_default(&settings);
	settings.limits = limits;
	if (edge_compile(model, &settings, &program, &error))
		fail_msg("%s", error.message);
	edge_program_info(program, &info);
	edge_program_destroy(program);
	return info.num_nodes;
}

/* Too large for the importer, which leaves it to the pass. Only the Copy to the output stays. */
static void work_of_a_compilation_is_bounded(void **state)
{
	const struct edge_limits little_work = { .fold_work = 1 },
				 little_room = { .fold_bytes = 1 };
	Onnx__ModelProto *proto = work_of_constants(16, 40);
	struct edge_error error = { 0 };
	struct edge_model *model;

	model_node(proto, "Relu", "y", "z");
	strcpy(proto->graph->output[0]->name, "z");
	if (model_load(proto, NULL, &model, &error))
		fail_msg("%s", error.message);
	assert_int_equal(nodes_left(model, NULL), 1);
	assert_int_equal(nodes_left(model, &little_work), 2);
	assert_int_equal(nodes_left(model, &little_room), 2);
	edge_model_destroy(model);
	model_free(proto);
}

static enum edge_status compile_net(const struct edge_limits *limits, struct edge_program **program,
				    struct edge_error *error)
{
	struct edge_compile_settings settings;

	edge_compile_settings_default(&settings);
	settings.limits = limits;
	return edge_compile_graph(net_create(), &settings, program, error);
}

static void a_frame_is_bounded(void **state)
{
	struct edge_limits limits = { .run_work = 4 * 8 * 9 * 144 - 1 };
	struct edge_program *program;
	struct edge_error error;

	assert_refused(compile_net(&limits, &program, &error), &error, "--allow run_work=N");
	assert_non_null(strstr(error.message, "node '"));
	limits = (struct edge_limits) { .run_bytes = 4 * 12 * 12 * 4 };
	assert_refused(compile_net(&limits, &program, &error), &error, "--allow run_bytes=N");
	limits = (struct edge_limits) { .run_bytes = 1 << 20, .run_work = 1 << 20 };
	assert_int_equal(compile_net(&limits, &program, &error), EDGE_OK);
	edge_program_destroy(program);
}

/* What runs in plain C counts as slower. */
static void a_slow_frame_is_bounded(void **state)
{
	struct edge_limits limits = { .run_work = 1000 };
	struct edge_compile_settings settings;
	struct edge_program *program;
	struct edge_error error;

	edge_compile_settings_default(&settings);
	settings.limits = &limits;
	assert_refused(edge_compile_graph(net_create_nms(), &settings, &program, &error), &error,
		       "--allow run_work=N");
	limits.run_work = 100000;
	assert_int_equal(edge_compile_graph(net_create_nms(), &settings, &program, &error),
			 EDGE_OK);
	edge_program_destroy(program);
}

static void a_program_is_bounded(void **state)
{
	static const struct {
		struct edge_limits limits;
		const char *words;
	} cases[] = {
		{ { .file_bytes = 999 }, "more than 999 bytes" },
		{ { .nodes = 2 }, "more than 2 nodes" },
		{ { .tensors = 3 }, "more than 3 tensors" },
		{ { .ports = 1 }, "more than 1 of them" },
		{ { .run_bytes = 4 }, "a frame takes more than 4 bytes" },
		{ { .run_work = 5 }, "those before it take more than 5 multiply-adds" },
	};
	struct edge_program *program;
	struct edge_error error;
	char path[64];

	snprintf(path, sizeof(path), "/tmp/test_limits.%d.edge", getpid());
	assert_int_equal(compile_net(NULL, &program, &error), EDGE_OK);
	assert_int_equal(edge_program_save(program, path, &error), EDGE_OK);
	edge_program_destroy(program);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_refused(edge_program_load_within(path, &cases[i].limits, &program, &error),
			       &error, cases[i].words);
		assert_ptr_equal(strstr(error.message, path), error.message);
	}
	assert_int_equal(edge_program_load(path, &program, &error), EDGE_OK);
	edge_program_destroy(program);
	unlink(path);
}

static void metadata_is_bounded(void **state)
{
	struct edge_graph *graph = net_create();
	struct edge_limits limits = { 0 };
	struct edge_program *program;
	struct edge_error error;
	char path[64];

	for (const char *key = "abc"; *key; key++)
		assert_true(edge_graph_set_metadata(graph, key, "value"));
	limits.metadata = graph->num_metadata - 1;
	snprintf(path, sizeof(path), "/tmp/test_limits.%d.edge", getpid());
	assert_int_equal(edge_compile_graph(graph, NULL, &program, &error), EDGE_OK);
	assert_int_equal(edge_program_save(program, path, &error), EDGE_OK);
	edge_program_destroy(program);
	assert_refused(edge_program_load_within(path, &limits, &program, &error), &error,
		       "its metadata has more than ");
	limits.metadata++;
	assert_int_equal(edge_program_load_within(path, &limits, &program, &error), EDGE_OK);
	edge_program_destroy(program);
	unlink(path);
}

static void images_and_cards_are_bounded(void **state)
{
	static const char text[] = "P5 3 2 255\n123456";
	const struct edge_file_part part = { text, sizeof(text) - 1 };
	struct edge_limits limits = { .image_pixels = 5, .text_bytes = sizeof(text) - 2 };
	struct edge_image *image;
	struct edge_error error;
	struct edge_card card;
	char path[64];

	snprintf(path, sizeof(path), "/tmp/test_limits.%d.pgm", getpid());
	assert_int_equal(edge_file_write(path, &part, 1, &error), EDGE_OK);
	assert_refused(edge_image_load_within(path, &limits, &image, &error), &error,
		       "3 x 2 are more than 5 pixels");
	limits.image_pixels++;
	assert_int_equal(edge_image_load_within(path, &limits, &image, &error), EDGE_OK);
	edge_image_destroy(image);
	assert_refused(edge_card_load(path, &limits, &card, &error), &error,
		       "--allow text_bytes=N");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_have_names),
		cmocka_unit_test(work_of_an_import_is_bounded),
		cmocka_unit_test(work_of_a_compilation_is_bounded),
		cmocka_unit_test(a_frame_is_bounded),
		cmocka_unit_test(a_slow_frame_is_bounded),
		cmocka_unit_test(a_program_is_bounded),
		cmocka_unit_test(metadata_is_bounded),
		cmocka_unit_test(images_and_cards_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
