/* The schedule: every task once, the longest first, whoever fails or stops. */
#include "mpi/trial.h"

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
    TEST(the_last_pack_is_split_when_ranks_would_idle),
    TEST(every_rank_works),
    TEST(ranks_hardly_wait_for_work),
    TEST(progress_is_shown_while_work_is_on),
    TEST(the_worst_status_of_all_ranks_reaches_every_rank),
};

int main(int argc, char **argv)
{
    return trial_main("schedule", tests, sizeof tests / sizeof tests[0], argc, argv);
}
