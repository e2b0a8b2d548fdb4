/* Axes and grids: every form of values, which axes walk together, which cells are left out. */
#include "check.h"
#include "sweep/fakes.h"

static void every_form_of_values_gives_an_axis(void)
{
    static const struct {
        const char *axis, *name, *values;
    } forms[] = {
        { "beta: [0, 5.0, 1.5e1]", "beta", "0,5,15" },
        { "rine.beta: [15, 0, 5]", "beta", "15,0,5" },
        { "beta: 7", "beta", "7" },
        { "beta: 0..3", "beta", "0,1,2,3" },
        { "seed: 0..4", "seed", "0,1,2,3,4" },
        { "seed: +3..+3", "seed", "3" },
        { "seed: 8..11", "seed", "8,9,10,11" },
        { "seed: 999999..1000000", "seed", "999999,1000000" },
        { "seed: 9007199254740991..9007199254740992", "seed", "9007199254740991,9007199254740992" },
        { "samples: [10, table]", "samples", "10,table" },
        { "distance: [js, l1]", "rine.distance", "js,l1" },
        { "distance: all", "rine.distance", "l1,l2,js" },
        { "gate: all", "gate", "unq,and,xor" },
        { "gate: [\"all\"]", "gate", "all" },
        { "gate: [all]", "gate", "all" },
        { "gate: [file:a.csv, 0..4]", "gate", "file:a.csv,0..4" },
        { "history: [true, false]", "rine.history", "true,false" },
        { "hidden: [[25, 15], [8], []]", "hidden", "[25, 15],[8],[]" },
        { "beta: {from: 0, to: 1, count: 5}", "beta", "0,0.25,0.5,0.75,1" },
        { "beta: {from: 0, to: 1, count: 11}", "beta", "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1" },
        { "beta: {from: 1, to: 0, count: 3, scale: linear}", "beta", "1,0.5,0" },
        { "beta: {from: 1, to: 100, count: 3, scale: log}", "beta", "1,10,100" },
        { "beta: {scale: log, count: 3, to: 0.001, from: 0.1}", "beta", "0.1,0.01,0.001" },
        { "beta: {from: 1, to: 100, count: 4, scale: log}", "beta", "1,4.64158883361,21.5443469003,100" },
        { "epochs: {from: 1, to: 10, count: 4}", "epochs", "1,4,7,10" },
        { "epochs: {from: 1, to: 100, count: 4, scale: log}", "epochs", "1,5,22,100" },
        { "model.norm: all", "norm", "batch,none" },
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        char text[256];
        snprintf(text, sizeof text, "data: {kind: gate}\ngrid: {%s}\n", forms[i].axis);
        sweep *s = parse(text);
        CU_ASSERT_PTR_NOT_NULL(s);
        if (!s) fprintf(stderr, "%s: %s\n", forms[i].axis, failure_text());
        if (s && strcmp(axis_values(s, forms[i].name), forms[i].values) != 0)
            fprintf(stderr, "%s gave %s\n", forms[i].axis, axis_values(s, forms[i].name));
        if (s) CU_ASSERT_STRING_EQUAL(axis_values(s, forms[i].name), forms[i].values);
        sweep_free(s);
    }
}

static void canonical_values_make_the_same_axis_again(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {beta: {from: 0.001, to: 7, count: 200, scale: log}}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    char text[8192] = "data: {kind: gate}\ngrid: {beta: [";
    const axis *a = &sweep_grid(s)->axis[0];
    for (int64_t i = 0; i < a->count; i++) {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%s", i ? ", " : "", a->text[i]);
    }
    strcat(text, "]}\n");
    sweep *again = parse(text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    for (int64_t i = 0; i < a->count; i++) CU_ASSERT(sweep_grid(again)->axis[0].number[i] == a->number[i]);
    sweep_free(again);
    sweep_free(s);
}

static void axes_say_what_they_are(void)
{
    sweep *s = parse(
        "data: {kind: gate}\ngrid: {samples: [10, table], epochs: [5, 7], gate: [and], history: all}\n");
    CU_ASSERT_PTR_NULL(s); /* a flag has no known values */
    sweep_free(s);
    s = parse("data: {kind: gate}\ngrid: {samples: [10, table], epochs: [5, 7], gate: [and], history: "
              "[false, true]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    const grid *g = sweep_grid(s);
    CU_ASSERT_EQUAL(g->axes, 4);
    CU_ASSERT_STRING_EQUAL(g->axis[0].option, "data.samples");
    CU_ASSERT_PTR_NULL(g->axis[0].number); /* a word is no number */
    CU_ASSERT_STRING_EQUAL(g->axis[0].unit, "samples");
    CU_ASSERT_STRING_EQUAL(g->axis[1].option, "train.epochs");
    CU_ASSERT_EQUAL(g->axis[1].type, OPTION_INTEGER);
    CU_ASSERT_EQUAL(g->axis[1].number[1], 7);
    CU_ASSERT_PTR_NULL(g->axis[2].number);
    CU_ASSERT_EQUAL(g->axis[3].number[1], 1);
    sweep_free(s);
}

static void an_axis_is_called_by_its_tail_unless_the_result_file_needs_that_word(void)
{
    sweep *s = parse("data: {kind: gate}\n"
                     "grid: {distance: [l1, l2], data.kind: [gate], model.kind: [mlp], estimator: [rine, "
                     "exact], seed: 0..1}\n");
    CU_ASSERT_PTR_NULL(s); /* data.kind is given twice */
    sweep_free(s);
    s = parse("grid: {distance: [l1, l2], data.kind: [gate], model.kind: [mlp], estimator: [rine, exact], "
              "seed: 0..1}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    const grid *g = sweep_grid(s);
    static const char *const names[] = { "rine.distance", "data.kind", "model.kind", "estimator", "seed" };
    for (int a = 0; a < 5; a++) CU_ASSERT_STRING_EQUAL(g->axis[a].name, names[a]);
    sweep_free(s);
    s = parse("estimator: exact\ngrid: {kind: [gate]}\n"); /* nothing else is called kind here */
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_grid(s)->axis[0].name, "kind");
    CU_ASSERT_STRING_EQUAL(sweep_grid(s)->axis[0].option, "data.kind");
    sweep_free(s);
}

static void cells_count_with_the_last_axis_fastest(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid:\n  gate: [unq, and]\n  beta: [0, 5, 15]\n  seed: 0..3\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    const grid *g = sweep_grid(s);
    CU_ASSERT_EQUAL(g->cells, 24);
    CU_ASSERT_EQUAL(g->tasks, 24);
    CU_ASSERT_EQUAL(g->dimensions, 3);
    CU_ASSERT_PTR_NULL(g->absent);
    CU_ASSERT_EQUAL(g->dimension[0].stride, 12);
    CU_ASSERT_EQUAL(g->dimension[1].stride, 4);
    CU_ASSERT_EQUAL(g->dimension[2].stride, 1);
    CU_ASSERT_EQUAL(grid_value(g, 23, 0), 1);
    CU_ASSERT_EQUAL(grid_value(g, 23, 1), 2);
    CU_ASSERT_EQUAL(grid_value(g, 6, 2), 2);
    char text[64];
    FILE *to = fmemopen(text, sizeof text, "w");
    grid_print_cell(g, 18, to);
    fclose(to);
    CU_ASSERT_STRING_EQUAL(text, "gate=and beta=5 seed=2");
    sweep_free(s);
}

static void a_sweep_without_a_grid_is_one_cell(void)
{
    sweep *s = parse("data: {kind: gate}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_grid(s)->cells, 1);
    CU_ASSERT_EQUAL(sweep_grid(s)->axes, 0);
    sweep_free(s);
}

static void zipped_axes_walk_along_one_dimension(void)
{
    sweep *s = parse("data: {kind: gate}\n"
                     "grid: {batch: [10, 20, 20], seed: 0..1, rate: [0.1, 0.2, 0.3]}\n"
                     "zip: [[rate, train.batch]]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    const grid *g = sweep_grid(s);
    CU_ASSERT_EQUAL(g->cells, 6);
    CU_ASSERT_EQUAL(g->dimensions, 2);
    CU_ASSERT_STRING_EQUAL(g->dimension[0].name, "rate"); /* the first of the zip … */
    CU_ASSERT_STRING_EQUAL(g->dimension[1].name, "seed"); /* … where the first of its axes stands */
    CU_ASSERT_EQUAL(g->axis[0].dimension, 0);
    CU_ASSERT_EQUAL(g->axis[2].dimension, 0);
    settings *t = NULL;
    static const int64_t batch[] = { 10, 10, 20, 20, 20, 20 };
    static const double rate[] = { 0.1, 0.1, 0.2, 0.2, 0.3, 0.3 };
    for (int64_t cell = 0; cell < 6; cell++) {
        CU_ASSERT_EQUAL(sweep_settings(s, cell, &t), OK);
        const train_options *o = t->block[SECTION_TRAIN];
        CU_ASSERT_EQUAL(o->batch, batch[cell]);
        CU_ASSERT_EQUAL(o->rate, rate[cell]);
        CU_ASSERT_EQUAL(settings_task(t)->seed, cell % 2);
    }
    settings_free(t);
    sweep_free(s);
    CU_ASSERT_PTR_NULL(parse(
        "data: {kind: gate}\ngrid: {batch: [10, 20, 20], rate: [0.1, 0.2, 0.3]}\nzip: [[batch, rate]]\n"));
    CU_ASSERT(strstr(failure_text(), "batch: the value '20' stands twice") != NULL);
}

/* "110111…": which cells are there. */
static const char *present_cells(const char *grid_text, const char *exclude)
{
    static char cells[128];
    char text[512];
    snprintf(text, sizeof text, "data: {kind: gate}\ngrid: {%s}\nexclude: %s\n", grid_text, exclude);
    sweep *s = parse(text);
    cells[0] = '\0';
    if (!s) return failure_text();
    int64_t tasks = 0;
    for (int64_t i = 0; i < sweep_grid(s)->cells; i++) {
        strcat(cells, is_present(s, i) ? "1" : "0");
        tasks += is_present(s, i);
    }
    CU_ASSERT_EQUAL(tasks, sweep_grid(s)->tasks);
    sweep_free(s);
    return cells;
}

static void excluded_cells_are_absent(void)
{
    static const char grid_text[] = "beta: [0, 5, 15], seed: 0..4";
    static const struct {
        const char *exclude, *cells;
    } rules[] = {
        { "[]", "111111111111111" },
        { "[{beta: 0, seed: 3..4}]", "111001111111111" },
        { "[{beta: 0.0, seed: 3..9}]", "111001111111111" }, /* by value; of a range what there is */
        { "[{beta: [0, 15]}]", "000001111100000" },
        { "[{seed: 0}, {beta: 5, seed: [0, 4]}]", "011110111001111" },
        { "[{rine.beta: 5..15}]", "111110000000000" },
        { "[{beta: 0}, {beta: 0}]", "000001111111111" },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        CU_ASSERT_STRING_EQUAL(present_cells(grid_text, rules[i].exclude), rules[i].cells);
    CU_ASSERT_STRING_EQUAL(present_cells("hidden: [[25, 15], [8], []]", "[{hidden: [8]}]"), "101");
    CU_ASSERT_STRING_EQUAL(present_cells("hidden: [[25, 15], [8], []]", "[{hidden: [[25,15], []]}]"), "010");
    CU_ASSERT_STRING_EQUAL(
        present_cells("gate: [unq, and], history: [true, false]", "[{gate: and, history: true}]"), "1101");
    CU_ASSERT_STRING_EQUAL(present_cells("samples: [10, 20, table]", "[{samples: table}]"), "110");
}

static void cells_may_be_excluded_by_whether_two_axes_agree(void)
{
    static const char days[] = "data: {kind: days}\ngrid: {day_1: [A, B, C], day_2: [C, B], shuffle: 0..1}\n"
                               "exclude: [%s]\n";
    static const struct {
        const char *rule, *cells;
    } rules[] = {
        { "{day_1: {not: day_2}}", "000000111100" },
        { "{day_1: {is: day_2}}", "111111000011" },
        { "{shuffle: 1, day_1: {not: data.day_2}}", "101010111110" },
        { "{day_2: {is: day_1}, day_1: [A, B]}", "111111001111" },
        { "{day_1: {is: day_2}, day_2: {not: day_1}}", "111111111111" },
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        char text[256], cells[16] = "";
        snprintf(text, sizeof text, days, rules[i].rule);
        sweep *s = parse(text);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        for (int64_t c = 0; c < sweep_grid(s)->cells; c++) strcat(cells, is_present(s, c) ? "1" : "0");
        if (strcmp(cells, rules[i].cells) != 0) fprintf(stderr, "%s: %s\n", rules[i].rule, cells);
        CU_ASSERT_STRING_EQUAL(cells, rules[i].cells);
        sweep_free(s);
    }
}

static void exclusion_looks_at_all_axes_that_are_zipped(void)
{
    sweep *s = parse("data: {kind: gate}\n"
                     "grid: {rate: [0.1, 0.2, 0.3], batch: [10, 20, 20]}\n"
                     "zip: [[rate, batch]]\n"
                     "exclude: [{batch: 20, rate: [0.1, 0.2]}]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT(is_present(s, 0) && !is_present(s, 1) && is_present(s, 2));
    sweep_free(s);
}

static void sixteen_axes_make_a_grid(void)
{
    sweep *s = parse(
        "data: {kind: gate}\n"
        "grid: {gate: [unq, and], samples: [10], train_fraction: [1], encoding: [scalar], beta: [1, 2],\n"
        "  distance: [l1], average_last: [1], history: [true], hidden: [[8]], norm: [none], bias: [all],\n"
        "  optimizer: [sgd], momentum: [0, 0.5], second: [0], rate: [1], rate_decay: [1]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_grid(s)->axes, AXES_MAX);
    CU_ASSERT_EQUAL(sweep_grid(s)->cells, 8);
    sweep_free(s);
}

CHECK_MAIN("grids", TEST(every_form_of_values_gives_an_axis), TEST(canonical_values_make_the_same_axis_again),
           TEST(axes_say_what_they_are),
           TEST(an_axis_is_called_by_its_tail_unless_the_result_file_needs_that_word),
           TEST(cells_count_with_the_last_axis_fastest), TEST(a_sweep_without_a_grid_is_one_cell),
           TEST(zipped_axes_walk_along_one_dimension), TEST(excluded_cells_are_absent),
           TEST(cells_may_be_excluded_by_whether_two_axes_agree),
           TEST(exclusion_looks_at_all_axes_that_are_zipped), TEST(sixteen_axes_make_a_grid))
