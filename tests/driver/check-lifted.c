// SPDX-License-Identifier: MIT
/*
 * Runs register programs whose results the RTL has given once more, as operation descriptors: through
 * the driver's checker and sequencer, on the model of NVDLA. What the driver programs is all its own.
 *
 * usage: check-lifted FOLDER...    a folder with a run.txt, or a folder of such folders
 *
 * Programs that cannot be said in descriptors are named with the reason, and count as skipped.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lift.h"
#include "rig.h"

struct tally {
	int passed, failed, skipped;
};

static bool run_ops(struct rig *rig, const struct lift_step *step, const char *folder)
{
	struct edge_refusal refusal;
	struct nvdla_op *ops;
	const int count = rig_check(rig, step->data, (u32)step->size, &ops, &refusal);
	bool done;

	if (count < 0) {
		printf("%s: operation %u is refused: reason %u, at %u\n", folder, refusal.op,
		       refusal.reason, refusal.at);
		return false;
	}
	done = rig_run(rig, ops, count, NULL, false);
	if (!done)
		printf("%s: %s\n", folder, rig->failure);
	free(ops);
	return done;
}

static bool compare(const u8 *data, const struct lift_step *step, const char *folder)
{
	size_t wrong = 0;

	if (step->kind == LIFT_CRC) {
		wrong = lift_crc(data, step->size) != step->crc;
	} else {
		for (size_t i = 0; i < step->size; i++)
			wrong += data[i] != step->data[i];
	}
	if (wrong)
		printf("%s/run.txt:%d: %zu of %zu bytes differ\n", folder, step->line, wrong,
		       step->size);
	return !wrong;
}

static bool run_steps(struct rig *rig, const struct lift *lift, const char *folder)
{
	for (unsigned int i = 0; i < lift->num_regions; i++) {
		const u32 handle = rig_buffer(rig, lift->regions[i].size);

		memset(rig_find(rig, handle)->data, lift->regions[i].fill, lift->regions[i].size);
	}
	for (unsigned int i = 0; i < lift->num_steps; i++) {
		const struct lift_step *step = &lift->steps[i];
		u8 *data;

		if (step->kind == LIFT_RUN) {
			if (!run_ops(rig, step, folder))
				return false;
			continue;
		}
		data = rig_find(rig, step->region + 1)->data + step->offset;
		if (step->kind == LIFT_LOAD)
			memcpy(data, step->data, step->size);
		else if (!compare(data, step, folder))
			return false;
	}
	return true;
}

/* A program without operations, or that looks at nothing, says nothing. */
static bool is_told(const struct lift *lift)
{
	bool runs = false, checks = false;

	for (unsigned int i = 0; i < lift->num_steps; i++) {
		runs |= lift->steps[i].kind == LIFT_RUN;
		checks |= lift->steps[i].kind == LIFT_CHECK || lift->steps[i].kind == LIFT_CRC;
	}
	return runs && checks;
}

static void run_program(const char *folder, struct tally *tally)
{
	struct lift *lift = lift_program(folder);
	struct rig *rig;

	if (!lift) {
		tally->failed++;
		return;
	}
	if (lift->obstacle[0] || !is_told(lift)) {
		printf("%s: skipped: %s\n", folder,
		       lift->obstacle[0] ? lift->obstacle : "no operation whose result is known");
		tally->skipped++;
		lift_free(lift);
		return;
	}
	rig = rig_create();
	if (run_steps(rig, lift, folder))
		tally->passed++;
	else
		tally->failed++;
	rig_destroy(rig);
	lift_free(lift);
}

static void run_folder(const char *folder, struct tally *tally, int depth)
{
	struct dirent **entries;
	char path[4096];
	int count;

	snprintf(path, sizeof(path), "%s/run.txt", folder);
	if (!access(path, R_OK)) {
		run_program(folder, tally);
		return;
	}
	count = depth ? -1 : scandir(folder, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
		if (entries[i]->d_name[0] != '.')
			run_folder(path, tally, depth + 1);
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
}

int main(int argc, char **argv)
{
	struct tally tally = { 0 };

	for (int i = 1; i < argc; i++)
		run_folder(argv[i], &tally, 0);
	if (!tally.passed && !tally.failed && !tally.skipped) {
		fprintf(stderr, "check-lifted: no program in %s\n", argc > 1 ? argv[1] : "nothing");
		return argc > 1 && access(argv[1], F_OK) ? 77 : 2;
	}
	printf("%d passed, %d failed, %d skipped\n", tally.passed, tally.failed, tally.skipped);
	return tally.failed > 0;
}
