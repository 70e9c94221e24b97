// SPDX-License-Identifier: MIT
/* What a model becomes when it is imported: shapes, constants, bound inputs, what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "import/model.h"
#include "onnx_model.h"

static struct edge_model *load(Onnx__ModelProto *proto)
{
	struct edge_error error = { 0 };
	struct edge_model *model;

	if (model_load(proto, NULL, &model, &error))
		fail_msg("%s", error.message);
	model_free(proto);
	return model;
}

/* Loads what is to be refused; the message names the file and @words. */
static void refuse(Onnx__ModelProto *proto, enum edge_status status, const char *words)
{
	struct edge_error error = { 0 };
	struct edge_model *model;

	assert_int_equal(model_load(proto, NULL, &model, &error), status);
	assert_null(model);
	if (strncmp(error.message, "test.onnx: ", 11) || !strstr(error.message, words))
		fail_msg("'%s' lacks '%s'", error.message, words);
	model_free(proto);
}

static void assert_output(const struct edge_model *model, enum edge_type type, int rank,
			  const int64_t *dims)
{
	struct edge_tensor_info info;

	assert_int_equal(edge_model_output(model, 0, &info), EDGE_OK);
	assert_int_equal(info.type, type);
	assert_int_equal(info.rank, rank);
	for (int i = 0; i < rank; i++)
		assert_int_equal(info.dims[i], dims[i]);
}

static enum edge_status bind_ints(struct edge_model *model, const char *name, int count,
				  const int64_t *values, struct edge_error *error)
{
	struct edge_view view = {
		.type = EDGE_I64,
		.rank = 1,
		.dims = { count },
		.strides = { 1 },
		.data = (void *)values,
	};

	return edge_model_bind_input(model, name, &view, error);
}

static Onnx__ModelProto *conv_model(int opset, int64_t batch, int64_t height)
{
	Onnx__ModelProto *proto = model_new(opset);
	Onnx__NodeProto *conv;

	model_input(proto, "image", FLOAT, LIST(batch, 3, height, 9));
	model_floats(proto, "weights", LIST(4, 3, 3, 3), NULL);
	conv = model_node(proto, "Conv", "image weights", "y");
	node_ints(conv, "strides", LIST(2, 2));
	node_ints(conv, "pads", LIST(1, 1, 1, 1));
	model_output(proto, "y", FLOAT, LIST(OPEN, 4, OPEN, OPEN));
	return proto;
}

static void shapes_are_inferred(void **state)
{
	struct edge_model *model = load(conv_model(11, 1, 8));
	struct edge_tensor_info info;

	assert_int_equal(edge_model_num_inputs(model), 1);
	assert_int_equal(edge_model_input(model, 0, &info), EDGE_OK);
	assert_string_equal(info.name, "image");
	assert_int_equal(edge_model_input(model, 1, &info), EDGE_INVALID_ARGUMENT);
	assert_output(model, EDGE_F32, LIST(1, 4, 4, 5));
	assert_false(edge_model_input_must_be_bound(model, 0));
	edge_model_destroy(model);
}

/* Files of IR version 3 list their weights among the inputs. */
static void initializers_are_no_inputs(void **state)
{
	Onnx__ModelProto *proto = conv_model(8, 1, 8);
	struct edge_model *model;

	model_input(proto, "weights", FLOAT, LIST(4, 3, 3, 3));
	model = load(proto);
	assert_int_equal(edge_model_num_inputs(model), 1);
	edge_model_destroy(model);
}

static void an_open_batch_is_one(void **state)
{
	struct edge_model *model = load(conv_model(11, OPEN, 8));

	assert_output(model, EDGE_F32, LIST(1, 4, 4, 5));
	edge_model_destroy(model);
}

static void other_open_dimensions_must_be_stated(void **state)
{
	struct edge_input_shape shape = { .name = "image", .rank = 4, .dims = { 2, 3, 16, 9 } };
	struct edge_load_settings settings;
	Onnx__ModelProto *proto = conv_model(11, OPEN, OPEN);
	struct edge_error error = { 0 };
	struct edge_model *model;

	refuse(conv_model(11, OPEN, OPEN), EDGE_UNSUPPORTED,
	       "'image' is 1x3x?x9; state its shape, as in --shape image=1x3x416x9");
	edge_load_settings_default(&settings);
	settings.shapes = &shape;
	settings.num_shapes = 1;
	assert_int_equal(model_load(proto, &settings, &model, &error), EDGE_OK);
	assert_output(model, EDGE_F32, LIST(2, 4, 8, 5));
	edge_model_destroy(model);

	shape.name = NULL; /* the first input */
	shape.dims[3] = 10;
	assert_int_equal(model_load(proto, &settings, &model, &error), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "dimension 3 cannot be 10"));
	shape.name = "picture";
	assert_int_equal(model_load(proto, &settings, &model, &error), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "inputs are: 'image'"));
	model_free(proto);
}

/* Reshape(x, Concat(s, -1)), and what is made of its result. */
static Onnx__ModelProto *reshape_model(void)
{
	Onnx__ModelProto *proto = model_new(13);
	Onnx__NodeProto *concat;

	model_input(proto, "x", FLOAT, LIST(2, 3, 4));
	model_input(proto, "s", INT64, LIST(OPEN));
	model_ints(proto, "rest", LIST(-1));
	concat = model_node(proto, "Concat", "s rest", "shape");
	node_int(concat, "axis", 0);
	model_node(proto, "Reshape", "x shape", "y");
	model_node(proto, "Shape", "y", "y_shape");
	model_node(proto, "Reshape", "x y_shape", "again");
	model_node(proto, "Relu", "y", "z");
	model_output(proto, "z", FLOAT, LIST(OPEN, OPEN));
	return proto;
}

static void inputs_that_decide_shapes_must_be_bound(void **state)
{
	Onnx__ModelProto *proto = reshape_model();
	const float number = 1;
	struct edge_view wrong = { .type = EDGE_F32, .rank = 0, .data = (void *)&number };
	struct edge_error error = { 0 };
	struct edge_model *model;

	model = load(proto);
	assert_int_equal(edge_model_num_inputs(model), 2);
	assert_false(edge_model_input_must_be_bound(model, 0));
	assert_true(edge_model_input_must_be_bound(model, 1));
	assert_int_equal(edge_model_check_bound(model, &error), EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "'s'"));

	assert_int_equal(edge_model_bind_input(model, "s", &wrong, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(bind_ints(model, "t", LIST(6), &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(bind_ints(model, "s", LIST(5), &error), EDGE_BAD_FORMAT);
	assert_int_equal(edge_model_num_inputs(model), 2);

	assert_int_equal(bind_ints(model, "s", LIST(6), &error), EDGE_OK);
	assert_int_equal(edge_model_check_bound(model, &error), EDGE_OK);
	assert_int_equal(edge_model_num_inputs(model), 1);
	assert_output(model, EDGE_F32, LIST(6, 4));
	edge_model_destroy(model);
}

static void any_input_can_be_bound(void **state)
{
	Onnx__ModelProto *proto = model_new(13);
	struct edge_error error = { 0 };
	struct edge_model *model;

	model_input(proto, "a", INT64, LIST(3));
	model_input(proto, "b", INT64, LIST(3));
	model_node(proto, "Add", "a b", "y");
	model_output(proto, "y", INT64, LIST(3));
	model = load(proto);
	assert_int_equal(bind_ints(model, "b", LIST(1, 2), &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(bind_ints(model, "b", LIST(1, 2, 3), &error), EDGE_OK);
	assert_int_equal(edge_model_num_inputs(model), 1);
	assert_int_equal(bind_ints(model, "b", LIST(1, 2, 3), &error), EDGE_INVALID_ARGUMENT);
	edge_model_destroy(model);
}

static void sizes_made_of_the_data_are_refused(void **state)
{
	Onnx__ModelProto *proto = model_new(13);

	model_input(proto, "image", FLOAT, LIST(1, 1, 2, 2));
	model_node(proto, "ReduceMax", "image", "max");
	node_int(proto->graph->node[0], "keepdims", 0);
	node_int(model_node(proto, "Cast", "max", "count"), "to", INT64);
	model_ints(proto, "one", LIST(1));
	model_node(proto, "Reshape", "count one", "k");
	model_input(proto, "list", FLOAT, LIST(4));
	model_node(proto, "TopK", "list k", "y i");
	model_output(proto, "y", FLOAT, LIST(OPEN));
	refuse(proto, EDGE_UNSUPPORTED,
	       "node 'n3' (TopK): a size or limit that it needs is computed "
	       "from the input image,");
}

/* What exporters write for y = x.view(x.size(0), -1). */
static void shape_arithmetic_is_computed(void **state)
{
	Onnx__ModelProto *proto = model_new(11);
	struct edge_model *model;

	model_input(proto, "x", FLOAT, LIST(2, 3, 4));
	model_node(proto, "Shape", "x", "shape");
	model_ints(proto, "zero", LIST(0));
	model_node(proto, "Gather", "shape zero", "first");
	model_ints(proto, "rest", LIST(-1));
	node_int(model_node(proto, "Concat", "first rest", "target"), "axis", 0);
	model_node(proto, "Reshape", "x target", "y");
	model_output(proto, "y", FLOAT, LIST(OPEN, OPEN));
	model = load(proto);
	assert_output(model, EDGE_F32, LIST(2, 12));
	assert_int_equal(model->graph->num_nodes, 1);
	assert_int_equal(model->graph->nodes[0]->op, EDGE_OP_RESHAPE);
	edge_model_destroy(model);
}

/* Where the file keeps the elements of a tensor depends on their type. */
static void constants_of_every_type_are_read(void **state)
{
	static const struct {
		int type;
		enum edge_type read_as;
		int32_t stored;
		int64_t value;
	} cases[] = {
		{ ONNX__TENSOR_PROTO__DATA_TYPE__UINT8, EDGE_U8, 200, 200 },
		{ ONNX__TENSOR_PROTO__DATA_TYPE__INT8, EDGE_I8, -3, -3 },
		{ ONNX__TENSOR_PROTO__DATA_TYPE__INT32, EDGE_I32, -70000, -70000 },
		{ ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16, EDGE_F16, 0xc400, -4 },
		{ ONNX__TENSOR_PROTO__DATA_TYPE__BOOL, EDGE_BOOL, 256, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		Onnx__ModelProto *proto = model_new(13);
		Onnx__TensorProto *tensor = model_ints(proto, "c", LIST(0));
		const struct edge_tensor *read;
		struct edge_model *model;
		double value;

		tensor->data_type = cases[i].type;
		tensor->raw_data.len = 0;
		tensor->has_raw_data = 0;
		tensor->n_int32_data = 1;
		tensor->int32_data = malloc(sizeof(int32_t));
		tensor->int32_data[0] = cases[i].stored;
		model_node(proto, "Identity", "c", "y");
		model_output(proto, "y", cases[i].type, LIST(1));
		model = load(proto);
		read = edge_graph_find_tensor(model->graph, "c");
		assert_int_equal(read->type, cases[i].read_as);
		assert_true(edge_tensor_read_scalar(read, &value));
		assert_true(value == cases[i].value);
		edge_model_destroy(model);
	}
}

/* An output of the graph has its name and a node that writes it, whatever it stands for. */
static void outputs_keep_their_names(void **state)
{
	Onnx__ModelProto *proto = model_new(13);
	struct edge_tensor_info info;
	struct edge_model *model;

	model_input(proto, "x", FLOAT, LIST(2, 3));
	model_node(proto, "Identity", "x", "same");
	model_node(proto, "Shape", "x", "shape");
	model_output(proto, "same", FLOAT, LIST(2, 3));
	model_output(proto, "shape", INT64, LIST(2));
	model = load(proto);
	assert_int_equal(edge_model_output(model, 0, &info), EDGE_OK);
	assert_string_equal(info.name, "same");
	assert_int_equal(edge_model_output(model, 1, &info), EDGE_OK);
	assert_string_equal(info.name, "shape");
	assert_int_equal(info.type, EDGE_I64);
	for (int i = 0; i < 2; i++)
		assert_non_null(model->graph->outputs[i]->producer);
	edge_model_destroy(model);
}

static void unsupported_operators_are_all_named(void **state)
{
	Onnx__ModelProto *proto = model_new(13);

	model_input(proto, "x", FLOAT, LIST(2));
	model_node(proto, "Loop", "x", "a");
	model_node(proto, "Loop", "a", "b");
	model_node(proto, "Relu", "b", "c");
	model_node(proto, "Frobnicate", "c", "y")->domain = strdup("com.example");
	model_output(proto, "y", FLOAT, LIST(2));
	refuse(proto, EDGE_UNSUPPORTED, "Loop (node 'n0'), com.example:Frobnicate (node 'n3')");
}

static void operators_older_than_their_table_are_named(void **state)
{
	Onnx__ModelProto *proto = model_new(6); /* where Add's broadcast was an attribute */

	model_input(proto, "x", FLOAT, LIST(2));
	model_node(proto, "Add", "x x", "y");
	model_output(proto, "y", FLOAT, LIST(2));
	refuse(proto, EDGE_UNSUPPORTED, "opset 6: Add (node 'n0')");
}

static void newer_opsets_are_refused(void **state)
{
	refuse(conv_model(99, 1, 8), EDGE_UNSUPPORTED, "opset 99 is newer");
}

static void metadata_is_kept(void **state)
{
	Onnx__ModelProto *proto = conv_model(11, 1, 8);
	Onnx__StringStringEntryProto *entry = calloc(1, sizeof(*entry));
	struct edge_model *model;

	onnx__string_string_entry_proto__init(entry);
	entry->key = strdup("names");
	entry->value = strdup("{0: 'cat'}");
	proto->metadata_props = calloc(1, sizeof(entry));
	proto->metadata_props[0] = entry;
	proto->n_metadata_props = 1;
	proto->producer_name = strdup("maker");
	proto->producer_version = strdup("1.2");
	model = load(proto);
	assert_string_equal(edge_model_metadata(model, "names"), "{0: 'cat'}");
	assert_string_equal(edge_model_metadata(model, "producer"), "maker 1.2");
	assert_string_equal(edge_model_metadata(model, "opset"), "11");
	assert_string_equal(edge_model_metadata(model, "format"), "onnx");
	assert_null(edge_model_metadata(model, "nothing"));
	edge_model_destroy(model);
}

static void operators_are_listed_in_order(void **state)
{
	const struct edge_operator *last = NULL;
	const struct edge_operator *operator;

	for (size_t i = 0; (operator= edge_operator_at(i)); i++) {
		int order = last ? strcmp(last->format, operator->format) : -1;

		assert_true(order < 0 || (!order && strcmp(last->name, operator->name) < 0));
		last = operator;
	}
	assert_non_null(last);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shapes_are_inferred),
		cmocka_unit_test(initializers_are_no_inputs),
		cmocka_unit_test(an_open_batch_is_one),
		cmocka_unit_test(other_open_dimensions_must_be_stated),
		cmocka_unit_test(inputs_that_decide_shapes_must_be_bound),
		cmocka_unit_test(any_input_can_be_bound),
		cmocka_unit_test(sizes_made_of_the_data_are_refused),
		cmocka_unit_test(shape_arithmetic_is_computed),
		cmocka_unit_test(constants_of_every_type_are_read),
		cmocka_unit_test(outputs_keep_their_names),
		cmocka_unit_test(unsupported_operators_are_all_named),
		cmocka_unit_test(operators_older_than_their_table_are_named),
		cmocka_unit_test(newer_opsets_are_refused),
		cmocka_unit_test(metadata_is_kept),
		cmocka_unit_test(operators_are_listed_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
