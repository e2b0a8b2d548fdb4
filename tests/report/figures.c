#include "report/figures.h"
#include "check.h"

#include "drawn.h"
#include "recorded.h"
#include "report/gnuplot.h"
#include "views.h"

/* Draws into the folder and gives what was said; the caller frees. */
static char *drawn(hand_view *h)
{
    return drawn_view(&h->view);
}

static void a_numeric_axis_gives_one_curve_per_value_of_the_other(void)
{
    hand_view h;
    hand_view_make(&h);
    folder_make();
    char *said = drawn(&h);
    CU_ASSERT(strstr(said, "redundant_information-over-beta-gate.") != NULL);
    CU_ASSERT(
        holds("redundant_information-over-beta-gate.dat",
              "# gate=unq\n0 1 0.9 1.1 3 nan 1.25\n5 2 1.9 2.1 3 nan 2.25\n\n\n# gate=and\n0 3 2.9 3.1 3 nan "
              "3.25\n"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "set ylabel 'redundant information (bits)'"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "filledcurves"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "bands: standard deviation over seeds"));
    free(said);
    folder_remove();
}

static void a_figure_is_a_vector_graphic_and_its_dots(void)
{
    hand_view h;
    if (!gnuplot_is_there()) return;
    hand_view_make(&h);
    folder_make();
    free(drawn(&h));
    CU_ASSERT(is_png("redundant_information-over-beta-gate.png"));
    CU_ASSERT(is_svg("redundant_information-over-beta-gate.svg"));
    folder_remove();
}

static void without_gnuplot_scripts_and_data_are_there(void)
{
    hand_view h;
    hand_view_make(&h);
    folder_make();
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nowhere", 1);
    char *said = drawn(&h);
    setenv("PATH", path, 1);
    CU_ASSERT(strstr(said, "gnuplot is not installed") != NULL);
    CU_ASSERT(strstr(said, "redundant_information-over-beta-gate.gp\n") != NULL);
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "plot '"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.dat", "# gate=and"));
    CU_ASSERT(!is_png("redundant_information-over-beta-gate.png"));
    free(said);
    free(path);
    folder_remove();
}

static void a_log_spaced_axis_with_a_zero_is_logarithmic(void)
{
    static char *texts[] = { "0", "1", "10", "100" };
    static double numbers[] = { 0, 1, 10, 100 };
    hand_view h;
    hand_view_make(&h);
    h.grid.axes = 2;
    h.grid.axis[0] = h.grid.axis[1];
    h.grid.axis[1] = h.grid.axis[2];
    h.grid.axis[0].dimension = 0;
    h.grid.axis[1].dimension = 1;
    h.grid.axis[0].count = 4;
    h.grid.axis[0].text = texts;
    h.grid.axis[0].number = numbers;
    h.grid.dimensions = 2;
    h.grid.dimension[0] = (dimension){ "beta", 4, 3 };
    h.grid.dimension[1] = (dimension){ "seed", 3, 1 };
    folder_make();
    free(drawn(&h));
    CU_ASSERT(holds("redundant_information-over-beta.gp", "set logscale x"));
    CU_ASSERT(holds("redundant_information-over-beta.gp", "at(x) = x > 0 ? x : 0.25"));
    folder_remove();
}

static void a_pair_of_axes_gives_a_map(void)
{
    hand_view h;
    hand_view_make(&h);
    h.grid.axis[0].name = "session_1";
    h.grid.axis[1].name = "session_2";
    folder_make();
    free(drawn(&h));
    CU_ASSERT(holds("redundant_information-map-session_2-session_1.dat", "0 1 3 0.1 3 0\n1 1 4 0.1 3 0\n"));
    CU_ASSERT(holds("redundant_information-map-session_2-session_1.gp", "fillcolor palette"));
    if (gnuplot_is_there()) CU_ASSERT(is_png("redundant_information-map-session_2-session_1.png"));
    folder_remove();
}

static void words_alone_are_drawn_beside_each_other(void)
{
    hand_view h;
    hand_view_make(&h);
    h.grid.axis[1].number = NULL;
    folder_make();
    free(drawn(&h));
    CU_ASSERT(holds("redundant_information-over-gate-beta.gp", "set xtics ('unq' 0, 'and' 1)"));
    if (gnuplot_is_there()) CU_ASSERT(is_png("redundant_information-over-gate-beta.png"));
    folder_remove();
}

static void a_value_that_is_missing_does_not_stop_a_figure(void)
{
    hand_view h;
    hand_view_make(&h);
    for (int c = 0; c < 6; c++) hand_view_lose(&h, c, OUTCOME_FAILED);
    folder_make();
    char *said = drawn(&h);
    CU_ASSERT(strstr(said, "failed") == NULL);
    free(said);
    folder_remove();
}

static void a_figure_of_a_run_that_has_only_begun_is_left_out(void)
{
    hand_view h;
    hand_view_make(&h);
    for (int c = 0; c < VIEW_CELLS; c++) hand_view_lose(&h, c, OUTCOME_PENDING);
    folder_make();
    char *said = drawn(&h);
    CU_ASSERT_STRING_EQUAL(said, "1 figure has nothing to show: none of its tasks is done\n");
    free(said);
    folder_remove();
}

static void a_great_many_figures_are_limited(void)
{
    enum { GATES = 30, CELLS = 2 * GATES };
    static char names[GATES][8], *texts[GATES];
    static double values[CELLS];
    static uint8_t done[CELLS];
    hand_view h;
    hand_view_make(&h);
    for (int g = 0; g < GATES; g++) {
        snprintf(names[g], sizeof names[g], "gate%d", g);
        texts[g] = names[g];
    }
    for (int c = 0; c < CELLS; c++) done[c] = OUTCOME_DONE;
    h.grid.axes = h.grid.dimensions = 2;
    h.grid.axis[0].count = GATES; /* more than a figure has curves for: a figure each */
    h.grid.axis[0].text = texts;
    h.grid.dimension[0] = (dimension){ "gate", GATES, 2 };
    h.grid.dimension[1] = (dimension){ "beta", 2, 1 };
    h.grid.cells = h.grid.tasks = CELLS;
    h.values[0] = h.values[1] = values;
    h.view.status = done;
    folder_make();
    char *path = strdup(getenv("PATH"));
    setenv("PATH", "/nowhere", 1); /* scripts are enough */
    char *said = drawn(&h);
    setenv("PATH", path, 1);
    CU_ASSERT(strstr(said, "redundant_information-over-beta-gate=gate23.gp\n") != NULL);
    CU_ASSERT(strstr(said, "gate24") == NULL);
    CU_ASSERT(strstr(said, "6 more figures are left out") != NULL);
    free(said);
    free(path);
    folder_remove();
}

static void a_text_is_quoted_for_gnuplot(void)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    gnuplot_text("it's\n`ls`", to);
    fclose(to);
    CU_ASSERT_STRING_EQUAL(text, "'it''s `ls`'");
    free(text);
}

static void the_colours_run_from_one_end_of_the_scale_to_the_other(void)
{
    CU_ASSERT_EQUAL(gnuplot_viridis(0), 0x440154);
    CU_ASSERT_EQUAL(gnuplot_viridis(0.5), 0x21918c);
    CU_ASSERT_EQUAL(gnuplot_viridis(1), 0xfde725);
}

/* ---- recordings --------------------------------------------------------------------------------------------------- */

/* Sessions A, B of one animal and C of another, at two betas; the value of a pair is `least` … least + 0.8 at beta 0, and
 * half a bit less at beta 50. */
static void make_sessions(recorded_view *h, double least)
{
    static const char *const animals[] = { "one", "one", "other" };
    memset(h, 0, sizeof *h);
    recorded_add_axis(h, "beta", "0 50");
    recorded_add_axis(h, "session_1", "A B C");
    recorded_add_axis(h, "session_2", "A B C");
    recorded_hold(h, "data.pairing", "surrogate");
    recorded_fill(h, 1);
    h->view.group[1] = h->view.group[2] = animals;
    for (int64_t cell = 0; cell < h->grid.cells; cell++)
        *recorded_at(h, RECORDED_REDUNDANT, cell, 0) =
            least + 0.1 * (double)(cell % 9) - 0.5 * (double)(cell / 9);
}

static const char map_of_50[] = "redundant_information-map-session_2-session_1-beta=50.gp";

static void maps_of_a_result_share_their_colours(void)
{
    recorded_view h;
    make_sessions(&h, 1);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds("redundant_information-map-session_2-session_1-beta=0.gp", "low = 0; high = 1.8 "));
    CU_ASSERT(holds(map_of_50, "low = 0; high = 1.8 "));
    CU_ASSERT(holds(map_of_50, "'#440154'"));
    folder_remove();
    recorded_free(&h);
}

static void where_values_have_both_signs_colours_are_symmetric_about_0(void)
{
    recorded_view h;
    make_sessions(&h, 0);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(map_of_50, "low = -0.8; high = 0.8 "));
    CU_ASSERT(holds(map_of_50, "4 '#f7f7f7'"));
    folder_remove();
    recorded_free(&h);
}

static void animals_are_named_and_set_apart_by_lines(void)
{
    recorded_view h;
    make_sessions(&h, 1);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(map_of_50, "set arrow from 1.5,-0.5 to 1.5,2.5 nohead"));
    CU_ASSERT(holds(map_of_50, "set arrow from -0.5,1.5 to 2.5,1.5 nohead"));
    CU_ASSERT(holds(map_of_50, "set label 'one' at first 0.5, graph 1"));
    CU_ASSERT(holds(map_of_50, "set label 'other' at graph 1, first 2"));
    folder_remove();
    recorded_free(&h);
}

static void what_matrices_come_to_is_drawn_over_a_third_axis(void)
{
    recorded_view h;
    make_sessions(&h, 1);
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "redundant_information-parts-beta.") != NULL);
    /* within "one": 1.1 and 1.3; between: 1.2, 1.5, 1.6, 1.7 */
    CU_ASSERT(
        holds("redundant_information-parts-beta.dat", "# within one\n0 1.2 nan nan 2 nan nan\n50 0.7 "));
    CU_ASSERT(holds("redundant_information-parts-beta.dat", "# between\n0 1.5 nan nan 4 nan nan\n50 1 "));
    CU_ASSERT(holds("redundant_information-parts-beta.csv", "\nbetween,50,1,,,4,"));
    if (gnuplot_is_there()) CU_ASSERT(is_svg("redundant_information-parts-beta.svg"));
    free(said);
    folder_remove();
    recorded_free(&h);
}

static void the_numbers_of_a_figure_stand_beside_it(void)
{
    recorded_view h;
    make_sessions(&h, 1);
    folder_make();
    free(drawn_view(&h.view));
    char *text = content("redundant_information-map-session_2-session_1-beta=50.csv");
    int lines = 0;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CU_ASSERT_EQUAL(lines, 10); /* the head and nine cells of this beta */
    CU_ASSERT(strstr(text, "\nredundant_information,50,A,B,0.6") != NULL);
    CU_ASSERT(strstr(text, "redundant_information,0,") == NULL);
    free(text);
    folder_remove();
    recorded_free(&h);
}

static void a_folder_that_cannot_be_made_is_named(void)
{
    hand_view h;
    hand_view_make(&h);
    CU_ASSERT_EQUAL(figures_draw(&h.view, "/dev/null/figures", stderr), IO_FAILED);
    CU_ASSERT(strstr(failure_text(), "/dev/null/figures: cannot make") != NULL);
}

CHECK_MAIN("figures", TEST(a_numeric_axis_gives_one_curve_per_value_of_the_other),
           TEST(a_figure_is_a_vector_graphic_and_its_dots), TEST(without_gnuplot_scripts_and_data_are_there),
           TEST(a_log_spaced_axis_with_a_zero_is_logarithmic), TEST(a_pair_of_axes_gives_a_map),
           TEST(words_alone_are_drawn_beside_each_other),
           TEST(a_value_that_is_missing_does_not_stop_a_figure),
           TEST(a_figure_of_a_run_that_has_only_begun_is_left_out), TEST(a_great_many_figures_are_limited),
           TEST(a_text_is_quoted_for_gnuplot), TEST(the_colours_run_from_one_end_of_the_scale_to_the_other),
           TEST(maps_of_a_result_share_their_colours),
           TEST(where_values_have_both_signs_colours_are_symmetric_about_0),
           TEST(animals_are_named_and_set_apart_by_lines),
           TEST(what_matrices_come_to_is_drawn_over_a_third_axis),
           TEST(the_numbers_of_a_figure_stand_beside_it), TEST(a_folder_that_cannot_be_made_is_named))
