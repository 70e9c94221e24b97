// SPDX-License-Identifier: MIT
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "graph/print.h"

enum column {
	COLUMN_INDEX,
	COLUMN_OP,
	COLUMN_PARAMS,
	COLUMN_SHAPES,
	COLUMN_TYPE,
	COLUMN_KERNEL,
	NUM_COLUMNS
};

/* A cell, its terminating zero included. */
#define CELL_MAX 128
#define SHAPE_MAX 64

/* The cells of a line; the name, which may be long, comes after them and is not aligned. */
struct row {
	char cells[NUM_COLUMNS][CELL_MAX];
};

static const struct row heading = {
	{ "#", "operator", "parameters", "input -> output", "type", "kernel" },
};

void edge_print_name(const char *name, FILE *file)
{
	for (; *name; name++)
		fputc(iscntrl((unsigned char)*name) ? '?' : *name, file);
}

/* The first of those that are computed, and how many more there are. */
static void print_first(struct edge_tensor *const *tensors, int count, bool inputs, char *buffer,
			size_t size)
{
	const struct edge_tensor *first = NULL;
	char shape[SHAPE_MAX];
	int more = 0;

	for (int i = 0; i < count; i++) {
		if (!tensors[i] || (inputs && tensors[i]->constant))
			continue;
		if (first)
			more++;
		else
			first = tensors[i];
	}
	if (!first) {
		snprintf(buffer, size, "constant");
		return;
	}
	edge_print_shape(first, shape, sizeof(shape));
	if (more)
		snprintf(buffer, size, "%s (+%d)", shape, more);
	else
		snprintf(buffer, size, "%s", shape);
}

static void fill_row(const struct edge_node *node, struct row *row)
{
	char input[SHAPE_MAX], output[SHAPE_MAX];
	enum edge_type type = EDGE_TYPE_NONE;

	snprintf(row->cells[COLUMN_INDEX], CELL_MAX, "%d", node->id);
	edge_print_op(node, row->cells[COLUMN_OP], CELL_MAX);
	edge_print_params(node, row->cells[COLUMN_PARAMS], CELL_MAX);
	print_first(node->inputs, node->num_inputs, true, input, sizeof(input));
	print_first(node->outputs, node->num_outputs, false, output, sizeof(output));
	snprintf(row->cells[COLUMN_SHAPES], CELL_MAX, "%s -> %s", input, output);
	if (node->num_outputs && node->outputs[0])
		type = node->outputs[0]->type;
	snprintf(row->cells[COLUMN_TYPE], CELL_MAX, "%s", edge_type_name(type));
	snprintf(row->cells[COLUMN_KERNEL], CELL_MAX, "%.32s",
		 node->is_view	? "view"
		 : node->kernel ? node->kernel
				: "");
}

static void widen(const struct row *row, int *widths)
{
	for (int i = 0; i < NUM_COLUMNS; i++) {
		int width = strlen(row->cells[i]);

		if (widths[i] < width)
			widths[i] = width;
	}
}

static void print_row(const struct row *row, const int *widths, const char *name, FILE *file)
{
	/* Numbers stand at the right, words at the left; columns without any are left out. */
	fprintf(file, "%*s", widths[COLUMN_INDEX], row->cells[COLUMN_INDEX]);
	for (int i = COLUMN_OP; i < NUM_COLUMNS; i++) {
		if (widths[i])
			fprintf(file, "  %-*s", widths[i], row->cells[i]);
	}
	fputs("  ", file);
	edge_print_name(name, file);
	fputc('\n', file);
}

static void print_nodes(const struct edge_graph *graph, FILE *file)
{
	int widths[NUM_COLUMNS] = { 0 };
	struct row row = { 0 };

	for (int i = 0; i < graph->num_nodes; i++) {
		fill_row(graph->nodes[i], &row);
		widen(&row, widths);
	}
	/* The heading makes no column that no node has a use for. */
	row = heading;
	for (int i = 0; i < NUM_COLUMNS; i++) {
		if (!widths[i])
			row.cells[i][0] = 0;
	}
	widen(&row, widths);
	print_row(&row, widths, "name", file);
	for (int i = 0; i < graph->num_nodes; i++) {
		fill_row(graph->nodes[i], &row);
		print_row(&row, widths, graph->nodes[i]->name, file);
	}
}

static void print_ends(const char *what, struct edge_tensor *const *tensors, int count, FILE *file)
{
	char shape[SHAPE_MAX];

	for (int i = 0; i < count; i++) {
		edge_print_shape(tensors[i], shape, sizeof(shape));
		fprintf(file, "%-6s  %s %s  ", what, edge_type_name(tensors[i]->type), shape);
		edge_print_name(tensors[i]->name, file);
		fputc('\n', file);
	}
}

/* "3.62 MB", in powers of ten as storage is sold. */
static void print_bytes(uint64_t bytes, FILE *file)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	double value = bytes;
	int unit = -1;

	for (; value >= 1000; value /= 1000)
		unit++;
	if (unit < 0)
		fprintf(file, "%" PRIu64 " bytes", bytes);
	else
		fprintf(file, "%.3g %s", value, units[unit]);
}

static void print_totals(const struct edge_graph *graph, FILE *file)
{
	uint64_t bytes = 0;
	int64_t elements = 0;
	int constants = 0;

	for (int i = 0; i < graph->num_tensors; i++) {
		const struct edge_tensor *tensor = graph->tensors[i];

		if (!tensor->constant || !tensor->data)
			continue;
		constants++;
		elements += edge_tensor_elements(tensor);
		bytes += edge_tensor_bytes(tensor);
	}
	fprintf(file, "%d node%s, %d constant%s of %" PRId64 " elements, ", graph->num_nodes,
		graph->num_nodes == 1 ? "" : "s", constants, constants == 1 ? "" : "s", elements);
	print_bytes(bytes, file);
	if (graph->io_size) {
		fputs("; memory: ", file);
		print_bytes(graph->arena_size, file);
		fputs(" a session, ", file);
		print_bytes(graph->io_size, file);
		fputs(" a request", file);
	}
	fputc('\n', file);
}

enum edge_status edge_print_text(const struct edge_graph *graph, FILE *file,
				 struct edge_error *error)
{
	print_nodes(graph, file);
	fputc('\n', file);
	print_ends("input", graph->inputs, graph->num_inputs, file);
	print_ends("output", graph->outputs, graph->num_outputs, file);
	print_totals(graph, file);
	if (fflush(file) || ferror(file))
		return edge_fail(error, EDGE_IO_ERROR, "cannot write the graph: %s",
				 strerror(errno));
	return EDGE_OK;
}
