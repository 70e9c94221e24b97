// SPDX-License-Identifier: MIT
/* Layers without weights. */
#include <stdlib.h>
#include <string.h>

#include "import/darknet/darknet.h"

#define MAX_CHANNELS (1 << 20)
#define MAX_SIZE (1 << 12)

/* "padding" is what both sides get together; the smaller half comes first. */
static enum edge_status add_pool(struct darknet_import *import, enum edge_op op,
				 struct edge_tensor **y)
{
	static const char *const unsupported[] = { "maxpool_depth", "antialiasing", NULL };
	int stride, stride_x, stride_y, size, padding;
	enum edge_status status;
	struct edge_node *node;

	status = darknet_refuse(import, unsupported);
	if (!status)
		status = darknet_int(import, "stride", 1, 1, MAX_SIZE, &stride);
	if (!status)
		status = darknet_int(import, "stride_x", stride, 1, MAX_SIZE, &stride_x);
	if (!status)
		status = darknet_int(import, "stride_y", stride, 1, MAX_SIZE, &stride_y);
	if (!status)
		status = darknet_int(import, "size", stride, 1, MAX_SIZE, &size);
	if (!status)
		status = darknet_int(import, "padding", size - 1, 0, MAX_SIZE, &padding);
	if (status)
		return status;
	node = darknet_begin_node(import, op, "", import->x, 1);
	if (!node)
		return darknet_no_node(import);
	node->params.pool.stride[0] = stride_y;
	node->params.pool.stride[1] = stride_x;
	for (int i = 0; i < 2; i++) {
		node->params.pool.kernel[i] = size;
		node->params.pool.pad_begin[i] = padding / 2;
		node->params.pool.pad_end[i] = padding - padding / 2;
	}
	return darknet_end_node(import, node, y);
}

enum edge_status darknet_max_pool(struct darknet_import *import, struct edge_tensor **y)
{
	return add_pool(import, EDGE_OP_MAX_POOL, y);
}

enum edge_status darknet_local_average_pool(struct darknet_import *import, struct edge_tensor **y)
{
	return add_pool(import, EDGE_OP_AVERAGE_POOL, y);
}

/* Over the whole plane. */
enum edge_status darknet_average_pool(struct darknet_import *import, struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_AVERAGE_POOL, "", import->x, 1);

	return node ? darknet_end_node(import, node, y) : darknet_no_node(import);
}

enum edge_status darknet_upsample(struct darknet_import *import, struct edge_tensor **y)
{
	enum edge_status status;
	struct edge_node *node;
	float scale;
	int stride;

	status = darknet_int(import, "stride", 2, 1, MAX_SIZE, &stride);
	if (!status)
		status = darknet_float(import, "scale", 1, &scale);
	if (status)
		return status;
	if (scale != 1)
		return darknet_fail(import, EDGE_UNSUPPORTED, "scale=%g is not supported", scale);
	node = darknet_begin_node(import, EDGE_OP_RESIZE, "", import->x, 1);
	if (!node)
		return darknet_no_node(import);
	node->params.resize.mode = EDGE_RESIZE_NEAREST;
	node->params.resize.coordinates = EDGE_RESIZE_ASYMMETRIC;
	node->params.resize.rounding = EDGE_RESIZE_FLOOR;
	for (int i = 0; i < 4; i++)
		node->params.resize.scales[i] = i < 2 ? 1 : stride;
	return darknet_end_node(import, node, y);
}

/* Channels @first to @first + @count - 1 of @x. */
static enum edge_status take_channels(struct darknet_import *import, struct edge_tensor *x,
				      int64_t first, int64_t count, struct edge_tensor **y)
{
	struct edge_node *node;

	if (!first && count == x->dims[1]) {
		*y = x;
		return EDGE_OK;
	}
	node = darknet_begin_node(import, EDGE_OP_SLICE, "part", x, 1);
	if (!node)
		return darknet_no_node(import);
	for (int i = 0; i < 4; i++)
		node->params.slice.end[i] = x->dims[i];
	node->params.slice.start[1] = first;
	node->params.slice.end[1] = first + count;
	return darknet_end_node(import, node, y);
}

/* Layer @index, or the part of it that the route wants. */
static enum edge_status take_part(struct darknet_import *import, float index, int groups, int group,
				  struct edge_tensor **y)
{
	enum edge_status status = darknet_layer_at(import, "layers", index, y);
	int64_t channels;

	if (status)
		return status;
	channels = (*y)->dims[1];
	if (channels % groups)
		return darknet_fail(import, EDGE_BAD_FORMAT, "%d groups of %lld channels", groups,
				    (long long)channels);
	return take_channels(import, *y, channels / groups * group, channels / groups, y);
}

static enum edge_status concat(struct darknet_import *import, struct edge_tensor **parts, int count,
			       struct edge_tensor **y)
{
	struct edge_node *node;

	if (count == 1) {
		*y = parts[0];
		return EDGE_OK;
	}
	node = darknet_begin_node(import, EDGE_OP_CONCAT, "", parts[0], count);
	if (!node)
		return darknet_no_node(import);
	for (int i = 1; i < count; i++) {
		if (!edge_node_set_input(node, i, parts[i]))
			return edge_fail_memory(import->error);
	}
	node->params.axis.axis = 1;
	return darknet_end_node(import, node, y);
}

enum edge_status darknet_route(struct darknet_import *import, struct edge_tensor **y)
{
	const char *list = darknet_text(import, "layers");
	int groups, group, count = 0;
	struct edge_tensor **parts;
	enum edge_status status;
	bool more = true;
	float index;

	status = darknet_int(import, "groups", 1, 1, MAX_CHANNELS, &groups);
	if (!status)
		status = darknet_int(import, "group_id", 0, 0, groups - 1, &group);
	if (status)
		return status;
	/* No number is shorter than a digit and its comma. */
	parts = calloc(list ? strlen(list) / 2 + 1 : 1, sizeof(*parts));
	if (!parts)
		return edge_fail_memory(import->error);
	while (!status) {
		status = darknet_list_next(import, "layers", &list, &index, &more);
		if (status || !more)
			break;
		status = take_part(import, index, groups, group, &parts[count++]);
	}
	if (!status && !count)
		status = darknet_fail(import, EDGE_BAD_FORMAT, "it names no layers");
	if (!status)
		status = concat(import, parts, count, y);
	free(parts);
	return status;
}

static enum edge_status add_space_to_depth(struct darknet_import *import, int stride,
					   struct edge_tensor *x, struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_SPACE_TO_DEPTH, "", x, 1);

	if (!node)
		return darknet_no_node(import);
	node->params.block.size = stride;
	return darknet_end_node(import, node, y);
}

static enum edge_status read_reorg(const struct darknet_import *import, int *stride)
{
	static const char *const unsupported[] = { "reverse", "flatten", "extra", NULL };
	enum edge_status status = darknet_refuse(import, unsupported);

	return status ? status : darknet_int(import, "stride", 1, 1, MAX_SIZE, stride);
}

/*
 * YOLOv2's reorg takes its input for an image of fewer channels and more pixels, and brings the
 * pixels of a block into channels there; then the same numbers are taken for what they should have
 * become.
 */
enum edge_status darknet_reorg(struct darknet_import *import, struct edge_tensor **y)
{
	int64_t dims[4], square;
	enum edge_status status;
	int stride;

	status = read_reorg(import, &stride);
	if (status)
		return status;
	square = (int64_t)stride * stride;
	memcpy(dims, import->x->dims, sizeof(dims));
	if (dims[1] % square || dims[2] % stride || dims[3] % stride)
		return darknet_fail(import, EDGE_BAD_FORMAT, "stride %d of %lld x %lld x %lld",
				    stride, (long long)dims[1], (long long)dims[2],
				    (long long)dims[3]);
	dims[1] /= square;
	dims[2] *= stride;
	dims[3] *= stride;
	status = darknet_reshape(import, "before", import->x, dims, y);
	if (!status)
		status = add_space_to_depth(import, stride, *y, y);
	dims[1] *= square * square;
	dims[2] /= square;
	dims[3] /= square;
	return status ? status : darknet_reshape(import, "after", *y, dims, y);
}

enum edge_status darknet_reorg3d(struct darknet_import *import, struct edge_tensor **y)
{
	enum edge_status status;
	int stride;

	status = read_reorg(import, &stride);
	return status ? status : add_space_to_depth(import, stride, import->x, y);
}

static enum edge_status add_channels(struct darknet_import *import, struct edge_tensor *x,
				     int64_t count, struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_PAD, "pad", x, 1);

	if (!node)
		return darknet_no_node(import);
	node->params.pad.end[1] = count;
	return darknet_end_node(import, node, y);
}

/* Adds what the layer before and the named ones have in common; the former decides the shape. */
enum edge_status darknet_shortcut(struct darknet_import *import, struct edge_tensor **y)
{
	const char *list = darknet_text(import, "from");
	const char *weights = darknet_text(import, "weights_type");
	int64_t channels = import->x->dims[1];
	enum edge_status status = EDGE_OK;
	struct edge_tensor *other;
	bool more = true;
	float index;

	if (!list)
		return darknet_fail(import, EDGE_BAD_FORMAT, "it does not say from which layer");
	if (weights && strcmp(weights, "none"))
		return darknet_fail(import, EDGE_UNSUPPORTED, "weights_type=%.40s is not supported",
				    weights);
	*y = import->x;
	while (!status) {
		status = darknet_list_next(import, "from", &list, &index, &more);
		if (status || !more)
			break;
		status = darknet_layer_at(import, "from", index, &other);
		if (!status && other->dims[1] > channels)
			status = take_channels(import, other, 0, channels, &other);
		else if (!status && other->dims[1] < channels)
			status = add_channels(import, other, channels - other->dims[1], &other);
		if (!status && !edge_tensor_same_shape(*y, other))
			status = darknet_fail(import, EDGE_UNSUPPORTED,
					      "layers of %lld x %lld and %lld x %lld pixels",
					      (long long)(*y)->dims[3], (long long)(*y)->dims[2],
					      (long long)other->dims[3], (long long)other->dims[2]);
		if (!status)
			status = darknet_binary(import, EDGE_BINARY_ADD, *y, other, y);
	}
	return status ? status : darknet_activate(import, "linear", *y, y);
}

/* The layer before holds a factor for each channel, pixel or element of the named one. */
static enum edge_status multiply(struct darknet_import *import, struct edge_tensor **y)
{
	struct edge_tensor *other;
	enum edge_status status;
	int from;

	status = darknet_int(import, "from", 0, -import->layer, import->layer - 1, &from);
	if (!status)
		status = darknet_layer_at(import, "from", from, &other);
	if (!status)
		status = darknet_binary(import, EDGE_BINARY_MUL, other, import->x, y);
	if (status)
		return status;
	if (!edge_tensor_same_shape(other, *y))
		return darknet_fail(import, EDGE_BAD_FORMAT,
				    "more factors than the layer from=%d has elements", from);
	return darknet_activate(import, "linear", *y, y);
}

enum edge_status darknet_scale_channels(struct darknet_import *import, struct edge_tensor **y)
{
	return multiply(import, y);
}

enum edge_status darknet_sam(struct darknet_import *import, struct edge_tensor **y)
{
	return multiply(import, y);
}

enum edge_status darknet_activation(struct darknet_import *import, struct edge_tensor **y)
{
	return darknet_activate(import, "linear", import->x, y);
}

enum edge_status darknet_softmax(struct darknet_import *import, struct edge_tensor **y)
{
	static const char *const unsupported[] = { "tree", NULL };
	const struct edge_tensor *x = import->x;
	enum edge_status status;
	struct edge_node *node;
	int groups, spatial;
	float temperature;

	status = darknet_refuse(import, unsupported);
	if (!status)
		status = darknet_int(import, "groups", 1, 1, MAX_CHANNELS, &groups);
	if (!status)
		status = darknet_int(import, "spatial", 0, 0, 1, &spatial);
	if (!status)
		status = darknet_float(import, "temperature", 1, &temperature);
	if (status)
		return status;
	if (groups != 1 || temperature != 1 || (!spatial && (x->dims[2] != 1 || x->dims[3] != 1)))
		return darknet_fail(import, EDGE_UNSUPPORTED,
				    "%d groups, temperature %g, %lld x %lld pixels", groups,
				    temperature, (long long)x->dims[3], (long long)x->dims[2]);
	node = darknet_begin_node(import, EDGE_OP_SOFTMAX, "", import->x, 1);
	if (!node)
		return darknet_no_node(import);
	node->params.axis.axis = 1;
	return darknet_end_node(import, node, y);
}
