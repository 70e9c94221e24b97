// SPDX-License-Identifier: MIT
/*
 * Shows a target the files and folders that are named, again and again: each allocation on the
 * library's way through a file fails once. The result is what it would have been, or that memory
 * has run out; and what had been allocated is given back, which the address sanitizer checks where
 * there is one.
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "files.h"
#include "fuzz.h"

/* Allocations until one fails; none does while this is below zero. */
static long countdown = -1;
static long failures;

static bool fails(void)
{
	if (fuzz_own || countdown < 0 || countdown--)
		return false;
	errno = ENOMEM;
	return true;
}

#ifdef WRAPPED
/* A sanitizer has its own malloc(). The linker sends calls of the library and of the target here,
 * those of other libraries not. */
#define CALL(name) __wrap_##name
#define REAL(name) __real_##name
#else
/* All calls, from whichever library. */
#define CALL(name) name
#define REAL(name) __libc_##name
#endif

void *REAL(malloc)(size_t size);
void *REAL(calloc)(size_t count, size_t size);
void *REAL(realloc)(void *memory, size_t size);
/* Other libraries see only what is visible. */
EDGE_API void *CALL(malloc)(size_t size);
EDGE_API void *CALL(calloc)(size_t count, size_t size);
EDGE_API void *CALL(realloc)(void *memory, size_t size);
EDGE_API void *CALL(reallocarray)(void *memory, size_t count, size_t size);
EDGE_API int CALL(posix_memalign)(void **memory, size_t alignment, size_t size);
EDGE_API void *CALL(aligned_alloc)(size_t alignment, size_t size);

/* Blocks that are held. */
static long held;

static void *hold(void *memory)
{
	held += memory != NULL;
	return memory;
}

void *CALL(malloc)(size_t size)
{
	return fails() ? NULL : hold(REAL(malloc)(size));
}

void *CALL(calloc)(size_t count, size_t size)
{
	return fails() ? NULL : hold(REAL(calloc)(count, size));
}

void *CALL(realloc)(void *memory, size_t size)
{
	void *grown = fails() ? NULL : REAL(realloc)(memory, size);

	return memory ? grown : hold(grown);
}

void *CALL(reallocarray)(void *memory, size_t count, size_t size)
{
	size_t product;

	return __builtin_mul_overflow(count, size, &product) ? NULL
							     : CALL(realloc)(memory, product);
}

#ifdef WRAPPED
int __real_posix_memalign(void **memory, size_t alignment, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
char *__real_strdup(const char *string);
char *__real_strndup(const char *string, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
char *__wrap_strdup(const char *string);
char *__wrap_strndup(const char *string, size_t size);
int __wrap_asprintf(char **string, const char *format, ...);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

int __wrap_posix_memalign(void **memory, size_t alignment, size_t size)
{
	return fails() ? ENOMEM : __real_posix_memalign(memory, alignment, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : __real_aligned_alloc(alignment, size);
}

char *__wrap_strdup(const char *string)
{
	return fails() ? NULL : __real_strdup(string);
}

char *__wrap_strndup(const char *string, size_t size)
{
	return fails() ? NULL : __real_strndup(string, size);
}

int __wrap_asprintf(char **string, const char *format, ...)
{
	va_list args;
	int length;

	if (fails())
		return -1;
	va_start(args, format);
	length = vasprintf(string, format, args);
	va_end(args);
	return length;
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	return fails() ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}
#else
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

int posix_memalign(void **memory, size_t alignment, size_t size)
{
	*memory = fails() ? NULL : hold(__libc_memalign(alignment, size));
	return *memory ? 0 : ENOMEM;
}

void *aligned_alloc(size_t alignment, size_t size)
{
	return fails() ? NULL : hold(__libc_memalign(alignment, size));
}

EDGE_API void free(void *memory)
{
	held -= memory != NULL;
	__libc_free(memory);
}

/* Of the kernel's table of this process, not of malloc(). */
EDGE_API void *mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	if (fails())
		return MAP_FAILED;
	return (void *)syscall(SYS_mmap, at, size, protection, flags, fd, offset);
}
#endif

static void look(const uint8_t *data, size_t size)
{
	bool all_succeeded = false;

	fuzz_allowed = ~0u;
	fuzz_seen = 0;
	LLVMFuzzerTestOneInput(data, size);
	fuzz_allowed = fuzz_seen | FUZZ_STATUS(OUT_OF_MEMORY);
	for (long number = 0; !all_succeeded; number++) {
		long before = held;

		countdown = number;
		LLVMFuzzerTestOneInput(data, size);
		all_succeeded = countdown >= 0;
		countdown = -1;
		failures += !all_succeeded;
#ifndef WRAPPED
		if (held != before) {
			fprintf(stderr, "allocation %ld fails: %ld blocks are lost\n", number,
				held - before);
			abort();
		}
#else
		(void)before;
#endif
	}
}

int main(int argc, char **argv)
{
	int count;

#ifndef WRAPPED
	/* It calls memory that has run out an error of syntax. */
	json_set_alloc_funcs(__libc_malloc, __libc_free);
#endif
	count = files_each(argv + 1, argc - 1, look);

	printf("%d files, %ld failures\n", count, failures);
	return count < 1 || !failures;
}
