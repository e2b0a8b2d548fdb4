#include "estimators/run_sweep.h"

static void unq_is_told_in_full(void)
{
    swept w = run_sweep("estimator: exact\n"
                        "data: {kind: gate, gate: unq}\n"
                        "exact: {reduce: mean}\n"
                        "grid: {beta: [0, 2.933]}\n"); /* 5 (1 - 0.97^29) */
    for (int64_t cell = 0; cell < 2; cell++) {
        CU_ASSERT_EQUAL(w.rows[cell]->outcome, OUTCOME_DONE);
        CHECK_NEAR(value_of(&w, cell, "target_entropy", 0), 2, 1e-12);
        for (int i = 0; i < 2; i++) CHECK_NEAR(value_of(&w, cell, "information", i), 1, 1e-12);
        CHECK_NEAR(value_of(&w, cell, "information_joint", 0), 2, 1e-12);
        CHECK_NEAR(value_of(&w, cell, "deterministic_redundancy", 0), 0, 1e-12);
        CU_ASSERT(value_of(&w, cell, "gap", 0) <= 1e-7);
    }
    CHECK_NEAR(value_of(&w, 0, "redundant_information", 0), 1, 1e-6);
    CHECK_NEAR(value_of(&w, 1, "redundant_information", 0), 0.448, 0.0005); /* three decimals are known */
    CHECK_NEAR(value_of(&w, 1, "usable_information", 0), 0.448, 0.0005);
    CHECK_NEAR(value_of(&w, 1, "usable_information", 1), 0.448, 0.0005);
    CHECK_NEAR(value_of(&w, 1, "distance", 0), 0.364, 0.0005);
    swept_free(&w);
}

static void the_mean_over_classes_divides_the_weight_by_them(void)
{
    swept mean =
        run_sweep("estimator: exact\ndata: {kind: gate, gate: unq}\nexact: {beta: 2.4, reduce: mean}\n");
    swept sum =
        run_sweep("estimator: exact\ndata: {kind: gate, gate: unq}\nexact: {beta: 0.6, reduce: sum}\n");
    CHECK_NEAR(value_of(&mean, 0, "redundant_information", 0), value_of(&sum, 0, "redundant_information", 0),
               1e-9);
    swept_free(&mean);
    swept_free(&sum);
}

/* The options reach the solver: with AND every choice has an optimum of its own, except that two sources have one
 * coupling in L1. */
static void every_option_counts(void)
{
    swept w = run_sweep("estimator: exact\n"
                        "data: {kind: gate, gate: and}\n"
                        "exact: {beta: 0.4, reduce: sum}\n"
                        "grid: {distance: [l1, l2, js], coupling: [pairwise, centroid]}\n");
    double bits[6];
    for (int k = 0; k < 6; k++) bits[k] = value_of(&w, k, "redundant_information", 0);
    CHECK_NEAR(bits[0], bits[1], 1e-6);
    CU_ASSERT(fabs(bits[0] - bits[2]) > 1e-3);
    CU_ASSERT(fabs(bits[2] - bits[4]) > 1e-3);
    CU_ASSERT(fabs(bits[4] - bits[5]) > 1e-3);
    swept_free(&w);
}

static void no_samples_are_drawn(void)
{
    swept w = run_sweep("estimator: exact\n"
                        "data: {kind: gate, gate: imperfectrdn}\n"
                        "grid: {samples: [100, table], seed: 0..1}\n");
    for (int k = 1; k < 4; k++)
        CHECK_NEAR(value_of(&w, k, "redundant_information", 0), value_of(&w, 0, "redundant_information", 0),
                   0);
    swept_free(&w);
}

static void the_overlap_has_a_table_too(void)
{
    swept w = run_sweep("estimator: exact\n"
                        "data: {kind: overlap, design: clean, classes_per_input: 6, noise_inputs: 3}\n"
                        "exact: {beta: 50, reduce: sum}\n");
    CHECK_NEAR(value_of(&w, 0, "deterministic_redundancy", 0), 2, 1e-12);
    CHECK_NEAR(value_of(&w, 0, "redundant_information", 0), 2, 1e-5);
    swept_free(&w);
}

/* Writes a table of `symbols` symbols per source that are copies of the target. */
static void write_copies(const char *path, int symbols)
{
    FILE *file = fopen(path, "w");
    if (file == NULL) abort();
    fputs("x1,x2,y,p\n", file);
    for (int k = 0; k < symbols; k++) fprintf(file, "%d,%d,%d,%.17g\n", k, k, k, 1.0 / symbols);
    fclose(file);
}

static void a_table_that_would_take_minutes_is_refused(void)
{
    static const char path[] = "/tmp/infosweep-copies.csv";
    write_copies(path, 33); /* 66 symbols × 33 classes */
    CU_ASSERT(refused("estimator: exact\ndata: {kind: gate, gate: \"file:/tmp/infosweep-copies.csv\"}\n",
                      "too large"));
    data_close();
    write_copies(path, 32); /* 2048: the most */
    swept w = run_sweep("estimator: exact\ndata: {kind: gate, gate: \"file:/tmp/infosweep-copies.csv\"}\n");
    CHECK_NEAR(value_of(&w, 0, "redundant_information", 0), 5, 1e-5);
    swept_free(&w);
    data_close();
    remove(path);
}

CHECK_MAIN("exact", TEST(unq_is_told_in_full), TEST(the_mean_over_classes_divides_the_weight_by_them),
           TEST(every_option_counts), TEST(no_samples_are_drawn), TEST(the_overlap_has_a_table_too),
           TEST(a_table_that_would_take_minutes_is_refused))
