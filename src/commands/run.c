/* infosweep run: from a sweep file to a result file, on all ranks. Read top to bottom, `run` at the end is the story. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lanes.h"
#include "launcher.h"
#include "live.h"
#include "run.h"
#include "schedule.h"
#include "signals.h"
#include "store/crash.h"
#include "tensor.h"
#include "time_limit.h"

/* A killed mpirun leaves its ranks a second or two. */
#define LOCK_PATIENCE_SECONDS 10

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

/* The text of a sweep file, and whom it is for. */
struct shared_text {
    job *job;
    const char *text;
};

/* What the first rank of a node does before the others, so that they find its data there: reads the sweep, and with it the
 * data. Rank 0 has done it. */
static status load_sweep(void *context)
{
    status result = OK;
    struct shared_text *from = context;
    job *j = from->job;
    const run_arguments *a = &j->typed;
    if (j->sweep) return OK;
    TRY(sweep_parse(from->text, a->sweep, a->sets.item, a->sets.count, false, &j->sweep));
    if (a->shard_count > 0) TRY(sweep_take_shard(j->sweep, a->shard_index, a->shard_count));
done:
    return result;
}

/* Rank 0: from the file itself. */
static status read_sweep(job *j)
{
    status result = OK;
    const run_arguments *a = &j->typed;
    result = sweep_load(a->sweep, a->sets.item, a->sets.count, &j->sweep);
    if (result != OK) null_explain(&a->null, result);
    TRY(result);
    if (a->shard_count > 0) TRY(sweep_take_shard(j->sweep, a->shard_index, a->shard_count));
done:
    return result;
}

/* Collective. Rank 0 reads the sweep file; the others get the same bytes, so that all have the same sweep. */
static status share_sweep(job *j)
{
    status result = OK;
    int size = 0;
    char *text = NULL;
    TRY(schedule_agree(MPI_COMM_WORLD, j->rank == 0 ? read_sweep(j) : OK));
    if (j->rank == 0) size = (int)strlen(sweep_text(j->sweep)) + 1;
    MPI_Bcast(&size, 1, MPI_INT, 0, MPI_COMM_WORLD);
    text = malloc((size_t)size);
    TRY(schedule_agree(MPI_COMM_WORLD, text ? OK : failure(NO_MEMORY, "no memory for the sweep file")));
    if (j->rank == 0) memcpy(text, sweep_text(j->sweep), (size_t)size);
    MPI_Bcast(text, size, MPI_CHAR, 0, MPI_COMM_WORLD);
    struct shared_text from = { j, text };
    TRY(node_data_share(MPI_COMM_WORLD, load_sweep, &from, &j->data));
done:
    free(text);
    return result;
}

/* Collective. The lowest of what the ranks can for networks of the tensor engine, whose kernel sets are ordered. */
static status agree_on_tensors(void)
{
    int mine = tensor_kernels_level(), lowest = mine;
    MPI_Allreduce(MPI_IN_PLACE, &lowest, 1, MPI_INT, MPI_MIN, MPI_COMM_WORLD);
    return schedule_agree(MPI_COMM_WORLD, lowest < mine ? tensor_kernels_use(lowest) : OK);
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
    chosen = lanes_kernels_at(index);
    lanes_use(chosen);
    const bool tensors = sweep_uses_tensors(j->sweep);
    if (tensors) TRY(agree_on_tensors());
    kernels_text(lanes_kernels_name(chosen), tensors ? tensor_library() : NULL, tensor_kernels_name(),
                 j->kernels);
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
        .mode = a->resume || a->retry ? STORE_RESUME
                : a->force            ? STORE_FORCE
                                      : STORE_NEW,
        .reuse = a->reuse,
        .kernels = j->kernels,
        .other_kernels = a->other_kernels,
        .ranks = j->ranks,
        .command = j->command,
        .retry = a->retry,
        .crash_limit = sweep_run(j->sweep)->crash_limit,
    };
    struct stat about;
    CHECK(!a->retry || stat(j->path, &about) == 0, BAD_INPUT, "%s: there is no such file to --retry tasks of",
          j->path);
    if (a->output == NULL)
        CHECK(mkdir("results", 0777) == 0 || errno == EEXIST, BAD_INPUT,
              "results: cannot make this folder: %s", strerror(errno));
    TRY(check_folder(j->path));
    /* what another run leaves behind is not what --force was typed for */
    TRY(store_lock_take(j->path, a->force ? 0 : LOCK_PATIENCE_SECONDS, &j->lock));
    job_tell_starting(j);
    TRY(store_prepare(&q, j->sweep, j->layout, j->wanted, &j->found));
done:
    return result;
}

/* One thread per rank: the ranks fill the cores. Weak, because only OpenBLAS has it, and not every build needs a BLAS. */
extern void openblas_set_num_threads(int threads) __attribute__((weak));

/* From now on this rank writes: no other run may begin while it lives, and if it crashes, the next one is to know what ran. */
static status guard(job *j)
{
    status result = OK;
    if (j->rank > 0) TRY(store_lock_share(j->path, &j->lock));
    TRY(crash_watch(j->path, j->rank));
done:
    return result;
}

/* Collective. The layout of rows, the file, the packs: everything that is needed before the first task. */
static status prepare(job *j)
{
    status result = layout_make(j->sweep, &j->layout);
    int64_t cells = sweep_grid(j->sweep)->cells;
    if (result == OK && (j->wanted = calloc((size_t)cells, 1)) == NULL)
        result = failure(NO_MEMORY, "no memory for a grid of %lld cells", (long long)cells);
    TRY(schedule_agree(MPI_COMM_WORLD, result));

    TRY(schedule_check(j->ranks, sweep_run(j->sweep)->ranks_per_task));
    TRY(schedule_agree(MPI_COMM_WORLD, j->rank == 0 ? prepare_file(j) : OK));
    MPI_Bcast(j->wanted, (int)cells, MPI_BYTE, 0, MPI_COMM_WORLD); /* below GRID_CELLS_MAX, which fits */

    result = packs_make(j->sweep, j->wanted, &j->packs);
    if (result == OK) result = job_make_room(j);
    TRY(schedule_agree(MPI_COMM_WORLD, result));
    TRY(schedule_agree(MPI_COMM_WORLD, guard(j)));
    TRY(store_open(MPI_COMM_WORLD, j->path, j->sweep, j->layout, &j->store));
done:
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

/* Collective. When the allocation ends, by the clock of each rank: rank 0 knows, and the time that has passed since is
 * small. */
static status find_limit(job *j)
{
    status result = OK;
    double seconds = INFINITY;
    TRY(schedule_agree(MPI_COMM_WORLD, j->rank == 0 ? time_limit_find(j->typed.time_limit, &seconds) : OK));
    MPI_Bcast(&seconds, 1, MPI_DOUBLE, 0, MPI_COMM_WORLD);
    j->ends = MPI_Wtime() + seconds;
done:
    return result;
}

static status run(int argc, char **argv)
{
    status result = OK;
    job j = { 0 };
    progress last = { 0 };
    TRY(run_arguments_read(argc, argv, &j.typed));
    TRY(join_words(argc, argv, &j.command));
    TRY(run_path(&j.typed, &j.path));

    j.launched = launcher_rank() >= 0;
    MPI_Init(NULL, NULL);
    MPI_Comm_rank(MPI_COMM_WORLD, &j.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &j.ranks);
    if (openblas_set_num_threads) openblas_set_num_threads(1);
    signals_catch(j.launched);
    TRY(find_limit(&j));
    TRY(share_sweep(&j));
    TRY(agree_on_kernels(&j));
    TRY(prepare(&j));
    job_say_start(&j);
    TRY(end_file(&j, job_run(&j, &last)));
    TRY(schedule_agree(MPI_COMM_WORLD, j.rank == 0 ? job_say_end(&j, &last) : OK));
done:
    crash_unwatch();
    if (j.rank == 0 && j.lock) live_remove(j.path);
    store_lock_release(j.lock);
    data_close();
    node_data_free(j.data);
    job_free(&j);
    return result;
}

const command run_command = {
    .name = "run",
    .summary = "run a sweep (under mpirun: on all ranks) and leave a result file",
    .help = run_help,
    .run = run,
};
