/* Tables that break arithmetic: a measure of them is right within its certificate, or a row that failed and says why. And what
 * takes long stops when it is told to. */
#include <time.h>

#include "estimators/all_measures.h"
#include "exact.h"
#include "numerics/tables.h"

/* What BROJA's certificate may be at most, in bits; all others promise less. */
#define CERTIFIED 1e-6

/* ---- tables ------------------------------------------------------------------------------------------------------------- */

enum { ROWS_MOST = 5 };
typedef struct small {
    const char *what;
    int rows;
    struct {
        int first, second, y;
        double p;
    } row[ROWS_MOST];
} small;

static const small hard[] = {
    { "rows that next to never occur",
      5,
      { { 0, 0, 0, 0.5 }, { 1, 1, 1, 0.5 }, { 0, 1, 0, 1e-300 }, { 1, 0, 1, 1e-300 }, { 0, 1, 1, 1e-300 } } },
    { "rows of a unit of rounding",
      4,
      { { 0, 0, 0, 0.5 }, { 1, 1, 1, 0.5 }, { 0, 1, 1, 1e-16 }, { 1, 0, 0, 1e-16 } } },
    { "a class that next to never occurs", 2, { { 0, 0, 0, 1 }, { 1, 1, 1, 1e-300 } } },
    { "nearly one outcome",
      4,
      { { 0, 0, 0, 1 - 1e-12 }, { 1, 1, 1, 1e-13 }, { 0, 1, 1, 5e-13 }, { 1, 0, 0, 4e-13 } } },
    { "the least numbers that there are",
      4,
      { { 0, 0, 0, 5e-324 }, { 1, 1, 1, 1 }, { 0, 1, 1, 5e-324 }, { 1, 0, 0, 5e-324 } } },
    { "one outcome", 1, { { 0, 0, 0, 1 } } },
    { "sources that never change", 2, { { 0, 0, 0, 0.5 }, { 0, 0, 1, 0.5 } } },
    { "a target that never changes", 3, { { 0, 0, 0, 0.25 }, { 0, 1, 0, 0.25 }, { 1, 0, 0, 0.5 } } },
};
enum { HARD = sizeof hard / sizeof hard[0] };

static table *table_of_small(const small *from)
{
    int symbols[] = { 1, 1 }, classes = 1;
    table *t = NULL;
    for (int r = 0; r < from->rows; r++) {
        if (from->row[r].first) symbols[0] = 2;
        if (from->row[r].second) symbols[1] = 2;
        if (from->row[r].y) classes = 2;
    }
    if (table_make(2, symbols, classes, from->rows, &t) != OK) abort();
    for (int r = 0; r < t->rows; r++) {
        t->symbol[2 * r] = from->row[r].first;
        t->symbol[2 * r + 1] = from->row[r].second;
        t->y[r] = from->row[r].y;
        t->p[r] = from->row[r].p;
    }
    return t;
}

/* All outcomes of two or three sources, their probabilities 10^0 … 10^-orders before they are made to sum to 1. */
static table *spread_table(int sources, int symbols, int classes, double orders, uint64_t seed)
{
    random_key key = { .seed = seed, .purpose = RANDOM_TRIAL };
    int alphabet[] = { symbols, symbols, symbols }, rows = classes;
    table *t = NULL;
    double sum = 0;
    for (int i = 0; i < sources; i++) rows *= symbols;
    if (table_make(sources, alphabet, classes, rows, &t) != OK) abort();
    for (int r = 0; r < rows; r++) {
        int rest = r;
        for (int i = 0; i < sources; i++, rest /= symbols) t->symbol[r * sources + i] = rest % symbols;
        t->y[r] = rest;
        sum += t->p[r] = pow(10, -orders * random_uniform(key, (uint64_t)r));
    }
    for (int r = 0; r < rows; r++) t->p[r] /= sum;
    return t;
}

/* ---- right, or failed with a reason ----------------------------------------------------------------------------------------- */

static bool is_done(const measured *m, int measure)
{
    return has(m, measure) && row_of(m, measure)->outcome == OUTCOME_DONE;
}

static void check_rows(const measured *m, const char *what)
{
    for (int k = 0; k < MEASURE_COUNT; k++) {
        if (!has(m, k)) continue;
        const task_row *row = row_of(m, k);
        bool said =
            row->outcome == OUTCOME_FAILED && row->reason[0] != '\0' && strchr(row->reason, '\n') == NULL;
        if (row->outcome != OUTCOME_DONE && !said) fprintf(stderr, "%s, measure %d: no reason\n", what, k);
        CU_ASSERT(row->outcome == OUTCOME_DONE || said);
        for (int64_t i = 0; i < row->layout->size; i++) CU_ASSERT(!isinf(row->value[i]));
    }
}

/* Those that are done lie between the common part and the lesser single information, in their order. */
static void check_order(const measured *m, const char *what)
{
    static const int order[] = { WEDGE, GH, PREC, BROJA, MIN };
    double least = 0, most = fmin(value_of(&m->w, 0, "information", 0), value_of(&m->w, 0, "information", 1));
    for (int k = 0; k < 5; k++) {
        if (!is_done(m, order[k]) || isnan(redundant(m, order[k]))) continue;
        double bits = redundant(m, order[k]);
        if (!(bits >= least - CERTIFIED && bits <= most + CERTIFIED))
            fprintf(stderr, "%s: redundancy %d is %g, not from %g to %g\n", what, order[k], bits, least,
                    most);
        CU_ASSERT(bits >= least - CERTIFIED && bits <= most + CERTIFIED);
        least = bits;
    }
    if (is_done(m, BROJA)) CU_ASSERT(of(m, BROJA, "certificate") <= CERTIFIED);
}

static void check_hard(table *t, const char *what)
{
    measured m = measure_table(t, false);
    check_rows(&m, what);
    check_order(&m, what);
    table_free(t);
    forget(&m);
}

static void tables_at_the_end_of_arithmetic_are_right_or_failed(void)
{
    for (int k = 0; k < HARD; k++) check_hard(table_of_small(&hard[k]), hard[k].what);
}

static void probabilities_of_many_orders_are_right_or_failed(void)
{
    static const double orders[] = { 12, 16, 20, 40, 100, 300 };
    for (int k = 0; k < 60; k++) {
        char what[64];
        int symbols = 2 + k / 6 % 2, classes = symbols == 2 ? 2 + k % 2 : 2;
        snprintf(what, sizeof what, "%g orders of magnitude, table %d", orders[k % 6], k);
        check_hard(
            spread_table(k % 5 == 4 ? 3 : 2, k % 5 == 4 ? 2 : symbols, classes, orders[k % 6], (uint64_t)k),
            what);
    }
}

static void tables_without_information_have_none(void)
{
    for (int k = HARD - 3; k < HARD; k++) {
        table *t = table_of_small(&hard[k]);
        measured m = measure_table(t, false);
        for (int i = 0; i < MEASURE_COUNT; i++) {
            if (!has(&m, i)) continue;
            CU_ASSERT_EQUAL(row_of(&m, i)->outcome, OUTCOME_DONE);
            CHECK_NEAR(redundant(&m, i), 0, CERTIFIED);
            CHECK_NEAR(of(&m, i, "synergistic_information"), 0, CERTIFIED);
        }
        table_free(t);
        forget(&m);
    }
}

/* ---- stopping ---------------------------------------------------------------------------------------------------------------- */

typedef struct stopwatch {
    ticker ticker;
    int left; /* ticks until it says stop */
    int ticks;
    double last, longest; /* seconds of processor time */
} stopwatch;

static double now(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

static bool look(ticker *t, double done)
{
    stopwatch *w = t->context;
    double at = now();
    (void)done;
    if (w->ticks++ > 0) w->longest = fmax(w->longest, at - w->last);
    w->last = at;
    return w->left-- > 0;
}

/* I_GH of a table with every outcome of three symbols twice and three classes takes the longest of what is promised. */
static status run_gh(stopwatch *w, outcome *became)
{
    char text[256];
    sweep *s = NULL;
    layout *l = NULL;
    settings *one = NULL;
    task_row *row = NULL;
    task_pack pack = { .count = 1 };
    w->ticker = (ticker){ .tick = look, .context = w };
    snprintf(text, sizeof text, "estimator: exact\ndata: {kind: gate, gate: \"%s\"}\nexact: {measure: gh}\n",
             file_gate);
    if (sweep_parse(text, "test.yaml", NULL, 0, false, &s) != OK || layout_make(s, &l) != OK ||
        row_make(l, &row) != OK || sweep_settings(s, 0, &one) != OK || sweep_shape(s, 0, &pack.shape) != OK)
        abort();
    const settings *task = one;
    pack.task = &task;
    w->last = now();
    status result = one->estimator->run(&pack, &w->ticker, &row);
    *became = row->outcome;
    row_free(row);
    settings_free(one);
    layout_free(l);
    sweep_free(s);
    return result;
}

static void what_takes_long_asks_whether_to_go_on(void)
{
    if (!decomposition_has_rays()) {
        puts("skipped: built without GLPK");
        return;
    }
    table *t = spread_table(2, 3, 3, 1, 1);
    stopwatch whole = { .left = 1 << 30 }, stopped = { .left = 200 };
    outcome became;
    write_table(t, false);
    CU_ASSERT_EQUAL(run_gh(&whole, &became), OK);
    CU_ASSERT_EQUAL(became, OUTCOME_DONE);
    CU_ASSERT(whole.ticks > 1000);
    CU_ASSERT(whole.longest < 0.5); /* some milliseconds; more under a sanitizer and on a slow machine */
    CU_ASSERT_EQUAL(run_gh(&stopped, &became), WORK_LEFT);
    CU_ASSERT_EQUAL(became, OUTCOME_PENDING);
    CU_ASSERT_EQUAL(stopped.ticks, 201); /* none after the one that said stop */
    table_free(t);
    forget_table();
}

CHECK_MAIN("exact_hard", TEST(tables_at_the_end_of_arithmetic_are_right_or_failed),
           TEST(probabilities_of_many_orders_are_right_or_failed), TEST(tables_without_information_have_none),
           TEST(what_takes_long_asks_whether_to_go_on))
