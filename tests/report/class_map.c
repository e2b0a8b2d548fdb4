#include "check.h"

#include "drawn.h"
#include "report/tables.h"
#include "trained.h"

#define WRAP "class_redundant_information-map-class-views-quantise=wrap"

static void classes_go_to_the_right_and_views_down(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, WRAP ".") != NULL);
    CU_ASSERT(strstr(said, "class_redundant_information-map-class-views-quantise=none.") != NULL);
    /* ±: the deviation of two seeds 0.2 apart, 0.2 / √2 */
    CU_ASSERT(holds(WRAP ".dat",
                    "0 0 0 0.141421356 2 0\n1 0 0.1 0.141421356 2 0\n2 0 0.2 0.141421356 2 0\n"
                    "0 1 2 0.141421356 2 0\n1 1 2.1 0.141421356 2 0\n2 1 2.2 0.141421356 2 0\n"));
    CU_ASSERT(holds(WRAP ".gp", "set xtics ('cat' 0, 'dog' 1, 'ship' 2)"));
    CU_ASSERT(holds(WRAP ".gp", "set ytics ('channels' 0, 'crops' 1)"));
    CU_ASSERT(holds(WRAP ".gp", "set cblabel 'class redundant information (bits)'"));
    CU_ASSERT(holds(WRAP ".gp", "'± standard deviation over seeds'"));
    free(said);
    folder_remove();
}

static void a_cell_of_one_seed_has_its_mean_and_no_deviation(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    for (int cell = 1; cell < h.grid.cells; cell += 2) {
        h.status[cell] = OUTCOME_PENDING;
        for (int c = 0; c < TRAINED_CLASSES; c++) h.of_class[cell][c] = NAN;
    }
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(WRAP ".dat", "2 1 2.1 nan 1 0\n"));
    if (system("command -v gnuplot >/dev/null 2>&1") == 0) {
        CU_ASSERT(holds(WRAP ".svg", "2.10"));
        CU_ASSERT(lacks(WRAP ".svg", "±-1"));
    }
    folder_remove();
}

static void views_are_the_rows_also_where_another_axis_is_longer(void)
{
    static char *texts[] = { "1", "2", "3" };
    trained_view h;
    trained_view_make(&h, 2);
    h.grid.axis[1] = h.grid.axis[0]; /* two views, the faster */
    h.grid.axis[1].dimension = 1;
    h.grid.axis[0].option = h.grid.axis[0].name = "width";
    h.grid.axis[0].text = texts;
    h.grid.axis[0].count = h.grid.dimension[0].count = 3;
    h.grid.cells = h.grid.tasks = 12;
    memset(h.status, OUTCOME_DONE, 12);
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "-map-class-views-width=3.") != NULL);
    CU_ASSERT(strstr(said, "-map-class-width") == NULL);
    free(said);
    h.grid.axis[1].option = h.grid.axis[1].name = "side";
    said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "-map-class-width-side=channels.") != NULL);
    free(said);
    folder_remove();
}

static void maps_of_classes_share_their_colours(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(WRAP ".gp", "low = 0; high = 3.2 "));
    h.of_class[7][1] = h.of_class[6][1] = -2;
    free(drawn_view(&h.view));
    CU_ASSERT(holds(WRAP ".gp", "low = -3.2; high = 3.2 "));
    folder_remove();
}

static void a_class_map_has_a_csv_with_names(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    char *text = content(WRAP ".csv");
    int lines = 0;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CU_ASSERT_EQUAL(lines, 1 + 2 * TRAINED_CLASSES);
    CU_ASSERT(strncmp(text, "result,views,quantise,class,mean,sd,n\n", 38) == 0);
    CU_ASSERT(strstr(text, "\nclass_redundant_information,crops,wrap,cat,2,0.14142135623730") != NULL);
    CU_ASSERT(strstr(text, ",none,") == NULL);
    free(text);
    folder_remove();
}

/* None of its samples may be in the test part. */
static void a_class_that_no_sample_has_is_grey(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    for (int cell = 0; cell < h.grid.cells; cell++) h.of_class[cell][0] = NAN;
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(holds(WRAP ".dat", "0 0 nan nan 0 0\n1 0 0.1 "));
    CU_ASSERT(holds(WRAP ".csv", "\nclass_redundant_information,crops,wrap,cat,,,0\n"));
    if (gnuplot_is_there()) CU_ASSERT(draws_in_silence(WRAP) && is_png(WRAP ".png"));
    folder_remove();
}

static void a_class_map_is_drawn_in_silence(void)
{
    trained_view h;
    if (!gnuplot_is_there()) return;
    trained_view_make(&h, 2);
    folder_make();
    free(drawn_view(&h.view));
    CU_ASSERT(is_png(WRAP ".png"));
    CU_ASSERT(is_svg(WRAP ".svg"));
    CU_ASSERT(draws_in_silence(WRAP) && is_png(WRAP ".png"));
    folder_remove();
}

static void two_classes_without_names_and_pairs_of_sessions_have_no_map(void)
{
    trained_view h;
    trained_view_make(&h, 2);
    h.layout.extents.class_name = NULL;
    h.variable[1].count = h.variable[1].extent[0] = 2;
    folder_make();
    char *said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "map-class") == NULL);
    free(said);
    trained_view_make(&h, 2);
    h.grid.axis[0].name = "session_1";
    h.grid.axis[1].name = "session_2";
    said = drawn_view(&h.view);
    CU_ASSERT(strstr(said, "map-class") == NULL);
    free(said);
    folder_remove();
}

static void the_table_of_classes_has_their_names(void)
{
    trained_view h;
    char *text = NULL;
    size_t size;
    trained_view_make(&h, 2);
    h.view.options.all = true;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(tables_print(&h.view, to), OK);
    fclose(to);
    const char *found = strstr(text, "\nby class; mean (standard deviation)\n\n"
                                     "  views     quantise            cat            dog           ship\n"
                                     "  channels  wrap      0.000 (0.141)  0.100 (0.141)  0.200 (0.141)\n");
    CU_ASSERT_PTR_NOT_NULL(found);
    if (found == NULL) fputs(text, stderr);
    free(text);
}

CHECK_MAIN("class maps", TEST(classes_go_to_the_right_and_views_down),
           TEST(a_cell_of_one_seed_has_its_mean_and_no_deviation),
           TEST(views_are_the_rows_also_where_another_axis_is_longer),
           TEST(maps_of_classes_share_their_colours), TEST(a_class_map_has_a_csv_with_names),
           TEST(a_class_that_no_sample_has_is_grey), TEST(a_class_map_is_drawn_in_silence),
           TEST(two_classes_without_names_and_pairs_of_sessions_have_no_map),
           TEST(the_table_of_classes_has_their_names))
