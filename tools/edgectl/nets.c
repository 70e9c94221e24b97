// SPDX-License-Identifier: MIT
/*
 * A Darknet cfg is the shortest way to write a network down that the library reads, so the built-in
 * networks are cfgs, printed by loops where the publications have loops.
 */
#include "nets.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void input(FILE *cfg, int size)
{
	fprintf(cfg, "[net]\nwidth=%d\nheight=%d\nchannels=3\n", size, size);
}

static void conv(FILE *cfg, int filters, int size, int stride, const char *activation)
{
	fprintf(cfg, "[convolutional]\nfilters=%d\nsize=%d\nstride=%d\npad=1\nactivation=%s\n",
		filters, size, stride, activation);
}

static void depthwise(FILE *cfg, int channels, int stride, const char *activation)
{
	fprintf(cfg,
		"[convolutional]\nfilters=%d\ngroups=%d\nsize=3\nstride=%d\npad=1\nactivation=%s\n",
		channels, channels, stride, activation);
}

static void maxpool(FILE *cfg, int size, int stride)
{
	fprintf(cfg, "[maxpool]\nsize=%d\nstride=%d\n", size, stride);
}

static void shortcut(FILE *cfg, int from, const char *activation)
{
	fprintf(cfg, "[shortcut]\nfrom=%d\nactivation=%s\n", from, activation);
}

static void classify(FILE *cfg, int channels)
{
	fputs("[avgpool]\n", cfg);
	fprintf(cfg, "[connected]\noutput=%d\nactivation=linear\n", channels);
}

static void mobilenet_v1(FILE *cfg)
{
	static const int blocks[][2] = {
		{ 64, 1 },  { 128, 2 },	 { 128, 1 },  { 256, 2 }, { 256, 1 },
		{ 512, 2 }, { 512, 1 },	 { 512, 1 },  { 512, 1 }, { 512, 1 },
		{ 512, 1 }, { 1024, 2 }, { 1024, 1 },
	};
	int channels = 32;

	input(cfg, 224);
	conv(cfg, channels, 3, 2, "relu6");
	for (size_t i = 0; i < sizeof(blocks) / sizeof(blocks[0]); i++) {
		depthwise(cfg, channels, blocks[i][1], "relu6");
		channels = blocks[i][0];
		conv(cfg, channels, 1, 1, "relu6");
	}
	classify(cfg, 1000);
}

static void mobilenet_v2(FILE *cfg)
{
	static const struct {
		int expand, channels, repeat, stride;
	} stages[] = {
		{ 1, 16, 1, 1 }, { 6, 24, 2, 2 },  { 6, 32, 3, 2 },  { 6, 64, 4, 2 },
		{ 6, 96, 3, 1 }, { 6, 160, 3, 2 }, { 6, 320, 1, 1 },
	};
	int channels = 32;

	input(cfg, 224);
	conv(cfg, channels, 3, 2, "relu6");
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		for (int j = 0; j < stages[i].repeat; j++) {
			int wide = channels * stages[i].expand;
			int stride = j ? 1 : stages[i].stride;

			if (stages[i].expand > 1)
				conv(cfg, wide, 1, 1, "relu6");
			depthwise(cfg, wide, stride, "relu6");
			conv(cfg, stages[i].channels, 1, 1, "linear");
			if (stride == 1 && channels == stages[i].channels)
				shortcut(cfg, -4, "linear");
			channels = stages[i].channels;
		}
	}
	conv(cfg, 1280, 1, 1, "relu6");
	classify(cfg, 1000);
}

static void resnet50(FILE *cfg)
{
	static const int stages[][3] = {
		{ 64, 3, 1 }, { 128, 4, 2 }, { 256, 6, 2 }, { 512, 3, 2 }
	};

	input(cfg, 224);
	conv(cfg, 64, 7, 2, "relu");
	maxpool(cfg, 3, 2);
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		for (int j = 0; j < stages[i][1]; j++) {
			int stride = j ? 1 : stages[i][2];

			conv(cfg, stages[i][0], 1, 1, "relu");
			conv(cfg, stages[i][0], 3, stride, "relu");
			conv(cfg, stages[i][0] * 4, 1, 1, "linear");
			if (j) {
				shortcut(cfg, -4, "relu");
				continue;
			}
			fputs("[route]\nlayers=-4\n", cfg);
			conv(cfg, stages[i][0] * 4, 1, stride, "linear");
			shortcut(cfg, -3, "relu");
		}
	}
	classify(cfg, 1000);
}

static void yolo(FILE *cfg, const char *mask)
{
	conv(cfg, 255, 1, 1, "linear");
	fprintf(cfg,
		"[yolo]\nmask=%s\nanchors=10,14, 23,27, 37,58, 81,82, 135,169, 344,319\n"
		"classes=80\nnum=6\n",
		mask);
}

static void yolov3_tiny(FILE *cfg)
{
	input(cfg, 416);
	for (int channels = 16; channels <= 256; channels *= 2) {
		conv(cfg, channels, 3, 1, "leaky");
		maxpool(cfg, 2, 2);
	}
	conv(cfg, 512, 3, 1, "leaky");
	maxpool(cfg, 2, 1);
	conv(cfg, 1024, 3, 1, "leaky");
	conv(cfg, 256, 1, 1, "leaky");
	conv(cfg, 512, 3, 1, "leaky");
	yolo(cfg, "3,4,5");
	fputs("[route]\nlayers=-4\n", cfg);
	conv(cfg, 128, 1, 1, "leaky");
	fputs("[upsample]\nstride=2\n[route]\nlayers=-1,8\n", cfg);
	conv(cfg, 256, 3, 1, "leaky");
	yolo(cfg, "0,1,2");
}

static void yolov4_tiny(FILE *cfg)
{
	input(cfg, 416);
	conv(cfg, 32, 3, 2, "leaky");
	conv(cfg, 64, 3, 2, "leaky");
	for (int channels = 64; channels <= 256; channels *= 2) {
		conv(cfg, channels, 3, 1, "leaky");
		fputs("[route]\nlayers=-1\ngroups=2\ngroup_id=1\n", cfg);
		conv(cfg, channels / 2, 3, 1, "leaky");
		conv(cfg, channels / 2, 3, 1, "leaky");
		fputs("[route]\nlayers=-1,-2\n", cfg);
		conv(cfg, channels, 1, 1, "leaky");
		fputs("[route]\nlayers=-6,-1\n", cfg);
		maxpool(cfg, 2, 2);
	}
	conv(cfg, 512, 3, 1, "leaky");
	conv(cfg, 256, 1, 1, "leaky");
	conv(cfg, 512, 3, 1, "leaky");
	yolo(cfg, "3,4,5");
	fputs("[route]\nlayers=-4\n", cfg);
	conv(cfg, 128, 1, 1, "leaky");
	fputs("[upsample]\nstride=2\n[route]\nlayers=-1,23\n", cfg);
	conv(cfg, 256, 3, 1, "leaky");
	yolo(cfg, "0,1,2");
}

const struct net nets[] = {
	{ "mobilenet-v1", "224x224, 1.1 GFLOP, depthwise", "Howard et al., 2017" },
	{ "mobilenet-v2", "224x224, 0.6 GFLOP, inverted residuals", "Sandler et al., 2018" },
	{ "resnet50", "224x224, 8.2 GFLOP, residuals", "He et al., 2015" },
	{ "yolov3-tiny", "416x416, 5.6 GFLOP, 3x3 convolutions", "Redmon and Farhadi, 2018" },
	{ "yolov4-tiny", "416x416, 6.9 GFLOP, partial residuals", "Wang et al., 2020" },
	{ NULL, NULL, NULL },
};

/* In the order of nets[]. */
static void (*const writers[])(FILE *) = {
	mobilenet_v1, mobilenet_v2, resnet50, yolov3_tiny, yolov4_tiny,
};

char *net_cfg(const char *name)
{
	char *text = NULL;
	size_t size;
	FILE *cfg;

	for (size_t i = 0; nets[i].name; i++) {
		if (strcmp(name, nets[i].name))
			continue;
		cfg = open_memstream(&text, &size);
		if (!cfg)
			return NULL;
		writers[i](cfg);
		if (fclose(cfg) == EOF) {
			free(text);
			return NULL;
		}
	}
	return text;
}
