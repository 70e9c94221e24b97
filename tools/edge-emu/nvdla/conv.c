// SPDX-License-Identifier: MIT
/* The convolution core: CDMA, CSC, CMAC and CACC, which always work together. */
#include <stdlib.h>

#include "model.h"

#define MAX_IMAGE_CHANNELS 4

/**
 * struct conv - what the registers of the five units say
 * @width, @height, @channels: of the input
 * @kernels, @rows, @columns: of the weights
 * @image: the input is pixels in lines, not a cube
 */
struct conv {
	int64_t width, height, channels;
	int64_t kernels, rows, columns;
	int64_t out_width, out_height;
	int64_t stride_x, stride_y, dilation_x, dilation_y;
	int64_t left, right, top, bottom;
	int8_t side_value, edge_value;
	int64_t data_banks, weight_banks;
	unsigned int truncate;
	bool image, reuse, keep;
};

static int64_t size_field(uint32_t value, int high, int low)
{
	return (int64_t)field(value, high, low) + 1;
}

static struct conv get_conv(const struct nvdla *nvdla)
{
	const uint32_t in = reg(nvdla, CDMA, CDMA_DATAIN_SIZE_0);
	const uint32_t out = reg(nvdla, CSC, CSC_DATAOUT_SIZE_0);
	const uint32_t stride = reg(nvdla, CSC, CSC_CONV_STRIDE);
	const uint32_t dilation = reg(nvdla, CSC, CSC_DILATION);
	const uint32_t pad = reg(nvdla, CDMA, CDMA_ZERO_PADDING);
	const uint32_t banks = reg(nvdla, CDMA, CDMA_BANK);
	const uint32_t misc = reg(nvdla, CDMA, CDMA_MISC_CFG);
	struct conv conv = {
		.width = size_field(in, 12, 0),
		.height = size_field(in, 28, 16),
		.channels = size_field(reg(nvdla, CDMA, CDMA_DATAIN_SIZE_1), 12, 0),
		.kernels = size_field(reg(nvdla, CDMA, CDMA_WEIGHT_SIZE_1), 12, 0),
		.columns = size_field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_0), 4, 0),
		.rows = size_field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_0), 20, 16),
		.out_width = size_field(out, 12, 0),
		.out_height = size_field(out, 28, 16),
		.stride_x = size_field(stride, 2, 0),
		.stride_y = size_field(stride, 18, 16),
		.dilation_x = size_field(dilation, 4, 0),
		.dilation_y = size_field(dilation, 20, 16),
		.left = field(pad, 4, 0),
		.right = field(pad, 13, 8),
		.top = field(pad, 20, 16),
		.bottom = field(pad, 29, 24),
		.side_value = (int8_t)reg(nvdla, CDMA, CDMA_ZERO_PADDING_VALUE),
		.edge_value = (int8_t)reg(nvdla, CSC, CSC_ZERO_PADDING_VALUE),
		.data_banks = size_field(banks, 4, 0),
		.weight_banks = size_field(banks, 20, 16),
		.truncate = field(reg(nvdla, CACC, CACC_CLIP_CFG), 4, 0),
		.image = field(reg(nvdla, CDMA, CDMA_DATAIN_FORMAT), 0, 0),
		.reuse = field(misc, 16, 16),
		.keep = field(misc, 24, 24),
	};

	/* A row of the kernel is one pixel with all the row's channels. */
	if (conv.image)
		conv.columns =
			size_field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_1), 12, 0) / conv.channels;
	return conv;
}

/* Channels of pixel format @format, and the memory byte of each; 0 for formats not known. */
static int pixel_format(uint32_t format, const uint8_t **order)
{
	static const uint8_t orders[][MAX_IMAGE_CHANNELS] = {
		{ 0, 1, 2, 3 },
		{ 2, 1, 0, 3 },
		{ 1, 2, 3, 0 },
		{ 3, 2, 1, 0 },
	};

	*order = orders[0];
	if (format == 0)
		return 1;
	if (format >= 12 && format <= 19)
		*order = orders[(format - 12) % 4];
	else if (format == 26 || format == 27)
		*order = orders[format - 25];
	else
		return 0;
	return MAX_IMAGE_CHANNELS;
}

static int64_t weight_bytes(const struct conv *conv)
{
	return conv->kernels * conv->channels * conv->rows * conv->columns;
}

/* Entries of the buffer that a line of the input takes. */
static int64_t entries_per_line(const struct conv *conv)
{
	if (conv->image)
		return divide_up((conv->left + conv->width + conv->right) * conv->channels, ATOM);
	return conv->width * surfaces(conv->channels);
}

/* Only INT8, direct convolution, one image; the flags of @allowed may be set. */
static bool check_modes(const struct nvdla *nvdla)
{
	const uint32_t allowed = 1u << 16 | 1u << 24;

	if (reg(nvdla, CDMA, CDMA_MISC_CFG) & ~allowed ||
	    reg(nvdla, CSC, CSC_MISC_CFG) & ~allowed || reg(nvdla, CMAC_A, CMAC_MISC_CFG) ||
	    reg(nvdla, CMAC_B, CMAC_MISC_CFG) || reg(nvdla, CACC, CACC_MISC_CFG))
		return nvdla_misuse(nvdla, "convolution: a mode or precision other than direct, "
					   "INT8");
	if (reg(nvdla, CDMA, CDMA_MISC_CFG) != reg(nvdla, CSC, CSC_MISC_CFG))
		return nvdla_misuse(nvdla, "CDMA and CSC have different modes");
	if (reg(nvdla, CDMA, CDMA_BATCH_NUMBER) || reg(nvdla, CSC, CSC_BATCH_NUMBER) ||
	    reg(nvdla, CACC, CACC_BATCH_NUMBER))
		return nvdla_misuse(nvdla, "convolution: more than one image");
	if (reg(nvdla, CDMA, CDMA_WEIGHT_FORMAT) || reg(nvdla, CSC, CSC_WEIGHT_FORMAT))
		return nvdla_misuse(nvdla, "convolution: compressed weights");
	if (!(reg(nvdla, CDMA, CDMA_DAIN_RAM_TYPE) & reg(nvdla, CDMA, CDMA_WEIGHT_RAM_TYPE) & 1))
		return nvdla_misuse(nvdla, "CDMA: there is no second memory");
	if (reg(nvdla, CSC, CSC_POST_Y_EXTENSION))
		return nvdla_misuse(nvdla, "CSC: vertical extension");
	return true;
}

struct twins {
	const char *what;
	uint32_t a, b;
};

/* Units that must say the same. */
static bool check_units(const struct nvdla *nvdla, const struct conv *conv)
{
	const uint32_t pad = reg(nvdla, CDMA, CDMA_ZERO_PADDING);
	const struct twins twins[] = {
		{ "data formats", conv->image, reg(nvdla, CSC, CSC_DATAIN_FORMAT) },
		{ "input sizes", reg(nvdla, CDMA, CDMA_DATAIN_SIZE_0),
		  reg(nvdla, CSC, CSC_DATAIN_SIZE_0) },
		{ "input channels", reg(nvdla, CDMA, CDMA_DATAIN_SIZE_1),
		  reg(nvdla, CSC, CSC_DATAIN_SIZE_1) },
		{ "entries a slice", reg(nvdla, CDMA, CDMA_ENTRY_PER_SLICE),
		  reg(nvdla, CSC, CSC_ENTRY_PER_SLICE) },
		{ "kernels", reg(nvdla, CDMA, CDMA_WEIGHT_SIZE_1),
		  field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_1), 28, 16) },
		{ "weight bytes", reg(nvdla, CDMA, CDMA_WEIGHT_BYTES),
		  reg(nvdla, CSC, CSC_WEIGHT_BYTES) },
		{ "strides", reg(nvdla, CDMA, CDMA_CONV_STRIDE), reg(nvdla, CSC, CSC_CONV_STRIDE) },
		{ "padding", pad & 0x1f001f, reg(nvdla, CSC, CSC_ZERO_PADDING) },
		{ "banks", reg(nvdla, CDMA, CDMA_BANK), reg(nvdla, CSC, CSC_BANK) },
		{ "output sizes", reg(nvdla, CSC, CSC_DATAOUT_SIZE_0),
		  reg(nvdla, CACC, CACC_DATAOUT_SIZE_0) },
		{ "output channels", reg(nvdla, CSC, CSC_DATAOUT_SIZE_1),
		  reg(nvdla, CACC, CACC_DATAOUT_SIZE_1) },
		{ "output sizes", conv->out_width - 1, reg(nvdla, SDP, SDP_WIDTH) },
		{ "output sizes", conv->out_height - 1, reg(nvdla, SDP, SDP_HEIGHT) },
		{ "output channels", conv->kernels - 1, reg(nvdla, SDP, SDP_CHANNEL) },
		{ "kernels and output channels", conv->kernels - 1,
		  reg(nvdla, CSC, CSC_DATAOUT_SIZE_1) },
	};

	for (size_t i = 0; i < sizeof(twins) / sizeof(*twins); i++) {
		if (twins[i].a != twins[i].b)
			return nvdla_misuse(nvdla, "convolution: units disagree on %s",
					    twins[i].what);
	}
	return true;
}

static bool check_output(const struct nvdla *nvdla, const struct conv *conv)
{
	const int64_t reach_x = (conv->columns - 1) * conv->dilation_x + 1;
	const int64_t reach_y = (conv->rows - 1) * conv->dilation_y + 1;

	if ((conv->out_width - 1) * conv->stride_x + reach_x >
		    conv->left + conv->width + conv->right ||
	    (conv->out_height - 1) * conv->stride_y + reach_y >
		    conv->top + conv->height + conv->bottom)
		return nvdla_misuse(nvdla, "convolution: windows beyond the input");
	if (conv->left >= reach_x || conv->top >= reach_y)
		return nvdla_misuse(nvdla, "convolution: padding as large as the kernel");
	if (reg(nvdla, CSC, CSC_ATOMICS) + 1 != conv->out_width * conv->out_height)
		return nvdla_misuse(nvdla, "CSC: %u atomics for %lld outputs",
				    reg(nvdla, CSC, CSC_ATOMICS) + 1,
				    (long long)(conv->out_width * conv->out_height));
	if (reg(nvdla, CACC, CACC_DATAOUT_MAP) !=
	    (conv->out_width * conv->out_height == 1 ? 0x10001u : 0))
		return nvdla_misuse(nvdla, "CACC: output map 0x%x",
				    reg(nvdla, CACC, CACC_DATAOUT_MAP));
	return true;
}

/* What the buffer holds: a whole input, and a group of kernels. */
static bool check_buffer(const struct nvdla *nvdla, const struct conv *conv)
{
	const int64_t entries = entries_per_line(conv), bytes = weight_bytes(conv);
	const int64_t group = conv->kernels < ATOM ? conv->kernels : ATOM;

	if (conv->data_banks + conv->weight_banks > CBUF_BANKS)
		return nvdla_misuse(nvdla, "convolution: %lld + %lld banks",
				    (long long)conv->data_banks, (long long)conv->weight_banks);
	if (reg(nvdla, CDMA, CDMA_ENTRY_PER_SLICE) + 1 != entries)
		return nvdla_misuse(nvdla, "convolution: %u entries a slice, not %lld",
				    reg(nvdla, CDMA, CDMA_ENTRY_PER_SLICE) + 1, (long long)entries);
	if (entries * conv->height > conv->data_banks * CBUF_ENTRIES)
		return nvdla_misuse(nvdla, "convolution: %lld entries of data in %lld banks",
				    (long long)(entries * conv->height),
				    (long long)conv->data_banks);
	if (reg(nvdla, CDMA, CDMA_WEIGHT_SIZE_0) + 1 != bytes / conv->kernels ||
	    reg(nvdla, CDMA, CDMA_WEIGHT_BYTES) != divide_up(bytes, ATOM) * ATOM)
		return nvdla_misuse(nvdla, "convolution: %u bytes of weights, not %lld",
				    reg(nvdla, CDMA, CDMA_WEIGHT_BYTES),
				    (long long)divide_up(bytes, ATOM) * ATOM);
	if (divide_up(group * (bytes / conv->kernels), ATOM) > conv->weight_banks * CBUF_ENTRIES)
		return nvdla_misuse(nvdla,
				    "convolution: a group of kernels does not fit %lld banks",
				    (long long)conv->weight_banks);
	if (reg(nvdla, CSC, CSC_RELEASE) + 1 != conv->height)
		return nvdla_misuse(nvdla, "convolution: releases %u of %lld lines",
				    reg(nvdla, CSC, CSC_RELEASE) + 1, (long long)conv->height);
	return true;
}

static bool check_feature(const struct nvdla *nvdla, const struct conv *conv)
{
	const struct surface from = { reg(nvdla, CDMA, CDMA_DAIN_ADDR),
				      reg(nvdla, CDMA, CDMA_LINE_STRIDE),
				      reg(nvdla, CDMA, CDMA_SURF_STRIDE) };

	if (reg(nvdla, CDMA, CDMA_CVT_CFG) & 1)
		return nvdla_misuse(nvdla, "CDMA: conversion of feature data");
	if (size_field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_1), 12, 0) != conv->channels)
		return nvdla_misuse(nvdla, "convolution: weights of other channels than the input");
	if (conv->reuse &&
	    (!nvdla->kept.data || nvdla->kept.width != conv->width ||
	     nvdla->kept.height != conv->height || nvdla->kept.channels != conv->channels))
		return nvdla_misuse(nvdla, "CDMA: the data to use again is not there");
	if (conv->side_value != conv->edge_value)
		return nvdla_misuse(nvdla, "convolution: units disagree on the padding value");
	return conv->reuse ||
	       surface_check(nvdla, "CDMA", &from, conv->width, conv->height, conv->channels);
}

static bool check_image(const struct nvdla *nvdla, const struct conv *conv)
{
	const uint32_t format = reg(nvdla, CDMA, CDMA_DATAIN_FORMAT);
	const uint32_t offset = reg(nvdla, CDMA, CDMA_PIXEL_OFFSET);
	const int64_t line = (field(offset, 4, 0) + conv->width) * conv->channels;
	const uint8_t *order;

	if (pixel_format(field(format, 13, 8), &order) != conv->channels)
		return nvdla_misuse(nvdla, "CDMA: pixel format %u with %lld channels",
				    field(format, 13, 8), (long long)conv->channels);
	if (field(format, 16, 16) || conv->reuse || conv->keep || field(offset, 18, 16) ||
	    field(offset, 4, 0) * conv->channels >= ATOM)
		return nvdla_misuse(nvdla, "CDMA: image with mapping, reuse or a large offset");
	if (conv->dilation_x != 1 || conv->dilation_y != 1)
		return nvdla_misuse(nvdla, "convolution: an image with dilation");
	if (size_field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_1), 12, 0) !=
		    conv->columns * conv->channels ||
	    !conv->columns || field(reg(nvdla, CSC, CSC_WEIGHT_SIZE_0), 4, 0))
		return nvdla_misuse(nvdla, "convolution: kernel rows that are no whole pixels");
	if ((reg(nvdla, CDMA, CDMA_DAIN_ADDR) | reg(nvdla, CDMA, CDMA_LINE_STRIDE)) % ATOM ||
	    (conv->height > 1 && reg(nvdla, CDMA, CDMA_LINE_STRIDE) < line))
		return nvdla_misuse(nvdla, "CDMA: a stride of %u for lines of %lld bytes",
				    reg(nvdla, CDMA, CDMA_LINE_STRIDE), (long long)line);
	return true;
}

bool conv_check(const struct nvdla *nvdla, uint64_t *cycles)
{
	const struct conv conv = get_conv(nvdla);
	const uint64_t passes = conv.rows * conv.columns * surfaces(conv.channels);
	const uint64_t products =
		conv.out_width * conv.out_height * passes * surfaces(conv.kernels);

	if (!check_modes(nvdla) || !check_units(nvdla, &conv))
		return false;
	if (conv.image ? !check_image(nvdla, &conv) : !check_feature(nvdla, &conv))
		return false;
	if (!check_output(nvdla, &conv) || !check_buffer(nvdla, &conv))
		return false;
	if (reg(nvdla, CDMA, CDMA_WEIGHT_ADDR) % ATOM)
		return nvdla_misuse(nvdla, "CDMA: weights at an address that is no multiple of %d",
				    ATOM);
	if (*cycles < products + 300)
		*cycles = products + 300;
	return true;
}

static int8_t convert_pixel(const struct nvdla *nvdla, uint8_t pixel, int channel)
{
	const uint32_t cfg = reg(nvdla, CDMA, CDMA_CVT_CFG);
	const uint32_t means = reg(nvdla, CDMA, CDMA_MEAN_GLOBAL_0 + channel / 2 * 4);
	const bool is_signed = field(reg(nvdla, CDMA, CDMA_DATAIN_FORMAT), 20, 20);
	int64_t value = is_signed ? (int8_t)pixel : pixel;

	if (!(cfg & 1))
		return (int8_t)pixel;
	if (reg(nvdla, CDMA, CDMA_MEAN_FORMAT) & 1)
		value -= (int16_t)(channel % 2 ? means >> 16 : means);
	else
		value -= (int16_t)reg(nvdla, CDMA, CDMA_CVT_OFFSET);
	value = round_shift(value * (int16_t)reg(nvdla, CDMA, CDMA_CVT_SCALE), field(cfg, 9, 4));
	return (int8_t)saturate(saturate(value, 17), 8);
}

/* Pixels as a cube of one surface. */
static bool load_image(const struct nvdla *nvdla, const struct conv *conv, struct cube *cube)
{
	const uint32_t offset = field(reg(nvdla, CDMA, CDMA_PIXEL_OFFSET), 4, 0);
	const uint32_t size = (uint32_t)(conv->width * conv->channels);
	const uint8_t *order;
	uint8_t *line = malloc(size);
	bool done = line;

	pixel_format(field(reg(nvdla, CDMA, CDMA_DATAIN_FORMAT), 13, 8), &order);
	for (int64_t y = 0; done && y < conv->height; y++) {
		const uint32_t address = reg(nvdla, CDMA, CDMA_DAIN_ADDR) +
					 (uint32_t)y * reg(nvdla, CDMA, CDMA_LINE_STRIDE) +
					 offset * (uint32_t)conv->channels;

		done = nvdla->bus.read(nvdla->bus.opaque, address, line, size);
		for (int64_t x = 0; done && x < conv->width; x++) {
			for (int c = 0; c < conv->channels; c++)
				cube_atom(cube, 0, y, x)[c] = convert_pixel(
					nvdla, line[x * conv->channels + order[c]], c);
		}
	}
	free(line);
	return done || nvdla_misuse(nvdla, "no memory to read an image from");
}

static bool load_input(struct nvdla *nvdla, const struct conv *conv, struct cube *cube)
{
	const struct surface from = { reg(nvdla, CDMA, CDMA_DAIN_ADDR),
				      reg(nvdla, CDMA, CDMA_LINE_STRIDE),
				      reg(nvdla, CDMA, CDMA_SURF_STRIDE) };

	*cube = (struct cube) { .width = conv->width,
				.height = conv->height,
				.channels = conv->channels };
	if (conv->reuse) {
		*cube = nvdla->kept;
		nvdla->kept.data = NULL;
		return true;
	}
	if (!cube_create(nvdla, cube))
		return false;
	return conv->image ? load_image(nvdla, conv, cube) : cube_load(nvdla, &from, cube);
}

/*
 * Where the weight of (kernel, channel, row, column) lies. Groups of kernels follow each other; in a
 * group: block of channels, row, column, kernel, channel. The rows of an image's kernels are one
 * column whose channels are those of all its pixels.
 */
static int64_t weight_at(const struct conv *conv, int64_t kernel, int64_t channel, int64_t row,
			 int64_t column)
{
	const int64_t channels = conv->image ? conv->channels * conv->columns : conv->channels;
	const int64_t columns = conv->image ? 1 : conv->columns;
	const int64_t c = conv->image ? column * conv->channels + channel : channel;
	const int64_t s = conv->image ? 0 : column;
	const int64_t first = kernel / ATOM * ATOM, block = c / ATOM * ATOM;
	const int64_t group = conv->kernels - first < ATOM ? conv->kernels - first : ATOM;
	const int64_t width = channels - block < ATOM ? channels - block : ATOM;

	return first * channels * conv->rows * columns + group * block * conv->rows * columns +
	       ((row * columns + s) * group + kernel - first) * width + c - block;
}

/* Factors of a sum, of a whole group of kernels and of a pixel of the output, in the same order. */
struct factors {
	int64_t count; /* of one kernel */
	int16_t *weights, *input;
};

static void get_weights(const struct conv *conv, const int8_t *weights, int64_t kernel, int16_t *to)
{
	for (int64_t r = 0; r < conv->rows; r++)
		for (int64_t s = 0; s < conv->columns; s++)
			for (int64_t c = 0; c < conv->channels; c++)
				*to++ = weights[weight_at(conv, kernel, c, r, s)];
}

/* The input's channels at (@x, @y), which may be padding. */
static void get_pixel(const struct conv *conv, const struct cube *cube, int64_t y, int64_t x,
		      int16_t *to)
{
	const bool edge = y < 0 || y >= conv->height, side = x < 0 || x >= conv->width;
	const int16_t value = edge ? conv->edge_value : conv->side_value;

	for (int64_t c = 0; c < conv->channels; c += ATOM) {
		const int64_t left = conv->channels - c, lanes = left < ATOM ? left : ATOM;
		const int8_t *atom = edge || side ? NULL : cube_atom(cube, c / ATOM, y, x);

		for (int64_t i = 0; i < lanes; i++)
			*to++ = atom ? atom[i] : value;
	}
}

static void get_input(const struct conv *conv, const struct cube *cube, int64_t out_y,
		      int64_t out_x, int16_t *to)
{
	const int64_t y = out_y * conv->stride_y - conv->top;
	const int64_t x = out_x * conv->stride_x - conv->left;

	for (int64_t r = 0; r < conv->rows; r++)
		for (int64_t s = 0; s < conv->columns; s++, to += conv->channels)
			get_pixel(conv, cube, y + r * conv->dilation_y, x + s * conv->dilation_x,
				  to);
}

/* In parts that 32 bits hold. */
static int64_t sum_products(const int16_t *one, const int16_t *other, int64_t count)
{
	int64_t sum = 0;

	while (count) {
		const int64_t part = count < 1 << 16 ? count : 1 << 16;
		int32_t subtotal = 0;

		for (int64_t i = 0; i < part; i++)
			subtotal += one[i] * other[i];
		sum += subtotal;
		one += part;
		other += part;
		count -= part;
	}
	return sum;
}

/* To 32 bits. A shift beyond 16 looks at no more than the 16 bits below the result. */
static int32_t hand_on(struct nvdla *nvdla, const struct conv *conv, int64_t sum)
{
	const unsigned int unseen = conv->truncate > 16 ? conv->truncate - 16 : 0;
	const int64_t shifted = round_shift(sum >> unseen, conv->truncate - unseen);
	const int64_t result = saturate(shifted, 32);

	if (result != shifted)
		nvdla->cacc_saturations++;
	return (int32_t)result;
}

/* The output's surface that begins with kernel @first, a pixel at a time. */
static void multiply_group(struct nvdla *nvdla, const struct conv *conv, const struct cube *cube,
			   const struct factors *factors, int64_t first, int32_t *to)
{
	const int64_t left = conv->kernels - first, kernels = left < ATOM ? left : ATOM;

	for (int64_t y = 0; y < conv->out_height; y++)
		for (int64_t x = 0; x < conv->out_width; x++, to += ATOM) {
			get_input(conv, cube, y, x, factors->input);
			for (int64_t k = 0; k < kernels; k++)
				to[k] = hand_on(nvdla, conv,
						sum_products(factors->weights + k * factors->count,
							     factors->input, factors->count));
		}
}

static bool multiply(struct nvdla *nvdla, const struct conv *conv, const struct cube *cube,
		     const int8_t *weights, struct sums *sums)
{
	const int64_t count = conv->rows * conv->columns * conv->channels;
	const int64_t surface = conv->out_width * conv->out_height * ATOM;
	struct factors factors = { .count = count };

	factors.weights = malloc((ATOM + 1) * count * sizeof(*factors.weights));
	if (!factors.weights)
		return nvdla_misuse(nvdla, "a convolution larger than the model holds");
	factors.input = factors.weights + ATOM * count;
	nvdla->cacc_saturations = 0;
	for (int64_t first = 0; first < conv->kernels; first += ATOM) {
		for (int64_t k = first; k < conv->kernels && k < first + ATOM; k++)
			get_weights(conv, weights, k, factors.weights + (k - first) * count);
		multiply_group(nvdla, conv, cube, &factors, first,
			       sums->data + first / ATOM * surface);
	}
	free(factors.weights);
	return true;
}

bool conv_run(struct nvdla *nvdla, struct sums *sums)
{
	const struct conv conv = get_conv(nvdla);
	const uint32_t address = reg(nvdla, CDMA, CDMA_WEIGHT_ADDR);
	const int64_t bytes = weight_bytes(&conv);
	const int64_t outputs = conv.out_width * conv.out_height * surfaces(conv.kernels) * ATOM;
	int8_t *weights = malloc(bytes);
	struct cube cube = { .data = NULL };
	bool done = false;

	*sums = (struct sums) { .width = conv.out_width,
				.height = conv.out_height,
				.channels = conv.kernels };
	sums->data = outputs <= MAX_ELEMENTS ? calloc(outputs, sizeof(*sums->data)) : NULL;
	if (!weights || !sums->data)
		nvdla_misuse(nvdla, "a convolution larger than the model holds");
	else if (!nvdla->bus.read(nvdla->bus.opaque, address, weights, bytes))
		nvdla_misuse(nvdla, "no memory to read weights at 0x%x", address);
	else
		done = load_input(nvdla, &conv, &cube);
	done = done && multiply(nvdla, &conv, &cube, weights, sums);
	free(weights);
	free(nvdla->kept.data);
	nvdla->kept = cube;
	if (!conv.keep) {
		free(cube.data);
		nvdla->kept.data = NULL;
	}
	return done;
}
