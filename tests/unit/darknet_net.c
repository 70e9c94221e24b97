// SPDX-License-Identifier: MIT
#include "darknet_net.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(1);
}

void darknet_begin(struct darknet_files *files, const char *cfg)
{
	static const uint8_t header[20] = { [4] = 2, [8] = 5 };
	FILE *file;

	memset(files, 0, sizeof(*files));
	strcpy(files->directory, "/tmp/edge-darknet-XXXXXX");
	if (!mkdtemp(files->directory))
		give_up("cannot make a directory in /tmp");
	snprintf(files->cfg, sizeof(files->cfg), "%s/net.cfg", files->directory);
	snprintf(files->weights, sizeof(files->weights), "%s/net.weights", files->directory);
	file = fopen(files->cfg, "w");
	files->file = fopen(files->weights, "w");
	if (!file || !files->file)
		give_up("cannot write the test's files");
	fputs(cfg, file);
	fclose(file);
	fwrite(header, sizeof(header), 1, files->file);
}

static float next_number(struct darknet_files *files)
{
	return (files->written++ * 37 % 101 - 50) / 64.0f;
}

void darknet_numbers(struct darknet_files *files, int count)
{
	for (int i = 0; i < count; i++) {
		float number = next_number(files);

		fwrite(&number, sizeof(number), 1, files->file);
	}
}

void darknet_variances(struct darknet_files *files, int count)
{
	for (int i = 0; i < count; i++) {
		float number = next_number(files);

		number = (number < 0 ? -number : number) + 0.5f;
		fwrite(&number, sizeof(number), 1, files->file);
	}
}

void darknet_convolution(struct darknet_files *files, int filters, int weights, bool normalised)
{
	darknet_numbers(files, filters);
	if (normalised) {
		darknet_numbers(files, 2 * filters);
		darknet_variances(files, filters);
	}
	darknet_numbers(files, weights);
}

void darknet_end(struct darknet_files *files)
{
	fclose(files->file);
}

void darknet_remove(struct darknet_files *files)
{
	unlink(files->cfg);
	unlink(files->weights);
	rmdir(files->directory);
}

static int64_t count_elements(const struct edge_view *view)
{
	int64_t count = 1;

	for (int i = 0; i < view->rank; i++)
		count *= view->dims[i];
	return count;
}

void darknet_run(const struct edge_model *model, struct darknet_frame *frame)
{
	struct edge_error error = { 0 };
	struct edge_view input;

	if (edge_compile(model, NULL, &frame->program, &error) ||
	    edge_session_create(frame->program, NULL, &frame->session, &error) ||
	    edge_request_create(frame->session, &frame->request, &error))
		give_up(error.message);
	if (edge_request_input(frame->request, 0, &input))
		give_up("no input");
	for (int64_t i = 0; i < count_elements(&input); i++)
		((float *)input.data)[i] = i * 29 % 97 / 97.0f;
	if (edge_request_run(frame->request, &error))
		give_up(error.message);
}

const float *darknet_output(const struct darknet_frame *frame, size_t index, int64_t *count)
{
	struct edge_view output;

	if (edge_request_output(frame->request, index, &output))
		give_up("no such output");
	*count = count_elements(&output);
	return output.data;
}

void darknet_end_run(struct darknet_frame *frame)
{
	edge_request_destroy(frame->request);
	edge_session_destroy(frame->session);
	edge_program_destroy(frame->program);
}
