// SPDX-License-Identifier: MIT
#include "graphs.h"

#include <string.h>

#include "base/memory.h"

static struct edge_graph *graph;
static struct edge_tensor *x; /* [1, 1024] */

static const struct edge_pass_options options = { .no_fusion = true };

/* What 1024 floats take with what a vector load may reach past them. */
#define BLOCK (4096 + EDGE_ALIGNMENT)

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_input(graph, "x", DIMS(1, 1024));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

static struct edge_tensor *relu(struct edge_tensor *a)
{
	return add_unary(graph, EDGE_FUNC_RELU, a);
}

static struct edge_tensor *add(struct edge_tensor *a, struct edge_tensor *b)
{
	return add_binary(graph, EDGE_BINARY_ADD, a, b);
}

static void finish(struct edge_tensor *y)
{
	assert_true(edge_graph_add_output(graph, y));
}

static void a_chain_takes_two_blocks(void **state)
{
	struct edge_tensor *y = x;

	for (int i = 0; i < 9; i++)
		y = relu(y);
	finish(y);
	check_all_passes(graph, &options);
	assert_int_equal(graph->arena_size, 2 * BLOCK);
	assert_int_equal(graph->io_size, 2 * BLOCK);
}

static void what_is_read_late_stays(void **state)
{
	struct edge_tensor *early = relu(x), *y = early;

	for (int i = 0; i < 5; i++)
		y = relu(y);
	finish(add(y, early));
	check_all_passes(graph, &options);
	assert_int_equal(graph->arena_size, 3 * BLOCK);
}

static void views_keep_their_storage_alive(void **state)
{
	struct edge_tensor *early = relu(x), *parts[2], *y;

	add_split(graph, early, 1, 2, parts);
	y = add_reshape(graph, parts[1], DIMS(512, 1));
	for (int i = 0; i < 5; i++)
		y = relu(y);
	finish(add(add_reshape(graph, y, DIMS(1, 512)), parts[0]));
	check_all_passes(graph, &options);
	assert_true(graph->arena_size >= BLOCK + 2 * 2048);
}

/* A large block that ends makes room for two small ones. */
static void gaps_are_filled(void **state)
{
	struct edge_tensor *y = relu(relu(x)), *parts[2];

	add_split(graph, y, 1, 2, parts);
	y = relu(relu(relu(parts[0])));
	finish(y);
	check_all_passes(graph, &options);
	assert_int_equal(graph->arena_size, 2 * BLOCK);
}

static void inputs_and_outputs_have_their_own_memory(void **state)
{
	struct edge_tensor *y = relu(x);

	finish(y);
	finish(relu(y));
	check_all_passes(graph, &options);
	assert_int_equal(x->memory, EDGE_MEMORY_IO);
	assert_int_equal(y->memory, EDGE_MEMORY_IO);
	assert_int_equal(graph->arena_size, 0);
	assert_int_equal(graph->io_size, 3 * BLOCK);
	assert_true(x->address != y->address);
}

static void ends_are_padded(void **state)
{
	struct edge_tensor *odd = add_input(graph, "odd", DIMS(13));
	struct edge_tensor *y = relu(relu(odd));

	finish(add(y, relu(y)));
	finish(relu(x));
	check_all_passes(graph, &options);
	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];
		uint64_t room = tensor->memory == EDGE_MEMORY_ARENA ? graph->arena_size
								    : graph->io_size;

		if (tensor->memory != EDGE_MEMORY_ARENA && tensor->memory != EDGE_MEMORY_IO)
			continue;
		assert_int_equal(tensor->address % EDGE_ALIGNMENT, 0);
		assert_true(tensor->address + tensor->size + EDGE_ALIGNMENT <= room);
	}
}

static void planning_again_gives_the_same(void **state)
{
	uint64_t size;

	finish(add(relu(relu(x)), relu(x)));
	check_all_passes(graph, &options);
	size = graph->arena_size;
	assert_int_equal(edge_pass_memory_plan(graph, NULL), EDGE_OK);
	assert_int_equal(graph->arena_size, size);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_chain_takes_two_blocks),
		TEST(what_is_read_late_stays),
		TEST(views_keep_their_storage_alive),
		TEST(gaps_are_filled),
		TEST(inputs_and_outputs_have_their_own_memory),
		TEST(ends_are_padded),
		TEST(planning_again_gives_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
