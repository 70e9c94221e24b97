// SPDX-License-Identifier: MIT
/* The single-point processor: bias, scale, activation, element-wise operations, conversion. */
#include "model.h"

enum algorithm { ALU_MAX, ALU_MIN, ALU_SUM };

/* What of an operand's memory a stage reads. */
enum use { USE_MUL, USE_ALU, USE_BOTH };

/**
 * struct operands - the memory of one stage's operands
 * @values: of an element: 1, or 2 with the ALU's first
 * @size: bytes of a value
 */
struct operands {
	bool enabled, per_element;
	enum use use;
	int size, values;
	struct surface surface;
};

struct stage {
	bool bypass, alu, mul, prelu, relu;
	enum algorithm algorithm;
	unsigned int alu_shift, mul_shift;
	bool alu_from_memory, mul_from_memory;
	int16_t alu_value, mul_value;
	struct operands operands;
};

struct sdp {
	int64_t width, height, channels;
	struct stage stages[2];
	int32_t offset;
	int16_t scale;
	unsigned int shift;
	bool counts;
};

static struct operands get_operands(const struct nvdla *nvdla, uint32_t cfg)
{
	const uint32_t flags = reg(nvdla, SDP_RDMA, cfg);
	struct operands operands = {
		.enabled = !field(flags, 0, 0),
		.use = field(flags, 2, 1),
		.size = field(flags, 3, 3) ? 2 : 1,
		.per_element = field(flags, 4, 4),
		.surface = { reg(nvdla, SDP_RDMA, cfg + SDP_RDMA_OPERAND_ADDR),
			     reg(nvdla, SDP_RDMA, cfg + SDP_RDMA_OPERAND_LINE_STRIDE),
			     reg(nvdla, SDP_RDMA, cfg + SDP_RDMA_OPERAND_SURF_STRIDE) },
	};

	operands.values = operands.use == USE_BOTH ? 2 : 1;
	return operands;
}

static struct stage get_stage(const struct nvdla *nvdla, uint32_t cfg, uint32_t rdma_cfg)
{
	const uint32_t flags = reg(nvdla, SDP, cfg);
	const uint32_t alu = reg(nvdla, SDP, cfg + SDP_STAGE_ALU_CFG);
	const uint32_t mul = reg(nvdla, SDP, cfg + SDP_STAGE_MUL_CFG);
	struct stage stage = {
		.bypass = field(flags, 0, 0),
		.alu = !field(flags, 1, 1),
		.algorithm = field(flags, 3, 2),
		.mul = !field(flags, 4, 4),
		.prelu = field(flags, 5, 5),
		.relu = !field(flags, 6, 6),
		.alu_shift = field(alu, 13, 8),
		.mul_shift = field(mul, 13, 8),
		.alu_value = (int16_t)reg(nvdla, SDP, cfg + SDP_STAGE_ALU_VALUE),
		.mul_value = (int16_t)reg(nvdla, SDP, cfg + SDP_STAGE_MUL_VALUE),
		.operands = get_operands(nvdla, rdma_cfg),
	};

	stage.alu_from_memory = !stage.bypass && stage.alu && field(alu, 0, 0);
	stage.mul_from_memory = !stage.bypass && stage.mul && field(mul, 0, 0);
	return stage;
}

static struct sdp get_sdp(const struct nvdla *nvdla)
{
	return (struct sdp) {
		.width = field(reg(nvdla, SDP, SDP_WIDTH), 12, 0) + 1,
		.height = field(reg(nvdla, SDP, SDP_HEIGHT), 12, 0) + 1,
		.channels = field(reg(nvdla, SDP, SDP_CHANNEL), 12, 0) + 1,
		.stages = { get_stage(nvdla, SDP_BS_CFG, SDP_RDMA_BRDMA_CFG),
			    get_stage(nvdla, SDP_BN_CFG, SDP_RDMA_NRDMA_CFG) },
		.offset = (int32_t)reg(nvdla, SDP, SDP_CVT_OFFSET),
		.scale = (int16_t)reg(nvdla, SDP, SDP_CVT_SCALE),
		.shift = field(reg(nvdla, SDP, SDP_CVT_SHIFT), 5, 0),
		.counts = field(reg(nvdla, SDP, SDP_PERF_ENABLE), 2, 2),
	};
}

static bool reads_operands(const struct stage *stage)
{
	return stage->alu_from_memory || stage->mul_from_memory;
}

bool sdp_needs_rdma(const struct nvdla *nvdla)
{
	const struct sdp sdp = get_sdp(nvdla);

	return reads_operands(&sdp.stages[0]) || reads_operands(&sdp.stages[1]);
}

/* Bytes of the operands of an atom. */
static int operand_atom(const struct operands *operands)
{
	return ATOM * operands->size * operands->values;
}

static bool check_operands(const struct nvdla *nvdla, const struct sdp *sdp,
			   const struct stage *stage, const char *name)
{
	const struct operands *operands = &stage->operands;
	const enum use wanted = !stage->alu_from_memory	  ? USE_MUL
				: !stage->mul_from_memory ? USE_ALU
							  : USE_BOTH;
	const int64_t line = sdp->width * operand_atom(operands);

	if (!reads_operands(stage))
		return true;
	if (!operands->enabled || operands->use != wanted)
		return nvdla_misuse(nvdla, "%s: its operands are not what SDP_RDMA reads", name);
	if (operands->surface.address % ATOM)
		return nvdla_misuse(nvdla, "%s: operands at an address that is no multiple of %d",
				    name, ATOM);
	if (operands->per_element &&
	    ((operands->surface.line_stride | operands->surface.surf_stride) % ATOM ||
	     (sdp->height > 1 && operands->surface.line_stride < line)))
		return nvdla_misuse(nvdla, "%s: strides that do not hold its operands", name);
	return true;
}

/* SDP_RDMA, where it takes part. */
static bool check_rdma(const struct nvdla *nvdla, const struct sdp *sdp, bool flies)
{
	const uint32_t mode = reg(nvdla, SDP_RDMA, SDP_RDMA_FEATURE_MODE);
	const struct surface from = { reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_ADDR),
				      reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_LINE_STRIDE),
				      reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_SURF_STRIDE) };

	if (field(reg(nvdla, SDP_RDMA, SDP_RDMA_WIDTH), 12, 0) + 1 != sdp->width ||
	    field(reg(nvdla, SDP_RDMA, SDP_RDMA_HEIGHT), 12, 0) + 1 != sdp->height ||
	    field(reg(nvdla, SDP_RDMA, SDP_RDMA_CHANNEL), 12, 0) + 1 != sdp->channels)
		return nvdla_misuse(nvdla, "SDP and SDP_RDMA have different sizes");
	if (field(mode, 0, 0) != flies || mode >> 1)
		return nvdla_misuse(nvdla, "SDP_RDMA: feature mode 0x%x", mode);
	if (!field(reg(nvdla, SDP_RDMA, SDP_RDMA_ERDMA_CFG), 0, 0))
		return nvdla_misuse(nvdla, "SDP_RDMA: there is no EW stage to read for");
	if (!field(reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_DMA_CFG), 0, 0))
		return nvdla_misuse(nvdla, "SDP_RDMA: there is no second memory");
	return flies ||
	       surface_check(nvdla, "SDP_RDMA", &from, sdp->width, sdp->height, sdp->channels);
}

bool sdp_check(const struct nvdla *nvdla, uint64_t *cycles)
{
	const struct sdp sdp = get_sdp(nvdla);
	const uint32_t mode = reg(nvdla, SDP, SDP_FEATURE_MODE);
	const struct surface to = { reg(nvdla, SDP, SDP_DST_ADDR),
				    reg(nvdla, SDP, SDP_DST_LINE_STRIDE),
				    reg(nvdla, SDP, SDP_DST_SURF_STRIDE) };
	const bool flies = mode & 1, feeds_pdp = mode & 2;
	const uint64_t elements = sdp.width * sdp.height * surfaces(sdp.channels) * ATOM;

	if (mode >> 2)
		return nvdla_misuse(nvdla, "SDP: feature mode 0x%x", mode);
	if (!field(reg(nvdla, SDP, SDP_EW_CFG), 0, 0))
		return nvdla_misuse(nvdla, "SDP: there is no EW stage");
	if (reg(nvdla, SDP, SDP_DATA_FORMAT))
		return nvdla_misuse(nvdla, "SDP: a precision other than INT8");
	for (int i = 0; i < 2; i++) {
		if (sdp.stages[i].algorithm > ALU_SUM && sdp.stages[i].alu && !sdp.stages[i].bypass)
			return nvdla_misuse(nvdla, "SDP: ALU algorithm 3");
		if (!check_operands(nvdla, &sdp, &sdp.stages[i], i ? "SDP BN" : "SDP BS"))
			return false;
	}
	if ((!flies || sdp_needs_rdma(nvdla)) && !check_rdma(nvdla, &sdp, flies))
		return false;
	if (*cycles < elements + elements / 10)
		*cycles = elements + elements / 10;
	if (feeds_pdp)
		return true;
	if (!field(reg(nvdla, SDP, SDP_DST_DMA_CFG), 0, 0))
		return nvdla_misuse(nvdla, "SDP: there is no second memory");
	return surface_check(nvdla, "SDP", &to, sdp.width, sdp.height, sdp.channels);
}

/* Where an atom is. */
struct place {
	int64_t surface, y, x;
};

/* The operands of one atom, [lane][value]; those of registers are left as they are. */
static bool read_operands(const struct nvdla *nvdla, const struct stage *stage,
			  const struct place *place, int16_t alu[ATOM], int16_t mul[ATOM])
{
	const struct operands *operands = &stage->operands;
	const int bytes = operand_atom(operands), step = operands->size * operands->values;
	uint32_t address = operands->surface.address;
	uint8_t atom[4 * ATOM];

	if (!reads_operands(stage))
		return true;
	if (operands->per_element)
		address += (uint32_t)place->surface * operands->surface.surf_stride +
			   (uint32_t)place->y * operands->surface.line_stride +
			   (uint32_t)place->x * bytes;
	else
		address += (uint32_t)place->surface * bytes;
	if (!nvdla->bus.read(nvdla->bus.opaque, address, atom, bytes))
		return nvdla_misuse(nvdla, "no memory to read at 0x%x", address);
	for (int lane = 0; lane < ATOM; lane++) {
		int16_t values[2] = { 0, 0 };

		for (int v = 0; v < operands->values; v++) {
			const uint8_t *at = atom + lane * step + v * operands->size;

			values[v] = operands->size == 1 ? (int8_t)at[0]
							: (int16_t)(at[0] | at[1] << 8);
		}
		if (stage->alu_from_memory)
			alu[lane] = values[0];
		if (stage->mul_from_memory)
			mul[lane] = values[operands->values - 1];
	}
	return true;
}

static int64_t shift_operand(int16_t operand, unsigned int shift)
{
	if (shift >= 32)
		return operand > 0 ? INT32_MAX : operand < 0 ? INT32_MIN : 0;
	return saturate(operand * ((int64_t)1 << shift), 32);
}

static int32_t run_stage(const struct stage *stage, int32_t value, int16_t alu, int16_t mul)
{
	int64_t wide = value;

	if (stage->bypass)
		return value;
	if (stage->alu) {
		const int64_t operand = shift_operand(alu, stage->alu_shift);

		if (stage->algorithm == ALU_SUM)
			wide += operand;
		else if ((operand > wide) == (stage->algorithm == ALU_MAX))
			wide = operand;
	}
	if (stage->mul && stage->prelu && wide >= 0) {
		/* Past the multiplier and the shift, and the saturation after them. */
		wide = (int32_t)(uint32_t)wide;
	} else {
		if (stage->mul)
			wide *= mul;
		wide = saturate(round_shift(wide, stage->mul_shift), 32);
	}
	return stage->relu && wide < 0 ? 0 : (int32_t)wide;
}

static int8_t convert(const struct sdp *sdp, int32_t value, uint32_t *saturations)
{
	const int64_t scaled = round_shift(((int64_t)value - sdp->offset) * sdp->scale, sdp->shift);
	const int64_t result = saturate(saturate(scaled, 17), 8);

	if (result != scaled)
		(*saturations)++;
	return (int8_t)result;
}

static bool run_atom(struct nvdla *nvdla, const struct sdp *sdp, const struct place *place,
		     int32_t values[ATOM], int8_t *to)
{
	for (int i = 0; i < 2; i++) {
		const struct stage *stage = &sdp->stages[i];
		int16_t alu[ATOM], mul[ATOM];

		for (int lane = 0; lane < ATOM; lane++) {
			alu[lane] = stage->alu_value;
			mul[lane] = stage->mul_value;
		}
		if (!read_operands(nvdla, stage, place, alu, mul))
			return false;
		for (int lane = 0; lane < ATOM; lane++)
			values[lane] = run_stage(stage, values[lane], alu[lane], mul[lane]);
	}
	for (int lane = 0; lane < ATOM; lane++)
		to[lane] = convert(sdp, values[lane], &nvdla->sdp_saturations);
	return true;
}

bool sdp_run(struct nvdla *nvdla, const struct sums *sums, struct cube *out)
{
	const struct sdp sdp = get_sdp(nvdla);
	const struct surface from = { reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_ADDR),
				      reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_LINE_STRIDE),
				      reg(nvdla, SDP_RDMA, SDP_RDMA_SRC_SURF_STRIDE) };
	struct place place;

	*out = (struct cube) { .width = sdp.width, .height = sdp.height, .channels = sdp.channels };
	if (!cube_create(nvdla, out) || (!sums && !cube_load(nvdla, &from, out)))
		return false;
	nvdla->sdp_saturations = 0;
	for (place.surface = 0; place.surface < surfaces(sdp.channels); place.surface++)
		for (place.y = 0; place.y < sdp.height; place.y++)
			for (place.x = 0; place.x < sdp.width; place.x++) {
				int8_t *atom = cube_atom(out, place.surface, place.y, place.x);
				int32_t values[ATOM];

				for (int lane = 0; lane < ATOM; lane++)
					values[lane] = sums ? sums->data[atom - out->data + lane]
							    : atom[lane];
				if (!run_atom(nvdla, &sdp, &place, values, atom))
					return false;
			}
	if (!sdp.counts)
		nvdla->sdp_saturations = 0;
	return true;
}
