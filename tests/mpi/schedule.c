/* The schedule on all ranks that this test is given. Ranks count what they ran; sums over ranks are taken afterwards, but for
 * what runs at the same time, which they note in memory that they share. */
#include "schedule.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"

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
    double began, cpu_began, cpu_seconds;
    int64_t every;        /* each such task counts as failed; 0: none */
    progress shown;       /* the last that the schedule showed */
    bool told[RANKS_MAX]; /* rank 0: has it been told what the rank runs? */
    bool gave_up;
} trial;

static trial t;

static double now(void)
{
    return MPI_Wtime();
}

static void trial_make(int count, int size, double task_seconds)
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

static int stage_of(int64_t index)
{
    int at = 0;
    while (at + 1 < t.packs.stages && t.stage[at + 1].first_pack <= index) at++;
    return at;
}

/* A slice of this pack begins. */
static void note_begin(int64_t index)
{
    int at = stage_of(index), now_running = atomic_fetch_add(&shared_board->running, 1) + 1;
    int most = atomic_load(&shared_board->most[at]);
    while (most < now_running && !atomic_compare_exchange_weak(&shared_board->most[at], &most, now_running))
        ;
    int64_t before = t.packs.stages > 0 ? t.pack[t.stage[at].first_pack].first : 0;
    if (atomic_load(&shared_board->ended) < before) atomic_fetch_add(&shared_board->early, 1);
}

static void note_end(int tasks)
{
    atomic_fetch_add(&shared_board->ended, tasks);
    atomic_fetch_sub(&shared_board->running, 1);
}

static bool is_done(ticker *tick, double fraction)
{
    return tick && !tick->tick(tick, fraction);
}

/* Waits as long as the tasks would take, ticking as an estimator does. */
static status trial_run(void *context, int64_t first, int count, ticker *tick, tally *tasks)
{
    (void)context;
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

static double trial_seconds(void *context, int64_t first, int count)
{
    (void)context;
    (void)first;
    return t.predicted_seconds * count;
}

static void trial_progress(void *context, const progress *p)
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

static wish trial_look(void *context)
{
    (void)context;
    t.looks++;
    if (t.slices == 0) return WISH_GO_ON;
    if (t.hurrying == t.rank) return t.looks % 2 ? WISH_STOP : WISH_DRAIN;
    if (t.draining == t.rank) return WISH_DRAIN;
    return t.stopping == t.rank ? WISH_STOP : WISH_GO_ON;
}

static double trial_unsynced(void *context)
{
    (void)context;
    return t.unsynced == t.rank ? now() - t.began : 0;
}

static double cpu(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static status trial_go(double tick_seconds, progress *last)
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
    t.cpu_began = cpu();
    status result = schedule_run(MPI_COMM_WORLD, &s, last);
    t.cpu_seconds = cpu() - t.cpu_began;
    return result;
}

static int64_t over_ranks(int64_t mine, MPI_Op op)
{
    MPI_Allreduce(MPI_IN_PLACE, &mine, 1, MPI_INT64_T, op, MPI_COMM_WORLD);
    return mine;
}

/* Collective. Tasks that were run to the end. */
static int64_t ran_by_all(void)
{
    int64_t mine = 0;
    for (int64_t i = 0; i < t.packs.cells; i++) mine += t.times[i];
    return over_ranks(mine, MPI_SUM);
}

/* Collective. Did each task run `wanted` times over all ranks? */
static bool each_ran(int wanted)
{
    static int32_t sum[TASKS_MAX];
    MPI_Allreduce(t.times, sum, TASKS_MAX, MPI_INT32_T, MPI_SUM, MPI_COMM_WORLD);
    for (int64_t i = 0; i < t.packs.cells; i++)
        if (sum[i] != wanted) return false;
    return true;
}

static void every_task_runs_exactly_once(void)
{
    const int count[] = { 0, 1, 1, 5, 40, 1000, 20000 }, size[] = { 1, 1, 16, 3, 16, 7, 1 };
    const double seconds[] = { 0, 0, 0.001, 0.002, 1e-4, 1e-5, 0 };
    for (int i = 0; i < 7; i++) {
        trial_make(count[i], size[i], seconds[i]);
        progress last = { 0 };
        CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
        CU_ASSERT(each_ran(1));
        if (t.rank != 0) continue;
        CU_ASSERT_EQUAL(last.total, t.packs.cells);
        CU_ASSERT_EQUAL(last.tasks.done, t.packs.cells);
        CHECK_NEAR(last.left_seconds, 0, 0);
    }
}

static void every_rank_gets_its_packs_longest_first(void)
{
    trial_make(60, 4, 0.001);
    CU_ASSERT_EQUAL(trial_go(0.01, NULL), OK);
    CU_ASSERT(t.in_order);
}

static void a_failed_task_counts_and_stops_nothing(void)
{
    trial_make(30, 4, 1e-4);
    t.every = 3;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
    CU_ASSERT(each_ran(1));
    if (t.rank != 0) return;
    CU_ASSERT_EQUAL(last.tasks.done, 80);
    CU_ASSERT_EQUAL(last.tasks.failed, 40);
}

static void one_failing_rank_fails_every_rank(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    for (int failing = 0; failing < ranks; failing++) {
        char named[32];
        trial_make(400, 4, 0.005);
        t.failing = failing;
        double began = now();
        CU_ASSERT_EQUAL(trial_go(0.01, NULL), IO_FAILED);
        /* all of it would take two seconds on three ranks, and more on fewer */
        CU_ASSERT(now() - began < 1.5);
        CU_ASSERT(strstr(failure_text(), "the disk is full") != NULL);
        snprintf(named, sizeof named, "rank %d: ", failing);
        CU_ASSERT_EQUAL(strstr(failure_text(), named) != NULL, failing > 0);
        CU_ASSERT(!each_ran(1));
    }
}

static void a_stop_on_any_rank_stops_all(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    for (int stopping = 0; stopping < ranks; stopping++) {
        trial_make(400, 4, 0.005);
        t.stopping = stopping;
        progress last = { 0 };
        double began = now();
        CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
        CU_ASSERT(now() - began < 1.5);
        CU_ASSERT(strstr(failure_text(), "tasks left") != NULL);
        int64_t ran = ran_by_all();
        CU_ASSERT(ran < t.packs.cells);
        /* what the other ranks finished before they left is counted */
        if (t.rank == 0) CU_ASSERT_EQUAL(last.tasks.done, ran);
    }
}

static void a_stop_is_noticed_within_a_long_slice(void)
{
    int ranks;
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    for (int stopping = 0; stopping < ranks; stopping++) {
        trial_make(ranks, 1, 20);
        t.stopping = stopping;
        double began = now();
        CU_ASSERT_EQUAL(trial_go(0.02, NULL), WORK_LEFT);
        CU_ASSERT(now() - began < 2); /* a hundred ticks, for a machine that is busy with other things */
        CU_ASSERT(t.gave_up || t.slices == 0); /* it may have been sent away before it began */
    }
}

static void a_drain_on_any_rank_lets_what_runs_end_and_begins_nothing(void)
{
    for (int draining = 0; draining < t.ranks; draining++) {
        trial_make(400, 4, 0.005);
        t.draining = draining;
        progress last = { 0 };
        CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
        CU_ASSERT(strstr(failure_text(), "drained on a signal with ") != NULL);
        CU_ASSERT(!t.gave_up);
        /* the rank that was told ran nothing after the slice at which it was */
        if (t.rank == draining) CU_ASSERT_EQUAL(t.slices, 1);
        int64_t ran = ran_by_all();
        CU_ASSERT(ran < t.packs.cells);
        if (t.rank != 0) continue;
        CU_ASSERT_EQUAL(last.asked, WISH_DRAIN);
        CU_ASSERT_EQUAL(last.tasks.done, ran);
        CU_ASSERT_EQUAL(last.tasks.left, t.packs.cells - ran);
        CU_ASSERT(!last.out_of_time);
    }
}

static void a_stop_outranks_a_drain(void)
{
    for (int hurrying = 0; hurrying < t.ranks; hurrying++) {
        trial_make(t.ranks, 1, 20);
        t.hurrying = hurrying;
        progress last = { 0 };
        CU_ASSERT_EQUAL(trial_go(0.02, &last), WORK_LEFT);
        CU_ASSERT(strstr(failure_text(), "stopped by a signal with ") != NULL);
        CU_ASSERT(t.gave_up || t.slices == 0);
        CU_ASSERT_EQUAL(ran_by_all(), 0);
        if (t.rank == 0) CU_ASSERT_EQUAL(last.asked, WISH_STOP);
    }
}

/* ---- limits ---------------------------------------------------------------------------------------------- */

static void nothing_is_begun_that_will_not_end_before_the_limit(void)
{
    trial_make(10, 1, 1000);
    t.limit_seconds = 500;
    t.margin_seconds = 20;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
    CU_ASSERT_EQUAL(over_ranks(t.slices, MPI_SUM), 0);
    CU_ASSERT(strstr(failure_text(),
                     "out of time with 10 of 10 tasks left: the shortest is predicted to take "
                     "1000 s") != NULL);
    CU_ASSERT(strstr(failure_text(), "before the margin of 20 s") != NULL);
    if (t.rank != 0) return;
    CU_ASSERT_EQUAL(last.tasks.left, 10);
    CU_ASSERT(last.out_of_time);
    CU_ASSERT_EQUAL(last.asked, WISH_GO_ON);
    CU_ASSERT(last.limit_seconds <= 500 && last.limit_seconds > 400);
    CHECK_NEAR(last.margin_seconds, 20, 0);
}

static void short_tasks_run_where_the_longer_ones_no_longer_fit(void)
{
    trial_make(23, 1, 0.001);
    for (int i = 0; i < 3; i++) t.pack[i].seconds = 1000;
    t.limit_seconds = 500;
    t.margin_seconds = 20;
    progress last = { 0 };
    /* what was measured may be any multiple of what was predicted on a busy machine, but hardly less than half */
    CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
    CU_ASSERT(strstr(failure_text(), "out of time with 3 of 23 tasks left") != NULL);
    CU_ASSERT_EQUAL(ran_by_all(), 20);
    for (int i = 0; i < 3; i++) CU_ASSERT_EQUAL(t.times[i], 0);
    CU_ASSERT(!t.gave_up);
    if (t.rank == 0) CU_ASSERT_EQUAL(last.tasks.left, 3);
}

/* Until something is measured, predictions are believed; then all of it turns out to fit. */
static void a_pack_is_cut_to_what_fits_before_the_limit(void)
{
    trial_make(1, 16, 0);
    t.predicted_seconds = 10;
    t.pack[0].seconds = 160;
    t.limit_seconds = 115;
    t.margin_seconds = 20;
    CU_ASSERT_EQUAL(trial_go(0.01, NULL), OK);
    CU_ASSERT(each_ran(1));
    CU_ASSERT(over_ranks(t.largest, MPI_MAX) <= 9);
}

static void what_runs_when_the_margin_begins_is_given_up(void)
{
    trial_make(t.ranks, 1, 20);
    t.predicted_seconds = 0.01;
    for (int i = 0; i < t.ranks; i++) t.pack[i].seconds = 0.01;
    t.limit_seconds = 1.5;
    t.margin_seconds = 1;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
    CU_ASSERT(strstr(failure_text(), "out of time with ") != NULL);
    CU_ASSERT(t.gave_up || t.slices == 0);
    CU_ASSERT_EQUAL(ran_by_all(), 0);
    if (t.rank == 0) CU_ASSERT(last.out_of_time);
}

static void a_limit_far_away_changes_nothing(void)
{
    trial_make(200, 3, 1e-4);
    t.limit_seconds = 1e5;
    t.margin_seconds = 20;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
    CU_ASSERT(each_ran(1));
    CU_ASSERT(t.in_order);
    if (t.rank == 0) CU_ASSERT(!last.out_of_time);
}

/* ---- stages ---------------------------------------------------------------------------------------------- */

static void stages_wait_for_each_other_and_suspects_run_few_at_a_time(void)
{
    const stage stages[] = { { 0, 0 }, { 6, 0 }, { 10, 1 }, { 22, 5 } };
    trial_make(26, 2, 0.002);
    memcpy(t.stage, stages, sizeof stages);
    t.packs.stages = 4;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
    CU_ASSERT(each_ran(1));
    CU_ASSERT(t.in_order);
    MPI_Barrier(MPI_COMM_WORLD);
    CU_ASSERT_EQUAL(atomic_load(&shared_board->early), 0);
    CU_ASSERT(atomic_load(&shared_board->most[2]) <= (t.ranks > 3 ? t.ranks / 2 : 1));
    CU_ASSERT_EQUAL(atomic_load(&shared_board->most[3]), 1);
    if (t.rank == 0) CU_ASSERT_EQUAL(last.suspects, 0);
}

static void suspects_that_do_not_fit_before_the_limit_are_still_to_run(void)
{
    trial_make(8, 1, 0.001);
    t.stage[1] = (stage){ .first_pack = 5, .halvings = 1 };
    t.packs.stages = 2;
    for (int i = 6; i < 8; i++) t.pack[i].seconds = 1000;
    t.limit_seconds = 500;
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), WORK_LEFT);
    CU_ASSERT_EQUAL(ran_by_all(), 6);
    if (t.rank != 0) return;
    CU_ASSERT_EQUAL(last.suspects, 2);
    CU_ASSERT_EQUAL(last.tasks.left, 2);
}

/* ---- waiting --------------------------------------------------------------------------------------------- */

static void a_rank_that_waits_looks_and_takes_no_core(void)
{
    trial_make(1, 1, 0.6);
    CU_ASSERT_EQUAL(trial_go(0.05, NULL), OK);
    CU_ASSERT(t.looks >= 6); /* ten a second */
    if (t.cpu_seconds >= 0.3) fprintf(stderr, "rank %d: %g s of CPU time\n", t.rank, t.cpu_seconds);
    CU_ASSERT(t.cpu_seconds < 0.3); /* some hundredths; a rank that burns its core takes 0.6 */
}

static void a_rank_that_syncs_nothing_keeps_everything_unsafe(void)
{
    for (int unsynced = -1; unsynced < t.ranks; unsynced++) {
        trial_make(40, 2, 0.002);
        t.unsynced = unsynced;
        progress last = { 0 };
        CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
        if (t.rank != 0) continue;
        CU_ASSERT_EQUAL(last.safe_seconds > 0, unsynced < 0);
        CU_ASSERT(last.safe_seconds <= last.elapsed_seconds);
    }
}

static void it_is_told_what_each_rank_runs(void)
{
    trial_make(t.ranks, 1, 0.8); /* ranks report four times a second */
    CU_ASSERT_EQUAL(trial_go(0.02, NULL), OK);
    for (int i = 0; t.rank == 0 && i < t.ranks && i < RANKS_MAX; i++) CU_ASSERT(t.told[i]);
}

/* ---- shares ---------------------------------------------------------------------------------------------- */

static void the_last_pack_is_split_when_ranks_would_idle(void)
{
    trial_make(1, 12, 0.02);
    CU_ASSERT_EQUAL(trial_go(0.01, NULL), OK);
    CU_ASSERT(each_ran(1));
    CU_ASSERT_EQUAL(t.slices, 1);
    CU_ASSERT_EQUAL(over_ranks(t.slices, MPI_SUM), t.ranks);
}

static void every_rank_works(void)
{
    trial_make(30, 2, 0.005);
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
    CU_ASSERT(over_ranks(t.slices, MPI_MIN) > 0);
}

/* Sleeping takes no core, so the ranks can be told apart from their waiting even where they share one. */
static void ranks_hardly_wait_for_work(void)
{
    trial_make(60, 4, 0.002);
    progress last = { 0 };
    CU_ASSERT_EQUAL(trial_go(0.01, &last), OK);
    if (t.rank != 0) return;
    double busy = last.busy_seconds / (last.elapsed_seconds * last.ranks);
    if (busy <= 0.6) fprintf(stderr, "busy %g\n", busy);
    CU_ASSERT(busy > 0.6); /* 0.95 on a machine that is doing nothing else */
    CU_ASSERT(busy <= 1);
}

static void progress_is_shown_while_work_is_on(void)
{
    trial_make(30, 2, 0.01);
    CU_ASSERT_EQUAL(trial_go(0.01, NULL), OK);
    if (t.rank != 0) {
        CU_ASSERT_EQUAL(t.shown.ranks, 0);
        return;
    }
    CU_ASSERT_EQUAL(t.shown.ranks, t.ranks);
    CU_ASSERT_EQUAL(t.shown.total, 60);
    CU_ASSERT(t.shown.tasks.done > 0);
    CHECK_NEAR(t.shown.predicted_seconds, 0.6 / t.ranks, 1e-9);
    CU_ASSERT(t.shown.left_seconds >= 0 && t.shown.left_seconds < 10);
}

static void the_worst_status_of_all_ranks_reaches_every_rank(void)
{
    int rank, ranks;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    CU_ASSERT_EQUAL(schedule_agree(MPI_COMM_WORLD, OK), OK);
    for (int worst = 0; worst < ranks; worst++) {
        status mine = rank == worst ? failure(NO_MEMORY, "worst") : failure(WORK_LEFT, "not so bad");
        CU_ASSERT_EQUAL(schedule_agree(MPI_COMM_WORLD, mine), NO_MEMORY);
        CU_ASSERT(strstr(failure_text(), "worst") != NULL);
    }
}

static const check_test tests[] = {
    TEST(every_task_runs_exactly_once),
    TEST(every_rank_gets_its_packs_longest_first),
    TEST(a_failed_task_counts_and_stops_nothing),
    TEST(one_failing_rank_fails_every_rank),
    TEST(a_stop_on_any_rank_stops_all),
    TEST(a_stop_is_noticed_within_a_long_slice),
    TEST(a_drain_on_any_rank_lets_what_runs_end_and_begins_nothing),
    TEST(a_stop_outranks_a_drain),
    TEST(nothing_is_begun_that_will_not_end_before_the_limit),
    TEST(short_tasks_run_where_the_longer_ones_no_longer_fit),
    TEST(a_pack_is_cut_to_what_fits_before_the_limit),
    TEST(what_runs_when_the_margin_begins_is_given_up),
    TEST(a_limit_far_away_changes_nothing),
    TEST(stages_wait_for_each_other_and_suspects_run_few_at_a_time),
    TEST(suspects_that_do_not_fit_before_the_limit_are_still_to_run),
    TEST(a_rank_that_waits_looks_and_takes_no_core),
    TEST(a_rank_that_syncs_nothing_keeps_everything_unsafe),
    TEST(it_is_told_what_each_rank_runs),
    TEST(the_last_pack_is_split_when_ranks_would_idle),
    TEST(every_rank_works),
    TEST(ranks_hardly_wait_for_work),
    TEST(progress_is_shown_while_work_is_on),
    TEST(the_worst_status_of_all_ranks_reaches_every_rank),
};

/* Collective; the ranks of a test run on one machine. Rank 0's memory. */
static MPI_Win board_make(void)
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

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    MPI_Win window = board_make();
    int failed = check_run("schedule", tests, sizeof tests / sizeof tests[0], argc, argv);
    free(t.pack);
    MPI_Win_free(&window);
    MPI_Finalize();
    return failed;
}
