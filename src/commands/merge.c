/* infosweep merge: one result file out of those of all shards. */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "store/merge.h"

static const char help[] =
    "Usage: infosweep merge [OPTION]... FILE...\n"
    "\n"
    "Makes one result file out of those that `infosweep run --shard I/N` left, as one run of the whole\n"
    "sweep would have: the values are the same bits. The files may stand in any order.\n"
    "\n"
    "  -o, --output FILE    the file to make (NAME.h5, where the shards are NAME.shard-I-of-N.h5)\n"
    "      --force          replace it if it exists\n"
    "      --help           this text\n"
    "\n"
    "Refused are files of different sweeps, data or kernels, a shard that is missing or given twice, and\n"
    "shards with tasks that have not run. Tasks that failed, diverged or are quarantined are taken over\n"
    "with their reasons. The shards stay as they are. A sweep in four shards, on one machine or four:\n"
    "\n"
    "  for i in 1 2 3 4; do infosweep run sweeps/canonical.yaml --shard $i/4; done\n"
    "  infosweep merge results/canonical.shard-*-of-4.h5\n"
    "  infosweep report results/canonical.h5\n"
    "\n"
    "Exit status: 0 all tasks are done; 1 some tasks failed; 2 the files do not belong together or are\n"
    "not complete; 3 the machine gave out (disk full, no memory).\n";

static status run(int argc, char **argv)
{
    status result = OK;
    strings files;
    const char *typed = NULL;
    char *derived = NULL;
    bool force = false;
    int64_t tasks[OUTCOMES];
    const argument options[] = {
        { .name = "output", .letter = 'o', .value = "FILE", .text = &typed },
        { .name = "force", .given = &force },
        { .name = NULL },
    };
    TRY(arguments_read(&merge_command, argc, argv, options, 1, STRINGS_MAX, &files));
    if (typed == NULL) TRY(merge_default_path(files.item, files.count, &derived));
    const char *out = typed ? typed : derived;
    TRY(merge_shards(files.item, files.count, out, force, tasks));
    long long failed =
        (long long)(tasks[OUTCOME_FAILED] + tasks[OUTCOME_DIVERGED] + tasks[OUTCOME_QUARANTINED]);
    fprintf(stderr, "%s: %d %s, %lld done, %lld failed (infosweep report %s)\n", out, files.count,
            files.count == 1 ? "shard" : "shards", (long long)tasks[OUTCOME_DONE], failed, out);
    CHECK(failed == 0, SOME_FAILED, "%lld of %lld tasks failed", failed,
          failed + (long long)tasks[OUTCOME_DONE]);
done:
    free(derived);
    return result;
}

const command merge_command = {
    .name = "merge",
    .summary = "make one result file of the shards of a sweep",
    .help = help,
    .run = run,
};
