// SPDX-License-Identifier: MIT
/* Which nodes multiply bf16, on processors that this machine need not be. */
#include <string.h>

#include "backend/backend.h"
#include "edge/cpu.h"
#include "graphs.h"
#include "runtime/partition.h"

#define WITHOUT (EDGE_CPU_SSE41 | EDGE_CPU_AVX2 | EDGE_CPU_AVX512 | EDGE_CPU_AVX512_VNNI)
#define WITH (WITHOUT | EDGE_CPU_AVX512_BF16)

/* Convolutions of 64 channels: 3x3, 1x1, a group a channel. Products by a constant, by no constant. */
enum { WIDE, POINT, DEPTHWISE, CONSTANT, VARIABLE, NUM_NODES };

static struct edge_tensor *add_product(struct edge_graph *graph, struct edge_tensor *a,
				       struct edge_tensor *b)
{
	const union edge_params params = { .matmul = { .alpha = 1, .beta = 1 } };

	return add_node(graph, EDGE_OP_MATMUL, &params, 2, (struct edge_tensor *[]) { a, b });
}

/* Compiles all of these for @flags; the graph, whose @nodes they are. */
static struct edge_graph *compile(unsigned int flags, enum edge_precision precision,
				  struct edge_node *nodes[NUM_NODES])
{
	struct edge_graph *graph = edge_graph_create("precision");
	struct edge_tensor *image = add_input(graph, "image", DIMS(1, 64, 40, 40));
	struct edge_tensor *matrix = add_input(graph, "matrix", DIMS(32, 32));
	const struct edge_pass_options options = { 0 };
	struct edge_error error = { 0 };

	edge_graph_add_output(graph, add_conv(graph, image, 64, 3, 1, 1, true));
	edge_graph_add_output(graph, add_conv(graph, image, 64, 1, 1, 1, true));
	edge_graph_add_output(graph, add_conv(graph, image, 64, 3, 1, 64, true));
	edge_graph_add_output(graph, add_product(graph, matrix, add_weights(graph, DIMS(32, 16))));
	edge_graph_add_output(graph, add_product(graph, matrix, matrix));
	if (edge_passes_run(graph, &options, &error) || edge_partition(graph, &error) ||
	    edge_backend_cpu.compile(graph, flags, precision, &error))
		fail_msg("%s", error.message);
	for (int i = 0; i < NUM_NODES; i++) {
		struct edge_tensor *tensor = graph->outputs[i];

		/* Behind copies to the layout that was asked for. */
		while (tensor->producer->op != EDGE_OP_CONV &&
		       tensor->producer->op != EDGE_OP_MATMUL)
			tensor = tensor->producer->inputs[0];
		nodes[i] = tensor->producer;
	}
	return graph;
}

static void expect(const struct edge_node *node, const char *kernel, const char *reason)
{
	assert_string_equal(node->kernel, kernel);
	if (reason)
		assert_non_null(strstr(node->reason, reason));
	else
		assert_string_equal(node->reason, "");
}

static void nobody_has_it_unasked(void **state)
{
	struct edge_node *nodes[NUM_NODES];
	struct edge_graph *graph = compile(WITH, EDGE_PRECISION_F32, nodes);

	expect(nodes[WIDE], "winograd", NULL);
	expect(nodes[POINT], "igemm", NULL);
	expect(nodes[DEPTHWISE], "depthwise", NULL);
	expect(nodes[CONSTANT], "igemm", NULL);
	expect(nodes[VARIABLE], "igemm", NULL);
	edge_graph_destroy(graph);
}

static void who_is_faster_without_keeps_f32(void **state)
{
	struct edge_node *nodes[NUM_NODES];
	struct edge_graph *graph = compile(WITH, EDGE_PRECISION_BF16, nodes);

	expect(nodes[WIDE], "winograd", "Winograd");
	expect(nodes[POINT], "igemm-bf16", NULL);
	expect(nodes[DEPTHWISE], "depthwise", "operator or shape");
	expect(nodes[CONSTANT], "igemm-bf16", NULL);
	expect(nodes[VARIABLE], "igemm", "operator or shape");
	edge_graph_destroy(graph);
}

static void who_has_no_instruction_keeps_f32(void **state)
{
	struct edge_node *nodes[NUM_NODES];
	struct edge_graph *graph = compile(WITHOUT, EDGE_PRECISION_BF16, nodes);

	expect(nodes[WIDE], "winograd", "AVX512-BF16");
	expect(nodes[POINT], "igemm", "AVX512-BF16");
	expect(nodes[DEPTHWISE], "depthwise", "operator or shape");
	expect(nodes[CONSTANT], "igemm", "AVX512-BF16");
	expect(nodes[VARIABLE], "igemm", "operator or shape");
	edge_graph_destroy(graph);
}

static void always_means_wherever_there_is_a_kernel(void **state)
{
	struct edge_node *nodes[NUM_NODES];
	struct edge_graph *graph = compile(0, EDGE_PRECISION_BF16_ALWAYS, nodes);

	expect(nodes[WIDE], "igemm-bf16", NULL);
	expect(nodes[POINT], "igemm-bf16", NULL);
	expect(nodes[DEPTHWISE], "depthwise", "operator or shape");
	expect(nodes[CONSTANT], "igemm-bf16", NULL);
	expect(nodes[VARIABLE], "igemm", "operator or shape");
	edge_graph_destroy(graph);
}

/* 64 biases in f32, 64 * 64 weights in half of that; a panel has no columns to spare. */
static void weights_take_half_the_memory(void **state)
{
	const unsigned int flags[] = { WITH, WITHOUT, 0 };
	struct edge_node *nodes[NUM_NODES];

	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		struct edge_graph *graph = compile(flags[i], EDGE_PRECISION_BF16_ALWAYS, nodes);

		assert_int_equal(edge_tensor_bytes(nodes[POINT]->packed[0]), 64 * (4 + 64 * 2));
		assert_null(nodes[POINT]->inputs[1]->data);
		edge_graph_destroy(graph);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nobody_has_it_unasked),
		cmocka_unit_test(who_is_faster_without_keeps_f32),
		cmocka_unit_test(who_has_no_instruction_keeps_f32),
		cmocka_unit_test(always_means_wherever_there_is_a_kernel),
		cmocka_unit_test(weights_take_half_the_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
