#include "estimators/run_sweep.h"

static void similarity_is_the_mean_cosine(void)
{
    /* one-hot: 1 where the symbols agree, else 0. x1 = x2 in half of XOR's outcomes and in all but 1/1000 of these */
    swept w = run_sweep("estimator: similarity\n"
                        "data: {kind: gate, samples: table, encoding: onehot}\n"
                        "grid: {gate: [xor, imperfectrdn, rdn]}\n");
    CHECK_NEAR(value_of(&w, 0, "similarity", 0), 0.5, 1e-15);
    CHECK_NEAR(value_of(&w, 1, "similarity", 0), 0.999, 1e-15);
    CHECK_NEAR(value_of(&w, 2, "similarity", 0), 1, 1e-15);
    swept_free(&w);
}

/* By hand: vectors (x, -2) of the overlap task with n = 0, x from -4 … 3 independently in both sources. */
static void similarity_agrees_with_a_sum_over_all_outcomes(void)
{
    double expected = 0;
    for (int a = -4; a <= 3; a++)
        for (int b = -4; b <= 3; b++) expected += (a * b + 4) / sqrt((a * a + 4) * (b * b + 4)) / 64;
    swept w = run_sweep("estimator: similarity\n"
                        "data: {kind: overlap, classes_per_input: 0, common_inputs: 1, samples: table}\n");
    CHECK_NEAR(value_of(&w, 0, "similarity", 0), expected,
               1e-12); /* features are small integers, exact as floats */
    swept_free(&w);
}

static void zero_vectors_are_left_out(void)
{
    /* scalars of XOR: only (1, 1) has no zero in it */
    swept w = run_sweep("estimator: similarity\ndata: {kind: gate, gate: xor, samples: table}\n");
    CHECK_NEAR(value_of(&w, 0, "similarity", 0), 1, 1e-15);
    swept_free(&w);
}

static void nothing_but_zero_vectors_is_a_failed_task(void)
{
    FILE *file = fopen("/tmp/infosweep-zeros.csv", "w");
    if (file == NULL) abort();
    fputs("x1,x2,y,p\n0,1,0,0.5\n1,0,1,0.5\n", file);
    fclose(file);
    swept w = run_sweep("estimator: similarity\n"
                        "data: {kind: gate, gate: \"file:/tmp/infosweep-zeros.csv\", samples: table}\n");
    CU_ASSERT_EQUAL(w.rows[0]->outcome, OUTCOME_FAILED);
    CU_ASSERT(strlen(w.rows[0]->reason) > 0);
    swept_free(&w);
    data_close();
    remove("/tmp/infosweep-zeros.csv");
}

static void noise_lowers_similarity_and_common_inputs_raise_it(void)
{
    swept noise = run_sweep("estimator: similarity\n"
                            "data: {kind: overlap, classes_per_input: 8, samples: 2000}\n"
                            "grid: {noise_inputs: [0, 1, 2, 5, 10, 20]}\n");
    swept common = run_sweep("estimator: similarity\n"
                             "data: {kind: overlap, classes_per_input: 0, samples: 2000}\n"
                             "grid: {common_inputs: [0, 1, 2, 5, 10, 20]}\n");
    CHECK_NEAR(value_of(&noise, 0, "similarity", 0), 1, 1e-12);
    CHECK_NEAR(value_of(&common, 0, "similarity", 0), 0, 0.2); /* independent, though not of mean 0 */
    for (int k = 1; k < 6; k++) {
        CU_ASSERT(value_of(&noise, k, "similarity", 0) < value_of(&noise, k - 1, "similarity", 0));
        CU_ASSERT(value_of(&common, k, "similarity", 0) > value_of(&common, k - 1, "similarity", 0));
    }
    swept_free(&noise);
    swept_free(&common);
}

static void sources_must_have_as_many_features(void)
{
    CU_ASSERT(refused("estimator: similarity\n"
                      "data: {kind: overlap, classes_per_input: 4, encoding: onehot}\n",
                      "have 8 and 12"));
}

CHECK_MAIN("similarity", TEST(similarity_is_the_mean_cosine),
           TEST(similarity_agrees_with_a_sum_over_all_outcomes), TEST(zero_vectors_are_left_out),
           TEST(nothing_but_zero_vectors_is_a_failed_task),
           TEST(noise_lowers_similarity_and_common_inputs_raise_it), TEST(sources_must_have_as_many_features))
