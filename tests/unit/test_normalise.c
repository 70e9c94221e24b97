// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vision/normalise.h"

static struct edge_graph *make_graph(enum edge_type type, float scale, int32_t zero_point)
{
	const int64_t dims[] = { 1, 8, 8, 3 };
	struct edge_graph *graph = edge_graph_create("normalise");
	struct edge_tensor *input = edge_graph_add_tensor(graph, NULL);

	edge_tensor_set_shape(input, type, 4, dims);
	if (type != EDGE_F32)
		assert_true(edge_tensor_set_quant(input, -1, 1, &scale, &zero_point));
	edge_graph_add_input(graph, input);
	return graph;
}

static void metadata_comes_before_the_family(void **state)
{
	static const struct {
		const char *mean, *std;
		float means[3], scales[3];
	} cases[] = {
		{ "127.5",
		  "127.5",
		  { 127.5f, 127.5f, 127.5f },
		  { 1 / 127.5f, 1 / 127.5f, 1 / 127.5f } },
		{ "1,2,3", "4,5,0.5", { 1, 2, 3 }, { 0.25f, 0.2f, 2 } },
		/* What cannot be meant leaves the family's. */
		{ "127.5", NULL, { 9, 9, 9 }, { 7, 7, 7 } },
		{ "127.5", "0", { 9, 9, 9 }, { 7, 7, 7 } },
		{ "1,2", "1", { 9, 9, 9 }, { 7, 7, 7 } },
		{ "1,2,3,4", "1", { 9, 9, 9 }, { 7, 7, 7 } },
		{ "nan", "1", { 9, 9, 9 }, { 7, 7, 7 } },
		{ "much", "1", { 9, 9, 9 }, { 7, 7, 7 } },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct edge_preprocess_settings settings = { .mean = { 9, 9, 9 },
							     .scale = { 7, 7, 7 } };
		struct edge_graph *graph = make_graph(EDGE_U8, 0.5f, 3);

		edge_graph_set_metadata(graph, "tflite.input.0.mean", cases[i].mean);
		if (cases[i].std)
			edge_graph_set_metadata(graph, "tflite.input.0.std", cases[i].std);
		edge_normalise(graph, &settings);
		assert_memory_equal(settings.mean, cases[i].means, sizeof(settings.mean));
		assert_memory_equal(settings.scale, cases[i].scales, sizeof(settings.scale));
		assert_true(settings.step == 0.5f && settings.zero_point == 3);
		edge_graph_destroy(graph);
	}
}

/* Pixel p is stored as p, or p - 128. */
static void quantised_inputs_are_for_pixels(void **state)
{
	for (int is_signed = 0; is_signed < 2; is_signed++) {
		struct edge_preprocess_settings settings = { 0 };
		struct edge_graph *graph =
			make_graph(is_signed ? EDGE_I8 : EDGE_U8, 0.0078125f, is_signed ? -1 : 127);

		edge_normalise(graph, &settings);
		for (int pixel = 0; pixel < 256; pixel++) {
			float value = (pixel - settings.mean[1]) * settings.scale[1];

			assert_true(value / settings.step + settings.zero_point ==
				    pixel - 128 * is_signed);
		}
		edge_graph_destroy(graph);
	}
}

static void others_are_for_fractions(void **state)
{
	struct edge_preprocess_settings settings = { 0 };
	struct edge_graph *graph = make_graph(EDGE_F32, 0, 0);

	edge_normalise(graph, &settings);
	assert_true(settings.scale[0] == 1 / 255.0f && settings.mean[0] == 0);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_comes_before_the_family),
		cmocka_unit_test(quantised_inputs_are_for_pixels),
		cmocka_unit_test(others_are_for_fractions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
