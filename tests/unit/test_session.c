// SPDX-License-Identifier: MIT
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "net.h"
#include "runtime/session.h"

#define FRAMES 50

static struct edge_program *compile(struct edge_graph *graph)
{
	struct edge_error error = { 0 };
	struct edge_program *program;

	if (edge_compile_graph(graph, NULL, &program, &error))
		fail_msg("%s", error.message);
	return program;
}

static struct edge_session *open_session(const struct edge_program *program, unsigned int threads)
{
	struct edge_session_settings settings;
	struct edge_session *session;

	edge_session_settings_default(&settings);
	settings.threads = threads;
	assert_int_equal(edge_session_create(program, &settings, &session, NULL), EDGE_OK);
	assert_int_equal(edge_session_threads(session), threads);
	return session;
}

static struct edge_request *open_request(struct edge_session *session)
{
	struct edge_request *request;

	assert_int_equal(edge_request_create(session, &request, NULL), EDGE_OK);
	return request;
}

static float *input_of(struct edge_request *request, size_t index)
{
	struct edge_view view;

	assert_int_equal(edge_request_input(request, index, &view), EDGE_OK);
	return view.data;
}

/* cmocka's asserts are for the thread that runs the tests, so these return what they see. */
static bool near(const float *got, const float *expected, int count)
{
	for (int i = 0; i < count; i++) {
		if (!(fabsf(got[i] - expected[i]) <= 1e-4f * (1 + fabsf(expected[i]))))
			return false;
	}
	return true;
}

static bool is_right(struct edge_request *request, unsigned int seed)
{
	float input[NET_INPUT], boxes[NET_BOXES], scores[NET_SCORES];
	struct edge_view view;

	net_fill(input, NET_INPUT, seed);
	net_expect(input, boxes, scores);
	edge_request_output(request, 0, &view);
	if (!near(view.data, boxes, NET_BOXES))
		return false;
	edge_request_output(request, 1, &view);
	return near(view.data, scores, NET_SCORES);
}

static void a_frame_gives_what_it_should(void **state)
{
	struct edge_program *program = compile(net_create());

	for (unsigned int threads = 1; threads <= 4; threads++) {
		struct edge_session *session = open_session(program, threads);
		struct edge_request *request = open_request(session);

		for (int frame = 0; frame < FRAMES; frame++) {
			net_fill(input_of(request, 0), NET_INPUT, frame);
			assert_int_equal(edge_request_run(request, NULL), EDGE_OK);
			assert_true(is_right(request, frame));
		}
		edge_request_destroy(request);
		edge_session_destroy(session);
	}
	edge_program_destroy(program);
}

static void inputs_and_outputs_are_described(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session *session = open_session(program, 1);
	struct edge_request *request = open_request(session);
	struct edge_tensor_info info;
	struct edge_view view;

	assert_int_equal(edge_program_num_inputs(program), 1);
	assert_int_equal(edge_program_num_outputs(program), 2);
	assert_int_equal(edge_program_output(program, 0, &info), EDGE_OK);
	assert_string_equal(info.name, "boxes");
	assert_int_equal(info.rank, 3);
	assert_int_equal(info.dims[1], 36);
	assert_int_equal(info.strides[1], 16);
	assert_int_equal(edge_program_input(program, 1, &info), EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_request_input(request, 0, &view), EDGE_OK);
	assert_int_equal(view.type, EDGE_F32);
	assert_int_equal((uintptr_t)view.data % 64, 0);
	for (int i = 0; i < NET_INPUT; i++)
		assert_true(((float *)view.data)[i] == 0);
	assert_int_equal(edge_request_output(request, 2, &view), EDGE_INVALID_ARGUMENT);
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

static void requests_finish_in_order(void **state)
{
	struct edge_program *program = compile(net_create());

	for (unsigned int threads = 1; threads <= 2; threads++) {
		struct edge_session *session = open_session(program, threads);
		struct edge_request *requests[3];

		for (int i = 0; i < 3; i++)
			requests[i] = open_request(session);
		for (int frame = 0; frame < FRAMES; frame++) {
			for (int i = 0; i < 3; i++) {
				net_fill(input_of(requests[i], 0), NET_INPUT, 3 * frame + i);
				assert_int_equal(edge_request_submit(requests[i], NULL), EDGE_OK);
			}
			assert_int_equal(edge_request_wait(requests[2], EDGE_WAIT_FOREVER, NULL),
					 EDGE_OK);
			for (int i = 0; i < 3; i++) {
				assert_int_equal(edge_request_wait(requests[i], 0, NULL), EDGE_OK);
				assert_true(is_right(requests[i], 3 * frame + i));
			}
		}
		for (int i = 0; i < 3; i++)
			edge_request_destroy(requests[i]);
		edge_session_destroy(session);
	}
	edge_program_destroy(program);
}

/* A request at the head of the queue that nobody runs holds up all others, for as long as the test
 * likes. */
static void waiting_times_out(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session *session = open_session(program, 2);
	struct edge_request *request = open_request(session);
	struct edge_request blocker = { .session = session, .caller_runs = true };
	struct edge_error error;

	assert_int_equal(edge_request_wait(request, 0, &error), EDGE_INVALID_ARGUMENT);
	pthread_mutex_lock(&session->lock);
	session->head = session->tail = &blocker;
	pthread_mutex_unlock(&session->lock);

	net_fill(input_of(request, 0), NET_INPUT, 7);
	assert_int_equal(edge_request_submit(request, NULL), EDGE_OK);
	assert_int_equal(edge_request_submit(request, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_request_run(request, &error), EDGE_INVALID_ARGUMENT);
	assert_int_equal(edge_request_wait(request, 0, &error), EDGE_TIMED_OUT);
	assert_int_equal(error.status, EDGE_TIMED_OUT);
	assert_int_equal(edge_request_wait(request, 2000000, NULL), EDGE_TIMED_OUT);

	pthread_mutex_lock(&session->lock);
	session->head = blocker.next;
	pthread_cond_broadcast(&session->changed);
	pthread_mutex_unlock(&session->lock);
	assert_int_equal(edge_request_wait(request, UINT64_MAX - 1, NULL), EDGE_OK);
	assert_true(is_right(request, 7));
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

static void destroying_waits(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session *session = open_session(program, 2);

	for (int frame = 0; frame < FRAMES; frame++) {
		struct edge_request *request = open_request(session);

		assert_int_equal(edge_request_submit(request, NULL), EDGE_OK);
		edge_request_destroy(request);
	}
	edge_request_destroy(NULL);
	edge_session_destroy(session);
	edge_session_destroy(NULL);
	edge_program_destroy(program);
	edge_program_destroy(NULL);
}

struct user {
	struct edge_session *session;
	unsigned int seed;
	bool submits;
	bool good;
};

static void *use_session(void *data)
{
	struct user *user = data;
	struct edge_request *request;

	user->good = !edge_request_create(user->session, &request, NULL);
	for (int frame = 0; frame < FRAMES && user->good; frame++) {
		struct edge_view view;

		edge_request_input(request, 0, &view);
		net_fill(view.data, NET_INPUT, user->seed + frame);
		if (user->submits)
			user->good = !edge_request_submit(request, NULL) &&
				     !edge_request_wait(request, EDGE_WAIT_FOREVER, NULL);
		else
			user->good = !edge_request_run(request, NULL);
		user->good = user->good && is_right(request, user->seed + frame);
	}
	edge_request_destroy(request);
	return NULL;
}

static void use_from_threads(struct user *users, int count)
{
	pthread_t threads[4];

	for (int i = 0; i < count; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, use_session, &users[i]), 0);
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < count; i++)
		assert_true(users[i].good);
}

static void two_sessions_run_at_once(void **state)
{
	struct edge_program *program = compile(net_create());
	struct user users[2] = {
		{ .session = open_session(program, 2), .seed = 1000 },
		{ .session = open_session(program, 2), .seed = 2000, .submits = true },
	};

	use_from_threads(users, 2);
	for (int i = 0; i < 2; i++)
		edge_session_destroy(users[i].session);
	edge_program_destroy(program);
}

static void threads_share_a_session(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session *session = open_session(program, 2);
	struct user users[4];

	for (int i = 0; i < 4; i++)
		users[i] = (struct user) { session, 1000 * i, i % 2, false };
	use_from_threads(users, 4);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

static void dynamic_outputs_tell_their_size(void **state)
{
	/* The second overlaps the first by more than half; the third stands alone. */
	const float boxes[] = { 0, 0, 10, 10, 0, 1, 10, 11, 20, 20, 30, 30 };
	const float scores[][3] = { { 0.9f, 0.8f, 0.7f }, { 0.1f, 0.2f, 0.3f }, { 0.6f, 0.9f, 0 } };
	const int64_t expected[][2] = { { 0, 2 }, { 0, 0 }, { 1, 0 } };
	const int64_t counts[] = { 2, 0, 1 };
	struct edge_program *program = compile(net_create_nms());
	struct edge_session *session = open_session(program, 2);
	struct edge_request *request = open_request(session);

	memcpy(input_of(request, 0), boxes, sizeof(boxes));
	for (int i = 0; i < 3; i++) {
		struct edge_view selected;

		memcpy(input_of(request, 1), scores[i], sizeof(scores[i]));
		assert_int_equal(edge_request_run(request, NULL), EDGE_OK);
		assert_int_equal(edge_request_output(request, 0, &selected), EDGE_OK);
		assert_int_equal(selected.dims[0], counts[i]);
		assert_int_equal(selected.dims[1], 3);
		for (int k = 0; k < counts[i]; k++)
			assert_int_equal(((int64_t *)selected.data)[3 * k + 2], expected[i][k]);
	}
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

/* Times of nodes add up to no more than the frame's, since a frame is one node after the other. */
static void profiles_add_up(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session_settings settings;
	struct edge_program_info info;
	struct edge_session *session;
	struct edge_request *request;

	edge_session_settings_default(&settings);
	settings.threads = 2;
	settings.profile = true;
	edge_program_info(program, &info);
	assert_int_equal(edge_session_create(program, &settings, &session, NULL), EDGE_OK);
	request = open_request(session);
	for (int frame = 0; frame < FRAMES; frame++) {
		uint64_t begin = now(), sum = 0, elapsed;

		assert_int_equal(edge_request_run(request, NULL), EDGE_OK);
		elapsed = now() - begin;
		for (size_t i = 0; i < info.num_nodes; i++)
			sum += edge_request_node_time(request, i);
		assert_true(sum > 0 && sum <= elapsed);
	}
	assert_int_equal(edge_request_node_time(request, info.num_nodes), 0);
	edge_request_destroy(request);
	edge_session_destroy(session);
	edge_program_destroy(program);
}

static void programs_tell_their_work(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_program_info info;
	struct edge_node_info node;
	uint64_t sum = 0, convolutions = 0;

	edge_program_info(program, &info);
	assert_true(info.num_nodes > 0 && info.arena_bytes > 0 && info.constant_bytes > 0);
	assert_true(info.io_bytes >= sizeof(float) * (NET_INPUT + NET_BOXES + NET_SCORES));
	for (size_t i = 0; i < info.num_nodes; i++) {
		assert_int_equal(edge_program_node(program, i, &node), EDGE_OK);
		assert_string_equal(node.device, "cpu");
		assert_non_null(node.kernel);
		assert_true(node.bytes > 0);
		sum += node.flops;
		if (!strncmp(node.op, "Conv", 4))
			convolutions += node.flops;
	}
	assert_int_equal(sum, info.flops);
	/* 12 x 12 positions, 8 filters of 4 x 3 x 3 and of 8 weights. */
	assert_int_equal(convolutions, 2 * 144 * 8 * (36 + 8));
	assert_int_equal(edge_program_node(program, info.num_nodes, &node), EDGE_INVALID_ARGUMENT);
	assert_string_equal(edge_program_metadata(program, "producer"), "tests");
	assert_null(edge_program_metadata(program, "card"));
	edge_program_destroy(program);
}

static void too_many_threads_are_refused(void **state)
{
	struct edge_program *program = compile(net_create());
	struct edge_session_settings settings;
	struct edge_session *session;
	struct edge_error error;

	edge_session_settings_default(&settings);
	settings.threads = 1000000;
	assert_int_equal(edge_session_create(program, &settings, &session, &error),
			 EDGE_INVALID_ARGUMENT);
	edge_program_destroy(program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_gives_what_it_should),
		cmocka_unit_test(inputs_and_outputs_are_described),
		cmocka_unit_test(requests_finish_in_order),
		cmocka_unit_test(waiting_times_out),
		cmocka_unit_test(destroying_waits),
		cmocka_unit_test(two_sessions_run_at_once),
		cmocka_unit_test(threads_share_a_session),
		cmocka_unit_test(dynamic_outputs_tell_their_size),
		cmocka_unit_test(profiles_add_up),
		cmocka_unit_test(programs_tell_their_work),
		cmocka_unit_test(too_many_threads_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
