/* What normal variables share, through real sweeps: the closed forms' values, their identities, bias, intervals, refusals. */
#include "estimators/gaussian.h"

#include "estimators/run_sweep.h"
#include "numerics/drawn_normal.h"

static const double nats_per_bit = 0.6931471805599453;

/* ---- a given covariance ---------------------------------------------------------------------------------------------- */

/* Correlations 1/2 and 3/4 to the target; nats with four decimals, from the closed forms by hand. */
typedef struct panel {
    double between, joint, united, gk, ci, wms;
} panel;
static const panel panels[] = {
    { -0.1, 1.1339, 0.4133, 0.7206, 0.4452, 0.5767 },   { 0, 0.8370, 0.4133, 0.4236, 0.1919, 0.2798 },
    { 0.375, 0.4814, 0.4133, 0.0681, 0, -0.0758 },      { 2 / 3., 0.4133, 0.4133, 0, 0.0592, -0.1438 },
    { 0.67, 0.4134, 0.4133, 0.00002, 0.0607, -0.1438 }, { 0.9, 0.6431, 0.4133, 0.2298, 0.3908, 0.0859 },
};
enum { PANELS = sizeof panels / sizeof panels[0] };

static void check_panel(const swept *w, int64_t cell, const panel *p)
{
    const double rounding = 0.6e-4; /* of four decimals */
    CU_ASSERT_EQUAL(w->rows[cell]->outcome, OUTCOME_DONE);
    CHECK_NEAR(value_of(w, cell, "information_joint", 0) * nats_per_bit, p->joint, rounding);
    CHECK_NEAR(value_of(w, cell, "union_information", 0) * nats_per_bit, p->united, rounding);
    CHECK_NEAR(value_of(w, cell, "gk_synergy", 0) * nats_per_bit, p->gk, rounding);
    CHECK_NEAR(value_of(w, cell, "ci_synergy", 0) * nats_per_bit, p->ci, rounding);
    CHECK_NEAR(value_of(w, cell, "whole_minus_sum", 0) * nats_per_bit, p->wms, rounding);
    CHECK_NEAR(value_of(w, cell, "information", 0), -0.5 * log2(1 - 0.25), 1e-12);
    CHECK_NEAR(value_of(w, cell, "information", 1), -0.5 * log2(1 - 0.5625), 1e-12);
    CHECK_NEAR(value_of(w, cell, "total_correlation", 0), -0.5 * log2(1 - p->between * p->between), 1e-12);
    CHECK_NEAR(value_of(w, cell, "ci_coefficient", 0), 0.2545, rounding);
    CHECK_NEAR(value_of(w, cell, "ci_coefficient", 1), 0.6545, rounding);
    CHECK_NEAR(value_of(w, cell, "ci_variance", 0), 0.3818, rounding);
}

static void the_published_table_is_met_to_four_decimals(void)
{
    swept w = run_sweep("estimator: gaussian\n"
                        "data: {kind: covariance}\n"
                        "grid: {between: [-0.1, 0, 0.375, 0.6666666666666666, 0.67, 0.9]}\n");
    for (int i = 0; i < PANELS; i++) check_panel(&w, i, &panels[i]);
    swept_free(&w);
}

/* Redundancy, both unique informations and synergy make up the joint information; each source is its unique and the shared part. */
static void parts_by_minimal_information_add_up(void)
{
    swept w = run_sweep("estimator: gaussian\n"
                        "data: {kind: covariance}\n"
                        "grid: {between: [-0.05, 0.2, 0.9], correlation_1: [0.5, 0.6]}\n");
    for (int64_t cell = 0; cell < w.cells; cell++) {
        const double shared = value_of(&w, cell, "mmi_redundancy", 0),
                     synergy = value_of(&w, cell, "mmi_synergy", 0);
        double parts = shared + synergy;
        for (int i = 0; i < 2; i++) {
            const double unique = value_of(&w, cell, "mmi_unique", i);
            CU_ASSERT(unique >= 0);
            CHECK_NEAR(unique + shared, value_of(&w, cell, "information", i), 1e-12);
            parts += unique;
        }
        CU_ASSERT(synergy >= -1e-12);
        CHECK_NEAR(parts, value_of(&w, cell, "information_joint", 0), 1e-12);
    }
    swept_free(&w);
}

static void each_measure_is_what_its_own_result_says(void)
{
    static const char *const names[] = { "information_joint", "union_information", "gk_synergy",
                                         "ci_synergy",        "mmi_redundancy",    "whole_minus_sum",
                                         "total_correlation" };
    swept w = run_sweep("estimator: gaussian\n"
                        "data: {kind: covariance, between: 0.3}\n"
                        "grid: {measure: [joint, union, gk, ci, mmi, wms, tc]}\n");
    for (int i = 0; i < 7; i++)
        CU_ASSERT(value_of(&w, i, "measured_information", 0) == value_of(&w, i, names[i], 0));
    swept_free(&w);
}

/* ---- samples --------------------------------------------------------------------------------------------------------- */

enum { DRAWS = 400 };

/* Of DRAWS draws of 20 samples in rows `first` on. */
static drawn_mean drawn(const swept *w, int64_t first, const char *name)
{
    double bits[DRAWS];
    for (int i = 0; i < DRAWS; i++) bits[i] = value_of(w, first + i, name, 0);
    return mean_of(bits, DRAWS);
}

/* 20 samples of three columns: the plain estimate is some 0.1 bits too high. */
static void the_correction_takes_the_bias_of_few_samples_away(void)
{
    static const char *const exactly_corrected[] = { "information_joint", "whole_minus_sum",
                                                     "total_correlation" };
    swept w = run_sweep("estimator: gaussian\n"
                        "data: {kind: covariance, between: 0.3, samples: 20}\n"
                        "grid: {corrected: [true, false], seed: 0..399}\n");
    swept truth = run_sweep("estimator: gaussian\ndata: {kind: covariance, between: 0.3}\n");
    for (int i = 0; i < 3; i++) {
        const double exact = value_of(&truth, 0, exactly_corrected[i], 0);
        const drawn_mean corrected = drawn(&w, 0, exactly_corrected[i]),
                         plain = drawn(&w, DRAWS, exactly_corrected[i]);
        CHECK_NEAR(corrected.mean, exact, 3 * corrected.error);
        CU_ASSERT(fabs(plain.mean - exact) > 3 * plain.error ||
                  i == 1); /* those of the sum cancel the whole's, nearly */
    }
    CHECK_NEAR(value_of(&w, 0, "exact_measured_information", 0), value_of(&truth, 0, "information_joint", 0),
               1e-12);
    swept_free(&w);
    swept_free(&truth);
}

/* Of 200 intervals of 90 % some 180 hold the truth, give or take 3 times 4.2; those of few samples are a little short. */
static void intervals_hold_the_truth_as_often_as_they_say(void)
{
    swept w = run_sweep("estimator: gaussian\n"
                        "data: {kind: covariance, between: 0.1, samples: 200}\n"
                        "gaussian: {measure: wms, bootstrap: 200, confidence: 0.9}\n"
                        "grid: {seed: 0..199}\n");
    int held = 0;
    for (int i = 0; i < 200; i++) {
        const double exact = value_of(&w, i, "exact_measured_information", 0);
        CU_ASSERT(value_of(&w, i, "lower", 0) < value_of(&w, i, "upper", 0));
        held += value_of(&w, i, "lower", 0) <= exact && exact <= value_of(&w, i, "upper", 0);
    }
    CU_ASSERT(held > 160 && held < 195);
    if (held <= 160 || held >= 195) fprintf(stderr, "%d of 200 intervals hold the truth\n", held);
    swept_free(&w);
}

/* Any continuous data will do; there of one source, so that its information is the joint one. */
static void other_data_is_taken_as_if_it_were_normal(void)
{
    swept w = run_sweep(
        "estimator: gaussian\n"
        "data: {kind: gaussian_pair, information: 1, dimension_x: 3, dimension_y: 2, samples: 20000}\n"
        "gaussian: {bootstrap: 100}\n");
    CHECK_NEAR(value_of(&w, 0, "measured_information", 0), 1 / nats_per_bit,
               0.05); /* 3 standard errors of one draw */
    CHECK_NEAR(value_of(&w, 0, "exact_measured_information", 0), 1 / nats_per_bit, 1e-12);
    CHECK_NEAR(value_of(&w, 0, "information", 0), value_of(&w, 0, "information_joint", 0), 1e-12);
    CU_ASSERT(isnan(value_of(&w, 0, "union_information", 0)) && isnan(value_of(&w, 0, "ci_synergy", 0)));
    swept_free(&w);
}

/* ---- invariances ----------------------------------------------------------------------------------------------------- */

enum { ROWS = 300, COLUMNS = 4 };

static gaussian_measures measures_of(const double *z)
{
    gaussian_measures m;
    const gaussian_columns c = { .sources = 3, .size = { 1, 1, 1 }, .target = 1, .z = z, .count = ROWS };
    CU_ASSERT_EQUAL(gaussian_measures_of(NULL, &c, true, true, &m), OK);
    return m;
}

/* Columns that have something in common. */
static void mix(const drawn_pairs *p, double *z)
{
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++)
            z[r * COLUMNS + c] =
                p->x[r * COLUMNS + c] + 0.5 * p->x[r * COLUMNS] + (c + 1) * 0.3 * p->x[r * COLUMNS + 3];
}

static void units_and_the_order_of_sources_do_not_matter(void)
{
    static const double unit[COLUMNS] = { 1e-6, -3, 1e5, 7 };
    double z[ROWS * COLUMNS], other[ROWS * COLUMNS];
    drawn_pairs p = draw_pairs(7, ROWS, COLUMNS, 0, 0);
    mix(&p, z);
    for (int r = 0; r < ROWS; r++)
        for (int c = 0; c < COLUMNS; c++)
            other[r * COLUMNS + (c < 3 ? 2 - c : c)] = unit[c] * z[r * COLUMNS + c] + c;
    const gaussian_measures a = measures_of(z), b = measures_of(other);
    /* rounding of a few hundred terms */
    CHECK_NEAR(a.joint, b.joint, 1e-11);
    CHECK_NEAR(a.united, b.united, 1e-11);
    CHECK_NEAR(a.ci, b.ci, 1e-11);
    CHECK_NEAR(a.whole_minus_sum, b.whole_minus_sum, 1e-11);
    CHECK_NEAR(a.total_correlation, b.total_correlation, 1e-11);
    for (int i = 0; i < 3; i++) CHECK_NEAR(a.single[i], b.single[2 - i], 1e-11);
    free_pairs(p);
}

/* The union of vectors is that of the better one, which is at least what each of its columns tells. */
static void the_union_of_vectors_is_that_of_the_best_source(void)
{
    double z[ROWS * COLUMNS];
    drawn_pairs p = draw_pairs(8, ROWS, COLUMNS, 0, 0);
    mix(&p, z);
    gaussian_measures apart = measures_of(z), together;
    const gaussian_columns c = { .sources = 2, .size = { 2, 1 }, .target = 1, .z = z, .count = ROWS };
    CU_ASSERT_EQUAL(gaussian_measures_of(NULL, &c, false, true, &together), OK);
    CHECK_NEAR(together.united, fmax(together.single[0], together.single[1]), 1e-15);
    CU_ASSERT(together.united > apart.united && together.joint > together.united);
    free_pairs(p);
}

/* ---- what cannot be told --------------------------------------------------------------------------------------------- */

static void what_it_cannot_look_at_is_refused_before_anything_runs(void)
{
    CU_ASSERT(refused("estimator: gaussian\ndata: {kind: gate, samples: table}\n", "gives a finite table"));
    CU_ASSERT(
        refused("estimator: gaussian\ndata: {kind: gate, samples: 100}\n", "wants a continuous target"));
    CU_ASSERT(
        refused("estimator: gaussian\ndata: {kind: gaussian_pair, dimension_y: 2}\ngaussian: {measure: gk}\n",
                "of a target of one column, and this one has 2"));
    CU_ASSERT(refused("estimator: gaussian\ndata: {kind: gaussian_pair, samples: 5, dimension_x: 4}\n",
                      "there are 5 samples of 5 columns"));
    CU_ASSERT(refused("estimator: gaussian\ndata: {kind: covariance}\ngaussian: {bootstrap: 10}\n",
                      "set data.samples to a number"));
    CU_ASSERT(refused("estimator: gaussian\ndata: {kind: covariance, between: 0.95}\n",
                      "strictly between -0.197822 and 0.947822"));
    CU_ASSERT(
        refused("estimator: mi\ndata: {kind: covariance}\n", "mi needs 2 samples or more; there are 0"));
}

CHECK_MAIN("gaussian", TEST(the_published_table_is_met_to_four_decimals),
           TEST(parts_by_minimal_information_add_up), TEST(each_measure_is_what_its_own_result_says),
           TEST(the_correction_takes_the_bias_of_few_samples_away),
           TEST(intervals_hold_the_truth_as_often_as_they_say),
           TEST(other_data_is_taken_as_if_it_were_normal), TEST(units_and_the_order_of_sources_do_not_matter),
           TEST(the_union_of_vectors_is_that_of_the_best_source),
           TEST(what_it_cannot_look_at_is_refused_before_anything_runs))
