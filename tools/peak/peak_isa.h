/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TOOLS_PEAK_ISA_H
#define EDGE_TOOLS_PEAK_ISA_H

#include "peak/peak.h"

/* One for each instruction set, from peak_tmpl.c. */
extern const struct peak peak__c;
extern const struct peak peak__sse4;
extern const struct peak peak__avx2;
extern const struct peak peak__avx512;
extern const struct peak peak__avxvnni;
extern const struct peak peak__avx512vnni;
extern const struct peak peak__avx512bf16;

#endif
