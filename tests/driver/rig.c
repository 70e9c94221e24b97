// SPDX-License-Identifier: MIT
#include "rig.h"

#include <linux/errno.h>
#include <linux/kernel.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nvdla/nvdla_regs.h"

/* Where the first buffer is, and what lies between two of them at least. */
#define FIRST_ADDRESS 0x10000000u
#define GAP 0x10000u
#define PAGE 4096u

#define MAX_OPS 4096

/* Cycles from reset until convolutions may begin. */
#define FLUSH_CYCLES 10000

static void *must(void *memory)
{
	if (!memory) {
		perror("rig");
		exit(2);
	}
	return memory;
}

__attribute__((format(printf, 2, 3))) static bool fail(struct rig *rig, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (!rig->failure[0])
		vsnprintf(rig->failure, sizeof(rig->failure), format, args);
	va_end(args);
	return false;
}

u32 rig_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}

u32 rig_between(u32 *state, u32 low, u32 high)
{
	return low + rig_random(state) % (high - low + 1);
}

static u8 *memory_at(struct rig *rig, u32 address, size_t size)
{
	for (unsigned int i = 0; i < rig->num_buffers; i++) {
		const struct edge_buffer *buffer = &rig->buffers[i].buffer;

		if (address >= buffer->address && address - buffer->address <= buffer->size &&
		    size <= buffer->size - (address - buffer->address))
			return rig->buffers[i].data + (address - buffer->address);
	}
	return NULL;
}

static bool within(const struct nvdla_extent *extent, u32 address, size_t size)
{
	return address >= extent->start && address + (u64)size <= extent->end;
}

/* Whether an operation in flight has said that it reads, or writes, this. */
static bool is_declared(const struct rig *rig, u32 address, size_t size, bool write)
{
	for (unsigned int i = 0; i < NVDLA_FLIGHT; i++) {
		const struct nvdla_op *op = rig->flying[i];

		if (!op)
			continue;
		if (write && within(&op->write, address, size))
			return true;
		for (unsigned int r = 0; r < NVDLA_READS && !write; r++) {
			if (within(&op->reads[r], address, size))
				return true;
		}
	}
	return false;
}

static bool read_memory(void *opaque, u32 address, void *to, size_t size)
{
	struct rig *rig = opaque;
	const u8 *from = memory_at(rig, address, size);

	if (!from || !is_declared(rig, address, size, false))
		return fail(rig, "%zu bytes at 0x%x are read, which nobody has said", size,
			    address);
	memcpy(to, from, size);
	return true;
}

static bool write_memory(void *opaque, u32 address, const void *from, size_t size)
{
	struct rig *rig = opaque;
	u8 *to = memory_at(rig, address, size);

	if (!to || !is_declared(rig, address, size, true))
		return fail(rig, "%zu bytes at 0x%x are written, which nobody has said", size,
			    address);
	memcpy(to, from, size);
	return true;
}

static void note_misuse(void *opaque, const char *what)
{
	fail(opaque, "%s", what);
}

static u32 read_register(void *opaque, u32 offset)
{
	struct rig *rig = opaque;

	return nvdla_read(rig->nvdla, offset);
}

static bool is_enable(u32 offset)
{
	switch (offset) {
	case NVDLA_CDMA_OP_ENABLE:
	case NVDLA_SDP_OP_ENABLE:
	case NVDLA_CDP_OP_ENABLE:
		return true;
	case NVDLA_CDMA + NVDLA_D_OP_ENABLE:
	case NVDLA_SDP + NVDLA_D_OP_ENABLE:
	case NVDLA_CDP + NVDLA_D_OP_ENABLE:
		return false;
	default:
		return (offset & 0xfff) == NVDLA_D_OP_ENABLE;
	}
}

static void write_register(void *opaque, u32 offset, u32 value)
{
	struct rig *rig = opaque;
	const u32 page = offset >> 12;

	rig->writes++;
	if (page < RIG_UNITS && (offset & 0xfff) == NVDLA_S_POINTER)
		rig->pointer[page] = value & 1;
	else if (page < RIG_UNITS && is_enable(offset))
		rig->groups[page] |= 1u << rig->pointer[page];
	nvdla_write(rig->nvdla, offset, value);
}

struct rig *rig_create(void)
{
	struct rig *rig = must(calloc(1, sizeof(*rig)));
	const struct nvdla_bus bus = { rig, read_memory, write_memory, note_misuse };
	char name[32];
	u32 version;

	rig->nvdla = must(nvdla_create(&bus));
	rig->seq = must(nvdla_seq_create());
	rig->port = (struct nvdla_port) { rig, read_register, write_register };
	if (nvdla_identify(&rig->port, &rig->geometry, name, &version))
		fail(rig, "the model is not known");
	nvdla_advance(rig->nvdla, FLUSH_CYCLES);
	return rig;
}

void rig_destroy(struct rig *rig)
{
	if (!rig)
		return;
	for (unsigned int i = 0; i < rig->num_buffers; i++)
		free(rig->buffers[i].data);
	nvdla_seq_destroy(rig->seq);
	nvdla_destroy(rig->nvdla);
	free(rig);
}

u32 rig_buffer(struct rig *rig, size_t size)
{
	struct rig_buffer *buffer = &rig->buffers[rig->num_buffers];
	u32 address = FIRST_ADDRESS;

	if (rig->num_buffers == RIG_BUFFERS) {
		fprintf(stderr, "rig: more buffers than it has room for\n");
		exit(2);
	}
	if (rig->num_buffers)
		address = (u32)round_up(buffer[-1].buffer.address + buffer[-1].buffer.size + GAP,
					(u64)PAGE);
	buffer->buffer = (struct edge_buffer) {
		.size = size, .address = address, .readable = true, .writable = true
	};
	buffer->data = must(calloc(1, size));
	return ++rig->num_buffers;
}

struct rig_buffer *rig_find(struct rig *rig, u32 handle)
{
	return handle && handle <= rig->num_buffers ? &rig->buffers[handle - 1] : NULL;
}

static int find(void *opaque, u32 handle, bool write, struct edge_buffer *buffer)
{
	const struct rig_buffer *found = rig_find(opaque, handle);

	(void)write;
	if (!found)
		return -ENOENT;
	*buffer = found->buffer;
	return 0;
}

int rig_check(struct rig *rig, const void *stream, u32 size, struct nvdla_op **ops,
	      struct edge_refusal *refusal)
{
	const struct edge_buffers buffers = { rig, find };
	const int count = nvdla_count(stream, size, MAX_OPS, refusal);
	int error;

	*ops = NULL;
	if (count < 0)
		return count;
	*ops = must(calloc(count, nvdla_op_size()));
	error = nvdla_check(&rig->geometry, stream, size, &buffers, *ops, refusal);
	if (!error)
		return count;
	free(*ops);
	*ops = NULL;
	return error;
}

/* Interrupts, and the operations that they end; how many. */
static unsigned int collect(struct rig *rig)
{
	const u32 status = nvdla_read(rig->nvdla, NVDLA_GLB_INTR_STATUS);
	void *cookies[NVDLA_FLIGHT];
	unsigned int ended;

	nvdla_write(rig->nvdla, NVDLA_GLB_INTR_STATUS, status);
	ended = nvdla_seq_complete(rig->seq, status, cookies);
	for (unsigned int i = 0; i < ended; i++)
		*(const struct nvdla_op **)cookies[i] = NULL;
	return ended;
}

static void reset(struct rig *rig)
{
	nvdla_reset(rig->nvdla);
	nvdla_seq_reset(rig->seq);
	nvdla_advance(rig->nvdla, FLUSH_CYCLES);
}

static void issue(struct rig *rig, const struct nvdla_op *op)
{
	unsigned int place = 0;

	while (rig->flying[place])
		place++;
	rig->flying[place] = op;
	nvdla_seq_issue(rig->seq, op, &rig->flying[place], &rig->port);
	if (rig->most < nvdla_seq_busy(rig->seq))
		rig->most = nvdla_seq_busy(rig->seq);
}

/* Until at least one operation has ended. */
static bool wait(struct rig *rig, u32 *random)
{
	for (;;) {
		u64 cycles = nvdla_next_event(rig->nvdla);

		if (cycles == UINT64_MAX)
			return fail(rig, "operations do not end");
		if (random && rig_random(random) & 1)
			cycles += rig_random(random) % (4 * cycles + 1);
		nvdla_advance(rig->nvdla, cycles);
		if (rig->failure[0])
			return false;
		if (collect(rig))
			return true;
	}
}

bool rig_run(struct rig *rig, const struct nvdla_op *ops, unsigned int count, u32 *random,
	     bool alone)
{
	unsigned int next = 0;

	while (next < count || nvdla_seq_busy(rig->seq)) {
		const struct nvdla_op *op = next < count ? nvdla_op_at(ops, next) : NULL;
		const bool free = !alone || !nvdla_seq_busy(rig->seq);

		if (op && free && nvdla_seq_ready(rig->seq, op)) {
			if (alone)
				reset(rig);
			issue(rig, op);
			next++;
		} else if (!nvdla_seq_busy(rig->seq)) {
			return fail(rig, "operation %u is never ready", next);
		} else if (!wait(rig, random)) {
			return false;
		}
	}
	return !rig->failure[0];
}
