/* SPDX-License-Identifier: MIT */
/* Random descriptors that obey the interface, in the buffers of a rig. */
#ifndef EDGE_TEST_GENERATE_H
#define EDGE_TEST_GENERATE_H

#include "rig.h"

/* Room for any descriptor. */
union generate_desc {
	struct drm_edge_op op;
	struct drm_edge_nvdla_conv conv;
	struct drm_edge_nvdla_sdp sdp;
	struct drm_edge_nvdla_pdp pdp;
	struct drm_edge_nvdla_table table;
	struct drm_edge_nvdla_copy copy;
};

/**
 * generate_op() - a descriptor
 * @rig: with buffers
 * @random: state
 * @desc: the result, which the checker may still find to overlap itself
 *
 * Return: its bytes.
 */
u32 generate_op(const struct rig *rig, u32 *random, union generate_desc *desc);

/* Buffers of @size bytes full of random ones. */
void generate_buffers(struct rig *rig, u32 *random, unsigned int count, size_t size);

/* The buffer that a descriptor has the device write to. */
u32 generate_target(const void *desc);

/**
 * generate_written() - what a descriptor allows the device to write
 * @desc: the descriptor, which the checker has accepted
 * @mask: of the buffer's size; becomes 1 for those bytes
 */
void generate_written(const void *desc, u8 *mask);

/* Changes some words to what is at the edge of something, or stands elsewhere. */
void generate_mutation(u32 *random, void *desc, size_t size);

#endif
