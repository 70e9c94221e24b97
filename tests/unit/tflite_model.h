/* SPDX-License-Identifier: MIT */
/* Writes small TensorFlow Lite models for tests. Memory that runs out ends the program. */
#ifndef EDGE_TESTS_TFLITE_MODEL_H
#define EDGE_TESTS_TFLITE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "edge/model.h"

/* Types of the schema. */
enum {
	LITE_F32 = 0,
	LITE_F16 = 1,
	LITE_I32 = 2,
	LITE_U8 = 3,
	LITE_I64 = 4,
	LITE_BOOL = 6,
	LITE_I16 = 7,
	LITE_I8 = 9,
};

/* A file under way; what is in front is written first. */
struct lite_file {
	uint8_t *data;
	size_t size;
};

/* Adds @size bytes, zeroes without @data; their offset. */
size_t lite_append(struct lite_file *file, const void *data, size_t size);

/* FlatBuffers. A field's @size is 1, 4 or 8; 0 leaves it out. Offsets are of the file. --------- */

size_t lite_table(struct lite_file *file, int num_fields, const int *sizes);
size_t lite_vector(struct lite_file *file, uint32_t count, size_t element_size, const void *data);
size_t lite_string(struct lite_file *file, const char *text);

/* Sets a field, which has to be there; a link's @target has to come later in the file. */
void lite_set(struct lite_file *file, size_t table, int id, int size, uint64_t value);
void lite_link(struct lite_file *file, size_t table, int id, size_t target);
void lite_link_element(struct lite_file *file, size_t vector, uint32_t index, size_t target);

/* Where the file says field @id of @table is. */
size_t lite_field(const struct lite_file *file, size_t table, int id);

/* Models. -------------------------------------------------------------------------------------- */

#define LITE_MAX 24

/* An option of an operator: its field, the size of it, and what it is; floats by lite_bits(). */
struct lite_option {
	int id;
	int size;
	uint64_t value;
};

struct lite_tensor {
	const char *name;
	int type;
	int rank;
	int32_t dims[8];
	bool is_open; /* the first dimension */
	const void *data; /* of a constant */
	size_t bytes;
	int num_scales;
	const float *scales;
	const int64_t *zero_points;
	int axis;
};

struct lite_operator {
	int code;
	const char *custom;
	int num_inputs, num_outputs;
	int32_t inputs[8], outputs[8];
	int num_options;
	struct lite_option options[8];
	const void *custom_options;
	size_t custom_bytes;
};

/* The subgraph's inputs and outputs are lists of tensors, which -1 ends. */
struct lite_model {
	struct lite_tensor tensors[LITE_MAX];
	int num_tensors;
	struct lite_operator operators[LITE_MAX];
	int num_operators;
	int32_t inputs[4], outputs[8];
	const char *description;
	const void *metadata; /* TFLITE_METADATA */
	size_t metadata_bytes;
	uint32_t version; /* 0: 3 */
	int num_subgraphs; /* 0: 1 */
};

uint32_t lite_bits(float value);

/* A tensor more; its number. @data NULL: no constant. */
int lite_tensor(struct lite_model *model, const char *name, int type, int rank, const int32_t *dims,
		const void *data);

/* Quantises tensor @index as a whole. */
void lite_quantise(struct lite_model *model, int index, const float *scale,
		   const int64_t *zero_point);

/* An operator more, of at most three inputs (-1: none) and one output. */
struct lite_operator *lite_operator(struct lite_model *model, int code, int a, int b, int c,
				    int output);
void lite_option(struct lite_operator *op, int id, int size, uint64_t value);

/* The file; to be freed. */
struct lite_file lite_write(const struct lite_model *model);

#define DIMS(...) \
	(int)(sizeof((int32_t[]) { __VA_ARGS__ }) / sizeof(int32_t)), (const int32_t[]) \
	{ \
		__VA_ARGS__ \
	}

#endif
