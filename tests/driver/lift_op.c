// SPDX-License-Identifier: MIT
#include "lift_unit.h"

#include <linux/types.h>
#include <stddef.h>
#include <string.h>

#include "nvdla/nvdla_regs.h"

enum chain { CHAIN_SDP, CHAIN_PDP, CHAIN_CDP, NUM_CHAINS };

uint32_t lift_field(uint32_t value, int high, int low)
{
	return value >> low & (uint32_t)(((uint64_t)1 << (high - low + 1)) - 1);
}

int32_t lift_signed(uint32_t value, int high)
{
	return (int32_t)(value << (31 - high)) >> (31 - high);
}

static uint32_t op_enable(uint32_t page)
{
	switch (page << 12) {
	case NVDLA_CDMA:
		return NVDLA_CDMA_OP_ENABLE & 0xfff;
	case NVDLA_SDP:
		return NVDLA_SDP_OP_ENABLE & 0xfff;
	case NVDLA_CDP:
		return NVDLA_CDP_OP_ENABLE & 0xfff;
	default:
		return NVDLA_D_OP_ENABLE;
	}
}

static void write_lut(struct lift_registers *registers, uint32_t offset, uint32_t value)
{
	if (offset == NVDLA_CDP_LUT_ACCESS_CFG) {
		registers->lut_access = value;
	} else if (offset == NVDLA_CDP_LUT_ACCESS_DATA) {
		const uint32_t entry = lift_field(registers->lut_access, 9, 0);

		registers->lut[lift_field(registers->lut_access, 16, 16)][entry] = (int16_t)value;
		registers->lut_access = (registers->lut_access & ~0x3ffu) | ((entry + 1) & 0x3ff);
	}
}

bool lift_write(struct lift_registers *registers, uint32_t offset, uint32_t value)
{
	const uint32_t page = offset >> 12, at = offset & 0xffc;
	struct lift_unit *unit;

	if (page < NVDLA_CDMA >> 12 || page >= LIFT_PAGES || at >= 4 * LIFT_PAGE_REGS)
		return true;
	unit = &registers->units[page];
	if (at == NVDLA_S_POINTER) {
		unit->producer = value & 1;
	} else if (at < op_enable(page)) {
		unit->single[at / 4] = value;
		write_lut(registers, offset, value);
	} else if (unit->armed[unit->producer] || unit->live[unit->producer]) {
		return false;
	} else if (at == op_enable(page)) {
		unit->armed[unit->producer] = value & 1;
	} else {
		unit->group[unit->producer][at / 4] = value;
	}
	return true;
}

void lift_wait(struct lift_registers *registers)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		registers->units[i].live[0] = false;
		registers->units[i].live[1] = false;
	}
}

/* A register of the group whose turn it is. */
uint32_t lift_get(const struct lift_registers *registers, uint32_t offset)
{
	const struct lift_unit *unit = &registers->units[offset >> 12];

	return unit->group[unit->consumer][(offset & 0xfff) / 4];
}

uint32_t lift_size(const struct lift_registers *registers, uint32_t offset)
{
	return (lift_get(registers, offset) & 0x1fff) + 1;
}

void lift_add_ref(struct lift_op *op, struct drm_edge_ref *ref, uint32_t address, uint64_t bytes)
{
	struct lift_ref *added = &op->refs[op->num_refs++];

	ref->offset = address;
	added->at = (size_t)((char *)ref - (char *)&op->op);
	added->address = address;
	added->bytes = bytes;
}

/* Strides that do not matter to the hardware are made to look as the interface wants them. */
void lift_add_cube(struct lift_op *op, struct drm_edge_nvdla_cube *cube, uint32_t address,
		   uint32_t line_stride, uint32_t surface_stride)
{
	const uint32_t surfaces = (cube->channels + LIFT_ATOM - 1) / LIFT_ATOM;

	cube->line_stride = cube->height == 1 ? cube->width * LIFT_ATOM : line_stride;
	cube->surface_stride = surfaces == 1 ? cube->line_stride * cube->height : surface_stride;
	lift_add_ref(op, &cube->at, address,
		     (uint64_t)(surfaces - 1) * cube->surface_stride +
			     (uint64_t)(cube->height - 1) * cube->line_stride +
			     cube->width * LIFT_ATOM);
}

/* Input beyond the last window is left out, padding first, until less than a step remains. */
void lift_trim(uint32_t *size, uint32_t before, uint32_t *after, uint32_t need, uint32_t step)
{
	while (before + *size + *after >= need + step && *size > 1) {
		if (*after)
			--*after;
		else
			--*size;
	}
}

size_t lift_place(uint32_t type, unsigned int index)
{
	static const struct {
		uint32_t type;
		size_t places[LIFT_REFS];
	} types[] = {
		{ DRM_EDGE_OP_NVDLA_CONV,
		  { offsetof(struct drm_edge_nvdla_conv, input.at),
		    offsetof(struct drm_edge_nvdla_conv, weights),
		    offsetof(struct drm_edge_nvdla_conv, tail.bs.operands),
		    offsetof(struct drm_edge_nvdla_conv, tail.bn.operands),
		    offsetof(struct drm_edge_nvdla_conv, output.at) } },
		{ DRM_EDGE_OP_NVDLA_SDP,
		  { offsetof(struct drm_edge_nvdla_sdp, input.at),
		    offsetof(struct drm_edge_nvdla_sdp, tail.bs.operands),
		    offsetof(struct drm_edge_nvdla_sdp, tail.bn.operands),
		    offsetof(struct drm_edge_nvdla_sdp, output.at) } },
		{ DRM_EDGE_OP_NVDLA_PDP,
		  { offsetof(struct drm_edge_nvdla_pdp, input.at),
		    offsetof(struct drm_edge_nvdla_pdp, output.at) } },
		{ DRM_EDGE_OP_NVDLA_TABLE,
		  { offsetof(struct drm_edge_nvdla_table, input.at),
		    offsetof(struct drm_edge_nvdla_table, output.at) } },
		{ DRM_EDGE_OP_NVDLA_COPY,
		  { offsetof(struct drm_edge_nvdla_copy, from),
		    offsetof(struct drm_edge_nvdla_copy, to) } },
	};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		if (types[i].type == type && index < LIFT_REFS)
			return types[i].places[index];
	}
	return 0;
}

void lift_set_sizes(struct drm_edge_nvdla_cube *cube, uint32_t width, uint32_t height,
		    uint32_t channels)
{
	cube->width = width;
	cube->height = height;
	cube->channels = channels;
}

static const char *lift_pdp(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_pdp *pdp = &op->pdp;
	struct drm_edge_nvdla_pool *pool = &pdp->pool;
	const char *obstacle = lift_pool(registers, pool);

	pdp->op.type = DRM_EDGE_OP_NVDLA_PDP;
	pdp->op.size = sizeof(*pdp);
	lift_set_sizes(&pdp->input, lift_size(registers, NVDLA_PDP_RDMA_WIDTH),
		       lift_size(registers, NVDLA_PDP_RDMA_HEIGHT),
		       lift_size(registers, NVDLA_PDP_RDMA_CHANNEL));
	lift_trim(&pdp->input.width, pool->left, &pool->right,
		  (lift_size(registers, NVDLA_PDP_OUT_WIDTH) - 1) * pool->stride_x + pool->width,
		  pool->stride_x);
	lift_trim(&pdp->input.height, pool->top, &pool->bottom,
		  (lift_size(registers, NVDLA_PDP_OUT_HEIGHT) - 1) * pool->stride_y + pool->height,
		  pool->stride_y);
	lift_add_cube(op, &pdp->input, lift_get(registers, NVDLA_PDP_RDMA_SRC_ADDR_LOW),
		      lift_get(registers, NVDLA_PDP_RDMA_SRC_LINE_STRIDE),
		      lift_get(registers, NVDLA_PDP_RDMA_SRC_SURFACE_STRIDE));
	lift_pdp_output(registers, op, &pdp->output);
	return obstacle;
}

static const char *lift_table(struct lift_registers *registers, struct lift_op *op)
{
	struct drm_edge_nvdla_table *table = &op->table;
	const uint32_t *single = registers->units[NVDLA_CDP >> 12].single;

	table->op.type = DRM_EDGE_OP_NVDLA_TABLE;
	table->op.size = sizeof(*table);
	if (lift_get(registers, NVDLA_CDP_FUNC_BYPASS) !=
		    (NVDLA_CDP_BYPASS_SQUARES | NVDLA_CDP_BYPASS_MULTIPLIER) ||
	    single[(NVDLA_CDP_LUT_LO_START_LOW & 0xfff) / 4] != (uint32_t)-128 ||
	    single[(NVDLA_CDP_LUT_LO_END_LOW & 0xfff) / 4] != 128 ||
	    lift_get(registers, NVDLA_CDP_DATIN_OFFSET) ||
	    lift_get(registers, NVDLA_CDP_DATIN_SCALE) != 1 ||
	    lift_get(registers, NVDLA_CDP_DATIN_SHIFTER))
		return "the CDP not as a table of a byte's values";
	lift_set_sizes(&table->input, lift_size(registers, NVDLA_CDP_RDMA_WIDTH),
		       lift_size(registers, NVDLA_CDP_RDMA_HEIGHT),
		       lift_size(registers, NVDLA_CDP_RDMA_CHANNEL));
	table->output = table->input;
	lift_add_cube(op, &table->input, lift_get(registers, NVDLA_CDP_RDMA_SRC_ADDR_LOW),
		      lift_get(registers, NVDLA_CDP_RDMA_SRC_LINE_STRIDE),
		      lift_get(registers, NVDLA_CDP_RDMA_SRC_SURFACE_STRIDE));
	lift_add_cube(op, &table->output, lift_get(registers, NVDLA_CDP_DST_ADDR_LOW),
		      lift_get(registers, NVDLA_CDP_DST_LINE_STRIDE),
		      lift_get(registers, NVDLA_CDP_DST_SURFACE_STRIDE));
	table->offset = (int32_t)lift_get(registers, NVDLA_CDP_DATOUT_OFFSET);
	table->scale = (int16_t)lift_get(registers, NVDLA_CDP_DATOUT_SCALE);
	table->shift = lift_field(lift_get(registers, NVDLA_CDP_DATOUT_SHIFTER), 5, 0);
	memcpy(table->values, registers->lut[1], sizeof(table->values));
	return NULL;
}

#define PAGE(base) (1u << ((base) >> 12))
#define CONV_PAGES \
	(PAGE(NVDLA_CDMA) | PAGE(NVDLA_CSC) | PAGE(NVDLA_CMAC_A) | PAGE(NVDLA_CMAC_B) | \
	 PAGE(NVDLA_CACC))

/* Whether the operation whose turn it is in these units has a stage with operands in memory. */
static bool has_operands(const struct lift_registers *registers)
{
	static const uint32_t stages[] = { NVDLA_SDP_BS_CFG, NVDLA_SDP_BN_CFG };

	for (int i = 0; i < 2; i++) {
		const uint32_t cfg = lift_get(registers, stages[i]);

		if (cfg & NVDLA_SDP_STAGE_BYPASS)
			continue;
		if ((!(cfg & NVDLA_SDP_STAGE_ALU_BYPASS) &&
		     lift_get(registers, stages[i] + NVDLA_SDP_STAGE_ALU_CFG) & 1) ||
		    (!(cfg & NVDLA_SDP_STAGE_MUL_BYPASS) &&
		     lift_get(registers, stages[i] + NVDLA_SDP_STAGE_MUL_CFG) & 1))
			return true;
	}
	return false;
}

/* The pages that the next operation of a sort takes. */
static uint32_t pages_of(const struct lift_registers *registers, enum chain chain)
{
	const uint32_t mode = lift_get(registers, NVDLA_SDP_FEATURE_MODE_CFG);
	uint32_t pages = PAGE(NVDLA_SDP);

	if (chain == CHAIN_PDP)
		return PAGE(NVDLA_PDP) | PAGE(NVDLA_PDP_RDMA);
	if (chain == CHAIN_CDP)
		return PAGE(NVDLA_CDP) | PAGE(NVDLA_CDP_RDMA);
	if (mode & NVDLA_SDP_FEATURE_FLYING)
		pages |= CONV_PAGES;
	if (!(mode & NVDLA_SDP_FEATURE_FLYING) || has_operands(registers))
		pages |= PAGE(NVDLA_SDP_RDMA);
	if (mode & NVDLA_SDP_FEATURE_TO_PDP)
		pages |= PAGE(NVDLA_PDP);
	return pages;
}

static bool are_armed(const struct lift_registers *registers, uint32_t pages)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		const struct lift_unit *unit = &registers->units[i];

		if (pages & 1u << i && !unit->armed[unit->consumer])
			return false;
	}
	return true;
}

static void take(struct lift_registers *registers, uint32_t pages)
{
	for (int i = 0; i < LIFT_PAGES; i++) {
		struct lift_unit *unit = &registers->units[i];

		if (!(pages & 1u << i))
			continue;
		unit->armed[unit->consumer] = false;
		unit->live[unit->consumer] = true;
		unit->consumer ^= 1;
	}
}

bool lift_next(struct lift_registers *registers, struct lift_op *op)
{
	for (int chain = 0; chain < NUM_CHAINS; chain++) {
		const uint32_t pages = pages_of(registers, chain);
		const bool from_memory = lift_get(registers, NVDLA_PDP_OPERATION_MODE_CFG) &
					 NVDLA_PDP_MODE_FROM_MEMORY;

		if (!are_armed(registers, pages) ||
		    (pages & PAGE(NVDLA_PDP) && from_memory != (chain == CHAIN_PDP)))
			continue;
		memset(op, 0, sizeof(*op));
		if (pages & PAGE(NVDLA_CDMA))
			op->obstacle = lift_conv(registers, op);
		else if (chain == CHAIN_SDP)
			op->obstacle = lift_sdp(registers, op);
		else if (chain == CHAIN_PDP)
			op->obstacle = lift_pdp(registers, op);
		else
			op->obstacle = lift_table(registers, op);
		op->size = op->op.size;
		take(registers, pages);
		return true;
	}
	return false;
}
