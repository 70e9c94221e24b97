// SPDX-License-Identifier: MIT
#include <math.h>

#include "graph/infer_ops.h"

/* Beyond it coordinates, which are computed in float, mean nothing. */
#define MAX_SIZE (1ll << 31)

static enum edge_status check_resize(const struct edge_node *node, struct edge_error *error)
{
	if (node->params.resize.mode < 0 || node->params.resize.mode > EDGE_RESIZE_CUBIC)
		return edge_infer_fail(node, error, "mode %d, which is none",
				       node->params.resize.mode);
	if (node->params.resize.coordinates < 0 ||
	    node->params.resize.coordinates > EDGE_RESIZE_TF_CROP_AND_RESIZE)
		return edge_infer_fail(node, error, "coordinate transformation %d, which is none",
				       node->params.resize.coordinates);
	if (node->params.resize.rounding < 0 || node->params.resize.rounding > EDGE_RESIZE_CEIL)
		return edge_infer_fail(node, error, "rounding %d, which is none",
				       node->params.resize.rounding);
	for (int i = 0; i < 2 * EDGE_MAX_RANK; i++) {
		/* Not finite, or where the sum of a start and a size is not exact. */
		if (!(fabsf(node->params.resize.roi[i]) < 0x1p24f))
			return edge_infer_fail(node, error, "region of interest at %g",
					       node->params.resize.roi[i]);
	}
	return EDGE_OK;
}

/* dim * scale in single precision, as ONNX Runtime computes it: 10 * 0.7f is 7. */
static enum edge_status scaled_size(const struct edge_node *node, int i, int64_t *size,
				    struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	const float *roi = node->params.resize.roi;
	float scale = node->params.resize.scales[i], scaled = x->dims[i];

	if (node->params.resize.coordinates == EDGE_RESIZE_TF_CROP_AND_RESIZE)
		scaled *= roi[x->rank + i] - roi[i];
	scaled *= scale;
	if (!(scale > 0) || !(scaled >= 0 && scaled < MAX_SIZE))
		return edge_infer_fail(node, error, "dimension %d: %lld times %g", i,
				       (long long)x->dims[i], scale);
	*size = scaled;
	return EDGE_OK;
}

static enum edge_status resize_dimension(const struct edge_node *node, int i, int64_t *size,
					 struct edge_error *error)
{
	int64_t dim = node->inputs[0]->dims[i], stated = node->params.resize.sizes[i];
	enum edge_status status;

	*size = stated ? stated : dim;
	if (node->params.resize.scales[i] != 0) {
		status = scaled_size(node, i, size, error);
		if (status)
			return status;
		if (stated && stated != *size)
			return edge_infer_fail(node, error,
					       "dimension %d: the scale gives %lld, not %lld", i,
					       (long long)*size, (long long)stated);
	}
	if (*size < 0 || *size >= MAX_SIZE || dim >= MAX_SIZE || (*size && !dim))
		return edge_infer_fail(node, error, "dimension %d: %lld to %lld", i, (long long)dim,
				       (long long)*size);
	return EDGE_OK;
}

enum edge_status edge_infer_resize(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	int64_t *sizes = node->params.resize.sizes;

	if (!status)
		status = check_resize(node, error);
	for (int i = 0; !status && i < x->rank; i++)
		status = resize_dimension(node, i, &sizes[i], error);
	return status ? status : edge_infer_set(node, 0, x->type, x->rank, sizes, error);
}

enum edge_status edge_infer_roi_align(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *rois = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_FLOAT, error);
	int64_t dims[4];

	if (!status)
		status = edge_infer_check_same_type(node, 1, error);
	if (!status)
		status = edge_infer_check_type(node, 2, 1u << EDGE_I64, error);
	if (status)
		return status;
	if (x->rank != 4 || !edge_tensor_elements(x))
		return edge_infer_fail(node, error, "'%s' is no image: it has rank %d", x->name,
				       x->rank);
	if (rois->rank != 2 || rois->dims[1] != 4)
		return edge_infer_fail(node, error, "the regions '%s' are no list of 4 corners",
				       rois->name);
	if (node->params.roi_align.output_height < 1 || node->params.roi_align.output_width < 1 ||
	    node->params.roi_align.sampling_ratio < 0 ||
	    !isfinite(node->params.roi_align.spatial_scale))
		return edge_infer_fail(node, error, "output %d x %d, sampling ratio %d, scale %g",
				       node->params.roi_align.output_height,
				       node->params.roi_align.output_width,
				       node->params.roi_align.sampling_ratio,
				       node->params.roi_align.spatial_scale);
	status = edge_infer_check_vector(node, 2, rois->dims[0], error);
	if (status)
		return status;
	dims[0] = rois->dims[0];
	dims[1] = x->dims[1];
	dims[2] = node->params.roi_align.output_height;
	dims[3] = node->params.roi_align.output_width;
	return edge_infer_set(node, 0, x->type, 4, dims, error);
}

enum edge_status edge_infer_grid_sample(struct edge_node *node, struct edge_error *error)
{
	const struct edge_tensor *x = node->inputs[0], *grid = node->inputs[1];
	enum edge_status status = edge_infer_check_type(node, 0, EDGE_TYPES_NUMBER, error);
	int64_t dims[4];

	if (!status)
		status = edge_infer_check_type(node, 1, EDGE_TYPES_FLOAT, error);
	if (status)
		return status;
	if (node->params.grid_sample.mode < 0 ||
	    node->params.grid_sample.mode > EDGE_RESIZE_CUBIC ||
	    node->params.grid_sample.padding < 0 || node->params.grid_sample.padding > 2)
		return edge_infer_fail(node, error, "mode %d, padding %d",
				       node->params.grid_sample.mode,
				       node->params.grid_sample.padding);
	if (x->rank != 4 || !edge_tensor_elements(x))
		return edge_infer_fail(node, error, "'%s' is no image: it has rank %d", x->name,
				       x->rank);
	if (grid->rank != 4 || grid->dims[0] != x->dims[0] || grid->dims[3] != 2)
		return edge_infer_fail(node, error, "the grid '%s' is not [%lld, height, width, 2]",
				       grid->name, (long long)x->dims[0]);
	dims[0] = x->dims[0];
	dims[1] = x->dims[1];
	dims[2] = grid->dims[1];
	dims[3] = grid->dims[2];
	return edge_infer_set(node, 0, x->type, 4, dims, error);
}
