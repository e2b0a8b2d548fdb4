#include "data/recordings_of.h"

/* ---- windows -------------------------------------------------------------------------------------------------------- */

enum { BINS = 10, TRIALS = 8 };

/* Session "A" with an area "M" of two units: bins of 10 ms from -20 ms on; unit u has t + u + b spikes in bin b of trial t. */
static recordings *binned_recordings(void)
{
    static const int target[TRIALS] = { 0, 1, 0, 1, 0, 1, 0, 1 };
    recordings *r = empty_recordings();
    recorded_session *s = add_session(r, "A", TRIALS, target);
    area *a;
    must(session_add_area(s, "binned", 2, BINS, true, &a));
    a->bin_ms = 10;
    a->start_ms = -20;
    for (int t = 0; t < TRIALS; t++)
        for (int u = 0; u < 2; u++)
            for (int b = 0; b < BINS; b++) a->count[(t * 2 + u) * BINS + b] = (uint8_t)(t + u + b);
    return r;
}

static void a_window_holds_the_bins_of_its_time(void)
{
    static const struct {
        const char *feature;
        double divisor;
    } ways[] = { { "count", 1 }, { "mean", 3 }, { "rate", 0.03 } };
    recordings *r = binned_recordings();
    for (int w = 0; w < 3; w++) {
        trial_options o = OPTIONS("area_1", "binned", "area_2", "binned", "width", "30", "window_1", "-20",
                                  "window_2", "50", "feature", ways[w].feature);
        dataset *d = dataset_from(r, &o, 1);
        for (int64_t k = 0; k < d->shape.test; k++)
            for (int u = 0; u < 2; u++) {
                int t = d->test_trial[0][k];
                /* float has 24 bits; sums are below 100 */
                CHECK_NEAR((double)d->test_x[0][2 * k + u], (3 * (t + u) + 3) / ways[w].divisor, 1e-4);
                CHECK_NEAR((double)d->test_x[1][2 * k + u], (3 * (t + u) + 24) / ways[w].divisor, 1e-4);
            }
        dataset_free(d);
    }
    free_recordings(r);
}

static void windows_that_are_not_there_are_refused(void)
{
    recordings *r = binned_recordings();
    trial_options o = OPTIONS("area_1", "binned", "area_2", "binned", "width", "30", "window_2", "60");
    expect_refusal(r, &o, "data.window_2: 60 to 90 ms, but area binned has -20 to 80 ms");
    trial_set_option(&o, "window_2", "-30");
    expect_refusal(r, &o, "data.window_2: -30 to 0 ms");
    trial_set_option(&o, "window_2", "5");
    expect_refusal(r, &o, "does not start and end between two bins");
    trial_set_option(&o, "window_2", "0");
    trial_set_option(&o, "area_2", "M");
    expect_refusal(r, &o, "area M has no bins in time");
    trial_set_option(&o, "width", "all");
    trial_set_option(&o, "window_1", "10");
    expect_refusal(r, &o, "data.window_1 is 10 ms, but data.width is all");
    trial_set_option(&o, "window_1", "0");
    trial_set_option(&o, "feature", "count");
    expect_refusal(r, &o, "area M holds no spike counts");
    trial_set_option(&o, "area_2", "N");
    expect_refusal(r, &o, "session A has no area 'N'; it has M, binned");
    free_recordings(r);
}

static void all_of_a_trial_is_its_valid_part(void)
{
    recordings *r = binned_recordings();
    recorded_session *s = &r->session[0];
    must(session_add_valid(s));
    for (int t = 0; t < TRIALS; t++) {
        s->valid_from[t] = t == 3 ? -15 : -20; /* the first bin of trial 3 is not whole */
        s->valid_to[t] = t == 5 ? 30 : 80;
    }
    trial_options o = OPTIONS("area_1", "binned", "area_2", "binned", "feature", "count");
    dataset *d = dataset_from(r, &o, 1);
    for (int64_t k = 0; k < d->shape.train; k++) {
        int t = -1, first, end;
        for (int c = 0; c < TRIALS; c++) {
            first = c == 3 ? 1 : 0;
            end = c == 5 ? 5 : BINS;
            int sum = 0;
            for (int b = first; b < end; b++) sum += c + b;
            if ((int)d->train_x[0][2 * k] == sum) t = c;
        }
        CU_ASSERT(t >= 0);
    }
    dataset_free(d);
    trial_set_option(&o, "width", "30");
    trial_set_option(&o, "window_1", "20");
    expect_refusal(r, &o,
                   "data.window_1: 20 to 50 ms, but area binned of session A has -20 to 30 ms in trial 6");
    trial_set_option(&o, "trials", "target == 0");
    trial_set_option(&o, "targets", "0");
    trial_set_option(&o, "test_fraction", "0.5");
    dataset_free(dataset_from(r, &o, 1));
    s->valid_to[2] = -12;
    trial_set_option(&o, "width", "all");
    trial_set_option(&o, "window_1", "0");
    expect_refusal(r, &o, "trial 3 of session A holds no whole bin of area binned");
    free_recordings(r);
}

/* ---- selecting -------------------------------------------------------------------------------------------------------- */

/* Ten trials of two targets, with a reaction time (none in trial 4), an hour and a block. */
static recordings *described_recordings(void)
{
    static const int target[10] = { 0, 1, 0, 1, 0, 1, 0, 1, 0, 1 };
    recordings *r = empty_recordings();
    recorded_session *s = add_session(r, "A", 10, target);
    column *c;
    must(session_add_column(s, "rt", "s", 1, &c));
    for (int t = 0; t < 10; t++) c->number[t] = t == 4 ? NAN : 0.1 * t;
    must(session_add_text_column(s, "half", &c));
    for (int t = 0; t < 10; t++) c->text[t] = strdup(t < 5 ? "first half" : "second half");
    must(area_add_text_column(&s->area[0], "quality", &c));
    for (int u = 0; u < TEST_UNITS; u++) c->text[u] = strdup(u == 1 ? "poor" : "good");
    return r;
}

static void trials_are_selected_by_their_columns(void)
{
    static const struct {
        const char *condition;
        const char *trials; /* 1 where it is taken */
    } cases[] = {
        { "", "1111111111" },
        { "rt < 0.35", "1111000000" },
        { "rt >= 0.35", "0000011111" },
        { "rt != 0.2", "1101011111" },
        { "half == 'first half'", "1111100000" },
        { "half != \"first half\" and rt <= 0.85", "0000011110" },
        { "rt < 0.2 or half == 'second half' and rt > 0.65", "1100000111" },
        { "target==1 and rt<0.8", "0101010100" },
    };
    recordings *r = described_recordings();
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        trial_options o = OPTIONS("trials", cases[c].condition, "test_fraction", "0.5");
        dataset *d = dataset_from(r, &o, 1);
        char taken[] = "0000000000";
        for (int64_t k = 0; k < d->shape.train; k++) taken[trial_of(d, 0, false, k)] = '1';
        for (int64_t k = 0; k < d->shape.test; k++) taken[d->test_trial[0][k]] = '1';
        CU_ASSERT_STRING_EQUAL(taken, cases[c].trials);
        dataset_free(d);
    }
    free_recordings(r);
}

static void conditions_that_make_no_sense_are_refused(void)
{
    static const char *const cases[][2] = {
        { "reaction < 1", "no column 'reaction'; it has target, rt, half" },
        { "rt < fast", "column 'rt' of session A holds numbers, and 'fast' is none" },
        { "rt", "after column 'rt' stands ''" },
        { "rt <", "ends where a value should stand" },
        { "rt = 1", "after column 'rt' stands '='" },
        { "half < 3", "holds no single numbers" },
        { "rt < 1 and", "ends where a column should stand" },
        { "rt < 1 half == x", "'half' stands where 'and', 'or' or the end should be" },
        { "half == 'first", "a quote is not closed" },
        { "rt > 100", "session A has no trial that takes part" },
        { " ", "ends where a column should stand" },
    };
    recordings *r = described_recordings();
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        trial_options o = OPTIONS("trials", cases[c][0]);
        expect_refusal(r, &o, cases[c][1]);
    }
    free_recordings(r);
}

static void trials_without_a_target_take_no_part(void)
{
    recordings *r = described_recordings();
    r->session[0].column[0].number[7] = NAN;
    trial_options o = OPTIONS("test_fraction", "0.5");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.train + d->shape.test, 9);
    for (int64_t k = 0; k < d->shape.test; k++) CU_ASSERT_NOT_EQUAL(d->test_trial[0][k], 7);
    dataset_free(d);
    trial_set_option(&o, "target", "goal");
    expect_refusal(r, &o, "session A has no trial column 'goal'; it has target, rt, half");
    trial_set_option(&o, "target", "half");
    d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.classes, 2);
    dataset_free(d);
    free_recordings(r);
}

static void units_are_selected_by_number_and_column(void)
{
    recordings *r = described_recordings();
    trial_options o = OPTIONS("units_1", "even", "units_2", "odd", "units", "quality == good");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.features[0], 2);
    CU_ASSERT_EQUAL(d->shape.features[1], 1);
    CHECK_NEAR((double)d->test_x[1][0], (double)test_feature(d->test_trial[1][0], 3), 0);
    dataset_free(d);
    trial_set_option(&o, "units", "quality == best");
    expect_refusal(r, &o, "leave no unit of session A");
    trial_set_option(&o, "units", "depth > 3");
    expect_refusal(r, &o, "area M of session A has no column 'depth'; it has quality");
    free_recordings(r);
}

static void random_halves_and_the_others_are_all_units_once(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 10 }, 2);
    /* area_2 names the only area, which area_1 leaves unsaid: the halves are of one division all the same */
    trial_options o = OPTIONS("units_1", "random", "units_2", "others", "area_2", "M");
    CU_ASSERT(trial_options_drawn(&o));
    int first[4] = { 0 };
    for (int seed = 0; seed < 40; seed++) {
        dataset *d = dataset_from(r, &o, seed);
        int of[TEST_UNITS] = { 0 };
        for (int i = 0; i < 2; i++)
            for (int u = 0; u < 2; u++) of[(int)d->test_x[i][u] % 10]++;
        for (int u = 0; u < TEST_UNITS; u++) CU_ASSERT_EQUAL(of[u], 1);
        first[(int)d->test_x[0][0] % 10]++;
        dataset_free(d);
    }
    CU_ASSERT(first[0] > 0 && first[0] < 40); /* another seed, another half */
    free_recordings(r);
}

static void sessions_are_named_where_there_are_several(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 5, 5 }, 2);
    trial_options o = OPTIONS("session_2", "B");
    expect_refusal(r, &o, "data.session_1 is not given, and there are several: A, B");
    trial_set_option(&o, "session_1", "C");
    expect_refusal(r, &o, "data.session_1: there is no session 'C'; there are A, B");
    free_recordings(r);
}

/* ---- equal numbers ---------------------------------------------------------------------------------------------------- */

static void numbers_of_trials_are_matched_over_the_file(void)
{
    recordings *r = turning_recordings(3, (const int[]){ 9, 12, 6 }, 2);
    trial_options o =
        OPTIONS("session_1", "A", "session_2", "B", "match_trials", "fewest", "test_fraction", "0.5");
    CU_ASSERT(trial_options_drawn(&o));
    dataset *d = dataset_from(r, &o, 1), *again = dataset_from(r, &o, 1), *other = dataset_from(r, &o, 2);
    CU_ASSERT_EQUAL(d->shape.train + d->shape.test, 12); /* 6 of each target, as session C has */
    int differ = 0;
    for (int64_t k = 0; k < d->shape.train; k++) {
        CU_ASSERT_EQUAL(trial_of(d, 1, false, k), trial_of(again, 1, false, k));
        differ += trial_of(d, 1, false, k) != trial_of(other, 1, false, k);
    }
    CU_ASSERT(differ > 0);
    dataset_free(again);
    dataset_free(other);

    trial_set_option(&o, "match_trials", "8");
    again = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(again->shape.train, 8);
    dataset_free(again);
    trial_set_option(&o, "match_trials", "10");
    expect_refusal(r, &o, "data.match_trials is 10, and session A has 9 trials of target 0");
    dataset_free(d);
    free_recordings(r);
}

static void the_subset_of_a_session_does_not_depend_on_its_partner(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 20, 20 }, 2);
    trial_options o = OPTIONS("session_1", "A", "session_2", "A", "match_trials", "6");
    dataset *alone = dataset_from(r, &o, 5);
    trial_set_option(&o, "session_2", "B");
    dataset *paired = dataset_from(r, &o, 5);
    CU_ASSERT_EQUAL_FATAL(alone->shape.train, paired->shape.train);
    for (int64_t k = 0; k < alone->shape.train; k++)
        CU_ASSERT_EQUAL(trial_of(alone, 0, false, k), trial_of(paired, 0, false, k));
    dataset_free(alone);
    dataset_free(paired);
    free_recordings(r);
}

static void numbers_of_units_are_matched_over_the_file(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 5, 5 }, 2);
    area *a;
    must(session_add_area(&r->session[1], "small", 3, 1, false, &a));
    trial_options o =
        OPTIONS("session_1", "A", "session_2", "B", "area_1", "M", "area_2", "M", "match_units", "fewest");
    CU_ASSERT(trial_options_drawn(&o));
    dataset *d = dataset_from(r, &o, 1);
    for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL(d->shape.features[i], 3);
    dataset_free(d);
    trial_set_option(&o, "area_1", "");
    trial_set_option(&o, "area_2", "");
    d = dataset_from(r, &o, 1); /* whole sessions: 4 and 7 units */
    for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL(d->shape.features[i], 4);
    dataset_free(d);
    trial_set_option(&o, "match_units", "5");
    expect_refusal(r, &o, "data.match_units is 5, and session A has 4 units for source 1");
    free_recordings(r);
}

/* ---- numbers ---------------------------------------------------------------------------------------------------------- */

static void standardised_units_have_mean_0_and_variance_1_in_the_training_part(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 15 }, 2);
    trial_options o = OPTIONS("standardise", "true");
    dataset *d = dataset_from(r, &o, 1);
    /* unit 2 varies in the test part alone: nothing was learned about it */
    for (int t = 0; t < 30; t++) r->session[0].area[0].feature[t * TEST_UNITS + 2] = 0.1F;
    for (int64_t k = 0; k < d->shape.test; k++)
        r->session[0].area[0].feature[d->test_trial[0][k] * TEST_UNITS + 2] = (float)k;
    dataset_free(d);
    trial_data_forget(r);
    d = dataset_from(r, &o, 1);
    for (int u = 0; u < TEST_UNITS; u++) {
        double sum = 0, squares = 0, n = (double)d->shape.train;
        for (int64_t k = 0; k < d->shape.train; k++) {
            double x = (double)d->train_x[0][k * TEST_UNITS + u];
            sum += x / n;
            squares += x * x / n;
        }
        CHECK_NEAR(sum, 0, 1e-6); /* floats of the order of 1 */
        CHECK_NEAR(squares, u == 2 ? 0 : 1, 1e-6);
        for (int64_t k = 0; u == 2 && k < d->shape.test; k++)
            CHECK_NEAR((double)d->test_x[0][k * TEST_UNITS + u], 0, 0);
    }
    dataset_free(d);
    free_recordings(r);
}

static void target_entropy_is_that_of_the_pairs(void)
{
    static const int target[] = { 0, 0, 0, 0, 0, 0, 1, 1 };
    recordings *r = empty_recordings();
    add_session(r, "A", 8, target);
    trial_options o = OPTIONS("split", "folds", "folds", "2");
    dataset *d = dataset_from(r, &o, 1);
    CHECK_NEAR(d->target_entropy_bits, 0.75 * log2(4 / 3.0) + 0.25 * 2, 1e-12);
    dataset_free(d);
    free_recordings(r);
}

static void blocks_of_trials_are_numbered(void)
{
    recordings *r = described_recordings();
    trial_options o = OPTIONS("test_fraction", "0.5");
    dataset *d = dataset_from(r, &o, 1);
    for (int64_t k = 0; k < d->shape.test; k++) CU_ASSERT_EQUAL(d->test_block[1][k], d->test_trial[1][k]);
    dataset_free(d);
    trial_set_option(&o, "block", "half");
    d = dataset_from(r, &o, 1);
    for (int64_t k = 0; k < d->shape.test; k++)
        CU_ASSERT_EQUAL(d->test_block[1][k], d->test_trial[1][k] >= 5);
    dataset_free(d);
    trial_set_option(&o, "block", "rt");
    expect_refusal(r, &o, "data.block: trial 5 of session A belongs to no block");
    free_recordings(r);
}

static void continuous_targets_keep_their_numbers(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 10, 10 }, 2);
    column *c;
    must(session_add_column(&r->session[0], "hand", "mm", 2, &c));
    for (int t = 0; t < 20; t++) {
        c->number[2 * t] = t;
        c->number[2 * t + 1] = t % 2 ? 3 : -3;
    }
    trial_options o =
        OPTIONS("session_1", "A", "session_2", "A", "target", "hand", "target_type", "continuous");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.dimensions, 2);
    CU_ASSERT_EQUAL(d->shape.classes, 0);
    CU_ASSERT_PTR_NULL(d->train_y);
    /* about the mean of the training part, so differences are those of the numbers */
    for (int64_t k = 1; k < d->shape.test; k++) {
        int now = d->test_trial[0][k], before = d->test_trial[0][k - 1];
        CHECK_NEAR((double)(d->test_value[2 * k] - d->test_value[2 * k - 2]), now - before, 1e-5);
        CHECK_NEAR((double)(d->test_value[2 * k + 1] - d->test_value[2 * k - 1]),
                   (now % 2 ? 3 : -3) - (before % 2 ? 3 : -3), 1e-5);
    }
    /* by hand: variances 33.25 and 9, covariance mean of t * (+-3) = 3 * (mean of odd - mean of even) / 2 = 1.5 */
    double pi = acos(-1), determinant = 33.25 * 9 - 1.5 * 1.5;
    CHECK_NEAR(d->target_entropy_bits, log2(2 * pi * exp(1)) + 0.5 * log2(determinant), 1e-9);
    double entropy = d->target_entropy_bits, sum = 0;
    for (int64_t k = 0; k < d->shape.train; k++) sum += (double)d->train_value[2 * k];
    CHECK_NEAR(sum, 0, 1e-4);
    dataset_free(d);

    /* far from 0, single precision would hold multiples of 128 only */
    for (int t = 0; t < 20; t++) c->number[2 * t] += 1.7e9;
    d = dataset_from(r, &o, 1);
    CHECK_NEAR(d->target_entropy_bits, entropy, 1e-6);
    for (int64_t k = 1; k < d->shape.test; k++)
        CHECK_NEAR((double)(d->test_value[2 * k] - d->test_value[2 * k - 2]),
                   d->test_trial[0][k] - d->test_trial[0][k - 1], 1e-5);
    dataset_free(d);
    for (int t = 0; t < 20; t++) c->number[2 * t] -= 1.7e9;

    trial_set_option(&o, "pairing", "surrogate");
    expect_refusal(r, &o, "no two trials have the same target");
    trial_set_option(&o, "pairing", "recorded");
    for (int t = 0; t < 20; t++) c->number[2 * t + 1] = 2 * c->number[2 * t];
    expect_refusal(r, &o, "one follows from the others");
    free_recordings(r);
}

CHECK_MAIN("sessions", TEST(a_window_holds_the_bins_of_its_time),
           TEST(windows_that_are_not_there_are_refused), TEST(all_of_a_trial_is_its_valid_part),
           TEST(trials_are_selected_by_their_columns), TEST(conditions_that_make_no_sense_are_refused),
           TEST(trials_without_a_target_take_no_part), TEST(units_are_selected_by_number_and_column),
           TEST(random_halves_and_the_others_are_all_units_once),
           TEST(sessions_are_named_where_there_are_several),
           TEST(numbers_of_trials_are_matched_over_the_file),
           TEST(the_subset_of_a_session_does_not_depend_on_its_partner),
           TEST(numbers_of_units_are_matched_over_the_file),
           TEST(standardised_units_have_mean_0_and_variance_1_in_the_training_part),
           TEST(target_entropy_is_that_of_the_pairs), TEST(blocks_of_trials_are_numbered),
           TEST(continuous_targets_keep_their_numbers))
