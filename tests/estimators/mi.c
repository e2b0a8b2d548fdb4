/* Classical estimates through real sweeps, and invariances of every method. */
#include "estimators/mi.h"

#include "estimators/run_sweep.h"
#include "numerics/drawn_normal.h"

/* ---- values ---------------------------------------------------------------------------------------------------------- */

/* Ten draws of 2000 of one number each, 1 nat. The means have standard errors up to 0.02 bits (single neighbours), and biases below
 * 0.02 there; 0.06 is 3 of the former beside the latter. */
static void every_method_finds_what_normal_numbers_share(void)
{
    enum { SEEDS = 10, METHODS = 6 };
    swept w = run_sweep("estimator: mi\n"
                        "data: {kind: gaussian_pair, information: 1, samples: 2000}\n"
                        "grid: {method: [ksg, ksg2, kl, wkl, wkl_code, gaussian], seed: 0..9}\n");
    for (int m = 0; m < METHODS; m++) {
        double bits[SEEDS];
        for (int s = 0; s < SEEDS; s++) {
            const int64_t cell = m * SEEDS + s;
            CU_ASSERT_EQUAL(w.rows[cell]->outcome, OUTCOME_DONE);
            bits[s] = value_of(&w, cell, "mutual_information", 0);
            CHECK_NEAR(value_of(&w, cell, "exact_mutual_information", 0), 1 / log(2), 1e-12);
            CU_ASSERT(value_of(&w, cell, "tied_samples", 0) == 0);
            CU_ASSERT(isnan(value_of(&w, cell, "p_value", 0)) && isnan(value_of(&w, cell, "components", 0)));
        }
        const drawn_mean mean = mean_of(bits, SEEDS);
        CHECK_NEAR(mean.mean, 1 / log(2), 0.06);
        /* what is told of one draw is not below the spread over draws, which 10 of them tell to a quarter */
        CU_ASSERT(value_of(&w, m * SEEDS, "standard_error", 0) > 0.5 * mean.error * sqrt(SEEDS));
    }
    swept_free(&w);
}

/* Two of five numbers correlate: neighbours underestimate, and weights of the formula take some of it away; as if normal is right. */
static void what_is_known_of_bias_is_seen(void)
{
    swept w = run_sweep("estimator: mi\n"
                        "data: {kind: mi_task, task: pairs_5, samples: 3000}\n"
                        "grid: {method: [ksg, kl, wkl, gaussian]}\n");
    const double truth = value_of(&w, 0, "exact_mutual_information", 0);
    CHECK_NEAR(truth, -log(1 - 0.64) / log(2), 1e-12);
    CU_ASSERT(value_of(&w, 0, "mutual_information", 0) < truth - 0.2);
    CU_ASSERT(value_of(&w, 1, "mutual_information", 0) < truth - 0.1);
    CHECK_NEAR(value_of(&w, 2, "weights_norm", 0), 24.04,
               0.01); /* of (13.875, -12.227, -10.543, -1.213, 11.108) */
    CHECK_NEAR(value_of(&w, 3, "mutual_information", 0), truth, 0.12); /* 3 standard errors of one draw */
    swept_free(&w);
}

static void the_test_part_alone_can_be_looked_at(void)
{
    swept apart = run_sweep("estimator: mi\ndata: {kind: gaussian_pair, samples: 500}\n");
    swept beside = run_sweep("estimator: mi\n"
                             "data: {kind: gaussian_pair, samples: 500, train_samples: 300}\n"
                             "grid: {part: [test, all]}\n");
    CU_ASSERT(value_of(&beside, 0, "mutual_information", 0) == value_of(&apart, 0, "mutual_information", 0));
    CU_ASSERT(value_of(&beside, 1, "mutual_information", 0) != value_of(&apart, 0, "mutual_information", 0));
    swept_free(&apart);
    swept_free(&beside);
}

/* ---- permuted targets ------------------------------------------------------------------------------------------------ */

static void permuted_targets_tell_something_from_nothing(void)
{
    swept w = run_sweep("estimator: mi\n"
                        "data: {kind: gaussian_pair, samples: 300}\n"
                        "mi: {permutations: 99}\n"
                        "grid: {information: [0, 0.5], method: [ksg, gaussian]}\n");
    for (int cell = 0; cell < 4; cell++) {
        const double p = value_of(&w, cell, "p_value", 0), mean = value_of(&w, cell, "null_information", 0),
                     deviation = value_of(&w, cell, "null_deviation", 0);
        CU_ASSERT(deviation > 0 && deviation < 0.1);
        CHECK_NEAR(mean, 0, 4 * deviation / sqrt(99)); /* neither method has a bias of nothing */
        /* of nothing any multiple of 0.01 is as likely, and this seed's is not the least; of half a nat it is */
        CU_ASSERT(cell < 2 ? p > 0.015 && p <= 1 : fabs(p - 0.01) < 1e-12);
    }
    swept_free(&w);
}

static void permutations_have_the_same_numbers_every_time(void)
{
    const char *text = "estimator: mi\n"
                       "data: {kind: gaussian_pair, samples: 200}\n"
                       "mi: {permutations: 5}\n"
                       "grid: {method: [ksg, ksg2, kl, gaussian]}\n";
    swept once = run_sweep(text), again = run_sweep(text);
    for (int cell = 0; cell < 4; cell++)
        CU_ASSERT(value_of(&once, cell, "null_information", 0) ==
                  value_of(&again, cell, "null_information", 0));
    swept_free(&once);
    swept_free(&again);
}

/* ---- invariances, on samples of one's own ---------------------------------------------------------------------------- */

static double nats_of(mi_options o, const mi_pair *pair)
{
    mi_estimate found = { NAN, NAN, NAN, NAN };
    if (o.neighbours == 0) o.neighbours = NEIGHBOURS_AUTO;
    CU_ASSERT_EQUAL(mi_information(&o, pair, &found), OK);
    return found.nats;
}

enum { ROWS = 400, COLUMNS = 2 };

/* Each row times an invertible matrix. */
static void mix(double *x)
{
    for (int i = 0; i < ROWS; i++) {
        const double a = x[i * COLUMNS], b = x[i * COLUMNS + 1];
        x[i * COLUMNS] = 30 * a + 10 * b + 1;
        x[i * COLUMNS + 1] = -0.2 * a + 0.1 * b;
    }
}

static void whitened_samples_may_come_in_any_units(void)
{
    static const mi_method methods[] = { METHOD_KL, METHOD_WKL, METHOD_KDE_ML, METHOD_KDE_LSE };
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        drawn_pairs p = draw_pairs(3, ROWS, COLUMNS, 2, 0.7);
        const mi_pair pair = { .count = ROWS, .dx = COLUMNS, .dy = COLUMNS, .x = p.x, .y = p.y };
        const mi_options raw = { .method = (int)methods[m] },
                         white = { .method = (int)methods[m], .whiten = true };
        const double before = nats_of(white, &pair), raw_before = nats_of(raw, &pair);
        mix(p.x);
        /* the symmetric root turns differently, and neighbours and kernels do not see turns; but where a bandwidth's search begins
         * depends on the columns as they stand */
        CHECK_NEAR(nats_of(white, &pair), before, m < 2 ? 1e-9 : 1e-2);
        CU_ASSERT(fabs(nats_of(raw, &pair) - raw_before) > 0.05);
        free_pairs(p);
    }
}

static void either_vector_may_be_the_target(void)
{
    for (int method = METHOD_KSG; method <= METHOD_GAUSSIAN; method++) {
        drawn_pairs p = draw_pairs(4, ROWS, COLUMNS, 1, 0.8);
        const mi_pair there = { .count = ROWS, .dx = COLUMNS, .dy = COLUMNS, .x = p.x, .y = p.y },
                      back = { .count = ROWS, .dx = COLUMNS, .dy = COLUMNS, .x = p.y, .y = p.x };
        const mi_options o = { .method = method };
        /* columns change places in sums; a bandwidth is looked for to 1 % */
        const double tolerance = method == METHOD_KDE_ML || method == METHOD_KDE_LSE ? 1e-2 : 1e-9;
        CHECK_NEAR(nats_of(o, &there), nats_of(o, &back), tolerance);
        free_pairs(p);
    }
}

/* ---- classes --------------------------------------------------------------------------------------------------------- */

/* Three classes, 30 standard deviations apart, tell all: H(Y). With one mean they tell nothing. */
static void classes_share_their_entropy_or_nothing(void)
{
    static const mi_method methods[] = { METHOD_KL, METHOD_WKL, METHOD_KDE_ML };
    enum { N = 1200 };
    drawn_pairs p = draw_pairs(5, N, 1, 0, 0);
    int32_t label[N];
    double entropy = 0;
    for (int i = 0; i < N; i++) label[i] = i % 6 < 1 ? 0 : i % 6 < 3 ? 1 : 2;
    for (int c = 1; c <= 3; c++) entropy -= c / 6. * log(c / 6.);
    mi_pair pair = { .count = N, .dx = 1, .x = p.x, .label = label, .classes = 3 };
    for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++) {
        mi_options o = { .method = (int)methods[m], .bandwidth = 1 };
        CHECK_NEAR(nats_of(o, &pair), 0, 0.12); /* 3 standard errors of single neighbours */
        for (int i = 0; i < N; i++) p.x[i] += 30 * label[i];
        CHECK_NEAR(nats_of(o, &pair), entropy, 0.12);
        for (int i = 0; i < N; i++) p.x[i] -= 30 * label[i];
    }
    free_pairs(p);
}

static void names_of_classes_do_not_matter(void)
{
    drawn_pairs p = draw_pairs(6, ROWS, COLUMNS, 0, 0);
    int32_t label[ROWS], other[ROWS];
    for (int i = 0; i < ROWS; i++) {
        label[i] = p.x[i * COLUMNS] > 0.5;
        other[i] = 3 - label[i];
    }
    const mi_pair one = { .count = ROWS, .dx = COLUMNS, .x = p.x, .label = label, .classes = 2 },
                  two = { .count = ROWS, .dx = COLUMNS, .x = p.x, .label = other, .classes = 5 };
    const mi_options o = { .method = METHOD_WKL };
    CHECK_NEAR(nats_of(o, &one), nats_of(o, &two), 1e-12);
    free_pairs(p);
}

/* ---- what cannot be estimated ---------------------------------------------------------------------------------------- */

static void what_a_method_cannot_look_at_is_refused_before_anything_runs(void)
{
    CU_ASSERT(
        refused("estimator: mi\ndata: {kind: gaussian_pair, samples: 3}\nmi: {method: ksg, neighbours: 3}\n",
                "needs more than 3 samples; there are 3"));
    CU_ASSERT(refused("estimator: mi\ndata: {kind: gaussian_pair}\nmi: {method: kl, neighbours: 4}\n",
                      "mi.method kl looks at 1 neighbour, not 4"));
    CU_ASSERT(refused("estimator: mi\ndata: {kind: gate, samples: table}\n", "gives a finite table"));
    CU_ASSERT(refused("estimator: mi\ndata: {kind: gate, gate: and}\nmi: {method: kl}\n",
                      "draws symbols of a finite table"));
    CU_ASSERT(refused("estimator: mi\ndata: {kind: gaussian_pair, samples: 1}\n", "2 to 1e8"));
}

static bool is_refused_with(mi_method method, const mi_pair *pair, const char *words)
{
    const mi_options o = { .method = (int)method, .neighbours = NEIGHBOURS_AUTO };
    mi_estimate found;
    const bool refused_so =
        mi_information(&o, pair, &found) == BAD_INPUT && strstr(failure_text(), words) != NULL;
    if (!refused_so) fprintf(stderr, "method %d: %s\n", (int)method, failure_text());
    return refused_so;
}

/* A constant column has no density; to ksg, which looks at the largest difference, it is not there. */
static void what_has_no_entropy_is_refused_by_all_but_ksg(void)
{
    drawn_pairs p = draw_pairs(8, ROWS, COLUMNS, 2, 0.9);
    const mi_pair pair = { .count = ROWS, .dx = COLUMNS, .dy = COLUMNS, .x = p.x, .y = p.y };
    for (int i = 0; i < ROWS; i++) p.x[i * COLUMNS + 1] = 7;
    for (int method = METHOD_KL; method <= METHOD_KDE_LSE; method++)
        CU_ASSERT(is_refused_with((mi_method)method, &pair, "column 1 is constant"));
    CU_ASSERT(
        is_refused_with(METHOD_GAUSSIAN, &pair, "not positive definite: its leading block of 2 columns"));
    CU_ASSERT(nats_of((mi_options){ .method = METHOD_KSG }, &pair) > 0.3);
    p.x[5] = NAN;
    for (int method = METHOD_KSG; method <= METHOD_GAUSSIAN; method++)
        CU_ASSERT(is_refused_with((mi_method)method, &pair, "not finite"));
    free_pairs(p);
}

/* Rounded to whole numbers, and told apart by noise of 1e-10: squares are least at the width of the noise, which is no density. */
static void numbers_that_repeat_are_no_density_for_squares(void)
{
    drawn_pairs p = draw_pairs(9, ROWS, COLUMNS, 0, 0);
    const mi_pair pair = { .count = ROWS, .dx = COLUMNS, .dy = COLUMNS, .x = p.x, .y = p.y };
    for (int i = 0; i < ROWS * COLUMNS; i++) {
        p.x[i] = round(p.x[i]) + 1e-10 * p.y[i];
        p.y[i] = round(p.y[i]) + 1e-10 * p.x[i];
    }
    CU_ASSERT(is_refused_with(METHOD_KDE_LSE, &pair, "samples that all but equal others"));
    free_pairs(p);
}

/* Where more conditions than weights are there, a row says so and others go on. */
static void a_method_that_breaks_down_is_a_failed_row(void)
{
    swept w = run_sweep("estimator: mi\n"
                        "data: {kind: mi_task, samples: 200}\n"
                        "grid: {task: [dense_25, dense_2], method: [wkl]}\n");
    CU_ASSERT_EQUAL(w.rows[0]->outcome, OUTCOME_FAILED);
    CU_ASSERT(strstr(w.rows[0]->reason, "50 dimensions") != NULL);
    CU_ASSERT_EQUAL(w.rows[1]->outcome, OUTCOME_DONE);
    swept_free(&w);
}

CHECK_MAIN("mi", TEST(every_method_finds_what_normal_numbers_share), TEST(what_is_known_of_bias_is_seen),
           TEST(the_test_part_alone_can_be_looked_at), TEST(permuted_targets_tell_something_from_nothing),
           TEST(permutations_have_the_same_numbers_every_time), TEST(whitened_samples_may_come_in_any_units),
           TEST(either_vector_may_be_the_target), TEST(classes_share_their_entropy_or_nothing),
           TEST(names_of_classes_do_not_matter),
           TEST(what_a_method_cannot_look_at_is_refused_before_anything_runs),
           TEST(what_has_no_entropy_is_refused_by_all_but_ksg),
           TEST(numbers_that_repeat_are_no_density_for_squares),
           TEST(a_method_that_breaks_down_is_a_failed_row))
