/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TEST_LINUX_MINMAX_H
#define EDGE_TEST_LINUX_MINMAX_H

#define min(a, b) ((a) < (b) ? (a) : (b))
#define min_t(type, a, b) ((type)(a) < (type)(b) ? (type)(a) : (type)(b))

#endif
