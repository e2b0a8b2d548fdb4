/* The part of `run` that the schedule calls back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "progress_live.h"
#include "run.h"
#include "signals.h"
#include "store/crash.h"
#include "words.h"

#define LIVE_SECONDS 1

status job_make_room(job *j)
{
    status result = OK;
    for (int64_t i = 0; i < j->packs->count; i++)
        if (j->packs->pack[i].count > j->room) j->room = j->packs->pack[i].count;
    j->task = calloc((size_t)j->room + 1, sizeof *j->task);
    j->row = calloc((size_t)j->room + 1, sizeof *j->row);
    CHECK(j->task != NULL && j->row != NULL, NO_MEMORY, "no memory for packs of %d tasks", j->room);
    for (int i = 0; i < j->room; i++) TRY(row_make(j->layout, &j->row[i]));
done:
    return result;
}

void job_free(job *j)
{
    for (int i = 0; i < j->room; i++) {
        if (j->task) settings_free(j->task[i]);
        if (j->row) row_free(j->row[i]);
    }
    free(j->task);
    free(j->row);
    packs_free(j->packs);
    free(j->wanted);
    layout_free(j->layout);
    sweep_free(j->sweep);
    free(j->command);
    free(j->path);
}

/* Says which tasks a failure struck. */
static status failure_of_tasks(const job *j, status code, const int64_t *cells, int count)
{
    char first[256] = "";
    FILE *to = fmemopen(first, sizeof first, "w");
    if (to) {
        grid_print_cell(sweep_grid(j->sweep), cells[0], to);
        fclose(to);
    }
    if (count == 1) return failure_at(code, "%s", first);
    return failure_at(code, "%s and %d more", first, count - 1);
}

static void count_lanes(job *j, const data_shape *shape, int count)
{
    const int lanes = estimator_manner(j->task[0], shape).lanes;
    if (lanes <= 1) return;
    j->lane_tasks += count;
    j->lane_places += pack_lanes(lanes, count);
}

/* This rank runs these tasks from now on. Who helps with them has no rows, but a crash of its is one of theirs. */
static status begin(job *j, const int64_t *cells, int count, bool leads)
{
    if (leads) return store_begin(j->store, cells, count);
    crash_cells(cells, count);
    return OK;
}

/* One slice of a pack: settings, estimator, rows. The rows are those of the first rank of a gang. */
static status run_slice(void *context, int64_t first, int count, gang *team, ticker *t, tally *tasks)
{
    status result = OK;
    job *j = context;
    const int64_t *cells = j->packs->cell + first;
    const bool leads = gang_rank(team) == 0;
    task_pack slice = { .count = count, .task = (const settings *const *)j->task, .gang = team };
    for (int i = 0; i < count; i++) {
        TRY(sweep_settings(j->sweep, cells[i], &j->task[i]));
        row_clear(j->row[i]);
    }
    TRY(pack_shape(j->sweep, cells, count, j->task[0], &slice.shape));
    bool keeps = count == 1 && estimator_manner(j->task[0], &slice.shape).keeps;
    j->keep.leads = leads;
    if (keeps) TRY(keep_begin(&j->keep, cells[0], &slice, &t));
    TRY(begin(j, cells, count, leads));

    double began = MPI_Wtime();
    result = j->task[0]->estimator->run(&slice, t, j->row);
    if (result == WORK_LEFT && store_give_up(j->store) != OK) result = IO_FAILED; /* at once: see store.h */
    if (result > WORK_LEFT) failure_of_tasks(j, result, cells, count);
    TRY(result);
    if (!leads) {
        crash_cells(NULL, 0);
        return OK;
    }
    double each = (MPI_Wtime() - began) / count;
    count_lanes(j, &slice.shape, count);
    for (int i = 0; i < count; i++) j->row[i]->wall_seconds = each;

    TRY(store_write(j->store, cells, j->row, count));
    if (keeps) keep_written(&j->keep, cells[0]);
    TRY(store_look(j->store, sweep_run(j->sweep)->sync_seconds));
    for (int i = 0; i < count; i++) {
        if (j->row[i]->outcome == OUTCOME_DONE)
            tasks->done++;
        else
            tasks->failed++;
    }
done:
    return result;
}

static double slice_seconds(void *context, int64_t first, int count)
{
    const job *j = context;
    double seconds = 0; /* the guess where it cannot be told */
    char before[FAILURE_TEXT_MAX];
    failure_keep(before);
    if (pack_seconds(j->sweep, j->packs, first, count, &seconds) != OK) failure_put_back(before);
    return seconds;
}

void job_tell_starting(const job *j)
{
    live l;
    progress_live_begin(&l, LIVE_STARTING, j->ranks, 0);
    if (live_write(j->path, &l) != OK) failure_clear();
}

/* For whoever looks at the run, or reads its file after a loss of power. That it cannot be written is no reason to stop. */
static void tell_outside(const job *j, const progress *p)
{
    live l;
    char before[FAILURE_TEXT_MAX];
    double since = p->elapsed_seconds - p->safe_seconds;
    failure_keep(before);
    progress_live(p, j->packs, &l);
    if (live_write(j->path, &l) != OK) failure_put_back(before);
    if (store_note_safe(j->store, (double)time(NULL) - since) != OK) failure_put_back(before);
}

static void show_progress(void *context, const progress *p)
{
    job *j = context;
    if (!j->typed.quiet) progress_line_show(&j->line, p);
    if (p->elapsed_seconds - j->live_written < LIVE_SECONDS) return;
    j->live_written = p->elapsed_seconds;
    tell_outside(j, p);
}

/* What a rank does now and then. A store that fails ends the run, which cannot be said here. */
static wish look(void *context)
{
    job *j = context;
    /* after a failure, too: other ranks may be waiting for what they sent to be taken */
    status looked = store_look(j->store, sweep_run(j->sweep)->sync_seconds);
    if (j->looked == OK) j->looked = looked;
    if (looked == OK) keep_look(&j->keep);
    if (j->looked != OK && j->looked_text[0] == '\0')
        snprintf(j->looked_text, sizeof j->looked_text, "%s", failure_text());
    return j->looked == OK ? signals_wish() : WISH_STOP;
}

static double unsynced(void *context)
{
    const job *j = context;
    return store_unsynced_seconds(j->store);
}

/* Collective. Rank 0 then has the sums over all ranks. */
static void sum_lanes(job *j)
{
    int64_t mine[2] = { j->lane_tasks, j->lane_places }, all[2] = { 0 };
    MPI_Reduce(mine, all, 2, MPI_INT64_T, MPI_SUM, 0, MPI_COMM_WORLD);
    j->lane_tasks = all[0];
    j->lane_places = all[1];
}

/* Processor seconds of this process so far, as the system has it. */
static double processor_seconds(void)
{
    struct rusage used;
    if (getrusage(RUSAGE_SELF, &used) != 0) return 0;
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

/* Collective. How busy the ranks were, for the report; what the system booked is there to check the schedule's own figure. */
static void note_work(job *j, double processor, const progress *p)
{
    double all = 0;
    char before[FAILURE_TEXT_MAX];
    failure_keep(before);
    MPI_Reduce(&processor, &all, 1, MPI_DOUBLE, MPI_SUM, 0, MPI_COMM_WORLD);
    if (j->rank != 0 || !(p->elapsed_seconds > 0)) return;
    double of_all = p->elapsed_seconds * p->ranks;
    if (store_note_work(j->store, p->busy_seconds / of_all, p->least_busy_seconds / p->elapsed_seconds,
                        all / of_all) != OK)
        failure_put_back(before); /* the results are there */
}

/* What the keeper has to say, where the progress line stands. */
static void say_line(void *context, const char *line)
{
    job *j = context;
    progress_line_clear(&j->line);
    fprintf(stderr, "%s\n", line);
}

/* Collective. Rank 0 knows what is in the data files. */
static void begin_keeping(job *j)
{
    MPI_Bcast(j->found.data, sizeof j->found.data, MPI_CHAR, 0, MPI_COMM_WORLD);
    j->keep.keeper = (keeper){
        .path = j->path,
        .kernels = j->kernels,
        .data = j->found.data,
        .interval_seconds = sweep_run(j->sweep)->checkpoint_seconds,
        .say = say_line,
        .context = j,
    };
    keep_make(&j->keep, j->store);
}

/* Collective. */
static void end_keeping(job *j)
{
    char seconds[WORDS_MAX];
    keep_sum(&j->keep);
    const checkpoint_cost *c = &j->keep.keeper.cost;
    if (j->rank != 0 || j->typed.quiet) return;
    if (c->loaded > 0)
        fprintf(stderr, "%lld %s\n", (long long)c->loaded,
                c->loaded == 1 ? "task went on from its checkpoint" : "tasks went on from their checkpoints");
    if (c->saved == 0) return;
    fprintf(stderr, "%lld %s saved, %.1f MB each at most, %s on average\n", (long long)c->saved,
            c->saved == 1 ? "checkpoint" : "checkpoints", (double)c->largest_bytes / 1e6,
            duration_text(c->seconds / (double)c->saved, seconds));
}

status job_run(job *j, progress *last)
{
    schedule s = {
        .packs = j->packs,
        .tick_seconds = sweep_run(j->sweep)->tick_seconds,
        .run = run_slice,
        .seconds = slice_seconds,
        .progress = show_progress,
        .look = look,
        .unsynced = unsynced,
        .limit_seconds = j->ends - MPI_Wtime(),
        .margin_seconds = sweep_run(j->sweep)->margin_seconds,
        .context = j,
    };
    j->live_written = -LIVE_SECONDS;
    progress_line_make(&j->line, stderr);
    begin_keeping(j);
    double processor = processor_seconds();
    status result = schedule_run(MPI_COMM_WORLD, &s, last);
    note_work(j, processor_seconds() - processor, last);
    progress_line_end(&j->line);
    sum_lanes(j);
    end_keeping(j);
    status looked =
        schedule_agree(MPI_COMM_WORLD, j->looked == OK ? OK : failure(j->looked, "%s", j->looked_text));
    return looked == OK ? result : looked;
}
