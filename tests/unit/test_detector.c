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

#include "base/file.h"
#include "edge/edge.h"
#include "graph/infer.h"
#include "runtime/program.h"

/*
 * A Darknet network whose boxes are known without running one: a convolution that looks at the top
 * left pixel of each cell of 32 x 32 and sees an object where that pixel is red. Objectness is
 * 20 * red - 10 and the class's logit 20 * green + 3; everything else is 0, so that a box stands in
 * the middle of its cell and has the size of its anchor.
 */
#define SIDE 64
#define CELL 32
#define NUMBERS 7

static const char cfg[] =
	"[net]\nwidth=64\nheight=64\nchannels=3\n"
	"[convolutional]\nfilters=7\nsize=1\nstride=32\npad=0\nactivation=linear\n"
	"[yolo]\nmask=0\nanchors=20,10\nclasses=2\nnum=1\n";

static char scratch[] = "/tmp/edge-test-detector-XXXXXX";
static char model_path[256], weights_path[256], card_path[256], program_path[256];

static void write_file(const char *path, const void *bytes, size_t size)
{
	struct edge_file_part part = { bytes, size };

	assert_int_equal(edge_file_write(path, &part, 1, NULL), EDGE_OK);
}

static void write_card(const char *text)
{
	write_file(card_path, text, strlen(text));
}

static void write_model(void)
{
	struct {
		int32_t version[3];
		uint64_t seen;
		float biases[NUMBERS];
		float weights[NUMBERS][3];
	} __attribute__((packed)) file = { .version = { 0, 2, 5 } };

	file.biases[4] = -10;
	file.weights[4][0] = 20;
	file.biases[5] = 3;
	file.weights[5][1] = 20;
	file.biases[6] = -3;
	write_file(weights_path, &file, sizeof(file));
	write_file(model_path, cfg, strlen(cfg));
}

/* Grey but for one red cell: @x, @y of its top left pixel, sides of @size. */
static struct edge_image *make_image(int width, int height, enum edge_pixel_format format, int x,
				     int y, int size)
{
	bool blue_first = format == EDGE_PIXEL_BGR8 || format == EDGE_PIXEL_BGRX8;
	int pixel_size = format == EDGE_PIXEL_RGBX8 || format == EDGE_PIXEL_BGRX8 ? 4 : 3;
	struct edge_image *image;

	assert_int_equal(edge_image_create(width, height, format, &image, NULL), EDGE_OK);
	for (int row = y; row < y + size; row++) {
		for (int column = x; column < x + size; column++)
			image->data[row * image->stride + column * pixel_size +
				    (blue_first ? 2 : 0)] = 255;
	}
	return image;
}

static struct edge_detector *open_detector(const char *path, const char *card)
{
	struct edge_detector_settings settings;
	struct edge_detector *detector;
	struct edge_error error;

	edge_detector_settings_default(&settings);
	settings.card = card;
	settings.threads = 1;
	if (edge_detector_open(path, &settings, &detector, &error))
		fail_msg("%s", error.message);
	return detector;
}

static double sigmoid(double x)
{
	return 1 / (1 + exp(-x));
}

static void check_box(const struct edge_detection *box, float x0, float y0, float x1, float y1)
{
	assert_float_equal(box->x0, x0, 1e-3);
	assert_float_equal(box->y0, y0, 1e-3);
	assert_float_equal(box->x1, x1, 1e-3);
	assert_float_equal(box->y1, y1, 1e-3);
	assert_float_equal(box->score, sigmoid(10) * sigmoid(3), 1e-5);
	assert_int_equal(box->class_id, 0);
	assert_int_equal(box->num_points, 0);
}

static void any_pixel_format(void **state)
{
	struct edge_detector *detector = open_detector(model_path, NULL);

	assert_string_equal(edge_detector_family(detector), "yolov3");
	assert_int_equal(edge_detector_num_classes(detector), 2);
	assert_string_equal(edge_detector_label(detector, 1), "class 1");
	for (int format = EDGE_PIXEL_RGB8; format <= EDGE_PIXEL_BGRX8; format++) {
		struct edge_image *image =
			make_image(SIDE, SIDE, (enum edge_pixel_format)format, CELL, 0, CELL);
		const struct edge_detection *boxes;
		size_t count;

		assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
		assert_int_equal(count, 1);
		check_box(boxes, 48 - 10, 16 - 5, 48 + 10, 16 + 5);
		edge_image_destroy(image);
	}
	edge_detector_destroy(detector);
}

static void grey_images(void **state)
{
	struct edge_detector *detector = open_detector(model_path, NULL);
	const struct edge_detection *boxes;
	struct edge_image *image;
	size_t count;

	assert_int_equal(edge_image_create(SIDE, SIDE, EDGE_PIXEL_GRAY8, &image, NULL), EDGE_OK);
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 0);
	memset(image->data, 255, SIDE * SIDE);
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 4);
	edge_image_destroy(image);
	edge_detector_destroy(detector);
}

/* Stretched, a cell is 64 x 32 pixels of an image of 128 x 64, and the box grows with it. */
static void stretched_images(void **state)
{
	struct edge_detector *detector = open_detector(model_path, NULL);
	struct edge_image *image = make_image(128, 64, EDGE_PIXEL_RGB8, 64, 32, 32);
	const struct edge_detection *boxes;
	size_t count;

	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 1);
	check_box(boxes, 96 - 20, 48 - 5, 96 + 20, 48 + 5);
	edge_image_destroy(image);
	edge_detector_destroy(detector);
}

/* In the middle of the input the image of 128 x 64 covers rows 16 to 47: the cell of row 1
 * begins at row 32 of the input, which is row 32 of the image, and its box ends at its border. */
static void card_and_letterbox(void **state)
{
	static const char text[] = "{\"version\": 1, \"input\": {\"resize\": \"letterbox-centre\","
				   "\"pad\": 0}, \"labels\": [\"thing\", \"other\"],"
				   "\"head\": {\"anchors\": [[[20, 10]]], \"strides\": [32]}}";
	struct edge_image *image = make_image(128, 64, EDGE_PIXEL_RGB8, 0, 32, 32);
	const struct edge_detection *boxes;
	struct edge_detector *detector;
	size_t count;

	write_card(text);
	detector = open_detector(model_path, card_path);
	assert_string_equal(edge_detector_label(detector, 1), "other");
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 1);
	/* In the input 6 to 26 and 43 to 53; y in the image is 2 * (43 - 16) and clipped. */
	check_box(boxes, 12, 54, 52, 64);
	edge_image_destroy(image);
	edge_detector_destroy(detector);
}

static void program_with_shapes(void)
{
	const struct edge_input_shape shape = { .rank = 4, .dims = { 1, 3, 96, 96 } };
	struct edge_detector_settings settings;
	struct edge_detector *detector;
	struct edge_error error;

	edge_detector_settings_default(&settings);
	settings.shapes = &shape;
	settings.num_shapes = 1;
	assert_int_equal(edge_detector_open(program_path, &settings, &detector, &error),
			 EDGE_INVALID_ARGUMENT);
	assert_non_null(strstr(error.message, "compile"));
}

static void programs_keep_their_card(void **state)
{
	struct edge_image *image = make_image(SIDE, SIDE, EDGE_PIXEL_RGB8, 0, CELL, CELL);
	struct edge_compile_settings settings;
	const struct edge_detection *boxes;
	struct edge_detector *detector;
	struct edge_program *program;
	struct edge_model *model;
	size_t count;

	assert_int_equal(edge_model_load(model_path, NULL, &model, NULL), EDGE_OK);
	edge_compile_settings_default(&settings);
	settings.card = "{\"version\": 1, \"labels\": \"names.txt\", \"score_threshold\": 0.9}";
	assert_int_equal(edge_compile(model, &settings, &program, NULL), EDGE_OK);
	assert_int_equal(edge_program_save(program, program_path, NULL), EDGE_OK);
	edge_program_destroy(program);
	edge_model_destroy(model);
	/* A path of labels starts from the program's folder. */
	write_file(card_path, "left\nright\n", 11);

	detector = open_detector(program_path, NULL);
	assert_string_equal(edge_detector_label(detector, 0), "left");
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 1);
	check_box(boxes, 16 - 10, 48 - 5, 16 + 10, 48 + 5);
	edge_detector_destroy(detector);

	/* The caller's thresholds come before the card's. */
	write_card("{\"version\": 1, \"score_threshold\": 0.96}");
	detector = open_detector(program_path, card_path);
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 0);
	edge_detector_destroy(detector);
	edge_image_destroy(image);
	program_with_shapes();
	unlink(program_path);
}

static void settings_limit_the_boxes(void **state)
{
	struct edge_image *image = make_image(SIDE, SIDE, EDGE_PIXEL_RGB8, 0, 0, SIDE);
	struct edge_detector_settings settings;
	const struct edge_detection *boxes;
	struct edge_detector_times times;
	struct edge_detector *detector;
	size_t count;

	edge_detector_settings_default(&settings);
	settings.max_detections = 3;
	settings.threads = 1;
	assert_int_equal(edge_detector_open(model_path, &settings, &detector, NULL), EDGE_OK);
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 3);
	edge_detector_times(detector, &times);
	assert_true(times.preprocess > 0 && times.infer > 0 && times.postprocess > 0);
	edge_detector_destroy(detector);

	settings.score_threshold = 0.96f;
	assert_int_equal(edge_detector_open(model_path, &settings, &detector, NULL), EDGE_OK);
	assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
	assert_int_equal(count, 0);
	edge_detector_destroy(detector);
	edge_image_destroy(image);
}

static struct edge_tensor *add_tensor(struct edge_graph *graph, enum edge_type type, int channels,
				      int side, float scale, int32_t zero_point)
{
	const int64_t dims[] = { 1, channels, side, side };
	struct edge_tensor *tensor = edge_graph_add_tensor(graph, NULL);

	edge_tensor_set_shape(tensor, type, 4, dims);
	if (type != EDGE_F32)
		assert_true(edge_tensor_set_quant(tensor, -1, 1, &scale, &zero_point));
	return tensor;
}

static void add_node(struct edge_graph *graph, enum edge_op op, struct edge_tensor *x,
		     struct edge_tensor *y)
{
	struct edge_node *node = edge_graph_add_node(graph, op, NULL, 1, 1);

	edge_node_set_input(node, 0, x);
	edge_node_set_output(node, 0, y);
}

/* The same network on bytes: 127 is a weight of 20, and sums are in steps of 1 / 255 of that. Its
 * ends are i8, or a QuantizeLinear and a DequantizeLinear. */
static struct edge_graph *make_quantised(bool reals)
{
	const int64_t weight_dims[] = { NUMBERS, 3, 1, 1 }, bias_dims[] = { NUMBERS };
	const float weight_scale = 20 / 127.0f;
	const int32_t zero = 0;
	struct edge_graph *graph = edge_graph_create("quantised");
	struct edge_tensor *image = add_tensor(graph, EDGE_F32, 3, SIDE, 0, 0);
	struct edge_tensor *pixels = add_tensor(graph, EDGE_I8, 3, SIDE, 1 / 255.0f, -128);
	struct edge_tensor *numbers = add_tensor(graph, EDGE_I8, NUMBERS, 2, 0.125f, 8);
	struct edge_tensor *output = add_tensor(graph, EDGE_F32, NUMBERS, 2, 0, 0);
	struct edge_tensor *weight =
		edge_graph_add_constant(graph, NULL, EDGE_I8, 4, weight_dims, NULL);
	struct edge_tensor *bias =
		edge_graph_add_constant(graph, NULL, EDGE_I32, 1, bias_dims, NULL);
	struct edge_node *conv;

	edge_graph_add_input(graph, reals ? image : pixels);
	if (reals)
		add_node(graph, EDGE_OP_QUANTIZE, image, pixels);
	conv = edge_graph_add_node(graph, EDGE_OP_CONV, NULL, 3, 1);
	assert_true(edge_tensor_set_quant(weight, -1, 1, &weight_scale, &zero));
	((int8_t(*)[3])weight->data)[4][0] = 127;
	((int8_t(*)[3])weight->data)[5][1] = 127;
	((int32_t *)bias->data)[4] = (int32_t)lrintf(-10 / (weight_scale / 255));
	((int32_t *)bias->data)[5] = (int32_t)lrintf(3 / (weight_scale / 255));
	((int32_t *)bias->data)[6] = -((int32_t *)bias->data)[5];
	for (int i = 0; i < 2; i++) {
		conv->params.conv.kernel[i] = 1;
		conv->params.conv.stride[i] = CELL;
	}
	edge_node_set_input(conv, 0, pixels);
	edge_node_set_input(conv, 1, weight);
	edge_node_set_input(conv, 2, bias);
	edge_node_set_output(conv, 0, numbers);
	if (reals)
		add_node(graph, EDGE_OP_DEQUANTIZE, numbers, output);
	edge_graph_add_output(graph, reals ? output : numbers);
	assert_int_equal(edge_infer_graph(graph, NULL), EDGE_OK);
	return graph;
}

static void save_quantised(bool reals, bool quantised_io)
{
	struct edge_compile_settings settings;
	struct edge_tensor_info input, output;
	struct edge_program *program;
	struct edge_error error;

	edge_compile_settings_default(&settings);
	settings.quantised_io = quantised_io;
	settings.native_io = quantised_io;
	settings.card = "{\"version\": 1, \"head\": {\"family\": \"yolov3\", \"classes\": 2,"
			"\"anchors\": [[[20, 10]]], \"strides\": [32]}}";
	if (edge_compile_graph(make_quantised(reals), &settings, &program, &error))
		fail_msg("%s", error.message);
	assert_int_equal(edge_program_save(program, program_path, NULL), EDGE_OK);
	edge_program_destroy(program);

	assert_int_equal(edge_program_load(program_path, &program, NULL), EDGE_OK);
	assert_int_equal(edge_program_input(program, 0, &input), EDGE_OK);
	assert_int_equal(edge_program_output(program, 0, &output), EDGE_OK);
	if (quantised_io || !reals) {
		assert_true(input.quantised && output.quantised);
		assert_int_equal(input.type, quantised_io ? EDGE_U8 : EDGE_I8);
		assert_int_equal(input.zero_point, quantised_io ? 0 : -128);
		assert_true(input.scale == 1 / 255.0f);
		assert_true(output.scale == 0.125f);
		assert_int_equal(output.zero_point - (output.type == EDGE_I8 ? 0 : 128), 8);
	} else {
		assert_true(!input.quantised && !output.quantised);
		assert_int_equal(input.type, EDGE_F32);
		assert_true(input.scale == 0 && output.scale == 0);
	}
	edge_program_destroy(program);
}

/* The detector reads the bytes of such a network itself, and finds the same. */
static void quantised_networks(void **state)
{
	struct edge_image *image = make_image(128, 64, EDGE_PIXEL_BGR8, 64, 32, 32);
	struct edge_detection found[4];

	for (int i = 0; i < 4; i++) {
		const struct edge_detection *boxes;
		struct edge_detector *detector;
		size_t count;

		save_quantised(i & 1, i & 2);
		detector = open_detector(program_path, NULL);
		assert_int_equal(edge_detector_run(detector, image, &boxes, &count, NULL), EDGE_OK);
		assert_int_equal(count, 1);
		check_box(boxes, 96 - 20, 48 - 5, 96 + 20, 48 + 5);
		found[i] = boxes[0];
		assert_memory_equal(&found[i], &found[0], sizeof(found[0]));
		edge_detector_destroy(detector);
	}
	edge_image_destroy(image);
	unlink(program_path);
}

static void expect_failure(const char *path, const char *card, enum edge_status status,
			   const char *named)
{
	struct edge_detector_settings settings;
	struct edge_detector *detector;
	struct edge_error error = { 0 };

	edge_detector_settings_default(&settings);
	settings.card = card;
	assert_int_equal(edge_detector_open(path, &settings, &detector, &error), status);
	if (!strstr(error.message, named))
		fail_msg("%s", error.message);
}

static void what_does_not_fit_is_refused(void **state)
{
	uint8_t pixel[3] = { 0 };
	struct edge_image image = { 1, 1, EDGE_PIXEL_RGB8, 2, pixel };
	struct edge_detector *detector = open_detector(model_path, NULL);
	const struct edge_detection *boxes;
	size_t count;

	assert_int_equal(edge_detector_run(detector, &image, &boxes, &count, NULL),
			 EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_detector_run(detector, NULL, &boxes, &count, NULL),
			 EDGE_INVALID_ARGUMENT);
	assert_string_equal(edge_detector_label(detector, 2), "unknown");
	edge_detector_destroy(detector);
	edge_detector_destroy(NULL);

	expect_failure("/nowhere.onnx", NULL, EDGE_IO_ERROR, "/nowhere.onnx");
	write_card("neither model nor program");
	expect_failure(card_path, NULL, EDGE_BAD_FORMAT, card_path);
	expect_failure(model_path, "/nowhere.json", EDGE_IO_ERROR, "/nowhere.json");
	write_card("{\"version\": 1, \"head\": {\"family\": \"yolox\"}}");
	expect_failure(model_path, card_path, EDGE_UNSUPPORTED, "[1,7,2,2]");
	write_card("{\"version\": 1, \"haed\": {}}");
	expect_failure(model_path, card_path, EDGE_BAD_FORMAT, "haed");
}

static int make_scratch(void **state)
{
	if (!mkdtemp(scratch))
		return -1;
	snprintf(model_path, sizeof(model_path), "%s/net.cfg", scratch);
	snprintf(weights_path, sizeof(weights_path), "%s/net.weights", scratch);
	snprintf(card_path, sizeof(card_path), "%s/names.txt", scratch);
	snprintf(program_path, sizeof(program_path), "%s/net.edge", scratch);
	write_model();
	return 0;
}

static int drop_scratch(void **state)
{
	unlink(model_path);
	unlink(weights_path);
	unlink(card_path);
	return rmdir(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_pixel_format),
		cmocka_unit_test(grey_images),
		cmocka_unit_test(stretched_images),
		cmocka_unit_test(card_and_letterbox),
		cmocka_unit_test(programs_keep_their_card),
		cmocka_unit_test(settings_limit_the_boxes),
		cmocka_unit_test(quantised_networks),
		cmocka_unit_test(what_does_not_fit_is_refused),
	};

	return cmocka_run_group_tests(tests, make_scratch, drop_scratch);
}
