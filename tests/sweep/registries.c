/* The options that the program really has, and a sweep file that uses them. */
#include "check.h"
#include "estimator.h"
#include "sweep.h"

#include <stdlib.h>

/* Calls visit for every section of the program. */
static void every_section(void (*visit)(const section *s))
{
    visit(&task_section);
    visit(&run_section);
    visit(&train_section);
    for (int i = 0; estimators[i]; i++) visit(&estimators[i]->section);
    for (int i = 0; data_kinds[i]; i++) visit(&data_kinds[i]->section);
    for (int i = 0; model_kinds[i]; i++) visit(&model_kinds[i]->section);
}

static void check_rows(const section *s)
{
    for (const option *row = s->options; row->name; row++) {
        if (!row->initial || !row->unit || !row->help)
            fprintf(stderr, "%s.%s is incomplete\n", s->name, row->name);
        CU_ASSERT_FATAL(row->initial && row->unit && row->help);
        CU_ASSERT(row->type != OPTION_CHOICE || (row->choices && row->choices[0]));
        CU_ASSERT(row->field < s->size);
        CU_ASSERT_PTR_EQUAL(option_find(s->options, row->name), row); /* no name twice */
    }
}

static void every_row_is_complete(void)
{
    every_section(check_rows);
}

static void check_defaults(const section *s)
{
    void *once = calloc(1, s->size), *again = calloc(1, s->size);
    CU_ASSERT_FATAL(once && again);
    for (const option *row = s->options; row->name; row++) {
        char text[512];
        status result = option_parse(row, row->initial, once);
        if (result != OK) fprintf(stderr, "%s.%s: %s\n", s->name, row->name, failure_text());
        CU_ASSERT_EQUAL_FATAL(result, OK);
        FILE *to = fmemopen(text, sizeof text, "w");
        option_print(row, once, to);
        fputc('\0', to);
        fclose(to);
        CU_ASSERT_EQUAL(option_parse(row, text, again), OK);
        CU_ASSERT(option_equal(row, once, again));
    }
    free(once);
    free(again);
}

static void every_default_is_within_its_own_bounds_and_survives_its_text(void)
{
    every_section(check_defaults);
}

static void sections_have_the_names_of_their_keys(void)
{
    for (int i = 0; estimators[i]; i++)
        CU_ASSERT_STRING_EQUAL(estimators[i]->section.name, estimators[i]->name);
    for (int i = 0; data_kinds[i]; i++) CU_ASSERT_STRING_EQUAL(data_kinds[i]->section.name, "data");
    for (int i = 0; model_kinds[i]; i++) CU_ASSERT_STRING_EQUAL(model_kinds[i]->section.name, "model");
}

static void the_canonical_sweep_loads(void)
{
    static const char text[] = "title: Canonical examples of the partial information decomposition\n"
                               "estimator: rine\n"
                               "data:  {kind: gate, samples: 10000, train_fraction: 0.8}\n"
                               "model: {kind: mlp, hidden: [25, 15]}\n"
                               "rine:  {distance: l1, reduce: mean, beta_schedule: 0.97}\n"
                               "train: {optimizer: sgd, momentum: 0.9, rate: 0.01, rate_decay: 0.97, "
                               "weight_decay: 0.005, batch: 128, epochs: 30}\n"
                               "grid:\n"
                               "  gate: [unq, and, rdnxor, imperfectrdn]\n"
                               "  beta: [0, 5, 15]\n"
                               "  seed: 0..4\n";
    sweep *s = NULL;
    status result = sweep_parse(text, "canonical.yaml", NULL, 0, false, &s);
    if (result != OK) fprintf(stderr, "%s\n", failure_text());
    CU_ASSERT_EQUAL_FATAL(result, OK);
    const grid *g = sweep_grid(s);
    data_shape shape;
    layout *l = NULL;
    CU_ASSERT_EQUAL(g->cells, 60);
    CU_ASSERT_STRING_EQUAL(g->axis[0].name, "gate");
    CU_ASSERT_STRING_EQUAL(g->axis[1].option, "rine.beta");
    CU_ASSERT_EQUAL(sweep_shape(s, 15, &shape), OK); /* and */
    CU_ASSERT(shape.sources == 2 && shape.classes == 2 && shape.train == 8000 && shape.test == 2000);
    CU_ASSERT_EQUAL(layout_make(s, &l), OK);
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "redundant_information"));
    layout_free(l);
    sweep_free(s);
    data_close();
}

CHECK_MAIN("registries", TEST(every_row_is_complete),
           TEST(every_default_is_within_its_own_bounds_and_survives_its_text),
           TEST(sections_have_the_names_of_their_keys), TEST(the_canonical_sweep_loads))
