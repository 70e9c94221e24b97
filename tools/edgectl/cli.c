// SPDX-License-Identifier: MIT
#include "cli.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_TEXT (1 << 20)

void cli_message(const char *format, ...)
{
	va_list args;

	fputs("edgectl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int cli_failed(const struct edge_error *error)
{
	cli_message("%s", error->message[0] ? error->message : edge_status_string(error->status));
	return CLI_FAILED;
}

int cli_usage(const char *verb)
{
	fprintf(stderr, "Try 'edgectl %s --help'.\n", verb);
	return CLI_USAGE;
}

bool cli_read_int(const char *name, const char *text, long min, long max, long *value)
{
	char *end;

	errno = 0;
	*value = strtol(text, &end, 10);
	if (!errno && end != text && !*end && *value >= min && *value <= max)
		return true;
	cli_message("--%s takes a whole number from %ld to %ld, not '%s'", name, min, max, text);
	return false;
}

bool cli_read_float(const char *name, const char *text, double min, double max, double *value)
{
	char *end;

	*value = strtod(text, &end);
	if (end != text && !*end && isfinite(*value) && *value >= min && *value <= max)
		return true;
	cli_message("--%s takes a number from %g to %g, not '%s'", name, min, max, text);
	return false;
}

bool cli_set_cpu(const char *level)
{
	static const struct {
		const char *name;
		unsigned int mask;
	} levels[] = {
		{ "avx512bf16", ~0u },
		{ "avx512vnni", ~(unsigned int)EDGE_CPU_AVX512_BF16 },
		{ "avx512", EDGE_CPU_SSE41 | EDGE_CPU_AVX2 | EDGE_CPU_AVX512 },
		{ "avxvnni", EDGE_CPU_SSE41 | EDGE_CPU_AVX2 | EDGE_CPU_AVX_VNNI },
		{ "avx2", EDGE_CPU_SSE41 | EDGE_CPU_AVX2 },
		{ "sse4.1", EDGE_CPU_SSE41 },
		{ "c", 0 },
	};

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (!strcmp(level, levels[i].name)) {
			edge_set_cpu_mask(levels[i].mask);
			return true;
		}
	}
	cli_message("--cpu takes avx512bf16, avx512vnni, avx512, avxvnni, avx2, sse4.1 or c, not "
		    "'%s'",
		    level);
	return false;
}

static bool read_precision(const char *text, uint32_t *precision)
{
	static const char *const names[] = {
		[EDGE_PRECISION_F32] = "f32",
		[EDGE_PRECISION_BF16] = "bf16",
		[EDGE_PRECISION_BF16_ALWAYS] = "bf16-always",
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(text, names[i])) {
			*precision = (uint32_t)i;
			return true;
		}
	}
	cli_message("--precision takes f32, bf16 or bf16-always, not '%s'", text);
	return false;
}

double cli_ms(uint64_t nanoseconds)
{
	return nanoseconds / 1e6;
}

uint64_t cli_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + now.tv_nsec;
}

/* A few calls of the functions below may stand in one printf(). */
static char *next_buffer(size_t *size)
{
	static char buffers[8][96];
	static unsigned int next;

	*size = sizeof(buffers[0]);
	return buffers[next++ % 8];
}

const char *cli_bytes(uint64_t bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
	double value = bytes;
	size_t unit = 0;
	size_t size;
	char *buffer = next_buffer(&size);

	while (value >= 999.5 && unit < 4) {
		value /= 1000;
		unit++;
	}
	snprintf(buffer, size, unit ? "%.3g %s" : "%.0f %s", value, units[unit]);
	return buffer;
}

const char *cli_precision(const struct edge_program_info *info)
{
	size_t size;
	char *buffer = next_buffer(&size);

	if (!info->num_bf16)
		return "";
	snprintf(buffer, size, "bf16 in %zu of %zu nodes", info->num_bf16, info->num_nodes);
	return buffer;
}

const char *cli_shape(int rank, const int64_t *dims)
{
	size_t size;
	char *buffer = next_buffer(&size);
	size_t used = 0;

	if (!rank)
		return "scalar";
	for (int i = 0; i < rank && used < size; i++) {
		const char *separator = i ? "x" : "";

		if (dims[i] < 0)
			used += snprintf(buffer + used, size - used, "%s?", separator);
		else
			used += snprintf(buffer + used, size - used, "%s%" PRId64, separator,
					 dims[i]);
	}
	return buffer;
}

bool cli_read_shape(char *text, struct edge_input_shape *shape)
{
	char *equals = strrchr(text, '=');
	char *dim = equals ? equals + 1 : text;

	shape->name = equals ? text : NULL;
	shape->rank = 0;
	if (equals)
		*equals = 0;
	while (shape->rank < EDGE_MAX_RANK) {
		char *end;

		errno = 0;
		shape->dims[shape->rank++] = strtoll(dim, &end, 10);
		if (errno || end == dim || shape->dims[shape->rank - 1] < 1)
			break;
		if (!*end)
			return true;
		if (*end != 'x')
			break;
		dim = end + 1;
	}
	cli_message("--shape takes [NAME=]1x3x416x416, with sizes above 0");
	return false;
}

/* "nodes=100000" */
static bool read_allow(char *text, struct edge_limits *limits)
{
	char *equals = strchr(text, '=');
	struct edge_error error;
	char *end;
	unsigned long long value;

	if (!equals || equals[1] < '1' || equals[1] > '9') {
		cli_message("--allow takes NAME=N, with a whole number above 0, not '%s'", text);
		return false;
	}
	errno = 0;
	value = strtoull(equals + 1, &end, 10);
	if (errno || *end) {
		cli_message("--allow takes NAME=N, with a whole number above 0, not '%s'", text);
		return false;
	}
	*equals = 0;
	if (edge_limits_set(limits, text, value, &error)) {
		cli_message("--allow: %s", error.message);
		return false;
	}
	return true;
}

bool cli_model_option(struct cli_model *model, int option, char *value)
{
	switch (option) {
	case CLI_OPTION_WEIGHTS:
		model->weights = value;
		return true;
	case CLI_OPTION_CARD:
		model->card = value;
		return true;
	case CLI_OPTION_CPU:
		return cli_set_cpu(value);
	case CLI_OPTION_PRECISION:
		return read_precision(value, &model->precision);
	case CLI_OPTION_ALLOW:
		return read_allow(value, &model->limits);
	case CLI_OPTION_SHAPE:
		if (model->num_shapes == CLI_MAX_SHAPES) {
			cli_message("--shape may stand %d times", CLI_MAX_SHAPES);
			return false;
		}
		return cli_read_shape(value, &model->shapes[model->num_shapes++]);
	default:
		return cli_read_int("threads", value, 1, 1024, &model->threads);
	}
}

enum edge_status cli_model_load(const struct cli_model *options, const char *path,
				struct edge_model **model, struct edge_error *error)
{
	struct edge_load_settings settings;

	edge_load_settings_default(&settings);
	settings.weights = options->weights;
	settings.shapes = options->shapes;
	settings.num_shapes = options->num_shapes;
	settings.limits = &options->limits;
	return edge_model_load(path, &settings, model, error);
}

enum edge_status cli_program_load(const struct cli_model *options, const char *path,
				  struct edge_program **program, struct edge_error *error)
{
	if (options->precision) {
		error->status = EDGE_INVALID_ARGUMENT;
		snprintf(error->message, sizeof(error->message),
			 "%s: the precision of a program is fixed; compile the model again with "
			 "the one that you want",
			 path);
		return error->status;
	}
	return edge_program_load_within(path, &options->limits, program, error);
}

char *cli_read_text(const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!file) {
		cli_message("%s: cannot open: %s", path, strerror(errno));
		return NULL;
	}
	text = malloc(MAX_TEXT + 1);
	if (text)
		size = fread(text, 1, MAX_TEXT + 1, file);
	if (!text || ferror(file) || size > MAX_TEXT) {
		cli_message("%s: cannot be read, or is larger than 1 MiB", path);
		free(text);
		text = NULL;
	} else {
		text[size] = 0;
	}
	fclose(file);
	return text;
}
