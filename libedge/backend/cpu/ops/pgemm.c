// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/pgemm.h"

#include <stdlib.h>
#include <string.h>

#include "backend/cpu/ops/number.h"
#include "backend/cpu/ops/pairs.h"
#include "backend/cpu/ops/weights.h"
#include "base/error.h"
#include "base/requant.h"

#define WINDOW CPU_PGEMM_WINDOW
#define GROUPS (CPU_PGEMM_WINDOW / CPU_PGEMM_GROUP)

/* Channels left over that are as well off in a window as in groups of their own. */
#define MANY (WINDOW / 2 + 1)

/**
 * struct taps - as the kernels see them
 * @num, @depth: depth is at least a window
 * @windows: of each tap, of which the last may overlap the one before
 */
struct taps {
	int64_t num, depth, windows;
};

static struct taps taps_of(int64_t taps, int64_t depth)
{
	if (depth < WINDOW) {
		depth = taps * depth < WINDOW ? WINDOW : taps * depth;
		taps = 1;
	}
	return (struct taps) { taps, depth, (depth + WINDOW - MANY) / WINDOW };
}

/* Words of a group. */
static int64_t group_size(const struct cpu_qgemm_kernels *kernels, int64_t width)
{
	return kernels->lanes + width;
}

/* Words of a single one. */
static int64_t single_size(const struct cpu_qgemm_kernels *kernels, int64_t width)
{
	return kernels->lanes + group_size(kernels, width);
}

/* Words of a panel without single groups. */
static int64_t plain_size(const struct cpu_qgemm_kernels *kernels, const struct taps *taps,
			  int64_t width)
{
	return 3 * width + taps->num * taps->windows * GROUPS * group_size(kernels, width) +
	       kernels->lanes;
}

static int64_t width_of(const struct cpu_qgemm_kernels *kernels, int64_t columns, int64_t first)
{
	const int64_t most = kernels->vectors * kernels->lanes;

	return divide_up(least(most, columns - first), kernels->lanes) * kernels->lanes;
}

static int64_t panels_of(const struct cpu_qgemm_kernels *kernels, int64_t columns)
{
	return divide_up(columns, kernels->vectors * kernels->lanes);
}

/**
 * struct packing - a node's matrices while they are packed
 * @words, @num, @room: how many are used, and there is memory for
 * @sums: of the weights of each of a panel's columns
 */
struct packing {
	const struct cpu_qgemm_kernels *kernels;
	const struct edge_node *node;
	const struct qgemm_source *source;
	struct taps taps;
	int32_t *words;
	int64_t num, room;
	int64_t matrix, first, width;
	int32_t sums[CPU_QGEMM_MAX_WIDTH];
};

/* Makes room for @num words, which are 0; NULL without memory, or when an offset would not fit a
 * word. */
static int32_t *reserve(struct packing *packing, int64_t num)
{
	const int64_t needed = packing->num + num;

	if (needed > INT32_MAX)
		return NULL;
	if (needed > packing->room) {
		const int64_t room = needed + needed / 2;
		int32_t *words = realloc(packing->words, room * sizeof(*words));

		if (!words)
			return NULL;
		packing->words = words;
		packing->room = room;
	}
	return memset(packing->words + packing->num, 0, num * sizeof(*packing->words));
}

/* The weights of a window, less their zero points. */
static void fill_window(struct packing *packing, int64_t tap, int64_t channel, int first,
			struct pairs_window *window)
{
	const struct qgemm_source *source = packing->source;
	const struct edge_tensor *weight = packing->node->inputs[1];
	const int64_t total = source->taps * source->depth;
	const int64_t valid = least(packing->width, source->columns - packing->first);
	int32_t zeros[CPU_QGEMM_MAX_WIDTH];

	for (int64_t j = 0; j < valid; j++)
		zeros[j] = qgemm_zero_point(weight,
					    packing->matrix * source->columns + packing->first + j);
	memset(window, 0, sizeof(*window));
	window->first = first;
	for (int i = first; i < WINDOW; i++) {
		const int64_t k = tap * packing->taps.depth + channel + i;
		const int8_t *from;

		if (k >= total)
			break;
		from = qgemm_weights(source, packing->matrix, packing->first, k);
		for (int64_t j = 0; j < valid; j++) {
			const int32_t value = from[j * source->column] - zeros[j];

			window->weights[i][j] = (int8_t)value;
			packing->sums[j] = edge_wrap_add(packing->sums[j], value);
		}
	}
}

static void put_group(const struct packing *packing, const struct pairs_group *group, int32_t *to)
{
	const int64_t lanes = packing->kernels->lanes;

	for (int64_t i = 0; i < lanes; i++)
		memcpy(&to[i], group->channels, sizeof(group->channels));
	for (int64_t j = 0; j < packing->width; j++)
		memcpy(&to[lanes + j], group->weights[j], sizeof(group->weights[j]));
}

static bool put_single(struct packing *packing, int64_t tap, int64_t channel,
		       const struct pairs_group *group)
{
	const int64_t size = single_size(packing->kernels, packing->width);
	int32_t *to = reserve(packing, size);

	if (!to)
		return false;
	to[0] = (int32_t)tap;
	to[1] = (int32_t)channel;
	put_group(packing, group, to + packing->kernels->lanes);
	packing->num += size;
	return true;
}

/* The groups of a window: @whole of them at @to, all others behind the panel. Returns how many these
 * are, or -1. */
static int64_t put_window(struct packing *packing, int64_t tap, int64_t channel, int first,
			  int whole, int64_t to)
{
	struct pairs_group groups[PAIRS_MAX_GROUPS];
	struct pairs_window window;
	int num;

	fill_window(packing, tap, channel, first, &window);
	num = pairs_make_groups(&window, groups);
	/* Where there are fewer than a whole window has, the last ones add nothing. */
	for (int g = whole - 1; g >= num; g--)
		put_group(packing, &(struct pairs_group) { 0 },
			  packing->words + to + g * group_size(packing->kernels, packing->width));
	for (int g = 0; g < whole && g < num; g++)
		put_group(packing, &groups[g],
			  packing->words + to + g * group_size(packing->kernels, packing->width));
	for (int g = whole; g < num; g++) {
		if (!put_single(packing, tap, channel, &groups[g]))
			return -1;
	}
	return num > whole ? num - whole : 0;
}

/* All windows of a tap. */
static int64_t put_tap(struct packing *packing, int64_t tap, int64_t to)
{
	const struct taps *taps = &packing->taps;
	const int64_t size = GROUPS * group_size(packing->kernels, packing->width);
	int64_t singles = 0;

	for (int64_t w = 0; w * WINDOW < taps->depth; w++) {
		const int64_t channel = least(w * WINDOW, taps->depth - WINDOW);
		const int64_t more = put_window(packing, tap, channel, (int)(w * WINDOW - channel),
						w < taps->windows ? GROUPS : 0, to + w * size);

		if (more < 0)
			return -1;
		singles += more;
	}
	return singles;
}

static void put_scales(const struct packing *packing, int32_t *to)
{
	const struct qgemm_source *source = packing->source;
	const int64_t valid = least(packing->width, source->columns - packing->first);

	for (int64_t j = 0; j < valid; j++, to++) {
		const int64_t channel = packing->matrix * source->columns + packing->first + j;

		*to = qgemm_bias(packing->node, channel, packing->sums[j]);
		qgemm_multiplier(packing->node, channel, to + packing->width,
				 to + 2 * packing->width);
	}
}

static bool put_panel(struct packing *packing)
{
	const struct taps *taps = &packing->taps;
	const int64_t begin = packing->num;
	const int64_t size = plain_size(packing->kernels, taps, packing->width);
	const int64_t tap_size =
		taps->windows * GROUPS * group_size(packing->kernels, packing->width);
	int64_t singles = 0;

	if (!reserve(packing, size))
		return false;
	packing->num += size;
	memset(packing->sums, 0, sizeof(packing->sums));
	for (int64_t t = 0; t < taps->num; t++) {
		const int64_t more = put_tap(packing, t, begin + 3 * packing->width + t * tap_size);

		if (more < 0)
			return false;
		singles += more;
	}
	packing->words[begin + size - packing->kernels->lanes] = (int32_t)singles;
	put_scales(packing, packing->words + begin);
	return true;
}

/* Words of the panels' offsets, so that what follows is aligned. */
static int64_t table_size(int64_t panels)
{
	return divide_up(panels, 16) * 16;
}

static bool put_matrices(struct packing *packing)
{
	const struct qgemm_source *source = packing->source;
	const int64_t panels = panels_of(packing->kernels, source->columns);
	const int64_t most = packing->kernels->vectors * packing->kernels->lanes;

	if (panels > INT32_MAX / source->matrices ||
	    !reserve(packing, table_size(source->matrices * panels)))
		return false;
	packing->num = table_size(source->matrices * panels);
	for (int64_t i = 0; i < source->matrices * panels; i++) {
		packing->matrix = i / panels;
		packing->first = i % panels * most;
		packing->width = width_of(packing->kernels, source->columns, packing->first);
		packing->words[i] = (int32_t)packing->num;
		if (!put_panel(packing))
			return false;
	}
	return true;
}

enum edge_status pgemm_compile(struct edge_graph *graph, struct edge_node *node,
			       unsigned int cpu_flags, const struct qgemm_source *source,
			       struct edge_error *error)
{
	struct packing packing = {
		.kernels = cpu_pgemm_kernels(cpu_flags),
		.node = node,
		.source = source,
		.taps = taps_of(source->taps, source->depth),
	};
	struct edge_tensor *packed = NULL;

	if (put_matrices(&packing))
		packed = edge_node_add_packed(graph, node, EDGE_I32, packing.num);
	if (packed)
		memcpy(packed->data, packing.words, packing.num * sizeof(*packing.words));
	free(packing.words);
	if (!packed)
		return edge_fail_memory(error);
	weights_drop(graph, node);
	return EDGE_OK;
}

static void copy_channels(uint8_t *to, const uint8_t *from, int64_t num)
{
	if (num >= WINDOW) {
		for (int64_t i = 0; i + WINDOW < num; i += WINDOW)
			memcpy(to + i, from + i, WINDOW);
		memcpy(to + num - WINDOW, from + num - WINDOW, WINDOW);
	} else if (num >= 8) {
		memcpy(to, from, 8);
		memcpy(to + num - 8, from + num - 8, 8);
	} else {
		for (int64_t i = 0; i < num; i++)
			to[i] = from[i];
	}
}

/* Rows of all taps, where they are not at even distances or too short for a window. */
static void gather(const struct cpu_step *step, struct gemm_tile *tile)
{
	const struct qgemm *qgemm = step->state;
	const int64_t depth = qgemm->gemm.depth;
	const struct taps taps = taps_of(tile->taps, depth);
	uint8_t *rows = (uint8_t *)tile->patch + qgemm->rows_at;

	tile->depth = taps.windows;
	if (tile->a_pitch > 0 && taps.depth == depth)
		return;
	for (int r = 0; r < tile->rows; r++) {
		uint8_t *to = rows + r * qgemm->row_pitch;

		for (int64_t t = 0; t < tile->taps; t++, to += depth)
			copy_channels(to,
				      tile->a_pitch
					      ? (const uint8_t *)tile->a[t] + r * tile->a_pitch
					      : tile->a[t * tile->rows + r],
				      depth);
		if (tile->taps * depth < WINDOW)
			memset(to, 0, WINDOW - tile->taps * depth);
	}
	for (int64_t t = 0; t < taps.num; t++)
		tile->a[t] = rows + t * depth;
	tile->taps = taps.num;
	tile->a_pitch = qgemm->row_pitch;
}

static const int32_t *panel_of(const struct cpu_step *step, int64_t matrix,
			       const struct gemm_panel *panel)
{
	const struct qgemm *qgemm = step->state;
	const int32_t *packed = step->node->packed[0]->data;

	return packed + packed[matrix * qgemm->gemm.panels + panel->index];
}

/* Whether the single groups of a panel are such as they may be: @num words with how many in front. */
static bool are_singles(const int32_t *words, int64_t num, int64_t lanes, int64_t size,
			const struct taps *taps)
{
	num -= lanes;
	if (words[0] < 0 || words[0] != num / size || num % size)
		return false;
	for (const int32_t *single = words + lanes; single < words + lanes + num; single += size) {
		if (single[0] < 0 || single[0] >= taps->num || single[1] < 0 ||
		    single[1] > taps->depth - WINDOW)
			return false;
	}
	return true;
}

/* Whether offsets of panels fit words, so that sizes can be computed. */
static bool is_countable(const struct gemm *gemm)
{
	int64_t channels;

	return !__builtin_mul_overflow(gemm->taps, gemm->depth, &channels) && channels <= INT32_MAX;
}

/* Whether kernels may read what is packed, which a file may have brought. */
static bool is_packed(const struct gemm *gemm, const struct cpu_qgemm_kernels *kernels,
		      const struct edge_tensor *packed)
{
	const struct taps taps = taps_of(gemm->taps, gemm->depth);
	const int64_t panels = panels_of(kernels, gemm->columns);
	const int64_t size = edge_tensor_elements(packed);
	const int64_t lanes = kernels->lanes;
	const int32_t *words = packed->data;
	int64_t total, at;

	if (!weights_packed_as(packed, EDGE_I32, size) ||
	    __builtin_mul_overflow(gemm->matrices, panels, &total) || total > size ||
	    table_size(total) > size)
		return false;
	at = table_size(total);
	for (int64_t i = 0; i < total; i++) {
		const int64_t end = i + 1 < total ? words[i + 1] : size;
		const int64_t width =
			width_of(kernels, gemm->columns, i % panels * kernels->vectors * lanes);
		const int64_t plain = plain_size(kernels, &taps, width);

		if (words[i] != at || end > size || end - at < plain ||
		    !are_singles(words + at + plain - lanes, end - at - plain + lanes, lanes,
				 single_size(kernels, width), &taps))
			return false;
		at = end;
	}
	return true;
}

enum edge_status pgemm_prepare(struct cpu_step *step, const struct cpu_prepare *prepare,
			       struct edge_error *error)
{
	const struct cpu_qgemm_kernels *kernels = cpu_pgemm_kernels(prepare->cpu_flags);
	const struct edge_node *node = step->node;
	struct qgemm *qgemm = step->state;
	struct gemm *gemm = &qgemm->gemm;
	struct taps taps;

	if (node->num_packed != 1 || !is_countable(gemm) ||
	    !is_packed(gemm, kernels, node->packed[0]))
		return edge_fail(error, EDGE_BAD_FORMAT, "its packed weights have the wrong size");
	taps = taps_of(gemm->taps, gemm->depth);
	qgemm->kernels = kernels;
	qgemm->panel_of = panel_of;
	qgemm->last = taps.depth - WINDOW;
	gemm->tile_rows =
		kernels->rows * qgemm_tiles(kernels->rows * taps.num * taps.depth, prepare);
	gemm->panel_bytes = plain_size(kernels, &taps, kernels->vectors * kernels->lanes) *
			    (int64_t)sizeof(int32_t);
	gemm->gather = gather;
	qgemm_gathers(qgemm, taps.num * taps.depth);
	return EDGE_OK;
}
