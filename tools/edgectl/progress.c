// SPDX-License-Identifier: MIT
#include "progress.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "cli.h"

#define WIDTH 40
#define INTERVAL 100000000u /* ns: a redraw for every image would flicker */

static uint64_t started, drawn;

void progress_update(const char *what, size_t done, size_t total)
{
	uint64_t now = cli_now();
	size_t filled;
	double left;

	if (!isatty(STDERR_FILENO) || !total)
		return;
	if (!started)
		started = now;
	if (drawn && now - drawn < INTERVAL && done < total)
		return;
	drawn = now;
	filled = done * WIDTH / total;
	left = done ? (now - started) / 1e9 * (total - done) / done : 0;
	fprintf(stderr, "\r%s [%.*s%*s] %zu/%zu, %.0f s left \033[K", what, (int)filled,
		"########################################", (int)(WIDTH - filled), "", done, total,
		left);
	fflush(stderr);
}

void progress_end(void)
{
	if (started)
		fputs("\r\033[K", stderr);
	started = 0;
	drawn = 0;
}
