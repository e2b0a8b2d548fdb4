#include "data/recordings_of.h"

static const char *const fold_names[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" };

static void every_trial_is_tested_in_exactly_one_fold(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 7 }, 3);
    int tested[21] = { 0 };
    for (int f = 0; f < 5; f++) {
        trial_options o = OPTIONS("split", "folds", "folds", "5", "fold", fold_names[f]);
        dataset *d = dataset_from(r, &o, 1);
        CU_ASSERT_EQUAL(d->shape.train + d->shape.test, 21);
        for (int64_t k = 0; k < d->shape.test; k++) {
            CU_ASSERT_EQUAL(d->test_trial[0][k], trial_of(d, 0, true, k));
            tested[d->test_trial[0][k]]++;
        }
        for (int64_t k = 0; k < d->shape.train; k++)
            for (int64_t l = 0; l < d->shape.test; l++)
                CU_ASSERT_NOT_EQUAL(trial_of(d, 0, false, k), trial_of(d, 0, true, l));
        dataset_free(d);
    }
    for (int t = 0; t < 21; t++) CU_ASSERT_EQUAL(tested[t], 1);
    free_recordings(r);
}

static void folds_have_alike_numbers_of_each_target_and_of_all(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 13 }, 8); /* 13 trials in 10 folds: 1 or 2 of each */
    int64_t least = 1000, most = 0;
    for (int f = 0; f < 10; f++) {
        trial_options o = OPTIONS("split", "folds", "fold", fold_names[f]);
        dataset *d = dataset_from(r, &o, 1);
        int of[8] = { 0 };
        for (int64_t k = 0; k < d->shape.test; k++) of[d->test_y[k]]++;
        for (int c = 0; c < 8; c++) CU_ASSERT(of[c] == 1 || of[c] == 2);
        if (d->shape.test < least) least = d->shape.test;
        if (d->shape.test > most) most = d->shape.test;
        dataset_free(d);
    }
    CU_ASSERT(most - least <= 3); /* the targets begin at different folds; all at the first would give 8 */
    free_recordings(r);
}

static void folds_do_not_depend_on_seed_or_partner(void)
{
    recordings *r = turning_recordings(3, (const int[]){ 12, 12, 9 }, 4);
    trial_options alone = OPTIONS("split", "folds", "fold", "3", "session_1", "A", "session_2", "A");
    dataset *first = dataset_from(r, &alone, 1);
    static const char *const partners[] = { "A", "B", "C" };
    for (int p = 0; p < 3; p++) {
        trial_options o = alone;
        trial_set_option(&o, "session_2", partners[p]);
        trial_set_option(&o, "surrogate", "random");
        dataset *d = dataset_from(r, &o, 2 + p);
        bool in[48] = { false };
        for (int64_t k = 0; k < first->shape.test; k++) in[first->test_trial[0][k]] = true;
        for (int64_t k = 0; k < d->shape.test; k++) CU_ASSERT(in[d->test_trial[0][k]]);
        dataset_free(d);
    }
    dataset_free(first);
    free_recordings(r);
}

static void another_split_seed_makes_other_folds(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 20 }, 2);
    trial_options o = OPTIONS("split", "folds", "folds", "2"), other = o;
    trial_set_option(&other, "split_seed", "1");
    dataset *a = dataset_from(r, &o, 1), *b = dataset_from(r, &other, 1);
    CU_ASSERT_EQUAL_FATAL(a->shape.test, b->shape.test);
    int differ = 0;
    for (int64_t k = 0; k < a->shape.test; k++) differ += a->test_trial[0][k] != b->test_trial[0][k];
    CU_ASSERT(differ > 0);
    dataset_free(a);
    dataset_free(b);
    free_recordings(r);
}

static void blocks_are_consecutive_trials_of_a_target(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 10 }, 3);
    for (int f = 0; f < 5; f++) {
        trial_options o =
            OPTIONS("split", "folds", "folds", "5", "fold_blocks", "true", "fold", fold_names[f]);
        dataset *d = dataset_from(r, &o, 1);
        CU_ASSERT_EQUAL(d->shape.test, 6);
        for (int64_t k = 0; k < 6; k++) {
            int within = d->test_trial[0][k] / 3; /* the trial's number among those of its target */
            CU_ASSERT_EQUAL(within / 2, f);
        }
        dataset_free(d);
    }
    free_recordings(r);
}

static void a_stratified_fraction_is_one_of_each_target(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 20 }, 3);
    trial_options o = OPTIONS("split", "stratified", "test_fraction", "0.25");
    dataset *d = dataset_from(r, &o, 1);
    int of[3] = { 0 };
    for (int64_t k = 0; k < d->shape.test; k++) of[d->test_y[k]]++;
    for (int c = 0; c < 3; c++) CU_ASSERT_EQUAL(of[c], 5);
    dataset_free(d);
    trial_set_option(&o, "split", "fraction");
    trial_set_option(&o, "test_fraction", "0.35");
    d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.test, 21);
    dataset_free(d);
    trial_set_option(&o, "test_fraction", "0");
    expect_refusal(r, &o, "data.test_fraction is 0");
    free_recordings(r);
}

static void a_given_split_is_followed_and_must_be_one(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 6 }, 2);
    column *c;
    must(session_add_text_column(&r->session[0], "part", &c));
    for (int t = 0; t < 12; t++) c->text[t] = strdup(t < 8 ? "train" : t < 10 ? "test" : "");
    trial_options o = OPTIONS("split", "given");
    dataset *d = dataset_from(r, &o, 1);
    CU_ASSERT_EQUAL(d->shape.train, 8);
    CU_ASSERT_EQUAL(d->shape.test, 2); /* where nothing is said, a trial takes no part */
    for (int64_t k = 0; k < 2; k++) CU_ASSERT(d->test_trial[0][k] == 8 || d->test_trial[0][k] == 9);
    dataset_free(d);
    trial_data_forget(r);
    free(c->text[11]);
    c->text[11] = strdup("dev");
    expect_refusal(r, &o, "trial 12 of session A has 'dev'");
    trial_set_option(&o, "part", "parts");
    expect_refusal(r, &o, "no trial column 'parts'; it has target, part");
    free_recordings(r);
}

static void a_fold_that_is_not_there_is_refused(void)
{
    recordings *r = turning_recordings(1, (const int[]){ 6 }, 2);
    trial_options o = OPTIONS("split", "folds", "folds", "5", "fold", "5");
    expect_refusal(r, &o, "data.fold is 5, but there are 5 folds, from 0 to 4");
    free_recordings(r);
}

static void a_target_of_one_trial_is_refused_where_it_is_tested(void)
{
    static const int target[] = { 0, 0, 0, 1, 1, 1, 2 };
    recordings *r = empty_recordings();
    add_session(r, "A", 7, target);
    bool refused = false;
    for (int f = 0; f < 3; f++) {
        trial_options o = OPTIONS("split", "folds", "folds", "3", "fold", fold_names[f]);
        data_shape shape;
        if (trial_data_shape(r, &o, 1, &shape) == OK) continue;
        refused = true;
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "session A has 1 trial of target 2"));
        CU_ASSERT_PTR_NOT_NULL(strstr(failure_text(), "data.targets"));
        trial_set_option(&o, "targets", "0, 1");
        CU_ASSERT_EQUAL(trial_data_shape(r, &o, 1, &shape), OK);
    }
    CU_ASSERT(refused);
    free_recordings(r);
}

CHECK_MAIN("folds", TEST(every_trial_is_tested_in_exactly_one_fold),
           TEST(folds_have_alike_numbers_of_each_target_and_of_all),
           TEST(folds_do_not_depend_on_seed_or_partner), TEST(another_split_seed_makes_other_folds),
           TEST(blocks_are_consecutive_trials_of_a_target), TEST(a_stratified_fraction_is_one_of_each_target),
           TEST(a_given_split_is_followed_and_must_be_one), TEST(a_fold_that_is_not_there_is_refused),
           TEST(a_target_of_one_trial_is_refused_where_it_is_tested))
