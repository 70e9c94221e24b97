/* SPDX-License-Identifier: MIT */
/*
 * The transforms of winograd.h for bytes, in integers without any error.
 *
 * The matrix of the kernel's transform has fractions. Its rows, taken 4, 6, 6, 24, 24 and 1 times,
 * are whole (CPU_QWINOGRAD_KERNEL); the transform of the sums makes up for it and gives 24 * 24 = 576
 * times the result, modulo 2^32. 576 is 9 * 2^6, and 9 has an inverse modulo 2^32; what then remains
 * to divide by 2^6 is right if the result, the bias apart, lies between -2^25 and 2^25.
 *
 * The coefficients of the input are at most 100 times a byte, those of the kernel 49 times: both fit
 * 16 bits, and are multiplied as qgemm.h does words.
 */
#ifndef EDGE_BACKEND_CPU_KERNELS_QWINOGRAD_H
#define EDGE_BACKEND_CPU_KERNELS_QWINOGRAD_H

#include <stdint.h>

#include "backend/cpu/kernels/kernels.h"
#include "backend/cpu/kernels/qgemm.h"
#include "backend/cpu/kernels/winograd.h"

#define CPU_QWINOGRAD_KERNEL \
	{ \
		{ 1, 0, 0 }, { -1, -1, -1 }, { -1, 1, -1 }, { 1, 2, 4 }, { 1, -2, 4 }, \
		{ \
			0, 0, 1 \
		} \
	}

/* Results beyond which, either way, the last division is wrong. */
#define CPU_QWINOGRAD_LIMIT (1 << 25)

/* Channels that the input's transform rounds up to, for all instruction sets. */
#define CPU_QWINOGRAD_CHANNELS 32

/**
 * struct cpu_qwinograd_input - one tile on its way in
 * @channels: at least 1
 * @x: its input pixels
 * @zero: their zero point
 * @v: coefficient i of channel c goes to v[i * plane + c]; of channels up to the next multiple of
 *	CPU_QWINOGRAD_CHANNELS some may be written too
 */
struct cpu_qwinograd_input {
	int64_t channels;
	const uint8_t *const *x;
	uint8_t zero;
	int16_t *v;
	int64_t plane;
};

/**
 * struct cpu_qwinograd_output - one tile on its way out
 * @channels: at least 1
 * @m: sum i of channel c stands in m[i * plane + c]; of channels up to the next multiple of the
 *	vector's lanes all are read
 * @scales: biases, multipliers and shifts of struct cpu_qgemm_tile's, [3][@scales_pitch]
 * @to: what the results are
 * @y: its output pixels; channel c goes to y[...][offset + c]
 */
struct cpu_qwinograd_output {
	int64_t channels;
	const int32_t *m;
	int64_t plane;
	const int32_t *scales;
	int64_t scales_pitch;
	struct cpu_requantise to;
	uint8_t *const *y;
	int64_t offset;
};

struct cpu_qwinograd_kernels {
	void (*input)(const struct cpu_qwinograd_input *input);
	void (*output)(const struct cpu_qwinograd_output *output);
};

#endif
