/* What leaves the pool near a time limit, and stage after stage; and the pace by which it is judged what fits. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "schedule/toy.h"

static request limited(double fit)
{
    return (request){ .ranks = 1, .ratio = 1, .measured = true, .limited = true, .fit_seconds = fit };
}

static void near_a_limit_a_pack_is_cut_to_what_fits(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 16, 1, 1);
    pool_fill(&p, &y.schedule);
    const double fit[] = { 5.5, 2, 16 };
    const int64_t count[] = { 5, 2, 9 };
    for (int i = 0; i < 3; i++) {
        request r = limited(fit[i]);
        CU_ASSERT(pool_suits(&p, &r));
        CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, count[i]);
        CHECK_NEAR(seconds, (double)count[i], 1e-12);
    }
    CU_ASSERT(pool_empty(&p));
}

static void a_pack_is_cut_to_as_many_full_registers_as_fit(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 40, 1, 16);
    pool_fill(&p, &y.schedule);
    request r = limited(2.5);
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 32);
}

static void where_the_longest_do_not_fit_the_shortest_leave_first(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 10, 1, 1, 1);
    for (int i = 0; i < 10; i++) y.pack[i].seconds = 10 - i;
    pool_fill(&p, &y.schedule);
    request r = limited(4);
    for (int last = 9; last > 5; last--) {
        portion taken = pool_take(&p, &r, &seconds);
        CU_ASSERT_EQUAL(taken.first, last);
        CU_ASSERT_EQUAL(taken.pack, last);
        CU_ASSERT_EQUAL(taken.count, 1);
        CHECK_NEAR(seconds, 10 - last, 1e-12);
    }
    CHECK_NEAR(pool_seconds(&p), 10 + 9 + 8 + 7 + 6 + 5, 1e-12);
    CU_ASSERT(!pool_suits(&p, &r));
    CHECK_NEAR(pool_shortest_seconds(&p, NULL), 5, 1e-12);
    r = limited(10); /* the rank is faster than it seemed */
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).first, 0);
    CU_ASSERT_EQUAL(pool_tasks(&p), 5);
}

static void the_shortest_pack_is_cut_where_one_of_its_tasks_fits(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 2, 1, 1, 1);
    y.pack[0].seconds = 100;
    y.pack[1].count = 8;
    y.pack[1].seconds = 8;
    y.packs.cells = 9;
    pool_fill(&p, &y.schedule);
    CHECK_NEAR(pool_shortest_seconds(&p, NULL), 1, 1e-12);
    request r = limited(3.5);
    portion taken = pool_take(&p, &r, &seconds);
    CU_ASSERT_EQUAL(taken.pack, 1);
    CU_ASSERT_EQUAL(taken.first, 6);
    CU_ASSERT_EQUAL(taken.count, 3);
    CHECK_NEAR(seconds, 3, 1e-12);
    CHECK_NEAR(pool_seconds(&p), 105, 1e-12);
    r = limited(1000); /* and then it all fits */
    r.want_seconds = 1000;
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 1);
    taken = pool_take(&p, &r, &seconds);
    CU_ASSERT_EQUAL(taken.first, 1);
    CU_ASSERT_EQUAL(taken.count, 5);
    CU_ASSERT(pool_empty(&p));
}

static void short_packs_leave_from_the_end_many_at_once(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, PACKS_MAX, 2, 1e-3, 1);
    y.pack[0].seconds = 100;
    y.pack[0].count = 1;
    y.task_seconds = 100; /* of what is cut; whole packs have their own */
    for (int i = 1; i < PACKS_MAX; i++) y.pack[i].first = 2 * i - 1;
    y.packs.cells = 2 * PACKS_MAX - 1;
    pool_fill(&p, &y.schedule);
    request r = limited(50);
    r.want_seconds = 0.1001;
    portion taken = pool_take(&p, &r, &seconds);
    CU_ASSERT_EQUAL(taken.count, 100); /* 50 packs of 2 ms */
    CU_ASSERT_EQUAL(taken.first, y.packs.cells - 100);
    CU_ASSERT_EQUAL(taken.pack, PACKS_MAX - 50);
    CHECK_NEAR(seconds, 0.1, 1e-9);
}

static void every_task_leaves_once_whatever_the_limit(void)
{
    static toy y;
    static int times[PACKS_MAX * 16];
    srand(2);
    for (int trial = 0; trial < 50; trial++) {
        pool p;
        memset(times, 0, sizeof times);
        toy_make_uneven(&y, 1 + rand() % 60, 0.01);
        pool_fill(&p, &y.schedule);
        int64_t left = y.packs.cells;
        while (!pool_empty(&p)) {
            double seconds;
            request r = limited(0.01 * (rand() % 20));
            r.ranks = 1 + rand() % 5;
            r.want_seconds = 0.01 * (rand() % 30);
            if (!pool_suits(&p, &r)) continue;
            portion taken = pool_take(&p, &r, &seconds);
            CU_ASSERT(seconds <= r.fit_seconds + 1e-9); /* sums of a few dozen rounded products */
            CHECK_NEAR(seconds, portion_seconds(&y.schedule, taken), 1e-9);
            for (int64_t i = 0; i < taken.count; i++) times[taken.first + i]++;
            left -= taken.count;
            CU_ASSERT_EQUAL(pool_tasks(&p), left);
        }
        for (int64_t i = 0; i < y.packs.cells; i++) CU_ASSERT_EQUAL(times[i], 1);
    }
}

static void a_pool_that_is_cleared_has_nothing_left(void)
{
    static toy y;
    pool p;
    stage stages[] = { { .first_pack = 0 }, { .first_pack = 3 } };
    toy_make(&y, 5, 4, 1, 1);
    y.packs.stages = 2;
    y.packs.stage = stages;
    pool_fill(&p, &y.schedule);
    CU_ASSERT_EQUAL(pool_tasks(&p), 20);
    pool_clear(&p);
    CU_ASSERT_EQUAL(pool_tasks(&p), 0);
    CU_ASSERT(pool_empty(&p));
    CU_ASSERT(!pool_next_stage(&p));
}

/* ---- stages ---------------------------------------------------------------------------------------------- */

static void stages_leave_one_after_the_other(void)
{
    static toy y;
    pool p;
    /* nothing is packed; 2 alone, 9 suspects of one death, 1 of fifty */
    stage stages[] = { { 0, 0 }, { 0, 0 }, { 2, 1 }, { 11, 50 } };
    const int widths[] = { 0, 0, 2, 1 }, tasks[] = { 12, 12, 10, 1 };
    const double later[] = { 2.0 / 4 + 9.0 / 2 + 1, 9.0 / 2 + 1, 1, 0 };
    toy_make(&y, 12, 1, 1, 1);
    y.packs.stages = 4;
    y.packs.stage = stages;
    pool_fill(&p, &y.schedule);
    int64_t next = 0;
    for (int i = 0; i < 4; i++) {
        int64_t end = i < 3 ? stages[i + 1].first_pack : 12;
        CU_ASSERT_EQUAL(pool_width(&p, 4), widths[i]);
        CU_ASSERT_EQUAL(pool_tasks(&p), tasks[i]);
        CHECK_NEAR(pool_later_seconds(&p, 4), later[i], 1e-12);
        CHECK_NEAR(pool_seconds(&p), (double)(end - next), 1e-12);
        for (; !pool_empty(&p); next++) {
            double seconds;
            request r = { .ranks = 4, .want_seconds = 0, .ratio = 1, .measured = true };
            CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).first, next);
        }
        CU_ASSERT_EQUAL(next, end);
        CU_ASSERT_EQUAL(pool_next_stage(&p), i < 3);
    }
}

static void suspects_run_at_half_the_width_for_each_death(void)
{
    static toy y;
    pool p;
    const int ranks[] = { 1, 2, 3, 8, 1000 }, widths[][4] = {
        { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 1, 1, 1, 1 }, { 4, 2, 1, 1 }, { 50, 25, 12, 1 }
    };
    const int halvings[] = { 1, 2, 3, 60 };
    for (int i = 0; i < 5; i++)
        for (int k = 0; k < 4; k++) {
            stage one = { .first_pack = 0, .halvings = halvings[k] };
            toy_make(&y, 100, 1, 1, 1);
            y.packs.stages = 1;
            y.packs.stage = &one;
            pool_fill(&p, &y.schedule);
            CU_ASSERT_EQUAL(pool_width(&p, ranks[i]), widths[i][k]);
        }
}

/* ---- pace ------------------------------------------------------------------------------------------------ */

static void what_fits_is_corrected_by_what_was_measured_with_a_quarter_to_spare(void)
{
    pace p = { 0 };
    CHECK_NEAR(pace_fit(&p, 10), 10, 0); /* nothing is measured: predictions are taken as they are */
    pace_add(&p, 20, 10, 30);
    CHECK_NEAR(pace_fit(&p, 10), 4, 1e-12);
    CU_ASSERT(pace_fit(&p, -1) < 0);
    CU_ASSERT(isinf(pace_fit(&p, INFINITY)));
}

static void recent_work_decides_the_pace(void)
{
    pace p = { 0 };
    CHECK_NEAR(pace_ratio(&p), 1, 0);
    for (int i = 0; i < 100; i++) pace_add(&p, 10, 10, 30);
    CHECK_NEAR(pace_ratio(&p), 1, 1e-12);
    for (int i = 0; i < 20; i++) pace_add(&p, 20, 10, 30);
    CHECK_NEAR(pace_ratio(&p), 2, 0.01); /* what was before counts a two-thousandth by now */
}

CHECK_MAIN("limits", TEST(near_a_limit_a_pack_is_cut_to_what_fits),
           TEST(a_pack_is_cut_to_as_many_full_registers_as_fit),
           TEST(where_the_longest_do_not_fit_the_shortest_leave_first),
           TEST(the_shortest_pack_is_cut_where_one_of_its_tasks_fits),
           TEST(short_packs_leave_from_the_end_many_at_once), TEST(every_task_leaves_once_whatever_the_limit),
           TEST(a_pool_that_is_cleared_has_nothing_left), TEST(stages_leave_one_after_the_other),
           TEST(suspects_run_at_half_the_width_for_each_death),
           TEST(what_fits_is_corrected_by_what_was_measured_with_a_quarter_to_spare),
           TEST(recent_work_decides_the_pace))
