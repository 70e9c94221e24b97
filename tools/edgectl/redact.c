// SPDX-License-Identifier: MIT
#include "redact.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "rootfs.h"

/* Users below it are the system's. */
#define FIRST_PERSON 1000

#define TOKEN_MAX 256

bool redact_add(struct redact *redact, const char *word, const char *kind)
{
	struct redact_word *words;
	char *copy;

	if (!*word || !strcmp(word, "localhost"))
		return true;
	copy = strdup(word);
	words = copy ? realloc(redact->words, (redact->count + 1) * sizeof(*words)) : NULL;
	if (!words) {
		free(copy);
		return false;
	}
	redact->words = words;
	words[redact->count++] = (struct redact_word) { copy, kind };
	return true;
}

/* A file that is not there has no secrets; one that cannot be read may have. */
static bool is_absent(void)
{
	return errno == ENOENT || errno == ENOTDIR;
}

/* Login and full name of everybody in /etc/passwd who is a person. */
static bool add_people(struct redact *redact, const char *root)
{
	char *text = rootfs_read(root, NULL, "/etc/passwd");
	char *state = NULL, *word = NULL;
	bool ok = true;

	if (!text)
		return is_absent();
	for (char *line = strtok_r(text, "\n", &state); line && ok;
	     line = strtok_r(NULL, "\n", &state)) {
		char *rest = line;
		char *name = strsep(&rest, ":"), *uid, *full;

		strsep(&rest, ":");
		uid = strsep(&rest, ":");
		strsep(&rest, ":");
		full = strsep(&rest, ":");
		if (!uid || strtoul(uid, NULL, 10) < FIRST_PERSON || !strcmp(name, "nobody"))
			continue;
		ok = redact_add(redact, name, "user");
		for (char *part = full ? strtok_r(full, ", ", &word) : NULL; part && ok;
		     part = strtok_r(NULL, ", ", &word))
			ok = redact_add(redact, part, "user");
	}
	free(text);
	return ok;
}

/* A name of the host, and its first part, which is one as well. */
static bool add_host(struct redact *redact, char *name)
{
	if (!redact_add(redact, name, "host"))
		return false;
	name[strcspn(name, ".")] = 0;
	return redact_add(redact, name, "host");
}

bool redact_init(struct redact *redact, const char *root)
{
	static const char *const files[] = { "/etc/hostname", "/proc/sys/kernel/hostname",
					     "/proc/sys/kernel/domainname" };
	char line[TOKEN_MAX];
	bool ok = true;

	memset(redact, 0, sizeof(*redact));
	for (size_t i = 0; ok && i < sizeof(files) / sizeof(files[0]); i++) {
		if (!rootfs_line(root, line, sizeof(line), "%s", files[i]))
			ok = is_absent();
		else if (*line != '(')
			ok = add_host(redact, line);
	}
	return ok && add_people(redact, root);
}

void redact_finish(struct redact *redact)
{
	for (size_t i = 0; i < redact->count; i++)
		free(redact->words[i].word);
	free(redact->words);
	*redact = (struct redact) { 0 };
}

/* A buffer that grows; after a failure it stays empty. */
struct output {
	char *text;
	size_t used;
	size_t capacity;
	bool failed;
};

static void put(struct output *output, const char *text, size_t length)
{
	if (output->failed)
		return;
	if (output->used + length + 1 > output->capacity) {
		size_t capacity = 2 * (output->used + length + 1);
		char *grown = realloc(output->text, capacity);

		output->failed = !grown;
		if (!grown)
			return;
		output->text = grown;
		output->capacity = capacity;
	}
	memcpy(output->text + output->used, text, length);
	output->used += length;
	output->text[output->used] = 0;
}

static void put_kind(struct output *output, const char *kind)
{
	put(output, "<", 1);
	put(output, kind, strlen(kind));
	put(output, ">", 1);
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '-';
}

/* The length of @count groups of @digits hex digits each at the start of @text, with @separator between; 0 if it goes
 * on in another way. */
static size_t match_groups(const char *text, const int *digits, int count, char separator)
{
	size_t at = 0;

	for (int group = 0; group < count; group++) {
		if (group && text[at++] != separator)
			return 0;
		for (int i = 0; i < digits[group]; i++)
			if (!isxdigit((unsigned char)text[at++]))
				return 0;
	}
	return isalnum((unsigned char)text[at]) || text[at] == separator ? 0 : at;
}

/* The length of four numbers with dots between at the start of @text, or 0. */
static size_t match_ipv4(const char *text)
{
	size_t at = 0;

	for (int group = 0; group < 4; group++) {
		size_t digits;

		if (group && text[at++] != '.')
			return 0;
		digits = strspn(text + at, "0123456789");
		if (!digits || digits > 3)
			return 0;
		at += digits;
	}
	return isalnum((unsigned char)text[at]) ? 0 : at;
}

/* What looks like an address anywhere: its length at the start of @text, or 0. */
static size_t match_address(const char *text, const char **kind)
{
	static const int mac[] = { 2, 2, 2, 2, 2, 2 }, uuid[] = { 8, 4, 4, 4, 12 };
	size_t length = match_groups(text, mac, 6, ':');

	*kind = "mac";
	if (!length)
		length = match_groups(text, mac, 6, '-');
	if (!length) {
		*kind = "uuid";
		length = match_groups(text, uuid, 5, '-');
	}
	if (!length) {
		*kind = "ip";
		length = match_ipv4(text);
	}
	return length;
}

/* Where in a token an address of IPv6 begins that takes up the rest; @length if there is none. */
static size_t find_ipv6(const char *token, size_t length)
{
	unsigned char address[16];
	char text[TOKEN_MAX];
	size_t from = 0;

	if (length >= sizeof(text))
		return length;
	memcpy(text, token, length);
	text[length] = 0;
	text[strcspn(text, "%")] = 0;
	while (from + 3 < length) {
		const char *colon;

		if (inet_pton(AF_INET6, text + from, address) == 1)
			return from;
		colon = strchr(text + from, ':');
		if (!colon)
			break;
		from = colon + 1 - text;
	}
	return length;
}

/* Somebody's address for mail, or a name with a host. */
static bool is_mail(const char *token, size_t length)
{
	const char *at = memchr(token, '@', length);

	return at && at > token && at < token + length - 1;
}

static bool is_token(char c)
{
	return is_word(c) || c == '.' || c == ':' || c == '@' || c == '%';
}

/* A known word at the start of @text, however it goes on: names may have dots and dashes in them. Its length, or 0. */
static size_t match_word(const struct redact *redact, const char *text, const char **kind)
{
	for (size_t i = 0; i < redact->count; i++) {
		size_t length = strlen(redact->words[i].word);

		if (strncasecmp(text, redact->words[i].word, length) ||
		    isalnum((unsigned char)text[length]) || text[length] == '_')
			continue;
		*kind = redact->words[i].kind;
		return length;
	}
	return 0;
}

/* Copies a token word by word. */
static void put_words(const struct redact *redact, struct output *output, const char *token,
		      size_t length)
{
	size_t at = 0;

	while (at < length) {
		bool starts = !at ||
			      !(isalnum((unsigned char)token[at - 1]) || token[at - 1] == '_');
		const char *kind = NULL;
		size_t matched = starts ? match_word(redact, token + at, &kind) : 0;

		if (starts && !matched)
			matched = match_address(token + at, &kind);
		if (matched && matched <= length - at) {
			put_kind(output, kind);
			at += matched;
		} else {
			put(output, token + at++, 1);
		}
	}
}

/* Copies a token. */
static void put_token(const struct redact *redact, struct output *output, const char *token,
		      size_t length)
{
	/* Punctuation after an address is none of it. */
	size_t end = length, from;

	while (end && strchr(".:", token[end - 1]))
		end--;
	from = find_ipv6(token, end);
	if (is_mail(token, end)) {
		put_kind(output, "mail");
	} else {
		put_words(redact, output, token, from);
		if (from < end)
			put_kind(output, "ip");
	}
	put(output, token + end, length - end);
}

/* Whether @token says that what follows is a serial number. */
static bool names_serial(const char *token, size_t length)
{
	static const char word[] = "serial";

	for (size_t i = 0; i + sizeof(word) - 1 <= length; i++)
		if (!strncasecmp(token + i, word, sizeof(word) - 1))
			return true;
	return false;
}

/* A serial number follows on the same line, after "=", ":", a quote or spaces; copies what is before it and gives how
 * much of @text was read. */
static size_t put_serial(struct output *output, const char *text)
{
	size_t before = strspn(text, " \t=:\"'#"), length = 0;

	while (text[before + length] && !strchr(" \t\n,;\"'", text[before + length]))
		length++;
	put(output, text, before);
	if (length)
		put_kind(output, "serial");
	return before + length;
}

/* The name of a folder below /home. */
static size_t put_home(struct output *output, const char *text)
{
	size_t length = strcspn(text, "/ \t\n\"':;,");

	if (length)
		put_kind(output, "user");
	return length;
}

char *redact_text(const struct redact *redact, const char *text)
{
	struct output output = { 0 };

	put(&output, "", 0);
	while (*text && !output.failed) {
		size_t length = 0;
		bool serial, home;

		if (!is_token(*text)) {
			put(&output, text++, 1);
			continue;
		}
		while (is_token(text[length]))
			length++;
		serial = names_serial(text, length);
		home = length == 4 && !strncmp(text, "home/", 5);
		put_token(redact, &output, text, length);
		text += length;
		if (serial)
			text += put_serial(&output, text);
		if (home) {
			put(&output, text++, 1);
			text += put_home(&output, text);
		}
	}
	if (output.failed) {
		free(output.text);
		return NULL;
	}
	return output.text;
}
