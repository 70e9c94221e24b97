// SPDX-License-Identifier: MIT
/* Layers with weights. */
#include <math.h>

#include "import/darknet/darknet.h"

/* As Darknet on a GPU, where models are trained. (On a CPU its first version adds 1e-6 to the root
 * instead, and OpenCV adds 1e-6 to the variance.) */
#define EPSILON 1e-5f

#define MAX_CHANNELS (1 << 20)
#define MAX_SIZE (1 << 12)

/* Batch normalisation but for the bias, which every layer has. */
struct norm {
	bool used;
	struct edge_tensor *scale, *mean, *variance;
};

static enum edge_status read_norm(struct darknet_import *import, int64_t channels,
				  struct norm *norm)
{
	enum edge_status status;

	status = darknet_constant(import, "scales", 1, &channels, 1, 0, &norm->scale);
	if (!status)
		status = darknet_constant(import, "means", 1, &channels, 0, 0, &norm->mean);
	if (!status)
		status = darknet_constant(import, "variances", 1, &channels, 1, 0, &norm->variance);
	return status;
}

static enum edge_status normalise(struct darknet_import *import, const struct norm *norm,
				  struct edge_tensor *bias, struct edge_tensor *x,
				  struct edge_tensor **y)
{
	struct edge_node *node = darknet_begin_node(import, EDGE_OP_BATCH_NORM, "norm", x, 5);

	if (!node || !edge_node_set_input(node, 1, norm->scale) ||
	    !edge_node_set_input(node, 2, bias) || !edge_node_set_input(node, 3, norm->mean) ||
	    !edge_node_set_input(node, 4, norm->variance))
		return darknet_no_node(import);
	node->params.norm.epsilon = EPSILON;
	return darknet_end_node(import, node, y);
}

/* The convolution, its bias or batch normalisation, its activation. */
static enum edge_status finish(struct darknet_import *import, struct edge_node *conv,
			       struct edge_tensor *weights, struct edge_tensor *bias,
			       const struct norm *norm, struct edge_tensor **y)
{
	enum edge_status status;

	if (!edge_node_set_input(conv, 1, weights) ||
	    (!norm->used && !edge_node_set_input(conv, 2, bias)))
		return edge_fail_memory(import->error);
	status = darknet_end_node(import, conv, y);
	if (!status && norm->used)
		status = normalise(import, norm, bias, *y, y);
	return status ? status : darknet_activate(import, "logistic", *y, y);
}

struct conv {
	int filters, size, pad, dilation, groups, stride_x, stride_y, batch_normalize;
};

static enum edge_status read_strides(const struct darknet_import *import, struct conv *conv)
{
	enum edge_status status;
	int stride;

	status = darknet_int(import, "stride", 1, 1, MAX_SIZE, &stride);
	if (!status)
		status = darknet_int(import, "stride_x", stride, 1, MAX_SIZE, &conv->stride_x);
	if (!status)
		status = darknet_int(import, "stride_y", stride, 1, MAX_SIZE, &conv->stride_y);
	return status;
}

static enum edge_status read_conv(const struct darknet_import *import, struct conv *conv)
{
	enum edge_status status;
	int pad;

	status = darknet_int(import, "filters", 1, 1, MAX_CHANNELS, &conv->filters);
	if (!status)
		status = darknet_int(import, "size", 1, 1, MAX_SIZE, &conv->size);
	if (!status)
		status = darknet_int(import, "pad", 0, 0, 1, &pad);
	if (!status)
		status = darknet_int(import, "padding", 0, 0, MAX_SIZE, &conv->pad);
	if (!status)
		status = darknet_int(import, "dilation", 1, 1, MAX_SIZE, &conv->dilation);
	if (!status)
		status = darknet_int(import, "groups", 1, 1, MAX_CHANNELS, &conv->groups);
	if (!status)
		status = darknet_int(import, "batch_normalize", 0, 0, 1, &conv->batch_normalize);
	if (!status)
		status = read_strides(import, conv);
	if (status)
		return status;
	if (pad)
		conv->pad = conv->size / 2;
	if (conv->size == 1)
		conv->dilation = 1;
	/* Darknet sizes the output as if nothing was dilated, and multiplies the padding to fit. */
	if (conv->dilation > 1 && conv->size != 2 * conv->pad + 1)
		return darknet_fail(import, EDGE_UNSUPPORTED,
				    "dilation with a padding of %d, not half of the size %d",
				    conv->pad, conv->size);
	return EDGE_OK;
}

static void set_conv(struct edge_node *node, const struct conv *conv)
{
	node->params.conv.stride[0] = conv->stride_y;
	node->params.conv.stride[1] = conv->stride_x;
	for (int i = 0; i < 2; i++) {
		node->params.conv.dilation[i] = conv->dilation;
		node->params.conv.pad_begin[i] = conv->pad * conv->dilation;
		node->params.conv.pad_end[i] = conv->pad * conv->dilation;
	}
	node->params.conv.group = conv->groups;
}

enum edge_status darknet_convolutional(struct darknet_import *import, struct edge_tensor **y)
{
	static const char *const unsupported[] = {
		"binary", "xnor",   "flipped", "antialiasing", "share_index",	 "deform",
		"sway",	  "rotate", "stretch", "stretch_sway", "dontloadscales", NULL,
	};
	struct edge_tensor *weights, *bias;
	struct norm norm = { false };
	enum edge_status status;
	struct edge_node *node;
	struct conv conv;
	int64_t dims[4];

	status = darknet_refuse(import, unsupported);
	if (!status)
		status = read_conv(import, &conv);
	if (status)
		return status;
	if (import->x->dims[1] % conv.groups || conv.filters % conv.groups)
		return darknet_fail(import, EDGE_BAD_FORMAT,
				    "%d groups of %lld channels and %d filters", conv.groups,
				    (long long)import->x->dims[1], conv.filters);
	dims[0] = conv.filters;
	dims[1] = import->x->dims[1] / conv.groups;
	dims[2] = conv.size;
	dims[3] = conv.size;
	norm.used = conv.batch_normalize;
	status = darknet_constant(import, "biases", 1, dims, 0, 0, &bias);
	if (!status && norm.used)
		status = read_norm(import, dims[0], &norm);
	if (!status)
		status = darknet_constant(import, "weights", 4, dims, NAN,
					  dims[1] * dims[2] * dims[3], &weights);
	if (status)
		return status;
	node = darknet_begin_node(import, EDGE_OP_CONV, "", import->x, norm.used ? 2 : 3);
	if (!node)
		return darknet_no_node(import);
	set_conv(node, &conv);
	return finish(import, node, weights, bias, &norm, y);
}

/* A product with all of the input is a convolution of one pixel. */
enum edge_status darknet_connected(struct darknet_import *import, struct edge_tensor **y)
{
	static const char *const unsupported[] = { "dontloadscales", NULL };
	struct edge_tensor *weights, *bias, *flat;
	const int64_t *in = import->x->dims;
	int64_t dims[4] = { in[0], in[1] * in[2] * in[3], 1, 1 };
	struct norm norm = { false };
	enum edge_status status;
	struct edge_node *node;
	int output, normalised;

	status = darknet_refuse(import, unsupported);
	if (!status)
		status = darknet_int(import, "output", 1, 1, MAX_CHANNELS, &output);
	if (!status)
		status = darknet_int(import, "batch_normalize", 0, 0, 1, &normalised);
	if (status)
		return status;
	status = darknet_reshape(import, "flat", import->x, dims, &flat);
	if (status)
		return status;
	dims[0] = output;
	norm.used = normalised;
	status = darknet_constant(import, "biases", 1, dims, 0, 0, &bias);
	if (!status)
		status = darknet_constant(import, "weights", 4, dims, NAN, dims[1], &weights);
	if (!status && norm.used)
		status = read_norm(import, output, &norm);
	if (status)
		return status;
	node = darknet_begin_node(import, EDGE_OP_CONV, "", flat, norm.used ? 2 : 3);
	if (!node)
		return darknet_no_node(import);
	return finish(import, node, weights, bias, &norm, y);
}
