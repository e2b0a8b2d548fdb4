/* infosweep run: from a sweep file to a result file, on all ranks. Read top to bottom, `run` at the end is the story. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lanes.h"
#include "report.h"
#include "report/outcomes.h"
#include "run.h"
#include "schedule.h"
#include "words.h"

/* A killed mpirun leaves its ranks a second or two. */
#define LOCK_PATIENCE_SECONDS 10

static const char help[] =
    "Usage: infosweep run [OPTION]... SWEEP\n"
    "       mpirun -n RANKS infosweep run [OPTION]... SWEEP\n"
    "\n"
    "Runs every task of a sweep file and leaves one HDF5 file. Killed at any moment, it goes on with\n"
    "--resume, and what it computes is the same on any number of ranks.\n"
    "\n"
    "  -o, --output FILE     the result file (results/NAME.h5, with NAME from the sweep file)\n"
    "      --resume          run what is not done in the result file (all, if there is none)\n"
    "      --force           replace a result file\n"
    "      --reuse FILE      take over the cells that another result file has with the same settings; with\n"
    "                        --force it may be the result file itself, for a sweep that has grown\n"
    "      --set NAME=VALUE  set or replace an option or an axis: train.epochs=5, seed=0..9 (may be "
    "repeated)\n"
    "      --null N          run the sweep with the targets shuffled N times, too: the axis shuffle=0..N,\n"
    "                        from which the report takes p-values\n"
    "      --other-kernels   resume although the file was made with other kernels; bits may differ\n"
    "  -q, --quiet           say nothing unless something is wrong\n"
    "      --help            this text\n"
    "\n"
    "INFOSWEEP_KERNELS names the instruction set to use, INFOSWEEP_DATA the folder of recordings.\n"
    "Ctrl-C, SIGTERM and SIGUSR1 end the run in order.\n"
    "Exit status: 0 all tasks are done; 1 some tasks failed; 2 the command line, the sweep file or the data\n"
    "is wrong; 3 the machine gave out (disk full, no memory); 75 stopped with work left.\n";

static status read_arguments(int argc, char **argv, run_arguments *a)
{
    status result = OK;
    strings words;
    const argument options[] = {
        { .name = "output", .letter = 'o', .value = "FILE", .text = &a->output },
        { .name = "resume", .given = &a->resume },
        { .name = "force", .given = &a->force },
        { .name = "reuse", .value = "FILE", .text = &a->reuse },
        { .name = "set", .value = "NAME=VALUE", .list = &a->sets },
        { .name = "null", .value = "N", .text = &a->null.typed },
        { .name = "other-kernels", .given = &a->other_kernels },
        { .name = "quiet", .letter = 'q', .given = &a->quiet },
        { .name = NULL },
    };
    TRY(arguments_read(&run_command, argc, argv, options, 1, 1, &words));
    CHECK(!(a->resume && a->force), BAD_INPUT,
          "run: --resume goes on with a file, --force replaces it: which?");
    a->sweep = words.item[0];
    TRY(null_add(&a->null, &a->sets));
done:
    return result;
}

/* "infosweep run --set seed=1 sweeps/smoke.yaml" */
static status join_words(int argc, char **argv, char **out)
{
    status result = OK;
    size_t size = 0;
    FILE *to = open_memstream(out, &size);
    CHECK(to != NULL, NO_MEMORY, "no memory for the command line");
    fputs("infosweep", to);
    for (int i = 0; i < argc; i++) fprintf(to, " %s", argv[i]);
    fclose(to);
done:
    return result;
}

/* results/NAME.h5, with NAME from the sweep file. */
static status default_path(const char *sweep_file, char **out)
{
    status result = OK;
    size_t size = 0;
    const char *slash = strrchr(sweep_file, '/'), *name = slash ? slash + 1 : sweep_file,
               *dot = strrchr(name, '.');
    FILE *to = open_memstream(out, &size);
    CHECK(to != NULL, NO_MEMORY, "no memory for a path");
    fprintf(to, "results/%.*s.h5", dot && dot != name ? (int)(dot - name) : (int)strlen(name), name);
    fclose(to);
done:
    return result;
}

static status choose_path(job *j)
{
    status result = OK;
    if (j->typed.output == NULL) {
        TRY(default_path(j->typed.sweep, &j->path));
    } else {
        j->path = strdup(j->typed.output);
        CHECK(j->path != NULL, NO_MEMORY, "no memory for a path");
    }
done:
    return result;
}

/* Collective. Rank 0 reads the sweep file; the others get the same bytes, so that all have the same sweep. */
static status share_sweep(job *j)
{
    status result = OK;
    const run_arguments *a = &j->typed;
    int size = 0;
    char *text = NULL;
    if (j->rank == 0) {
        result = sweep_load(a->sweep, a->sets.item, a->sets.count, &j->sweep);
        if (result == OK) size = (int)strlen(sweep_text(j->sweep)) + 1;
        if (result != OK) null_explain(&a->null, result);
    }
    TRY(schedule_agree(MPI_COMM_WORLD, result));

    MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
    text = malloc((size_t)size);
    TRY(schedule_agree(MPI_COMM_WORLD, text ? OK : failure(NO_MEMORY, "no memory for the sweep file")));
    if (j->rank == 0) memcpy(text, sweep_text(j->sweep), (size_t)size);
    MPI_Bcast(text, size, MPI_CHAR, 0, MPI_COMM_WORLD);
    if (j->rank != 0) result = sweep_parse(text, a->sweep, a->sets.item, a->sets.count, false, &j->sweep);
    TRY(schedule_agree(MPI_COMM_WORLD, result));
done:
    free(text);
    return result;
}

/* Collective. All ranks use the best kernel set that all of them have. Sets are ordered, and a processor has all sets below
 * its best, so that is the lowest of the ranks' choices. */
static status agree_on_kernels(job *j)
{
    status result = OK;
    const lanes_kernels *chosen = NULL;
    int index = 0;
    TRY(schedule_agree(MPI_COMM_WORLD, lanes_kernels_chosen(&chosen)));
    while (lanes_kernels_at(index) != chosen) index++;
    MPI_Allreduce(MPI_IN_PLACE, &index, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    lanes_use(lanes_kernels_at(index));
    j->kernels = lanes_kernels_name(lanes_kernels_at(index));
done:
    return result;
}

/* Before anything is made beside the result file. */
static status check_folder(const char *path)
{
    struct stat about;
    char folder[4096];
    const char *slash = strrchr(path, '/');
    if (slash == NULL || slash == path) return OK;
    snprintf(folder, sizeof folder, "%.*s", (int)(slash - path), path);
    if (stat(folder, &about) == 0 && S_ISDIR(about.st_mode)) return OK;
    return failure(BAD_INPUT, "%s: there is no folder %s", path, folder);
}

/* Rank 0 alone: locks the result file, makes or checks it, and finds what is to run. */
static status prepare_file(job *j)
{
    status result = OK;
    const run_arguments *a = &j->typed;
    store_request q = {
        .path = j->path,
        .mode = a->resume  ? STORE_RESUME
                : a->force ? STORE_FORCE
                           : STORE_NEW,
        .reuse = a->reuse,
        .kernels = j->kernels,
        .other_kernels = a->other_kernels,
        .ranks = j->ranks,
        .command = j->command,
    };
    if (a->output == NULL)
        CHECK(mkdir("results", 0777) == 0 || errno == EEXIST, BAD_INPUT,
              "results: cannot make this folder: %s", strerror(errno));
    TRY(check_folder(j->path));
    TRY(store_lock_take(j->path, LOCK_PATIENCE_SECONDS, &j->lock));
    TRY(store_prepare(&q, j->sweep, j->layout, j->wanted, &j->found));
done:
    return result;
}

/* One thread per rank: the ranks fill the cores. Weak, because only OpenBLAS has it, and not every build needs a BLAS. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

/* Collective. The layout of rows, the file, the packs: everything that is needed before the first task. */
static status prepare(job *j)
{
    status result = layout_make(j->sweep, &j->layout);
    int64_t cells = sweep_grid(j->sweep)->cells;
    if (result == OK && (j->wanted = calloc((size_t)cells, 1)) == NULL)
        result = failure(NO_MEMORY, "no memory for a grid of %lld cells", (long long)cells);
    TRY(schedule_agree(MPI_COMM_WORLD, result));

    TRY(schedule_agree(MPI_COMM_WORLD, j->rank == 0 ? prepare_file(j) : OK));
    MPI_Bcast(j->wanted, (int)cells, MPI_BYTE, 0, MPI_COMM_WORLD); /* below GRID_CELLS_MAX, which fits */

    result = packs_make(j->sweep, j->wanted, &j->packs);
    if (result == OK) result = job_make_room(j);
    TRY(schedule_agree(MPI_COMM_WORLD, result));
    TRY(store_open(MPI_COMM_WORLD, j->path, j->sweep, j->layout, &j->store));
done:
    return result;
}

/* Now is the time to mend the file of published values; the run needs it not. */
static void say_published(const sweep *s)
{
    comparison *published = NULL;
    if (sweep_compare(s) == NULL) return;
    if (comparison_read(sweep_compare(s), sweep_grid(s), s, &published) != OK)
        fprintf(stderr, "no published values: %s\n", failure_text());
    failure_clear();
    comparison_free(published);
}

static void say_start(const job *j)
{
    char text[WORDS_MAX];
    double seconds = 0;
    if (j->rank != 0 || j->typed.quiet) return;
    for (int64_t i = 0; i < j->packs->count; i++) seconds += j->packs->pack[i].seconds;
    int64_t tasks = sweep_grid(j->sweep)->tasks, before = tasks - j->packs->cells - j->found.copied;
    if (j->found.copied > 0)
        fprintf(stderr, "%s: %lld tasks taken over\n", j->typed.reuse, (long long)j->found.copied);
    if (before > 0) fprintf(stderr, "%s: %lld tasks were done before\n", j->path, (long long)before);
    say_published(j->sweep);
    if (j->packs->cells == 0) return;
    fprintf(stderr, "%s: %lld %s in %lld %s on %d %s, kernels %s; predicted to take %s\n", j->typed.sweep,
            (long long)j->packs->cells, j->packs->cells == 1 ? "task" : "tasks", (long long)j->packs->count,
            j->packs->count == 1 ? "pack" : "packs", j->ranks, j->ranks == 1 ? "rank" : "ranks", j->kernels,
            duration_text(seconds / j->ranks, text));
}

/* What has been done, against what was predicted. */
static void say_rate(const job *j, const progress *p)
{
    char measured[WORDS_MAX], predicted[WORDS_MAX], rate[WORDS_MAX];
    int64_t finished = p->tasks.done + p->tasks.failed;
    fprintf(stderr, "%lld %s in %s (predicted: %s), %s, ranks busy %.0f %% of it", (long long)finished,
            finished == 1 ? "task" : "tasks", duration_text(p->elapsed_seconds, measured),
            duration_text(p->predicted_seconds, predicted),
            rate_text((double)finished / p->elapsed_seconds, rate),
            100 * p->busy_seconds / (p->elapsed_seconds * p->ranks));
    if (j->lane_places > 0)
        fprintf(stderr, ", lanes filled %.0f %%", 100 * (double)j->lane_tasks / (double)j->lane_places);
    fputc('\n', stderr);
}

/* Rank 0: how it went; and what failed, in this run or before. */
static status say_end(const job *j, const progress *p)
{
    status result = OK;
    results *r = NULL;
    uint8_t *of = NULL;
    int64_t finished = p->tasks.done + p->tasks.failed;
    if (!j->typed.quiet && finished > 0) say_rate(j, p);
    TRY(results_open(j->path, &r));
    TRY(results_status(r, &of));
    const outcomes o = outcomes_count(sweep_grid(j->sweep), of);
    int64_t failed = outcomes_failed(&o);
    TRY(outcomes_print_failures(&o, r, stderr));
    if (!j->typed.quiet)
        fprintf(stderr, "%s: %lld done, %lld failed (infosweep report %s)\n", j->path,
                (long long)o.count[OUTCOME_DONE], (long long)failed, j->path);
    CHECK(failed == 0, SOME_FAILED, "%lld of %lld tasks failed", (long long)failed,
          (long long)sweep_grid(j->sweep)->tasks);
done:
    free(of);
    results_close(r);
    return result;
}

/* Collective. Closes the file whatever came before, and keeps the text of what came first. */
static status end_file(job *j, status result)
{
    char text[512], ending[540];
    snprintf(text, sizeof text, "%s", failure_text());
    snprintf(ending, sizeof ending, "failed: %s", text);
    const char *word = result == OK ? "done" : result == WORK_LEFT ? "stopped" : ending;
    status closed = store_close(j->store, word);
    if (result == OK) return closed;
    const char *when = result == WORK_LEFT ? "" : "once that is mended, ";
    const char *how = j->typed.resume  ? "the same command goes on"
                      : j->typed.force ? "the same command with --resume instead of --force goes on"
                                       : "the same command with --resume goes on";
    return failure(result, "%s; %s%s", text, when, how);
}

static status run(int argc, char **argv)
{
    status result = OK;
    job j = { 0 };
    progress last = { 0 };
    TRY(read_arguments(argc, argv, &j.typed));
    TRY(join_words(argc, argv, &j.command));
    TRY(choose_path(&j));

    MPI_Init(NULL, NULL);
    MPI_Comm_rank(MPI_COMM_WORLD, &j.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &j.ranks);
    if (openblas_set_num_threads) openblas_set_num_threads(1);
    TRY(share_sweep(&j));
    TRY(agree_on_kernels(&j));
    TRY(prepare(&j));
    say_start(&j);
    TRY(end_file(&j, job_run(&j, &last)));
    TRY(schedule_agree(MPI_COMM_WORLD, j.rank == 0 ? say_end(&j, &last) : OK));
done:
    store_lock_release(j.lock);
    data_close();
    job_free(&j);
    return result;
}

const command run_command = {
    .name = "run",
    .summary = "run a sweep (under mpirun: on all ranks) and leave a result file",
    .help = help,
    .run = run,
};
