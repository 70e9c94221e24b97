// SPDX-License-Identifier: MIT
/* Whatever pairs are found: that kernels may multiply them, and that nothing is lost. */
#include "backend/cpu/ops/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "backend/cpu/ops/number.h"

#define WINDOW CPU_PGEMM_WINDOW
#define GROUP CPU_PGEMM_GROUP
#define WIDTH CPU_QGEMM_MAX_WIDTH

static uint32_t state = 1;

static int random_between(int low, int high)
{
	state = state * 1664525 + 1013904223;
	return low + (int)((state >> 8) % (uint32_t)(high - low + 1));
}

static void assert_in_limits(const struct pairs_group *group)
{
	for (int j = 0; j < WIDTH; j++) {
		for (int i = 0; i < GROUP; i += 2) {
			const int a = group->weights[j][i], b = group->weights[j][i + 1];
			const int most = (a > 0 ? a : 0) + (b > 0 ? b : 0);
			const int least = (a < 0 ? a : 0) + (b < 0 ? b : 0);

			assert_in_range(most, 0, 128);
			assert_in_range(-least, 0, 128);
		}
	}
}

/* Returns how many groups there are. */
static int check(const struct pairs_window *window)
{
	const int needed = (int)divide_up(WINDOW - window->first, GROUP);
	struct pairs_group groups[PAIRS_MAX_GROUPS];
	int sums[WINDOW][WIDTH] = { 0 }, seen[WINDOW] = { 0 };
	const int num = pairs_make_groups(window, groups);

	assert_in_range(num, needed, PAIRS_MAX_GROUPS);
	for (int g = 0; g < num; g++) {
		assert_in_limits(&groups[g]);
		for (int i = 0; i < GROUP; i++) {
			const int channel = groups[g].channels[i];

			if (channel == PAIRS_NONE)
				continue;
			assert_in_range(channel, window->first, WINDOW - 1);
			seen[channel] += g < needed;
			for (int j = 0; j < WIDTH; j++)
				sums[channel][j] += groups[g].weights[j][i];
		}
	}
	for (int i = window->first; i < WINDOW; i++) {
		assert_int_equal(seen[i], 1);
		for (int j = 0; j < WIDTH; j++)
			assert_int_equal(sums[i][j], window->weights[i][j]);
	}
	return num;
}

static void fill(struct pairs_window *window, int low, int high)
{
	for (int i = 0; i < WINDOW; i++) {
		for (int j = 0; j < WIDTH; j++)
			window->weights[i][j] = (int8_t)random_between(low, high);
	}
}

static void any_weights(void **unused)
{
	for (int i = 0; i < 2000; i++) {
		const int most = random_between(0, 127);
		struct pairs_window window = { .first = random_between(0, WINDOW - 1) };

		fill(&window, -most - random_between(0, 1), most);
		check(&window);
	}
}

static void extreme_weights(void **unused)
{
	static const int8_t extremes[] = { -128, -127, -64, -1, 0, 1, 64, 127 };

	for (int i = 0; i < 2000; i++) {
		struct pairs_window window = { .first = random_between(0, 3) };

		for (int k = 0; k < WINDOW * WIDTH; k++)
			window.weights[k / WIDTH][k % WIDTH] = extremes[random_between(0, 7)];
		check(&window);
	}
}

static void all_alike(void **unused)
{
	struct pairs_window window = { 0 };

	memset(window.weights, -128, sizeof(window.weights));
	assert_int_equal(check(&window), PAIRS_MAX_GROUPS);
	memset(window.weights, 127, sizeof(window.weights));
	assert_int_equal(check(&window), PAIRS_MAX_GROUPS);
	memset(window.weights, 64, sizeof(window.weights));
	assert_int_equal(check(&window), PAIRS_MAX_GROUPS / 2);
}

/* Each channel can be paired with a single other: in each column one of the two is heavy. */
static void only_one_pairing(void **unused)
{
	for (int i = 0; i < 100; i++) {
		struct pairs_window window = { 0 };
		int order[WINDOW];

		for (int k = 0; k < WINDOW; k++) {
			const int other = random_between(0, k);

			order[k] = order[other];
			order[other] = k;
		}
		for (int j = 0; j < WIDTH; j++) {
			for (int k = 0; k < WINDOW; k += 2)
				window.weights[order[k + random_between(0, 1)]][j] = 100;
		}
		assert_int_equal(check(&window), WINDOW / GROUP);
	}
}

static void few_channels(void **unused)
{
	for (int first = 1; first < WINDOW; first++) {
		struct pairs_window window = { .first = first };

		fill(&window, -64, 64);
		/* What lies before counts for nothing. */
		memset(window.weights, 127, (size_t)first * WIDTH);
		assert_int_equal(check(&window), divide_up(WINDOW - first, GROUP));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_weights),	cmocka_unit_test(extreme_weights),
		cmocka_unit_test(all_alike),	cmocka_unit_test(only_one_pairing),
		cmocka_unit_test(few_channels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
