#include "check.h"
#include "recorded.h"
#include "report/csv.h"
#include "report/matrix.h"
#include "report/matrix_parts.h"
#include "report/tables.h"

/* Three sessions of two animals: sessions A and B of "one", C of "other". */
static const char *const animals[] = { "one", "one", "other" };

/* Values by row and column: within animal "one" 0.8 and 0.6, between 0.1 … 0.4, the diagonal 2, 1.8, 1. */
static const double pairs[3][3] = { { 2, 0.8, 0.1 }, { 0.6, 1.8, 0.3 }, { 0.2, 0.4, 1 } };

static void make(recorded_view *h, const char *pairings)
{
    memset(h, 0, sizeof *h);
    recorded_add_axis(h, "session_1", "A B C");
    recorded_add_axis(h, "session_2", "A B C");
    recorded_add_axis(h, "pairing", pairings);
    recorded_fill(h, 1);
    h->view.group[0] = h->view.group[1] = animals;
    int64_t kinds = h->grid.axis[2].count;
    h->grid.absent = calloc((size_t)h->grid.cells, 1);
    for (int64_t cell = 0; cell < h->grid.cells; cell++) {
        int64_t i = cell / kinds / 3, j = cell / kinds % 3;
        bool recorded = strcmp(h->grid.axis[2].text[cell % kinds], "recorded") == 0;
        *recorded_at(h, RECORDED_REDUNDANT, cell, 0) = pairs[i][j] + (recorded ? 0.25 : 0);
        if (!recorded || i == j) continue;
        h->grid.absent[cell] = 1; /* trials of different sessions have no pairs as recorded */
        *recorded_at(h, RECORDED_REDUNDANT, cell, 0) = NAN;
    }
}

static void discard(recorded_view *h)
{
    free(h->grid.absent);
    recorded_free(h);
}

static char *printed(recorded_view *h)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(tables_print(&h->view, to), OK);
    fclose(to);
    return text;
}

static bool says(const char *text, const char *what)
{
    if (strstr(text, what) == NULL) fprintf(stderr, "does not say \"%s\":\n%s", what, text);
    return strstr(text, what) != NULL;
}

static void the_noise_figure_is_that_of_a_hand_calculation(void)
{
    recorded_view h;
    summary s;
    means *m = NULL;
    matrix x;
    make(&h, "surrogate");
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(means_make(&h.view, &s, &h.variable[RECORDED_REDUNDANT], &m), OK);
    CU_ASSERT_FATAL(matrix_at(&h.view, &s, m, 0, &x));
    matrix_noise n = matrix_find_noise(&x);
    CU_ASSERT_EQUAL(n.pairs, 3);
    CHECK_NEAR(n.mean, (0.2 + 0.1 + 0.1) / 3, 1e-15);
    CHECK_NEAR(n.largest, 0.2, 1e-15);
    CU_ASSERT(n.row == 0 && n.column == 1);
    CHECK_NEAR(matrix_ceiling(&x, 0, 2), 1.5, 1e-15);
    means_free(m);
    discard(&h);
}

static void orders_of_a_pair_are_no_noise_where_sources_differ(void)
{
    recorded_view h;
    make(&h, "surrogate");
    recorded_hold(&h, "data.area_1", "PMd");
    recorded_hold(&h, "data.area_2", "M1");
    char *text = printed(&h);
    CU_ASSERT(strstr(text, "noise:") == NULL);
    CU_ASSERT(strstr(text, "usable information") == NULL);
    CU_ASSERT(says(text, "diagonal, surrogate pairs"));
    free(text);
    h.constant[1].text = (char *)"PMd";
    text = printed(&h);
    CU_ASSERT(says(
        text, "noise: the two orders of a pair differ by 0.133 on average, by 0.200 at most (A and B)\n"));
    free(text);
    discard(&h);
}

static void pairs_within_and_between_animals_are_averaged_without_the_diagonal(void)
{
    recorded_view h;
    make(&h, "surrogate");
    char *text = printed(&h);
    CU_ASSERT(says(text, "  mean over             cells   mean  of ceiling\n"
                         "  diagonal, ceiling         3  1.600           —\n"
                         "  off the diagonal          6  0.400       0.250\n"
                         "  within one                2  0.700       0.368\n" /* of (2 + 1.8) / 2 */
                         "  between                   4  0.250       0.172\n" /* of (1.5 + 1.4) / 2 */
                         "  within minus between      6  0.450           —\n"));
    free(text);
    discard(&h);
}

static void recorded_trials_stand_beside_the_ceiling(void)
{
    recorded_view h;
    make(&h, "recorded surrogate");
    char *text = printed(&h);
    CU_ASSERT(strstr(text, "(columns), pairing=recorded") == NULL); /* a matrix of its diagonal alone */
    CU_ASSERT(says(text, "(columns), pairing=surrogate"));
    CU_ASSERT(says(text, "  session_1  recorded trials (usable)  surrogate pairs (ceiling)\n"
                         "  A                             2.250                      2.000\n"
                         "  B                             2.050                      1.800\n"
                         "  C                             1.250                      1.000\n"));
    CU_ASSERT(says(text, "diagonal, usable information      3  1.850"));
    CU_ASSERT(says(text, "  session_1      A      B      C\n"
                         "  A                 0.421  0.067\n"
                         "  B          0.316         0.214\n"
                         "  C          0.133  0.286\n"));
    free(text);
    discard(&h);
}

static void negative_values_are_explained_and_not_clipped(void)
{
    recorded_view h;
    make(&h, "surrogate");
    char *text = printed(&h);
    CU_ASSERT(strstr(text, "below 0") == NULL);
    free(text);
    *recorded_at(&h, RECORDED_REDUNDANT, 2, 0) = -0.2;
    text = printed(&h);
    CU_ASSERT(says(text, "  A          2.000  0.800  -0.200\n"));
    CU_ASSERT(says(text, "below 0: the cross-entropy on the test part is above H(Y)"));
    free(text);
    discard(&h);
}

/* ---- seeds, folds and shuffles ---------------------------------------------------------------------------------- */

static void make_repetitions(recorded_view *h)
{
    memset(h, 0, sizeof *h);
    recorded_add_axis(h, "window_1", "50 150");
    recorded_add_axis(h, "shuffle", "2 0 1");
    recorded_add_axis(h, "fold", "0 1");
    recorded_add_axis(h, "seed", "0 1");
    recorded_fill(h, 1);
    for (int64_t cell = 0; cell < h->grid.cells; cell++) {
        int64_t window = cell / 12, shuffle = cell / 4 % 3, fold = cell / 2 % 2, seed = cell % 2;
        double value = shuffle == 1 ? 1 + (double)(window + 4 * fold) + 0.5 * (double)seed
                                    : 3.5 * (double)(shuffle == 2);
        *recorded_at(h, RECORDED_REDUNDANT, cell, 0) = value;
    }
}

static void deviations_are_over_seeds_and_folds_are_averaged_in_each(void)
{
    recorded_view h;
    summary s;
    make_repetitions(&h);
    summary_make(&h.grid, &s);
    CU_ASSERT(s.groups == 2 && s.members == 4 && s.repetitions == 2 && s.parts == 2 && s.shuffles == 2);
    CU_ASSERT_STRING_EQUAL(summary_repetitions(&s), "seeds");
    statistic x = summary_statistic(&s, 1, h.values[RECORDED_REDUNDANT], 1);
    CHECK_NEAR(x.mean, 4.25, 0);            /* 2, 6, 2.5, 6.5 */
    CHECK_NEAR(x.sd, 0.5 / sqrt(2), 1e-15); /* of 4 and 4.5 */
    CU_ASSERT(x.count == 4 && x.repetitions == 2);
    recorded_free(&h);
}

static void folds_alone_are_repetitions(void)
{
    recorded_view h;
    summary s;
    memset(&h, 0, sizeof h);
    recorded_add_axis(&h, "fold", "0 1 2");
    recorded_add_axis(&h, "seed", "0");
    recorded_fill(&h, 1);
    summary_make(&h.grid, &s);
    CU_ASSERT(s.repetitions == 3 && s.parts == 1);
    CU_ASSERT_STRING_EQUAL(summary_repetitions(&s), "folds");
    recorded_free(&h);
}

static void shuffles_are_neither_kept_nor_averaged(void)
{
    recorded_view h;
    summary s;
    means *m = NULL;
    make_repetitions(&h);
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(means_make(&h.view, &s, &h.variable[RECORDED_REDUNDANT], &m), OK);
    CHECK_NEAR(m->of[0].value.mean, 3.25,
               0); /* 1, 5, 1.5, 5.5: below one shuffle's 3.5 and above the other's 0 */
    CHECK_NEAR(m->of[0].test.p, 2 / 3.0, 1e-16);
    CHECK_NEAR(m->of[1].test.p, 1 / 3.0, 1e-16);
    CHECK_NEAR(m->of[1].test.null_mean, 1.75, 0);
    CHECK_NEAR(m->of[1].q, 2 / 3.0, 1e-15);
    means_free(m);
    char *text = printed(&h);
    CU_ASSERT(says(
        text,
        "mean over seeds and folds (standard deviation, n-1, over seeds, each averaged over its folds)\n"));
    CU_ASSERT(says(text, "        50  3.250  (0.354)  1.750  0.667  0.667\n"));
    CU_ASSERT(says(text, "0.333 is the least there can\n"));
    CU_ASSERT(says(text, "no session has information about the"));
    free(text);
    recorded_free(&h);
}

/* ---- intervals of what is averaged ------------------------------------------------------------------------------ */

/* Both cells test the same 40 trials of session A against one of session B. */
static void differences_of_values_from_the_same_trials_have_no_interval_of_their_own(void)
{
    enum { TRIALS = 40 };
    recorded_view h;
    summary s;
    means *m = NULL;
    memset(&h, 0, sizeof h);
    recorded_add_axis(&h, "beta", "0 50");
    recorded_hold(&h, "data.session_1", "A");
    recorded_hold(&h, "data.session_2", "B");
    recorded_fill(&h, TRIALS);
    for (int cell = 0; cell < 2; cell++)
        for (int k = 0; k < TRIALS; k++)
            for (int i = 0; i < 2; i++)
                recorded_sample(&h, cell, k, i, k, 0, k % 4, (k * 7 % 11) * 0.25 + cell);
    recorded_sum_up(&h, 2);
    summary_make(&h.grid, &s);
    CU_ASSERT_EQUAL_FATAL(means_make(&h.view, &s, &h.variable[RECORDED_REDUNDANT], &m), OK);
    CU_ASSERT(m->of[0].interval.high - m->of[0].interval.low > 0.1);
    CHECK_NEAR(m->of[0].interval.high - m->of[1].interval.high, 1, 1e-12); /* sums of 40 numbers */
    for (int64_t k = 0; k < m->resamples; k++) CHECK_NEAR(m->shift[k], m->shift[m->resamples + k], 1e-12);
    means_free(m);
    recorded_free(&h);
}

/* ---- CSV -------------------------------------------------------------------------------------------------------- */

static void the_csv_of_means_says_what_the_tables_say(void)
{
    recorded_view h;
    char *text = NULL;
    size_t size;
    make_repetitions(&h);
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(csv_means_print(&h.view, to), OK);
    fclose(to);
    CU_ASSERT(says(text,
                   "result,window_1,mean,sd,n,tasks,low,high,distance,distance_weight,null_mean,shuffles,p,q,"
                   "published,exact\nredundant_information,50,3.25,0.35355339059327379,4,4,,,,,1.75,2,0.66"));
    free(text);
    recorded_free(&h);
}

static void the_csv_of_cells_leaves_samples_out(void)
{
    recorded_view h;
    char *text = NULL;
    size_t size;
    make_repetitions(&h);
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(csv_print(&h.view, to), OK);
    fclose(to);
    CU_ASSERT(says(text, "status,redundant_information,distance,distance_weight\n50,2,0,0,done,0,,\n"));
    free(text);
    recorded_free(&h);
}

static void of_several_pairs_of_axes_the_largest_is_the_matrix(void)
{
    recorded_view h;
    summary s;
    int row = -1, column = -1;
    memset(&h, 0, sizeof h);
    recorded_add_axis(&h, "area_1", "PMd M1");
    recorded_add_axis(&h, "area_2", "PMd M1");
    recorded_add_axis(&h, "session_1", "A B C");
    recorded_add_axis(&h, "session_2", "A B C");
    recorded_fill(&h, 1);
    summary_make(&h.grid, &s);
    CU_ASSERT_TRUE(matrix_axes(&s, &row, &column));
    CU_ASSERT_EQUAL(row, 2);
    CU_ASSERT_EQUAL(column, 3);
    recorded_free(&h);
}

CHECK_MAIN("matrices", TEST(of_several_pairs_of_axes_the_largest_is_the_matrix),
           TEST(the_noise_figure_is_that_of_a_hand_calculation),
           TEST(orders_of_a_pair_are_no_noise_where_sources_differ),
           TEST(pairs_within_and_between_animals_are_averaged_without_the_diagonal),
           TEST(recorded_trials_stand_beside_the_ceiling),
           TEST(negative_values_are_explained_and_not_clipped),
           TEST(deviations_are_over_seeds_and_folds_are_averaged_in_each), TEST(folds_alone_are_repetitions),
           TEST(shuffles_are_neither_kept_nor_averaged),
           TEST(differences_of_values_from_the_same_trials_have_no_interval_of_their_own),
           TEST(the_csv_of_means_says_what_the_tables_say), TEST(the_csv_of_cells_leaves_samples_out))
