// SPDX-License-Identifier: MIT
/* Files that are damaged, or made to do harm: each is refused, and nothing else happens. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "onnx_model.h"

static enum edge_status load_bytes(const uint8_t *data, size_t size, struct edge_error *error)
{
	struct edge_model *model = NULL;
	enum edge_status status;

	error->message[0] = 0;
	status = edge_model_load_memory(data, size, "test.onnx", NULL, &model, error);
	assert_true(!status == (model != NULL));
	assert_true(!status == !error->message[0]);
	edge_model_destroy(model);
	return status;
}

static void refuse_with(Onnx__ModelProto *proto, const struct edge_load_settings *settings,
			enum edge_status status, const char *words)
{
	struct edge_error error = { 0 };
	struct edge_model *model;

	assert_int_equal(model_load(proto, settings, &model, &error), status);
	assert_null(model);
	if (strncmp(error.message, "test.onnx: ", 11) || !strstr(error.message, words))
		fail_msg("'%s' lacks '%s'", error.message, words);
	model_free(proto);
}

static void refuse(Onnx__ModelProto *proto, enum edge_status status, const char *words)
{
	refuse_with(proto, NULL, status, words);
}

/* A detector in small: convolution, shape arithmetic, attributes of several kinds. */
static Onnx__ModelProto *small_model(void)
{
	const float weights[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
	Onnx__ModelProto *proto = model_new(11);
	Onnx__NodeProto *node;

	model_input(proto, "x", FLOAT, LIST(1, 2, 4, 4));
	model_floats(proto, "w", LIST(4, 2, 1, 1), weights);
	node = model_node(proto, "Conv", "x w", "c");
	node_ints(node, "pads", LIST(0, 0, 1, 1));
	node_string(node, "auto_pad", "NOTSET");
	node_float(model_node(proto, "LeakyRelu", "c", "r"), "alpha", 0.1f);
	model_ints(proto, "s", LIST(0, 2, -1));
	model_node(proto, "Reshape", "r s", "y");
	model_output(proto, "y", FLOAT, LIST(1, 2, 50));
	return proto;
}

static void truncation_is_noticed(void **state)
{
	Onnx__ModelProto *proto = small_model();
	struct edge_error error;
	size_t size;
	uint8_t *data = model_pack(proto, &size);
	/* Behind the graph stands the opset, without which the file is an older one. */
	size_t graph_end =
		size - 2 - onnx__operator_set_id_proto__get_packed_size(proto->opset_import[0]);

	assert_int_equal(load_bytes(data, size, &error), EDGE_OK);
	for (size_t i = 0; i < size; i++) {
		uint8_t *cut = malloc(i ? i : 1); /* of the right size, so that overruns show */

		assert_non_null(cut);
		memcpy(cut, data, i);
		if (i < graph_end)
			assert_int_equal(load_bytes(cut, i, &error), EDGE_BAD_FORMAT);
		else
			load_bytes(cut, i, &error);
		free(cut);
	}
	free(data);
	model_free(proto);
}

static void changed_bytes_do_no_harm(void **state)
{
	const uint8_t changes[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	Onnx__ModelProto *proto = small_model();
	struct edge_error error;
	size_t size;
	uint8_t *data = model_pack(proto, &size);

	for (size_t i = 0; i < size; i++) {
		uint8_t before = data[i];

		for (size_t j = 0; j < sizeof(changes); j++) {
			data[i] = changes[j];
			load_bytes(data, size, &error);
		}
		for (int bit = 0; bit < 8; bit++) {
			data[i] = before ^ 1 << bit;
			load_bytes(data, size, &error);
		}
		data[i] = before;
	}
	free(data);
	model_free(proto);
}

static void other_files_are_not_recognised(void **state)
{
	const char *const files[] = { "",
				      "[net]\nwidth=416\n",
				      "#!/bin/sh\n",
				      "\x89PNG\r\n\x1a\n",
				      "<?xml version=\"1.0\"?>",
				      "\x1c\0\0\0TFL3",
				      "\x08",
				      "B\x7f" };
	struct edge_error error;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		size_t size = i == 5 ? 8 : strlen(files[i]);

		assert_int_not_equal(load_bytes((const uint8_t *)files[i], size, &error), EDGE_OK);
	}
}

static Onnx__TensorProto *weights_of(Onnx__ModelProto *proto)
{
	return proto->graph->initializer[0];
}

static void weights_must_fill_their_shape(void **state)
{
	Onnx__ModelProto *proto = small_model();

	weights_of(proto)->raw_data.len--;
	refuse(proto, EDGE_BAD_FORMAT, "'w' has more or less data");

	proto = small_model();
	weights_of(proto)->dims[0] = 5;
	refuse(proto, EDGE_BAD_FORMAT, "'w' has more or less data");

	proto = small_model();
	weights_of(proto)->raw_data.len = 0;
	weights_of(proto)->n_float_data = 7;
	weights_of(proto)->float_data = calloc(7, sizeof(float));
	refuse(proto, EDGE_BAD_FORMAT, "'w' has more or less data");
}

static void sizes_of_weights_are_checked(void **state)
{
	const int64_t huge[][4] = {
		{ INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX },
		{ INT64_C(1) << 32, INT64_C(1) << 32, 1, 1 },
		{ INT64_C(1) << 62, 4, 1, 0 },
		{ INT64_C(1) << 30, 1, 1, 1 },
	};
	Onnx__ModelProto *proto;

	for (size_t i = 0; i < sizeof(huge) / sizeof(huge[0]); i++) {
		proto = small_model();
		memcpy(weights_of(proto)->dims, huge[i], sizeof(huge[i]));
		refuse(proto, EDGE_LIMIT_EXCEEDED, "'w' has more than");
	}
	proto = small_model();
	weights_of(proto)->dims[1] = -2;
	refuse(proto, EDGE_BAD_FORMAT, "negative dimension");
}

static void types_and_places_of_weights_are_checked(void **state)
{
	Onnx__ModelProto *proto = small_model();

	weights_of(proto)->data_type = ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE;
	refuse(proto, EDGE_UNSUPPORTED, "'w' has the type double");

	proto = small_model();
	weights_of(proto)->data_type = -7;
	refuse(proto, EDGE_UNSUPPORTED, "'w' has the type unknown");

	proto = small_model();
	weights_of(proto)->has_data_location = 1;
	weights_of(proto)->data_location = ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL;
	refuse(proto, EDGE_UNSUPPORTED, "'w' lie in another file; save the model with its weights");
}

static void links_are_checked(void **state)
{
	Onnx__ModelProto *proto = small_model();

	strcpy(proto->graph->node[1]->input[0], "?");
	refuse(proto, EDGE_BAD_FORMAT, "node 'n1' (LeakyRelu): its input '?' is defined nowhere");

	proto = small_model();
	strcpy(proto->graph->node[0]->input[0], "y"); /* a cycle */
	refuse(proto, EDGE_BAD_FORMAT, "node 'n0' (Conv): its input 'y' comes from a later node");

	proto = small_model();
	strcpy(proto->graph->node[1]->input[0], "r");
	refuse(proto, EDGE_BAD_FORMAT, "its input 'r' comes from a later node");

	proto = small_model();
	strcpy(proto->graph->node[1]->output[0], "c");
	refuse(proto, EDGE_BAD_FORMAT, "'c' is defined twice");

	proto = small_model();
	strcpy(proto->graph->node[1]->output[0], "x");
	refuse(proto, EDGE_BAD_FORMAT, "'x' is defined twice");

	proto = small_model();
	strcpy(proto->graph->output[0]->name, "?");
	refuse(proto, EDGE_BAD_FORMAT, "output '?' is defined nowhere");

	proto = small_model();
	model_output(proto, "y", FLOAT, NONE);
	refuse(proto, EDGE_BAD_FORMAT, "output 'y' is listed twice");
}

static void counts_of_inputs_and_outputs_are_checked(void **state)
{
	Onnx__ModelProto *proto = small_model();

	free(proto->graph->node[0]->input[1]);
	proto->graph->node[0]->n_input = 1;
	refuse(proto, EDGE_BAD_FORMAT, "node 'n0' (Conv): has 1 inputs");

	proto = small_model();
	strcpy(proto->graph->node[0]->input[1], "");
	refuse(proto, EDGE_BAD_FORMAT, "node 'n0' (Conv): input 1 is missing");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2));
	model_node(proto, "Relu", "x x", "y");
	model_output(proto, "y", FLOAT, LIST(2));
	refuse(proto, EDGE_BAD_FORMAT, "has 2 inputs");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2));
	model_node(proto, "Relu", "x", "y z");
	model_output(proto, "y", FLOAT, LIST(2));
	refuse(proto, EDGE_BAD_FORMAT, "has 2 outputs");
}

static Onnx__AttributeProto *attribute_of(Onnx__ModelProto *proto, size_t node, size_t index)
{
	return proto->graph->node[node]->attribute[index];
}

static void attributes_are_checked(void **state)
{
	Onnx__ModelProto *proto = small_model();

	attribute_of(proto, 1, 0)->type = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT;
	refuse(proto, EDGE_BAD_FORMAT,
	       "node 'n1' (LeakyRelu): attribute 'alpha' has the wrong type");

	proto = small_model();
	attribute_of(proto, 0, 0)->ints[3] = -1;
	refuse(proto, EDGE_BAD_FORMAT, "attribute 'pads' has the entry -1");

	proto = small_model();
	attribute_of(proto, 0, 0)->ints[3] = INT64_MAX;
	refuse(proto, EDGE_BAD_FORMAT, "attribute 'pads' has the entry 9223372036854775807");

	proto = small_model();
	attribute_of(proto, 0, 0)->n_ints = 3;
	refuse(proto, EDGE_BAD_FORMAT, "attribute 'pads' has 3 entries instead of 4");

	proto = small_model();
	strcpy(attribute_of(proto, 0, 0)->name, "pad");
	refuse(proto, EDGE_UNSUPPORTED, "attribute 'pad' is not supported");

	proto = small_model();
	memcpy(attribute_of(proto, 0, 1)->s.data, "SOMESO", 6);
	refuse(proto, EDGE_UNSUPPORTED, "auto_pad 'SOMESO' is not supported");

	proto = small_model();
	node_int(proto->graph->node[0], "group", 0);
	refuse(proto, EDGE_BAD_FORMAT, "attribute 'group' is 0");
}

/* A list of names and sizes in which every entry is refused. */
static void shapes_are_checked(void **state)
{
	const int64_t huge = INT64_C(1) << 40;
	Onnx__ModelProto *proto = model_new(11);

	model_input(proto, "x", FLOAT, LIST(huge, huge));
	model_node(proto, "Relu", "x", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_LIMIT_EXCEEDED, "input 'x'");

	proto = model_new(11);
	model_ints(proto, "s", LIST(huge));
	model_node(proto, "ConstantOfShape", "s", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_LIMIT_EXCEEDED, "n0");

	proto = model_new(11);
	model_ints(proto, "s", LIST(huge, huge, huge));
	model_node(proto, "ConstantOfShape", "s", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "n0");

	proto = model_new(11);
	model_ints(proto, "s", LIST(4, -3));
	model_node(proto, "ConstantOfShape", "s", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "dimension 1 is negative");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2));
	model_ints(proto, "r", LIST(INT64_MAX));
	model_node(proto, "Tile", "x r", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "n0");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(4));
	model_ints(proto, "p", LIST(INT64_MIN, INT64_MAX));
	model_node(proto, "Pad", "x p", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "n0");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2, 3));
	model_ints(proto, "s", LIST(4, -1));
	model_node(proto, "Reshape", "x s", "y");
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "n0");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2, 3));
	node_ints(model_node(proto, "Transpose", "x", "y"), "perm", LIST(1, 1));
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "axis 1 comes twice");

	proto = model_new(11);
	model_input(proto, "x", FLOAT, LIST(2, 3));
	node_int(model_node(proto, "Softmax", "x", "y"), "axis", INT64_MIN);
	model_output(proto, "y", FLOAT, LIST(1));
	refuse(proto, EDGE_BAD_FORMAT, "axis -9223372036854775808 does not exist");
}

static void limits_are_kept(void **state)
{
	struct edge_limits limits = { 0 };
	struct edge_load_settings settings;

	edge_load_settings_default(&settings);
	settings.limits = &limits;
	limits.nodes = 2;
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED,
		    "the graph has 3 nodes, more than 2 nodes, the limit; if you trust the file, "
		    "allow more with --allow nodes=N");

	edge_limits_default(&limits);
	limits.tensor_bytes = 31; /* the weights have 32 */
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED, "'w' has more than 31 bytes");
	limits.tensor_bytes = 399; /* the convolution's result has 400 */
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED,
		    "node 'n0' (Conv): its result has more than 399 bytes");

	edge_limits_default(&limits);
	limits.file_bytes = 10;
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED, "more than 10 bytes");

	edge_limits_default(&limits);
	limits.tensors = 4; /* the input, two constants, three results */
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED,
		    "the graph has 6 tensors, more than 4");

	edge_limits_default(&limits);
	limits.ports = 1; /* the convolution has two inputs */
	refuse_with(small_model(), &settings, EDGE_LIMIT_EXCEEDED,
		    "node 'n0' has 2 inputs and 1 outputs, more than 1 of them");
}

static size_t put_varint(uint8_t *data, size_t value)
{
	size_t used = 0;

	for (; value > 0x7f; value >>= 7)
		data[used++] = value | 0x80;
	data[used++] = value;
	return used;
}

/* Subgraphs in subgraphs, deeper than a stack: graph { node { attribute { g { node ... */
static void nesting_is_not_followed(void **state)
{
	const uint8_t tags[] = { 1 << 3 | 2, 5 << 3 | 2, 6 << 3 | 2 };
	const size_t room = 4 << 20;
	uint8_t *data = malloc(room);
	struct edge_error error;
	size_t start = room;

	assert_non_null(data);
	for (int depth = 0; depth < 300000; depth++) {
		uint8_t head[16] = { tags[2 - depth % 3] };
		size_t size = 1 + put_varint(head + 1, room - start);

		start -= size;
		memcpy(data + start, head, size);
	}
	{
		uint8_t head[16] = { 7 << 3 | 2 };
		size_t size = 1 + put_varint(head + 1, room - start);

		start -= size;
		memcpy(data + start, head, size);
	}
	assert_int_equal(load_bytes(data + start, room - start, &error), EDGE_BAD_FORMAT);
	free(data);
}

/* Two bytes of file for a node of a hundred. */
static void memory_is_bounded(void **state)
{
	const size_t nodes = 8 << 20;
	size_t size = 1 + 5 + 2 * nodes;
	uint8_t *data = calloc(1, size);
	struct edge_error error;
	size_t used = 1;

	assert_non_null(data);
	data[0] = 7 << 3 | 2;
	used += put_varint(data + 1, 2 * nodes);
	for (size_t i = 0; i < nodes; i++)
		data[used + 2 * i] = 1 << 3 | 2;
	assert_int_equal(load_bytes(data, used + 2 * nodes, &error), EDGE_LIMIT_EXCEEDED);
	assert_non_null(strstr(error.message, "hostile"));
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(truncation_is_noticed),
		cmocka_unit_test(changed_bytes_do_no_harm),
		cmocka_unit_test(other_files_are_not_recognised),
		cmocka_unit_test(weights_must_fill_their_shape),
		cmocka_unit_test(sizes_of_weights_are_checked),
		cmocka_unit_test(types_and_places_of_weights_are_checked),
		cmocka_unit_test(links_are_checked),
		cmocka_unit_test(counts_of_inputs_and_outputs_are_checked),
		cmocka_unit_test(attributes_are_checked),
		cmocka_unit_test(shapes_are_checked),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(nesting_is_not_followed),
		cmocka_unit_test(memory_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
