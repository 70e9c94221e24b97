/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TEST_LINUX_SLAB_H
#define EDGE_TEST_LINUX_SLAB_H

#include <stdlib.h>

#define GFP_KERNEL 0
#define kzalloc(size, flags) calloc(1, size)
#define kfree(pointer) free(pointer)

#endif
