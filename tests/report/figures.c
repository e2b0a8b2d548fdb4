#include "report/figures.h"
#include "check.h"

#include <dirent.h>
#include <unistd.h>

#include "report/gnuplot.h"
#include "views.h"

static char folder[] = "/tmp/infosweep-figures-XXXXXX";

static void folder_make(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
}

static void folder_remove(void)
{
    DIR *d = opendir(folder);
    for (struct dirent *e; d && (e = readdir(d)) != NULL;) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] != '.') unlink(path);
    }
    if (d) closedir(d);
    CU_ASSERT_EQUAL(rmdir(folder), 0);
}

/* The text of a file in the folder; "" when there is none. The caller frees. */
static char *content(const char *name)
{
    enum { LARGEST = 1 << 20 };
    char path[1024], *text = calloc(1, LARGEST);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file && fread(text, 1, LARGEST - 1, file) == 0) text[0] = '\0';
    if (file) fclose(file);
    return text;
}

static bool holds(const char *name, const char *what)
{
    char *text = content(name);
    bool found = strstr(text, what) != NULL;
    if (!found) fprintf(stderr, "%s does not hold \"%s\":\n%s\n", name, what, text);
    free(text);
    return found;
}

static bool is_png(const char *name)
{
    char *text = content(name);
    bool is = memcmp(text, "\x89PNG\r\n\x1a\n", 8) == 0;
    free(text);
    return is;
}

/* Draws into the folder and gives what was said; the caller frees. */
static char *drawn(hand_view *h)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(figures_draw(&h->view, folder, to), OK);
    fclose(to);
    return text;
}

static bool gnuplot_is_there(void)
{
    for (const char *at = getenv("PATH"), *end; at && *at; at = *end ? end + 1 : end) {
        char path[1024];
        end = at + strcspn(at, ":");
        snprintf(path, sizeof path, "%.*s/gnuplot", (int)(end - at), at);
        if (access(path, X_OK) == 0) return true;
    }
    printf("skipped: no gnuplot\n");
    return false;
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
              "# gate=unq\n0 1 0.1 3 nan 1.25\n5 2 0.1 3 nan 2.25\n\n\n# gate=and\n0 3 0.1 3 nan 3.25\n"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "set ylabel 'redundant information (bits)'"));
    CU_ASSERT(holds("redundant_information-over-beta-gate.gp", "yerrorlines"));
    free(said);
    folder_remove();
}

static void a_figure_is_a_png(void)
{
    hand_view h;
    if (!gnuplot_is_there()) return;
    hand_view_make(&h);
    folder_make();
    free(drawn(&h));
    CU_ASSERT(is_png("redundant_information-over-beta-gate.png"));
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
    CU_ASSERT(holds("redundant_information-map-session_2-session_1.dat", "0 1 3 0.1 3\n1 1 4 0.1 3\n"));
    CU_ASSERT(holds("redundant_information-map-session_2-session_1.gp", "with image"));
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

static void a_folder_that_cannot_be_made_is_named(void)
{
    hand_view h;
    hand_view_make(&h);
    CU_ASSERT_EQUAL(figures_draw(&h.view, "/dev/null/figures", stderr), IO_FAILED);
    CU_ASSERT(strstr(failure_text(), "/dev/null/figures: cannot make") != NULL);
}

CHECK_MAIN("figures", TEST(a_numeric_axis_gives_one_curve_per_value_of_the_other), TEST(a_figure_is_a_png),
           TEST(without_gnuplot_scripts_and_data_are_there),
           TEST(a_log_spaced_axis_with_a_zero_is_logarithmic), TEST(a_pair_of_axes_gives_a_map),
           TEST(words_alone_are_drawn_beside_each_other),
           TEST(a_value_that_is_missing_does_not_stop_a_figure),
           TEST(a_figure_of_a_run_that_has_only_begun_is_left_out), TEST(a_great_many_figures_are_limited),
           TEST(a_text_is_quoted_for_gnuplot), TEST(the_colours_run_from_one_end_of_the_scale_to_the_other),
           TEST(a_folder_that_cannot_be_made_is_named))
