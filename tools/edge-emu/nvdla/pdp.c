// SPDX-License-Identifier: MIT
/* The planar processor: maximum, minimum and average pooling. */
#include <stdlib.h>

#include "model.h"

/* Columns of the line buffer. */
#define LINE_COLUMNS 128
#define MAX_PAD 7

enum method { AVERAGE, MAXIMUM, MINIMUM, NUM_METHODS };

struct pdp {
	int64_t width, height, channels;
	int64_t out_width, out_height;
	int64_t kernel_x, kernel_y, stride_x, stride_y;
	int64_t left, right, top, bottom;
	int64_t bands;
	enum method method;
	int32_t pad_value;
	int64_t reciprocal_x, reciprocal_y;
};

static struct pdp get_pdp(const struct nvdla *nvdla)
{
	const uint32_t kernel = reg(nvdla, PDP, PDP_KERNEL_CFG);
	const uint32_t pad = reg(nvdla, PDP, PDP_PADDING_CFG);
	const uint32_t mode = reg(nvdla, PDP, PDP_OPERATION_MODE);

	return (struct pdp) {
		.width = field(reg(nvdla, PDP, PDP_IN_WIDTH), 12, 0) + 1,
		.height = field(reg(nvdla, PDP, PDP_IN_HEIGHT), 12, 0) + 1,
		.channels = field(reg(nvdla, PDP, PDP_IN_CHANNEL), 12, 0) + 1,
		.out_width = field(reg(nvdla, PDP, PDP_OUT_WIDTH), 12, 0) + 1,
		.out_height = field(reg(nvdla, PDP, PDP_OUT_HEIGHT), 12, 0) + 1,
		.kernel_x = field(kernel, 3, 0) + 1,
		.kernel_y = field(kernel, 11, 8) + 1,
		.stride_x = field(kernel, 19, 16) + 1,
		.stride_y = field(kernel, 23, 20) + 1,
		.left = field(pad, 2, 0),
		.top = field(pad, 6, 4),
		.right = field(pad, 10, 8),
		.bottom = field(pad, 14, 12),
		.bands = field(mode, 15, 8) + 1,
		.method = field(mode, 1, 0),
		.pad_value = signed_field(reg(nvdla, PDP, PDP_PADDING_VALUE_1), 18, 0),
		.reciprocal_x = field(reg(nvdla, PDP, PDP_RECIP_WIDTH), 16, 0),
		.reciprocal_y = field(reg(nvdla, PDP, PDP_RECIP_HEIGHT), 16, 0),
	};
}

/* Widths of the bands, of which there may be one: outputs, and the inputs that these read. */
struct band {
	int64_t in, out;
};

static struct band band_of(const struct nvdla *nvdla, const struct pdp *pdp, int64_t index)
{
	const uint32_t in = reg(nvdla, PDP, PDP_PARTIAL_WIDTH_IN);
	const uint32_t out = reg(nvdla, PDP, PDP_PARTIAL_WIDTH_OUT);

	if (pdp->bands == 1)
		return (struct band) { pdp->width, pdp->out_width };
	if (!index)
		return (struct band) { field(in, 9, 0) + 1, field(out, 9, 0) + 1 };
	if (index == pdp->bands - 1)
		return (struct band) { field(in, 19, 10) + 1, field(out, 19, 10) + 1 };
	return (struct band) { field(in, 29, 20) + 1, field(out, 29, 20) + 1 };
}

/* The line buffer is shared by the lines of windows that overlap, a power of two of them. */
static int64_t widest_output(const struct pdp *pdp)
{
	const int64_t overlap = divide_up(pdp->kernel_y, pdp->stride_y);
	int64_t lines = 1;

	while (lines < overlap)
		lines *= 2;
	return LINE_COLUMNS / lines;
}

static bool check_bands(const struct nvdla *nvdla, const struct pdp *pdp)
{
	const int64_t shared = pdp->kernel_x - pdp->stride_x;
	int64_t out = 0;

	for (int64_t i = 0; i < pdp->bands; i++) {
		const struct band band = band_of(nvdla, pdp, i);
		int64_t in = (band.out - 1) * pdp->stride_x + pdp->kernel_x;

		if (band.out > widest_output(pdp))
			return nvdla_misuse(nvdla, "PDP: %lld columns of output, at most %lld",
					    (long long)band.out, (long long)widest_output(pdp));
		in -= i ? shared : pdp->left;
		if (i == pdp->bands - 1)
			in -= pdp->right;
		if (pdp->bands > 1 && band.in != in)
			return nvdla_misuse(nvdla, "PDP: a band of %lld columns, not %lld",
					    (long long)band.in, (long long)in);
		out += band.out;
	}
	if (out != pdp->out_width)
		return nvdla_misuse(nvdla, "PDP: bands of %lld columns for %lld", (long long)out,
				    (long long)pdp->out_width);
	return true;
}

static bool check_windows(const struct nvdla *nvdla, const struct pdp *pdp)
{
	if (pdp->kernel_x > 8 || pdp->kernel_y > 8 || pdp->left >= pdp->kernel_x ||
	    pdp->right >= pdp->kernel_x || pdp->top >= pdp->kernel_y ||
	    pdp->bottom >= pdp->kernel_y)
		return nvdla_misuse(nvdla, "PDP: a window of more than 8, or padding as large");
	if ((pdp->out_width - 1) * pdp->stride_x + pdp->kernel_x >
		    pdp->left + pdp->width + pdp->right ||
	    (pdp->out_height - 1) * pdp->stride_y + pdp->kernel_y >
		    pdp->top + pdp->height + pdp->bottom)
		return nvdla_misuse(nvdla, "PDP: windows beyond the input");
	if (field(reg(nvdla, PDP, PDP_OUT_CHANNEL), 12, 0) + 1 != pdp->channels)
		return nvdla_misuse(nvdla, "PDP: other channels out than in");
	for (int i = 1; i <= MAX_PAD && pdp->method == AVERAGE; i++) {
		const uint32_t value = reg(nvdla, PDP, PDP_PADDING_VALUE_1 + 4 * (i - 1));

		if (signed_field(value, 18, 0) != i * pdp->pad_value)
			return nvdla_misuse(
				nvdla, "PDP: padding value %d is not %d times the first", i, i);
	}
	return true;
}

static struct surface source(const struct nvdla *nvdla)
{
	return (struct surface) { reg(nvdla, PDP_RDMA, PDP_RDMA_SRC_ADDR),
				  reg(nvdla, PDP_RDMA, PDP_RDMA_SRC_LINE_STRIDE),
				  reg(nvdla, PDP_RDMA, PDP_RDMA_SRC_SURF_STRIDE) };
}

static bool check_rdma(const struct nvdla *nvdla, const struct pdp *pdp)
{
	const uint32_t kernel = reg(nvdla, PDP_RDMA, PDP_RDMA_KERNEL_CFG);
	const struct surface from = source(nvdla);

	if (field(reg(nvdla, PDP_RDMA, PDP_RDMA_WIDTH), 12, 0) + 1 != pdp->width ||
	    field(reg(nvdla, PDP_RDMA, PDP_RDMA_HEIGHT), 12, 0) + 1 != pdp->height ||
	    field(reg(nvdla, PDP_RDMA, PDP_RDMA_CHANNEL), 12, 0) + 1 != pdp->channels)
		return nvdla_misuse(nvdla, "PDP and PDP_RDMA have different sizes");
	if (!(reg(nvdla, PDP_RDMA, PDP_RDMA_FLYING_MODE) & 1) ||
	    reg(nvdla, PDP_RDMA, PDP_RDMA_DATA_FORMAT) ||
	    field(reg(nvdla, PDP_RDMA, PDP_RDMA_OPERATION_MODE), 7, 0) + 1 != pdp->bands ||
	    field(kernel, 3, 0) + 1 != pdp->kernel_x || field(kernel, 7, 4) + 1 != pdp->stride_x ||
	    field(reg(nvdla, PDP_RDMA, PDP_RDMA_PADDING_CFG), 3, 0) != pdp->left ||
	    (pdp->bands > 1 && reg(nvdla, PDP_RDMA, PDP_RDMA_PARTIAL_WIDTH_IN) !=
				       reg(nvdla, PDP, PDP_PARTIAL_WIDTH_IN)))
		return nvdla_misuse(nvdla, "PDP and PDP_RDMA disagree");
	if (!(reg(nvdla, PDP_RDMA, PDP_RDMA_SRC_RAM_CFG) & 1))
		return nvdla_misuse(nvdla, "PDP_RDMA: there is no second memory");
	return surface_check(nvdla, "PDP_RDMA", &from, pdp->width, pdp->height, pdp->channels);
}

/* Fed by SDP. */
static bool check_flying(const struct nvdla *nvdla, const struct pdp *pdp)
{
	if (reg(nvdla, SDP, SDP_WIDTH) + 1 != pdp->width ||
	    reg(nvdla, SDP, SDP_HEIGHT) + 1 != pdp->height ||
	    reg(nvdla, SDP, SDP_CHANNEL) + 1 != pdp->channels)
		return nvdla_misuse(nvdla, "SDP and PDP have different sizes");
	if (pdp->bands > 1)
		return nvdla_misuse(nvdla, "PDP: bands of what SDP hands on");
	return true;
}

static struct surface destination(const struct nvdla *nvdla)
{
	return (struct surface) { reg(nvdla, PDP, PDP_DST_ADDR),
				  reg(nvdla, PDP, PDP_DST_LINE_STRIDE),
				  reg(nvdla, PDP, PDP_DST_SURF_STRIDE) };
}

bool pdp_check(const struct nvdla *nvdla, uint64_t *cycles)
{
	const struct pdp pdp = get_pdp(nvdla);
	const struct surface to = destination(nvdla);
	const uint64_t elements = pdp.width * pdp.height * surfaces(pdp.channels) * ATOM;

	if (pdp.method >= NUM_METHODS || reg(nvdla, PDP, PDP_DATA_FORMAT))
		return nvdla_misuse(nvdla, "PDP: method %d, precision %u", pdp.method,
				    reg(nvdla, PDP, PDP_DATA_FORMAT));
	if (!check_windows(nvdla, &pdp) || !check_bands(nvdla, &pdp))
		return false;
	if (reg(nvdla, PDP, PDP_OPERATION_MODE) & 0x10 ? !check_rdma(nvdla, &pdp)
						       : !check_flying(nvdla, &pdp))
		return false;
	if (!(reg(nvdla, PDP, PDP_DST_RAM_CFG) & 1))
		return nvdla_misuse(nvdla, "PDP: there is no second memory");
	if (*cycles < elements)
		*cycles = elements;
	return surface_check(nvdla, "PDP", &to, pdp.out_width, pdp.out_height, pdp.channels);
}

static int8_t pool(const struct pdp *pdp, const struct cube *in, int64_t surface, int lane,
		   int64_t out_y, int64_t out_x)
{
	int64_t sum = 0, best = pdp->method == MAXIMUM ? INT8_MIN : INT8_MAX;

	for (int64_t i = 0; i < pdp->kernel_y; i++) {
		for (int64_t j = 0; j < pdp->kernel_x; j++) {
			const int64_t y = out_y * pdp->stride_y - pdp->top + i;
			const int64_t x = out_x * pdp->stride_x - pdp->left + j;
			int8_t value;

			if (y < 0 || y >= pdp->height || x < 0 || x >= pdp->width) {
				sum += pdp->pad_value;
				continue;
			}
			value = cube_atom(in, surface, y, x)[lane];
			sum += value;
			if ((value > best) == (pdp->method == MAXIMUM))
				best = value;
		}
	}
	if (pdp->method != AVERAGE)
		return (int8_t)best;
	return (int8_t)round_shift(round_shift(sum * pdp->reciprocal_x, 16) * pdp->reciprocal_y,
				   16);
}

static void pool_all(const struct pdp *pdp, const struct cube *in, struct cube *out)
{
	for (int64_t s = 0; s < surfaces(pdp->channels); s++)
		for (int64_t y = 0; y < pdp->out_height; y++)
			for (int64_t x = 0; x < pdp->out_width; x++)
				for (int lane = 0; lane < ATOM; lane++)
					cube_atom(out, s, y, x)[lane] =
						pool(pdp, in, s, lane, y, x);
}

bool pdp_run(struct nvdla *nvdla, const struct cube *in)
{
	const struct pdp pdp = get_pdp(nvdla);
	const struct surface from = source(nvdla), to = destination(nvdla);
	struct cube loaded = { .width = pdp.width, .height = pdp.height, .channels = pdp.channels };
	struct cube out = { .width = pdp.out_width,
			    .height = pdp.out_height,
			    .channels = pdp.channels };
	bool done = cube_create(nvdla, &out);

	if (done && !in) {
		done = cube_create(nvdla, &loaded) && cube_load(nvdla, &from, &loaded);
		in = &loaded;
	}
	if (done) {
		pool_all(&pdp, in, &out);
		done = cube_store(nvdla, &to, &out);
	}
	free(loaded.data);
	free(out.data);
	return done;
}
