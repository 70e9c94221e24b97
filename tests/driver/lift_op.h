/* SPDX-License-Identifier: MIT */
/* Registers as a program leaves them, and the operations that they stand for. */
#ifndef EDGE_TEST_LIFT_OP_H
#define EDGE_TEST_LIFT_OP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <drm/edge_accel.h>

/* Pages of the register map, and registers of a page. */
#define LIFT_PAGES 14
#define LIFT_PAGE_REGS 64
#define LIFT_REFS 5

/**
 * struct lift_unit - a page of the map
 * @single: registers that there are once
 * @group: the others
 * @producer: group that is written
 * @consumer: group whose turn it is
 * @armed: enabled, and not yet part of an operation
 * @live: part of an operation that may not have ended
 */
struct lift_unit {
	uint32_t single[LIFT_PAGE_REGS];
	uint32_t group[2][LIFT_PAGE_REGS];
	int producer, consumer;
	bool armed[2], live[2];
};

struct lift_registers {
	struct lift_unit units[LIFT_PAGES];
	uint32_t lut_access;
	int16_t lut[2][1024];
};

/**
 * struct lift_ref - a place in memory that a descriptor names
 * @at: offset of the &struct drm_edge_ref in it, whose own offset is the address for now
 * @address: of the first byte
 * @bytes: from the first to the last
 */
struct lift_ref {
	size_t at;
	uint64_t address, bytes;
};

/**
 * struct lift_op - a descriptor
 * @size: its bytes
 * @refs: places that it names
 * @obstacle: why the operation cannot be said as one; NULL when it can
 */
struct lift_op {
	union {
		struct drm_edge_op op;
		struct drm_edge_nvdla_conv conv;
		struct drm_edge_nvdla_sdp sdp;
		struct drm_edge_nvdla_pdp pdp;
		struct drm_edge_nvdla_table table;
		struct drm_edge_nvdla_copy copy;
	};
	uint32_t size;
	struct lift_ref refs[LIFT_REFS];
	unsigned int num_refs;
	const char *obstacle;
};

/* Writes a register; false when it belongs to an operation that may not have ended, and was not written. */
bool lift_write(struct lift_registers *registers, uint32_t offset, uint32_t value);

/* An operation whose units are all enabled, in the order in which they begin; false for none. */
bool lift_next(struct lift_registers *registers, struct lift_op *op);

/* Where in a descriptor its @index-th place is; 0 for no more. */
size_t lift_place(uint32_t type, unsigned int index);

/* What was enabled may have ended. */
void lift_wait(struct lift_registers *registers);

#endif
