// SPDX-License-Identifier: MIT
#include "message.h"

#include <stdarg.h>
#include <stdio.h>

/* In one write, since QEMU and what runs in it may print to the same place. */
void message(int card, const char *format, ...)
{
	char text[512], name[32] = "";
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (card != NO_CARD)
		snprintf(name, sizeof(name), "card %d: ", card);
	fprintf(stderr, "edge-emu: %s%s\n", name, text);
}
