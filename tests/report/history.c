#include "check.h"

#include "drawn.h"
#include "trained.h"

#define FEW  "history-over-epoch"
#define MANY "history-over-epoch-views-quantise=none"

static void few_groups_have_a_curve_each(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "/" FEW ".") != NULL);
    CU_ASSERT(holds(FEW ".dat", "# views=channels quantise=wrap\n1 1 0.85"));
    CU_ASSERT(holds(FEW ".dat", "\n\n\n# views=crops quantise=none\n1 4 3.85"));
    CU_ASSERT(holds(FEW ".gp", "title 'views=crops quantise=none'"));
    free(said);
    folder_remove();
}

static void many_groups_have_a_curve_for_each_value_of_the_longest_axis(void)
{
    trained_view h;
    trained_view_make(&h, 4);
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "/history-over-epoch-views-quantise=wrap.") != NULL);
    CU_ASSERT(strstr(said, "/" MANY ".") != NULL);
    CU_ASSERT(holds(MANY ".dat", "# views=channels\n1 2 1.85"));
    CU_ASSERT(holds(MANY ".dat", "\n\n\n# views=halves\n1 8 7.85"));
    CU_ASSERT(holds(MANY ".gp", "set key title 'views'"));
    free(said);
    folder_remove();
}

/* Seeds 0.2 apart: a deviation of 0.2 / √2. Metrics are found by their names. */
static void a_line_has_the_mean_and_the_band_of_every_trace(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(FEW ".dat", "# views=channels quantise=none\n"
                                "1 2 1.85857864 2.14142136 2.5 2.35857864 2.64142136 "
                                "0.1 -0.0414213562 0.241421356 1 1 1\n"
                                "2 3 2.85857864 3.14142136 3.5 3.35857864 3.64142136 "
                                "0.2 0.0585786438 0.341421356 2 2 2\n"));
    CU_ASSERT(holds(FEW ".gp", "'bands: standard deviation over seeds'"));
    folder_remove();
}

static void the_csv_of_a_history_has_every_metric_and_epoch(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    char *text = content(FEW ".csv");
    int lines = 0;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CU_ASSERT_EQUAL(lines, 1 + 4 * 4 * TRAINED_EPOCHS); /* groups, metrics that are shown */
    CU_ASSERT(strncmp(text, "metric,views,quantise,epoch,mean,sd,n\n", 38) == 0);
    CU_ASSERT(strstr(text, "\ndistance_weight,crops,wrap,3,6,0,2\n") != NULL);
    CU_ASSERT(strstr(text, "loss") == NULL);
    free(text);
    folder_remove();
}

/* Means from 0 to 3 in the later epochs, from -100 in the first. */
static void early_epochs_far_below_the_others_are_cut_off_and_that_is_said(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(lacks(FEW ".gp", "cut off"));
    for (int cell = 0; cell < h.grid.cells; cell++) h.history[cell][0][2] = -100;
    free(drawn_view(&h.view));
    CU_ASSERT(holds(FEW ".gp", "'bands: standard deviation over seeds; lowest values of early epochs are cut "
                               "off'"));
    CU_ASSERT(lacks(FEW ".gp", "set yrange [-1"));
    CU_ASSERT(holds(FEW ".dat", "# views=crops quantise=none\n1 -100 "));
    folder_remove();
}

static void a_group_that_is_not_done_has_no_curve(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    for (int cell = 2; cell < 4; cell++)
        for (int e = 0; e < TRAINED_EPOCHS; e++)
            for (int m = 0; m < TRAINED_METRICS; m++) h.history[cell][e][m] = NAN;
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(FEW ".dat", "# views=crops quantise=wrap\n"));
    char *text = content(FEW ".gp");
    CU_ASSERT(strstr(text, "views=channels quantise=none") == NULL);
    CU_ASSERT(strstr(text, "index 2 ") != NULL && strstr(text, "index 3 ") == NULL);
    free(text);
    folder_remove();
}

/* Of a sweep with beta 0 alone the weight is 0 throughout. */
static void a_history_is_drawn_in_silence(void)
{
    trained_view h;
    if (!gnuplot_is_there()) return;
    trained_view_make(&h, 2);
    for (int cell = 0; cell < h.grid.cells; cell++)
        for (int e = 0; e < TRAINED_EPOCHS; e++) h.history[cell][e][4] = 0;
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(is_png(FEW ".png"));
    CU_ASSERT(is_svg(FEW ".svg"));
    CU_ASSERT(draws_in_silence(FEW) && is_png(FEW ".png"));
    CU_ASSERT(holds(FEW ".gp",
                    "unset multiplot\nreset\n")); /* or the label of the last panel is in all of the PNG */
    folder_remove();
}

static void without_a_history_nothing_is_drawn_of_it(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    h.layout.variables = 2;
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "history") == NULL);
    free(said);
    folder_remove();
}

CHECK_MAIN("history", TEST(few_groups_have_a_curve_each),
           TEST(many_groups_have_a_curve_for_each_value_of_the_longest_axis),
           TEST(a_line_has_the_mean_and_the_band_of_every_trace),
           TEST(the_csv_of_a_history_has_every_metric_and_epoch),
           TEST(early_epochs_far_below_the_others_are_cut_off_and_that_is_said),
           TEST(a_group_that_is_not_done_has_no_curve), TEST(a_history_is_drawn_in_silence),
           TEST(without_a_history_nothing_is_drawn_of_it))
