/* SPDX-License-Identifier: MIT */
/* What the programs that run inside of the machines share. */
#ifndef GUEST_H
#define GUEST_H

#include <stddef.h>

/* What cmocka wants before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define CARD_VENDOR 0x1234
#define CARD_DEVICE 0xed6e

/* Name of a file of the card in sysfs, such as "resource2", for open(); false if there is no card. */
int card_file(char *path, size_t size, const char *name);

/*
 * Opens the accelerator: /dev/accel/accelN, or /dev/dri/renderDN where the kernel has no accelerators.
 * -1 if the driver has no device. @path, of @size bytes, says which it was; NULL if that is no matter.
 */
int edge_open(char *path, size_t size);

#endif
