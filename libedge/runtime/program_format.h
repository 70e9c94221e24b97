/* SPDX-License-Identifier: MIT */
/*
 * Program files, byte for byte; Documentation/program-format.md describes them.
 *
 * A file holds what a compiled graph holds, in records of fixed size whose order is that of the
 * graph's arrays. It is read in place on the kind of machine that has written it: numbers are in
 * that machine's byte order, and constants in the form that its kernels read.
 */
#ifndef EDGE_RUNTIME_PROGRAM_FORMAT_H
#define EDGE_RUNTIME_PROGRAM_FORMAT_H

#include <stdint.h>

#include "graph/graph.h"

/* Like PNG's: not text, and damaged by what translates line ends. */
#define PROGRAM_MAGIC "\211EDGE\r\n\032"
#define PROGRAM_MAGIC_SIZE 8

/* Reads 0x04030201 on a machine of the other byte order. */
#define PROGRAM_ENDIANNESS 0x01020304u

/*
 * Goes up whenever the meaning of a file changes: these records, the enumerations and parameters of
 * graph/op.h, or the packed form of any kernel's constants. Only files of this version are read.
 */
#define PROGRAM_VERSION 4

#define PROGRAM_ALIGNMENT 64

/* For a tensor without a value, without quantisation, without a storage; an input left out. */
#define PROGRAM_NONE UINT32_MAX
#define PROGRAM_NO_DATA UINT64_MAX

enum program_section_kind {
	PROGRAM_STRINGS, /* each ends with a zero byte; the first is empty */
	PROGRAM_TENSORS, /* struct program_tensor */
	PROGRAM_QUANTS, /* struct program_quant */
	PROGRAM_QUANT_PAIRS, /* struct program_quant_pair */
	PROGRAM_NODES, /* struct program_node */
	PROGRAM_LINKS, /* uint32_t, tensors: inputs and outputs of the graph, then of each node */
	PROGRAM_METADATA, /* struct program_metadata */
	PROGRAM_CONSTANTS, /* values of tensors, each at a multiple of PROGRAM_ALIGNMENT */
	PROGRAM_NUM_SECTIONS
};

/* @offset: from the start of the file, a multiple of PROGRAM_ALIGNMENT */
struct program_section {
	uint64_t offset;
	uint64_t size;
};

/**
 * struct program_header - at the start of the file
 * @version: the fields up to here are in every version's file
 * @checksum: XXH3 of what follows the header, its seed the XXH3 of the header with 0 in this place
 * @machine: e_machine of the ELF files of this architecture
 * @cpu_flags: enum edge_cpu_flag, what the kernels chosen need
 * @library: version of the library that has written the file
 * @name: of the graph, a string
 */
struct program_header {
	uint8_t magic[PROGRAM_MAGIC_SIZE];
	uint32_t endianness;
	uint32_t version;
	uint64_t checksum;
	uint64_t file_size;
	uint32_t machine;
	uint32_t cpu_flags;
	char library[24];
	uint64_t arena_size;
	uint64_t io_size;
	uint32_t name;
	uint32_t num_inputs;
	uint32_t num_outputs;
	uint32_t reserved;
	struct program_section sections[PROGRAM_NUM_SECTIONS];
};

enum program_tensor_flag {
	PROGRAM_TENSOR_CONSTANT = 1 << 0,
	PROGRAM_TENSOR_DYNAMIC = 1 << 1,
};

/**
 * struct program_tensor - see struct edge_tensor
 * @data: offset of the value in the constants, or PROGRAM_NO_DATA
 * @name: a string
 * @storage: a tensor, or PROGRAM_NONE
 * @quant: or PROGRAM_NONE
 * @flags: enum program_tensor_flag
 */
struct program_tensor {
	int64_t dims[EDGE_MAX_RANK];
	int64_t strides[EDGE_MAX_RANK];
	int64_t offset;
	uint64_t address;
	uint64_t size;
	uint64_t data;
	uint32_t name;
	uint32_t storage;
	uint32_t quant;
	uint8_t type;
	uint8_t rank;
	uint8_t memory;
	uint8_t flags;
	uint8_t order[EDGE_MAX_RANK];
};

/* @pairs: the first of @count */
struct program_quant {
	int32_t axis;
	uint32_t count;
	uint64_t pairs;
};

struct program_quant_pair {
	float scale;
	int32_t zero_point;
};

/**
 * struct program_node - see struct edge_node
 * @name, @kernel, @reason: strings; @kernel is empty for a view
 * @op, @act, @rounding, @device: as enumerated in the graph
 */
struct program_node {
	uint8_t params[sizeof(union edge_params)];
	uint32_t name;
	uint32_t kernel;
	uint32_t reason;
	uint32_t op;
	uint32_t act;
	float alpha;
	float beta;
	uint32_t rounding;
	uint32_t device;
	uint32_t is_view;
	uint32_t num_inputs;
	uint32_t num_outputs;
	uint32_t num_packed;
	uint32_t reserved;
};

/* Strings. */
struct program_metadata {
	uint32_t key;
	uint32_t value;
};

/* Nothing the compiler may place as it likes. */
_Static_assert(sizeof(struct program_header) == 96 + 16 * PROGRAM_NUM_SECTIONS, "padding");
_Static_assert(sizeof(struct program_tensor) == 184, "padding");
_Static_assert(sizeof(struct program_quant) == 16, "padding");
_Static_assert(sizeof(struct program_node) == sizeof(union edge_params) + 56, "padding");
_Static_assert(sizeof(union edge_params) % 8 == 0, "padding");

/* The XXH3 of a file whose header is @header and whose other bytes are @rest. */
uint64_t program_checksum(const struct program_header *header, const void *rest, size_t size);

/* The seed, for who has the rest in pieces. */
uint64_t program_checksum_seed(const struct program_header *header);

/* e_machine of this machine; 0 where the library does not know it. */
uint32_t program_machine(void);

#endif
