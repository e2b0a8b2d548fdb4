/* The schedule when it is to end early, runs stage after stage, and waits. */
#include "mpi/trial.h"

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

static void a_limit_within_the_margin_leaves_everything(void)
{
    const double limits[] = { 15, -3 }; /* or it is over already */
    for (int i = 0; i < 2; i++) {
        trial_make(5, 1, 1);
        t.limit_seconds = limits[i];
        t.margin_seconds = 20;
        CU_ASSERT_EQUAL(trial_go(0.01, NULL), WORK_LEFT);
        CU_ASSERT_EQUAL(over_ranks(t.slices, MPI_SUM), 0);
        CU_ASSERT(strstr(failure_text(), "out of time with 5 of 5 tasks left") != NULL);
        CU_ASSERT(strstr(failure_text(), "0.0 s were left before the margin of 20 s") != NULL);
    }
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

static const check_test tests[] = {
    TEST(a_drain_on_any_rank_lets_what_runs_end_and_begins_nothing),
    TEST(a_stop_outranks_a_drain),
    TEST(nothing_is_begun_that_will_not_end_before_the_limit),
    TEST(a_limit_within_the_margin_leaves_everything),
    TEST(short_tasks_run_where_the_longer_ones_no_longer_fit),
    TEST(a_pack_is_cut_to_what_fits_before_the_limit),
    TEST(what_runs_when_the_margin_begins_is_given_up),
    TEST(a_limit_far_away_changes_nothing),
    TEST(stages_wait_for_each_other_and_suspects_run_few_at_a_time),
    TEST(suspects_that_do_not_fit_before_the_limit_are_still_to_run),
    TEST(a_rank_that_waits_looks_and_takes_no_core),
    TEST(a_rank_that_syncs_nothing_keeps_everything_unsafe),
    TEST(it_is_told_what_each_rank_runs),
};

int main(int argc, char **argv)
{
    return trial_main("limits", tests, sizeof tests / sizeof tests[0], argc, argv);
}
