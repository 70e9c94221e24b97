/* SPDX-License-Identifier: MIT */
/* What the files of the model share. */
#ifndef EDGE_EMU_MODEL_H
#define EDGE_EMU_MODEL_H

#include "arith.h"
#include "nvdla.h"
#include "regs.h"

/* Channels of an atom, which are also the bytes that one takes in memory. */
#define ATOM 8
#define CBUF_BANKS 32
#define CBUF_ENTRIES 512 /* of a bank, of ATOM bytes each */

/* Elements of a cube that the model is ready to hold. */
#define MAX_ELEMENTS (1 << 28)

#define UNIT_REGS 64
#define LUT_ENTRIES 257

/**
 * struct unit - what all units have: two groups of registers that take turns
 * @single: registers that there are once, below OP_ENABLE
 * @group: the others
 * @producer: the group that software reaches
 * @consumer: the group that runs, or will next
 * @armed: OP_ENABLE of each group
 * @busy: @consumer's operation has begun
 */
struct unit {
	uint32_t single[UNIT_REGS];
	uint32_t group[2][UNIT_REGS];
	int producer, consumer;
	bool armed[2];
	bool busy;
};

/* Units that run together: all of a convolution, or an operation from memory to memory. */
enum chain_kind { CHAIN_SDP, CHAIN_PDP, CHAIN_CDP, NUM_CHAINS };

/**
 * struct chain - an operation that has begun
 * @units: its units, a bit each; 0: there is none
 * @end: cycle; UINT64_MAX when it hangs
 */
struct chain {
	uint32_t units;
	uint64_t end;
};

/* Feature data [surface][line][pixel][lane], lanes padded to whole atoms. */
struct cube {
	int64_t width, height, channels;
	int8_t *data;
};

/* What CACC hands on, in the same order. */
struct sums {
	int64_t width, height, channels;
	int32_t *data;
};

struct nvdla {
	struct nvdla_bus bus;
	uint64_t now, reset_at;
	uint32_t intr_mask, intr_status;
	struct unit units[NUM_UNITS];
	struct chain chains[NUM_CHAINS];
	int16_t lut[2][LUT_ENTRIES];
	uint32_t lut_address;
	uint32_t cacc_saturations, sdp_saturations;
	struct cube kept; /* input of a convolution that the next may use again */
	uint64_t operations;
	uint32_t hang, corrupt; /* operations that the faults have still to meet */
};

/* Register @offset of the operation that @unit runs, or will next. */
static inline uint32_t reg(const struct nvdla *nvdla, enum nvdla_unit unit, uint32_t offset)
{
	const struct unit *u = &nvdla->units[unit];

	return u->group[u->consumer][offset / 4];
}

static inline int64_t surfaces(int64_t channels)
{
	return divide_up(channels, ATOM);
}

/* Reports, and gives false. */
__attribute__((format(printf, 2, 3))) bool nvdla_misuse(const struct nvdla *nvdla,
							const char *format, ...);

/* A cube's place in memory. */
struct surface {
	uint32_t address, line_stride, surf_stride;
};

/* Its strides hold its lines and surfaces, in whole atoms, below 4 GiB. */
bool surface_check(const struct nvdla *nvdla, const char *name, const struct surface *surface,
		   int64_t width, int64_t height, int64_t channels);

/* Allocates data for the cube's sizes; false, reported, when there is no memory. */
bool cube_create(const struct nvdla *nvdla, struct cube *cube);
bool cube_load(const struct nvdla *nvdla, const struct surface *surface, struct cube *cube);
bool cube_store(const struct nvdla *nvdla, const struct surface *surface, const struct cube *cube);

/* An atom of a cube. */
static inline int8_t *cube_atom(const struct cube *cube, int64_t surface, int64_t y, int64_t x)
{
	return cube->data + ((surface * cube->height + y) * cube->width + x) * ATOM;
}

/*
 * The units' work. check: whether the hardware would do it, before it begins; @cycles is raised to
 * what it takes. run: at its end; false when memory has failed.
 */
bool conv_check(const struct nvdla *nvdla, uint64_t *cycles);
bool conv_run(struct nvdla *nvdla, struct sums *sums); /* the caller frees the data */
bool sdp_check(const struct nvdla *nvdla, uint64_t *cycles);
bool sdp_needs_rdma(const struct nvdla *nvdla);
bool sdp_run(struct nvdla *nvdla, const struct sums *sums, struct cube *out); /* the caller frees */
bool pdp_check(const struct nvdla *nvdla, uint64_t *cycles);
bool pdp_run(struct nvdla *nvdla, const struct cube *in); /* NULL: from memory */
bool cdp_check(const struct nvdla *nvdla, uint64_t *cycles);
bool cdp_run(struct nvdla *nvdla);

#endif
