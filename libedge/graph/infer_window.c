// SPDX-License-Identifier: MIT
#include "graph/infer_ops.h"

static enum edge_status check_dimension(const struct edge_node *node,
					const struct edge_window *window, int i,
					struct edge_error *error)
{
	if (window->kernel[i] < 1)
		return edge_infer_fail(node, error, "kernel size %d", window->kernel[i]);
	if (window->stride[i] < 1 || window->dilation[i] < 1)
		return edge_infer_fail(node, error, "stride %d, dilation %d", window->stride[i],
				       window->dilation[i]);
	if (window->pad_begin[i] < 0 || window->pad_end[i] < 0)
		return edge_infer_fail(node, error, "negative padding %d, %d", window->pad_begin[i],
				       window->pad_end[i]);
	return EDGE_OK;
}

enum edge_status edge_infer_check_window(const struct edge_node *node,
					 const struct edge_window *window, struct edge_error *error)
{
	if (*window->auto_pad < EDGE_PAD_EXPLICIT || *window->auto_pad > EDGE_PAD_VALID)
		return edge_infer_fail(node, error, "automatic padding %d", *window->auto_pad);
	for (int i = 0; i < window->spatial; i++) {
		enum edge_status status = check_dimension(node, window, i, error);

		if (status)
			return status;
	}
	for (int i = window->spatial; i < EDGE_MAX_SPATIAL; i++) {
		window->kernel[i] = 0;
		window->stride[i] = 0;
		window->dilation[i] = 0;
		window->pad_begin[i] = 0;
		window->pad_end[i] = 0;
	}
	return EDGE_OK;
}

/* Input elements from the first that a window sees to the last. */
static int64_t extent(const struct edge_window *window, int i)
{
	return (int64_t)window->dilation[i] * (window->kernel[i] - 1) + 1;
}

/* As much padding as makes the output in / stride, rounded up; the odd one at the end for UPPER. */
static enum edge_status pad_same(const struct edge_node *node, const struct edge_window *window,
				 int i, int64_t in, struct edge_error *error)
{
	int64_t stride = window->stride[i];
	int64_t out = in / stride + (in % stride != 0);
	int64_t total = (out - 1) * stride + extent(window, i) - in;

	if (total < 0)
		total = 0;
	if (total > INT32_MAX)
		return edge_infer_fail(node, error, "a window of %lld elements",
				       (long long)extent(window, i));
	if (*window->auto_pad == EDGE_PAD_SAME_UPPER)
		window->pad_begin[i] = total / 2;
	else
		window->pad_begin[i] = total - total / 2;
	window->pad_end[i] = total - window->pad_begin[i];
	return EDGE_OK;
}

static enum edge_status resolve_padding(const struct edge_node *node,
					const struct edge_window *window, const int64_t *in,
					struct edge_error *error)
{
	for (int i = 0; i < window->spatial; i++) {
		enum edge_status status = EDGE_OK;

		if (*window->auto_pad == EDGE_PAD_VALID) {
			window->pad_begin[i] = 0;
			window->pad_end[i] = 0;
		} else {
			status = pad_same(node, window, i, in[i], error);
		}
		if (status)
			return status;
	}
	*window->auto_pad = EDGE_PAD_EXPLICIT;
	return EDGE_OK;
}

enum edge_status edge_infer_slide(const struct edge_node *node, const struct edge_window *window,
				  const int64_t *in, int64_t *out, struct edge_error *error)
{
	enum edge_status status;

	if (*window->auto_pad != EDGE_PAD_EXPLICIT) {
		status = resolve_padding(node, window, in, error);
		if (status)
			return status;
	}
	for (int i = 0; i < window->spatial; i++) {
		int64_t stride = window->stride[i];
		int64_t room = in[i] + window->pad_begin[i] + window->pad_end[i];
		int64_t moves = room - extent(window, i);

		if (moves < 0 || !in[i])
			return edge_infer_fail(
				node, error,
				"a window of %lld elements over %lld, padding included",
				(long long)extent(window, i), (long long)room);
		out[i] = moves / stride + 1;
		/* A window more where elements remain, unless it would see padding alone. */
		if (window->ceil && moves % stride &&
		    out[i] * stride < in[i] + window->pad_begin[i])
			out[i]++;
	}
	return EDGE_OK;
}
