/* SPDX-License-Identifier: MIT */
/*
 * Register programs turned back into operation descriptors: a run.txt, whose language check-golden.c
 * tells, is followed register by register, and each operation that it enables becomes a descriptor.
 *
 * Memory that a program uses becomes regions, one for each stretch of addresses; of the buffer for
 * region i the handle is i + 1.
 */
#ifndef EDGE_TEST_LIFT_H
#define EDGE_TEST_LIFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * struct lift_region - memory that a program uses
 * @address: in the program
 * @size: bytes, whole pages
 * @fill: what they are at first
 */
struct lift_region {
	uint64_t address;
	uint64_t size;
	uint8_t fill;
};

/**
 * enum lift_kind - what comes next
 * @LIFT_LOAD: @data goes to memory; what comes before must have ended
 * @LIFT_RUN: descriptors, in an order in which they may be queued all at once
 * @LIFT_CHECK: memory must equal @data, once what comes before has ended
 * @LIFT_CRC: memory must have checksum @crc
 */
enum lift_kind {
	LIFT_LOAD,
	LIFT_RUN,
	LIFT_CHECK,
	LIFT_CRC,
};

/**
 * struct lift_step - what comes next
 * @region: index of the region
 * @offset: of the bytes in their region
 * @data: bytes, or descriptors
 * @size: of them; multiple of 8 for descriptors
 * @crc: CRC-32
 * @ops: how many descriptors
 * @line: of run.txt
 */
struct lift_step {
	enum lift_kind kind;
	unsigned int region;
	uint64_t offset;
	uint8_t *data;
	size_t size;
	uint32_t crc;
	unsigned int ops;
	int line;
};

/**
 * struct lift - a program
 * @obstacle: why it cannot be said in descriptors, with the line; empty when it can
 */
struct lift {
	struct lift_region *regions;
	unsigned int num_regions;
	struct lift_step *steps;
	unsigned int num_steps;
	char obstacle[160];
};

/* The program of a folder; NULL, with a message on stderr, when it cannot be read. */
struct lift *lift_program(const char *folder);
void lift_free(struct lift *lift); /* accepts NULL */

/* CRC-32 as run.txt has it. */
uint32_t lift_crc(const void *data, size_t size);

#endif
