/* SPDX-License-Identifier: MIT */
/*
 * The intermediate representation: a graph of nodes over typed tensors.
 *
 * An importer builds it with the shapes and the axis order of the model's format (N, C, H, W for
 * images). Passes change it in place. Physical layout is apart from the logical shape: after the
 * layout and view passes every tensor has strides into a storage, so that concat, split, transpose
 * and reshape are mostly views that cost nothing. A program is a graph that has been through all
 * passes.
 */
#ifndef EDGE_GRAPH_GRAPH_H
#define EDGE_GRAPH_GRAPH_H

#include <stdbool.h>
#include <stdio.h>

#include "base/requant.h"
#include "edge/limits.h"
#include "edge/model.h"
#include "graph/op.h"

struct edge_node;

/* Where the bytes of a storage are while a program runs. */
enum edge_memory {
	EDGE_MEMORY_NONE = 0, /* not decided yet, or nothing refers to it */
	EDGE_MEMORY_CONSTANT, /* tensor->data */
	EDGE_MEMORY_ARENA, /* session: shared by tensors whose lives do not overlap */
	EDGE_MEMORY_IO, /* request: inputs and outputs of the graph */
};

/**
 * struct edge_quant - affine quantisation, real = scale * (stored - zero_point)
 * @axis: dimension that the parameters run along; -1 for one pair for the whole tensor
 * @count: of pairs: 1, or dims[axis]
 */
struct edge_quant {
	int axis;
	int64_t count;
	float *scales;
	int32_t *zero_points;
};

/**
 * struct edge_tensor - a value in the graph
 * @id: its index in graph->tensors
 * @name: never NULL, unique in a graph
 * @type: EDGE_TYPE_NONE until inferred
 * @rank: -1 until inferred
 * @dims: logical shape; 0 is an empty dimension. An importer leaves -1 where the file leaves a
 *	graph input's dimension open; none is left when shape inference has succeeded.
 * @dynamic: dims[0] is an upper bound, the true number is known after a run
 *	(NonMaxSuppression); only graph outputs may be
 * @quant: NULL when the tensor is not quantised
 * @producer: node that writes it; NULL for graph inputs and constants
 * @consumers: nodes that read it, once for each use; kept by edge_node_set_input()
 * @constant: the value is known when the graph is compiled
 * @data: a constant's elements, dense row-major; NULL for everything else, and for constants that
 *	the back end has packed and that nothing else needs (edge_graph_drop_data())
 * @owns_data: @data is freed with the tensor (else it lies in a mapped file)
 * @must_bind: a graph input whose value decides shapes: the importer needs it to build the graph,
 *	which is incomplete until then
 * @order: filled by the layout pass: order[0] is the outermost dimension in memory, order[rank - 1]
 *	the innermost. Row-major is 0, 1, 2, ...; images in channels-last are 0, 2, 3, 1.
 * @storage: filled by the view pass: the tensor whose memory this one looks into; itself for a root
 * @strides: filled by the view pass: in elements
 * @offset: filled by the view pass: in elements, from the start of the storage
 * @memory: filled by the memory plan, for roots
 * @address: filled by the memory plan, for roots: byte offset in that memory, a multiple of 64
 * @size: filled by the view pass, for roots: bytes, which views may make larger than the tensor
 */
struct edge_tensor {
	int id;
	char *name;
	enum edge_type type;
	int rank;
	int64_t dims[EDGE_MAX_RANK];
	bool dynamic;
	struct edge_quant *quant;

	struct edge_node *producer;
	struct edge_node **consumers;
	int num_consumers;
	int max_consumers;

	bool constant;
	void *data;
	bool owns_data;
	bool must_bind;

	int order[EDGE_MAX_RANK];
	struct edge_tensor *storage;
	int64_t strides[EDGE_MAX_RANK];
	int64_t offset;
	enum edge_memory memory;
	uint64_t address;
	uint64_t size;
};

/* Devices that a node may be placed on. Values are part of the program file. */
enum edge_device_kind {
	EDGE_DEVICE_CPU = 0,
};

/* Longest reason for a placement, its terminating zero included, in bytes. */
#define EDGE_REASON_MAX 96

/**
 * struct edge_node - an operation
 * @id: its index in graph->nodes
 * @name: never NULL; of the model's node that it stems from
 * @op: see graph/op.h, which also says what @params, @inputs and @outputs mean for each
 * @inputs: an optional input that is absent is NULL
 * @act: applied to the result as it is written; EDGE_FUNC_IDENTITY for none; on a quantised result
 *	only EDGE_FUNC_RELU and EDGE_FUNC_CLIP
 * @rounding: of quantised results
 * @packed: constants in the form that @kernel reads, made by the back end; opaque: rank 1, and
 *	among no node's inputs
 * @is_view: filled by the view pass: outputs look into the input's storage (or the inputs into the
 *	output's, for Concat), nothing is to be done
 * @device: filled by the partition
 * @kernel: filled by the back end: the name of the implementation chosen, NULL before; static, or
 *	owned by the graph's mapped program
 * @reason: filled by the partition and the back end: why not a better place
 */
struct edge_node {
	int id;
	char *name;
	enum edge_op op;
	union edge_params params;
	struct edge_activation act;
	enum edge_rounding rounding;

	struct edge_tensor **inputs;
	int num_inputs;
	struct edge_tensor **outputs;
	int num_outputs;

	struct edge_tensor **packed;
	int num_packed;

	bool is_view;
	enum edge_device_kind device;
	const char *kernel;
	char reason[EDGE_REASON_MAX];
};

/* Text that travels with the model: "producer", "names" (labels), "darknet.head.0.anchors", "card".
 */
struct edge_metadata {
	char *key;
	char *value;
};

/**
 * struct edge_graph - a detector's graph
 * @name: for messages: the file's path
 * @nodes: in an order in which they can run
 * @inputs: without constants, even where the file lists them as inputs
 * @outputs: in the model's order; a tensor may stand here and be consumed as well
 * @arena_size: filled by the memory plan: bytes
 * @io_size: filled by the memory plan: bytes
 * @limits: what the graph may ask for
 * @names, @max_names, @last_name: index of the tensors by name, see edge_graph_find_tensor()
 *
 * The graph owns its tensors and nodes. The arrays are read freely and changed by the calls below.
 */
struct edge_graph {
	char *name;
	struct edge_tensor **tensors;
	int num_tensors;
	int max_tensors;
	struct edge_node **nodes;
	int num_nodes;
	int max_nodes;
	struct edge_tensor **inputs;
	int num_inputs;
	struct edge_tensor **outputs;
	int num_outputs;
	struct edge_metadata *metadata;
	int num_metadata;
	uint64_t arena_size;
	uint64_t io_size;
	struct edge_limits limits;
	struct edge_tensor **names;
	size_t max_names;
	unsigned int last_name;
};

/* Building. Each returns NULL, or false, when memory has run out. ------------------------------ */

struct edge_graph *edge_graph_create(const char *name);
void edge_graph_destroy(struct edge_graph *graph); /* accepts NULL */

/* A deep copy; constants that the graph does not own are shared. */
struct edge_graph *edge_graph_clone(const struct edge_graph *graph);

/* A new tensor of unknown type and rank. A @name that is taken, or NULL, is made unique. */
struct edge_tensor *edge_graph_add_tensor(struct edge_graph *graph, const char *name);

/* A constant of the given shape; @data, allocated by malloc() and dense, becomes the graph's, even
 * on failure. NULL @data: zeroes are allocated, aligned to 64 bytes. Also NULL for a shape or type
 * that is none. */
struct edge_tensor *edge_graph_add_constant(struct edge_graph *graph, const char *name,
					    enum edge_type type, int rank, const int64_t *dims,
					    void *data);

/* A new node at the end, with that many unset inputs and outputs, its params those of
 * edge_op_default_params(). @name NULL: made from the operator. */
struct edge_node *edge_graph_add_node(struct edge_graph *graph, enum edge_op op, const char *name,
				      int num_inputs, int num_outputs);

/* The same, in front of @before. */
struct edge_node *edge_graph_insert_node(struct edge_graph *graph, const struct edge_node *before,
					 enum edge_op op, const char *name, int num_inputs,
					 int num_outputs);

bool edge_graph_add_input(struct edge_graph *graph, struct edge_tensor *tensor);
bool edge_graph_add_output(struct edge_graph *graph, struct edge_tensor *tensor);

/* Sets input @index, which may be NULL on either side, and keeps the consumers. */
bool edge_node_set_input(struct edge_node *node, int index, struct edge_tensor *tensor);

/* Sets output @index, which may be NULL on either side, and the producers: the tensor there before
 * loses its producer, and a node that produced @tensor before loses that output. */
void edge_node_set_output(struct edge_node *node, int index, struct edge_tensor *tensor);

/* Changes the number of inputs; new ones are NULL, dropped ones lose their consumer. */
bool edge_node_resize_inputs(struct edge_node *node, int num_inputs);

/* Makes every consumer of @from, and the graph's outputs, use @to. */
bool edge_graph_replace_uses(struct edge_graph *graph, struct edge_tensor *from,
			     struct edge_tensor *to);

/* Takes @node out and frees it; its outputs lose their producer. O(nodes). */
void edge_graph_remove_node(struct edge_graph *graph, struct edge_node *node);

/* Drops nodes marked by setting node->op to EDGE_OP_NONE, and tensors that nothing refers to, and
 * numbers both anew. */
void edge_graph_compact(struct edge_graph *graph);

/* Brings the nodes into an order in which they can run; EDGE_BAD_FORMAT names a node on a cycle. */
enum edge_status edge_graph_sort(struct edge_graph *graph, struct edge_error *error);

/* A new constant of @count elements of @type, zeroed, aligned to 64 bytes, for the back end's use
 * by
 * @node alone. It is placed already: a dense storage of its own in EDGE_MEMORY_CONSTANT. */
struct edge_tensor *edge_node_add_packed(struct edge_graph *graph, struct edge_node *node,
					 enum edge_type type, int64_t count);

/* Gives @tensor @count pairs (see struct edge_quant), which are copied; false when memory has run
 * out. */
bool edge_tensor_set_quant(struct edge_tensor *tensor, int axis, int64_t count, const float *scales,
			   const int32_t *zero_points);

/* Gives @to the quantisation of @from, which may be none. */
bool edge_tensor_copy_quant(struct edge_tensor *to, const struct edge_tensor *from);

/* Frees the data of a constant; its shape stays. */
void edge_graph_drop_data(struct edge_tensor *tensor);

bool edge_graph_set_metadata(struct edge_graph *graph, const char *key, const char *value);
const char *edge_graph_metadata(const struct edge_graph *graph, const char *key); /* or NULL */

/* Asking. -------------------------------------------------------------------------------------- */

/* The tensor of that name, or NULL. Names never change. */
struct edge_tensor *edge_graph_find_tensor(const struct edge_graph *graph, const char *name);

bool edge_graph_is_output(const struct edge_graph *graph, const struct edge_tensor *tensor);
bool edge_graph_is_input(const struct edge_graph *graph, const struct edge_tensor *tensor);
static inline bool edge_tensor_is_constant(const struct edge_tensor *tensor)
{
	return tensor->constant;
}

/* Product of the dims; 1 for a scalar, 0 for an empty tensor, -1 when not known or above
 * INT64_MAX / 16. */
int64_t edge_tensor_elements(const struct edge_tensor *tensor);

/* elements * size of the type. */
int64_t edge_tensor_bytes(const struct edge_tensor *tensor);

bool edge_tensor_same_shape(const struct edge_tensor *a, const struct edge_tensor *b);

/* Whether both stand for the same reals when they hold the same integers, or neither for any. */
bool edge_tensor_same_quant(const struct edge_tensor *a, const struct edge_tensor *b);

/* A quantised u8 or i8, with one pair for the whole tensor. */
bool edge_tensor_is_bytes(const struct edge_tensor *tensor);

/* The limits of type u8, i8 or i32, and the zero point of @tensor, which is quantised. */
struct edge_range edge_tensor_range(const struct edge_tensor *tensor);

/* Sets type and shape. */
void edge_tensor_set_shape(struct edge_tensor *tensor, enum edge_type type, int rank,
			   const int64_t *dims);

/* Name, type, shape and quantisation of @tensor for who asks from outside; the strides are 0. */
void edge_tensor_describe(const struct edge_tensor *tensor, struct edge_tensor_info *info);

/* A constant's view, dense. */
struct edge_view edge_tensor_constant_view(const struct edge_tensor *tensor);

/* Reads a constant of type i32 or i64 with at most @max elements into @values; its number, or -1
 * when @tensor is NULL, no such constant or has more. */
int edge_tensor_read_ints(const struct edge_tensor *tensor, int64_t *values, int max);

/* Reads a constant of one element of any type. */
bool edge_tensor_read_scalar(const struct edge_tensor *tensor, double *value);

/* The only consumer, or NULL when there is none, several, or the tensor is a graph output. */
struct edge_node *edge_tensor_only_consumer(const struct edge_graph *graph,
					    const struct edge_tensor *tensor);

/* Strides of a dense tensor whose dimensions lie in memory in @order (NULL: row-major). */
void edge_dense_strides(int rank, const int64_t *dims, const int *order, int64_t *strides);

/* Fills @to with the strides by which a tensor of shape @to_dims reads what lies at (@dims,
 * @strides); false when no strides do. Holds in both directions: merging dimensions may fail,
 * splitting cannot. Both shapes have the same number of elements. */
bool edge_reshape_strides(int rank, const int64_t *dims, const int64_t *strides, int to_rank,
			  const int64_t *to_dims, int64_t *to);

#endif
