// SPDX-License-Identifier: MIT
#include "terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool window(struct winsize *size)
{
	return isatty(STDOUT_FILENO) && !ioctl(STDOUT_FILENO, TIOCGWINSZ, size);
}

int terminal_width(void)
{
	struct winsize size;

	if (!window(&size))
		return 0;
	return size.ws_col ? size.ws_col : 80;
}

int terminal_height(void)
{
	struct winsize size;

	if (!window(&size))
		return 0;
	return size.ws_row ? size.ws_row : 24;
}

void terminal_colour(enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "\033[0m",   [COLOUR_GOOD] = "\033[32m", [COLOUR_WARN] = "\033[33m",
		[COLOUR_BAD] = "\033[1;31m", [COLOUR_DIM] = "\033[2m",	 [COLOUR_BOLD] = "\033[1m",
	};
	const char *none = getenv("NO_COLOR"), *kind = getenv("TERM");

	if (!isatty(STDOUT_FILENO) || (none && *none) || (kind && !strcmp(kind, "dumb")))
		return;
	fputs(codes[colour], stdout);
}

void terminal_wrap(int indent, const char *text)
{
	int width = terminal_width() - indent;
	int column = 0;

	while (*text) {
		int word = strcspn(text, " ");

		/* In a very narrow terminal lines break where they will. */
		if (width > 20 && column && column + 1 + word > width) {
			printf("\n%*s", indent, "");
			column = 0;
		}
		column += printf("%s%.*s", column ? " " : "", word, text);
		text += word;
		text += *text == ' ';
	}
	putchar('\n');
}
