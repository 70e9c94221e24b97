// SPDX-License-Identifier: MIT
/*
 * edge-emu: the emulated accelerator card, as a process that is a PCI device of QEMU's.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control.h"
#include "launch.h"
#include "message.h"
#include "server.h"

#define EXIT_USAGE 2
#define DEFAULT_CLOCK 100000000
#define DEFAULT_SLOT 16
#define LAST_SLOT 24 /* those behind have other interrupts on q35 */

static const char usage[] =
	"Usage: edge-emu [OPTION]... -- qemu-system-x86_64 [ARGUMENT]...\n"
	"       edge-emu --send PATH COMMAND\n"
	"Runs QEMU with an accelerator card on its PCI bus, and is that card.\n"
	"\n"
	"  -n, --cards N       so many cards, 1 to 4 (1)\n"
	"  -c, --clock HZ      the cards' clock; 0: as fast as possible (100000000)\n"
	"  -a, --slot N        the first card's place on the PCI bus (16)\n"
	"  -C, --control PATH  a socket that takes commands, which inject faults\n"
	"  -s, --send PATH     sends a command to such a socket and prints the answer\n"
	"  -h, --help          this\n"
	"  -V, --version       the version\n"
	"\n"
	"QEMU's memory must be shared: -machine q35,memory-backend=mem\n"
	"-object memory-backend-memfd,id=mem,size=SIZE,share=on. The exit status is QEMU's.\n";

static bool read_number(const char *name, const char *text, long long min, long long max,
			long long *value)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 10);
	if (!errno && end != text && !*end && *value >= min && *value <= max)
		return true;
	message(NO_CARD, "%s: '%s' is no number from %lld to %lld", name, text, min, max);
	return false;
}

static int advise(void)
{
	fputs("Try 'edge-emu --help'.\n", stderr);
	return EXIT_USAGE;
}

static int send_words(const char *path, char *const *words)
{
	char command[CONTROL_LINE];
	size_t used = 0;

	if (!*words) {
		message(NO_CARD, "--send needs a command");
		return advise();
	}
	for (; *words; words++) {
		const int size = snprintf(command + used, sizeof(command) - used, "%s%s",
					  used ? " " : "", *words);

		if (size < 0 || (size_t)size >= sizeof(command) - used) {
			message(NO_CARD, "the command is too long");
			return EXIT_USAGE;
		}
		used += size;
	}
	return control_send(path, command);
}

/* -1 to go on, otherwise the exit status. */
static int parse(int argc, char **argv, struct server_settings *settings)
{
	static const struct option longs[] = {
		{ "cards", required_argument, NULL, 'n' },
		{ "clock", required_argument, NULL, 'c' },
		{ "slot", required_argument, NULL, 'a' },
		{ "control", required_argument, NULL, 'C' },
		{ "send", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ NULL, 0, NULL, 0 },
	};
	const char *send = NULL;
	long long value = 0;
	int c;

	while ((c = getopt_long(argc, argv, "+n:c:a:C:s:hV", longs, NULL)) != -1) {
		bool good = true;

		if (c == 'n') {
			good = read_number("--cards", optarg, 1, MAX_CARDS, &value);
			settings->cards = (int)value;
		} else if (c == 'c') {
			good = read_number("--clock", optarg, 0, UINT32_MAX, &value);
			settings->clock = (uint64_t)value;
		} else if (c == 'a') {
			good = read_number("--slot", optarg, 1, LAST_SLOT, &value);
			settings->slot = (int)value;
		} else if (c == 'C') {
			settings->control = optarg;
		} else if (c == 's') {
			send = optarg;
		} else if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		} else if (c == 'V') {
			puts("edge-emu " EDGE_VERSION);
			return EXIT_SUCCESS;
		} else {
			return advise();
		}
		if (!good)
			return EXIT_USAGE;
	}
	if (send)
		return send_words(send, argv + optind);
	if (settings->slot + settings->cards - 1 > LAST_SLOT) {
		message(NO_CARD, "no place on the PCI bus after slot %d", LAST_SLOT);
		return EXIT_USAGE;
	}
	return -1;
}

static int serve(const struct server_settings *settings, char *const *command)
{
	static struct server server;
	int proxies[MAX_CARDS], qtest, status = EXIT_FAILURE;
	struct launch launch;

	if (!launch_prepare(&launch, settings->cards, proxies, &qtest))
		return EXIT_FAILURE;
	/* The server first: QEMU may connect to the control socket as soon as it runs. */
	if (server_init(&server, settings, proxies, qtest) &&
	    launch_start(&launch, command, settings->slot)) {
		while (!launch.ended) {
			if (server_step(&server, launch.signals))
				launch_serve(&launch);
		}
		status = launch.status;
	}
	launch_finish(&launch);
	server_finish(&server);
	return status;
}

int main(int argc, char **argv)
{
	struct server_settings settings = { .cards = 1,
					    .clock = DEFAULT_CLOCK,
					    .slot = DEFAULT_SLOT };
	const int done = parse(argc, argv, &settings);

	if (done >= 0)
		return done;
	if (optind == argc) {
		message(NO_CARD, "there is no command");
		return advise();
	}
	settings.machine = launch_machine(argv + optind);
	return serve(&settings, argv + optind);
}
