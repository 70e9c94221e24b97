/* SPDX-License-Identifier: MIT */
/* One case of a suite: a model, and sets of inputs with the outputs that they give. */
#ifndef CONFORMANCE_CASE_H
#define CONFORMANCE_CASE_H

#include "suite.h"

enum case_outcome {
	CASE_PASSED,
	CASE_FAILED,
	CASE_UNSUPPORTED,
	CASE_NUM_OUTCOMES,
};

/* @message: why, when it has not passed */
struct case_report {
	enum case_outcome outcome;
	char message[1024];
};

/* Runs the case in @directory through the library's public interface. */
void case_run(const struct suite *suite, const char *directory, unsigned int threads,
	      struct case_report *report);

/* What the case is about: the operator of its nodes, "(several)" where they differ. */
const char *case_operator(const struct suite_file *model, char *name, size_t size);

#endif
