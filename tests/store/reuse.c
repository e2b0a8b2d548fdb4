/* Rows taken over from another result file. */
#include "fixture.h"

/* A sweep whose one result names the cell's settings, so that a row in the wrong place shows. */
static double value_of(int64_t gate, int64_t beta, int64_t seed)
{
    return (double)(100 * gate + 10 * beta + seed);
}

/* Writes every cell whose number is not `but` with a value that `name` gives it. */
static void write_named(fixture *f, int64_t but, double (*name)(const fixture *f, int64_t cell))
{
    store *st;
    CHECK_OK(fixture_prepare(f, STORE_NEW));
    CHECK_OK(store_open(MPI_COMM_WORLD, f->path, f->sweep, f->layout, &st));
    for (int64_t c = 0; c < f->cells; c++) {
        if (c == but) continue;
        task_row *r = fixture_row(f, c);
        for (int64_t i = 0; i < f->layout->size; i++) r->value[i] = name(f, c) + fixture_value(0, i);
        CHECK_OK(store_begin(st, &c, 1));
        CHECK_OK(store_write(st, &c, &r, 1));
        row_free(r);
    }
    CHECK_OK(store_close(st, "done"));
}

/* The position of a cell on an axis by the canonical text of its value; `otherwise` where the axis is none. */
static int64_t number_of(const fixture *f, int64_t cell, const char *axis_name, const char *const *values,
                         int64_t otherwise)
{
    const grid *g = sweep_grid(f->sweep);
    for (int a = 0; a < g->axes; a++) {
        if (strcmp(g->axis[a].name, axis_name) != 0) continue;
        for (int64_t v = 0; values[v]; v++)
            if (strcmp(g->axis[a].text[grid_value(g, cell, a)], values[v]) == 0) return v;
        return 99;
    }
    return otherwise;
}

static double name_gates(const fixture *f, int64_t cell)
{
    static const char *const gates[] = { "unq", "and", "xor", NULL }, *const betas[] = { "0", "5.5", NULL },
                             *const seeds[] = { "0", "1", "2", "3", "4", NULL };
    return value_of(number_of(f, cell, "gate", gates, 1), number_of(f, cell, "beta", betas, 1),
                    number_of(f, cell, "seed", seeds, 2));
}

/* Makes a new file of `text` and `set` that takes over from `old`, and checks every row that was taken over. */
static void check_taken_over(const fixture *old, const char *text, const char *set, int64_t expected)
{
    fixture f = fixture_make(text, set);
    results *r;
    double *values;
    uint8_t *state;
    store_request q = fixture_request(&f, STORE_NEW);
    q.reuse = old->path;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    CU_ASSERT(f.found.copied == expected);
    CU_ASSERT(fixture_wanted(&f) == f.cells - expected);
    CHECK_OK(results_open(f.path, &r));
    CHECK_OK(results_status(r, &state));
    CHECK_OK(results_values(r, "usable_information", &values));
    int64_t offset = layout_find(f.layout, "usable_information")->offset;
    for (int64_t c = 0; c < f.cells; c++) {
        CU_ASSERT(state[c] == (f.wanted[c] ? OUTCOME_PENDING : OUTCOME_DONE));
        if (!f.wanted[c]) CU_ASSERT(values[2 * c] == name_gates(&f, c) + fixture_value(0, offset));
    }
    free(values);
    free(state);
    results_close(r);
    fixture_free(&f);
}

static void a_larger_grid_takes_over_what_it_shares(void)
{
    fixture old = fixture_make(gates_text, NULL);
    write_named(&old, 7, name_gates);
    check_taken_over(&old, gates_text, NULL, 29); /* cell 7 was not done */
    check_taken_over(&old, gates_text, "seed=[7, 3, 1]", 12);
    check_taken_over(&old, gates_text, "gate=[xor, rdn, unq]", 19);
    check_taken_over(&old, gates_text, "beta=[1, 2]", 0);
    fixture_free(&old);
}

static const char head[] = "estimator: rine\ntitle: Gates\ntrain: {epochs: 6}\n";

/* The text of a sweep like gates_text with another end. */
static const char *with(char text[512], const char *end)
{
    snprintf(text, 512, "%s%s", head, end);
    return text;
}

static void an_axis_may_become_a_constant(void)
{
    char text[512];
    fixture old = fixture_make(gates_text, NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(
        &old, with(text, "data: {kind: gate, samples: 100, gate: and}\ngrid: {beta: [5.5, 7], seed: 0..4}\n"),
        NULL, 5);
    check_taken_over(&old,
                     with(text, "data: {kind: gate, samples: 100, gate: and}\nrine: {beta: 5.5}\nseed: 2\n"),
                     NULL, 1);
    fixture_free(&old);
}

static void a_constant_may_become_an_axis(void)
{
    char text[512];
    fixture old = fixture_make(
        with(text, "data: {kind: gate, samples: 100, gate: and}\ngrid: {beta: [7, 5.5], seed: 3..4}\n"),
        NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(&old, gates_text, NULL, 2);
    fixture_free(&old);
}

static void zipped_axes_are_matched_together(void)
{
    char text[512];
    fixture old = fixture_make(with(text, "data: {kind: gate, samples: 100}\n"
                                          "grid: {gate: [and, unq], beta: [0, 5.5], seed: 0..4}\n"
                                          "zip: [[gate, beta]]\n"),
                               NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(&old, gates_text, NULL, 10); /* and with 0, unq with 5.5 */
    fixture_free(&old);
}

/* Only the axis that names the dimension has each value once. */
static void a_zipped_axis_may_repeat_values(void)
{
    char text[512];
    fixture old = fixture_make(with(text, "data: {kind: gate, samples: 100}\n"
                                          "grid: {gate: [and, unq, and], beta: [0, 7, 5.5], seed: 0..4}\n"
                                          "zip: [[beta, gate]]\n"),
                               NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(&old, gates_text, NULL, 10); /* and with 0 and with 5.5 */
    fixture_free(&old);
}

static void the_order_of_axes_does_not_matter(void)
{
    char text[512];
    fixture old = fixture_make(with(text, "data: {kind: gate, samples: 100}\n"
                                          "grid: {seed: 0..4, beta: [5.5, 0], gate: [xor, unq, and]}\n"),
                               NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(&old, gates_text, NULL, 30);
    fixture_free(&old);
}

static void other_settings_are_refused(void)
{
    fixture old = fixture_make(gates_text, NULL), f = fixture_make(gates_text, "train.epochs=7");
    write_named(&old, -1, name_gates);
    store_request q = fixture_request(&f, STORE_NEW);
    q.reuse = old.path;
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found),
                  "train.epochs is 6 in it and 7 in the sweep");
    CU_ASSERT(access(f.path, F_OK) != 0);
    q.reuse = "/tmp/no/such/file.h5";
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found), "/tmp/no/such/file.h5");
    fixture_free(&old);
    fixture_free(&f);
}

/* Histories have no variable in a file without any. */
static void cells_keep_what_they_have_where_others_give_more(void)
{
    fixture old = fixture_make(gates_text, NULL);
    write_named(&old, -1, name_gates);
    CU_ASSERT_PTR_NULL(layout_find(old.layout, "history"));
    check_taken_over(&old, gates_text, "rine.history=[true, false]", 30);
    fixture_free(&old);
}

static void a_result_that_the_file_should_have_is_missed(void)
{
    fixture old = fixture_make(gates_text, NULL), f = fixture_make(gates_text, "seed=0..9");
    const variable *last =
        &old.layout->variable[--old.layout->variables]; /* as an older version would have it */
    old.layout->size -= last->count;
    write_named(&old, -1, name_gates);
    store_request q = fixture_request(&f, STORE_NEW);
    q.reuse = old.path;
    CHECK_REFUSED(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found),
                  "cannot be reused: it has no result");
    CU_ASSERT(strstr(failure_text(), last->quantity->name) != NULL);
    fixture_free(&f);
    fixture_free(&old);
}

static void a_file_can_be_grown_in_place(void)
{
    fixture old = fixture_make(gates_text, NULL), f = fixture_make(gates_text, "seed=0..9");
    write_named(&old, -1, name_gates);
    store_request q = fixture_request(&old, STORE_FORCE);
    q.reuse = old.path;
    CHECK_OK(store_prepare(&q, f.sweep, f.layout, f.wanted, &f.found));
    CU_ASSERT(f.found.copied == 30 && fixture_wanted(&f) == 30);
    fixture_free(&old);
    fixture_free(&f);
}

static void another_data_kind_beside_the_old_one_keeps_its_cells(void)
{
    char text[512], wider[512];
    fixture old =
        fixture_make(with(text, "data: {kind: gate, gate: and, samples: 100}\ngrid: {seed: 0..4}\n"), NULL);
    write_named(&old, -1, name_gates);
    check_taken_over(
        &old,
        with(wider, "data: {gate: and, samples: 100}\ngrid: {data.kind: [overlap, gate], seed: 0..9}\n"),
        NULL, 5);
    fixture_free(&old);
}

FIXTURE_MAIN("store: taking over", TEST(a_larger_grid_takes_over_what_it_shares),
             TEST(an_axis_may_become_a_constant), TEST(a_constant_may_become_an_axis),
             TEST(zipped_axes_are_matched_together), TEST(a_zipped_axis_may_repeat_values),
             TEST(the_order_of_axes_does_not_matter), TEST(other_settings_are_refused),
             TEST(cells_keep_what_they_have_where_others_give_more),
             TEST(a_result_that_the_file_should_have_is_missed), TEST(a_file_can_be_grown_in_place),
             TEST(another_data_kind_beside_the_old_one_keeps_its_cells))
