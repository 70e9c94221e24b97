// SPDX-License-Identifier: MIT
#include "import/onnx/ops.h"

#include <string.h>

static const char *const modes[] = {
	[EDGE_RESIZE_NEAREST] = "nearest",
	[EDGE_RESIZE_LINEAR] = "linear",
	[EDGE_RESIZE_CUBIC] = "cubic",
	NULL,
};

/* Of opset 11; see spell_as_half_pixel(). */
#define TF_HALF_PIXEL_FOR_NN (EDGE_RESIZE_TF_CROP_AND_RESIZE + 1)

static const char *const coordinates[] = {
	[EDGE_RESIZE_HALF_PIXEL] = "half_pixel",
	[EDGE_RESIZE_PYTORCH_HALF_PIXEL] = "pytorch_half_pixel",
	[EDGE_RESIZE_ALIGN_CORNERS] = "align_corners",
	[EDGE_RESIZE_ASYMMETRIC] = "asymmetric",
	[EDGE_RESIZE_TF_CROP_AND_RESIZE] = "tf_crop_and_resize",
	[TF_HALF_PIXEL_FOR_NN] = "tf_half_pixel_for_nn",
	NULL,
};

static const char *const roundings[] = {
	[EDGE_RESIZE_ROUND_PREFER_FLOOR] = "round_prefer_floor",
	[EDGE_RESIZE_ROUND_PREFER_CEIL] = "round_prefer_ceil",
	[EDGE_RESIZE_FLOOR] = "floor",
	[EDGE_RESIZE_CEIL] = "ceil",
	NULL,
};

/* Elements of the constant input @index; 0 when it is absent or empty, as opset 11 had it. */
static int read_floats(struct onnx_node *node, int index, int max, float *values)
{
	const struct edge_tensor *tensor = onnx_input(node, index);
	int64_t count = tensor ? edge_tensor_elements(tensor) : 0;

	if (!count || node->status)
		return 0;
	if (count > max || tensor->type != EDGE_F32) {
		onnx_fail(node, EDGE_BAD_FORMAT, "input %d should be at most %d floats", index,
			  max);
		return 0;
	}
	memcpy(values, tensor->data, count * sizeof(*values));
	return count;
}

/* The dimensions that the sizes, scales and the region are about: all but for opset 18's axes. */
static int read_axes(struct onnx_node *node, int32_t *axes)
{
	int64_t values[EDGE_MAX_RANK] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	int rank = node->inputs[0]->rank;
	int count = onnx_attr_ints(node, "axes", values, EDGE_MAX_RANK);

	if (count < 0)
		count = rank;
	onnx_axes(node, values, count, rank, axes);
	return node->status ? 0 : count;
}

static void set_scales(struct onnx_node *node, const float *scales, int count, const int32_t *axes,
		       int num_axes, union edge_params *params)
{
	if (count && count != num_axes)
		onnx_fail(node, EDGE_BAD_FORMAT, "%d scales for %d dimensions", count, num_axes);
	for (int i = 0; i < count && !node->status; i++) {
		if (!(scales[i] > 0))
			onnx_fail(node, EDGE_BAD_FORMAT, "a scale is not above zero");
		params->resize.scales[axes[i]] = scales[i];
		params->resize.sizes[axes[i]] = 0;
	}
}

static void set_sizes(struct onnx_node *node, const int64_t *sizes, int count, const int32_t *axes,
		      int num_axes, union edge_params *params)
{
	if (count != num_axes)
		onnx_fail(node, EDGE_BAD_FORMAT, "%d sizes for %d dimensions", count, num_axes);
	for (int i = 0; i < count && !node->status; i++) {
		if (sizes[i] <= 0)
			onnx_fail(node, EDGE_BAD_FORMAT, "a size is not above zero");
		params->resize.sizes[axes[i]] = sizes[i];
	}
}

/* Every dimension keeps its size until the file says otherwise. */
static void init_params(const struct edge_tensor *x, union edge_params *params)
{
	edge_op_default_params(EDGE_OP_RESIZE, params);
	for (int i = 0; i < x->rank; i++) {
		params->resize.sizes[i] = x->dims[i];
		params->resize.roi[x->rank + i] = 1;
	}
}

/* Opset 10's Resize and Upsample before it: what later is called asymmetric and floor. */
static void convert_scales(struct onnx_node *node, const float *scales, int count)
{
	static const char *const old_modes[] = {
		[EDGE_RESIZE_NEAREST] = "nearest",
		[EDGE_RESIZE_LINEAR] = "linear",
		NULL,
	};
	struct edge_tensor *x = node->inputs[0];
	int32_t axes[EDGE_MAX_RANK];
	union edge_params params;

	init_params(x, &params);
	params.resize.mode = onnx_attr_choice(node, "mode", EDGE_RESIZE_NEAREST, old_modes);
	params.resize.coordinates = EDGE_RESIZE_ASYMMETRIC;
	params.resize.rounding = EDGE_RESIZE_FLOOR;
	for (int i = 0; i < x->rank; i++)
		axes[i] = i;
	if (count <= 0)
		onnx_fail(node, EDGE_BAD_FORMAT, "names no scales");
	set_scales(node, scales, count, axes, x->rank, &params);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_RESIZE, &params, x));
}

void onnx_convert_upsample(struct onnx_node *node)
{
	float scales[EDGE_MAX_RANK];
	int count = read_floats(node, 1, EDGE_MAX_RANK, scales);

	if (!count)
		count = onnx_attr_floats(node, "scales", scales, EDGE_MAX_RANK);
	convert_scales(node, scales, count);
}

/* (x + 0.5) / scale is half_pixel's position and a half, so half_pixel with another rounding finds
 * the same neighbour. */
static void spell_as_half_pixel(struct onnx_node *node, union edge_params *params)
{
	params->resize.coordinates = EDGE_RESIZE_HALF_PIXEL;
	if (params->resize.mode == EDGE_RESIZE_NEAREST &&
	    params->resize.rounding == EDGE_RESIZE_FLOOR)
		params->resize.rounding = EDGE_RESIZE_ROUND_PREFER_CEIL;
	else if (params->resize.mode == EDGE_RESIZE_NEAREST &&
		 params->resize.rounding == EDGE_RESIZE_ROUND_PREFER_FLOOR)
		params->resize.rounding = EDGE_RESIZE_CEIL;
	else
		onnx_fail(node, EDGE_UNSUPPORTED,
			  "tf_half_pixel_for_nn with this mode or nearest_mode");
}

static void read_modes(struct onnx_node *node, union edge_params *params)
{
	static const char *const policies[] = { "stretch", NULL };

	params->resize.mode = onnx_attr_choice(node, "mode", EDGE_RESIZE_NEAREST, modes);
	params->resize.coordinates = onnx_attr_choice(node, "coordinate_transformation_mode",
						      EDGE_RESIZE_HALF_PIXEL, coordinates);
	params->resize.rounding =
		onnx_attr_choice(node, "nearest_mode", EDGE_RESIZE_ROUND_PREFER_FLOOR, roundings);
	params->resize.exclude_outside = onnx_attr_bool(node, "exclude_outside", false);
	params->resize.cubic_a = onnx_attr_float(node, "cubic_coeff_a", -0.75f);
	params->resize.extrapolation = onnx_attr_float(node, "extrapolation_value", 0);
	if (params->resize.coordinates == TF_HALF_PIXEL_FOR_NN)
		spell_as_half_pixel(node, params);
	onnx_attr_choice(node, "keep_aspect_ratio_policy", 0, policies);
	if (onnx_attr_bool(node, "antialias", false))
		onnx_fail(node, EDGE_UNSUPPORTED, "antialias");
}

/* The region of tf_crop_and_resize: starts, then ends. */
static void read_region(struct onnx_node *node, const int32_t *axes, int num_axes,
			union edge_params *params)
{
	float roi[2 * EDGE_MAX_RANK];
	int count = read_floats(node, 1, 2 * EDGE_MAX_RANK, roi);

	if (params->resize.coordinates != EDGE_RESIZE_TF_CROP_AND_RESIZE)
		return;
	if (count != 2 * num_axes)
		onnx_fail(node, EDGE_BAD_FORMAT, "the region has %d numbers instead of %d", count,
			  2 * num_axes);
	for (int i = 0; i < num_axes && !node->status; i++) {
		params->resize.roi[axes[i]] = roi[i];
		params->resize.roi[node->inputs[0]->rank + axes[i]] = roi[num_axes + i];
	}
}

void onnx_convert_resize(struct onnx_node *node)
{
	struct edge_tensor *x = node->inputs[0];
	float scales[EDGE_MAX_RANK];
	int64_t sizes[EDGE_MAX_RANK];
	int32_t axes[EDGE_MAX_RANK];
	union edge_params params;
	int num_axes, num_scales;

	if (node->import->opset < 11) {
		convert_scales(node, scales, read_floats(node, 1, EDGE_MAX_RANK, scales));
		return;
	}
	init_params(x, &params);
	read_modes(node, &params);
	num_axes = read_axes(node, axes);
	read_region(node, axes, num_axes, &params);
	num_scales = read_floats(node, 2, EDGE_MAX_RANK, scales);
	set_scales(node, scales, num_scales, axes, num_axes, &params);
	if (!num_scales)
		set_sizes(node, sizes, onnx_input_ints(node, 3, sizes, EDGE_MAX_RANK), axes,
			  num_axes, &params);
	onnx_set_output(node, 0, onnx_add1(node, EDGE_OP_RESIZE, &params, x));
}

void onnx_convert_grid_sample(struct onnx_node *node)
{
	/* Opset 20 has other names for the same. */
	static const char *const old_modes[] = { "nearest", "bilinear", "bicubic", NULL };
	static const char *const paddings[] = { "zeros", "border", "reflection", NULL };
	union edge_params params = { 0 };

	params.grid_sample.mode = onnx_attr_choice(node, "mode", EDGE_RESIZE_LINEAR,
						   node->import->opset < 20 ? old_modes : modes);
	params.grid_sample.padding = onnx_attr_choice(node, "padding_mode", 0, paddings);
	params.grid_sample.align_corners = onnx_attr_bool(node, "align_corners", false);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_GRID_SAMPLE, &params, 2, node->inputs));
}

void onnx_convert_roi_align(struct onnx_node *node)
{
	static const char *const pool_modes[] = { "avg", "max", NULL };
	static const char *const pixel_modes[] = { "output_half_pixel", "half_pixel", NULL };
	union edge_params params;

	edge_op_default_params(EDGE_OP_ROI_ALIGN, &params);
	params.roi_align.max_mode = onnx_attr_choice(node, "mode", 0, pool_modes);
	params.roi_align.output_height = onnx_attr_int(node, "output_height", 1, 1, INT32_MAX);
	params.roi_align.output_width = onnx_attr_int(node, "output_width", 1, 1, INT32_MAX);
	params.roi_align.sampling_ratio = onnx_attr_int(node, "sampling_ratio", 0, 0, INT32_MAX);
	params.roi_align.spatial_scale = onnx_attr_float(node, "spatial_scale", 1);
	params.roi_align.half_pixel = onnx_attr_choice(node, "coordinate_transformation_mode",
						       node->import->opset >= 16, pixel_modes);
	onnx_set_output(node, 0, onnx_add(node, EDGE_OP_ROI_ALIGN, &params, 3, node->inputs));
}

void onnx_convert_non_max_suppression(struct onnx_node *node)
{
	union edge_params params = { 0 };
	int64_t max_per_class = 0;

	if (onnx_input(node, 2) && onnx_input_ints(node, 2, &max_per_class, 1) != 1)
		onnx_fail(node, EDGE_BAD_FORMAT, "the most boxes of a class is not one integer");
	params.nms.max_per_class = max_per_class < 0 ? 0 : max_per_class;
	params.nms.iou_threshold = onnx_input_scalar(node, 3, 0);
	params.nms.has_score_threshold = onnx_input(node, 4) != NULL;
	params.nms.score_threshold = onnx_input_scalar(node, 4, 0);
	params.nms.center_boxes = onnx_attr_bool(node, "center_point_box", false);
	onnx_set_output(node, 0,
			onnx_add(node, EDGE_OP_NON_MAX_SUPPRESSION, &params, 2, node->inputs));
}
