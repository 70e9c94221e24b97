// SPDX-License-Identifier: MIT
#include "runtime/futex.h"

#include <limits.h>
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clock.h"

/* Nanoseconds: a few times what a sleep and a wake cost. */
#define SPIN 50000

/* Looks between two looks at the clock; what one costs differs a lot between processors. */
#define LOOKS 32

_Static_assert(sizeof(atomic_uint) == 4, "the system's futexes are 32 bits wide");

static inline void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#endif
}

static void futex(atomic_uint *word, int operation, unsigned int value)
{
	syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

/* Whether *@word has changed within SPIN. */
static bool spin(atomic_uint *word, unsigned int value)
{
	uint64_t end = 0, time;

	do {
		for (int i = 0; i < LOOKS; i++) {
			if (atomic_load_explicit(word, memory_order_acquire) != value)
				return true;
			relax();
		}
		time = edge_clock();
		end = end ? end : time + SPIN;
	} while (time < end);
	return false;
}

void edge_futex_wait(atomic_uint *word, unsigned int value, atomic_uint *sleepers)
{
	if (spin(word, value))
		return;
	/* Either the waker sees the count, or the system sees the changed word and does not put us
	 * to sleep. */
	atomic_fetch_add(sleepers, 1);
	while (atomic_load(word) == value)
		futex(word, FUTEX_WAIT_PRIVATE, value);
	atomic_fetch_sub(sleepers, 1);
}

void edge_futex_wake(atomic_uint *word, atomic_uint *sleepers)
{
	if (atomic_load(sleepers))
		futex(word, FUTEX_WAKE_PRIVATE, INT_MAX);
}
