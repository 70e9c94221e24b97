// SPDX-License-Identifier: MIT
#include "backend/cpu/ops/pairs.h"

#include <string.h>

#include "backend/cpu/ops/number.h"

#define LIMIT CPU_PGEMM_LIMIT
#define WIDTH CPU_QGEMM_MAX_WIDTH

/* How often the search for pairs begins anew. */
#define ATTEMPTS 6

/**
 * struct search - for pairs
 * @clashes: for each channel, a bit for each that it cannot be paired with
 * @order: a pair is a channel at an even place and the one behind it
 * @num: of channels, a multiple of a group's
 */
struct search {
	uint32_t clashes[CPU_PGEMM_WINDOW];
	uint8_t order[CPU_PGEMM_WINDOW];
	int num;
};

static void find_clashes(const struct pairs_window *window, struct search *search)
{
	uint8_t above[CPU_PGEMM_WINDOW][WIDTH], below[CPU_PGEMM_WINDOW][WIDTH];

	for (int i = window->first; i < CPU_PGEMM_WINDOW; i++) {
		for (int j = 0; j < WIDTH; j++) {
			const int8_t weight = window->weights[i][j];

			above[i][j] = (uint8_t)(weight > 0 ? weight : 0);
			below[i][j] = (uint8_t)(weight < 0 ? -weight : 0);
		}
	}
	for (int i = window->first; i < CPU_PGEMM_WINDOW; i++) {
		for (int k = window->first; k < i; k++) {
			uint8_t clash = 0;

			for (int j = 0; j < WIDTH; j++)
				clash |= (above[i][j] > (uint8_t)(LIMIT - above[k][j])) |
					 (below[i][j] > (uint8_t)(LIMIT - below[k][j]));
			search->clashes[i] |= (uint32_t)clash << k;
			search->clashes[k] |= (uint32_t)clash << i;
		}
	}
}

static int clash(const struct search *search, int a, int b)
{
	return (int)(search->clashes[search->order[a]] >> search->order[b] & 1);
}

static void swap(struct search *search, int a, int b)
{
	const uint8_t channel = search->order[a];

	search->order[a] = search->order[b];
	search->order[b] = channel;
}

static int count_clashes(const struct search *search)
{
	int count = 0;

	for (int i = 0; i < search->num; i += 2)
		count += clash(search, i, i + 1);
	return count;
}

/* Whether fewer of two pairs clash when they exchange channels, which they then do. */
static bool exchange(struct search *search, int a, int b)
{
	const int clashes = clash(search, a, a + 1) + clash(search, b, b + 1);

	if (clash(search, b, a + 1) + clash(search, a, b + 1) < clashes)
		swap(search, a, b);
	else if (clash(search, b + 1, a + 1) + clash(search, a, b) < clashes)
		swap(search, a, b + 1);
	else
		return false;
	return true;
}

/* Exchanges as long as that helps; returns how many pairs clash. */
static int improve(struct search *search)
{
	for (bool changed = true; changed;) {
		changed = false;
		for (int a = 0; a < search->num; a += 2) {
			for (int b = 0; b < a; b += 2)
				changed |= exchange(search, a, b);
		}
	}
	return count_clashes(search);
}

/* A pairing as good as a few attempts make it. Without luck: the same weights make the same program. */
static void find_pairs(struct search *search)
{
	struct search attempt = *search;
	uint32_t random = 1;
	int best = improve(search);

	for (int i = 1; best && i < ATTEMPTS; i++) {
		for (int a = attempt.num - 1; a > 0; a--) {
			random = random * 1664525 + 1013904223;
			swap(&attempt, a, (int)((random >> 16) % (uint32_t)(a + 1)));
		}

		const int clashes = improve(&attempt);

		if (clashes < best) {
			best = clashes;
			*search = attempt;
		}
	}
}

/* Pairs that clash come last, so that few groups have any. */
static void sort_pairs(struct search *search)
{
	for (int a = 0, end = search->num - 2; a < end;) {
		if (!clash(search, a, a + 1)) {
			a += 2;
			continue;
		}
		swap(search, a, end);
		swap(search, a + 1, end + 1);
		end -= 2;
	}
}

static bool exceeds(int a, int b)
{
	return a + b > LIMIT || a + b < -LIMIT;
}

/* Half of what a pair may weigh, at most. */
static int8_t half_of(int8_t weight)
{
	return (int8_t)(weight > LIMIT / 2 ? LIMIT / 2 : weight < -LIMIT / 2 ? -LIMIT / 2 : weight);
}

/* Weights that exceed a pair are cut, and @rest has what is cut off. Those of unlike sign never do. */
static void split_pair(int8_t *pair, int8_t *rest)
{
	for (int i = 0; i < 2; i++)
		rest[i] = 0;
	if (!exceeds(pair[0], pair[1]))
		return;
	for (int i = 0; i < 2; i++) {
		const int8_t half = half_of(pair[i]);

		rest[i] = (int8_t)(pair[i] - half);
		pair[i] = half;
	}
}

static void fill_group(const struct pairs_window *window, const uint8_t *order,
		       struct pairs_group *group)
{
	memset(group, 0, sizeof(*group));
	for (int i = 0; i < CPU_PGEMM_GROUP; i++) {
		const int channel = order[i];

		group->channels[i] = PAIRS_NONE;
		if (channel < window->first)
			continue;
		group->channels[i] = order[i];
		for (int j = 0; j < WIDTH; j++)
			group->weights[j][i] = window->weights[channel][j];
	}
}

static void split_group(struct pairs_group *group, struct pairs_group *rest)
{
	memcpy(rest->channels, group->channels, sizeof(rest->channels));
	for (int j = 0; j < WIDTH; j++) {
		for (int i = 0; i < CPU_PGEMM_GROUP; i += 2)
			split_pair(&group->weights[j][i], &rest->weights[j][i]);
	}
}

int pairs_make_groups(const struct pairs_window *window, struct pairs_group *groups)
{
	const int channels = CPU_PGEMM_WINDOW - window->first;
	const int num = (int)divide_up(channels, CPU_PGEMM_GROUP);
	struct search search = { .num = num * CPU_PGEMM_GROUP };
	int rests = 0;

	find_clashes(window, &search);
	/* Behind the last come some that count for nothing, and clash with none. */
	for (int i = 0; i < search.num; i++)
		search.order[i] = (uint8_t)(CPU_PGEMM_WINDOW - 1 - i);
	find_pairs(&search);
	sort_pairs(&search);
	for (int g = 0; g < num; g++) {
		const int at = g * CPU_PGEMM_GROUP;

		fill_group(window, search.order + at, &groups[g]);
		if (clash(&search, at, at + 1) || clash(&search, at + 2, at + 3))
			split_group(&groups[g], &groups[num + rests++]);
	}
	return num + rests;
}
