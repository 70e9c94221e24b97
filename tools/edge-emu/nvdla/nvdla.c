// SPDX-License-Identifier: MIT
#include "nvdla.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* From reset until the convolution buffer is cleared. */
#define FLUSH_CYCLES 8200

#define UNIT(unit) (1u << (unit))
#define CONV_UNITS (UNIT(CDMA) | UNIT(CSC) | UNIT(CMAC_A) | UNIT(CMAC_B) | UNIT(CACC))

static const struct {
	uint32_t offset, value;
} cfgrom[] = {
	{ 0x00, 0x00010001 }, { 0x04, 1 },  { 0x08, 0x00180002 }, { 0x14, 8 },	{ 0x20, 0x400 },
	{ 0x38, 8 },	      { 0x3c, 8 },  { 0x40, 8 },	  { 0x44, 32 }, { 0x48, 8 },
	{ 0x4c, 512 },	      { 0x140, 1 }, { 0x144, 1 },	  { 0x170, 1 }, { 0x198, 1 },
};

/* The first register that there is one of for each group. */
static uint32_t op_enable(enum nvdla_unit unit)
{
	switch (unit) {
	case CDMA:
		return CDMA_OP_ENABLE;
	case SDP:
		return SDP_OP_ENABLE;
	case CDP:
		return CDP_OP_ENABLE;
	default:
		return 0x8;
	}
}

bool nvdla_misuse(const struct nvdla *nvdla, const char *format, ...)
{
	char what[160];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	if (nvdla->bus.misuse)
		nvdla->bus.misuse(nvdla->bus.opaque, what);
	return false;
}

/* Registers whose reset value would ask for 16-bit integers, which nv_small has not. */
static void reset_registers(struct nvdla *nvdla)
{
	for (int g = 0; g < 2; g++) {
		nvdla->units[CDMA].group[g][CDMA_MISC_CFG / 4] = 0x1100;
		nvdla->units[CSC].group[g][CSC_MISC_CFG / 4] = 0x1100;
		nvdla->units[CMAC_A].group[g][CMAC_MISC_CFG / 4] = 0x1000;
		nvdla->units[CMAC_B].group[g][CMAC_MISC_CFG / 4] = 0x1000;
		nvdla->units[CACC].group[g][CACC_MISC_CFG / 4] = 0x1000;
		nvdla->units[CDMA].group[g][CDMA_DATAIN_FORMAT / 4] = 0xc00;
		nvdla->units[CSC].group[g][CSC_ATOMICS / 4] = 1;
		nvdla->units[CSC].group[g][CSC_RELEASE / 4] = 1;
		nvdla->units[SDP_RDMA].group[g][SDP_RDMA_BRDMA_CFG / 4] = 1;
		nvdla->units[SDP_RDMA].group[g][SDP_RDMA_NRDMA_CFG / 4] = 1;
		nvdla->units[SDP_RDMA].group[g][SDP_RDMA_ERDMA_CFG / 4] = 1;
		nvdla->units[SDP_RDMA].group[g][SDP_RDMA_FEATURE_MODE / 4] = 0x14;
		nvdla->units[SDP].group[g][SDP_BS_CFG / 4] = 0x73;
		nvdla->units[SDP].group[g][SDP_BN_CFG / 4] = 0x53;
		nvdla->units[SDP].group[g][SDP_EW_CFG / 4] = 0x53;
		nvdla->units[CDP].group[g][CDP_DATA_FORMAT / 4] = 1;
		nvdla->units[CDP].group[g][CDP_DATIN_SCALE / 4] = 1;
		nvdla->units[CDP].group[g][CDP_DATOUT_SCALE / 4] = 1;
	}
}

void nvdla_reset(struct nvdla *nvdla)
{
	memset(nvdla->units, 0, sizeof(nvdla->units));
	memset(nvdla->chains, 0, sizeof(nvdla->chains));
	nvdla->intr_mask = 0;
	nvdla->intr_status = 0;
	nvdla->lut_address = 0;
	nvdla->cacc_saturations = 0;
	nvdla->sdp_saturations = 0;
	nvdla->reset_at = nvdla->now;
	free(nvdla->kept.data);
	nvdla->kept.data = NULL;
	reset_registers(nvdla);
}

struct nvdla *nvdla_create(const struct nvdla_bus *bus)
{
	struct nvdla *nvdla = calloc(1, sizeof(*nvdla));

	if (!nvdla)
		return NULL;
	nvdla->bus = *bus;
	nvdla_reset(nvdla);
	return nvdla;
}

void nvdla_destroy(struct nvdla *nvdla)
{
	if (!nvdla)
		return;
	free(nvdla->kept.data);
	free(nvdla);
}

static bool is_ready(const struct nvdla *nvdla, uint32_t units)
{
	for (int i = 0; i < NUM_UNITS; i++) {
		const struct unit *unit = &nvdla->units[i];

		if ((units & UNIT(i)) && (!unit->armed[unit->consumer] || unit->busy))
			return false;
	}
	return true;
}

static bool sdp_flies(const struct nvdla *nvdla)
{
	return reg(nvdla, SDP, SDP_FEATURE_MODE) & 1;
}

static bool sdp_feeds_pdp(const struct nvdla *nvdla)
{
	return reg(nvdla, SDP, SDP_FEATURE_MODE) & 2;
}

static bool pdp_reads_memory(const struct nvdla *nvdla)
{
	return reg(nvdla, PDP, PDP_OPERATION_MODE) & 0x10;
}

/* The units of the operation that would come next; 0 while one of them waits for software. */
static uint32_t next_units(const struct nvdla *nvdla, enum chain_kind kind)
{
	uint32_t units = UNIT(CDP) | UNIT(CDP_RDMA);

	if (kind == CHAIN_PDP)
		units = UNIT(PDP) | UNIT(PDP_RDMA);
	if (kind == CHAIN_SDP) {
		units = UNIT(SDP);
		if (sdp_flies(nvdla))
			units |= CONV_UNITS;
		if (!sdp_flies(nvdla) || sdp_needs_rdma(nvdla))
			units |= UNIT(SDP_RDMA);
		if (sdp_feeds_pdp(nvdla))
			units |= UNIT(PDP);
	}
	if (!is_ready(nvdla, units))
		return 0;
	if ((units & UNIT(PDP)) && pdp_reads_memory(nvdla) != (kind == CHAIN_PDP))
		return 0;
	return units;
}

/* Ends the operation in @cycles at the earliest, unless it hangs. */
static void start(struct nvdla *nvdla, enum chain_kind kind, uint32_t units)
{
	struct chain *chain = &nvdla->chains[kind];
	uint64_t cycles = 1;
	bool sound = true;

	chain->units = units;
	for (int i = 0; i < NUM_UNITS; i++) {
		if (units & UNIT(i))
			nvdla->units[i].busy = true;
	}
	if (units & UNIT(CDMA))
		sound = conv_check(nvdla, &cycles);
	if (sound && (units & UNIT(SDP)))
		sound = sdp_check(nvdla, &cycles);
	if (sound && (units & UNIT(PDP)))
		sound = pdp_check(nvdla, &cycles);
	if (sound && (units & UNIT(CDP)))
		sound = cdp_check(nvdla, &cycles);
	if (sound && nvdla->hang) {
		nvdla->hang--;
		sound = false;
	}
	chain->end = sound ? nvdla->now + cycles : UINT64_MAX;
}

static void start_ready(struct nvdla *nvdla)
{
	for (int kind = 0; kind < NUM_CHAINS; kind++) {
		uint32_t units = nvdla->chains[kind].units ? 0 : next_units(nvdla, kind);

		if (units)
			start(nvdla, kind, units);
	}
}

static bool run_sdp(struct nvdla *nvdla)
{
	struct sums sums = { .data = NULL };
	struct cube cube = { .data = NULL };
	const struct surface to = { reg(nvdla, SDP, SDP_DST_ADDR),
				    reg(nvdla, SDP, SDP_DST_LINE_STRIDE),
				    reg(nvdla, SDP, SDP_DST_SURF_STRIDE) };
	bool done = true;

	if (sdp_flies(nvdla))
		done = conv_run(nvdla, &sums);
	if (done)
		done = sdp_run(nvdla, sdp_flies(nvdla) ? &sums : NULL, &cube);
	if (done && sdp_feeds_pdp(nvdla))
		done = pdp_run(nvdla, &cube);
	else if (done)
		done = cube_store(nvdla, &to, &cube);
	free(sums.data);
	free(cube.data);
	return done;
}

static void interrupt(struct nvdla *nvdla, enum nvdla_unit unit, int bit)
{
	nvdla->intr_status |= 1u << (bit + nvdla->units[unit].consumer);
}

static void raise_interrupts(struct nvdla *nvdla, uint32_t units)
{
	if (units & UNIT(CDMA)) {
		interrupt(nvdla, CDMA, INTR_CDMA_WEIGHT);
		interrupt(nvdla, CDMA, INTR_CDMA_DATA);
		interrupt(nvdla, CACC, INTR_CACC);
	}
	if (units & UNIT(SDP))
		interrupt(nvdla, SDP, INTR_SDP);
	if (units & UNIT(PDP))
		interrupt(nvdla, PDP, INTR_PDP);
	if (units & UNIT(CDP))
		interrupt(nvdla, CDP, INTR_CDP);
}

static void finish(struct nvdla *nvdla, enum chain_kind kind)
{
	struct chain *chain = &nvdla->chains[kind];
	const bool done = kind == CHAIN_SDP   ? run_sdp(nvdla)
			  : kind == CHAIN_PDP ? pdp_run(nvdla, NULL)
					      : cdp_run(nvdla);

	if (!done) {
		chain->end = UINT64_MAX;
		return;
	}
	nvdla->operations++;
	if (nvdla->corrupt)
		nvdla->corrupt--;
	raise_interrupts(nvdla, chain->units);
	for (int i = 0; i < NUM_UNITS; i++) {
		struct unit *unit = &nvdla->units[i];

		if (!(chain->units & UNIT(i)))
			continue;
		unit->armed[unit->consumer] = false;
		unit->busy = false;
		unit->consumer ^= 1;
	}
	chain->units = 0;
}

static int first_to_end(const struct nvdla *nvdla)
{
	int first = -1;

	for (int kind = 0; kind < NUM_CHAINS; kind++) {
		const struct chain *chain = &nvdla->chains[kind];

		if (chain->units && chain->end != UINT64_MAX &&
		    (first < 0 || chain->end < nvdla->chains[first].end))
			first = kind;
	}
	return first;
}

void nvdla_advance(struct nvdla *nvdla, uint64_t cycles)
{
	const uint64_t end = nvdla->now + cycles;

	for (;;) {
		int kind;

		start_ready(nvdla);
		kind = first_to_end(nvdla);
		if (kind < 0 || nvdla->chains[kind].end > end)
			break;
		nvdla->now = nvdla->chains[kind].end;
		finish(nvdla, kind);
	}
	nvdla->now = end;
}

uint64_t nvdla_next_event(const struct nvdla *nvdla)
{
	const int kind = first_to_end(nvdla);

	return kind < 0 ? UINT64_MAX : nvdla->chains[kind].end - nvdla->now;
}

bool nvdla_interrupt(const struct nvdla *nvdla)
{
	return nvdla->intr_status & ~nvdla->intr_mask;
}

uint64_t nvdla_cycles(const struct nvdla *nvdla)
{
	return nvdla->now;
}

bool nvdla_hangs(const struct nvdla *nvdla)
{
	for (int kind = 0; kind < NUM_CHAINS; kind++) {
		if (nvdla->chains[kind].units && nvdla->chains[kind].end == UINT64_MAX)
			return true;
	}
	return false;
}

uint64_t nvdla_operations(const struct nvdla *nvdla)
{
	return nvdla->operations;
}

void nvdla_fault_hang(struct nvdla *nvdla, uint32_t count)
{
	nvdla->hang = count;
}

void nvdla_fault_corrupt(struct nvdla *nvdla, uint32_t count)
{
	nvdla->corrupt = count;
}

static uint32_t read_glb(const struct nvdla *nvdla, uint32_t offset)
{
	switch (offset) {
	case GLB_HW_VERSION:
		return 0x00303031;
	case GLB_INTR_MASK:
		return nvdla->intr_mask;
	case GLB_INTR_STATUS:
		return nvdla->intr_status;
	default:
		return 0;
	}
}

static void write_glb(struct nvdla *nvdla, uint32_t offset, uint32_t value)
{
	value &= GLB_INTR_ALL;
	if (offset == GLB_INTR_MASK)
		nvdla->intr_mask = value;
	else if (offset == GLB_INTR_SET)
		nvdla->intr_status |= value;
	else if (offset == GLB_INTR_STATUS)
		nvdla->intr_status &= ~value;
}

static uint32_t read_cfgrom(uint32_t offset)
{
	for (size_t i = 0; i < sizeof(cfgrom) / sizeof(*cfgrom); i++) {
		if (cfgrom[i].offset == offset)
			return cfgrom[i].value;
	}
	return 0;
}

/* 0 idle, 1 running, 2 waiting for the other group. */
static uint32_t group_status(const struct unit *unit, int group)
{
	if (!unit->armed[group])
		return 0;
	return unit->consumer == group ? 1 : 2;
}

static uint32_t read_unit(const struct nvdla *nvdla, enum nvdla_unit number, uint32_t offset)
{
	const struct unit *unit = &nvdla->units[number];

	if (offset == S_STATUS)
		return group_status(unit, 0) | group_status(unit, 1) << 16;
	if (offset == S_POINTER)
		return unit->producer | (uint32_t)unit->consumer << 16;
	if (number == CDMA && offset == CDMA_CBUF_FLUSH_STATUS)
		return nvdla->now - nvdla->reset_at >= FLUSH_CYCLES;
	if (number == CACC && offset == CACC_OUT_SATURATION)
		return nvdla->cacc_saturations;
	if (number == SDP && offset == SDP_OUT_SATURATION)
		return nvdla->sdp_saturations;
	if (offset == op_enable(number))
		return unit->armed[unit->producer];
	return offset < op_enable(number) ? unit->single[offset / 4]
					  : unit->group[unit->producer][offset / 4];
}

/* Tables are written an entry at a time, at an address that counts on by itself. */
static void write_lut(struct nvdla *nvdla, uint32_t offset, uint32_t value)
{
	if (offset == CDP_LUT_ACCESS_CFG) {
		nvdla->lut_address = value;
	} else if (offset == CDP_LUT_ACCESS_DATA && field(nvdla->lut_address, 17, 17)) {
		const uint32_t entry = field(nvdla->lut_address, 9, 0);

		if (entry < LUT_ENTRIES)
			nvdla->lut[field(nvdla->lut_address, 16, 16)][entry] = (int16_t)value;
		nvdla->lut_address = (nvdla->lut_address & ~0x3ffu) | ((entry + 1) & 0x3ff);
	}
}

static void write_unit(struct nvdla *nvdla, enum nvdla_unit number, uint32_t offset, uint32_t value)
{
	struct unit *unit = &nvdla->units[number];

	if (offset == S_POINTER) {
		unit->producer = value & 1;
	} else if (offset < op_enable(number)) {
		unit->single[offset / 4] = value;
		if (number == CDP)
			write_lut(nvdla, offset, value);
	} else if (unit->armed[unit->producer]) {
		return;
	} else if (offset == op_enable(number)) {
		unit->armed[unit->producer] = value & 1;
	} else {
		unit->group[unit->producer][offset / 4] = value;
	}
}

uint32_t nvdla_read(struct nvdla *nvdla, uint32_t offset)
{
	const uint32_t page = offset >> 12, at = offset & 0xffc;

	start_ready(nvdla);
	if (page == PAGE_CFGROM)
		return read_cfgrom(at);
	if (page == PAGE_GLB)
		return read_glb(nvdla, at);
	if (page == PAGE_MCIF)
		return at == MCIF_STATUS ? 0x100 : 0;
	if (page >= PAGE_FIRST_UNIT + NUM_UNITS || at >= UNIT_REGS * 4)
		return 0;
	return read_unit(nvdla, page - PAGE_FIRST_UNIT, at);
}

void nvdla_write(struct nvdla *nvdla, uint32_t offset, uint32_t value)
{
	const uint32_t page = offset >> 12, at = offset & 0xffc;

	if (page == PAGE_GLB)
		write_glb(nvdla, at, value);
	else if (page >= PAGE_FIRST_UNIT && page < PAGE_FIRST_UNIT + NUM_UNITS &&
		 at < UNIT_REGS * 4)
		write_unit(nvdla, page - PAGE_FIRST_UNIT, at, value);
	start_ready(nvdla);
}
