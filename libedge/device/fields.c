// SPDX-License-Identifier: MIT
#include "device/fields.h"

#include <stdio.h>
#include <string.h>

#include "drm/edge_accel.h"

/**
 * struct member - a member of a struct of the interface
 * @inner: members of what it is itself, ended by one without a name; NULL for numbers
 * @count: elements, more than 1 in arrays
 */
struct member {
	const char *name;
	size_t at;
	size_t size;
	size_t count;
	bool is_signed;
	const struct member *inner;
};

#define SIZE(type, member) sizeof(((type *)0)->member)
#define U(type, member) \
	{ \
		.name = #member, .at = offsetof(type, member), .size = SIZE(type, member), \
		.count = 1 \
	}
#define S(type, member) \
	{ \
		.name = #member, .at = offsetof(type, member), .size = SIZE(type, member), \
		.count = 1, .is_signed = true \
	}
#define ARRAY(type, member, sign) \
	{ \
		.name = #member, .at = offsetof(type, member), .size = SIZE(type, member[0]), \
		.count = SIZE(type, member) / SIZE(type, member[0]), .is_signed = sign \
	}
#define IN(type, member, members) \
	{ \
		.name = #member, .at = offsetof(type, member), .size = SIZE(type, member), \
		.count = 1, .inner = members \
	}
#define END \
	{ \
		.name = NULL \
	}

static const struct member op_members[] = {
	U(struct drm_edge_op, type),
	U(struct drm_edge_op, size),
	END,
};

static const struct member ref_members[] = {
	U(struct drm_edge_ref, handle),
	U(struct drm_edge_ref, pad),
	U(struct drm_edge_ref, offset),
	END,
};

static const struct member cube_members[] = {
	IN(struct drm_edge_nvdla_cube, at, ref_members),
	U(struct drm_edge_nvdla_cube, width),
	U(struct drm_edge_nvdla_cube, height),
	U(struct drm_edge_nvdla_cube, channels),
	U(struct drm_edge_nvdla_cube, line_stride),
	U(struct drm_edge_nvdla_cube, surface_stride),
	U(struct drm_edge_nvdla_cube, pad),
	END,
};

static const struct member stage_members[] = {
	U(struct drm_edge_nvdla_stage, flags),
	U(struct drm_edge_nvdla_stage, alu),
	U(struct drm_edge_nvdla_stage, alu_shift),
	U(struct drm_edge_nvdla_stage, mul_shift),
	S(struct drm_edge_nvdla_stage, alu_value),
	S(struct drm_edge_nvdla_stage, mul_value),
	IN(struct drm_edge_nvdla_stage, operands, ref_members),
	U(struct drm_edge_nvdla_stage, line_stride),
	U(struct drm_edge_nvdla_stage, surface_stride),
	END,
};

static const struct member tail_members[] = {
	IN(struct drm_edge_nvdla_tail, bs, stage_members),
	IN(struct drm_edge_nvdla_tail, bn, stage_members),
	S(struct drm_edge_nvdla_tail, offset),
	S(struct drm_edge_nvdla_tail, scale),
	U(struct drm_edge_nvdla_tail, shift),
	U(struct drm_edge_nvdla_tail, pad),
	END,
};

static const struct member pool_members[] = {
	U(struct drm_edge_nvdla_pool, method),
	U(struct drm_edge_nvdla_pool, width),
	U(struct drm_edge_nvdla_pool, height),
	U(struct drm_edge_nvdla_pool, stride_x),
	U(struct drm_edge_nvdla_pool, stride_y),
	U(struct drm_edge_nvdla_pool, left),
	U(struct drm_edge_nvdla_pool, right),
	U(struct drm_edge_nvdla_pool, top),
	U(struct drm_edge_nvdla_pool, bottom),
	S(struct drm_edge_nvdla_pool, pad_value),
	U(struct drm_edge_nvdla_pool, reciprocal_x),
	U(struct drm_edge_nvdla_pool, reciprocal_y),
	U(struct drm_edge_nvdla_pool, bands),
	U(struct drm_edge_nvdla_pool, first),
	U(struct drm_edge_nvdla_pool, middle),
	U(struct drm_edge_nvdla_pool, last),
	END,
};

static const struct member pixel_members[] = {
	U(struct drm_edge_nvdla_pixel, flags),		U(struct drm_edge_nvdla_pixel, x_offset),
	ARRAY(struct drm_edge_nvdla_pixel, mean, true), S(struct drm_edge_nvdla_pixel, scale),
	U(struct drm_edge_nvdla_pixel, shift),		END,
};

static const struct member conv_members[] = {
	IN(struct drm_edge_nvdla_conv, op, op_members),
	U(struct drm_edge_nvdla_conv, flags),
	U(struct drm_edge_nvdla_conv, format),
	IN(struct drm_edge_nvdla_conv, input, cube_members),
	IN(struct drm_edge_nvdla_conv, pixel, pixel_members),
	IN(struct drm_edge_nvdla_conv, weights, ref_members),
	U(struct drm_edge_nvdla_conv, kernel_width),
	U(struct drm_edge_nvdla_conv, kernel_height),
	U(struct drm_edge_nvdla_conv, stride_x),
	U(struct drm_edge_nvdla_conv, stride_y),
	U(struct drm_edge_nvdla_conv, dilation_x),
	U(struct drm_edge_nvdla_conv, dilation_y),
	U(struct drm_edge_nvdla_conv, left),
	U(struct drm_edge_nvdla_conv, right),
	U(struct drm_edge_nvdla_conv, top),
	U(struct drm_edge_nvdla_conv, bottom),
	S(struct drm_edge_nvdla_conv, pad_value),
	U(struct drm_edge_nvdla_conv, truncate),
	U(struct drm_edge_nvdla_conv, data_banks),
	U(struct drm_edge_nvdla_conv, weight_banks),
	U(struct drm_edge_nvdla_conv, width),
	U(struct drm_edge_nvdla_conv, height),
	IN(struct drm_edge_nvdla_conv, tail, tail_members),
	IN(struct drm_edge_nvdla_conv, output, cube_members),
	IN(struct drm_edge_nvdla_conv, pool, pool_members),
	END,
};

static const struct member sdp_members[] = {
	IN(struct drm_edge_nvdla_sdp, op, op_members),
	U(struct drm_edge_nvdla_sdp, flags),
	U(struct drm_edge_nvdla_sdp, pad),
	IN(struct drm_edge_nvdla_sdp, input, cube_members),
	IN(struct drm_edge_nvdla_sdp, tail, tail_members),
	IN(struct drm_edge_nvdla_sdp, output, cube_members),
	IN(struct drm_edge_nvdla_sdp, pool, pool_members),
	END,
};

static const struct member pdp_members[] = {
	IN(struct drm_edge_nvdla_pdp, op, op_members),
	IN(struct drm_edge_nvdla_pdp, input, cube_members),
	IN(struct drm_edge_nvdla_pdp, output, cube_members),
	IN(struct drm_edge_nvdla_pdp, pool, pool_members),
	END,
};

static const struct member table_members[] = {
	IN(struct drm_edge_nvdla_table, op, op_members),
	IN(struct drm_edge_nvdla_table, input, cube_members),
	IN(struct drm_edge_nvdla_table, output, cube_members),
	S(struct drm_edge_nvdla_table, offset),
	S(struct drm_edge_nvdla_table, scale),
	U(struct drm_edge_nvdla_table, shift),
	U(struct drm_edge_nvdla_table, pad),
	ARRAY(struct drm_edge_nvdla_table, values, true),
	ARRAY(struct drm_edge_nvdla_table, pad2, false),
	END,
};

static const struct member copy_members[] = {
	IN(struct drm_edge_nvdla_copy, op, op_members),
	IN(struct drm_edge_nvdla_copy, from, ref_members),
	IN(struct drm_edge_nvdla_copy, to, ref_members),
	U(struct drm_edge_nvdla_copy, line_bytes),
	U(struct drm_edge_nvdla_copy, lines),
	U(struct drm_edge_nvdla_copy, from_stride),
	U(struct drm_edge_nvdla_copy, to_stride),
	END,
};

static const struct op {
	uint32_t type;
	const char *name;
	size_t size;
	const struct member *members;
} ops[] = {
	{ DRM_EDGE_OP_NVDLA_CONV, "convolution", sizeof(struct drm_edge_nvdla_conv), conv_members },
	{ DRM_EDGE_OP_NVDLA_SDP, "element-wise", sizeof(struct drm_edge_nvdla_sdp), sdp_members },
	{ DRM_EDGE_OP_NVDLA_PDP, "pooling", sizeof(struct drm_edge_nvdla_pdp), pdp_members },
	{ DRM_EDGE_OP_NVDLA_TABLE, "table", sizeof(struct drm_edge_nvdla_table), table_members },
	{ DRM_EDGE_OP_NVDLA_COPY, "copy", sizeof(struct drm_edge_nvdla_copy), copy_members },
};

static const struct op *find_op(uint32_t type)
{
	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (ops[i].type == type)
			return &ops[i];
	return NULL;
}

const char *edge_op_name(uint32_t type)
{
	const struct op *op = find_op(type);

	return op ? op->name : NULL;
}

size_t edge_op_size(uint32_t type)
{
	const struct op *op = find_op(type);

	return op ? op->size : 0;
}

static const struct member *find_member(const struct member *member, size_t at)
{
	while (member->name && (at < member->at || at >= member->at + member->size * member->count))
		member++;
	return member->name ? member : NULL;
}

bool edge_op_field(uint32_t type, size_t at, struct edge_field *field)
{
	const struct op *op = find_op(type);
	const struct member *members = op ? op->members : NULL;
	size_t used = 0, base = 0;

	while (members) {
		const struct member *member = find_member(members, at - base);
		size_t index;

		if (!member)
			return false;
		index = (at - base - member->at) / member->size;
		base += member->at + index * member->size;
		used += snprintf(field->name + used, sizeof(field->name) - used, "%s%s",
				 used ? "." : "", member->name);
		if (member->count > 1)
			snprintf(field->name + used, sizeof(field->name) - used, "[%zu]", index);
		field->at = base;
		field->size = member->size;
		field->is_signed = member->is_signed;
		members = member->inner;
	}
	return op != NULL;
}
