// SPDX-License-Identifier: MIT
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "accel.h"
#include "cli.h"
#include "report.h"
#include "terminal.h"
#include "usage.h"
#include "verbs.h"

static const char usage_text[] =
	"Usage: edgectl top [OPTION...]\n\n"
	"Shows how busy accelerators are, and with whose work. 'q' ends it.\n\n"
	"  -i, --interval N      seconds between two looks, 1 by default\n"
	"      --once            one look, then end\n"
	"      --json            the same as JSON; see edgectl(1) for the schema\n"
	"  -h, --help            this text\n";

enum { OPTION_ONCE = CLI_OPTION_VERB };

#define BAR 20

static volatile sig_atomic_t ended;

static void end(int number)
{
	ended = 1;
}

/* The terminal as it was, and whether it was changed. */
static struct termios saved;
static bool changed;

/* A screen of its own, and keys without Return. */
static void enter_screen(void)
{
	struct sigaction action = { .sa_handler = end };
	struct termios raw;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	fputs("\033[?1049h\033[?25l", stdout);
	/* In the background, keys and modes belong to somebody else. */
	changed = tcgetpgrp(STDIN_FILENO) == getpgrp() && !tcgetattr(STDIN_FILENO, &saved);
	if (!changed)
		return;
	raw = saved;
	raw.c_lflag &= ~(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

static void leave_screen(void)
{
	/* Whoever was sent to the background meanwhile would be stopped by this, and never end. */
	signal(SIGTTOU, SIG_IGN);
	if (changed)
		tcsetattr(STDIN_FILENO, TCSANOW, &saved);
	fputs("\033[?25h\033[?1049l", stdout);
	fflush(stdout);
}

static const char *bar(double value)
{
	static char text[BAR + 1];
	int filled = value * BAR + 0.5;

	memset(text, '|', filled);
	memset(text + filled, ' ', BAR - filled);
	return text;
}

static void print_device(const struct usage *before, const struct usage *now, size_t index,
			 const struct edge_device_info *info)
{
	double busy = usage_device_busy(before, now, index);
	enum colour colour = busy > 0.9 ? COLOUR_WARN : COLOUR_GOOD;
	uint64_t resets = now->devices[index].resets;
	const char *slash = strrchr(info->node, '/');

	terminal_colour(COLOUR_BOLD);
	printf("%-9s", slash ? slash + 1 : info->node);
	terminal_colour(COLOUR_NONE);
	printf(" %-12.12s %-12.12s [", info->name, info->address);
	terminal_colour(colour);
	fputs(bar(busy), stdout);
	terminal_colour(COLOUR_NONE);
	printf("] %5.1f%%", 100 * busy);
	if (resets) {
		terminal_colour(COLOUR_WARN);
		printf("  %" PRIu64 " reset%s", resets, resets > 1 ? "s" : "");
		terminal_colour(COLOUR_NONE);
	}
	putchar('\n');
}

static const struct usage *sorted_before, *sorted_now;

static int by_busy(const void *a, const void *b)
{
	size_t first = *(const size_t *)a, second = *(const size_t *)b;
	double x = usage_client_busy(sorted_before, sorted_now, first);
	double y = usage_client_busy(sorted_before, sorted_now, second);

	return x != y ? (x < y) - (x > y) : (first > second) - (first < second);
}

/* Indexes of the clients, the busiest first; NULL when memory has run out. To be freed. */
static size_t *sort_clients(const struct usage *before, const struct usage *now)
{
	size_t *order = calloc(now->num_clients + 1, sizeof(*order));

	if (!order)
		return NULL;
	for (size_t i = 0; i < now->num_clients; i++)
		order[i] = i;
	sorted_before = before;
	sorted_now = now;
	qsort(order, now->num_clients, sizeof(*order), by_busy);
	return order;
}

static void print_clients(const struct usage *before, const struct usage *now,
			  const struct edge_device_list *list, size_t most)
{
	size_t *order = sort_clients(before, now);

	terminal_colour(COLOUR_DIM);
	printf("\n%8s  %-15s %-9s %6s %8s %9s %9s\n", "PID", "PROGRAM", "DEVICE", "BUSY", "JOBS/s",
	       "MEMORY", "JOBS");
	terminal_colour(COLOUR_NONE);
	for (size_t i = 0; order && i < now->num_clients && i < most; i++) {
		const struct usage_client *client = &now->clients[order[i]];
		const char *node = edge_device_list_at(list, client->device)->node;
		const char *slash = strrchr(node, '/');

		printf("%8d  %-15.15s %-9s %5.1f%% %8.1f %9s %9" PRIu64 "\n", client->pid,
		       client->name, slash ? slash + 1 : node,
		       100 * usage_client_busy(before, now, order[i]),
		       usage_client_jobs(before, now, order[i]), cli_bytes(client->memory),
		       client->jobs);
	}
	free(order);
	if (now->num_clients > most)
		printf("          and %zu more\n", now->num_clients - most);
	if (!now->num_clients)
		puts("          nobody has one open");
	if (now->hidden)
		printf("          %zu processes of others are not shown; sudo shows them\n",
		       now->hidden);
}

static void print(const struct usage *before, const struct usage *now,
		  const struct edge_device_list *list)
{
	/* Device lines, a blank one, the header, and two that may follow. */
	int room = terminal_height() - (int)now->num_devices - 5;
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++)
		print_device(before, now, i, info);
	print_clients(before, now, list, terminal_height() && room > 0 ? (size_t)room : SIZE_MAX);
}

static json_t *json_client(const struct usage *before, const struct usage *now, size_t index)
{
	const struct usage_client *client = &now->clients[index];

	return json_pack("{s:i, s:s, s:I, s:I, s:f, s:f, s:I, s:I, s:I}", "pid", client->pid,
			 "program", client->name, "client", (json_int_t)client->id, "device",
			 (json_int_t)client->device, "busy", usage_client_busy(before, now, index),
			 "jobs_per_second", usage_client_jobs(before, now, index), "memory_bytes",
			 (json_int_t)client->memory, "jobs", (json_int_t)client->jobs, "operations",
			 (json_int_t)client->ops);
}

static int report(const struct usage *before, const struct usage *now,
		  const struct edge_device_list *list)
{
	json_t *object = report_create("top");
	json_t *devices = json_array(), *clients = json_array();
	const struct edge_device_info *info;

	for (size_t i = 0; (info = edge_device_list_at(list, i)); i++)
		json_array_append_new(
			devices, json_pack("{s:I, s:s, s:s, s:f, s:I, s:I}", "index", (json_int_t)i,
					   "node", info->node, "address", info->address, "busy",
					   usage_device_busy(before, now, i), "busy_us",
					   (json_int_t)now->devices[i].busy_us, "resets",
					   (json_int_t)now->devices[i].resets));
	for (size_t i = 0; i < now->num_clients; i++)
		json_array_append_new(clients, json_client(before, now, i));
	json_object_update_new(object, json_pack("{s:f, s:o, s:o, s:I}", "interval_ms",
						 cli_ms(now->now - before->now), "devices", devices,
						 "clients", clients, "hidden_processes",
						 (json_int_t)now->hidden));
	return report_print(object);
}

/* Until the interval is over, or somebody wants to end. */
static void wait_for(double seconds, bool keys)
{
	struct pollfd key = { .fd = keys ? STDIN_FILENO : -1, .events = POLLIN };
	uint64_t until = cli_now() + seconds * 1e9;

	while (!ended) {
		int64_t left = until - cli_now();
		char c;

		if (left <= 0)
			return;
		if (poll(&key, 1, left / 1000000 + 1) <= 0)
			continue;
		if (read(STDIN_FILENO, &c, 1) != 1)
			key.fd = -1;
		else if (c == 'q' || c == 'Q')
			ended = 1;
	}
}

struct top {
	double interval;
	bool once;
	bool json;
};

static int watch(const struct top *top, const struct edge_device_list *list)
{
	bool screen = !top->once && isatty(STDOUT_FILENO);
	struct usage before, now;
	int result = CLI_OK;
	bool ok = usage_read("", list, &before);

	if (screen)
		enter_screen();
	while (ok && !ended) {
		wait_for(top->interval, screen && changed);
		if (ended)
			break;
		ok = usage_read("", list, &now);
		if (screen)
			fputs("\033[H\033[J", stdout);
		if (ok && top->json)
			result = report(&before, &now, list);
		else if (ok)
			print(&before, &now, list);
		if (!screen && !top->once)
			putchar('\n');
		fflush(stdout);
		usage_finish(&before);
		before = now;
		if (top->once || ferror(stdout))
			break;
	}
	usage_finish(&before);
	if (screen)
		leave_screen();
	if (ok)
		return result;
	cli_message("out of memory");
	return CLI_FAILED;
}

int verb_top(int argc, char **argv)
{
	static const struct option options[] = {
		{ "interval", required_argument, NULL, 'i' },
		{ "once", no_argument, NULL, OPTION_ONCE },
		{ "json", no_argument, NULL, CLI_OPTION_JSON },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	struct top top = { .interval = 1 };
	struct edge_device_list *list;
	int option, result;

	while ((option = getopt_long(argc, argv, "i:h", options, NULL)) != -1) {
		switch (option) {
		case 'i':
			if (!cli_read_float("interval", optarg, 0.05, 3600, &top.interval))
				return cli_usage("top");
			break;
		case CLI_OPTION_JSON:
			top.json = true;
			top.once = true;
			break;
		case OPTION_ONCE:
			top.once = true;
			break;
		case 'h':
			fputs(usage_text, stdout);
			return CLI_OK;
		default:
			return cli_usage("top");
		}
	}
	if (optind != argc)
		return cli_usage("top");
	list = accel_list();
	if (!list)
		return CLI_FAILED;
	if (edge_device_list_at(list, 0) || top.json) {
		result = watch(&top, list);
	} else {
		cli_message("no accelerator; 'edgectl doctor' tells why");
		result = CLI_FAILED;
	}
	edge_device_list_destroy(list);
	return result;
}
