// SPDX-License-Identifier: MIT
#include "import/darknet/cfg.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/limits.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_comment(char c)
{
	return c == '#' || c == ';';
}

/* Compares the line at @data, white space left out, with @text; false where the data ends. */
static bool line_is(const uint8_t *data, size_t size, const char *text)
{
	for (size_t i = 0; i < size && data[i] != '\n'; i++) {
		if (is_space(data[i]))
			continue;
		/* A zero byte in the file is not the end of the text. */
		if (!*text || data[i] != (uint8_t)*text)
			return !*text && is_comment(data[i]);
		text++;
	}
	return !*text;
}

bool darknet_cfg_recognise(const uint8_t *data, size_t size)
{
	size_t i = 0;

	while (i < size) {
		const uint8_t *end;

		while (i < size && (is_space(data[i]) || data[i] == '\n'))
			i++;
		if (i == size)
			return false;
		if (!is_comment(data[i]))
			return line_is(data + i, size - i, "[net]") ||
			       line_is(data + i, size - i, "[network]");
		end = memchr(data + i, '\n', size - i);
		if (!end)
			return false;
		i = end - data;
	}
	return false;
}

/* Room for one more item of @size bytes in *@items. */
static bool reserve(void *items, int count, int *max, size_t size)
{
	int grown_max = *max ? 2 * *max : 64;
	void *grown;

	if (count < *max)
		return true;
	memcpy(&grown, items, sizeof(grown));
	grown = realloc(grown, grown_max * size);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof(grown));
	*max = grown_max;
	return true;
}

static enum edge_status add_section(struct darknet_cfg *cfg, char *line, int number,
				    const struct edge_limits *limits, struct edge_error *error)
{
	char *end = strchr(line, ']');

	if (!end || end == line + 1)
		return edge_fail(error, EDGE_BAD_FORMAT, "line %d: a section without a name",
				 number);
	if ((uint64_t)cfg->num_sections >= limits->nodes)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "line %d: %s", number,
				 EDGE_OVER(limits, nodes));
	if (!reserve(&cfg->sections, cfg->num_sections, &cfg->max_sections, sizeof(*cfg->sections)))
		return edge_fail_memory(error);
	*end = 0;
	cfg->sections[cfg->num_sections++] = (struct darknet_section) {
		.name = line + 1,
		.line = number,
		.first = cfg->num_options,
	};
	return EDGE_OK;
}

static enum edge_status add_option(struct darknet_cfg *cfg, char *line, int number,
				   struct edge_error *error)
{
	char *equals = strchr(line, '=');

	if (!equals || !cfg->num_sections)
		return edge_fail(error, EDGE_BAD_FORMAT, "line %d: no section and no option",
				 number);
	if (!reserve(&cfg->options, cfg->num_options, &cfg->max_options, sizeof(*cfg->options)))
		return edge_fail_memory(error);
	*equals = 0;
	cfg->options[cfg->num_options++] = (struct darknet_option) { line, equals + 1 };
	cfg->sections[cfg->num_sections - 1].num_options++;
	return EDGE_OK;
}

/* Copies the line at *@data without white space and comment, and goes past it. */
static char *take_line(const uint8_t **data, const uint8_t *end, char *to)
{
	bool comment = false;

	for (; *data < end && **data != '\n'; ++*data) {
		comment |= is_comment(**data);
		if (!comment && !is_space(**data))
			*to++ = **data;
	}
	if (*data < end)
		++*data;
	*to++ = 0;
	return to;
}

enum edge_status darknet_cfg_parse(const uint8_t *data, size_t size,
				   const struct edge_limits *limits, struct darknet_cfg *cfg,
				   struct edge_error *error)
{
	const uint8_t *end = data + size;
	enum edge_status status = EDGE_OK;
	char *line;

	memset(cfg, 0, sizeof(*cfg));
	/* An option needs two bytes, "=" and a newline, so both counts fit an int. */
	if (size > INT32_MAX / 2 || memchr(data, 0, size))
		return edge_fail(error, EDGE_BAD_FORMAT, "not the text of a cfg");
	cfg->text = malloc(size + 1);
	if (!cfg->text)
		return edge_fail_memory(error);
	line = cfg->text;
	for (int number = 1; data < end && !status; number++) {
		char *next = take_line(&data, end, line);

		if (*line == '[')
			status = add_section(cfg, line, number, limits, error);
		else if (*line)
			status = add_option(cfg, line, number, error);
		line = next;
	}
	return status;
}

void darknet_cfg_destroy(struct darknet_cfg *cfg)
{
	free(cfg->options);
	free(cfg->sections);
	free(cfg->text);
}

const char *darknet_cfg_find(const struct darknet_cfg *cfg, const struct darknet_section *section,
			     const char *key)
{
	for (int i = 0; i < section->num_options; i++) {
		const struct darknet_option *option = &cfg->options[section->first + i];

		if (!strcmp(option->key, key))
			return option->value;
	}
	return NULL;
}
