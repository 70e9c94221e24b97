/* SPDX-License-Identifier: MIT */
#ifndef EDGE_PROGRAM_H
#define EDGE_PROGRAM_H

#include "edge/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A model compiled for one machine: fused and laid out, weights packed. Immutable: any number of
 * sessions in any number of threads may share one.
 */
struct edge_program;

/* What convolutions and matrix products of f32 may round their factors to; sums stay f32. */
enum edge_precision {
	EDGE_PRECISION_F32 = 0, /* to nothing */
	/* bf16, 8 bits of a number's 24, where the processor multiplies it (AVX512-BF16) and that
	 * is expected to be faster; else f32, after a line in the log (EDGE_LOG_WARNING) */
	EDGE_PRECISION_BF16 = 1,
	/* bf16 wherever there is a kernel for it, in plain C if need be, which takes longer than
	 * f32: to see what it does to a model */
	EDGE_PRECISION_BF16_ALWAYS = 2,
};

/**
 * struct edge_compile_settings - how to compile
 * @native_io: leave inputs and outputs in the layout that the kernels like instead of row-major;
 *	the strides that edge_program_input() reports tell which. Saves a copy of each.
 * @quantised_io: where all that the model does with an input is to quantise it, or with bytes to
 *	dequantise them for an output, leave that to the caller: the input or output is u8 or i8,
 *	and edge_program_input() tells what its elements stand for, and its name. One that is i8 in
 *	the model may be u8, for the same reals. Saves a pass over each, and three quarters of the
 *	memory of reals.
 * @no_fusion: keep every node of the model, for comparing
 * @card: JSON text of a model card to keep in the program, or NULL
 * @limits: what the program may ask for; NULL for those that the model was loaded with
 * @precision: enum edge_precision; edge_program_node() tells what became of it
 *
 * Set by edge_compile_settings_default(), which zeroes @reserved.
 */
struct edge_compile_settings {
	bool native_io;
	bool no_fusion;
	bool quantised_io;
	const char *card;
	const struct edge_limits *limits;
	uint32_t precision;
	uint32_t reserved[13];
};

EDGE_API void edge_compile_settings_default(struct edge_compile_settings *settings);

/**
 * edge_compile() - compile @model for this machine
 * @model: not changed, and not needed by the program
 * @settings: NULL for the defaults
 * @program: set on success; release with edge_program_destroy()
 *
 * Return: EDGE_OK, EDGE_UNSUPPORTED (the message names the node and the reason),
 * EDGE_INVALID_ARGUMENT while inputs must be bound, EDGE_LIMIT_EXCEEDED or EDGE_OUT_OF_MEMORY.
 */
EDGE_API enum edge_status edge_compile(const struct edge_model *model,
				       const struct edge_compile_settings *settings,
				       struct edge_program **program, struct edge_error *error);

/* Writes @program to @path, replacing the file in one step. EDGE_IO_ERROR or
 * EDGE_OUT_OF_MEMORY. */
EDGE_API enum edge_status edge_program_save(const struct edge_program *program, const char *path,
					    struct edge_error *error);

/* Whether @path is a file that starts as programs do, be it damaged or from another version. */
EDGE_API bool edge_program_probe(const char *path);

/**
 * edge_program_load() - map the program file @path
 * @program: set on success; release with edge_program_destroy()
 *
 * Nothing is repacked; the file must not change while the program lives.
 *
 * Return: EDGE_OK; EDGE_IO_ERROR; EDGE_BAD_FORMAT when the file is foreign or damaged;
 * EDGE_INCOMPATIBLE when it was compiled for another CPU, or in another version of the format;
 * EDGE_LIMIT_EXCEEDED; EDGE_OUT_OF_MEMORY.
 */
EDGE_API enum edge_status edge_program_load(const char *path, struct edge_program **program,
					    struct edge_error *error);

/* The same with other limits than the defaults. */
EDGE_API enum edge_status edge_program_load_within(const char *path,
						   const struct edge_limits *limits,
						   struct edge_program **program,
						   struct edge_error *error);

/* Accepts NULL. Sessions must be destroyed first. */
EDGE_API void edge_program_destroy(struct edge_program *program);

EDGE_API size_t edge_program_num_inputs(const struct edge_program *program);
EDGE_API size_t edge_program_num_outputs(const struct edge_program *program);

/* Input or output @index; EDGE_INVALID_ARGUMENT when there is none. */
EDGE_API enum edge_status edge_program_input(const struct edge_program *program, size_t index,
					     struct edge_tensor_info *info);
EDGE_API enum edge_status edge_program_output(const struct edge_program *program, size_t index,
					      struct edge_tensor_info *info);

/* The value of the metadata entry @key, or NULL. "card" is the model card. */
EDGE_API const char *edge_program_metadata(const struct edge_program *program, const char *key);

/**
 * struct edge_program_info - a program's size
 * @cpu_flags: instruction sets it was compiled for, as edge_cpu_flags()
 * @num_nodes: nodes that do work
 * @flops: floating-point operations a run, a multiply-add counted as two
 * @constant_bytes: packed weights and other constants
 * @arena_bytes: peak of the tensors in between, planned; one arena a session
 * @io_bytes: input and output buffers; one set a request
 * @num_bf16: nodes that multiply bf16
 */
struct edge_program_info {
	unsigned int cpu_flags;
	size_t num_nodes;
	uint64_t flops;
	uint64_t constant_bytes;
	uint64_t arena_bytes;
	uint64_t io_bytes;
	size_t num_bf16;
	uint32_t reserved[14];
};

EDGE_API void edge_program_info(const struct edge_program *program, struct edge_program_info *info);

/**
 * struct edge_node_info - what became of a node
 * @name: as in the model; owned by the program, as the other strings
 * @op: operator with what was fused into it, "Conv+SiLU"
 * @device: where it runs, "cpu"
 * @kernel: the implementation chosen, "igemm", "igemm-bf16", "winograd", ..., or "reference" for
 *	plain C
 * @reason: why it does not run on a better device or faster kernel; empty when there is nothing to
 *	say
 * @shape: of its first output
 * @flops: a run, a multiply-add counted as two
 * @bytes: read and written, constants included
 */
struct edge_node_info {
	const char *name;
	const char *op;
	const char *device;
	const char *kernel;
	const char *reason;
	int rank;
	int64_t shape[EDGE_MAX_RANK];
	uint64_t flops;
	uint64_t bytes;
	uint32_t reserved[16];
};

/* Node @index in the order of running, 0 to num_nodes - 1; else EDGE_INVALID_ARGUMENT. */
EDGE_API enum edge_status edge_program_node(const struct edge_program *program, size_t index,
					    struct edge_node_info *info);

/* Writes the compiled graph to @file, which stays open; EDGE_IO_ERROR when that fails. */
EDGE_API enum edge_status edge_program_dump(const struct edge_program *program,
					    enum edge_dump_format format, FILE *file,
					    struct edge_error *error);

#ifdef __cplusplus
}
#endif

#endif
