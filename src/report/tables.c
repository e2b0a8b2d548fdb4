#include "tables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "outcomes.h"

static const double ROUNDS_TO_ZERO = 0.0005; /* at three decimals; "-0.000" says less than it seems to */

const char *tables_number(double value, char text[NUMBER_MAX])
{
    if (isnan(value))
        snprintf(text, NUMBER_MAX, "—");
    else if (fabs(value) < ROUNDS_TO_ZERO)
        snprintf(text, NUMBER_MAX, "0.000");
    else
        snprintf(text, NUMBER_MAX, fabs(value) < 1e6 ? "%.3f" : "%.3e", value);
    return text;
}

const char *tables_mean(const statistic *x, char text[NUMBER_MAX])
{
    char mean[NUMBER_MAX], sd[NUMBER_MAX];
    tables_number(x->mean, mean);
    if (isnan(x->sd))
        snprintf(text, NUMBER_MAX, "%s", mean);
    else
        snprintf(text, NUMBER_MAX, "%.20s (%.20s)", mean, tables_number(x->sd, sd));
    return text;
}

int tables_axis_columns(const summary *s, sheet *to)
{
    int columns = 0;
    for (int a = 0; a < s->grid->axes; a++) {
        const axis *x = &s->grid->axis[a];
        if (!summary_keeps(s, a)) continue;
        sheet_side side = x->number && x->type != OPTION_FLAG ? SHEET_RIGHT : SHEET_LEFT;
        if (x->unit && *x->unit)
            sheet_column(to, side, "%s (%s)", x->name, x->unit);
        else
            sheet_column(to, side, "%s", x->name);
        columns++;
    }
    return columns;
}

void tables_axis_cells(const summary *s, int64_t group, sheet *to)
{
    int64_t cell = summary_cell(s, group, 0);
    for (int a = 0; a < s->grid->axes; a++)
        if (summary_keeps(s, a)) sheet_put(to, "%s", s->grid->axis[a].text[grid_value(s->grid, cell, a)]);
}

void tables_caption(const quantity *q, FILE *to)
{
    int at = fprintf(to, *q->unit ? "\n%s (%s): " : "\n%s: ", q->name, q->unit);
    sheet_wrap(q->long_name, at - 1, 2, to);
}

/* ---- what, when, where ---------------------------------------------------------------------------------------- */

static void print_runs(const view *v, FILE *to)
{
    if (v->run_count == 0) return;
    const run_record *last = &v->runs[v->run_count - 1];
    if (v->run_count > 1) fprintf(to, "%d runs, the last: ", v->run_count);
    fprintf(to, "%s to %s on %d rank%s of %s\n", last->started, *last->ended ? last->ended : "(not ended)",
            last->ranks, last->ranks == 1 ? "" : "s", last->host);
    fprintf(to, "infosweep %s (%s), kernels %s%s%s\n", last->version, last->commit, last->kernels,
            *last->ending ? ", ended: " : "", last->ending);
}

static void print_heading(const view *v, const outcomes *o, FILE *to)
{
    fprintf(to, "%s\n%s: %lld of %lld tasks done, %lld failed, %lld left\n", v->title, v->path,
            (long long)o->count[OUTCOME_DONE], (long long)v->grid->tasks, (long long)outcomes_failed(o),
            (long long)outcomes_left(o));
    print_runs(v, to);
    if (*v->published_trouble) fprintf(to, "no published values: %s\n", v->published_trouble);
}

/* ---- the table of a headline result ---------------------------------------------------------------------------- */

/* One line of it. */
typedef struct entry {
    int64_t group;
    statistic value;
    double published, exact;
} entry;

typedef struct head_table {
    const variable *variable, *exact_variable;
    entry *entry;
    int64_t entries;
    bool uneven; /* lines differ in how many values they average */
    bool any_published, any_exact;
} head_table;

static status collect(view *v, const summary *s, const variable *x, head_table *h)
{
    status result = OK;
    const double *values, *exact = NULL;
    TRY(view_values(v, x, &values));
    h->variable = x;
    h->exact_variable = view_exact(v, x);
    if (h->exact_variable) TRY(view_values(v, h->exact_variable, &exact));
    h->entry = calloc((size_t)s->groups, sizeof *h->entry);
    CHECK(h->entry != NULL, NO_MEMORY, "a table of %lld lines", (long long)s->groups);

    for (int64_t g = 0; g < s->groups; g++) {
        int64_t cell = summary_present(s, g);
        if (cell < 0 || !view_gives(v, cell, x)) continue;
        entry *e = &h->entry[h->entries++];
        e->group = g;
        e->value = summary_statistic(s, g, values, x->count);
        e->published = v->published ? comparison_value(v->published, v->grid, cell) : NAN;
        e->exact = exact ? summary_statistic(s, g, exact, h->exact_variable->count).mean : NAN;
        h->uneven =
            h->uneven || e->value.count != e->value.tasks || e->value.count != h->entry[0].value.count;
        h->any_published = h->any_published || !isnan(e->published);
        h->any_exact = h->any_exact || !isnan(e->exact);
    }
done:
    return result;
}

static void put_difference(double value, double reference, sheet *to)
{
    char text[NUMBER_MAX];
    double difference = value - reference;
    sheet_put(to, "%s%s", difference >= ROUNDS_TO_ZERO ? "+" : "", tables_number(difference, text));
}

static void fill_headline(const head_table *h, const summary *s, sheet *to)
{
    char text[NUMBER_MAX];
    bool deviation = s->members > 1;
    sheet_column(to, SHEET_RIGHT, deviation ? "mean" : "value");
    if (deviation) {
        sheet_column(to, SHEET_RIGHT, "(sd)");
        sheet_join(to);
    }
    if (h->uneven) sheet_column(to, SHEET_RIGHT, "n");
    if (h->any_published) {
        sheet_column(to, SHEET_RIGHT, "published");
        sheet_column(to, SHEET_RIGHT, "difference");
        sheet_join(to);
    }
    if (h->any_exact) {
        sheet_column(to, SHEET_RIGHT, "exact");
        sheet_column(to, SHEET_RIGHT, "difference");
        sheet_join(to);
    }
    for (int64_t i = 0; i < h->entries; i++) {
        const entry *e = &h->entry[i];
        tables_axis_cells(s, e->group, to);
        sheet_put(to, "%s", tables_number(e->value.mean, text));
        if (deviation && isnan(e->value.sd))
            sheet_put(to, "—");
        else if (deviation)
            sheet_put(to, "(%s)", tables_number(e->value.sd, text));
        if (h->uneven && e->value.count == e->value.tasks)
            sheet_put(to, "%lld", (long long)e->value.count);
        else if (h->uneven)
            sheet_put(to, "%lld of %lld", (long long)e->value.count, (long long)e->value.tasks);
        if (h->any_published) {
            sheet_put(to, "%s", tables_number(e->published, text));
            put_difference(e->value.mean, e->published, to);
        }
        if (h->any_exact) {
            sheet_put(to, "%s", tables_number(e->exact, text));
            put_difference(e->value.mean, e->exact, to);
        }
    }
}

static void print_average(const head_table *h, const summary *s, FILE *to)
{
    if (s->members > 1 && (h->uneven || h->entries == 0))
        fprintf(to, "mean (standard deviation, n-1) over %s; n: values averaged\n", summary_repetitions(s));
    else if (s->members > 1)
        fprintf(to, "mean (standard deviation, n-1) over %lld %s\n", (long long)h->entry[0].value.count,
                summary_repetitions(s));
    fputc('\n', to);
}

static status print_headline(view *v, const summary *s, const variable *x, FILE *to)
{
    status result = OK;
    head_table h = { .entry = NULL };
    sheet *columns = NULL;
    TRY(collect(v, s, x, &h));
    TRY(sheet_make(&columns));
    tables_caption(x->quantity, to);
    print_average(&h, s, to);
    int keys = tables_axis_columns(s, columns);
    fill_headline(&h, s, columns);
    TRY(sheet_print(columns, keys, to));
    if (h.any_published || h.any_exact) fputc('\n', to);
    if (h.any_published) fprintf(to, "published: %s\n", comparison_source(v->published));
    if (h.any_exact) {
        fprintf(to, "exact: ");
        sheet_wrap(h.exact_variable->quantity->long_name, 7, 2, to);
    }
done:
    sheet_free(columns);
    free(h.entry);
    return result;
}

/* ---- all of it ----------------------------------------------------------------------------------------------- */

/* Where nothing is trained, every result is what somebody asked for. */
static bool trains(const view *v)
{
    for (const estimator *const *e = v->estimators; *e; e++)
        if ((*e)->needs & NEEDS_MODEL) return true;
    return false;
}

status tables_print(view *v, bool all, FILE *to)
{
    status result = OK;
    summary s;
    const variable *headline[HEADLINES_MAX + 1];
    const outcomes o = outcomes_count(v->grid, v->status);
    summary_make(v->grid, &s);
    view_headlines(v, headline);
    print_heading(v, &o, to);
    for (int i = 0; headline[i]; i++) {
        TRY(print_headline(v, &s, headline[i], to));
        TRY(matrices_print(v, &s, headline[i], to));
    }
    if (all || !trains(v))
        TRY(others_print(v, &s, to));
    else
        TRY(others_name(v, to));
    if (outcomes_failed(&o) > 0) fprintf(to, "\nnot done:\n");
    TRY(outcomes_print_failures(&o, v->results, to));
done:
    return result;
}

status report_tables(const results *r, bool all, FILE *to)
{
    status result = OK;
    view *v = NULL;
    TRY(view_make(r, &v));
    TRY(tables_print(v, all, to));
done:
    view_free(v);
    return result;
}
