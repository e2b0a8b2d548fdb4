#include "report/intervals.h"
#include "check.h"
#include "random.h"
#include "recorded.h"

enum { RESAMPLES = 2000, TARGETS = 4, TRIALS_MAX = 256 };

static double normal(uint64_t set, uint64_t index)
{
    return random_normal((random_key){ .seed = set, .purpose = RANDOM_NOISE }, index);
}

/* Trials of one session by hand: every trial weighs the same. */
static void put_trial(session_trials *t, int source, int64_t number, int64_t target, int64_t block,
                      double weight, double bits)
{
    trial *x = &t->trial[number];
    if (number == t->count) {
        *x = (trial){ .number = number, .target = target, .block = block };
        t->count++;
    }
    x->weight[source] = weight;
    x->sum[source] = weight * bits;
}

/* Two sources in sessions of their own, `each` trials of every target; cross-entropies are normal around the target's
 * number, with deviation 1. The value's standard error is then sqrt(2 sources / 4 / (TARGETS each)). */
static void draw_sessions(group_trials *t, trial *room, uint64_t set, int each)
{
    *t = (group_trials){ .sources = 2, .sessions = 2 };
    for (int i = 0; i < 2; i++) {
        t->session[i] =
            (session_trials){ .session = i ? "B" : "A", .sources = 1, .trial = room + i * TRIALS_MAX };
        t->session[i].source[0] = i;
        for (int k = 0; k < TARGETS * each; k++)
            put_trial(&t->session[i], i, k, k % TARGETS, -1, 1.0 / (TARGETS * each),
                      k % TARGETS + normal(2 * set + (uint64_t)i, (uint64_t)k));
    }
}

static double value_of(const group_trials *t)
{
    double value = 0;
    for (int i = 0; i < t->sessions; i++)
        for (int64_t k = 0; k < t->session[i].count; k++) value -= t->session[i].trial[k].sum[i] / 2;
    return value;
}

static double variance(const double *x, int count)
{
    double mean = 0, squares = 0;
    for (int i = 0; i < count; i++) mean += x[i] / count;
    for (int i = 0; i < count; i++) squares += (x[i] - mean) * (x[i] - mean);
    return squares / count;
}

static void small_numbers_of_trials_do_not_shrink_the_interval(void)
{
    enum { SETS = 300, EACH = 4 };
    static double shift[RESAMPLES];
    static trial room[2 * TRIALS_MAX];
    group_trials t;
    bool any;
    double mean_variance = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        draw_sessions(&t, room, set, EACH);
        CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
        mean_variance += variance(shift, RESAMPLES) / SETS;
    }
    double analytic = 2.0 / 4 / (TARGETS * EACH);
    /* 24 degrees of freedom a set, 300 sets: relative standard error sqrt(2 / 7200) = 1.7 %; drawing 4 of 4 would give 25 %
     * less */
    CHECK_NEAR(mean_variance / analytic, 1, 0.06);
}

static void an_interval_covers_the_truth_as_often_as_it_says(void)
{
    enum { SETS = 500, EACH = 10 };
    static double shift[RESAMPLES];
    static trial room[2 * TRIALS_MAX];
    const double truth = -(0 + 1 + 2 + 3) / 4.0;
    group_trials t;
    bool any;
    int covered = 0;
    double width = 0;
    for (uint64_t set = 0; set < SETS; set++) {
        interval x;
        draw_sessions(&t, room, 1000 + set, EACH);
        CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
        CU_ASSERT_EQUAL(intervals_percentile(value_of(&t), shift, RESAMPLES, 0.95, &x), OK);
        covered += x.low <= truth && truth <= x.high;
        width += (x.high - x.low) / SETS;
    }
    /* 72 degrees of freedom: 94.6 % rather than 95; standard error of the count over 500 sets 1.0 % */
    CHECK_NEAR((double)covered / SETS, 0.946, 0.03);
    CHECK_NEAR(width / (2 * 1.96 * sqrt(2.0 / 4 / (TARGETS * EACH))), 1,
               0.03); /* deviation over sets: 8 % / sqrt(500) */
}

static void what_differs_between_targets_alone_varies_nothing(void)
{
    static double shift[RESAMPLES];
    static trial room[2 * TRIALS_MAX];
    group_trials t;
    bool any;
    draw_sessions(&t, room, 0, 5);
    for (int i = 0; i < 2; i++)
        for (int64_t k = 0; k < t.session[i].count; k++)
            t.session[i].trial[k].sum[i] =
                t.session[i].trial[k].weight[i] * (double)t.session[i].trial[k].target;
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
    CU_ASSERT(any);
    for (int k = 0; k < RESAMPLES; k++) CHECK_NEAR(shift[k], 0, 1e-14); /* rounding of sums of 20 numbers */
}

static void a_target_keeps_its_frequency(void)
{
    enum { FEW = 3, MANY = 30 };
    static double shift[RESAMPLES];
    static trial room[TRIALS_MAX];
    group_trials t = { .sources = 1, .sessions = 1 };
    bool any;
    t.session[0] = (session_trials){ .session = "A", .sources = 1, .trial = room };
    for (int k = 0; k < FEW + MANY; k++)
        put_trial(&t.session[0], 0, k, k < FEW, -1, 1.0 / (FEW + MANY),
                  k < FEW ? 10 + normal(7, (uint64_t)k) : 0);
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
    double few[FEW] = { normal(7, 0), normal(7, 1), normal(7, 2) };
    double analytic = variance(few, FEW) / (FEW - 1) * pow(FEW / (double)(FEW + MANY), 2);
    CHECK_NEAR(variance(shift, RESAMPLES) / analytic, 1,
               0.12); /* variance of 2000 draws of a bounded value: 3 % */
}

static void sources_of_one_session_are_drawn_together(void)
{
    static double shift[RESAMPLES];
    static trial room[TRIALS_MAX];
    group_trials t = { .sources = 2, .sessions = 1 };
    bool any;
    t.session[0] = (session_trials){ .session = "A", .sources = 2, .source = { 0, 1 }, .trial = room };
    for (int k = 0; k < 40; k++)
        for (int i = 0; i < 2; i++)
            put_trial(&t.session[0], i, k, k % TARGETS, -1, 1.0 / 40, (i ? -1 : 1) * normal(3, (uint64_t)k));
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
    for (int k = 0; k < RESAMPLES; k++)
        CHECK_NEAR(shift[k], 0, 1e-14); /* what one source gains the other loses */
}

static void resamples_depend_on_the_session_and_on_nothing_else(void)
{
    static double once[RESAMPLES], again[RESAMPLES], swapped[RESAMPLES];
    static trial room[2 * TRIALS_MAX];
    group_trials t;
    bool any;
    draw_sessions(&t, room, 5, 6);
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, once, &any), OK);
    draw_sessions(&t, room, 5, 6);
    session_trials first = t.session[0];
    t.session[0] = t.session[1];
    t.session[1] = first;
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, again, &any), OK);
    for (int k = 0; k < RESAMPLES; k++) CHECK_NEAR(once[k], again[k], 1e-15); /* two terms in another order */
    draw_sessions(&t, room, 5, 6);
    t.session[1].session = "C";
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, swapped, &any), OK);
    CU_ASSERT(memcmp(once, swapped, sizeof once) != 0);
}

/* Trials of a block are all alike, so there are as many independent numbers as blocks. */
static void blocks_that_vary_together_are_drawn_together(void)
{
    enum { BLOCKS = 20, SIZE = 8 };
    static double alone[RESAMPLES], together[RESAMPLES];
    static trial room[TRIALS_MAX];
    double bits[BLOCKS];
    group_trials t = { .sources = 1, .sessions = 1 };
    bool any;
    t.session[0] = (session_trials){ .session = "A", .sources = 1, .trial = room };
    for (int b = 0; b < BLOCKS; b++) bits[b] = normal(11, (uint64_t)b);
    for (int k = 0; k < BLOCKS * SIZE; k++)
        put_trial(&t.session[0], 0, k, k % TARGETS, k / SIZE, 1.0 / (BLOCKS * SIZE), bits[k / SIZE]);
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, alone, &any), OK);
    CU_ASSERT_EQUAL(intervals_resample(&t, true, RESAMPLES, together, &any), OK);
    double analytic = variance(bits, BLOCKS) / (BLOCKS - 1);
    CHECK_NEAR(variance(together, RESAMPLES) / analytic, 1,
               0.12); /* standard error of a variance of 2000: 3.2 % */
    CHECK_NEAR(variance(alone, RESAMPLES) / analytic, 1.0 / SIZE, 0.02);
}

static void where_nothing_can_be_drawn_there_is_no_interval(void)
{
    static double shift[RESAMPLES];
    static trial room[TRIALS_MAX];
    group_trials t = { .sources = 1, .sessions = 1 };
    bool any = true;
    t.session[0] = (session_trials){ .session = "A", .sources = 1, .trial = room };
    for (int k = 0; k < 3; k++) put_trial(&t.session[0], 0, k, k, -1, 1.0 / 3, k);
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
    CU_ASSERT(!any); /* one trial of each target */
    for (int k = 0; k < 3; k++) room[k].target = 0;
    CU_ASSERT_EQUAL(intervals_resample(&t, false, RESAMPLES, shift, &any), OK);
    CU_ASSERT(any);
    CU_ASSERT_EQUAL(intervals_resample(&t, true, RESAMPLES, shift, &any), OK);
    CU_ASSERT(!any); /* one block */
}

static void percentiles_are_those_of_a_hand_calculation(void)
{
    enum { COUNT = 101 };
    double shift[COUNT];
    interval x;
    for (int i = 0; i < COUNT; i++) shift[i] = (i * 37) % COUNT; /* 0 … 100 in another order */
    CU_ASSERT_EQUAL(intervals_percentile(1000, shift, COUNT, 0.9, &x), OK);
    CHECK_NEAR(x.low, 1005, 1e-12); /* (1 - 0.9) / 2 is 0.05 but for a rounding */
    CHECK_NEAR(x.high, 1095, 1e-12);
}

/* ---- from the cells of a group -------------------------------------------------------------------------------- */

/* Two folds, of 3 and of 1 test samples, two seeds, one session on both sides. */
static void make_folds(recorded_view *h)
{
    memset(h, 0, sizeof *h);
    recorded_add_axis(h, "session_1", "A B");
    recorded_add_axis(h, "session_2", "A");
    recorded_add_axis(h, "fold", "0 1");
    recorded_add_axis(h, "seed", "0 1");
    recorded_fill(h, 3);
    for (int cell = 0; cell < 8; cell++) {
        int fold = cell / 2 % 2, seed = cell % 2;
        for (int k = 0; k < (fold ? 1 : 3); k++)
            for (int i = 0; i < 2; i++)
                recorded_sample(h, cell, k, i, 3 * fold + k, 0, k % 2, 1 + fold + k + 0.5 * seed + 0.25 * i);
    }
    recorded_sum_up(h, 3);
}

static void a_trial_is_known_by_its_number_in_its_session(void)
{
    recorded_view h;
    summary s;
    group_trials *t = NULL;
    make_folds(&h);
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(trials_make(&h.view, &s, 0, &t), OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT(t->sessions == 1 && t->session[0].sources == 2 && t->session[0].count == 4); /* A and A */
    trials_free(t);
    CU_ASSERT_EQUAL_FATAL(trials_make(&h.view, &s, 1, &t), OK);
    CU_ASSERT(t->sessions == 2 && t->session[0].count == 4 && t->session[1].count == 4); /* B and A */
    trials_free(t);
    recorded_hold(&h, "data.simulation", "seed");
    CU_ASSERT_EQUAL_FATAL(trials_make(&h.view, &s, 0, &t), OK);
    CU_ASSERT_EQUAL(t->session[0].count, 8); /* each seed has its own */
    trials_free(t);
    recorded_free(&h);
}

/* "" is the only session of a file, so that the other source's, which has a name, is the same one. */
static void a_session_without_a_name_is_the_one_that_has_one(void)
{
    recorded_view h;
    summary s;
    group_trials *t = NULL;
    memset(&h, 0, sizeof h);
    recorded_add_axis(&h, "session_1", "A");
    recorded_fill(&h, 2);
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < 2; i++) recorded_sample(&h, 0, k, i, k, 0, 0, 1 + k);
    recorded_sum_up(&h, 3);
    recorded_hold(&h, "data.session_2", "");
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(trials_make(&h.view, &s, 0, &t), OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT(t->sessions == 1 && t->session[0].sources == 2 && t->session[0].count == 2);
    trials_free(t);
    recorded_free(&h);
}

static void an_interval_is_about_the_mean_over_cells_where_folds_differ_in_size(void)
{
    recorded_view h;
    summary s;
    group_trials *t = NULL;
    make_folds(&h);
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(trials_make(&h.view, &s, 0, &t), OK);
    double bits = 0;
    for (int64_t k = 0; k < t->session[0].count; k++)
        for (int i = 0; i < 2; i++) bits += t->session[0].trial[k].sum[i] / 2;
    statistic x = summary_statistic(&s, 0, h.values[RECORDED_REDUNDANT], 1);
    CHECK_NEAR(3 - bits, x.mean, 1e-15); /* rounding; the mean over trials would be 0.25 off */
    trials_free(t);
    recorded_free(&h);
}

static void without_samples_there_are_no_trials(void)
{
    recorded_view h;
    summary s;
    group_trials *t = NULL;
    make_folds(&h);
    summary_make(&h.grid, &s);
    for (int64_t k = 0; k < 8 * h.variable[RECORDED_BITS].count; k++) h.values[RECORDED_BITS][k] = NAN;
    CU_ASSERT_EQUAL(trials_make(&h.view, &s, 0, &t), OK);
    CU_ASSERT_PTR_NULL(t);
    h.variable[RECORDED_BITS].quantity = &recorded_results[RECORDED_BLOCK];
    CU_ASSERT(!trials_kept(&h.view));
    recorded_free(&h);
}

CHECK_MAIN("intervals", TEST(small_numbers_of_trials_do_not_shrink_the_interval),
           TEST(an_interval_covers_the_truth_as_often_as_it_says),
           TEST(what_differs_between_targets_alone_varies_nothing), TEST(a_target_keeps_its_frequency),
           TEST(sources_of_one_session_are_drawn_together),
           TEST(resamples_depend_on_the_session_and_on_nothing_else),
           TEST(blocks_that_vary_together_are_drawn_together),
           TEST(where_nothing_can_be_drawn_there_is_no_interval),
           TEST(percentiles_are_those_of_a_hand_calculation),
           TEST(a_trial_is_known_by_its_number_in_its_session),
           TEST(a_session_without_a_name_is_the_one_that_has_one),
           TEST(an_interval_is_about_the_mean_over_cells_where_folds_differ_in_size),
           TEST(without_samples_there_are_no_trials))
