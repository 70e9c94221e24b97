/* SPDX-License-Identifier: MIT */
/* Takes out of text what tells who and where somebody is. */
#ifndef EDGECTL_REDACT_H
#define EDGECTL_REDACT_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct redact - what is secret here, beside what looks secret anywhere
 * @words: each of which becomes "<@kind>"
 */
struct redact {
	struct redact_word {
		char *word;
		const char *kind;
	} * words;
	size_t count;
};

/* Knows the host's names, and those of its people, in /etc below @root. Release with redact_finish() in any case. False
 * with errno when they cannot all be known: then nothing may be shown. */
bool redact_init(struct redact *redact, const char *root);
void redact_finish(struct redact *redact);

/* One more secret; @kind is static. */
bool redact_add(struct redact *redact, const char *word, const char *kind);

/**
 * redact_text() - @text without secrets, to be freed; NULL when memory has run out
 *
 * Words that are known become "<host>", "<user>"; folders below /home "/home/<user>"; addresses of networks "<mac>" and
 * "<ip>"; UUIDs "<uuid>"; what stands after "serial" "<serial>"; what has an @ "<mail>". PCI addresses and times stay.
 */
char *redact_text(const struct redact *redact, const char *text);

#endif
