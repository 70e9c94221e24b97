// SPDX-License-Identifier: MIT
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "bicycle.h"
#include "car.h"
#include "coco.h"
#include "scene.h"

#define WIDTH 240
#define HEIGHT 160

static uint8_t pixels[2][WIDTH * HEIGHT * 3];

static struct edge_image image_of(int i)
{
	return (struct edge_image) { WIDTH, HEIGHT, EDGE_PIXEL_RGB8, WIDTH * 3, pixels[i] };
}

static void a_seed_is_a_picture(void **state)
{
	struct edge_image a = image_of(0), b = image_of(1);
	struct scene_truth ta, tb;
	uint64_t digest = 0xcbf29ce484222325;

	assert_int_equal(scene_render(1, &a, &ta), EDGE_OK);
	assert_int_equal(scene_render(1, &b, &tb), EDGE_OK);
	assert_memory_equal(pixels[0], pixels[1], sizeof(pixels[0]));
	assert_int_equal(ta.count, tb.count);
	/*
	 * On every machine and from every compiler. Whoever changes the pictures on purpose trains
	 * the model anew and puts the new number here (64-bit FNV-1a of the pixels).
	 */
	for (size_t i = 0; i < sizeof(pixels[0]); i++)
		digest = (digest ^ pixels[0][i]) * 0x100000001b3;
	assert_int_equal(digest, 0x409c3e2cc2ca1548);
	assert_int_equal(scene_render(2, &b, &tb), EDGE_OK);
	assert_memory_not_equal(pixels[0], pixels[1], sizeof(pixels[0]));
}

static void boxes_lie_in_the_image(void **state)
{
	struct edge_image image = image_of(0);
	int seen[SCENE_CLASSES] = { 0 };
	struct scene_truth truth;

	for (uint64_t seed = 0; seed < 25; seed++) {
		assert_int_equal(scene_render(seed, &image, &truth), EDGE_OK);
		for (int i = 0; i < truth.count; i++) {
			const struct scene_box *b = &truth.boxes[i];

			assert_true(b->x0 >= 0 && b->x0 < b->x1 && b->x1 <= WIDTH);
			assert_true(b->y0 >= 0 && b->y0 < b->y1 && b->y1 <= HEIGHT);
			seen[b->label]++;
		}
	}
	for (int i = 0; i < SCENE_CLASSES; i++)
		assert_in_range(seen[i], 5, 25 * 12);
}

static struct view view_of(struct canvas *c)
{
	struct view v = { .canvas = c };
	struct prng r;

	prng_seed(&r, 5);
	light_random(&v.light, &r);
	v.camera = (struct camera) { .focal = 500, .centre = 320, .horizon = 200, .height = 1.6 };
	return v;
}

static void people_are_as_tall_as_they_should(void **state)
{
	struct pose pose = pose_at(0, 10, 0.4);
	struct person person;
	struct prng r;

	prng_seed(&r, 3);
	for (int i = 0; i < 20; i++) {
		struct canvas *c = canvas_create(640, 480);
		struct view v = view_of(c);
		double height;

		person_random(&person, &r);
		person_draw(&v, &person, &pose, PERSON_ALL);
		height = c->extents[0].y1 - c->extents[0].y0;
		/* 50 pixels a metre; a long stride or a run takes some of the height away. */
		assert_true(height > 50 * person.height * 0.86);
		assert_true(height < 50 * person.height * 1.03);
		/* They stand on the ground, 80 pixels below the horizon. */
		assert_true(fabs(c->extents[0].y1 - 280) < 3);
		canvas_destroy(c);
	}
}

static void cars_are_as_long_as_they_say(void **state)
{
	struct pose pose = pose_at(0, 10, 0);
	struct car car;
	struct prng r;

	prng_seed(&r, 4);
	for (int i = 0; i < 10; i++) {
		struct canvas *c = canvas_create(640, 480);
		struct view v = view_of(c);
		double width;

		car_random(&car, &r);
		car_draw(&v, &car, &pose);
		/* Its near side is a half width, less than a metre, nearer than 10. */
		width = c->extents[0].x1 - c->extents[0].x0;
		assert_in_range(width, 50 * car_length(&car), 500 / 9.0 * car_length(&car));
		canvas_destroy(c);
	}
}

static void riders_sit_on_their_bicycles(void **state)
{
	struct bicycle bicycle;
	struct person rider;
	struct prng r;

	prng_seed(&r, 6);
	for (int i = 0; i < 20; i++) {
		bicycle_random(&bicycle, &r);
		person_random(&rider, &r);
		bicycle_mount(&bicycle, &rider);
		assert_true(rider.joints[JOINT_HIPS].y > 0.85);
		assert_true(rider.joints[JOINT_HEAD].y > rider.joints[JOINT_HIPS].y + 0.5);
		for (int side = 0; side < 2; side++) {
			assert_true(rider.joints[JOINT_FOOT + side].y > 0.1);
			assert_true(rider.joints[JOINT_KNEE + side].y >
				    rider.joints[JOINT_FOOT + side].y);
			assert_true(rider.joints[JOINT_HAND + side].x > rider.joints[JOINT_HIPS].x);
		}
	}
}

static void the_truth_is_written_as_coco(void **state)
{
	const struct scene_truth truth = {
		2, { { SCENE_CAR, 10, 20, 110, 70 }, { SCENE_PERSON, 0, 0, 8, 30 } }
	};
	char path[] = "/tmp/edge-coco-XXXXXX";
	struct edge_image image = image_of(0);
	struct coco *coco = coco_create();
	struct edge_error error;
	const char *name, *file;
	int x, y, w, h, category;
	json_t *root;

	close(mkstemp(path));
	assert_int_equal(coco_add(coco, "a.png", &image, &truth), EDGE_OK);
	assert_int_equal(coco_save(coco, path, &error), EDGE_OK);
	root = json_load_file(path, 0, NULL);
	unlink(path);
	assert_non_null(root);
	assert_int_equal(json_unpack(root, "{s:[{s:s}], s:[{s:i, s:[iiii]}], s:[{}, {}, {s:s}]}",
				     "images", "file_name", &file, "annotations", "category_id",
				     &category, "bbox", &x, &y, &w, &h, "categories", "name",
				     &name),
			 0);
	assert_string_equal(file, "a.png");
	assert_string_equal(name, "car");
	assert_int_equal(category, 3);
	assert_true(x == 10 && y == 20 && w == 100 && h == 50);
	assert_int_equal(json_array_size(json_object_get(root, "annotations")), 2);
	json_decref(root);
	assert_int_equal(coco_save(coco, "/nowhere/at/all.json", &error), EDGE_IO_ERROR);
	assert_non_null(strstr(error.message, "/nowhere/at/all.json"));
	coco_destroy(coco);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seed_is_a_picture),
		cmocka_unit_test(boxes_lie_in_the_image),
		cmocka_unit_test(people_are_as_tall_as_they_should),
		cmocka_unit_test(cars_are_as_long_as_they_say),
		cmocka_unit_test(riders_sit_on_their_bicycles),
		cmocka_unit_test(the_truth_is_written_as_coco),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
