// SPDX-License-Identifier: MIT
/*
 * Two requests in flight: while the session runs one frame, the application fills the next and
 * reads the one before.
 *
 *	cc async.c $(pkg-config --cflags --libs edge) -o async
 *	./async yolox_nano.onnx 100
 */
#include <edge/edge.h>
#include <stdio.h>
#include <stdlib.h>

#define IN_FLIGHT 2

/* Stands in for a camera: frame @number as the network wants it. */
static void fill(struct edge_request *request, long number)
{
	struct edge_view view;
	size_t count = 1;

	edge_request_input(request, 0, &view);
	for (int i = 0; i < view.rank; i++)
		count *= view.dims[i];
	for (size_t i = 0; i < count && view.type == EDGE_F32; i++)
		((float *)view.data)[i] = (float)((i + number) % 256) / 255;
}

/* Stands in for what the application does with a result. */
static void use(struct edge_request *request, long number)
{
	struct edge_view view;

	edge_request_output(request, 0, &view);
	if (view.type == EDGE_F32)
		printf("frame %ld: first value %g\n", number, ((float *)view.data)[0]);
}

static enum edge_status run(struct edge_session *session, long frames, struct edge_error *error)
{
	struct edge_request *requests[IN_FLIGHT] = { NULL };
	enum edge_status status = EDGE_OK;

	for (int i = 0; i < IN_FLIGHT && !status; i++)
		status = edge_request_create(session, &requests[i], error);
	for (long frame = 0; frame < frames + IN_FLIGHT && !status; frame++) {
		struct edge_request *request = requests[frame % IN_FLIGHT];

		if (frame >= IN_FLIGHT) {
			status = edge_request_wait(request, EDGE_WAIT_FOREVER, error);
			use(request, frame - IN_FLIGHT);
		}
		if (frame < frames && !status) {
			fill(request, frame);
			status = edge_request_submit(request, error);
		}
	}
	for (int i = 0; i < IN_FLIGHT; i++)
		edge_request_destroy(requests[i]);
	return status;
}

int main(int argc, char **argv)
{
	struct edge_session *session = NULL;
	struct edge_program *program = NULL;
	struct edge_model *model = NULL;
	struct edge_error error;
	enum edge_status status;

	if (argc != 3) {
		fprintf(stderr, "usage: async MODEL FRAMES\n");
		return 2;
	}
	status = edge_model_load(argv[1], NULL, &model, &error);
	if (!status)
		status = edge_compile(model, NULL, &program, &error);
	if (!status)
		status = edge_session_create(program, NULL, &session, &error);
	if (!status)
		status = run(session, strtol(argv[2], NULL, 10), &error);
	if (status)
		fprintf(stderr, "%s\n", error.message);
	edge_session_destroy(session);
	edge_program_destroy(program);
	edge_model_destroy(model);
	return status ? 1 : 0;
}
