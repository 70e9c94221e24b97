// SPDX-License-Identifier: MIT
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "darknet_net.h"
#include "import/model.h"

static struct edge_model *load(const struct darknet_files *files,
			       const struct edge_load_settings *settings)
{
	struct edge_error error = { 0 };
	struct edge_model *model = NULL;

	if (edge_model_load(files->cfg, settings, &model, &error))
		fail_msg("%s", error.message);
	return model;
}

/* Elements of @output at eight places evenly apart, and their mean over all. */
static void assert_output(const struct darknet_frame *frame, size_t index, const float *expected,
			  double mean)
{
	const float *values;
	int64_t count;
	double sum = 0;

	values = darknet_output(frame, index, &count);
	for (int i = 0; i < 8; i++)
		assert_float_equal(values[count / 8 * i], expected[i], 5e-5);
	for (int64_t i = 0; i < count; i++)
		sum += values[i];
	assert_float_equal(sum / count, mean, 1e-5);
}

static void assert_metadata(const struct edge_graph *graph, const char *key, const char *expected)
{
	const char *value = edge_graph_metadata(graph, key);

	if (!value)
		fail_msg("no metadata '%s'", key);
	assert_string_equal(value, expected);
}

static const char detector[] =
	"# a comment first\n"
	"\n"
	" [net]\r\n"
	"batch=1\nwidth=8\nheight = 8 # eight\nchannels=3\n"
	"[convolutional]\n"
	"batch_normalize=1\nfilters=4\nsize=3\nstride=1\npad=1\nactivation=leaky\n"
	"[maxpool]\nsize=2\nstride=1\n"
	"[convolutional]\n"
	"filters=8\ngroups=2\nsize=3\nstride=2\npad=1\nactivation=mish\n"
	"[route]\nlayers=-1\ngroups=2\ngroup_id=1\n"
	"[convolutional]\n"
	"batch_normalize=1\nfilters=4\nsize=1\nstride=1\npad=1\nactivation=swish\n"
	"[route]\nlayers=-1,-2\n"
	"[convolutional]\nfilters=8\nsize=1\nstride=1\npad=1\nactivation=linear\n"
	"[shortcut]\nfrom=2\nactivation=relu\n"
	"[upsample]\nstride=2\n"
	"[reorg]\nstride=2\n"
	"[convolutional]\nfilters=18\nsize=1\nstride=1\npad=1\nactivation=linear\n"
	"[yolo]\nmask=3,4,5\n"
	"anchors=10,14, 23,27, 37,58, 81,82, 135,169, 344,319,\n"
	"classes=1\nnum=6\nscale_x_y=1.05\n"
	"[route]\nlayers=1\n"
	"[maxpool]\nsize=5\nstride=1\n"
	"[convolutional]\nfilters=12\nsize=3\nstride=1\npad=1\nactivation=linear\n"
	"[yolo]\nmask=0,1\n"
	"anchors=10,14, 23,27, 37,58, 81,82, 135,169, 344,319\n"
	"classes=1\nnum=6\nnew_coords=1\n";

static void write_detector_weights(struct darknet_files *files)
{
	darknet_convolution(files, 4, 4 * 3 * 9, true);
	darknet_convolution(files, 8, 8 * 2 * 9, false);
	darknet_convolution(files, 4, 4 * 4, true);
	darknet_convolution(files, 8, 8 * 8, false);
	darknet_convolution(files, 18, 18 * 32, false);
	darknet_convolution(files, 12, 12 * 4 * 9, false);
}

/* Expected is what OpenCV 4.6's DNN computes from the same files. */
static void a_detector_computes_as_in_opencv(void **state)
{
	static const float first[] = { 0.793528, -1.83979, 0.506773,  -1.13577,
				       -1.80639, 1.96156,  0.0407902, -0.148154 };
	static const float second[] = { 0.329591,  0.168401, 1.2898,   -1.21808,
					-0.374838, 0.850604, -1.70424, -1.65593 };
	struct darknet_files files;
	struct darknet_frame frame;
	struct edge_model *model;

	darknet_begin(&files, detector);
	write_detector_weights(&files);
	darknet_end(&files);
	model = load(&files, NULL);
	assert_int_equal(edge_model_num_outputs(model), 2);
	darknet_run(model, &frame);
	assert_output(&frame, 0, first, -0.05317872);
	assert_output(&frame, 1, second, -0.064339906);
	darknet_end_run(&frame);
	edge_model_destroy(model);
	darknet_remove(&files);
}

static void heads_become_metadata(void **state)
{
	struct edge_load_settings settings;
	const struct edge_graph *graph;
	struct edge_model *model;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	assert_int_equal(edge_model_load_memory(detector, sizeof(detector) - 1, "a.cfg", &settings,
						&model, NULL),
			 EDGE_OK);
	graph = model->graph;
	assert_metadata(graph, "format", "darknet");
	assert_metadata(graph, "darknet.letter_box", "0");
	assert_metadata(graph, "darknet.head.0.type", "yolo");
	assert_metadata(graph, "darknet.head.0.classes", "1");
	assert_metadata(graph, "darknet.head.0.anchors", "81,82,135,169,344,319");
	assert_metadata(graph, "darknet.head.0.scale_x_y", "1.04999995");
	assert_metadata(graph, "darknet.head.0.new_coords", "0");
	assert_metadata(graph, "darknet.head.1.anchors", "10,14,23,27");
	assert_metadata(graph, "darknet.head.1.scale_x_y", "1");
	assert_metadata(graph, "darknet.head.1.new_coords", "1");
	assert_null(edge_graph_metadata(graph, "darknet.head.2.type"));
	edge_model_destroy(model);
}

/* As above, of the layers that weigh others. */
static void attention_computes_as_in_opencv(void **state)
{
	static const float expected[] = { 0.0330091, 0.0147887, 0.157788,   0.157788,
					  0.21243,   0.151382,	0.00151557, 0.00151557 };
	struct darknet_files files;
	struct darknet_frame frame;
	struct edge_model *model;

	darknet_begin(&files, "[net]\nwidth=6\nheight=4\nchannels=2\n"
			      "[convolutional]\nfilters=4\nsize=3\npad=1\nactivation=tanh\n"
			      "[avgpool]\n"
			      "[convolutional]\nfilters=4\nsize=1\n"
			      "[scale_channels]\nfrom=-3\n"
			      "[convolutional]\nfilters=4\nsize=1\nactivation=logistic\n"
			      "[sam]\nfrom=-2\n"
			      "[dropout]\nprobability=.2\n"
			      "[maxpool]\nsize=3\nstride=1\n");
	darknet_convolution(&files, 4, 4 * 2 * 9, false);
	darknet_convolution(&files, 4, 4 * 4, false);
	darknet_convolution(&files, 4, 4 * 4, false);
	darknet_end(&files);
	model = load(&files, NULL);
	darknet_run(model, &frame);
	assert_output(&frame, 0, expected, 0.08349973);
	darknet_end_run(&frame);
	edge_model_destroy(model);
	darknet_remove(&files);
}

/* Expected is from PyTorch: conv2d() with dilation 2 and padding 2, relu(), max_pool2d() of 3 by 2
 * after padding by 1, a product, batch normalisation with 1e-5, leaky_relu(), softmax(). */
static void a_classifier_computes_as_in_pytorch(void **state)
{
	static const float expected[] = { 0.1938, 0.1107, 0.0987, 0.2678, 0.3292 };
	struct darknet_files files;
	struct darknet_frame frame;
	struct edge_model *model;
	const float *output;
	int64_t count;

	darknet_begin(&files, "[network]\nwidth=6\nheight=5\nchannels=2\nletter_box=1\n"
			      "[convolutional]\nfilters=4\nsize=3\npad=1\ndilation=2\n"
			      "stride_x=1\nstride_y=2\nactivation=relu\n"
			      "[maxpool]\nsize=3\nstride=2\n"
			      "[connected]\noutput=5\nbatch_normalize=1\nactivation=leaky\n"
			      "[softmax]\n[cost]\n");
	darknet_convolution(&files, 4, 4 * 2 * 9, false);
	darknet_numbers(&files, 5 + 5 * 24 + 5 + 5);
	darknet_variances(&files, 5);
	darknet_end(&files);
	model = load(&files, NULL);
	darknet_run(model, &frame);
	output = darknet_output(&frame, 0, &count);
	assert_int_equal(count, 5);
	for (int i = 0; i < 5; i++)
		assert_float_equal(output[i], expected[i], 1e-4);
	darknet_end_run(&frame);
	assert_metadata(model->graph, "darknet.letter_box", "1");
	edge_model_destroy(model);
	darknet_remove(&files);
}

/* Of the layers to add, the channels that both have. */
static void shortcuts_add_what_is_there(void **state)
{
	struct edge_load_settings settings;
	struct darknet_files files;
	struct darknet_frame frame;
	struct edge_model *model;
	const float *output;
	int64_t count;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	darknet_begin(&files, "[net]\nwidth=2\nheight=2\nchannels=6\n"
			      "[route]\nlayers=0\n");
	darknet_end(&files);
	assert_int_equal(edge_model_load(files.cfg, &settings, &model, NULL), EDGE_BAD_FORMAT);
	darknet_remove(&files);
	darknet_begin(&files, "[net]\nwidth=2\nheight=2\nchannels=6\n"
			      "[activation]\nactivation=linear\n"
			      "[route]\nlayers=0\ngroups=3\ngroup_id=2\n"
			      "[shortcut]\nfrom=0\n"
			      "[route]\nlayers=0\n"
			      "[shortcut]\nfrom=-2,1\n");
	darknet_end(&files);
	model = load(&files, &settings);
	darknet_run(model, &frame);
	output = darknet_output(&frame, 0, &count);
	assert_int_equal(count, 24);
	for (int i = 0; i < 24; i++) {
		/* Channels 4 and 5 and 0 and 1; then again 4 and 5: added to 0 and 1 alone. */
		float x = i * 29 % 97 / 97.0f, last = (16 + i) * 29 % 97 / 97.0f;

		assert_float_equal(output[i], i < 8 ? x + last + x + last : x, 1e-6);
	}
	darknet_end_run(&frame);
	edge_model_destroy(model);
	darknet_remove(&files);
}

static const char region[] =
	"[net]\nwidth=64\nheight=64\nchannels=3\n"
	"[convolutional]\nfilters=14\nsize=3\nstride=2\npad=1\nbatch_normalize=1\n"
	"[region]\nanchors = 1.08,1.19,  3.42,4.41\n"
	"classes=2\ncoords=4\nnum=2\nsoftmax=1\n";

static void random_weights_are_of_he(void **state)
{
	struct edge_load_settings settings;
	struct edge_model *model, *again;
	struct darknet_files files;
	const float *weights;
	double sum = 0, squares = 0;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	darknet_begin(&files, region);
	darknet_end(&files);
	unlink(files.weights);
	model = load(&files, &settings);
	again = load(&files, &settings);
	weights = edge_graph_find_tensor(model->graph, "0.weights")->data;
	assert_memory_equal(weights, edge_graph_find_tensor(again->graph, "0.weights")->data,
			    14 * 27 * sizeof(*weights));
	for (int i = 0; i < 14 * 27; i++) {
		sum += weights[i];
		squares += weights[i] * weights[i];
	}
	/* A variance of 2 / 27, within four standard errors of 378 even ones. */
	assert_float_equal(sum / 378, 0, 4 * 0.272 / 19.4);
	assert_float_equal(squares / 378, 2.0 / 27, 4 * 0.0663 / 19.4);
	assert_metadata(model->graph, "darknet.head.0.type", "region");
	assert_metadata(model->graph, "darknet.head.0.anchors",
			"1.08000004,1.19000006,3.42000008,4.40999985");
	assert_metadata(model->graph, "darknet.head.0.softmax", "1");
	edge_model_destroy(again);
	edge_model_destroy(model);
	darknet_remove(&files);
}

static void weights_may_lie_elsewhere(void **state)
{
	struct darknet_files files, elsewhere;
	struct edge_load_settings settings;
	struct edge_error error = { 0 };
	struct edge_model *model;

	edge_load_settings_default(&settings);
	darknet_begin(&files, region);
	darknet_end(&files);
	unlink(files.weights);
	assert_int_equal(edge_model_load(files.cfg, NULL, &model, &error), EDGE_IO_ERROR);
	assert_non_null(strstr(error.message, "net.weights"));
	darknet_begin(&elsewhere, region);
	darknet_convolution(&elsewhere, 14, 14 * 27, true);
	darknet_end(&elsewhere);
	settings.weights = elsewhere.weights;
	edge_model_destroy(load(&files, &settings));

	/* The weights alone are no model. */
	assert_int_equal(edge_model_load(elsewhere.weights, NULL, &model, &error),
			 EDGE_UNSUPPORTED);
	assert_non_null(strstr(error.message, "give its cfg"));
	darknet_remove(&elsewhere);
	darknet_remove(&files);
}

/* The header of version 0.1 counts images in 32 bits. */
static void old_weights_have_a_shorter_header(void **state)
{
	static const uint8_t header[16] = { [4] = 1, [12] = 9 };
	struct darknet_files files;
	struct edge_model *model;
	const float *biases;

	darknet_begin(&files, region);
	rewind(files.file);
	fwrite(header, sizeof(header), 1, files.file);
	darknet_convolution(&files, 14, 14 * 27, true);
	darknet_end(&files);
	model = load(&files, NULL);
	biases = edge_graph_find_tensor(model->graph, "0.biases")->data;
	assert_true(biases[0] == -50 / 64.0f && biases[1] == -13 / 64.0f);
	edge_model_destroy(model);
	darknet_remove(&files);
}

static void weights_must_fit(void **state)
{
	static const struct {
		int change;
		const char *message;
	} cases[] = {
		{ 1, "4 bytes are left after the last layer" },
		{ -1, "layer 0 [convolutional] at line 5: " },
		{ -1, "holds only 377 of its 378 weights" },
		{ -378 - 14, "holds only 0 of its 14 variances" },
	};
	struct edge_error error = { 0 };
	struct edge_model *model;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct darknet_files files;

		darknet_begin(&files, region);
		darknet_numbers(&files, 14 * 4 + 14 * 27 + cases[i].change);
		darknet_end(&files);
		assert_int_equal(edge_model_load(files.cfg, NULL, &model, &error), EDGE_BAD_FORMAT);
		if (!strstr(error.message, cases[i].message))
			fail_msg("'%s' is not in '%s'", cases[i].message, error.message);
		darknet_remove(&files);
	}
}

static void foreign_weights_are_refused(void **state)
{
	static const uint8_t headers[][20] = { { [0] = 1 }, { [4] = 3 } };
	struct edge_error error = { 0 };
	struct edge_model *model;

	for (size_t i = 0; i < 2; i++) {
		struct darknet_files files;

		darknet_begin(&files, region);
		rewind(files.file);
		fwrite(headers[i], sizeof(headers[i]), 1, files.file);
		darknet_end(&files);
		assert_int_equal(edge_model_load(files.cfg, NULL, &model, &error), EDGE_BAD_FORMAT);
		assert_non_null(strstr(error.message, "weights are of version 0.1 or 0.2"));
		darknet_remove(&files);
	}
}

#define NET "[net]\nwidth=8\nheight=8\nchannels=4\n"
#define CONV "[convolutional]\nfilters=4\nactivation=linear\n"

static const struct {
	const char *cfg;
	enum edge_status status;
	const char *message;
} refused[] = {
	{ "[net]\nwidth=8\n" CONV, EDGE_UNSUPPORTED, "only images are supported" },
	{ NET, EDGE_BAD_FORMAT, "no layers follow" },
	{ NET "[lstm]\n", EDGE_UNSUPPORTED, "layer 0 [lstm] at line 5: this kind of layer" },
	{ NET "[crop]\n", EDGE_UNSUPPORTED, "[crop]" },
	{ NET "[detection]\n", EDGE_UNSUPPORTED, "[detection]" },
	{ NET "[]\n", EDGE_BAD_FORMAT, "line 5: a section without a name" },
	{ NET "[convolutional\n", EDGE_BAD_FORMAT, "line 5: a section without a name" },
	{ NET "filters\n" CONV, EDGE_BAD_FORMAT, "line 5: no section and no option" },
	{ NET "[convolutional]\nfilters=x\n", EDGE_BAD_FORMAT, "filters=x" },
	{ NET "[convolutional]\nfilters=99999999999999999999\n", EDGE_BAD_FORMAT, "filters=9999" },
	{ NET "[convolutional]\nfilters=0\n", EDGE_BAD_FORMAT, "filters=0" },
	{ NET "[convolutional]\nsize=9\n", EDGE_BAD_FORMAT, "a window of 9 elements" },
	{ NET "[convolutional]\ngroups=3\n", EDGE_BAD_FORMAT, "3 groups of 4 channels" },
	{ NET "[convolutional]\nactivation=hyper\n", EDGE_UNSUPPORTED, "'hyper' is not supported" },
	{ NET "[convolutional]\nbinary=1\n", EDGE_UNSUPPORTED, "binary=1 is not supported" },
	{ NET "[convolutional]\nsize=3\ndilation=2\n", EDGE_UNSUPPORTED,
	  "dilation with a padding" },
	{ NET "[convolutional]\nsize=4096\npad=1\nfilters=1048576\n", EDGE_LIMIT_EXCEEDED,
	  "a tensor of more than" },
	{ NET CONV "[route]\n", EDGE_BAD_FORMAT, "it names no layers" },
	{ NET CONV "[route]\nlayers=1\n", EDGE_BAD_FORMAT, "the layer 1; 0 to 0 exist" },
	{ NET CONV "[route]\nlayers=-2\n", EDGE_BAD_FORMAT, "the layer -1; 0 to 0 exist" },
	{ NET CONV "[route]\nlayers=0.5\n", EDGE_BAD_FORMAT, "the layer 0.5" },
	{ NET CONV "[route]\nlayers=0,,\n", EDGE_BAD_FORMAT, "no number at ','" },
	{ NET CONV "[route]\nlayers=0,1e99\n", EDGE_BAD_FORMAT, "no number" },
	{ NET CONV "[route]\nlayers=0\ngroups=2\ngroup_id=2\n", EDGE_BAD_FORMAT, "group_id=2" },
	{ NET CONV "[maxpool]\nsize=2\nstride=2\n[route]\nlayers=0,1\n", EDGE_BAD_FORMAT,
	  "does not fit beside" },
	{ NET CONV "[maxpool]\nsize=2\nstride=2\n[shortcut]\nfrom=0\n", EDGE_UNSUPPORTED,
	  "4 x 4 and 8 x 8" },
	{ NET CONV "[shortcut]\nfrom=0\nweights_type=per_feature\n", EDGE_UNSUPPORTED,
	  "weights_type=per_feature" },
	{ NET CONV "[reorg]\nstride=3\n", EDGE_BAD_FORMAT, "stride 3 of 4 x 8 x 8" },
	{ NET CONV "[upsample]\nstride=-2\n", EDGE_BAD_FORMAT, "stride=-2" },
	{ NET CONV "[upsample]\nstride=4096\n", EDGE_LIMIT_EXCEEDED,
	  "layer 1 [upsample] at line 8: a tensor of more than" },
	{ NET CONV "[softmax]\n", EDGE_UNSUPPORTED, "8 x 8 pixels" },
	{ NET CONV "[yolo]\nanchors=1,2\nclasses=1\n", EDGE_BAD_FORMAT,
	  "4 channels, but 1 anchors and 1 classes are 6" },
	{ NET "[convolutional]\nfilters=6\n[yolo]\nanchors=1\nclasses=1\n", EDGE_BAD_FORMAT,
	  "1 numbers for 1 anchors" },
	{ NET "[convolutional]\nfilters=6\n[yolo]\nmask=1\nanchors=1,2\nclasses=1\n",
	  EDGE_BAD_FORMAT, "mask names the anchor 1" },
	{ NET "[convolutional]\nfilters=6\n[yolo]\nanchors=1,2\nclasses=1\n" CONV, EDGE_UNSUPPORTED,
	  "layer 2 [convolutional] at line 10: it follows a detection layer" },
	{ NET "[convolutional]\nfilters=6\n[yolo]\nanchors=1,2\nclasses=1\n[route]\nlayers=-1\n",
	  EDGE_UNSUPPORTED, "the layer 1, a detection layer" },
	{ NET "[convolutional]\nfilters=6\n[region]\ntree=t\nanchors=1,2\nclasses=1\n",
	  EDGE_UNSUPPORTED, "tree=t is not supported" },
};

static void bad_layers_are_named(void **state)
{
	struct edge_load_settings settings;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct edge_error error = { 0 };
		struct edge_model *model;

		if (edge_model_load_memory(refused[i].cfg, strlen(refused[i].cfg), "bad.cfg",
					   &settings, &model, &error) != refused[i].status)
			fail_msg("case %zu: '%s'", i, error.message);
		if (!strstr(error.message, refused[i].message) ||
		    strncmp(error.message, "bad.cfg: ", 9))
			fail_msg("'%s' is not in '%s'", refused[i].message, error.message);
	}
}

static void limits_are_kept(void **state)
{
	static const char cfg[] = NET CONV CONV "[activation]\nactivation=relu\n";
	struct edge_limits limits = { .nodes = 2 };
	struct edge_load_settings settings;
	struct edge_error error = { 0 };
	struct edge_model *model;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	settings.limits = &limits;
	assert_int_equal(edge_model_load_memory(cfg, sizeof(cfg) - 1, "a.cfg", &settings, &model,
						&error),
			 EDGE_LIMIT_EXCEEDED);
	limits.nodes = 4;
	limits.tensor_bytes = 4 * 8 * 8 * 4 - 1;
	assert_int_equal(edge_model_load_memory(cfg, sizeof(cfg) - 1, "a.cfg", &settings, &model,
						&error),
			 EDGE_LIMIT_EXCEEDED);
	limits.tensor_bytes++;
	assert_int_equal(edge_model_load_memory(cfg, sizeof(cfg) - 1, "a.cfg", &settings, &model,
						&error),
			 EDGE_OK);
	edge_model_destroy(model);
}

static void a_cfg_is_recognised_by_its_bytes(void **state)
{
	static const struct {
		const char *text;
		bool is;
	} cases[] = {
		{ "[net]\n", true },
		{ "\n\r\n# [x]\n ; y\n [ net ] # z", true },
		{ "[network]", true },
		{ "", false },
		{ "[net", false },
		{ "[nets]\n", false },
		{ "# only a comment", false },
		{ "[package]\nname=x\n[net]\n", false },
		{ "net\n", false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *data = (const uint8_t *)cases[i].text;

		if (edge_importer_darknet.recognise(data, strlen(cases[i].text)) != cases[i].is)
			fail_msg("'%s'", cases[i].text);
	}
}

static void a_zero_byte_does_not_end_a_cfg(void **state)
{
	static const uint8_t data[] = "[net]\0\0width=4\n";

	assert_false(edge_importer_darknet.recognise(data, sizeof(data) - 1));
}

/* Every way to cut the files off, and many to damage the text, end in an error or a sound graph. */
static void damaged_files_do_no_harm(void **state)
{
	const struct edge_limits limits = { .tensor_bytes = 1 << 20 };
	struct edge_load_settings settings;
	char text[sizeof(detector)];
	struct edge_model *model;
	uint32_t random = 1;

	edge_load_settings_default(&settings);
	settings.random_weights = true;
	settings.limits = &limits;
	for (size_t size = 0; size < sizeof(detector); size++) {
		if (!edge_model_load_memory(detector, size, "cut.cfg", &settings, &model, NULL))
			edge_model_destroy(model);
	}
	for (int round = 0; round < 3000; round++) {
		memcpy(text, detector, sizeof(text));
		for (int i = 0; i < 1 + round % 3; i++) {
			random = random * 1664525 + 1013904223;
			text[(random >> 8) % (sizeof(text) - 1)] =
				"0123456789-=,.[]\n#xe"[(random >> 3) % 20];
		}
		if (!edge_model_load_memory(text, sizeof(text) - 1, "bent.cfg", &settings, &model,
					    NULL))
			edge_model_destroy(model);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_detector_computes_as_in_opencv),
		cmocka_unit_test(heads_become_metadata),
		cmocka_unit_test(attention_computes_as_in_opencv),
		cmocka_unit_test(a_classifier_computes_as_in_pytorch),
		cmocka_unit_test(shortcuts_add_what_is_there),
		cmocka_unit_test(random_weights_are_of_he),
		cmocka_unit_test(weights_may_lie_elsewhere),
		cmocka_unit_test(old_weights_have_a_shorter_header),
		cmocka_unit_test(weights_must_fit),
		cmocka_unit_test(foreign_weights_are_refused),
		cmocka_unit_test(bad_layers_are_named),
		cmocka_unit_test(limits_are_kept),
		cmocka_unit_test(a_cfg_is_recognised_by_its_bytes),
		cmocka_unit_test(a_zero_byte_does_not_end_a_cfg),
		cmocka_unit_test(damaged_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
