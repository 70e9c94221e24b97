// SPDX-License-Identifier: MIT
/*
 * edge-scene: draws street scenes with people, cars and bicycles, and says where they are.
 */
#include "coco.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
	"Usage: edge-scene [OPTION]...\n"
	"Draws street scenes with people, bicycles and cars as PNG files and writes\n"
	"where they are to annotations.json, in the form of the COCO data set.\n"
	"\n"
	"  -s, --seed=S     the first scene's number; the next has the next (1)\n"
	"  -n, --count=N    how many scenes (1)\n"
	"  -z, --size=WxH   pixels, 64x64 to 8192x8192 (960x640)\n"
	"  -o, --out=DIR    where to; made where it is missing (.)\n"
	"  -h, --help       this\n"
	"\n"
	"The same number and size give the same picture on every machine.\n";

struct options {
	unsigned long long seed;
	unsigned long long count;
	unsigned long long width, height;
	const char *out;
};

static bool parse_number(const char *text, char end, unsigned long long lo, unsigned long long hi,
			 unsigned long long *value, const char **rest)
{
	char *tail;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*value = strtoull(text, &tail, 10);
	if (errno || *tail != end || *value < lo || *value > hi)
		return false;
	*rest = tail;
	return true;
}

static bool parse_size(const char *text, struct options *o)
{
	const char *rest;

	return parse_number(text, 'x', 64, 8192, &o->width, &rest) &&
	       parse_number(rest + 1, '\0', 64, 8192, &o->height, &rest);
}

/* -1 to go on, otherwise the exit status. */
static int parse_options(int argc, char **argv, struct options *o)
{
	static const struct option longs[] = {
		{ "seed", required_argument, NULL, 's' }, { "count", required_argument, NULL, 'n' },
		{ "size", required_argument, NULL, 'z' }, { "out", required_argument, NULL, 'o' },
		{ "help", no_argument, NULL, 'h' },	  { NULL, 0, NULL, 0 },
	};
	const char *rest;
	int c;

	while ((c = getopt_long(argc, argv, "s:n:z:o:h", longs, NULL)) != -1) {
		bool good = true;

		if (c == 's')
			good = parse_number(optarg, '\0', 0, UINT64_MAX / 2, &o->seed, &rest);
		else if (c == 'n')
			good = parse_number(optarg, '\0', 1, 1000000, &o->count, &rest);
		else if (c == 'z')
			good = parse_size(optarg, o);
		else if (c == 'o')
			o->out = optarg;
		else if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		} else {
			fputs("Try 'edge-scene --help'.\n", stderr);
			return 2;
		}
		if (!good) {
			fprintf(stderr,
				"edge-scene: '%s' is out of range, see 'edge-scene --help'\n",
				optarg);
			return 2;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "edge-scene: '%s' is not an option, see 'edge-scene --help'\n",
			argv[optind]);
		return 2;
	}
	return -1;
}

static enum edge_status draw_one(const struct options *o, unsigned long long seed,
				 struct edge_image *image, struct coco *coco,
				 struct edge_error *error)
{
	struct scene_truth truth;
	enum edge_status status;
	char path[4096], name[64];

	snprintf(name, sizeof(name), "scene-%06llu.png", seed);
	snprintf(path, sizeof(path), "%s/%s", o->out, name);
	status = scene_render(seed, image, &truth);
	if (status)
		return status;
	status = edge_image_save(image, path, error);
	if (status)
		return status;
	return coco_add(coco, name, image, &truth);
}

static enum edge_status draw_all(const struct options *o, struct edge_error *error)
{
	struct edge_image *image = NULL;
	struct coco *coco = coco_create();
	enum edge_status status;
	char path[4096];

	if (!coco)
		return EDGE_OUT_OF_MEMORY;
	status = edge_image_create((int)o->width, (int)o->height, EDGE_PIXEL_RGB8, &image, error);
	for (unsigned long long i = 0; !status && i < o->count; i++)
		status = draw_one(o, o->seed + i, image, coco, error);
	snprintf(path, sizeof(path), "%s/annotations.json", o->out);
	if (!status)
		status = coco_save(coco, path, error);
	edge_image_destroy(image);
	coco_destroy(coco);
	return status;
}

int main(int argc, char **argv)
{
	struct options o = { .seed = 1, .count = 1, .width = 960, .height = 640, .out = "." };
	struct edge_error error = { .message = "" };
	int done = parse_options(argc, argv, &o);
	enum edge_status status;

	if (done >= 0)
		return done;
	if (mkdir(o.out, 0777) && errno != EEXIST) {
		fprintf(stderr, "edge-scene: %s: cannot make the folder: %s\n", o.out,
			strerror(errno));
		return EXIT_FAILURE;
	}
	status = draw_all(&o, &error);
	if (status) {
		fprintf(stderr, "edge-scene: %s\n",
			error.message[0] ? error.message : edge_status_string(status));
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
