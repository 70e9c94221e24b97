/* SPDX-License-Identifier: MIT */
/* What a test may do to cards: commands in words. The manual page has them. */
#ifndef EDGE_EMU_FAULT_H
#define EDGE_EMU_FAULT_H

#include <stddef.h>

#include "card.h"

/* Carries out the command in @line, which is taken apart; @answer: "ok", "ok ..." or "error ...". */
void fault_command(struct card *cards, int count, char *line, char *answer, size_t size);

#endif
