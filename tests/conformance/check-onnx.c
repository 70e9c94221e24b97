// SPDX-License-Identifier: MIT
/*
 * Runs the cases of an ONNX backend test suite, each in a process of its own, so that one that
 * crashes or hangs is counted like any other failure.
 */
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <edge/edge.h>

#include "case.h"

#define TIMEOUT_SECONDS 60

/* What a child can tell goes through a pipe at once. */
_Static_assert(sizeof(struct case_report) <= 4096, "a report must fit a pipe's atomic write");

struct options {
	const char *suite;
	const char *filter;
	bool verbose;
	unsigned int threads;
};

/* The cases of an operator. */
struct row {
	char name[64];
	int counts[CASE_NUM_OUTCOMES];
};

struct table {
	struct row *rows;
	size_t num_rows;
	struct row sum;
};

static void usage(FILE *file)
{
	fprintf(file,
		"usage: check-onnx [--filter TEXT] [--threads N] [--cpu LEVEL] [--verbose] SUITE\n"
		"\n"
		"Runs every case of an ONNX backend test suite, a directory or an archive.\n"
		"\n"
		"  --filter TEXT   only cases whose name contains TEXT\n"
		"  --threads N     threads that work on a case (default: one a core)\n"
		"  --cpu LEVEL     no kernels above c, sse4.1, avx2, avxvnni, avx512,\n"
		"                  avx512vnni or avx512bf16\n"
		"  --verbose       a line a case\n");
}

static void await(pid_t child, int fd, struct case_report *report)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	ssize_t got = 0;
	int status;

	report->outcome = CASE_FAILED;
	if (poll(&poll_fd, 1, TIMEOUT_SECONDS * 1000) > 0)
		got = read(fd, report, sizeof(*report));
	else
		kill(child, SIGKILL);
	waitpid(child, &status, 0);
	if (got == sizeof(*report) && WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	report->outcome = CASE_FAILED;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		snprintf(report->message, sizeof(report->message), "took more than %d s",
			 TIMEOUT_SECONDS);
	else
		snprintf(report->message, sizeof(report->message), "crashed (%s %d)",
			 WIFSIGNALED(status) ? "signal" : "exit status",
			 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void run_apart(const struct suite *suite, const char *directory, unsigned int threads,
		      struct case_report *report)
{
	int fds[2];
	pid_t child;

	fflush(stdout);
	if (pipe(fds) < 0 || (child = fork()) < 0) {
		perror("check-onnx");
		exit(2);
	}
	if (!child) {
		close(fds[0]);
		case_run(suite, directory, threads, report);
		if (write(fds[1], report, sizeof(*report)) != sizeof(*report))
			_exit(2);
		_exit(0);
	}
	close(fds[1]);
	await(child, fds[0], report);
	close(fds[0]);
}

static struct row *find_row(struct table *table, const char *name)
{
	for (size_t i = 0; i < table->num_rows; i++) {
		if (!strcmp(table->rows[i].name, name))
			return &table->rows[i];
	}
	table->rows = realloc(table->rows, (table->num_rows + 1) * sizeof(*table->rows));
	if (!table->rows) {
		perror("check-onnx");
		exit(2);
	}
	table->rows[table->num_rows] = (struct row) { 0 };
	snprintf(table->rows[table->num_rows].name, sizeof(table->rows[0].name), "%s", name);
	return &table->rows[table->num_rows++];
}

static void run_case(const struct suite *suite, const struct suite_file *model,
		     const struct options *options, struct table *table)
{
	static const char *const outcomes[] = { "passed", "FAILED", "not supported" };
	struct case_report report;
	char name[64];
	char *directory = strdup(model->path);
	const char *base;

	if (!directory)
		return;
	*strrchr(directory, '/') = 0;
	base = strrchr(directory, '/') ? strrchr(directory, '/') + 1 : directory;
	if (options->filter && !strstr(base, options->filter))
		goto free_directory;
	run_apart(suite, directory, options->threads, &report);
	find_row(table, case_operator(model, name, sizeof(name)))->counts[report.outcome]++;
	table->sum.counts[report.outcome]++;
	if (options->verbose || report.outcome == CASE_FAILED)
		printf("%s: %s%s%s\n", base, outcomes[report.outcome],
		       report.message[0] ? ": " : "", report.message);

free_directory:
	free(directory);
}

static int compare_rows(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->name, ((const struct row *)b)->name);
}

static void print_row(const struct row *row)
{
	printf("%-28s %8d %8d %15d\n", row->name, row->counts[CASE_PASSED],
	       row->counts[CASE_FAILED], row->counts[CASE_UNSUPPORTED]);
}

static void print_table(struct table *table)
{
	qsort(table->rows, table->num_rows, sizeof(*table->rows), compare_rows);
	printf("\n%-28s %8s %8s %15s\n", "operator", "passed", "failed", "not supported");
	for (size_t i = 0; i < table->num_rows; i++)
		print_row(&table->rows[i]);
	snprintf(table->sum.name, sizeof(table->sum.name), "in all");
	print_row(&table->sum);
	printf("\n%d passed, %d failed, %d skipped\n", table->sum.counts[CASE_PASSED],
	       table->sum.counts[CASE_FAILED], table->sum.counts[CASE_UNSUPPORTED]);
}

static void set_cpu(const char *level)
{
	const unsigned int avx2 = EDGE_CPU_SSE41 | EDGE_CPU_AVX2;
	const unsigned int masks[] = {
		0,
		EDGE_CPU_SSE41,
		avx2,
		avx2 | EDGE_CPU_AVX_VNNI,
		avx2 | EDGE_CPU_AVX512,
		~(unsigned int)EDGE_CPU_AVX512_BF16,
		~0u,
	};

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		if (!strcmp(edge_cpu_level_name(masks[i]), level)) {
			edge_set_cpu_mask(masks[i]);
			return;
		}
	}
	usage(stderr);
	exit(2);
}

static void parse(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "filter", required_argument, NULL, 'f' },
		{ "threads", required_argument, NULL, 't' },
		{ "cpu", required_argument, NULL, 'c' },
		{ "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
		switch (option) {
		case 'f':
			options->filter = optarg;
			break;
		case 't':
			options->threads = atoi(optarg);
			break;
		case 'c':
			set_cpu(optarg);
			break;
		case 'v':
			options->verbose = true;
			break;
		case 'h':
			usage(stdout);
			exit(0);
		default:
			usage(stderr);
			exit(2);
		}
	}
	if (optind + 1 != argc) {
		usage(stderr);
		exit(2);
	}
	options->suite = argv[optind];
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct table table = { 0 };
	struct suite suite;
	int status;

	parse(argc, argv, &options);
	if (!suite_open(options.suite, &suite))
		return 2;
	for (size_t i = 0; i < suite.num_files; i++) {
		const char *slash = strrchr(suite.files[i].path, '/');

		if (slash && !strcmp(slash, "/model.onnx"))
			run_case(&suite, &suite.files[i], &options, &table);
	}
	print_table(&table);
	/* A suite that is not there has not passed. */
	status = table.sum.counts[CASE_FAILED] || !table.num_rows;
	free(table.rows);
	suite_close(&suite);
	return status;
}
