// SPDX-License-Identifier: MIT
/* Detection layers: their input becomes an output of the graph, they become metadata. */
#include <stdio.h>
#include <string.h>

#include "import/darknet/darknet.h"

#define MAX_CLASSES (1 << 16)
#define MAX_ANCHORS 64
#define TEXT_MAX (MAX_ANCHORS * 40)

static enum edge_status leave(struct darknet_import *import, const char *key, const char *value)
{
	char full[64];

	snprintf(full, sizeof(full), "darknet.head.%d.%s", import->num_heads, key);
	if (!edge_graph_set_metadata(import->graph, full, value))
		return edge_fail_memory(import->error);
	return EDGE_OK;
}

static enum edge_status leave_number(struct darknet_import *import, const char *key, float value)
{
	char text[32];

	snprintf(text, sizeof(text), "%.9g", value);
	return leave(import, key, text);
}

/* All the numbers of the option @key, @count at most. */
static enum edge_status read_list(const struct darknet_import *import, const char *key, int most,
				  float *values, int *count)
{
	const char *list = darknet_text(import, key);
	bool more = true;

	for (*count = 0; more; ++*count) {
		enum edge_status status;
		float value;

		status = darknet_list_next(import, key, &list, &value, &more);
		if (status || !more)
			return status;
		if (*count == most)
			return darknet_fail(import, EDGE_UNSUPPORTED, "%s has more than %d numbers",
					    key, most);
		values[*count] = value;
	}
	return EDGE_OK;
}

/* Which anchors this layer has: those of its mask, else all @num. */
static enum edge_status read_mask(const struct darknet_import *import, int num, float *mask,
				  int *count)
{
	enum edge_status status = read_list(import, "mask", MAX_ANCHORS, mask, count);

	if (status)
		return status;
	if (!*count) {
		for (int i = 0; i < num; i++)
			mask[i] = i;
		*count = num;
	}
	for (int i = 0; i < *count; i++) {
		if (!(mask[i] >= 0 && mask[i] < num) || mask[i] != (int)mask[i])
			return darknet_fail(import, EDGE_BAD_FORMAT,
					    "mask names the anchor %g; 0 to %d exist", mask[i],
					    num - 1);
	}
	return EDGE_OK;
}

static enum edge_status leave_anchors(struct darknet_import *import, int num, const float *mask,
				      int count)
{
	float anchors[2 * MAX_ANCHORS];
	char text[TEXT_MAX];
	enum edge_status status;
	int given, used = 0;

	status = read_list(import, "anchors", 2 * MAX_ANCHORS, anchors, &given);
	if (status)
		return status;
	if (given < 2 * num)
		return darknet_fail(import, EDGE_BAD_FORMAT, "%d numbers for %d anchors", given,
				    num);
	for (int i = 0; i < count; i++) {
		const float *anchor = &anchors[2 * (int)mask[i]];

		used += snprintf(text + used, sizeof(text) - used, "%s%.9g,%.9g", i ? "," : "",
				 anchor[0], anchor[1]);
	}
	return leave(import, "anchors", text);
}

/* Takes the input as an output of the graph, if it has as many channels as the layer reads. */
static enum edge_status take_input(struct darknet_import *import, int anchors, int classes)
{
	int64_t channels = (int64_t)anchors * (classes + 5);

	if (import->x->dims[1] != channels)
		return darknet_fail(import, EDGE_BAD_FORMAT,
				    "%lld channels, but %d anchors and %d classes are %lld",
				    (long long)import->x->dims[1], anchors, classes,
				    (long long)channels);
	if (!edge_graph_add_output(import->graph, import->x))
		return edge_fail_memory(import->error);
	return EDGE_OK;
}

enum edge_status darknet_yolo(struct darknet_import *import, struct edge_tensor **y)
{
	int num, classes, count, new_coords;
	float mask[MAX_ANCHORS], scale_x_y;
	enum edge_status status;

	status = darknet_int(import, "num", 1, 1, MAX_ANCHORS, &num);
	if (!status)
		status = darknet_int(import, "classes", 20, 1, MAX_CLASSES, &classes);
	if (!status)
		status = darknet_float(import, "scale_x_y", 1, &scale_x_y);
	if (!status)
		status = darknet_int(import, "new_coords", 0, 0, 1, &new_coords);
	if (!status)
		status = read_mask(import, num, mask, &count);
	if (!status)
		status = take_input(import, count, classes);
	if (!status)
		status = leave(import, "type", "yolo");
	if (!status)
		status = leave_number(import, "classes", classes);
	if (!status)
		status = leave_anchors(import, num, mask, count);
	if (!status)
		status = leave_number(import, "scale_x_y", scale_x_y);
	if (!status)
		status = leave_number(import, "new_coords", new_coords);
	import->num_heads++;
	*y = NULL;
	return status;
}

enum edge_status darknet_region(struct darknet_import *import, struct edge_tensor **y)
{
	static const char *const unsupported[] = { "tree", "map", "background", NULL };
	enum edge_status status = darknet_refuse(import, unsupported);
	int num, classes, count, softmax, coords;
	float mask[MAX_ANCHORS];

	if (!status)
		status = darknet_int(import, "num", 1, 1, MAX_ANCHORS, &num);
	if (!status)
		status = darknet_int(import, "classes", 20, 1, MAX_CLASSES, &classes);
	if (!status)
		status = darknet_int(import, "coords", 4, 4, 4, &coords);
	if (!status)
		status = darknet_int(import, "softmax", 0, 0, 1, &softmax);
	if (!status)
		status = read_mask(import, num, mask, &count);
	if (!status)
		status = take_input(import, count, classes);
	if (!status)
		status = leave(import, "type", "region");
	if (!status)
		status = leave_number(import, "classes", classes);
	if (!status)
		status = leave_anchors(import, num, mask, count);
	if (!status)
		status = leave_number(import, "scale_x_y", 1);
	if (!status)
		status = leave_number(import, "new_coords", 0);
	if (!status)
		status = leave_number(import, "softmax", softmax);
	import->num_heads++;
	*y = NULL;
	return status;
}
