/* SPDX-License-Identifier: MIT */
/* What all verbs share: messages, numbers from the command line, the options that many take. */
#ifndef EDGECTL_CLI_H
#define EDGECTL_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stddef.h>

#include "edge/edge.h"

enum cli_exit {
	CLI_OK = 0,
	CLI_FAILED = 1, /* the work could not be done */
	CLI_USAGE = 2, /* the command line made no sense */
};

/* Prints "edgectl: ..." and a newline to stderr. */
void cli_message(const char *format, ...) EDGE_PRINTF(1, 2);

/* Prints the cause of a failed call of the library; CLI_FAILED. */
int cli_failed(const struct edge_error *error);

/* Prints "try 'edgectl VERB --help'"; CLI_USAGE. */
int cli_usage(const char *verb);

/* Reads the value of option @name; prints a message when it is no number or out of range. */
bool cli_read_int(const char *name, const char *text, long min, long max, long *value);
bool cli_read_float(const char *name, const char *text, double min, double max, double *value);

/* Masks the CPU flags above @level, a name as edge_cpu_level_name() has it. */
bool cli_set_cpu(const char *level);

/* Milliseconds from nanoseconds, and a monotonic clock in nanoseconds. */
double cli_ms(uint64_t nanoseconds);
uint64_t cli_now(void);

/* "12.3 MB" in a static ring of buffers, good for a few calls in one statement. */
const char *cli_bytes(uint64_t bytes);

/* "1x3x416x416", likewise. */
const char *cli_shape(int rank, const int64_t *dims);

/* Parses "[NAME=]1x3x416x416" into @shape; @shape->name points into @text, which is changed. */
bool cli_read_shape(char *text, struct edge_input_shape *shape);

/* What opens a model, for getopt_long(): add CLI_MODEL_OPTIONS to the table and give what it
 * returns to cli_model_option(). */
#define CLI_MAX_SHAPES 8

struct cli_model {
	const char *weights;
	const char *card;
	struct edge_input_shape shapes[CLI_MAX_SHAPES];
	size_t num_shapes;
	struct edge_limits limits;
	long threads; /* 0: one a core */
	uint32_t precision; /* enum edge_precision */
};

enum cli_option {
	CLI_OPTION_WEIGHTS = 0x100,
	CLI_OPTION_CARD,
	CLI_OPTION_SHAPE,
	CLI_OPTION_ALLOW,
	CLI_OPTION_CPU,
	CLI_OPTION_PRECISION,
	CLI_OPTION_JSON,
	CLI_OPTION_VERB, /* options of one verb number from here */
};

/* clang-format off */
#define CLI_MODEL_OPTIONS \
	{ "weights", required_argument, NULL, CLI_OPTION_WEIGHTS }, \
	{ "card", required_argument, NULL, CLI_OPTION_CARD }, \
	{ "shape", required_argument, NULL, CLI_OPTION_SHAPE }, \
	{ "allow", required_argument, NULL, CLI_OPTION_ALLOW }, \
	{ "threads", required_argument, NULL, 't' }, \
	{ "cpu", required_argument, NULL, CLI_OPTION_CPU }, \
	{ "precision", required_argument, NULL, CLI_OPTION_PRECISION }, \
	{ "json", no_argument, NULL, CLI_OPTION_JSON }, \
	{ "help", no_argument, NULL, 'h' }
/* clang-format on */

#define CLI_MODEL_HELP \
	"      --card FILE       model card (JSON) that overrides what is recognised\n" \
	"      --weights FILE    weights of a Darknet cfg (default: FILE.weights beside it)\n" \
	"      --shape [NAME=]1x3x416x416\n" \
	"                        shape of an input that the model leaves open\n" \
	"      --allow NAME=N    let files ask for more than the default; edgectl(1) lists the\n" \
	"                        limits\n" \
	"  -t, --threads N       threads (default: one a core)\n" \
	"      --cpu LEVEL       at most avx512bf16, avx512vnni, avx512, avxvnni, avx2, sse4.1 or c\n" \
	"      --precision NAME  what products of floats may be rounded to: f32 (default), bf16 where\n" \
	"                        the processor multiplies it, or bf16-always\n" \
	"      --json            print JSON; see edgectl(1) for the schema\n" \
	"  -h, --help            this text\n"

/* "bf16 in 40 of 52 nodes" for @info; empty where none has it. */
const char *cli_precision(const struct edge_program_info *info);

/* Takes one of the options above; false when @value is bad (a message has been printed). */
bool cli_model_option(struct cli_model *model, int option, char *value);

/* Loads a model file with what the options say. */
enum edge_status cli_model_load(const struct cli_model *options, const char *path,
				struct edge_model **model, struct edge_error *error);

/* Loads a program; EDGE_INVALID_ARGUMENT where the options ask for what only compiling can change. */
enum edge_status cli_program_load(const struct cli_model *options, const char *path,
				  struct edge_program **program, struct edge_error *error);

/* Reads a whole text file (a model card) of at most 1 MiB; to be freed. NULL: a message was
 * printed. */
char *cli_read_text(const char *path);

#endif
