// SPDX-License-Identifier: MIT
/*
 * A command stream, as the kernel takes it from whoever can open the device: refused with a reason
 * that points into it, or run on the model of NVDLA, which reads and writes what the descriptors say.
 */
#include "../driver/generate.h"
#include "fuzz.h"

#include <linux/errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Handles 1 and 2 are for everything, 3 is only read and 4 only written. */
#define BUFFERS 4
#define BUFFER_BYTES 16384

/* Products, and values made, in a stream that is run. */
#define WORK (1u << 18)

#define CHECK(condition, what) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "stream: %s\n", what); \
			abort(); \
		} \
	} while (0)

/* What is in the buffers at first: something else everywhere. */
static const u8 *first_bytes(u32 handle)
{
	static u8 bytes[BUFFERS + 1][BUFFER_BYTES];

	if (!bytes[0][1]) {
		for (u32 i = 0; i <= BUFFERS; i++)
			for (size_t at = 0; at < BUFFER_BYTES; at++)
				bytes[i][at] = (u8)(i * 31 + at * 7 + (at >> 8));
	}
	return bytes[handle];
}

static struct rig *make_rig(void)
{
	struct rig *rig = rig_create();

	for (u32 handle = 1; handle <= BUFFERS; handle++) {
		struct rig_buffer *buffer = rig_find(rig, rig_buffer(rig, BUFFER_BYTES));

		buffer->buffer.writable = handle != 3;
		buffer->buffer.readable = handle != 4;
		memcpy(buffer->data, first_bytes(handle), BUFFER_BYTES);
	}
	return rig;
}

static u64 work_of(const struct nvdla_op *ops, int count)
{
	u64 work = 0;

	for (int i = 0; i < count; i++) {
		const struct nvdla_op *op = nvdla_op_at(ops, i);
		u64 one = (u64)op->middle.width * op->middle.height * (op->middle.channels + 7);

		if (op->conv)
			one *= (u64)op->conv->kernel_width * op->conv->kernel_height *
			       (op->from.channels + 7);
		if (op->pool)
			one += (u64)op->to.width * op->to.height * (op->to.channels + 7) *
			       op->pool->width * op->pool->height;
		work += one + (u64)op->to.width * op->to.height * (op->to.channels + 7);
	}
	return work;
}

/* Bytes that no descriptor speaks of are what they were. */
static void check_memory(struct rig *rig, const u8 *stream, size_t size)
{
	static u8 masks[BUFFERS + 1][BUFFER_BYTES];

	memset(masks, 0, sizeof(masks));
	for (size_t at = 0; at < size; at += ((const struct drm_edge_op *)(stream + at))->size) {
		const u32 handle = generate_target(stream + at);

		generate_written(stream + at, masks[handle]);
	}
	for (u32 handle = 1; handle <= BUFFERS; handle++) {
		const u8 *data = rig_find(rig, handle)->data, *first = first_bytes(handle);

		if (!memcmp(data, first, BUFFER_BYTES))
			continue;
		for (size_t i = 0; i < BUFFER_BYTES; i++)
			CHECK(masks[handle][i] || data[i] == first[i],
			      "a byte was written that no descriptor speaks of");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u8 *stream = malloc(size + 1);
	struct edge_refusal refusal = { 0 };
	struct nvdla_op *ops = NULL;
	struct rig *rig;
	int count;

	if (!stream)
		return 0;
	memcpy(stream, data, size);
	rig = make_rig();
	count = rig_check(rig, stream, (u32)size, &ops, &refusal);
	if (count < 0) {
		CHECK(count == -EINVAL, "an error that is no refusal");
		CHECK(refusal.reason > DRM_EDGE_REASON_NONE &&
			      refusal.reason <= DRM_EDGE_REASON_UNSUPPORTED,
		      "a refusal without a reason");
		CHECK(!size || refusal.at <= size, "a refusal that points past the stream");
	} else if (work_of(ops, count) < WORK) {
		u32 random = fuzz_hash(data, size) | 1;

		if (!rig_run(rig, ops, count, &random, false))
			CHECK(false, rig->failure);
		check_memory(rig, stream, size);
	}
	free(ops);
	free(stream);
	rig_destroy(rig);
	return 0;
}
