/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef EDGE_REFUSAL_H
#define EDGE_REFUSAL_H

#include <linux/types.h>

/**
 * struct edge_refusal - why a command stream was refused, as userspace is told
 * @op: which operation, counting from 0
 * @reason: an &enum drm_edge_reason
 * @at: offset in bytes of the field in its descriptor
 */
struct edge_refusal {
	u32 op;
	u32 reason;
	u32 at;
};

/**
 * struct edge_buffer - what a checker has to know of a buffer
 * @size: bytes
 * @address: where the device sees its first byte
 * @readable: the device may read it
 * @writable: the device may write it
 */
struct edge_buffer {
	u64 size;
	u64 address;
	bool readable;
	bool writable;
};

/**
 * struct edge_buffers - how a checker finds buffers
 * @opaque: passed to @find
 * @find: fills in the buffer of a handle and notes that the job reads it, or writes it; 0, -ENOENT
 *	for an unknown handle, or another error, which ends the check
 */
struct edge_buffers {
	void *opaque;
	int (*find)(void *opaque, u32 handle, bool write, struct edge_buffer *buffer);
};

#endif
