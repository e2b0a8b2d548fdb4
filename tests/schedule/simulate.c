/* The simulated schedule: cases whose end is known, and what holds for every one. */
#include "schedule/simulate.h"

#include <stdlib.h>
#include <time.h>

#include "check.h"

/* Packs of one size each, whose tasks run one after the other. */
typedef struct toy {
    packs packs;
    simulation what;
    double slowness; /* what tasks take over what was predicted */
    double longest, total;
    double started; /* tasks that began to run */
} toy;

static double toy_seconds(void *context, int64_t first, int count)
{
    const toy *y = context;
    const pack *k = &y->packs.pack[first / y->packs.pack[0].count];
    return k->seconds * count / k->count;
}

static double toy_lasts(void *context, int64_t first, int count, double predicted)
{
    toy *y = context;
    (void)first;
    y->started += count;
    return predicted * y->slowness;
}

/* `seconds(i)` of pack i, which must not grow with i. */
static void toy_make(toy *y, int64_t count, int size, double (*seconds)(int64_t i))
{
    *y = (toy){ .slowness = 1 };
    y->packs = (packs){ .cells = count * size, .count = count, .pack = calloc((size_t)count, sizeof(pack)) };
    for (int64_t i = 0; i < count; i++) {
        y->packs.pack[i] = (pack){ .first = i * size, .count = size, .lanes = 1, .seconds = seconds(i) };
        y->longest = fmax(y->longest, seconds(i) / size);
        y->total += seconds(i);
    }
    y->what = (simulation){
        .packs = &y->packs, .tick_seconds = 0.1, .seconds = toy_seconds, .lasts = toy_lasts, .context = y
    };
}

static simulated toy_run(toy *y, int ranks)
{
    simulated s = { 0 };
    y->started = 0;
    y->what.ranks = ranks;
    CU_ASSERT_EQUAL_FATAL(simulate(&y->what, &s), OK);
    CU_ASSERT_EQUAL(y->started, (double)y->packs.cells);
    return s;
}

static double one_second(int64_t i)
{
    (void)i;
    return 1;
}

/* 5 s, 2.5 s, 1.67 s, … */
static double shorter_and_shorter(int64_t i)
{
    return 5.0 / (double)(i + 1);
}

static double ten_milliseconds(int64_t i)
{
    (void)i;
    return 0.01;
}

static double few_long(int64_t i)
{
    return i < 20 ? 2 : i < 200 ? 0.1 : 0.01;
}

static void on_one_rank_all_takes_the_sum(void)
{
    toy y;
    toy_make(&y, 100, 1, shorter_and_shorter);
    y.what.message_seconds = 1e-3; /* nobody to send any to */
    simulated s = toy_run(&y, 1);
    CHECK_NEAR(s.seconds, y.total, 1e-9 * y.total); /* rounding of a hundred sums */
    CHECK_NEAR(s.busy_seconds, y.total, 1e-9 * y.total);
    CU_ASSERT_EQUAL(s.message_seconds, 0);
    CU_ASSERT_EQUAL(s.slices, 100);
    free(y.packs.pack);
}

static void with_more_ranks_than_tasks_all_takes_as_long_as_the_longest(void)
{
    toy y;
    toy_make(&y, 7, 1, shorter_and_shorter);
    simulated s = toy_run(&y, 50);
    CHECK_NEAR(s.seconds, 5, 1e-9);
    CU_ASSERT_EQUAL(s.used, 7);
    CHECK_NEAR(s.end_seconds, 50 * 5.0 - y.total, 1e-6); /* rounding of 50 sums */
    free(y.packs.pack);
}

static void equal_tasks_are_shared_out_equally(void)
{
    toy y;
    toy_make(&y, 40, 1, one_second);
    for (int ranks = 2; ranks <= 40; ranks *= 2) {
        simulated s = toy_run(&y, ranks);
        /* a rank asks before it is done: no time passes between two tasks */
        CHECK_NEAR(s.seconds, ceil(40.0 / ranks), 1e-9);
        CU_ASSERT_EQUAL(s.used, ranks);
    }
    free(y.packs.pack);
}

static void packs_are_split_where_ranks_would_idle(void)
{
    toy y;
    toy_make(&y, 1, 16, one_second);
    CHECK_NEAR(toy_run(&y, 1).seconds, 1, 1e-9);
    CHECK_NEAR(toy_run(&y, 16).seconds, 1.0 / 16, 1e-9);
    free(y.packs.pack);
}

static void no_number_of_ranks_beats_the_longest_task_or_an_even_share(void)
{
    toy y;
    toy_make(&y, 2000, 4, few_long);
    double before = INFINITY;
    for (int ranks = 1; ranks <= 1024; ranks *= 2) {
        simulated s = toy_run(&y, ranks);
        CU_ASSERT(s.seconds >= y.longest * (1 - 1e-9));
        CU_ASSERT(s.seconds >= y.total / ranks * (1 - 1e-9));
        CHECK_NEAR(s.busy_seconds, y.total, 1e-9 * y.total);
        /* more ranks may do worse, as list scheduling may, but by no more than the last piece takes */
        CU_ASSERT(s.seconds <= before + y.longest);
        before = s.seconds;
    }
    free(y.packs.pack);
}

static void messages_cost_rank_0_its_own_time(void)
{
    toy y;
    toy_make(&y, 400, 1, one_second);
    y.what.message_seconds = 1e-3;
    simulated s = toy_run(&y, 100);
    CU_ASSERT(s.orders >= 99 && s.reports >= s.orders);
    /* beside these there is what workers tell now and then */
    CU_ASSERT(s.message_seconds >= 1e-3 * (double)(s.orders + s.reports) * (1 - 1e-9));
    CU_ASSERT(s.seconds > 4);
    CU_ASSERT(s.seconds <
              4 + 3 * s.message_seconds); /* rank 0 works that much later, and one pack may wait for it */
    free(y.packs.pack);
}

static void tasks_that_take_longer_than_predicted_make_all_longer(void)
{
    toy y;
    toy_make(&y, 4000, 1, ten_milliseconds);
    y.slowness = 3;
    /* at the end, a rank may have one task more than another */
    CHECK_NEAR(toy_run(&y, 4).seconds, 3 * y.total / 4, 0.031);
    free(y.packs.pack);
}

/* The first `wide` packs are for gangs of so many ranks, where each takes `seconds`. */
static void toy_widen(toy *y, int64_t wide, int ranks, double seconds)
{
    for (int64_t i = 0; i < wide; i++) {
        y->packs.pack[i].ranks = ranks;
        y->packs.pack[i].seconds = seconds * ranks * GANG_EFFICIENCY;
    }
}

static void gangs_share_out_what_there_is_block_by_block(void)
{
    toy y;
    toy_make(&y, 12, 1, one_second);
    toy_widen(&y, 12, 2, 1);
    CHECK_NEAR(toy_run(&y, 2).seconds, 12, 1e-9);
    CHECK_NEAR(toy_run(&y, 3).seconds, 12, 1e-9); /* the third rank is no block */
    CHECK_NEAR(toy_run(&y, 4).seconds, 6, 1e-9);
    simulated s = toy_run(&y, 8);
    CHECK_NEAR(s.seconds, 3, 1e-9);
    CHECK_NEAR(s.busy_seconds, 24, 1e-9);
    CU_ASSERT_EQUAL(s.slices, 12);
    free(y.packs.pack);
}

/* 5 packs of 4 s on two ranks each and 50 of 1 s. */
static void gangs_and_single_ranks_fill_the_time_together(void)
{
    toy y;
    toy_make(&y, 55, 1, one_second);
    toy_widen(&y, 5, 2, 4);
    for (int ranks = 2; ranks <= 16; ranks++) {
        double even = (5 * 2 * 4 + 50) / (double)ranks;
        simulated s = toy_run(&y, ranks);
        /* a gang's pack begins at most one single pack late, and ends at most one pack late */
        CU_ASSERT(s.seconds <= fmax(even, 4.0 * ceil(5.0 / (ranks / 2))) + 1 + 1e-9);
        CU_ASSERT(s.seconds >= even * (1 - 1e-9));
    }
    free(y.packs.pack);
}

/* 0.5 s for two ranks, among tasks that are longer, as long and shorter. */
static void a_block_is_held_for_what_is_longest(void)
{
    toy y;
    toy_make(&y, 9, 1, one_second);
    toy_widen(&y, 1, 2, 0.5);
    for (int i = 5; i < 9; i++) y.packs.pack[i].seconds = 0.1;
    /* four of 1 s share two ranks, then both run the gang's, then the short ones */
    CHECK_NEAR(toy_run(&y, 2).seconds, 2.7, 1e-9);
    free(y.packs.pack);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Whatever grew with the product of ranks and packs would take minutes. */
static void ten_thousand_ranks_take_little_more_time_to_simulate_than_a_hundred(void)
{
    toy y;
    toy_make(&y, 200000, 1, one_second);
    y.what.message_seconds = 1e-6;
    double began = now();
    simulated few = toy_run(&y, 100);
    double between = now();
    simulated many = toy_run(&y, 10000);
    double ratio = (now() - between) / (between - began);
    CHECK_NEAR(few.seconds, 2000, 1);
    CHECK_NEAR(many.seconds, 20, 1.1); /* rank 0, held up, does one task less, and another rank one more */
    CU_ASSERT(ratio < 25);             /* measured: 2; a product would give 100 */
    free(y.packs.pack);
}

CHECK_MAIN("simulated schedule", TEST(on_one_rank_all_takes_the_sum),
           TEST(with_more_ranks_than_tasks_all_takes_as_long_as_the_longest),
           TEST(equal_tasks_are_shared_out_equally), TEST(packs_are_split_where_ranks_would_idle),
           TEST(no_number_of_ranks_beats_the_longest_task_or_an_even_share),
           TEST(messages_cost_rank_0_its_own_time),
           TEST(tasks_that_take_longer_than_predicted_make_all_longer),
           TEST(gangs_share_out_what_there_is_block_by_block),
           TEST(gangs_and_single_ranks_fill_the_time_together), TEST(a_block_is_held_for_what_is_longest),
           TEST(ten_thousand_ranks_take_little_more_time_to_simulate_than_a_hundred))
