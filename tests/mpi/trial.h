/* A schedule of tasks that wait, on all ranks that a test is given. Ranks count what they ran; sums over ranks are taken
 * afterwards, but for what runs at the same time, which they note in memory that they share. */
#ifndef TESTS_MPI_TRIAL_H
#define TESTS_MPI_TRIAL_H

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"
#include "schedule.h"

enum { TASKS_MAX = 20000, STAGES_MAX = 4, RANKS_MAX = 16 };

/* What all ranks write to. */
typedef struct board {
    atomic_int running, ended; /* slices, tasks */
    atomic_int early;          /* slices that began before the stages before theirs had ended */
    atomic_int most[STAGES_MAX];
} board;

static board *shared_board;

typedef struct trial {
    int rank, ranks;
    packs packs;
    pack *pack;
    stage stage[STAGES_MAX];
    double task_seconds;      /* how long a task takes */
    double predicted_seconds; /* how long it is predicted to take, where its pack does not say so */
    int32_t times[TASKS_MAX]; /* that this rank ran each task */
    int64_t slices, last_pack;
    int largest;   /* tasks of a slice of this rank */
    bool in_order; /* this rank's packs came in the pool's order */
    /* rank that fails at its first slice; that, after it, asks to stop, to drain, to drain and then to stop; -1: none */
    int failing, stopping, draining, hurrying;
    int unsynced; /* rank whose rows never get to disk; -1: none */
    int64_t looks;
    double limit_seconds, margin_seconds;
    double began;         /* MPI_Wtime of the schedule */
    double cpu_seconds;   /* that this rank spent in it */
    int64_t every;        /* each such task counts as failed; 0: none */
    progress shown;       /* the last that the schedule showed */
    bool told[RANKS_MAX]; /* rank 0: has it been told what the rank runs? */
    bool gave_up;
} trial;

static trial t;

static inline double now(void)
{
    return MPI_Wtime();
}

static inline void trial_make(int count, int size, double task_seconds)
{
    free(t.pack);
    t = (trial){ .task_seconds = task_seconds,
                 .predicted_seconds = task_seconds,
                 .in_order = true,
                 .failing = -1,
                 .stopping = -1,
                 .draining = -1,
                 .hurrying = -1,
                 .unsynced = -1 };
    MPI_Comm_rank(MPI_COMM_WORLD, &t.rank);
    MPI_Comm_size(MPI_COMM_WORLD, &t.ranks);
    t.pack = calloc((size_t)count + 1, sizeof *t.pack);
    for (int i = 0; i < count; i++)
        t.pack[i] = (pack){ .first = (int64_t)i * size, .count = size, .seconds = task_seconds * size };
    t.packs = (packs){ .cells = (int64_t)count * size, .count = count, .pack = t.pack, .stage = t.stage };
    MPI_Barrier(MPI_COMM_WORLD);
    if (t.rank == 0) *shared_board = (board){ .running = 0 };
    MPI_Barrier(MPI_COMM_WORLD);
}

static inline int stage_of(int64_t index)
{
    int at = 0;
    while (at + 1 < t.packs.stages && t.stage[at + 1].first_pack <= index) at++;
    return at;
}

/* A slice of this pack begins. */
static inline void note_begin(int64_t index)
{
    int at = stage_of(index), slices = atomic_fetch_add(&shared_board->running, 1) + 1;
    int most = atomic_load(&shared_board->most[at]);
    while (most < slices && !atomic_compare_exchange_weak(&shared_board->most[at], &most, slices))
        ;
    int64_t before = t.packs.stages > 0 ? t.pack[t.stage[at].first_pack].first : 0;
    if (atomic_load(&shared_board->ended) < before) atomic_fetch_add(&shared_board->early, 1);
}

static inline void note_end(int tasks)
{
    atomic_fetch_add(&shared_board->ended, tasks);
    atomic_fetch_sub(&shared_board->running, 1);
}

static inline bool is_done(ticker *tick, double fraction)
{
    return tick && !tick->tick(tick, fraction);
}

/* Waits as long as the tasks would take, ticking as an estimator does. */
static inline status trial_run(void *context, int64_t first, int count, gang *team, ticker *tick,
                               tally *tasks)
{
    (void)context;
    (void)team;
    int64_t at = 0;
    while (first >= t.pack[at].first + t.pack[at].count) at++;
    t.in_order = t.in_order && at >= t.last_pack && first + count <= t.pack[at].first + t.pack[at].count;
    t.last_pack = at;
    t.slices++;
    if (count > t.largest) t.largest = count;
    if (t.failing == t.rank) return failure(IO_FAILED, "the disk is full");

    note_begin(at);
    double began = now(), all = t.task_seconds * count;
    for (double gone = 0; gone < all; gone = now() - began) {
        if (is_done(tick, gone / all)) {
            t.gave_up = true;
            return WORK_LEFT;
        }
        double rest = all - gone < tick->interval_seconds ? all - gone : tick->interval_seconds;
        nanosleep(&(struct timespec){ .tv_nsec = (long)(1e9 * rest) }, NULL);
    }
    for (int64_t i = first; i < first + count; i++) {
        t.times[i]++;
        if (t.every > 0 && i % t.every == 0)
            tasks->failed++;
        else
            tasks->done++;
    }
    note_end(count);
    return OK;
}

static inline double trial_seconds(void *context, int64_t first, int count)
{
    (void)context;
    (void)first;
    return t.predicted_seconds * count;
}

static inline void trial_progress(void *context, const progress *p)
{
    (void)context;
    double busy = 0;
    for (int i = 0; i < p->ranks; i++) {
        if (p->running[i].count > 0) {
            CU_ASSERT(p->running[i].first >= 0);
            CU_ASSERT(p->running[i].first + p->running[i].count <= p->total);
            CU_ASSERT(p->running[i].seconds >= 0 && p->running[i].left_seconds >= 0);
            if (i < RANKS_MAX) t.told[i] = true;
        }
        busy += p->rank_busy[i];
    }
    CHECK_NEAR(busy, p->busy_seconds, 1e-9 * (1 + busy)); /* sums of many terms in another order */
    t.shown = *p;
}

static inline wish trial_look(void *context)
{
    (void)context;
    t.looks++;
    if (t.slices == 0) return WISH_GO_ON;
    if (t.hurrying == t.rank) return t.looks % 2 ? WISH_STOP : WISH_DRAIN;
    if (t.draining == t.rank) return WISH_DRAIN;
    return t.stopping == t.rank ? WISH_STOP : WISH_GO_ON;
}

static inline double trial_unsynced(void *context)
{
    (void)context;
    return t.unsynced == t.rank ? now() - t.began : 0;
}

static inline double cpu(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static inline status trial_go(double tick_seconds, progress *last)
{
    schedule s = { .packs = &t.packs,
                   .tick_seconds = tick_seconds,
                   .run = trial_run,
                   .seconds = trial_seconds,
                   .progress = trial_progress,
                   .look = trial_look,
                   .unsynced = trial_unsynced,
                   .limit_seconds = t.limit_seconds,
                   .margin_seconds = t.margin_seconds };
    t.began = now();
    double cpu_began = cpu();
    status result = schedule_run(MPI_COMM_WORLD, &s, last);
    t.cpu_seconds = cpu() - cpu_began;
    return result;
}

static inline int64_t over_ranks(int64_t mine, MPI_Op op)
{
    MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_INT64_T, op, MPI_COMM_WORLD);
    return mine;
}

/* Collective. Tasks that were run to the end. */
static inline int64_t ran_by_all(void)
{
    int64_t mine = 0;
    for (int64_t i = 0; i < t.packs.cells; i++) mine += t.times[i];
    return over_ranks(mine, MPI_SUM);
}

/* Collective. Did each task run `wanted` times over all ranks? */
static inline bool each_ran(int wanted)
{
    static int32_t sum[TASKS_MAX];
    MPI_Allreduce(t.times, sum, TASKS_MAX, MPI_INT32_T, MPI_SUM, MPI_COMM_WORLD);
    for (int64_t i = 0; i < t.packs.cells; i++)
        if (sum[i] != wanted) return false;
    return true;
}

/* Collective; the ranks of a test run on one machine. Rank 0's memory. */
static inline MPI_Win board_make(void)
{
    int rank, unit;
    MPI_Aint size;
    MPI_Win window;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &t.ranks);
    MPI_Win_allocate_shared(rank == 0 ? sizeof(board) : 0, 1, MPI_INFO_NULL, MPI_COMM_WORLD, &shared_board,
                            &window);
    MPI_Win_shared_query(window, 0, &size, &unit, &shared_board);
    return window;
}

/* Collective. What `main` of such a test does. */
static inline int trial_main(const char *suite, const check_test *tests, size_t count, int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    MPI_Win window = board_make();
    int failed = check_run(suite, tests, count, argc, argv);
    free(t.pack);
    MPI_Win_free(&window);
    MPI_Finalize();
    return failed;
}

#endif
