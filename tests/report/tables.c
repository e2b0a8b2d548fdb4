#include "report/tables.h"
#include "check.h"
#include "views.h"

/* What a function prints about a view; the caller frees. */
static char *printed(hand_view *h, bool all)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    h->view.options.all = all;
    CU_ASSERT_EQUAL(tables_print(&h->view, to), OK);
    fclose(to);
    return text;
}

static void same(const char *actual, const char *expected)
{
    CU_ASSERT_STRING_EQUAL(actual, expected);
    if (strcmp(actual, expected) != 0) fprintf(stderr, "---- is\n%s---- not\n%s", actual, expected);
}

static bool says(const char *text, const char *what)
{
    if (strstr(text, what) == NULL) fprintf(stderr, "does not say \"%s\":\n%s", what, text);
    return strstr(text, what) != NULL;
}

static void mean_and_deviation_are_those_of_a_hand_calculation(void)
{
    grid g;
    summary s;
    hand_grid(&g);
    summary_make(&g, &s);
    CU_ASSERT_EQUAL(s.groups, 4);
    CU_ASSERT_EQUAL(s.members, 3);
    double values[VIEW_CELLS] = { 2, 4, 9 }; /* deviations -3, -1, 4 from 5: squares 26, over n-1 = 13 */
    statistic x = summary_statistic(&s, 0, values, 1);
    CHECK_NEAR(x.mean, 5, 0);            /* exact in binary */
    CHECK_NEAR(x.sd, sqrt(13.0), 1e-15); /* one rounding of the root */
    CU_ASSERT_EQUAL(x.count, 3);
}

static void a_value_that_is_missing_is_counted_and_not_averaged(void)
{
    grid g;
    summary s;
    hand_grid(&g);
    summary_make(&g, &s);
    double values[VIEW_CELLS] = { 2, NAN, 4, NAN, NAN, 7, NAN, NAN, NAN };
    statistic two = summary_statistic(&s, 0, values, 1), one = summary_statistic(&s, 1, values, 1),
              none = summary_statistic(&s, 2, values, 1);
    CHECK_NEAR(two.mean, 3, 0);
    CHECK_NEAR(two.sd, sqrt(2.0), 1e-15);
    CU_ASSERT(two.count == 2 && two.tasks == 3);
    CHECK_NEAR(one.mean, 7, 0);
    CU_ASSERT(isnan(one.sd) && one.count == 1);
    CU_ASSERT(isnan(none.mean) && none.count == 0 && none.tasks == 3);
}

static void excluded_cells_are_no_tasks(void)
{
    grid g;
    summary s;
    uint8_t absent[VIEW_CELLS] = { 0, 1 };
    double values[VIEW_CELLS] = { 2, NAN, 4 };
    hand_grid(&g);
    g.absent = absent;
    summary_make(&g, &s);
    statistic x = summary_statistic(&s, 0, values, 1);
    CU_ASSERT(x.tasks == 2 && x.count == 2);
}

static void a_seed_that_walks_with_another_axis_is_not_averaged_over(void)
{
    grid g;
    summary s;
    hand_grid(&g);
    g.axis[1].dimension = g.axis[2].dimension; /* beta zipped with the seed */
    g.dimensions = 2;
    g.dimension[1] = (dimension){ "beta", 2, 1 };
    g.axis[1].dimension = g.axis[2].dimension = 1;
    g.dimension[0].stride = 2;
    g.cells = g.tasks = 4;
    summary_make(&g, &s);
    CU_ASSERT(s.groups == 4 && s.members == 1);
}

static void the_table_is_aligned_and_has_the_exact_value_beside_the_mean(void)
{
    hand_view h;
    hand_view_make(&h);
    char *text = printed(&h, false);
    same(text, "A view made by hand\n"
               "hand.h5: 12 of 12 tasks done, 0 failed, 0 left\n"
               "2026-01-01T10:00:00Z to 2026-01-01T10:00:05Z on 2 ranks of here\n"
               "infosweep 0.1.0 (abc), kernels avx2, ended: done\n"
               "\n"
               "redundant_information (bits): redundant information about the target\n"
               "mean (standard deviation, n-1) over 3 seeds\n"
               "\n"
               "  gate  beta   mean     (sd)  exact  difference\n"
               "  unq      0  1.000  (0.100)  1.250      -0.250\n"
               "  unq      5  2.000  (0.100)  2.250      -0.250\n"
               "  and      0  3.000  (0.100)  3.250      -0.250\n"
               "  and      5  4.000  (0.100)  4.250      -0.250\n"
               "\n"
               "exact: exact optimum of the objective\n"
               "\n"
               "also in the file (--all): usable_information\n");
    free(text);
}

static void missing_and_failed_cells_are_seen(void)
{
    hand_view h;
    hand_view_make(&h);
    hand_view_lose(&h, 1, OUTCOME_DIVERGED);
    for (int c = 3; c < 6; c++) hand_view_lose(&h, c, OUTCOME_PENDING);
    h.redundant[6] = NAN; /* done, but not a number */
    char *text = printed(&h, false);
    CU_ASSERT(says(text, "8 of 12 tasks done, 1 failed, 3 left"));
    CU_ASSERT(says(text, "  unq      0  1.000  (0.141)  2 of 3  1.250      -0.250\n"));
    CU_ASSERT(says(text, "  unq      5      —        —  0 of 3      —           —\n"));
    CU_ASSERT(says(text, "  and      0  3.050  (0.071)  2 of 3  3.250      -0.200\n"));
    CU_ASSERT(says(text, "  and      5  4.000  (0.100)       3  4.250      -0.250\n"));
    CU_ASSERT(says(text, "  gate=unq beta=0 seed=1: diverged\n"));
    free(text);
}

static void what_rounds_to_zero_has_no_sign(void)
{
    char text[NUMBER_MAX];
    CU_ASSERT_STRING_EQUAL(tables_number(-0.0004, text), "0.000");
    CU_ASSERT_STRING_EQUAL(tables_number(-0.0006, text), "-0.001");
    CU_ASSERT_STRING_EQUAL(tables_number(INFINITY, text), "inf");
    CU_ASSERT_STRING_EQUAL(tables_number(NAN, text), "—");
    CU_ASSERT_STRING_EQUAL(tables_number(2.5e7, text), "2.500e+07");
}

static void no_more_than_ten_failures_are_listed(void)
{
    hand_view h;
    hand_view_make(&h);
    for (int c = 0; c < VIEW_CELLS; c++) hand_view_lose(&h, c, OUTCOME_FAILED);
    char *text = printed(&h, false);
    CU_ASSERT(says(text, "gate=and beta=5 seed=0: failed\n"));
    CU_ASSERT(strstr(text, "gate=and beta=5 seed=1: failed\n") == NULL);
    CU_ASSERT(says(text, "and 2 more"));
    free(text);
}

static void the_other_results_come_when_asked_for(void)
{
    hand_view h;
    hand_view_make(&h);
    char *text = printed(&h, true);
    CU_ASSERT(says(text, "\nusable_information (bits): usable information of one source\n"
                         "by source; mean (standard deviation)\n"
                         "\n"
                         "  gate  beta       source 1       source 2\n"
                         "  unq      0  0.500 (0.000)  0.250 (0.000)\n"));
    free(text);
}

static void without_a_repetition_there_is_no_deviation(void)
{
    hand_view h;
    hand_view_make(&h);
    h.grid.axes = h.grid.dimensions = 2;
    h.grid.dimension[0].stride = 2;
    h.grid.dimension[1].stride = 1;
    h.grid.cells = h.grid.tasks = 4;
    char *text = printed(&h, false);
    CU_ASSERT(says(text, "  gate  beta  value  exact  difference\n"
                         "  unq      0  0.900  1.250      -0.350\n"));
    free(text);
}

static void a_pair_of_axes_gives_a_matrix_for_every_combination_of_the_others(void)
{
    static char *windows[] = { "50", "150" };
    static double numbers[] = { 50, 150 };
    hand_view h;
    hand_view_make(&h);
    h.grid.axis[2] = h.grid.axis[1];
    h.grid.axis[2].name = "window_2";
    h.grid.axis[1].name = "window_1";
    for (int a = 1; a < 3; a++) {
        h.grid.axis[a].unit = "ms";
        h.grid.axis[a].text = windows;
        h.grid.axis[a].number = numbers;
        h.grid.axis[a].dimension = a;
    }
    h.grid.dimension[0].stride = 4;
    h.grid.dimension[1] = (dimension){ "window_1", 2, 2 };
    h.grid.dimension[2] = (dimension){ "window_2", 2, 1 };
    h.grid.cells = h.grid.tasks = 8;
    for (int c = 0; c < 8; c++) h.redundant[c] = c;
    h.redundant[6] = NAN;
    char *text = printed(&h, false);
    CU_ASSERT(says(text,
                   "redundant_information (bits) by window_1 (rows) and window_2 (columns, ms), gate=unq\n"
                   "\n"
                   "  window_1     50    150\n"
                   "        50  0.000  1.000\n"
                   "       150  2.000  3.000\n"));
    CU_ASSERT(says(text, "gate=and\n"
                         "\n"
                         "  window_1     50    150\n"
                         "        50  4.000  5.000\n"
                         "       150      —  7.000\n"));
    free(text);
}

static void a_table_that_is_too_wide_goes_on_below_with_its_keys(void)
{
    sheet *s;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL_FATAL(sheet_make(&s), OK);
    sheet_column(s, SHEET_LEFT, "key");
    sheet_column(s, SHEET_RIGHT, "%060d", 1);
    sheet_column(s, SHEET_RIGHT, "%060d", 2);
    sheet_put(s, "é"); /* two bytes, one character */
    sheet_put(s, "a");
    sheet_put(s, "b");
    CU_ASSERT_EQUAL(sheet_print(s, 1, to), OK);
    fclose(to);
    char expected[512];
    snprintf(expected, sizeof expected, "  key  %060d\n  é    %60s\n\n  key  %060d\n  é    %60s\n", 1, "a", 2,
             "b");
    same(text, expected);
    free(text);
    sheet_free(s);
}

static void a_column_that_says_nothing_alone_goes_on_with_the_one_before_it(void)
{
    sheet *s;
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL_FATAL(sheet_make(&s), OK);
    sheet_column(s, SHEET_LEFT, "key");
    sheet_column(s, SHEET_RIGHT, "%070d", 1);
    sheet_column(s, SHEET_RIGHT, "exact");
    sheet_column(s, SHEET_RIGHT, "%030d", 2);
    sheet_join(s);
    CU_ASSERT_EQUAL(sheet_print(s, 1, to), OK);
    fclose(to);
    char expected[512];
    snprintf(expected, sizeof expected, "  key  %070d\n\n  key  exact  %030d\n", 1, 2);
    same(text, expected);
    free(text);
    sheet_free(s);
}

static void what_is_done_and_has_no_value_has_no_line(void)
{
    hand_view h;
    hand_view_make(&h);
    for (int c = 3; c < 6; c++) hand_view_lose(&h, c, OUTCOME_DONE);
    char *text = printed(&h, true);
    CU_ASSERT(says(text, "  unq      0  1.000"));
    CU_ASSERT(strstr(text, "  unq      5") == NULL);
    CU_ASSERT(strstr(text, "0 of 3") == NULL);
    free(text);
    h.status[4] = OUTCOME_PENDING; /* it may still have one */
    text = printed(&h, true);
    CU_ASSERT(says(text, "  unq      5      —        —  0 of 3"));
    free(text);
}

static void an_estimator_has_no_line_where_it_gives_nothing(void)
{
    static char *names[] = { "rine", "similarity" };
    hand_view h;
    hand_view_make(&h);
    h.grid.axis[0].option = h.grid.axis[0].name = (char *)"estimator";
    h.grid.axis[0].text = names;
    char *text = printed(&h, true);
    const char *usable = strstr(text, "usable_information");
    CU_ASSERT_PTR_NOT_NULL_FATAL(usable);
    CU_ASSERT(strstr(usable, "rine") != NULL && strstr(usable, "similarity") == NULL);
    free(text);
}

CHECK_MAIN("tables", TEST(mean_and_deviation_are_those_of_a_hand_calculation),
           TEST(a_value_that_is_missing_is_counted_and_not_averaged),
           TEST(what_is_done_and_has_no_value_has_no_line), TEST(excluded_cells_are_no_tasks),
           TEST(a_seed_that_walks_with_another_axis_is_not_averaged_over),
           TEST(the_table_is_aligned_and_has_the_exact_value_beside_the_mean),
           TEST(missing_and_failed_cells_are_seen), TEST(what_rounds_to_zero_has_no_sign),
           TEST(no_more_than_ten_failures_are_listed), TEST(the_other_results_come_when_asked_for),
           TEST(without_a_repetition_there_is_no_deviation),
           TEST(a_pair_of_axes_gives_a_matrix_for_every_combination_of_the_others),
           TEST(a_table_that_is_too_wide_goes_on_below_with_its_keys),
           TEST(a_column_that_says_nothing_alone_goes_on_with_the_one_before_it),
           TEST(an_estimator_has_no_line_where_it_gives_nothing))
