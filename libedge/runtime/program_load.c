// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"
#include "base/log.h"
#include "edge/cpu.h"
#include "graph/verify.h"
#include "runtime/program.h"
#include "runtime/program_format.h"

/*
 * A file being read: sections whose bounds have been checked. Links are used up in order, and all
 * strings together may be as long as their section, all pairs of quantisations as many as there
 * are, so that no file can refer to one part of itself many times over and make a large graph.
 */
struct reader {
	const struct program_header *header;
	const char *strings;
	const struct program_tensor *tensors;
	const struct program_quant *quants;
	const struct program_quant_pair *quant_pairs;
	const struct program_node *nodes;
	const uint32_t *links;
	const struct program_metadata *metadata;
	const uint8_t *constants;
	uint64_t strings_left;
	uint64_t pairs_left;
	uint64_t counts[PROGRAM_NUM_SECTIONS];
	struct edge_graph *graph;
	struct edge_error *error;
};

static bool recognise(const uint8_t *data, size_t size)
{
	return size >= PROGRAM_MAGIC_SIZE && !memcmp(data, PROGRAM_MAGIC, PROGRAM_MAGIC_SIZE);
}

static enum edge_status bad(const struct reader *reader, const char *what)
{
	return edge_fail(reader->error, EDGE_BAD_FORMAT,
			 "%s is not what a program has there; compile the model again", what);
}

/* What every version's file begins with. */
static enum edge_status check_version(const uint8_t *data, size_t size, struct edge_error *error)
{
	const struct program_header *header = (const void *)data;

	if (!recognise(data, size))
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "not a program; programs are made by compiling a model");
	if (size < offsetof(struct program_header, checksum))
		return edge_fail(error, EDGE_BAD_FORMAT, "ends within its header; copy it again");
	if (header->endianness == __builtin_bswap32(PROGRAM_ENDIANNESS))
		return edge_fail(error, EDGE_INCOMPATIBLE,
				 "compiled on a machine of the other byte order; compile the model "
				 "on this one");
	if (header->endianness != PROGRAM_ENDIANNESS)
		return edge_fail(error, EDGE_BAD_FORMAT, "damaged header; copy it again");
	if (header->version > PROGRAM_VERSION)
		return edge_fail(error, EDGE_INCOMPATIBLE,
				 "program format %" PRIu32 " of a newer version of edge (%s reads "
				 "format %d); update edge, or compile the model again",
				 header->version, edge_version(), PROGRAM_VERSION);
	if (header->version != PROGRAM_VERSION)
		return edge_fail(error, EDGE_INCOMPATIBLE,
				 "program format %" PRIu32 " of an older version of edge (%s reads "
				 "format %d); compile the model again",
				 header->version, edge_version(), PROGRAM_VERSION);
	return EDGE_OK;
}

static enum edge_status check_whole(const uint8_t *data, size_t size, struct edge_error *error)
{
	const struct program_header *header = (const void *)data;
	uint64_t sum;

	if (size < sizeof(*header))
		return edge_fail(error, EDGE_BAD_FORMAT, "ends within its header; copy it again");
	if (header->file_size != size)
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "%zu bytes, and should have %" PRIu64 "; copy it again", size,
				 header->file_size);
	sum = program_checksum(header, data + sizeof(*header), size - sizeof(*header));
	if (sum != header->checksum)
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "damaged: its checksum is not that of its bytes; copy it again");
	return EDGE_OK;
}

static enum edge_status check_processor(const struct program_header *header,
					struct edge_error *error)
{
	unsigned int flags = edge_cpu_flags();

	if (header->machine != program_machine())
		return edge_fail(error, EDGE_INCOMPATIBLE,
				 "compiled for another processor architecture; compile the model "
				 "on this machine");
	if (header->cpu_flags & ~flags)
		return edge_fail(error, EDGE_INCOMPATIBLE,
				 "compiled for %s, and this processor has (or may use) only %s; "
				 "compile the model on this machine",
				 edge_cpu_level_name(header->cpu_flags),
				 edge_cpu_level_name(flags));
	/* bf16 is there for those who have asked for it. */
	if (flags & ~header->cpu_flags & ~(unsigned int)EDGE_CPU_AVX512_BF16)
		edge_log(EDGE_LOG_RUN,
			 "the program was compiled for %s and this processor has %s; compile the "
			 "model again to use it",
			 edge_cpu_level_name(header->cpu_flags), edge_cpu_level_name(flags));
	return EDGE_OK;
}

static bool open_sections(struct reader *reader, const uint8_t *data, size_t size)
{
	static const size_t record_sizes[PROGRAM_NUM_SECTIONS] = {
		[PROGRAM_STRINGS] = 1,
		[PROGRAM_TENSORS] = sizeof(struct program_tensor),
		[PROGRAM_QUANTS] = sizeof(struct program_quant),
		[PROGRAM_QUANT_PAIRS] = sizeof(struct program_quant_pair),
		[PROGRAM_NODES] = sizeof(struct program_node),
		[PROGRAM_LINKS] = sizeof(uint32_t),
		[PROGRAM_METADATA] = sizeof(struct program_metadata),
		[PROGRAM_CONSTANTS] = 1,
	};
	const struct program_section *sections = reader->header->sections;

	for (int i = 0; i < PROGRAM_NUM_SECTIONS; i++) {
		if (sections[i].offset % PROGRAM_ALIGNMENT || sections[i].offset > size ||
		    sections[i].size > size - sections[i].offset ||
		    sections[i].size % record_sizes[i])
			return false;
		reader->counts[i] = sections[i].size / record_sizes[i];
		/* Indices are ints in the graph. */
		if (i != PROGRAM_CONSTANTS && reader->counts[i] > INT32_MAX)
			return false;
	}
	reader->strings = (const void *)(data + sections[PROGRAM_STRINGS].offset);
	reader->tensors = (const void *)(data + sections[PROGRAM_TENSORS].offset);
	reader->quants = (const void *)(data + sections[PROGRAM_QUANTS].offset);
	reader->quant_pairs = (const void *)(data + sections[PROGRAM_QUANT_PAIRS].offset);
	reader->nodes = (const void *)(data + sections[PROGRAM_NODES].offset);
	reader->links = (const void *)(data + sections[PROGRAM_LINKS].offset);
	reader->metadata = (const void *)(data + sections[PROGRAM_METADATA].offset);
	reader->constants = data + sections[PROGRAM_CONSTANTS].offset;
	reader->strings_left = reader->counts[PROGRAM_STRINGS];
	reader->pairs_left = reader->counts[PROGRAM_QUANT_PAIRS];
	/* The zero byte at the end bounds every string. */
	return reader->counts[PROGRAM_STRINGS] &&
	       !reader->strings[reader->counts[PROGRAM_STRINGS] - 1];
}

/* NULL when @offset lies outside. */
static const char *next_string(struct reader *reader, uint32_t offset)
{
	const char *string = reader->strings + offset;
	size_t size;

	if (offset >= reader->counts[PROGRAM_STRINGS])
		return NULL;
	size = strlen(string) + 1;
	if (size > reader->strings_left)
		return NULL;
	/* Who writes files need not write the empty string more than once. */
	if (offset)
		reader->strings_left -= size;
	return string;
}

static enum edge_status read_quant(struct reader *reader, const struct program_tensor *record,
				   struct edge_tensor *tensor)
{
	const struct program_quant *from;
	const struct program_quant_pair *pairs;
	struct edge_quant *quant;

	if (record->quant == PROGRAM_NONE)
		return EDGE_OK;
	if (record->quant >= reader->counts[PROGRAM_QUANTS])
		return bad(reader, "a quantisation");
	from = &reader->quants[record->quant];
	if (from->axis < -1 || from->axis >= tensor->rank ||
	    from->count != (from->axis < 0 ? 1 : tensor->dims[from->axis]) ||
	    from->pairs > reader->counts[PROGRAM_QUANT_PAIRS] ||
	    from->count > reader->counts[PROGRAM_QUANT_PAIRS] - from->pairs ||
	    from->count > reader->pairs_left)
		return bad(reader, "a quantisation");
	reader->pairs_left -= from->count;
	quant = calloc(1, sizeof(*quant));
	if (!quant)
		return edge_fail_memory(reader->error);
	tensor->quant = quant;
	quant->axis = from->axis;
	quant->count = from->count;
	quant->scales = calloc(from->count + 1, sizeof(*quant->scales));
	quant->zero_points = calloc(from->count + 1, sizeof(*quant->zero_points));
	if (!quant->scales || !quant->zero_points)
		return edge_fail_memory(reader->error);
	pairs = reader->quant_pairs + from->pairs;
	for (uint32_t i = 0; i < from->count; i++) {
		quant->scales[i] = pairs[i].scale;
		quant->zero_points[i] = pairs[i].zero_point;
	}
	return EDGE_OK;
}

/* Points the tensor at its value in the file; false when that is not all there. */
static bool read_value(const struct reader *reader, const struct program_tensor *record,
		       struct edge_tensor *tensor)
{
	uint64_t room = reader->counts[PROGRAM_CONSTANTS];
	uint64_t size = edge_tensor_bytes(tensor);

	if (record->data == PROGRAM_NO_DATA)
		return true;
	if (!tensor->constant || record->data % PROGRAM_ALIGNMENT || record->data > room ||
	    size > room - record->data)
		return false;
	/* Constants are read only, whatever the type says. */
	tensor->data = (void *)(reader->constants + record->data);
	return true;
}

static enum edge_status read_tensor(struct reader *reader, const struct program_tensor *record)
{
	const char *name = next_string(reader, record->name);
	struct edge_tensor *tensor;

	if (!name || !record->type || record->type >= EDGE_NUM_TYPES ||
	    record->rank > EDGE_MAX_RANK || record->memory > EDGE_MEMORY_IO)
		return bad(reader, "a tensor");
	tensor = edge_graph_add_tensor(reader->graph, name);
	if (!tensor)
		return edge_fail_memory(reader->error);
	edge_tensor_set_shape(tensor, record->type, record->rank, record->dims);
	if (edge_tensor_bytes(tensor) < 0)
		return bad(reader, name);
	tensor->constant = record->flags & PROGRAM_TENSOR_CONSTANT;
	tensor->dynamic = record->flags & PROGRAM_TENSOR_DYNAMIC;
	tensor->offset = record->offset;
	tensor->memory = record->memory;
	tensor->address = record->address;
	tensor->size = record->size;
	for (int i = 0; i < tensor->rank; i++) {
		tensor->strides[i] = record->strides[i];
		tensor->order[i] = record->order[i];
	}
	if (!read_value(reader, record, tensor))
		return bad(reader, name);
	return read_quant(reader, record, tensor);
}

static enum edge_status read_tensors(struct reader *reader)
{
	uint64_t count = reader->counts[PROGRAM_TENSORS];
	enum edge_status status = EDGE_OK;

	for (uint64_t i = 0; i < count && !status; i++)
		status = read_tensor(reader, &reader->tensors[i]);
	if (status)
		return status;
	for (uint64_t i = 0; i < count; i++) {
		uint32_t storage = reader->tensors[i].storage;

		if (storage != PROGRAM_NONE && storage >= count)
			return bad(reader, reader->graph->tensors[i]->name);
		if (storage != PROGRAM_NONE)
			reader->graph->tensors[i]->storage = reader->graph->tensors[storage];
	}
	return EDGE_OK;
}

/* Takes the next link; false when there is none or it leads nowhere. */
static bool next_link(struct reader *reader, struct edge_tensor **tensor)
{
	uint32_t link;

	if (!reader->counts[PROGRAM_LINKS])
		return false;
	reader->counts[PROGRAM_LINKS]--;
	link = *reader->links++;
	*tensor = NULL;
	if (link == PROGRAM_NONE)
		return true;
	if (link >= reader->counts[PROGRAM_TENSORS])
		return false;
	*tensor = reader->graph->tensors[link];
	return true;
}

static enum edge_status link_graph(struct reader *reader)
{
	const struct program_header *header = reader->header;
	struct edge_tensor *tensor;

	for (uint32_t i = 0; i < header->num_inputs; i++) {
		if (!next_link(reader, &tensor) || !tensor || tensor->constant)
			return bad(reader, "an input");
		if (!edge_graph_add_input(reader->graph, tensor))
			return edge_fail_memory(reader->error);
	}
	for (uint32_t i = 0; i < header->num_outputs; i++) {
		if (!next_link(reader, &tensor) || !tensor)
			return bad(reader, "an output");
		if (!edge_graph_add_output(reader->graph, tensor))
			return edge_fail_memory(reader->error);
	}
	return EDGE_OK;
}

static enum edge_status link_node(struct reader *reader, const struct program_node *record,
				  struct edge_node *node)
{
	struct edge_tensor *tensor;

	for (int i = 0; i < node->num_inputs; i++) {
		if (!next_link(reader, &tensor))
			return bad(reader, node->name);
		if (!edge_node_set_input(node, i, tensor))
			return edge_fail_memory(reader->error);
	}
	for (int i = 0; i < node->num_outputs; i++) {
		/* A tensor has one producer, and a constant none. */
		if (!next_link(reader, &tensor) ||
		    (tensor && (tensor->producer || tensor->constant)))
			return bad(reader, node->name);
		edge_node_set_output(node, i, tensor);
	}
	node->packed = calloc((size_t)record->num_packed + 1, sizeof(*node->packed));
	if (!node->packed)
		return edge_fail_memory(reader->error);
	for (uint32_t i = 0; i < record->num_packed; i++) {
		if (!next_link(reader, &tensor) || !tensor || !tensor->data)
			return bad(reader, node->name);
		node->packed[node->num_packed++] = tensor;
	}
	return EDGE_OK;
}

static enum edge_status read_node(struct reader *reader, const struct program_node *record)
{
	const char *name = next_string(reader, record->name);
	const char *kernel = next_string(reader, record->kernel);
	const char *reason = next_string(reader, record->reason);
	uint64_t links = (uint64_t)record->num_inputs + record->num_outputs + record->num_packed;
	struct edge_node *node;

	if (!name || !kernel || !reason || !edge_op_info(record->op) ||
	    record->act > EDGE_LAST_ACTIVATION || record->rounding >= EDGE_NUM_ROUNDINGS ||
	    record->device != EDGE_DEVICE_CPU || record->is_view > 1 ||
	    links > reader->counts[PROGRAM_LINKS])
		return bad(reader, name ? name : "a node");
	node = edge_graph_add_node(reader->graph, record->op, name, record->num_inputs,
				   record->num_outputs);
	if (!node)
		return edge_fail_memory(reader->error);
	memcpy(&node->params, record->params, sizeof(node->params));
	node->act = (struct edge_activation) { record->act, record->alpha, record->beta };
	node->rounding = record->rounding;
	node->is_view = record->is_view;
	node->device = record->device;
	node->kernel = *kernel ? kernel : NULL;
	snprintf(node->reason, sizeof(node->reason), "%s", reason);
	return link_node(reader, record, node);
}

static enum edge_status read_metadata(struct reader *reader)
{
	for (uint64_t i = 0; i < reader->counts[PROGRAM_METADATA]; i++) {
		const char *key = next_string(reader, reader->metadata[i].key);
		const char *value = next_string(reader, reader->metadata[i].value);

		if (!key || !value)
			return bad(reader, "a metadata entry");
		if (!edge_graph_set_metadata(reader->graph, key, value))
			return edge_fail_memory(reader->error);
	}
	return EDGE_OK;
}

/* Whether the memory that the file asks for is of the order of what its tensors need. */
static bool needs_memory(const struct edge_graph *graph, uint64_t size)
{
	uint64_t needed = 0;

	for (int i = 0; i < graph->num_tensors; i++) {
		uint64_t bytes = edge_tensor_bytes(graph->tensors[i]) + PROGRAM_ALIGNMENT;

		if (__builtin_add_overflow(needed, 2 * bytes, &needed))
			return true;
	}
	return size <= needed;
}

static enum edge_status check_counts(const struct reader *reader)
{
	const struct edge_limits *limits = &reader->graph->limits;

	if (reader->counts[PROGRAM_NODES] > limits->nodes)
		return edge_fail(reader->error, EDGE_LIMIT_EXCEEDED, "the graph has %s",
				 EDGE_OVER(limits, nodes));
	if (reader->counts[PROGRAM_TENSORS] > limits->tensors)
		return edge_fail(reader->error, EDGE_LIMIT_EXCEEDED, "the graph has %s",
				 EDGE_OVER(limits, tensors));
	if (reader->header->num_inputs > limits->ports ||
	    reader->header->num_outputs > limits->ports)
		return edge_fail(reader->error, EDGE_LIMIT_EXCEEDED,
				 "the graph has inputs or outputs, %s", EDGE_OVER(limits, ports));
	if (reader->counts[PROGRAM_METADATA] > limits->metadata)
		return edge_fail(reader->error, EDGE_LIMIT_EXCEEDED, "its metadata has %s",
				 EDGE_OVER(limits, metadata));
	return EDGE_OK;
}

static enum edge_status read_graph(struct reader *reader)
{
	enum edge_status status = check_counts(reader);

	if (!status)
		status = read_tensors(reader);
	reader->graph->arena_size = reader->header->arena_size;
	reader->graph->io_size = reader->header->io_size;
	if (!status && (!needs_memory(reader->graph, reader->graph->arena_size) ||
			!needs_memory(reader->graph, reader->graph->io_size)))
		status = bad(reader, "its size of memory");
	if (!status)
		status = link_graph(reader);
	for (uint64_t i = 0; i < reader->counts[PROGRAM_NODES] && !status; i++)
		status = read_node(reader, &reader->nodes[i]);
	if (!status)
		status = read_metadata(reader);
	if (!status)
		status = edge_verify(reader->graph, EDGE_STAGE_PLANNED, reader->error);
	if (!status)
		status = edge_program_check_limits(reader->graph, reader->error);
	return status;
}

static enum edge_status read_file(const uint8_t *data, size_t size,
				  const struct edge_limits *limits, struct edge_graph **graph,
				  struct edge_error *error)
{
	struct reader reader = { .header = (const void *)data, .error = error };
	enum edge_status status = check_version(data, size, error);
	const char *name;

	if (!status)
		status = check_whole(data, size, error);
	if (!status)
		status = check_processor(reader.header, error);
	if (status)
		return status;
	if (!open_sections(&reader, data, size))
		return bad(&reader, "its section table");
	name = next_string(&reader, reader.header->name);
	if (!name)
		return bad(&reader, "its name");
	reader.graph = edge_graph_create(name);
	if (!reader.graph)
		return edge_fail_memory(error);
	reader.graph->limits = *limits;
	status = read_graph(&reader);
	if (status)
		edge_graph_destroy(reader.graph);
	else
		*graph = reader.graph;
	return status;
}

bool edge_program_probe(const char *path)
{
	uint8_t magic[PROGRAM_MAGIC_SIZE];

	return recognise(magic, edge_file_peek(path, magic, sizeof(magic)));
}

enum edge_status edge_program_load(const char *path, struct edge_program **program,
				   struct edge_error *error)
{
	return edge_program_load_within(path, NULL, program, error);
}

enum edge_status edge_program_load_within(const char *path, const struct edge_limits *limits,
					  struct edge_program **program, struct edge_error *error)
{
	const struct edge_limits filled = edge_limits_fill(limits);
	struct edge_graph *graph = NULL;
	enum edge_status status;
	struct edge_file file;

	status = edge_file_map(path, &filled, &file, error);
	if (status)
		return status;
	status = read_file(file.data, file.size, &filled, &graph, error);
	if (status) {
		edge_file_unmap(&file);
		return edge_fail_in(error, status, "%s", path);
	}
	return edge_program_create(graph, ((const struct program_header *)file.data)->cpu_flags,
				   file, program, error);
}
