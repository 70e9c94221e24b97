/* SPDX-License-Identifier: MIT */
/*
 * Reading TensorFlow Lite models: FlatBuffers of the schema's version 3
 * (https://github.com/tensorflow/tensorflow, tensorflow/lite/schema/schema.fbs).
 *
 * TensorFlow keeps images as N, H, W, C. Operators of ours that look at the places of images want
 * N, C, H, W, and so a conversion asks tflite_first() for its input in that order and says
 * tflite_last() to its result: a pair of Transposes, of which the outer ones between neighbours are
 * never made, or left without a use and dropped. Elementwise operators, Concat and the like stay in
 * the order that their input was made in. What the file calls inputs and outputs keeps the file's
 * order.
 *
 * Operators are converted in the order of the file and inferred as they are added; small results of
 * constants are computed at once.
 */
#ifndef EDGE_IMPORT_TFLITE_TFLITE_H
#define EDGE_IMPORT_TFLITE_TFLITE_H

#include "import/import.h"
#include "import/tflite/flatbuffer.h"

/* Fields of the schema's tables that are read. */
enum {
	TFLITE_MODEL_VERSION = 0,
	TFLITE_MODEL_OPERATOR_CODES = 1,
	TFLITE_MODEL_SUBGRAPHS = 2,
	TFLITE_MODEL_DESCRIPTION = 3,
	TFLITE_MODEL_BUFFERS = 4,
	TFLITE_MODEL_METADATA = 6,
	TFLITE_SUBGRAPH_TENSORS = 0,
	TFLITE_SUBGRAPH_INPUTS = 1,
	TFLITE_SUBGRAPH_OUTPUTS = 2,
	TFLITE_SUBGRAPH_OPERATORS = 3,
	TFLITE_TENSOR_SHAPE = 0,
	TFLITE_TENSOR_TYPE = 1,
	TFLITE_TENSOR_BUFFER = 2,
	TFLITE_TENSOR_NAME = 3,
	TFLITE_TENSOR_QUANTIZATION = 4,
	TFLITE_TENSOR_IS_VARIABLE = 5,
	TFLITE_TENSOR_SPARSITY = 6,
	TFLITE_TENSOR_SHAPE_SIGNATURE = 7,
	TFLITE_QUANTIZATION_SCALE = 2,
	TFLITE_QUANTIZATION_ZERO_POINT = 3,
	TFLITE_QUANTIZATION_DETAILS_TYPE = 4,
	TFLITE_QUANTIZATION_DIMENSION = 6,
	TFLITE_CODE_OLD_BUILTIN = 0,
	TFLITE_CODE_CUSTOM = 1,
	TFLITE_CODE_BUILTIN = 3,
	TFLITE_OPERATOR_CODE = 0,
	TFLITE_OPERATOR_INPUTS = 1,
	TFLITE_OPERATOR_OUTPUTS = 2,
	TFLITE_OPERATOR_OPTIONS = 4,
	TFLITE_OPERATOR_CUSTOM_OPTIONS = 5,
	TFLITE_BUFFER_DATA = 0,
	TFLITE_BUFFER_OFFSET = 1,
	TFLITE_BUFFER_SIZE = 2,
	TFLITE_METADATA_NAME = 0,
	TFLITE_METADATA_BUFFER = 1,
};

struct tflite_node;

/* What becomes of an operator whose inputs or outputs are quantised bytes. */
enum tflite_bytes {
	TFLITE_BYTES_FLOAT, /* converted for f32, between DequantizeLinear and QuantizeLinear */
	TFLITE_BYTES_MOVED, /* @convert moves them; an output of another quantisation is rescaled */
	TFLITE_BYTES_NATIVE, /* @convert knows what to do */
};

/**
 * struct tflite_operator - an operator that can be converted
 * @name: of the schema
 * @code: its number there; TFLITE_CUSTOM for one that goes by its name
 * @min_inputs: these are present when @convert runs
 * @max_inputs: -1 for any number
 * @max_outputs: the same
 * @constant_inputs: bit i: input i decides shapes or params and is a constant, or absent, when
 *	@convert runs
 * @bytes: see there
 * @variant: for @convert, where it serves several operators
 */
struct tflite_operator {
	const char *name;
	int code;
	int min_inputs, max_inputs, max_outputs;
	unsigned int constant_inputs;
	enum tflite_bytes bytes;
	void (*convert)(struct tflite_node *node);
	int variant;
};

#define TFLITE_CUSTOM 32

/* The operator, or NULL. @custom: the name, for TFLITE_CUSTOM. */
const struct tflite_operator *tflite_operator_find(int code, const char *custom);

/* What the schema calls operator @code; "?" for one that it did not have yet. */
const char *tflite_builtin_name(int code);

/**
 * struct tflite_value - a tensor of the file
 * @name: as the file has it, or NULL
 * @type: EDGE_TYPE_NONE when we have no such type
 * @scales: absent when it is not quantised
 * @quant_axis: dimension that @scales runs along when it has several
 * @data: of a constant, checked to be as long as its shape says; NULL for any other
 * @constant: the value is in the file
 * @produced: an operator has it as an output, or it is an input of the graph
 * @named: the tensor that has the name, for what operators produce
 * @tensor: the value, in the file's order of dimensions; NULL until it is there
 */
struct tflite_value {
	const char *name;
	enum edge_type type;
	int file_type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	struct fb_vector scales, zero_points;
	int quant_axis;
	const uint8_t *data;
	bool constant;
	bool produced;
	struct edge_tensor *named;
	struct edge_tensor *tensor;
};

/**
 * struct tflite_import - an import under way
 * @fold_bytes: that constants, read and computed, may still have
 * @fold_work: that may still be spent on computing them
 */
struct tflite_import {
	const struct edge_source *source;
	struct flatbuffer buffer;
	struct fb_table model, subgraph;
	struct fb_vector codes, operators, buffers;
	struct edge_graph *graph;
	struct tflite_value *values;
	uint32_t num_values;
	uint64_t fold_bytes;
	double fold_work;
	struct edge_error *error;
};

/* model.c: tensors, buffers and operator codes of the file. ------------------------------------ */

/* Opens the file and finds its one subgraph. */
enum edge_status tflite_open(struct tflite_import *import);

/* EDGE_BAD_FORMAT with what is wrong with the buffer, if anything is. */
enum edge_status tflite_check(struct tflite_import *import);

/* Reads all tensors into import->values. */
enum edge_status tflite_values_create(struct tflite_import *import);
void tflite_values_destroy(struct tflite_import *import);

/* What messages call value @index: its name, or its number. */
const char *tflite_value_name(const struct tflite_import *import, uint32_t index, char *text,
			      size_t size);

/* The bytes of buffer @index, checked; *@data is NULL when it is empty. */
enum edge_status tflite_buffer(struct tflite_import *import, uint32_t index, const uint8_t **data,
			       uint64_t *size);

/* "float64", ...: the schema's name of a type. */
const char *tflite_type_name(int type);
enum edge_type tflite_type(int type);

/**
 * struct tflite_code - which operator an entry of the file is
 * @custom: its name, for TFLITE_CUSTOM, else NULL
 */
struct tflite_code {
	int code;
	const char *custom;
	const char *name;
};

/* Of the entry @index of the file's operators. */
enum edge_status tflite_code(struct tflite_import *import, uint32_t index,
			     struct tflite_code *code);

/* metadata.c: description, labels, normalisation. ---------------------------------------------- */

enum edge_status tflite_read_metadata(struct tflite_import *import);

/* node.c: operators. --------------------------------------------------------------------------- */

/**
 * struct tflite_node - an operator of the file that is being converted
 * @options: the table of its options; absent when the file leaves it out
 * @inputs: NULL for an optional one that is absent
 * @outputs: set by tflite_set_output()
 * @input_ids, @output_ids: which values they are; -1 for one that is absent
 * @status: the first failure. All that follows does nothing and gives NULL or zero, so that
 *	a conversion need only look before it uses what it was given.
 */
struct tflite_node {
	struct tflite_import *import;
	uint32_t index;
	struct tflite_code code;
	const struct tflite_operator *info;
	struct fb_table proto, options;
	int num_inputs;
	int32_t *input_ids;
	struct edge_tensor **inputs;
	int num_outputs;
	int32_t *output_ids;
	struct edge_tensor **outputs;
	enum edge_status status;
};

/* Converts operator @index of the file. */
enum edge_status tflite_convert(struct tflite_import *import, uint32_t index);

/* Sets node->status and the message "operator 12 (CONV_2D): ..." unless the node has failed. */
void tflite_fail(struct tflite_node *node, enum edge_status status, const char *format, ...)
	EDGE_PRINTF(3, 4);

/* NULL when the input is absent. */
struct edge_tensor *tflite_input(const struct tflite_node *node, int index);

/* The value that output @index is, as the file describes it. */
const struct tflite_value *tflite_output_value(const struct tflite_node *node, int index);

void tflite_set_output(struct tflite_node *node, int index, struct edge_tensor *tensor);

/* Elements of the constant input @index, of any integer type, into @values; their number, or -1
 * when the input is absent. Fails the node when there are more than @max. */
int tflite_input_ints(struct tflite_node *node, int index, int64_t *values, int max);

/* The same for one integer. */
int64_t tflite_input_int(struct tflite_node *node, int index);

/* The option @id, which has to be from @min to @max. */
int32_t tflite_option(struct tflite_node *node, int id, int32_t missing, int32_t min, int32_t max);

/* build.c: nodes of our graph, inferred as they are added. ------------------------------------- */

/* Adds a node with outputs of unknown shape and default params, to be finished. */
struct edge_node *tflite_begin(struct tflite_node *node, enum edge_op op, int num_inputs,
			       struct edge_tensor *const *inputs, int num_outputs);

/* Infers the outputs of @made and computes them if that is cheap. @outputs: of
 * made->num_outputs. */
void tflite_finish(struct tflite_node *node, struct edge_node *made, struct edge_tensor **outputs);

/* Both for a node of one output; @params NULL for the defaults. */
struct edge_tensor *tflite_add(struct tflite_node *node, enum edge_op op,
			       const union edge_params *params, int num_inputs,
			       struct edge_tensor *const *inputs);
struct edge_tensor *tflite_add1(struct tflite_node *node, enum edge_op op,
				const union edge_params *params, struct edge_tensor *x);
struct edge_tensor *tflite_add2(struct tflite_node *node, enum edge_op op,
				const union edge_params *params, struct edge_tensor *a,
				struct edge_tensor *b);

struct edge_tensor *tflite_unary(struct tflite_node *node, enum edge_func func, float alpha,
				 float beta, struct edge_tensor *x);
struct edge_tensor *tflite_binary(struct tflite_node *node, enum edge_binary func,
				  struct edge_tensor *a, struct edge_tensor *b);
struct edge_tensor *tflite_cast(struct tflite_node *node, struct edge_tensor *x,
				enum edge_type type);
struct edge_tensor *tflite_reshape(struct tflite_node *node, struct edge_tensor *x, int rank,
				   const int64_t *dims);

/* A constant of zeroes; its data is to be written at once. */
struct edge_tensor *tflite_constant(struct tflite_node *node, enum edge_type type, int rank,
				    const int64_t *dims);

/* A constant of rank 0. */
struct edge_tensor *tflite_scalar(struct tflite_node *node, enum edge_type type, double value);

/* Takes @bytes from what constants may have; false, and the node fails, when too few are left. */
bool tflite_spend_bytes(struct tflite_node *node, uint64_t bytes);

/* Dimension i of the result is dimension perm[i] of @x; @perm has each dimension once. Constants
 * are permuted at once. */
struct edge_tensor *tflite_transpose(struct tflite_node *node, struct edge_tensor *x,
				     const int32_t *perm);

/* @axis of a tensor of @rank, counted from the start; the node fails when there is none. */
int tflite_axis(struct tflite_node *node, int64_t axis, int rank);

/* order.c: N, H, W, C and N, C, H, W. ---------------------------------------------------------- */

/* Whether @x was made in N, C, H, W. */
bool tflite_is_image(const struct edge_tensor *x);

/* @x[N, H, W, C], of four dimensions, as N, C, H, W. */
struct edge_tensor *tflite_first(struct tflite_node *node, struct edge_tensor *x);

/* Back. */
struct edge_tensor *tflite_last(struct tflite_node *node, struct edge_tensor *y);

/* Where dimension @axis of N, H, W, C is in N, C, H, W. */
int tflite_first_axis(int axis);

/* Drops the Transposes that nothing needed. */
void tflite_drop_unused(struct edge_graph *graph);

/* ops_math.c: functions that operators have in them. ------------------------------------------- */

/* The activation that option @id states; EDGE_FUNC_IDENTITY for none. */
struct edge_activation tflite_activation(struct tflite_node *node, int id);

/* @y with that activation; bytes become those of output 0. */
struct edge_tensor *tflite_activate(struct tflite_node *node, int id, struct edge_tensor *y);

#endif
