// SPDX-License-Identifier: MIT
#include "device/kernel.h"

#include <fcntl.h>
#include <xf86drm.h>

static int open_node(const char *path)
{
	return open(path, O_RDWR | O_CLOEXEC);
}

const struct edge_kernel edge_kernel_linux = {
	.open = open_node,
	.ioctl = drmIoctl,
};
