// SPDX-License-Identifier: MIT
#include "suite.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Far more than any node test has. */
#define MAX_FILE_BYTES (256 << 20)

static int compare_paths(const void *a, const void *b)
{
	return strcmp(((const struct suite_file *)a)->path, ((const struct suite_file *)b)->path);
}

static bool add_file(struct archive *archive, struct archive_entry *entry, struct suite *suite)
{
	struct suite_file *files = realloc(suite->files, (suite->num_files + 1) * sizeof(*files));
	int64_t size = archive_entry_size(entry);
	struct suite_file *file;

	if (!files || size < 0 || size > MAX_FILE_BYTES)
		return false;
	suite->files = files;
	file = &files[suite->num_files];
	file->path = strdup(archive_entry_pathname(entry));
	file->data = malloc(size + 1);
	file->size = size;
	if (file->path && file->data && archive_read_data(archive, file->data, size) == size) {
		suite->num_files++;
		return true;
	}
	free(file->data);
	free(file->path);
	return false;
}

static struct archive *open_path(const char *path, bool is_directory)
{
	struct archive *archive;
	int result;

	if (is_directory) {
		archive = archive_read_disk_new();
		result = archive_read_disk_open(archive, path);
	} else {
		archive = archive_read_new();
		archive_read_support_filter_all(archive);
		archive_read_support_format_all(archive);
		result = archive_read_open_filename(archive, path, 1 << 16);
	}
	if (result == ARCHIVE_OK)
		return archive;
	fprintf(stderr, "check-onnx: %s\n", archive_error_string(archive));
	archive_read_free(archive);
	return NULL;
}

static bool read_files(struct archive *archive, bool is_directory, struct suite *suite)
{
	struct archive_entry *entry;
	int result;

	while ((result = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		if (is_directory && archive_entry_filetype(entry) == AE_IFDIR)
			archive_read_disk_descend(archive);
		if (archive_entry_filetype(entry) == AE_IFREG && !add_file(archive, entry, suite))
			return false;
	}
	return result == ARCHIVE_EOF;
}

bool suite_open(const char *path, struct suite *suite)
{
	struct stat st;
	bool is_directory = !stat(path, &st) && S_ISDIR(st.st_mode);
	struct archive *archive = open_path(path, is_directory);
	bool ok;

	*suite = (struct suite) { 0 };
	if (!archive)
		return false;
	ok = read_files(archive, is_directory, suite);
	if (ok) {
		qsort(suite->files, suite->num_files, sizeof(*suite->files), compare_paths);
	} else {
		const char *cause = archive_error_string(archive);

		fprintf(stderr, "check-onnx: %s: %s\n", path, cause ? cause : "cannot be read");
		suite_close(suite);
	}
	archive_read_free(archive);
	return ok;
}

void suite_close(struct suite *suite)
{
	for (size_t i = 0; i < suite->num_files; i++) {
		free(suite->files[i].path);
		free(suite->files[i].data);
	}
	free(suite->files);
	*suite = (struct suite) { 0 };
}

const struct suite_file *suite_find(const struct suite *suite, const char *directory,
				    const char *name)
{
	struct suite_file key;
	const struct suite_file *file;

	if (asprintf(&key.path, "%s/%s", directory, name) < 0)
		return NULL;
	file = bsearch(&key, suite->files, suite->num_files, sizeof(key), compare_paths);
	free(key.path);
	return file;
}
