// SPDX-License-Identifier: MIT
/* Ground truth, its format told by the first byte: COCO's JSON, VOC's XML, YOLO's text; and
 * detections, where that is JSON. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"
#include "dataset.h"
#include "fuzz.h"

/* Those of the targets' own dataset readers, which say there what is wrong with a file. */
void cli_message(const char *format, ...)
{
	(void)format;
}

int cli_failed(const struct edge_error *error)
{
	(void)error;
	return CLI_FAILED;
}

/* A folder of one file, with the picture that belongs to it. */
static const char *lay_out(const uint8_t *data, size_t size)
{
	static const char picture[] = "P5 2 2 255\n1234";
	bool xml = size && data[0] == '<';
	const char *other = fuzz_file(xml ? "a.txt" : "a.xml", "", 0);

	remove(other);
	fuzz_file(xml ? "a.xml" : "a.txt", data, size);
	fuzz_file("a.png", picture, sizeof(picture) - 1);
	fuzz_file("classes.txt", "person\ncar\n", 11);
	return fuzz_folder();
}

static void judge(struct dataset *dataset, const char *path)
{
	struct ap_detection *detections = NULL;
	struct ap_result result;
	size_t count = 0;

	if (dataset_load_detections(dataset, path, &detections, &count) &&
	    ap_evaluate(dataset->truth, dataset->num_truth, detections, count,
			dataset->num_categories, &result))
		ap_result_finish(&result);
	free(detections);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool json = size && (data[0] == '{' || data[0] == '[');
	const char *path = json ? fuzz_path(data, size) : lay_out(data, size);
	struct dataset dataset;

	if (dataset_load(&dataset, path, NULL) && json)
		judge(&dataset, path);
	dataset_finish(&dataset);
	return 0;
}
