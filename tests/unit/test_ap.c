// SPDX-License-Identifier: MIT
/* The expected values were worked out by hand from the definition; `make eval-models` compares with
 * pycocotools' own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ap.h"

#define TRUTH(number, c, ...) \
	{ \
		.image = number, .category = c, .box = __VA_ARGS__, .area = 10000 \
	}

static struct ap_result judge(struct ap_truth *truth, size_t num_truth,
			      struct ap_detection *detections, size_t num_detections)
{
	struct ap_result result;

	assert_true(ap_evaluate(truth, num_truth, detections, num_detections, 2, &result));
	return result;
}

static void perfect_detections_score_one(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }),
				    TRUTH(2, 1, { 5, 5, 100, 100 }) };
	struct ap_detection detections[] = { { 1, 0, { 0, 0, 100, 100 }, 0.9 },
					     { 2, 1, { 5, 5, 100, 100 }, 0.2 } };
	struct ap_result result = judge(truth, 2, detections, 2);

	assert_float_equal(result.ap[AP_ALL], 1, 1e-12);
	assert_float_equal(result.recall, 1, 1e-12);
	assert_float_equal(result.ap[AP_SMALL], -1, 0);
	ap_result_finish(&result);
}

/* 80 of 100 columns overlap: IoU .8 counts at .50 to .80, seven of ten thresholds. */
static void thresholds_count_by_overlap(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }) };
	struct ap_detection detections[] = { { 1, 0, { 0, 0, 80, 100 }, 0.5 } };
	struct ap_result result = judge(truth, 1, detections, 1);

	assert_float_equal(result.ap[AP_ALL], 0.7, 1e-9);
	assert_float_equal(result.ap50, 1, 1e-9);
	assert_float_equal(result.category_ap[1], -1, 0);
	ap_result_finish(&result);
}

/* A false one ranks between two true ones: precision 1 up to recall .5 (51 points), 2/3 above (50
 * points). */
static void a_false_detection_costs_precision(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }),
				    TRUTH(1, 0, { 300, 0, 100, 100 }) };
	struct ap_detection detections[] = { { 1, 0, { 0, 0, 100, 100 }, 0.9 },
					     { 1, 0, { 0, 300, 100, 100 }, 0.8 },
					     { 1, 0, { 300, 0, 100, 100 }, 0.7 } };
	struct ap_result result = judge(truth, 2, detections, 3);

	assert_float_equal(result.ap50, (51 + 50 * 2.0 / 3) / 101, 1e-9);
	ap_result_finish(&result);
}

/*
 * The better score takes the object up to IoU .90, and the other box is false. At .95 only the
 * other fits: precision one half.
 */
static void an_object_is_found_once(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }) };
	struct ap_detection detections[] = { { 1, 0, { 0, 0, 100, 100 }, 0.5 },
					     { 1, 0, { 0, 0, 92, 100 }, 0.9 } };
	struct ap_result result = judge(truth, 1, detections, 2);

	assert_float_equal(result.ap50, 1, 1e-9);
	assert_float_equal(result.ap[AP_ALL], 0.95, 1e-9);
	assert_float_equal(result.recall, 1, 1e-9);
	ap_result_finish(&result);
}

static void crowds_neither_help_nor_harm(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }),
				    TRUTH(1, 0, { 200, 200, 400, 400 }) };
	struct ap_detection detections[] = { { 1, 0, { 220, 220, 50, 50 }, 0.9 },
					     { 1, 0, { 320, 220, 50, 50 }, 0.8 },
					     { 1, 0, { 0, 0, 100, 100 }, 0.7 } };
	struct ap_result result;

	truth[1].ignore = true;
	result = judge(truth, 2, detections, 3);
	assert_float_equal(result.ap[AP_ALL], 1, 1e-9);
	ap_result_finish(&result);
}

static void nothing_found_scores_zero(void **state)
{
	struct ap_truth truth[] = { TRUTH(1, 0, { 0, 0, 100, 100 }) };
	struct ap_result result = judge(truth, 1, NULL, 0);

	assert_float_equal(result.ap[AP_ALL], 0, 0);
	ap_result_finish(&result);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(perfect_detections_score_one),
		cmocka_unit_test(thresholds_count_by_overlap),
		cmocka_unit_test(a_false_detection_costs_precision),
		cmocka_unit_test(an_object_is_found_once),
		cmocka_unit_test(crowds_neither_help_nor_harm),
		cmocka_unit_test(nothing_found_scores_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
