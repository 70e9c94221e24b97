// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "vision/card.h"

static const struct edge_limits limits = { .text_bytes = 1 << 20 };
static char scratch[] = "/tmp/edge-test-card-XXXXXX";

static enum edge_status parse(const char *text, struct edge_card *card, struct edge_error *error)
{
	return edge_card_parse(text, strlen(text), "my.json", "my.json", &limits, card, error);
}

static void every_key_is_read(void **state)
{
	static const char text[] =
		"{ \"version\": 1,"
		"  \"input\": { \"resize\": \"letterbox-centre\", \"colour\": \"bgr\","
		"    \"mean\": [1, 2.5, 3], \"std\": 4, \"pad\": 114 },"
		"  \"head\": { \"family\": \"yolov7\", \"classes\": 3, \"strides\": [8, 16.5],"
		"    \"anchors\": [[[1, 2], [3, 4]], [[5, 6.5]]], \"bins\": 17,"
		"    \"scores\": \"logits\", \"boxes\": \"decoded\", \"point\": \"corner\","
		"    \"first_class\": 1 },"
		"  \"labels\": [\"a\", \"b c\", \"d\"],"
		"  \"score_threshold\": 0.125, \"iou_threshold\": 1 }";
	struct edge_preprocess_settings input = { .scale = { 9, 9, 9 }, .mean = { 9, 9, 9 } };
	struct edge_error error;
	struct edge_card card;

	if (parse(text, &card, &error))
		fail_msg("%s", error.message);
	edge_card_apply(&card, &input);
	assert_int_equal(input.fit, EDGE_FIT_LETTERBOX_CENTRE);
	assert_int_equal(input.colour, EDGE_COLOUR_BGR);
	assert_int_equal(input.pad, 114);
	assert_true(input.mean[0] == 1 && input.mean[1] == 2.5f && input.mean[2] == 3);
	assert_true(input.scale[0] == 0.25f && input.scale[2] == 0.25f);
	assert_string_equal(card.head.family, "yolov5");
	assert_int_equal(card.head.num_classes, 3);
	assert_int_equal(card.head.num_strides, 2);
	assert_true(card.head.strides[1] == 16.5f);
	assert_int_equal(card.head.num_anchors[0], 2);
	assert_int_equal(card.head.num_anchors[1], 1);
	assert_true(card.head.anchors[0][1][0] == 3 && card.head.anchors[1][0][1] == 6.5f);
	assert_int_equal(card.head.bins, 17);
	assert_int_equal(card.head.scores, EDGE_SCORES_LOGITS);
	assert_int_equal(card.head.boxes, EDGE_BOXES_DECODED);
	assert_int_equal(card.head.point, EDGE_POINT_CORNER);
	assert_int_equal(card.head.first_class, 1);
	assert_int_equal(card.labels.count, 3);
	assert_string_equal(card.labels.names[1], "b c");
	assert_true(card.score_threshold == 0.125f && card.iou_threshold == 1);
	edge_card_finish(&card);
}

static void an_empty_card_changes_nothing(void **state)
{
	struct edge_preprocess_settings input = { .fit = EDGE_FIT_LETTERBOX, .mean = { 7, 8, 9 } };
	struct edge_error error;
	struct edge_card card;

	assert_int_equal(parse("{\"version\":1}", &card, &error), EDGE_OK);
	edge_card_apply(&card, &input);
	assert_int_equal(input.fit, EDGE_FIT_LETTERBOX);
	assert_true(input.mean[2] == 9);
	assert_null(card.head.family);
	assert_true(card.score_threshold < 0 && card.iou_threshold < 0);
	edge_card_finish(&card);
}

static void mistakes_are_named(void **state)
{
	static const struct {
		const char *text, *named;
	} mistakes[] = {
		{ "", "line" },
		{ "[1]", "object" },
		{ "{}", "version" },
		{ "{\"version\": 2}", "version" },
		{ "{\"version\": \"1\"}", "version" },
		{ "{\"version\": 1,\n\"head\": {]}", "line 2" },
		{ "{\"version\": 1, \"version\": 1}", "duplicate" },
		{ "{\"version\": 1, \"colour\": \"rgb\"}", "\"colour\"" },
		{ "{\"version\": 1, \"input\": {\"color\": \"rgb\"}}", "\"color\" in input" },
		{ "{\"version\": 1, \"input\": {\"colour\": \"hsv\"}}", "rgb" },
		{ "{\"version\": 1, \"input\": {\"colour\": 3}}", "rgb" },
		{ "{\"version\": 1, \"input\": {\"resize\": \"crop\"}}", "stretch" },
		{ "{\"version\": 1, \"input\": {\"mean\": [1, 2]}}", "mean" },
		{ "{\"version\": 1, \"input\": {\"mean\": \"1\"}}", "mean" },
		{ "{\"version\": 1, \"input\": {\"scale\": 0}}", "scale" },
		{ "{\"version\": 1, \"input\": {\"std\": 0}}", "std" },
		{ "{\"version\": 1, \"input\": {\"std\": 1e300}}", "std" },
		{ "{\"version\": 1, \"input\": {\"std\": 1, \"scale\": 1}}", "keep one" },
		{ "{\"version\": 1, \"input\": {\"pad\": 256}}", "pad" },
		{ "{\"version\": 1, \"input\": 3}", "input" },
		{ "{\"version\": 1, \"head\": {\"family\": \"yolov99\"}}", "family" },
		{ "{\"version\": 1, \"head\": {\"family\": 5}}", "family" },
		{ "{\"version\": 1, \"head\": {\"classes\": 0}}", "classes" },
		{ "{\"version\": 1, \"head\": {\"classes\": 99999999999}}", "classes" },
		{ "{\"version\": 1, \"head\": {\"strides\": []}}", "strides" },
		{ "{\"version\": 1, \"head\": {\"strides\": [1,2,3,4,5,6,7,8,9]}}", "strides" },
		{ "{\"version\": 1, \"head\": {\"strides\": [0.5]}}", "strides" },
		{ "{\"version\": 1, \"head\": {\"anchors\": [[1, 2]]}}", "anchors" },
		{ "{\"version\": 1, \"head\": {\"anchors\": [[[1, -2]]]}}", "anchors" },
		{ "{\"version\": 1, \"head\": {\"anchors\": [[]]}}", "anchors" },
		{ "{\"version\": 1, \"head\": {\"bins\": 65}}", "bins" },
		{ "{\"version\": 1, \"head\": {\"scores\": \"sigmoid\"}}", "logits" },
		{ "{\"version\": 1, \"head\": {\"boxes\": 1}}", "boxes" },
		{ "{\"version\": 1, \"head\": {\"point\": \"middle\"}}", "point" },
		{ "{\"version\": 1, \"labels\": []}", "labels" },
		{ "{\"version\": 1, \"labels\": {}}", "labels" },
		{ "{\"version\": 1, \"labels\": [\"a\", 2]}", "labels" },
		{ "{\"version\": 1, \"score_threshold\": 1.5}", "score_threshold" },
		{ "{\"version\": 1, \"iou_threshold\": \"0.5\"}", "iou_threshold" },
	};

	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		struct edge_error error;
		struct edge_card card;

		if (parse(mistakes[i].text, &card, &error) != EDGE_BAD_FORMAT)
			fail_msg("accepted: %s", mistakes[i].text);
		if (!strstr(error.message, mistakes[i].named) || !strstr(error.message, "my.json"))
			fail_msg("%s: %s", mistakes[i].text, error.message);
		assert_int_equal(card.labels.count, 0);
	}
}

static void write_text(const char *name, const char *text, char *path, size_t size)
{
	struct edge_file_part part = { text, strlen(text) };

	snprintf(path, size, "%s/%s", scratch, name);
	assert_int_equal(edge_file_write(path, &part, 1, NULL), EDGE_OK);
}

static void labels_stand_beside_the_card(void **state)
{
	char names[256], path[256];
	struct edge_error error;
	struct edge_card card;

	write_text("names.txt", "person\r\nbicycle\n\nlast\n\n", names, sizeof(names));
	write_text("card.json", "{\"version\": 1, \"labels\": \"names.txt\"}", path, sizeof(path));
	if (edge_card_load(path, &limits, &card, &error))
		fail_msg("%s", error.message);
	/* An empty line in between is a class without a name. */
	assert_int_equal(card.labels.count, 4);
	assert_string_equal(card.labels.names[0], "person");
	assert_string_equal(card.labels.names[2], "");
	assert_string_equal(card.labels.names[3], "last");
	edge_card_finish(&card);

	write_text("names.txt", "\n\n", names, sizeof(names));
	assert_int_equal(edge_card_load(path, &limits, &card, &error), EDGE_BAD_FORMAT);
	assert_non_null(strstr(error.message, "names.txt"));
	unlink(names);
	assert_int_equal(edge_card_load(path, &limits, &card, &error), EDGE_IO_ERROR);
	assert_non_null(strstr(error.message, names));
	unlink(path);
	assert_int_equal(edge_card_load(path, &limits, &card, &error), EDGE_IO_ERROR);
}

static void names_of_exporters(void **state)
{
	static const char *const good[] = {
		"{0: 'person', 1: \"driver's seat\"}",
		"['person', \"driver's seat\"]",
		"['person', 'driver\\'s seat']",
		"{\"0\": \"person\", \"1\": \"driver's seat\"}",
		"[\"person\",\"driver's seat\",]",
	};
	static const char *const bad[] = {
		"",
		"person",
		"{",
		"[",
		"{0: 'a'",
		"['a'",
		"['a",
		"{1: 'a'}",
		"{0 'a'}",
		"{0: a}",
		"{0: 'a' 1: 'b'}",
		"{'0: 'a'}",
		"{0: 'a', 2: 'b'}",
		"[a]",
		"['a' 'b']",
		"['\\",
	};
	struct edge_labels labels = { 0 };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(edge_labels_parse(good[i], &labels, NULL), EDGE_OK);
		assert_int_equal(labels.count, 2);
		assert_string_equal(labels.names[0], "person");
		assert_string_equal(labels.names[1], "driver's seat");
		edge_labels_finish(&labels);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(edge_labels_parse(bad[i], &labels, NULL), EDGE_BAD_FORMAT);
		assert_int_equal(labels.count, 0);
	}
}

static void load_names(struct edge_labels *labels, int count, const char *first)
{
	for (int i = 0; i < count; i++) {
		char name[16];

		snprintf(name, sizeof(name), "name %d", i);
		if (i == 0 && first)
			snprintf(name, sizeof(name), "%s", first);
		assert_int_equal(edge_labels_add(labels, name, strlen(name), NULL), EDGE_OK);
	}
}

/* Lists that begin with the background, and COCO's 80 names for its 90 numbers. */
static void names_for_other_numbers(void **state)
{
	static const struct {
		int count, num_classes, fitted;
		const char *first;
	} cases[] = {
		{ 91, 90, 90, "???" }, { 3, 2, 2, "Background" }, { 3, 2, 3, "backdrop" },
		{ 3, 3, 3, "???" },    { 80, 90, 90, NULL },	  { 80, 80, 80, NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct edge_labels labels = { 0 };

		load_names(&labels, cases[i].count, cases[i].first);
		assert_int_equal(edge_labels_fit(&labels, cases[i].num_classes, NULL), EDGE_OK);
		assert_int_equal(labels.count, cases[i].fitted);
		if (cases[i].fitted < cases[i].count)
			assert_string_equal(labels.names[0], "name 1");
		if (cases[i].fitted > cases[i].count) {
			/* A stop sign is number 13 and the 12th name; a toothbrush is the last. */
			assert_string_equal(labels.names[12], "name 11");
			assert_string_equal(labels.names[11], "");
			assert_string_equal(labels.names[89], "name 79");
		}
		edge_labels_finish(&labels);
	}
}

/* From the category list of the annotations: id and name, where the position among the 80 is
 * known. */
static void coco_names(void **state)
{
	static const struct {
		int id, position;
		const char *name;
	} some[] = {
		{ 1, 0, "person" },	    { 3, 2, "car" },	  { 13, 11, "stop sign" },
		{ 27, 24, "backpack" },	    { 44, 39, "bottle" }, { 62, 56, "chair" },
		{ 67, 60, "dining table" }, { 72, 62, "tv" },	  { 84, 73, "book" },
		{ 90, 79, "toothbrush" },
	};

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		assert_string_equal(edge_labels_coco(80, some[i].position), some[i].name);
		assert_string_equal(edge_labels_coco(90, some[i].id - 1), some[i].name);
	}
	assert_null(edge_labels_coco(90, 11));
	assert_null(edge_labels_coco(20, 0));
}

static int make_scratch(void **state)
{
	return mkdtemp(scratch) ? 0 : -1;
}

static int drop_scratch(void **state)
{
	return rmdir(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_is_read),
		cmocka_unit_test(an_empty_card_changes_nothing),
		cmocka_unit_test(mistakes_are_named),
		cmocka_unit_test(labels_stand_beside_the_card),
		cmocka_unit_test(names_of_exporters),
		cmocka_unit_test(names_for_other_numbers),
		cmocka_unit_test(coco_names),
	};

	return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
