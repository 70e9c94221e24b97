// SPDX-License-Identifier: MIT
/*
 * What a model says about itself: the schema's description, and TensorFlow Lite Metadata
 * (https://www.tensorflow.org/lite/models/convert/metadata), a FlatBuffer in a buffer of the model.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "import/tflite/tflite.h"
#include "import/tflite/zip.h"

/* Fields of metadata_schema.fbs. */
enum {
	MODEL_NAME = 0,
	MODEL_DESCRIPTION = 1,
	MODEL_VERSION = 2,
	MODEL_SUBGRAPHS = 3,
	MODEL_AUTHOR = 4,
	MODEL_LICENSE = 5,
	SUBGRAPH_INPUTS = 2,
	SUBGRAPH_OUTPUTS = 3,
	TENSOR_NAME = 0,
	TENSOR_PROCESS_UNITS = 4,
	TENSOR_FILES = 6,
	UNIT_OPTIONS_TYPE = 0,
	UNIT_OPTIONS = 1,
	NORMALIZATION_MEAN = 0,
	NORMALIZATION_STD = 1,
	FILE_NAME = 0,
	FILE_TYPE = 2,
};

#define NORMALIZATION_OPTIONS 1
#define TENSOR_AXIS_LABELS 2
#define TENSOR_VALUE_LABELS 3

/* Of an image, and no more than a key needs. */
#define MAX_CHANNELS 4

/* What is beyond is left out: no detector has as many. */
#define MAX_TENSORS 64
#define MAX_ITEMS 16

static enum edge_status set(struct tflite_import *import, const char *key, const char *value)
{
	if (!value || !*value || edge_graph_set_metadata(import->graph, key, value))
		return EDGE_OK;
	return edge_fail_memory(import->error);
}

/* Metadata of tensor @index of the inputs or outputs. */
static enum edge_status set_of(struct tflite_import *import, const char *what, uint32_t index,
			       const char *key, const char *value)
{
	char full[64];

	snprintf(full, sizeof(full), "tflite.%s.%u.%s", what, index, key);
	return set(import, full, value);
}

/* "127.5" or "123.7,116.3,103.5". */
static enum edge_status set_numbers(struct tflite_import *import, uint32_t index, const char *key,
				    struct fb_vector numbers)
{
	char text[MAX_CHANNELS * 16] = "";

	for (uint32_t i = 0; i < numbers.count && i < MAX_CHANNELS; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%g", i ? "," : "",
			 fb_vector_f32(numbers, i));
	return set_of(import, "input", index, key, text);
}

static enum edge_status read_unit(struct tflite_import *import, struct fb_table unit,
				  uint32_t index)
{
	struct fb_table options = fb_table(unit, UNIT_OPTIONS);
	enum edge_status status;

	if (fb_u8(unit, UNIT_OPTIONS_TYPE, 0) != NORMALIZATION_OPTIONS)
		return EDGE_OK;
	status = set_numbers(import, index, "mean", fb_vector(options, NORMALIZATION_MEAN, 4));
	if (!status)
		status =
			set_numbers(import, index, "std", fb_vector(options, NORMALIZATION_STD, 4));
	return status;
}

static enum edge_status read_input(struct tflite_import *import, struct fb_table tensor,
				   uint32_t index)
{
	struct fb_vector units = fb_vector(tensor, TENSOR_PROCESS_UNITS, 4);
	enum edge_status status =
		set_of(import, "input", index, "name", fb_string(tensor, TENSOR_NAME));

	for (uint32_t i = 0; i < units.count && i < MAX_ITEMS && !status; i++)
		status = read_unit(import, fb_vector_table(units, i), index);
	return status;
}

/* Adds @length bytes at @name to the list @text, as JSON has strings. */
static size_t quote(char *text, const char *name, size_t length)
{
	size_t size = 0;

	text[size++] = '"';
	for (size_t i = 0; i < length; i++) {
		const unsigned char c = name[i];

		if (c == '"' || c == '\\') {
			text[size++] = '\\';
			text[size++] = c;
		} else if (c < 0x20) {
			size += sprintf(text + size, "\\u%04x", c);
		} else {
			text[size++] = c;
		}
	}
	text[size++] = '"';
	return size;
}

/* A list of the lines of @lines, to be freed; NULL when memory has run out. */
static char *list_lines(const char *lines)
{
	/* No character becomes more than six, a line gets three more. */
	char *text = malloc(9 * strlen(lines) + 8);
	size_t size = 0;

	if (!text)
		return NULL;
	text[size++] = '[';
	while (*lines) {
		size_t length = strcspn(lines, "\r\n");

		if (size > 1)
			text[size++] = ',';
		size += quote(text + size, lines, length);
		lines += length;
		lines += *lines == '\r';
		lines += *lines == '\n';
	}
	memcpy(text + size, "]", 2);
	return text;
}

/* The names of the classes, one in each line of a packed file. */
static enum edge_status read_labels(struct tflite_import *import, const char *name)
{
	const struct edge_source *source = import->source;
	enum edge_status status;
	char *lines = NULL, *text;
	struct zip zip;

	if (zip_open(source->data, source->size, &zip))
		lines = zip_read(&zip, name, source->settings->limits->text_bytes);
	if (!lines)
		return EDGE_OK;
	text = list_lines(lines);
	status = text ? set(import, "names", text) : edge_fail_memory(import->error);
	free(text);
	free(lines);
	return status;
}

static enum edge_status read_output(struct tflite_import *import, struct fb_table tensor,
				    uint32_t index)
{
	struct fb_vector files = fb_vector(tensor, TENSOR_FILES, 4);
	enum edge_status status =
		set_of(import, "output", index, "name", fb_string(tensor, TENSOR_NAME));

	for (uint32_t i = 0; i < files.count && i < MAX_ITEMS && !status; i++) {
		struct fb_table file = fb_vector_table(files, i);
		const char *name = fb_string(file, FILE_NAME);
		int type = fb_u8(file, FILE_TYPE, 0);

		if (name && (type == TENSOR_AXIS_LABELS || type == TENSOR_VALUE_LABELS) &&
		    !edge_graph_metadata(import->graph, "names"))
			status = read_labels(import, name);
	}
	return status;
}

static enum edge_status read_tensors(struct tflite_import *import, struct fb_table subgraph)
{
	struct fb_vector inputs = fb_vector(subgraph, SUBGRAPH_INPUTS, 4);
	struct fb_vector outputs = fb_vector(subgraph, SUBGRAPH_OUTPUTS, 4);
	enum edge_status status = EDGE_OK;

	for (uint32_t i = 0; i < inputs.count && i < MAX_TENSORS && !status; i++)
		status = read_input(import, fb_vector_table(inputs, i), i);
	for (uint32_t i = 0; i < outputs.count && i < MAX_TENSORS && !status; i++)
		status = read_output(import, fb_vector_table(outputs, i), i);
	return status;
}

static enum edge_status read_model(struct tflite_import *import, struct fb_table model)
{
	static const struct {
		const char *key;
		int id;
	} texts[] = {
		{ "name", MODEL_NAME },	      { "description", MODEL_DESCRIPTION },
		{ "version", MODEL_VERSION }, { "author", MODEL_AUTHOR },
		{ "license", MODEL_LICENSE },
	};
	struct fb_vector subgraphs = fb_vector(model, MODEL_SUBGRAPHS, 4);
	enum edge_status status = EDGE_OK;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && !status; i++)
		status = set(import, texts[i].key, fb_string(model, texts[i].id));
	if (!status && subgraphs.count)
		status = read_tensors(import, fb_vector_table(subgraphs, 0));
	return status;
}

/* A FlatBuffer of its own, whose offsets count from its start. */
static enum edge_status read_buffer(struct tflite_import *import, uint32_t index)
{
	struct flatbuffer buffer = { 0 };
	enum edge_status status;
	uint64_t size;

	status = tflite_buffer(import, index, &buffer.data, &size);
	if (status || !buffer.data)
		return status;
	buffer.size = size;
	status = read_model(import, fb_root(&buffer));
	if (!status && buffer.problem)
		return edge_fail(
			import->error, EDGE_BAD_FORMAT,
			"its metadata are damaged: %s, at byte %zu of them; pack them anew",
			buffer.problem, buffer.where);
	return status;
}

enum edge_status tflite_read_metadata(struct tflite_import *import)
{
	struct fb_vector list = fb_vector(import->model, TFLITE_MODEL_METADATA, 4);
	enum edge_status status =
		set(import, "producer", fb_string(import->model, TFLITE_MODEL_DESCRIPTION));

	for (uint32_t i = 0; i < list.count && !status; i++) {
		struct fb_table entry = fb_vector_table(list, i);
		const char *name = fb_string(entry, TFLITE_METADATA_NAME);

		if (name && !strcmp(name, "TFLITE_METADATA"))
			return read_buffer(import, fb_u32(entry, TFLITE_METADATA_BUFFER, 0));
	}
	return status ? status : tflite_check(import);
}
