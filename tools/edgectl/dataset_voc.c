// SPDX-License-Identifier: MIT
/*
 * PASCAL VOC: a file an image, <annotation> with <filename> and an <object> for each box.
 * "difficult" objects are ignored, as in VOC's own evaluation. A box runs from xmin to xmax.
 */
#include <dirent.h>
#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "dataset.h"

#define MAX_TEXT 256
#define MAX_FILE (4 << 20)

struct reader {
	struct dataset *dataset;
	const char *images;
	char text[MAX_TEXT]; /* of the element being read */
	size_t length;
	char filename[MAX_TEXT];
	char name[MAX_TEXT];
	double corners[4]; /* xmin, ymin, xmax, ymax */
	bool difficult;
	bool in_object, in_part; /* a <part> of a person has a name and a box of its own */
	size_t first_truth;
	bool failed;
};

static void start_element(void *data, const char *element, const char **attributes)
{
	struct reader *reader = data;

	(void)attributes;
	reader->length = 0;
	if (!strcmp(element, "part"))
		reader->in_part = true;
	if (strcmp(element, "object"))
		return;
	reader->in_object = true;
	reader->difficult = false;
	reader->name[0] = 0;
	for (int i = 0; i < 4; i++)
		reader->corners[i] = NAN;
}

static void character_data(void *data, const char *text, int length)
{
	struct reader *reader = data;
	size_t room = MAX_TEXT - 1 - reader->length;

	if ((size_t)length > room)
		length = room;
	memcpy(reader->text + reader->length, text, length);
	reader->length += length;
}

static void end_object(struct reader *reader)
{
	const double *c = reader->corners;
	struct ap_truth truth = {
		.box = { c[0], c[1], c[2] - c[0], c[3] - c[1] },
		.ignore = reader->difficult,
	};

	reader->in_object = false;
	if (!reader->name[0] || !(truth.box[2] >= 0) || !(truth.box[3] >= 0)) {
		reader->failed = true;
		return;
	}
	truth.area = truth.box[2] * truth.box[3];
	truth.category = dataset_category(reader->dataset, reader->name);
	if (truth.category < 0) {
		truth.category = reader->dataset->num_categories;
		if (!dataset_add_category(reader->dataset, truth.category, reader->name))
			reader->failed = true;
	}
	if (!reader->failed && !dataset_add_truth(reader->dataset, &truth))
		reader->failed = true;
}

static void end_element(void *data, const char *element)
{
	static const char *const corners[] = { "xmin", "ymin", "xmax", "ymax" };
	struct reader *reader = data;

	reader->text[reader->length] = 0;
	reader->length = 0;
	if (!strcmp(element, "part"))
		reader->in_part = false;
	if (!strcmp(element, "filename"))
		memcpy(reader->filename, reader->text, MAX_TEXT);
	if (!reader->in_object || reader->in_part)
		return;
	if (!strcmp(element, "object"))
		end_object(reader);
	else if (!strcmp(element, "name"))
		memcpy(reader->name, reader->text, MAX_TEXT);
	else if (!strcmp(element, "difficult"))
		reader->difficult = atoi(reader->text) != 0;
	for (int i = 0; i < 4; i++)
		if (!strcmp(element, corners[i]))
			reader->corners[i] = strtod(reader->text, NULL);
}

/* Reads the file whole; NULL after a message. */
static char *read_file(const char *path, size_t *size)
{
	FILE *file = fopen(path, "re");
	char *text = malloc(MAX_FILE);

	*size = 0;
	if (file && text)
		*size = fread(text, 1, MAX_FILE, file);
	if (!file || !text || ferror(file) || *size == MAX_FILE) {
		cli_message("%s: cannot be read, or is larger than 4 MiB", path);
		free(text);
		text = NULL;
	}
	if (file)
		fclose(file);
	return text;
}

static bool read_annotation(struct reader *reader, const char *path)
{
	XML_Parser parser = XML_ParserCreate(NULL);
	struct dataset *dataset = reader->dataset;
	bool good = false;
	size_t size;
	char *text = read_file(path, &size);

	if (!parser || !text)
		goto free_parser;
	reader->filename[0] = 0;
	reader->in_object = false;
	reader->in_part = false;
	reader->failed = false;
	reader->first_truth = dataset->num_truth;
	XML_SetUserData(parser, reader);
	XML_SetElementHandler(parser, start_element, end_element);
	XML_SetCharacterDataHandler(parser, character_data);
	if (XML_Parse(parser, text, size, 1) != XML_STATUS_OK) {
		cli_message("%s: line %lu: %s", path,
			    (unsigned long)XML_GetCurrentLineNumber(parser),
			    XML_ErrorString(XML_GetErrorCode(parser)));
		goto free_parser;
	}
	if (reader->failed || !reader->filename[0] || strchr(reader->filename, '/')) {
		cli_message("%s: filename, or an object's name or bndbox, is missing or wrong",
			    path);
		goto free_parser;
	}
	for (size_t i = reader->first_truth; i < dataset->num_truth; i++)
		dataset->truth[i].image = dataset->num_images;
	good = dataset_add_image(dataset, dataset->num_images, reader->images, reader->filename);

free_parser:
	free(text);
	if (parser)
		XML_ParserFree(parser);
	return good;
}

static int is_xml(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return length > 4 && !strcmp(entry->d_name + length - 4, ".xml");
}

bool dataset_load_voc(struct dataset *dataset, const char *folder, const char *images)
{
	struct reader reader = { .dataset = dataset, .images = images };
	struct dirent **files;
	bool good = true;
	int count = scandir(folder, &files, is_xml, alphasort);

	if (count < 0) {
		cli_message("%s: cannot be listed", folder);
		return false;
	}
	for (int i = 0; i < count; i++) {
		char *path;

		if (good && asprintf(&path, "%s/%s", folder, files[i]->d_name) >= 0) {
			good = read_annotation(&reader, path);
			free(path);
		}
		free(files[i]);
	}
	free(files);
	return good;
}
