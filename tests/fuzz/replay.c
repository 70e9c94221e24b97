// SPDX-License-Identifier: MIT
/* Shows a target the files and folders that are named. */
#include <stdio.h>

#include "files.h"
#include "fuzz.h"

static void look(const uint8_t *data, size_t size)
{
	LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	int count = files_each(argv + 1, argc - 1, look);

	printf("%d files\n", count);
	return count < 1;
}
