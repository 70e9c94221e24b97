// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/half.h"
#include "graph/graph.h"

static struct edge_node *unary(struct edge_graph *graph, struct edge_tensor *x,
			       struct edge_tensor *y)
{
	struct edge_node *node = edge_graph_add_node(graph, EDGE_OP_UNARY, NULL, 1, 1);

	assert_non_null(node);
	assert_true(edge_node_set_input(node, 0, x));
	edge_node_set_output(node, 0, y);
	return node;
}

static void types_have_sizes_and_names(void **state)
{
	assert_int_equal(edge_type_size(EDGE_F32), 4);
	assert_int_equal(edge_type_size(EDGE_F16), 2);
	assert_int_equal(edge_type_size(EDGE_I64), 8);
	assert_int_equal(edge_type_size(EDGE_BOOL), 1);
	assert_int_equal(edge_type_size(EDGE_TYPE_NONE), 0);
	assert_int_equal(edge_type_size(99), 0);
	assert_string_equal(edge_type_name(EDGE_U8), "u8");
	assert_string_equal(edge_type_name(-1), "none");
}

static void operators_have_names(void **state)
{
	union edge_params params;

	assert_string_equal(edge_op_info(EDGE_OP_CONV)->name, "Conv");
	assert_int_equal(edge_op_info(EDGE_OP_CONCAT)->max_inputs, -1);
	assert_null(edge_op_info(EDGE_OP_NONE));
	assert_null(edge_op_info(EDGE_NUM_OPS));
	assert_string_equal(edge_func_name(EDGE_FUNC_SILU), "SiLU");
	assert_string_equal(edge_binary_name(EDGE_NUM_BINARIES), "?");
	edge_op_default_params(EDGE_OP_CONV, &params);
	assert_int_equal(params.conv.stride[1], 1);
	assert_int_equal(params.conv.group, 1);
}

static void names_are_made_unique(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *a = edge_graph_add_tensor(graph, "a");
	char name[16];

	assert_string_equal(a->name, "a");
	assert_ptr_equal(edge_graph_find_tensor(graph, "a"), a);
	assert_null(edge_graph_find_tensor(graph, "b"));
	for (int i = 0; i < 2000; i++) {
		snprintf(name, sizeof(name), "a_%d", i);
		assert_non_null(edge_graph_add_tensor(graph, i % 2 ? "a" : name));
	}
	for (int i = 0; i < graph->num_tensors; i++)
		assert_ptr_equal(edge_graph_find_tensor(graph, graph->tensors[i]->name),
				 graph->tensors[i]);
	edge_graph_destroy(graph);
}

static void uses_are_kept(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_tensor *y = edge_graph_add_tensor(graph, "y");
	struct edge_tensor *z = edge_graph_add_tensor(graph, "z");
	struct edge_node *add = edge_graph_add_node(graph, EDGE_OP_BINARY, "add", 2, 1);

	edge_node_set_input(add, 0, x);
	edge_node_set_input(add, 1, x);
	edge_node_set_output(add, 0, z);
	edge_graph_add_output(graph, x);
	assert_int_equal(x->num_consumers, 2);
	assert_null(edge_tensor_only_consumer(graph, x));

	assert_true(edge_graph_replace_uses(graph, x, y));
	assert_int_equal(x->num_consumers, 0);
	assert_int_equal(y->num_consumers, 2);
	assert_ptr_equal(add->inputs[0], y);
	assert_ptr_equal(add->inputs[1], y);
	assert_true(edge_graph_is_output(graph, y));

	edge_node_set_input(add, 1, NULL);
	assert_int_equal(y->num_consumers, 1);
	assert_null(edge_tensor_only_consumer(graph, y));
	assert_true(edge_node_resize_inputs(add, 5));
	assert_null(add->inputs[4]);
	assert_true(edge_node_resize_inputs(add, 0));
	assert_int_equal(y->num_consumers, 0);
	edge_graph_destroy(graph);
}

static void an_output_has_one_producer(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_tensor *y = edge_graph_add_tensor(graph, "y");
	struct edge_tensor *z = edge_graph_add_tensor(graph, "z");
	struct edge_node *first = unary(graph, x, y);
	struct edge_node *second = unary(graph, y, z);

	edge_node_set_output(first, 0, z);
	assert_ptr_equal(z->producer, first);
	assert_null(y->producer);
	assert_null(second->outputs[0]);
	edge_graph_destroy(graph);
}

static void nodes_are_sorted(void **state)
{
	struct edge_error error = { 0 };
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *t[4];
	struct edge_node *n[3];

	for (int i = 0; i < 4; i++)
		t[i] = edge_graph_add_tensor(graph, NULL);
	n[2] = unary(graph, t[2], t[3]);
	n[0] = unary(graph, t[0], t[1]);
	n[1] = edge_graph_insert_node(graph, n[0], EDGE_OP_UNARY, "middle", 1, 1);
	edge_node_set_input(n[1], 0, t[1]);
	edge_node_set_output(n[1], 0, t[2]);
	assert_int_equal(n[1]->id, 1);
	assert_int_equal(n[0]->id, 2);

	assert_int_equal(edge_graph_sort(graph, &error), EDGE_OK);
	for (int i = 0; i < 3; i++) {
		assert_ptr_equal(graph->nodes[i], n[i]);
		assert_int_equal(n[i]->id, i);
	}
	edge_node_set_input(n[0], 0, t[3]);
	assert_int_equal(edge_graph_sort(graph, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "cycle"));
	edge_graph_destroy(graph);
}

static void compact_drops_what_nobody_needs(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_tensor *y = edge_graph_add_tensor(graph, "y");
	struct edge_tensor *z = edge_graph_add_tensor(graph, "z");
	struct edge_node *dead = unary(graph, x, y);
	struct edge_node *alive = unary(graph, x, z);

	edge_graph_add_input(graph, x);
	dead->op = EDGE_OP_NONE;
	edge_graph_compact(graph);
	assert_int_equal(graph->num_nodes, 1);
	assert_int_equal(graph->num_tensors, 2);
	assert_int_equal(alive->id, 0);
	assert_int_equal(z->id, 1);
	assert_int_equal(x->num_consumers, 1);
	assert_null(edge_graph_find_tensor(graph, "y"));
	assert_ptr_equal(edge_graph_find_tensor(graph, "z"), z);

	edge_graph_remove_node(graph, alive);
	assert_int_equal(graph->num_nodes, 0);
	assert_int_equal(x->num_consumers, 0);
	assert_null(z->producer);
	edge_graph_destroy(graph);
}

static void constants_are_read(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	int64_t dims[] = { 2 }, huge[] = { INT64_MAX / 8, 4 };
	struct edge_tensor *ints = edge_graph_add_constant(graph, "i", EDGE_I32, 1, dims, NULL);
	struct edge_tensor *half = edge_graph_add_constant(graph, "h", EDGE_F16, 0, NULL, NULL);
	int64_t values[2];
	double value;

	((int32_t *)ints->data)[1] = -7;
	assert_int_equal(edge_tensor_read_ints(ints, values, 2), 2);
	assert_int_equal(values[0], 0);
	assert_int_equal(values[1], -7);
	assert_int_equal(edge_tensor_read_ints(ints, values, 1), -1);
	assert_int_equal(edge_tensor_read_ints(half, values, 2), -1);
	assert_int_equal(edge_tensor_read_ints(NULL, values, 2), -1);
	*(uint16_t *)half->data = 0xc100; /* -2.5 */
	assert_true(edge_tensor_read_scalar(half, &value));
	assert_true(value == -2.5);
	assert_false(edge_tensor_read_scalar(ints, &value));
	assert_null(edge_graph_add_constant(graph, "x", EDGE_F32, 2, huge, NULL));
	assert_null(edge_graph_add_constant(graph, "x", EDGE_TYPE_NONE, 1, dims, NULL));
	edge_graph_drop_data(ints);
	assert_null(ints->data);
	assert_int_equal(edge_tensor_read_ints(ints, values, 2), -1);
	edge_graph_destroy(graph);
}

static void elements_are_counted(void **state)
{
	struct edge_tensor tensor = { .rank = 3, .type = EDGE_F32, .dims = { 2, 3, 5 } };

	assert_int_equal(edge_tensor_elements(&tensor), 30);
	assert_int_equal(edge_tensor_bytes(&tensor), 120);
	tensor.dims[1] = 0;
	assert_int_equal(edge_tensor_elements(&tensor), 0);
	tensor.dims[1] = -1;
	assert_int_equal(edge_tensor_elements(&tensor), -1);
	tensor.dims[1] = INT64_MAX / 16;
	assert_int_equal(edge_tensor_elements(&tensor), -1);
	tensor.dims[0] = 0;
	tensor.dims[2] = 1ll << 40;
	assert_int_equal(edge_tensor_bytes(&tensor), -1);
	tensor.rank = 0;
	assert_int_equal(edge_tensor_elements(&tensor), 1);
	tensor.rank = -1;
	assert_int_equal(edge_tensor_elements(&tensor), -1);
}

/* Writes the number of each element through the one shape and reads it through the other. */
static bool reshape_agrees(int rank, const int64_t *dims, const int64_t *strides, int to_rank,
			   const int64_t *to_dims)
{
	int64_t to[EDGE_MAX_RANK], count = 1;

	if (!edge_reshape_strides(rank, dims, strides, to_rank, to_dims, to))
		return false;
	for (int i = 0; i < rank; i++)
		count *= dims[i];
	for (int64_t i = 0; i < count; i++) {
		int64_t from_offset = 0, to_offset = 0, rest = i;

		for (int d = rank - 1; d >= 0; rest /= dims[d--])
			from_offset += rest % dims[d] * strides[d];
		rest = i;
		for (int d = to_rank - 1; d >= 0; rest /= to_dims[d--])
			to_offset += rest % to_dims[d] * to[d];
		assert_int_equal(from_offset, to_offset);
	}
	return true;
}

static void strides_follow_a_reshape(void **state)
{
	const int64_t dims[] = { 2, 6, 4 }, dense[] = { 24, 4, 1 }, rows[] = { 100, 10, 1 };
	const int64_t split[] = { 2, 1, 3, 2, 2, 2 }, merged[] = { 12, 4, 1 }, flat[] = { 48 };
	const int64_t ones[] = { 1, 1, 1 }, across[] = { 4, 12 };

	assert_true(reshape_agrees(3, dims, dense, 6, split));
	assert_true(reshape_agrees(3, dims, dense, 3, merged));
	assert_true(reshape_agrees(3, dims, dense, 1, flat));
	assert_true(reshape_agrees(3, dims, dense, 2, across));
	assert_true(reshape_agrees(3, dims, rows, 6, split));
	assert_false(reshape_agrees(3, dims, rows, 3, merged));
	assert_false(reshape_agrees(3, dims, rows, 1, flat));
	assert_true(reshape_agrees(0, NULL, NULL, 3, ones));
	assert_true(reshape_agrees(3, ones, dense, 0, NULL));
}

static void dense_strides_follow_the_order(void **state)
{
	const int64_t dims[] = { 2, 3, 4, 5 };
	const int channels_last[] = { 0, 2, 3, 1 };
	const int64_t expected[] = { 60, 1, 15, 3 };
	int64_t strides[4];

	edge_dense_strides(4, dims, channels_last, strides);
	assert_memory_equal(strides, expected, sizeof(strides));
}

static void clones_are_deep(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x");
	struct edge_tensor *y = edge_graph_add_tensor(graph, "y");
	struct edge_node *node = unary(graph, x, y);
	struct edge_tensor *packed = edge_node_add_packed(graph, node, EDGE_F32, 3);
	struct edge_graph *copy;

	node->act.func = EDGE_FUNC_RELU;
	y->storage = x;
	((float *)packed->data)[2] = 5;
	assert_int_equal((uintptr_t)packed->data % 64, 0);
	edge_graph_add_input(graph, x);
	edge_graph_add_output(graph, y);
	assert_true(edge_graph_set_metadata(graph, "key", "value"));
	assert_true(edge_graph_set_metadata(graph, "key", "new"));
	copy = edge_graph_clone(graph);
	edge_graph_destroy(graph);

	assert_non_null(copy);
	assert_string_equal(copy->name, "g");
	assert_int_equal(copy->num_tensors, 3);
	assert_ptr_equal(copy->inputs[0], copy->tensors[0]);
	assert_ptr_equal(copy->outputs[0], copy->tensors[1]);
	assert_ptr_equal(copy->tensors[1]->storage, copy->tensors[0]);
	assert_ptr_equal(copy->tensors[1]->producer, copy->nodes[0]);
	assert_ptr_equal(copy->tensors[0]->consumers[0], copy->nodes[0]);
	assert_int_equal(copy->nodes[0]->act.func, EDGE_FUNC_RELU);
	assert_true(((float *)copy->nodes[0]->packed[0]->data)[2] == 5);
	assert_string_equal(edge_graph_metadata(copy, "key"), "new");
	assert_null(edge_graph_metadata(copy, "none"));
	edge_graph_destroy(copy);
}

static void halves_convert_both_ways(void **state)
{
	for (uint32_t half = 0; half < 0x10000; half++) {
		float value = edge_half_to_float(half);

		if ((half & 0x7fff) > 0x7c00)
			assert_true(value != value);
		else
			assert_int_equal(edge_half_from_float(value), half);
	}
	assert_true(edge_half_to_float(0x3555) == 0x1.554p-2f);
	assert_true(edge_half_to_float(0x0001) == 0x1p-24f);
	assert_int_equal(edge_half_from_float(1 + 0x1p-11f), 0x3c00); /* ties to even */
	assert_int_equal(edge_half_from_float(1 + 0x3p-11f), 0x3c02);
	assert_int_equal(edge_half_from_float(65519.0f), 0x7bff);
	assert_int_equal(edge_half_from_float(65520.0f), 0x7c00);
	assert_int_equal(edge_half_from_float(-0x1p-25f), 0x8000);
	assert_int_equal(edge_half_from_float(0x1.8p-25f), 0x0001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_sizes_and_names),
		cmocka_unit_test(operators_have_names),
		cmocka_unit_test(names_are_made_unique),
		cmocka_unit_test(uses_are_kept),
		cmocka_unit_test(an_output_has_one_producer),
		cmocka_unit_test(nodes_are_sorted),
		cmocka_unit_test(compact_drops_what_nobody_needs),
		cmocka_unit_test(constants_are_read),
		cmocka_unit_test(elements_are_counted),
		cmocka_unit_test(strides_follow_a_reshape),
		cmocka_unit_test(dense_strides_follow_the_order),
		cmocka_unit_test(clones_are_deep),
		cmocka_unit_test(halves_convert_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
