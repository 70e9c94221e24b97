// SPDX-License-Identifier: MIT
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"

/* Options for a card, and for qtest. */
#define OPTIONS_A_CARD 2
#define OPTIONS_QTEST 4
#define OPTION_SIZE 96

/* Seconds that QEMU has for ending when it is asked to. */
#define PATIENCE 5

/* "-machine q35,accel=tcg", also with two dashes, as -M, and with type= somewhere. */
static bool names_q35(const char *value)
{
	while (value) {
		const char *name = strncmp(value, "type=", 5) ? value : value + 5;

		if (!strncmp(name, "q35", 3) || !strncmp(name, "pc-q35", 6))
			return true;
		value = strchr(value, ',');
		value = value ? value + 1 : NULL;
	}
	return false;
}

enum machine launch_machine(char *const *command)
{
	enum machine machine = MACHINE_PC;

	for (; command[0] && command[1]; command++) {
		const char *option = command[0];

		if (option[0] == '-' && option[1] == '-')
			option++;
		if ((!strcmp(option, "-machine") || !strcmp(option, "-M")) && names_q35(command[1]))
			machine = MACHINE_Q35;
	}
	return machine;
}

/* In the child: the command with our options, which name sockets that it inherits. */
static _Noreturn void run(char *const *command, const struct launch *launch, int slot)
{
	const int cards = launch->cards;
	char cards_text[MAX_CARDS][OPTION_SIZE], qtest_text[OPTION_SIZE];
	char **args;
	int count = 0;

	while (command[count])
		count++;
	args = calloc(count + cards * OPTIONS_A_CARD + OPTIONS_QTEST + 1, sizeof(*args));
	if (!args)
		_exit(127);
	memcpy(args, command, count * sizeof(*args));
	for (int i = 0; i < cards; i++) {
		snprintf(cards_text[i], OPTION_SIZE, "x-pci-proxy-dev,id=edge%d,fd=%d,addr=0x%x", i,
			 launch->far[i], slot + i);
		args[count++] = "-device";
		args[count++] = cards_text[i];
	}
	snprintf(qtest_text, OPTION_SIZE, "socket,id=edge-qtest,fd=%d", launch->far[cards]);
	args[count++] = "-chardev";
	args[count++] = qtest_text;
	args[count++] = "-object";
	args[count++] = "qtest,id=edge-qtest-server,chardev=edge-qtest,log=none";
	execvp(args[0], args);
	message(NO_CARD, "%s: %s", args[0], strerror(errno));
	_exit(127);
}

static void be_a_child(pid_t parent)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static bool collect_signals(struct launch *launch)
{
	sigset_t signals;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGHUP);
	sigaddset(&signals, SIGALRM);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	launch->signals = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	return launch->signals >= 0;
}

static void close_far(struct launch *launch)
{
	for (int i = 0; i <= launch->cards; i++) {
		if (launch->far[i] >= 0)
			close(launch->far[i]);
		launch->far[i] = -1;
	}
}

bool launch_prepare(struct launch *launch, int cards, int *proxies, int *qtest)
{
	int near[MAX_CARDS + 1], made = 0;

	*launch = (struct launch) { .pid = -1, .cards = cards };
	for (; made <= cards; made++) {
		int ends[2];

		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
			goto err_sockets;
		near[made] = ends[0];
		launch->far[made] = ends[1];
	}
	if (!collect_signals(launch))
		goto err_sockets;
	memcpy(proxies, near, cards * sizeof(*near));
	*qtest = near[cards];
	return true;

err_sockets:
	message(NO_CARD, "sockets and signals: %s", strerror(errno));
	while (made--) {
		close(near[made]);
		close(launch->far[made]);
	}
	return false;
}

bool launch_start(struct launch *launch, char *const *command, int slot)
{
	const pid_t parent = getpid();

	launch->pid = fork();
	if (!launch->pid) {
		be_a_child(parent);
		for (int i = 0; i <= launch->cards; i++)
			fcntl(launch->far[i], F_SETFD, 0);
		run(command, launch, slot);
	}
	if (launch->pid < 0)
		message(NO_CARD, "fork: %s", strerror(errno));
	close_far(launch);
	return launch->pid > 0;
}

static void reap(struct launch *launch)
{
	int status;

	if (launch->ended || waitpid(launch->pid, &status, WNOHANG) != launch->pid)
		return;
	launch->ended = true;
	launch->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void launch_serve(struct launch *launch)
{
	struct signalfd_siginfo info;

	while (read(launch->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGCHLD) {
			reap(launch);
		} else if (!launch->ended && info.ssi_signo == SIGALRM) {
			kill(launch->pid, SIGKILL);
		} else if (!launch->ended && !launch->asked) {
			launch->asked = true;
			kill(launch->pid, SIGTERM);
			alarm(PATIENCE);
		}
	}
}

void launch_finish(struct launch *launch)
{
	if (launch->pid > 0 && !launch->ended) {
		kill(launch->pid, SIGKILL);
		waitpid(launch->pid, NULL, 0);
	}
	close_far(launch);
	close(launch->signals);
}
