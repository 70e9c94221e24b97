// SPDX-License-Identifier: MIT
#include "import/tflite/ops.h"

/* Options of ResizeBilinearOptions, whose first two are of the past. */
enum {
	BILINEAR_ALIGN_CORNERS = 2,
	BILINEAR_HALF_PIXEL = 3,
	NEAREST_ALIGN_CORNERS = 0,
	NEAREST_HALF_PIXEL = 1,
};

/* The nearest neighbour is the one that floor((x + 0.5) * scale), round(x * scale) or
 * floor(x * scale) names; half_pixel's position is a half less than the first of these. */
static void set_coordinates(bool align_corners, bool half_pixel, union edge_params *params)
{
	params->resize.rounding = EDGE_RESIZE_ROUND_PREFER_CEIL;
	if (align_corners) {
		params->resize.coordinates = EDGE_RESIZE_ALIGN_CORNERS;
	} else if (half_pixel) {
		params->resize.coordinates = EDGE_RESIZE_HALF_PIXEL;
	} else {
		params->resize.coordinates = EDGE_RESIZE_ASYMMETRIC;
		params->resize.rounding = EDGE_RESIZE_FLOOR;
	}
}

void tflite_convert_resize(struct tflite_node *node)
{
	bool linear = node->info->variant == EDGE_RESIZE_LINEAR;
	struct edge_tensor *x = tflite_first(node, node->inputs[0]);
	union edge_params params;
	int64_t size[2];

	if (tflite_input_ints(node, 1, size, 2) != 2 || size[0] < 1 || size[1] < 1)
		tflite_fail(node, EDGE_BAD_FORMAT, "the size of its output is not two numbers");
	if (node->status)
		return;
	edge_op_default_params(EDGE_OP_RESIZE, &params);
	params.resize.mode = node->info->variant;
	set_coordinates(fb_bool(node->options,
				linear ? BILINEAR_ALIGN_CORNERS : NEAREST_ALIGN_CORNERS, false),
			fb_bool(node->options, linear ? BILINEAR_HALF_PIXEL : NEAREST_HALF_PIXEL,
				false),
			&params);
	for (int i = 0; i < 4; i++)
		params.resize.sizes[i] = i < 2 ? x->dims[i] : size[i - 2];
	tflite_set_output(node, 0,
			  tflite_last(node, tflite_add1(node, EDGE_OP_RESIZE, &params, x)));
}
