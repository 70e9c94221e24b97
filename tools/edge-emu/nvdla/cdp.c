// SPDX-License-Identifier: MIT
/*
 * The cross-channel processor as a table of a function: square sum and multiplier bypassed, the LO
 * table with an entry for each value of a byte. Its use for local response normalisation is not
 * modelled.
 */
#include <stdlib.h>

#include "model.h"

#define TABLE_LO 1

static uint32_t single(const struct nvdla *nvdla, uint32_t offset)
{
	return nvdla->units[CDP].single[offset / 4];
}

static struct surface source(const struct nvdla *nvdla)
{
	return (struct surface) { reg(nvdla, CDP_RDMA, CDP_RDMA_SRC_ADDR),
				  reg(nvdla, CDP_RDMA, CDP_RDMA_SRC_LINE_STRIDE),
				  reg(nvdla, CDP_RDMA, CDP_RDMA_SRC_SURF_STRIDE) };
}

static struct surface destination(const struct nvdla *nvdla)
{
	return (struct surface) { reg(nvdla, CDP, CDP_DST_ADDR),
				  reg(nvdla, CDP, CDP_DST_LINE_STRIDE),
				  reg(nvdla, CDP, CDP_DST_SURF_STRIDE) };
}

static struct cube sizes(const struct nvdla *nvdla)
{
	return (struct cube) {
		.width = field(reg(nvdla, CDP_RDMA, CDP_RDMA_WIDTH), 12, 0) + 1,
		.height = field(reg(nvdla, CDP_RDMA, CDP_RDMA_HEIGHT), 12, 0) + 1,
		.channels = field(reg(nvdla, CDP_RDMA, CDP_RDMA_CHANNEL), 12, 0) + 1,
	};
}

/* The LO table has one entry for each byte, and comes before the LE table everywhere. */
static bool is_table(const struct nvdla *nvdla)
{
	return single(nvdla, CDP_LUT_CFG) == 0x71 && !field(single(nvdla, CDP_LUT_INFO), 23, 16) &&
	       single(nvdla, CDP_LUT_LO_START_LOW) == (uint32_t)INT8_MIN &&
	       single(nvdla, CDP_LUT_LO_START_HIGH) == 0x3f &&
	       single(nvdla, CDP_LUT_LO_END_LOW) == INT8_MAX + 1 &&
	       !single(nvdla, CDP_LUT_LO_END_HIGH) && reg(nvdla, CDP, CDP_FUNC_BYPASS) == 3 &&
	       !reg(nvdla, CDP, CDP_LRN_CFG) && !reg(nvdla, CDP, CDP_DATIN_OFFSET) &&
	       reg(nvdla, CDP, CDP_DATIN_SCALE) == 1 && !reg(nvdla, CDP, CDP_DATIN_SHIFTER);
}

bool cdp_check(const struct nvdla *nvdla, uint64_t *cycles)
{
	const struct surface from = source(nvdla), to = destination(nvdla);
	const struct cube cube = sizes(nvdla);
	const uint64_t elements = cube.width * cube.height * surfaces(cube.channels) * ATOM;

	if (!is_table(nvdla))
		return nvdla_misuse(nvdla, "CDP: only a table of 256 entries is modelled");
	if (reg(nvdla, CDP, CDP_DATA_FORMAT) || reg(nvdla, CDP_RDMA, CDP_RDMA_DATA_FORMAT))
		return nvdla_misuse(nvdla, "CDP: a precision other than INT8");
	if (!(reg(nvdla, CDP, CDP_DST_DMA_CFG) & reg(nvdla, CDP_RDMA, CDP_RDMA_SRC_DMA_CFG) & 1))
		return nvdla_misuse(nvdla, "CDP: there is no second memory");
	if (*cycles < elements)
		*cycles = elements;
	return surface_check(nvdla, "CDP_RDMA", &from, cube.width, cube.height, cube.channels) &&
	       surface_check(nvdla, "CDP", &to, cube.width, cube.height, cube.channels);
}

static int8_t look_up(const struct nvdla *nvdla, int8_t value)
{
	const int64_t entry = nvdla->lut[TABLE_LO][value - INT8_MIN];
	const int64_t scaled = (entry - (int32_t)reg(nvdla, CDP, CDP_DATOUT_OFFSET)) *
			       (int16_t)reg(nvdla, CDP, CDP_DATOUT_SCALE);

	return (int8_t)saturate(
		round_shift(scaled, field(reg(nvdla, CDP, CDP_DATOUT_SHIFTER), 5, 0)), 8);
}

bool cdp_run(struct nvdla *nvdla)
{
	const struct surface from = source(nvdla), to = destination(nvdla);
	struct cube cube = sizes(nvdla);
	bool done = cube_create(nvdla, &cube) && cube_load(nvdla, &from, &cube);

	if (done) {
		const int64_t elements = cube.width * cube.height * surfaces(cube.channels) * ATOM;

		for (int64_t i = 0; i < elements; i++)
			cube.data[i] = look_up(nvdla, cube.data[i]);
		done = cube_store(nvdla, &to, &cube);
	}
	free(cube.data);
	return done;
}
