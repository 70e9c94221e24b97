// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/infer.h"
#include "graph/verify.h"

/*
 * x -> relu -> a -> split -> b, c; b -> sigmoid -> d; c, w -> mul -> e; d, e -> concat -> f; f ->
 * tanh -> y. All are [2, 4] but the halves b, c, d, e, w [2, 2]; split and concat are views.
 */
static struct edge_tensor *tensor(struct edge_graph *graph, const char *name)
{
	struct edge_tensor *found = edge_graph_find_tensor(graph, name);

	assert_non_null(found);
	return found;
}

static struct edge_node *node(struct edge_graph *graph, const char *name)
{
	for (int i = 0; i < graph->num_nodes; i++) {
		if (!strcmp(graph->nodes[i]->name, name))
			return graph->nodes[i];
	}
	fail_msg("no node '%s'", name);
	return NULL;
}

/* Adds a node; @links names its inputs, then after NULL its outputs, then NULL. */
static struct edge_node *add(struct edge_graph *graph, enum edge_op op, const char *name,
			     const char *const *links)
{
	struct edge_node *added;
	int inputs = 0, outputs = 0;

	while (links[inputs])
		inputs++;
	while (links[inputs + 1 + outputs])
		outputs++;
	added = edge_graph_add_node(graph, op, name, inputs, outputs);
	for (int i = 0; i < inputs; i++)
		edge_node_set_input(added, i, tensor(graph, links[i]));
	for (int i = 0; i < outputs; i++)
		edge_node_set_output(added, i, edge_graph_add_tensor(graph, links[inputs + 1 + i]));
	return added;
}

#define LINKS(...) ((const char *const[]) { __VA_ARGS__, NULL })

static struct edge_graph *build(void)
{
	struct edge_graph *graph = edge_graph_create("g");
	const int64_t whole[] = { 2, 4 }, half[] = { 2, 2 };
	struct edge_error error = { 0 };

	edge_graph_add_input(graph, edge_graph_add_tensor(graph, "x"));
	edge_tensor_set_shape(tensor(graph, "x"), EDGE_F32, 2, whole);
	edge_graph_add_constant(graph, "w", EDGE_F32, 2, half, NULL);
	add(graph, EDGE_OP_UNARY, "relu", LINKS("x", NULL, "a"))->params.unary.func =
		EDGE_FUNC_RELU;
	add(graph, EDGE_OP_SPLIT, "split", LINKS("a", NULL, "b", "c"))->params.axis.axis = 1;
	add(graph, EDGE_OP_UNARY, "sigmoid", LINKS("b", NULL, "d"))->params.unary.func =
		EDGE_FUNC_SIGMOID;
	add(graph, EDGE_OP_BINARY, "mul", LINKS("c", "w", NULL, "e"))->params.binary.func =
		EDGE_BINARY_MUL;
	add(graph, EDGE_OP_CONCAT, "concat", LINKS("d", "e", NULL, "f"))->params.axis.axis = -1;
	add(graph, EDGE_OP_UNARY, "tanh", LINKS("f", NULL, "y"))->params.unary.func =
		EDGE_FUNC_TANH;
	edge_graph_add_output(graph, tensor(graph, "y"));
	if (edge_infer_graph(graph, &error))
		fail_msg("%s", error.message);
	return graph;
}

static void make_root(struct edge_graph *graph, const char *name, enum edge_memory memory,
		      uint64_t address)
{
	struct edge_tensor *root = tensor(graph, name);

	root->storage = root;
	edge_dense_strides(root->rank, root->dims, NULL, root->strides);
	root->memory = memory;
	root->address = address;
	root->size = edge_tensor_bytes(root);
}

static void make_view(struct edge_graph *graph, const char *name, const char *storage,
		      int64_t offset)
{
	struct edge_tensor *view = tensor(graph, name);

	view->storage = tensor(graph, storage);
	view->strides[0] = 4;
	view->strides[1] = 1;
	view->offset = offset;
}

/* As the passes would. */
static void plan(struct edge_graph *graph)
{
	for (int i = 0; i < graph->num_tensors; i++) {
		for (int j = 0; j < graph->tensors[i]->rank; j++)
			graph->tensors[i]->order[j] = j;
	}
	make_root(graph, "x", EDGE_MEMORY_IO, 0);
	make_root(graph, "y", EDGE_MEMORY_IO, 64);
	make_root(graph, "w", EDGE_MEMORY_CONSTANT, 0);
	make_root(graph, "a", EDGE_MEMORY_ARENA, 64);
	make_view(graph, "b", "a", 0);
	make_view(graph, "c", "a", 2);
	make_root(graph, "f", EDGE_MEMORY_ARENA, 0);
	make_view(graph, "d", "f", 0);
	make_view(graph, "e", "f", 2);
	node(graph, "split")->is_view = true;
	node(graph, "concat")->is_view = true;
	graph->io_size = 128;
	graph->arena_size = 128;
}

static void good_graphs_pass(void **state)
{
	struct edge_graph *graph = build();
	struct edge_error error = { 0 };

	if (edge_verify(graph, EDGE_STAGE_IMPORTED, &error))
		fail_msg("%s", error.message);
	assert_int_equal(edge_verify(graph, EDGE_STAGE_LAID_OUT, &error), EDGE_BAD_FORMAT);
	plan(graph);
	if (edge_verify(graph, EDGE_STAGE_PLANNED, &error))
		fail_msg("%s", error.message);
	edge_graph_destroy(graph);
}

/* The life of what is no longer needed may overlap in memory, though not in time. */
static void memory_is_used_again(void **state)
{
	struct edge_graph *graph = build();
	struct edge_error error = { 0 };
	struct edge_tensor *z = edge_graph_add_tensor(graph, "z");
	struct edge_node *tanh = node(graph, "tanh");

	tanh = edge_graph_insert_node(graph, tanh, EDGE_OP_COPY, "copy", 1, 1);
	edge_node_set_input(tanh, 0, tensor(graph, "f"));
	edge_node_set_output(tanh, 0, z);
	edge_node_set_input(node(graph, "tanh"), 0, z);
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_OK);
	plan(graph);
	make_root(graph, "z", EDGE_MEMORY_ARENA, 64);
	if (edge_verify(graph, EDGE_STAGE_PLANNED, &error))
		fail_msg("%s", error.message);
	tensor(graph, "z")->address = 0;
	assert_int_equal(edge_verify(graph, EDGE_STAGE_PLANNED, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "overlap"));
	edge_graph_destroy(graph);
}

/* Each breaks one thing in a good graph. */

static void wrong_id(struct edge_graph *graph)
{
	tensor(graph, "a")->id = 0;
}

static void wrong_node_id(struct edge_graph *graph)
{
	node(graph, "relu")->id = 1;
}

static void same_name(struct edge_graph *graph)
{
	strcpy(tensor(graph, "a")->name, "b");
}

static void bad_operator(struct edge_graph *graph)
{
	node(graph, "relu")->op = EDGE_NUM_OPS;
}

static void bad_device(struct edge_graph *graph)
{
	node(graph, "relu")->device = 7;
}

static void endless_reason(struct edge_graph *graph)
{
	memset(node(graph, "relu")->reason, 'x', EDGE_REASON_MAX);
}

static void input_twice(struct edge_graph *graph)
{
	edge_graph_add_input(graph, tensor(graph, "x"));
}

static void input_produced(struct edge_graph *graph)
{
	edge_graph_add_input(graph, tensor(graph, "a"));
}

static void no_producer(struct edge_graph *graph)
{
	edge_node_set_input(node(graph, "tanh"), 0, edge_graph_add_tensor(graph, "nothing"));
}

static void output_of_nothing(struct edge_graph *graph)
{
	edge_graph_add_output(graph, edge_graph_add_tensor(graph, "nothing"));
}

static void wrong_order(struct edge_graph *graph)
{
	struct edge_node *relu = graph->nodes[0], *split = graph->nodes[1];

	graph->nodes[0] = split;
	graph->nodes[1] = relu;
	split->id = 0;
	relu->id = 1;
}

static void two_producers(struct edge_graph *graph)
{
	node(graph, "tanh")->outputs[0] = tensor(graph, "a");
}

static void forgotten_producer(struct edge_graph *graph)
{
	node(graph, "tanh")->outputs[0] = NULL;
}

static void forgotten_consumer(struct edge_graph *graph)
{
	tensor(graph, "a")->num_consumers = 0;
}

static void wrong_consumer(struct edge_graph *graph)
{
	tensor(graph, "a")->consumers[0] = node(graph, "tanh");
}

static void produced_constant(struct edge_graph *graph)
{
	tensor(graph, "a")->constant = true;
}

static void wrong_shape(struct edge_graph *graph)
{
	tensor(graph, "y")->dims[1] = 5;
}

static void wrong_type(struct edge_graph *graph)
{
	tensor(graph, "y")->type = EDGE_I32;
}

static void negative_dimension(struct edge_graph *graph)
{
	tensor(graph, "y")->dims[1] = -4;
}

static void high_rank(struct edge_graph *graph)
{
	tensor(graph, "y")->rank = EDGE_MAX_RANK + 1;
}

static void open_axis(struct edge_graph *graph)
{
	node(graph, "split")->params.axis.axis = -1;
}

static void dynamic_input(struct edge_graph *graph)
{
	tensor(graph, "x")->dynamic = true;
}

static void no_value(struct edge_graph *graph)
{
	edge_graph_drop_data(tensor(graph, "w"));
}

static void value_of_no_constant(struct edge_graph *graph)
{
	tensor(graph, "y")->data = graph;
}

static void bad_quant(struct edge_graph *graph)
{
	struct edge_quant *quant = calloc(1, sizeof(*quant));

	quant->axis = 1;
	quant->count = 3;
	quant->scales = calloc(3, sizeof(*quant->scales));
	quant->zero_points = calloc(3, sizeof(*quant->zero_points));
	tensor(graph, "x")->quant = quant;
}

static void shared_packed(struct edge_graph *graph)
{
	struct edge_tensor *packed = edge_node_add_packed(graph, node(graph, "relu"), EDGE_F32, 4);

	edge_node_add_packed(graph, node(graph, "tanh"), EDGE_F32, 4);
	node(graph, "tanh")->packed[0] = packed;
}

static void bad_permutation(struct edge_graph *graph)
{
	tensor(graph, "a")->order[1] = 0;
}

static void no_storage(struct edge_graph *graph)
{
	tensor(graph, "a")->storage = NULL;
}

static void storage_in_a_view(struct edge_graph *graph)
{
	tensor(graph, "b")->storage = tensor(graph, "d");
}

static void small_storage(struct edge_graph *graph)
{
	tensor(graph, "a")->size--;
}

static void negative_offset(struct edge_graph *graph)
{
	tensor(graph, "b")->offset = -1;
}

static void long_stride(struct edge_graph *graph)
{
	tensor(graph, "b")->strides[0] = INT64_MAX;
}

static void long_stride_of_nothing(struct edge_graph *graph)
{
	struct edge_tensor *empty = edge_graph_add_tensor(graph, "z");

	edge_tensor_set_shape(empty, EDGE_F32, 2, (const int64_t[]) { 0, 5 });
	edge_graph_add_input(graph, empty);
	empty->order[1] = 1;
	make_root(graph, "z", EDGE_MEMORY_IO, 128);
	empty->strides[1] = INT64_MAX / 4;
}

static void negative_stride(struct edge_graph *graph)
{
	tensor(graph, "a")->strides[0] = -4;
}

static void large_offset(struct edge_graph *graph)
{
	tensor(graph, "c")->offset = 3;
}

static void overlapping_elements(struct edge_graph *graph)
{
	tensor(graph, "x")->strides[0] = 1;
}

static void strided_constant(struct edge_graph *graph)
{
	tensor(graph, "w")->strides[0] = 1;
	tensor(graph, "w")->strides[1] = 2;
}

static void large_constant(struct edge_graph *graph)
{
	tensor(graph, "w")->size += 4;
}

static void written_constant(struct edge_graph *graph)
{
	const int64_t dims[] = { 2, 4 };

	edge_graph_add_constant(graph, "k", EDGE_F32, 2, dims, NULL);
	make_root(graph, "k", EDGE_MEMORY_CONSTANT, 0);
	tensor(graph, "k")->order[1] = 1;
	tensor(graph, "y")->storage = tensor(graph, "k");
	edge_graph_add_output(graph, tensor(graph, "k"));
}

static void written_input(struct edge_graph *graph)
{
	tensor(graph, "y")->storage = tensor(graph, "x");
}

static void wrong_part(struct edge_graph *graph)
{
	tensor(graph, "c")->offset = 1;
}

static void view_of_another(struct edge_graph *graph)
{
	make_view(graph, "b", "f", 0);
}

static void view_that_computes(struct edge_graph *graph)
{
	node(graph, "relu")->is_view = true;
	tensor(graph, "a")->storage = tensor(graph, "x");
	tensor(graph, "b")->storage = tensor(graph, "x");
	tensor(graph, "c")->storage = tensor(graph, "x");
}

static void view_with_activation(struct edge_graph *graph)
{
	node(graph, "concat")->act.func = EDGE_FUNC_RELU;
}

static void in_place(struct edge_graph *graph)
{
	tensor(graph, "y")->storage = tensor(graph, "f");
}

static void no_memory(struct edge_graph *graph)
{
	tensor(graph, "a")->memory = EDGE_MEMORY_NONE;
}

static void bad_alignment(struct edge_graph *graph)
{
	tensor(graph, "a")->address = 68;
	graph->arena_size = 1024;
}

static void outside_memory(struct edge_graph *graph)
{
	tensor(graph, "a")->address = 128;
}

static void wrapped_address(struct edge_graph *graph)
{
	tensor(graph, "a")->address = -64;
}

static void small_arena(struct edge_graph *graph)
{
	graph->arena_size = 95;
}

static void output_in_arena(struct edge_graph *graph)
{
	make_root(graph, "y", EDGE_MEMORY_ARENA, 0);
}

static void overlap_in_arena(struct edge_graph *graph)
{
	tensor(graph, "a")->address = 0;
}

static void overlap_in_request(struct edge_graph *graph)
{
	tensor(graph, "y")->address = 0;
}

static void writable_constant(struct edge_graph *graph)
{
	tensor(graph, "w")->memory = EDGE_MEMORY_ARENA;
}

static const struct {
	void (*damage)(struct edge_graph *graph);
	enum edge_stage stage;
	const char *message;
} damages[] = {
	{ wrong_id, EDGE_STAGE_IMPORTED, "id is not its index" },
	{ wrong_node_id, EDGE_STAGE_IMPORTED, "'relu' (Unary): its id" },
	{ same_name, EDGE_STAGE_IMPORTED, "its name is another's" },
	{ bad_operator, EDGE_STAGE_IMPORTED, "'relu': its operator is none" },
	{ bad_device, EDGE_STAGE_IMPORTED, "its device is none" },
	{ endless_reason, EDGE_STAGE_IMPORTED, "its reason has no end" },
	{ input_twice, EDGE_STAGE_IMPORTED, "an input twice" },
	{ input_produced, EDGE_STAGE_IMPORTED, "an input that is also something else" },
	{ no_producer, EDGE_STAGE_IMPORTED, "nothing makes its input" },
	{ output_of_nothing, EDGE_STAGE_IMPORTED, "nothing makes this output" },
	{ wrong_order, EDGE_STAGE_IMPORTED, "'split' (Split): it runs before" },
	{ two_producers, EDGE_STAGE_IMPORTED, "'tanh' (Unary): an output that something else" },
	{ forgotten_producer, EDGE_STAGE_IMPORTED, "'y': its producer does not make it" },
	{ forgotten_consumer, EDGE_STAGE_IMPORTED, "does not list it" },
	{ wrong_consumer, EDGE_STAGE_IMPORTED, "does not list it" },
	{ produced_constant, EDGE_STAGE_IMPORTED, "an output that something else makes" },
	{ wrong_shape, EDGE_STAGE_IMPORTED, "'y': not of the shape" },
	{ wrong_type, EDGE_STAGE_IMPORTED, "'y': not of the shape" },
	{ negative_dimension, EDGE_STAGE_IMPORTED, "'y': no type or no sound shape" },
	{ high_rank, EDGE_STAGE_IMPORTED, "'y': no type or no sound shape" },
	{ open_axis, EDGE_STAGE_IMPORTED, "parameters that are not resolved" },
	{ dynamic_input, EDGE_STAGE_IMPORTED, "an input that is also something else" },
	{ no_value, EDGE_STAGE_IMPORTED, "'w': a constant without a value" },
	{ value_of_no_constant, EDGE_STAGE_IMPORTED, "'y': a value, but is no constant" },
	{ bad_quant, EDGE_STAGE_IMPORTED, "'x': its quantisation" },
	{ shared_packed, EDGE_STAGE_IMPORTED, "packed for one node" },
	{ bad_permutation, EDGE_STAGE_LAID_OUT, "'a': its order" },
	{ no_storage, EDGE_STAGE_LAID_OUT, "'a': its storage is no root" },
	{ storage_in_a_view, EDGE_STAGE_LAID_OUT, "'b': its storage is no root" },
	{ small_storage, EDGE_STAGE_LAID_OUT, "'a': it leaves its storage" },
	{ negative_offset, EDGE_STAGE_LAID_OUT, "'b': it leaves its storage" },
	{ long_stride, EDGE_STAGE_LAID_OUT, "'b': it leaves its storage" },
	{ long_stride_of_nothing, EDGE_STAGE_LAID_OUT, "'z': it leaves its storage" },
	{ negative_stride, EDGE_STAGE_LAID_OUT, "'a': it leaves its storage" },
	{ large_offset, EDGE_STAGE_LAID_OUT, "'c': it leaves its storage" },
	{ overlapping_elements, EDGE_STAGE_LAID_OUT, "'x': its elements overlap" },
	{ strided_constant, EDGE_STAGE_LAID_OUT, "'w': a constant that is not dense" },
	{ large_constant, EDGE_STAGE_LAID_OUT, "'w': a constant that is not dense" },
	{ written_constant, EDGE_STAGE_LAID_OUT, "'y': it would overwrite a constant" },
	{ written_input, EDGE_STAGE_LAID_OUT, "'y': it would overwrite an input" },
	{ wrong_part, EDGE_STAGE_LAID_OUT, "'split' (Split): no view" },
	{ view_of_another, EDGE_STAGE_LAID_OUT, "'split' (Split): no view" },
	{ view_that_computes, EDGE_STAGE_LAID_OUT, "'relu' (Unary): no view" },
	{ view_with_activation, EDGE_STAGE_LAID_OUT, "'concat' (Concat): no view" },
	{ in_place, EDGE_STAGE_LAID_OUT, "'y': it lies in another's storage for no view" },
	{ no_memory, EDGE_STAGE_PLANNED, "'a': no memory" },
	{ bad_alignment, EDGE_STAGE_PLANNED, "'a': an address that is not aligned" },
	{ outside_memory, EDGE_STAGE_PLANNED, "'a': it leaves its memory" },
	{ wrapped_address, EDGE_STAGE_PLANNED, "'a': it leaves its memory" },
	{ small_arena, EDGE_STAGE_PLANNED, "'a': it leaves its memory" },
	{ output_in_arena, EDGE_STAGE_PLANNED, "'y': not in the request's buffers" },
	{ overlap_in_arena, EDGE_STAGE_PLANNED, "overlap while both are needed" },
	{ overlap_in_request, EDGE_STAGE_PLANNED, "overlap while both are needed" },
	{ writable_constant, EDGE_STAGE_PLANNED, "'w': a constant in writable memory" },
};

static void damaged_graphs_fail(void **state)
{
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct edge_graph *graph = build();
		struct edge_error error = { 0 };

		plan(graph);
		damages[i].damage(graph);
		/* What belongs to a later stage is no matter for an earlier one. */
		if (damages[i].stage > EDGE_STAGE_IMPORTED &&
		    edge_verify(graph, damages[i].stage - 1, &error))
			fail_msg("too early: '%s'", error.message);
		if (edge_verify(graph, damages[i].stage, &error) != EDGE_BAD_FORMAT)
			fail_msg("not found: '%s'", damages[i].message);
		if (!strstr(error.message, damages[i].message))
			fail_msg("'%s' is not in '%s'", damages[i].message, error.message);
		edge_graph_destroy(graph);
	}
}

static void packed_weights_need_no_value(void **state)
{
	struct edge_graph *graph = build();
	struct edge_error error = { 0 };

	plan(graph);
	assert_non_null(edge_node_add_packed(graph, node(graph, "mul"), EDGE_F32, 4));
	edge_graph_drop_data(tensor(graph, "w"));
	if (edge_verify(graph, EDGE_STAGE_PLANNED, &error))
		fail_msg("%s", error.message);
	edge_graph_destroy(graph);
}

/* One after the other, and all of x: quadratic checks would take minutes. */
static void large_graphs_take_little_time(void **state)
{
	struct edge_graph *graph = edge_graph_create("g");
	struct edge_tensor *x = edge_graph_add_tensor(graph, "x"), *last = x;
	const int64_t dims[] = { 16 };
	struct edge_error error = { 0 };

	edge_tensor_set_shape(x, EDGE_F32, 1, dims);
	edge_graph_add_input(graph, x);
	for (int i = 0; i < 65536; i++) {
		struct edge_node *sum = edge_graph_add_node(graph, EDGE_OP_BINARY, NULL, 2, 1);

		edge_node_set_input(sum, 0, last);
		edge_node_set_input(sum, 1, x);
		last = edge_graph_add_tensor(graph, NULL);
		edge_node_set_output(sum, 0, last);
	}
	edge_graph_add_output(graph, last);
	assert_int_equal(edge_infer_graph(graph, &error), EDGE_OK);
	for (int i = 0; i < graph->num_tensors; i++) {
		struct edge_tensor *root = graph->tensors[i];
		bool io = root == x || root == last;

		/* All at once, so that the tree of the sweep is large. */
		make_root(graph, root->name, io ? EDGE_MEMORY_IO : EDGE_MEMORY_ARENA, i * 64);
	}
	graph->io_size = 65537 * 64;
	graph->arena_size = 65537 * 64;
	if (edge_verify(graph, EDGE_STAGE_PLANNED, &error))
		fail_msg("%s", error.message);
	edge_graph_destroy(graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_graphs_pass),
		cmocka_unit_test(memory_is_used_again),
		cmocka_unit_test(damaged_graphs_fail),
		cmocka_unit_test(packed_weights_need_no_value),
		cmocka_unit_test(large_graphs_take_little_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
