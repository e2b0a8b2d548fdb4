/* Rows of results and how they are laid out. */
#include "row.h"

#include "check.h"
#include "sweep/fakes.h"

static layout *lay_out(const char *text)
{
    layout *l = NULL;
    sweep *s = parse(text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL_FATAL(layout_make(s, &l), OK);
    sweep_free(s); /* a layout does not borrow from its sweep */
    return l;
}

static void a_layout_has_every_result_once_with_its_inner_axes(void)
{
    layout *l = lay_out("rine: {history: true}\ngrid: {estimator: [exact, rine], data.kind: [gate], gate: "
                        "[unq, and], epochs: [3, 7]}\n");
    static const struct {
        const char *name;
        int dimensions;
        int64_t count, offset;
    } expected[] = {
        { "redundant_information", 0, 1, 0 },
        { "usable_information", 1, 2, 1 },
        { "distance", 0, 1, 3 },
        { "by_class", 1, 4, 4 },
        { "history", 2, 14, 8 },
        { "target_entropy", 0, 1, 22 },
    };
    CU_ASSERT_EQUAL_FATAL(l->variables, 6);
    CU_ASSERT_EQUAL(l->size, 23);
    for (int i = 0; i < 6; i++) {
        const variable *v = &l->variable[i];
        CU_ASSERT_STRING_EQUAL(v->quantity->name, expected[i].name);
        CU_ASSERT_EQUAL(v->dimensions, expected[i].dimensions);
        CU_ASSERT_EQUAL(v->count, expected[i].count);
        CU_ASSERT_EQUAL(v->offset, expected[i].offset);
        CU_ASSERT_PTR_EQUAL(layout_find(l, expected[i].name), v);
    }
    const variable *history = layout_find(l, "history");
    CU_ASSERT_STRING_EQUAL(history->axis[0], "epoch");
    CU_ASSERT_STRING_EQUAL(history->axis[1], "metric");
    CU_ASSERT_EQUAL(history->extent[0], 7); /* the longest of the sweep */
    CU_ASSERT_EQUAL(history->extent[1], 2);
    CU_ASSERT_STRING_EQUAL(l->extents.metric[1], "accuracy");
    CU_ASSERT_PTR_NULL(layout_find(l, "number"));
    layout_free(l);
}

static void a_result_without_values_takes_no_place(void)
{
    layout *l = lay_out("data: {kind: windows}\n");
    CU_ASSERT_PTR_NULL(layout_find(l, "history"));
    CU_ASSERT_EQUAL(layout_find(l, "usable_information")->count, 3);
    CU_ASSERT_EQUAL(layout_find(l, "by_class")->count, 8);
    layout_free(l);
}

static void results_per_sample_have_the_length_of_the_largest_test_part(void)
{
    layout *l = lay_out("data: {kind: gate}\nrine: {keep_samples: true}\ngrid: {data.samples: [20, 60]}\n");
    const variable *one = layout_find(l, "by_sample"), *two = layout_find(l, "by_source_sample");
    CU_ASSERT_PTR_NOT_NULL_FATAL(one);
    CU_ASSERT_PTR_NOT_NULL_FATAL(two);
    CU_ASSERT_EQUAL(one->dimensions, 1);
    CU_ASSERT_STRING_EQUAL(one->axis[0], "sample");
    CU_ASSERT_EQUAL(one->count, 30); /* half of them are for training */
    CU_ASSERT_EQUAL(two->dimensions, 2);
    CU_ASSERT_STRING_EQUAL(two->axis[0], "source");
    CU_ASSERT_STRING_EQUAL(two->axis[1], "sample");
    CU_ASSERT_EQUAL(two->count, 60);
    CU_ASSERT_EQUAL(l->extents.samples, 30);
    CU_ASSERT_EQUAL(l->size, two->offset + 60);
    layout_free(l);
}

static void classes_have_names_where_all_cells_call_them_alike(void)
{
    layout *l = lay_out("data: {kind: gate}\ngrid: {gate: [unq, xor], beta: [0, 1]}\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(l->extents.class_name);
    CU_ASSERT_STRING_EQUAL(l->extents.class_name[3], "d");
    layout_free(l);
    static const char *const apart[] = {
        "data: {kind: gate}\ngrid: {gate: [unq, and]}\n",
        "data: {kind: gate}\ngrid: {gate: [xor, xor2]}\n",
        "data: {kind: gate}\ngrid: {gate: [xor2, xor]}\n",
        "data: {kind: gate}\ngrid: {gate: [xor, and, unq]}\n",
        "data: {kind: windows}\n",
        "grid: {data.kind: [gate, windows]}\n",
        "estimator: exact\ndata: {kind: gate}\n",
        "estimator: idle\n",
    };
    for (size_t i = 0; i < sizeof apart / sizeof apart[0]; i++) {
        l = lay_out(apart[i]);
        CU_ASSERT_PTR_NULL(l->extents.class_name);
        layout_free(l);
    }
    sweep *s = parse("data: {kind: gate, gate: nameless}\n");
    CU_ASSERT_EQUAL(layout_make(s, &l), BAD_INPUT);
    sweep_free(s);
}

/* Bit 0 is redundant_information, 1 usable_information, 2 distance. */
static void a_result_that_no_cell_gives_has_no_variable(void)
{
    layout *l = lay_out("data: {kind: gate}\nrine: {omit: 6}\n");
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "redundant_information"));
    CU_ASSERT_PTR_NULL(layout_find(l, "usable_information"));
    CU_ASSERT_PTR_NULL(layout_find(l, "distance"));
    CU_ASSERT_EQUAL(layout_find(l, "by_class")->offset, 1);
    layout_free(l);
    l = lay_out("data: {kind: gate}\ngrid: {omit: [6, 3]}\n"); /* 2 and 3 have but bit 1 in common */
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "redundant_information"));
    CU_ASSERT_PTR_NULL(layout_find(l, "usable_information"));
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "distance"));
    layout_free(l);
    /* what one estimator leaves out and another one gives is there; bits count in each one's own table */
    l = lay_out("data: {kind: gate}\nrine: {omit: 3}\ngrid: {estimator: [exact, rine]}\n");
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "redundant_information"));
    CU_ASSERT_PTR_NOT_NULL(layout_find(l, "target_entropy"));
    CU_ASSERT_PTR_NULL(layout_find(l, "usable_information"));
    layout_free(l);
}

static void a_result_that_no_cell_gives_is_passed_over(void)
{
    layout *l = lay_out("data: {kind: gate}\nrine: {omit: 4}\n");
    task_row *r = NULL;
    CU_ASSERT_EQUAL_FATAL(row_make(l, &r), OK);
    row_set(r, "distance", 0, 1);
    row_set(r, "history", 17, 1);
    row_set(r, "by_source_sample", 3, 1);
    for (int64_t i = 0; i < l->size; i++) CU_ASSERT(isnan(r->value[i]));
    row_free(r);
    layout_free(l);
}

static void a_row_is_nan_until_it_is_set(void)
{
    layout *l = lay_out("data: {kind: gate}\n");
    task_row *r = NULL;
    CU_ASSERT_EQUAL_FATAL(row_make(l, &r), OK);
    CU_ASSERT_EQUAL(r->outcome, OUTCOME_PENDING);
    CU_ASSERT_STRING_EQUAL(r->reason, "");
    for (int64_t i = 0; i < l->size; i++) CU_ASSERT(isnan(r->value[i]));
    row_set(r, "usable_information", 1, 0.5);
    row_set(r, "by_class", 3, 0.25);
    for (int64_t i = 0; i < l->size; i++) {
        if (i == 2 || i == 7) continue;
        CU_ASSERT(isnan(r->value[i]));
    }
    CU_ASSERT_EQUAL(r->value[2], 0.5);
    CU_ASSERT_EQUAL(r->value[7], 0.25);
    r->wall_seconds = 3;
    row_fail(r, OUTCOME_DIVERGED, "loss\nis %d", 7);
    CU_ASSERT_EQUAL(r->outcome, OUTCOME_DIVERGED);
    CU_ASSERT_STRING_EQUAL(r->reason, "loss is 7");
    row_clear(r);
    CU_ASSERT_EQUAL(r->outcome, OUTCOME_PENDING);
    CU_ASSERT_STRING_EQUAL(r->reason, "");
    CU_ASSERT_EQUAL(r->wall_seconds, 0);
    CU_ASSERT(isnan(r->value[2]));
    row_free(r);
    layout_free(l);
}

static void a_long_reason_is_cut(void)
{
    layout *l = lay_out("estimator: idle\n");
    task_row *r = NULL;
    CU_ASSERT_EQUAL_FATAL(row_make(l, &r), OK);
    row_fail(r, OUTCOME_FAILED, "%0500d", 1);
    CU_ASSERT_EQUAL(strlen(r->reason), REASON_MAX - 1);
    row_free(r);
    layout_free(l);
}

static void outcomes_have_names(void)
{
    CU_ASSERT_STRING_EQUAL(outcome_text(OUTCOME_ABSENT), "absent");
    CU_ASSERT_STRING_EQUAL(outcome_text(OUTCOME_DONE), "done");
    CU_ASSERT_STRING_EQUAL(outcome_text(OUTCOME_QUARANTINED), "quarantined");
    CU_ASSERT_STRING_EQUAL(outcome_text((outcome)99), "unknown"); /* from a damaged file */
}

CHECK_MAIN("rows", TEST(a_layout_has_every_result_once_with_its_inner_axes),
           TEST(a_result_without_values_takes_no_place),
           TEST(results_per_sample_have_the_length_of_the_largest_test_part),
           TEST(classes_have_names_where_all_cells_call_them_alike),
           TEST(a_result_that_no_cell_gives_has_no_variable),
           TEST(a_result_that_no_cell_gives_is_passed_over), TEST(a_row_is_nan_until_it_is_set),
           TEST(a_long_reason_is_cut), TEST(outcomes_have_names))
