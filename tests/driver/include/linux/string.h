/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TEST_LINUX_STRING_H
#define EDGE_TEST_LINUX_STRING_H

#include <string.h>

#endif
