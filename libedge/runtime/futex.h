/* SPDX-License-Identifier: MIT */
/*
 * Waiting for a word to change: first by looking, since most waits in a frame are shorter than a
 * system call, then asleep.
 */
#ifndef EDGE_RUNTIME_FUTEX_H
#define EDGE_RUNTIME_FUTEX_H

#include <stdatomic.h>
#include <stdint.h>

/**
 * edge_futex_wait() - return when *@word is no longer @value
 * @sleepers: counts the threads asleep on the word, for edge_futex_wake()
 *
 * Acquires what the thread that changed the word has released.
 */
void edge_futex_wait(atomic_uint *word, unsigned int value, atomic_uint *sleepers);

/* Wakes all who sleep on *@word, which the caller has just changed (sequentially consistent). Costs
 * one load when nobody sleeps. */
void edge_futex_wake(atomic_uint *word, atomic_uint *sleepers);

#endif
