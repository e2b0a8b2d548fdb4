/* What stands behind `infosweep run`. */
#include <stdlib.h>
#include <string.h>

#include "run.h"

const char run_help[] =
    "Usage: infosweep run [OPTION]... SWEEP\n"
    "       mpirun -n RANKS infosweep run [OPTION]... SWEEP\n"
    "\n"
    "Runs every task of a sweep file and leaves one HDF5 file. Killed at any moment, it goes on with\n"
    "--resume, and what it computes is the same on any number of ranks.\n"
    "\n"
    "  -o, --output FILE     the result file (results/NAME.h5, with NAME from the sweep file)\n"
    "      --resume          run what is not done in the result file (all, if there is none); tasks that\n"
    "                        failed or diverged stay as they are\n"
    "      --retry WHAT      run again the tasks of the result file that are `failed`, `diverged` or\n"
    "                        `quarantined` (or several: failed,diverged), and nothing else\n"
    "      --force           replace a result file\n"
    "      --reuse FILE      take over the cells that another result file has with the same settings; with\n"
    "                        --force it may be the result file itself, for a sweep that has grown\n"
    "      --set NAME=VALUE  set or replace an option or an axis: train.epochs=5, seed=0..9 (may be "
    "repeated)\n"
    "      --null N          run the sweep with the targets shuffled N times, too: the axis shuffle=0..N,\n"
    "                        from which the report takes p-values\n"
    "      --time-limit T    end in order before this time is over: 90s, 30m, 2h, or as SLURM writes it,\n"
    "                        [D-]HH:MM:SS. Nothing is begun that would not end in time, with\n"
    "                        run.margin_seconds to spare. SLURM_JOB_END_TIME counts, too, where it is set\n"
    "      --shard I/N       run part I of N (from 1) into a file of its own; infosweep merge joins them\n"
    "      --other-kernels   resume although the file was made with other kernels; bits may differ\n"
    "  -q, --quiet           say nothing unless something is wrong\n"
    "      --help            this text\n"
    "\n"
    "INFOSWEEP_KERNELS names the instruction set to use, INFOSWEEP_DATA the folder of recordings.\n"
    "SIGUSR1 and the first Ctrl-C let the running tasks end; the second Ctrl-C and SIGTERM stop at once\n"
    "(under mpirun already the first). Either way the same command with --resume goes on.\n"
    "Exit status: 0 all tasks are done; 1 some tasks failed; 2 the command line, the sweep file or the data\n"
    "is wrong; 3 the machine gave out (disk full, no memory); 75 stopped with work left.\n";

/* "failed,diverged" */
static status read_retry(const char *text, unsigned *retry)
{
    static const outcome can[] = { OUTCOME_FAILED, OUTCOME_DIVERGED, OUTCOME_QUARANTINED };
    enum { CAN = sizeof can / sizeof can[0] };
    const char *at = text;
    *retry = 0;
    for (;;) {
        size_t length = strcspn(at, ",");
        int i = 0;
        while (i < CAN &&
               (strlen(outcome_text(can[i])) != length || strncmp(at, outcome_text(can[i]), length) != 0))
            i++;
        if (i == CAN)
            return failure(
                BAD_INPUT,
                "run: --retry %s: right would be failed, diverged or quarantined, or several of them "
                "with commas between",
                text);
        *retry |= 1u << can[i];
        if (at[length] == '\0') return OK;
        at += length + 1;
    }
}

status run_arguments_read(int argc, char **argv, run_arguments *a)
{
    status result = OK;
    strings words;
    const argument options[] = {
        { .name = "output", .letter = 'o', .value = "FILE", .text = &a->output },
        { .name = "resume", .given = &a->resume },
        { .name = "retry", .value = "WHAT", .text = &a->retry_text },
        { .name = "force", .given = &a->force },
        { .name = "reuse", .value = "FILE", .text = &a->reuse },
        { .name = "set", .value = "NAME=VALUE", .list = &a->sets },
        { .name = "null", .value = "N", .text = &a->null.typed },
        { .name = "time-limit", .value = "T", .text = &a->time_limit },
        { .name = "shard", .value = "I/N", .text = &a->shard_text },
        { .name = "other-kernels", .given = &a->other_kernels },
        { .name = "quiet", .letter = 'q', .given = &a->quiet },
        { .name = NULL },
    };
    TRY(arguments_read(&run_command, argc, argv, options, 1, 1, &words));
    CHECK(!(a->resume && a->force), BAD_INPUT,
          "run: --resume goes on with a file, --force replaces it: which?");
    CHECK(!(a->retry_text && a->force), BAD_INPUT,
          "run: --retry goes on with a file, --force replaces it: which?");
    if (a->retry_text) TRY(read_retry(a->retry_text, &a->retry));
    if (a->shard_text) TRY(sweep_shard_parse(a->shard_text, &a->shard_index, &a->shard_count));
    a->sweep = words.item[0];
    TRY(null_add(&a->null, &a->sets));
done:
    return result;
}

/* results/NAME.h5 or results/NAME.shard-2-of-4.h5, with NAME from the sweep file. */
static void print_path(const run_arguments *a, FILE *to)
{
    const char *slash = strrchr(a->sweep, '/'), *name = slash ? slash + 1 : a->sweep,
               *dot = strrchr(name, '.');
    fprintf(to, "results/%.*s", dot && dot != name ? (int)(dot - name) : (int)strlen(name), name);
    if (a->shard_count > 0)
        fprintf(to, ".shard-%lld-of-%lld", (long long)a->shard_index, (long long)a->shard_count);
    fputs(".h5", to);
}

status run_path(const run_arguments *a, char **path)
{
    status result = OK;
    size_t size = 0;
    FILE *to = open_memstream(path, &size);
    CHECK(to != NULL, NO_MEMORY, "no memory for a path");
    if (a->output)
        fputs(a->output, to);
    else
        print_path(a, to);
    CHECK(fclose(to) == 0, NO_MEMORY, "no memory for a path");
done:
    return result;
}
