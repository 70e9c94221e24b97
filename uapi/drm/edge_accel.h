/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
#ifndef _EDGE_ACCEL_DRM_H_
#define _EDGE_ACCEL_DRM_H_

#include "drm.h"

#if defined(__cplusplus)
extern "C" {
#endif

/**
 * DOC: Rules of this interface
 *
 * An accelerator is a DRM device of the driver "edge_accel": /dev/accel/accelN where the kernel has
 * DRM_ACCEL, a render node where it has not. What it is comes from &DRM_IOCTL_EDGE_DEV_QUERY, never
 * from a version.
 *
 *  - Types have fixed sizes and natural alignment; there are no unions, no implicit padding and no
 *    bus address in either direction. Pointers are 64 bits wide.
 *  - Fields named pad or reserved, and flags that are not listed, must be zero, else EINVAL. A
 *    field that is added later means what it meant before when it is zero.
 *  - Arrays come with a count and with the size of an element (stride). An element that is longer
 *    than the kernel knows is accepted if the rest is zero, else E2BIG; a shorter one is extended
 *    by zeros.
 *  - Times are absolute, of CLOCK_MONOTONIC, in nanoseconds.
 *  - Handles of buffers, contexts and jobs belong to the file that created them.
 *  - No ioctl is removed or renumbered. The driver's minor version counts additions.
 *
 * Errors that any ioctl may give: EINVAL for what contradicts this header, EFAULT for pointers,
 * ENOENT for an unknown handle, ENOMEM, ENODEV once the device is gone, EINTR to be restarted,
 * EOPNOTSUPP for what this device lacks, EIO for a device that does not come back from reset.
 *
 * History: 1.0 first version.
 */

#define DRM_EDGE_DEV_QUERY 0x00
#define DRM_EDGE_BO_CREATE 0x01
#define DRM_EDGE_BO_INFO 0x02
#define DRM_EDGE_BO_SYNC 0x03
#define DRM_EDGE_CTX_CREATE 0x04
#define DRM_EDGE_CTX_DESTROY 0x05
#define DRM_EDGE_CTX_STATUS 0x06
#define DRM_EDGE_SUBMIT 0x07
#define DRM_EDGE_WAIT 0x08
#define DRM_EDGE_RESET 0x09

/**
 * enum drm_edge_query - what &DRM_IOCTL_EDGE_DEV_QUERY can tell
 * @DRM_EDGE_QUERY_DEVICE: &struct drm_edge_device, for every device
 * @DRM_EDGE_QUERY_NVDLA: &struct drm_edge_nvdla, for the family NVDLA
 */
enum drm_edge_query {
	DRM_EDGE_QUERY_DEVICE = 0,
	DRM_EDGE_QUERY_NVDLA = 1,
};

/**
 * struct drm_edge_dev_query - argument of &DRM_IOCTL_EDGE_DEV_QUERY
 * @type: in, an &enum drm_edge_query; EOPNOTSUPP when the device has nothing of that type
 * @size: in, bytes at @pointer; out, bytes that the kernel knows. The kernel writes the smaller of
 * the two.
 * @pointer: in, where the answer goes; 0 to ask for @size only
 */
struct drm_edge_dev_query {
	__u32 type;
	__u32 size;
	__u64 pointer;
};

/**
 * enum drm_edge_kind - what sort of accelerator a device is
 * @DRM_EDGE_KIND_NPU: a block of a system on chip
 * @DRM_EDGE_KIND_FPGA: a soft core on a card
 * @DRM_EDGE_KIND_VPU: a processor with firmware of its own
 */
enum drm_edge_kind {
	DRM_EDGE_KIND_NPU = 1,
	DRM_EDGE_KIND_FPGA = 2,
	DRM_EDGE_KIND_VPU = 3,
};

/**
 * enum drm_edge_family - whose descriptors a device understands
 * @DRM_EDGE_FAMILY_NVDLA: those of NVDLA, DRM_EDGE_OP_NVDLA_*
 * @DRM_EDGE_FAMILY_VPU: those of the vision stick
 */
enum drm_edge_family {
	DRM_EDGE_FAMILY_NVDLA = 1,
	DRM_EDGE_FAMILY_VPU = 2,
};

/**
 * struct drm_edge_device - answer to &DRM_EDGE_QUERY_DEVICE
 * @kind: an &enum drm_edge_kind
 * @family: an &enum drm_edge_family
 * @name: of the hardware configuration, such as "nv_small"; ends in a zero
 * @hw_version: as the device's own identification register has it
 * @fw_version: of the firmware, major << 16 | minor; 0 where there is none
 * @clock_hz: of the compute core, 0 if unknown
 * @max_ops: operations in one job
 * @max_stream: bytes of one command stream
 * @max_bo: bytes of one buffer
 * @address_bits: of the addresses that the device can reach
 * @bo_align: alignment in bytes that offsets into buffers need at least
 * @jobs_in_flight: jobs the kernel keeps on the hardware at a time
 * @timeout_ms: time after which a job on the hardware counts as hung
 * @resets: how often the device was reset since the driver was bound
 * @reserved: zero
 */
struct drm_edge_device {
	__u32 kind;
	__u32 family;
	__u8 name[32];
	__u32 hw_version;
	__u32 fw_version;
	__u64 clock_hz;
	__u32 max_ops;
	__u32 max_stream;
	__u64 max_bo;
	__u32 address_bits;
	__u32 bo_align;
	__u32 jobs_in_flight;
	__u32 timeout_ms;
	__u64 resets;
	__u64 reserved[4];
};

#define DRM_EDGE_NVDLA_BS (1 << 0)
#define DRM_EDGE_NVDLA_BN (1 << 1)
#define DRM_EDGE_NVDLA_PDP (1 << 2)
#define DRM_EDGE_NVDLA_CDP (1 << 3)

/**
 * struct drm_edge_nvdla - answer to &DRM_EDGE_QUERY_NVDLA: the geometry that the device's
 * configuration ROM tells
 * @atomic_c: input channels of one multiply step
 * @atomic_k: kernels of one multiply step
 * @atom: bytes of a memory atom, and channels of one surface of a cube
 * @cbuf_banks: banks of the convolution buffer
 * @cbuf_width: bytes of an entry of a bank
 * @cbuf_depth: entries of a bank
 * @features: DRM_EDGE_NVDLA_BS, BN (the stages of the SDP), PDP, CDP
 * @pdp_line: columns of the pooling unit's line buffer
 * @reserved: zero
 */
struct drm_edge_nvdla {
	__u32 atomic_c;
	__u32 atomic_k;
	__u32 atom;
	__u32 cbuf_banks;
	__u32 cbuf_width;
	__u32 cbuf_depth;
	__u32 features;
	__u32 pdp_line;
	__u32 reserved[8];
};

/*
 * DRM_EDGE_BO_CACHED: the CPU's caches hold it: fast to read and write, and DRM_IOCTL_EDGE_BO_SYNC
 * is needed around the device's use. Without it the mapping is write-combined: needs no sync, slow
 * to read.
 */
#define DRM_EDGE_BO_CACHED (1 << 0)
/* The device only reads it: a job that would write it is refused. */
#define DRM_EDGE_BO_DEVICE_READS (1 << 1)
/* The device only writes it: a job that would read it is refused. */
#define DRM_EDGE_BO_DEVICE_WRITES (1 << 2)
/* Out only, from DRM_IOCTL_EDGE_BO_INFO: it came by PRIME from another driver. */
#define DRM_EDGE_BO_IMPORTED (1U << 31)

/**
 * struct drm_edge_bo_create - argument of &DRM_IOCTL_EDGE_BO_CREATE
 * @size: in, bytes, over 0 and up to &drm_edge_device.max_bo; out, rounded up to pages
 * @flags: in, DRM_EDGE_BO_CACHED, DEVICE_READS, DEVICE_WRITES (not both of these)
 * @handle: out
 * @mmap_offset: out, for mmap() of the device's file
 *
 * The buffer is zero, and contiguous for the device. ENOMEM where so much memory in one piece is
 * not to be had.
 */
struct drm_edge_bo_create {
	__u64 size;
	__u32 flags;
	__u32 handle;
	__u64 mmap_offset;
};

/**
 * struct drm_edge_bo_info - argument of &DRM_IOCTL_EDGE_BO_INFO
 * @handle: in
 * @flags: out, those of its creation, and DRM_EDGE_BO_IMPORTED
 * @size: out, bytes
 * @mmap_offset: out, for mmap() of the device's file
 */
struct drm_edge_bo_info {
	__u32 handle;
	__u32 flags;
	__u64 size;
	__u64 mmap_offset;
};

/* The CPU has written, the device will read. */
#define DRM_EDGE_SYNC_TO_DEVICE (1 << 0)
/* The device has written, the CPU will read. */
#define DRM_EDGE_SYNC_TO_CPU (1 << 1)

/**
 * struct drm_edge_bo_sync - argument of &DRM_IOCTL_EDGE_BO_SYNC
 * @handle: in
 * @flags: in, DRM_EDGE_SYNC_TO_DEVICE, DRM_EDGE_SYNC_TO_CPU or both
 * @offset: in, first byte
 * @size: in, bytes; 0 for all that follows
 *
 * Maintains caches and waits for nobody. Does nothing for write-combined buffers. EOPNOTSUPP for
 * imported ones: DMA_BUF_IOCTL_SYNC on the dma-buf does it.
 */
struct drm_edge_bo_sync {
	__u32 handle;
	__u32 flags;
	__u64 offset;
	__u64 size;
};

/**
 * enum drm_edge_priority - of the jobs of a context against those of others
 * @DRM_EDGE_PRIORITY_NORMAL: whose turn it is
 * @DRM_EDGE_PRIORITY_LOW: when nobody else wants the device; where the kernel's scheduler has no
 * such level, normal
 * @DRM_EDGE_PRIORITY_HIGH: before normal; EACCES without CAP_SYS_NICE
 */
enum drm_edge_priority {
	DRM_EDGE_PRIORITY_NORMAL = 0,
	DRM_EDGE_PRIORITY_LOW = 1,
	DRM_EDGE_PRIORITY_HIGH = 2,
};

/**
 * struct drm_edge_ctx_create - argument of &DRM_IOCTL_EDGE_CTX_CREATE
 * @priority: in, an &enum drm_edge_priority
 * @flags: in, zero
 * @handle: out, never zero
 * @pad: zero
 *
 * A context is a queue: its jobs run in the order of their submission. ENOSPC beyond 64 contexts in
 * a file.
 */
struct drm_edge_ctx_create {
	__u32 priority;
	__u32 flags;
	__u32 handle;
	__u32 pad;
};

/**
 * struct drm_edge_ctx_destroy - argument of &DRM_IOCTL_EDGE_CTX_DESTROY
 * @handle: in
 * @pad: zero
 *
 * Jobs that have not reached the hardware within a second are cancelled: their fences signal with
 * an error.
 */
struct drm_edge_ctx_destroy {
	__u32 handle;
	__u32 pad;
};

/**
 * enum drm_edge_ctx_state - what resets did to a context; the worst that has happened
 * @DRM_EDGE_CTX_OK: nothing
 * @DRM_EDGE_CTX_INNOCENT: the device was reset while a job of it was there; the job was run again
 * @DRM_EDGE_CTX_LOST: a job of it was lost in a reset that another one caused, because it works in
 *	place and had begun; later jobs run
 * @DRM_EDGE_CTX_GUILTY: a job of it hung the device; further jobs get ECANCELED. Make a new
 *	context.
 */
enum drm_edge_ctx_state {
	DRM_EDGE_CTX_OK = 0,
	DRM_EDGE_CTX_INNOCENT = 1,
	DRM_EDGE_CTX_LOST = 2,
	DRM_EDGE_CTX_GUILTY = 3,
};

/**
 * struct drm_edge_ctx_status - argument of &DRM_IOCTL_EDGE_CTX_STATUS
 * @handle: in
 * @state: out, an &enum drm_edge_ctx_state
 * @submitted: out, jobs accepted
 * @completed: out, jobs that ended, well or not
 * @failed: out, those of them that ended with an error
 * @late: out, those of them that ended after their deadline
 * @ops: out, operations the device finished
 * @busy_ns: out, time during which the device worked for it
 * @resets: out, device resets while it had work there
 */
struct drm_edge_ctx_status {
	__u32 handle;
	__u32 state;
	__u64 submitted;
	__u64 completed;
	__u64 failed;
	__u64 late;
	__u64 ops;
	__u64 busy_ns;
	__u64 resets;
};

/**
 * struct drm_edge_sync - a syncobj to wait for or to signal
 * @handle: of the syncobj
 * @flags: zero
 * @point: of a timeline; 0 for a binary syncobj
 */
struct drm_edge_sync {
	__u32 handle;
	__u32 flags;
	__u64 point;
};

/**
 * enum drm_edge_reason - why a command stream was refused
 * @DRM_EDGE_REASON_NONE: it was not
 * @DRM_EDGE_REASON_STREAM: the stream is empty or longer than &drm_edge_device.max_stream, or a
 *	descriptor is cut off, not a multiple of 8 bytes long, or longer than the kernel knows and
 *	not zero there
 * @DRM_EDGE_REASON_OPS: more operations than &drm_edge_device.max_ops
 * @DRM_EDGE_REASON_TYPE: unknown type of operation, or not one of this family
 * @DRM_EDGE_REASON_RESERVED: a pad, an unknown flag or method, or a field that has no meaning here
 *	is not zero
 * @DRM_EDGE_REASON_HANDLE: no such buffer
 * @DRM_EDGE_REASON_EXTENT: reaches beyond its buffer
 * @DRM_EDGE_REASON_ALIGN: an offset or a stride is not a multiple of what the device needs
 * @DRM_EDGE_REASON_ACCESS: the device may not read, or not write, that buffer
 * @DRM_EDGE_REASON_SIZE: a width, height or number of channels is zero or too large, or contradicts
 *	another
 * @DRM_EDGE_REASON_STRIDE: lines or surfaces overlap, or a stride is beyond 32 bits
 * @DRM_EDGE_REASON_POINT: a cube of one line and one column is not packed
 * @DRM_EDGE_REASON_OVERLAP: input and output overlap, and are not the same cube of an element-wise
 *	operation
 * @DRM_EDGE_REASON_FORMAT: unknown format of the input, or one that does not go with the rest
 * @DRM_EDGE_REASON_KERNEL: width or height of a kernel or window out of range
 * @DRM_EDGE_REASON_STEP: stride or dilation of a kernel or window out of range
 * @DRM_EDGE_REASON_PADDING: padding out of range, not smaller than the kernel, or its value out of
 *	range
 * @DRM_EDGE_REASON_OUTPUT: the output's size is not what input, kernel, step and padding give
 * @DRM_EDGE_REASON_BANKS: more banks of the convolution buffer than there are, or none
 * @DRM_EDGE_REASON_DATA_BANKS: the input does not fit into the banks it is given
 * @DRM_EDGE_REASON_WEIGHT_BANKS: a group of kernels does not fit into the banks it is given
 * @DRM_EDGE_REASON_STAGE: a stage of the SDP contradicts itself, or an operand is missing or out of
 *	range
 * @DRM_EDGE_REASON_SHIFT: a shift, scale, offset or truncation is out of range
 * @DRM_EDGE_REASON_POOL_WIDTH: the pooling unit's line buffer does not hold an output line or band
 *	so wide
 * @DRM_EDGE_REASON_BANDS: the bands of a pooling operation do not make up its output
 * @DRM_EDGE_REASON_UNSUPPORTED: this device lacks the unit for it
 */
enum drm_edge_reason {
	DRM_EDGE_REASON_NONE = 0,
	DRM_EDGE_REASON_STREAM = 1,
	DRM_EDGE_REASON_OPS = 2,
	DRM_EDGE_REASON_TYPE = 3,
	DRM_EDGE_REASON_RESERVED = 4,
	DRM_EDGE_REASON_HANDLE = 5,
	DRM_EDGE_REASON_EXTENT = 6,
	DRM_EDGE_REASON_ALIGN = 7,
	DRM_EDGE_REASON_ACCESS = 8,
	DRM_EDGE_REASON_SIZE = 9,
	DRM_EDGE_REASON_STRIDE = 10,
	DRM_EDGE_REASON_POINT = 11,
	DRM_EDGE_REASON_OVERLAP = 12,
	DRM_EDGE_REASON_FORMAT = 13,
	DRM_EDGE_REASON_KERNEL = 14,
	DRM_EDGE_REASON_STEP = 15,
	DRM_EDGE_REASON_PADDING = 16,
	DRM_EDGE_REASON_OUTPUT = 17,
	DRM_EDGE_REASON_BANKS = 18,
	DRM_EDGE_REASON_DATA_BANKS = 19,
	DRM_EDGE_REASON_WEIGHT_BANKS = 20,
	DRM_EDGE_REASON_STAGE = 21,
	DRM_EDGE_REASON_SHIFT = 22,
	DRM_EDGE_REASON_POOL_WIDTH = 23,
	DRM_EDGE_REASON_BANDS = 24,
	DRM_EDGE_REASON_UNSUPPORTED = 25,
};

/**
 * struct drm_edge_submit - argument of &DRM_IOCTL_EDGE_SUBMIT
 * @ctx: in, context
 * @flags: in, zero
 * @stream: in, pointer to the command stream: descriptors, each beginning with &struct drm_edge_op
 * @stream_size: in, bytes, a multiple of 8
 * @in_sync_count: in, elements at @in_syncs
 * @in_syncs: in, pointer to an array of &struct drm_edge_sync: the job begins when all have
 *	signalled; those of jobs of this device when these are on the hardware before it
 * @in_sync_stride: in, bytes of an element
 * @out_sync_count: in, elements at @out_syncs
 * @out_syncs: in, pointer to an array of &struct drm_edge_sync: signalled when the job has ended
 * @out_sync_stride: in, bytes of an element
 * @pad: zero
 * @deadline_ns: in, when the result is wanted; a hint, 0 for none. Jobs that end later are counted,
 *	&drm_edge_ctx_status.late.
 * @job: out, number of the job in its context, counting from 1
 * @error_op: out, which operation was refused, counting from 0
 * @error_reason: out, an &enum drm_edge_reason
 * @error_at: out, the offset in bytes of the refused field in its descriptor
 * @error_pad: out, zero
 *
 * The kernel copies the stream, checks each operation against its buffers and the hardware's
 * limits, and queues all or nothing. A refused stream gives EINVAL with the error_ fields filled
 * in; with any other error, and with success, @error_reason is DRM_EDGE_REASON_NONE. Fences that
 * other drivers put on the buffers are waited for, and the job's own is added to them. ECANCELED if
 * the context is guilty.
 */
struct drm_edge_submit {
	__u32 ctx;
	__u32 flags;
	__u64 stream;
	__u32 stream_size;
	__u32 in_sync_count;
	__u64 in_syncs;
	__u32 in_sync_stride;
	__u32 out_sync_count;
	__u64 out_syncs;
	__u32 out_sync_stride;
	__u32 pad;
	__s64 deadline_ns;
	__u64 job;
	__u32 error_op;
	__u32 error_reason;
	__u32 error_at;
	__u32 error_pad;
};

/**
 * struct drm_edge_wait - argument of &DRM_IOCTL_EDGE_WAIT
 * @ctx: in, context
 * @flags: in, zero
 * @job: in, its number, as &DRM_IOCTL_EDGE_SUBMIT gave it
 * @timeout_ns: in, absolute; in the past to ask only
 * @result: out, 0, or the error the job ended with as a negative number: -ETIMEDOUT if it hung,
 *	-ECANCELED if its context was guilty or destroyed, -EIO if it was lost in a reset, -ENODEV
 *	if the device went away
 * @pad: out, zero
 * @ops: out, operations that were finished
 *
 * ETIME when the job had not ended by then. The results of the last 64 jobs of a context are kept,
 * ENOENT for others.
 */
struct drm_edge_wait {
	__u32 ctx;
	__u32 flags;
	__u64 job;
	__s64 timeout_ns;
	__s32 result;
	__u32 pad;
	__u64 ops;
};

/**
 * struct drm_edge_reset - argument of &DRM_IOCTL_EDGE_RESET
 * @flags: in, zero
 * @pad: zero
 *
 * Resets the device at once, for CAP_SYS_ADMIN only, else EACCES. Jobs that were on it run again;
 * nobody is guilty.
 */
struct drm_edge_reset {
	__u32 flags;
	__u32 pad;
};

/*
 * What follows are the descriptors of command streams.
 */

/**
 * enum drm_edge_op_type - types of operations; the upper half is the family
 * @DRM_EDGE_OP_NVDLA_CONV: &struct drm_edge_nvdla_conv
 * @DRM_EDGE_OP_NVDLA_SDP: &struct drm_edge_nvdla_sdp
 * @DRM_EDGE_OP_NVDLA_PDP: &struct drm_edge_nvdla_pdp
 * @DRM_EDGE_OP_NVDLA_TABLE: &struct drm_edge_nvdla_table
 * @DRM_EDGE_OP_NVDLA_COPY: &struct drm_edge_nvdla_copy
 */
enum drm_edge_op_type {
	DRM_EDGE_OP_NVDLA_CONV = 0x00010001,
	DRM_EDGE_OP_NVDLA_SDP = 0x00010002,
	DRM_EDGE_OP_NVDLA_PDP = 0x00010003,
	DRM_EDGE_OP_NVDLA_TABLE = 0x00010004,
	DRM_EDGE_OP_NVDLA_COPY = 0x00010005,
};

/**
 * struct drm_edge_op - how each descriptor begins
 * @type: an &enum drm_edge_op_type
 * @size: bytes of the whole descriptor, a multiple of 8
 */
struct drm_edge_op {
	__u32 type;
	__u32 size;
};

/**
 * struct drm_edge_ref - a place in a buffer
 * @handle: of the buffer
 * @pad: zero
 * @offset: bytes, a multiple of &drm_edge_device.bo_align
 *
 * Where a descriptor has no use for one, all of it is zero.
 */
struct drm_edge_ref {
	__u32 handle;
	__u32 pad;
	__u64 offset;
};

/**
 * struct drm_edge_nvdla_cube - a tensor of 8-bit values in NVDLA's feature format
 * @at: its first byte
 * @width: columns, 1 to 8192
 * @height: lines, 1 to 8192
 * @channels: 1 to 8192
 * @line_stride: bytes from a line to the next, at least width * atom
 * @surface_stride: bytes from a group of atom channels to the next, at least height * line_stride
 * @pad: zero
 *
 * byte(c, y, x) = at + c / atom * surface_stride + y * line_stride + x * atom + c % atom. Output is
 * written in full atoms, with channels beyond @channels too. Where width and height are both 1,
 * line_stride and surface_stride must be atom.
 */
struct drm_edge_nvdla_cube {
	struct drm_edge_ref at;
	__u32 width;
	__u32 height;
	__u32 channels;
	__u32 line_stride;
	__u32 surface_stride;
	__u32 pad;
};

/**
 * enum drm_edge_nvdla_alu - what the first half of a stage does with value and operand
 * @DRM_EDGE_NVDLA_ALU_MAX: the larger
 * @DRM_EDGE_NVDLA_ALU_MIN: the smaller
 * @DRM_EDGE_NVDLA_ALU_SUM: their sum
 */
enum drm_edge_nvdla_alu {
	DRM_EDGE_NVDLA_ALU_MAX = 0,
	DRM_EDGE_NVDLA_ALU_MIN = 1,
	DRM_EDGE_NVDLA_ALU_SUM = 2,
};

/* The stage does something; without it everything else in it is zero. */
#define DRM_EDGE_NVDLA_STAGE_ON (1 << 0)
#define DRM_EDGE_NVDLA_STAGE_ALU (1 << 1)
#define DRM_EDGE_NVDLA_STAGE_MUL (1 << 2)
/* Only negative values are multiplied and shifted; needs MUL. */
#define DRM_EDGE_NVDLA_STAGE_PRELU (1 << 3)
#define DRM_EDGE_NVDLA_STAGE_RELU (1 << 4)
/* The operand of the ALU, of the multiplier, is in memory. */
#define DRM_EDGE_NVDLA_STAGE_ALU_MEMORY (1 << 5)
#define DRM_EDGE_NVDLA_STAGE_MUL_MEMORY (1 << 6)
/* Operands in memory: one for each element instead of each channel; of two bytes instead of one. */
#define DRM_EDGE_NVDLA_STAGE_PER_ELEMENT (1 << 7)
#define DRM_EDGE_NVDLA_STAGE_TWO_BYTES (1 << 8)

/**
 * struct drm_edge_nvdla_stage - one of the SDP's two stages
 * @flags: DRM_EDGE_NVDLA_STAGE_*
 * @alu: an &enum drm_edge_nvdla_alu
 * @alu_shift: 0 to 63, by which the ALU's operand is shifted left, with saturation
 * @mul_shift: 0 to 63, by which the result is shifted right, rounding halves away from zero,
 * multiplier or not
 * @alu_value: the ALU's operand if it is not in memory, 16 bits signed
 * @mul_value: the multiplier's operand if it is not in memory, 16 bits signed
 * @operands: where the operands in memory are; if both are, each ALU operand is followed by its
 * multiplier
 * @line_stride: of operands for each element, in bytes; else zero
 * @surface_stride: of operands for each element, in bytes; else zero
 *
 * Operands for each channel are contiguous, padded to a multiple of atom channels. Operands for
 * each element lie as a cube whose values are as long as one element's operands.
 */
struct drm_edge_nvdla_stage {
	__u32 flags;
	__u32 alu;
	__u32 alu_shift;
	__u32 mul_shift;
	__s32 alu_value;
	__s32 mul_value;
	struct drm_edge_ref operands;
	__u32 line_stride;
	__u32 surface_stride;
};

/**
 * struct drm_edge_nvdla_tail - what the SDP does with each value before it becomes 8 bits wide
 * @bs: first stage
 * @bn: second stage
 * @offset: subtracted
 * @scale: then multiplied by, 16 bits signed
 * @shift: then shifted right by, 0 to 63, rounding halves away from zero
 * @pad: zero
 */
struct drm_edge_nvdla_tail {
	struct drm_edge_nvdla_stage bs;
	struct drm_edge_nvdla_stage bn;
	__s32 offset;
	__s32 scale;
	__u32 shift;
	__u32 pad;
};

/**
 * enum drm_edge_nvdla_pooling - methods of pooling
 * @DRM_EDGE_NVDLA_POOL_AVERAGE: mean, by the reciprocals given
 * @DRM_EDGE_NVDLA_POOL_MAX: largest; padding does not count
 * @DRM_EDGE_NVDLA_POOL_MIN: smallest; padding does not count
 */
enum drm_edge_nvdla_pooling {
	DRM_EDGE_NVDLA_POOL_AVERAGE = 0,
	DRM_EDGE_NVDLA_POOL_MAX = 1,
	DRM_EDGE_NVDLA_POOL_MIN = 2,
};

/**
 * struct drm_edge_nvdla_pool - a pooling window
 * @method: an &enum drm_edge_nvdla_pooling
 * @width: of the window, 1 to 8
 * @height: of the window, 1 to 8
 * @stride_x: 1 to 16
 * @stride_y: 1 to 16
 * @left: columns of padding, 0 to 7 and less than @width, as @right
 * @right: columns of padding
 * @top: lines of padding, 0 to 7 and less than @height, as @bottom
 * @bottom: lines of padding
 * @pad_value: what averages count for a place of padding, -128 to 127; zero for other methods
 * @reciprocal_x: of averages, 65536 / width, 17 bits; zero for other methods
 * @reciprocal_y: of averages, 65536 / height, 17 bits; zero for other methods
 * @bands: vertical bands that the output is made in; 0 or 1 for one, up to 256. Only for
 *	&DRM_EDGE_OP_NVDLA_PDP.
 * @first: output columns of the first band; with one band, zero, as @middle and @last
 * @middle: output columns of each band between; zero if there is none
 * @last: output columns of the last band
 *
 * Let n be height / stride_y rounded up, then up to a power of two: an output line, or the widest
 * band, has at most pdp_line / n columns. Each band reads at most 1024 columns, and at least one.
 */
struct drm_edge_nvdla_pool {
	__u32 method;
	__u32 width;
	__u32 height;
	__u32 stride_x;
	__u32 stride_y;
	__u32 left;
	__u32 right;
	__u32 top;
	__u32 bottom;
	__s32 pad_value;
	__u32 reciprocal_x;
	__u32 reciprocal_y;
	__u32 bands;
	__u32 first;
	__u32 middle;
	__u32 last;
};

/**
 * enum drm_edge_nvdla_format - of a convolution's input
 * @DRM_EDGE_NVDLA_FEATURE: a cube
 * @DRM_EDGE_NVDLA_R8: an image of one byte for each pixel, one channel
 * @DRM_EDGE_NVDLA_RGBA: an image of four bytes for each pixel, which become channels 0, 1, 2, 3
 * @DRM_EDGE_NVDLA_BGRA: bytes become channels 2, 1, 0, 3
 * @DRM_EDGE_NVDLA_ARGB: bytes become channels 3, 0, 1, 2
 * @DRM_EDGE_NVDLA_ABGR: bytes become channels 3, 2, 1, 0
 */
enum drm_edge_nvdla_format {
	DRM_EDGE_NVDLA_FEATURE = 0,
	DRM_EDGE_NVDLA_R8 = 1,
	DRM_EDGE_NVDLA_RGBA = 2,
	DRM_EDGE_NVDLA_BGRA = 3,
	DRM_EDGE_NVDLA_ARGB = 4,
	DRM_EDGE_NVDLA_ABGR = 5,
};

/* Pixels are signed. */
#define DRM_EDGE_NVDLA_PIXEL_SIGNED (1 << 0)
/*
 * Pixels are converted; without it their bytes are taken as they are, and all else but x_offset is
 * zero.
 */
#define DRM_EDGE_NVDLA_PIXEL_CONVERT (1 << 1)

/**
 * struct drm_edge_nvdla_pixel - how pixels become 8-bit values: (pixel - mean) * scale >> shift
 * @flags: DRM_EDGE_NVDLA_PIXEL_*
 * @x_offset: pixels to skip at the start of each line, in the first atom of bytes
 * @mean: for each channel, 16 bits signed
 * @scale: 16 bits signed
 * @shift: 0 to 63, rounding halves away from zero
 */
struct drm_edge_nvdla_pixel {
	__u32 flags;
	__u32 x_offset;
	__s32 mean[4];
	__s32 scale;
	__u32 shift;
};

/* The output goes through the pooling unit on its way. */
#define DRM_EDGE_NVDLA_POOL (1 << 0)

/**
 * struct drm_edge_nvdla_conv - a convolution with its tail
 * @op: DRM_EDGE_OP_NVDLA_CONV
 * @flags: DRM_EDGE_NVDLA_POOL
 * @format: an &enum drm_edge_nvdla_format. Of an image, channels is 1 or 4, lines are packed
 *	pixels, and surface_stride is zero; each line is read up to a multiple of atom bytes.
 * @input: what is convolved, of up to 4096 lines
 * @pixel: conversion of an image; zero for a cube
 * @weights: in NVDLA's order for direct convolution (for images, with columns and channels of the
 *	kernel as one axis), kernels * channels * kernel_height * kernel_width bytes, readable up to
 *	the next multiple of 8
 * @kernel_width: columns, 1 to 32
 * @kernel_height: lines, 1 to 32
 * @stride_x: 1 to 8
 * @stride_y: 1 to 8
 * @dilation_x: 1 to 32; 1 for images
 * @dilation_y: 1 to 32; 1 for images
 * @left: columns of padding, 0 to 31, less than the dilated kernel, as for the others
 * @right: columns of padding, 0 to 63
 * @top: lines of padding, 0 to 31
 * @bottom: lines of padding, 0 to 63
 * @pad_value: of padding, -128 to 127
 * @truncate: 0 to 31, by which sums are shifted right, rounding halves away from zero
 * @data_banks: banks of the convolution buffer for the whole input, 1 or more
 * @weight_banks: banks of the convolution buffer for weights, at least for atomic_k kernels, or all
 *	if fewer
 * @width: columns of the convolution's output
 * @height: lines of the convolution's output
 * @tail: what happens to its values
 * @output: as many channels as there are kernels; @width and @height, or with DRM_EDGE_NVDLA_POOL
 *	what pooling makes of them
 * @pool: how; zero without DRM_EDGE_NVDLA_POOL
 *
 * width - 1 strides and a dilated kernel take up the padded input but for less than one stride; as
 * do the lines.
 */
struct drm_edge_nvdla_conv {
	struct drm_edge_op op;
	__u32 flags;
	__u32 format;
	struct drm_edge_nvdla_cube input;
	struct drm_edge_nvdla_pixel pixel;
	struct drm_edge_ref weights;
	__u32 kernel_width;
	__u32 kernel_height;
	__u32 stride_x;
	__u32 stride_y;
	__u32 dilation_x;
	__u32 dilation_y;
	__u32 left;
	__u32 right;
	__u32 top;
	__u32 bottom;
	__s32 pad_value;
	__u32 truncate;
	__u32 data_banks;
	__u32 weight_banks;
	__u32 width;
	__u32 height;
	struct drm_edge_nvdla_tail tail;
	struct drm_edge_nvdla_cube output;
	struct drm_edge_nvdla_pool pool;
};

/**
 * struct drm_edge_nvdla_sdp - an element-wise operation on a cube
 * @op: DRM_EDGE_OP_NVDLA_SDP
 * @flags: DRM_EDGE_NVDLA_POOL
 * @pad: zero
 * @input: values, sign-extended
 * @tail: what happens to them
 * @output: of the input's size, or with DRM_EDGE_NVDLA_POOL what pooling makes of it; the same cube
 *	as
 *	@input is allowed without
 * @pool: how; zero without DRM_EDGE_NVDLA_POOL
 */
struct drm_edge_nvdla_sdp {
	struct drm_edge_op op;
	__u32 flags;
	__u32 pad;
	struct drm_edge_nvdla_cube input;
	struct drm_edge_nvdla_tail tail;
	struct drm_edge_nvdla_cube output;
	struct drm_edge_nvdla_pool pool;
};

/**
 * struct drm_edge_nvdla_pdp - pooling of a cube
 * @op: DRM_EDGE_OP_NVDLA_PDP
 * @input: what is pooled
 * @output: of as many channels
 * @pool: how
 */
struct drm_edge_nvdla_pdp {
	struct drm_edge_op op;
	struct drm_edge_nvdla_cube input;
	struct drm_edge_nvdla_cube output;
	struct drm_edge_nvdla_pool pool;
};

/**
 * struct drm_edge_nvdla_table - a function of each value, by the CDP's look-up table
 * @op: DRM_EDGE_OP_NVDLA_TABLE
 * @input: values
 * @output: of the input's size; the same cube is not allowed
 * @offset: subtracted from what the table has
 * @scale: then multiplied by, 16 bits signed
 * @shift: then shifted right by, 0 to 63, rounding halves away from zero
 * @pad: zero
 * @values: for the input's values from -128 to 127, and one more that is never reached
 * @pad2: zero
 */
struct drm_edge_nvdla_table {
	struct drm_edge_op op;
	struct drm_edge_nvdla_cube input;
	struct drm_edge_nvdla_cube output;
	__s32 offset;
	__s32 scale;
	__u32 shift;
	__u32 pad;
	__s16 values[257];
	__u16 pad2[3];
};

/**
 * struct drm_edge_nvdla_copy - moves lines of bytes
 * @op: DRM_EDGE_OP_NVDLA_COPY
 * @from: first byte to read
 * @to: first byte to write; the two must not overlap
 * @line_bytes: bytes of a line, a multiple of 8, up to 65536
 * @lines: 1 to 8192
 * @from_stride: bytes from a line to the next, at least line_bytes
 * @to_stride: bytes from a line to the next, at least line_bytes
 */
struct drm_edge_nvdla_copy {
	struct drm_edge_op op;
	struct drm_edge_ref from;
	struct drm_edge_ref to;
	__u32 line_bytes;
	__u32 lines;
	__u32 from_stride;
	__u32 to_stride;
};

#define DRM_IOCTL_EDGE_DEV_QUERY \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_DEV_QUERY, struct drm_edge_dev_query)
#define DRM_IOCTL_EDGE_BO_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_BO_CREATE, struct drm_edge_bo_create)
#define DRM_IOCTL_EDGE_BO_INFO \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_BO_INFO, struct drm_edge_bo_info)
#define DRM_IOCTL_EDGE_BO_SYNC DRM_IOW(DRM_COMMAND_BASE + DRM_EDGE_BO_SYNC, struct drm_edge_bo_sync)
#define DRM_IOCTL_EDGE_CTX_CREATE \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_CTX_CREATE, struct drm_edge_ctx_create)
#define DRM_IOCTL_EDGE_CTX_DESTROY \
	DRM_IOW(DRM_COMMAND_BASE + DRM_EDGE_CTX_DESTROY, struct drm_edge_ctx_destroy)
#define DRM_IOCTL_EDGE_CTX_STATUS \
	DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_CTX_STATUS, struct drm_edge_ctx_status)
#define DRM_IOCTL_EDGE_SUBMIT DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_SUBMIT, struct drm_edge_submit)
#define DRM_IOCTL_EDGE_WAIT DRM_IOWR(DRM_COMMAND_BASE + DRM_EDGE_WAIT, struct drm_edge_wait)
#define DRM_IOCTL_EDGE_RESET DRM_IOW(DRM_COMMAND_BASE + DRM_EDGE_RESET, struct drm_edge_reset)

#if defined(__cplusplus)
}
#endif

#endif
