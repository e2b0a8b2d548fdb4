#include "data/reading.h"

static const char *table_of(const char *text)
{
    return file_of("table.csv", text, strlen(text));
}

static void check_table_refused(const char *text, const char *mapping, const char *part)
{
    check_refused(&csv_format, table_of(text), mapping, "target", part);
}

static void a_row_is_a_trial_and_the_rest_of_the_columns_are_units(void)
{
    recordings *r;
    status result = read_session(&csv_format,
                                 table_of("target,unit1,rt,unit2\n"
                                          "left,1,0.5,2.5\n"
                                          "\"right, up\",3,,-4\n"),
                                 "{target: target, columns: [rt]}", "target", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    CU_ASSERT_EQUAL_FATAL(s->trials, 2);
    CU_ASSERT_STRING_EQUAL(session_column(s, "target")->text[1], "right, up");
    CHECK_NEAR(session_column(s, "rt")->number[0], 0.5, 0);
    CU_ASSERT(isnan(session_column(s, "rt")->number[1]));
    const area *a = session_area(s, "units");
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    static const float features[] = { 1, 2.5F, 3, -4 };
    CU_ASSERT(a->units == 2 && a->bins == 1 && memcmp(a->feature, features, sizeof features) == 0);
    CU_ASSERT_STRING_EQUAL(area_column(a, "name")->text[0], "unit1");
    CU_ASSERT_STRING_EQUAL(area_column(a, "name")->text[1], "unit2");
    recordings_free(r);
}

static void tabs_crlf_and_a_byte_order_mark_change_nothing(void)
{
    static const char *const texts[] = {
        "trial,target,a,b\n1,x,1,2\n1,x,3,4\n2,y,5,6\n",
        "\xEF\xBB\xBFtrial,target,a,b\r\n1,x,1,2\r\n1,x,3,4\r\n2,y,5,6",
        "trial\ttarget\ta\tb\n1\tx\t1\t2\n1\tx\t3\t4\n2\ty\t5\t6\n",
        "\"trial\",\"target\",a,b\n\"1\",\"x\", 1 ,2\n1,x,3,4\n\n# a remark\n2,y,5,6\n",
        "trial,target,a,b\nfirst,x,1,2\nfirst,x,3,4\nsecond,y,5,6\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        recordings *r;
        status result =
            read_session(&csv_format, table_of(texts[i]), "{trial: trial, target: target}", "target", &r);
        if (result != OK) fprintf(stderr, "%s\n", failure_text());
        CU_ASSERT_EQUAL_FATAL(result, OK);
        static const float means[] = { 2, 3, 5, 6 };
        const area *a = &r->session[0].area[0];
        CU_ASSERT(r->session[0].trials == 2 && a->units == 2);
        CU_ASSERT(memcmp(a->feature, means, sizeof means) == 0);
        recordings_free(r);
    }
}

static void areas_take_columns_by_how_their_names_begin(void)
{
    recordings *r;
    status result =
        read_session(&csv_format, table_of("target,m1_a,pmd_a,m1_b,note\n0,1,2,3,x\n1,4,5,6,y\n"),
                     "{target: target, areas: {M1: \"m1_*\", PMd: [pmd_a]}, counts: true}", "target", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    static const uint8_t m1[] = { 1, 3, 4, 6 }, pmd[] = { 2, 5 };
    CU_ASSERT(memcmp(session_area(&r->session[0], "M1")->count, m1, sizeof m1) == 0);
    CU_ASSERT(memcmp(session_area(&r->session[0], "PMd")->count, pmd, sizeof pmd) == 0);
    recordings_free(r);
}

static void bins_are_kept_on_request(void)
{
    recordings *r;
    status result = read_session(&csv_format, table_of("trial,target,a\n1,x,1\n1,x,3\n2,y,5\n"),
                                 "{trial: trial, target: target, bins: keep, bin_ms: 20}", "target", &r);
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const recorded_session *s = &r->session[0];
    static const float features[] = { 1, 3, 5, 0 };
    CU_ASSERT(s->area[0].bins == 2 && memcmp(s->area[0].feature, features, sizeof features) == 0);
    CHECK_NEAR(s->valid_to[0], 40, 0);
    CHECK_NEAR(s->valid_to[1], 20, 0);
    recordings_free(r);
}

/* One trial of 5000 rows and 5000 of one: kept bins would be 25 million, nearly all of them empty. */
static void bins_that_would_be_mostly_empty_are_refused(void)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(to);
    fputs("trial,target,a\n", to);
    for (int i = 0; i < 10000; i++) fprintf(to, "%d,x,1\n", i < 5000 ? 0 : i);
    fclose(to);
    check_table_refused(text, "{trial: trial, target: target, bins: keep, bin_ms: 20}",
                        "the longest trial has 5000 bins, 1.9996 on average");
    free(text);
}

static void wrong_cells_are_refused_with_their_line(void)
{
    static const char all[] = "{trial: trial, target: target}";
    check_table_refused("trial,target,a\n1,x,1\n1,x\n", all, "table.csv:3: 2 fields, but the header has 3");
    check_table_refused("trial,target,a\n1,x,1\n\n2,x,nan\n", all, "table.csv:4: a is nan");
    check_table_refused("trial,target,a\n1,x,1\n2,x,inf\n", all, "table.csv:3: a is inf");
    check_table_refused("trial,target,a\n1,x,\n", all, "table.csv:2: a is empty");
    check_table_refused("trial,target,a\n1,x,two\n", all, "table.csv:2: a is 'two', no number");
    check_table_refused("trial,target,a\n1,x,1e300\n", all, "1e+300 is too large");
    check_table_refused("trial,target,a\n1,x,1\n1,y,1\n", all,
                        "target changes within trial 0, counted from 0 (line 2 to line 3)");
    check_table_refused("trial,target,a\n2,x,1\n1,y,1\n", all,
                        "line 3: the number of the trial jumps back from 2 to 1");
    check_table_refused("trial,target,a\na,x,1\nb,y,1\na,x,2\n", all, "trial 'a' goes on after another one");
    check_table_refused("trial,target,a\n1,x,1\n,y,1\n", all, "line 3: the number of the trial is missing");
    check_table_refused("trial,target,a\nb,x,1\n,y,1\n", all, "table.csv:3: the trial is missing");
    check_table_refused("trial,target,a\n", all, "there are no trials");
    check_table_refused("", all, "the file is empty");
    check_table_refused("trial,target,a\n1,\"x,1\n", all, "table.csv:2: a quote is not closed");
    check_table_refused("trial,target,a\n1,\xff,1\n", all, "no UTF-8 text");
    check_table_refused("target,a\nx,0.5\n", "{target: target, counts: true}", "0.5 is no spike count");
    check_table_refused("target,a\nx,256\n", "{target: target, counts: true}", "256 is no spike count");
}

static void wrong_mappings_say_which_columns_there_are(void)
{
    static const char text[] = "trial,target,a,b\n1,x,1,2\n";
    check_table_refused(text, "target: target\nfeatures: c\n", "mapping:2: ");
    check_table_refused(text, "target: taget\n", "has no column 'taget'; did you mean 'target'?");
    check_table_refused(text, "target: target\ntrial: number\n", "allowed here: trial, target, a, b");
    check_table_refused(text, "target: target\nfeatures: \"unit*\"\n", "has no column 'unit*'");
    check_table_refused("trial,target,a,b,b\n1,x,1,2,3\n", "target: target\n", "two columns \"b\", 4 and 5");
    check_table_refused(text, "target: [a, b]\n", "the name of a column is wanted");
    check_table_refused(text, "target: target\nareas: {x: a}\nfeatures: a\n",
                        "mapping:3: features: either these");
    check_table_refused("target\nx\n", "target: target\n", "no column is left for the features");
}

static void a_description_names_the_columns_and_maps_them(void)
{
    char *text = described(&csv_format, table_of("trial,direction,a\n1,x,1\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "1 rows of 3 columns"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "#   direction: texts, such as x\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "    trial: trial\n    target: direction\n"));
    node map = { 0 };
    CU_ASSERT_EQUAL(node_parse(text, "described", true, &map), OK);
    node_free(&map);
    free(text);
    /* what is numbered are the units; a reaction time is not taken for one */
    text = described(&csv_format, table_of("trial,direction,rt,unit1,unit2\n1,x,0.3,1,2\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "    features: \"unit*\" #"));
    free(text);
}

CHECK_MAIN("csv_trials", TEST(a_row_is_a_trial_and_the_rest_of_the_columns_are_units),
           TEST(tabs_crlf_and_a_byte_order_mark_change_nothing),
           TEST(areas_take_columns_by_how_their_names_begin), TEST(bins_are_kept_on_request),
           TEST(bins_that_would_be_mostly_empty_are_refused), TEST(wrong_cells_are_refused_with_their_line),
           TEST(wrong_mappings_say_which_columns_there_are),
           TEST(a_description_names_the_columns_and_maps_them))
