#include "data/recordings_of.h"

static const char *const fold_names[] = { "0", "1", "2", "3", "4", "5" };

/* The target of a trial in turning_recordings of so many classes. */
static bool pairs_have_one_target(const dataset *d, int classes)
{
    for (int tests = 0; tests < 2; tests++) {
        const int32_t *y = tests ? d->test_y : d->train_y;
        int64_t samples = tests ? d->shape.test : d->shape.train;
        for (int64_t k = 0; k < samples; k++)
            for (int i = 0; i < 2; i++)
                if (trial_of(d, i, tests, k) % classes != y[k]) return false;
    }
    return true;
}

static void recorded_pairs_are_the_trials_as_they_were(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 10 }, 3);
    trial_options o = OPTIONS("units_1", "even", "units_2", "odd");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.train + d->shape.test, 30);
    CU_ASSERT(pairs_have_one_target(d, 3));
    for (int64_t k = 0; k < d->shape.train; k++) {
        int trial = trial_of(d, 0, false, k);
        CHECK_NEAR((double)d->train_x[0][2 * k + 1], (double)test_feature(trial, 2), 0);
        CHECK_NEAR((double)d->train_x[1][2 * k + 1], (double)test_feature(trial, 3), 0);
    }
    for (int64_t k = 0; k < d->shape.test; k++) CU_ASSERT_EQUAL(d->test_trial[0][k], d->test_trial[1][k]);
    dataset_free(d);
    free_recordings(r);
}

static void in_surrogate_pairs_of_a_session_no_trial_meets_itself(void)
{
    static const char *const ways[] = { "rank", "random" };
    recordings *r = turning_recordings(1, (const int[]){ 10 }, 3);
    for (int w = 0; w < 2; w++) {
        trial_options o =
            OPTIONS("pairing", "surrogate", "surrogate", ways[w], "split", "folds", "folds", "5");
        dataset *d = dataset_from(r, &o, 1);
        int met[2][30] = { { 0 } };
        CU_ASSERT_EQUAL(d->shape.train, 24);
        CU_ASSERT(pairs_have_one_target(d, 3));
        for (int64_t k = 0; k < 24; k++) {
            CU_ASSERT_NOT_EQUAL(trial_of(d, 0, false, k), trial_of(d, 1, false, k));
            for (int i = 0; i < 2; i++) met[i][trial_of(d, i, false, k)]++;
        }
        for (int64_t k = 0; k < 6; k++) {
            CU_ASSERT_NOT_EQUAL(d->test_trial[0][k], d->test_trial[1][k]);
            for (int i = 0; i < 2; i++) met[i][d->test_trial[i][k]]++;
        }
        for (int t = 0; t < 30; t++) CU_ASSERT(met[0][t] == 1 && met[1][t] == 1);
        dataset_free(d);
    }
    free_recordings(r);
}

static void pairs_by_rank_are_the_kth_trials_as_far_as_both_go(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 9, 6 }, 3);
    column *c;
    for (int s = 0; s < 2; s++) {
        must(session_add_text_column(&r->session[s], "part", &c));
        for (int64_t t = 0; t < r->session[s].trials; t++) c->text[t] = strdup(t < 12 ? "train" : "test");
    }
    trial_options o = OPTIONS("split", "given", "session_1", "A", "session_2", "B");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.train, 12);
    CU_ASSERT_EQUAL(d->shape.test, 6); /* 5 and 2 trials of each of 3 targets are tested */
    for (int64_t k = 0; k < 12; k++) {
        CU_ASSERT_EQUAL(d->train_y[k], k / 4);
        for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL(trial_of(d, i, false, k), k / 4 + k % 4 * 3);
    }
    for (int64_t k = 0; k < 6; k++)
        for (int i = 0; i < 2; i++) CU_ASSERT_EQUAL(d->test_trial[i][k], 12 + k / 2 + k % 2 * 3);
    dataset_free(d);
    free_recordings(r);
}

static void random_pairs_use_every_trial_and_follow_the_seed(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 12, 9 }, 2);
    trial_options o =
        OPTIONS("split", "folds", "folds", "3", "session_1", "A", "session_2", "B", "surrogate", "random");
    CU_ASSERT(trial_options_drawn(&o));
    dataset *d[3];
    for (int k = 0; k < 3; k++) d[k] = dataset_from(r, &o, k < 2 ? 1 : 2);
    CU_ASSERT_EQUAL(d[0]->shape.train, 16); /* 8 trials of A meet 6 of B */
    CU_ASSERT_EQUAL(d[0]->shape.test, 8);
    CU_ASSERT(pairs_have_one_target(d[0], 2));
    int met[2][24] = { { 0 } }, differ = 0;
    for (int64_t k = 0; k < 16; k++) {
        for (int i = 0; i < 2; i++) met[i][trial_of(d[0], i, false, k)]++;
        CU_ASSERT_EQUAL(trial_of(d[0], 1, false, k), trial_of(d[1], 1, false, k));
        differ += trial_of(d[0], 1, false, k) != trial_of(d[2], 1, false, k);
    }
    for (int64_t k = 0; k < 8; k++)
        for (int i = 0; i < 2; i++) met[i][d[0]->test_trial[i][k]]++;
    for (int t = 0; t < 24; t++) CU_ASSERT_EQUAL(met[0][t], 1);
    for (int t = 0; t < 18; t++) CU_ASSERT(met[1][t] == 1 || met[1][t] == 2);
    CU_ASSERT(differ > 4);
    for (int k = 0; k < 3; k++) dataset_free(d[k]);
    free_recordings(r);
}

static void no_trial_is_trained_on_and_tested_whoever_it_meets(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 12, 7 }, 3);
    for (int f = 0; f < 6; f++) {
        trial_options o = OPTIONS("split", "folds", "folds", "6", "fold", fold_names[f], "session_1", "A",
                                  "session_2", "B", "surrogate", "random");
        dataset *d = dataset_from(r, &o, f);
        for (int i = 0; i < 2; i++)
            for (int64_t k = 0; k < d->shape.train; k++)
                for (int64_t l = 0; l < d->shape.test; l++)
                    CU_ASSERT_NOT_EQUAL(trial_of(d, i, false, k), d->test_trial[i][l]);
        dataset_free(d);
    }
    free_recordings(r);
}

static void a_single_trial_to_train_on_has_no_surrogate(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 2 }, 2);
    trial_options o = OPTIONS("pairing", "surrogate", "split", "folds", "folds", "2");
    expect_refusal(r, &o, "session A has one trial of target 0 to train on");
    trial_set_option(&o, "pairing", "recorded");
    dataset_free(dataset_from(r, &o, 1));
    free_recordings(r);
}

static void targets_are_matched_by_value(void)
{
    static const int first[] = { 30, 10, 20, 30, 10, 20 }, second[] = { 20, 20, 10, 10, 30, 30 };
    recordings *r = empty_recordings();
    add_session(r, "A", 6, first);
    add_session(r, "B", 6, second);
    trial_options o =
        OPTIONS("session_1", "A", "session_2", "B", "split", "folds", "folds", "2", "surrogate", "random");
    dataset *d = dataset_from(r, &o, 1);
    for (int64_t k = 0; k < d->shape.train; k++) {
        CU_ASSERT_EQUAL(first[trial_of(d, 0, false, k)], second[trial_of(d, 1, false, k)]);
        CU_ASSERT_EQUAL(first[trial_of(d, 0, false, k)], 10 * (d->train_y[k] + 1)); /* classes ascend */
    }
    dataset_free(d);
    free_recordings(r);
}

static void targets_that_one_session_has_alone_are_refused_and_can_be_left_out(void)
{
    static const int first[] = { 0, 1, 2, 0, 1, 2, 0, 1, 2 }, second[] = { 0, 1, 0, 1, 0, 1 };
    recordings *r = empty_recordings();
    add_session(r, "A", 9, first);
    add_session(r, "B", 6, second);
    trial_options o = OPTIONS("session_1", "A", "session_2", "B", "split", "folds", "folds", "3");
    expect_refusal(r, &o, "session A has trials of the targets 0, 1, 2, and session B of 0, 1;");
    trial_set_option(&o, "targets", "0, 1");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.classes, 2);
    CHECK_NEAR(d->target_entropy_bits, 1, 1e-12); /* as many pairs of each */
    dataset_free(d);
    trial_set_option(&o, "targets", "0, 3");
    expect_refusal(r, &o, "no trial of session A that takes part has target '3'");
    free_recordings(r);
}

static void shuffled_targets_are_a_permutation_alike_in_every_cell(void)
{
    recordings *r = turning_recordings(2, (const int[]){ 30, 30 }, 4);
    trial_options o = OPTIONS("shuffle", "3", "session_1", "A", "session_2", "A");
    dataset *d = dataset_from(r, &o, 1), *again = dataset_from(r, &o, 2);
    int of[4] = { 0 }, kept = 0, total = (int)(d->shape.train + d->shape.test);
    int given[120], partner[120];
    for (int64_t k = 0; k < d->shape.train; k++) {
        int trial = trial_of(d, 0, false, k);
        CU_ASSERT_EQUAL(trial_of(d, 1, false, k), trial);
        CU_ASSERT_EQUAL(trial_of(again, 0, false, k), trial);
        of[d->train_y[k]]++;
        kept += trial % 4 == d->train_y[k];
        given[trial] = d->train_y[k];
    }
    for (int64_t k = 0; k < d->shape.test; k++) {
        of[d->test_y[k]]++;
        given[d->test_trial[0][k]] = d->test_y[k];
    }
    for (int c = 0; c < 4; c++) CU_ASSERT_EQUAL(of[c], 30);
    CU_ASSERT_EQUAL(total, 120);
    CU_ASSERT(kept < 54); /* a quarter of 108 by chance, 27 +- 4.5; all without a shuffle */

    trial_set_option(&o, "session_2", "B");
    dataset *other = dataset_from(r, &o, 1);
    for (int64_t k = 0; k < other->shape.train; k++) {
        partner[trial_of(other, 1, false, k)] = other->train_y[k];
        CU_ASSERT_EQUAL(given[trial_of(other, 0, false, k)], other->train_y[k]);
    }
    int alike = 0;
    for (int64_t k = 0; k < other->shape.train; k++) {
        int trial = trial_of(other, 1, false, k);
        alike += partner[trial] == given[trial];
    }
    CU_ASSERT(alike < 54); /* another session, another permutation */
    dataset_free(d);
    dataset_free(again);
    dataset_free(other);
    free_recordings(r);
}

CHECK_MAIN("pairing", TEST(recorded_pairs_are_the_trials_as_they_were),
           TEST(in_surrogate_pairs_of_a_session_no_trial_meets_itself),
           TEST(pairs_by_rank_are_the_kth_trials_as_far_as_both_go),
           TEST(random_pairs_use_every_trial_and_follow_the_seed),
           TEST(no_trial_is_trained_on_and_tested_whoever_it_meets),
           TEST(a_single_trial_to_train_on_has_no_surrogate), TEST(targets_are_matched_by_value),
           TEST(targets_that_one_session_has_alone_are_refused_and_can_be_left_out),
           TEST(shuffled_targets_are_a_permutation_alike_in_every_cell))
