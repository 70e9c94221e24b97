/* SPDX-License-Identifier: MIT */
/* What the files that read registers back share. */
#ifndef EDGE_TEST_LIFT_UNIT_H
#define EDGE_TEST_LIFT_UNIT_H

#include "lift_op.h"

/* Channels of an atom, which are also its bytes. */
#define LIFT_ATOM 8

/* Bits @low to @high of a value; and bits 0 to @high with a sign. */
uint32_t lift_field(uint32_t value, int high, int low);
int32_t lift_signed(uint32_t value, int high);

/* A register of the group whose turn it is; and a size, which is programmed less one. */
uint32_t lift_get(const struct lift_registers *registers, uint32_t offset);
uint32_t lift_size(const struct lift_registers *registers, uint32_t offset);

/* A place of @bytes that @ref, which is in the descriptor, names. */
void lift_add_ref(struct lift_op *op, struct drm_edge_ref *ref, uint32_t address, uint64_t bytes);

/* Strides that do not matter to the hardware are made to look as the interface wants them. */
void lift_add_cube(struct lift_op *op, struct drm_edge_nvdla_cube *cube, uint32_t address,
		   uint32_t line_stride, uint32_t surface_stride);
void lift_set_sizes(struct drm_edge_nvdla_cube *cube, uint32_t width, uint32_t height,
		    uint32_t channels);

/* Input beyond the last window is left out, padding first, until less than a step remains. */
void lift_trim(uint32_t *size, uint32_t before, uint32_t *after, uint32_t need, uint32_t step);

/* Each gives why it cannot be said in a descriptor, or NULL. */
const char *lift_conv(struct lift_registers *registers, struct lift_op *op);
const char *lift_sdp(struct lift_registers *registers, struct lift_op *op);
const char *lift_pool(struct lift_registers *registers, struct drm_edge_nvdla_pool *pool);
/* @cube: sizes of what the SDP works on */
const char *lift_tail(struct lift_registers *registers, struct lift_op *op,
		      struct drm_edge_nvdla_tail *tail, const struct drm_edge_nvdla_cube *cube);
/* Where the SDP's output goes in the end. */
const char *lift_end(struct lift_registers *registers, struct lift_op *op, uint32_t *flags,
		     struct drm_edge_nvdla_cube *output, struct drm_edge_nvdla_pool *pool);

void lift_pdp_output(struct lift_registers *registers, struct lift_op *op,
		     struct drm_edge_nvdla_cube *output);

#endif
