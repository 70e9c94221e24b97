// SPDX-License-Identifier: MIT
#include "import/darknet/darknet.h"

#include <stdlib.h>
#include <string.h>

/* The input, as large as anything that a file may state. */
#define MAX_SIDE (1 << 16)
#define MAX_CHANNELS (1 << 16)

/* Layers that only training or reporting has a use for. */
static enum edge_status pass_on(struct darknet_import *import, struct edge_tensor **y)
{
	*y = import->x;
	return EDGE_OK;
}

/* Sorted by name: LAYER(name, function, what is not supported). */
#define LAYERS(LAYER) \
	LAYER("activation", darknet_activation, NULL) \
	LAYER("avgpool", darknet_average_pool, NULL) \
	LAYER("connected", darknet_connected, NULL) \
	LAYER("convolutional", darknet_convolutional, \
	      "no binary weights, shared weights, deformation, antialiasing") \
	LAYER("cost", pass_on, NULL) \
	LAYER("dropout", pass_on, NULL) \
	LAYER("empty", pass_on, NULL) \
	LAYER("local_avgpool", darknet_local_average_pool, NULL) \
	LAYER("maxpool", darknet_max_pool, "not over channels, no antialiasing") \
	LAYER("region", darknet_region, "no tree of classes") \
	LAYER("reorg", darknet_reorg, "not in reverse") \
	LAYER("reorg3d", darknet_reorg3d, "not in reverse") \
	LAYER("route", darknet_route, NULL) \
	LAYER("sam", darknet_sam, NULL) \
	LAYER("scale_channels", darknet_scale_channels, NULL) \
	LAYER("shortcut", darknet_shortcut, "no weights, no layers of other width and height") \
	LAYER("silence", pass_on, NULL) \
	LAYER("softmax", darknet_softmax, "one group, no tree of classes, no temperature") \
	LAYER("upsample", darknet_upsample, "not in reverse, no scale") \
	LAYER("yolo", darknet_yolo, NULL)

static const struct layer {
	const char *name;
	darknet_layer_fn *build;
} layers[] = {
#define LAYER(name, build, note) { name, build },
	LAYERS(LAYER)
#undef LAYER
};

static const struct edge_operator operators[] = {
#define LAYER(name, build, note) { "darknet", name, 0, note },
	LAYERS(LAYER)
#undef LAYER
		{ 0 },
};

#define NUM_LAYERS (sizeof(layers) / sizeof(layers[0]))

static enum edge_status build_layer(struct darknet_import *import)
{
	struct edge_tensor *y = NULL;
	enum edge_status status;

	for (size_t i = 0; i < NUM_LAYERS; i++) {
		if (strcmp(layers[i].name, import->section->name))
			continue;
		/* A route looks at the layers that it names only. */
		if (!import->x && layers[i].build != darknet_route)
			return darknet_fail(import, EDGE_UNSUPPORTED,
					    "it follows a detection layer, whose result only the "
					    "application gets");
		status = layers[i].build(import, &y);
		import->outputs[import->layer] = y;
		import->x = y;
		return status;
	}
	return darknet_fail(import, EDGE_UNSUPPORTED, "this kind of layer is not supported");
}

/* How the pictures that the network was trained on were brought to its input. */
static enum edge_status leave_preprocess(struct darknet_import *import)
{
	enum edge_status status;
	int letter_box;

	status = darknet_int(import, "letter_box", 0, 0, 1, &letter_box);
	if (status)
		return status;
	if (!edge_graph_set_metadata(import->graph, "producer", "Darknet") ||
	    !edge_graph_set_metadata(import->graph, "darknet.letter_box", letter_box ? "1" : "0"))
		return edge_fail_memory(import->error);
	return EDGE_OK;
}

static enum edge_status add_input(struct darknet_import *import)
{
	int channels, height, width;
	enum edge_status status;

	status = darknet_int(import, "channels", 3, 1, MAX_CHANNELS, &channels);
	if (!status)
		status = darknet_int(import, "height", 0, 1, MAX_SIDE, &height);
	if (!status)
		status = darknet_int(import, "width", 0, 1, MAX_SIDE, &width);
	if (status)
		return status;
	if (!height || !width)
		return darknet_fail(import, EDGE_UNSUPPORTED,
				    "it states no height and width; only images are supported");
	import->x = edge_graph_add_tensor(import->graph, "data");
	if (!import->x || !edge_graph_add_input(import->graph, import->x))
		return edge_fail_memory(import->error);
	edge_tensor_set_shape(import->x, EDGE_F32, 4,
			      (const int64_t[]) { -1, channels, height, width });
	return edge_import_inputs(import->source, import->graph, import->error);
}

static enum edge_status build_layers(struct darknet_import *import)
{
	const struct darknet_section *sections = import->cfg.sections;
	enum edge_status status;

	import->section = sections;
	import->layer = -1;
	if (import->cfg.num_sections == 1)
		return darknet_fail(import, EDGE_BAD_FORMAT, "no layers follow it");
	status = add_input(import);
	if (!status)
		status = leave_preprocess(import);
	for (int i = 1; i < import->cfg.num_sections && !status; i++) {
		import->section = &sections[i];
		import->layer = i - 1;
		status = build_layer(import);
	}
	if (status)
		return status;
	/* Without detection layers the last layer is the result. */
	if (!import->num_heads && !edge_graph_add_output(import->graph, import->x))
		return edge_fail_memory(import->error);
	if (import->weights.left)
		return edge_fail(import->error, EDGE_BAD_FORMAT,
				 "%s: %llu bytes are left after the last layer: the weights belong "
				 "to another cfg",
				 import->weights.path, (unsigned long long)import->weights.left);
	return EDGE_OK;
}

static enum edge_status open_weights(struct darknet_import *import)
{
	const struct edge_load_settings *settings = import->source->settings;

	if (settings->random_weights) {
		darknet_weights_make_up(&import->weights);
		return EDGE_OK;
	}
	return darknet_weights_open(&import->weights, settings->weights, import->source->path,
				    settings->limits, import->error);
}

static enum edge_status build(struct darknet_import *import)
{
	enum edge_status status = open_weights(import);

	if (!status) {
		import->graph = edge_graph_create(import->source->path);
		import->outputs = calloc(import->cfg.num_sections, sizeof(*import->outputs));
		if (!import->graph || !import->outputs)
			status = edge_fail_memory(import->error);
	}
	if (!status)
		status = build_layers(import);
	free(import->outputs);
	darknet_weights_close(&import->weights);
	return status;
}

static bool recognise(const uint8_t *data, size_t size)
{
	return darknet_cfg_recognise(data, size) || darknet_weights_recognise(data, size);
}

static enum edge_status import_darknet(const struct edge_source *source, struct edge_graph **graph,
				       struct edge_error *error)
{
	struct darknet_import import = { .source = source, .error = error };
	enum edge_status status;

	if (darknet_weights_recognise(source->data, source->size))
		return edge_fail(
			error, EDGE_UNSUPPORTED,
			"these are the weights of a Darknet model; give its cfg, and these "
			"are found beside it or can be named");
	status = darknet_cfg_parse(source->data, source->size, source->settings->limits,
				   &import.cfg, error);
	if (!status)
		status = build(&import);
	darknet_cfg_destroy(&import.cfg);
	if (status)
		edge_graph_destroy(import.graph);
	else
		*graph = import.graph;
	return status;
}

const struct edge_importer edge_importer_darknet = {
	.name = "darknet",
	.recognise = recognise,
	.import = import_darknet,
	.operators = operators,
};
