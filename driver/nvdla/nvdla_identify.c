// SPDX-License-Identifier: GPL-2.0-only
/* What the registers say of the hardware, before anything is asked of it. */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include <drm/edge_accel.h>

#include "nvdla_program.h"
#include "nvdla_regs.h"

#define NVDLA_HW_VERSION 0x00303031
#define NVDLA_ROM_VERSION 0x00010001
#define NVDLA_ADDRESS_BITS 32

/* The ROM does not tell; it is that of nv_small. */
#define NVDLA_PDP_LINE 128

static const char nvdla_small_name[] = "nv_small";

static const struct nvdla_geometry nvdla_small = {
	.atomic_c = 8,
	.atomic_k = 8,
	.atom = 8,
	.cbuf_banks = 32,
	.cbuf_width = 8,
	.cbuf_depth = 512,
	.pdp_line = NVDLA_PDP_LINE,
};

bool nvdla_geometry_known(const struct nvdla_geometry *geometry)
{
	return geometry->atomic_c == nvdla_small.atomic_c &&
	       geometry->atomic_k == nvdla_small.atomic_k && geometry->atom == nvdla_small.atom &&
	       geometry->cbuf_banks == nvdla_small.cbuf_banks &&
	       geometry->cbuf_width == nvdla_small.cbuf_width &&
	       geometry->cbuf_depth == nvdla_small.cbuf_depth &&
	       geometry->pdp_line == nvdla_small.pdp_line;
}

int nvdla_identify(const struct nvdla_port *port, struct nvdla_geometry *geometry, char name[32],
		   u32 *hw_version)
{
	static const struct {
		u32 offset;
		u32 feature;
	} features[] = {
		{ NVDLA_CFGROM_SDP_BS, DRM_EDGE_NVDLA_BS },
		{ NVDLA_CFGROM_SDP_BN, DRM_EDGE_NVDLA_BN },
		{ NVDLA_CFGROM_PDP, DRM_EDGE_NVDLA_PDP },
		{ NVDLA_CFGROM_CDP, DRM_EDGE_NVDLA_CDP },
	};
	unsigned int i;

	*hw_version = port->read(port->opaque, NVDLA_GLB_HW_VERSION);
	if (*hw_version != NVDLA_HW_VERSION ||
	    port->read(port->opaque, NVDLA_CFGROM_HW_VERSION) != NVDLA_ROM_VERSION)
		return -ENODEV;
	memset(geometry, 0, sizeof(*geometry));
	geometry->atomic_c = port->read(port->opaque, NVDLA_CFGROM_ATOMIC_C);
	geometry->atomic_k = port->read(port->opaque, NVDLA_CFGROM_ATOMIC_K);
	geometry->atom = port->read(port->opaque, NVDLA_CFGROM_ATOMIC_M);
	geometry->cbuf_banks = port->read(port->opaque, NVDLA_CFGROM_CBUF_BANKS);
	geometry->cbuf_width = port->read(port->opaque, NVDLA_CFGROM_CBUF_WIDTH);
	geometry->cbuf_depth = port->read(port->opaque, NVDLA_CFGROM_CBUF_DEPTH);
	geometry->pdp_line = NVDLA_PDP_LINE;
	for (i = 0; i < ARRAY_SIZE(features); i++) {
		if (port->read(port->opaque, features[i].offset))
			geometry->features |= features[i].feature;
	}
	memset(name, 0, 32);
	if (!nvdla_geometry_known(geometry) ||
	    port->read(port->opaque, NVDLA_CFGROM_CIF_ADDRESS) >> 5 != NVDLA_ADDRESS_BITS)
		return -EOPNOTSUPP;
	memcpy(name, nvdla_small_name, sizeof(nvdla_small_name));
	return 0;
}
