// SPDX-License-Identifier: MIT
/* The format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
#include "import/tflite/zip.h"

#include <stdlib.h>
#include <string.h>

#include <zlib.h>

/* Records without their names and comments, which can have 65535 bytes. */
enum {
	END_SIGNATURE = 0x06054b50,
	END_BYTES = 22,
	END_DIRECTORY_SIZE = 12,
	END_DIRECTORY = 16,
	END_COMMENT = 20,
	ENTRY_SIGNATURE = 0x02014b50,
	ENTRY_BYTES = 46,
	ENTRY_METHOD = 10,
	ENTRY_PACKED = 20,
	ENTRY_SIZE = 24,
	ENTRY_NAME = 28,
	ENTRY_EXTRA = 30,
	ENTRY_COMMENT = 32,
	ENTRY_OFFSET = 42,
	FILE_SIGNATURE = 0x04034b50,
	FILE_BYTES = 30,
	FILE_NAME = 26,
	FILE_EXTRA = 28,
	METHOD_STORED = 0,
	METHOD_DEFLATED = 8,
};

static uint32_t load(const uint8_t *at, int size)
{
	uint32_t value = 0;

	for (int i = 0; i < size; i++)
		value |= (uint32_t)at[i] << 8 * i;
	return value;
}

/* The record at the end, which a comment may follow. */
static bool find_end(const uint8_t *data, size_t size, size_t *end)
{
	for (size_t comment = 0; comment <= UINT16_MAX && comment + END_BYTES <= size; comment++) {
		const size_t at = size - END_BYTES - comment;

		if (load(data + at, 4) == END_SIGNATURE &&
		    load(data + at + END_COMMENT, 2) == comment) {
			*end = at;
			return true;
		}
	}
	return false;
}

bool zip_open(const uint8_t *data, size_t size, struct zip *zip)
{
	uint64_t offset;
	size_t end;

	if (!find_end(data, size, &end))
		return false;
	offset = load(data + end + END_DIRECTORY, 4);
	*zip = (struct zip) { .data = data, .size = size };
	zip->directory_size = load(data + end + END_DIRECTORY_SIZE, 4);
	if (zip->directory_size > end)
		return false;
	/* Offsets count from the start of the file, or from that of the archive. */
	zip->directory = end - zip->directory_size;
	if (offset > zip->directory)
		return false;
	zip->start = zip->directory - offset;
	return true;
}

/* The entry of that name, or NULL. */
static const uint8_t *find_entry(const struct zip *zip, const char *name)
{
	const uint8_t *entry = zip->data + zip->directory;
	size_t left = zip->directory_size;

	while (left >= ENTRY_BYTES && load(entry, 4) == ENTRY_SIGNATURE) {
		const size_t length = load(entry + ENTRY_NAME, 2);
		const size_t size = ENTRY_BYTES + length + load(entry + ENTRY_EXTRA, 2) +
				    load(entry + ENTRY_COMMENT, 2);

		if (size > left)
			return NULL;
		if (length == strlen(name) && !memcmp(entry + ENTRY_BYTES, name, length))
			return entry;
		entry += size;
		left -= size;
	}
	return NULL;
}

/* Where the bytes of @entry lie, of which there are @packed; NULL when they do not. */
static const uint8_t *find_bytes(const struct zip *zip, const uint8_t *entry, size_t packed)
{
	const uint64_t at = (uint64_t)zip->start + load(entry + ENTRY_OFFSET, 4);
	uint64_t header = FILE_BYTES;

	if (at + header > zip->size || load(zip->data + at, 4) != FILE_SIGNATURE)
		return NULL;
	header += load(zip->data + at + FILE_NAME, 2) + load(zip->data + at + FILE_EXTRA, 2);
	return at + header + packed > zip->size ? NULL : zip->data + at + header;
}

/* False unless @packed bytes become just @size. */
static bool inflate_bytes(const uint8_t *data, size_t packed, char *text, size_t size)
{
	z_stream stream = {
		.next_in = (Bytef *)data,
		.avail_in = packed,
		.next_out = (Bytef *)text,
		.avail_out = size,
	};
	int result;

	if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
		return false;
	result = inflate(&stream, Z_FINISH);
	inflateEnd(&stream);
	return result == Z_STREAM_END && !stream.avail_out;
}

static bool unpack(const uint8_t *data, int method, size_t packed, char *text, size_t size)
{
	if (method == METHOD_DEFLATED)
		return inflate_bytes(data, packed, text, size);
	if (method != METHOD_STORED || packed != size)
		return false;
	memcpy(text, data, size);
	return true;
}

char *zip_read(const struct zip *zip, const char *name, size_t limit)
{
	const uint8_t *entry = find_entry(zip, name), *bytes;
	size_t packed, size;
	char *text;

	if (!entry)
		return NULL;
	packed = load(entry + ENTRY_PACKED, 4);
	size = load(entry + ENTRY_SIZE, 4);
	bytes = find_bytes(zip, entry, packed);
	if (!bytes || size > limit)
		return NULL;
	text = malloc(size + 1);
	if (!text)
		return NULL;
	text[size] = 0;
	if (unpack(bytes, load(entry + ENTRY_METHOD, 2), packed, text, size))
		return text;
	free(text);
	return NULL;
}
