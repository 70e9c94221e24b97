/* SPDX-License-Identifier: MIT */
#ifndef EDGE_EMU_MESSAGE_H
#define EDGE_EMU_MESSAGE_H

/* For messages that are about no card. */
#define NO_CARD (-1)

/* Prints "edge-emu: card N: ..." and a newline to stderr. */
void message(int card, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
