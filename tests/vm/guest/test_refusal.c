// SPDX-License-Identifier: MIT
/* Streams that are refused: one thing is wrong with each, and the kernel says what, and where. */
#include "accel.h"
#include "ops.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BO_SIZE (1 << 20)
#define OUTPUT_AT (BO_SIZE / 2)
#define OTHER_AT (BO_SIZE / 4)
#define LINE 16
#define IN_CHANNELS 64
#define OUT_CHANNELS 16
/* No buffer has it. */
#define NO_HANDLE 4711

static struct {
	int fd;
	uint32_t ctx;
	struct bo data, weights, reads, writes;
} device;

enum base {
	BASE_conv,
	BASE_sdp,
	BASE_pdp,
	BASE_table,
	BASE_copy,
	BASE_average, /* a pdp too */
	BASE_image, /* a conv of an image */
	BASE_point, /* a sdp of a cube of one column and one line */
};

union descriptor {
	struct drm_edge_op op;
	struct drm_edge_nvdla_conv conv;
	struct drm_edge_nvdla_sdp sdp;
	struct drm_edge_nvdla_pdp pdp;
	struct drm_edge_nvdla_table table;
	struct drm_edge_nvdla_copy copy;
	struct drm_edge_nvdla_pdp average;
	struct drm_edge_nvdla_conv image;
	struct drm_edge_nvdla_sdp point;
};

static int negate(int value)
{
	return -value;
}

static struct drm_edge_nvdla_conv image_op(void)
{
	struct drm_edge_nvdla_cube output = cube(&device.data, OUTPUT_AT, LINE, LINE, OUT_CHANNELS);
	struct drm_edge_nvdla_conv image;

	image = conv_op(cube(&device.data, 0, LINE, LINE, 4), &device.weights, output, 4);
	image.format = DRM_EDGE_NVDLA_RGBA;
	image.input.line_stride = LINE * 4;
	image.input.surface_stride = 0;
	image.pixel.flags = DRM_EDGE_NVDLA_PIXEL_CONVERT;
	image.pixel.scale = 1;
	return image;
}

static struct drm_edge_nvdla_pdp average_op(void)
{
	struct drm_edge_nvdla_pdp pdp =
		max_pool_op(cube(&device.data, 0, LINE, LINE, 8),
			    cube(&device.data, OUTPUT_AT, LINE / 2, LINE / 2, 8));

	pdp.pool.method = DRM_EDGE_NVDLA_POOL_AVERAGE;
	pdp.pool.reciprocal_x = 32768;
	pdp.pool.reciprocal_y = 32768;
	return pdp;
}

/* A descriptor that is accepted. */
static union descriptor good(enum base base)
{
	struct drm_edge_nvdla_cube input = cube(&device.data, 0, LINE, LINE, IN_CHANNELS);
	struct drm_edge_nvdla_cube other = cube(&device.data, OTHER_AT, LINE, LINE, IN_CHANNELS);
	struct drm_edge_nvdla_cube output = cube(&device.data, OUTPUT_AT, LINE, LINE, IN_CHANNELS);
	struct drm_edge_nvdla_cube made = cube(&device.data, OUTPUT_AT, LINE, LINE, OUT_CHANNELS);
	union descriptor descriptor = { 0 };

	switch (base) {
	case BASE_conv:
		descriptor.conv = conv_op(input, &device.weights, made, 8);
		descriptor.conv.data_banks = 4;
		break;
	case BASE_sdp:
		descriptor.sdp = add_relu_op(input, other, output);
		break;
	case BASE_pdp:
		made = cube(&device.data, OUTPUT_AT, LINE / 2, LINE / 2, IN_CHANNELS);
		descriptor.pdp = max_pool_op(input, made);
		break;
	case BASE_table:
		descriptor.table = table_op(input, output, negate);
		break;
	case BASE_copy:
		descriptor.copy = copy_op(&device.data, 0, &device.data, OUTPUT_AT, 64);
		descriptor.copy.lines = 4;
		break;
	case BASE_average:
		descriptor.average = average_op();
		break;
	case BASE_image:
		descriptor.image = image_op();
		break;
	case BASE_point:
		descriptor.point = add_relu_op(cube(&device.data, 0, 1, 1, 16),
					       cube(&device.data, OTHER_AT, 1, 1, 16),
					       cube(&device.data, OUTPUT_AT, 1, 1, 16));
		break;
	}
	return descriptor;
}

/* Submits it as the second operation of a job, so that it cannot be confused with the first. */
static int submit_second(const union descriptor *second, uint32_t bytes,
			 struct drm_edge_submit *args)
{
	uint8_t stream[sizeof(struct drm_edge_nvdla_copy) + 2 * sizeof(union descriptor)] = { 0 };
	const struct drm_edge_nvdla_copy first = smallest_op(&device.data, 64);

	memcpy(stream, &first, sizeof(first));
	memcpy(stream + sizeof(first), second, bytes);
	*args = submit_args(device.ctx, stream, sizeof(first) + bytes);
	return submit_try(device.fd, args);
}

/**
 * struct wrong - what makes a good descriptor bad
 * @offset: of the field that is changed
 * @size: of that field
 * @value: to what
 * @handle: it is changed to the handle of this buffer instead
 * @at: of the field that is refused
 */
struct wrong {
	const char *name;
	enum base base;
	size_t offset;
	size_t size;
	uint64_t value;
	const struct bo *handle;
	enum drm_edge_reason reason;
	size_t at;
};

#define FIELD(base, field) \
	offsetof(union descriptor, base.field), sizeof(((union descriptor *)0)->base.field)

/* A field whose value is refused. */
#define WRONG(base, field, value, reason) \
	{ \
#base "." #field " = " #value, BASE_##base, FIELD(base, field), value, NULL, \
			DRM_EDGE_REASON_##reason, offsetof(union descriptor, base.field) \
	}
/* One that makes another one wrong. */
#define WRONG_AT(base, field, value, reason, where) \
	{ \
#base "." #field " = " #value, BASE_##base, FIELD(base, field), value, NULL, \
			DRM_EDGE_REASON_##reason, offsetof(union descriptor, base.where) \
	}
#define WRONG_BO(base, field, bo, reason) \
	{ \
#base "." #field " = " #bo, BASE_##base, FIELD(base, field), 0, &device.bo, \
			DRM_EDGE_REASON_##reason, offsetof(union descriptor, base.field) \
	}

#define EACH_REF(X, base, field) \
	X(base, field.handle, 0, HANDLE), X(base, field.handle, NO_HANDLE, HANDLE), \
		X(base, field.handle, UINT32_MAX, HANDLE), X(base, field.pad, 1, RESERVED), \
		X(base, field.pad, 0x80000000, RESERVED), X(base, field.offset, BO_SIZE, EXTENT), \
		X(base, field.offset, BO_SIZE + 8, EXTENT), \
		X(base, field.offset, UINT64_C(1) << 32, EXTENT), \
		X(base, field.offset, UINT64_MAX - 7, EXTENT), \
		X(base, field.offset, UINT64_C(1) << 63, EXTENT), X(base, field.offset, 4, ALIGN), \
		X(base, field.offset, 1, ALIGN)

#define EACH_CUBE(X, base, field) \
	EACH_REF(X, base, field.at), X(base, field.width, 0, SIZE), \
		X(base, field.width, 8193, SIZE), X(base, field.width, UINT32_MAX, SIZE), \
		X(base, field.height, 0, SIZE), X(base, field.height, 8193, SIZE), \
		X(base, field.height, UINT32_MAX, SIZE), X(base, field.channels, 0, SIZE), \
		X(base, field.channels, 8193, SIZE), X(base, field.channels, UINT32_MAX, SIZE), \
		X(base, field.line_stride, 4, ALIGN), X(base, field.surface_stride, 2044, ALIGN), \
		X(base, field.line_stride, 0, STRIDE), X(base, field.line_stride, 8, STRIDE), \
		X(base, field.surface_stride, 0, STRIDE), \
		X(base, field.surface_stride, 16, STRIDE), X(base, field.pad, 1, RESERVED)

static const struct wrong unknown_types[] = {
	WRONG(copy, op.type, 0, TYPE),		WRONG(copy, op.type, 0x00010000, TYPE),
	WRONG(copy, op.type, 0x00010006, TYPE), WRONG(copy, op.type, 0x00020001, TYPE),
	WRONG(copy, op.type, 5, TYPE),		WRONG(copy, op.type, UINT32_MAX, TYPE),
};

static const struct wrong sizes_of_descriptors[] = {
	WRONG(copy, op.size, 0, STREAM),
	WRONG(copy, op.size, 8, STREAM),
	WRONG(copy, op.size, sizeof(struct drm_edge_nvdla_copy) - 8, STREAM),
	WRONG(copy, op.size, sizeof(struct drm_edge_nvdla_copy) + 4, STREAM),
	WRONG(copy, op.size, sizeof(struct drm_edge_nvdla_copy) + 8, STREAM),
	WRONG(copy, op.size, UINT32_MAX, STREAM),
	WRONG(copy, op.size, UINT32_MAX - 7, STREAM),
	WRONG(conv, op.size, sizeof(struct drm_edge_nvdla_conv) - 8, STREAM),
	WRONG(sdp, op.size, sizeof(struct drm_edge_nvdla_sdp) - 8, STREAM),
	WRONG(pdp, op.size, sizeof(struct drm_edge_nvdla_pdp) - 8, STREAM),
	WRONG(table, op.size, sizeof(struct drm_edge_nvdla_table) - 8, STREAM),
};

static const struct wrong copies[] = {
	EACH_REF(WRONG, copy, from),
	EACH_REF(WRONG, copy, to),
	WRONG_BO(copy, from.handle, writes, ACCESS),
	WRONG_BO(copy, to.handle, reads, ACCESS),
	WRONG(copy, line_bytes, 0, SIZE),
	WRONG(copy, line_bytes, 65544, SIZE),
	WRONG(copy, line_bytes, UINT32_MAX, SIZE),
	WRONG(copy, line_bytes, 12, ALIGN),
	WRONG(copy, lines, 0, SIZE),
	WRONG(copy, lines, 8193, SIZE),
	WRONG(copy, lines, UINT32_MAX, SIZE),
	WRONG(copy, from_stride, 65, ALIGN),
	WRONG(copy, to_stride, 68, ALIGN),
	WRONG(copy, from_stride, 56, STRIDE),
	WRONG(copy, to_stride, 0, STRIDE),
	WRONG_AT(copy, from_stride, 0xfffffff8, EXTENT, from.offset),
	WRONG_AT(copy, to_stride, 0x40000000, EXTENT, to.offset),
	WRONG(copy, to.offset, 0, OVERLAP),
	WRONG(copy, to.offset, 8, OVERLAP),
	WRONG(copy, to.offset, 248, OVERLAP),
};

static const struct wrong cubes[] = {
	EACH_CUBE(WRONG, sdp, input),	EACH_CUBE(WRONG, sdp, output),
	EACH_CUBE(WRONG, conv, input),	EACH_CUBE(WRONG, conv, output),
	EACH_CUBE(WRONG, pdp, input),	EACH_CUBE(WRONG, pdp, output),
	EACH_CUBE(WRONG, table, input), EACH_CUBE(WRONG, table, output),
	EACH_REF(WRONG, conv, weights), EACH_REF(WRONG, sdp, tail.bs.operands),
};

static const struct wrong accesses[] = {
	WRONG_BO(conv, input.at.handle, writes, ACCESS),
	WRONG_BO(conv, weights.handle, writes, ACCESS),
	WRONG_BO(conv, output.at.handle, reads, ACCESS),
	WRONG_BO(sdp, input.at.handle, writes, ACCESS),
	WRONG_BO(sdp, tail.bs.operands.handle, writes, ACCESS),
	WRONG_BO(sdp, output.at.handle, reads, ACCESS),
	WRONG_BO(pdp, input.at.handle, writes, ACCESS),
	WRONG_BO(pdp, output.at.handle, reads, ACCESS),
	WRONG_BO(table, input.at.handle, writes, ACCESS),
	WRONG_BO(table, output.at.handle, reads, ACCESS),
};

static const struct wrong points[] = {
	WRONG_AT(point, input.line_stride, 16, STRIDE, input.surface_stride),
	WRONG_AT(point, output.line_stride, 16, STRIDE, output.surface_stride),
	WRONG(point, input.surface_stride, 64, POINT),
	WRONG(point, output.surface_stride, 64, POINT),
	WRONG(point, tail.bs.surface_stride, 64, POINT),
};

static const struct wrong overlaps[] = {
	WRONG(conv, output.at.offset, 0, OVERLAP),
	WRONG(conv, output.at.offset, 64, OVERLAP),
	WRONG(sdp, output.at.offset, 8, OVERLAP),
	WRONG(sdp, output.at.offset, OTHER_AT, OVERLAP),
	WRONG(pdp, output.at.offset, 0, OVERLAP),
	WRONG(table, output.at.offset, 0, OVERLAP),
	WRONG(table, output.at.offset, 2048, OVERLAP),
};

static const struct wrong convolutions[] = {
	WRONG(conv, flags, 2, RESERVED),
	WRONG(conv, flags, 0x80000000, RESERVED),
	WRONG(conv, format, 6, FORMAT),
	WRONG(conv, format, UINT32_MAX, FORMAT),
	WRONG(conv, kernel_width, 0, KERNEL),
	WRONG(conv, kernel_width, 33, KERNEL),
	WRONG(conv, kernel_height, 0, KERNEL),
	WRONG(conv, kernel_height, UINT32_MAX, KERNEL),
	WRONG(conv, stride_x, 0, STEP),
	WRONG(conv, stride_y, 9, STEP),
	WRONG(conv, dilation_x, 0, STEP),
	WRONG(conv, dilation_y, 33, STEP),
	WRONG(conv, left, 3, PADDING),
	WRONG(conv, right, UINT32_MAX, PADDING),
	WRONG(conv, top, 32, PADDING),
	WRONG(conv, bottom, 3, PADDING),
	WRONG(conv, pad_value, 128, PADDING),
	WRONG(conv, pad_value, (uint32_t)-129, PADDING),
	WRONG(conv, truncate, 32, SHIFT),
	WRONG(conv, width, LINE - 1, OUTPUT),
	WRONG(conv, width, LINE + 1, OUTPUT),
	WRONG(conv, height, LINE + 1, OUTPUT),
	WRONG(conv, width, 0, SIZE),
	WRONG(conv, height, 8193, SIZE),
	WRONG(conv, output.width, LINE - 1, OUTPUT),
	WRONG(conv, output.height, LINE - 1, OUTPUT),
	WRONG(conv, data_banks, 0, BANKS),
	WRONG(conv, data_banks, 32, BANKS),
	WRONG(conv, weight_banks, 0, BANKS),
	WRONG(conv, weight_banks, 29, BANKS),
	WRONG(conv, weight_banks, UINT32_MAX, BANKS),
	WRONG(conv, data_banks, 3, DATA_BANKS),
	WRONG(conv, weight_banks, 1, WEIGHT_BANKS),
	WRONG(conv, pixel.flags, 1, RESERVED),
	WRONG(conv, pixel.x_offset, 1, RESERVED),
	WRONG(conv, pixel.mean[3], 1, RESERVED),
	WRONG(conv, pixel.scale, 1, RESERVED),
	WRONG(conv, pixel.shift, 1, RESERVED),
	WRONG(conv, tail.shift, 64, SHIFT),
	WRONG(conv, pool.width, 1, RESERVED),
};

static const struct wrong images[] = {
	WRONG_AT(image, format, DRM_EDGE_NVDLA_R8, FORMAT, input.channels),
	WRONG(image, input.channels, 3, FORMAT),
	WRONG(image, input.surface_stride, 8, RESERVED),
	WRONG(image, input.line_stride, LINE * 4 - 8, STRIDE),
	WRONG(image, input.line_stride, LINE * 4 + 4, ALIGN),
	WRONG(image, pixel.flags, 4, RESERVED),
	WRONG(image, pixel.x_offset, 2, FORMAT),
	WRONG(image, pixel.mean[0], 32768, SHIFT),
	WRONG(image, pixel.mean[3], (uint32_t)-32769, SHIFT),
	WRONG(image, pixel.scale, 32768, SHIFT),
	WRONG(image, pixel.shift, 64, SHIFT),
	WRONG(image, dilation_x, 2, STEP),
};

static const struct wrong stages[] = {
	WRONG(sdp, flags, 2, RESERVED),
	WRONG(sdp, pad, 1, RESERVED),
	WRONG(sdp, tail.pad, 1, RESERVED),
	WRONG(sdp, tail.bs.flags, 1 << 9 | DRM_EDGE_NVDLA_STAGE_ON, RESERVED),
	WRONG(sdp, tail.bs.flags, DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_ALU_MEMORY, STAGE),
	WRONG(sdp, tail.bs.flags, DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_MUL_MEMORY, STAGE),
	WRONG(sdp, tail.bs.flags, DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_PRELU, STAGE),
	WRONG(sdp, tail.bs.flags, DRM_EDGE_NVDLA_STAGE_ON | DRM_EDGE_NVDLA_STAGE_TWO_BYTES, STAGE),
	WRONG(sdp, tail.bs.alu, 3, STAGE),
	WRONG(sdp, tail.bs.alu_shift, 64, SHIFT),
	WRONG(sdp, tail.bs.mul_shift, 64, SHIFT),
	/* The operand is in memory, and there is no multiplier. */
	WRONG(sdp, tail.bs.alu_value, 1, RESERVED),
	WRONG(sdp, tail.bs.mul_value, 1, RESERVED),
	WRONG(sdp, tail.bs.line_stride, LINE * 8 - 8, STRIDE),
	WRONG(sdp, tail.bs.line_stride, LINE * 8 + 4, ALIGN),
	WRONG(sdp, tail.bs.surface_stride, 64, STRIDE),
	/* A stage that is off is zero. */
	WRONG(sdp, tail.bn.flags, DRM_EDGE_NVDLA_STAGE_ALU, RESERVED),
	WRONG(sdp, tail.bn.alu, 1, RESERVED),
	WRONG(sdp, tail.bn.alu_shift, 1, RESERVED),
	WRONG(sdp, tail.bn.mul_shift, 1, RESERVED),
	WRONG(sdp, tail.bn.alu_value, 1, RESERVED),
	WRONG(sdp, tail.bn.mul_value, 1, RESERVED),
	WRONG(sdp, tail.bn.operands.handle, 1, RESERVED),
	WRONG(sdp, tail.bn.operands.pad, 1, RESERVED),
	WRONG(sdp, tail.bn.operands.offset, 8, RESERVED),
	WRONG(sdp, tail.bn.line_stride, 8, RESERVED),
	WRONG(sdp, tail.bn.surface_stride, 8, RESERVED),
	WRONG(sdp, tail.scale, 32768, SHIFT),
	WRONG(sdp, tail.scale, (uint32_t)-32769, SHIFT),
	WRONG(sdp, tail.shift, 64, SHIFT),
	WRONG(sdp, output.channels, IN_CHANNELS - 8, OUTPUT),
	/* Without pooling there is no window. */
	WRONG(sdp, pool.method, 1, RESERVED),
	WRONG(sdp, pool.width, 1, RESERVED),
	WRONG(sdp, pool.bands, 1, RESERVED),
	WRONG(sdp, pool.last, 1, RESERVED),
	/* And with it there must be one. */
	WRONG_AT(sdp, flags, DRM_EDGE_NVDLA_POOL, KERNEL, pool.width),
};

static const struct wrong windows[] = {
	WRONG(pdp, pool.method, 3, RESERVED),
	WRONG(pdp, pool.width, 0, KERNEL),
	WRONG(pdp, pool.width, 9, KERNEL),
	WRONG(pdp, pool.height, UINT32_MAX, KERNEL),
	WRONG(pdp, pool.stride_x, 0, STEP),
	WRONG(pdp, pool.stride_y, 17, STEP),
	WRONG(pdp, pool.left, 2, PADDING),
	WRONG(pdp, pool.right, 8, PADDING),
	WRONG(pdp, pool.top, 2, PADDING),
	WRONG(pdp, pool.bottom, UINT32_MAX, PADDING),
	WRONG(pdp, pool.pad_value, 1, RESERVED),
	WRONG(pdp, pool.reciprocal_x, 1, RESERVED),
	WRONG(pdp, pool.reciprocal_y, 1, RESERVED),
	WRONG(average, pool.pad_value, 128, PADDING),
	WRONG(average, pool.reciprocal_x, 1 << 17, SHIFT),
	WRONG(average, pool.reciprocal_y, UINT32_MAX, SHIFT),
	WRONG(pdp, output.width, LINE / 2 - 1, OUTPUT),
	WRONG(pdp, output.height, LINE / 2 - 1, OUTPUT),
	WRONG(pdp, output.channels, 8, OUTPUT),
	WRONG(pdp, pool.bands, 257, BANDS),
	WRONG_AT(pdp, pool.bands, 2, BANDS, pool.first),
	WRONG(pdp, pool.first, 1, RESERVED),
	WRONG(pdp, pool.middle, 1, RESERVED),
	WRONG(pdp, pool.last, 1, RESERVED),
};

static const struct wrong tables[] = {
	WRONG(table, scale, 32768, SHIFT),	 WRONG(table, shift, 64, SHIFT),
	WRONG(table, pad, 1, RESERVED),		 WRONG(table, pad2[0], 1, RESERVED),
	WRONG(table, pad2[2], 0x8000, RESERVED), WRONG(table, output.width, LINE - 1, OUTPUT),
};

static void change(union descriptor *descriptor, const struct wrong *wrong)
{
	uint64_t value = wrong->handle ? wrong->handle->handle : wrong->value;

	/* Little-endian, as is all that runs this. */
	memcpy((uint8_t *)descriptor + wrong->offset, &value, wrong->size);
}

static void check_wrong(const struct wrong *wrong)
{
	union descriptor descriptor = good(wrong->base);
	const uint32_t bytes = descriptor.op.size;
	struct drm_edge_submit args;
	int ret;

	change(&descriptor, wrong);
	ret = submit_second(&descriptor, bytes, &args);
	if (ret != -EINVAL || args.error_op != 1 || args.error_reason != wrong->reason ||
	    args.error_at != wrong->at || args.error_pad)
		fail_msg("%s: %d, operation %u, reason %u at %u instead of %u at %zu", wrong->name,
			 ret, args.error_op, args.error_reason, args.error_at, wrong->reason,
			 wrong->at);
}

#define CHECK_ALL(list) \
	static void test_##list(void **state) \
	{ \
		for (size_t i = 0; i < sizeof(list) / sizeof(*list); i++) \
			check_wrong(&list[i]); \
	}

CHECK_ALL(unknown_types)
CHECK_ALL(sizes_of_descriptors)
CHECK_ALL(copies)
CHECK_ALL(cubes)
CHECK_ALL(accesses)
CHECK_ALL(points)
CHECK_ALL(overlaps)
CHECK_ALL(convolutions)
CHECK_ALL(images)
CHECK_ALL(stages)
CHECK_ALL(windows)
CHECK_ALL(tables)

/* Without it, anything would be refused for some reason. */
static void test_unchanged_ones_are_accepted(void **state)
{
	for (int base = BASE_conv; base <= BASE_point; base++) {
		const union descriptor descriptor = good(base);
		struct drm_edge_submit args;

		assert_int_equal(submit_second(&descriptor, descriptor.op.size, &args), 0);
		assert_int_equal(args.error_reason, DRM_EDGE_REASON_NONE);
		assert_int_equal(job_result(device.fd, device.ctx, args.job), 0);
	}
}

/* A descriptor of the future says more than we know; that must be nothing. */
static void test_longer_descriptors(void **state)
{
	for (int base = BASE_conv; base <= BASE_copy; base++) {
		union descriptor padded[2] = { good(base) };
		const uint32_t bytes = padded[0].op.size;
		struct drm_edge_submit args;

		padded[0].op.size = bytes + 16;
		assert_int_equal(submit_second(padded, bytes + 16, &args), 0);
		assert_int_equal(job_result(device.fd, device.ctx, args.job), 0);
		((uint8_t *)padded)[bytes + 15] = 1;
		assert_int_equal(submit_second(padded, bytes + 16, &args), -EINVAL);
		assert_int_equal(args.error_op, 1);
		assert_int_equal(args.error_reason, DRM_EDGE_REASON_STREAM);
		assert_int_equal(args.error_at, bytes + 15);
	}
}

static void test_cut_off_descriptor(void **state)
{
	const union descriptor copy = good(BASE_copy);
	struct drm_edge_submit args;

	for (uint32_t bytes = 8; bytes < copy.op.size; bytes += 8) {
		assert_int_equal(submit_second(&copy, bytes, &args), -EINVAL);
		assert_int_equal(args.error_op, 1);
		assert_int_equal(args.error_reason, DRM_EDGE_REASON_STREAM);
		assert_int_equal(args.error_at, offsetof(struct drm_edge_op, size));
	}
}

static void test_too_many_operations(void **state)
{
	const uint32_t max = accel_device(device.fd).max_ops;
	struct drm_edge_nvdla_copy *stream = calloc(max + 1, sizeof(*stream));
	struct drm_edge_submit args = submit_args(device.ctx, stream, (max + 1) * sizeof(*stream));

	for (uint32_t i = 0; i <= max; i++)
		stream[i] = smallest_op(&device.data, 64);
	assert_int_equal(submit_try(device.fd, &args), -EINVAL);
	assert_int_equal(args.error_op, max);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_OPS);
	assert_int_equal(args.error_at, 0);
	free(stream);
}

/* Wider than the line buffer of the pooling unit, but for bands. */
static void test_too_wide_to_pool(void **state)
{
	const uint32_t wide = 512;
	union descriptor pool = {
		.pdp = max_pool_op(cube(&device.data, 0, wide, 2, 8),
				   cube(&device.data, OUTPUT_AT, wide / 2, 1, 8)),
	};
	struct drm_edge_submit args;

	assert_int_equal(submit_second(&pool, pool.op.size, &args), -EINVAL);
	assert_int_equal(args.error_op, 1);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_POOL_WIDTH);
	assert_int_equal(args.error_at, offsetof(struct drm_edge_nvdla_pdp, output.width));

	pool.pdp.pool.bands = 8;
	pool.pdp.pool.first = wide / 16;
	pool.pdp.pool.middle = wide / 16;
	pool.pdp.pool.last = wide / 16;
	assert_int_equal(submit_second(&pool, pool.op.size, &args), 0);
	assert_int_equal(job_result(device.fd, device.ctx, args.job), 0);

	pool.pdp.pool.last--;
	assert_int_equal(submit_second(&pool, pool.op.size, &args), -EINVAL);
	assert_int_equal(args.error_reason, DRM_EDGE_REASON_BANDS);
}

/* Refusals leave no trace. */
static void test_nothing_was_queued(void **state)
{
	const struct drm_edge_ctx_status before = ctx_status(device.fd, device.ctx);

	check_wrong(&convolutions[0]);
	assert_int_equal(ctx_status(device.fd, device.ctx).submitted, before.submitted);
}

static int set_up(void **state)
{
	device.fd = accel_open();
	device.ctx = ctx_create(device.fd);
	bo_create(&device.data, device.fd, BO_SIZE, 0);
	bo_create(&device.weights, device.fd, BO_SIZE, 0);
	bo_create(&device.reads, device.fd, BO_SIZE, DRM_EDGE_BO_DEVICE_READS);
	bo_create(&device.writes, device.fd, BO_SIZE, DRM_EDGE_BO_DEVICE_WRITES);
	return 0;
}

static int tear_down(void **state)
{
	bo_destroy(&device.data);
	bo_destroy(&device.weights);
	bo_destroy(&device.reads);
	bo_destroy(&device.writes);
	close(device.fd);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unchanged_ones_are_accepted),
		cmocka_unit_test(test_unknown_types),
		cmocka_unit_test(test_sizes_of_descriptors),
		cmocka_unit_test(test_copies),
		cmocka_unit_test(test_cubes),
		cmocka_unit_test(test_accesses),
		cmocka_unit_test(test_points),
		cmocka_unit_test(test_overlaps),
		cmocka_unit_test(test_convolutions),
		cmocka_unit_test(test_images),
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_windows),
		cmocka_unit_test(test_tables),
		cmocka_unit_test(test_longer_descriptors),
		cmocka_unit_test(test_cut_off_descriptor),
		cmocka_unit_test(test_too_many_operations),
		cmocka_unit_test(test_too_wide_to_pool),
		cmocka_unit_test(test_nothing_was_queued),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
