/* Cells: their settings, shapes and files, and what is the same in all of them. */
#include "check.h"
#include "sweep/fakes.h"

/* ---- settings ------------------------------------------------------------------------------------------ */

static void a_cell_has_defaults_fixed_values_and_its_axis_values(void)
{
    sweep *s = parse("data: {kind: gate, samples: 100}\nseed: 9\nrun: {pack: 8}\n"
                     "grid: {gate: [unq, and], hidden: [[7], [8, 9]], beta: [1, 2]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *t = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 6, &t), OK); /* and, [8, 9], 1 */
    const gate_options *data = t->block[SECTION_DATA];
    const fake_rine_options *rine = t->block[SECTION_ESTIMATOR];
    const mlp_options *model = t->block[SECTION_MODEL];
    CU_ASSERT_STRING_EQUAL(t->estimator->name, "rine");
    CU_ASSERT_STRING_EQUAL(t->data->name, "gate");
    CU_ASSERT_STRING_EQUAL(t->model->name, "mlp");
    CU_ASSERT_STRING_EQUAL(t->folder, "dir");
    CU_ASSERT_STRING_EQUAL(data->gate, "and");
    CU_ASSERT_EQUAL(data->samples, 100);
    CU_ASSERT_EQUAL(data->train_fraction, 0.5);
    CU_ASSERT_EQUAL(rine->beta, 1);
    CU_ASSERT_EQUAL(model->hidden.count, 2);
    CU_ASSERT_EQUAL(model->hidden.value[1], 9);
    CU_ASSERT_EQUAL(settings_task(t)->seed, 9);
    CU_ASSERT_EQUAL(((const run_options *)t->block[SECTION_RUN])->pack, 8);
    CU_ASSERT_EQUAL(sweep_run(s)->pack, 8);
    CU_ASSERT_EQUAL(sweep_run(s)->tick_seconds, 0.1);
    const settings *slot = t;
    CU_ASSERT_EQUAL(sweep_settings(s, 1, &t), OK); /* unq, [7], 2 */
    CU_ASSERT_PTR_EQUAL(t, slot);                  /* the same memory, from call to call */
    CU_ASSERT_STRING_EQUAL(data->gate, "unq");
    CU_ASSERT_EQUAL(model->hidden.count, 1);
    CU_ASSERT_EQUAL(rine->beta, 2);
    settings_free(t);
    sweep_free(s);
}

static void every_cell_has_the_sections_of_its_estimator_and_kinds(void)
{
    sweep *s =
        parse("data: {samples: 50, encoding: onehot}\n"
              "grid: {estimator: [idle, rine], data.kind: [windows, gate], seed: 0..1, beta: [1, 2]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *t = NULL;
    for (int64_t cell = 0; cell < 16; cell++) {
        CU_ASSERT_EQUAL(sweep_settings(s, cell, &t), OK);
        CU_ASSERT_EQUAL(settings_task(t)->seed, cell / 2 % 2);
        if (cell < 8) {
            CU_ASSERT_STRING_EQUAL(t->estimator->name, "idle");
            CU_ASSERT(!t->data && !t->model && !t->block[SECTION_DATA] && !t->block[SECTION_TRAIN]);
            continue;
        }
        CU_ASSERT_EQUAL(((const fake_rine_options *)t->block[SECTION_ESTIMATOR])->beta,
                        1 + (double)(cell % 2));
        if (cell < 12) { /* each kind reads the same text with its own row */
            CU_ASSERT_EQUAL(((const windows_options *)t->block[SECTION_DATA])->samples, 50);
            CU_ASSERT_EQUAL(((const windows_options *)t->block[SECTION_DATA])->encoding, 0);
        } else {
            CU_ASSERT_EQUAL(((const gate_options *)t->block[SECTION_DATA])->samples, 50);
            CU_ASSERT_EQUAL(((const gate_options *)t->block[SECTION_DATA])->encoding, 1);
        }
    }
    CU_ASSERT_STRING_EQUAL(sweep_estimators(s)[0]->name, "rine"); /* in the order of the registry */
    CU_ASSERT_STRING_EQUAL(sweep_estimators(s)[1]->name, "idle");
    CU_ASSERT_PTR_NULL(sweep_estimators(s)[2]);
    settings_free(t);
    sweep_free(s);
}

static void an_axis_that_two_kinds_share_is_read_by_each(void)
{
    sweep *s = parse("grid: {data.kind: all, samples: [10, 100], encoding: [onehot]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *t = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 1, &t), OK);
    CU_ASSERT_EQUAL(((const gate_options *)t->block[SECTION_DATA])->samples, 100);
    CU_ASSERT_EQUAL(((const gate_options *)t->block[SECTION_DATA])->encoding, 1);
    CU_ASSERT_EQUAL(sweep_settings(s, 3, &t), OK);
    CU_ASSERT_EQUAL(((const windows_options *)t->block[SECTION_DATA])->samples, 100);
    CU_ASSERT_EQUAL(((const windows_options *)t->block[SECTION_DATA])->encoding, 0);
    settings_free(t);
    sweep_free(s);
    CU_ASSERT_PTR_NULL(parse("grid: {data.kind: all, samples: [5, 100]}\n")); /* 5 is too few for windows */
    CU_ASSERT(strstr(failure_text(), "samples: '5' is out of bounds") != NULL);
    CU_ASSERT_PTR_NULL(parse("data: {encoding: scalar}\ngrid: {data.kind: all}\n"));
    CU_ASSERT(strstr(failure_text(),
                     "dir/s.yaml:1: encoding: 'scalar' is not known; it takes one of onehot, binary") !=
              NULL);
}

static void copied_settings_are_the_same(void)
{
    sweep *s = parse("data: {kind: gate}\ngrid: {beta: [1, 2], hidden: [[3], [4]]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    settings *from = NULL, *to = NULL;
    CU_ASSERT_EQUAL(sweep_settings(s, 3, &from), OK);
    CU_ASSERT_EQUAL(sweep_settings(s, 0, &to), OK);
    settings_copy(to, from);
    for (int i = 0; i < SECTIONS; i++)
        for (const option *row = from->section[i]->options; row->name; row++)
            CU_ASSERT(option_equal(row, from->block[i], to->block[i]));
    settings_free(from);
    settings_free(to);
    sweep_free(s);
}

/* ---- what is said about the sweep ---------------------------------------------------------------------- */

static void title_and_compare_come_from_the_file(void)
{
    sweep *s = parse("title: A title\ncompare: published.csv\ndata: {kind: gate}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_title(s), "A title");
    CU_ASSERT_STRING_EQUAL(sweep_compare(s), "dir/published.csv");
    CU_ASSERT_STRING_EQUAL(sweep_path(s), "dir/s.yaml");
    CU_ASSERT_STRING_EQUAL(sweep_sets(s), "");
    sweep_free(s);
    s = parse("compare: /tmp/published.csv\ndata: {kind: gate}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_STRING_EQUAL(sweep_title(s), "s.yaml");
    CU_ASSERT_STRING_EQUAL(sweep_compare(s), "/tmp/published.csv");
    sweep_free(s);
    CU_ASSERT_EQUAL_FATAL(sweep_parse("data: {kind: gate}\ncompare: p.csv\n", "s.yaml", NULL, 0, false, &s),
                          OK);
    CU_ASSERT_STRING_EQUAL(sweep_compare(s), "p.csv");
    sweep_free(s);
    s = parse("data: {kind: gate}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_PTR_NULL(sweep_compare(s));
    sweep_free(s);
}

/* "name=value;" of every constant whose name begins like `context`'s first line. */
typedef struct listing {
    char text[4096];
} listing;

static void list_constant(const char *name, const option *row, const void *block, void *context)
{
    listing *l = context;
    size_t at = strlen(l->text);
    FILE *to = fmemopen(l->text + at, sizeof l->text - at, "w");
    fprintf(to, "%s=", name);
    option_print(row, block, to);
    fputs(";", to);
    fclose(to);
}

static void constants_are_everything_that_is_no_axis_and_decides_what_is_computed(void)
{
    listing l = { "" };
    sweep *s =
        parse("estimator: exact\ndata: {kind: gate}\nrun: {pack: 3}\ngrid: {gate: [and], seed: [1, 2]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    sweep_constants(s, list_constant, &l);
    CU_ASSERT_STRING_EQUAL(
        l.text, "estimator=exact;exact.weight=1;data.kind=gate;data.samples=1000;"
                "data.train_fraction=0.5;data.encoding=scalar;compress.by=none;"
                "compress.components=0;compress.share=1;compress.with_target=false;compress.feature_noise=0;");
    sweep_free(s);
}

static void constants_of_several_kinds_cannot_be_mixed_up(void)
{
    listing l = { "" };
    sweep *s = parse("data: {samples: 70}\ngrid: {estimator: [exact, rine], data.kind: [gate, windows]}\n"
                     "exclude: [{estimator: exact, data.kind: windows}]\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    sweep_constants(s, list_constant, &l);
    CU_ASSERT_PTR_NOT_NULL(strstr(l.text, "seed=0;rine.beta=15;rine.distance=l1;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(l.text, ";exact.weight=1;"));
    /* the same value in both kinds: one name; different defaults: one for each */
    CU_ASSERT_PTR_NOT_NULL(strstr(l.text,
                                  ";data.gate=unq;data.samples=70;data.train_fraction=0.5;"
                                  "data.gate.encoding=scalar;data.windows.encoding=onehot;data.file=a.mat;"));
    CU_ASSERT_PTR_NOT_NULL(strstr(l.text, ";model.kind=mlp;model.hidden="));
    CU_ASSERT_PTR_NULL(strstr(l.text, "run."));
    CU_ASSERT_PTR_NULL(strstr(l.text, "estimator="));
    CU_ASSERT_PTR_NULL(strstr(l.text, "data.kind="));
    sweep_free(s);
}

static status list_file(const char *path, void *context)
{
    listing *l = context;
    snprintf(l->text + strlen(l->text), sizeof l->text - strlen(l->text), "%s;", path);
    return OK;
}

static status refuse_file(const char *path, void *context)
{
    (void)context;
    return failure(IO_FAILED, "%s: is gone", path);
}

static void every_file_is_visited_once(void)
{
    listing l = { "" };
    sweep *s =
        parse("grid: {data.kind: [gate, windows], file: [b.mat, a.mat], window_1: [50, 150], seed: 0..9}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_files(s, list_file, &l), OK);
    CU_ASSERT_STRING_EQUAL(l.text, "b.mat;a.mat;");
    CU_ASSERT_EQUAL(sweep_files(s, refuse_file, NULL), IO_FAILED);
    sweep_free(s);
}

/* ---- shapes -------------------------------------------------------------------------------------------- */

static void shapes_follow_from_the_data_alone(void)
{
    sweep *s =
        parse("grid: {estimator: [rine, idle], gate: [unq, and], data.kind: [gate], samples: [10, table]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    data_shape shape;
    CU_ASSERT_EQUAL(sweep_shape(s, 0, &shape), OK);
    CU_ASSERT(shape.sources == 2 && shape.classes == 4 && shape.train == 5 && !shape.weighted);
    CU_ASSERT_EQUAL(sweep_shape(s, 3, &shape), OK);
    CU_ASSERT(shape.sources == 2 && shape.classes == 2 && shape.train == 2 && shape.weighted);
    CU_ASSERT_EQUAL(sweep_shape(s, 4, &shape), OK);
    CU_ASSERT(shape.sources == 0 && shape.classes == 0 && shape.train == 0);
    sweep_free(s);
}

static void shapes_and_checks_are_not_repeated_for_cells_that_are_alike(void)
{
    shape_calls = check_calls = 0;
    sweep *s = parse("data: {kind: gate}\ngrid: {gate: [unq, and], beta: 0..9, samples: {from: 10, to: 3000, "
                     "count: 500},\n"
                     "  seed: 0..99}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(sweep_grid(s)->cells, 1000000);
    CU_ASSERT_EQUAL(shape_calls, 2 * 500);      /* gate, samples */
    CU_ASSERT_EQUAL(check_calls, 2 * 10 * 500); /* all but the seed */
    data_shape shape;
    CU_ASSERT_EQUAL(sweep_shape(s, 999999, &shape), OK);
    CU_ASSERT_EQUAL(shape.train + shape.test, 3000);
    CU_ASSERT_EQUAL(shape.classes, 2);
    CU_ASSERT_EQUAL(sweep_shape(s, 100, &shape), OK); /* the second number of samples */
    CU_ASSERT_EQUAL(shape.train + shape.test, 16);
    sweep_free(s);
}

static void a_loose_sweep_asks_for_no_shape_until_it_must(void)
{
    static const char text[] = "data: {kind: gate}\ngrid: {gate: [unq, broken]}\n";
    sweep *s = NULL;
    data_shape shape;
    CU_ASSERT_EQUAL(sweep_parse(text, "dir/s.yaml", NULL, 0, false, &s), BAD_INPUT);
    CU_ASSERT_EQUAL_FATAL(sweep_parse(text, "dir/s.yaml", NULL, 0, true, &s), OK);
    CU_ASSERT_STRING_EQUAL(axis_values(s, "gate"), "unq,broken");
    CU_ASSERT_EQUAL(sweep_shape(s, 0, &shape), OK);
    CU_ASSERT_EQUAL(shape.classes, 4);
    CU_ASSERT_EQUAL(sweep_shape(s, 1, &shape), BAD_INPUT);
    sweep_free(s);
}

CHECK_MAIN("settings of cells", TEST(a_cell_has_defaults_fixed_values_and_its_axis_values),
           TEST(every_cell_has_the_sections_of_its_estimator_and_kinds),
           TEST(an_axis_that_two_kinds_share_is_read_by_each), TEST(copied_settings_are_the_same),
           TEST(title_and_compare_come_from_the_file),
           TEST(constants_are_everything_that_is_no_axis_and_decides_what_is_computed),
           TEST(constants_of_several_kinds_cannot_be_mixed_up), TEST(every_file_is_visited_once),
           TEST(shapes_follow_from_the_data_alone),
           TEST(shapes_and_checks_are_not_repeated_for_cells_that_are_alike),
           TEST(a_loose_sweep_asks_for_no_shape_until_it_must))
