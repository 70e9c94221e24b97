// SPDX-License-Identifier: MIT
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/error.h"
#include "runtime/program.h"
#include "runtime/program_format.h"

struct buffer {
	uint8_t *data;
	size_t size;
	size_t max;
};

/*
 * A file being made. Values of constants are not copied: @constants points at them, with the gaps
 * between them, and becomes the last of the parts. @failed: memory has run out somewhere; looked at
 * once, at the end.
 */
struct writer {
	const struct edge_program *program;
	struct buffer sections[PROGRAM_NUM_SECTIONS];
	struct edge_file_part *constants;
	size_t num_constants;
	uint64_t constants_size;
	bool failed;
};

static const uint8_t zeroes[PROGRAM_ALIGNMENT];

static void append(struct writer *writer, enum program_section_kind kind, const void *data,
		   size_t size)
{
	struct buffer *buffer = &writer->sections[kind];

	if (buffer->max - buffer->size < size) {
		size_t max = 2 * (buffer->size + size);
		uint8_t *grown = realloc(buffer->data, max);

		if (!grown) {
			writer->failed = true;
			return;
		}
		buffer->data = grown;
		buffer->max = max;
	}
	memcpy(buffer->data + buffer->size, data, size);
	buffer->size += size;
}

/* The empty string stands at 0. */
static uint32_t add_string(struct writer *writer, const char *string)
{
	size_t offset = writer->sections[PROGRAM_STRINGS].size;

	if (offset && !*string)
		return 0;
	/* All strings end up in one section, and 4 GiB of them in no graph. */
	if (offset + strlen(string) >= UINT32_MAX)
		writer->failed = true;
	else
		append(writer, PROGRAM_STRINGS, string, strlen(string) + 1);
	return offset;
}

static size_t gap_after(uint64_t size)
{
	return (PROGRAM_ALIGNMENT - size % PROGRAM_ALIGNMENT) % PROGRAM_ALIGNMENT;
}

static uint64_t add_value(struct writer *writer, const struct edge_tensor *tensor)
{
	uint64_t offset = writer->constants_size;
	uint64_t size = edge_tensor_bytes(tensor);

	writer->constants[writer->num_constants++] = (struct edge_file_part) { tensor->data, size };
	writer->constants[writer->num_constants++] =
		(struct edge_file_part) { zeroes, gap_after(size) };
	writer->constants_size += size + gap_after(size);
	return offset;
}

static uint32_t add_quant(struct writer *writer, const struct edge_quant *quant)
{
	const struct program_quant record = {
		.axis = quant->axis,
		.count = quant->count,
		.pairs = writer->sections[PROGRAM_QUANT_PAIRS].size /
			 sizeof(struct program_quant_pair),
	};

	for (int64_t i = 0; i < quant->count; i++) {
		const struct program_quant_pair pair = { quant->scales[i], quant->zero_points[i] };

		append(writer, PROGRAM_QUANT_PAIRS, &pair, sizeof(pair));
	}
	append(writer, PROGRAM_QUANTS, &record, sizeof(record));
	return writer->sections[PROGRAM_QUANTS].size / sizeof(record) - 1;
}

static void add_tensor(struct writer *writer, const struct edge_tensor *tensor)
{
	struct program_tensor record = {
		.offset = tensor->offset,
		.address = tensor->address,
		.size = tensor->size,
		.data = tensor->data ? add_value(writer, tensor) : PROGRAM_NO_DATA,
		.name = add_string(writer, tensor->name),
		.storage = tensor->storage ? (uint32_t)tensor->storage->id : PROGRAM_NONE,
		.quant = tensor->quant ? add_quant(writer, tensor->quant) : PROGRAM_NONE,
		.type = tensor->type,
		.rank = tensor->rank,
		.memory = tensor->memory,
		.flags = (tensor->constant ? PROGRAM_TENSOR_CONSTANT : 0) |
			 (tensor->dynamic ? PROGRAM_TENSOR_DYNAMIC : 0),
	};

	for (int i = 0; i < tensor->rank; i++) {
		record.dims[i] = tensor->dims[i];
		record.strides[i] = tensor->strides[i];
		record.order[i] = tensor->order[i];
	}
	append(writer, PROGRAM_TENSORS, &record, sizeof(record));
}

static void add_links(struct writer *writer, struct edge_tensor *const *tensors, int count)
{
	for (int i = 0; i < count; i++) {
		uint32_t link = tensors[i] ? (uint32_t)tensors[i]->id : PROGRAM_NONE;

		append(writer, PROGRAM_LINKS, &link, sizeof(link));
	}
}

static void add_node(struct writer *writer, const struct edge_node *node)
{
	struct program_node record = {
		.name = add_string(writer, node->name),
		.kernel = add_string(writer, node->kernel ? node->kernel : ""),
		.reason = add_string(writer, node->reason),
		.op = node->op,
		.act = node->act.func,
		.alpha = node->act.alpha,
		.beta = node->act.beta,
		.rounding = node->rounding,
		.device = node->device,
		.is_view = node->is_view,
		.num_inputs = node->num_inputs,
		.num_outputs = node->num_outputs,
		.num_packed = node->num_packed,
	};

	memcpy(record.params, &node->params, sizeof(record.params));
	append(writer, PROGRAM_NODES, &record, sizeof(record));
	add_links(writer, node->inputs, node->num_inputs);
	add_links(writer, node->outputs, node->num_outputs);
	add_links(writer, node->packed, node->num_packed);
}

static void fill_header(struct writer *writer, struct program_header *header)
{
	const struct edge_graph *graph = writer->program->graph;

	memset(header, 0, sizeof(*header));
	memcpy(header->magic, PROGRAM_MAGIC, PROGRAM_MAGIC_SIZE);
	header->endianness = PROGRAM_ENDIANNESS;
	header->version = PROGRAM_VERSION;
	header->machine = program_machine();
	header->cpu_flags = writer->program->cpu_flags;
	snprintf(header->library, sizeof(header->library), "%s", edge_version());
	header->arena_size = graph->arena_size;
	header->io_size = graph->io_size;
	header->num_inputs = graph->num_inputs;
	header->num_outputs = graph->num_outputs;
	header->name = add_string(writer, graph->name);
}

static void add_graph(struct writer *writer, const struct edge_graph *graph)
{
	add_links(writer, graph->inputs, graph->num_inputs);
	add_links(writer, graph->outputs, graph->num_outputs);
	for (int i = 0; i < graph->num_tensors; i++)
		add_tensor(writer, graph->tensors[i]);
	for (int i = 0; i < graph->num_nodes; i++)
		add_node(writer, graph->nodes[i]);
	for (int i = 0; i < graph->num_metadata; i++) {
		const struct program_metadata record = {
			.key = add_string(writer, graph->metadata[i].key),
			.value = add_string(writer, graph->metadata[i].value),
		};

		append(writer, PROGRAM_METADATA, &record, sizeof(record));
	}
}

static void lay_out(const struct writer *writer, struct program_header *header)
{
	uint64_t offset = sizeof(*header) + gap_after(sizeof(*header));

	for (int i = 0; i < PROGRAM_NUM_SECTIONS; i++) {
		uint64_t size = i == PROGRAM_CONSTANTS ? writer->constants_size
						       : writer->sections[i].size;

		header->sections[i] = (struct program_section) { offset, size };
		offset += size + gap_after(size);
	}
	header->file_size = offset;
}

/* Everything after the header, in the file's order; @parts has room. */
static size_t list_parts(const struct writer *writer, struct edge_file_part *parts)
{
	size_t count = 0;

	parts[count++] =
		(struct edge_file_part) { zeroes, gap_after(sizeof(struct program_header)) };
	for (int i = 0; i < PROGRAM_CONSTANTS; i++) {
		size_t size = writer->sections[i].size;

		parts[count++] = (struct edge_file_part) { writer->sections[i].data, size };
		parts[count++] = (struct edge_file_part) { zeroes, gap_after(size) };
	}
	memcpy(parts + count, writer->constants, writer->num_constants * sizeof(*parts));
	return count + writer->num_constants;
}

static bool set_checksum(struct program_header *header, const struct edge_file_part *parts,
			 size_t count)
{
	XXH3_state_t *state = XXH3_createState();

	if (!state)
		return false;
	XXH3_64bits_reset_withSeed(state, program_checksum_seed(header));
	for (size_t i = 0; i < count; i++) {
		if (parts[i].size)
			XXH3_64bits_update(state, parts[i].data, parts[i].size);
	}
	header->checksum = XXH3_64bits_digest(state);
	XXH3_freeState(state);
	return true;
}

enum edge_status edge_program_save(const struct edge_program *program, const char *path,
				   struct edge_error *error)
{
	size_t max_constants = 2 * (size_t)program->graph->num_tensors;
	struct writer writer = { .program = program };
	struct edge_file_part *parts;
	enum edge_status status;
	struct program_header header;
	size_t count;

	writer.constants = calloc(max_constants + 1, sizeof(*writer.constants));
	parts = calloc(max_constants + 2 * PROGRAM_NUM_SECTIONS, sizeof(*parts));
	if (!writer.constants || !parts) {
		status = edge_fail_memory(error);
		goto free_writer;
	}
	add_string(&writer, "");
	fill_header(&writer, &header);
	add_graph(&writer, program->graph);
	lay_out(&writer, &header);
	count = 1 + list_parts(&writer, parts + 1);
	if (writer.failed || !set_checksum(&header, parts + 1, count - 1)) {
		status = edge_fail_memory(error);
		goto free_writer;
	}
	parts[0] = (struct edge_file_part) { &header, sizeof(header) };
	status = edge_file_write(path, parts, count, error);

free_writer:
	for (int i = 0; i < PROGRAM_NUM_SECTIONS; i++)
		free(writer.sections[i].data);
	free(writer.constants);
	free(parts);
	return status;
}
