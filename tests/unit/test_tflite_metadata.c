// SPDX-License-Identifier: MIT
/* What a TensorFlow Lite file says of its model: the buffer of metadata, and labels in the archive
 * behind the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "edge/edge.h"
#include "tflite_model.h"

/* Its number in the schema. */
#define LOGISTIC 14

/* A packed file @name, its archive at the end of @file; as it is, or as one block that Deflate has
 * not compressed. Offsets count from the start of the archive, or of the file. */
static void append_zip(struct lite_file *file, const char *name, const char *text, bool deflated,
		       bool from_start)
{
	const uint16_t length = strlen(name), size = strlen(text), not_size = ~size;
	const uint16_t packed = deflated ? size + 5 : size;
	const uint32_t start = from_start ? 0 : file->size, local = file->size - start;
	uint8_t header[46] = { 'P', 'K', 3, 4 }, end[22] = { 'P', 'K', 5, 6 }, block[5] = { 1 };
	uint32_t directory;

	header[8] = deflated ? 8 : 0;
	memcpy(header + 18, (const uint32_t[]) { packed, size, length }, 12);
	lite_append(file, header, 30);
	lite_append(file, name, length);
	memcpy(block + 1, (const uint16_t[]) { size, not_size }, 4);
	lite_append(file, block, deflated ? 5 : 0);
	lite_append(file, text, size);
	directory = file->size - start;
	memset(header, 0, sizeof(header));
	memcpy(header, "PK\1\2", 4);
	header[10] = deflated ? 8 : 0;
	memcpy(header + 20, (const uint32_t[]) { packed, size, length }, 12);
	memcpy(header + 42, &local, 4);
	lite_append(file, header, 46);
	lite_append(file, name, length);
	end[8] = end[10] = 1;
	memcpy(end + 12, (const uint32_t[]) { 46 + length, directory }, 8);
	lite_append(file, end, 22);
}

/* Metadata of one input, (pixel - 127.5) / 128, and one output with labels. */
static struct lite_file write_metadata(void)
{
	const int five[] = { 4, 4, 4, 4, 4 };
	const int unit_sizes[] = { 1, 4 }, options_sizes[] = { 4, 4 }, file_sizes[] = { 4, 0, 1 };
	struct lite_file file = { 0 };
	size_t model, list, subgraph, tensor, unit, options;

	lite_append(&file, "\0\0\0\0M001", 8);
	model = lite_table(&file, 5, five);
	memcpy(file.data, (const uint32_t[]) { model }, 4);
	lite_link(&file, model, 0, lite_string(&file, "a name"));
	lite_link(&file, model, 1, lite_string(&file, "what it does"));
	lite_link(&file, model, 2, lite_string(&file, "v7"));
	lite_link(&file, model, 4, lite_string(&file, "who"));
	list = lite_vector(&file, 1, 4, NULL);
	lite_link(&file, model, 3, list);
	subgraph = lite_table(&file, 5, (const int[]) { 0, 0, 4, 4, 0 });
	lite_link_element(&file, list, 0, subgraph);
	list = lite_vector(&file, 1, 4, NULL);
	lite_link(&file, subgraph, 2, list);
	tensor = lite_table(&file, 7, (const int[]) { 4, 0, 0, 0, 4, 0, 0 });
	lite_link_element(&file, list, 0, tensor);
	lite_link(&file, tensor, 0, lite_string(&file, "image"));
	list = lite_vector(&file, 1, 4, NULL);
	lite_link(&file, tensor, 4, list);
	unit = lite_table(&file, 2, unit_sizes);
	lite_link_element(&file, list, 0, unit);
	lite_set(&file, unit, 0, 1, 1);
	options = lite_table(&file, 2, options_sizes);
	lite_link(&file, unit, 1, options);
	lite_link(&file, options, 0, lite_vector(&file, 1, 4, (const float[]) { 127.5f }));
	lite_link(&file, options, 1, lite_vector(&file, 2, 4, (const float[]) { 128, 64 }));
	list = lite_vector(&file, 1, 4, NULL);
	lite_link(&file, subgraph, 3, list);
	tensor = lite_table(&file, 7, (const int[]) { 4, 0, 0, 0, 0, 0, 4 });
	lite_link_element(&file, list, 0, tensor);
	lite_link(&file, tensor, 0, lite_string(&file, "category"));
	list = lite_vector(&file, 1, 4, NULL);
	lite_link(&file, tensor, 6, list);
	unit = lite_table(&file, 3, file_sizes);
	lite_link_element(&file, list, 0, unit);
	lite_set(&file, unit, 2, 1, 3);
	lite_link(&file, unit, 0, lite_string(&file, "labels.txt"));
	return file;
}

static void assert_metadata(const struct edge_model *model, const char *key, const char *value)
{
	assert_non_null(edge_model_metadata(model, key));
	assert_string_equal(edge_model_metadata(model, key), value);
}

/* Cut off, the archive behind the first @start bytes has no labels, and the model is as good;
 * changed, it does no harm. */
static void damage_archive(struct lite_file *file, size_t start)
{
	struct edge_model *model = NULL;

	for (size_t cut = 1; cut <= file->size - start; cut++) {
		uint8_t *copy = malloc(file->size - cut);

		assert_non_null(copy);
		memcpy(copy, file->data, file->size - cut);
		assert_int_equal(edge_model_load_memory(copy, file->size - cut, "x", NULL, &model,
							NULL),
				 EDGE_OK);
		assert_null(edge_model_metadata(model, "names"));
		edge_model_destroy(model);
		free(copy);
		file->data[file->size - cut] ^= 0x85;
		if (!edge_model_load_memory(file->data, file->size, "x", NULL, &model, NULL))
			edge_model_destroy(model);
		file->data[file->size - cut] ^= 0x85;
	}
}

static void metadata_and_labels_are_read(void **state)
{
	struct lite_file packed = write_metadata();
	struct lite_model lite = {
		.inputs = { 0, -1 },
		.outputs = { 1, -1 },
		.description = "a converter",
		.metadata = packed.data,
		.metadata_bytes = packed.size,
	};

	lite_tensor(&lite, "x", LITE_F32, DIMS(1, 2), NULL);
	lite_tensor(&lite, "y", LITE_F32, DIMS(1, 2), NULL);
	lite_operator(&lite, LOGISTIC, 0, -1, -1, 1);
	for (int i = 0; i < 4; i++) {
		struct lite_file file = lite_write(&lite);
		struct edge_model *model = NULL;
		size_t before = file.size;

		append_zip(&file, "labels.txt", "person\r\na \"b\"\n\ncar", i & 1, i & 2);
		assert_int_equal(edge_model_load_memory(file.data, file.size, "test.tflite", NULL,
							&model, NULL),
				 EDGE_OK);
		assert_metadata(model, "format", "tflite");
		assert_metadata(model, "producer", "a converter");
		assert_metadata(model, "name", "a name");
		assert_metadata(model, "description", "what it does");
		assert_metadata(model, "author", "who");
		assert_metadata(model, "tflite.input.0.name", "image");
		assert_metadata(model, "tflite.input.0.mean", "127.5");
		assert_metadata(model, "tflite.input.0.std", "128,64");
		assert_metadata(model, "tflite.output.0.name", "category");
		assert_metadata(model, "names", "[\"person\",\"a \\\"b\\\"\",\"\",\"car\"]");
		edge_model_destroy(model);
		damage_archive(&file, before);
		free(file.data);
	}
	free(packed.data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(metadata_and_labels_are_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
