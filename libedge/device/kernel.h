/* SPDX-License-Identifier: MIT */
/* The kernel as the device layer sees it, so that tests can be the kernel. */
#ifndef EDGE_DEVICE_KERNEL_H
#define EDGE_DEVICE_KERNEL_H

/**
 * struct edge_kernel - how nodes are opened and asked
 * @open: as open(2) with O_RDWR | O_CLOEXEC; -1 with errno
 * @ioctl: as ioctl(2), restarted when a signal came in between; -1 with errno
 *
 * What @open gives is also mapped and closed, and is a file descriptor in any case.
 */
struct edge_kernel {
	int (*open)(const char *path);
	int (*ioctl)(int fd, unsigned long request, void *argument);
};

extern const struct edge_kernel edge_kernel_linux;

#endif
