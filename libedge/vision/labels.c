// SPDX-License-Identifier: MIT
#include "vision/labels.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "vision/heads/head.h"

/* In the order of the 90 numbers that the annotations use; NULL is not in use. */
static const char *const coco[90] = {
	"person",
	"bicycle",
	"car",
	"motorcycle",
	"airplane",
	"bus",
	"train",
	"truck",
	"boat",
	"traffic light",
	"fire hydrant",
	NULL,
	"stop sign",
	"parking meter",
	"bench",
	"bird",
	"cat",
	"dog",
	"horse",
	"sheep",
	"cow",
	"elephant",
	"bear",
	"zebra",
	"giraffe",
	NULL,
	"backpack",
	"umbrella",
	NULL,
	NULL,
	"handbag",
	"tie",
	"suitcase",
	"frisbee",
	"skis",
	"snowboard",
	"sports ball",
	"kite",
	"baseball bat",
	"baseball glove",
	"skateboard",
	"surfboard",
	"tennis racket",
	"bottle",
	NULL,
	"wine glass",
	"cup",
	"fork",
	"knife",
	"spoon",
	"bowl",
	"banana",
	"apple",
	"sandwich",
	"orange",
	"broccoli",
	"carrot",
	"hot dog",
	"pizza",
	"donut",
	"cake",
	"chair",
	"couch",
	"potted plant",
	"bed",
	NULL,
	"dining table",
	NULL,
	NULL,
	"toilet",
	NULL,
	"tv",
	"laptop",
	"mouse",
	"remote",
	"keyboard",
	"cell phone",
	"microwave",
	"oven",
	"toaster",
	"sink",
	"refrigerator",
	NULL,
	"book",
	"clock",
	"vase",
	"scissors",
	"teddy bear",
	"hair drier",
	"toothbrush",
};

const char *edge_labels_coco(int count, int index)
{
	if (count == 90)
		return coco[index];
	if (count != 80)
		return NULL;
	for (int i = 0; i < 90; i++) {
		if (coco[i] && index-- == 0)
			return coco[i];
	}
	return NULL;
}

void edge_labels_finish(struct edge_labels *labels)
{
	for (int i = 0; i < labels->count; i++)
		free(labels->names[i]);
	free(labels->names);
	labels->names = NULL;
	labels->count = 0;
}

enum edge_status edge_labels_add(struct edge_labels *labels, const char *name, size_t length,
				 struct edge_error *error)
{
	char **grown, *copy;

	if (labels->count == EDGE_MAX_CLASSES)
		return edge_fail(error, EDGE_LIMIT_EXCEEDED, "more than %d labels",
				 EDGE_MAX_CLASSES);
	copy = strndup(name, length);
	if (!copy)
		return edge_fail_memory(error);
	grown = reallocarray(labels->names, labels->count + 1, sizeof(*grown));
	if (!grown) {
		free(copy);
		return edge_fail_memory(error);
	}
	labels->names = grown;
	labels->names[labels->count++] = copy;
	return EDGE_OK;
}

static bool is_background(const char *name)
{
	return !strcmp(name, "???") || !strcasecmp(name, "background") ||
	       !strcasecmp(name, "__background__");
}

static enum edge_status spread(struct edge_labels *labels, struct edge_error *error)
{
	struct edge_labels all = { 0 };
	enum edge_status status = EDGE_OK;
	int next = 0;

	for (int i = 0; i < 90 && !status; i++) {
		const char *name = coco[i] ? labels->names[next++] : "";

		status = edge_labels_add(&all, name, strlen(name), error);
	}
	if (status) {
		edge_labels_finish(&all);
		return status;
	}
	edge_labels_finish(labels);
	*labels = all;
	return EDGE_OK;
}

enum edge_status edge_labels_fit(struct edge_labels *labels, int num_classes,
				 struct edge_error *error)
{
	if (labels->count == num_classes + 1 && is_background(labels->names[0])) {
		free(labels->names[0]);
		labels->count--;
		memmove(labels->names, labels->names + 1, labels->count * sizeof(*labels->names));
	}
	if (labels->count == 80 && num_classes == 90)
		return spread(labels, error);
	return EDGE_OK;
}

static enum edge_status add_lines(const char *text, size_t size, struct edge_labels *labels,
				  struct edge_error *error)
{
	/* Empty lines at the end are no classes. */
	while (size && isspace((unsigned char)text[size - 1]))
		size--;
	while (size) {
		const char *newline = memchr(text, '\n', size);
		size_t line = newline ? (size_t)(newline - text) : size;
		size_t length = line;
		enum edge_status status;

		if (length && text[length - 1] == '\r')
			length--;
		status = edge_labels_add(labels, text, length, error);
		if (status)
			return status;
		text += newline ? line + 1 : line;
		size -= newline ? line + 1 : line;
	}
	return EDGE_OK;
}

enum edge_status edge_labels_load(const char *path, const struct edge_limits *limits,
				  struct edge_labels *labels, struct edge_error *error)
{
	enum edge_status status;
	struct edge_file file;

	status = edge_file_map_text(path, limits, &file, error);
	if (status)
		return status;
	status = add_lines((const char *)file.data, file.size, labels, error);
	if (!status && !labels->count)
		status = edge_fail(error, EDGE_BAD_FORMAT, "no labels; write a name a line");
	if (status) {
		edge_fail_in(error, status, "%s", path);
		edge_labels_finish(labels);
	}
	edge_file_unmap(&file);
	return status;
}

static void skip(const char **at, const char *what)
{
	*at += strspn(*at, what);
}

/* A key, 0 or '0', which must be @number, and its colon. */
static bool parse_key(const char **at, int number)
{
	char quote = **at == '\'' || **at == '"' ? *(*at)++ : 0;
	char *end;

	if (!isdigit((unsigned char)**at) || strtol(*at, &end, 10) != number)
		return false;
	*at = end;
	if (quote && *(*at)++ != quote)
		return false;
	skip(at, " ");
	return *(*at)++ == ':';
}

/* A string in quotes of either kind; a backslash takes what follows as it is. */
static enum edge_status parse_name(const char **at, struct edge_labels *labels,
				   struct edge_error *error)
{
	char quote = *(*at)++;
	char name[256];
	size_t length = 0;

	while (**at && **at != quote) {
		if (**at == '\\' && (*at)[1])
			(*at)++;
		if (length == sizeof(name))
			return edge_fail(error, EDGE_LIMIT_EXCEEDED,
					 "a label of more than %zu bytes", sizeof(name));
		name[length++] = *(*at)++;
	}
	if (!**at)
		return edge_fail(error, EDGE_BAD_FORMAT, "a label has no end");
	(*at)++;
	return edge_labels_add(labels, name, length, error);
}

static enum edge_status parse(const char *at, struct edge_labels *labels, struct edge_error *error)
{
	bool keys = *at == '{';
	char close = keys ? '}' : ']';

	if (!keys && *at != '[')
		return edge_fail(error, EDGE_BAD_FORMAT,
				 "neither a list nor a dictionary of names");
	at++;
	for (;;) {
		enum edge_status status;

		skip(&at, " \n");
		if (*at == close)
			return EDGE_OK;
		if (keys && !parse_key(&at, labels->count))
			return edge_fail(error, EDGE_BAD_FORMAT,
					 "the names are not numbered 0, 1, "
					 "2, ...");
		skip(&at, " ");
		if (*at != '\'' && *at != '"')
			return edge_fail(error, EDGE_BAD_FORMAT, "a name is not in quotes");
		status = parse_name(&at, labels, error);
		if (status)
			return status;
		skip(&at, " ");
		if (*at == ',')
			at++;
		else if (*at != close)
			return edge_fail(error, EDGE_BAD_FORMAT, "the list of names has no end");
	}
}

enum edge_status edge_labels_parse(const char *text, struct edge_labels *labels,
				   struct edge_error *error)
{
	enum edge_status status = parse(text, labels, error);

	if (status)
		edge_labels_finish(labels);
	return status;
}
