// SPDX-License-Identifier: MIT
#include "graphs.h"

#include <string.h>

static struct edge_graph *graph;
static struct edge_tensor *x; /* [1, 8, 6, 4] */

static int setup(void **state)
{
	graph = edge_graph_create("test");
	x = add_input(graph, "x", DIMS(1, 8, 6, 4));
	return 0;
}

static int teardown(void **state)
{
	edge_graph_destroy(graph);
	return 0;
}

static void finish(struct edge_tensor *y)
{
	assert_true(edge_graph_add_output(graph, y));
}

static void what_changes_nothing_goes(void **state)
{
	union edge_params pad = { 0 };
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_RELU, x);

	y = add_unary(graph, EDGE_FUNC_IDENTITY, y);
	y = add_binary(graph, EDGE_BINARY_ADD, y, add_number(graph, 0));
	y = add_binary(graph, EDGE_BINARY_MUL, add_number(graph, 1), y);
	y = add_binary(graph, EDGE_BINARY_DIV, y, add_number(graph, 1));
	y = add_node(graph, EDGE_OP_PAD, &pad, 1, &y);
	y = add_slice(graph, y, 2, 0, 6, 1);
	y = add_concat(graph, 1, 1, &y);
	y = add_reshape(graph, y, DIMS(1, 8, 6, 4));
	y = add_unary(graph, EDGE_FUNC_SIGMOID, y);
	finish(y);
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(graph->num_nodes, 2);
}

static void graph_outputs_keep_their_names(void **state)
{
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_RELU, x);
	struct edge_tensor *z = add_unary(graph, EDGE_FUNC_IDENTITY, y);
	struct edge_tensor *same = add_unary(graph, EDGE_FUNC_IDENTITY, x);

	finish(z);
	finish(same);
	check_pass(graph, edge_pass_simplify);
	assert_ptr_equal(graph->outputs[0], z);
	assert_ptr_equal(graph->outputs[1], same);
	/* The second cannot go: an input is no output. */
	assert_int_equal(graph->num_nodes, 2);
}

static void both_names_of_one_result_stay(void **state)
{
	struct edge_tensor *y = add_unary(graph, EDGE_FUNC_RELU, x);

	finish(y);
	finish(add_unary(graph, EDGE_FUNC_IDENTITY, y));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(graph->num_nodes, 2);
}

static void what_broadcasts_stays(void **state)
{
	struct edge_tensor *row = add_input(graph, "row", DIMS(4));
	struct edge_tensor *zeroes = add_weights(graph, DIMS(6, 4));

	memset(zeroes->data, 0, edge_tensor_bytes(zeroes));
	finish(add_binary(graph, EDGE_BINARY_ADD, row, zeroes));
	finish(add_unary(graph, EDGE_FUNC_RELU, x));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_BINARY), 1);
}

static void moves_are_joined(void **state)
{
	struct edge_tensor *y = add_reshape(graph, x, DIMS(8, 24));

	y = add_reshape(graph, y, DIMS(2, 4, 6, 4));
	y = add_transpose(graph, y, DIMS(1, 2, 0, 3));
	y = add_transpose(graph, y, DIMS(3, 0, 2, 1));
	y = add_slice(graph, y, 0, 1, 4, 2);
	y = add_slice(graph, y, 2, 1, 2, 1);
	y = add_slice(graph, y, 0, 1, 2, 1);
	finish(y);
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_RESHAPE), 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_TRANSPOSE), 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_SLICE), 1);
}

static void transposing_back_goes(void **state)
{
	struct edge_tensor *y = add_transpose(graph, x, DIMS(0, 2, 3, 1));

	y = add_unary(graph, EDGE_FUNC_RELU, add_transpose(graph, y, DIMS(0, 3, 1, 2)));
	finish(y);
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(graph->num_nodes, 1);
}

static void moving_ones_is_reshaping(void **state)
{
	finish(add_transpose(graph, x, DIMS(1, 0, 2, 3)));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(only_node(graph, EDGE_OP_RESHAPE)->params.shape.dims[0], 8);
}

static struct edge_tensor *add_gather(int axis, int rank, const int64_t *dims,
				      const int64_t *indices)
{
	union edge_params params = { .axis = { .axis = axis } };

	return add_node(graph, EDGE_OP_GATHER, &params, 2,
			(struct edge_tensor *[]) { x, add_ints(graph, rank, dims, indices) });
}

static void gather_is_slice(void **state)
{
	finish(add_gather(1, 0, NULL, (int64_t[]) { 3 }));
	finish(add_gather(1, 0, NULL, (int64_t[]) { -1 }));
	finish(add_gather(2, DIMS(3), (int64_t[]) { 1, 3, 5 }));
	finish(add_gather(2, DIMS(2, 1), (int64_t[]) { -3, -2 }));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_GATHER), 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_SLICE), 4);
}

static void gather_of_any_indices_stays(void **state)
{
	finish(add_gather(2, DIMS(3), (int64_t[]) { 1, 3, 4 }));
	finish(add_gather(2, DIMS(2), (int64_t[]) { 3, 1 }));
	finish(add_gather(2, DIMS(2), (int64_t[]) { 3, 3 }));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_GATHER), 3);
}

static void blocks_are_spelled_out(void **state)
{
	union edge_params params = { .block = { .size = 2 } };

	finish(add_node(graph, EDGE_OP_SPACE_TO_DEPTH, &params, 1, &x));
	finish(add_node(graph, EDGE_OP_DEPTH_TO_SPACE, &params, 1, &x));
	params.block.column_row_depth = 1;
	finish(add_node(graph, EDGE_OP_DEPTH_TO_SPACE, &params, 1, &x));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_TRANSPOSE), 3);
	assert_int_equal(count_nodes(graph, EDGE_OP_RESHAPE), 6);
	assert_int_equal(graph->num_nodes, 9);
}

static void slices_that_are_all_become_a_split(void **state)
{
	finish(add_slice(graph, x, 1, 5, 8, 1));
	finish(add_slice(graph, x, 1, 0, 2, 1));
	finish(add_slice(graph, x, 1, 2, 5, 1));
	finish(add_slice(graph, x, 1, 1, 2, 1));
	finish(add_slice(graph, x, 2, 0, 5, 1));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(only_node(graph, EDGE_OP_SPLIT)->num_outputs, 3);
	assert_int_equal(count_nodes(graph, EDGE_OP_SLICE), 2);
}

static void slices_with_gaps_stay(void **state)
{
	finish(add_slice(graph, x, 1, 0, 3, 1));
	finish(add_slice(graph, x, 1, 4, 8, 1));
	finish(add_slice(graph, x, 3, 0, 4, 2));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_SLICE), 3);
}

/* FastestDet's way of shuffling becomes the usual one. */
static void parts_are_reshaped_together(void **state)
{
	struct edge_tensor *y = add_reshape(graph, x, DIMS(4, 2, 24)), *parts[2];

	y = add_reshape(graph, add_transpose(graph, y, DIMS(1, 0, 2)), DIMS(2, 1, 4, 6, 4));
	add_split(graph, y, 0, 2, parts);
	for (int i = 0; i < 2; i++)
		finish(add_reshape(graph, parts[i], DIMS(1, 4, 6, 4)));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(only_node(graph, EDGE_OP_SPLIT)->params.axis.axis, 1);
	assert_int_equal(count_nodes(graph, EDGE_OP_RESHAPE), 2);
	assert_int_equal(graph->num_nodes, 4);
}

/* Boxes and classes of two scales, joined, flattened, joined and parted. */
static void split_undoes_concat(void **state)
{
	struct edge_tensor *scales[2], *parts[2];

	for (int i = 0; i < 2; i++) {
		struct edge_tensor *both[2] = { add_unary(graph, EDGE_FUNC_EXP, x),
						add_slice(graph, x, 1, 1, 4, 1) };

		scales[i] = add_concat(graph, 1, 2, both);
		scales[i] = add_reshape(graph, scales[i], DIMS(1, 11, 24));
	}
	scales[1] = add_concat(graph, 2, 2, scales);
	parts[0] = add_slice(graph, scales[1], 1, 0, 8, 1);
	parts[1] = add_slice(graph, scales[1], 1, 8, 11, 1);
	for (int i = 0; i < 2; i++)
		finish(add_unary(graph, EDGE_FUNC_RELU, parts[i]));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_SPLIT), 0);
	assert_int_equal(count_nodes(graph, EDGE_OP_CONCAT), 2);
	assert_int_equal(graph->outputs[0]->dims[1], 8);
}

static void split_elsewhere_stays(void **state)
{
	struct edge_tensor *both[2] = { add_unary(graph, EDGE_FUNC_EXP, x), x }, *parts[2], *y;

	add_split(graph, add_concat(graph, 2, 2, both), 1, 2, parts);
	finish(add_unary(graph, EDGE_FUNC_RELU, parts[0]));
	y = add_concat(graph, 1, 2, both);
	finish(y);
	add_split(graph, y, 1, 2, parts);
	finish(add_unary(graph, EDGE_FUNC_RELU, parts[1]));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_SPLIT), 2);
}

static void resize_that_moves_samples_stays(void **state)
{
	union edge_params params;

	edge_op_default_params(EDGE_OP_RESIZE, &params);
	params.resize.mode = EDGE_RESIZE_LINEAR;
	for (int i = 0; i < 4; i++)
		params.resize.scales[i] = i == 3 ? 1.2f : 1; /* 4 * 1.2 rounds down to 4 */
	finish(add_node(graph, EDGE_OP_RESIZE, &params, 1, &x));
	params.resize.scales[3] = 1;
	finish(add_unary(graph, EDGE_FUNC_RELU, add_node(graph, EDGE_OP_RESIZE, &params, 1, &x)));
	check_pass(graph, edge_pass_simplify);
	assert_int_equal(count_nodes(graph, EDGE_OP_RESIZE), 1);
}

static void dead_nodes_go(void **state)
{
	struct edge_tensor *parts[2];

	add_unary(graph, EDGE_FUNC_EXP, add_unary(graph, EDGE_FUNC_LOG, x));
	add_split(graph, x, 1, 2, parts);
	finish(parts[1]);
	check_pass(graph, edge_pass_dead_nodes);
	assert_int_equal(graph->num_nodes, 1);
	/* The sizes of the other outputs are those of the parts. */
	assert_non_null(graph->nodes[0]->outputs[0]);
}

int main(void)
{
#define TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_changes_nothing_goes),
		TEST(graph_outputs_keep_their_names),
		TEST(both_names_of_one_result_stay),
		TEST(what_broadcasts_stays),
		TEST(moves_are_joined),
		TEST(transposing_back_goes),
		TEST(moving_ones_is_reshaping),
		TEST(gather_is_slice),
		TEST(gather_of_any_indices_stays),
		TEST(blocks_are_spelled_out),
		TEST(slices_that_are_all_become_a_split),
		TEST(slices_with_gaps_stay),
		TEST(parts_are_reshaped_together),
		TEST(split_undoes_concat),
		TEST(split_elsewhere_stays),
		TEST(resize_that_moves_samples_stays),
		TEST(dead_nodes_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
