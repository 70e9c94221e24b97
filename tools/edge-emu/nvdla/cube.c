// SPDX-License-Identifier: MIT
#include <stdlib.h>

#include "model.h"

bool surface_check(const struct nvdla *nvdla, const char *name, const struct surface *surface,
		   int64_t width, int64_t height, int64_t channels)
{
	const int64_t line = width * ATOM;
	const uint64_t end = surface->address + (surfaces(channels) - 1) * surface->surf_stride +
			     (height - 1) * (uint64_t)surface->line_stride + line;

	if ((surface->address | surface->line_stride | surface->surf_stride) % ATOM)
		return nvdla_misuse(nvdla, "%s: address or strides are no multiples of %d", name,
				    ATOM);
	if (height > 1 && surface->line_stride < line)
		return nvdla_misuse(nvdla, "%s: lines of %lld bytes at a stride of %u", name,
				    (long long)line, surface->line_stride);
	if (channels > ATOM &&
	    surface->surf_stride < (height - 1) * (int64_t)surface->line_stride + line)
		return nvdla_misuse(nvdla, "%s: surfaces overlap at a stride of %u", name,
				    surface->surf_stride);
	if (width == 1 && height == 1 &&
	    (surface->line_stride != ATOM || surface->surf_stride != ATOM))
		return nvdla_misuse(nvdla, "%s: a cube of 1x1 that is not packed", name);
	if (end > UINT64_C(1) << 32)
		return nvdla_misuse(nvdla, "%s: beyond the end of the address space", name);
	return true;
}

bool cube_create(const struct nvdla *nvdla, struct cube *cube)
{
	const int64_t elements = cube->width * cube->height * surfaces(cube->channels) * ATOM;

	cube->data = elements <= MAX_ELEMENTS ? calloc(elements, 1) : NULL;
	if (!cube->data)
		return nvdla_misuse(nvdla, "a cube of %lld bytes, more than the model holds",
				    (long long)elements);
	return true;
}

static uint32_t line_address(const struct surface *surface, int64_t s, int64_t y)
{
	return surface->address + (uint32_t)s * surface->surf_stride +
	       (uint32_t)y * surface->line_stride;
}

bool cube_load(const struct nvdla *nvdla, const struct surface *surface, struct cube *cube)
{
	for (int64_t s = 0; s < surfaces(cube->channels); s++) {
		for (int64_t y = 0; y < cube->height; y++) {
			const uint32_t address = line_address(surface, s, y);

			if (!nvdla->bus.read(nvdla->bus.opaque, address, cube_atom(cube, s, y, 0),
					     cube->width * ATOM))
				return nvdla_misuse(nvdla, "no memory to read at 0x%x", address);
		}
	}
	return true;
}

bool cube_store(const struct nvdla *nvdla, const struct surface *surface, const struct cube *cube)
{
	if (nvdla->corrupt)
		cube->data[0] ^= 0x40;
	for (int64_t s = 0; s < surfaces(cube->channels); s++) {
		for (int64_t y = 0; y < cube->height; y++) {
			const uint32_t address = line_address(surface, s, y);

			if (!nvdla->bus.write(nvdla->bus.opaque, address, cube_atom(cube, s, y, 0),
					      cube->width * ATOM))
				return nvdla_misuse(nvdla, "no memory to write at 0x%x", address);
		}
	}
	return true;
}
