/* The pool of packs, without messages: what leaves it, in which order, in which pieces; and, with a clock that only
 * exists in the test, how early the last rank finishes. */
#include <stdlib.h>

#include "check.h"
#include "schedule/toy.h"

enum { RANKS_MAX = 8 };

/* Rank 0 asks when it has nothing left, the others when less than `ahead` seconds are, as in the schedule; who is told to
 * wait asks again a little later. The clock is the test's. `slowness` is what work takes over what was predicted. Returns
 * when the last rank finishes. */
static double simulate(toy *y, int ranks, double ahead, double slowness, int64_t *tasks)
{
    double free_at[RANKS_MAX] = { 0 }, asks_at[RANKS_MAX] = { 0 }, end = 0;
    pool p;
    *tasks = 0;
    pool_fill(&p, &y->schedule);
    while (!pool_empty(&p)) {
        int next = 0;
        for (int i = 1; i < ranks; i++)
            if (asks_at[i] < asks_at[next]) next = i;
        double now = asks_at[next], seconds;
        request r = {
            .ranks = ranks, .want_seconds = next ? 2 * ahead : 0, .ratio = slowness, .measured = true
        };
        r.least_seconds = r.left_seconds = fmax(free_at[next] - now, 0);
        for (int i = 0; i < ranks; i++) {
            r.all_left_seconds += fmax(free_at[i] - now, 0);
            r.least_seconds = fmin(r.least_seconds, fmax(free_at[i] - now, 0));
        }
        if (pool_waits(&p, &r)) {
            CU_ASSERT(r.left_seconds > 0);
            asks_at[next] = now + ahead / 20;
            continue;
        }
        *tasks += pool_take(&p, &r, &seconds).count;
        free_at[next] = fmax(free_at[next], now) + seconds * slowness;
        asks_at[next] = fmax(free_at[next] - (next ? ahead : 0), now);
        end = fmax(end, free_at[next]);
    }
    return end;
}

static void every_task_leaves_the_pool_exactly_once(void)
{
    static toy y;
    srand(1);
    for (int trial = 0; trial < 50; trial++) {
        pool p;
        int64_t next = 0;
        toy_make_uneven(&y, 1 + rand() % 60, 0.01);
        pool_fill(&p, &y.schedule);
        while (!pool_empty(&p)) {
            double seconds;
            request r = { .ranks = 1 + rand() % 9,
                          .left_seconds = 0.01 * (rand() % 50),
                          .all_left_seconds = 0.01 * (rand() % 500),
                          .want_seconds = 0.01 * (rand() % 100),
                          .ratio = 0.1 + 0.1 * (rand() % 30),
                          .measured = rand() % 2 };
            portion taken = pool_take(&p, &r, &seconds);
            CU_ASSERT_EQUAL(taken.first, next);
            CU_ASSERT(taken.count > 0);
            CU_ASSERT(taken.first >= y.pack[taken.pack].first);
            CU_ASSERT(taken.first < y.pack[taken.pack].first + y.pack[taken.pack].count);
            next += taken.count;
        }
        CU_ASSERT_EQUAL(next, y.packs.cells);
        CHECK_NEAR(pool_seconds(&p), 0, 0);
    }
}

static void a_portion_is_cut_at_the_ends_of_packs(void)
{
    static toy y;
    toy_make(&y, 3, 5, 0.01, 1);
    portion p = { .pack = 0, .first = 3, .count = 9 };
    const int firsts[] = { 3, 5, 10 }, counts[] = { 2, 5, 2 };
    CHECK_NEAR(portion_seconds(&y.schedule, p), 0.09, 1e-12);
    for (int i = 0; i < 3; i++) {
        int64_t first;
        int count;
        double seconds;
        portion_cut(&y.schedule, &p, &first, &count, &seconds);
        CU_ASSERT_EQUAL(first, firsts[i]);
        CU_ASSERT_EQUAL(count, counts[i]);
        CHECK_NEAR(seconds, 0.01 * counts[i], 1e-12);
    }
    CU_ASSERT_EQUAL(p.count, 0);
}

static void short_packs_leave_many_at_once(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, PACKS_MAX, 1, 1e-4, 1);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 2, .want_seconds = 5e-3, .ratio = 1, .measured = true };
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 50);
    CHECK_NEAR(seconds, 5e-3, 1e-9);
}

static void no_rank_gets_more_than_half_of_an_even_share_of_short_packs(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, PACKS_MAX, 1, 1e-4, 1);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 4, .want_seconds = 1000, .ratio = 1, .measured = true };
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, PACKS_MAX / 8);
}

static void little_leaves_before_anything_is_measured(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, PACKS_MAX, 1, 1e-4, 1);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 4, .want_seconds = 1000, .ratio = 1, .measured = false };
    CU_ASSERT(pool_take(&p, &r, &seconds).count <= PACKS_MAX / 32 + 1);
}

static void the_last_pack_is_split_among_idle_ranks(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 16, 1, 1);
    pool_fill(&p, &y.schedule);
    for (int i = 0; i < 4 && !pool_empty(&p); i++) {
        request r = {
            .ranks = 4, .all_left_seconds = 4.0 * i, .want_seconds = 0.6, .ratio = 1, .measured = true
        };
        CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 4);
    }
    CU_ASSERT(pool_empty(&p));
}

static void a_pack_stays_whole_where_half_of_it_takes_as_long(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 16, 1, 16);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 4, .want_seconds = 0.6, .ratio = 1, .measured = true };
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 16);
}

static void a_pack_is_split_no_finer_than_lanes_make_faster(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 16, 1, 8);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 4, .want_seconds = 0.6, .ratio = 1, .measured = true };
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 8);
}

/* 40 tasks on 16 lanes take three turns: two here and one there, instead of two here and two there with 20 each. */
static void a_pack_is_split_between_full_registers(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 1, 40, 1, 16);
    y.pack[0].lanes = 16;
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 2, .want_seconds = 0.6, .ratio = 1, .measured = true };
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 32);
    CU_ASSERT_EQUAL(seconds, 2);
    r.all_left_seconds = 2;
    CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 8);
}

static void packs_stay_whole_while_there_is_plenty_left(void)
{
    static toy y;
    pool p;
    double seconds;
    toy_make(&y, 40, 16, 1, 1);
    pool_fill(&p, &y.schedule);
    for (int i = 0; i < 30; i++) {
        request r = { .ranks = 2, .want_seconds = 0.6, .ratio = 1, .measured = true };
        CU_ASSERT_EQUAL(pool_take(&p, &r, &seconds).count, 16);
    }
}

static void near_the_end_a_rank_that_asks_early_waits_for_those_who_finish_sooner(void)
{
    static toy y;
    pool p;
    toy_make(&y, 2, 1, 1, 1);
    pool_fill(&p, &y.schedule);
    request r = { .ranks = 2,
                  .left_seconds = 2,
                  .all_left_seconds = 2.5,
                  .least_seconds = 0.5,
                  .ratio = 1,
                  .measured = true };
    CU_ASSERT(pool_waits(&p, &r));
    r.left_seconds = 0.5; /* this is the one who finishes sooner */
    CU_ASSERT(!pool_waits(&p, &r));
    toy_make(&y, 20, 1, 1, 1); /* this is not the end */
    pool_fill(&p, &y.schedule);
    r.left_seconds = 2;
    CU_ASSERT(!pool_waits(&p, &r));
}

static void ranks_finish_together_on_an_imagined_clock(void)
{
    static toy y;
    const double slowness[] = { 0.2, 1, 5 };
    for (int ranks = 1; ranks <= RANKS_MAX; ranks++)
        for (int count = 1; count <= 40; count += 3)
            for (int k = 0; k < 3; k++) {
                int64_t tasks;
                toy_make_uneven(&y, count, 1);
                double even = slowness[k] * (double)y.packs.cells / ranks;
                double end = simulate(&y, ranks, 0.3, slowness[k], &tasks);
                CU_ASSERT_EQUAL(tasks, y.packs.cells);
                /* whole tasks cannot be shared out better than to within one, and a split that gains less than 5 % is
                 * not made */
                if (end > even * 1.06 + slowness[k])
                    fprintf(stderr, "%d ranks, %d packs: ends at %g, even %g\n", ranks, count, end, even);
                CU_ASSERT(end <= even * 1.06 + slowness[k]);
            }
}

static void a_cost_model_that_says_nothing_does_no_harm(void)
{
    static toy y;
    int64_t tasks;
    toy_make(&y, 30, 4, 0, 1);
    double end = simulate(&y, 3, 0.3, 1, &tasks);
    CU_ASSERT_EQUAL(tasks, 120);
    CU_ASSERT(isfinite(end));
}

CHECK_MAIN("pool", TEST(every_task_leaves_the_pool_exactly_once), TEST(a_portion_is_cut_at_the_ends_of_packs),
           TEST(short_packs_leave_many_at_once),
           TEST(no_rank_gets_more_than_half_of_an_even_share_of_short_packs),
           TEST(little_leaves_before_anything_is_measured), TEST(the_last_pack_is_split_among_idle_ranks),
           TEST(a_pack_stays_whole_where_half_of_it_takes_as_long),
           TEST(a_pack_is_split_no_finer_than_lanes_make_faster),
           TEST(a_pack_is_split_between_full_registers),
           TEST(near_the_end_a_rank_that_asks_early_waits_for_those_who_finish_sooner),
           TEST(packs_stay_whole_while_there_is_plenty_left),
           TEST(ranks_finish_together_on_an_imagined_clock),
           TEST(a_cost_model_that_says_nothing_does_no_harm))
