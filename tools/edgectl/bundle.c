// SPDX-License-Identifier: MIT
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "accel.h"
#include "cli.h"
#include "gather.h"
#include "report.h"
#include "table.h"
#include "verbs.h"

static const char usage[] =
	"Usage: edgectl report [OPTION...]\n\n"
	"Gathers what a bug report about an accelerator needs into an archive: versions, the driver's\n"
	"lines in the kernel's log, the state of the devices, what doctor finds. Names of hosts and\n"
	"people, addresses of networks and serial numbers are taken out. As root it knows more.\n\n"
	"  -o, --output FILE     the archive; by default edge-report-DATE-TIME.tar.gz\n"
	"      --json            print JSON; see edgectl(1) for the schema\n"
	"  -h, --help            this text\n";

#define FOLDER "edge-report/"

static bool write_file(struct archive *archive, const struct gathered_file *file, time_t now)
{
	struct archive_entry *entry = archive_entry_new();
	char name[64];
	bool ok;

	if (!entry)
		return false;
	snprintf(name, sizeof(name), FOLDER "%s", file->name);
	archive_entry_set_pathname(entry, name);
	archive_entry_set_size(entry, file->size);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_mtime(entry, now, 0);
	ok = archive_write_header(archive, entry) == ARCHIVE_OK &&
	     archive_write_data(archive, file->text, file->size) == (la_ssize_t)file->size;
	archive_entry_free(entry);
	return ok;
}

static bool write_archive(int fd, const struct gathered *gathered, time_t now)
{
	struct archive *archive = archive_write_new();
	bool ok;

	if (!archive)
		return false;
	ok = archive_write_add_filter_gzip(archive) == ARCHIVE_OK &&
	     archive_write_set_format_ustar(archive) == ARCHIVE_OK &&
	     archive_write_open_fd(archive, fd) == ARCHIVE_OK;
	for (size_t i = 0; ok && i < gathered->count; i++)
		ok = write_file(archive, &gathered->files[i], now);
	ok = archive_write_close(archive) == ARCHIVE_OK && ok;
	archive_write_free(archive);
	return ok;
}

/* An enum cli_exit. Whatever is there already stays. */
static int save(const char *path, const struct gathered *gathered, time_t now)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	bool ok;

	if (fd < 0) {
		cli_message("%s: cannot be created: %s", path, strerror(errno));
		return CLI_FAILED;
	}
	ok = write_archive(fd, gathered, now);
	ok = !close(fd) && ok;
	if (ok)
		return CLI_OK;
	cli_message("%s: cannot be written", path);
	unlink(path);
	return CLI_FAILED;
}

static int print_json(const char *path, const struct gathered *gathered)
{
	json_t *object = report_create("report");
	json_t *files = json_array();

	for (size_t i = 0; i < gathered->count; i++)
		json_array_append_new(files,
				      json_pack("{s:s, s:s, s:I}", "name", gathered->files[i].name,
						"about", gathered->files[i].about, "bytes",
						(json_int_t)gathered->files[i].size));
	json_object_update_new(object, json_pack("{s:s, s:o}", "file", path, "contents", files));
	return report_print(object);
}

static void print(const char *path, const struct gathered *gathered)
{
	static const char *const columns[] = { "FILE", ">BYTES", "WHAT", NULL };
	struct table *table = table_create(columns);

	for (size_t i = 0; i < gathered->count; i++) {
		table_row(table);
		table_cell(table, "%s", gathered->files[i].name);
		table_cell(table, "%zu", gathered->files[i].size);
		table_cell(table, "%s", gathered->files[i].about);
	}
	table_print(table);
	printf("\nWrote %s.\n"
	       "Names of hosts and people, network addresses, UUIDs and serial numbers were taken\n"
	       "out. See for yourself before you send it: tar -xzOf %s | less\n",
	       path, path);
	if (geteuid())
		puts("Without root, the kernel's log and the last dump may be missing.");
}

static int make(const char *path, bool json)
{
	struct edge_device_list *list = accel_list();
	struct checks_system system;
	struct gathered gathered;
	time_t now = time(NULL);
	char name[64];
	int result;

	if (!list)
		return CLI_FAILED;
	if (!path) {
		strftime(name, sizeof(name), "edge-report-%Y%m%d-%H%M%S.tar.gz", localtime(&now));
		path = name;
	}
	checks_this_system(&system, list);
	if (gather(&system, &gathered)) {
		result = save(path, &gathered, now);
		if (!result && json)
			result = print_json(path, &gathered);
		else if (!result)
			print(path, &gathered);
	} else {
		cli_message("cannot gather what is needed: %s", strerror(errno));
		result = CLI_FAILED;
	}
	gather_finish(&gathered);
	edge_device_list_destroy(list);
	return result;
}

int verb_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "json", no_argument, NULL, CLI_OPTION_JSON },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	const char *path = NULL;
	bool json = false;
	int option;

	while ((option = getopt_long(argc, argv, "o:h", options, NULL)) != -1) {
		switch (option) {
		case 'o':
			path = optarg;
			break;
		case CLI_OPTION_JSON:
			json = true;
			break;
		case 'h':
			fputs(usage, stdout);
			return CLI_OK;
		default:
			return cli_usage("report");
		}
	}
	if (optind != argc)
		return cli_usage("report");
	return make(path, json);
}
