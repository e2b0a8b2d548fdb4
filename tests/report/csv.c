#include "report/csv.h"
#include "check.h"
#include "views.h"

static char *printed(hand_view *h)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_EQUAL(csv_print(&h->view, to), OK);
    fclose(to);
    return text;
}

/* The line of this number, from 0, without its end. */
static const char *line(const char *text, int number)
{
    static char found[512];
    for (; number > 0; number--) text = strchr(text, '\n') + 1;
    snprintf(found, sizeof found, "%.*s", (int)strcspn(text, "\n"), text);
    return found;
}

static void the_head_names_axes_status_and_results(void)
{
    hand_view h;
    hand_view_make(&h);
    char *text = printed(&h);
    CU_ASSERT_STRING_EQUAL(line(text, 0),
                           "gate,beta,seed,status,redundant_information,exact_redundant_information,"
                           "usable_information_1,usable_information_2");
    free(text);
}

static void there_is_one_line_for_each_cell_in_grid_order(void)
{
    hand_view h;
    hand_view_make(&h);
    char *text = printed(&h);
    int lines = 0;
    for (const char *at = text; *at; at++) lines += *at == '\n';
    CU_ASSERT_EQUAL(lines, 1 + VIEW_CELLS);
    CU_ASSERT(strncmp(line(text, 1), "unq,0,0,done,", 13) == 0);
    CU_ASSERT(strncmp(line(text, 2), "unq,0,1,done,", 13) == 0);
    CU_ASSERT(strncmp(line(text, 4), "unq,5,0,done,", 13) == 0);
    CU_ASSERT_STRING_EQUAL(line(text, 8), "and,0,1,done,3,3.25,0.5,0.25");
    free(text);
}

static void a_number_comes_back_to_the_last_bit(void)
{
    hand_view h;
    double back = 0;
    hand_view_make(&h);
    h.redundant[0] = 0.1 + 0.2; /* 0.30000000000000004: not what 15 digits say */
    char *text = printed(&h);
    CU_ASSERT_EQUAL(sscanf(line(text, 1), "unq,0,0,done,%lf", &back), 1);
    CHECK_NEAR(back, h.redundant[0], 0); /* the same bits */
    free(text);
}

static void what_is_not_there_is_empty(void)
{
    hand_view h;
    hand_view_make(&h);
    hand_view_lose(&h, 0, OUTCOME_ABSENT);
    hand_view_lose(&h, 1, OUTCOME_DIVERGED);
    h.exact[2] = NAN;
    char *text = printed(&h);
    CU_ASSERT_STRING_EQUAL(line(text, 1), "unq,0,0,absent,,,,");
    CU_ASSERT_STRING_EQUAL(line(text, 2), "unq,0,1,diverged,,,,");
    CU_ASSERT_STRING_EQUAL(line(text, 3), "unq,0,2,done,1.1000000000000001,,0.5,0.25");
    free(text);
}

static void fields_with_commas_and_quotes_are_quoted(void)
{
    static char *lists[] = { "[25, 15]", "a \"b\"" };
    hand_view h;
    hand_view_make(&h);
    h.grid.axis[0].text = lists;
    char *text = printed(&h);
    CU_ASSERT(strncmp(line(text, 1), "\"[25, 15]\",0,0,done,", 20) == 0);
    CU_ASSERT(strncmp(line(text, 7), "\"a \"\"b\"\"\",0,0,done,", 19) == 0);
    free(text);
}

static void the_history_is_named_by_metric_and_epoch(void)
{
    static const quantity history = { "history", PER_EPOCH, "", "metrics of every epoch" };
    hand_view h;
    hand_view_make(&h);
    h.layout.extents.metrics = 2;
    h.layout.extents.metric[0] = "loss";
    h.layout.extents.metric[1] = "distance";
    h.variable[2] = (variable){ .quantity = &history, .dimensions = 2, .extent = { 1, 2 }, .count = 2 };
    char *text = printed(&h);
    CU_ASSERT(strstr(line(text, 0), ",history_loss_1,history_distance_1") != NULL);
    free(text);
}

CHECK_MAIN("csv", TEST(the_head_names_axes_status_and_results),
           TEST(there_is_one_line_for_each_cell_in_grid_order), TEST(a_number_comes_back_to_the_last_bit),
           TEST(what_is_not_there_is_empty), TEST(fields_with_commas_and_quotes_are_quoted),
           TEST(the_history_is_named_by_metric_and_epoch))
