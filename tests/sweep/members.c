/* Axes whose values the data knows: what `all` stands for, what each value belongs to. */
#include "check.h"
#include "sweep/fakes.h"

static const char all_days[] = "A,B,it's \"C\" \\ 1..2";

static void all_stands_for_what_the_data_has(void)
{
    sweep *s = parse("data: {kind: days}\ngrid: {day_1: all, seed: 0..1, day_2: [B]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), all_days);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_2"), "B");
    settings *t = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 2, &t), OK);
    CU_ASSERT_STRING_EQUAL(((const days_options *)t->block[SECTION_DATA])->day_1, "B");
    settings_free(t);
    sweep_free(s);
}

static void the_file_is_asked_that_is_set(void)
{
    sweep *s = parse("data: {kind: days, file: two.h5}\ngrid: {day_1: all, day_2: all}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), "A,B");
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_2"), "A,B");
    sweep_free(s);
    s = parse_sets("data: {kind: days}\ngrid: {day_1: [A]}\n", SETS("day_1=all", "file=two.h5"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), "A,B");
    sweep_free(s);
    s = parse_sets("data: {kind: days, day_1: B}\n", SETS("day_1=all")); /* an axis from now on */
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), all_days);
    sweep_free(s);
}

static void all_in_quotes_is_a_text(void)
{
    sweep *s = parse("data: {kind: days, day_2: \"all\"}\ngrid: {day_1: [\"all\", A]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), "all,A");
    CU_ASSERT_STRING_EQUAL(sweep_members(s), "");
    sweep_free(s);
}

static void check_refused(const char *text, const char *words)
{
    sweep *s = parse(text);
    CU_ASSERT_PTR_NULL(s);
    if (!strstr(failure_text(), words)) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT(strstr(failure_text(), words) != NULL);
    sweep_free(s);
}

static void all_is_refused_where_the_answer_depends_on_an_axis(void)
{
    check_refused("data: {kind: days}\ngrid: {file: [one.h5, two.h5], day_1: all}\n",
                  "dir/s.yaml:2: day_1: 'all' is not the same for every file, which is an axis; give a list");
    check_refused("data: {kind: days}\ngrid: {file: all, day_1: all}\n", "'all' needs values that are known");
    check_refused("data: {kind: days, file: none.h5}\ngrid: {day_1: all}\n",
                  "dir/s.yaml:2: none.h5: cannot be opened");
    /* where all files have the same days, an axis of files is fine; and so is any other axis */
    sweep *s = parse("data: {kind: days}\ngrid: {file: [one.h5, same.h5], shuffle: 0..3, day_1: all}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), all_days);
    sweep_free(s);
    /* of two kinds only one has days */
    s = parse("grid: {data.kind: [gate, days], day_1: all}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "day_1"), all_days);
    sweep_free(s);
    check_refused("grid: {data.kind: [windows, days], file: all}\n", "data.kind is an axis; give a list");
}

static void a_loose_sweep_has_the_members_it_is_given(void)
{
    static const char text[] = "data: {kind: days}\ngrid: {day_1: all, seed: 0..1, day_2: all}\n"
                               "exclude: [{day_1: B}]\n";
    sweep *s = parse(text), *again = NULL;
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_members(s), "data.day_1=[\"A\", \"B\", \"it's \\\"C\\\" \\\\ 1..2\"]\n"
                                             "data.day_2=[\"A\", \"B\", \"it's \\\"C\\\" \\\\ 1..2\"]\n");
    char *lines = strdup(sweep_members(s)), *rest;
    const char *sets[] = { strtok_r(lines, "\n", &rest), strtok_r(NULL, "\n", &rest) };
    CU_ASSERT_EQUAL_FATAL(sweep_parse(text, "s.yaml", sets, 2, true, &again), OK);
    CU_ASSERT_STRING_EQUAL(axis_values(again, "day_1"), all_days);
    CU_ASSERT_STRING_EQUAL(axis_values(again, "day_2"), all_days);
    CU_ASSERT_EQUAL(sweep_grid(again)->tasks, 12);
    CU_ASSERT_STRING_EQUAL(sweep_grid(again)->dimension[1].name,
                           "seed"); /* the axes stand where they stood */
    CU_ASSERT_PTR_NULL(sweep_grid(again)->axis[0].group);
    sweep_free(again);
    CU_ASSERT_EQUAL(sweep_parse(text, "s.yaml", NULL, 0, true, &again), BAD_INPUT);
    free(lines);
    sweep_free(s);
}

static void check_groups(const char *text, int a, const char *words)
{
    sweep *s = parse(text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    const axis *of = &sweep_grid(s)->axis[a];
    char found[128] = "";
    for (int64_t i = 0; of->group && i < of->count; i++) {
        strcat(found, i ? "," : "");
        strcat(found, of->group[i]);
    }
    if (strcmp(found, words) != 0) fprintf(stderr, "%s\n", found);
    CU_ASSERT_STRING_EQUAL(found, words);
    sweep_free(s);
}

static void values_belong_to_what_the_data_says(void)
{
    check_groups("data: {kind: days}\ngrid: {seed: 0..1, day_1: all}\n", 1, "Ann,Ann,Bob");
    check_groups("data: {kind: days}\ngrid: {seed: 0..1, day_1: all}\n", 0, "");
    check_groups("data: {kind: days}\ngrid: {file: [one.h5, same.h5]}\n", 0, "");
    check_groups("data: {kind: gate}\ngrid: {gate: all}\n", 0, "");
    check_groups("data: {kind: days}\ngrid: {day_1: [C, B, Z]}\n", 0, "Bob,Ann,");
    check_groups("data: {kind: days, file: two.h5}\ngrid: {day_2: [A, B]}\n", 0, "Ann,Bob");
    /* asked with the values of the axes that it walks along with */
    check_groups("data: {kind: days}\ngrid: {file: [one.h5, two.h5], day_1: [A, B], seed: 0..1}\n"
                 "zip: [[file, day_1]]\n",
                 1, "Ann,Bob");
}

CHECK_MAIN("members", TEST(all_stands_for_what_the_data_has), TEST(the_file_is_asked_that_is_set),
           TEST(all_in_quotes_is_a_text), TEST(all_is_refused_where_the_answer_depends_on_an_axis),
           TEST(a_loose_sweep_has_the_members_it_is_given), TEST(values_belong_to_what_the_data_says))
