// SPDX-License-Identifier: MIT
#include "backend/cpu/kernels/qpool.h"
#include "backend/cpu/kernels/simd.h"

/* Vectors that go through the taps together. */
#define VECTORS 4

CPU_INLINE void max_vectors(const int vectors, const struct cpu_qpool_line *line, const uint8_t *x,
			    uint8_t *y)
{
	vb all[VECTORS];

	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		all[v] = vb_load(x + v * VB_LANES);
	for (int64_t t = 1; t < line->taps; t++) {
		x += line->tap_step;
		CPU_UNROLL
		for (int v = 0; v < vectors; v++)
			all[v] = vb_max(all[v], vb_load(x + v * VB_LANES));
	}
	CPU_UNROLL
	for (int v = 0; v < vectors; v++)
		vb_store(y + v * VB_LANES, all[v]);
}

/* Half a vector of channels or more, but not a whole one: the halves overlap. */
static void max_halves(const struct cpu_qpool_line *line, const uint8_t *x, uint8_t *y)
{
	const int64_t upper = line->channels - VB_LANES / 2;
	vb all = vb_load_halves(x, x + upper);

	for (int64_t t = 1; t < line->taps; t++) {
		x += line->tap_step;
		all = vb_max(all, vb_load_halves(x, x + upper));
	}
	vb_store_halves(y, y + upper, all);
}

static void max_few(const struct cpu_qpool_line *line, const uint8_t *x, uint8_t *y)
{
	for (int64_t c = 0; c < line->channels; c++) {
		uint8_t all = x[c];

		for (int64_t t = 1; t < line->taps; t++) {
			const uint8_t next = x[t * line->tap_step + c];

			all = all > next ? all : next;
		}
		y[c] = all;
	}
}

/* The last vector overlaps with that before. */
static void max_pixel(const struct cpu_qpool_line *line, const uint8_t *x, uint8_t *y)
{
	int64_t c = 0;

	if (line->channels < VB_LANES / 2) {
		max_few(line, x, y);
		return;
	}
	if (line->channels < VB_LANES) {
		max_halves(line, x, y);
		return;
	}
	for (; c + VECTORS * VB_LANES <= line->channels; c += VECTORS * VB_LANES)
		max_vectors(VECTORS, line, x + c, y + c);
	for (; c + VB_LANES <= line->channels; c += VB_LANES)
		max_vectors(1, line, x + c, y + c);
	c = line->channels - VB_LANES;
	if (line->channels % VB_LANES)
		max_vectors(1, line, x + c, y + c);
}

static void qpool_max(const struct cpu_qpool_line *line)
{
	for (int64_t p = 0; p < line->pixels; p++)
		max_pixel(line, (const uint8_t *)line->x + p * line->x_step,
			  (uint8_t *)line->y + p * line->y_step);
}

#define SUM(name, type, load) \
	static void name(const struct cpu_qpool_line *line) \
	{ \
		for (int64_t p = 0; p < line->pixels; p++) { \
			const type *x = (const type *)line->x + p * line->x_step; \
			int32_t *y = (int32_t *)line->y + p * line->y_step; \
			int64_t c = 0; \
\
			for (; c + VF_LANES <= line->channels; c += VF_LANES) { \
				vi all = load(x + c); \
\
				for (int64_t t = 1; t < line->taps; t++) \
					all = vi_add(all, load(x + t * line->tap_step + c)); \
				vi_store(y + c, all); \
			} \
			for (; c < line->channels; c++) { \
				uint32_t all = (uint32_t)x[c]; \
\
				for (int64_t t = 1; t < line->taps; t++) \
					all += (uint32_t)x[t * line->tap_step + c]; \
				y[c] = (int32_t)all; \
			} \
		} \
	}

SUM(qpool_sum, uint8_t, vi_load_u8)
SUM(qpool_sum_sums, int32_t, vi_load)

const struct cpu_qpool_kernels CPU_NAME(cpu_qpool) = {
	.max = qpool_max,
	.sum = qpool_sum,
	.sum_sums = qpool_sum_sums,
};
