/* SPDX-License-Identifier: MIT */
/*
 * Reading ONNX models (https://github.com/onnx/onnx, docs/IR.md and docs/Operators.md).
 *
 * Nodes are converted in the order of the file, and every node of our graph is inferred as it is
 * added, so that a conversion sees the shapes of its inputs; small results of constants are
 * computed at once, which turns the shape arithmetic that exporters write (Shape, Gather, Concat,
 * Reshape, ...) into numbers. A value that waits for an input to be bound, and all that is made of
 * it, is left out: the model is converted again once the value is there.
 */
#ifndef EDGE_IMPORT_ONNX_ONNX_H
#define EDGE_IMPORT_ONNX_ONNX_H

#include "import/import.h"
#include "import/onnx/onnx.pb-c.h"

/* The newest opset whose operators are those that the conversions know. */
#define ONNX_MAX_OPSET 21

struct onnx_node;

/**
 * struct onnx_operator - an operator that can be converted
 * @name: NULL ends the table
 * @since: first opset with a meaning that @convert knows
 * @min_inputs: these are present when @convert runs
 * @max_inputs: -1 for any number
 * @max_outputs: the same
 * @constant_inputs: bit i: the value of input i decides shapes or params; it is a constant, or
 *	absent, when @convert runs. ONNX_ONLY_SHAPES: results are known from the inputs' shapes.
 * @variant: for @convert, where it serves several operators
 */
struct onnx_operator {
	const char *name;
	int since;
	int min_inputs, max_inputs, max_outputs;
	unsigned int constant_inputs;
	void (*convert)(struct onnx_node *node);
	int variant;
};

#define ONNX_ONLY_SHAPES (1u << 31)

/* The operator, or NULL. */
const struct onnx_operator *onnx_operator_find(const Onnx__NodeProto *proto);

/**
 * struct onnx_value - a name of the file
 * @named: the tensor that has the name
 * @tensor: the value: @named, or another one that is equal; NULL until it has been converted, and
 *	while it waits for an input to be bound
 * @origin: where it comes from, a mask
 * @producer: index of the node, for ONNX_FROM_NODE
 * @wanted_by: the node that needs its value to be known
 */
struct onnx_value {
	const char *name;
	struct edge_tensor *named;
	struct edge_tensor *tensor;
	unsigned int origin;
	size_t producer;
	const Onnx__NodeProto *wanted_by;
};

#define ONNX_FROM_INPUT 1u
#define ONNX_FROM_INITIALIZER 2u
#define ONNX_FROM_NODE 4u

/**
 * struct onnx_import - an import under way
 * @values: sorted by name
 * @fold_bytes: that constants which are computed may still have
 * @fold_work: that may still be spent on computing them
 */
struct onnx_import {
	const struct edge_source *source;
	Onnx__GraphProto *proto;
	struct edge_graph *graph;
	int opset;
	struct onnx_value *values;
	size_t num_values;
	uint64_t fold_bytes;
	double fold_work;
	struct edge_error *error;
};

/* values.c: the names of a file. ----------------------------------------------------------------- */

/* Lists all names with their origins; EDGE_BAD_FORMAT when one is defined twice. */
enum edge_status onnx_values_create(struct onnx_import *import);
void onnx_values_destroy(struct onnx_import *import);

/* The value of that name, or NULL. */
struct onnx_value *onnx_values_find(const struct onnx_import *import, const char *name);

/* bind.c: inputs that must be bound. ------------------------------------------------------------- */

/* Marks the inputs that the wanted values are computed from; EDGE_UNSUPPORTED when one is wanted
 * that no binding would make known. */
enum edge_status onnx_mark_bindings(struct onnx_import *import);

/* node.c: nodes. --------------------------------------------------------------------------------- */

/**
 * struct onnx_node - a node of the file that is being converted
 * @inputs: NULL for an optional one that is absent, or left out at the end
 * @outputs: set by onnx_set_output(); NULL for one that the file does not use
 * @read: bit i: attribute i has been asked for
 * @status: the first failure. All that follows does nothing and gives NULL or zero, so that
 *	a conversion need only look before it uses what it was given.
 */
struct onnx_node {
	struct onnx_import *import;
	const Onnx__NodeProto *proto;
	const struct onnx_operator *info;
	int num_inputs;
	struct edge_tensor **inputs;
	int num_outputs;
	struct edge_tensor **outputs;
	uint64_t read;
	enum edge_status status;
};

/* Converts node @index of the file. */
enum edge_status onnx_convert(struct onnx_import *import, size_t index);

/* What messages call a node: its name, or that of an output. */
const char *onnx_node_name(const Onnx__NodeProto *proto);

/* Sets node->status and the message "node 'name' (Operator): ..." unless the node has failed. */
void onnx_fail(struct onnx_node *node, enum edge_status status, const char *format, ...)
	EDGE_PRINTF(3, 4);

/* NULL when the input is absent. */
struct edge_tensor *onnx_input(const struct onnx_node *node, int index);

bool onnx_wants_output(const struct onnx_node *node, int index);
void onnx_set_output(struct onnx_node *node, int index, struct edge_tensor *tensor);

/* Elements of the constant input @index, of any integer type, into @values; their number, or -1
 * when the input is absent. Fails the node when there are more than @max. */
int onnx_input_ints(struct onnx_node *node, int index, int64_t *values, int max);

/* The same for one number; @missing when the input is absent. */
double onnx_input_scalar(struct onnx_node *node, int index, double missing);

/* attr.c: attributes. One of the wrong type fails the node; so does, after the conversion, one that
 * nobody has asked for: what it says would be ignored. ------------------------------------------- */

bool onnx_attr_present(struct onnx_node *node, const char *name);

/* The node fails when the value is not in [@min, @max]. */
int64_t onnx_attr_int(struct onnx_node *node, const char *name, int64_t missing, int64_t min,
		      int64_t max);
bool onnx_attr_bool(struct onnx_node *node, const char *name, bool missing);
float onnx_attr_float(struct onnx_node *node, const char *name, float missing);

/* The number of integers, or -1 when the attribute is absent; the node fails when there are more
 * than @max. */
int onnx_attr_ints(struct onnx_node *node, const char *name, int64_t *values, int max);
int onnx_attr_floats(struct onnx_node *node, const char *name, float *values, int max);

/* Index of the string in @choices, which NULL ends; @missing when the attribute is absent. The node
 * fails with any other string. */
int onnx_attr_choice(struct onnx_node *node, const char *name, int missing,
		     const char *const *choices);

/* NULL when the attribute is absent. */
Onnx__TensorProto *onnx_attr_tensor(struct onnx_node *node, const char *name);

/* An attribute that changes nothing here. */
void onnx_attr_ignore(struct onnx_node *node, const char *name);

/* Fails the node when it has an attribute that was not read. */
void onnx_attr_check_read(struct onnx_node *node);

/* tensor.c: tensors of the file. ----------------------------------------------------------------- */

/* Our type for an ONNX TensorProto.DataType, EDGE_TYPE_NONE if there is none. */
enum edge_type onnx_type(int32_t data_type);

/* "double", ...: ONNX's name of the type. */
const char *onnx_type_name(int32_t data_type);

/* Adds the tensor as a constant. @name is its name in the graph, or NULL. Takes the data out of
 * @proto where it can. */
enum edge_status onnx_tensor_add(struct onnx_import *import, Onnx__TensorProto *proto,
				 const char *name, struct edge_tensor **tensor);

/* build.c: nodes of our graph, inferred as they are added. --------------------------------------- */

/* Adds a node with outputs of unknown shape and default params, to be finished. */
struct edge_node *onnx_begin(struct onnx_node *node, enum edge_op op, int num_inputs,
			     struct edge_tensor *const *inputs, int num_outputs);

/* Infers the outputs of @made and computes them if that is cheap. @outputs: of made->num_outputs. */
void onnx_finish(struct onnx_node *node, struct edge_node *made, struct edge_tensor **outputs);

/* Both for a node of one output; @params NULL for the defaults. */
struct edge_tensor *onnx_add(struct onnx_node *node, enum edge_op op,
			     const union edge_params *params, int num_inputs,
			     struct edge_tensor *const *inputs);

/* onnx_add() for one and for two inputs. */
struct edge_tensor *onnx_add1(struct onnx_node *node, enum edge_op op,
			      const union edge_params *params, struct edge_tensor *x);
struct edge_tensor *onnx_add2(struct onnx_node *node, enum edge_op op,
			      const union edge_params *params, struct edge_tensor *a,
			      struct edge_tensor *b);

struct edge_tensor *onnx_unary(struct onnx_node *node, enum edge_func func, struct edge_tensor *x);
struct edge_tensor *onnx_binary(struct onnx_node *node, enum edge_binary func,
				struct edge_tensor *a, struct edge_tensor *b);
struct edge_tensor *onnx_cast(struct onnx_node *node, struct edge_tensor *x, enum edge_type type);
struct edge_tensor *onnx_reshape(struct onnx_node *node, struct edge_tensor *x, int rank,
				 const int64_t *dims);
struct edge_tensor *onnx_expand(struct onnx_node *node, struct edge_tensor *x, int rank,
				const int64_t *dims);

/* Over the given axes; the dims stay as 1. */
struct edge_tensor *onnx_reduce(struct onnx_node *node, enum edge_reduction kind,
				struct edge_tensor *x, int num_axes, const int32_t *axes);

/* A constant of zeroes; its data is to be written at once. */
struct edge_tensor *onnx_constant(struct onnx_node *node, enum edge_type type, int rank,
				  const int64_t *dims);

/* A constant of rank 0. */
struct edge_tensor *onnx_scalar(struct onnx_node *node, enum edge_type type, double value);

/* @axis of a tensor of @rank, counted from the start; the node fails when there is none. */
int onnx_axis(struct onnx_node *node, int64_t axis, int rank);

/* The same for @count axes, none of which may come twice. */
void onnx_axes(struct onnx_node *node, const int64_t *values, int count, int rank, int32_t *axes);

#endif
