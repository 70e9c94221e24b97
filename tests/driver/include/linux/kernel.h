/* SPDX-License-Identifier: MIT */
#ifndef EDGE_TEST_LINUX_KERNEL_H
#define EDGE_TEST_LINUX_KERNEL_H

#include_next <linux/kernel.h>
#include <linux/types.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(value, divisor) (((value) + (divisor)-1) / (divisor))
#define round_up(value, to) ((((value)-1) | ((__typeof__(value))(to)-1)) + 1)

#define S8_MAX 127
#define S8_MIN (-128)
#define S16_MAX 32767
#define S16_MIN (-32768)

#endif
