/* --set: values over those of the sweep file. */
#include "check.h"
#include "sweep/fakes.h"

static const char canonical[] = "title: Gates\n"
                                "data: {kind: gate, samples: 100}\n"
                                "rine: {distance: l1}\n"
                                "train: {epochs: 30}\n"
                                "grid:\n"
                                "  gate: [unq, and]\n"
                                "  beta: [0, 5, 15]\n"
                                "  seed: 0..4\n"
                                "exclude: [{beta: 0, seed: 3..4}]\n";

static void a_fixed_value_is_replaced(void)
{
    sweep *s =
        parse_sets(canonical, SETS("train.epochs=5", "distance=l2", "data.samples = table", "hidden=[7, 6]"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *t = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 0, &t), OK);
    CU_ASSERT_EQUAL(((const train_options *)t->block[SECTION_TRAIN])->epochs, 5);
    CU_ASSERT_EQUAL(((const fake_rine_options *)t->block[SECTION_ESTIMATOR])->distance, 1);
    CU_ASSERT_EQUAL(((const gate_options *)t->block[SECTION_DATA])->samples, -1);
    CU_ASSERT_EQUAL(((const mlp_options *)t->block[SECTION_MODEL])->hidden.value[0], 7);
    CU_ASSERT_EQUAL(sweep_grid(s)->axes, 3);
    CU_ASSERT_STRING_EQUAL(sweep_sets(s), "train.epochs=5\ndistance=l2\ndata.samples = table\nhidden=[7, 6]");
    CU_ASSERT_STRING_EQUAL(sweep_text(s), canonical);
    settings_free(t);
    sweep_free(s);
}

static void an_axis_is_replaced_in_its_place(void)
{
    sweep *s = parse_sets(canonical, SETS("beta={from: 0, to: 1, count: 3}", "seed=7"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "beta"), "0,0.5,1");
    CU_ASSERT_STRING_EQUAL(axis_values(s, "seed"), "7"); /* still an axis */
    CU_ASSERT_STRING_EQUAL(sweep_grid(s)->axis[1].name, "beta");
    CU_ASSERT_EQUAL(sweep_grid(s)->tasks, 6); /* the rule names seeds that the axis has no more */
    sweep_free(s);
}

static void a_fixed_value_becomes_an_axis_at_the_end(void)
{
    sweep *s = parse_sets(canonical, SETS("epochs=[5, 10]", "distance=all", "rate_decay=1"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_grid(s)->axes, 5);
    CU_ASSERT_STRING_EQUAL(sweep_grid(s)->axis[3].name, "epochs");
    CU_ASSERT_STRING_EQUAL(axis_values(s, "epochs"), "5,10");
    CU_ASSERT_STRING_EQUAL(axis_values(s, "rine.distance"), "l1,l2,js");
    sweep_free(s);
}

static void the_last_of_two_wins(void)
{
    sweep *s = parse_sets(canonical, SETS("epochs=5", "train.epochs=6", "beta=[1, 2]", "rine.beta=3..5"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *t = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 0, &t), OK);
    CU_ASSERT_EQUAL(((const train_options *)t->block[SECTION_TRAIN])->epochs, 6);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "beta"), "3,4,5");
    settings_free(t);
    sweep_free(s);
}

static void an_axis_of_lists_is_replaced_by_one_list(void)
{
    sweep *s = parse_sets("data: {kind: gate}\ngrid: {hidden: [[25, 15], [8]]}\n", SETS("hidden=[7, 6]"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "hidden"), "[7, 6]");
    sweep_free(s);
    s = parse_sets("data: {kind: gate}\n", SETS("hidden=[[7], [6, 5]]"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "hidden"), "[7],[6, 5]");
    sweep_free(s);
}

static void title_compare_zip_and_exclude_can_be_set(void)
{
    sweep *s =
        parse_sets(canonical, SETS("title=Two: words # and more", "compare=tables/a.csv",
                                   "exclude=[{gate: and}]", "rate=[0.1, 0.2, 0.3]", "zip=[[beta, rate]]"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_title(s), "Two: words # and more");
    CU_ASSERT_STRING_EQUAL(sweep_compare(s), "dir/tables/a.csv");
    CU_ASSERT_EQUAL(sweep_grid(s)->dimensions, 3);
    CU_ASSERT_EQUAL(sweep_grid(s)->tasks, 15);
    sweep_free(s);
}

static void estimator_and_kinds_can_be_set_and_the_file_may_say_more_than_is_used(void)
{
    sweep *s = parse_sets(canonical, SETS("estimator=exact", "beta=1"));
    CU_ASSERT_PTR_NULL(s); /* an axis that no cell uses stays a mistake */
    CU_ASSERT(strstr(failure_text(), "dir/s.yaml:7: no cell of this sweep has the option 'beta'") != NULL);
    s = parse_sets("data: {kind: gate, gate: and, samples: 10}\nrine: {beta: 5}\ntrain: {epochs: 3}\nmodel: "
                   "{kind: mlp, hidden: [3]}\ngrid: "
                   "{seed: 0..1}\n",
                   SETS("estimator=exact"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_estimators(s)[0]->name, "exact");
    sweep_free(s);
    s = parse_sets("data: {kind: gate, gate: and, samples: 10}\ngrid: {seed: 0..1}\n",
                   SETS("data.kind=windows"));
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    sweep_free(s);
    s = parse_sets("data: {kind: gate, gaet: and}\n", SETS("data.kind=windows"));
    CU_ASSERT_PTR_NULL(s); /* a slip stays a slip */
    sweep_free(s);
    s = parse_sets("data: {samples: 10}\ngrid: {seed: 0..1}\n",
                   SETS("data.kind=[gate, windows]", "estimator=all"));
    CU_ASSERT_PTR_NULL(s); /* windows has no table for exact */
    CU_ASSERT(strstr(failure_text(), "estimator=exact cannot run") != NULL);
    sweep_free(s);
}

static void what_is_wrong_with_a_set_is_said_with_the_set(void)
{
    static const struct {
        const char *set, *message;
    } bad[] = {
        { "beta", "--set 'beta': is not of the form NAME=VALUE" },
        { "=5", "--set '=5': is not of the form NAME=VALUE" },
        { "", "--set '': is not of the form NAME=VALUE" },
        { "bta=5", "--set bta=5: 'bta' is no option of this sweep; did you mean 'beta'?" },
        { "kind=gate", "--set kind=gate: 'kind' is ambiguous; write data.kind or model.kind" },
        { "beta=", "--set beta=: beta: has no value" },
        { "epochs=", "--set epochs=: epochs: has no value" },
        { "epochs=1.5", "--set epochs=1.5: epochs: '1.5' is not a whole number" },
        { "epochs='5'", "--set epochs='5': epochs: '5' is a text in quotes" },
        { "epochs=[1, 1.0]", "--set epochs=[1, 1.0]: epochs: the value '1' stands twice" },
        { "epochs=[]", "--set epochs=[]: epochs: an empty list of values" },
        { "epochs=[1, 2", "--set epochs=[1, 2: not YAML" },
        { "beta={from: 1}", "--set beta={from: 1}: beta: 'to' is missing" },
        { "pack=[1, 2]", "--set pack=[1, 2]: run.pack says how the sweep is run" },
        { "train={epochs: 5}",
          "--set train={epochs: 5}: train is a section; set each of its options, like train.NAME=VALUE" },
        { "grid={beta: 5}", "--set grid={beta: 5}: grid is a section" },
        { "data.kind=gaet", "--set data.kind=gaet: kind: 'gaet' is not known (did you mean 'gate'?)" },
        { "data.window_1=50",
          "--set data.window_1=50: no cell of this sweep has the option 'data.window_1'" },
        { "title=a\nb", "--set 'title=a?b': holds a line break" },
        { "zip=[[beta, seed]]", "--set zip=[[beta, seed]]: zip: seed has 5 values, but beta has 3" },
        { "exclude=[{beta: 1}]", "--set exclude=[{beta: 1}]: exclude: the axis beta has no value '1'" },
        { "seed=0..999999999999", "--set seed=0..999999999999: seed: the range" },
        { "beta=*a", "--set beta=*a: beta: '*a' is not a number" },
        { "beta=[&a 5]", "--set beta=[&a 5]: anchors" },
        { "beta={from: 1, from: 2}", "'from' stands twice" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        sweep *s = parse_sets(canonical, SETS(bad[i].set));
        if (s || !strstr(failure_text(), bad[i].message))
            fprintf(stderr, "%s gave: %s\n", bad[i].set, failure_text());
        CU_ASSERT_PTR_NULL(s);
        CU_ASSERT(strstr(failure_text(), bad[i].message) != NULL);
        CU_ASSERT(strchr(failure_text(), '\n') == NULL);
        sweep_free(s);
    }
}

CHECK_MAIN("--set", TEST(a_fixed_value_is_replaced), TEST(an_axis_is_replaced_in_its_place),
           TEST(a_fixed_value_becomes_an_axis_at_the_end), TEST(the_last_of_two_wins),
           TEST(an_axis_of_lists_is_replaced_by_one_list), TEST(title_compare_zip_and_exclude_can_be_set),
           TEST(estimator_and_kinds_can_be_set_and_the_file_may_say_more_than_is_used),
           TEST(what_is_wrong_with_a_set_is_said_with_the_set))
