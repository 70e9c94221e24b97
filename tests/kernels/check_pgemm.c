// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <string.h>

#include "backend/cpu/kernels/pgemm.h"
#include "product.h"

#define WINDOW CPU_PGEMM_WINDOW
#define MOST_SINGLES 6

/**
 * struct panel - while it is packed
 * @to: the next word
 */
struct panel {
	const struct cpu_qgemm_kernels *kernels;
	struct product *product;
	int32_t *to;
};

/* Two weights that the kernels may add: any of unlike sign, and such as are 128 together. */
static void random_pair(int8_t *pair)
{
	const int first = (int)check_between(-128, 127);
	int low = -128, high = 127;

	if (first > 0)
		high = CPU_PGEMM_LIMIT - first < high ? CPU_PGEMM_LIMIT - first : high;
	else
		low = -CPU_PGEMM_LIMIT - first;
	pair[0] = (int8_t)first;
	pair[1] = (int8_t)(check_random() & 1 ? check_between(low, high) : first > 0 ? high : low);
	if (check_random() & 1) {
		pair[0] = pair[1];
		pair[1] = (int8_t)first;
	}
}

/* A group of @channels of the window that begins at @first of a tap, with weights that are added to the product's. */
static void put_group(struct panel *panel, int64_t tap, int64_t first, const uint8_t *channels)
{
	struct product *product = panel->product;

	for (int i = 0; i < panel->kernels->lanes; i++)
		memcpy(panel->to++, channels, 4);
	for (int j = 0; j < product->width; j++) {
		int8_t weights[4] = { 0 };

		for (int i = 0; i < 4; i += 2)
			random_pair(&weights[i]);
		for (int i = 0; i < 4; i++) {
			if (j >= product->valid)
				weights[i] = 0;
			if (channels[i] < WINDOW)
				product->weights[tap * product->depth + first + channels[i]][j] =
					(int16_t)(product->weights[tap * product->depth + first +
								   channels[i]][j] +
						  weights[i]);
		}
		memcpy(panel->to++, weights, 4);
	}
}

static void put_window(struct panel *panel, int64_t tap, int64_t first)
{
	uint8_t order[WINDOW];

	for (int i = 0; i < WINDOW; i++)
		order[i] = (uint8_t)i;
	for (int i = WINDOW - 1; i > 0; i--) {
		const int other = (int)check_between(0, i);
		const uint8_t channel = order[i];

		order[i] = order[other];
		order[other] = channel;
	}
	for (int g = 0; g < WINDOW; g += 4)
		put_group(panel, tap, first, order + g);
}

/* Four channels of any window, some of which there are none of. */
static void put_single(struct panel *panel)
{
	const int64_t tap = check_between(0, panel->product->taps - 1);
	const int64_t first = check_between(0, panel->product->depth - WINDOW);
	uint8_t channels[4];

	for (int i = 0; i < 4; i++)
		channels[i] = (uint8_t)(check_random() & 3 ? check_between(0, WINDOW - 1)
							   : check_between(128, 255));
	panel->to[0] = (int32_t)tap;
	panel->to[1] = (int32_t)first;
	panel->to += panel->kernels->lanes;
	put_group(panel, tap, first, channels);
}

/* Fills the product's weights with what the panel has. */
static const int32_t *pack(const struct cpu_qgemm_kernels *kernels, struct product *product,
			   int64_t windows)
{
	const int64_t width = product->width;
	const int64_t singles = check_between(0, MOST_SINGLES);
	const int64_t group = kernels->lanes + width, last = product->depth - WINDOW;
	int32_t *words =
		(int32_t *)check_alloc(3 * width + product->taps * windows * 4 * group +
				       kernels->lanes + singles * (kernels->lanes + group));
	struct panel panel = { kernels, product, words + 3 * width };

	memset(product->weights, 0, sizeof(product->weights));
	for (int64_t i = 0; i < product->taps * windows; i++)
		put_window(&panel, i / windows,
			   i % windows * WINDOW < last ? i % windows * WINDOW : last);
	*panel.to = (int32_t)singles;
	panel.to += kernels->lanes;
	for (int64_t i = 0; i < singles; i++)
		put_single(&panel);
	for (int j = 0; j < width; j++)
		words[j] = product_bias(product, true, j);
	memcpy(words + width, product->multipliers, width * sizeof(*words));
	memcpy(words + 2 * width, product->shifts, width * sizeof(*words));
	return words;
}

/* Rows of all taps that end where memory does, at even distances. */
static void fill(struct product *product, const void **taps, int64_t pitch, int64_t first)
{
	for (int64_t t = 0; t < product->taps; t++) {
		const int64_t size = first + (product->rows - 1) * pitch + product->depth;
		const uint8_t *in = check_alloc_random_bytes(size);

		taps[t] = in;
		for (int r = 0; r < product->rows; r++)
			product->a[t * product->rows + r] = in + first + r * pitch;
	}
}

static void check_tile(const struct check *check, const struct cpu_qgemm_kernels *kernels,
		       const struct product_shape *shape)
{
	static struct product product;
	const bool fixed = check_random() & 1;
	const int tiles = (int)check_between(1, 3);
	const void *taps[MAX_TAPS];
	void *c[MAX_ROWS];
	int64_t c_pitch;

	product = product_of(kernels, shape, tiles, WINDOW);
	product_fill(&product, true, fixed);

	const int64_t pitch = product.depth + check_between(0, 9), first = check_between(0, 9);
	const int64_t windows = (product.depth + check_between(0, WINDOW - 1)) / WINDOW;
	struct cpu_qgemm_tile tile = {
		.tiles = tiles,
		.taps = product.taps,
		.depth = windows,
		.last = product.depth - WINDOW,
		.a = taps,
		.a_first = first,
		.a_pitch = pitch,
		.panel = pack(kernels, &product, windows),
		.target = product_target(&product, fixed, shape->columns, c, &c_pitch),
	};

	fill(&product, taps, pitch, first);
	if (tiles > 1 || check_random() & 1)
		tile.target.c_pitch = c_pitch;
	product_run(&product, kernels, shape, &tile);
	check_result(product_is(&product, &tile.target, c_pitch) && check_guards(),
		     "pgemm %s: %dx%dx%d, %d columns, %d taps of %d, %s", check->isa, tiles,
		     shape->rows, product.width, (int)shape->columns, (int)product.taps,
		     (int)product.depth,
		     product.raw ? "sums"
		     : fixed	 ? "fixed"
				 : "float");
	check_free_all();
}

void check_pgemm(const struct check *check)
{
	const struct cpu_qgemm_kernels *kernels = cpu_pgemm_kernels(check->cpu_flags);

	if (kernels)
		product_each_shape(check, kernels, check_tile);
}

struct bench {
	cpu_qgemm_fn run;
	struct cpu_qgemm_tile tile;
};

static void run(void *argument)
{
	struct bench *bench = argument;

	bench->run(&bench->tile);
}

static void bench_depth(const struct check *check, const struct cpu_qgemm_kernels *kernels,
			int64_t depth)
{
	enum { TILES = 4 };
	const int64_t width = kernels->vectors * kernels->lanes, rows = TILES * kernels->rows;
	const int64_t size = 3 * width + depth / 4 * (kernels->lanes + width) + kernels->lanes;
	const void *a = check_alloc_random_bytes(rows * depth);
	void *c = check_alloc_bytes(rows * width);
	int32_t *panel = (int32_t *)check_alloc(size);
	struct bench bench = {
		kernels->tile[kernels->rows - 1][kernels->vectors - 1],
		{ .tiles = TILES,
		  .taps = 1,
		  .depth = depth / WINDOW,
		  .last = depth - WINDOW,
		  .a = &a,
		  .a_pitch = depth,
		  .panel = panel,
		  .target = { .to = { false, 128, 0, 255 },
			      .c = &c,
			      .c_pitch = width,
			      .columns = kernels->lanes } },
	};
	char name[64];

	memset(panel, 0, size * sizeof(*panel));
	snprintf(name, sizeof(name), "pgemm, %d times %dx%d, depth %d", TILES, kernels->rows,
		 (int)width, (int)depth);
	check_bench_bytes(check, name, 2.0 * (double)(rows * width * depth), run, &bench);
	check_free_all();
}

void bench_pgemm(const struct check *check)
{
	static const int64_t depths[] = { 16, 64, 256, 1024 };
	const struct cpu_qgemm_kernels *kernels = cpu_pgemm_kernels(check->cpu_flags);

	for (size_t i = 0; kernels && i < sizeof(depths) / sizeof(depths[0]); i++)
		bench_depth(check, kernels, depths[i]);
}
