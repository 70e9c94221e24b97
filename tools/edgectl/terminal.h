/* SPDX-License-Identifier: MIT */
/* Where text goes: how wide it is, and whether it has colours. */
#ifndef EDGECTL_TERMINAL_H
#define EDGECTL_TERMINAL_H

#include <stdbool.h>

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_WARN, COLOUR_BAD, COLOUR_DIM, COLOUR_BOLD };

/* Columns of stdout; 0 where it is no terminal, and lines may be as long as they like. */
int terminal_width(void);

/* Rows of stdout; 0 where it is no terminal. */
int terminal_height(void);

/* Begins a colour on stdout; COLOUR_NONE ends it. Nothing where stdout is no terminal, or NO_COLOR is set. */
void terminal_colour(enum colour colour);

/* Prints @text from column @indent on, breaking lines between words, with all but the first line indented, and a
 * newline. */
void terminal_wrap(int indent, const char *text);

#endif
